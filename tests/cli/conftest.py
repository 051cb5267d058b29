"""The database with one deal of every kind: made once, copied for each test."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.acceptance.opportunity_steps import at_work, seven_deals
from tests.conftest import Cli


@pytest.fixture(scope="module")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("deals") / "seven.db"


@pytest.fixture(scope="session")
def _kept() -> set[str]:
    """The names of databases on the server that are copied."""
    return set()


@pytest.fixture
def deals(engine: str, place, request, capsys, _made: Path, _kept, monkeypatch: pytest.MonkeyPatch):
    """The command line on a file with the cycle T1 and ``seven_deals``, on ``TODAY``."""
    name = f"deals_{os.getpid()}"
    if engine == "postgresql" and name in _kept:
        monkeypatch.setenv("LEADCTL_TODAY", "2024-03-10")
        return Cli(place(of=name), capsys)
    cli = request.getfixturevalue("cli")
    if engine == "sqlite" and _made.exists():
        monkeypatch.setenv("LEADCTL_TODAY", "2024-03-10")
        shutil.copyfile(_made, cli.path)
        return cli
    seven_deals(at_work(cli, monkeypatch))
    if engine == "sqlite":
        shutil.copyfile(cli.path, _made)
    else:
        server = request.getfixturevalue("server")
        server.create(name, template=cli.path.rpartition("/")[2])
        _kept.add(name)
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
