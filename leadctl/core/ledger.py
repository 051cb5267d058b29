"""Entries of opportunities: where each one stands, and what a verb adds for all of them at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leadctl.core.values import folded_or_none
from leadctl.errors import Reason
from leadctl.model import Method
from leadctl.rules.opportunities import Standing
from leadctl.rules.stages import Cycle, Stage
from leadctl.store import opportunity
from leadctl.store.tables import hundredths

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from leadctl.core.batch import Work
    from leadctl.rules.opportunities import Entry
    from leadctl.store.engine import Engine

# The last entry on a stage matters to a closed opportunity only, and is looked for only there.
_JOINS = """opportunity t
    LEFT JOIN entry e ON e.opportunity_id = t.id AND e.active = 1
    LEFT JOIN entry l ON l.id = CASE WHEN t.closed_on IS NOT NULL THEN (SELECT max(x.id)
        FROM entry x WHERE x.opportunity_id = t.id AND x.stage IS NOT NULL) END
    LEFT JOIN quote q ON q.opportunity_id = t.id AND q.status = 'open'
    LEFT JOIN sales_order r ON r.opportunity_id = t.id"""
_CELLS = (
    "t.id, t.cycle_id, e.id, t.status, e.stage, e.date, coalesce(e.estimated_value_minor, 0),"
    " coalesce(e.chances, 0), e.close_date, q.total_minor, r.id IS NOT NULL, l.stage,"
    " coalesce(l.chances, 0), l.close_date, coalesce(t.company_id, t.person_id) IS NOT NULL"
)
# What is planned for an opportunity -> the column of the entry.
ENTRY_COLUMNS = {
    "action": "action",
    "stage": "stage",
    "stage_name": "stage_name",
    "stage_name_key": "stage_name_key",
    "previous_stage": "previous_stage",
    "date": "date",
    "value": "estimated_value_minor",
    "chances": "chances",
    "completed": "completed",
    "probability": "probability",
    "calculated": "calculated_value_minor",
    "close_date": "close_date",
    "closed_on": "closed_on",
    "close_code": "close_code_id",
}
PLANNED = (
    *("#before", "#days_open", "#cycle_id"),
    *opportunity.ENTRY.marked_as(ENTRY_COLUMNS),
)
_SHOWN = {
    "stage": "{0}.stage",
    "estimated_value": hundredths("{0}.estimated_value_minor"),
    "chances_percent": hundredths("{0}.chances"),
    "close_date": "{0}.close_date",
}


def read_cycles(engine: Engine) -> dict[int, Cycle]:
    """All sales cycles with their stages, by number."""
    stages: dict[int, list[Stage]] = {}
    for id, number, name, completed, chances, quote, skip, formula in engine.stream(
        "SELECT cycle_id, number, name, completed, chances, quote_required, allow_skip,"
        " date_formula FROM stage ORDER BY cycle_id, number"
    ):
        stages.setdefault(id, []).append(
            Stage(number, name, completed, chances, bool(quote), bool(skip), formula)
        )
    return {
        id: Cycle(id, key, Method(method), tuple(stages.get(id, ())))
        for id, key, method in engine.stream("SELECT id, key, method FROM sales_cycle")
    }


def standings(engine: Engine, ids: str) -> Iterator[tuple[int, int, int | None, Standing]]:
    """Number, sales cycle, active entry and standing of the opportunities that a FROM item with
    ``id`` names, in the order of their numbers.
    """
    for row in engine.stream(
        f"SELECT {_CELLS} FROM {_JOINS} WHERE t.id IN (SELECT id FROM {ids}) ORDER BY t.id"
    ):
        yield row[0], row[1], row[2], Standing(*row[3:])


def standing_of(engine: Engine, id: int) -> tuple[int, Standing]:
    """Sales cycle and standing of one opportunity that exists."""
    row = engine.query(f"SELECT {_CELLS} FROM {_JOINS} WHERE t.id = :id", id=id)[0]
    return row[1], Standing(*row[3:])


def plan_entries(
    work: Work,
    rule: Callable[[Standing, Cycle], Entry | Reason],
    noted: Callable[[Standing], None] = lambda standing: None,
) -> None:
    """Ask ``rule`` for the entry of every opportunity that was chosen; ``noted`` is told of each
    that gets one.
    """
    cycles = read_cycles(work.engine)

    def plans() -> Iterator[tuple[int, Reason | tuple[Any, ...]]]:
        for id, cycle, before, standing in standings(work.engine, "temp.target"):
            entry = rule(standing, cycles[cycle])
            if isinstance(entry, Reason):
                yield id, entry
            else:
                noted(standing)
                yield id, (before, entry.days_open, cycle, *cells_of(entry))

    work.plan_each(plans(), PLANNED, _changes())


def cells_of(entry: Entry) -> tuple[Any, ...]:
    """An entry as the cells that ``PLANNED`` names, without the first three."""
    return (
        entry.action.value,
        entry.stage,
        entry.stage_name,
        folded_or_none(entry.stage_name),
        entry.previous_stage,
        entry.date,
        *entry.figures,
        entry.close_date,
        entry.closed_on,
        entry.close_code,
    )


def write_entries(work: Work, source: str) -> int:
    """Close the active entries and add those that ``source`` has planned; returns how many."""
    before = f"(SELECT before AS id, days_open FROM {source} WHERE before IS NOT NULL)"
    work.gate.update(opportunity.ENTRY, before, {"active": "0", "days_open": "s.days_open"})
    values = {column: f"s.{name}" for name, column in ENTRY_COLUMNS.items()}
    values |= {"opportunity_id": "s.id", "cycle_id": "s.cycle_id", "active": "1"}
    added, _ = work.gate.insert(opportunity.ENTRY, source, values, "id")
    return added


def _changes() -> str:
    """SQL for how the figures of an opportunity differ from before, as pairs."""
    pairs = ", ".join(
        f"'{field}', json_array({sql.format('o')}, {sql.format('n')})"
        for field, sql in _SHOWN.items()
    )
    return (
        f"(SELECT json_object({pairs}) FROM entry n LEFT JOIN entry o ON o.id = s.before"
        " WHERE n.opportunity_id = s.id AND n.active = 1)"
    )
