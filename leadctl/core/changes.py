"""What was done, and how to take it back. Undoing is a change of its own; undoing that is redo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadctl.core import history
from leadctl.core.batch import changing
from leadctl.core.noun import Noun
from leadctl.core.undoing import undo_change
from leadctl.core.undone import Change
from leadctl.errors import NotFound, Refused
from leadctl.store import lists

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leadctl.model import Record, Report, WriteOptions

_HEAD = ("at", "user", "command", "reason", "records")


class Changes(Noun):
    """The log of changes."""

    source = lists.CHANGES

    def show(self, id: int | str) -> Record:
        """One change with its history. Raises NotFound."""
        change = self._find(id)
        record = next(self.list(change.id))
        rows = history.of_change(self._crm, change.first, change.last, change.id)
        return record | {"history": list(rows)}

    def lines(self, id: int | str) -> Iterator[Record]:
        """The same, one line at a time, as hooks get it: the change as ``{"change", "at", "user",
        "command", "reason", "records"}``, then a record per row of its history. Raises NotFound.
        """
        change = self._find(id)
        record = next(self.list(change.id, fields=("id", *_HEAD)))
        yield {"change": record.pop("id"), **record}
        yield from history.of_change(self._crm, change.first, change.last, change.id)

    def undo(self, id: int | str, options: WriteOptions | None = None) -> Report:
        """Take a change back; ``"last"`` is the newest of the current user that is neither undone
        nor an undo itself.

        A record in which a field that the change wrote has changed since is refused
        (``changed_since``). Raises NotFound.
        """
        change = self._find(id)
        if change.purged:
            raise Refused(
                "of change {id} nothing was kept that could be brought back",
                code="change_purged",
                id=change.id,
            )
        with changing(self._crm, "change undo", options, undoes=change.id) as work:
            undo_change(work, change)
            work.check_expected()
            if work.report.changed:
                work.gate.mark_undone(change.id, change.undoes)
        return work.report

    def _find(self, id: int | str) -> Change:
        columns = "id, stamp, layered, first_history_id, last_history_id, undoes, undone_by, purged"
        # A change that is being written has no end yet.
        unfinished = self._crm.whole.gate.change if self._crm.whole else None
        if str(id) == "last":
            row = self._engine.one(
                f"SELECT {columns} FROM change WHERE author = :author AND undone_by IS NULL"
                " AND undoes IS NULL AND id IS DISTINCT FROM :unfinished ORDER BY id DESC LIMIT 1",
                author=self._crm.user,
                unfinished=unfinished,
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
            row = self._engine.one(
                f"SELECT {columns} FROM change WHERE id = :id AND id IS DISTINCT FROM :unfinished",
                id=number,
                unfinished=unfinished,
            )
            if row is None:
                raise NotFound("{entity} {id} does not exist", entity="change", id=id)
        undone, purged = row[6] is not None, bool(row[7])
        return Change(row[0], row[1], bool(row[2]), row[3], row[4], row[5], undone, purged)
