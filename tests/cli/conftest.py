"""The file with one deal of every kind: made once per module, copied for each test."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from tests.acceptance.opportunity_steps import at_work, seven_deals


@pytest.fixture(scope="module")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("deals") / "seven.db"


@pytest.fixture
def deals(cli, _made: Path, monkeypatch: pytest.MonkeyPatch):
    """The command line on a file with the cycle T1 and ``seven_deals``, on ``TODAY``."""
    if _made.exists():
        monkeypatch.setenv("LEADCTL_TODAY", "2024-03-10")
        shutil.copyfile(_made, cli.path)
        return cli
    seven_deals(at_work(cli, monkeypatch))
    shutil.copyfile(cli.path, _made)
    return cli


@pytest.fixture
def t1(cli, monkeypatch: pytest.MonkeyPatch):
    """The command line on a file with the cycle T1 and nothing else, on ``TODAY``."""
    return at_work(cli, monkeypatch)


@pytest.fixture
def terminal(monkeypatch):
    """Make stdout a terminal of a given width."""

    def of(width: int) -> None:
        monkeypatch.setenv("COLUMNS", str(width))
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)

    return of
