"""Whether both sides did the same work: rows of files and of output, one at a time."""

from __future__ import annotations

import csv
import json
import sqlite3
from contextlib import closing
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from build import STAMP

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

ORDERS = {
    "company": "id",
    "person": "id",
    "change": "id",
    "history": "entity, entity_id, change_id, field",
}
_INSTANTS = ("at", "stamp", "created_at", "updated_at", "status_since", "was_updated_at")
_INSTANTS += ("was_since",)


def _same(ours: Iterable[Any], theirs: Iterable[Any]) -> bool:
    return all(one == other for one, other in zip_longest(ours, theirs))


def _select(connection: sqlite3.Connection, table: str) -> str:
    """All columns, instants only as "when the file was built" or "since"; history without id."""
    cells = []
    for _, name, *_ in connection.execute(f"PRAGMA table_xinfo({table})"):
        if name in _INSTANTS:
            cells.append(f"iif({name} <> '{STAMP}', 'since', {name})")
        elif (table, name) != ("history", "id"):
            cells.append(name)
    return f"SELECT {', '.join(cells)} FROM {table} ORDER BY {ORDERS[table]}"


def same_files(ours: Path, theirs: Path) -> bool:
    """Whether two files have the same records, changes and history."""
    with closing(sqlite3.connect(ours)) as one, closing(sqlite3.connect(theirs)) as other:
        return all(
            _same(one.execute(_select(one, table)), other.execute(_select(other, table)))
            for table in ORDERS
        )


def _text(value: Any) -> str:
    if isinstance(value, (bool, dict)):
        return json.dumps(value)
    return "" if value is None else str(value)


def _objects(lines: Iterable[str]) -> Iterator[list[str]]:
    """NDJSON as the rows that CSV would have, its header included."""
    header: list[str] = []
    for line in lines:
        record = json.loads(line)
        if list(record) != header:
            header = list(record)
            yield header
        yield list(map(_text, record.values()))


def same_output(ours: Path, theirs: Path, format: str) -> bool:
    """Whether CSV or NDJSON has the rows of a CSV file with a header."""
    with (
        ours.open(encoding="utf-8", newline="") as one,
        theirs.open(encoding="utf-8", newline="") as other,
    ):
        return _same(csv.reader(one) if format == "csv" else _objects(one), csv.reader(other))
