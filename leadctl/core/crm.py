"""``open_crm`` and the object that it returns: one open file, with a property per noun."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any

from leadctl.core.clock import Clock
from leadctl.core.policy import read_policy
from leadctl.errors import DatabaseError, NotFound, UsageError
from leadctl.labels import translator
from leadctl.model import Choice, Record, WriteOptions
from leadctl.rules.naming import LARGEST_INTEGER, is_storable
from leadctl.store.opening import connect
from leadctl.store.select import ANY, Condition, chosen
from leadctl.store.version import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from leadctl.core.automation import Automation, Proposals
    from leadctl.core.batch import Whole
    from leadctl.core.board import Board
    from leadctl.core.captures import Captures
    from leadctl.core.categories import Categories
    from leadctl.core.changes import Changes
    from leadctl.core.closed import Closed
    from leadctl.core.companies import Companies
    from leadctl.core.cycles import CloseCodes, Cycles, Stages
    from leadctl.core.dashboard import Dashboard
    from leadctl.core.db import Db
    from leadctl.core.entries import Entries
    from leadctl.core.forms import Forms
    from leadctl.core.lead_statuses import LeadStatuses
    from leadctl.core.opportunities import Opportunities
    from leadctl.core.people import People
    from leadctl.core.quotes import Orders, Quotes
    from leadctl.core.reports import Reports
    from leadctl.core.selections import Selections
    from leadctl.core.settings import Settings
    from leadctl.core.setup import Setup
    from leadctl.core.users import Users
    from leadctl.rules.leads import Policy
    from leadctl.store.engine import Engine
    from leadctl.store.tables import Source

Ids = Iterable[int | str] | int | str | Choice


# Noun of the library -> where its class is: loaded when the noun is first used.
_NOUNS = {
    "companies": ("companies", "Companies"),
    "people": ("people", "People"),
    "categories": ("categories", "Categories"),
    "lead_statuses": ("lead_statuses", "LeadStatuses"),
    "users": ("users", "Users"),
    "cycles": ("cycles", "Cycles"),
    "stages": ("cycles", "Stages"),
    "close_codes": ("cycles", "CloseCodes"),
    "opportunities": ("opportunities", "Opportunities"),
    "entries": ("entries", "Entries"),
    "closed": ("closed", "Closed"),
    "quotes": ("quotes", "Quotes"),
    "orders": ("quotes", "Orders"),
    "automation": ("automation", "Automation"),
    "proposals": ("automation", "Proposals"),
    "selections": ("selections", "Selections"),
    "board": ("board", "Board"),
    "reports": ("reports", "Reports"),
    "dashboard": ("dashboard", "Dashboard"),
    "forms": ("forms", "Forms"),
    "captures": ("captures", "Captures"),
    "settings": ("settings", "Settings"),
    "setup": ("setup", "Setup"),
    "changes": ("changes", "Changes"),
    "db": ("db", "Db"),
}


class Crm:
    """One open leadctl file. Close it, or use it with ``with``."""

    companies: Companies
    """Companies."""
    people: People
    """People, and their lead status."""
    categories: Categories
    """The list of company categories."""
    lead_statuses: LeadStatuses
    """The list of lead statuses."""
    users: Users
    """The list of users."""
    cycles: Cycles
    """Sales cycles."""
    stages: Stages
    """The stages of sales cycles."""
    close_codes: CloseCodes
    """Why opportunities are closed."""
    opportunities: Opportunities
    """Opportunities."""
    entries: Entries
    """The ledgers of opportunities."""
    closed: Closed
    """Closed opportunities, in bulk."""
    quotes: Quotes
    """Quotes of opportunities."""
    orders: Orders
    """Orders made of quotes."""
    automation: Automation
    """The rules of category automation."""
    proposals: Proposals
    """What category automation has proposed."""
    selections: Selections
    """Selections of people, companies or opportunities."""
    board: Board
    """Records in columns."""
    reports: Reports
    """Figures on leads and opportunities."""
    dashboard: Dashboard
    """Leads and pipeline at a glance."""
    forms: Forms
    """Web forms."""
    captures: Captures
    """What was submitted by forms."""
    settings: Settings
    """The settings of the data."""
    setup: Setup
    """Lists, rules and settings as one YAML file."""
    changes: Changes
    """What was done, and how to take it back."""
    db: Db
    """The file as a whole."""

    def __init__(self, engine: Engine, *, user: str, clock: Clock, language: str) -> None:
        self.engine = engine
        self.user = user
        self.clock = clock
        self.language = language
        # Called with number and command of a change when its transaction has ended well.
        self.on_change: Callable[[int, str], None] | None = None
        # The change that several verbs write together, while there is one.
        self.whole: Whole | None = None

    def __getattr__(self, name: str) -> Any:
        if name not in _NOUNS:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        module, kind = _NOUNS[name]
        noun = getattr(import_module(f"leadctl.core.{module}"), kind)(self)
        setattr(self, name, noun)
        return noun

    def __enter__(self) -> Crm:
        return self

    def __exit__(self, *problem: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self.engine.close()

    @property
    def today(self) -> str:
        """The logical today as ``YYYY-MM-DD``."""
        return self.clock.today.isoformat()

    @property
    def translate(self) -> Callable[[str], str]:
        """English message template -> the same in the language of this object."""
        return translator(self.language)

    def find(self, text: str, *, entity: str | None = None, limit: int = 50) -> list[Record]:
        """Companies and people in which the words of ``text`` occur; see ``core.finding.find``."""
        from leadctl.core.finding import find

        return find(self, text, entity=entity, limit=limit)[0]

    def datasette_metadata(self) -> Record:
        """Metadata for Datasette: names for the views, and a query per selection that is the same
        for everybody. Raises Refused for a database on a server: Datasette reads files.
        """
        from leadctl.core.copies import not_a_file
        from leadctl.core.datasette import datasette_metadata

        if self.engine.as_file is None:
            raise not_a_file("db datasette-metadata", self.engine.path)
        return datasette_metadata(self)

    def change(
        self, command: str = "batch", *, reason: str | None = None, **options: Any
    ) -> AbstractContextManager[Whole]:
        """Make one change, and one transaction, of all calls in a ``with`` block.

        It is committed when the block ends well; an exception that leaves the block rolls all of
        it back. One that is caught within takes back that call alone. ``command`` and ``reason``
        go into the log of changes; ``options`` are those of ``WriteOptions``: with ``dry_run``
        all is rolled back at the end, ``expect`` and ``max_changes`` are about all calls together
        and raise GuardTripped at the end of the block. What the block gets has a ``report`` with
        the sums, whose ``change`` is set at the end. Files with the rejected rows of imports stand
        in their places once all is committed; Partial is raised when one of them cannot.
        """
        from leadctl.core.batch import one_change

        return one_change(self, command, WriteOptions(reason=reason, **options))

    def policy(self) -> Policy:
        """The lists and settings by which lead status is decided, as they are now."""
        return read_policy(self.engine)

    def condition(self, source: Source, choice: Choice, *, ordered: bool = False) -> Condition:
        """The WHERE clause of a choice of records; ``ordered`` as in ``Source.seen``."""
        found = self._chosen(source, choice, ordered=ordered)
        if source.always:
            found = found._replace(sql=f"({found.sql}) AND {source.always}")
        return found

    def _chosen(self, source: Source, choice: Choice, *, ordered: bool) -> Condition:
        named = None
        if choice.ids is not None:
            named = chosen(source, *self.split_ids(choice.ids))
        elif choice.selection is not None:
            from leadctl.core.membership import condition_of

            named = condition_of(self, source, choice.selection, hidden=choice.hidden)
        if named is not None:
            if not choice.where:
                return named
            narrowed = self._filtered(source, choice._replace(hidden=True), ordered=ordered)
            sql = f"{named.sql} AND ({narrowed.sql})"
            return Condition(sql, named.parameters | narrowed.parameters)
        if choice.where:
            return self._filtered(source, choice, ordered=ordered)
        return (
            ANY
            if choice.hidden or not source.hidden
            else Condition(source.seen("true", ordered=ordered), {})
        )

    def _filtered(self, source: Source, choice: Choice, *, ordered: bool) -> Condition:
        from leadctl.core.filters import criteria, names_field
        from leadctl.store.criteria import condition

        wanted = criteria(self, source, choice.where)
        found = condition(source, wanted)
        sql = found.sql.replace("{today}", ":today")
        if not (choice.hidden or not source.hidden or names_field(wanted, "retired")):
            sql = source.seen(sql, ordered=ordered)
        return Condition(sql, {**found.parameters, "today": self.today})

    def explain(self, source: Source, choice: Choice) -> Iterator[str]:
        """The SQL that finds the records of a choice, its values, and the plan of the database for it."""
        where = self.condition(source, choice)
        sql = f"SELECT t.id FROM {source.from_sql(where.sql)} WHERE {where.sql}"
        yield sql
        yield from (f":{name} = {value!r}" for name, value in where.parameters.items())
        yield from self.engine.plan(sql, **where.parameters)

    @staticmethod
    def split_ids(ids: Iterable[int | str]) -> tuple[list[int], list[str]]:
        """Numbers and external ids apart.

        Raises UsageError for what is neither a number up to 2^63-1 nor ``ext:KEY``.
        """
        numbers: list[int] = []
        external: list[str] = []
        for id in ids:
            if isinstance(id, str) and id.startswith("ext:") and is_storable(id):
                external.append(id[4:])
            else:
                numbers.append(_number(id))
        return numbers, external


def _number(id: int | str) -> int:
    text = str(id)
    if not (text.isascii() and text.isdecimal()):
        raise UsageError(
            "{id} is not an ID",
            id=text,
            hint="an ID is a number or ext: and the external id; find shows it",
        )
    if len(text) > len(str(LARGEST_INTEGER)) or int(text) > LARGEST_INTEGER:
        raise UsageError("{id} is too large for an ID", id=text)
    return int(text)


def as_choice(ids: Ids) -> Choice:
    """What library methods take as their first argument, as a choice."""
    if isinstance(ids, Choice):
        return ids
    if isinstance(ids, (int, str)):
        return Choice(ids=(ids,))
    # Bytes are a row of numbers as well.
    if isinstance(ids, (bytes, bytearray)) or not isinstance(ids, Iterable):
        return Choice(ids=(str(ids),))
    return Choice(ids=tuple(ids))


def the_one(choice_ids: int | str, source: Source, crm: Crm) -> int:
    """The number of exactly one record. Raises NotFound."""
    condition = crm.condition(source, Choice(ids=(choice_ids,)))
    id = crm.engine.value(
        f"SELECT t.id FROM {source.table} t WHERE {condition.sql}", **condition.parameters
    )
    if id is None:
        raise NotFound("{entity} {id} does not exist", entity=source.entity, id=choice_ids)
    return int(id)


def open_crm(
    path: str | Path = "leads.db",
    *,
    user: str | None = None,
    today: date | str | None = None,
    language: str = "en",
    lock_wait: float = 5.0,
    synchronous: str = "full",
) -> Crm:
    """Open an existing leadctl file.

    ``user`` is recorded as the author of changes (the login name by default), ``today`` is the
    logical date, ``lock_wait`` the seconds to wait for another writer, ``synchronous`` ``"full"``
    or ``"normal"``. Raises DatabaseError when the file is missing, foreign, damaged, or of another
    schema, and UsageError for a date that is none.
    """
    clock = Clock(parse_date(today))
    author = checked_user(user)
    engine = connect(path, lock_wait=lock_wait, synchronous=synchronous)
    found = engine.schema
    if found != SCHEMA:
        engine.close()
        raise wrong_schema(path, found)
    return Crm(engine, user=author, clock=clock, language=language)


def wrong_schema(path: str | Path, found: int) -> DatabaseError:
    """The error for a file of another schema, older or newer."""
    newer = found > SCHEMA
    return DatabaseError(
        "{path} has schema {found}, this leadctl knows schema {known}",
        code="schema_newer" if newer else "schema_outdated",
        hint="a newer leadctl is needed" if newer else "leadctl db migrate brings it up to date",
        path=str(path),
        found=found,
        known=SCHEMA,
    )


def checked_user(user: str | None) -> str:
    """Who is recorded as the author: ``user``, or the login name. Raises UsageError."""
    if user is not None and not is_storable(user):
        raise UsageError("the name of the user is not valid text")
    return user or login_name()


def login_name() -> str:
    """The name of the user who runs this, ``"unknown"`` where the system has none."""
    import getpass

    try:
        return getpass.getuser().encode(errors="replace").decode()
    except (KeyError, OSError):
        return "unknown"


def parse_date(value: Any) -> date | None:
    """A date from ``YYYY-MM-DD``. Raises UsageError."""
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    try:
        # fromisoformat takes other notations of ISO 8601 as well, such as 2026-W05-6.
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", str(value)):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise UsageError("{value} is not a date", value=value, hint="dates are written YYYY-MM-DD")
