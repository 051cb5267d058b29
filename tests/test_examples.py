"""The scripts in examples/ run as they are, in processes of their own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.console import ROOT

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
    anna = cli.json("user", "show", "Anna Snelling")
    assert (anna["key"], anna["group"]) == ("anna_snelling", "Central")
    assert cli("company", "list", "--where", "extra.sector = retail", "--count").out == "17\n"
    assert cli("company", "list", "--where", "country = Philippines", "--count").out == "1\n"
