"""Reports of writing verbs (``spec/cli.md`` section 3)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from leadctl.cli.text import visible
from leadctl.core.outcome import of_problem, place
from leadctl.errors import Reason, worded
from leadctl.model import Record, Report, Result

if TYPE_CHECKING:
    from leadctl.cli.call import Call

_COUNTS = ("changed", "created", "unchanged", "skipped", "refused", "missing")
_MOST_LINES = 20
_ONE = {"companies": "company", "people": "person", "opportunities": "opportunity"}


def as_record(report: Report, call: Call) -> Record:
    """The report as JSON shows it."""
    return {
        "change": report.change,
        "dry_run": report.dry_run,
        "matched": report.matched,
        **{name: getattr(report, name) for name in _SUMMED},
        "affected": report.affected,
        "automation": report.automation,
        "problems": [
            {
                "id": problem.id,
                "result": problem.result.value,
                "code": problem.reason.code,
                "message": problem.reason.text(call.translate),
            }
            | ({} if problem.line is None else {"line": problem.line, "column": problem.column})
            for problem in report.problems
        ],
        "problems_omitted": report.problems_omitted,
    }


_SUMMED = ("changed", "unchanged", "created", "skipped", "refused", "missing")


def print_report(call: Call, report: Report) -> None:
    """Print what a writing verb did, and its notices."""
    for notice in report.notices:
        call.notice(notice)
    if call.quiet:
        return
    if call.format == "ndjson":
        for record in _details(report, call):
            chosen = {key: record[key] for key in call.fields if key in record} or record
            print(json.dumps(chosen, ensure_ascii=False))
    elif call.format == "ids":
        from leadctl.cli.output import listing_of, print_listing

        changed = (Result.CHANGED.value, Result.CREATED.value)
        done = [record for record in _details(report, call) if record["result"] in changed]
        print_listing(call, listing_of(done, ["id"]))
    elif call.format == "table":
        _print_text(call, report)
    else:
        call.print_record(as_record(report, call))


def _details(report: Report, call: Call) -> list[Record] | map[Record]:
    if report.details is not None:
        return map(dict, report.details())
    return [of_problem(problem, call.translate) for problem in report.problems]


def _automated(line: Record, call: Call) -> str:
    """What category automation did, or proposes, for one company."""
    template = "automation: company {company_id} goes from {from} to {to}, people: {people}"
    if line["pending"]:
        template = "automation proposes: company {company_id} from {from} to {to}"
    return Reason("", template, details=line).text(call.translate)


def _print_text(call: Call, report: Report) -> None:
    translate = call.translate
    counts = [
        f"{getattr(report, name)} {translate(name)}" for name in _COUNTS if getattr(report, name)
    ]
    head = f"{translate('change')} {report.change}" if report.change else translate("no change")
    if report.dry_run:
        head = translate("dry run")
    if report.matched and not counts:
        counts = [f"{report.matched} {translate('matched')}"]
    print(f"{head}: {', '.join(counts) or translate('nothing to do')}")
    for line in report.automation[:_MOST_LINES]:
        print(visible(_automated(line, call)))
    followed = [
        f"1 {worded(_ONE[name], translate)}" if count == 1 else f"{count} {translate(name)}"
        for name, count in report.affected.items()
        if count
    ]
    if followed:
        print(f"{translate('followed')}: {', '.join(followed)}")
    if report.assigned:
        names = call.crm.users.names()
        shares = [f"{names[key]} {turns}" for key, turns in report.assigned.items()]
        print(visible(f"{translate('assigned')}: {', '.join(shares)}"))
    for problem in report.problems[:_MOST_LINES]:
        result = translate(problem.result.value)
        print(visible(f"  {result} {place(problem, translate)}: {problem.reason.text(translate)}"))
    more = len(report.problems) - _MOST_LINES + report.problems_omitted
    if more > 0:
        print(f"  {Reason('', 'and {more} more', details={'more': more}).text(translate)}")
