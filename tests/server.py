"""A real PostgreSQL server for the tests, from the programs in a wheel.

``Server(QUICK)`` loses everything when the machine stops and is fast; ``Server(DURABLE)`` keeps what
was committed. A server listens on a free port of the loopback address and asks for no password. Its
files are its own, and go with it.

PostgreSQL is started by a *keeper*, ``server_keeper.py`` run as a program. The keeper's standard input is a
pipe whose other end is in the process that the server is for: however that one ends, the pipe is
closed, and the keeper stops PostgreSQL and removes its files.

PostgreSQL does not run as root. For root it is run as the user nobody, with a copy of its programs
where that user can read them.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote, urlencode

from tests import server_keeper
from tests.server_keeper import STOP, forget_memory, remove
from tests.server_programs import (
    NoServer,
    copy_programs,
    free_port,
    has_locale,
    has_room,
    installed_server,
    open_to_all,
    owner,
    temporary,
)

USER = "tester"
"""Owns the databases of the tests. Not a superuser, as users' roles are not."""

_EVERY = {
    "autovacuum": "off",
    # Nothing is left in /dev/shm when the server is killed.
    "dynamic_shared_memory_type": "mmap",
    "io_method": "sync",
    "jit": "off",
    "lc_messages": "C",
    "listen_addresses": "127.0.0.1",
    "max_connections": "200",
    "max_prepared_transactions": "0",
    "shared_buffers": "32MB",
    "timezone": "UTC",
    "unix_socket_directories": "",
}
QUICK = _EVERY | {
    "fsync": "off",
    "full_page_writes": "off",
    "max_wal_senders": "0",
    "synchronous_commit": "off",
    "wal_level": "minimal",
}
DURABLE = _EVERY | {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}

_MEMORY = Path("/dev/shm")
_START = 60
"""Seconds in which a server must have started; it recovers from a crash in that time too."""


class Running:
    """A server that can be reached, whoever started it."""

    def __init__(self, port: int, strategy: str, collation: str) -> None:
        """``strategy`` is how databases are copied: FILE_COPY or WAL_LOG."""
        self.port = port
        self.strategy = strategy
        self.collation = collation

    def address(self, database: str, **parameters: object) -> str:
        """The URL of a database for psycopg and leadctl; ``parameters`` are libpq's.

        The role is ``USER``; ``user="postgres"`` is the superuser.
        """
        role = parameters.pop("user", USER)
        words = urlencode({name: str(value) for name, value in parameters.items()}, quote_via=quote)
        place = f"postgresql://{role}@127.0.0.1:{self.port}/{quote(database, safe='')}"
        return f"{place}?{words}" if words else place

    def do(self, sql: str, database: str = "postgres", user: str = USER) -> list[tuple[Any, ...]]:
        """Run one statement outside a transaction and return its rows."""
        import psycopg

        with closing(psycopg.connect(self.address(database, user=user), autocommit=True)) as opened:
            cursor = opened.execute(sql.encode())
            return cursor.fetchall() if cursor.description else []

    def create(self, database: str, template: str = "template0", connection: Any = None) -> str:
        """Create a database as a copy of ``template``, to which nobody may be connected.

        ``connection`` is one of the superuser's in autocommit mode; without it one is made. Returns
        the address.
        """
        sql = (
            f'CREATE DATABASE "{database}" OWNER {USER}'
            f' TEMPLATE "{template}" STRATEGY {self.strategy}'
        )
        if connection is None:
            self.do(sql, user="postgres")
        else:
            connection.execute(sql)
        return self.address(database)

    def drop(self, database: str, connection: Any = None) -> None:
        """Drop a database if it is there, and end the connections to it."""
        sql = f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)'
        if connection is None:
            self.do(sql, user="postgres")
        else:
            connection.execute(sql)


