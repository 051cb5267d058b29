"""A fresh file per test, and the command line called the way the console script calls it."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from leadctl import LeadctlError, init, open_crm
from leadctl.cli.main import main
from leadctl.config import is_address
from leadctl.store.engine import Engine
from leadctl.store.opening import connect

pytest_plugins = ["tests.server_plugin"]
ENGINES = ("sqlite", "postgresql")

# The same examples in every run: a test that is green here is green in CI, and so is its coverage.
settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
if "LEADCTL_HYPOTHESIS_EXAMPLES" not in os.environ:
    settings.load_profile("repeatable")


@dataclass
class Ran:
    """What one command printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """stdout as JSON."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """stdout as NDJSON."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def error(self) -> Any:
        """The error object on stderr (with -f json)."""
        (line,) = [line for line in self.err.splitlines() if line.startswith("{")]
        return json.loads(line)["error"]


def failing(call: Callable[[], Any]) -> LeadctlError:
    """The error that a call ends with."""
    with pytest.raises(LeadctlError) as caught:
        call()
    return caught.value


def rows_of_view(cli: Cli, name: str) -> list[dict[str, Any]]:
    """What a view has, as any program reads it, by the number in its first column."""
    if cli.engine_name == "sqlite":
        with closing(sqlite3.connect(cli.path)) as plain:
            plain.row_factory = sqlite3.Row
            return [dict(row) for row in plain.execute(f"SELECT * FROM {name} ORDER BY 1")]
    import psycopg
    from psycopg.rows import dict_row

    with closing(psycopg.connect(str(cli.path), row_factory=dict_row)) as other:
        rows = other.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall()
    # A number with a fraction is exact there; SQLite's are not.
    return [
        {key: float(cell) if isinstance(cell, Decimal) else cell for key, cell in row.items()}
        for row in rows
    ]


def left_over(folder: Path) -> list[str]:
    """Files that no work should leave behind."""
    return [file.name for file in folder.iterdir() if file.name.startswith(".")]


class Cli:
    """Calls ``main(argv)`` on one file."""

    def __init__(self, path: Path | str, capture: pytest.CaptureFixture[str]) -> None:
        self.path = path
        self._capture = capture

    def __call__(self, *words: object, code: int | None = 0) -> Ran:
        """Run a command; ``code`` is the exit code that it must end with (None: any)."""
        self._capture.readouterr()
        ended = main(["--db", str(self.path), *map(str, words)])
        out, err = self._capture.readouterr()
        ran = Ran(ended, out, err)
        if code is not None:
            assert ended == code, (words, ran)
        return ran

    def json(self, *words: object, code: int | None = 0) -> Any:
        """Run a command with -f json and return what it prints."""
        return self(*words, "-f", "json", code=code).json

    def error(self, *words: object, code: int) -> Any:
        """Run a command that fails and return its error object."""
        return self(*words, "-f", "json", code=code).error

    @property
    def engine_name(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return ENGINES[is_address(self.path)]

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """The database, for what no command does."""
        with closing(connect(self.path, lock_wait=5)) as opened:
            yield opened


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--engine`` leaves out the tests on the other one."""
    parser.addoption("--engine", choices=ENGINES, action="append", help="run on this engine only")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What does not need a file runs on both engines."""
    if "engine" in metafunc.fixturenames:
        files = metafunc.definition.get_closest_marker("files") is not None
        wanted = metafunc.config.getoption("engine") or ENGINES
        names = [name for name in wanted if not files or name == "sqlite"]
        metafunc.parametrize("engine", names, scope="module")


@pytest.fixture(autouse=True)
def _surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No configuration, no variables, no files of whoever runs the tests."""
    for name in ("DB", "CONFIG", "USER", "LANG", "TODAY", "FORMAT", "LOCK_WAIT"):
        monkeypatch.delenv(f"LEADCTL_{name}", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def place(request: pytest.FixtureRequest, engine: str, tmp_path: Path):
    """Makes a new database with the built-in lists, or without those that ``bare`` leaves out."""
    if engine == "postgresql":
        yield request.getfixturevalue("ready_address")
        return

    yield _maker(tmp_path)


@pytest.fixture(scope="module")
def places(request: pytest.FixtureRequest, engine: str, tmp_path_factory: pytest.TempPathFactory):
    """The same for what all tests of a module share."""
    if engine == "postgresql":
        yield request.getfixturevalue("ready_addresses")
        return
    yield _maker(tmp_path_factory.mktemp("places"))


def _maker(folder: Path) -> Callable[..., Path]:
    def make(*, bare: bool = False) -> Path:
        others = len(list(folder.glob("leads*.db")))
        path = folder / (f"leads-{others}.db" if others else "leads.db")
        init(path, bare=bare)
        return path

    return make


@pytest.fixture
def cli(place, capsys: pytest.CaptureFixture[str]) -> Cli:
    """The command line on a new file with the built-in lists."""
    return Cli(place(), capsys)


@pytest.fixture
def bare(place, capsys: pytest.CaptureFixture[str]) -> Cli:
    """The command line on a new file without categories, sales cycles and close codes."""
    return Cli(place(bare=True), capsys)


@pytest.fixture
def crm(place):
    """The library on a new file with the built-in lists."""
    with open_crm(place(), user="tester") as opened:
        yield opened


@pytest.fixture
def fixture_f(place, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Fixture F of the acceptance cases: eight categories, three users."""
    cli = Cli(place(bare=True), capsys)
    for name, group, flag in (
        ("Lead", "potential_customer", True),
        ("MQL", "potential_customer", True),
        ("Prospect", "potential_customer", False),
        ("Customer A", "customer", False),
        ("Gone", "lost", False),
        ("Reseller", "partner", False),
        ("Supplier", "other", False),
        ("Plain", None, False),
    ):
        group_words = ["--group", group] if group else []
        cli("category", "add", name, *group_words, *(["--lead-status"] if flag else []))
    for user in ("u1", "u2", "u3"):
        cli("user", "add", user)
    return cli
