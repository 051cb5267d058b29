"""Printing records in the eight formats. Everything streams: a million rows never sit in memory."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from operator import itemgetter
from shutil import get_terminal_size
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from leadctl.cli.text import visible
from leadctl.errors import Reason
from leadctl.labels import header
from leadctl.model import Record, Shape, Type

if TYPE_CHECKING:
    from leadctl.cli.call import Call

# Formats whose rows the database makes ready to print.
SHAPES = {"csv": Shape.LINE, "tsv": Shape.LINE, "json": Shape.JSON, "ndjson": Shape.JSON}
ROWS_ON_A_TERMINAL = 50
ROWS_MEASURED = 1000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
Names = Mapping[str, Mapping[str, str]]
NO_NAMES: Names = MappingProxyType({})


class Listing(NamedTuple):
    """Rows to print. ``types`` says how the stored values of ``fields`` are to be read.

    ``bars`` is a field with counts that a table on a terminal also draws. ``rest`` gives the rows
    after so many as texts.
    """

    fields: Sequence[str]
    types: Sequence[Type]
    rows: Iterator[tuple[Any, ...]]
    names: Names = NO_NAMES
    total: Callable[[], int] | None = None
    shape: Shape = Shape.STORED
    bars: str = ""
    rest: Callable[[int], Iterator[tuple[Any, ...]]] | None = None


def listing_of(
    records: Iterable[Record], fields: Sequence[str], names: Names = NO_NAMES, bars: str = ""
) -> Listing:
    """A listing of dictionaries, whose values are what JSON shows."""
    return Listing(
        fields,
        [Type.TEXT] * len(fields),
        (tuple(record.get(field) for field in fields) for record in records),
        names,
        bars=bars,
    )


def print_listing(call: Call, listing: Listing) -> None:
    """Print a list in the format that was asked for."""
    _PRINTERS[call.format](call, listing)


def print_record(call: Call, record: Record, names: Names = NO_NAMES) -> None:
    """Print one record: an object in JSON and YAML, a line per field in a table."""
    fields = [name for name in call.fields if name in record] or list(record)
    chosen = {field: record[field] for field in fields}
    if call.format == "json":
        print(json.dumps(chosen, ensure_ascii=False, indent=2))
    elif call.format == "yaml":
        _print_yaml(chosen)
    elif call.format == "table":
        _print_lines(call, chosen, names)
    elif call.format == "ids":
        print_listing(call, listing_of([record], list(record)))
    else:
        print_listing(call, listing_of([chosen], fields, names))


NUMBERS = frozenset(
    {
        *("id", "company_id", "person_id", "opportunity_id", "quote_id", "order_id"),
        *("count", "people", "companies", "records", "opportunities", "stages", "quantity"),
        *("stage", "days_open", "stage_age", "status_age"),
        *("estimated_value", "calculated_value", "total", "price"),
        *("chances_percent", "completed_percent", "probability_percent"),
        *("average_days_per_entry", "average_days_per_visit"),
        *("share_percent", "conversion_percent", "win_rate_percent", "won_value"),
        *("schema", "size_bytes", "freed_bytes", "changes", "found", "rows"),
        *("qualified", "won", "lost", "entered", "left", "min_days", "median_days", "max_days"),
    }
)
# Fields with amounts: a table shows them with two decimals.
AMOUNTS = frozenset(("estimated_value", "calculated_value", "won_value", "total", "price"))


def cell(
    value: Any, names: Mapping[str, str] | None, translate: Callable[[str], str], field: str = ""
) -> str:
    """A value as a table shows it."""
    if value is None:
        return ""
    if field in AMOUNTS and not isinstance(value, str):
        return f"{value:.2f}"
    if isinstance(value, bool):
        return translate("yes") if value else translate("no")
    if isinstance(value, (dict, list)):
        return visible(json.dumps(value, ensure_ascii=False)) if value else ""
    text = str(value)
    return visible(names.get(text, text) if names else text)


def _print_lines(call: Call, record: Record, names: Names) -> None:
    width = max((len(header(call.language, field)) for field in record), default=0)
    for field, value in record.items():
        shown = cell(value, names.get(field), call.translate, field)
        print(f"{header(call.language, field):<{width}}  {shown}".rstrip())


def _values(listing: Listing) -> Iterator[tuple[Any, ...]]:
    """The rows with the values that JSON shows."""
    readers = [_READERS.get(kind) for kind in listing.types]
    special = [(place, reader) for place, reader in enumerate(readers) if reader]
    if not special:
        yield from listing.rows
        return
    for row in listing.rows:
        values = list(row)
        for place, reader in special:
            values[place] = reader(values[place])
        yield tuple(values)


def _read_json(text: str | None) -> Any:
    return json.loads(text) if text else {}


_READERS: dict[Type, Callable[[Any], Any]] = {
    Type.BOOLEAN: bool,
    Type.JSON: _read_json,
    Type.ARRAY: json.loads,
}


def _table(call: Call, listing: Listing) -> None:
    rows = _values(listing)
    if sys.stdout.isatty() and call.given.get("limit") is None:
        shown = list(islice(rows, ROWS_ON_A_TERMINAL))
        if next(rows, None) is not None and listing.total is not None:
            call.notice(
                Reason(
                    "",
                    "the first {shown} of {total}; --limit shows more",
                    details={"shown": len(shown), "total": listing.total()},
                )
            )
        rows = iter(shown)
    headers = [header(call.language, field) for field in listing.fields]
    cells = _cells(call, listing, rows)
    first = list(islice(cells, ROWS_MEASURED + 1))
    if len(first) <= ROWS_MEASURED:
        align = ["right" if field in NUMBERS else "left" for field in listing.fields]
        text = _tabulated(first, headers, align)
        if first and listing.bars in listing.fields:
            text = _with_bars(text, first, headers, align, listing.fields.index(listing.bars))
        if sys.stdout.isatty() and text.index("\n") > (room := get_terminal_size().columns):
            from leadctl.cli.bars import can_draw
            from leadctl.cli.fitting import fitted

            mark = "…" if can_draw() else "~"
            text = fitted(first, headers, align, listing.fields, room, mark)
        print(text)
        return
    # tabulate needs all rows at once; a long table is streamed with widths from its beginning.
    widths = [max(len(row[place]) for row in [headers, *first]) for place in range(len(headers))]
    for row in chain([headers, ["-" * width for width in widths]], first, cells):
        line = "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True))
        print(line.rstrip())


def _tabulated(rows: Sequence[Sequence[str]], headers: Sequence[str], align: Sequence[str]) -> str:
    from tabulate import tabulate

    return tabulate(
        rows, headers, "simple", colalign=align if rows else None, disable_numparse=True
    )


def _with_bars(
    text: str,
    rows: Sequence[Sequence[str]],
    headers: Sequence[str],
    align: Sequence[str],
    place: int,
) -> str:
    """A table with a bar beside each count of the column at ``place``, where there is room."""
    from leadctl.cli.bars import bar, room_beside

    counts = [int(row[place]) for row in rows]
    longest = room_beside(text.split("\n")) if any(counts) else 0
    if not longest:
        return text
    drawn = [bar(count, max(counts), longest) for count in counts]
    after = place + 1

    def widened(cells: Sequence[str], more: str) -> list[str]:
        return [*cells[:after], more, *cells[after:]]

    return _tabulated(list(map(widened, rows, drawn)), widened(headers, ""), widened(align, "left"))


def _cells(call: Call, listing: Listing, rows: Iterable[tuple[Any, ...]]) -> Iterator[list[str]]:
    names = [listing.names.get(field) for field in listing.fields]
    translate = call.translate
    for row in rows:
        yield [
            cell(value, known, translate, field)
            for value, known, field in zip(row, names, listing.fields, strict=True)
        ]


def _markdown(call: Call, listing: Listing) -> None:
    headers = [header(call.language, field) for field in listing.fields]
    rows = _cells(call, listing, _values(listing))
    for row in chain([headers, ["---"] * len(headers)], rows):
        print("| " + " | ".join(text.replace("|", "\\|") for text in row) + " |")


def _delimited(delimiter: str) -> Callable[[Call, Listing], None]:
    def write(call: Call, listing: Listing) -> None:
        from leadctl.cli.delimited import Delimited

        output = Delimited(delimiter, listing.fields)
        if listing.rest is not None and listing.shape is Shape.LINE:
            output.write_lines(listing.rows, listing.rest)
            return
        rows: Iterable[Iterable[Any]] = listing.rows
        if listing.shape is not Shape.TEXT:
            rows = (map(_plain, row) for row in _values(listing))
        if call.settings["csv_guard"].value:
            rows = (map(_guarded, row) for row in rows)
        output.write(rows)

    return write


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else value


def _guarded(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _objects(listing: Listing) -> Iterator[str]:
    """The rows as JSON texts."""
    if listing.shape is Shape.JSON:
        return map(itemgetter(0), listing.rows)
    dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    return (dump(dict(zip(listing.fields, row, strict=True))) for row in _values(listing))


def _json(call: Call, listing: Listing) -> None:
    write = sys.stdout.write
    separator = "["
    for text in _objects(listing):
        write(f"{separator}\n{text}")
        separator = ","
    write("[]\n" if separator == "[" else "\n]\n")


def _ndjson(call: Call, listing: Listing) -> None:
    # A thousand lines at once: a million calls of write are a second of their own.
    write, objects = sys.stdout.write, _objects(listing)
    while block := list(islice(objects, 1000)):
        block.append("")
        write("\n".join(block))


def _yaml(call: Call, listing: Listing) -> None:
    empty = True
    for row in _values(listing):
        empty = False
        _print_yaml([dict(zip(listing.fields, row, strict=True))])
    if empty:
        print("[]")


def _print_yaml(document: Any) -> None:
    import yaml

    yaml.safe_dump(document, sys.stdout, sort_keys=False, allow_unicode=True, width=10_000)


def _ids(call: Call, listing: Listing) -> None:
    """The number, or the key or name where there is none, or whatever comes first."""
    place = next(
        (
            listing.fields.index(name)
            for name in ("id", "key", "stage", "name")
            if name in listing.fields
        ),
        0,
    )
    for row in listing.rows:
        print(visible(str("none" if row[place] is None else row[place])))


_PRINTERS: dict[str, Callable[[Call, Listing], None]] = {
    "table": _table,
    "markdown": _markdown,
    "csv": _delimited(","),
    "tsv": _delimited("\t"),
    "json": _json,
    "ndjson": _ndjson,
    "yaml": _yaml,
    "ids": _ids,
}
