"""A small, varied file, random changes to it, and what they leave behind."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import closing
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from leadctl import Choice, ImportFile, LeadctlError, Replacement, WriteOptions, init, open_crm

LONG = int(os.environ.get("LEADCTL_HYPOTHESIS_EXAMPLES", "0"))
TABLES = ("setting", "app_user", "category", "lead_status", "company", "person")
INSTANTS = ("updated_at", "status_since")
NOWHERE = 40


def modest(examples: int, **more: Any) -> settings:
    """Few examples, the same ones every time; LEADCTL_HYPOTHESIS_EXAMPLES asks for more, at random."""
    return settings(
        max_examples=LONG or examples,
        derandomize=not LONG,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        database=None,
        suppress_health_check=list(HealthCheck),
        **more,
    )


class Ref(NamedTuple):
    """A record by its place in its table when the change is made; from NOWHERE up it is missing."""

    table: str
    place: int


class Op(NamedTuple):
    """A call of the library: noun, verb, arguments, options."""

    noun: str
    verb: str
    arguments: dict[str, Any]
    days: int = 1
    keep_going: bool = False


class Outcome(NamedTuple):
    """What a call came to. ``told`` is all that it says, without the number of the change."""

    exit: int
    code: str
    change: int | None
    told: dict[str, Any]


class FakeClock:
    """A clock that stands still, so that two runs of the same change are alike."""

    def __init__(self) -> None:
        self.today = date(2026, 1, 1)

    def now(self) -> str:
        return "2026-05-05T12:00:00Z"

    def stamp(self) -> str:
        return f"{self.today}T12:00:00Z"


class World:
    """An open file in a folder of its own."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.path = Path(self._folder.name) / "leads.db"
        self.path.write_bytes(_template())
        self.crm = open_crm(self.path, user="u1", synchronous="normal")
        self.clock = self.crm.clock = FakeClock()

    def __enter__(self) -> World:
        return self

    def __exit__(self, *problem: object) -> None:
        self.crm.close()
        self._folder.cleanup()

    def dump(self, *, log: bool = False, without: tuple[str, ...] = ()) -> dict[str, Any]:
        """Every row that somebody else who opens the file would see."""
        tables = (*TABLES, "change", "history", "sqlite_sequence") if log else TABLES
        with closing(sqlite3.connect(self.path)) as connection:
            connection.row_factory = sqlite3.Row
            return {
                table: [
                    {name: row[name] for name in row.keys() if name not in without}  # noqa: SIM118
                    for row in connection.execute(f"SELECT * FROM {table} ORDER BY 1")
                ]
                for table in tables
            }

    def newest_change(self) -> int:
        """The number of the last change that was committed."""
        return int(self.crm.engine.value("SELECT coalesce(max(id), 0) FROM change"))

    def perform(self, op: Op, **options: Any) -> Outcome:
        """Make the call that ``op`` stands for."""
        arguments = {name: self._resolved(value) for name, value in op.arguments.items()}
        if op.verb == "import_file":
            arguments = {"source": self._file(**arguments)}
        verb = getattr(getattr(self.crm, op.noun), op.verb)
        options = {"keep_going": op.keep_going, "details": op.verb != "add", **options}
        chosen = WriteOptions(**options)
        last = self.newest_change()
        try:
            report = verb(**arguments, options=chosen)
        except LeadctlError as error:
            assert self.newest_change() == last
            told = {"message": str(error), "details": dict(error.details)}
            told |= _told(error.report) if error.report is not None else {}
            return Outcome(error.exit_code, error.code, None, told)
        newest = self.newest_change()
        change = newest if newest > last else None
        if isinstance(report, dict):
            return Outcome(0, "", change, report)
        assert report.change == change
        counts = (report.changed, report.unchanged, report.created, report.skipped, report.refused)
        assert report.matched == sum(counts), report
        partial = report.failed and report.succeeded
        return Outcome(5 if partial else 0, "partial" if partial else "", change, _told(report))

    def undo(self, change: int, **options: Any) -> Outcome:
        """Take a change back."""
        return self.perform(Op("changes", "undo", {"id": change}), **options)

    def pass_days(self, days: int) -> None:
        """Let the logical date go on, or back."""
        self.clock.today += timedelta(days)

    def _resolved(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._resolved(item) for item in value]
        if not isinstance(value, Ref):
            return value
        number = value.table in ("person", "company", "change")
        known = self.crm.engine.query(
            f"SELECT {'id' if number else 'key'} FROM {value.table} ORDER BY id"
        )
        if value.place >= NOWHERE or not known:
            return 999 if number else "nowhere"
        return known[value.place % len(known)][0]

    def _file(self, header: list[str], rows: list[tuple[str, ...]], **options: Any) -> ImportFile:
        path = self.path.with_name("rows.csv")
        lines = [",".join(header), *(",".join(row[: len(header)]) for row in rows)]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return ImportFile(str(path), **options)


