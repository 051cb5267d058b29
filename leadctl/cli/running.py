"""Running the lines of a batch through the ordinary parser, on the one file that is open."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from contextlib import redirect_stdout
from io import StringIO
from typing import TYPE_CHECKING, Any, NamedTuple

import typer
from typer import TyperException

from leadctl.cli.call import Call
from leadctl.cli.lines import Group, Line, groups
from leadctl.cli.main import error_record, translated
from leadctl.cli.nouns import root
from leadctl.cli.options import WRITES
from leadctl.cli.text import visible
from leadctl.config import OPTIONS, Setting, parse_value
from leadctl.core import outcome
from leadctl.errors import (
    Busy,
    ConfigInvalid,
    DatabaseError,
    Interrupted,
    LeadctlError,
    Partial,
    Reason,
    Unavailable,
)
from leadctl.model import Problem, Record, Report, Result, WriteOptions

if TYPE_CHECKING:
    from leadctl.core.batch import Whole

# After these there is no sense in going on with the next line.
_FATAL = (DatabaseError, ConfigInvalid, Busy, Unavailable, Interrupted)
# Where several exit codes apply, the first of these counts.
_PRECEDENCE = (2, 3, 7, 4, 6)
_ALL_IN_ONE = ("json", "ndjson", "yaml")
_PARTIAL = Partial.exit_code


class _OneByOne(Exception):
    """Lines cannot be told apart when they run as one set."""


class Ended(NamedTuple):
    """How one line ended: its report or record, its error."""

    report: Report | Record | None = None
    error: LeadctlError | None = None


class Run:
    """One run of a batch; ``results`` has what there is to tell of its lines."""

    def __init__(
        self, call: Call, options: WriteOptions, *, agreed: bool, silent: bool = False
    ) -> None:
        self.outer = call
        self.options = options
        # Consent of the batch covers its lines.
        self.agreed = agreed
        self.silent = silent
        self.collects = call.format in _ALL_IN_ONE
        self.collected: Report | None = None
        self.results: list[Record] = []
        self.ok = self.failed = 0
        self.change: int | None = None
        # Notices of what is there once all is committed.
        self.ready: list[Reason] = []
        # What lines print is held back until the lock is released.
        self.output = tempfile.SpooledTemporaryFile(  # noqa: SIM115 - read when all is done
            1 << 20, "w+", encoding="utf-8", newline=""
        )
        self._set = False
        self._worst: LeadctlError | None = None
        self._commands: dict[tuple[str, ...], tuple[Any, Any]] = {}
        self._root = root.context_class(
            root, info_name="leadctl", help_option_names=["-h", "--help"]
        )
        self._root.params = {name: call.given.get(name) for name in ("today", "quiet")}
        self._root.obj = self

    def __enter__(self) -> Run:
        return self

    def __exit__(self, *problem: object) -> None:
        self.output.close()

    def go(self, lines: list[Line]) -> Report:
        """Run the lines and return the sums of their reports.

        Raises the error of the first line that fails, unless the batch keeps going; then that of
        the worst, if no line has worked. Raises Partial when the change is made and a file of a
        line could not be put in place.
        """
        options = self.options
        guards = {"expect": options.expect, "max_changes": options.max_changes}
        try:
            with self.outer.crm.change(
                "batch", reason=options.reason, dry_run=options.dry_run, **guards
            ) as whole:
                for group in groups(lines):
                    self._run_group(whole, group)
                if self._worst is not None and not self.ok:
                    raise self._worst
        except Partial:
            # A file could not be put in place; the change stands.
            self.change = whole.report.change
            raise
        self.change = whole.report.change
        if not options.dry_run:
            for reason in self.ready:
                self.outer.notice(reason)
        return whole.report

    def left_out(self, lines: int) -> Partial | None:
        """The error to show, though the change stands, when lines have failed."""
        if not self.failed:
            return None
        return Partial(
            "{failed} of {lines} lines failed",
            hint="the report says which, and why",
            failed=self.failed,
            lines=lines,
        )

    def call(self, context: Any, given: dict[str, Any]) -> LineCall:
        """What the verb of a line gets as ``ctx.obj``."""
        return LineCall(self, context, given)

    def line_options(self, options: WriteOptions) -> WriteOptions:
        """The options of a line's verb: what the batch was told counts for its lines too."""
        return options._replace(
            keep_going=options.keep_going or self.options.keep_going or self._set,
            automation=options.automation and self.options.automation,
            details=self._set,
        )

    def _run_group(self, whole: Whole, group: Group) -> None:
        if len(group.lines) > 1:
            try:
                with self.outer.crm.change("batch"):
                    answers = self._run_set(group)
            except _OneByOne:
                pass
            else:
                for line, ended in zip(group.lines, answers, strict=True):
                    self._note(line, ended)
                return
        for line in group.lines:
            self._note(line, self._run_line(line))

    def _run_set(self, group: Group) -> list[Ended]:
        """Run lines that differ in one ID as one command, and tell what became of each ID."""
        ids = [line.words[2] for line in group.lines]
        self._set = True
        try:
            ended = self._run_line(Line(group.lines[0].number, (*group.head, *ids, *group.rest)))
        finally:
            self._set = False
        report = ended.report if isinstance(ended.report, Report) else None
        if report is None:
            raise _OneByOne
        results = {}
        if report.details is not None:
            results = {str(record["id"]): record["result"] for record in report.details()}
        if report.automation or any(report.affected.values()):
            raise _OneByOne
        problems = {str(problem.id): problem for problem in report.problems}
        return [
            self._of_one(report, problems.get(str(int(id))), results.get(str(int(id))))
            for id in ids
        ]

    def _of_one(self, report: Report, problem: Problem | None, result: str | None) -> Ended:
        """What a line alone would have reported."""
        own = Report(dry_run=report.dry_run, change=report.change)
        options = WriteOptions(keep_going=self.options.keep_going)
        if problem is None:
            own.matched = 1
            own.changed = int(result == Result.CHANGED)
            own.unchanged = 1 - own.changed
            own.change = report.change if own.changed else None
            return Ended(own)
        own.matched = int(problem.result is not Result.MISSING)
        own.change = None
        own.add(problem)
        try:
            outcome.check_choice(own, options)
            outcome.check(own, options)
        except LeadctlError as error:
            return Ended(own, error)
        raise AssertionError(problem)  # pragma: no cover - a problem alone is an error

    def _run_line(self, line: Line) -> Ended:
        """Run one line. Only errors after which the batch cannot go on are raised."""
        if line.error is not None:
            return Ended(None, line.error)
        self.collected = None
        printed = StringIO()
        error: LeadctlError | None = None
        writes = False
        try:
            command, parent = self._command(line.words)
            # What a writing verb prints is its report.
            writes = WRITES in getattr(command, "sets", ())
            with redirect_stdout(printed if writes or self.collects else self.output):
                words = list(line.words[int(parent is not self._root) :])
                with command.make_context(words[0], words[1:], parent=parent) as context:
                    command.invoke(context)
        except typer.Exit:
            pass
        except (LeadctlError, TyperException) as problem:
            error = translated(problem)
        if isinstance(error, _FATAL):
            raise at_line(error, line.number)
        report: Report | Record | None = self.collected
        if report is None and writes and self.collects and printed.getvalue():
            report = json.loads(printed.getvalue())
        return Ended(report, error)

    def _command(self, words: tuple[str, ...]) -> tuple[Any, Any]:
        """The verb of a line and the context around it, each made once."""
        known = self._commands.get(words[:2]) or self._commands.get(words[:1])
        if known is not None:
            return known
        _, group, rest = root.resolve_command(self._root, list(words))
        if not hasattr(group, "resolve_command"):
            self._commands[words[:1]] = (group, self._root)
            return group, self._root
        context = group.context_class(group, info_name=words[0], parent=self._root)
        if not rest or rest[0][:1] == "-":
            return group, self._root
        _, command, _ = group.resolve_command(context, rest)
        self._commands[words[:2]] = (command, context)
        return command, context

    def _note(self, line: Line, ended: Ended) -> None:
        """Keep what there is to tell of a line; raise its error unless the batch keeps going."""
        error = ended.error
        code = 0 if error is None else error.exit_code
        self.ok += code == 0
        self.failed += code != 0
        if code or self.outer.format != "table":
            result: Record = {"line": line.number, "exit": code}
            if code in (0, _PARTIAL):
                report = ended.report
                if isinstance(report, Report):
                    from leadctl.cli.reports import as_record

                    report = as_record(report, self.outer)
                result["report"] = report
            if error is not None:
                result["error"] = error_record(error, self.outer.translate)
            self.results.append(result)
        if error is None or code == _PARTIAL:
            return
        error = at_line(error, line.number)
        if not self.options.keep_going:
            raise error
        if self._worst is None or _rank(error) < _rank(self._worst):
            self._worst = error


