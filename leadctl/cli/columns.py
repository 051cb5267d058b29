"""Which fields a table shows when nobody says, and the names that list values have in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadctl.labels import label
from leadctl.model import Group

if TYPE_CHECKING:
    from leadctl.core.crm import Crm

TABLE_FIELDS: dict[str, tuple[str, ...]] = {
    "company": ("id", "name", "category", "owner", "country", "people"),
    "person": ("id", "name", "company", "category", "lead_status", "lead_status_active", "owner"),
    "category": ("key", "name", "group", "lead_status_enabled", "companies", "people", "deleted"),
    "lead_status": ("key", "name", "description", "is_default", "people", "deleted"),
    "user": ("key", "name", "email", "group", "active", "away"),
    "change": ("id", "at", "user", "command", "records", "undone_by", "undoes", "reason"),
    "history": ("at", "user", "command", "field", "old", "new"),
}
# Field -> the list that its keys belong to.
LISTS = {
    "category": "category",
    "lead_status": "lead_status",
    "owner": "user",
    "category_group": "group",
}


def shown_names(crm: Crm, fields: list[str], entity: str = "") -> dict[str, dict[str, str]]:
    """For each field with keys: key -> the name that a table shows, in the chosen language."""
    names = {name: names_of(crm, LISTS[name]) for name in fields if name in LISTS}
    if entity == "category":  # the group of a user is a text
        names["group"] = names_of(crm, "group")
    return names


def names_of(crm: Crm, kind: str) -> dict[str, str]:
    """Key -> name of the items of a list, deleted ones included."""
    if kind == "group":
        return {group.value: label(crm.language, "group", group.value) for group in Group}
    noun = {
        "category": crm.categories,
        "lead_status": crm.lead_statuses,
        "user": crm.users,
    }[kind]
    return noun.names()
