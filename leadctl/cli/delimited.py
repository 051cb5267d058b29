"""CSV and TSV, quoted as little as the format allows.

A million rows come from SQLite as one text each, their cells between marks. A thousand of them
become CSV at once by putting delimiters in the places of the marks, unless something in them needs
quotes.
"""

from __future__ import annotations

import sys
from itertools import islice
from typing import TYPE_CHECKING, Any

from leadctl.core.csvrows import row_writer
from leadctl.store.select import MARK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

BLOCK = 1000


class Delimited:
    """Writes rows to standard output."""

    def __init__(self, delimiter: str, fields: Sequence[str]) -> None:
        self._delimiter = delimiter
        self._quoted = ('"', delimiter, "\r")
        self._marks = len(fields) - 1
        self._writer = row_writer(sys.stdout, delimiter)
        self._writer.writerow(fields)

    def write(self, rows: Iterable[Iterable[Any]]) -> None:
        """Write rows of values."""
        self._writer.writerows(rows)

    def write_lines(
        self, rows: Iterator[tuple[Any, ...]], rest: Callable[[int], Iterator[tuple[Any, ...]]]
    ) -> None:
        """Write rows whose cells are one text each, between marks.

        ``rest`` gives the rows after so many as values: where a value has a mark in it, nothing
        else tells them apart.
        """
        written = 0
        while block := [row[0] for row in islice(rows, BLOCK)]:
            text = "\n".join(block)
            if text.count(MARK) != self._marks * len(block):
                self.write(rest(written))
                return
            if text.count("\n") >= len(block) or any(sign in text for sign in self._quoted):
                self.write(line.split(MARK) for line in block)
            else:
                sys.stdout.write(text.replace(MARK, self._delimiter) + "\n")
            written += len(block)
