"""Category automation: the rule of each trigger, and proposals that wait for an answer."""

from __future__ import annotations

from leadctl.model import Type
from leadctl.store.tables import Column, Field, Source, Table

AUTOMATION = Table(
    entity="automation",
    name="automation",
    columns=(
        Column("trigger", "trigger_key", unique="exact"),
        Column("status", "lead_status_id", Type.LIST, keys_of="lead_status"),
        Column("category", "category_id", Type.LIST, keys_of="category"),
        Column("confirm", "confirm", Type.BOOLEAN),
    ),
    parents=(("lead_status_id", "lead_status"), ("category_id", "category")),
)
PROPOSAL = Table(
    entity="proposal",
    name="proposal",
    columns=(
        Column("trigger", "trigger_key"),
        Column("company_id", "company_id", Type.INTEGER),
        Column("person_id", "person_id", Type.INTEGER),
        Column("from", "from_category_id", Type.LIST, keys_of="category"),
        Column("to", "to_category_id", Type.LIST, keys_of="category"),
        Column("at", "at"),
    ),
    parents=(
        ("company_id", "company"),
        ("person_id", "person"),
        ("from_category_id", "category"),
        ("to_category_id", "category"),
    ),
)

RULES = Source(
    entity="automation",
    table="automation",
    joins=(
        ("s", "LEFT JOIN lead_status s ON s.id = t.lead_status_id"),
        ("k", "LEFT JOIN category k ON k.id = t.category_id"),
    ),
    fields={
        "trigger": Field(Type.TEXT, "t.trigger_key"),
        "status": Field(Type.LIST, "s.key", "s.rank", "t.lead_status_id", "lead_status"),
        "category": Field(Type.LIST, "k.key", "k.rank", "t.category_id", "category"),
        "confirm": Field(Type.BOOLEAN, "t.confirm"),
    },
)
PROPOSALS = Source(
    entity="proposal",
    table="proposal",
    joins=(
        ("f", "LEFT JOIN category f ON f.id = t.from_category_id"),
        ("k", "LEFT JOIN category k ON k.id = t.to_category_id"),
    ),
    fields={
        "id": Field(Type.INTEGER, "t.id"),
        "trigger": Field(Type.TEXT, "t.trigger_key"),
        "company_id": Field(Type.INTEGER, "t.company_id"),
        "person_id": Field(Type.INTEGER, "t.person_id"),
        "from": Field(Type.LIST, "f.key", "f.rank", "t.from_category_id", "category"),
        "to": Field(Type.LIST, "k.key", "k.rank", "t.to_category_id", "category"),
        "at": Field(Type.INSTANT, "t.at"),
    },
)
