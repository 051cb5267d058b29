"""The dashboard: tiles on leads and on the pipeline, from the statements of lists and reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leadctl.core.noun import ALL
from leadctl.core.refs import find_item, find_item_or_none
from leadctl.errors import UsageError
from leadctl.model import Choice, Record
from leadctl.rules.naming import folded
from leadctl.store import cycle as cycle_store
from leadctl.store import lists, select
from leadctl.store.report_fields import TILES
from leadctl.store.report_opportunities import CONTACT_COUNTRY
from leadctl.store.report_people import NEW_LEADS
from leadctl.store.select import Condition

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from leadctl.core.crm import Crm
    from leadctl.core.noun import Noun

MOST_ROWS = 10
TOP = 5
OPEN = "closed_on is null"
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
        deals = [OPEN]
        closed: list[str] = []
        if owner is not None:
            item = find_item_or_none(self._crm, lists.USERS, owner)
            for field, filters in (
                ("owner", people),
                ("owner", companies),
                ("salesperson", deals),
                ("salesperson", closed),
            ):
                filters.append(f"{field} = {_quoted(item.key)}" if item.id else f"{field} is null")
        if country is not None:
            for filters in (people, companies):
                filters.append(f"country = {_quoted(country)}")
        if cycle is not None:
            key = find_item(self._crm, cycle_store.CYCLES, cycle).key
            for filters in (deals, closed):
                filters.append(f"cycle = {_quoted(key)}")
        made = _Tiles(self._crm, people, companies, deals, closed, country)
        return {name: made.tile(name) for name in tiles}


class _Tiles:
    """The tiles for one set of filters."""

    def __init__(
        self,
        crm: Crm,
        people: list[str],
        companies: list[str],
        deals: list[str],
        closed: list[str],
        country: str | None,
    ) -> None:
        self._crm = crm
        self._people = people
        self._companies = companies
        self._deals = deals
        self._closed = closed
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
                crm.people, self._persons(THIS_YEAR, "form is not null")
            ),
            "people_by_status": lambda: self._groups(crm.people, "lead_status", self._persons()),
            "companies_by_category": lambda: self._groups(
                crm.companies, "category", self._where(crm.companies, self._companies)
            ),
            "open_by_stage": lambda: reports.run(reports.pipeline_of(self._opportunities())),
            "forecast_by_month": lambda: reports.run(reports.forecast_of(self._opportunities())),
            "win_rate": self._win_rate,
            "lost_codes": lambda: self._groups(
                crm.opportunities, "close_code", self._those_closed("outcome = lost")
            ),
            "overdue": lambda: self._due("close_date < today"),
            "due_soon": lambda: self._due("close_date between today and today+7d"),
            "top_opportunities": lambda: self._rows(
                DEAL, self._opportunities(), (("estimated_value", True),), TOP
            ),
        }
        return make[name]()

    def _where(self, noun: Noun, filters: Sequence[str]) -> Condition:
        return noun.condition(Choice(where=tuple(filters)) if filters else ALL)

    def _persons(self, *more: str) -> Condition:
        return self._where(self._crm.people, [*self._people, *more])

    def _opportunities(self, *more: str) -> Condition:
        return self._of_country(self._where(self._crm.opportunities, [*self._deals, *more]))

    def _those_closed(self, *more: str) -> Condition:
        return self._of_country(self._where(self._crm.opportunities, [*self._closed, *more]))

    def _of_country(self, where: Condition) -> Condition:
        if self._country is None:
            return where
        country = {"country": folded(self._country)}
        return Condition(f"({where.sql}) AND {CONTACT_COUNTRY}", where.parameters | country)

    def _new_leads(self, field: str) -> list[Record]:
        where = self._persons(THIS_YEAR)
        new = where._replace(sql=f"({where.sql}) AND {NEW_LEADS}")
        return self._groups(self._crm.people, field, new)

    def _groups(self, noun: Noun, field: str, where: Condition) -> list[Record]:
        rows = select.groups(self._crm.engine, noun.source, field, where, today=self._crm.today)
        return [{"group": value, "count": count} for value, count in rows]

    def _count(self, noun: Noun, where: Condition) -> int:
        return select.count(self._crm.engine, noun.source, where, today=self._crm.today)

    def _win_rate(self) -> Record:
        reports = self._crm.reports
        (row,) = reports.run(reports.win_loss_of(self._those_closed()))
        return {key: value for key, value in row.items() if key != "group"}

    def _due(self, period: str) -> Record:
        where = self._opportunities(period)
        rows = self._rows(DUE, where, (("close_date", False),), MOST_ROWS)
        return {"count": self._count(self._crm.opportunities, where), "opportunities": rows}

    def _rows(
        self,
        fields: Sequence[str],
        where: Condition,
        sort: Sequence[tuple[str, bool]],
        limit: int,
    ) -> list[Record]:
        rows = select.rows(
            self._crm.engine,
            self._crm.opportunities.source,
            fields,
            where,
            today=self._crm.today,
            sort=sort,
            limit=limit,
        )
        return [dict(zip(fields, row, strict=True)) for row in rows]
