"""What can be imported, and how a cell of a file becomes a value."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from leadctl.core.refs import find_item
from leadctl.core.values import folded_or_none
from leadctl.errors import LeadctlError, NotFound, UsageError
from leadctl.rules.naming import checked_name, checked_text, folded, is_storable, new_key
from leadctl.store import company, lists, person

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from leadctl.core.crm import Crm
    from leadctl.store.tables import Source as ListSource
    from leadctl.store.tables import Table

_LISTS: dict[str, ListSource] = {
    "category": lists.CATEGORIES,
    "owner": lists.USERS,
    "lead_status": lists.LEAD_STATUSES,
}
LIST_COLUMNS = {"category": "category_id", "owner": "owner_id", "lead_status": "lead_status_id"}


class Spec(NamedTuple):
    """What can be imported: field -> kind (text, name, flag, company, or the list it names)."""

    table: Table
    fields: Mapping[str, str]
    matchable: tuple[str, ...]


_TEXTS = ("external_id", "email", "phone", "country")
# What an export has and a new file takes over; a record that is there keeps its own instants.
_TAKEN_OVER = {"extra": "json", "created_at": "instant", "updated_at": "instant"}
APART = ("created_at", "updated_at", "status_since", "lead_status_active")
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
    ),
    "user": Spec(
        lists.USER,
        {"name": "name", "email": "text", "group": "text", "active": "flag", "away": "flag"},
        ("name", "email"),
    ),
}


def staged_columns(spec: Spec, field: str) -> tuple[str, ...]:
    """The columns of ``temp.staged`` that a field of the file fills."""
    kind = spec.fields[field]
    if kind == "company":
        return ("company_kind", "company_text", "company_key")
    if kind in _LISTS:
        return (LIST_COLUMNS[kind],)
    if field in APART:
        return (field,)
    column = spec.table.column(field)
    if kind == "name":
        return ("key", "name", "name_key")
    return (column.name, f"{column.name}_key") if column.folded else (column.name,)


class Cells:
    """From the text of a cell to what is staged."""

    def __init__(self, crm: Crm, spec: Spec, add_user: Callable[[str], int] | None) -> None:
        self._crm = crm
        self._add_user = add_user
        self._spec = spec
        self._known: dict[tuple[str, str], int | LeadctlError] = {}
        self._keys: set[str] = set()
        if spec.table.entity == "user":
            self._keys = {row[0] for row in crm.engine.stream("SELECT key FROM app_user")}

    def reader(self, field: str) -> Callable[[str], tuple[Any, ...]]:
        """A function from the text of a cell to the values of its staged columns."""
        kind = self._spec.fields[field]
        entity = self._spec.table.entity
        folded_too = kind == "text" and self._spec.table.column(field).folded

        def text_cells(text: str) -> tuple[Any, ...]:
            value = checked_text(field, text, entity) if text else None
            return (value, folded_or_none(value)) if folded_too else (value,)

        readers: dict[str, Callable[[str], tuple[Any, ...]]] = {
            "text": text_cells,
            "company": self._company,
            "flag": lambda text: (_flag(field, text.strip()),),
            "instant": lambda text: (_instant(field, text.strip()),),
            "json": lambda text: extra_cells(_object(text)) if text.strip() else (None, None),
            "name": self._user_name,
        }
        if kind in _LISTS:
            return lambda text: (self._item(kind, text.strip()) if text.strip() else None,)
        return readers[kind]

    def _item(self, kind: str, text: str) -> int:
        known = self._known.get((kind, text))
        if known is None:
            try:
                known = find_item(self._crm, _LISTS[kind], text).id
            except NotFound as error:
                known = error
                if kind == "owner" and self._add_user and text.casefold() != "me":
                    known = self._add_user(text)
            except LeadctlError as error:
                known = error
            self._known[kind, text] = known
        if isinstance(known, LeadctlError):
            raise known
        return known

    def _company(self, text: str) -> tuple[Any, ...]:
        if not text.strip():
            return None, None, None
        if text.startswith("ext:"):
            return "ext", text[4:], text[4:]
        if text.isascii() and text.isdecimal():
            (number,), _ = self._crm.split_ids([text])
            return "id", text, str(number)
        name = checked_text("company", text)
        return "name", name, folded(str(name))

    def _user_name(self, text: str) -> tuple[Any, ...]:
        if not text.strip():
            return None, None, None
        name = checked_name("user", text)
        key = new_key(name, "user", len(self._keys) + 1, self._keys)
        self._keys.add(key)
        return key, name, folded(name)


def _flag(field: str, text: str) -> int | None:
    words = {"": None, "true": 1, "yes": 1, "1": 1, "false": 0, "no": 0, "0": 0}
    if text.lower() not in words:
        raise UsageError("{value} is neither true nor false", value=text, field=field)
    return words[text.lower()]


def _instant(field: str, text: str) -> str | None:
    if not text:
        return None
    try:
        if len(text) == len("2026-01-31T12:00:00Z") and text[10] == "T" and text[-1] == "Z":
            return datetime.fromisoformat(text).strftime("%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        pass
    raise UsageError("{value} is not an instant: YYYY-MM-DDTHH:MM:SSZ", value=text, field=field)


def _object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise UsageError("{value} is not a JSON object", value=text)
    return value


def extra_cells(values: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """The stored form of ``extra`` and its folded copy, nothing for an empty object."""
    if not values:
        return None, None
    text = json.dumps(values, ensure_ascii=False, sort_keys=True)
    if not is_storable(text) or "\\u0000" in text:
        raise UsageError("{field} has characters that cannot be stored", field="extra")
    return text, folded(text)