class Server(Running):
    """A server of one's own. Use it in ``with``, or call ``start`` and ``stop``."""

    def __init__(
        self,
        settings: Mapping[str, str] = QUICK,
        alive: Path | None = None,
        locale: str = "en_US.UTF-8",
    ) -> None:
        """``alive`` is a FIFO that is open for writing for as long as the server is needed.

        Without it the server is needed for as long as this process lives and does not stop it.
        ``locale`` is taken if there is such a one, else C; to make one takes a second.
        """
        # To copy files needs a checkpoint: 10 ms against 30, but 150 against 30 when it waits for disks.
        super().__init__(0, "FILE_COPY" if settings.get("fsync") == "off" else "WAL_LOG", "")
        self._settings = dict(settings)
        self._alive = alive
        self._wanted = locale
        self._keeper: subprocess.Popen[bytes] | None = None
        self._pid = 0
        self.home = self._data = Path()
        self._environment: dict[str, str] = {}

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, settings: Mapping[str, str] | None = None) -> None:
        """Make an empty server and start it; ``settings`` are added to those it was made with.

        Raises:
            NoServer: PostgreSQL is missing or did not start.
        """
        if self._keeper is not None:
            raise NoServer("the server has been started already")
        self._settings |= settings or {}
        installed = installed_server()
        self.home = Path(tempfile.mkdtemp(prefix="leadctl-server-", dir=temporary()))
        try:
            self._make(installed)
            self._launch()
            self.do(f"CREATE ROLE {USER} LOGIN CREATEDB", user="postgres")
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End the server, which must lose nothing by that, and remove its files."""
        if self._keeper is not None:
            if self._pid:
                with suppress(ProcessLookupError):
                    os.kill(self._pid, signal.SIGINT)
                try:
                    self._keeper.wait(STOP)
                except subprocess.TimeoutExpired:
                    self.kill()
            self._ended()
        if self.home != Path():
            forget_memory(self._data)
            remove(self.home, self._data)
            self.home = self._data = Path()

    def kill(self) -> None:
        """Kill all of its processes at once, so that none can do anything more."""
        if self._keeper is None:
            raise NoServer("the server is not running")
        import psutil

        postmaster = psutil.Process(self._pid)
        # It starts no process, and does not mind that one dies, while it is stopped.
        postmaster.suspend()
        until = time.monotonic() + STOP
        while postmaster.status() != psutil.STATUS_STOPPED and time.monotonic() < until:
            time.sleep(0.001)
        processes = [postmaster, *postmaster.children(recursive=True)]
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self._keeper.wait(STOP)
        until = time.monotonic() + STOP
        while any(_runs(process) for process in processes):
            if time.monotonic() > until:
                raise NoServer("a killed process of the server does not end")
            time.sleep(0.002)
        self._ended()

    def restart(self) -> None:
        """Start it again on the same port, on the files it had when it was killed.

        A server that runs is killed before.
        """
        if self.home == Path():
            raise NoServer("the server has never been started")
        if self._keeper is not None:
            self.kill()
        self._launch()

    @property
    def log(self) -> str:
        """What PostgreSQL has written to its log."""
        return (self.home / "log").read_text(errors="replace")

    def processes(self) -> list[Any]:
        """The keeper, the postmaster and its children, as psutil.Process."""
        import psutil

        if self._keeper is None:
            return []
        keeper = psutil.Process(self._keeper.pid)
        return [keeper, *keeper.children(recursive=True)]

    def _make(self, installed: Path) -> None:
        """Choose folders, user and locale, and run initdb."""
        self.home.chmod(0o755)
        # What is in memory outlives the processes that wrote it, and no disk has to be waited for.
        memory = has_room(_MEMORY)
        self._data = Path(
            tempfile.mkdtemp(prefix="leadctl-data-", dir=_MEMORY if memory else self.home)
        )
        user = owner()
        if user:
            os.chown(self._data, user["user"], user["group"])
            if not open_to_all(installed):
                installed = copy_programs(installed, self.home / "programs")
        self._programs = installed / "bin"
        if installed.name == "pginstall":
            # 16 knows none.
            self._settings.pop("io_method", None)
        self.collation, self._environment = self._locale()
        self._run(
            "initdb",
            *("--pgdata", str(self._data), "--username", "postgres", "--auth", "trust"),
            *("--encoding", "UTF8", "--locale", self.collation, "--no-sync", "--no-instructions"),
        )

    def _locale(self) -> tuple[str, dict[str, str]]:
        """The locale, and the environment in which there is one of that name.

        The wheel's PostgreSQL knows no ICU. What the C library does not have is made of its sources,
        for this server alone.
        """
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PG", "LC_", "LANG", "LOCPATH"))
        }
        if self._wanted == "C" or has_locale(self._wanted):
            return self._wanted, kept
        folder = self.home / "locale"
        folder.mkdir()
        source, _, charset = self._wanted.partition(".")
        made = folder / f"{source}.{charset.replace('-', '').lower()}"
        if shutil.which("localedef"):
            subprocess.run(
                ["localedef", "-i", source, "-f", charset, str(made)],
                # Files of these names in the working folder would be taken.
                cwd=folder,
                check=False,
                capture_output=True,
            )
        if made.exists():
            for path in (folder, *folder.rglob("*")):
                path.chmod(0o755 if path.is_dir() else 0o644)
            return self._wanted, kept | {"LOCPATH": str(folder)}
        return "C", kept

    def _run(self, program: str, *words: str) -> None:
        ran = subprocess.run(
            [str(self._programs / program), *words],
            cwd=self._data,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
            **owner(),
        )
        if ran.returncode:
            lines = (ran.stderr + ran.stdout).strip().splitlines()
            raise NoServer(f"{program} ended with {ran.returncode}: {' / '.join(lines[-3:])}")

    def _launch(self) -> None:
        """Start PostgreSQL through a keeper and wait until it can be reached.

        Another program may take the port that was free; then another one is tried, unless the port
        is known already.
        """
        known = self.port
        for _ in range(5):
            self.port = known or free_port()
            if self._try():
                return
            time.sleep(0.2)
        why = next(
            (line for line in reversed(self.log.splitlines()) if "FATAL" in line), "no reason"
        )
        raise NoServer(f"PostgreSQL does not start: {why}")

    def _try(self) -> bool:
        """Start PostgreSQL once. Returns False when it ended again."""
        options = self._settings | {"port": str(self.port)}
        words = [f"--{name}={value}" for name, value in options.items()]
        given = subprocess.PIPE
        if self._alive is not None:
            # Opened like this it does not wait for a process that has gone.
            given = os.open(self._alive, os.O_RDONLY | os.O_NONBLOCK)
            os.set_blocking(given, True)
        try:
            self._keeper = subprocess.Popen(
                [
                    *(sys.executable, "-I", "-S", server_keeper.__file__),
                    *(str(self.home), str(self._data)),
                    *(str(owner().get(name, -1)) for name in ("user", "group")),
                    *(str(self._programs / "postgres"), "-D", str(self._data), *words),
                ],
                stdin=given,
                stdout=subprocess.PIPE,
                env=self._environment,
                # Ctrl+C in a terminal is for the tests; the server goes when they have gone.
                start_new_session=True,
            )
        finally:
            if given != subprocess.PIPE:
                os.close(given)
        assert self._keeper.stdout
        with self._keeper.stdout as told:
            self._pid = int(told.readline() or 0)
        until = time.monotonic() + _START
        while self._keeper.poll() is None:
            if _ready(self._data, self._pid):
                return True
            if time.monotonic() > until:
                self.kill()
                return False
            time.sleep(0.005)
        self._ended()
        return False

    def _ended(self) -> None:
        if self._keeper is not None and self._keeper.stdin:
            self._keeper.stdin.close()
        self._keeper = None
        self._pid = 0


def _ready(data: Path, pid: int) -> bool:
    """Whether the postmaster says that it takes connections."""
    with suppress(OSError):
        lines = (data / "postmaster.pid").read_text().splitlines()
        return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"
    return False


def _runs(process: Any) -> bool:
    import psutil

    with suppress(psutil.NoSuchProcess):
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    return False
