"""What ``list`` does for every noun: fields, order, bounds, counts, groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadctl.cli.columns import TABLE_FIELDS, shown_names
from leadctl.cli.output import SHAPES, Listing, listing_of, print_listing
from leadctl.core.items import ItemList
from leadctl.errors import UsageError
from leadctl.model import Shape

if TYPE_CHECKING:
    from leadctl.cli.call import Call
    from leadctl.core.noun import Noun
    from leadctl.model import Choice

_PEOPLE_READ = ("table", "markdown")


def print_list(call: Call, noun: Noun, choice: Choice) -> None:
    """Print the chosen records, or how many there are, or how many per value."""
    given, source = call.given, noun.source
    bounds = call.bounds()
    if given["count"] and given["group_by"]:
        raise UsageError("--count and --group-by exclude each other")
    if given["count"]:
        print(noun.count(choice))
        return
    sort = given["sort"] or ""
    if given["group_by"]:
        field = given["group_by"]
        groups = noun.groups(field, choice, sort=sort, **bounds)
        print_listing(call, listing_of(groups, [field, "count"], shown_names(call.crm, [field])))
        return
    entity = source.entity
    fields = call.fields or list(
        TABLE_FIELDS[entity] if call.format in _PEOPLE_READ else source.fields
    )
    if call.format == "ids":
        fields = ["id"]
    noun.readers(fields)
    names = shown_names(call.crm, fields) if call.format in _PEOPLE_READ else {}
    if call.format in _PEOPLE_READ and isinstance(noun, ItemList):
        names["name"] = noun.names_by_name()
    shape = SHAPES.get(call.format, Shape.STORED)
    rows = noun.rows(choice, fields, sort=sort, shape=shape, **bounds)
    types = [source.fields[name].type for name in fields]
    print_listing(call, Listing(fields, types, rows, names, lambda: noun.count(choice), shape))
