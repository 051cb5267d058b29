"""Importing companies, people and users: read, check each row, then decide and write as sets.

Rows go into ``temp.staged`` with their line number. A bad row never stops the reading: all of them
are reported at once.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from leadctl.core.batch import Work, changing
from leadctl.core.cells import SPECS, Cells, Spec
from leadctl.core.csvfile import CsvFile, Row, columns_of
from leadctl.core.importing import Stage
from leadctl.errors import LeadctlError, Reason, Refused, UsageError
from leadctl.model import Problem, Report, Result, WriteOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from leadctl.core.crm import Crm

ON_MATCH = ("update", "skip", "refuse")


class ImportFile(NamedTuple):
    """What to import and how: ``name`` is a path or ``-``; the rest as in ``spec/cli.md``."""

    name: str
    match: tuple[str, ...] = ()
    on_match: str = "update"
    create_companies: bool = False
    rejects: str | None = None
    delimiter: str | None = None
    encoding: str | None = None


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
        for line, *values in rows:
            self.add(line, column, reason(*values))
        if rows:
            self._work.engine.bulk(
                "DELETE FROM temp.staged WHERE line IN (SELECT value ->> 0 FROM json_each(:rows))",
                [(row[0],) for row in rows],
            )


def run_import(
    crm: Crm, entity: str, source: ImportFile, options: WriteOptions | None = None
) -> Report:
    """Import a CSV file whose headers are field names.

    By default one bad row refuses the whole import (``row_invalid``, exit 4); with ``keep_going``
    the good ones are committed and the bad ones written to ``source.rejects``. Raises NotFound
    for a file that cannot be read and UsageError for a header or option that cannot be used.
    """
    spec = SPECS[entity]
    if source.on_match not in ON_MATCH:
        raise UsageError(
            "{value} is no value for --on-match",
            hint="it takes: {known}",
            value=source.on_match,
            known=list(ON_MATCH),
        )
    file = CsvFile(source.name, delimiter=source.delimiter, encoding=source.encoding)
    with closing(file):
        return _import(crm, spec, source, file, options)


def _import(
    crm: Crm, spec: Spec, source: ImportFile, file: CsvFile, options: WriteOptions | None
) -> Report:
    places = columns_of(file.header, tuple(spec.fields))
    for field in source.match:
        if field not in spec.matchable or field not in places:
            raise UsageError(
                "{field} cannot be matched",
                hint="a column of the file out of: {known}",
                field=field,
                known=list(spec.matchable),
            )
    with changing(crm, f"{spec.table.entity} import", options) as work:
        bad = BadRows(work)
        _note_header(work, file, places)
        stage = Stage(work, spec, tuple(places), bad, source)
        stage.load(_checked_rows(crm, spec, file, places, bad))
        work.report.matched = stage.total + len(bad.lines)
        stage.resolve()
        stage.write()
        work.check_expected()
        work.report.problems.sort(key=lambda problem: problem.line or 0)
        if source.rejects and bad.lines and work.options.keep_going and not work.options.dry_run:
            # Before the commit: what cannot be written down must not be left out either.
            file.copy_rows(Path(source.rejects), frozenset(bad.lines))
    return work.report


def _note_header(work: Work, file: CsvFile, places: dict[str, int]) -> None:
    ignored = [title for place, title in enumerate(file.header) if place not in places.values()]
    if ignored:
        work.report.notices.append(
            Reason("", "columns that are not imported: {columns}", details={"columns": ignored})
        )
    if file.guessed_latin:
        work.report.notices.append(
            Reason("", "{path} is not UTF-8; it was read as Latin-1", details={"path": file.name})
        )


def _checked_rows(
    crm: Crm, spec: Spec, file: CsvFile, places: dict[str, int], bad: BadRows
) -> Iterator[tuple[Any, ...]]:
    """The rows as they are staged: line, then the values of every field of the file."""
    cells = Cells(crm, spec)
    readers = [(place, cells.reader(field)) for field, place in places.items()]
    width = len(file.header)
    named = 1 + max(place for place, title in enumerate(file.header) if title.strip())
    for row in _readable(file, bad):
        problem = _shape_problem(row, width, named)
        if problem is not None:
            bad.add(row.line, None, problem)
            continue
        staged: list[Any] = [row.line]
        for place, reader in readers:
            text = row.cells[place] if place < len(row.cells) else ""
            try:
                staged.extend(reader(text))
            except LeadctlError as error:
                bad.add(row.line, file.header[place].strip(), error.reason)
                break
        else:
            yield tuple(staged)


def _readable(file: CsvFile, bad: BadRows) -> Iterator[Row]:
    """The rows up to the end, or to the one that makes the rest unreadable."""
    try:
        yield from file.rows()
    except Refused as error:
        bad.add(error.details["line"], None, error.reason)


def _shape_problem(row: Row, width: int, named: int) -> Reason | None:
    """A row must have a cell for every named column, and nothing beyond the header."""
    if len(row.cells) >= named and not any(row.cells[width:]):
        return None
    return Reason(
        "row_invalid",
        "{found} cells where the header has {expected}",
        details={"found": len(row.cells), "expected": width},
    )
