"""``open_crm`` and the object that it returns: one open file, with a property per noun."""

from __future__ import annotations

import getpass
import re
from collections.abc import Callable, Iterable
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadctl.core.clock import Clock
from leadctl.core.policy import read_policy
from leadctl.errors import DatabaseError, NotFound, UsageError
from leadctl.labels import translator
from leadctl.model import Choice, Record
from leadctl.rules.naming import LARGEST_INTEGER, is_storable
from leadctl.store.engine import Engine, connect
from leadctl.store.migrations import SCHEMA, schema_of
from leadctl.store.select import Condition, chosen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leadctl.core.automation import Automation, Proposals
    from leadctl.core.categories import Categories
    from leadctl.core.changes import Changes
    from leadctl.core.closed import Closed
    from leadctl.core.companies import Companies
    from leadctl.core.cycles import CloseCodes, Cycles, Stages
    from leadctl.core.dashboard import Dashboard
    from leadctl.core.entries import Entries
    from leadctl.core.lead_statuses import LeadStatuses
    from leadctl.core.opportunities import Opportunities
    from leadctl.core.people import People
    from leadctl.core.quotes import Orders, Quotes
    from leadctl.core.reports import Reports
    from leadctl.core.selections import Selections
    from leadctl.core.settings import Settings
    from leadctl.core.users import Users
    from leadctl.rules.leads import Policy
    from leadctl.store.tables import Source

Ids = Iterable[int | str] | int | str | Choice


