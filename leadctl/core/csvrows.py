"""Rows of CSV that end with a line feed alone, as files have them where leadctl runs."""

from __future__ import annotations

import csv
from typing import IO, Any


def row_writer(file: IO[str], delimiter: str) -> Any:
    """A ``csv.writer`` that quotes every cell that needs it."""
    return csv.writer(_Rows(file), delimiter=delimiter)


class _Rows:
    """``csv`` quotes a carriage return within a cell only where it ends rows with one."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def write(self, row: str) -> None:
        """Write a row."""
        self._file.write(row.removesuffix("\r\n") + "\n")
