"""The dashboard: tiles on leads and on the pipeline, from the statements of lists and reports."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from leadctl.core.noun import ALL
from leadctl.core.refs import find_item, find_item_or_none
from leadctl.errors import UsageError
from leadctl.model import Choice, Record
from leadctl.rules.naming import folded
from leadctl.store import company, lists, opportunity, person, select
from leadctl.store import cycle as cycle_store
from leadctl.store.report_fields import TILES
from leadctl.store.report_opportunities import CONTACT_COUNTRY
from leadctl.store.report_people import CAME_FROM, NEW_LEADS
from leadctl.store.select import Condition

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from leadctl.core.crm import Crm
    from leadctl.core.noun import Noun
    from leadctl.store.tables import Source

MOST_ROWS = 10
TOP = 5
DUE = ("id", "description", "salesperson", "close_date", "estimated_value")
DEAL = ("id", "description", "salesperson", "stage_name", "close_date", "estimated_value")
THIS_YEAR = "created in this year"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


class Dashboard:
    """Tiles, each of which can be asked for alone."""

    def __init__(self, crm: Crm) -> None:
        self._crm = crm

    def show(
        self,
        *,
        active_only: bool = False,
        owner: str | None = None,
        country: str | None = None,
        cycle: str | None = None,
        tiles: Sequence[str] = TILES,
    ) -> Record:
        """The tiles by name.

        * ``qualification_funnel``: the rows of ``report funnel``
          (``key label count share_percent``).
        * ``new_leads_by_source``, ``new_leads_by_campaign`` (of their creation),
          ``new_leads_by_first_touch`` (its source): rows ``group count`` of people created this
          year who have a lead status or a record of where they were created; ``group`` is null
          where nothing is known.
        * ``leads_from_forms``: the number of people created by a form this year.
        * ``people_by_status``, ``companies_by_category``, ``lost_codes`` (close codes of lost
          opportunities): rows ``group count``; ``group`` is null for those without one.
        * ``open_by_stage``, ``forecast_by_month``: the rows of ``report pipeline`` and
          ``report forecast``.
        * ``win_rate``: an object ``won lost win_rate_percent won_value`` over all time.
        * ``overdue`` (expected to close before today), ``due_soon`` (from today to seven days
          later): an object ``count opportunities``, the latter the first ten rows
          ``id description salesperson close_date estimated_value`` in the order of the date.
        * ``top_opportunities``: the five open ones with the greatest estimated value, as rows
          ``id description salesperson stage_name close_date estimated_value``.

        ``active_only`` counts only people for whom lead status applies now. ``owner`` is that of
        people and companies and the salesperson of opportunities; ``country`` that of people and
        companies, and of the contact's company (else of the person) for opportunities; ``cycle``
        narrows opportunities. Raises NotFound for a list item that does not exist and UsageError
        for a tile that does not.
        """
        for name in tiles:
            if name not in TILES:
                raise UsageError("there is no field {field}", field=name)
        people = ["lead_status_active = true"] if active_only else []
        companies: list[str] = []
        deals: list[str] = []
        if owner is not None:
            item = find_item_or_none(self._crm, lists.USERS, owner)
            for field, filters in (("owner", people), ("owner", companies), ("salesperson", deals)):
                filters.append(f"{field} = {_quoted(item.key)}" if item.id else f"{field} is null")
        if country is not None:
            for filters in (people, companies):
                filters.append(f"country = {_quoted(country)}")
        if cycle is not None:
            deals.append(f"cycle = {_quoted(find_item(self._crm, cycle_store.CYCLES, cycle).key)}")
        made = _Tiles(self._crm, people, companies, deals, country)
        return {name: made.tile(name) for name in tiles}


class _Tiles:
    """The tiles for one set of filters."""

    def __init__(
        self,
        crm: Crm,
        people: list[str],
        companies: list[str],
        deals: list[str],
        country: str | None,
    ) -> None:
        self._crm = crm
        self._people = people
        self._companies = companies
        self._deals = deals
        self._country = country

    def tile(self, name: str) -> Any:
        """One tile by its name."""
        reports, crm = self._crm.reports, self._crm
        make: dict[str, Callable[[], Any]] = {
            "qualification_funnel": lambda: reports.run(reports.funnel_of(self._persons())),
            "new_leads_by_source": lambda: self._new_leads("lead_creation.source"),
            "new_leads_by_campaign": lambda: self._new_leads("lead_creation.campaign"),
            "new_leads_by_first_touch": lambda: self._new_leads("first_touch.source"),
            "leads_from_forms": lambda: self._count(
                person.SOURCE, self._persons(THIS_YEAR, "form is not null")
            ),
            "people_by_status": lambda: self._groups(person.SOURCE, "lead_status", self._persons()),
            "companies_by_category": lambda: self._groups(
                company.SOURCE, "category", self._where(crm.companies, self._companies)
            ),
            "open_by_stage": lambda: reports.run(reports.pipeline_of(self._open())),
            "forecast_by_month": lambda: reports.run(reports.forecast_of(self._open())),
            "win_rate": self._win_rate,
            "lost_codes": lambda: self._groups(
                opportunity.CLOSINGS, "close_code", self._closed("outcome = lost")
            ),
            "overdue": lambda: self._due("close_date < today"),
            "due_soon": lambda: self._due("close_date between today and today+7d"),
            "top_opportunities": lambda: self._first(
                DEAL, self._open(), ("estimated_value", True), TOP
            ),
        }
        return make[name]()

    def _where(self, noun: Noun, filters: Sequence[str], source: Source | None = None) -> Condition:
        return noun.condition(Choice(where=tuple(filters)) if filters else ALL, source=source)

    def _persons(self, *more: str) -> Condition:
        return self._where(self._crm.people, [*self._people, *more])

    def _open(self, *more: str) -> Condition:
        """Opportunities that stand on a stage."""
        return self._of_country(opportunity.OPEN, more)

    def _closed(self, *more: str) -> Condition:
        return self._of_country(opportunity.CLOSINGS, more)

    def _of_country(self, source: Source, more: Sequence[str]) -> Condition:
        where = self._where(self._crm.opportunities, [*self._deals, *more], source)
        if self._country is None:
            return where
        country = {"country": folded(self._country)}
        return Condition(f"({where.sql}) AND {CONTACT_COUNTRY}", where.parameters | country)

    @cached_property
    def _new(self) -> int:
        """How many new leads there are, wherever they came from: two parts, an index for each."""
        touched = self._persons(THIS_YEAR, "lead_status is null")
        return sum(
            self._count(person.SOURCE, where)
            for where in (
                self._persons(THIS_YEAR, "lead_status is not null"),
                touched._replace(sql=f"({touched.sql}) AND {CAME_FROM}"),
            )
        )

    def _new_leads(self, field: str) -> list[Record]:
        """Those of whom it is known are in an index of their own; the others are the rest."""
        where = self._persons(THIS_YEAR, f"{field} is not null")
        known = self._groups(
            person.SOURCE, field, where._replace(sql=f"({where.sql}) AND {NEW_LEADS}")
        )
        others = self._new - sum(row["count"] for row in known)
        return [*known, {"group": None, "count": others}] if others else known

    def _groups(self, source: Source, field: str, where: Condition) -> list[Record]:
        rows = select.groups(self._crm.engine, source, field, where, today=self._crm.today)
        return [{"group": value, "count": count} for value, count in rows]

    def _count(self, source: Source, where: Condition) -> int:
        return select.count(self._crm.engine, source, where, today=self._crm.today)

    def _win_rate(self) -> Record:
        reports = self._crm.reports
        (row,) = reports.run(reports.win_loss_of(self._closed()))
        return {key: value for key, value in row.items() if key != "group"}

    def _due(self, period: str) -> Record:
        where = self._open(period)
        rows = self._first(DUE, where, ("close_date", False), MOST_ROWS)
        return {"count": self._count(opportunity.OPEN, where), "opportunities": rows}

    def _first(
        self, fields: Sequence[str], where: Condition, sort: tuple[str, bool], limit: int
    ) -> list[Record]:
        """The first open opportunities by one field."""
        ids = select.first(
            self._crm.engine, opportunity.OPEN, where, sort, limit, today=self._crm.today
        )
        rows = self._crm.opportunities.with_numbers(ids, fields)
        return sorted(rows, key=lambda row: ids.index(row["id"]))
