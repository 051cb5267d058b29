"""The change that is undone, and why a record of it is not."""

from __future__ import annotations

from typing import NamedTuple

from leadctl.errors import Reason

CHANGED_SINCE = Reason(
    "changed_since",
    "it has changed since",
    "--keep-going undoes the rest; change show and the record's history tell what happened",
)
ERASED = Reason(
    "change_purged",
    "it has been erased since: nothing was kept that could be brought back",
    "--keep-going undoes the rest",
)
# A record that is blocked, by why.
CHANGED, GONE = 1, 2
BLOCKED = {CHANGED: CHANGED_SINCE, GONE: ERASED}


class Change(NamedTuple):
    """The part of a change that undo needs."""

    id: int
    stamp: str
    layered: bool
    first: int
    last: int
    undoes: int | None
    undone: bool
    purged: bool
