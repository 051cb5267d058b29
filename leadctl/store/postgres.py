"""PostgreSQL, for several machines: psycopg is imported only for an address that names a server.

Transactions are SERIALIZABLE. Where another writer came in between, ``repeat`` does the whole
again, and takes its turn before it reads.
"""

from __future__ import annotations

import random
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import psycopg

from leadctl.errors import DatabaseError, LeadctlError, StartOver
from leadctl.store import postgres_statistics
from leadctl.store.engine import Engine, Transaction, batched, document, no_interrupt
from leadctl.store.postgres_commit import Committer
from leadctl.store.postgres_errors import translated
from leadctl.store.postgres_filling import KEEP_NUMBERS, filling, make_tables
from leadctl.store.postgres_reading import Readers
from leadctl.store.postgres_sql import adapted
from leadctl.store.postgres_structure import COLUMNS, TABLES, VIEWS, structure
from leadctl.store.server import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from leadctl.store.engine import Row

# Of all that writes: what a weaker one lets through, the tests show.
ISOLATION = "SERIALIZABLE"
# Attempts at one change, and the longest pause before another one.
MOST_ATTEMPTS = 20
LONGEST_PAUSE = 0.2
_TAKE_TURN = "LOCK TABLE number_given IN SHARE ROW EXCLUSIVE MODE"
Result = TypeVar("Result")


