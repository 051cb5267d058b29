"""The lines of the table for PostgreSQL."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import rows
import yardsticks_postgresql
import yardsticks_reading
from bench import CLOSE_DATE
from contents import CHANGES, DEALS, PEOPLE, same_objects
from contents_postgresql import same_databases

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bench_postgresql import ServerBench
    from measure import Usage

GOAL = 1.5


def _sql(make: Callable[[ServerBench], str]) -> Callable[[ServerBench, Path, Path], Usage]:
    return lambda bench, file, output: bench.psql(file, make(bench), output)


_people = partial(same_databases, tables=(*PEOPLE, *CHANGES))
_deals = partial(same_databases, tables=(*DEALS, *CHANGES))
_OTHERS = {row.name: row for row in rows.ROWS}
_ALONE = yardsticks_postgresql


def _row(name: str, theirs: Callable[[ServerBench, Path, Path], Usage], **more: object) -> rows.Row:
    """A line of the other table, with another yardstick."""
    row = _OTHERS[name]
    return row._replace(measure="wall", goal=GOAL, theirs=theirs, **more)


ROWS = (
    _row("set-status", _sql(lambda bench: _ALONE.SET_STATUS), same=_people),
    _row("undo", _sql(lambda bench: _ALONE.UNDO), same=_people),
    _row("import", _sql(lambda bench: _ALONE.import_sql(bench.csv)), same=_people),
    # These are over so soon that starting Python would be half of it.
    _row("export-csv", _sql(lambda bench: _ALONE.csv_sql(bench.today)), start_up=True),
    _row(
        "export-ndjson",
        _sql(lambda bench: _ALONE.ndjson_sql(bench.today)),
        same=same_objects,
        start_up=True,
    ),
    _row("purge", _sql(lambda bench: _ALONE.PURGE), same=_deals),
    _row("delete-wall", _sql(lambda bench: _ALONE.DELETE), same=_deals)._replace(name="delete"),
    _row(
        "next",
        _sql(lambda bench: _ALONE.next_sql(bench.today, bench.last_moved, CLOSE_DATE)),
        same=_deals,
    ),
    # Several times: how long Python takes to start differs by more than all the rest.
    _row("board", _sql(lambda bench: yardsticks_reading.BOARD), repeat=10),
    _row("dashboard", _sql(lambda bench: yardsticks_reading.dashboard_sql(bench.today)), repeat=10),
    _row("start-up", lambda bench, file, _: bench.select_one(file))._replace(goal=None),
)
