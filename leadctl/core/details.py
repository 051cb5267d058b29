"""What became of every single record, for ``-f ndjson``.

It is read inside the transaction, so that a dry run can tell it too, into a temporary file, so
that nobody waits for the reader of a pipe while the lock is held.
"""

from __future__ import annotations

import json
import tempfile
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from leadctl.core.history import shown_value
from leadctl.core.outcome import of_problem
from leadctl.model import Problem, Record, Result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from leadctl.core.batch import LookedAt, Work
    from leadctl.errors import Reason

_RESULTS = {0: Result.CHANGED, 1: Result.SKIPPED, 2: Result.REFUSED}


def spool(work: Work, reasons: Sequence[Reason]) -> Callable[[], Iterator[Record]]:
    """Write one line per record that ``work`` looked at and return a function that reads them back,
    once.
    """
    file = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - read later
    for record in _records(work, reasons):
        file.write(json.dumps(record, ensure_ascii=False) + "\n")

    def read() -> Iterator[Record]:
        with file:
            file.seek(0)
            yield from map(json.loads, file)

    return read


def _records(work: Work, reasons: Sequence[Reason]) -> Iterator[Record]:
    translate = work.crm.translate
    for problem in work.report.problems:
        if problem.result is Result.MISSING or problem.line is not None:
            yield of_problem(problem, translate)
    for looked_at in work.looked_at:
        yield from _records_of(work, looked_at, reasons)


def _records_of(work: Work, looked_at: LookedAt, reasons: Sequence[Reason]) -> Iterator[Record]:
    entity = looked_at.entity
    rows = work.engine.stream(
        "SELECT s.id, s.verdict, s.reason, h.id, h.field, h.old, h.new,"
        f" {looked_at.changes} FROM {looked_at.source} s"
        " LEFT JOIN history h ON h.entity = :entity AND h.entity_id = s.id AND h.change_id = :change"
        " AND h.id > :before"
        " ORDER BY s.id, h.id",
        entity=entity,
        change=work.gate.change,
        before=work.gate.before,
    )
    for id, lines in groupby(rows, key=itemgetter(0)):
        first, *rest = list(lines)
        verdict, reason, followed = first[1], first[2], json.loads(first[7] or "{}")
        written = first[3] is not None or bool(followed)
        if verdict:
            problem = Problem(id, _RESULTS[verdict], reasons[reason])
            yield of_problem(problem, work.crm.translate)
            continue
        created = work.report.created and written and first[4] is None and first[5] is None
        result = Result.CREATED if created else Result.CHANGED if written else Result.UNCHANGED
        changes = {
            row[4]: [shown_value(entity, row[4], row[5]), shown_value(entity, row[4], row[6])]
            for row in [first, *rest]
            if row[4] is not None
        } | {field: pair for field, pair in followed.items() if pair[0] != pair[1]}
        yield {
            "id": id,
            "result": result.value,
            "change": work.report.change,
            "code": None,
            "message": None,
            "changes": changes,
        }
