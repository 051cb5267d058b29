"""The engine seam: open a database, run SQL with named parameters, hold transactions.

The outermost transaction begins IMMEDIATE: a transaction that reads first and writes later would
fail at once with "locked" when another writer came in between, however long it may wait. Inner
ones are savepoints. Bulk statements run under a progress handler, without which Ctrl-C would be
seen only when the statement ends.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import stat
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from leadctl.errors import DatabaseError, LeadctlError
from leadctl.store.sqlite_errors import SQLITE_ERRORS, busy, damaged, translated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

APPLICATION_ID = 0x4C454144
HEADER_BYTES = 100
MAGIC = b"SQLite format 3\x00"
STEPS_BETWEEN_INTERRUPT_CHECKS = 100_000
READING_CACHE_KIB = 4 * 1024
WRITING_CACHE_KIB = 64 * 1024
ROWS_PER_STATEMENT = 10_000
# Fewer than any file of ours has, so that no copy is done in the first step.
PAGES_PER_STEP = 16

Row = tuple[Any, ...]


class Transaction:
    """The handle that a ``with engine.transaction()`` block gets."""

    def __init__(self) -> None:
        self.keep = True

    def roll_back(self) -> None:
        """Undo everything of this transaction when its block ends."""
        self.keep = False


@contextmanager
def _no_interrupt() -> Iterator[None]:
    """Hold Ctrl-C back, so that whoever is interrupted knows whether the change was committed."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Engine:
    """One open SQLite database; ``committed`` says whether it has committed anything yet."""

    def __init__(self, connection: sqlite3.Connection, path: str) -> None:
        self._connection = connection
        self._depth = 0
        self.path = path
        self.statements = 0
        self.committed = False
        # Where the file was found, by device and number.
        self._place: tuple[Path, int, int] | None = None

    def execute(self, sql: str, **parameters: Any) -> int:
        """Run one statement; returns how many rows it changed."""
        return self._run(sql, parameters).rowcount

    def stream(self, sql: str, **parameters: Any) -> Iterator[Row]:
        """The rows of a query, one at a time: a million never sit in memory."""
        cursor = self._run(sql, parameters)
        cursor.arraysize = 1000
        try:
            while rows := cursor.fetchmany():
                yield from rows
        except SQLITE_ERRORS as problem:
            raise translated(problem, self.path) from problem
        finally:
            # A reader that left early may have closed the file already.
            with suppress(sqlite3.ProgrammingError):
                cursor.close()

    def query(self, sql: str, **parameters: Any) -> list[Row]:
        """All rows of a query that is known to be small."""
        return list(self.stream(sql, **parameters))

    def one(self, sql: str, **parameters: Any) -> Row | None:
        """The first row, if there is one."""
        rows = self.query(sql, **parameters)
        return rows[0] if rows else None

    def value(self, sql: str, **parameters: Any) -> Any:
        """The first column of the first row, ``None`` if there is no row."""
        row = self.one(sql, **parameters)
        return row[0] if row else None

    def bulk(self, sql: str, rows: Iterable[Sequence[Any]], **parameters: Any) -> int:
        """Run ``sql`` for many rows, which it reads from ``rows_sql()``; a statement per 10,000."""
        changed = 0
        batch: list[Sequence[Any]] = []
        for row in rows:
            batch.append(row)
            if len(batch) == ROWS_PER_STATEMENT:
                changed += self.execute(sql, rows=document(batch), **parameters)
                batch = []
        if batch:
            changed += self.execute(sql, rows=document(batch), **parameters)
        return changed

    def examine(self, sql: str) -> Iterator[Row]:
        """The rows of a query on a file that may be damaged: what SQLite cannot make sense of is
        a DatabaseError.
        """
        try:
            yield from self.stream(sql)
        except SQLITE_ERRORS as problem:
            raise DatabaseError(
                "{path} is damaged: {problem}",
                hint="restore it from a backup; the damaged file was left as it is",
                path=self.path,
                problem=str(problem),
            ) from problem

    def define(self, name: str, function: Callable[[str | None], str | None]) -> None:
        """Make a function of one text known to the SQL of this connection."""
        self._connection.create_function(name, 1, function, deterministic=True)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read the file as it is now, whatever others write meanwhile."""
        if self._depth:
            yield
            return
        self.execute("BEGIN")
        try:
            # The first thing read fixes the moment.
            self.value("SELECT count(*) FROM sqlite_schema")
            yield
        finally:
            if self._connection.in_transaction:
                self.execute("ROLLBACK")

    def copy_to(
        self, other: Engine, *, lock_wait: float = 0, locked: Callable[[], None] | None = None
    ) -> None:
        """Put everything that is in this database into ``other``, in the place of what is there,
        in one transaction of that one.

        ``locked`` is called when nobody else can write to ``other`` and nothing has changed there;
        what it raises leaves it unchanged. Raises Busy after ``lock_wait`` seconds.
        """
        until = time.monotonic() + lock_wait
        waiting = locked

        def step(status: int, _left: int, _all: int) -> None:
            nonlocal waiting
            if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                if time.monotonic() >= until:
                    raise busy(other.path)
            elif waiting is not None:
                now, waiting = waiting, None
                now()

        try:
            self._connection.backup(
                other._connection, pages=PAGES_PER_STEP, progress=step, sleep=0.05
            )
        except SQLITE_ERRORS as problem:
            raise translated(problem, other.path) from problem

    def load(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
        """Fill a temporary table; returns how many rows it got.

        A row at a time, but counted as one statement: what has many columns comes out of JSON
        more slowly, and nobody else sees a temporary table or waits for it.
        """
        marks = ", ".join("?" * len(columns))
        self.statements += 1
        try:
            return self._connection.executemany(
                f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows
            ).rowcount
        except SQLITE_ERRORS as problem:
            raise translated(problem, self.path) from problem

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """A transaction, or a savepoint within one; rolled back when the block raises."""
        level = self._depth
        if level == 0:
            self.execute(f"PRAGMA cache_size = -{WRITING_CACHE_KIB}")
            self.execute(f"PRAGMA temp.cache_size = -{WRITING_CACHE_KIB}")
        self.execute("BEGIN IMMEDIATE" if level == 0 else f"SAVEPOINT level_{level}")
        self._depth += 1
        handle = Transaction()
        try:
            yield handle
            if not handle.keep:
                self._undo(level)
            elif level > 0:
                self.execute(f"RELEASE level_{level}")
            else:
                self._must_stand()
                with _no_interrupt():
                    self.execute("COMMIT")
                    self.committed = True
        except BaseException:
            # SQLite has already rolled back by itself after "disk full" and its like.
            if self._connection.in_transaction:
                self._undo(level)
            raise
        finally:
            self._depth = level

    def close(self) -> None:
        """Close the file; what was not committed is gone."""
        self._connection.close()

    def script(self, sql: str) -> None:
        """Run the statements of a migration inside the open transaction."""
        statement = ""
        for line in sql.splitlines(keepends=True):
            statement += line
            if sqlite3.complete_statement(statement):
                self.execute(statement)
                statement = ""

    def stands_at(self, path: Path) -> None:
        """Note which file this is: what is committed to another one, nobody will ever see."""
        status = path.stat()
        self._place = (path.absolute(), status.st_dev, status.st_ino)

    def _must_stand(self) -> None:
        if self._place is None:
            return
        path, *known = self._place
        with suppress(OSError):
            status = path.stat()
            if [status.st_dev, status.st_ino] == known:
                return
        raise DatabaseError(
            "{path} was removed or replaced meanwhile",
            code="database_replaced",
            hint="nothing was changed; try again",
            path=self.path,
        )

    def damage(self) -> DatabaseError | None:
        """The error that says that the file is damaged, if it is; reads all of it."""
        from leadctl.store.migrations import is_damaged

        return damaged(self.path) if is_damaged(self._connection) else None

    def _undo(self, level: int) -> None:
        if level == 0:
            self.execute("ROLLBACK")
        else:
            self.execute(f"ROLLBACK TO level_{level}")
            self.execute(f"RELEASE level_{level}")

    def _run(self, sql: str, parameters: dict[str, Any]) -> sqlite3.Cursor:
        self.statements += 1
        try:
            return self._connection.execute(sql, parameters)
        except SQLITE_ERRORS as problem:
            raise translated(problem, self.path) from problem


def document(values: Sequence[Any]) -> str:
    """The JSON array that ``rows_sql`` and ``values_sql`` read."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def rows_sql(*columns: str) -> str:
    """A FROM item with the rows that ``Engine.bulk`` passes, their columns named."""
    cells = ", ".join(f"value ->> {index} AS {name}" for index, name in enumerate(columns))
    return f"(SELECT {cells} FROM json_each(:rows))"


