"""What ``setup apply`` did, read from the history of its change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leadctl.core.history import LAST, of_change
from leadctl.errors import Reason
from leadctl.model import Record, Report, Result

if TYPE_CHECKING:
    from leadctl.core.batch import Whole
    from leadctl.core.crm import Crm

# Entity -> SQL for the name under which a setup file has its records.
_NAMES = {
    "stage": "SELECT c.key || ' ' || s.number FROM stage s JOIN sales_cycle c ON c.id = s.cycle_id"
    " WHERE s.id = :id",
    "form": "SELECT name FROM form WHERE id = :id",
    "automation": "SELECT trigger_key FROM automation WHERE id = :id",
    "cycle": "SELECT key FROM sales_cycle WHERE id = :id",
    "user": "SELECT key FROM app_user WHERE id = :id",
}


class Applied:
    """One record that was written: whether it was created, and its fields before and after."""

    def __init__(self) -> None:
        self.created = False
        self.fields: dict[str, list[Any]] = {}

    def take(self, row: Record) -> None:
        """Take a row of the history; of a field written twice, the first and the last count."""
        if row["field"] is None:
            self.created = True
        else:
            before = self.fields.get(row["field"], [row["old"]])[0]
            self.fields[row["field"]] = [before, row["new"]]

    @property
    def changes(self) -> dict[str, list[Any]]:
        """The fields that are other than before."""
        return {field: pair for field, pair in self.fields.items() if pair[0] != pair[1]}


def report_of(crm: Crm, whole: Whole, named: int) -> tuple[Report, list[Record]]:
    """The report of an apply that named ``named`` items, and a line per item that was written.

    The report of a dry run has a notice per item.
    """
    written: dict[tuple[str, int], Applied] = {}
    for row in of_change(crm, whole.gate.before + 1, LAST, whole.gate.change):
        written.setdefault((row["entity"], row["entity_id"]), Applied()).take(row)
    written = {place: item for place, item in written.items() if item.created or item.changes}
    report = Report(dry_run=whole.options.dry_run, affected=whole.report.affected)
    report.created = sum(item.created for item in written.values())
    report.changed = len(written) - report.created
    report.matched = max(named, len(written))
    report.unchanged = report.matched - len(written)
    lines = []
    for (entity, id), item in written.items():
        sql = _NAMES.get(entity, f"SELECT key FROM {entity} WHERE id = :id")
        name = crm.engine.value(sql, id=id)
        lines.append(_line(entity, name, item))
        if whole.options.dry_run:
            report.notices.append(_notice(entity, name, item))
    return report, lines


def _line(entity: str, name: str, item: Applied) -> Record:
    result = Result.CREATED if item.created else Result.CHANGED
    return {
        "id": name,
        "result": result.value,
        "change": None,
        "code": None,
        "message": None,
        "changes": {} if item.created else item.changes,
        "entity": entity,
    }


def _notice(entity: str, name: str, item: Applied) -> Reason:
    if item.created:
        return Reason("", "{entity} {id}: new", details={"entity": entity, "id": name})
    changes = [
        f"{field} {_written(old)} -> {_written(new)}" for field, (old, new) in item.changes.items()
    ]
    return Reason(
        "", "{entity} {id}: {changes}", details={"entity": entity, "id": name, "changes": changes}
    )


def _written(value: Any) -> str:
    """A value as a setup file has it."""
    words = {True: "true", False: "false", None: "null"}
    return words[value] if value is None or isinstance(value, bool) else str(value)
