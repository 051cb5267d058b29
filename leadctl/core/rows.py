"""The rows of an import on their way to the stage: read, translated, checked one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leadctl.core.cells import Cells, extra_cells
from leadctl.core.recipes import Recipe
from leadctl.errors import LeadctlError, Reason, Refused
from leadctl.model import Problem, Result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from leadctl.core.batch import Work
    from leadctl.core.csvfile import CsvFile, Row
    from leadctl.core.imports import ImportFile
    from leadctl.core.jsonfile import JsonFile
    from leadctl.core.specs import Spec

_Reader = tuple[str, "Callable[[list[str]], tuple[Any, ...]]"]


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
                "DELETE FROM temp.staged WHERE line IN (SELECT value ->> 0 FROM json_each(:rows))",
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

    def checked(self, fields: tuple[str, ...], bad: BadRows) -> Iterator[tuple[Any, ...]]:
        """The rows as they are staged: line, then the values of every field."""
        readers = [self._reader(field) for field in fields]
        width = len(self._file.header)
        named = 1 + max(place for place, title in enumerate(self._file.header) if title.strip())
        for row in _readable(self._file, bad):
            problem = _shape_problem(row, width, named)
            if problem is not None:
                bad.add(row.line, None, problem)
                continue
            staged: list[Any] = [row.line]
            for column, reader in readers:
                try:
                    staged.extend(reader(row.cells))
                except LeadctlError as error:
                    bad.add(row.line, column, error.reason)
                    break
            else:
                yield tuple(staged)

    def _reader(self, field: str) -> _Reader:
        """The column that a field is read from, and how its staged values come from the cells."""
        recipe, place = self._recipe, self._places.get(field)
        column = field if place is None else self._file.header[place].strip()
        if field == "extra" and recipe.extra:
            return column, self._extra
        read = self._cells.reader(field)
        if field in recipe.constants:
            return column, lambda cells: read(recipe.constants[field])
        if place is None:
            return column, lambda cells: read(recipe.defaults[field])
        if recipe == Recipe():
            return column, lambda cells: read(cells[place] if place < len(cells) else "")
        return column, lambda cells: read(
            recipe.cell(field, cells[place] if place < len(cells) else "")
        )

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


def _shape_problem(row: Row, width: int, named: int) -> Reason | None:
    """A row must have a cell for every named column, and nothing beyond the header."""
    if not row.is_row:
        return Reason("row_invalid", "it is not an object")
    if len(row.cells) >= named and not any(row.cells[width:]):
        return None
    return Reason(
        "row_invalid",
        "{found} cells where the header has {expected}",
        details={"found": len(row.cells), "expected": width},
    )
