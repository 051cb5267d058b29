"""What can be imported, and how a cell of a file becomes a value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from leadctl.core.refs import find_item
from leadctl.core.values import folded_or_none
from leadctl.errors import LeadctlError, UsageError
from leadctl.rules.naming import checked_name, checked_text, folded, new_key
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
SPECS = {
    "company": Spec(
        company.TABLE,
        {
            **dict.fromkeys((*_TEXTS, "name", "website"), "text"),
            "category": "category",
            "owner": "owner",
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
    column = spec.table.column(field)
    if kind == "name":
        return ("key", "name", "name_key")
    return (column.name, f"{column.name}_key") if column.folded else (column.name,)


class Cells:
    """From the text of a cell to what is staged."""

    def __init__(self, crm: Crm, spec: Spec) -> None:
        self._crm = crm
        self._spec = spec
        self._known: dict[tuple[str, str], int | LeadctlError] = {}
        self._keys: set[str] = set()

    def reader(self, field: str) -> Callable[[str], tuple[Any, ...]]:
        """A function from the text of a cell to the values of its staged columns."""
        kind = self._spec.fields[field]
        if kind in _LISTS:
            return lambda text: (self._item(kind, text.strip()) if text.strip() else None,)
        if kind == "company":
            return self._company
        if kind == "flag":
            return lambda text: (_flag(field, text.strip()),)
        if kind == "name":
            taken = self._crm.engine.stream("SELECT key FROM app_user")
            self._keys = {row[0] for row in taken}
            return self._user_name
        entity = self._spec.table.entity
        if self._spec.table.column(field).folded:

            def folded_text(text: str) -> tuple[Any, ...]:
                value = checked_text(field, text, entity) if text else None
                return value, folded_or_none(value)

            return folded_text
        return lambda text: (checked_text(field, text, entity) if text else None,)

    def _item(self, kind: str, text: str) -> int:
        known = self._known.get((kind, text))
        if known is None:
            try:
                known = find_item(self._crm, _LISTS[kind], text).id
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
