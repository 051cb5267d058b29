"""Importing records: read, check each row, then decide and write as sets.

Rows go into ``temp.staged`` with their line number. A bad row never stops the reading: all of them
are reported at once.
"""

from __future__ import annotations

from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from leadctl.core.batch import Work, changing
from leadctl.core.csvfile import CsvFile, columns_of
from leadctl.core.drafts import drafting
from leadctl.core.jsonfile import JsonFile
from leadctl.core.recipes import Recipe, read_recipe
from leadctl.core.rows import BadRows, Rows
from leadctl.core.specs import SPECS, Spec
from leadctl.errors import Reason, UsageError, no_value

if TYPE_CHECKING:
    from leadctl.core.crm import Crm
    from leadctl.core.importing import Stage
    from leadctl.model import Report, WriteOptions

ON_MATCH = ("update", "skip", "refuse")
INPUT_FORMATS = ("csv", "tsv", "json", "ndjson")


class ImportFile(NamedTuple):
    """What to import and how: ``name`` is a path or ``-``; the rest are the options of ``import``."""

    name: str
    match: tuple[str, ...] = ()
    on_match: str = "update"
    create_companies: bool = False
    rejects: str | None = None
    delimiter: str | None = None
    encoding: str | None = None
    input_format: str | None = None
    recipe: str | None = None
    create_users: bool = False


def run_import(
    crm: Crm, entity: str, source: ImportFile, options: WriteOptions | None = None
) -> Report:
    """Import a file whose headers are field names, or whose recipe says which they are.

    By default one bad row refuses the whole import (``row_invalid``, exit 4); with ``keep_going``
    the good ones are committed and the bad ones written to ``source.rejects``. Raises NotFound
    for a file that cannot be read and UsageError for a header or option that cannot be used.
    """
    spec = SPECS[entity]
    if source.on_match not in ON_MATCH:
        raise no_value("--on-match", source.on_match, ON_MATCH)
    recipe = read_recipe(source.recipe, tuple(spec.fields)) if source.recipe else Recipe()
    file = _file(source)
    with closing(file):
        return _import(crm, spec, source, recipe, file, options)


def _file(source: ImportFile) -> CsvFile | JsonFile:
    """The file by the format named, else by the ending of its name, else CSV."""
    ending = Path(source.name).suffix.lower().removeprefix(".")
    format = source.input_format or {"jsonl": "ndjson"}.get(ending, ending)
    if source.input_format is not None and format not in INPUT_FORMATS:
        raise no_value("--input-format", source.input_format, INPUT_FORMATS)
    if format in ("json", "ndjson"):
        return JsonFile(source.name, array=format == "json")
    delimiter = source.delimiter or ("tab" if format == "tsv" else None)
    return CsvFile(source.name, delimiter=delimiter, encoding=source.encoding)


def _import(
    crm: Crm,
    spec: Spec,
    source: ImportFile,
    recipe: Recipe,
    file: CsvFile | JsonFile,
    options: WriteOptions | None,
) -> Report:
    places = columns_of(file.header, tuple(spec.fields), recipe.fields)
    given = dict.fromkeys([*places, *recipe.constants, *recipe.defaults])
    if recipe.extra:
        given["extra"] = None
    for field in source.match:
        if field not in spec.matchable or field not in given:
            raise UsageError(
                "{field} cannot be matched",
                hint="a column of the file out of: {known}",
                field=field,
                known=list(spec.matchable),
            )
    with changing(crm, f"{spec.table.entity} import", options, in_turn=True) as work:
        bad = BadRows(work)
        ignored = [place for place in range(len(file.header)) if place not in places.values()]
        if not recipe.extra:
            _note_header(work, file, ignored)
        stage = _stage_of(spec)(work, spec, tuple(given), bad, source)
        rows = Rows(work, spec, source, recipe, file, places, ignored)
        stage.load(rows.checked(tuple(given), bad))
        work.report.matched = stage.total + len(bad.lines)
        stage.resolve()
        stage.write()
        work.check_expected()
        work.report.problems.sort(key=lambda problem: problem.line or 0)
        if source.rejects and bad.lines and work.options.keep_going and not work.options.dry_run:
            # Before the commit: what cannot be written down must not be left out either.
            _write_rejects(crm, file, Path(source.rejects), frozenset(bad.lines))
    return work.report


def _write_rejects(crm: Crm, file: CsvFile | JsonFile, target: Path, lines: frozenset[int]) -> None:
    """Write the rows of these lines to ``target``, in the file's own format.

    Raises UsageError when it cannot be written, or is the file itself.
    """
    with drafting(crm, target) as draft:
        if file.name != "-" and target.exists() and target.samefile(file.name):
            raise UsageError("{path} is the file that is imported", path=str(target))
        file.copy_rows(draft, lines)


def _stage_of(spec: Spec) -> type[Stage]:
    """What the rules make of the rows of a kind of record."""
    module, name = _STAGES[spec.table.entity]
    stage: type[Stage] = getattr(import_module(f"leadctl.core.{module}"), name)
    return stage


_STAGES = {
    "company": ("import_companies", "CompanyStage"),
    "person": ("import_people", "PersonStage"),
    "user": ("import_companies", "UserStage"),
    "opportunity": ("import_opportunities", "OpportunityStage"),
}


def _note_header(work: Work, file: CsvFile | JsonFile, ignored: list[int]) -> None:
    titles = [file.header[place] for place in ignored]
    if titles:
        work.report.notices.append(
            Reason("", "columns that are not imported: {columns}", details={"columns": titles})
        )
    if file.guessed_latin:
        work.report.notices.append(
            Reason("", "{path} is not UTF-8; it was read as Latin-1", details={"path": file.name})
        )
