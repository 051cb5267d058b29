"""Round robin: whose turn it is when new leads are distributed (``leads.md`` section 16, DI-2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadctl.errors import Reason

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

NOBODY_AVAILABLE = Reason(
    "nobody_available",
    "nobody is available to take it",
    "user edit NAME --back ends an absence; --fallback names who takes them then",
)


def turn_order(targets: Sequence[int], last: int | None, away: Collection[int]) -> tuple[int, ...]:
    """The users who can be served, the one whose turn it is first (DI-2, DI-5).

    ``targets`` are numbers of users in their turn order, ``last`` is the one served last (``None``
    before the first turn), ``away`` who is skipped. Whoever was served last comes last, also after
    an absence of others. One who is no target any more, as when somebody leaves a group, still
    marks the place: a group's turn order is that of the numbers.
    """
    if last is None:
        start = 0
    elif last in targets:
        start = targets.index(last) + 1
    else:
        start = next((place for place, user in enumerate(targets) if user > last), 0)
    order = (*targets[start:], *targets[:start])
    return tuple(user for user in order if user not in away)


def taker(order: Sequence[int], turn: int) -> int:
    """Who is served at a turn, counted from 0; ``order`` is not empty."""
    return order[turn % len(order)]
