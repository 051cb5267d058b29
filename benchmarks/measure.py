"""Running a process and measuring what it used."""

from __future__ import annotations

import os
import subprocess
import time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


class Usage(NamedTuple):
    """Seconds, and the largest resident size in MiB.

    The kernel counts what the parent had when it started the child, so whoever measures must stay
    small itself: the files are built by a process of their own, and compared row by row.
    """

    wall: float = 0.0
    cpu: float = 0.0
    peak: float = 0.0

    def plus(self, other: Usage) -> Usage:
        """Both, one after the other."""
        return Usage(self.wall + other.wall, self.cpu + other.cpu, max(self.peak, other.peak))


class Failed(Exception):
    """A command did not do its work."""


def run(
    words: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    *,
    sql: str = "",
    output: Path | None = None,
) -> Usage:
    """Run a command in ``folder``; raises Failed unless it ends with 0.

    ``sql`` is its standard input, ``output`` the file for its standard output.
    """
    script, errors = folder / "stdin", folder / "stderr"
    script.write_text(sql, encoding="utf-8")
    with (
        script.open("rb") as stdin,
        (output or folder / "stdout").open("wb") as stdout,
        errors.open("wb") as stderr,
    ):
        start = time.perf_counter()
        process = subprocess.Popen(
            words, cwd=folder, env=environment, stdin=stdin, stdout=stdout, stderr=stderr
        )
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        said = errors.read_text(encoding="utf-8", errors="replace").strip()
        raise Failed(f"{' '.join(words)} ended with {process.returncode}: {said}")
    return Usage(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
