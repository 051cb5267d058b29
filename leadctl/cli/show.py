"""``show`` and ``history``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from leadctl.cli.columns import TABLE_FIELDS, names_of, shown_names
from leadctl.cli.fields import HISTORY
from leadctl.cli.output import listing_of, print_listing, print_record
from leadctl.labels import header
from leadctl.model import Record

if TYPE_CHECKING:
    from leadctl.cli.call import Call
    from leadctl.core.items import ItemList


def print_shown(
    call: Call, entity: str, record: Record, wanted: Sequence[str] = (), *, related: bool = False
) -> None:
    """Print one record; ``related`` adds what belongs to it to a table, ``wanted`` to the rest."""
    table = call.format == "table"
    people: list[Record] = []
    if entity == "company" and related and (table or "people" in wanted):
        people = list(call.crm.companies.people_of(record["id"]))
    if not table:
        record |= {name: people for name in wanted if name == "people"}
        record |= {name: [] for name in wanted if name not in record}
    names = shown_names(call.crm, list(record)) if table else {}
    if table and entity == "person":
        names["lead_status_description"] = call.crm.lead_statuses.descriptions()
    print_record(call, record, names)
    if people and table:
        fields = [field for field in TABLE_FIELDS["person"] if field != "company"]
        print(f"\n{header(call.language, 'people')}")
        call.fields = []
        print_listing(call, listing_of(people, fields, shown_names(call.crm, fields)))


def print_item(call: Call, noun: ItemList, record: Record) -> None:
    """Print one list item; a table has its name in the chosen language."""
    names = {}
    if call.format == "table":
        names = {"name": noun.names_by_name(), "description": noun.descriptions()}
        if noun.source.entity == "category":  # the group of a user is a text
            names["group"] = names_of(call.crm, "group")
    print_record(call, record, names)


def print_history(call: Call, rows: Iterable[Record]) -> None:
    """Print the rows of one record's history."""
    table = call.format in ("table", "markdown")
    fields = call.fields or list(TABLE_FIELDS["history"] if table else HISTORY)
    if call.format == "ids":
        fields = ["entity_id"]
    print_listing(call, listing_of(rows, fields))
