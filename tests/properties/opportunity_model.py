"""The opportunity rules once more, as plainly as they can be said: one record after the other.

Written from ``opportunities.md`` (sections 1.5, 3, 5, 6, 9) and ``decisions.md``, not from the
product.
"""

from __future__ import annotations

from copy import deepcopy
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tests.properties.opportunity_facts import (
    DONE,
    HUNDRED,
    Entry,
    Expected,
    Opportunity,
    Refusal,
    Stage,
    Tables,
    cents,
    exact,
    has_two_decimals,
    is_date,
    probability,
    rounded,
    shifted,
)

if TYPE_CHECKING:
    from collections.abc import Callable

MOVES = ("next", "previous", "skip", "jump", "update")


class Model:
    """Cycles, opportunities, quotes and orders; ``today`` is the logical date."""

    def __init__(self, today: str, codes: dict[str, str]) -> None:
        self.today = today
        self.codes = codes
        self.tables: Tables = {"cycle": {}, "opportunity": {}, "quote": {}, "order": {}}

    def __getattr__(self, name: str) -> dict[Any, Any]:
        try:
            return self.__dict__["tables"][name]
        except KeyError:
            raise AttributeError(name) from None

    # What may be done.

    def stages(self, one: Opportunity) -> dict[int, Stage]:
        return self.cycle[one.cycle].stages

    def targets(self, one: Opportunity, action: str) -> list[int]:
        """Sections 5.3 to 5.5, nearest first."""
        numbers = sorted(self.stages(one))
        if action == "start":
            return numbers[:1] if one.status == "not_started" else []
        if one.status != "in_progress":
            return []
        now = one.entries[-1].stage
        above = [number for number in numbers if number > now]
        below = [number for number in reversed(numbers) if number < now]
        if action == "skip":
            return self._skippable(one, above)
        lists = {"next": above[:1], "previous": below[:1], "jump": below, "update": [now]}
        return lists[action]

    def _skippable(self, one: Opportunity, above: list[int]) -> list[int]:
        if not above or not self.stages(one)[above[0]].skip:
            return []
        reached = []
        for number in above:
            reached.append(number)
            if not self.stages(one)[number].skip:
                break
        return reached

    def reason(self, one: Opportunity, action: str) -> str | None:
        """Why an action is not offered, whatever it is called with."""
        if action == "delete":
            return None if one.closed else "not_closed"
        if action == "reopen":
            return self._why_not_reopened(one)
        if action == "quote":
            return self._why_no_quote(one)
        if one.closed:
            return "opportunity_closed"
        if action == "start" and one.entries:
            return "already_started"
        if action in ("start", *MOVES) and not self.targets(one, action):
            return "action_not_offered" if self.stages(one) else "cycle_without_stages"
        return None

    def _why_not_reopened(self, one: Opportunity) -> str | None:
        if not one.closed:
            return "not_closed"
        if any(self.opportunity.get(order["opportunity"]) is one for order in self.order.values()):
            return "quote_ordered"
        stood = [entry.stage for entry in one.entries if entry.stage is not None]
        if not stood:
            return "never_started"
        return None if stood[-1] in self.stages(one) else "stage_gone"

    @staticmethod
    def _why_no_quote(one: Opportunity) -> str | None:
        if one.quote is not None:
            return "quote_exists"
        if one.contact in ("person", "employee"):
            return "quote_needs_company"
        return None if one.status == "in_progress" else "not_in_progress"

    def _need(self, one: Opportunity, action: str) -> None:
        if code := self.reason(one, action):
            raise Refusal(code)

    def _day(self, one: Opportunity, on: str | None) -> str:
        """Section 3.5, and that nothing goes back before the last change."""
        last = one.entries[-1].date if one.entries else ""
        day = on or max(self.today, last)
        if day < last:
            raise Refusal("date_before_last_change")
        return day

    # Adding and moving.

    def add(self, contact: str, cycle: str, created: str | None, start: bool, **wish: Any) -> Any:
        """The new record gets its number from the product."""
        if not self.is_understood(created=created, **wish):
            return Expected({"usage"})
        one = Opportunity(contact, cycle, created or self.today)
        try:
            if start:
                self.move(one, "start", **wish)
        except Refusal as refusal:
            return Expected({str(refusal)})
        self.opportunity[0] = one
        return DONE

    def moves(self, verb: str, ids: list[int], keep_going: bool, **wish: Any) -> Expected:
        if not self.is_understood(**wish):
            return Expected({"usage"})
        return self.each(ids, keep_going, lambda one: self.move(one, verb, **wish))

    def move(
        self,
        one: Opportunity,
        verb: str,
        to: int | None = None,
        on: str | None = None,
        value: float | None = None,
        chances: float | None = None,
        close_date: str | None = None,
    ) -> None:
        """Sections 5.1 and 5.6, checks in this order."""
        self._need(one, verb)
        last = one.entries[-1] if one.entries else None
        targets = self.targets(one, verb)
        day = (on or self.today) if last is None else self._day(one, on)
        target = targets[0] if to is None else to
        if target not in targets:
            raise Refusal("stage_not_reachable")
        stage = self.stages(one)[target]
        if verb in ("next", "skip") and stage.quote and one.quote is None:
            raise Refusal("stage_needs_quote")
        amount = 0 if last is None else last.value
        if value is not None:
            amount = cents(value)
        elif last is not None and one.quote is not None:
            amount = self.quote[one.quote]["total"]
        if amount <= 0 and (last is not None or value is not None):
            raise Refusal("value_not_positive")
        chance = last.chances if last is not None else Fraction(0)
        if chances is not None:
            chance = exact(chances)
        elif last is None or (verb != "update" and stage.chances > 0):
            chance = stage.chances
        if chance <= 0 and (last is not None or chances is not None):
            raise Refusal("chances_not_positive")
        expected = close_date
        if expected is None and stage.formula is not None and verb != "update":
            expected = shifted(day, stage.formula)
        elif expected is None:
            expected = day if last is None else last.close_date
        if expected < day:
            raise Refusal("close_date_before_change")
        self._enter(one, self._action(one, target), target, day, amount, chance, expected)

    def _action(self, one: Opportunity, target: int) -> str:
        """Derived from the move made, not from the verb."""
        if not one.entries:
            return "first"
        numbers = sorted(self.stages(one))
        steps = numbers.index(target) - numbers.index(one.entries[-1].stage)
        return {0: "updated", 1: "next", -1: "previous"}.get(steps, "jumped")

    def _enter(
        self,
        one: Opportunity,
        action: str,
        target: int,
        day: str,
        value: int,
        chances: Fraction,
        close_date: str,
    ) -> None:
        completed = self.stages(one)[target].completed
        likely = probability(self.cycle[one.cycle].method, chances, completed)
        one.entries.append(
            Entry(
                action,
                target,
                one.entries[-1].stage if one.entries else None,
                day,
                value,
                chances,
                completed,
                rounded(likely, 2),
                int(rounded(value * likely / HUNDRED)),
                close_date,
            )
        )

    # Closing, reopening, deleting.

    def close(
        self,
        ids: list[int],
        keep_going: bool,
        outcome: str,
        code: str | None = None,
        on: str | None = None,
        amount: float | None = None,
    ) -> Expected:
        if not self.is_understood(on=on, value=amount):
            return Expected({"usage"})
        if code is not None and code not in self.codes:
            return Expected({"not_found"})
        return self.each(ids, keep_going, lambda one: self._close(one, outcome, code, on, amount))

    def _close(
        self,
        one: Opportunity,
        outcome: str,
        code: str | None,
        on: str | None,
        amount: float | None,
    ) -> None:
        """Sections 6.1 to 6.3."""
        self._need(one, f"close-{outcome}")
        fitting = [key for key, meant in self.codes.items() if meant == outcome]
        if code is None and len(fitting) != 1:
            raise Refusal("close_code_required")
        if code is not None and code not in fitting:
            raise Refusal("close_code_of_other_outcome")
        day = self._day(one, on)
        last = one.entries[-1] if one.entries else None
        value = last.value if last else 0
        sold = 0
        if outcome == "won":
            sold = value if amount is None else cents(amount)
            if one.quote is not None:
                sold = self.quote[one.quote]["total"]
            if sold <= 0:
                raise Refusal("amount_not_positive")
        sure = HUNDRED if outcome == "won" else Fraction(0)
        stood = last.stage if last else None
        entry = Entry(outcome, None, stood, day, value, sure, HUNDRED, sure, sold, day, day)
        entry.code = code or fitting[0]
        one.entries.append(entry)

    def reopen(self, ids: list[int], keep_going: bool, on: str | None = None) -> Expected:
        if not self.is_understood(on=on):
            return Expected({"usage"})
        return self.each(ids, keep_going, lambda one: self._reopen(one, on))

    def _reopen(self, one: Opportunity, on: str | None) -> None:
        self._need(one, "reopen")
        day = self._day(one, on)
        last = next(entry for entry in reversed(one.entries) if entry.stage is not None)
        self._enter(one, "reopened", last.stage, day, last.value, last.chances, last.close_date)

    def delete(self, ids: list[int], keep_going: bool) -> Expected:
        def change(one: Opportunity) -> None:
            self._need(one, "delete")
            id = next(id for id, other in self.opportunity.items() if other is one)
            del self.opportunity[id]
            for number, quote in list(self.quote.items()):
                if quote["opportunity"] == id and not quote["ordered"]:
                    del self.quote[number]
            for document in (*self.quote.values(), *self.order.values()):
                if document["opportunity"] == id:
                    document["opportunity"] = None

        return self.each(ids, keep_going, change)

    # One command: `spec/cli.md` sections 2 and 3.

    @staticmethod
    def is_understood(**said: Any) -> bool:
        """Whether dates are dates, money has cents and a percentage is one."""
        chances = said.get("chances")
        return (
            all(is_date(said.get(name)) for name in ("on", "close_date", "created"))
            and has_two_decimals(said.get("value"))
            and (chances is None or (has_two_decimals(chances) and 0 <= chances <= 100))
        )

    def each(
        self, ids: list[int], keep_going: bool, change: Callable[[Opportunity], None]
    ) -> Expected:
        before = deepcopy(self.tables)
        missing = {id: "not_found" for id in ids if id not in self.opportunity}
        if missing and not keep_going:
            return Expected({"not_found"})
        refused = {}
        found = sorted(set(ids) - set(missing))
        for id in found:
            try:
                change(self.opportunity[id])
            except Refusal as refusal:
                refused[id] = str(refusal)
        changed = len(found) - len(refused)
        if (refused and not keep_going) or (not changed and (refused or missing)):
            self.tables = before
            return Expected(set(refused.values()) or {"not_found"}, 0, missing | refused)
        problems = missing | refused
        return Expected({"partial" if problems else ""}, changed, problems)
