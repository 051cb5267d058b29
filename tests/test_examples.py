"""The scripts in examples/ run as they are, in processes of their own."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import pytest

from leadctl.config import is_address
from leadctl.store.opening import connect
from tests.console import ROOT, run_file

MAVEN = ROOT.parent / "shared" / "data" / "maven"


def run(name: str, *words: object) -> str:
    """Run an example and return what it prints."""
    ran = subprocess.run(
        [sys.executable, str(ROOT / "examples" / name), *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_library(tmp_path: Path) -> None:
    assert run("library.py", tmp_path / "leads.db").splitlines() == [
        "Kari open",
        "Ola open",
        "would change 2",
        "changed 2 in change 4",
        "lead_status_not_applicable wrong_group",
        "{'name': 'Kari', 'category': 'lead', 'lead_status': 'open'}",
        "{'name': 'Ola', 'category': 'lead', 'lead_status': 'open'}",
    ]


def nightly(path: Path, *words: object, today: str, wait: str = "0") -> tuple[int, str]:
    """Run the clean-up as cron would; returns its exit code and what it prints."""
    surroundings = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "LEADCTL_TODAY": today,
        "LEADCTL_LOCK_WAIT": wait,
    }
    ran = subprocess.run(
        ["sh", str(ROOT / "examples" / "nightly-clean-up.sh"), str(path), *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        env=surroundings,
    )
    return ran.returncode, ran.stdout + ran.stderr


@pytest.mark.files
def test_nightly_clean_up(cli) -> None:
    for number in (1, 2, 3):
        cli("opportunity", "add", "Deal", "--company", cli.json("company", "add", "Acme")["id"])
        day = f"202{number}-05-01"
        cli("opportunity", "close", number, "--lost", "--code", "lost_price", "--on", day)
    code, said = nightly(cli.path, 1, today="2024-05-02")
    assert (code, said.splitlines()) == (
        7,
        [
            "no change: 2 matched",
            "more than 1 would go: look with closed list --older-than 24m --count",
            "Error: 2 records match, 0..1 were expected",
        ],
    )
    assert nightly(cli.path, today="2024-05-02") == (0, "change 10: 2 changed\n")
    assert nightly(cli.path, today="2024-05-02") == (0, "no change: nothing to do\n")
    assert [row["id"] for row in cli.json("opportunity", "list")] == [3]
    assert cli.json("change", "show", 10)["reason"] == "nightly clean-up"
    with sqlite3.connect(cli.path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        code, said = nightly(cli.path, today="2026-05-02")
        other.execute("ROLLBACK")
    assert (code, said.splitlines()[-1]) == (
        75,
        "Hint: try again, or wait longer with --lock-wait SECONDS",
    )
    assert "somebody else held the file for 0 seconds: tomorrow will do" in said
    assert nightly(cli.path.with_name("none.db"), today="2026-05-02")[0] == 10


@pytest.mark.files
def test_nightly_backup(cli, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    for day in ("01", "02", "03"):
        (folder / f"leads-2020-01-{day}.db").touch()

    def backup() -> tuple[int, str]:
        ran = subprocess.run(
            ["sh", str(ROOT / "examples" / "nightly-backup.sh"), str(cli.path), str(folder), "2"],
            capture_output=True,
            text=True,
            check=False,
            env={"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
        )
        return ran.returncode, ran.stdout + ran.stderr

    code, said = backup()
    (name,) = said.splitlines()
    assert (code, dump(Path(name))) == (0, dump(cli.path))
    assert sorted(file.name for file in folder.iterdir()) == [
        "leads-2020-01-03.db",
        Path(name).name,
    ]
    code, said = backup()
    assert (code, "exists already" in said) == (4, True)
    with sqlite3.connect(cli.path) as other:
        other.execute("DROP VIEW v_people")
    code, said = backup()
    assert (code, "views: view v_people" in said) == (8, True)
    assert len(list(folder.iterdir())) == 3


def check_pipeline(cli) -> None:
    """The pipeline of the same data set: what is known of it holds, and comes back after undo."""
    words = ("opportunity", "import", MAVEN / "sales_pipeline.csv")
    words += ("--map", ROOT / "examples" / "pipeline-recipe.yaml", "--match", "external_id")
    assert cli.json(*words, "--create-companies")["created"] == 8800
    assert cli.json(*words, "--create-companies")["unchanged"] == 8800

    def counted(field: str, *more: object) -> dict[object, int]:
        rows = cli.json("opportunity", "list", "--group-by", field, *more)
        return {row[field]: row["count"] for row in rows}

    assert counted("status") == {"in_progress": 2089, "won": 4238, "lost": 2473}
    assert counted("stage", "--where", "status = in_progress") == {10: 500, 20: 1589}
    assert counted("company", "--where", "company = 'Unknown company'") == {"Unknown company": 1425}
    assert counted("extra.product", "--where", "extra.product = GTXPro") == {"GTXPro": 1480}
    won = cli.json("opportunity", "list", "--where", "outcome = won", "--fields", "value")
    assert sum(row["estimated_value"] for row in won) == 10_005_534
    assert round(len(won) / (4238 + 2473), 4) == 0.6315
    before = dump(cli.path)
    early = ("closed", "delete", "--closed-before", "2017-07-01")
    assert cli.json(*early, "--dry-run")["changed"] == 2679
    outcomes = cli.json("closed", "list", "--closed-before", "2017-07-01", "--group-by", "outcome")
    assert {row["outcome"]: row["count"] for row in outcomes} == {"won": 1785, "lost": 894}
    assert cli.json(*early, "--yes")["changed"] == 2679
    assert dump(cli.path) != before
    assert cli.json("change", "undo", "last", "--yes")["changed"] == 2679
    assert dump(cli.path) == before


def dump(path: Path | str) -> list[str]:
    """All that a database has, without the log of changes and the counters of numbers."""
    if is_address(path):
        return _dump_of_server(str(path))
    with sqlite3.connect(path) as connection:
        left_out = tuple(
            f'INSERT INTO "{name}"' for name in ("change", "history", "sqlite_sequence")
        )
        return [line for line in connection.iterdump() if not line.startswith(left_out)]


def _dump_of_server(address: str) -> list[str]:
    with closing(connect(address, lock_wait=5)) as engine:
        found = [f"{name}: {statement}" for name, statement in engine.views().items()]
        for table in set(engine.tables()) - {"change", "history"}:
            columns = ", ".join(engine.columns(table))
            found += (f"{table}: {row}" for row in engine.query(f"SELECT {columns} FROM {table}"))
        return sorted(found)


@pytest.mark.skipif(not MAVEN.exists(), reason="the real data is not here")
def test_recipes_on_real_data(cli) -> None:
    for noun, file, recipe, count in (
        ("user", "sales_teams.csv", "users-recipe.yaml", 35),
        ("company", "accounts.csv", "accounts-recipe.yaml", 85),
    ):
        words = (
            noun,
            "import",
            MAVEN / file,
            "--map",
            ROOT / "examples" / recipe,
            "--match",
            "name",
        )
        assert cli.json(*words)["created"] == count
        assert cli.json(*words)["unchanged"] == count
    check_pipeline(cli)
    anna = cli.json("user", "show", "Anna Snelling")
    assert (anna["key"], anna["group"]) == ("anna_snelling", "Central")
    assert cli("company", "list", "--where", "extra.sector = retail", "--count").out == "17\n"
    assert cli("company", "list", "--where", "country = Philippines", "--count").out == "1\n"


@pytest.mark.skipif(
    find_spec("datasette") is None,
    reason="THE EXAMPLE WITH DATASETTE IS SKIPPED: pip install 'datasette>=0.65,<0.66'",
)
def test_datasette(tmp_path: Path) -> None:
    example = ROOT / "examples" / "datasette.md"
    run_file(example, tmp_path)
    text = example.read_text(encoding="utf-8")
    (commands,) = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    (answers,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    ran = subprocess.run(
        ["sh", "-e", "-c", commands],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env=os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
    )
    assert (ran.returncode, ran.stdout) == (0, answers), ran.stderr
