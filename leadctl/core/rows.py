"""The rows of an import on their way to the stage: read, translated, checked one by one."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any

from leadctl.core.cells import Cells, extra_cells
from leadctl.core.recipes import Recipe
from leadctl.errors import LeadctlError, Reason, Refused
from leadctl.model import Problem, Result
from leadctl.store.engine import rows_sql

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from leadctl.core.batch import Work
    from leadctl.core.csvfile import CsvFile, Row
    from leadctl.core.imports import ImportFile
    from leadctl.core.jsonfile import JsonFile
    from leadctl.core.specs import Spec

_Reader = tuple[str, "Callable[[list[str]], Any]", "Callable[[Any], tuple[Any, ...]]"]


class BadRows:
    """The rows that cannot be imported; the first problem of a row is the one reported."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self.lines: set[int] = set()

    def add(self, line: int, column: str | None, reason: Reason) -> None:
        """Report a row, which must not be reported again: it is not staged, or no longer."""
        self.lines.add(line)
        self._work.report.add(Problem(None, Result.REFUSED, reason, line, column))

    def from_query(
        self, sql: str, column: str | None, reason: Callable[..., Reason], **parameters: Any
    ) -> None:
        """Report the rows that a query finds (its first column is the line), and unstage them."""
        rows = self._work.engine.query(sql, **parameters)
        self.take_out([(line, column, reason(*values)) for line, *values in rows])

    def take_out(self, rows: Sequence[tuple[int, str | None, Reason]]) -> None:
        """Report rows with column and reason, and unstage them."""
        for line, column, reason in rows:
            self.add(line, column, reason)
        if rows:
            self._work.engine.bulk(
                f"DELETE FROM temp.staged WHERE line IN (SELECT line FROM {rows_sql('#line')})",
                [(row[0],) for row in rows],
            )


class Rows:
    """The rows of a file as the recipe reads them."""

    def __init__(
        self,
        work: Work,
        spec: Spec,
        source: ImportFile,
        recipe: Recipe,
        file: CsvFile | JsonFile,
        places: dict[str, int],
        ignored: list[int],
    ) -> None:
        users = work.crm.users
        add_user = (lambda name: users.add_named(work, name)) if source.create_users else None
        self._cells = Cells(work.crm, spec, recipe, add_user)
        self._recipe = recipe
        self._file = file
        self._places = places
        self._ignored = [place for place in ignored if file.header[place].strip()]

    def checked(self, fields: tuple[str, ...], bad: BadRows) -> Iterator[Sequence[Any]]:
        """The rows as they are staged: line, then the values of every field."""
        readers = [self._reader(field) for field in fields]
        width = len(self._file.header)
        named = 1 + max(place for place, title in enumerate(self._file.header) if title.strip())
        for line, cells, is_row in _readable(self._file, bad):
            if len(cells) != width or not is_row:
                problem = _shape_problem(cells, width, named, is_row=is_row)
                if problem is not None:
                    bad.add(line, None, problem)
                    continue
                cells = [*cells, *[""] * (width - len(cells))]  # noqa: PLW2901
            staged: list[Any] = [line]
            for column, cell, read in readers:
                try:
                    staged += read(cell(cells))
                except LeadctlError as error:
                    bad.add(line, column, error.reason)
                    break
            else:
                yield staged

    def _reader(self, field: str) -> _Reader:
        """The column that a field is read from, its cell in a row, and how the cell becomes staged
        values.
        """
        recipe, place = self._recipe, self._places.get(field)
        column = field if place is None else self._file.header[place].strip()
        if field == "extra" and recipe.extra:
            return column, _whole_row, self._extra
        read = self._cells.reader(field)
        if field in recipe.constants or place is None:
            fixed = recipe.constants.get(field, recipe.defaults.get(field))
            return column, lambda cells: fixed, read
        if recipe == Recipe():
            return column, itemgetter(place), read
        return column, itemgetter(place), lambda text: read(recipe.cell(field, text))

    def _extra(self, cells: list[str]) -> tuple[Any, ...]:
        """The columns that feed no field, by their titles; cells that mean nothing left out."""
        values = {
            self._file.header[place].strip(): text
            for place in self._ignored
            if place < len(cells) and (text := self._recipe.cell("", cells[place]))
        }
        return extra_cells(values)


def _readable(file: CsvFile | JsonFile, bad: BadRows) -> Iterator[Row]:
    """The rows up to the end, or to the one that makes the rest unreadable."""
    try:
        yield from file.rows()
    except Refused as error:
        bad.add(error.details["line"], None, error.reason)


def _whole_row(cells: list[str]) -> list[str]:
    return cells


def _shape_problem(cells: list[str], width: int, named: int, *, is_row: bool) -> Reason | None:
    """A row must have a cell for every named column, and nothing beyond the header."""
    if not is_row:
        return Reason("row_invalid", "it is not an object")
    if len(cells) >= named and not any(cells[width:]):
        return None
    return Reason(
        "row_invalid",
        "{found} cells where the header has {expected}",
        details={"found": len(cells), "expected": width},
    )