class Postgres(Engine):
    """One open database of a server."""

    name = "postgresql"
    # Its functions fold by the locale of the database, if at all.
    searched = "t.{name}_key"
    fragments: ClassVar[Mapping[str, str]] = {
        "pk": "BIGINT PRIMARY KEY",
        "strict": "",
        "search": "CREATE TABLE search (rowid BIGINT PRIMARY KEY, text TEXT, found TSVECTOR"
        " GENERATED ALWAYS AS (to_tsvector('simple', words(text))) STORED);\n"
        "CREATE INDEX search_found ON search USING gin (found);",
        "append_only": "\n".join(
            f"CREATE TRIGGER {table}_is_append_only BEFORE {verbs} ON {table}"
            " EXECUTE FUNCTION is_append_only();"
            for table, verbs in (("history", "UPDATE OR DELETE"), ("change", "DELETE"))
        ),
        "rewriting": "SELECT set_config('leadctl.rewriting', 'on', true);",
        "rewritten": "SELECT set_config('leadctl.rewriting', 'off', true);",
    }

    def __init__(self, session: Session, lock_wait: float) -> None:
        super().__init__(session.path)
        self._session = session
        self._lock_wait = lock_wait
        # Whether the next transaction waits for its turn before it reads.
        self._turn = False
        self._readers = Readers(session, self._run)
        self._committer = Committer(session, self._run)
        self._commits = 0
        # The number of the change that the open transaction writes.
        self._change: int | None = None

    def execute(self, sql: str, **parameters: Any) -> int:
        self._write()
        changed = self._run(sql, parameters).rowcount
        with self._errors():
            postgres_statistics.renew(self._session.cursor(), sql, changed)
        return changed

    def query(self, sql: str, **parameters: Any) -> list[Row]:
        return self._run(sql, parameters).fetchall()

    def stream(self, sql: str, **parameters: Any) -> Iterator[Row]:
        yield from self._readers.read(sql, parameters, self._depth)

    def examine(self, sql: str) -> Iterator[Row]:
        return self.stream(sql)

    def load(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
        self._write()
        self.statements += 1
        loaded = 0
        sql = adapted(f"COPY {table} ({', '.join(columns)}) FROM STDIN")
        # What makes the rows may ask the database, which takes nothing else while it copies.
        for batch in batched(rows):
            with self._errors(), self._session.cursor() as cursor, cursor.copy(sql) as copy:
                for row in batch:
                    copy.write_row(row)
            loaded += len(batch)
        with self._errors():
            postgres_statistics.renew(self._session.cursor(), f"INSERT INTO {table}", loaded)
        return loaded

    def repeat(self, call: Callable[[], Result]) -> Result:
        if self._depth:
            return call()
        until = time.monotonic() + self._lock_wait
        commits = self._commits
        for attempt in range(MOST_ATTEMPTS):
            self._turn = attempt > 0
            try:
                return call()
            except StartOver:
                last = attempt + 1 == MOST_ATTEMPTS or time.monotonic() > until
                # What is there already must not be done twice.
                if last or self._commits > commits:
                    raise
                time.sleep(random.uniform(0, LONGEST_PAUSE * (attempt + 1) / MOST_ATTEMPTS))
            finally:
                self._turn = False
        raise AssertionError("unreachable")  # pragma: no cover

    @contextmanager
    def transaction(self, *, in_turn: bool = False) -> Iterator[Transaction]:
        level = self._depth
        if level == 0:
            self._readers.let_go()
            self._change = None
            self._run(f"BEGIN ISOLATION LEVEL {ISOLATION}", {})
        else:
            self._run(f"SAVEPOINT level_{level}", {})
        self._depth += 1
        handle = Transaction()
        try:
            if level == 0 and (in_turn or self._turn):
                # Before the first thing is read: what is read then is what others have left.
                self._run(_TAKE_TURN, {})
            yield handle
            if not handle.keep:
                self._undo(level)
            elif level > 0:
                self._run(f"RELEASE level_{level}", {})
                self._readers.released(level)
            else:
                self._readers.keep()
                with no_interrupt():
                    self._committer.commit(self._change)
                    self.committed = True
                    self._commits += 1
        except BaseException:
            self._undo(level)
            raise
        finally:
            self._depth = level

    def belongs_to(self, change: int) -> None:
        self._change = change

    def snapshot(self) -> AbstractContextManager[None]:
        return self._readers.snapshot()

    def close(self) -> None:
        self._session.close()

    def script(self, sql: str) -> None:
        make_tables(self, sql)

    @property
    def schema(self) -> int:
        if self.value("SELECT to_regclass('schema_number') IS NULL"):
            return 0
        return int(self.value("SELECT number FROM schema_number"))

    def set_schema(self, number: int) -> None:
        if number == 1:
            self._run("CREATE TABLE schema_number (number INTEGER NOT NULL)", {})
            self._run("INSERT INTO schema_number VALUES (0)", {})
        self._run("UPDATE schema_number SET number = :number", {"number": number})

    def for_each(self, table: str, numbers: str) -> str:
        return f"CROSS JOIN LATERAL ({numbers}) found JOIN {table} t ON t.id = found.id"

    def literal(self, value: Any) -> str:
        # Not by the server: what it quotes, SQLite reads as well.
        return _quoted(value) if isinstance(value, str) else "NULL" if value is None else str(value)

    def last_number(self, table: str) -> int:
        return int(self.value("SELECT last_number(:table)", table=table))

    def keep_numbers(self, last: Mapping[str, int]) -> None:
        self.bulk(KEEP_NUMBERS, last.items())

    def filling(self, tables: Sequence[str]) -> AbstractContextManager[None]:
        return filling(self, tables)

    def tables(self) -> list[str]:
        return [name for (name,) in self.query(TABLES)]

    def columns(self, table: str) -> list[str]:
        return [name for (name,) in self.query(COLUMNS, table=table)]

    def make_view(self, name: str, statement: str) -> None:
        """The comment on the view has the SQL that made it: the server keeps no text of its own."""
        super().make_view(name, statement)
        self._run(f"COMMENT ON VIEW {name} IS {_quoted(statement)}", {})

    def views(self) -> dict[str, str]:
        return dict(self.query(VIEWS))

    @contextmanager
    def rewriting_history(self) -> Iterator[None]:
        for state in ("on", "off"):
            self._run("SELECT set_config('leadctl.rewriting', :state, true)", {"state": state})
            if state == "on":
                yield

    def search(self, words: Sequence[str], limit: int) -> list[int]:
        rows = self.query(
            "SELECT s.rowid FROM search s, (SELECT to_tsquery('simple', string_agg("
            "'(' || replace(words(w.value), ' ', ' <-> ') || ':*)', ' & ')) AS asked"
            " FROM json_each(:words) w WHERE words(w.value) <> '') q WHERE s.found @@ q.asked"
            " ORDER BY ts_rank(s.found, q.asked, 1) DESC, s.rowid LIMIT :limit",
            words=document([word.casefold() for word in words]),
            limit=limit,
        )
        return [row[0] for row in rows]

    def plan(self, sql: str, **parameters: Any) -> Iterator[str]:
        return (str(row[0]) for row in self.query(f"EXPLAIN {sql}", **parameters))

    def structure(self) -> Mapping[str, str]:
        return structure(self)

    def vacuum(self) -> None:
        """Nobody has to wait for it; what the planner knows of the values is learned anew."""
        self._write()
        self._run(f"VACUUM (ANALYZE) {', '.join([*self.tables(), 'search'])}", {})

    def damage(self) -> DatabaseError | None:
        return None

    def size(self) -> int:
        return int(self.value("SELECT pg_database_size(current_database())"))

    def free(self) -> int:
        """The server gives room back by itself and tells of none."""
        return 0

    def _write(self) -> None:
        """What writes by itself is not part of what is being read."""
        if not self._depth and self._readers.borrowed:
            self._readers.let_go()

    def _undo(self, level: int) -> None:
        self._readers.undone(level)
        if not self._session.in_transaction:
            return
        if level == 0:
            self._session.roll_back()
        else:
            self.as_written(f"ROLLBACK TO level_{level}; RELEASE level_{level}")

    def _run(self, sql: str, parameters: Mapping[str, Any]) -> psycopg.Cursor[Row]:
        # A part of the query, which was counted when it was asked.
        self.statements += not sql.startswith(("FETCH ", "CLOSE "))
        with self._errors():
            return self._session.cursor().execute(adapted(sql), parameters)

    def as_written(self, sql: str) -> None:
        """Run one statement that is PostgreSQL's own."""
        self.statements += 1
        with self._errors():
            self._session.cursor().execute(sql)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (psycopg.Error, UnicodeEncodeError) as problem:
            raise translated(problem, self.path, lost=self._session.lost) from problem


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def open_server(address: str, *, lock_wait: float, synchronous: str, new: bool) -> Postgres:
    """Open the database that an address names.

    Raises DatabaseError where it has no leadctl data, unless ``new``, and Unavailable where no
    server answers.
    """
    engine = Postgres(Session(address, lock_wait=lock_wait, synchronous=synchronous), lock_wait)
    try:
        if not new and not engine.schema:
            raise DatabaseError(
                "{path} has no leadctl data",
                code="database_missing",
                hint="leadctl init makes it; --db names another",
                path=engine.path,
            )
    except LeadctlError:
        engine.close()
        raise
    return engine
