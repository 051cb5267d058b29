"""The files of both sides, and whether both did the same work: rows of files and of output, one at a
time.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, NamedTuple

from build import STAMP

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

PEOPLE = ("company", "person")
DEALS = ("opportunity", "entry")
CHANGES = ("change", "history")
ORDERS = {"history": "entity, entity_id, change_id, field"}
INSTANTS = ("at", "stamp", "created_at", "updated_at", "status_since", "was_updated_at")
INSTANTS += ("was_since",)


class Both(NamedTuple):
    """The files, or addresses, and the outputs of leadctl and of the yardstick, in one folder."""

    folder: Path
    files: tuple[Any, Any]

    @property
    def outputs(self) -> tuple[Path, Path]:
        return self.folder / "leadctl.out", self.folder / "yardstick.out"


def copy(source: Path, target: Path) -> None:
    """A fresh copy, on the disk already: its writing must not fall into what is measured."""
    for suffix in ("-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    shutil.copyfile(source, target)
    with target.open("rb+") as file:
        os.fsync(file.fileno())


def _same(ours: Iterable[Any], theirs: Iterable[Any]) -> bool:
    return all(one == other for one, other in zip_longest(ours, theirs))


def _select(connection: sqlite3.Connection, table: str) -> str:
    """All columns, instants only as "when the file was built" or "since"; history without id."""
    cells = []
    for _, name, *_ in connection.execute(f"PRAGMA table_xinfo({table})"):
        if name in INSTANTS:
            cells.append(f"iif({name} <> '{STAMP}', 'since', {name})")
        elif (table, name) != ("history", "id"):
            cells.append(name)
    return f"SELECT {', '.join(cells)} FROM {table} ORDER BY {ORDERS.get(table, 'id')}"


def same_files(both: Both, tables: Sequence[str]) -> bool:
    """Whether two files have the same records, changes and history."""
    ours, theirs = both.files
    with closing(sqlite3.connect(ours)) as one, closing(sqlite3.connect(theirs)) as other:
        return all(
            _same(one.execute(_select(one, table)), other.execute(_select(other, table)))
            for table in tables
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


def same_output(both: Both, format: str) -> bool:
    """Whether CSV or NDJSON has the rows of a CSV file with a header."""
    ours, theirs = both.outputs
    with (
        ours.open(encoding="utf-8", newline="") as one,
        theirs.open(encoding="utf-8", newline="") as other,
    ):
        return _same(csv.reader(one) if format == "csv" else _objects(one), csv.reader(other))


def same_objects(both: Both) -> bool:
    """Whether both have the same objects, a line each."""
    ours, theirs = both.outputs
    with ours.open(encoding="utf-8") as one, theirs.open(encoding="utf-8") as other:
        return _same(map(json.loads, one), map(json.loads, other))


def _counted(theirs: Path) -> dict[str, Counter[str]]:
    """Tile -> group -> count, from rows of CSV; headers have no number."""
    found: dict[str, Counter[str]] = {}
    with theirs.open(encoding="utf-8", newline="") as file:
        for tile, group, count in csv.reader(file):
            if count.isdigit():
                found.setdefault(tile, Counter())[group] += int(count)
    return found


def _groups(rows: Iterable[dict[str, Any]], key: str, count: str = "count") -> Counter[str]:
    """Group -> count, without those that have none."""
    return +Counter({_text(row[key]): row[count] for row in rows})


def same_board(both: Both) -> bool:
    """Whether the columns of a board hold what was counted."""
    columns = json.loads(both.outputs[0].read_text(encoding="utf-8"))["columns"]
    return _groups(columns, "key") == _counted(both.outputs[1])["board"]


def same_dashboard(both: Both) -> bool:
    """Whether the tiles show what was counted."""
    tiles = json.loads(both.outputs[0].read_text(encoding="utf-8"))
    theirs = _counted(both.outputs[1])
    new = theirs.pop("new_leads").total()
    funnel = theirs.pop("funnel")
    del funnel[""]
    for tile in ("source", "campaign", "first_touch"):
        known = theirs[f"new_leads_by_{tile}"]
        known[""] = new - known.total()
    stages = {row["stage"]: row["opportunities"] for row in tiles["open_by_stage"]}
    ours = {
        **{tile: _groups(tiles[tile], "group") for tile in theirs if tile in _GROUPED},
        "leads_from_forms": Counter({"": tiles["leads_from_forms"]}),
        "open_by_stage": Counter({str(stage): count for stage, count in stages.items()}),
        "forecast_by_month": _groups(tiles["forecast_by_month"], "month", "opportunities"),
        "win_rate": Counter({key: tiles["win_rate"][key] for key in ("won", "lost")}),
        "overdue": Counter({"": tiles["overdue"]["count"]}),
        "due_soon": Counter({"": tiles["due_soon"]["count"]}),
        "top_opportunities": Counter(str(row["id"]) for row in tiles["top_opportunities"]),
    }
    return ours == theirs and _groups(tiles["qualification_funnel"], "key") == +funnel


_GROUPED = (
    *("new_leads_by_source", "new_leads_by_campaign", "new_leads_by_first_touch"),
    *("people_by_status", "companies_by_category", "lost_codes"),
)
