"""Taking back one change: all its tables together, in an order in which nothing is left hanging.

Some records are parts of others: the entries of an opportunity. They are undone together with
their owner, or not at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leadctl.core import history
from leadctl.core.undo import EntityUndo, references
from leadctl.core.undo_checks import breaks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from leadctl.core.batch import Work
    from leadctl.core.undone import Change

_IN_CHANGE = "h.id BETWEEN :first AND :last AND h.change_id = :undone AND h.entity = :entity"


def undo_change(work: Work, change: Change) -> None:
    """Take a change back, as far as nothing has changed since, and report what became of it.

    What has changed elsewhere may not go with what comes back: an opportunity on a stage that is
    gone, an order of an open one. So the undo is tried, checked by what must always hold, and
    tried again without the records that would break it.
    """
    undos = _undos(work, change)
    owners = {
        undo: undos[history.owner_of(undo.table)] for undo in undos.values() if undo.table.owner
    }
    for parts, owner in owners.items():
        _join_owners(work, change, parts, owner)
    for undo in undos.values():
        undo.block_changed()
    broken: set[tuple[str, int]] = set()
    while True:
        for parts, owner in owners.items():
            _block_together(parts, owner, undos)
        with work.engine.transaction() as attempt:
            _write(undos, owners, change.layered)
            found = [one for one in breaks(work, undos) if one not in broken]
            if found:
                attempt.roll_back()
        if not found:
            break
        broken.update(found)
        for entity, undo in undos.items():
            undo.block_numbers([id for name, id in found if name == entity])
    others = [undo for undo in undos.values() if undo not in owners]
    counted = [undo for undo in others if not undo.table.aside] or others
    for undo in counted:
        undo.count(next((parts for parts, owner in owners.items() if owner is undo), None))
    if owners or len(counted) < len(others):
        work.gate.records = work.report.changed
    if "selection" in undos:
        from leadctl.core.selection_views import make_views

        make_views(work.crm)


def _write(
    undos: Mapping[str, EntityUndo], owners: Mapping[EntityUndo, EntityUndo], layered: bool
) -> None:
    """Parents come back before their children, and go after them. Of the parts of a record only
    one may be active: they go first, and come back last.
    """
    others = [undo for undo in undos.values() if undo not in owners]
    for undo in undos.values():
        undo.begin()
    for undo in owners:
        undo.take_away()
    for undo in reversed(others if layered else []):
        undo.make_room()
    for undo in others:
        undo.bring_back()
    for undo in undos.values():
        undo.revert()
    for undo in owners:
        undo.bring_back()
    for undo in reversed(others):
        undo.take_away()


def _undos(work: Work, change: Change) -> dict[str, EntityUndo]:
    """The tables that a change wrote, and those whose parts it wrote; parents first."""
    written = work.engine.query(
        "SELECT entity, field, old IS NOT NULL AND field IS NULL, count(*) FROM history"
        " WHERE id BETWEEN :first AND :last AND change_id = :change GROUP BY 1, 2, 3",
        first=change.first,
        last=change.last,
        change=change.id,
    )
    names = {row[0] for row in written}
    names |= {
        history.owner_of(table)
        for entity, table in history.TABLES.items()
        if entity in names and table.owner
    }
    undos = {}
    for entity, table in history.TABLES.items():
        if entity in names:
            fields = [field for name, field, _, _ in written if name == entity and field]
            kinds = {bool(gone) for name, field, gone, _ in written if name == entity and not field}
            undos[entity] = EntityUndo(work, table, change, fields, kinds)
            undos[entity].list_records()
    return undos


def _join_owners(work: Work, change: Change, parts: EntityUndo, owner: EntityUndo) -> None:
    """Add the records whose parts the change wrote to those that it is about."""
    name = parts.table.owner
    parameters: dict[str, Any] = {
        "first": change.first,
        "last": change.last,
        "undone": change.id,
        "entity": parts.table.entity,
    }
    work.engine.execute(
        f"UPDATE {parts.records} AS u SET owner = coalesce((SELECT t.{name} FROM"
        f" {parts.table.name} t WHERE t.id = u.id), (SELECT CAST(h.old ->> '{name}' AS BIGINT) FROM history h"
        f" WHERE {_IN_CHANGE} AND h.entity_id = u.id AND h.field IS NULL AND h.old IS NOT NULL))",
        **parameters,
    )
    work.engine.execute(
        f"INSERT INTO {owner.records} (id, created, deleted, blocked)"
        f" SELECT DISTINCT owner, 0, 0, 0 FROM {parts.records}"
        f" WHERE owner IS NOT NULL AND owner NOT IN (SELECT id FROM {owner.records})"
    )


def _block_together(parts: EntityUndo, owner: EntityUndo, undos: Mapping[str, EntityUndo]) -> None:
    """An owner and its parts stand or fall together.

    An owner that is to go must not be referred to by anything but what goes, or loses the
    reference, in the same undo: its parts go first.
    """
    for child, column in references(owner.table):
        refers = f"SELECT 1 FROM {child.name} c WHERE c.{column} = u.id"
        undo = undos.get(child.entity)
        if undo is not None:
            gone = "" if undo.reverts(column) else " AND created = 1"
            refers += f" AND c.id NOT IN (SELECT id FROM {undo.records} WHERE blocked = 0{gone})"
        owner.block(f"u.created = 1 AND EXISTS ({refers})")
    owner.block(f"u.id IN (SELECT owner FROM {parts.records} WHERE blocked > 0)")
    parts.block(f"u.owner IN (SELECT id FROM {owner.records} WHERE blocked > 0)")
