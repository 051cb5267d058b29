"""Lists: from a ``Source`` and what is asked of it to one SELECT."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from leadctl.model import Shape, Type
from leadctl.store.engine import document, numbers_sql, texts_sql
from leadctl.store.tables import all_digits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from leadctl.store.engine import Engine, Row
    from leadctl.store.tables import Field, Source


# Stands between the cells of a row that is one text; whoever reads it must make sure that no cell
# has it too.
MARK = "\ue0f1"
# SQLite limits the arguments of a function to 127, of which an object needs two per field.
MOST_CELLS = 50
# A limit that is none.
ALL = 2**63 - 1


class Condition(NamedTuple):
    """A WHERE clause over ``t`` and the values that it names."""

    sql: str
    parameters: dict[str, Any]


ANY = Condition("true", {})


def chosen(source: Source, ids: Sequence[int], external: Sequence[str]) -> Condition:
    """The records with these numbers or external ids."""
    external = external if "external_id" in source.fields else ()
    return Condition(
        f"(t.id IN ({numbers_sql('ids')}) OR t.id IN"
        f" (SELECT id FROM {source.table} WHERE external_id IN ({texts_sql('external')})))"
        if external
        else f"t.id IN ({numbers_sql('ids')})",
        {"ids": document(ids), "external": document(external)}
        if external
        else {"ids": document(ids)},
    )


def missing(
    engine: Engine, source: Source, ids: Sequence[int], external: Sequence[str]
) -> list[int | str]:
    """The numbers and external ids that no record has, in ascending order."""
    found: list[int | str] = [
        row[0]
        for row in engine.stream(
            f"SELECT DISTINCT j.value FROM ({numbers_sql('ids')}) j WHERE NOT EXISTS"
            f" (SELECT 1 FROM {source.table} t WHERE t.id = j.value) ORDER BY j.value",
            ids=document(ids),
        )
    ]
    if external and "external_id" not in source.fields:
        found += [f"ext:{key}" for key in sorted(set(external))]
    elif external:
        found += [
            f"ext:{row[0]}"
            for row in engine.stream(
                f"SELECT DISTINCT j.value FROM json_each(:external) j WHERE NOT EXISTS"
                f" (SELECT 1 FROM {source.table} t WHERE t.external_id = j.value) ORDER BY j.value",
                external=document(external),
            )
        ]
    return found


def rows(
    engine: Engine,
    source: Source,
    fields: Sequence[str],
    where: Condition,
    *,
    today: str,
    sort: Sequence[tuple[str, bool]] = (),
    limit: int | None = None,
    offset: int = 0,
    order: str = "",
    shape: Shape = Shape.STORED,
) -> Iterator[Row]:
    """The records as tuples of ``fields``; ``sort`` names fields and whether they descend.

    ``order`` is SQL that replaces the source's own order. ``shape`` says what the rows are made
    of: values as stored, texts as CSV has them, those texts as one with marks between them, or one
    JSON object per row, the last two of at most ``MOST_CELLS`` fields. They are made by SQL because
    a million rows are not, in Python, in a time that anybody would wait.

    Records without a value come last, whichever way they are sorted.
    """
    cells = ", ".join(_cell(_field(source, name), shape) for name in fields)
    if shape is Shape.JSON:
        pairs = (f"{_literal(name)}, {_cell(_field(source, name), shape)}" for name in fields)
        cells = f"json_object({', '.join(pairs)})"
    elif shape is Shape.LINE:
        cells = f"printf('{MARK.join(['%s'] * len(fields))}', {cells})"
    by = [
        f"{_field(source, name).order or _field(source, name).sql}{' DESC' if down else ''} NULLS LAST"
        for name, down in sort
    ]
    by.append(order or source.order)
    sql = f"SELECT {cells} FROM {source.from_sql()} WHERE {where.sql} ORDER BY {', '.join(by)}"
    bounds: dict[str, Any] = {}
    if limit is not None or offset:
        sql += " LIMIT :limit OFFSET :offset"
        bounds = {"limit": ALL if limit is None else limit, "offset": offset}
    return _run(engine, sql, where, today, bounds)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _field(source: Source, name: str) -> Field:
    field = source.field(name)
    assert field is not None, name
    return field


def _cell(field: Field, shape: Shape) -> str:
    if field.type is Type.BOOLEAN and shape is not Shape.STORED:
        true, false = (
            ("json('true')", "json('false')") if shape is Shape.JSON else ("'true'", "'false'")
        )
        return f"CASE WHEN ({field.sql}) = 1 THEN {true} ELSE {false} END"
    if field.kind == "total" and shape is not Shape.STORED:
        return (
            f"json({all_digits(field.order)})" if shape is Shape.JSON else all_digits(field.order)
        )
    if field.type is Type.JSON and shape in (Shape.TEXT, Shape.LINE):
        return field.shown
    if field.type is Type.ARRAY and shape is Shape.JSON:
        return f"json({field.sql})"
    if field.type is Type.JSON and shape is Shape.JSON:
        return f"json({field.shown})"
    return field.sql


def count(engine: Engine, source: Source, where: Condition, *, today: str) -> int:
    """How many records there are."""
    sql = f"SELECT count(*) FROM {source.from_sql(where.sql)} WHERE {where.sql}"
    return int(next(_run(engine, sql, where, today, {}))[0])


def first(
    engine: Engine,
    source: Source,
    where: Condition,
    sort: tuple[str, bool],
    limit: int,
    *,
    today: str,
) -> list[int]:
    """The numbers of the first records by one field, of which all have a value."""
    name, down = sort
    by = _field(source, name).order or _field(source, name).sql
    sql = (
        f"SELECT {source.key} FROM {source.from_sql(where.sql + by)} WHERE {where.sql}"
        f" ORDER BY {by}{' DESC' if down else ''}, {source.order} LIMIT :limit"
    )
    return [row[0] for row in _run(engine, sql, where, today, {"limit": limit})]


def groups(
    engine: Engine,
    source: Source,
    field: str,
    where: Condition,
    *,
    today: str,
    by_count: bool = False,
    down: bool = False,
    limit: int | None = None,
    offset: int = 0,
) -> Iterator[Row]:
    """One row per value of ``field`` and how many records have it, in the order of the field.

    ``by_count`` orders by the count instead; ``down`` turns the order round.
    """
    item = _field(source, field)
    by = item.order or item.sql
    turned = " DESC" if down else ""
    rows, number = source.grouped_sql(item.sql + by, where.sql), "sum(n)"
    if rows is None:
        rows = f"{source.from_sql(f'{item.sql} {by} {where.sql}')} WHERE {where.sql}"
        number = "count(*)"
    order = f"{number}{turned}, {by} NULLS LAST" if by_count else f"{by}{turned} NULLS LAST"
    sql = (
        f"SELECT {item.sql}, {number} FROM {rows}"
        f" GROUP BY {item.sql}, {by} ORDER BY {order}, {item.sql}"
        " LIMIT :limit OFFSET :offset"
    )
    return _run(
        engine, sql, where, today, {"limit": ALL if limit is None else limit, "offset": offset}
    )


def _run(
    engine: Engine, sql: str, where: Condition, today: str, bounds: dict[str, Any]
) -> Iterator[Row]:
    parameters = dict(where.parameters, **bounds)
    if "{today}" in sql:
        sql = sql.replace("{today}", ":today")
        parameters["today"] = today
    return engine.stream(sql, **parameters)
