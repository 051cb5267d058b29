"""The history of an opportunity: what changed in its header, and what its entries brought."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadctl.core import history
from leadctl.store import lists

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leadctl.core.crm import Crm
    from leadctl.model import Record

FIGURES = ("stage", "estimated_value", "chances_percent", "close_date", "close_code")


def of_opportunity(crm: Crm, id: int) -> Iterator[Record]:
    """The rows of one opportunity, newest first; figures of its entries count as its own."""
    rows = [*history.placed(crm, "opportunity", id), *_figures(crm, id)]
    for _, row in sorted(rows, key=lambda placed: placed[0], reverse=True):
        yield row


def _figures(crm: Crm, id: int) -> Iterator[tuple[int, Record]]:
    """Each figure that changed when an entry was added, or taken away by an undo, at the place in
    the history where that was.
    """
    its = (
        "SELECT id FROM entry WHERE opportunity_id = :id"
        " UNION SELECT entity_id FROM history WHERE part_of = :id AND entity = 'entry'"
    )
    known = {entry["id"]: entry for entry in crm.entries.of(id)}
    events = crm.engine.query(
        "SELECT h.id, h.entity_id, h.old, n.at, n.author, n.command FROM history h"
        " JOIN change n ON n.id = h.change_id WHERE h.entity = 'entry' AND h.field IS NULL"
        f" AND h.entity_id IN ({its}) ORDER BY h.id",
        id=id,
    )
    known |= {
        entry: history.shown_image(crm, "entry", image)
        for _, entry, image, *_ in events
        if image is not None and entry not in known
    }
    # What of the history has been pruned was there before.
    there = set(known) - {entry for _, entry, image, *_ in events if image is None}
    before: Record = known[max(there)] if there else dict.fromkeys(FIGURES)
    for place, entry, image, at, user, command in events:
        there = there - {entry} if image is not None else there | {entry}
        after = known[max(there)] if there else dict.fromkeys(FIGURES)
        for field in FIGURES:
            if before[field] != after[field]:
                row = {"entity": "opportunity", "entity_id": id, "field": field}
                row |= {"old": before[field], "new": after[field]}
                row |= {"at": at, "user": user, "command": command}
                yield place, {name: row[name] for name in lists.HISTORY.fields}
        before = after
