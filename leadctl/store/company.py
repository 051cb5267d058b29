"""Companies: stored columns, list fields."""

from __future__ import annotations

from leadctl.model import Type
from leadctl.store.tables import Column, Field, Source, Table, text

TABLE = Table(
    entity="company",
    name="company",
    columns=(
        Column("external_id", "external_id", folded=True, unique="exact"),
        Column("name", "name", folded=True),
        Column("category", "category_id", Type.LIST, keys_of="category"),
        Column("owner", "owner_id", Type.LIST, keys_of="app_user"),
        Column("country", "country", folded=True),
        Column("email", "email", folded=True),
        Column("phone", "phone", folded=True),
        Column("website", "website", folded=True),
        Column("extra", "extra", Type.JSON, folded=True),
        Column("source", "source", Type.JSON, folded=True),
    ),
    stamped=True,
    kept_apart=("created_at", "updated_at"),
    parents=(("category_id", "category"), ("owner_id", "app_user")),
)

SOURCE = Source(
    entity="company",
    table="company",
    joins=(
        ("k", "LEFT JOIN category k ON k.id = t.category_id"),
        ("o", "LEFT JOIN app_user o ON o.id = t.owner_id"),
    ),
    fields={
        "id": Field(Type.INTEGER, "t.id"),
        "external_id": text("external_id"),
        "name": text("name"),
        "category": Field(Type.LIST, "k.key", "k.rank", "t.category_id", "category"),
        "category_group": Field(Type.LIST, "k.group_key", kind="group"),
        "lead_status_enabled": Field(Type.BOOLEAN, "coalesce(k.lead_status_enabled, 0)"),
        "is_customer": Field(Type.BOOLEAN, "(coalesce(k.group_key, '') = 'customer')"),
        "owner": Field(Type.LIST, "o.key", "o.name_key", "t.owner_id", "user"),
        "country": text("country"),
        "email": text("email"),
        "phone": text("phone"),
        "website": text("website"),
        "people": Field(Type.INTEGER, "(SELECT count(*) FROM person p WHERE p.company_id = t.id)"),
        "extra": Field(Type.JSON, "t.extra"),
        "created_at": Field(Type.INSTANT, "t.created_at"),
        "updated_at": Field(Type.INSTANT, "t.updated_at"),
    },
    members={"source": ("source", "medium", "campaign", "term", "content", "referrer")},
)
