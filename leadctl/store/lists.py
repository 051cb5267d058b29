"""The list nouns: category, lead status, user, setting, and the log of changes."""

from __future__ import annotations

from leadctl.model import Type
from leadctl.store.tables import Column, Field, Source, Table, text

_NAME = (Column("key", "key", unique="exact"), Column("name", "name", folded=True, unique="folded"))

CATEGORY = Table(
    entity="category",
    name="category",
    columns=(
        *_NAME,
        Column("group", "group_key"),
        Column("lead_status_enabled", "lead_status_enabled", Type.BOOLEAN),
        Column("description", "description"),
        Column("rank", "rank", Type.INTEGER),
        Column("deleted", "deleted", Type.BOOLEAN),
    ),
    kept_apart=("builtin",),
    checks=(
        (
            ("group_key", "lead_status_enabled"),
            "lead_status_enabled = 0 OR coalesce(group_key, '') = 'potential_customer'",
        ),
    ),
)
LEAD_STATUS = Table(
    entity="lead_status",
    name="lead_status",
    columns=(
        *_NAME,
        Column("description", "description"),
        Column("rank", "rank", Type.INTEGER),
        Column("is_default", "is_default", Type.BOOLEAN),
        Column("deleted", "deleted", Type.BOOLEAN),
    ),
    kept_apart=("builtin",),
    checks=((("is_default", "deleted"), "is_default = 0 OR deleted = 0"),),
)
USER = Table(
    entity="user",
    name="app_user",
    columns=(
        *_NAME,
        Column("email", "email", folded=True),
        Column("group", "user_group", folded=True),
        Column("active", "active", Type.BOOLEAN),
        Column("away", "away", Type.BOOLEAN),
    ),
)
SETTING = Table(
    "setting", "setting", (Column("key", "key", unique="exact"), Column("value", "value"))
)

SETTINGS = Source(
    entity="setting",
    table="setting",
    joins=(),
    fields={
        "id": Field(Type.INTEGER, "t.id"),
        "key": Field(Type.TEXT, "t.key"),
        "value": Field(Type.TEXT, "t.value"),
    },
)
CATEGORIES = Source(
    entity="category",
    table="category",
    joins=(),
    fields={
        "id": Field(Type.INTEGER, "t.id"),
        "key": Field(Type.TEXT, "t.key"),
        "name": text("name"),
        "group": Field(Type.LIST, "t.group_key", kind="group"),
        "lead_status_enabled": Field(Type.BOOLEAN, "t.lead_status_enabled"),
        "description": Field(Type.TEXT, "t.description"),
        "rank": Field(Type.INTEGER, "t.rank"),
        "deleted": Field(Type.BOOLEAN, "t.deleted"),
        "companies": Field(
            Type.INTEGER, "(SELECT count(*) FROM company c WHERE c.category_id = t.id)"
        ),
        "people": Field(
            Type.INTEGER,
            "(SELECT count(*) FROM company c JOIN person p ON p.company_id = c.id"
            " WHERE c.category_id = t.id)"
            " + (SELECT count(*) FROM person p WHERE p.own_category_id = t.id)",
        ),
    },
    order="t.rank, t.id",
    hidden="t.deleted = 0",
)
LEAD_STATUSES = Source(
    entity="lead_status",
    table="lead_status",
    joins=(),
    fields={
        "id": Field(Type.INTEGER, "t.id"),
        "key": Field(Type.TEXT, "t.key"),
        "name": text("name"),
        "description": Field(Type.TEXT, "t.description"),
        "rank": Field(Type.INTEGER, "t.rank"),
        "is_default": Field(Type.BOOLEAN, "t.is_default"),
        "deleted": Field(Type.BOOLEAN, "t.deleted"),
        "people": Field(
            Type.INTEGER, "(SELECT count(*) FROM person p WHERE p.lead_status_id = t.id)"
        ),
    },
    order="t.rank, t.id",
    hidden="t.deleted = 0",
)
USERS = Source(
    entity="user",
    table="app_user",
    joins=(),
    fields={
        "id": Field(Type.INTEGER, "t.id"),
        "key": Field(Type.TEXT, "t.key"),
        "name": text("name"),
        "email": text("email"),
        "group": Field(Type.TEXT, "t.user_group", "t.user_group_key"),
        "active": Field(Type.BOOLEAN, "t.active"),
        "away": Field(Type.BOOLEAN, "t.away"),
    },
)
CHANGES = Source(
    entity="change",
    table="change",
    joins=(),
    fields={
        "id": Field(Type.INTEGER, "t.id"),
        "at": Field(Type.INSTANT, "t.at"),
        "user": Field(Type.TEXT, "t.author"),
        "command": Field(Type.TEXT, "t.command"),
        "reason": Field(Type.TEXT, "t.reason"),
        "records": Field(Type.INTEGER, "t.records"),
        "undone_by": Field(Type.INTEGER, "t.undone_by"),
        "undoes": Field(Type.INTEGER, "t.undoes"),
    },
    order="t.id DESC",
)
HISTORY = Source(
    entity="history",
    table="history",
    joins=(("n", "JOIN change n ON n.id = t.change_id"),),
    fields={
        "entity": Field(Type.TEXT, "t.entity"),
        "entity_id": Field(Type.INTEGER, "t.entity_id"),
        "field": Field(Type.TEXT, "t.field"),
        "old": Field(Type.TEXT, "t.old"),
        "new": Field(Type.TEXT, "t.new"),
        "at": Field(Type.INSTANT, "n.at"),
        "user": Field(Type.TEXT, "n.author"),
        "command": Field(Type.TEXT, "n.command"),
    },
    order="t.id DESC",
)
