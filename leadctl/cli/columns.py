"""Which fields a table shows when nobody says, and the names that list values have in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadctl.errors import WORDS, worded
from leadctl.labels import label, translator, values_of

if TYPE_CHECKING:
    from leadctl.core.crm import Crm
    from leadctl.core.items import ItemList

TABLE_FIELDS: dict[str, tuple[str, ...]] = {
    "company": ("id", "name", "category", "owner", "country", "people"),
    "person": ("id", "name", "company", "category", "lead_status", "lead_status_active", "owner"),
    "opportunity": (
        "id",
        "description",
        "company",
        "salesperson",
        "status",
        "stage_name",
        "estimated_value",
        "close_date",
    ),
    "entry": (
        "action",
        "stage",
        "date",
        "days_open",
        "estimated_value",
        "chances_percent",
        "probability_percent",
        "calculated_value",
        "close_date",
        "close_code",
    ),
    "quote": ("id", "opportunity_id", "company", "status", "total", "created_on"),
    "order": ("id", "quote_id", "opportunity_id", "company_id", "total", "created_on"),
    "automation": ("trigger", "status", "category", "confirm"),
    "proposal": ("id", "trigger", "company_id", "person_id", "from", "to", "at"),
    "cycle": ("key", "name", "method", "blocked", "stages", "opportunities", "estimated_value"),
    "stage": (
        "stage",
        "name",
        "completed_percent",
        "chances_percent",
        "quote_required",
        "allow_skip",
        "date_formula",
        "opportunities",
        "estimated_value",
        "average_days_per_visit",
    ),
    "close_code": ("key", "name", "outcome", "opportunities"),
    "category": ("key", "name", "group", "lead_status_enabled", "companies", "people", "deleted"),
    "lead_status": ("key", "name", "description", "is_default", "people", "deleted"),
    "user": ("key", "name", "email", "group", "active", "away"),
    "change": ("id", "at", "user", "command", "records", "undone_by", "undoes", "reason"),
    "form": ("name", "mode", "category", "selection", "owner", "people"),
    "capture": ("id", "form", "at", "status", "email", "person_id", "company_id", "message"),
    "history": ("at", "user", "command", "field", "old", "new"),
}
# Field -> the list or the closed set of values that its keys belong to.
KINDS = {
    "category": "category",
    "lead_status": "lead_status",
    "owner": "user",
    "salesperson": "user",
    "category_group": "group",
    "cycle": "cycle",
    "close_code": "close_code",
    "outcome": "outcome",
    "method": "method",
    "priority": "priority",
    "contact_type": "contact_type",
    "mode": "mode",
    "lead_status_reason": "word",
}
# Fields that mean something else in some kind of record.
KINDS_IN = {
    "category": {"group": "group"},
    "opportunity": {"status": "status"},
    "quote": {"status": "quote_status"},
    "entry": {"action": "action"},
    "automation": {"status": "lead_status"},
    "proposal": {"from": "category", "to": "category"},
    "capture": {"status": "capture_status"},
    "allowed": {"reason": "word"},
    "selection": {"entity": "word", "kind": "word"},
    "found": {"entity": "word"},
    "history": {"entity": "word"},
}


def shown_names(crm: Crm, fields: list[str], entity: str = "") -> dict[str, dict[str, str]]:
    """For each field with keys: key -> the name that a table shows, in the chosen language."""
    kinds = KINDS | KINDS_IN.get(entity, {})
    names = {name: names_of(crm, kinds[name]) for name in fields if name in kinds}
    if entity in ("opportunity", "entry", "stage"):
        stages = stage_names(crm)
        names |= {name: stages for name in _STAGE_NAMES[entity] if name in fields}
    return names


_STAGE_NAMES = {"opportunity": ("stage_name",), "entry": ("stage_name",), "stage": ("name",)}


def names_of(crm: Crm, kind: str) -> dict[str, str]:
    """Key -> name of the items of a list, deleted ones included, or of a closed set of values."""
    if kind in _LISTS:
        noun: ItemList = getattr(crm, _LISTS[kind])
        return noun.names()
    if kind == "word":
        translate = translator(crm.language)
        return {key: worded(key, translate) for key in WORDS}
    return {key: label(crm.language, kind, key) for key in values_of(kind)}


def stage_names(crm: Crm) -> dict[str, str]:
    """Stored name of a built-in stage -> its name in the chosen language."""
    if crm.language == "en":
        return {}
    return {
        label("en", "stage", key): label(crm.language, "stage", key) for key in values_of("stage")
    }


_LISTS = {
    "category": "categories",
    "lead_status": "lead_statuses",
    "user": "users",
    "cycle": "cycles",
    "close_code": "close_codes",
}
