"""The fixtures of the PostgreSQL server that all tests of a run share.

The first process that needs the server starts it. It stands for as long as the pytest that was
called, the one without tests when there are workers, holds a FIFO open: a worker may die, and
pytest may be interrupted or killed.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from leadctl import init
from tests.server import DURABLE, QUICK, NoServer, Running, Server

_FOLDER = pytest.StashKey[Path]()
_HELD = pytest.StashKey[int]()
_GIVEN = "leadctl_server"
_STARTED: list[Server] = []
"""The server that this process has started for all."""
_NUMBERS = count(1)


def pytest_configure(config: pytest.Config) -> None:
    """Make the folder by which the processes of a run find the server, or take the one given."""
    given = getattr(config, "workerinput", None)
    if given is not None:
        config.stash[_FOLDER] = Path(given[_GIVEN])
        return
    folder = config.stash[_FOLDER] = Path(tempfile.mkdtemp(prefix="leadctl-tests-"))
    os.mkfifo(folder / "alive")
    # For reading too, as to open it for writing alone waits for a reader.
    config.stash[_HELD] = os.open(folder / "alive", os.O_RDWR)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of pytest-xdist the folder."""
    node.workerinput[_GIVEN] = str(node.config.stash[_FOLDER])


def pytest_unconfigure(config: pytest.Config) -> None:
    """Let go of the server, and wait until it has gone."""
    if _HELD not in config.stash:
        return
    folder = config.stash[_FOLDER]
    os.close(config.stash[_HELD])
    del config.stash[_HELD]
    if (folder / "server").exists():
        home = Path(json.loads((folder / "server").read_text())["home"])
        until = time.monotonic() + 30
        while home.exists() and time.monotonic() < until:
            time.sleep(0.01)
    shutil.rmtree(folder, ignore_errors=True)


def _shared(folder: Path) -> Running:
    """The server of this run; starts it if nobody has."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        told = folder / "server"
        if not told.exists():
            server = Server(QUICK, alive=folder / "alive")
            server.start()
            _STARTED.append(server)
            part = folder / "server.part"
            part.write_text(
                json.dumps(
                    {
                        "port": server.port,
                        "home": str(server.home),
                        "collation": server.collation,
                        "strategy": server.strategy,
                    }
                )
            )
            part.replace(told)
        found = json.loads(told.read_text())
        return Running(found["port"], found["strategy"], found["collation"])


@contextmanager
def _clear() -> Iterator[None]:
    """A test that needs a server fails in one line when there is none; it is never skipped."""
    try:
        yield
    except NoServer as none:
        pytest.fail(str(none), pytrace=False)


@pytest.fixture(scope="session")
def server(pytestconfig: pytest.Config) -> Running:
    """The server that all tests share. What one does to it as a whole, the others feel."""
    with _clear():
        return _shared(pytestconfig.stash[_FOLDER])


@pytest.fixture(scope="session")
def _caretaker(server: Running) -> Iterator[Any]:
    """The connection that creates and drops databases: to connect takes as long as to drop one."""
    import psycopg

    address = server.address("postgres", user="postgres")
    with closing(psycopg.connect(address, autocommit=True)) as connection:
        yield connection


@pytest.fixture
def fresh_address(server: Running, _caretaker: Any) -> Iterator[str]:
    """The address of an empty database that nobody else knows. It is dropped after the test.

    A database and not a schema, which would be faster: advisory locks, what is listed in
    pg_stat_activity and what is in the catalogue are a database's. Each takes 8 MB of memory, so
    they are dropped.
    """
    database = f"test_{os.getpid()}_{next(_NUMBERS)}"
    yield server.create(database, connection=_caretaker)
    server.drop(database, connection=_caretaker)


@pytest.fixture
def ready_address(server: Running, _caretaker: Any) -> Iterator[Any]:
    """Makes databases that are dropped after the test; see ``_ready``."""
    yield from _ready(server, _caretaker)


@pytest.fixture(scope="module")
def ready_addresses(server: Running, _caretaker: Any) -> Iterator[Any]:
    """Makes databases that are dropped after the tests of a module; see ``_ready``."""
    yield from _ready(server, _caretaker)


def _ready(server: Running, _caretaker: Any) -> Iterator[Any]:
    """Makes a new database with the built-in lists, or without those that ``bare`` leaves out, or
    a copy of the database that ``of`` names.
    """
    made: list[str] = []

    def make(*, bare: bool = False, of: str | None = None) -> str:
        template = of or f"ready_{'bare' if bare else 'full'}"
        # One worker makes what all others copy.
        _caretaker.execute("SELECT pg_advisory_lock(1)")
        try:
            known = "SELECT 1 FROM pg_database WHERE datname = %s"
            if _caretaker.execute(known, [template]).fetchone() is None:
                init(server.create(template, connection=_caretaker), bare=bare)
        finally:
            _caretaker.execute("SELECT pg_advisory_unlock(1)")
        made.append(f"test_{os.getpid()}_{next(_NUMBERS)}")
        return server.create(made[-1], template=template, connection=_caretaker)

    yield make
    for database in made:
        server.drop(database, connection=_caretaker)


@pytest.fixture
def durable_server() -> Iterator[Server]:
    """A server for this test alone that keeps what was committed when it is killed."""
    with _clear(), Server(DURABLE, locale="C") as started:
        yield started
