"""Forms, what was submitted by them, and the cursors of distribution."""

from __future__ import annotations

from leadctl.model import Type
from leadctl.store.tables import Column, Field, Source, Table, text

FORM = Table(
    entity="form",
    name="form",
    columns=(
        Column("name", "name", folded=True, unique="folded"),
        Column("mode", "mode"),
        Column("category", "category_id", Type.LIST, keys_of="category"),
        Column("selection", "selection"),
        Column("owner", "owner_id", Type.LIST, keys_of="app_user"),
    ),
    parents=(("category_id", "category"), ("owner_id", "app_user")),
)
CAPTURE = Table(
    entity="capture",
    name="capture",
    columns=(
        Column("form_id", "form_id", Type.INTEGER),
        Column("at", "at"),
        Column("status", "status"),
        Column("email", "email", folded=True),
        Column("person_id", "person_id", Type.INTEGER),
        Column("company_id", "company_id", Type.INTEGER),
        Column("message", "message"),
        Column("payload", "payload"),
        Column("conversion", "conversion", Type.JSON),
    ),
    parents=(("form_id", "form"), ("person_id", "person"), ("company_id", "company")),
)
DISTRIBUTION = Table(
    entity="distribution",
    name="distribution",
    columns=(
        Column("targets", "targets", unique="exact"),
        Column("last_user", "last_user_id", Type.LIST, keys_of="app_user"),
    ),
    parents=(("last_user_id", "app_user"),),
    aside=True,
)

FORMS = Source(
    entity="form",
    table="form",
    joins=(
        ("k", "LEFT JOIN category k ON k.id = t.category_id"),
        ("o", "LEFT JOIN app_user o ON o.id = t.owner_id"),
    ),
    fields={
        "name": text("name"),
        "mode": Field(Type.LIST, "t.mode", kind="mode"),
        "category": Field(Type.LIST, "k.key", "k.rank", "t.category_id", "category"),
        "selection": Field(Type.TEXT, "t.selection"),
        "owner": Field(Type.LIST, "o.key", "o.name_key", "t.owner_id", "user"),
        "people": Field(Type.INTEGER, "(SELECT count(*) FROM person p WHERE p.form_id = t.id)"),
    },
)
CAPTURES = Source(
    entity="capture",
    table="capture",
    joins=(("f", "LEFT JOIN form f ON f.id = t.form_id"),),
    fields={
        "id": Field(Type.INTEGER, "t.id"),
        "form": Field(Type.TEXT, "f.name", "f.name_key"),
        "at": Field(Type.INSTANT, "t.at"),
        "status": Field(Type.LIST, "t.status", kind="capture_status"),
        "email": text("email"),
        "person_id": Field(Type.INTEGER, "t.person_id"),
        "company_id": Field(Type.INTEGER, "t.company_id"),
        "message": Field(Type.TEXT, "t.message"),
    },
)
