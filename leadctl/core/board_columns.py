"""The columns of a board in the order of their list, and their labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from leadctl.labels import label, values_of
from leadctl.model import Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leadctl.core.crm import Crm

_ITEMS = {
    "lead_status": ("lead_status", "deleted", "rank, id"),
    "category": ("category", "deleted", "rank, id"),
    "owner": ("app_user", "active = 0", "name_key, id"),
}


class Column(NamedTuple):
    """A column: what its records refer to, its key and label, whether it is shown when empty."""

    ref: int | str | None
    key: int | str | None
    label: str
    always: bool = True


def columns(crm: Crm, field: str, cycle: int | None) -> list[Column]:
    """The columns of a field, those of deleted items and of records without a value included.

    Stages are those of a ``cycle``. Deleted list items and inactive users are shown only where
    they hold records, as is the last column, of what has no value.
    """
    if field == "status":
        found = [Column(key, key, label(crm.language, "status", key)) for key in Status]
    elif field == "stage":
        found = list(_stages(crm, cycle))
    else:
        found = list(_items(crm, field))
    return [*found, Column(None, None, crm.translate("(none)"), always=False)]


def _items(crm: Crm, field: str) -> Iterator[Column]:
    table, gone, order = _ITEMS[field]
    lists = {"lead_status": crm.lead_statuses, "category": crm.categories, "owner": crm.users}
    names = lists[field].names()
    for id, key, is_gone in crm.engine.query(
        f"SELECT id, key, {gone} FROM {table} ORDER BY {order}"
    ):
        shown = names[key]
        if is_gone and field != "owner":
            shown = crm.translate("{name} (deleted)").format(name=shown)
        yield Column(id, key, shown, always=not is_gone)


def _stages(crm: Crm, cycle: int | None) -> Iterator[Column]:
    names = {
        label("en", "stage", key): label(crm.language, "stage", key) for key in values_of("stage")
    }
    for number, name, built_in in crm.engine.query(
        "SELECT number, name, builtin FROM stage WHERE cycle_id = :cycle ORDER BY number",
        cycle=cycle,
    ):
        shown = str(names.get(name, name) if built_in else name)
        yield Column(number, number, shown)
