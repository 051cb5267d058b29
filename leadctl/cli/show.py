"""``show`` and ``history``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from leadctl.cli.columns import TABLE_FIELDS, names_of, shown_names
from leadctl.cli.output import listing_of, print_listing, print_record
from leadctl.errors import UsageError
from leadctl.labels import header
from leadctl.model import Record

if TYPE_CHECKING:
    from leadctl.cli.call import Call
    from leadctl.core.items import ItemList

_RELATED = ("people", "opportunities")


def print_shown(
    call: Call, entity: str, record: Record, more: str | None = None, *, related: bool = False
) -> None:
    """Print one record; ``related`` adds what belongs to it to a table, ``more`` to the rest."""
    wanted = [part.strip() for part in more.split(",")] if more else []
    for name in wanted:
        if name not in _RELATED:
            raise UsageError(
                "{value} is no value for --with",
                hint="it takes: {values}",
                value=name,
                values=list(_RELATED),
            )
    table = call.format == "table"
    people: list[Record] = []
    if entity == "company" and related and (table or "people" in wanted):
        people = list(call.crm.companies.people_of(record["id"]))
    if not table:
        record |= {name: people for name in wanted if name == "people"}
        record |= {name: [] for name in wanted if name not in record}
    print_record(call, record, shown_names(call.crm, list(record)) if table else {})
    if people and table:
        fields = [field for field in TABLE_FIELDS["person"] if field != "company"]
        print(f"\n{header(call.language, 'people')}")
        call.fields = []
        print_listing(call, listing_of(people, fields, shown_names(call.crm, fields)))


def print_item(call: Call, noun: ItemList, record: Record) -> None:
    """Print one list item; a table has its name in the chosen language."""
    names = {}
    if call.format == "table":
        names = {"name": noun.names_by_name(), "group": names_of(call.crm, "group")}
    print_record(call, record, names)


def print_history(call: Call, rows: Iterable[Record]) -> None:
    """Print the rows of one record's history."""
    fields = call.listed(HISTORY)
    if not call.fields and call.format in ("table", "markdown"):
        fields = list(TABLE_FIELDS["history"])
    print_listing(call, listing_of(rows, fields))


HISTORY = ("entity", "entity_id", "field", "old", "new", "at", "user", "command")
