"""Speed of leadctl beside ``sqlite3``: ``python benchmarks/run.py [--rows N] [--only NAME]``.

With ``--engine postgresql`` beside ``psql``, on a server of its own or that of ``--address``.

Both sides work in turn (A B A B) on fresh copies of the same file. Ratios are the median over the
rounds of each round's own ratio. After each pair both results are compared. Exit 1 when a goal is
missed or the results differ, 2 when there is no sqlite3 or psql.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from bench import SQLITE, Bench
from measure import Failed, Usage
from rows import ROWS, Row

if TYPE_CHECKING:
    from collections.abc import Sequence

STARTS = 5


class Result(NamedTuple):
    """What a row came to. ``start`` is what leadctl needs to read one record."""

    row: Row
    ours: list[Usage]
    theirs: list[Usage]
    start: Usage
    agreed: bool

    def ratio(self, measure: str) -> float:
        pairs = zip(self.ours, self.theirs, strict=True)
        start = getattr(self.start, measure) * self.row.repeat
        return statistics.median(
            (getattr(a, measure) - start) / getattr(b, measure) for a, b in pairs
        )

    @property
    def peak(self) -> float:
        return max(usage.peak for usage in self.ours)

    @property
    def verdict(self) -> str:
        if not self.agreed:
            return "differs"
        too_slow = self.row.goal is not None and self.ratio(self.row.measure) > self.row.goal
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
            "goal": ("start + " if self.row.start_up else "")
            + (f"{self.row.measure} {self.row.goal}" if self.row.goal else "none")
            + (f", {self.row.peak} MiB" if self.row.peak else ""),
            "agreed": self.agreed,
            "verdict": self.verdict,
        }


def pair(bench: Bench, row: Row) -> tuple[Usage, Usage, bool]:
    """One round: leadctl, then the yardstick, then the comparison."""
    both = bench.both
    ours = theirs = Usage()
    for file in both.files:
        bench.copy(getattr(bench, row.file), file)
    for number in range(row.repeat):
        ours = ours.plus(bench.leadctl(both.files[0], row.words(bench, number), both.outputs[0]))
        theirs = theirs.plus(row.theirs(bench, both.files[1], both.outputs[1]))
    return ours, theirs, row.same(both)


def starting(bench: Bench, row: Row) -> Usage:
    """What it takes to read one record: the median of a few runs."""
    if not row.start_up:
        return Usage()
    runs = [bench.leadctl(getattr(bench, row.file), ["person", "show", "1"]) for _ in range(STARTS)]
    return sorted(runs)[STARTS // 2]


def measured(bench: Bench, row: Row, rounds: int) -> Result:
    pairs = [pair(bench, row) for _ in range(rounds)]
    ours, theirs, agreed = zip(*pairs, strict=True)
    return Result(row, list(ours), list(theirs), starting(bench, row), all(agreed))


HEADERS = ("name", "leadctl s", "yardstick s", "wall", "CPU", "peak MiB", "goal", "")
LAYOUT = "{:<14}{:>10}{:>13}{:>8}{:>8}{:>10}  {:<26}{}"


def line(result: Result) -> str:
    name, ours, theirs, wall, cpu, peak, goal, _, verdict = result.document().values()
    numbers = f"{ours:.3f}", f"{theirs:.3f}", f"{wall:.2f}", f"{cpu:.2f}", f"{peak:.0f}"
    return LAYOUT.format(name, *numbers, goal, verdict)


def table(bench: Bench, rows: Sequence[Row], given: argparse.Namespace) -> int:
    """Measure the rows that are asked for and print them."""
    unknown = sorted(set(given.only or ()) - {row.name for row in rows})
    if unknown:
        raise Failed(
            f"there is no row {unknown[0]}; there are {', '.join(row.name for row in rows)}"
        )
    results = []
    if not given.json:
        print(LAYOUT.format(*HEADERS))
    for row in rows:
        if given.only is None or row.name in given.only:
            results.append(measured(bench, row, given.rounds))
            if not given.json:
                print(line(results[-1]), flush=True)
    if given.json:
        print(json.dumps([result.document() for result in results], indent=2))
    return int(any(result.verdict != "ok" for result in results))


def on_a_server(given: argparse.Namespace, folder: Path) -> int:
    """The same beside ``psql``; psycopg is not there in every environment."""
    import rows_postgresql
    from bench_postgresql import ServerBench, find_psql

    psql = find_psql()
    if psql is None:
        print("psql is missing: there is nothing to measure against", file=sys.stderr)
        return 2
    with ServerBench(folder, given.rows or 100_000, psql, given.address) as bench:
        return table(bench, rows_postgresql.ROWS, given)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, help="people: a million, on a server 100,000")
    parser.add_argument("--only", action="append", metavar="NAME", help="a row of the table")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--address", help="a database of a server; the role may create others")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="leadctl-benchmark-") as folder:
        if given.engine == "postgresql":
            return on_a_server(given, Path(folder))
        if not SQLITE.exists():
            print(f"{SQLITE} is missing: there is nothing to measure against", file=sys.stderr)
            return 2
        return table(Bench(Path(folder), given.rows or 1_000_000), ROWS, given)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failed as problem:
        sys.exit(f"Error: {problem}")
