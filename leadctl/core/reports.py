"""Reports: figures over people, opportunities and their ledger, each from one statement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict

from leadctl.core.crm import as_choice
from leadctl.core.given import day_of
from leadctl.core.narrowing import narrowed
from leadctl.core.noun import ALL, unknown_field
from leadctl.core.refs import find_item, find_item_or_none
from leadctl.errors import UsageError
from leadctl.model import Record, canonical
from leadctl.rules.figures import percent, plain
from leadctl.store import lists, opportunity, person, select
from leadctl.store import report_opportunities as of_opportunities
from leadctl.store import report_people as of_people
from leadctl.store.cycle import CYCLES
from leadctl.store.report_fields import FIELDS
from leadctl.store.report_parts import statement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Unpack

    from leadctl.core.crm import Crm, Ids
    from leadctl.core.noun import Noun
    from leadctl.model import Choice
    from leadctl.store.select import Condition
    from leadctl.store.tables import Source

# Report -> the field by which it groups unless --by names another; the others' rows are fixed.
GROUPED = {"sources": "lead_creation.source", "win-loss": "", "ageing": "stage_name"}
# Report -> the date that --from and --to are about. Reports on visits look at their beginning.
DATES = {
    "funnel": "created",
    "sources": "created",
    "pipeline": "created",
    "forecast": "close_date",
    "win-loss": "closed_on",
    "ageing": "created",
}
_EVER = ("0000-01-01", "9999-12-31")


class Asked(TypedDict, total=False):
    """What a report can be asked for.

    ``from_`` and ``to`` are inclusive dates, ``cycle`` and ``salesperson`` list items by key or
    name (``none`` finds what has none), ``by`` is a field of the records.
    """

    from_: str | None
    to: str | None
    cycle: str | None
    salesperson: str | None
    by: str | None


class Query(NamedTuple):
    """The statement of a report and what makes records of its rows."""

    sql: str
    parameters: dict[str, Any]
    shape: Callable[[Any], Record]


class Reports:
    """Reports. Every method takes the records first, as ``list`` does: people for ``sources`` and,
    without a ``cycle``, for ``funnel`` and ``conversion``; opportunities for the others.

    All raise UsageError for a date or field that is none, and NotFound for a list item that does
    not exist.
    """

    def __init__(self, crm: Crm) -> None:
        self._crm = crm

    def funnel(self, records: Ids = ALL, **asked: Unpack[Asked]) -> list[Record]:
        """People per lead status, in the order of the list; of those created in the period.

        With ``cycle``: different opportunities that ever stood on each of its stages. The share is
        that of all people with a status, or of all opportunities that stood on any stage. The
        salesperson of a person is its owner.
        """
        return self.rows("funnel", records, **asked)

    def sources(self, records: Ids = ALL, **asked: Unpack[Asked]) -> list[Record]:
        """People per source of their creation (or ``by`` another field), created in the period.

        Who is ``qualified`` is so now; ``won`` counts people with a won opportunity (of
        ``cycle``), and the conversion is their share of all.
        """
        return self.rows("sources", records, **asked)

    def pipeline(self, records: Ids = ALL, **asked: Unpack[Asked]) -> list[Record]:
        """Open, started opportunities per stage; of those created in the period."""
        return self.rows("pipeline", records, **asked)

    def forecast(self, records: Ids = ALL, **asked: Unpack[Asked]) -> list[Record]:
        """Open, started opportunities per month of the expected closing date.

        ``estimated_value`` is unweighted, ``calculated_value`` weighted by the probability.
        """
        return self.rows("forecast", records, **asked)

    def win_loss(self, records: Ids = ALL, **asked: Unpack[Asked]) -> list[Record]:
        """What was closed in the period, ``by`` a field or in one row (``group`` is "all")."""
        return self.rows("win-loss", records, **asked)

    def ageing(self, records: Ids = ALL, **asked: Unpack[Asked]) -> list[Record]:
        """Days that open, started opportunities have been on their stage, per stage or ``by`` a
        field; of those created in the period.
        """
        return self.rows("ageing", records, **asked)

    def conversion(self, records: Ids = ALL, **asked: Unpack[Asked]) -> list[Record]:
        """From lead status to lead status, by the history; what was undone does not count.

        With ``cycle``: from stage to stage, ``won`` or ``lost``, by the ledger. It counts stays
        that began in the period; the share is that of all such stays. ``to`` is null, without
        days, for those that still go on.
        """
        return self.rows("conversion", records, **asked)

    def stage_history(self, records: Ids = ALL, **asked: Unpack[Asked]) -> list[Record]:
        """Visits of each stage that began in the period, how many are over, and their days."""
        return self.rows("stage-history", records, **asked)

    def rows(self, name: str, records: Ids = ALL, **asked: Unpack[Asked]) -> list[Record]:
        """A report by its name."""
        return self.run(self.query(name, records, **asked))

    def run(self, query: Query) -> list[Record]:
        """The records of a statement."""
        return [query.shape(row) for row in self._crm.engine.stream(query.sql, **query.parameters)]

    def explain(self, name: str, records: Ids = ALL, **asked: Unpack[Asked]) -> Iterator[str]:
        """The SQL of a report, its values, and the plan of the database for it."""
        sql, parameters, _ = self.query(name, records, **asked)
        yield from sql.split("\n")
        yield from (f":{key} = {value!r}" for key, value in parameters.items())
        yield from self._crm.engine.plan(sql, **parameters)

    def undecided(self, records: Ids = ALL, **asked: Unpack[Asked]) -> int:
        """How many people of ``sources`` have open opportunities: their conversion may rise."""
        where = self._condition("sources", records, asked)
        open_too = where._replace(sql=f"({where.sql}) AND {of_people.UNDECIDED}")
        return select.count(self._crm.engine, person.SOURCE, open_too, today=self._crm.today)

    def query(self, name: str, records: Ids = ALL, **asked: Unpack[Asked]) -> Query:
        """The statement of a report by its name."""
        since, until = check(name, asked.get("from_"), asked.get("to"), asked.get("by"))
        cycle, by = asked.get("cycle"), asked.get("by")
        where = self._condition(name, records, asked)
        of_cycle = None if cycle is None else find_item(self._crm, CYCLES, cycle).id
        build: dict[str, Callable[[], Query]] = {
            "funnel": lambda: self.funnel_of(where, of_cycle),
            "sources": lambda: self.sources_of(where, by, of_cycle),
            "pipeline": lambda: self.pipeline_of(where),
            "forecast": lambda: self.forecast_of(where),
            "win-loss": lambda: self.win_loss_of(where, by),
            "ageing": lambda: self._ageing(where, by),
            "conversion": lambda: self._conversion(where, of_cycle, since, until),
            "stage-history": lambda: self._stage_history(where, since, until),
        }
        return build[name]()

    def _condition(self, name: str, records: Ids, asked: Asked) -> Condition:
        """The records that count: those asked for, of the period, narrowed by the filters."""
        days = check(name, asked.get("from_"), asked.get("to"), asked.get("by"))
        cycle = asked.get("cycle")
        noun = self._noun(name, cycle)
        period = [
            f"{canonical(DATES[name], noun.source.fields)} {sign} {day}"
            for sign, day in zip((">=", "<="), days, strict=True)
            if day is not None and name in DATES
        ]
        choice = self._narrowed(noun, as_choice(records), period, cycle, asked)
        return noun.condition(choice, source=of_opportunities.SOURCES.get(name))

    def _noun(self, name: str, cycle: str | None) -> Noun:
        """Whose records a report is about."""
        of_people = name == "sources" or (cycle is None and name in ("funnel", "conversion"))
        return self._crm.people if of_people else self._crm.opportunities

    def _narrowed(
        self, noun: Noun, choice: Choice, period: list[str], cycle: str | None, asked: Asked
    ) -> Choice:
        salesperson = asked.get("salesperson")
        if noun is self._crm.opportunities:
            return narrowed(self._crm, choice, tuple(period), salesperson=salesperson, cycle=cycle)
        if salesperson is not None:
            owner = find_item_or_none(self._crm, lists.USERS, salesperson)
            period = [*period, f"owner = '{owner.key}'" if owner.id else "owner is null"]
        return choice._replace(all=choice.all and not period, where=(*choice.where, *period))

    # Each of these makes the statement for the records for which a condition holds.

    def funnel_of(self, where: Condition, cycle: int | None = None) -> Query:
        """People per lead status, or opportunities per stage of a cycle."""
        if cycle is None:
            sql = statement(of_people.FUNNEL, person.SOURCE, where)
            return self._query(sql, where, "funnel", _with_share)
        sql = statement(of_opportunities.STAGE_FUNNEL, opportunity.SOURCE, where)
        return self._query(sql, where, "funnel", _with_share, cycle=cycle)

    def sources_of(
        self, where: Condition, by: str | None = None, cycle: int | None = None
    ) -> Query:
        """People per value of a field."""
        parts, reader = self._grouping(self._crm.people, by or GROUPED["sources"])
        parts["of_cycle"] = "AND +d.cycle_id = :cycle" if cycle else ""
        sql = statement(of_people.SOURCES, person.SOURCE, where, **parts)

        def shape(row: Sequence[Any]) -> Sequence[Any]:
            source, people, qualified, won = row
            return reader(source), people, qualified, won, percent(won, people)

        return self._query(sql, where, "sources", shape, cycle=cycle)

    def pipeline_of(self, where: Condition) -> Query:
        """Open opportunities per stage."""
        sql = statement(of_opportunities.PIPELINE, opportunity.OPEN, where)
        return self._query(sql, where, "pipeline", _as_is)

    def forecast_of(self, where: Condition) -> Query:
        """Open opportunities per month."""
        sql = statement(of_opportunities.FORECAST, opportunity.OPEN, where)
        return self._query(sql, where, "forecast", _as_is)

    def win_loss_of(self, where: Condition, by: str | None = None) -> Query:
        """Closed opportunities per value of a field, or in one row."""
        template, parts = of_opportunities.WIN_LOSS, {"group": "'all'"}
        reader: Callable[[Any], Any] = plain_value
        if by:
            template = of_opportunities.WIN_LOSS_BY
            parts, reader = self._grouping(self._crm.opportunities, by, opportunity.CLOSINGS)
        sql = statement(template, opportunity.CLOSINGS, where, **parts)

        def shape(row: Sequence[Any]) -> Sequence[Any]:
            group, won, lost, value = row
            return reader(group), won, lost, percent(won, won + lost), value

        return self._query(sql, where, "win-loss", shape)

    def _ageing(self, where: Condition, by: str | None) -> Query:
        parts, reader = self._grouping(
            self._crm.opportunities, by or GROUPED["ageing"], opportunity.OPEN
        )
        if not by:
            parts["order"] = "e.stage"
        sql = statement(of_opportunities.AGEING, opportunity.OPEN, where, **parts)

        def shape(row: Sequence[Any]) -> Sequence[Any]:
            group, count, least, median, most = row
            return reader(group), count, least, plain(median), most

        return self._query(sql, where, "ageing", shape)

    def _conversion(
        self, where: Condition, cycle: int | None, since: str | None, until: str | None
    ) -> Query:
        template, source = of_people.CONVERSION, person.SOURCE
        if cycle is not None:
            template, source = of_opportunities.STAGE_CONVERSION, opportunity.SOURCE
        sql = statement(template, source, where)

        def shape(row: Sequence[Any]) -> Sequence[Any]:
            before, after, count, stays, median = row
            days = None if median is None else plain(median)
            if cycle is not None and after not in (None, "won", "lost"):
                after = int(after)
            return before, after, count, percent(count, stays), days

        return self._query(sql, where, "conversion", shape, **_period(since, until))

    def _stage_history(self, where: Condition, since: str | None, until: str | None) -> Query:
        sql = statement(of_opportunities.STAGE_HISTORY, opportunity.SOURCE, where)
        return self._query(sql, where, "stage-history", _as_is, **_period(since, until))

    def _query(
        self,
        sql: str,
        where: Condition,
        name: str,
        shape: Callable[[Sequence[Any]], Sequence[Any]],
        **more: Any,
    ) -> Query:
        """The statement with the values that it names."""
        values = {"today": self._crm.today, **where.parameters, **more}
        used = {key: value for key, value in values.items() if f":{key}" in sql}
        fields = FIELDS[name]
        return Query(sql, used, lambda row: dict(zip(fields, shape(row), strict=True)))

    @staticmethod
    def _grouping(
        noun: Noun, by: str, source: Source | None = None
    ) -> tuple[dict[str, str], Callable[[Any], Any]]:
        """The SQL of a field and of its order, and what reads its values."""
        name = canonical(by, noun.source.fields)
        field = (source or noun.source).field(name)
        if field is None:
            raise unknown_field(by, noun.source)
        (reader,) = noun.readers([name])
        return {"group": field.sql, "order": field.order or field.sql}, reader or plain_value


def check(
    name: str, since: str | None, until: str | None, by: str | None
) -> tuple[str | None, str | None]:
    """The period, inclusive, from what was typed. Raises UsageError for a date that is none, a
    period that ends before it begins, and a grouping that the report does not have.
    """
    days = day_of(since), day_of(until)
    if days[0] and days[1] and days[1] < days[0]:
        raise UsageError("the period ends before it begins", hint="--from is the earlier date")
    if by is not None and name not in GROUPED:
        raise UsageError(
            "report {name} has no --by: its rows are fixed",
            hint="these take it: {names}",
            name=name,
            names=list(GROUPED),
        )
    return days


def plain_value(value: Any) -> Any:
    """A stored value that is shown as it is."""
    return value


def _as_is(row: Sequence[Any]) -> Sequence[Any]:
    return row


def _with_share(row: Sequence[Any]) -> Sequence[Any]:
    key, label, count, total = row
    return key, label, count, percent(count, total)


def _period(since: str | None, until: str | None) -> dict[str, str]:
    return {"since": since or _EVER[0], "until": until or _EVER[1]}
