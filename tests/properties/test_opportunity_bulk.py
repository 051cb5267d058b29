"""A verb on many opportunities is the verb on each, one after the other; and one undo takes it all
back.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from leadctl import Crm, LeadctlError, WriteOptions
from leadctl.store.engine import Engine
from leadctl.store.opening import connect
from tests.properties.opportunity_machine import TODAY, Dump, dumped, opened, template
from tests.properties.opportunity_wishes import STAGE_NUMBERS, WISHES, Wish
from tests.properties.worlds import modest

GONE = 99


class Call(NamedTuple):
    """A verb with what is said beside the ids, ``outcome`` without its name."""

    verb: str
    arguments: dict[str, Any]

    def __call__(self, crm: Crm, ids: list[int], **options: Any) -> Any:
        verb: Callable[..., Any] = getattr(crm.opportunities, self.verb)
        named = dict(self.arguments)
        outcome = [named.pop("outcome")] if "outcome" in named else []
        return verb(ids, *outcome, options=WriteOptions(**options), **named)


@cache
def populated() -> bytes:
    """Opportunities in all sorts of situations."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "leads.db"
        path.write_bytes(template())
        with opened(path, TODAY, "setup") as crm:
            crm.cycles.add("Short", method="add")
            crm.stages.add(
                "short", 10, "A", completed=5, chances=0, allow_skip=True, date_formula="1W"
            )
            crm.stages.add(
                "short", 20, "B", completed=33.33, chances=12.5, allow_skip=True, date_formula="CM"
            )
            crm.stages.add("short", 30, "C", completed=100, chances=60, allow_skip=True)
            _fill(crm.opportunities, crm.quotes)
        return path.read_bytes()


def _fill(opportunities: Any, quotes: Any) -> None:
    dates = [f"2024-03-0{day}" for day in range(1, 10)]
    for place in range(14):
        contact = {"person": 1} if place in (3, 9) else {"company": 1 + place % 2}
        cycle = "empty" if place == 13 else "short" if place % 3 == 2 else "standard"
        opportunities.add(f"Deal {place}", cycle=cycle, created="2024-02-01", **contact)
    started = {"value": 1234.56, "chances": 33, "close_date": "2024-03-31"}
    opportunities.start([2, 3, 4, 5, 6], on=dates[0], **started)
    opportunities.start([7, 8, 9], on=dates[3])
    opportunities.start([10], on=dates[8], **started)
    opportunities.next([3, 4, 5, 6], on=dates[4])
    opportunities.skip([5, 6], to=30, on=dates[5])
    number = quotes.create(5, lines=["Work;3;33.33"])["id"]
    opportunities.next([5], on=dates[6])
    opportunities.close([8, 12], "lost", code="lost_price", on=dates[6])
    opportunities.close([2, 11], "won", on=dates[7], amount=50)
    quotes.make_order(number, on=dates[8])
    quotes.create(7, lines=["Work;1;9150"])


@contextmanager
def copy() -> Iterator[tuple[Crm, Engine]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "leads.db"
        path.write_bytes(populated())
        with opened(path, TODAY) as crm, closing(connect(path, lock_wait=5)) as reader:
            yield crm, reader


def shown(crm: Crm) -> list[dict[str, Any]]:
    """All records as ``show`` has them; entries may have got their numbers in another order."""
    records = []
    for row in crm.opportunities.list(fields=["id"]):
        record = crm.opportunities.show(row["id"])
        entries = [{**entry, "id": 0} for entry in record["entries"]]
        records.append({**record, "entries": entries})
    return records


def alone(crm: Crm, call: Call, ids: list[int]) -> dict[int, str]:
    """One after the other; the codes of those that failed."""
    codes = {}
    for id in sorted(set(ids)):
        try:
            call(crm, [id])
        except LeadctlError as error:
            codes[id] = error.code
    return codes


class Outcome(NamedTuple):
    """The code of the error, if it is one, those of every problem, and the change."""

    code: str
    problems: dict[int, str]
    change: int | None


def together(crm: Crm, call: Call, ids: list[int], **options: Any) -> Outcome:
    """All at once."""
    code = ""
    try:
        report = call(crm, ids, **options)
    except LeadctlError as error:
        code, report = error.code, error.report
    if report is None:
        return Outcome(code, {}, None)
    if not code:
        assert report.changed + report.unchanged == len(set(ids)) - len(report.problems)
    problems = {problem.id: problem.reason.code for problem in report.problems}
    return Outcome(code, problems, report.change)


def take_back(crm: Crm, reader: Engine, outcome: Outcome, start: Dump) -> None:
    """One undo is enough, and where nothing was committed nothing has changed."""
    if outcome.change is not None:
        crm.changes.undo("last")
    assert dumped(reader) == start


def _absolute(wish: Wish) -> dict[str, Any]:
    return wish.said("2024-03-05", TODAY)


def _moves(verb: str) -> st.SearchStrategy[Call]:
    return st.builds(Call, st.just(verb), WISHES.map(_absolute))


def _aimed(verb: str) -> st.SearchStrategy[Call]:
    arguments = st.tuples(WISHES, STAGE_NUMBERS).map(
        lambda pair: {**_absolute(pair[0])} | aim(pair)
    )
    return st.builds(Call, st.just(verb), arguments)


def aim(pair: tuple[Wish, int | None]) -> dict[str, Any]:
    return {} if pair[1] is None else {"to": pair[1]}


ON = st.sampled_from([{}, {}, {"on": "2024-03-05"}, {"on": "2024-03-20"}])
CLOSE = st.fixed_dictionaries(
    {"outcome": st.sampled_from(["won", "lost"])},
    optional={
        "code": st.sampled_from(["won", "lost_price", "lost_price", "nowhere"]),
        "on": st.sampled_from(["2024-03-05", "2024-03-20"]),
    },
)
CALLS = st.one_of(
    *(_moves(verb) for verb in ("start", "next", "previous", "update")),
    *(_aimed(verb) for verb in ("skip", "jump")),
    st.builds(Call, st.just("close"), CLOSE),
    st.builds(Call, st.just("reopen"), ON),
    st.builds(Call, st.just("delete"), st.just({})),
    st.builds(Call, st.just("edit"), st.just({"description": "New"})),
)
IDS = st.lists(st.integers(1, 14) | st.integers(1, 14) | st.just(GONE), min_size=1, max_size=14)


@modest(70)
@given(st.lists(st.tuples(CALLS, IDS), max_size=2), CALLS, IDS)
def test_together_is_one_after_the_other(
    first: list[tuple[Call, list[int]]], call: Call, ids: list[int]
) -> None:
    with copy() as (crm, reader), copy() as (other, other_reader):
        for before, some in first:
            assert alone(crm, before, some) == alone(other, before, some)
        start: Dump = dumped(reader)
        assert start == dumped(other_reader)
        codes = alone(other, call, ids)
        # Without --keep-going all of it or nothing.
        whole = together(crm, call, ids)
        assert whole.code in (codes.values() or [""])
        if not codes:
            assert shown(crm) == shown(other)
        take_back(crm, reader, whole, start)
        parts = together(crm, call, ids, keep_going=True)
        if "usage" in codes.values() or ("nowhere" in call.arguments.values() and parts.code):
            assert parts.code in codes.values()
        else:
            assert parts.problems == codes
            assert (parts.code == "") == (len(codes) < len(set(ids)))
            assert shown(crm) == shown(other)
        take_back(crm, reader, parts, start)
