"""People: stored columns, list fields.

Category and owner of a person with a company are read through the company; ``own_category_id``
and ``own_owner_id`` are empty then, which a CHECK holds.
"""

from __future__ import annotations

from leadctl.model import Type
from leadctl.store.tables import Column, Field, Source, Table, text

TABLE = Table(
    entity="person",
    name="person",
    columns=(
        Column("external_id", "external_id", folded=True, unique="exact"),
        Column("first_name", "first_name", folded=True),
        Column("last_name", "last_name", folded=True),
        Column("title", "title", folded=True),
        Column("email", "email", folded=True),
        Column("phone", "phone", folded=True),
        Column("country", "country", folded=True),
        Column("company_id", "company_id", Type.INTEGER),
        Column("category", "own_category_id", Type.LIST, keys_of="category"),
        Column("owner", "own_owner_id", Type.LIST, keys_of="app_user"),
        Column("lead_status", "lead_status_id", Type.LIST, keys_of="lead_status"),
        Column("retired", "retired", Type.BOOLEAN),
        Column("extra", "extra", Type.JSON, folded=True),
        Column("form_id", "form_id", Type.INTEGER),
        Column("first_touch", "first_touch", Type.JSON, folded=True),
        Column("lead_creation", "lead_creation", Type.JSON, folded=True),
    ),
    stamped=True,
    since=("lead_status_id", "status_since"),
    kept_apart=("status_since", "created_at", "updated_at"),
    parents=(
        ("company_id", "company"),
        ("own_category_id", "category"),
        ("own_owner_id", "app_user"),
        ("lead_status_id", "lead_status"),
        ("form_id", "form"),
    ),
    checks=(
        (("first_name", "last_name"), "first_name IS NOT NULL OR last_name IS NOT NULL"),
        (
            ("company_id", "own_category_id", "own_owner_id"),
            "company_id IS NULL OR (own_category_id IS NULL AND own_owner_id IS NULL)",
        ),
    ),
)

# What is kept of where somebody came from (U-1, U-12).
UTM = ("source", "medium", "campaign", "term", "content", "referrer")
EFFECTIVE_CATEGORY = "coalesce(c.category_id, t.own_category_id)"
# M-5: who leaves a company keeps what was mirrored as its own.
LEAVE_COMPANY = {
    "company_id": "NULL",
    "category": "coalesce((SELECT c.category_id FROM company c WHERE c.id = t.company_id), t.own_category_id)",
    "owner": "coalesce((SELECT c.owner_id FROM company c WHERE c.id = t.company_id), t.own_owner_id)",
}
JOIN_COMPANY = {"company_id": ":company", "category": "NULL", "owner": "NULL"}
# The same table as rules.leads.why_not, which a test compares with it for every combination.
REASON = """CASE
    WHEN t.company_id IS NULL AND (SELECT value FROM setting
        WHERE key = 'lead_status.require_company') = 'true' THEN 'no_company'
    WHEN k.id IS NULL THEN 'no_category'
    WHEN coalesce(k.group_key, '') <> 'potential_customer' THEN 'wrong_group'
    WHEN k.lead_status_enabled = 0 THEN 'flag_off'
END"""

SOURCE = Source(
    entity="person",
    table="person",
    joins=(
        ("c", "LEFT JOIN company c ON c.id = t.company_id"),
        ("k", f"LEFT JOIN category k ON k.id = {EFFECTIVE_CATEGORY}"),
        ("o", "LEFT JOIN app_user o ON o.id = coalesce(c.owner_id, t.own_owner_id)"),
        ("s", "LEFT JOIN lead_status s ON s.id = t.lead_status_id"),
        ("f", "LEFT JOIN form f ON f.id = t.form_id"),
    ),
    fields={
        "id": Field(Type.INTEGER, "t.id"),
        "external_id": text("external_id"),
        "first_name": text("first_name"),
        "last_name": text("last_name"),
        "name": Field(
            Type.TEXT,
            "trim(coalesce(t.first_name, '') || ' ' || coalesce(t.last_name, ''))",
            "t.name_key",
        ),
        "title": text("title"),
        "email": text("email"),
        "phone": text("phone"),
        "country": text("country"),
        "company_id": Field(Type.INTEGER, "t.company_id"),
        "company": Field(Type.TEXT, "c.name", "c.name_key", "t.company_id"),
        "has_company": Field(Type.BOOLEAN, "(t.company_id IS NOT NULL)"),
        "category": Field(Type.LIST, "k.key", "k.rank", EFFECTIVE_CATEGORY, "category"),
        "category_group": Field(Type.LIST, "k.group_key", kind="group"),
        "lead_status": Field(Type.LIST, "s.key", "s.rank", "t.lead_status_id", "lead_status"),
        "lead_status_active": Field(Type.BOOLEAN, f"({REASON} IS NULL)"),
        "lead_status_reason": Field(Type.LIST, f"({REASON})", kind="reason"),
        "status_since": Field(Type.INSTANT, "t.status_since"),
        "status_age": Field(
            Type.INTEGER,
            "CAST(julianday({today}) - julianday(substr(t.status_since, 1, 10)) AS INTEGER)",
        ),
        "owner": Field(Type.LIST, "o.key", "o.name_key", "o.id", "user"),
        "retired": Field(Type.BOOLEAN, "t.retired"),
        "form": Field(Type.TEXT, "f.name", "f.name_key", "t.form_id"),
        "extra": Field(Type.JSON, "t.extra"),
        "created_at": Field(Type.INSTANT, "t.created_at"),
        "updated_at": Field(Type.INSTANT, "t.updated_at"),
    },
    hidden="t.retired = 0",
    members={"first_touch": UTM, "lead_creation": UTM},
    generated=("lead_creation.source", "lead_creation.campaign", "first_touch.source"),
    together=("company_id", "own_category_id", "own_owner_id"),
)
