"""Reading the rows of a query as they are asked for, while other statements run in between."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leadctl.store.engine import Engine, Row

ROWS_PER_FETCH = 2000


class Reader:
    """A query that is being read."""

    def __init__(self, engine: Engine, name: str, borrowed: bool) -> None:
        self._engine = engine
        self.name = name
        # Whether a transaction was begun for it alone.
        self.borrowed = borrowed
        self.done = False
        self._kept: list[Row] = []

    def rows(self) -> Iterator[Row]:
        """The rows, one at a time."""
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
        rows = self._engine.query(f"FETCH {ROWS_PER_FETCH} FROM {self.name}")
        # A part of the query, which was counted when it was asked.
        self._engine.statements -= 1
        self.done = len(rows) < ROWS_PER_FETCH
        return rows
