"""Opportunities, quotes and orders against the model, step by step, on a real file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from leadctl import WriteOptions
from tests.properties.opportunity_facts import Expected, Stage, exact
from tests.properties.opportunity_machine import CONTACTS, SideBySide, fill, opened
from tests.properties.opportunity_model import MOVES
from tests.properties.opportunity_wishes import (
    CHANCES,
    COMPLETED,
    FAULTY,
    FORMULAS,
    SOUND,
    WISHES,
    Wish,
)
from tests.properties.worlds import modest

# Mostly records for which the action is offered; from 15 up any one, and 20 is none at all.
FIT = st.integers(0, 14)
PLACE = FIT | FIT | st.integers(0, 20)
PLACES = st.lists(PLACE, min_size=1, max_size=3)
FLAG = st.booleans()
MOSTLY = st.sampled_from([True, True, False])
VERBS = st.sampled_from(["start", "next", "next", *MOVES])
ON_THE_WAY = st.sampled_from(["next", "next", "next", "skip", "skip", *MOVES])
TO = st.sampled_from([None, 0, 1, 1, 2, 3, 4, 7, 10, 30])
ON = st.sampled_from([*[None] * 5, 0, 0, 1, 9, -1, "2024-02-30"]).map(Wish)
METHODS = st.sampled_from(["multiply", "add", "chances", "completed"])
CONTACT = st.sampled_from([*CONTACTS, *["customer"] * 4])
CYCLE = st.sampled_from(["own", "own", "own", "own", "standard", "standard", "empty"])
STAGE = st.builds(
    Stage,
    COMPLETED.map(exact),
    CHANCES.map(exact),
    st.sampled_from([True, True, False]),
    st.sampled_from([False, False, False, True]),
    FORMULAS,
)
STAGES = st.one_of(st.lists(STAGE, min_size=size, max_size=5) for size in (1, 3, 4))
LINE = st.tuples(st.integers(1, 9), st.sampled_from([0, 0.01, 10.5, 99.99, 4000]))
LINES = st.just([(3, 33.33)]) | st.lists(LINE, max_size=2)
# Won, lost: the place of the code in a pair.
CODE = st.sampled_from(
    [*[("won", "lost_price")] * 4, *[(None, None)] * 3, ("lost_price", "won"), ("won_again",) * 2]
)
ORDER_CODE = st.sampled_from([*[None] * 3, *["won"] * 4, "won_again", "lost_price"])
AMOUNT = st.sampled_from([*[None] * 4, *[9400, 0.01, 1234.56] * 2, 0, -5, 1.005, float("inf")])


def sensible(action: str) -> Any:
    """A rule that would be refused for every opportunity is tried only now and then."""

    def offered(machine: OpportunityMachine) -> bool:
        model, rare = machine.model, machine.steps % 8 == 0
        return rare or not all(model.reason(one, action) for one in model.opportunity.values())

    return precondition(offered)


class OpportunityMachine(SideBySide):
    """Each rule does the same to the file and to the model."""

    @initialize(method=METHODS, stages=STAGES, second=FLAG, wish=SOUND)
    def start_with(self, method: str, stages: list[Stage], second: bool, wish: Wish) -> None:
        self.begin(method, stages, second)
        self.add("customer", "own", None, True, Wish(value=1234.56))
        self.add("prospect", "standard", -3, True, Wish(close=60))
        self.add("person", "own", None, True, wish)
        self.add("customer", "own", None, False, wish)
        self.add("customer", "own", None, True, wish)
        self.close([4], False, False, ("won", "lost_price"), None, Wish())
        self.create_quote(0, [(3, 33.33)])

    def ids(self, places: list[int], action: str) -> list[int]:
        """The opportunities at these places, mostly of those for which the action is offered."""
        ids = []
        for place in places:
            rows = sorted(self.model.opportunity)
            fit = [id for id in rows if not self.model.reason(self.model.opportunity[id], action)]
            rows = fit if fit and place < 15 else rows
            ids.append(999 if place == 20 or not rows else rows[place % len(rows)])
        self.touched |= set(ids)
        return ids

    def said(self, ids: list[int], wish: Wish) -> dict[str, Any]:
        """A wish with its dates counted from the last change of the first opportunity."""
        one = self.model.opportunity.get(ids[0]) if ids else None
        last = one.entries[-1].date if one and one.entries else self.model.today
        return wish.said(last, max(last, self.model.today))

    # Adding and moving.

    @rule(
        contact=CONTACT,
        cycle=CYCLE,
        created=st.sampled_from([*[None] * 5, -3, 4, "2024-02-30"]),
        start=FLAG,
        wish=WISHES,
    )
    @precondition(lambda self: len(self.model.opportunity) < 7)
    def add(
        self, contact: str, cycle: str, created: int | str | None, start: bool, wish: Wish
    ) -> None:
        said = self.said([], wish) if start else {}
        if isinstance(created, int):
            created = (date.fromisoformat(self.model.today) + timedelta(created)).isoformat()
        record = self.both(
            lambda: self.model.add(contact, cycle, created, start, **said),
            lambda options: self.crm.opportunities.add(
                "Deal",
                cycle=cycle,
                created=created,
                start=start,
                options=options,
                **CONTACTS[contact],
                **said,
            ),
        )
        self.number("opportunity", record)

    def go(
        self, verb: str, places: list[int], keep_going: bool, to: int | None, wish: Wish
    ) -> None:
        self.move(verb, self.ids(places, verb), keep_going, to, wish)

    def move(self, verb: str, ids: list[int], keep_going: bool, to: int | None, wish: Wish) -> None:
        """A small ``to`` is the place of a target of the first opportunity."""
        said = self.said(ids, wish)
        if verb in ("skip", "jump"):
            one = self.model.opportunity.get(ids[0])
            if to is not None and to < 5 and one and (targets := self.model.targets(one, verb)):
                to = targets[to % len(targets)]
            said["to"] = to
        self.both(
            lambda: self.model.moves(verb, ids, keep_going, **said),
            lambda options: getattr(self.crm.opportunities, verb)(ids, options=options, **said),
            keep_going=keep_going,
        )

    @rule(place=FIT, legs=st.lists(st.tuples(ON_THE_WAY, TO, SOUND), min_size=2, max_size=6))
    def travel(self, place: int, legs: list[tuple[str, int | None, Wish]]) -> None:
        """One opportunity, several steps in a row."""
        (id,) = self.ids([place], "update")
        for verb, to, wish in legs:
            self.move(verb, [id], False, to, wish)

    @rule(verb=st.sampled_from(["next", "next", "skip"]), place=FIT, to=TO, wish=SOUND)
    def forward(self, verb: str, place: int, to: int | None, wish: Wish) -> None:
        self.go(verb, [place], False, to, wish)

    @rule(verb=st.sampled_from(["previous", "jump"]), place=FIT, to=TO, wish=SOUND)
    def backward(self, verb: str, place: int, to: int | None, wish: Wish) -> None:
        self.go(verb, [place], False, to, wish)

    @rule(place=FIT, wish=SOUND)
    def update(self, place: int, wish: Wish) -> None:
        self.go("update", [place], False, None, wish)

    @rule(verb=VERBS, places=PLACES, keep_going=MOSTLY, to=TO, wish=SOUND)
    def move_some(
        self, verb: str, places: list[int], keep_going: bool, to: int | None, wish: Wish
    ) -> None:
        self.go(verb, places, keep_going, to, wish)

    @rule(verb=VERBS, places=PLACES, keep_going=MOSTLY, to=TO, wish=FAULTY)
    def move_badly(
        self, verb: str, places: list[int], keep_going: bool, to: int | None, wish: Wish
    ) -> None:
        self.go(verb, places, keep_going, to, wish)

    @rule(place=FIT, wish=WISHES)
    @sensible("start")
    def start(self, place: int, wish: Wish) -> None:
        self.go("start", [place], False, None, wish)

    # Closing, reopening, deleting.

    @rule(places=PLACES, keep_going=MOSTLY, won=FLAG, code=CODE, amount=AMOUNT, wish=ON)
    def close(
        self,
        places: list[int],
        keep_going: bool,
        won: bool,
        code: tuple[str | None, str | None],
        amount: float | None,
        wish: Wish,
    ) -> None:
        outcome = "won" if won else "lost"
        ids = self.ids(places, f"close-{outcome}")
        named = code[not won]
        if named not in self.model.codes and places[0] < 15:
            named = None
        said = {"code": named, "on": self.said(ids, wish).get("on")}
        if won:
            said["amount"] = amount
        self.both(
            lambda: self.model.close(ids, keep_going, outcome, **said),
            lambda options: self.crm.opportunities.close(ids, outcome, options=options, **said),
            keep_going=keep_going,
        )

    @rule(places=PLACES, keep_going=MOSTLY, wish=ON)
    @sensible("reopen")
    def reopen(self, places: list[int], keep_going: bool, wish: Wish) -> None:
        ids = self.ids(places, "reopen")
        on = self.said(ids, wish).get("on")
        self.both(
            lambda: self.model.reopen(ids, keep_going, on),
            lambda options: self.crm.opportunities.reopen(ids, on=on, options=options),
            keep_going=keep_going,
        )

    @rule(places=PLACES, keep_going=MOSTLY)
    @sensible("delete")
    def delete(self, places: list[int], keep_going: bool) -> None:
        ids = self.ids(places, "delete")
        self.both(
            lambda: self.model.delete(ids, keep_going),
            lambda options: self.crm.opportunities.delete(ids, options=options),
            keep_going=keep_going,
        )

    # Quotes and orders.

    def at(self, table: str, place: int) -> int | None:
        rows = sorted(self.model.tables[table])
        return rows[place % len(rows)] if rows else None

    @rule(place=PLACE, lines=LINES)
    @sensible("quote")
    def create_quote(self, place: int, lines: list[tuple[int, float]]) -> None:
        (id,) = self.ids([place], "quote")
        record = self.both(
            lambda: self.model.create_quote(id, lines),
            lambda options: self.crm.quotes.create(
                id, lines=[line(*one) for one in lines], options=options
            ),
        )
        self.number("quote", record)

    @rule(place=PLACE, one=LINE)
    @precondition(lambda self: self.model.quote)
    def add_line(self, place: int, one: tuple[int, float]) -> None:
        number = self.at("quote", place)
        quote = self.model.quote[number]
        deal = self.model.opportunity.get(quote["opportunity"])
        # Whether the open quote of a closed opportunity still takes lines is not said anywhere.
        if not quote["ordered"] and deal.closed:
            return
        self.both(
            lambda: self.model.add_line(number, one),
            lambda options: self.crm.quotes.add_line(number, line(*one), options=options),
        )

    @rule(place=PLACE)
    @precondition(lambda self: self.model.quote)
    def delete_quote(self, place: int) -> None:
        number = self.at("quote", place)
        self.both(
            lambda: self.model.delete_quote(number),
            lambda options: self.crm.quotes.delete([number], options=options),
        )

    @rule(place=PLACE, code=ORDER_CODE, wish=ON)
    @precondition(lambda self: self.model.quote)
    def make_order(self, place: int, code: str | None, wish: Wish) -> None:
        fit = [
            number
            for number, quote in self.model.quote.items()
            if (one := self.model.opportunity.get(quote["opportunity"]))
            and (one.contact, one.order) == ("customer", None)
        ]
        number = fit[place % len(fit)] if fit and place < 15 else self.at("quote", place)
        deal = self.model.quote[number]["opportunity"]
        one = self.model.opportunity.get(deal)
        code = code if code in self.model.codes else None
        on = self.said([deal], wish).get("on")
        if one is None or one.closed:
            code = on = None
        self.touched.add(deal)
        record = self.both(
            lambda: self.model.make_order(number, code, on),
            lambda options: self.crm.quotes.make_order(number, code=code, on=on, options=options),
        )
        self.number("order", record)

    @rule(place=PLACE)
    @precondition(lambda self: self.model.order)
    def delete_order(self, place: int) -> None:
        number = self.at("order", place)
        # What the quote of a lost or deleted opportunity is afterwards, is not said anywhere.
        if self.model.quote[self.model.order[number]["quote"]]["opportunity"] is None:
            return
        self.both(
            lambda: self.model.delete_order(number),
            lambda options: self.crm.orders.delete([number], options=options),
        )

    # Stages: what is stored already does not follow them.

    @rule(place=PLACE)
    def delete_stage(self, place: int) -> None:
        """Mostly one on which a closed opportunity has stood last: it cannot be reopened then."""
        stood = [
            one.entries[-1].previous
            for one in self.model.opportunity.values()
            if one.cycle == "own" and one.closed and one.entries[-1].previous
        ]
        numbers = stood if stood and place < 15 else [10, 20, 30, 40, 50]
        number = numbers[place % len(numbers)]
        self.both(
            lambda: self.model.delete_stage("own", number),
            lambda options: self.crm.stages.delete("own", number, options=options),
        )

    @rule(number=st.sampled_from([10, 20, 30, 40]), completed=COMPLETED, chances=CHANCES)
    def edit_stage(self, number: int, completed: float, chances: float) -> None:
        self.both(
            lambda: self.model.edit_stage("own", number, completed, chances),
            lambda options: self.crm.stages.edit(
                "own", number, completed=completed, chances=chances, options=options
            ),
        )

    # Changes.

    @rule()
    @precondition(lambda self: self.done or self.steps % 8 == 0)
    def undo_last(self) -> None:
        if not self.done:
            self.both(
                lambda: Expected({"not_found"}),
                lambda options: self.crm.changes.undo("last", options),
            )
            return
        done = self.done.pop()
        report = self.crm.changes.undo("last", WriteOptions())
        self.restored(done.before)
        self.undone.append((report.change, done))

    @rule()
    @precondition(lambda self: self.undone)
    def redo(self) -> None:
        """Undo of an undo. The newest standing change is then the one that was done again."""
        undo, done = self.undone.pop()
        self.crm.changes.undo(undo, WriteOptions())
        self.restored(done.after)
        self.done.append(done)

    @rule(days=st.sampled_from([0, 1, 7, 30, -5]))
    def pass_days(self, days: int) -> None:
        today = date.fromisoformat(self.model.today) + timedelta(days)
        self.model.today = today.isoformat()
        self.crm.close()
        self.crm = opened(self.path, self.model.today)


def line(quantity: int, price: float) -> str:
    return f"Work; and more;{quantity};{price}"


TestOpportunityMachine = OpportunityMachine.TestCase
TestOpportunityMachine.settings = modest(50, stateful_step_count=50)


class OnServer(OpportunityMachine):
    """The same on PostgreSQL."""

    make: ClassVar[Callable[..., str]]
    filled: ClassVar[str]

    def place(self) -> str:
        return type(self).make(of=self.filled)


class TestOnServer(OnServer.TestCase):
    settings = modest(2, stateful_step_count=20)

    @pytest.fixture(autouse=True)
    def _server(self, ready_address: Callable[..., str]) -> None:
        address = ready_address(of="template0")
        fill(address)
        OnServer.make, OnServer.filled = ready_address, address.rpartition("/")[2]
