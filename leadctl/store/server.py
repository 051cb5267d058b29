"""A connection to a PostgreSQL server: how it is made, and which values go over it and how."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.adapt import Loader
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import TransactionStatus
from psycopg.types.numeric import IntDumper
from psycopg.types.string import StrDumper

from leadctl.config import without_password
from leadctl.errors import UsageError
from leadctl.store.postgres_errors import not_opened

if TYPE_CHECKING:
    from leadctl.store.engine import Row

# Unless the address says otherwise: seconds, and milliseconds without an answer to what was sent.
TIMEOUTS = {"connect_timeout": "10", "tcp_user_timeout": "30000", "keepalives_idle": "30"}
_SETTINGS = {
    "timezone": "UTC",
    "client_encoding": "UTF8",
    "client_min_messages": "warning",
    # A cursor of ours is read to its end.
    "cursor_tuple_fraction": "1",
    # Records that are named are looked up before what belongs to them, of which the longest list
    # joins eight tables. From 12 on the planner only guesses.
    "from_collapse_limit": "11",
    "join_collapse_limit": "11",
    "application_name": "leadctl",
    # A machine that has vanished holds up nobody for two hours: seconds, and milliseconds.
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "30000",
}


class Session:
    """One connection, which can be made again."""

    def __init__(self, address: str, *, lock_wait: float, synchronous: str) -> None:
        self.path = without_password(address)
        if self.path != address:
            # Before anything reads it that may quote it.
            raise UsageError(
                "{db} has a password in it, which everybody on this machine can read",
                hint="passwords come from PGPASSWORD, a password file or a service file",
                db=self.path,
            )
        try:
            given = conninfo_to_dict(address)
        except psycopg.ProgrammingError as problem:
            raise UsageError(
                "{db} is not an address of a server: {problem}",
                db=self.path,
                problem=str(problem).strip(),
            ) from problem
        self._conninfo = make_conninfo(
            address, **{name: value for name, value in TIMEOUTS.items() if name not in given}
        )
        self._settings = {
            **_SETTINGS,
            # 0 would mean to wait for ever.
            "lock_timeout": str(max(1, int(lock_wait * 1000))),
            "synchronous_commit": "on" if synchronous == "full" else "off",
        }
        # Whether the server has warned of anything since this was last cleared.
        self.warned = False
        # Process and start of the sessions that this has been.
        self._sessions: list[tuple[Any, ...]] = []
        self._connection = self._connect()

    def _connect(self) -> psycopg.Connection[Row]:
        try:
            connection = psycopg.connect(
                self._conninfo, autocommit=True, cursor_factory=psycopg.ClientCursor
            )
        except psycopg.Error as problem:
            raise not_opened(self.path, problem) from problem
        try:
            _adapt(connection)
            connection.add_notice_handler(self._heed)
            cells = ", ".join(
                f"set_config('{name}', '{value}', false)" for name, value in self._settings.items()
            )
            (row,) = connection.execute(
                f"SELECT pg_backend_pid(), CAST(backend_start AS text), {cells}"
                " FROM pg_stat_activity WHERE pid = pg_backend_pid()"
            )
        except psycopg.Error as problem:
            connection.close()
            raise not_opened(self.path, problem) from problem
        self._sessions.append(row[:2])
        return connection

    def _heed(self, _notice: psycopg.errors.Diagnostic) -> None:
        self.warned = True

    def renew(self) -> None:
        """Connect anew, and make sure that what the lost session was doing comes to an end.

        Raises Unavailable and its like; it may then be called again.
        """
        self.close()
        self._connection = self._connect()
        # On another server the number may be somebody else's. What this one was doing until now
        # may be in the way as well.
        try:
            for backend in self._sessions[:-1]:
                self._connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE pid = %s AND CAST(backend_start AS text) = %s",
                    backend,
                )
        except psycopg.Error as problem:
            raise not_opened(self.path, problem) from problem

    def cursor(self) -> psycopg.Cursor[Row]:
        """A cursor of the connection."""
        return self._connection.cursor()

    @property
    def lost(self) -> bool:
        """Whether the connection is gone."""
        return self._connection.closed

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open, be it one that has failed."""
        status = self._connection.info.transaction_status
        return status in (TransactionStatus.INTRANS, TransactionStatus.INERROR)

    def roll_back(self) -> None:
        """End the open transaction, if there is one, without a trace."""
        with suppress(psycopg.Error):
            if not self._connection.closed and self.in_transaction:
                self._connection.execute("ROLLBACK")

    def close(self) -> None:
        """Close it; what was not committed is gone."""
        with suppress(psycopg.Error):
            self._connection.close()


class _Text(StrDumper):
    """A text says that it is one: a function is chosen by the types of what it gets."""

    def quote(self, obj: str) -> bytes:
        return bytes(super().quote(obj)) + b"::text"


class _Truth(IntDumper):
    """SQLite knows no truth values but 1 and 0."""

    def dump(self, obj: bool) -> bytes:
        return b"1" if obj else b"0"

    def quote(self, obj: bool) -> bytes:
        return self.dump(obj)


class _ToTruth(Loader):
    def load(self, data: Any) -> int:
        return int(bytes(data) == b"t")


class _ToNumber(Loader):
    def load(self, data: Any) -> float:
        text = bytes(data)
        return float(text) if b"." in text else int(text)


class _ToText(Loader):
    def load(self, data: Any) -> str:
        return bytes(data).decode()


def _adapt(connection: psycopg.Connection[Any]) -> None:
    known = connection.adapters
    known.register_dumper(str, _Text)
    known.register_dumper(bool, _Truth)
    known.register_loader("bool", _ToTruth)
    known.register_loader("numeric", _ToNumber)
    known.register_loader("json", _ToText)