def _rank(error: LeadctlError) -> int:
    return _PRECEDENCE.index(error.exit_code) if error.exit_code in _PRECEDENCE else -1


def at_line(error: LeadctlError, number: int) -> LeadctlError:
    """The same error with the line of the batch where it happened."""
    details = dict(error.reason.details) | {"line": number, "cause": error.reason}
    told = type(error)("line {line}: {cause}", code=error.code, hint=error.reason.hint, **details)
    told.language = error.language
    return told


class LineCall(Call):
    """One call of a verb from a line: settings and database are those of the batch."""

    def __init__(self, run: Run, context: Any, given: dict[str, Any]) -> None:
        outer = run.outer
        self._run = run
        self._crm = outer.crm
        # None is there before the batch is committed.
        self._changes = {}
        self.given = given
        self.command = context.command_path
        given["yes"] = given["yes"] or run.agreed
        chosen = {
            name: Setting(parse_value(OPTIONS[name], given[name]), "option")
            for name in ("format", "csv_guard")
            if given[name]
        }
        self.settings = outer.settings | chosen
        self.format = "json" if run.collects else self.settings["format"].value
        self.language = outer.language
        self.fields = (
            [part.strip() for part in given["fields"].split(",")] if given["fields"] else []
        )

    def __exit__(self, *problem: object) -> None:
        """The file stays open for the next line."""

    @property
    def can_ask(self) -> bool:
        """Nobody is asked while the file is locked."""
        return False

    def write_options(self) -> WriteOptions:
        """The options of a writing verb."""
        return self._run.line_options(super().write_options())

    def print_report(self, report: Report) -> None:
        """Keep the report for that of the batch."""
        for notice in report.notices:
            self.notice(notice)
        self._run.collected = report

    def ready(self, reason: Reason) -> None:
        """Nothing is there before the batch is committed."""
        self._run.ready.append(reason)

    def notice(self, reason: Reason) -> None:
        """A line on stderr, unless this is a run of which nobody is told."""
        if not self._run.silent:
            super().notice(reason)


