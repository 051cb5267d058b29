"""What an undo must not break: found when it has been written, by what must always hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadctl.store import opportunity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from leadctl.core.batch import Work
    from leadctl.core.undo import EntityUndo

_LINKED = ("quote", "order")


def breaks(work: Work, undos: Mapping[str, EntityUndo]) -> Iterator[tuple[str, int]]:
    """Entity and number of the records of an undo that would break something.

    An opportunity that is not as it must be (section 1.5) brings its quote and its order with it.
    """
    if "opportunity" in undos or any(name in undos for name in _LINKED):
        yield from _opportunities(work, undos)
    if "stage" in undos:
        yield from _stages(work)
    if "close_code" in undos:
        yield from _codes(work, undos["close_code"])


def _opportunities(work: Work, undos: Mapping[str, EntityUndo]) -> Iterator[tuple[str, int]]:
    touched = []
    if "opportunity" in undos:
        touched.append(f"SELECT id FROM {undos['opportunity'].records}")
    links = {}
    for name in _LINKED:
        if name in undos:
            undo = undos[name]
            # Where the record is linked now, or was when the undo deleted it.
            links[name] = (
                f"SELECT u.id, t.opportunity_id FROM {undo.records} u"
                f" JOIN {undo.table.name} t ON t.id = u.id"
                " UNION ALL SELECT h.entity_id, CAST(h.old ->> 'opportunity_id' AS BIGINT) FROM history h"
                f" WHERE h.change_id = :change AND h.entity = '{name}' AND h.field IS NULL"
                " AND h.old IS NOT NULL"
            )
            touched.append(f"SELECT opportunity_id FROM ({links[name]})")
    bad = [
        row[0]
        for row in work.engine.query(
            f"SELECT o.id FROM {opportunity.WITH_ENTRY} WHERE o.id IN"
            f" ({' UNION '.join(touched)}) AND ({opportunity.CONSISTENT}) IS NOT TRUE",
            change=work.gate.change,
        )
    ]
    if "opportunity" in undos:
        yield from (("opportunity", id) for id in bad)
    for name, linked in links.items():
        for id, its in work.engine.query(linked, change=work.gate.change):
            if its in bad:
                yield name, id


def _stages(work: Work) -> Iterator[tuple[str, int]]:
    """Stages that the undo has deleted although something stands on them (1.2)."""
    rows = work.engine.query(
        "SELECT DISTINCT h.entity_id FROM history h JOIN entry e ON e.active = 1"
        " AND e.cycle_id = CAST(h.old ->> 'cycle_id' AS BIGINT)"
        " AND e.stage = CAST(h.old ->> 'number' AS BIGINT)"
        " WHERE h.change_id = :change AND h.entity = 'stage' AND h.field IS NULL"
        " AND h.old IS NOT NULL",
        change=work.gate.change,
    )
    yield from (("stage", row[0]) for row in rows)


def _codes(work: Work, undo: EntityUndo) -> Iterator[tuple[str, int]]:
    """Close codes with which something was closed another way (decisions, close code)."""
    rows = work.engine.query(
        f"SELECT DISTINCT k.id FROM {undo.records} u JOIN close_code k ON k.id = u.id"
        " JOIN entry e ON e.close_code_id = k.id WHERE e.action <> k.outcome"
    )
    yield from (("close_code", row[0]) for row in rows)
