"""Boards: how many records each column holds, and the first of them by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leadctl.store import opportunity, person
from leadctl.store.engine import document

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from leadctl.store.engine import Engine, Row
    from leadctl.store.select import Condition
    from leadctl.store.tables import Source

# The numbers of list items, read past the lists themselves: a million people need no look-up.
REFS: dict[str, dict[str, str]] = {
    "person": {
        "lead_status": "t.lead_status_id",
        "category": person.EFFECTIVE_CATEGORY,
        "owner": "coalesce(c.owner_id, t.own_owner_id)",
    },
    "company": {"category": "t.category_id", "owner": "t.owner_id"},
    "opportunity": {"stage": "e.stage", "status": "t.status", "owner": "t.salesperson_id"},
}
CYCLE = "t.cycle_id"
_VALUE = f"sum({opportunity.SOURCE.fields['estimated_value'].order})"


def counts(
    engine: Engine, source: Source, refs: Sequence[str], where: Condition
) -> Iterator[tuple[tuple[Any, ...], int, int | None]]:
    """How many records there are for each combination of ``refs``, and for opportunities the sum
    of their estimated values in minor units.
    """
    value = _VALUE if source is opportunity.SOURCE else "NULL"
    cells = ", ".join(refs)
    sql = (
        f"SELECT {cells}, count(*), {value} FROM"
        f" {source.from_sql(f'{cells} {value} {where.sql}')} WHERE {where.sql} GROUP BY {cells}"
    )
    for *values, count, total in engine.stream(sql, **where.parameters):
        yield tuple(values), count, total


def cards(
    engine: Engine,
    source: Source,
    refs: Sequence[str],
    where: Condition,
    filled: Sequence[Sequence[Any]],
    limit: int,
) -> Iterator[Row]:
    """The first ``limit`` records by name for each combination of ``refs`` that is ``filled``:
    the combination, then number and name, all in the order of the names.
    """
    name = source.fields.get("name") or source.fields["description"]
    parameters = {**where.parameters, "limit": limit}
    if all(ref.startswith("t.") for ref in refs):
        # Columns of the table itself: an index finds each combination, often in order.
        keys = ", ".join(f"j.value ->> {place}" for place in range(len(refs)))
        same = " AND ".join(f"{ref} IS (j.value ->> {place})" for place, ref in enumerate(refs))
        inner = f"({where.sql}) AND {same}"
        first = (
            f"SELECT t.id FROM {source.from_sql(inner)} WHERE {inner}"
            f" ORDER BY {name.order}, t.id LIMIT :limit"
        )
        sql = (
            f"SELECT {keys}, t.id, {name.sql} FROM json_each(:filled) j"
            f" JOIN {source.table} t ON t.id IN ({first}) ORDER BY {name.order}, t.id"
        )
        parameters["filled"] = document(filled)
    else:
        cells = ", ".join(f"{ref} AS k{place}" for place, ref in enumerate(refs))
        keys = ", ".join(f"w.k{place}" for place in range(len(refs)))
        sql = (
            f"SELECT {keys}, t.id, {name.sql} FROM (SELECT {cells}, t.id AS id, row_number() OVER"
            f" (PARTITION BY {', '.join(refs)} ORDER BY {name.order}, t.id) AS place"
            f" FROM {source.from_sql(f'{cells} {where.sql}')} WHERE {where.sql}) w"
            f" JOIN {source.table} t ON t.id = w.id WHERE w.place <= :limit"
            f" ORDER BY {name.order}, t.id"
        )
    return engine.stream(sql, **parameters)
