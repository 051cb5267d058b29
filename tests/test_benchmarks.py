"""The benchmark runs and both sides do the same work; how fast they are is asserted nowhere."""

from __future__ import annotations

import importlib
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


ON_A_SERVER = [
    *("set-status", "undo", "import", "export-csv", "export-ndjson"),
    *("purge", "delete", "next", "board", "dashboard", "start-up"),
]


def test_all_rows_run_and_agree_on_a_server() -> None:
    ran = run("--engine", "postgresql", "--rows", "300", "--rounds", "1", "--json")
    assert ran.returncode in (0, 1), ran.stderr
    rows = json.loads(ran.stdout)
    assert [row["name"] for row in rows] == ON_A_SERVER
    assert [row["name"] for row in rows if not row["agreed"]] == []
    assert rows[-1]["goal"] == "none"
    assert rows[-1]["verdict"] == "ok"


def test_one_row_on_a_server_that_is_there(server) -> None:
    address = server.address("postgres")
    words = ("--engine", "postgresql", "--address", address, "--rows", "100", "--rounds", "1")
    ran = run(*words, "--only", "set-status")
    assert ran.returncode in (0, 1), ran.stderr
    _, row = ran.stdout.splitlines()
    assert row.startswith("set-status ")
    # What it has made there is gone.
    left = server.do("SELECT datname FROM pg_database WHERE datname LIKE 'benchmark%'")
    assert left == []


def test_without_psql_there_is_nothing_to_measure(monkeypatch, tmp_path) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    bench = importlib.import_module("bench_postgresql")
    monkeypatch.setattr(bench, "find_spec", lambda name: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert bench.find_psql() is None
    program = tmp_path / "psql"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    assert bench.find_psql() == program


def test_a_row_that_is_not_there() -> None:
    ran = run("--rows", "100", "--only", "nothing")
    assert ran.returncode == 1
    assert "there is no row nothing" in ran.stderr


def test_writers_and_readers_at_once_lose_nothing() -> None:
    ran = run("--people", "200", "--writes", "5", script="parallel.py")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    leadctl, plain = ran.stdout.splitlines()
    assert leadctl.startswith("leadctl ")
    assert plain.startswith("plain ")
