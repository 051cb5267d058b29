"""Reading the history: what the gate wrote, with the types that the fields have."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from leadctl.model import Record, Type
from leadctl.store import (
    automation,
    company,
    cycle,
    document,
    form,
    lists,
    opportunity,
    person,
    selection,
)
from leadctl.store.select import Condition, rows
from leadctl.store.tables import Field, Table

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
        cycle.CYCLE,
        cycle.STAGE,
        cycle.CLOSE_CODE,
        automation.AUTOMATION,
        form.FORM,
        form.DISTRIBUTION,
        company.TABLE,
        person.TABLE,
        opportunity.TABLE,
        opportunity.ENTRY,
        document.QUOTE,
        document.ORDER,
        selection.SELECTION,
        selection.MEMBER,
        automation.PROPOSAL,
        form.CAPTURE,
    )
}


# Beyond the last row that there can be.
LAST = 2**63 - 1


def _hundredths(text: str) -> int | float:
    number = int(text)
    return number / 100 if number % 100 else number // 100


_READ: dict[Type, Any] = {
    Type.INTEGER: int,
    Type.AMOUNT: _hundredths,
    Type.PERCENT: _hundredths,
    Type.BOOLEAN: lambda text: text == "1",
    Type.JSON: json.loads,
    Type.ARRAY: json.loads,
}


_SOURCE = lists.HISTORY._replace(
    fields={"place": Field(Type.INTEGER, "t.id"), **lists.HISTORY.fields}
)


def references(table: Table) -> Iterator[tuple[Table, str]]:
    """What may refer to a table's records, and by which column."""
    for child in TABLES.values():
        for name, parent in child.parents:
            if parent == table.name:
                yield child, name


def owner_of(table: Table) -> str:
    """The entity whose records a table's records are parts of."""
    parent = dict(table.parents)[table.owner]
    return next(entity for entity, other in TABLES.items() if other.name == parent)


def shown_value(entity: str, field: str | None, text: str | None) -> Any:
    """A value of the history as JSON shows it."""
    if text is None or field is None:
        return text
    return _READ.get(TABLES[entity].column(field).type, str)(text)


def shown_image(crm: Crm, entity: str, text: str) -> Record:
    """The image of a deleted record with the names and keys that JSON has elsewhere."""
    image = json.loads(text)
    table = TABLES[entity]
    record: Record = {"id": image["id"]}
    for column in table.columns:
        value = image[column.name]
        if value is not None and column.keys_of:
            sql = f"SELECT key FROM {column.keys_of} WHERE id = :id"
            value = crm.engine.value(sql, id=value)
        elif value is not None and column.type is not Type.INTEGER:
            value = _READ.get(column.type, str)(str(value))
        record[column.field] = value
    return record | {name: image[name] for name in table.kept_apart}


def of_record(crm: Crm, entity: str, id: int) -> Iterator[Record]:
    """The rows of one record, newest first."""
    where = Condition("t.entity = :entity AND t.entity_id = :id", {"entity": entity, "id": id})
    return _records(crm, tuple(lists.HISTORY.fields), where, "t.id DESC")


def placed(crm: Crm, entity: str, id: int) -> Iterator[tuple[int, Record]]:
    """The rows of one record, each with its place in the whole history."""
    where = Condition("t.entity = :entity AND t.entity_id = :id", {"entity": entity, "id": id})
    names = ("place", *lists.HISTORY.fields)
    for row in _records(crm, names, where, "t.id DESC"):
        yield row.pop("place"), row


def of_change(crm: Crm, first: int, last: int, change: int) -> Iterator[Record]:
    """The rows of one change, in the order in which they were written."""
    where = Condition(
        "t.id BETWEEN :first AND :last AND t.change_id = :change",
        {"first": first, "last": last, "change": change},
    )
    names = ("entity", "entity_id", "field", "old", "new")
    return _records(crm, names, where, "t.id")


def _records(crm: Crm, names: tuple[str, ...], where: Condition, order: str) -> Iterator[Record]:
    for row in rows(crm.engine, _SOURCE, names, where, today=crm.today, order=order):
        record: Record = dict(zip(names, row, strict=True))
        entity, field = record["entity"], record["field"]
        for side in ("old", "new"):
            record[side] = shown_value(entity, field, record[side])
        if field is None and record["old"] is not None:
            record["old"] = shown_image(crm, entity, record["old"])
        yield record
