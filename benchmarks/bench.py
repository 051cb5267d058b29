"""The folder in which the benchmark works, and the processes that it runs there."""

from __future__ import annotations

import os
import sys
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import yardsticks
from contents import Both, copy
from measure import Usage, run

SQLITE = Path("/usr/bin/sqlite3")
HERE = Path(__file__).parent
LINES = 10_000
MOVED = 100_000
MIXED = ("open", "contacting", "disqualified", "re_nurture", "qualified")
EQUAL = ("qualified",)
CLOSE_DATE = "2099-12-31"


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
    def both(self) -> Both:
        return Both(self.folder, (self.folder / "leadctl.db", self.folder / "sqlite.db"))

    def copy(self, source: Path, target: Path) -> None:
        """Begin a round with a fresh copy of a file."""
        copy(source, target)

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
    def deals(self) -> Path:
        path = self.folder / "deals.db"
        built = [sys.executable, str(HERE / "build.py"), str(path), "--deals"]
        self.run([*built, "--people", str(self.rows)])
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

    @property
    def last_moved(self) -> int:
        """The number of the last opportunity to move: every second one is open."""
        return min(self.rows, 2 * MOVED)

    def loop(self, path: Path) -> Usage:
        """Move opportunities one by one."""
        words = [str(path), str(self.last_moved), CLOSE_DATE]
        return self.run([sys.executable, str(HERE / "next_loop.py"), *words])

    def run(self, words: list[str], **more: Any) -> Usage:
        return run(words, self.folder, self.environment, **more)

    def leadctl(self, path: Path | str, words: list[str], output: Path | None = None) -> Usage:
        console_script = Path(sys.executable).with_name("leadctl")
        return self.run([str(console_script), "--db", str(path), *words], output=output)

    def sqlite(self, path: Path, sql: str, output: Path | None = None) -> Usage:
        options = ["-init", "/dev/null", "-batch", "-bail", "-csv", "-header"]
        return self.run([str(SQLITE), *options, str(path)], sql=sql, output=output)
