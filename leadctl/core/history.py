"""Reading the history: what the gate wrote, with the types that the fields have."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from leadctl.model import Record, Type
from leadctl.store import company, lists, person
from leadctl.store.select import Condition, rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leadctl.core.crm import Crm

# Parents before those that refer to them: undo brings records back in this order.
TABLES = {
    table.entity: table
    for table in (
        lists.SETTING,
        lists.USER,
        lists.CATEGORY,
        lists.LEAD_STATUS,
        company.TABLE,
        person.TABLE,
    )
}
_READ: dict[Type, Any] = {
    Type.INTEGER: int,
    Type.BOOLEAN: lambda text: text == "1",
    Type.JSON: json.loads,
}


def shown_value(entity: str, field: str | None, text: str | None) -> Any:
    """A value of the history as JSON shows it; the image of a deleted record is an object."""
    if text is None:
        return None
    if field is None:
        return json.loads(text)
    return _READ.get(TABLES[entity].column(field).type, str)(text)


def of_record(crm: Crm, entity: str, id: int) -> Iterator[Record]:
    """The rows of one record, newest first."""
    where = Condition("t.entity = :entity AND t.entity_id = :id", {"entity": entity, "id": id})
    return _records(crm, tuple(lists.HISTORY.fields), where, "t.id DESC")


def of_change(crm: Crm, first: int, last: int, change: int) -> Iterator[Record]:
    """The rows of one change, in the order in which they were written."""
    where = Condition(
        "t.id BETWEEN :first AND :last AND t.change_id = :change",
        {"first": first, "last": last, "change": change},
    )
    names = ("entity", "entity_id", "field", "old", "new")
    return _records(crm, names, where, "t.id")


def _records(crm: Crm, names: tuple[str, ...], where: Condition, order: str) -> Iterator[Record]:
    for row in rows(crm.engine, lists.HISTORY, names, where, today=crm.today, order=order):
        record: Record = dict(zip(names, row, strict=True))
        for side in ("old", "new"):
            record[side] = shown_value(record["entity"], record["field"], record[side])
        yield record
