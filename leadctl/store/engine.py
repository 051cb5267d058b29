"""The engine seam: run SQL with named parameters, hold transactions.

``Engine`` is all that the store and the use cases know. What differs between databases is in its
subclasses, ``sqlite.Sqlite`` and ``postgres.Postgres``. The SQL of the store is written once, in
what SQLite understands; PostgreSQL gets it by way of ``postgres_sql``.
"""

from __future__ import annotations

import json
import signal
from abc import ABC, abstractmethod
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from leadctl.errors import Busy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from leadctl.errors import DatabaseError
    from leadctl.store.sqlite import Sqlite

ROWS_PER_STATEMENT = 10_000
# What breaks the index of ``find``; ``last`` is the number of the newest row of history ever.
SEARCH_INDEX = """SELECT 'search_state' WHERE (SELECT count(*) FROM search_state) <> 1
UNION ALL SELECT 'search_state' FROM search_state WHERE indexed_to > {last}"""

Row = tuple[Any, ...]
Result = TypeVar("Result")


class Transaction:
    """The handle that a ``with engine.transaction()`` block gets."""

    def __init__(self) -> None:
        self.keep = True

    def roll_back(self) -> None:
        """Undo everything of this transaction when its block ends."""
        self.keep = False


@contextmanager
def no_interrupt() -> Iterator[None]:
    """Hold Ctrl-C back, so that whoever is interrupted knows whether the change was committed."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Engine(ABC):
    """One open database; ``committed`` says whether it has committed anything yet.

    ``fragments`` is what stands in the steps of the schema for the ``{words}`` there.
    """

    name: ClassVar[str]
    # SQL for what is searched of a column.
    searched: ClassVar[str] = "t.{name}"
    fragments: ClassVar[Mapping[str, str]]

    def __init__(self, path: str) -> None:
        self._depth = 0
        # The same, where it is a file, which can be copied.
        self.as_file: Sqlite | None = None
        self.path = path
        self.statements = 0
        self.committed = False

    @abstractmethod
    def execute(self, sql: str, **parameters: Any) -> int:
        """Run one statement; returns how many rows it changed."""

    @abstractmethod
    def stream(self, sql: str, **parameters: Any) -> Iterator[Row]:
        """The rows of a query, one at a time: a million never sit in memory."""

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
        return sum(self.execute(sql, rows=document(batch), **parameters) for batch in batched(rows))

    @abstractmethod
    def examine(self, sql: str) -> Iterator[Row]:
        """The rows of a query on a database that may be damaged: what cannot be made sense of is
        a DatabaseError.
        """

    @abstractmethod
    def load(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
        """Fill a table as it is, without history; returns how many rows it got."""

    def repeat(self, call: Callable[[], Result]) -> Result:
        """The result of ``call``, which writes: it is called again where another writer came in
        between and the database can do nothing but start over.
        """
        return call()

    def belongs_to(self, change: int) -> None:  # noqa: B027 - a file cannot be lost
        """Note which change the open transaction writes."""

    @abstractmethod
    def transaction(self, *, in_turn: bool = False) -> AbstractContextManager[Transaction]:
        """A transaction, or a savepoint within one; rolled back when the block raises.

        ``in_turn`` waits for other writers before the first thing is read, not before the first
        is written: then it never has to start over.
        """

    @abstractmethod
    def snapshot(self) -> AbstractContextManager[None]:
        """Read the database as it is now, whatever others write meanwhile."""

    @abstractmethod
    def close(self) -> None:
        """Close it; what was not committed is gone."""

    @abstractmethod
    def script(self, sql: str) -> None:
        """Run the statements of a step of the schema inside the open transaction."""

    @property
    @abstractmethod
    def schema(self) -> int:
        """The number of the last step of the schema that the database has seen."""

    @abstractmethod
    def set_schema(self, number: int) -> None:
        """Note that number."""

    @abstractmethod
    def for_each(self, table: str, numbers: str) -> str:
        """SQL that joins to each row before it the rows ``t`` of a table whose numbers ``t.id`` the
        SELECT ``numbers``, which may use that row, finds for it.
        """

    @abstractmethod
    def literal(self, value: Any) -> str:
        """A value as SQL."""

    @abstractmethod
    def last_number(self, table: str) -> int:
        """The number of the last row that was ever written: the newest may be gone."""

    @abstractmethod
    def filling(self, tables: Sequence[str]) -> AbstractContextManager[None]:
        """A transaction that fills these new tables with what another database has, in any order:
        what their rows refer to is looked up at its end.
        """

    @abstractmethod
    def keep_numbers(self, last: Mapping[str, int]) -> None:
        """Say which number was the last that a row of each table was given."""

    @abstractmethod
    def tables(self) -> list[str]:
        """The names of all tables that hold data, in alphabetical order."""

    @abstractmethod
    def columns(self, table: str) -> list[str]:
        """The names of the stored columns of a table; generated ones are left out."""

    def make_view(self, name: str, statement: str) -> None:
        """Make a view anew by the SQL that ``views`` then has."""
        self.execute(f"DROP VIEW IF EXISTS {name}")
        self.execute(statement)

    @abstractmethod
    def views(self) -> dict[str, str]:
        """Name -> the SQL that made it, of all views."""

    @abstractmethod
    def rewriting_history(self) -> AbstractContextManager[None]:
        """The one way by which history is changed or dropped: prune and erase, in their
        transaction.
        """

    @abstractmethod
    def search(self, words: Sequence[str], limit: int) -> list[int]:
        """The rows of the search index that have every word, or begin with it, the best first."""

    def purge_search(self) -> None:  # noqa: B027 - not every index keeps what was deleted
        """Make sure that no words are left in the index of rows that are gone."""

    @abstractmethod
    def plan(self, sql: str, **parameters: Any) -> Iterator[str]:
        """How the database would find the rows of a query, a line per step."""

    @abstractmethod
    def structure(self) -> Mapping[str, str]:
        """Rule of ``db check`` -> SQL that finds what is wrong, of rules that are about the
        database itself.
        """

    @abstractmethod
    def damage(self) -> DatabaseError | None:
        """The error that says that the database is damaged, if it is; reads all of it."""

    def empty_log(self) -> bool:
        """Move everything from the log beside the data into them; whether nobody was in the way."""
        return True

    def overwrite_from_here(self) -> None:  # noqa: B027 - a server moves what stays, and no more
        """Overwrite with zeros what is deleted from here on."""

    @abstractmethod
    def vacuum(self) -> None:
        """Leave nothing in the data of what was deleted."""

    @abstractmethod
    def size(self) -> int:
        """Bytes that it takes."""

    @abstractmethod
    def free(self) -> int:
        """Bytes of these that hold no data."""


def busy(path: str) -> Busy:
    """The error of who waited for a lock in vain."""
    return Busy(
        "{path} is locked by another command",
        path=path,
        hint="try again, or wait longer with --lock-wait SECONDS",
    )


def batched(rows: Iterable[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    """As many rows at a time as one statement takes."""
    left = iter(rows)
    while batch := list(islice(left, ROWS_PER_STATEMENT)):
        yield batch


def document(values: Any) -> str:
    """JSON as SQLite writes it: the arrays that ``rows_sql`` reads, and objects."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def bare(columns: Iterable[str]) -> list[str]:
    """The names of columns, of which those of whole numbers are marked: ``#name``."""
    return [column.removeprefix("#") for column in columns]


def typed(columns: Iterable[str]) -> str:
    """Columns of a temporary table, of which those of whole numbers are marked: ``#name``."""
    return ", ".join(
        f"{column[1:]} INTEGER" if column.startswith("#") else f"{column} TEXT"
        for column in columns
    )


def rows_sql(*columns: str) -> str:
    """A FROM item with the rows that ``Engine.bulk`` passes, their columns named; those of whole
    numbers are marked: ``#name``.
    """
    cells = []
    for place, column in enumerate(columns):
        name = column.removeprefix("#")
        cell = f"value ->> {place}"
        cells.append(f"{cell if name == column else f'CAST({cell} AS BIGINT)'} AS {name}")
    return f"(SELECT {', '.join(cells)} FROM json_each(:rows))"


def texts_sql(parameter: str) -> str:
    """A subquery with the texts of the JSON array in ``parameter``."""
    return f"SELECT value FROM json_each(:{parameter})"


def numbers_sql(parameter: str) -> str:
    """A subquery with the whole numbers of the JSON array in ``parameter``."""
    return f"SELECT CAST(value AS BIGINT) AS value FROM json_each(:{parameter})"
