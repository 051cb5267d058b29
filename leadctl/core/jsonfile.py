"""Reading JSON and NDJSON as if they were a table: a header, then rows of texts."""

from __future__ import annotations

import json
from decimal import Decimal
from math import isfinite
from typing import IO, TYPE_CHECKING, Any

from leadctl.core.csvfile import Row, opened
from leadctl.core.jsonarray import elements, exact, refuse
from leadctl.errors import Refused, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class JsonFile:
    """A JSON array of objects, or an object per line (``ndjson``).

    A row's line is the line of NDJSON, and the number of the element of an array. Raises NotFound
    for a file that cannot be read and UsageError for one without any object.
    """

    guessed_latin = False

    def __init__(self, name: str, *, array: bool) -> None:
        self.name = name
        self._array = array
        self._file: IO[bytes] = opened(name)
        titles: dict[str, None] = {}
        try:
            for _, record in self._records():
                if isinstance(record, dict):
                    titles.update(dict.fromkeys(record))
        except BaseException:
            self.close()
            raise
        self.header = list(titles)
        if not self.header:
            self.close()
            raise UsageError("{path} has no header", path=name)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def rows(self) -> Iterator[Row]:
        """The rows, a text for every column. Can be read again."""
        for line, record in self._records():
            if isinstance(record, dict):
                yield Row(line, [_text(record.get(title)) for title in self.header])
            else:
                yield Row(line, [], is_row=False)

    def copy_rows(self, target: Path, lines: frozenset[int]) -> None:
        """Write the objects of these lines to ``target``, in the file's own format.

        Raises OSError when it cannot be written.
        """
        records = (record for line, record in self._records() if line in lines)
        with target.open("w", encoding="utf-8") as file:
            if self._array:
                json.dump(list(records), file, ensure_ascii=False, default=_number)
            else:
                file.writelines(
                    json.dumps(item, ensure_ascii=False, default=_number) + "\n" for item in records
                )

    def _records(self) -> Iterator[tuple[int, Any]]:
        self._file.seek(0)
        for line, item in self._elements() if self._array else self._lines():
            if isinstance(item, dict):
                yield line, {str(key): value for key, value in item.items()}
            else:
                yield line, item

    def _lines(self) -> Iterator[tuple[int, Any]]:
        for line, text in enumerate(self._file, 1):
            if text.strip():
                try:
                    yield line, json.loads(text, parse_float=exact, parse_constant=refuse)
                except (ValueError, RecursionError) as problem:
                    raise self._broken(line, str(problem)) from problem

    def _elements(self) -> Iterator[tuple[int, Any]]:
        line = 0
        try:
            for line, item in enumerate(elements(self._file), 1):
                yield line, item
        except (ValueError, RecursionError) as problem:
            raise self._broken(line + 1, str(problem)) from problem

    def _broken(self, line: int, problem: str) -> Refused:
        return Refused(
            "{path}, line {line}: {problem}",
            code="row_invalid",
            path=self.name,
            line=line,
            problem=problem.partition("\n")[0],
        )


def _text(value: Any) -> str:
    """A value as a cell of CSV has it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return str(value)
    return json.dumps(value, ensure_ascii=False, default=_number)


def _number(value: Decimal) -> float | str:
    """A number that JSON can say; one beyond all measure stays a text, to be mended."""
    number = float(value)
    return number if isfinite(number) and Decimal(repr(number)) == value else str(value)
