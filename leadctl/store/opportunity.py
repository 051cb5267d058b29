"""Opportunities and their ledger: stored columns, list fields.

The figures of an opportunity are those of its active entry; none of them is stored twice.
"""

from __future__ import annotations

from leadctl.model import Type
from leadctl.store.tables import Column, Field, Source, Table, number, text

TABLE = Table(
    entity="opportunity",
    name="opportunity",
    columns=(
        Column("external_id", "external_id", folded=True, unique="exact"),
        Column("description", "description", folded=True),
        Column("company_id", "company_id", Type.INTEGER),
        Column("person_id", "person_id", Type.INTEGER),
        Column("salesperson", "salesperson_id", Type.LIST, keys_of="app_user"),
        Column("campaign", "campaign", folded=True),
        Column("priority", "priority"),
        Column("cycle", "cycle_id", Type.LIST, keys_of="sales_cycle"),
        Column("status", "status"),
        Column("created_on", "created_on"),
        Column("closed_on", "closed_on"),
        Column("extra", "extra", Type.JSON, folded=True),
    ),
    parents=(
        ("company_id", "company"),
        ("person_id", "person"),
        ("salesperson_id", "app_user"),
        ("cycle_id", "sales_cycle"),
    ),
    checks=(
        (("status", "closed_on"), "(closed_on IS NOT NULL) = (status = 'won' OR status = 'lost')"),
    ),
)
ENTRY = Table(
    entity="entry",
    name="entry",
    columns=(
        Column("opportunity_id", "opportunity_id", Type.INTEGER),
        Column("action", "action"),
        Column("stage", "stage", Type.INTEGER),
        Column("stage_name", "stage_name", folded=True),
        Column("previous_stage", "previous_stage", Type.INTEGER),
        Column("date", "date"),
        Column("active", "active", Type.BOOLEAN),
        Column("days_open", "days_open", Type.INTEGER),
        Column("estimated_value", "estimated_value_minor", Type.AMOUNT),
        Column("chances_percent", "chances", Type.PERCENT),
        Column("completed_percent", "completed", Type.PERCENT),
        Column("probability_percent", "probability", Type.PERCENT),
        Column("calculated_value", "calculated_value_minor", Type.AMOUNT),
        Column("close_date", "close_date"),
        Column("closed_on", "closed_on"),
        Column("close_code", "close_code_id", Type.LIST, keys_of="close_code"),
    ),
    kept_apart=("cycle_id",),
    parents=(("opportunity_id", "opportunity"), ("close_code_id", "close_code")),
    owner="opportunity_id",
)

PERSON_NAME = "trim(coalesce(p.first_name, '') || ' ' || coalesce(p.last_name, ''))"
# Updates leave an opportunity where it is: the visit began with the entry before them.
_VISIT = (
    "(SELECT v.date FROM entry v WHERE v.opportunity_id = t.id AND v.action <> 'updated'"
    " ORDER BY v.id DESC LIMIT 1)"
)
# What holds for every opportunity ``o`` with its active entry ``e`` and close code ``k`` (1.5).
CONSISTENT = """CASE o.status
    WHEN 'not_started' THEN NOT EXISTS (SELECT 1 FROM entry x WHERE x.opportunity_id = o.id)
        AND NOT EXISTS (SELECT 1 FROM quote x WHERE x.opportunity_id = o.id)
    WHEN 'in_progress' THEN EXISTS (SELECT 1 FROM stage x WHERE x.cycle_id = e.cycle_id
        AND x.number = e.stage)
    ELSE e.action = o.status AND k.outcome = o.status END
    AND (o.closed_on IS NOT NULL OR NOT EXISTS
        (SELECT 1 FROM sales_order x WHERE x.opportunity_id = o.id))
    AND (o.closed_on IS NOT NULL OR coalesce(o.company_id, o.person_id) IS NOT NULL)
    AND (e.id IS NULL OR e.cycle_id = o.cycle_id)"""
