"""Quotes and orders: stored columns, list fields. Their lines are a JSON array in one column."""

from __future__ import annotations

from leadctl.model import Type
from leadctl.store.tables import Column, Field, Source, Table, hundredths, number

_PARENTS = (("opportunity_id", "opportunity"), ("company_id", "company"))
_LINES = (Column("lines", "lines", Type.ARRAY), Column("total", "total_minor", Type.AMOUNT))

QUOTE = Table(
    entity="quote",
    name="quote",
    columns=(
        Column("opportunity_id", "opportunity_id", Type.INTEGER, unique="exact"),
        Column("company_id", "company_id", Type.INTEGER),
        Column("status", "status"),
        *_LINES,
        Column("created_on", "created_on"),
    ),
    parents=_PARENTS,
)
ORDER = Table(
    entity="order",
    name="sales_order",
    columns=(
        Column("quote_id", "quote_id", Type.INTEGER, unique="exact"),
        Column("opportunity_id", "opportunity_id", Type.INTEGER, unique="exact"),
        Column("company_id", "company_id", Type.INTEGER),
        *_LINES,
        Column("created_on", "created_on"),
    ),
    parents=(("quote_id", "quote"), *_PARENTS),
)
_PRICE = hundredths("CAST(value ->> 'price_minor' AS BIGINT)")
_TOTAL = hundredths("CAST(value ->> 'total_minor' AS BIGINT)")
_SHOWN_LINES = (
    "(SELECT json_group_array(json_object('text', value ->> 'text', 'quantity',"
    f" value -> 'quantity', 'price', {_PRICE}, 'total', {_TOTAL})) FROM json_each(t.lines))"
)
_CONTENT = {
    "lines": Field(Type.ARRAY, _SHOWN_LINES),
    "total": number(Type.AMOUNT, "t.total_minor"),
    "created_on": Field(Type.DATE, "t.created_on"),
}

QUOTES = Source(
    entity="quote",
    table="quote",
    joins=(("c", "LEFT JOIN company c ON c.id = t.company_id"),),
    fields={
        "id": Field(Type.INTEGER, "t.id"),
        "opportunity_id": Field(Type.INTEGER, "t.opportunity_id"),
        "company_id": Field(Type.INTEGER, "t.company_id"),
        "company": Field(Type.TEXT, "c.name", "c.name_key"),
        "status": Field(Type.LIST, "t.status", kind="quote_status"),
        **_CONTENT,
    },
)
ORDERS = Source(
    entity="order",
    table="sales_order",
    joins=(),
    fields={
        "id": Field(Type.INTEGER, "t.id"),
        "quote_id": Field(Type.INTEGER, "t.quote_id"),
        "opportunity_id": Field(Type.INTEGER, "t.opportunity_id"),
        "company_id": Field(Type.INTEGER, "t.company_id"),
        **_CONTENT,
    },
)