class Crm:
    """One open leadctl file. Close it, or use it with ``with``."""

    def __init__(self, engine: Engine, *, user: str, clock: Clock, language: str) -> None:
        self.engine = engine
        self.user = user
        self.clock = clock
        self.language = language
        # Called with number and command of a change when its transaction has ended well.
        self.on_change: Callable[[int, str], None] | None = None

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

    @cached_property
    def companies(self) -> Companies:
        """Companies."""
        from leadctl.core.companies import Companies

        return Companies(self)

    @cached_property
    def people(self) -> People:
        """People, and their lead status."""
        from leadctl.core.people import People

        return People(self)

    @cached_property
    def categories(self) -> Categories:
        """The list of company categories."""
        from leadctl.core.categories import Categories

        return Categories(self)

    @cached_property
    def lead_statuses(self) -> LeadStatuses:
        """The list of lead statuses."""
        from leadctl.core.lead_statuses import LeadStatuses

        return LeadStatuses(self)

    @cached_property
    def users(self) -> Users:
        """The list of users."""
        from leadctl.core.users import Users

        return Users(self)

    @cached_property
    def cycles(self) -> Cycles:
        """Sales cycles."""
        from leadctl.core.cycles import Cycles

        return Cycles(self)

    @cached_property
    def stages(self) -> Stages:
        """The stages of sales cycles."""
        from leadctl.core.cycles import Stages

        return Stages(self)

    @cached_property
    def close_codes(self) -> CloseCodes:
        """Why opportunities are closed."""
        from leadctl.core.cycles import CloseCodes

        return CloseCodes(self)

    @cached_property
    def opportunities(self) -> Opportunities:
        """Opportunities."""
        from leadctl.core.opportunities import Opportunities

        return Opportunities(self)

    @cached_property
    def entries(self) -> Entries:
        """The ledgers of opportunities."""
        from leadctl.core.entries import Entries

        return Entries(self)

    @cached_property
    def closed(self) -> Closed:
        """Closed opportunities, in bulk."""
        from leadctl.core.closed import Closed

        return Closed(self)

    @cached_property
    def quotes(self) -> Quotes:
        """Quotes of opportunities."""
        from leadctl.core.quotes import Quotes

        return Quotes(self)

    @cached_property
    def orders(self) -> Orders:
        """Orders made of quotes."""
        from leadctl.core.quotes import Orders

        return Orders(self)

    @cached_property
    def automation(self) -> Automation:
        """The rules of category automation."""
        from leadctl.core.automation import Automation

        return Automation(self)

    @cached_property
    def proposals(self) -> Proposals:
        """What category automation has proposed."""
        from leadctl.core.automation import Proposals

        return Proposals(self)

    @cached_property
    def selections(self) -> Selections:
        """Selections of people, companies or opportunities."""
        from leadctl.core.selections import Selections

        return Selections(self)

    @cached_property
    def reports(self) -> Reports:
        """Reports on people, opportunities and their ledger."""
        from leadctl.core.reports import Reports

        return Reports(self)

    @cached_property
    def dashboard(self) -> Dashboard:
        """Leads and pipeline at a glance."""
        from leadctl.core.dashboard import Dashboard

        return Dashboard(self)

    @cached_property
    def settings(self) -> Settings:
        """The settings of the data."""
        from leadctl.core.settings import Settings

        return Settings(self)

    @cached_property
    def changes(self) -> Changes:
        """What was done, and how to take it back."""
        from leadctl.core.changes import Changes

        return Changes(self)

    def find(self, text: str, *, entity: str | None = None, limit: int = 50) -> list[Record]:
        """Companies and people in which the words of ``text`` occur; see ``core.finding.find``."""
        from leadctl.core.finding import find

        return find(self, text, entity=entity, limit=limit)[0]

    def policy(self) -> Policy:
        """The lists and settings by which lead status is decided, as they are now."""
        return read_policy(self.engine)

    def condition(self, source: Source, choice: Choice) -> Condition:
        """The WHERE clause of a choice of records."""
        named = None
        if choice.ids is not None:
            named = chosen(source, *self.split_ids(choice.ids))
        elif choice.selection is not None:
            from leadctl.core.membership import condition_of

            named = condition_of(self, source, choice.selection, hidden=choice.hidden)
        if named is not None:
            if not choice.where:
                return named
            narrowed = self._filtered(source, choice._replace(hidden=True))
            sql = f"{named.sql} AND ({narrowed.sql})"
            return Condition(sql, named.parameters | narrowed.parameters)
        if choice.where:
            return self._filtered(source, choice)
        return Condition("true" if choice.hidden or not source.hidden else source.hidden, {})

    def _filtered(self, source: Source, choice: Choice) -> Condition:
        from leadctl.core.filters import criteria, names_field
        from leadctl.store.criteria import condition

        wanted = criteria(self, source, choice.where)
        found = condition(source, wanted)
        sql = found.sql.replace("{today}", ":today")
        if not (choice.hidden or not source.hidden or names_field(wanted, "retired")):
            sql = f"({sql}) AND {source.hidden}"
        return Condition(sql, {**found.parameters, "today": self.today})

    def explain(self, source: Source, choice: Choice) -> Iterator[str]:
        """The SQL that finds the records of a choice, its values, and SQLite's plan for it."""
        where = self.condition(source, choice)
        sql = f"SELECT t.id FROM {source.from_sql(where.sql)} WHERE {where.sql}"
        yield sql
        yield from (f":{name} = {value!r}" for name, value in where.parameters.items())
        rows = self.engine.stream(f"EXPLAIN QUERY PLAN {sql}", **where.parameters)
        yield from (str(row[3]) for row in rows)

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
            "{id} is not an ID", id=text, hint="an ID is a number or ext: and the external id"
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
    if user is not None and not is_storable(user):
        raise UsageError("the name of the user is not valid text")
    engine = connect(Path(path), lock_wait=lock_wait, synchronous=synchronous)
    found = schema_of(engine)
    if found != SCHEMA:
        engine.close()
        newer = found > SCHEMA
        raise DatabaseError(
            "{path} has schema {found}, this leadctl knows schema {known}",
            code="schema_newer" if newer else "schema_outdated",
            hint="a newer leadctl is needed"
            if newer
            else "leadctl db migrate brings it up to date",
            path=str(path),
            found=found,
            known=SCHEMA,
        )
    return Crm(engine, user=user or login_name(), clock=clock, language=language)


def login_name() -> str:
    """The name of the user who runs this, ``"unknown"`` where the system has none."""
    try:
        return getpass.getuser().encode(errors="replace").decode()
    except (KeyError, OSError):
        return "unknown"


def parse_date(value: Any) -> date | None:
    """A date from ``YYYY-MM-DD``. Raises UsageError."""
    if value is None or isinstance(value, date):
        return value
    try:
        # fromisoformat takes other notations of ISO 8601 as well, such as 2026-W05-6.
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise UsageError("{value} is not a date", value=value, hint="dates are written YYYY-MM-DD")