def print_run(call: Call, run: Run, lines: int) -> None:
    """Print what the lines printed, and what became of them."""
    if run.change is None:
        for result in run.results:
            report = result.get("report")
            if report is not None and "change" in report:
                report |= {"change": None, "dry_run": run.options.dry_run}
    run.output.seek(0)
    shutil.copyfileobj(run.output, sys.stdout)
    if call.quiet:
        return
    if call.format == "table":
        _print_text(call, run, lines)
    elif call.format in ("json", "yaml"):
        counts = {"lines": lines, "ok": run.ok, "failed": run.failed}
        call.print_record({"change": run.change, **counts, "results": run.results})
    elif call.format == "ndjson":
        for result in run.results:
            chosen = {key: result[key] for key in call.fields if key in result} or result
            print(json.dumps(chosen, ensure_ascii=False))
    else:
        from leadctl.cli.output import listing_of, print_listing

        fields = ["line"] if call.format == "ids" else call.fields or ["line", "exit", "error"]
        print_listing(call, listing_of(run.results, fields))


def _print_text(call: Call, run: Run, lines: int) -> None:
    for result in run.results:
        reason = Reason(
            "", "line {line}: {message}", "", {"line": result["line"], **result["error"]}
        )
        print(visible(reason.text(call.translate)))
    counts = {"lines": lines, "ok": run.ok, "failed": run.failed}
    template = "no change: {lines} lines, {ok} done, {failed} failed"
    if run.options.dry_run:
        template = "dry run: {lines} lines, {ok} done, {failed} failed"
    elif run.change is not None:
        template = "change {change}: {lines} lines, {ok} done, {failed} failed"
    print(Reason("", template, "", counts | {"change": run.change}).text(call.translate))
