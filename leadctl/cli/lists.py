"""What ``list`` does for every noun: fields, order, bounds, counts, groups."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from leadctl.cli.columns import TABLE_FIELDS, shown_names
from leadctl.cli.output import NO_NAMES, SHAPES, Listing, Names, listing_of, print_listing
from leadctl.core.items import ItemList
from leadctl.errors import UsageError
from leadctl.model import Record, Shape
from leadctl.store import select

if TYPE_CHECKING:
    from collections.abc import Iterator

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
        names = shown_names(call.crm, [field], source.entity)
        print_listing(call, listing_of(groups, call.fields or [field, "count"], names))
        return
    entity = source.entity
    fields = call.fields or list(
        TABLE_FIELDS[entity] if call.format in _PEOPLE_READ else source.fields
    )
    if call.format == "ids":
        fields = [next(name for name in ("id", *source.fields) if name in source.fields)]
    noun.readers(fields)
    names = shown_names(call.crm, fields, entity) if call.format in _PEOPLE_READ else {}
    if call.format in _PEOPLE_READ and isinstance(noun, ItemList):
        names |= {"name": noun.names_by_name(), "description": noun.descriptions()}
    shape = SHAPES.get(call.format, Shape.STORED)
    if shape is Shape.LINE and (len(fields) == 1 or call.settings["csv_guard"].value):
        # A single empty cell has to be quoted, and what begins a formula is looked for in each.
        shape = Shape.TEXT
    if len(fields) > select.MOST_CELLS:
        shape = Shape.TEXT if shape is Shape.LINE else Shape.STORED

    def rest(written: int) -> Iterator[tuple[Any, ...]]:
        offset, limit = bounds["offset"] + written, bounds["limit"]
        limit = None if limit is None else limit - written
        return noun.rows(choice, fields, sort=sort, shape=Shape.TEXT, limit=limit, offset=offset)

    rows = noun.rows(choice, fields, sort=sort, shape=shape, **bounds)
    total, types = lambda: noun.count(choice), noun.types(fields)
    print_listing(call, Listing(fields, types, rows, names, total, shape, rest=rest))


def print_small_list(
    call: Call,
    records: list[Record],
    fields: list[str],
    names: Names = NO_NAMES,
    bars: str = "",
) -> None:
    """Print records that are in memory, with the options of a list where the verb takes them.

    ``bars`` is a field with counts that a table on a terminal also draws.
    """
    given = call.given
    if given.get("count") and given.get("group_by"):
        raise UsageError("--count and --group-by exclude each other")
    if given.get("group_by"):
        field = given["group_by"]
        counted = Counter(record[field] for record in records)
        records = [{field: value, "count": count} for value, count in counted.items()]
        fields = call.fields or [field, "count"]
    for part in reversed([part.strip() for part in (given.get("sort") or "").split(",")]):
        if part:
            records = _sorted(records, part.removeprefix("-"), down=part.startswith("-"))
    if "limit" in given:
        bounds = call.bounds()
        end = None if bounds["limit"] is None else bounds["offset"] + bounds["limit"]
        records = records[bounds["offset"] : end]
    if given.get("count"):
        print(len(records))
    else:
        print_listing(call, listing_of(records, fields, names, bars))


def _sorted(records: list[Record], field: str, *, down: bool) -> list[Record]:
    """The records in the order of a field; those without a value come last."""
    having = [record for record in records if record[field] is not None]
    having.sort(key=lambda record: _orderly(record[field]), reverse=down)
    return having + [record for record in records if record[field] is None]


def _orderly(value: object) -> tuple[float, str]:
    return (value, "") if isinstance(value, (int, float)) else (0, str(value))
