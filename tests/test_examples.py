"""The scripts in examples/ run as they are, in processes of their own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from leadctl import init, open_crm
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
def test_load_csv_on_real_data(tmp_path: Path) -> None:
    path = tmp_path / "leads.db"
    init(path)
    teams = ("user", MAVEN / "sales_teams.csv", "name=sales_agent", "group=regional_office")
    accounts = ("company", MAVEN / "accounts.csv", "name=account", "country=office_location")
    assert run("load_csv.py", path, *teams) == "35 created, 0 changed, 0 unchanged\n"
    assert run("load_csv.py", path, *accounts) == "85 created, 0 changed, 0 unchanged\n"
    assert run("load_csv.py", path, *accounts) == "0 created, 0 changed, 85 unchanged\n"
    with open_crm(path) as crm:
        assert crm.companies.count() == 85
        anna = crm.users.show("Anna Snelling")
        assert (anna["key"], anna["group"]) == ("anna_snelling", "Central")