def values_sql(parameter: str) -> str:
    """A subquery with the elements of the JSON array in ``parameter``."""
    return f"SELECT value FROM json_each(:{parameter})"


def _look_at(path: Path) -> None:
    """Refuse what is not a leadctl file by its first bytes, before SQLite gets to touch it."""
    try:
        status = path.stat()
    except PermissionError as problem:
        raise _unreadable(path, problem) from problem
    except OSError as problem:
        raise DatabaseError(
            "{path} does not exist",
            code="database_missing",
            hint="leadctl init makes it; --db names another",
            path=str(path),
        ) from problem
    foreign = DatabaseError(
        "{path} is not a leadctl file",
        code="not_a_leadctl_file",
        hint="leadctl init makes a new one; --db names another",
        path=str(path),
    )
    if not stat.S_ISREG(status.st_mode):
        raise foreign
    try:
        with path.open("rb") as file:
            header = file.read(HEADER_BYTES)
    except OSError as problem:
        raise _unreadable(path, problem) from problem
    if len(header) < HEADER_BYTES or not header.startswith(MAGIC):
        raise foreign
    page_size = int.from_bytes(header[16:18], "big")
    pages = int.from_bytes(header[28:32], "big")
    shorter = pages * (65536 if page_size == 1 else page_size) > status.st_size
    # A crash while the -wal was being copied leaves a short file that SQLite mends by itself.
    if shorter and not path.with_name(path.name + "-wal").exists():
        raise DatabaseError(
            "{path} is damaged: it is shorter than it says",
            code="database_corrupt",
            hint="restore it from a backup; the damaged file was left as it is",
            path=str(path),
        )


