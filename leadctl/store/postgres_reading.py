"""Queries that are read row by row: cursors of the server, which live in a transaction.

Outside a transaction one is begun for them, and ended with the last of them. When another one
begins, or theirs ends, what is left of them is read at once and kept.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from itertools import count
from typing import TYPE_CHECKING, Any

import psycopg

from leadctl.errors import LeadctlError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from leadctl.store.engine import Row
    from leadctl.store.server import Session

    Run = Callable[[str, Mapping[str, Any]], psycopg.Cursor[Row]]

ROWS_PER_FETCH = 2000
READING = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


class Readers:
    """All queries of a connection that are being read; ``run`` runs a statement on it."""

    def __init__(self, session: Session, run: Run) -> None:
        self._session = session
        self._run = run
        self._open: list[_Reader] = []
        # Whether the open transaction was begun for the readers alone.
        self.borrowed = False

    def read(self, sql: str, parameters: Mapping[str, Any], depth: int) -> Iterator[Row]:
        """The rows of a query that begins ``depth`` transactions and savepoints deep."""
        if not self._session.in_transaction:
            self._run(READING, {})
            self.borrowed = True
        # The same names again: what is sent is then known already.
        taken = {reader.name for reader in self._open}
        name = next(name for name in map("reader_{}".format, count()) if name not in taken)
        reader = _Reader(self._run, name, depth)
        self._open.append(reader)
        try:
            reader.begin(sql, parameters)
            yield from reader.rows()
        finally:
            self._forget(reader)

    def let_go(self) -> None:
        """Read to their ends what is being read, and end the transaction that was begun for it."""
        self.keep()
        self._end_borrowed()

    def keep(self) -> None:
        """Read to their ends what is being read, so that the transaction of that can end."""
        while self._open:
            self._open[0].keep()
            del self._open[0]

    def released(self, depth: int) -> None:
        """What was begun in a savepoint that is no more belongs to what is around it."""
        for reader in self._open:
            reader.depth = min(reader.depth, depth)

    def undone(self, depth: int) -> None:
        """What was begun deeper than ``depth`` has been rolled back, and its cursors with it."""
        for reader in [it for it in self._open if it.depth > depth]:
            reader.undone = True
            self._open.remove(reader)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Let all that is read in a block be of one moment."""
        if self._session.in_transaction and not self.borrowed:
            yield
            return
        if not self.borrowed:
            self._run(READING, {})
        self.borrowed = False
        try:
            yield
        except BaseException:
            self._roll_back()
            raise
        # Who still reads goes on.
        self.borrowed = True
        self._end_borrowed()

    def _forget(self, reader: _Reader) -> None:
        if reader not in self._open:
            return
        self._open.remove(reader)
        # What can be lost here is lost for what follows as well, which then tells.
        with suppress(LeadctlError, psycopg.Error):
            if self.borrowed and not self._open:
                self._roll_back()
            elif self._session.in_transaction and not reader.failed:
                # Even when there is no more to read: its tables could not be dropped.
                self._run(f"CLOSE {reader.name}", {})

    def _end_borrowed(self) -> None:
        if self.borrowed and not self._open:
            self._roll_back()

    def _roll_back(self) -> None:
        self.borrowed = False
        self._session.roll_back()
        self.undone(-1)


class _Reader:
    """A query that is being read."""

    def __init__(self, run: Run, name: str, depth: int) -> None:
        self._run = run
        self.name = name
        self._fetching = f"FETCH {ROWS_PER_FETCH} FROM {name}"
        self.depth = depth
        self.done = self.failed = self.undone = False
        self._kept: list[Row] = []

    def begin(self, sql: str, parameters: Mapping[str, Any]) -> None:
        """Ask, and get the first rows in the same answer."""
        asked = f"DECLARE {self.name} NO SCROLL CURSOR FOR {sql}; {self._fetching}"
        with self._failing():
            fetched = self._run(asked, parameters)
            fetched.nextset()
            self._kept = self._take(fetched)

    def rows(self) -> Iterator[Row]:
        while True:
            rows = self._kept or self._fetch()
            self._kept = []
            if not rows:
                return
            yield from rows

    def keep(self) -> None:
        """Read all that is left now."""
        while rows := self._fetch():
            self._kept += rows

    def _fetch(self) -> list[Row]:
        if self.done:
            return []
        if self.undone:
            raise RuntimeError("a query is read on after its transaction was rolled back")
        with self._failing():
            return self._take(self._run(self._fetching, {}))

    @contextmanager
    def _failing(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self.failed = True
            raise

    def _take(self, fetched: psycopg.Cursor[Row]) -> list[Row]:
        rows = fetched.fetchall()
        self.done = len(rows) < ROWS_PER_FETCH
        return rows
