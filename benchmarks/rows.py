"""The lines of the benchmark's table."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import yardsticks
import yardsticks_reading
from bench import CLOSE_DATE, EQUAL, MIXED, Bench
from contents import CHANGES, DEALS, PEOPLE, same_board, same_dashboard, same_files, same_output

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from contents import Both
    from measure import Usage

    Words = Callable[[Bench, int], list[str]]
    Yardstick = Callable[[Bench, Path, Path], Usage]

BULK_PEAK, LIST_PEAK = 350, 60


class Row(NamedTuple):
    """A line of the table. ``file`` is the attribute of ``Bench`` with the file to begin with.

    ``words`` are leadctl's arguments in the n-th of ``repeat`` runs, ``theirs`` runs the yardstick
    on a file with a file for its output. ``same`` says whether both did the same work. What leadctl
    needs to start is taken off before the ratio is made when ``start_up`` is set.
    """

    name: str
    measure: str
    goal: float | None
    words: Words
    theirs: Yardstick
    same: Callable[[Both], bool] = lambda both: True
    file: str = "base"
    peak: int | None = None
    repeat: int = 1
    start_up: bool = False


def _sql(make: Callable[[Bench], str]) -> Yardstick:
    return lambda bench, file, output: bench.sqlite(file, make(bench), output)


_PYTHON: Yardstick = lambda bench, *_: bench.run([sys.executable, "-c", "import sqlite3"])  # noqa: E731
_people = partial(same_files, tables=(*PEOPLE, *CHANGES))
_deals = partial(same_files, tables=DEALS)
_DELETE = ["closed", "delete", "--all", "--yes"]

ROWS = (
    Row(
        "set-status",
        "wall",
        1.3,
        lambda bench, _: ["person", "set-status", "--all", "qualified"],
        _sql(lambda bench: yardsticks.SET_STATUS),
        _people,
        peak=BULK_PEAK,
    ),
    Row(
        "undo",
        "wall",
        1.5,
        lambda bench, _: ["change", "undo", "1", "--yes"],
        _sql(lambda bench: yardsticks.UNDO),
        _people,
        file="changed",
        peak=BULK_PEAK,
    ),
    Row(
        "import",
        "wall",
        1.8,
        lambda bench, _: ["person", "import", str(bench.csv)],
        _sql(lambda bench: yardsticks.import_sql(bench.csv)),
        _people,
        peak=BULK_PEAK,
    ),
    Row(
        "export-csv",
        "cpu",
        2.0,
        lambda bench, _: ["person", "list", "-f", "csv"],
        _sql(lambda bench: yardsticks.export_sql(bench.today)),
        partial(same_output, format="csv"),
        peak=LIST_PEAK,
    ),
    Row(
        "export-ndjson",
        "cpu",
        1.7,
        lambda bench, _: ["person", "list", "-f", "ndjson"],
        _sql(lambda bench: yardsticks.export_sql(bench.today)),
        partial(same_output, format="ndjson"),
        peak=LIST_PEAK,
    ),
    Row(
        "purge",
        "wall",
        1.2,
        lambda bench, _: [*_DELETE, "--purge"],
        _sql(lambda bench: yardsticks.DELETE),
        partial(same_files, tables=(*DEALS, *CHANGES)),
        file="deals",
        peak=BULK_PEAK,
    ),
    *(
        Row(
            f"delete-{measure}",
            measure,
            goal,
            lambda bench, _: _DELETE,
            _sql(lambda bench: yardsticks.DELETE),
            _deals,
            file="deals",
            peak=BULK_PEAK,
        )
        for measure, goal in (("wall", 3.0), ("cpu", 2.6))
    ),
    Row(
        "next",
        "wall",
        1.5,
        lambda bench, _: [
            *("opportunity", "next", "--where"),
            f"status = in_progress and id <= {bench.last_moved}",
            *("--close-date", CLOSE_DATE, "--yes"),
        ],
        lambda bench, file, output: bench.loop(file),
        _deals,
        file="deals",
        peak=BULK_PEAK,
    ),
    Row(
        "board",
        "wall",
        1.5,
        lambda bench, _: ["board", "show", "-f", "json"],
        _sql(lambda bench: yardsticks_reading.BOARD),
        same_board,
        file="deals",
        peak=LIST_PEAK,
        start_up=True,
    ),
    Row(
        "dashboard",
        "wall",
        1.5,
        lambda bench, _: ["dashboard", "show", "-f", "json"],
        _sql(lambda bench: yardsticks_reading.dashboard_sql(bench.today)),
        same_dashboard,
        file="deals",
        peak=LIST_PEAK,
        start_up=True,
    ),
    Row(
        "batch-mixed",
        "wall",
        25.0,
        lambda bench, _: ["batch", str(bench.batch(MIXED))],
        _sql(lambda bench: yardsticks.batch_sql(bench.lines(MIXED))),
        _people,
        peak=BULK_PEAK,
    ),
    Row(
        "batch-equal",
        "wall",
        5.0,
        lambda bench, _: ["batch", str(bench.batch(EQUAL))],
        _sql(lambda bench: yardsticks.batch_sql(bench.lines(EQUAL))),
        _people,
        peak=BULK_PEAK,
    ),
    Row(
        "start-up",
        "wall",
        5.0,
        # In turn, so that every run has something to write.
        lambda bench, n: ["person", "set-status", "1", ("qualified", "open")[n % 2]],
        _PYTHON,
        repeat=10,
    ),
    Row("help", "wall", 5.0, lambda bench, _: ["--help"], _PYTHON, repeat=10),
)
