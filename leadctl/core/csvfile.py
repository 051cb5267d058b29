"""Reading a CSV file of any dialect and encoding, with the line of every row."""

from __future__ import annotations

import codecs
import csv
import os
import shutil
import sys
import tempfile
from contextlib import suppress
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from leadctl.core.csvrows import row_writer
from leadctl.errors import LeadctlError, NotFound, Refused, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

# In the order in which a tie between them is decided.
DELIMITERS = (",", ";", "\t", "|", "^", "`")
LARGEST_CELL = 16 * 1024 * 1024
_CHUNK = 1024 * 1024
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Row(NamedTuple):
    """A row and the number of the line on which it begins; ``is_row`` is false for something else
    that stands in its place.
    """

    line: int
    cells: list[str]
    is_row: bool = True


class CsvFile:
    """A CSV file; delimiter and encoding are detected unless given.

    Raises NotFound for a file that cannot be read, UsageError for an encoding that does not exist
    or does not fit, or for a file without a header.
    """

    def __init__(
        self, name: str, *, delimiter: str | None = None, encoding: str | None = None
    ) -> None:
        self.name = name
        self._file = opened(name)
        try:
            self._read_header(delimiter, encoding)
        except BaseException:
            self.close()
            raise

    def _read_header(self, delimiter: str | None, encoding: str | None) -> None:
        self.encoding = encoding or self._detect_encoding()
        if not _is_text_encoding(self.encoding):
            raise UsageError("there is no encoding {encoding}", encoding=self.encoding)
        self.guessed_latin = encoding is None and self.encoding == "latin-1"
        self.delimiter = _checked(delimiter) if delimiter else self._detect_delimiter()
        self.header = self._header()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def rows(self) -> Iterator[Row]:
        """The rows after the header; empty lines are left out. Can be read again."""
        with self._text() as text:
            reader = self._reader(text)
            next(reader)
            line = reader.line_num + 1
            try:
                for cells in reader:
                    if cells:
                        yield Row(line, cells)
                    line = reader.line_num + 1
            except (csv.Error, UnicodeError) as problem:
                raise self._unreadable(reader.line_num, problem) from problem

    def copy_rows(self, target: Path, lines: frozenset[int]) -> None:
        """Write the header and the rows of these lines to ``target``, in the file's own format.

        Raises OSError when it cannot be written.
        """
        with target.open("w", encoding=self.encoding, newline="") as file:
            writer = row_writer(file, self.delimiter)
            writer.writerow(self.header)
            with suppress(Refused):  # the row after which the file cannot be read
                writer.writerows(row.cells for row in self.rows() if row.line in lines)

    def _text(self) -> IO[str]:
        """The file from its beginning, as text, to be closed without closing the file itself."""
        # Seeking the buffered file may only move within its buffer.
        os.lseek(self._file.fileno(), 0, os.SEEK_SET)
        return open(os.dup(self._file.fileno()), encoding=self.encoding, newline="")

    def _reader(self, text: IO[str]) -> Any:
        csv.field_size_limit(LARGEST_CELL)
        return csv.reader(text, delimiter=self.delimiter, strict=True)

    def _header(self) -> list[str]:
        with self._text() as text:
            reader = self._reader(text)
            try:
                header = list(next(reader, []))
            except (csv.Error, UnicodeError) as problem:
                raise self._unreadable(reader.line_num, problem) from problem
        if not header:
            raise UsageError("{path} has no header", path=self.name)
        return header

    def _detect_encoding(self) -> str:
        head = self._file.read(4)
        for bom, name in _BOMS:
            if head.startswith(bom):
                return name
        self._file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while chunk := self._file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "latin-1"
        return "utf-8"

    def _detect_delimiter(self) -> str:
        """The candidate that the first line holds most often outside quotes; never a guess from
        the data: a header without any candidate is one column.
        """
        self._file.seek(0)
        first = self._file.readline(LARGEST_CELL)
        if self.encoding == "utf-16":
            self._file.seek(0)
            first = self._file.read(_CHUNK)
        text = first.decode(self.encoding, "replace").partition("\n")[0]
        outside = "".join(text.split('"')[::2])
        return max(DELIMITERS, key=outside.count)

    def _unreadable(self, line: int, problem: csv.Error | UnicodeError) -> LeadctlError:
        if isinstance(problem, UnicodeError):
            return self._undecodable(problem)
        return Refused(
            "{path}, line {line}: {problem}",
            code="row_invalid",
            hint="a quote that is left open is the usual cause",
            path=self.name,
            line=line,
            problem=str(problem),
        )

    def _undecodable(self, problem: UnicodeError) -> UsageError:
        return UsageError(
            "{path} is not {encoding} text: {problem}",
            hint="--encoding names another encoding",
            path=self.name,
            encoding=self.encoding,
            problem=getattr(problem, "reason", str(problem)),
        )


def opened(name: str) -> IO[bytes]:
    """The file, or a copy of what can be read only once."""
    try:
        file = sys.stdin.buffer if name == "-" else open(name, "rb")  # noqa: SIM115
        if name != "-" and file.seekable():
            return file
        copy = tempfile.TemporaryFile()  # noqa: SIM115
        shutil.copyfileobj(file, copy)
    except OSError as problem:
        raise NotFound(
            "{path} cannot be read: {problem}", path=name, problem=problem.strerror
        ) from problem
    copy.seek(0)
    return copy


def _is_text_encoding(name: str) -> bool:
    """Whether there is such an encoding, and it is one of text."""
    try:
        # Some raise whatever they are told to replace.
        b"\xff".decode(name, "replace")
        "a".encode(name)
    except (LookupError, UnicodeError, ValueError):
        return False
    return True


def _checked(delimiter: str) -> str:
    named = {"tab": "\t", "\\t": "\t"}.get(delimiter, delimiter)
    if len(named) != 1 or named in '"\r\n':
        raise UsageError(
            "{delimiter} is no delimiter: one character is needed", delimiter=delimiter
        )
    return named


def columns_of(
    header: Sequence[str], known: Sequence[str], named: Mapping[str, str] = MappingProxyType({})
) -> dict[str, int]:
    """Known field -> its place in the header; ``named`` says which column feeds a field.

    Raises UsageError for a field that stands there twice, for a column that is not there, and for
    a header without any field.
    """
    places: dict[str, int] = {}
    for place, title in enumerate(header):
        field = title.strip().casefold()
        if field not in known or field in named:
            continue
        if field in places:
            raise UsageError("the column {field} stands in the header twice", field=field)
        places[field] = place
    for field, column in named.items():
        found = [place for place, title in enumerate(header) if title.strip() == column.strip()]
        if len(found) != 1:
            raise UsageError(
                "there is not one column {column} in the file",
                hint="the columns are: {columns}",
                column=column,
                columns=[title.strip() for title in header],
            )
        places[field] = found[0]
    if not places:
        raise UsageError(
            "the header has none of the fields that can be imported",
            hint="a recipe (--map) says which column is which field; the fields are: {known}",
            known=list(known),
        )
    return places