def _told(report: Any) -> dict[str, Any]:
    names = (
        "matched changed unchanged created skipped refused missing affected automation problems"
        " problems_omitted notices"
    )
    told = {name: getattr(report, name) for name in names.split()}
    if report.details is not None:
        told["records"] = [{**record, "change": None} for record in report.details()]
    return told


@cache
def _template() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "leads.db"
        init(path)
        with open_crm(path, user="u1") as crm:
            crm.clock = FakeClock()
            for user in ("u1", "u2", "u3"):
                crm.users.add(user, email=f"{user}@example.com")
            crm.categories.add("Prospect", group="potential_customer")
            crm.categories.add("Plain")
            crm.categories.edit("plain", name="Simple")
            crm.users.edit("u3", name="Bob")
            for name, category in (("A", "lead"), ("B", "customer"), ("C", "none"), ("D", "mql")):
                crm.companies.add(name, category=category, owner="u2", country="NO")
            for number, company in enumerate((1, 1, 1, 2, 2, 3, 4, None, None)):
                crm.people.add(first_name=f"P{number}", last_name="Ås", company=company)
            crm.people.set_status([2], "qualified")
            crm.people.edit([8], category="lead", owner="none")
            crm.people.edit([9], last_name="")
            crm.people.retire([3])
            crm.companies.set_category([4], "lost_opportunity")
        return path.read_bytes()


def _ref(table: str) -> st.SearchStrategy[Ref]:
    # Mostly the first few, so that changes meet.
    places = st.integers(0, 3) | st.integers(0, 11) | st.integers(0, NOWHERE)
    return st.builds(Ref, st.just(table), places)


def _or_none(table: str) -> st.SearchStrategy[Any]:
    return _ref(table) | _ref(table) | st.just("none")


def _of(noun: str, verb: str, optional: dict[str, Any] | None = None, **needed: Any) -> Any:
    arguments = st.fixed_dictionaries(needed, optional=optional or {})
    days = st.sampled_from([1, 1, 0, -3])
    return st.builds(Op, st.just(noun), st.just(verb), arguments, days, st.booleans())


def _ids(table: str) -> st.SearchStrategy[Any]:
    everybody = st.builds(Choice, all=st.just(True), hidden=st.booleans())
    return st.lists(_ref(table), min_size=1, max_size=5) | everybody


