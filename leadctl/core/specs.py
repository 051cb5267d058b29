"""What can be imported: the fields of each kind of record, and what their cells hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from leadctl.model import Outcome, Priority, Status
from leadctl.store import company, cycle, lists, opportunity, person

if TYPE_CHECKING:
    from collections.abc import Mapping
    from enum import StrEnum

    from leadctl.store.tables import Source as ListSource
    from leadctl.store.tables import Table

LISTS: dict[str, ListSource] = {
    "category": lists.CATEGORIES,
    "owner": lists.USERS,
    "lead_status": lists.LEAD_STATUSES,
    "salesperson": lists.USERS,
    "cycle": cycle.CYCLES,
    "close_code": cycle.CLOSE_CODES,
}
CHOICES: dict[str, type[StrEnum]] = {
    "status": Status,
    "outcome": Outcome,
    "priority": Priority,
}
_NUMBERS = ("flag", "stage", "amount", "percent")
# What a reference to another record is staged as: how it is named, as typed, and its key.
REFERENCES = ("company", "person")


class Spec(NamedTuple):
    """What can be imported: field -> kind (text, name, flag, date, ..., or the list it names).

    ``state`` are the fields that are no columns of the table: what they say is acted on.
    """

    table: Table
    fields: Mapping[str, str]
    matchable: tuple[str, ...]
    state: tuple[str, ...] = ()


_TEXTS = ("external_id", "email", "phone", "country")
# What an export has and a new file takes over; a record that is there keeps its own instants.
_TAKEN_OVER = {"extra": "json", "created_at": "instant", "updated_at": "instant"}
SPECS = {
    "company": Spec(
        company.TABLE,
        {
            **dict.fromkeys((*_TEXTS, "name", "website"), "text"),
            "category": "category",
            "owner": "owner",
            **_TAKEN_OVER,
        },
        ("external_id", "name", "email", "phone", "website", "country"),
        ("created_at", "updated_at"),
    ),
    "person": Spec(
        person.TABLE,
        {
            **dict.fromkeys((*_TEXTS, "first_name", "last_name", "title"), "text"),
            "company": "company",
            "category": "category",
            "owner": "owner",
            "lead_status": "lead_status",
            "retired": "flag",
            "lead_status_active": "flag",
            "status_since": "instant",
            **_TAKEN_OVER,
        },
        ("external_id", "first_name", "last_name", "email", "phone", "title", "country", "company"),
        ("created_at", "updated_at", "status_since", "lead_status_active"),
    ),
    "user": Spec(
        lists.USER,
        {"name": "name", "email": "text", "group": "text", "active": "flag", "away": "flag"},
        ("name", "email"),
    ),
    "opportunity": Spec(
        opportunity.TABLE,
        {
            **dict.fromkeys(("external_id", "description", "campaign"), "text"),
            "company": "company",
            "person": "person",
            "salesperson": "salesperson",
            "cycle": "cycle",
            "priority": "priority",
            "created_on": "date",
            "status": "status",
            "outcome": "outcome",
            "stage": "stage",
            "estimated_value": "amount",
            "amount": "amount",
            "chances_percent": "percent",
            "close_date": "date",
            "closed_on": "date",
            "close_code": "close_code",
            "extra": "json",
        },
        ("external_id", "description", "campaign", "company", "person"),
        (
            *("status", "outcome", "stage", "estimated_value", "amount", "chances_percent"),
            *("close_date", "closed_on", "close_code"),
        ),
    ),
}


def marked(spec: Spec, name: str) -> str:
    """A column of ``temp.staged``, with the mark of those that hold whole numbers."""
    numbers = name.endswith("_id") and name != "external_id"
    return f"#{name}" if numbers or spec.fields.get(name) in _NUMBERS else name


def staged_columns(spec: Spec, field: str) -> tuple[str, ...]:
    """The columns of ``temp.staged`` that a field of the file fills."""
    kind = spec.fields[field]
    if kind in REFERENCES:
        return (f"{kind}_kind", f"{kind}_text", f"{kind}_key")
    if kind in LISTS:
        return (f"{kind}_id",)
    if field in spec.state:
        return (field,)
    column = spec.table.column(field)
    if kind == "name":
        return ("key", "name", "name_key")
    return (column.name, f"{column.name}_key") if column.folded else (column.name,)
