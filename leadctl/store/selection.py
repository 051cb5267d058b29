"""Selections and the members of static ones: stored columns, list fields.

A member is the number of a record; one that has been deleted is a member no more, and is again
when it comes back: numbers are never reused.
"""

from __future__ import annotations

from leadctl.model import Type
from leadctl.store.tables import Column, Field, Source, Table, text

SELECTION = Table(
    entity="selection",
    name="selection",
    columns=(
        Column("key", "key", unique="exact"),
        Column("name", "name", folded=True, unique="folded"),
        Column("entity", "entity"),
        Column("kind", "kind"),
        Column("where", "expressions", Type.ARRAY),
        Column("first", "source_a_id", Type.INTEGER),
        Column("second", "source_b_id", Type.INTEGER),
        Column("operator", "operator"),
        Column("owner", "owner_id", Type.LIST, keys_of="app_user"),
        Column("description", "description"),
    ),
    kept_apart=("created_at",),
    parents=(
        ("source_a_id", "selection"),
        ("source_b_id", "selection"),
        ("owner_id", "app_user"),
    ),
)
MEMBER = Table(
    entity="member",
    name="member",
    columns=(
        Column("selection_id", "selection_id", Type.INTEGER),
        Column("record_id", "record_id", Type.INTEGER),
    ),
    parents=(("selection_id", "selection"),),
    together_unique=("selection_id", "record_id"),
    owner="selection_id",
)
# How a filter is written: several expressions must all hold.
_WHERE = (
    "CASE t.kind WHEN 'dynamic' THEN CASE json_array_length(t.expressions)"
    " WHEN 1 THEN t.expressions ->> 0 ELSE (SELECT group_concat('(' || value || ')', ' and ')"
    " FROM json_each(t.expressions)) END"
    " WHEN 'combined' THEN a.name || ' ' || t.operator || ' ' || b.name END"
)
SOURCE = Source(
    entity="selection",
    table="selection",
    joins=(
        ("a", "LEFT JOIN selection a ON a.id = t.source_a_id"),
        ("b", "LEFT JOIN selection b ON b.id = t.source_b_id"),
        ("o", "LEFT JOIN app_user o ON o.id = t.owner_id"),
    ),
    fields={
        "name": text("name"),
        "entity": Field(Type.TEXT, "t.entity"),
        "kind": Field(Type.TEXT, "t.kind"),
        "where": Field(Type.TEXT, _WHERE),
        "members": Field(Type.INTEGER, "NULL"),
        "owner": Field(Type.LIST, "o.key", "o.name_key", "t.owner_id", "user"),
        "description": Field(Type.TEXT, "t.description"),
        "created_at": Field(Type.INSTANT, "t.created_at"),
    },
)