TEXTS = st.sampled_from(["", "a", "A", "Ås", "ÅS", "straße", "İ", "x" * 300, "'; --", '"q"', "o P"])
NAMES = st.sampled_from(["Alpha", "ALPHA", "Beta", "ßeta", "SSETA", "Lead", "gone", "x y", "X-Y"])
EXTERNALS = st.sampled_from(["", "e1", "e2", "e3"])
FLAGS = st.booleans()
GROUPS = st.sampled_from(["potential_customer", "customer", "lost", "none"])
STATUS = _ref("lead_status")
CATEGORY = _or_none("category")
COMMON = dict.fromkeys(("country", "email", "phone"), TEXTS) | {"external_id": EXTERNALS}
REPLACE = st.builds(
    Replacement, st.sampled_from(["country", "email"]), st.sampled_from("aPs"), TEXTS, FLAGS, FLAGS
)
NAMED_REPLACE = st.builds(
    Replacement, st.sampled_from(["first_name", "last_name"]), st.sampled_from("aPså"), TEXTS
)
PERSON = {
    **dict.fromkeys(("first_name", "last_name", "title"), TEXTS),
    **COMMON,
    "company": _or_none("company"),
    "category": CATEGORY,
    "owner": _or_none("app_user"),
    "lead_status": STATUS,
}
COMPANY = {**COMMON, "website": TEXTS, "category": CATEGORY, "owner": _or_none("app_user")}
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["e1", "e2", "e3", "e4", ""]),
        st.sampled_from(["Ås", "b", "İ"]),
        st.sampled_from(["", "1", "2", "3", "New", "A"]),
        st.sampled_from(["", "", "open", "qualified"]),
        st.sampled_from(["", "x@y"]),
    ),
    min_size=1,
    max_size=4,
)
SETTINGS = st.sampled_from(
    [
        ("lead_status.reentry", "keep"),
        ("lead_status.reentry", "reset"),
        ("lead_status.require_company", "true"),
        ("lead_status.require_company", "false"),
        ("lead_status.require_company", "perhaps"),
        ("currency", "NOK"),
    ]
)
DESCRIBED = {"name": NAMES, "description": TEXTS}
MOVE = st.sampled_from(["before", "after"])


def _beside(noun: str, table: str) -> st.SearchStrategy[Op]:
    def build(key: Ref, side: str, other: Ref, days: int) -> Op:
        return Op(noun, "move", {"key": key, side: other}, days)

    return st.builds(build, _ref(table), MOVE, _ref(table), st.integers(0, 1))


def _setting(pair: tuple[str, str]) -> Op:
    return Op("settings", "set", {"key": pair[0], "value": pair[1]})


PEOPLE_OPS = [
    _of("people", "add", PERSON),
    _of("people", "edit", {**PERSON, "replace": NAMED_REPLACE}, ids=_ids("person")),
    _of("people", "set_status", ids=_ids("person"), status=STATUS),
    _of("people", "move", ids=_ids("person"), company=_or_none("company")),
    _of("people", "retire", {"undo": FLAGS}, ids=_ids("person")),
    _of("people", "merge", source=_ref("person"), into=_ref("person")),
    _of("people", "delete", ids=_ids("person")),
    _of(
        "people",
        "import_file",
        {"match": st.just(("external_id",)), "create_companies": FLAGS},
        header=st.just(["external_id", "last_name", "company", "lead_status", "email"]),
        rows=ROWS,
    ),
]
COMPANY_OPS = [
    _of("companies", "add", COMPANY, name=NAMES),
    _of("companies", "edit", {**COMPANY, "name": NAMES, "replace": REPLACE}, ids=_ids("company")),
    _of("companies", "set_category", ids=_ids("company"), category=CATEGORY),
    _of("companies", "next_category", ids=_ids("company")),
    _of("companies", "delete", ids=_ids("company")),
    _of("companies", "delete", ids=_ids("company"), people=st.sampled_from(["delete", "keep"])),
]
LIST_OPS = [
    _of("categories", "add", {"group": GROUPS, "lead_status": FLAGS}, name=NAMES),
    _of(
        "categories",
        "edit",
        {**DESCRIBED, "group": GROUPS, "lead_status": FLAGS, "backfill": FLAGS},
        key=_ref("category"),
    ),
    _of("categories", "delete", key=_ref("category")),
    _of("categories", "restore", key=_ref("category")),
    _beside("categories", "category"),
    _of("lead_statuses", "add", {"description": TEXTS}, name=NAMES),
    _of("lead_statuses", "edit", {**DESCRIBED, "default": FLAGS}, key=STATUS),
    _of("lead_statuses", "delete", {"default": STATUS}, key=STATUS),
    _of("lead_statuses", "restore", key=STATUS),
    _beside("lead_statuses", "lead_status"),
    _of("users", "add", name=NAMES),
    _of("users", "edit", {"name": NAMES, "email": TEXTS, "away": FLAGS}, key=_ref("app_user")),
    _of("users", "delete", key=_ref("app_user")),
    SETTINGS.map(_setting),
]
CHANGES = st.one_of(st.one_of(PEOPLE_OPS), st.one_of(COMPANY_OPS), st.one_of(LIST_OPS))
UNDO = _of("changes", "undo", id=_ref("change"))
