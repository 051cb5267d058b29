"""The history of an opportunity: what changed in its header, and what its entries brought."""

from __future__ import annotations

from itertools import pairwise
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
    """Each figure that an entry has changed, at the place in the history where it was added."""
    added = {
        entry: (place, {"at": at, "user": user, "command": command})
        for place, entry, at, user, command in crm.engine.stream(
            "SELECT h.id, h.entity_id, n.at, n.author, n.command FROM history h"
            " JOIN change n ON n.id = h.change_id WHERE h.entity = 'entry' AND h.field IS NULL"
            " AND h.old IS NULL AND h.entity_id IN (SELECT id FROM entry WHERE opportunity_id = :id)"
            " ORDER BY h.id",
            id=id,
        )
    }
    nothing: Record = dict.fromkeys(FIGURES)
    for before, after in pairwise([nothing, *crm.entries.of(id)]):
        place, made = added[after["id"]]
        for field in FIGURES:
            if before[field] != after[field]:
                row = {"entity": "opportunity", "entity_id": id, "field": field}
                row |= {"old": before[field], "new": after[field], **made}
                yield place, {name: row[name] for name in lists.HISTORY.fields}
