"""A database and the model of it, side by side: how both are driven and compared."""

from __future__ import annotations

import tempfile
from contextlib import closing
from copy import deepcopy
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition

from leadctl import Crm, LeadctlError, WriteOptions, init, open_crm
from leadctl.store.engine import Engine
from leadctl.store.opening import connect
from tests.properties.opportunity_deals import FIGURES, Deals, plain
from tests.properties.opportunity_facts import (
    Cycle,
    Expected,
    Stage,
    Tables,
    days_between,
    exact,
)

TODAY = "2024-03-10"
CONTACTS = {
    "customer": {"company": 1},
    "prospect": {"company": "Prospect"},
    "person": {"person": 1},
    "employee": {"person": 2},
}
CODES = {
    "won": "won",
    "lost_price": "lost",
    "lost_competitor": "lost",
    "lost_no_decision": "lost",
}
# The cycle `standard` of `init`: number, completed, chances, skip, quote required.
STANDARD = [
    (10, 5, 10, True, False),
    (20, 20, 30, True, False),
    (30, 50, 50, True, False),
    (40, 75, 70, False, True),
    (50, 90, 90, False, False),
]
# What no undo gives back: the log, the index for searching, instants.
LOG = ("change", "history")
Dump = dict[str, list[tuple[Any, ...]]]


class Done(NamedTuple):
    """A change that stands, with what was there before and after it."""

    change: int
    before: tuple[Tables, Dump]
    after: tuple[Tables, Dump]


@cache
def template() -> bytes:
    """A file with four contacts and a cycle without stages."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "leads.db"
        fill(path)
        return path.read_bytes()


def fill(path: Path | str) -> None:
    """Make a database with four contacts and a cycle without stages."""
    init(path)
    with open_crm(path, user="setup", today=TODAY, synchronous="normal") as crm:
        crm.companies.add("Customer", category="customer")
        crm.companies.add("Prospect", category="lead")
        crm.people.add(last_name="Alone")
        crm.people.add(last_name="Employee", company=1)
        crm.cycles.add("Empty")


def opened(path: Path | str, today: str, user: str = "tester") -> Crm:
    return open_crm(path, user=user, today=today, synchronous="normal")


@cache
def columns() -> dict[str, str]:
    """The columns of every table that records are kept in, without the instants."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "leads.db"
        path.write_bytes(template())
        with closing(connect(path, lock_wait=5)) as engine:
            found = {name: engine.columns(name) for name in engine.tables() if name not in LOG}
    return {
        table: ", ".join(name for name in names if not name.endswith(("_at", "_since")))
        for table, names in found.items()
    }


def dumped(engine: Engine) -> Dump:
    """Every row that somebody else who opens the database would see."""
    return {
        table: engine.query(f"SELECT {names} FROM {table} ORDER BY {names}")
        for table, names in columns().items()
    }


