"""``show`` and ``history``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from leadctl.cli.columns import TABLE_FIELDS, shown_names, stage_names
from leadctl.cli.fields import ALLOWED, HISTORY
from leadctl.cli.output import listing_of, print_listing, print_record
from leadctl.cli.text import visible
from leadctl.errors import worded
from leadctl.labels import header
from leadctl.model import Record

if TYPE_CHECKING:
    from leadctl.cli.call import Call
    from leadctl.core.items import ItemList
    from leadctl.core.noun import Noun


def print_shown(
    call: Call, entity: str, record: Record, wanted: Sequence[str] = (), *, related: bool = False
) -> None:
    """Print one record; ``related`` adds what belongs to it to a table, ``wanted`` to the rest."""
    table = call.format == "table"
    its: dict[str, list[Record]] = {}
    for name in RELATED[entity] if related else ():
        if table or name in wanted:
            noun: Noun = getattr(call.crm, name)
            its[name] = list(noun.belonging_to(entity, record["id"]))
    if not table:
        record |= its
        record |= {name: [] for name in wanted if name not in record}
    names = shown_names(call.crm, list(record)) if table else {}
    if table and entity == "person":
        names["lead_status_description"] = call.crm.lead_statuses.descriptions()
    print_record(call, record, names)
    if table:
        call.fields = []
        for name, records in its.items():
            left_out = ("company",) if entity == "company" else ()
            _print_table(call, KINDS_OF[name], records, name, left_out)


# What a record ends with: the noun, by its name in JSON and in the library.
RELATED = {"company": ("people", "opportunities"), "person": ("opportunities",)}
KINDS_OF = {"people": "person", "opportunities": "opportunity"}


def _print_table(
    call: Call, entity: str, records: list[Record], title: str, left_out: tuple[str, ...] = ()
) -> None:
    """Print what belongs to a record under a heading, unless there is none."""
    if records:
        fields = [field for field in TABLE_FIELDS[entity] if field not in left_out]
        print(f"\n{header(call.language, title)}")
        print_listing(call, listing_of(records, fields, shown_names(call.crm, fields, entity)))


def print_opportunity(call: Call, record: Record) -> None:
    """Print one opportunity; a table ends with its entries and what can be done now."""
    if call.format != "table" or call.fields:
        names = shown_names(call.crm, list(record), "opportunity")
        print_record(call, record, names if call.format == "table" else {})
        return
    entries, allowed = record.pop("entries"), record.pop("allowed")
    print_record(call, record, shown_names(call.crm, list(record), "opportunity"))
    _print_table(call, "entry", entries, "entries")
    print(f"\n{header(call.language, 'allowed')}")
    for offer in allowed:
        if offer["offered"]:
            targets = ", ".join(_target(call, target) for target in offer["targets"])
            print(f"  {offer['action']:<10}  {targets}".rstrip())


def _target(call: Call, target: Record) -> str:
    name = stage_names(call.crm).get(target["name"], target["name"])
    needs = f" ({header(call.language, 'quote_required')})" if target["quote_required"] else ""
    return visible(f"{target['stage']} {name}{needs}")


def print_allowed(call: Call, offers: list[Record]) -> None:
    """Print what can be done with an opportunity."""
    fields = call.fields or list(ALLOWED)
    if call.format in ("table", "markdown"):
        for offer in offers:
            offer["targets"] = ", ".join(_target(call, target) for target in offer["targets"])
    print_listing(call, listing_of(offers, fields, shown_names(call.crm, fields, "allowed")))


def print_document(call: Call, entity: str, record: Record) -> None:
    """Print a quote or an order; a table ends with its lines."""
    table = call.format == "table" and not call.fields
    lines = record.pop("lines") if table else []
    names = shown_names(call.crm, list(record), entity) if call.format == "table" else {}
    print_record(call, record, names)
    if lines:
        print()
        print_listing(call, listing_of(lines, ["text", "quantity", "price", "total"]))


def print_item(call: Call, noun: ItemList, record: Record) -> None:
    """Print one list item; a table has its name in the chosen language."""
    names = {}
    if call.format == "table":
        names = shown_names(call.crm, list(record), noun.source.entity)
        names |= {"name": noun.names_by_name(), "description": noun.descriptions()}
    print_record(call, record, names)


def print_history(call: Call, rows: Iterable[Record]) -> None:
    """Print the rows of one record's history."""
    table = call.format in ("table", "markdown")
    fields = call.fields or list(TABLE_FIELDS["history"] if table else HISTORY)
    if call.format == "ids":
        fields = ["entity_id"]
    print_listing(call, listing_of(named(call, rows) if table else rows, fields))


def named(call: Call, rows: Iterable[Record]) -> Iterator[Record]:
    """Rows of history with fields and list values as all tables show them."""
    known: dict[tuple[str, str], dict[str, str]] = {}
    for row in rows:
        entity, field = row["entity"], row["field"]
        if field is None:
            yield row
            continue
        if (entity, field) not in known:
            names = shown_names(call.crm, [field], entity)
            known[entity, field] = names.get(field, {})
        names_of_field = known[entity, field]
        values = {
            side: names_of_field.get(row[side], row[side]) if names_of_field else row[side]
            for side in ("old", "new")
        }
        # What erasing leaves behind is no field of any record, and so has no heading.
        erased = worded(field, call.translate).capitalize() if field == "erased" else ""
        yield row | values | {"field": erased or header(call.language, field)}