WITH_ENTRY = (
    "opportunity o LEFT JOIN entry e ON e.opportunity_id = o.id AND e.active = 1"
    " LEFT JOIN close_code k ON k.id = e.close_code_id"
)
CLOSED = "(t.status = 'won' OR t.status = 'lost')"


def _figure(type: Type, column: str) -> Field:
    return number(type, f"coalesce(e.{column}, 0)")


SOURCE = Source(
    entity="opportunity",
    table="opportunity",
    joins=(
        ("c", "LEFT JOIN company c ON c.id = t.company_id"),
        ("p", "LEFT JOIN person p ON p.id = t.person_id"),
        ("u", "LEFT JOIN app_user u ON u.id = t.salesperson_id"),
        ("y", "LEFT JOIN sales_cycle y ON y.id = t.cycle_id"),
        ("e", "LEFT JOIN entry e ON e.opportunity_id = t.id AND e.active = 1"),
        ("k", "LEFT JOIN close_code k ON k.id = e.close_code_id"),
        ("q", "LEFT JOIN quote q ON q.opportunity_id = t.id"),
        ("r", "LEFT JOIN sales_order r ON r.opportunity_id = t.id AND t.status <> 'lost'"),
    ),
    fields={
        "id": Field(Type.INTEGER, "t.id"),
        "external_id": text("external_id"),
        "description": text("description"),
        "contact_type": Field(
            Type.LIST,
            "CASE WHEN t.person_id IS NOT NULL THEN 'person'"
            " WHEN t.company_id IS NOT NULL THEN 'company' END",
            kind="contact_type",
        ),
        "company_id": Field(Type.INTEGER, "t.company_id"),
        "company": Field(Type.TEXT, "c.name", "c.name_key", "t.company_id"),
        "person_id": Field(Type.INTEGER, "t.person_id"),
        "person": Field(
            Type.TEXT,
            f"CASE WHEN p.id IS NOT NULL THEN {PERSON_NAME} END",
            "p.name_key",
            "t.person_id",
        ),
        "salesperson": Field(Type.LIST, "u.key", "u.name_key", "t.salesperson_id", "user"),
        "campaign": text("campaign"),
        "priority": Field(
            Type.LIST,
            "t.priority",
            "CASE t.priority WHEN 'low' THEN 1 WHEN 'normal' THEN 2 ELSE 3 END",
            "t.priority",
            "priority",
        ),
        "cycle": Field(Type.LIST, "y.key", "y.name_key", "t.cycle_id", "cycle"),
        "status": Field(
            Type.LIST,
            "t.status",
            "CASE t.status WHEN 'not_started' THEN 1 WHEN 'in_progress' THEN 2"
            " WHEN 'won' THEN 3 ELSE 4 END",
            "t.status",
            "status",
        ),
        "outcome": Field(Type.LIST, f"CASE WHEN {CLOSED} THEN t.status END", kind="outcome"),
        "stage": Field(Type.INTEGER, "e.stage"),
        "stage_name": Field(Type.TEXT, "e.stage_name", "e.stage_name_key"),
        "estimated_value": _figure(Type.AMOUNT, "estimated_value_minor"),
        "chances_percent": _figure(Type.PERCENT, "chances"),
        "completed_percent": _figure(Type.PERCENT, "completed"),
        "probability_percent": _figure(Type.PERCENT, "probability"),
        "calculated_value": _figure(Type.AMOUNT, "calculated_value_minor"),
        "close_date": Field(Type.DATE, "e.close_date"),
        "created_on": Field(Type.DATE, "t.created_on"),
        "closed_on": Field(Type.DATE, "t.closed_on"),
        "close_code": Field(Type.LIST, "k.key", "k.name_key", "e.close_code_id", "close_code"),
        "quote_id": Field(Type.INTEGER, "q.id"),
        "order_id": Field(Type.INTEGER, "r.id"),
        "has_quote": Field(Type.BOOLEAN, "(q.id IS NOT NULL)"),
        "stage_age": Field(
            Type.INTEGER,
            "CASE WHEN e.stage IS NOT NULL THEN"
            f" CAST(julianday({{today}}) - julianday({_VISIT}) AS INTEGER) END",
        ),
        "extra": Field(Type.JSON, "t.extra"),
    },
)
# The same by their active entries, whose indexes hold all that is counted: those that stand on a
# stage, and those that are closed.
OPEN = SOURCE._replace(
    base="entry e",
    joins=(
        ("t", "JOIN opportunity t ON t.id = e.opportunity_id"),
        *(
            (alias, join.replace("t.cycle_id", "e.cycle_id"))
            for alias, join in SOURCE.joins
            if alias != "e"
        ),
    ),
    fields={
        **SOURCE.fields,
        "id": Field(Type.INTEGER, "e.opportunity_id"),
        "cycle": Field(Type.LIST, "y.key", "y.name_key", "e.cycle_id", "cycle"),
        "estimated_value": number(Type.AMOUNT, "e.estimated_value_minor"),
        "calculated_value": number(Type.AMOUNT, "e.calculated_value_minor"),
        "stage_age": SOURCE.fields["stage_age"]._replace(
            sql=SOURCE.fields["stage_age"].sql.replace("t.id", "e.opportunity_id")
        ),
    },
    order="e.opportunity_id",
    key="e.opportunity_id",
    always="e.active = 1 AND e.stage IS NOT NULL",
)
CLOSINGS = OPEN._replace(
    fields={
        **OPEN.fields,
        "status": OPEN.fields["status"]._replace(sql="e.action", ref="e.action"),
        "outcome": Field(Type.LIST, "e.action", kind="outcome"),
        "closed_on": Field(Type.DATE, "e.closed_on"),
    },
    always="e.active = 1 AND e.stage IS NULL",
)
_ENTRY_FIELDS = {
    "id": Field(Type.INTEGER, "t.id"),
    "action": Field(Type.LIST, "t.action", kind="action"),
    "stage": Field(Type.INTEGER, "t.stage"),
    "previous_stage": Field(Type.INTEGER, "t.previous_stage"),
    "date": Field(Type.DATE, "t.date"),
    "active": Field(Type.BOOLEAN, "t.active"),
    "days_open": Field(Type.INTEGER, "t.days_open"),
    "estimated_value": number(Type.AMOUNT, "t.estimated_value_minor"),
    "chances_percent": number(Type.PERCENT, "t.chances"),
    "completed_percent": number(Type.PERCENT, "t.completed"),
    "probability_percent": number(Type.PERCENT, "t.probability"),
    "calculated_value": number(Type.AMOUNT, "t.calculated_value_minor"),
    "close_date": Field(Type.DATE, "t.close_date"),
    "closed_on": Field(Type.DATE, "t.closed_on"),
    "close_code": Field(Type.LIST, "k.key", "k.name_key", "t.close_code_id", "close_code"),
}
_CODE = ("k", "LEFT JOIN close_code k ON k.id = t.close_code_id")
ENTRIES = Source(entity="entry", table="entry", joins=(_CODE,), fields=_ENTRY_FIELDS)
STAGE_HISTORY = Source(
    entity="entry",
    table="entry",
    joins=(
        _CODE,
        ("o", "JOIN opportunity o ON o.id = t.opportunity_id"),
        ("y", "JOIN sales_cycle y ON y.id = t.cycle_id"),
    ),
    fields={
        "opportunity_id": Field(Type.INTEGER, "t.opportunity_id"),
        "description": Field(Type.TEXT, "o.description"),
        "cycle": Field(Type.LIST, "y.key"),
        "stage_name": Field(Type.TEXT, "t.stage_name"),
        **_ENTRY_FIELDS,
    },
)
