"""What was done, and how to take it back. Undoing is a change of its own; undoing that is redo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadctl.core import history
from leadctl.core.batch import Work, changing
from leadctl.core.noun import Noun
from leadctl.core.undo import Change, EntityUndo
from leadctl.errors import NotFound
from leadctl.store import lists

if TYPE_CHECKING:
    from leadctl.model import Record, Report, WriteOptions


class Changes(Noun):
    """The log of changes."""

    source = lists.CHANGES

    def show(self, id: int | str) -> Record:
        """One change with its history. Raises NotFound."""
        change = self._find(id)
        record = next(self.list(change.id))
        rows = history.of_change(self._crm, change.first, change.last, change.id)
        return record | {"history": list(rows)}

    def undo(self, id: int | str, options: WriteOptions | None = None) -> Report:
        """Take a change back; ``"last"`` is the newest of the current user that is neither undone
        nor an undo itself.

        A record in which a field that the change wrote has changed since is refused
        (``changed_since``). Raises NotFound.
        """
        change = self._find(id)
        with changing(self._crm, "change undo", options, undoes=change.id) as work:
            self._undo(work, change)
            work.check_expected()
            if work.report.changed:
                work.gate.mark_undone(change.id, change.undoes)
        return work.report

    def _undo(self, work: Work, change: Change) -> None:
        written = self._engine.query(
            "SELECT entity, field, old IS NOT NULL AND field IS NULL, count(*) FROM history"
            " WHERE id BETWEEN :first AND :last AND change_id = :change GROUP BY 1, 2, 3",
            first=change.first,
            last=change.last,
            change=change.id,
        )
        undos = []
        for entity, table in history.TABLES.items():
            fields = [field for name, field, _, _ in written if name == entity and field]
            kinds = {bool(gone) for name, field, gone, _ in written if name == entity and not field}
            if fields or kinds:
                undos.append(EntityUndo(work, table, change, fields, kinds))
        for undo in undos:
            undo.find_records()
        # Parents come back before their children, and go after them.
        for undo in undos:
            undo.bring_back()
        for undo in undos:
            undo.revert()
        for undo in reversed(undos):
            undo.take_away()
        for undo in undos:
            undo.count()

    def _find(self, id: int | str) -> Change:
        columns = "id, stamp, layered, first_history_id, last_history_id, undoes, undone_by"
        if str(id) == "last":
            row = self._engine.one(
                f"SELECT {columns} FROM change WHERE author = :author AND undone_by IS NULL"
                " AND undoes IS NULL ORDER BY id DESC LIMIT 1",
                author=self._crm.user,
            )
            if row is None:
                raise NotFound(
                    "{user} has no change that could be undone",
                    hint="change list shows who did what; --as names another user",
                    user=self._crm.user,
                )
        else:
            numbers, _ = self._crm.split_ids([id])
            number = numbers[0] if numbers else 0
            row = self._engine.one(f"SELECT {columns} FROM change WHERE id = :id", id=number)
            if row is None:
                raise NotFound("{entity} {id} does not exist", entity="change", id=id)
        return Change(row[0], row[1], bool(row[2]), row[3], row[4], row[5], row[6] is not None)
