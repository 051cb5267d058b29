"""The benchmark runs and both sides do the same work; how fast they are is asserted nowhere."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.console import ROOT

NAMES = [
    *("set-status", "undo", "import", "export-csv", "export-ndjson"),
    *("purge", "delete-wall", "delete-cpu", "next", "board", "dashboard"),
    *("batch-mixed", "batch-equal", "start-up", "help"),
]


def run(*words: str, script: str = "run.py") -> subprocess.CompletedProcess[str]:
    """Run the benchmark in a process of its own."""
    return subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / script), *words],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.skipif(not Path("/usr/bin/sqlite3").exists(), reason="/usr/bin/sqlite3 is missing")
def test_all_rows_run_and_agree() -> None:
    ran = run("--rows", "500", "--rounds", "1", "--json")
    assert ran.returncode in (0, 1), ran.stderr
    rows = json.loads(ran.stdout)
    assert [row["name"] for row in rows] == NAMES
    assert [row["name"] for row in rows if not row["agreed"]] == []
    # So few rows are read sooner than leadctl starts, give or take.
    assert all(row["wall_ratio"] > 0 for row in rows if "start" not in row["goal"])
    assert all(row["peak_mib"] > 1 for row in rows)


@pytest.mark.skipif(not Path("/usr/bin/sqlite3").exists(), reason="/usr/bin/sqlite3 is missing")
def test_one_row_as_a_table() -> None:
    ran = run("--rows", "100", "--rounds", "1", "--only", "set-status")
    assert ran.returncode in (0, 1), ran.stderr
    heading, row = ran.stdout.splitlines()
    assert heading.split()[:2] == ["name", "leadctl"]
    assert row.startswith("set-status ")
    assert row.split()[-1] in ("ok", "missed")


def test_writers_and_readers_at_once_lose_nothing() -> None:
    ran = run("--people", "200", "--writes", "5", script="parallel.py")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    leadctl, plain = ran.stdout.splitlines()
    assert leadctl.startswith("leadctl ")
    assert plain.startswith("plain ")
