"""From a report to the error it amounts to, in the order that ``spec/cli.md`` section 2 gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadctl.errors import (
    GuardTripped,
    LeadctlError,
    NotFound,
    Partial,
    Reason,
    Refused,
    UsageError,
)
from leadctl.model import MOST_PROBLEMS, Problem, Record, Report, Result, WriteOptions

if TYPE_CHECKING:
    from collections.abc import Callable

    from leadctl.core.crm import Crm


COUNTS = ("matched", "changed", "unchanged", "created", "skipped", "refused", "missing")


def alone(crm: Crm, command: str) -> None:
    """Raise UsageError for a command that cannot be one of several that make one change."""
    if crm.whole is not None:
        raise UsageError(
            "{command} cannot be a part of another change", hint="run it alone", command=command
        )


def does_not_exist(entity: str, id: int | str) -> Reason:
    """The reason for a record, change or list item that is not there."""
    return Reason("not_found", "{entity} {id} does not exist", "", {"entity": entity, "id": id})


def room(report: Report) -> int:
    """How many more problems the report keeps."""
    return max(0, MOST_PROBLEMS - len(report.problems))


def check_choice(report: Report, options: WriteOptions) -> None:
    """What is known before anything is written: missing records, then the expected number."""
    if report.missing and not options.keep_going:
        raise _error(NotFound, report, Result.MISSING)
    if options.expect is not None:
        least, most = options.expect
        if not least <= report.matched <= most:
            raise GuardTripped(
                "{matched} records match, {expected} were expected",
                report=_nothing_done(report),
                matched=report.matched,
                expected=str(least) if least == most else f"{least}..{most}",
            )


def check(report: Report, options: WriteOptions) -> None:
    """What is known when everything is written: too many changes, refusals, nothing done."""
    check_most(report, options)
    if report.refused and not options.keep_going:
        raise _error(Refused, report, Result.REFUSED)
    if report.failed and not report.succeeded:
        if report.failed == report.missing:
            raise _error(NotFound, report, Result.MISSING)
        raise _error(Refused, report, Result.REFUSED if report.refused else Result.SKIPPED)


def check_most(report: Report, options: WriteOptions) -> None:
    """Trip ``--max-changes``."""
    written = report.changed + report.created
    if options.max_changes is not None and written > options.max_changes:
        raise GuardTripped(
            "{changed} records would change, at most {most} are allowed",
            code="max_changes_exceeded",
            report=_nothing_done(report),
            changed=written,
            most=options.max_changes,
        )


def partial(report: Report) -> Partial | None:
    """The error to show, though the change stands, when some records were left out."""
    if not (report.failed and report.succeeded):
        return None
    return Partial(
        "{failed} of {looked_at} records were left as they were",
        hint="the report says which, and why",
        failed=report.failed,
        looked_at=report.failed + report.succeeded,
    )


def _error(kind: type[LeadctlError], report: Report, result: Result) -> LeadctlError:
    problems = [problem for problem in report.problems if problem.result is result]
    first = problems[0]
    place = {"id": first.id} if first.line is None else {"line": first.line, "column": first.column}
    details = {**place, **first.reason.details}
    count = {
        Result.MISSING: report.missing,
        Result.REFUSED: report.refused,
        Result.SKIPPED: report.skipped,
    }[result]
    _nothing_done(report)
    if count == 1 and first.line is None:
        return kind.of(
            Reason(first.reason.code, first.reason.template, first.reason.hint, details), report
        )
    template = (
        "{count} records were not changed; the first, {id}: {first}"
        if first.line is None
        else "{count} rows cannot be imported; the first, line {line}: {first}"
    )
    details |= {"count": count, "first": first.reason}
    code = first.reason.code if first.line is None else "row_invalid"
    return kind.of(Reason(code, template, first.reason.hint, details), report)


def _nothing_done(report: Report) -> Report:
    """The counts of a change that is rolled back."""
    report.changed = report.created = 0
    report.affected = dict.fromkeys(report.affected, 0)
    report.assigned = {}
    return report


def place(problem: Problem, translate: Callable[[str], str]) -> str:
    """Where a problem is, for people: a record's number, or line and column of an import."""
    if problem.line is None:
        return str(problem.id)
    template = "line {line}" if problem.column is None else "line {line}, {column}"
    details = {"line": problem.line, "column": problem.column}
    return Reason("", template, details=details).text(translate)


def of_problem(problem: Problem, translate: Callable[[str], str]) -> Record:
    """The line for a record that was left as it was."""
    line: Record = {
        "id": problem.id,
        "result": problem.result.value,
        "change": None,
        "code": problem.reason.code,
        "message": problem.reason.text(translate),
        "changes": {},
    }
    if problem.line is not None:
        line |= {"line": problem.line, "column": problem.column}
    return line