class SideBySide(RuleBasedStateMachine):
    """What is done to the one is done to the other."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = self.place()
        self.done: list[Done] = []
        self.undone: list[tuple[int, Done]] = []
        self.touched: set[int] = set()
        self.checked: dict[int, Any] = {}
        self.steps = 0
        self.highest = {"opportunity": 0, "quote": 0, "order": 0}

    def place(self) -> Path | str:
        """A database of its own, as ``fill`` makes it."""
        path = Path(self.folder.name) / "leads.db"
        path.write_bytes(template())
        return path

    def begin(self, method: str, stages: list[Stage], second: bool) -> None:
        """A cycle of its own; perhaps a second code for won, so that one must be named."""
        self.model = Deals(TODAY, CODES | ({"won_again": "won"} if second else {}))
        with opened(self.path, TODAY, "setup") as crm:
            crm.cycles.add("Own", method=method)
            for number, stage in enumerate(stages, 1):
                crm.stages.add(
                    "own",
                    number * 10,
                    f"Stage {number}",
                    completed=float(stage.completed),
                    chances=float(stage.chances),
                    quote_required=stage.quote,
                    allow_skip=stage.skip,
                    date_formula=stage.formula,
                )
            if second:
                crm.close_codes.add("Won again", outcome="won")
        standard = {
            number: Stage(exact(completed), exact(chances), skip, quote)
            for number, completed, chances, skip, quote in STANDARD
        }
        own = {number * 10: deepcopy(stage) for number, stage in enumerate(stages, 1)}
        self.model.cycle.update(
            standard=Cycle("multiply", standard),
            empty=Cycle("multiply", {}),
            own=Cycle(method, own),
        )
        self.crm = opened(self.path, TODAY)
        self.reader = connect(self.path, lock_wait=5)
        self.dump = dumped(self.reader)

    def teardown(self) -> None:
        if hasattr(self, "crm"):
            assert [one for one in self.crm.db.check() if not one.ok] == []
            self.reader.close()
            self.crm.close()
        self.folder.cleanup()

    def newest(self) -> int:
        return int(self.reader.value("SELECT coalesce(max(id), 0) FROM change"))

    def both(self, expected: Any, call: Any, *, keep_going: bool = False) -> Any:
        """Do something to the model and the file; they must agree on how it ends."""
        before = deepcopy(self.model.tables), self.dump
        foreseen: Expected = expected()
        last = self.newest()
        result, code = None, ""
        try:
            result = call(WriteOptions(keep_going=keep_going))
        except LeadctlError as error:
            code = error.code
        self.dump = dumped(self.reader)
        if result is not None and not isinstance(result, dict):
            code = "partial" if result.failed and result.succeeded else ""
            if foreseen.problems is not None:
                assert (result.changed, result.unchanged) == (foreseen.changed, 0)
                found = {problem.id: problem.reason.code for problem in result.problems}
                assert found == foreseen.problems
        assert code in foreseen.codes, (code, foreseen)
        if code not in ("", "partial"):
            assert self.newest() == last
        committed = self.newest() > last
        assert committed == (self.model.tables != before[0])
        if not committed:
            assert self.dump == before[1], "nothing was committed, but something has changed"
            return result
        after = deepcopy(self.model.tables), self.dump
        self.done.append(Done(self.newest(), before, after))
        self.undone.clear()
        return result

    def number(self, table: str, record: Any) -> None:
        """Tell the model which number a new record has got; it must be one never used before."""
        if record is None:
            return
        assert record["id"] > self.highest[table]
        self.highest[table] = record["id"]
        self.model.numbered(table, record["id"])
        # The model after the change has the number too.
        self.done[-1] = self.done[-1]._replace(after=(deepcopy(self.model.tables), self.dump))

    def restored(self, wanted: tuple[Tables, Dump]) -> None:
        """An undo or redo must have led to this."""
        self.dump = dumped(self.reader)
        assert self.dump == wanted[1]
        self.model.tables = deepcopy(wanted[0])
        self.checked.clear()

    # What anybody can see.

    @invariant()
    @precondition(lambda self: hasattr(self, "dump"))
    def opportunities_agree(self) -> None:
        """Those that were touched after every step; now and then all."""
        self.steps += 1
        everything = self.steps % 8 == 0
        assert self.crm.opportunities.count() == len(self.model.opportunity)
        for id in sorted(self.model.opportunity):
            expected = self.model.shown(id)
            if everything or id in self.touched or self.checked.get(id) != expected:
                record = self.crm.opportunities.show(id)
                assert plain(record) == expected
                if everything:
                    assert self.crm.opportunities.allowed(id) == record["allowed"]
                check_invariants(record)
                self.checked[id] = expected
        self.touched.clear()

    @invariant()
    @precondition(lambda self: hasattr(self, "dump"))
    def deals_agree(self) -> None:
        deals = deepcopy((self.model.quote, self.model.order))
        if self.steps % 8 and self.checked.get(0) == deals:
            return
        self.checked[0] = deals
        for id, quote in self.model.quote.items():
            record = self.crm.quotes.show(id)
            assert record["status"] == ("ordered" if quote["ordered"] else "open")
            assert exact(record["total"]) * 100 == quote["total"]
            assert record["opportunity_id"] == quote["opportunity"]
            assert len(record["lines"]) == quote["lines"]
        for id, order in self.model.order.items():
            record = self.crm.orders.show(id)
            assert record["opportunity_id"] == order["opportunity"]
            assert exact(record["total"]) * 100 == order["total"]
        assert self.crm.quotes.count() == len(self.model.quote)
        assert self.crm.orders.count() == len(self.model.order)


def check_invariants(record: dict[str, Any]) -> None:
    """Section 1.5, and the header against its active entry: without the model."""
    entries, status = record["entries"], record["status"]
    assert bool(entries) == (status != "not_started")
    closed = status in ("won", "lost")
    assert closed == (record["closed_on"] is not None) == (record["outcome"] is not None)
    assert [bool(entry["active"]) for entry in entries] == [
        place == len(entries) - 1 for place in range(len(entries))
    ]
    assert [entry["id"] for entry in entries] == sorted({entry["id"] for entry in entries})
    for one, follower in pairwise(entries):
        assert one["date"] <= follower["date"]
        assert one["days_open"] == days_between(one["date"], follower["date"])
    if not entries:
        assert record["stage"] is record["close_date"] is None
        return
    active = entries[-1]
    assert active["days_open"] == 0
    if closed:
        assert active["action"] == status == record["outcome"]
        assert record["closed_on"] == active["closed_on"] == active["date"]
        assert record["close_code"] == active["close_code"] is not None
    else:
        moved = ("first", "next", "previous", "updated", "jumped", "reopened")
        assert active["action"] in moved
        assert active["close_code"] is active["closed_on"] is record["close_code"] is None
    for name in (*FIGURES, "stage", "close_date"):
        assert record[name] == active[name]
