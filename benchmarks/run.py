"""Speed of leadctl beside ``sqlite3``: ``python benchmarks/run.py [--rows N] [--only NAME]``.

Both sides work in turn (A B A B) on fresh copies of the same file. Ratios are the median over the
rounds of each round's own ratio. After each pair both results are compared. Exit 1 when a goal is
missed or the results differ, 2 when there is no sqlite3.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import yardsticks
from contents import same_files, same_output
from measure import Failed, Usage, run

if TYPE_CHECKING:
    from collections.abc import Callable

SQLITE = Path("/usr/bin/sqlite3")
HERE = Path(__file__).parent
BULK_PEAK, LIST_PEAK = 350, 60
LINES = 10_000
MIXED = ("open", "contacting", "disqualified", "re_nurture", "qualified")
EQUAL = ("qualified",)


class Row(NamedTuple):
    """A line of the table. ``file`` is the attribute of ``Bench`` with the file to begin with.

    ``words`` are leadctl's arguments in the n-th of ``repeat`` runs, ``sql`` what sqlite3 is given;
    without it, Python importing sqlite3 is the yardstick. ``format`` is that of the output to
    compare; otherwise the files are.
    """

    name: str
    measure: str
    goal: float
    words: Callable[[Bench, int], list[str]]
    sql: Callable[[Bench], str] | None = None
    file: str = "base"
    peak: int | None = None
    repeat: int = 1
    format: str | None = None


class Bench:
    """A folder with the files that the rows begin with, each made when it is first needed."""

    def __init__(self, folder: Path, rows: int) -> None:
        self.folder = folder
        self.rows = rows
        self.today = date.today().isoformat()  # noqa: DTZ011 - leadctl's today is the local one
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith("LEADCTL_")
        } | {
            "LEADCTL_USER": yardsticks.USER,
            "XDG_CONFIG_HOME": str(folder / "config"),
        }

    @property
    def csv(self) -> Path:
        return self.folder / "import.csv"

    @cached_property
    def base(self) -> Path:
        path = self.folder / "base.db"
        built = [sys.executable, str(HERE / "build.py"), str(path), "--leads"]
        self.run([*built, "--people", str(self.rows), "--csv", str(self.csv)])
        return path

    @cached_property
    def changed(self) -> Path:
        path = self.folder / "changed.db"
        copy(self.base, path)
        self.leadctl(path, ["person", "set-status", "--all", "qualified"])
        return path

    def lines(self, statuses: tuple[str, ...]) -> list[tuple[int, str]]:
        """10,000 people, or all, and the lead status that each is to get, in turn."""
        count = min(self.rows, LINES)
        return [(id, statuses[id % len(statuses)]) for id in range(1, count + 1)]

    def batch(self, statuses: tuple[str, ...]) -> Path:
        path = self.folder / f"batch-{len(statuses)}.txt"
        lines = (f"person set-status {id} {status}\n" for id, status in self.lines(statuses))
        path.write_text("".join(lines), encoding="utf-8")
        return path

    def run(self, words: list[str], **more: Any) -> Usage:
        return run(words, self.folder, self.environment, **more)

    def leadctl(self, path: Path, words: list[str], output: Path | None = None) -> Usage:
        console_script = Path(sys.executable).with_name("leadctl")
        return self.run([str(console_script), "--db", str(path), *words], output=output)

    def sqlite(self, path: Path, sql: str, output: Path | None = None) -> Usage:
        options = ["-init", "/dev/null", "-batch", "-bail", "-csv", "-header"]
        return self.run([str(SQLITE), *options, str(path)], sql=sql, output=output)


ROWS = (
    Row(
        "set-status",
        "wall",
        1.3,
        lambda bench, _: ["person", "set-status", "--all", "qualified"],
        lambda bench: yardsticks.SET_STATUS,
        peak=BULK_PEAK,
    ),
    Row(
        "undo",
        "wall",
        1.5,
        lambda bench, _: ["change", "undo", "1", "--yes"],
        lambda bench: yardsticks.UNDO,
        file="changed",
        peak=BULK_PEAK,
    ),
    Row(
        "import",
        "wall",
        1.8,
        lambda bench, _: ["person", "import", str(bench.csv)],
        lambda bench: yardsticks.import_sql(bench.csv),
        peak=BULK_PEAK,
    ),
    Row(
        "export-csv",
        "cpu",
        2.0,
        lambda bench, _: ["person", "list", "-f", "csv"],
        lambda bench: yardsticks.export_sql(bench.today),
        peak=LIST_PEAK,
        format="csv",
    ),
    Row(
        "export-ndjson",
        "cpu",
        1.7,
        lambda bench, _: ["person", "list", "-f", "ndjson"],
        lambda bench: yardsticks.export_sql(bench.today),
        peak=LIST_PEAK,
        format="ndjson",
    ),
    Row(
        "batch-mixed",
        "wall",
        25.0,
        lambda bench, _: ["batch", str(bench.batch(MIXED))],
        lambda bench: yardsticks.batch_sql(bench.lines(MIXED)),
        peak=BULK_PEAK,
    ),
    Row(
        "batch-equal",
        "wall",
        5.0,
        lambda bench, _: ["batch", str(bench.batch(EQUAL))],
        lambda bench: yardsticks.batch_sql(bench.lines(EQUAL)),
        peak=BULK_PEAK,
    ),
    Row(
        "start-up",
        "wall",
        5.0,
        # In turn, so that every run has something to write.
        lambda bench, n: ["person", "set-status", "1", ("qualified", "open")[n % 2]],
        repeat=20,
    ),
    Row("help", "wall", 5.0, lambda bench, _: ["--help"], repeat=20),
)


class Result(NamedTuple):
    """What a row came to."""

    row: Row
    ours: list[Usage]
    theirs: list[Usage]
    agreed: bool

    def ratio(self, measure: str) -> float:
        pairs = zip(self.ours, self.theirs, strict=True)
        return statistics.median(getattr(a, measure) / getattr(b, measure) for a, b in pairs)

    @property
    def peak(self) -> float:
        return max(usage.peak for usage in self.ours)

    @property
    def verdict(self) -> str:
        if not self.agreed:
            return "differs"
        too_slow = self.ratio(self.row.measure) > self.row.goal
        too_large = self.row.peak is not None and self.peak > self.row.peak
        return "missed" if too_slow or too_large else "ok"

    def document(self) -> dict[str, Any]:
        return {
            "name": self.row.name,
            "leadctl_wall": statistics.median(usage.wall for usage in self.ours) / self.row.repeat,
            "yardstick_wall": statistics.median(usage.wall for usage in self.theirs)
            / self.row.repeat,
            "wall_ratio": self.ratio("wall"),
            "cpu_ratio": self.ratio("cpu"),
            "peak_mib": self.peak,
            "goal": f"{self.row.measure} {self.row.goal}"
            + (f", {self.row.peak} MiB" if self.row.peak else ""),
            "agreed": self.agreed,
            "verdict": self.verdict,
        }


def copy(source: Path, target: Path) -> None:
    """A fresh copy, on the disk already: its writing must not fall into what is measured."""
    for suffix in ("-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    shutil.copyfile(source, target)
    with target.open("rb+") as file:
        os.fsync(file.fileno())


def pair(bench: Bench, row: Row) -> tuple[Usage, Usage, bool]:
    """One round: leadctl, then the yardstick, then the comparison."""
    files = bench.folder / "leadctl.db", bench.folder / "sqlite.db"
    outputs = bench.folder / "leadctl.out", bench.folder / "sqlite.out"
    ours = theirs = Usage()
    copy(getattr(bench, row.file), files[0])
    if row.sql is not None:
        copy(getattr(bench, row.file), files[1])
    for number in range(row.repeat):
        ours = ours.plus(bench.leadctl(files[0], row.words(bench, number), outputs[0]))
        if row.sql is None:
            theirs = theirs.plus(bench.run([sys.executable, "-c", "import sqlite3"]))
        else:
            theirs = theirs.plus(bench.sqlite(files[1], row.sql(bench), outputs[1]))
    if row.format is not None:
        return ours, theirs, same_output(*outputs, row.format)
    return ours, theirs, row.sql is None or same_files(*files)


def measured(bench: Bench, row: Row, rounds: int) -> Result:
    pairs = [pair(bench, row) for _ in range(rounds)]
    ours, theirs, agreed = zip(*pairs, strict=True)
    return Result(row, list(ours), list(theirs), all(agreed))


HEADERS = ("name", "leadctl s", "yardstick s", "wall", "CPU", "peak MiB", "goal", "")
LAYOUT = "{:<14}{:>10}{:>13}{:>8}{:>8}{:>10}  {:<18}{}"


def line(result: Result) -> str:
    name, ours, theirs, wall, cpu, peak, goal, _, verdict = result.document().values()
    numbers = f"{ours:.3f}", f"{theirs:.3f}", f"{wall:.2f}", f"{cpu:.2f}", f"{peak:.0f}"
    return LAYOUT.format(name, *numbers, goal, verdict)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="people in the file")
    parser.add_argument("--only", choices=[row.name for row in ROWS])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    if not SQLITE.exists():
        print(f"{SQLITE} is missing: there is nothing to measure against", file=sys.stderr)
        return 2
    results = []
    if not given.json:
        print(LAYOUT.format(*HEADERS))
    with tempfile.TemporaryDirectory(prefix="leadctl-benchmark-") as folder:
        bench = Bench(Path(folder), given.rows)
        for row in ROWS:
            if given.only in (None, row.name):
                results.append(measured(bench, row, given.rounds))
                if not given.json:
                    print(line(results[-1]), flush=True)
    if given.json:
        print(json.dumps([result.document() for result in results], indent=2))
    return int(any(result.verdict != "ok" for result in results))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failed as problem:
        sys.exit(f"Error: {problem}")
