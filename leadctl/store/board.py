"""Boards: how many records each column holds, and the first of them by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leadctl.store import opportunity, person
from leadctl.store.engine import document

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from leadctl.store.engine import Engine, Row
    from leadctl.store.select import Condition
    from leadctl.store.tables import Field, Source

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
# How an index finds the people of a category or owner, by way of their companies, and what stands on
# a stage of the cycle that the board shows, or on none.
_FOUND = {
    REFS["person"][field]: (
        f"(t.company_id IN (SELECT id FROM company WHERE {column} IS NOT DISTINCT FROM {{value}})"
        f" OR t.company_id IS NULL AND t.own_{column} IS NOT DISTINCT FROM {{value}})"
    )
    for field, column in (("category", "category_id"), ("owner", "owner_id"))
} | {
    REFS["opportunity"]["stage"]: (
        "t.id IN (SELECT x.opportunity_id FROM entry x WHERE x.active = 1 AND x.stage IS NOT NULL"
        " AND x.cycle_id = :board_cycle AND x.stage = {value} UNION ALL SELECT y.id"
        " FROM opportunity y LEFT JOIN entry x ON x.opportunity_id = y.id AND x.active = 1"
        " WHERE {value} IS NULL AND x.stage IS NULL)"
    )
}
_TEXTS = (REFS["opportunity"]["status"],)
CYCLE = "t.cycle_id"
_VALUE = f"sum({opportunity.SOURCE.fields['estimated_value'].order})"


def counts(
    engine: Engine, source: Source, refs: Sequence[str], where: Condition
) -> Iterator[tuple[tuple[Any, ...], int, int | None]]:
    """How many records there are for each combination of ``refs``, and for opportunities the sum
    of their estimated values in minor units.
    """
    value = _VALUE if source is opportunity.SOURCE else "CAST(NULL AS BIGINT)"
    cells = ", ".join(refs)
    rows, sums = source.grouped_sql(cells, where.sql, f", {value} AS value"), "sum(n), sum(value)"
    if rows is None:
        rows = f"{source.from_sql(f'{cells} {value} {where.sql}')} WHERE {where.sql}"
        sums = f"count(*), {value}"
    sql = f"SELECT {cells}, {sums} FROM {rows} GROUP BY {cells}"
    for *values, count, total in engine.stream(sql, **where.parameters):
        yield tuple(values), count, total


def cards(
    engine: Engine,
    source: Source,
    refs: Sequence[str],
    where: Condition,
    filled: Mapping[tuple[Any, ...], int],
    limit: int,
) -> list[Row]:
    """The first ``limit`` records by name for each combination of ``refs`` that is ``filled``, with
    how many records it has: the combination, then number and name, all in the order of the names.

    What is common is met soon on a walk in the order of the names, what is rare is found by an
    index and sorted.
    """
    name = source.fields.get("name") or source.fields["description"]
    bounds = where.parameters | {"limit": limit}
    walks = not all(ref.startswith("t.") for ref in refs)
    found: list[Row] = []
    rare = list(filled)
    looked_up = [_FOUND.get(ref, f"{ref} IS NOT DISTINCT FROM {{value}}") for ref in refs]
    if walks:
        rows = engine.value(f"SELECT max(id) FROM {source.table}") or 0
        rare = [key for key, count in filled.items() if count * count <= limit * rows]
        met = [f"+{ref} IS NOT DISTINCT FROM {{value}}" for ref in refs]
        sql = _first_sql(engine, source, where, refs, met, name, name.order)
        found += engine.query(sql, **bounds, filled=document([k for k in filled if k not in rare]))
    # The sign keeps SQLite from a walk where few are looked up.
    sql = _first_sql(
        engine, source, where, refs, looked_up, name, f"{'+' if walks else ''}{name.order}"
    )
    found += engine.query(sql, **bounds, filled=document(rare))
    return [row[:-1] for row in sorted(found, key=lambda row: (row[-1], row[-3]))]


def _first_sql(
    engine: Engine,
    source: Source,
    where: Condition,
    refs: Sequence[str],
    same: Sequence[str],
    name: Field,
    order: str,
) -> str:
    """The SELECT of the first cards of each combination: its values, number, name, key of the name.

    ``same`` is what holds for the records of one, per value.
    """
    values = [
        f"j.value ->> {place}" if ref in _TEXTS else f"CAST(j.value ->> {place} AS BIGINT)"
        for place, ref in enumerate(refs)
    ]
    alike = " AND ".join(
        template.format(value=f"({value})") for template, value in zip(same, values, strict=True)
    )
    inner = f"({where.sql}) AND {alike}"
    first = (
        f"SELECT t.id FROM {source.from_sql(inner)} WHERE {inner} ORDER BY {order}, t.id"
        " LIMIT :limit"
    )
    return (
        f"SELECT {', '.join(values)}, t.id, {name.sql}, {name.order} FROM json_each(:filled) j"
        f" {engine.for_each(source.table, first)}"
    )