def _unreadable(path: Path, problem: OSError) -> DatabaseError:
    return DatabaseError(
        "{path} cannot be read: {problem}",
        code="database_unreadable",
        hint="check the permissions of the file and of its folder",
        path=str(path),
        problem=problem.strerror,
    )


def _uri(path: Path) -> str:
    """An SQLite address that never creates a file, and reads where nothing can be written."""
    base = f"file:{quote(str(path.absolute()))}"
    if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK):
        return f"{base}?mode=rw"
    # A reader of a WAL database creates files beside it. Where it cannot, or where they would be
    # a stranger's and lock the owner out, the file is read as it is, unless somebody writes to
    # it: a -wal is the sign of that.
    alone = not path.with_name(path.name + "-wal").exists()
    return f"{base}?mode=ro&immutable=1" if alone else f"{base}?mode=ro"


def connect(
    path: Path, *, lock_wait: float, synchronous: str = "full", new: bool = False
) -> Engine:
    """Open ``path``, waiting at most ``lock_wait`` seconds for a lock.

    ``new`` creates it. Raises DatabaseError when it is missing, foreign, damaged or unreadable.
    """
    if not new:
        _look_at(path)
    uri = f"file:{quote(str(path.absolute()))}?mode=rwc" if new else _uri(path)
    try:
        connection = sqlite3.connect(uri, uri=True, timeout=lock_wait, isolation_level=None)
    except SQLITE_ERRORS as problem:
        raise translated(problem, str(path)) from problem
    connection.set_progress_handler(lambda: None, STEPS_BETWEEN_INTERRUPT_CHECKS)
    engine = Engine(connection, str(path))
    try:
        engine.stands_at(path)
        engine.execute(f"PRAGMA cache_size = -{READING_CACHE_KIB}")
        engine.execute(f"PRAGMA synchronous = {synchronous}")
        engine.execute("PRAGMA foreign_keys = ON")
        if not new and engine.value("PRAGMA application_id") != APPLICATION_ID:
            raise DatabaseError(
                "{path} is not a leadctl file",
                code="not_a_leadctl_file",
                hint="it belongs to another program; --db names another file",
                path=str(path),
            )
    except LeadctlError:
        engine.close()
        raise
    except OSError as problem:
        engine.close()
        raise _unreadable(path, problem) from problem
    except sqlite3.Error as problem:
        # Our SQL is not to blame yet: the header says what no SQLite can read.
        engine.close()
        raise damaged(str(path)) from problem
    return engine
