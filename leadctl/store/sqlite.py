"""SQLite, the default: one file.

The outermost transaction begins IMMEDIATE: a transaction that reads first and writes later would
fail at once with "locked" when another writer came in between, however long it may wait. Inner
ones are savepoints. Bulk statements run under a progress handler, without which Ctrl-C would be
seen only when the statement ends.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, ClassVar

from leadctl.errors import DatabaseError, Refused
from leadctl.store.engine import (
    SEARCH_INDEX,
    Engine,
    Transaction,
    busy,
    document,
    no_interrupt,
    texts_sql,
)
from leadctl.store.sqlite_errors import SQLITE_ERRORS, damaged, translated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from leadctl.store.engine import Row

APPLICATION_ID = 0x4C454144
WRITING_CACHE_KIB = 64 * 1024
# Fewer than any file of ours has, so that no copy is done in the first step.
PAGES_PER_STEP = 16
# Tables that are made of others: the search index and SQLite's own.
_DERIVED = "name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE 'search%'"


class Sqlite(Engine):
    """One open file."""

    name = "sqlite"
    fragments: ClassVar[Mapping[str, str]] = {
        "pk": "INTEGER PRIMARY KEY AUTOINCREMENT",
        "strict": "STRICT",
        "search": 'CREATE VIRTUAL TABLE search USING fts5 (text, tokenize = "unicode61'
        ' remove_diacritics 2");',
        "append_only": "\n".join(
            f"CREATE TRIGGER {name} BEFORE {verb} ON {table}\n"
            f"BEGIN SELECT RAISE(ABORT, '{what} append-only'); END;"
            for name, verb, table, what in (
                ("history_is_append_only_1", "UPDATE", "history", "history is"),
                ("history_is_append_only_2", "DELETE", "history", "history is"),
                ("change_is_append_only", "DELETE", "change", "changes are"),
            )
        ),
        "rewriting": "DROP TRIGGER history_is_append_only_1;",
        "rewritten": "CREATE TRIGGER history_is_append_only_1 BEFORE UPDATE ON history\n"
        "BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;",
    }

    def __init__(self, connection: sqlite3.Connection, path: str) -> None:
        super().__init__(path)
        self.as_file = self
        self._connection = connection
        # Where the file was found, by device and number.
        self._place: tuple[Path, int, int] | None = None

    def execute(self, sql: str, **parameters: Any) -> int:
        return self._run(sql, parameters).rowcount

    def stream(self, sql: str, **parameters: Any) -> Iterator[Row]:
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

    def examine(self, sql: str) -> Iterator[Row]:
        try:
            yield from self.stream(sql)
        except SQLITE_ERRORS as problem:
            raise DatabaseError(
                "{path} is damaged: {problem}",
                hint="restore it from a backup; the damaged file was left as it is",
                path=self.path,
                problem=str(problem),
            ) from problem

    @contextmanager
    def snapshot(self) -> Iterator[None]:
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
        self, other: Sqlite, *, lock_wait: float = 0, locked: Callable[[], None] | None = None
    ) -> None:
        """Put everything that is in this file into ``other``, in the place of what is there, in
        one transaction of that one.

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
        """A row at a time, but counted as one statement: what has many columns comes out of JSON
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
    def transaction(self, *, in_turn: bool = False) -> Iterator[Transaction]:
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
                with no_interrupt():
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
        self._connection.close()

    def script(self, sql: str) -> None:
        statement = ""
        for line in sql.splitlines(keepends=True):
            statement += line
            if sqlite3.complete_statement(statement):
                self.execute(statement)
                statement = ""

    @property
    def schema(self) -> int:
        return int(self.value("PRAGMA user_version"))

    def set_schema(self, number: int) -> None:
        self.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        self.execute(f"PRAGMA user_version = {number}")

    def for_each(self, table: str, numbers: str) -> str:
        return f"JOIN {table} t ON t.id IN ({numbers})"

    def literal(self, value: Any) -> str:
        return str(self.value("SELECT quote(:value)", value=value))

    def last_number(self, table: str) -> int:
        sql = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = :table"
        return int(self.value(sql, table=table))

    def keep_numbers(self, last: Mapping[str, int]) -> None:
        for table, number in last.items():
            self.execute("DELETE FROM sqlite_sequence WHERE name = :table", table=table)
            self.execute(
                "INSERT INTO sqlite_sequence (name, seq) SELECT :table, :number WHERE :number > 0",
                table=table,
                number=number,
            )

    @contextmanager
    def filling(self, tables: Sequence[str]) -> Iterator[None]:
        """Indexes are built at once from what is there at the end: several times faster."""
        self.execute("PRAGMA foreign_keys = OFF")
        with self.transaction():
            indexes = self.query(
                "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"
                f" AND tbl_name IN ({texts_sql('tables')}) ORDER BY rowid",
                tables=document(tables),
            )
            for name, _ in indexes:
                self.execute(f"DROP INDEX {name}")
            yield
            for _, sql in indexes:
                self.execute(sql)
            broken = self.one("PRAGMA foreign_key_check")
            if broken is not None:
                raise Refused(
                    "the database refuses this: {problem}",
                    code="conflict",
                    problem=f"{broken[0]} {broken[1]} refers to no {broken[2]}",
                )
        self.execute("PRAGMA foreign_keys = ON")

    def tables(self) -> list[str]:
        rows = self.query(
            f"SELECT name FROM sqlite_schema WHERE type = 'table' AND {_DERIVED} ORDER BY name"
        )
        return [name for (name,) in rows]

    def columns(self, table: str) -> list[str]:
        return [name for (name,) in self.query("SELECT name FROM pragma_table_info(:t)", t=table)]

    def views(self) -> dict[str, str]:
        return dict(self.query("SELECT name, sql FROM sqlite_schema WHERE type = 'view'"))

    @contextmanager
    def rewriting_history(self) -> Iterator[None]:
        triggers = self.query(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"
            " AND name LIKE '%is_append_only%'"
        )
        for name, _ in triggers:
            self.execute(f"DROP TRIGGER {name}")
        yield
        for _, sql in triggers:
            self.execute(sql)

    def search(self, words: Sequence[str], limit: int) -> list[int]:
        query = " ".join(f'"{word.replace(chr(34), chr(34) * 2)}"*' for word in words)
        rows = self.query(
            "SELECT rowid FROM search WHERE search MATCH :query ORDER BY rank, rowid LIMIT :limit",
            query=query,
            limit=limit,
        )
        return [row[0] for row in rows]

    def purge_search(self) -> None:
        # They would stay until the index is merged.
        self.execute("INSERT INTO search (search) VALUES ('rebuild')")

    def plan(self, sql: str, **parameters: Any) -> Iterator[str]:
        rows = self.stream(f"EXPLAIN QUERY PLAN {sql}", **parameters)
        return (str(row[3]) for row in rows)

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

    def structure(self) -> Mapping[str, str]:
        return {
            "integrity": "SELECT integrity_check FROM pragma_integrity_check"
            " WHERE integrity_check <> 'ok'",
            "foreign_keys": "SELECT \"table\" || ' ' || rowid || ' -> ' || parent"
            " FROM pragma_foreign_key_check",
            "views": "SELECT name, sql FROM sqlite_schema WHERE type = 'view' ORDER BY name",
            "search_index": SEARCH_INDEX.format(
                last="(SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'history')"
            ),
        }

    def damage(self) -> DatabaseError | None:
        from leadctl.store.migrations import is_damaged

        return damaged(self.path) if is_damaged(self._connection) else None

    def empty_log(self) -> bool:
        row = self.one("PRAGMA wal_checkpoint(TRUNCATE)")
        return row is None or row[0] == 0

    def overwrite_from_here(self) -> None:
        self.execute("PRAGMA secure_delete = ON")

    def vacuum(self) -> None:
        self.execute("VACUUM")

    def size(self) -> int:
        """The file and what belongs to it."""
        from pathlib import Path

        path = Path(self.path)
        files = (path, path.with_name(path.name + "-wal"))
        return sum(file.stat().st_size for file in files if file.exists())

    def free(self) -> int:
        return int(self.value("PRAGMA freelist_count") * self.value("PRAGMA page_size"))

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
