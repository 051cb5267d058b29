"""Sales cycles, their stages, and close codes: stored columns, list fields."""

from __future__ import annotations

from leadctl.model import Type
from leadctl.store.tables import Column, Field, Source, Table, number, text, total

_NAME = (Column("key", "key", unique="exact"), Column("name", "name", folded=True, unique="folded"))

CYCLE = Table(
    entity="cycle",
    name="sales_cycle",
    columns=(*_NAME, Column("method", "method"), Column("blocked", "blocked", Type.BOOLEAN)),
    kept_apart=("builtin",),
)
STAGE = Table(
    entity="stage",
    name="stage",
    columns=(
        Column("cycle", "cycle_id", Type.LIST, keys_of="sales_cycle"),
        Column("stage", "number", Type.INTEGER),
        Column("name", "name", folded=True),
        Column("completed_percent", "completed", Type.PERCENT),
        Column("chances_percent", "chances", Type.PERCENT),
        Column("quote_required", "quote_required", Type.BOOLEAN),
        Column("allow_skip", "allow_skip", Type.BOOLEAN),
        Column("date_formula", "date_formula"),
    ),
    kept_apart=("builtin",),
    parents=(("cycle_id", "sales_cycle"),),
    together_unique=("cycle_id", "number"),
)
CLOSE_CODE = Table(
    entity="close_code",
    name="close_code",
    columns=(*_NAME, Column("outcome", "outcome"), Column("description", "description")),
    kept_apart=("builtin",),
)

_STANDING = "FROM entry WHERE active = 1 AND stage IS NOT NULL GROUP BY cycle_id"
_SUMS = (
    "count(*) AS n, CAST(sum(estimated_value_minor) AS BIGINT) AS v,"
    " CAST(sum(calculated_value_minor) AS BIGINT) AS c"
)
_BY_STAGE = f"SELECT cycle_id, stage, {_SUMS} {_STANDING}, stage"
_LEFT = (
    "SELECT cycle_id, stage, round(avg(days_open), 2) AS days FROM entry"
    " WHERE active = 0 AND stage IS NOT NULL GROUP BY cycle_id, stage"
)
# A visit is an entry that is no update, with the updates that follow it. It counts when it is over:
# when an entry on another stage, or a closing one, has followed.
_VISITS = """SELECT cycle_id, stage, round(avg(days), 2) AS days FROM
    (SELECT cycle_id, stage, sum(days_open) AS days, max(active) AS here FROM
        (SELECT *, sum(action <> 'updated') OVER (PARTITION BY opportunity_id ORDER BY id) AS visit
        FROM entry) GROUP BY cycle_id, stage, opportunity_id, visit)
    WHERE here = 0 AND stage IS NOT NULL GROUP BY cycle_id, stage"""
# What is open now, on a cycle or stage.
_OPEN = {
    "opportunities": Field(Type.INTEGER, "coalesce(w.n, 0)"),
    "estimated_value": total("coalesce(w.v, 0)"),
    "calculated_value": total("coalesce(w.c, 0)"),
}


CYCLES = Source(
    entity="cycle",
    table="sales_cycle",
    joins=(
        (
            "w",
            f"LEFT JOIN (SELECT cycle_id, {_SUMS} {_STANDING}) w ON w.cycle_id = t.id",
        ),
    ),
    fields={
        "id": Field(Type.INTEGER, "t.id"),
        "key": Field(Type.TEXT, "t.key"),
        "name": text("name"),
        "method": Field(Type.LIST, "t.method", kind="method"),
        "blocked": Field(Type.BOOLEAN, "t.blocked"),
        "stages": Field(Type.INTEGER, "(SELECT count(*) FROM stage s WHERE s.cycle_id = t.id)"),
        **_OPEN,
    },
)
STAGES = Source(
    entity="stage",
    table="stage",
    joins=(
        (
            "w",
            f"LEFT JOIN ({_BY_STAGE}) w ON w.cycle_id = t.cycle_id AND w.stage = t.number",
        ),
        (
            "a",
            f"LEFT JOIN ({_LEFT}) a ON a.cycle_id = t.cycle_id AND a.stage = t.number",
        ),
        (
            "v",
            f"LEFT JOIN ({_VISITS}) v ON v.cycle_id = t.cycle_id AND v.stage = t.number",
        ),
    ),
    fields={
        "stage": Field(Type.INTEGER, "t.number"),
        "name": text("name"),
        "completed_percent": number(Type.PERCENT, "t.completed"),
        "chances_percent": number(Type.PERCENT, "t.chances"),
        "quote_required": Field(Type.BOOLEAN, "t.quote_required"),
        "allow_skip": Field(Type.BOOLEAN, "t.allow_skip"),
        "date_formula": Field(Type.TEXT, "t.date_formula"),
        **_OPEN,
        "average_days_per_entry": Field(Type.NUMBER, "a.days"),
        "average_days_per_visit": Field(Type.NUMBER, "v.days"),
    },
    order="t.cycle_id, t.number",
)
CLOSE_CODES = Source(
    entity="close_code",
    table="close_code",
    joins=(),
    fields={
        "id": Field(Type.INTEGER, "t.id"),
        "key": Field(Type.TEXT, "t.key"),
        "name": text("name"),
        "outcome": Field(Type.LIST, "t.outcome", kind="outcome"),
        "opportunities": Field(
            Type.INTEGER,
            "(SELECT count(DISTINCT e.opportunity_id) FROM entry e WHERE e.close_code_id = t.id)",
        ),
    },
)
