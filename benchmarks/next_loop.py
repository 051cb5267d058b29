"""Move opportunities to the next stage, one by one: ``python next_loop.py FILE LAST CLOSE_DATE``.

The yardstick of ``opportunity next``: one UPDATE and two INSERTs per opportunity, by hand, in one
transaction. Every opportunity up to the number LAST that is in progress moves.
"""

from __future__ import annotations

import sqlite3
import sys
from datetime import date
from typing import TYPE_CHECKING

from leadctl.store.sqlite import WRITING_CACHE_KIB

if TYPE_CHECKING:
    from collections.abc import Sequence

_FOUND = """SELECT t.id, e.id, e.stage, e.date, e.estimated_value_minor
FROM opportunity t JOIN entry e ON e.opportunity_id = t.id AND e.active = 1
WHERE t.status = 'in_progress' AND t.id <= ?"""
_ENTRY = """INSERT INTO entry (opportunity_id, cycle_id, action, stage, stage_name, stage_name_key,
    previous_stage, date, active, estimated_value_minor, chances, completed, probability,
    calculated_value_minor, close_date) VALUES (?, 1, 'next', ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?)"""
_HISTORY = "INSERT INTO history (change_id, entity, entity_id) VALUES (?, 'entry', ?)"


def main(file: str, last: int, close_date: str) -> None:
    """Move them all."""
    connection = sqlite3.connect(file, isolation_level=None)
    run = connection.execute
    run("PRAGMA synchronous = FULL")
    run("PRAGMA foreign_keys = ON")
    run(f"PRAGMA cache_size = -{WRITING_CACHE_KIB}")
    today = date.today()  # noqa: DTZ011 - leadctl's today is the local one
    run("BEGIN IMMEDIATE")
    change = run(
        "INSERT INTO change (at, stamp, author, command, records)"
        " VALUES (datetime('now'), datetime('now'), 'bench', 'next', 1)"
    ).lastrowid
    stages = run(
        "SELECT number, name, chances, completed FROM stage WHERE cycle_id = 1 ORDER BY number"
    ).fetchall()
    for id, before, stage, day, value in run(_FOUND, (last,)).fetchall():
        days = (today - date.fromisoformat(day)).days
        run("UPDATE entry SET active = 0, days_open = ? WHERE id = ?", (days, before))
        number, name, chances, completed = _after(stages, stage)
        probability = (chances * completed + 5_000) // 10_000
        calculated = (value * probability + 5_000) // 10_000
        figures = (value, chances, completed, probability, calculated)
        words = (id, number, name, name.casefold(), stage, today.isoformat())
        entry = run(_ENTRY, (*words, *figures, close_date)).lastrowid
        run(_HISTORY, (change, entry))
    run("COMMIT")


def _after(stages: Sequence[tuple[int, str, int, int]], stage: int) -> tuple[int, str, int, int]:
    return next(item for item in stages if item[0] > stage)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
