"""Boards: by which fields each kind of record is grouped, and which move reaches a column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadctl.errors import Reason, Refused, UsageError, no_value
from leadctl.model import Move

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leadctl.rules.stages import Stage

# The first field of each is the one by which it is grouped when nobody says (B-3, C-9).
FIELDS: dict[str, tuple[str, ...]] = {
    "person": ("lead_status", "category", "owner"),
    "company": ("category", "owner"),
    "opportunity": ("stage", "status", "owner"),
}
NAMES = ("lead_status", "category", "owner", "stage", "status")
CLEARED = Reason("board_not_offered", "this field cannot be cleared", "name another column")
NOT_BY_STATUS = Reason(
    "board_not_offered",
    "an opportunity is not moved to this status on the board",
    "opportunity start, close and reopen change the status",
)


def check_entity(entity: str) -> None:
    """Raise UsageError for a kind of record that has no board."""
    if entity not in FIELDS:
        raise no_value("--entity", entity, FIELDS)


def field_of(entity: str, by: str | None, option: str = "--by") -> str:
    """The field by which a board is grouped, the usual one for ``None``.

    Raises UsageError for what is no field of a board at all, and Refused for one that this kind
    of record does not have: companies have no lead status (C-9).
    """
    offered = FIELDS[entity]
    if by is None:
        return offered[0]
    if by not in NAMES:
        raise no_value(option, by, NAMES)
    if by not in offered:
        raise Refused(
            "{entity} boards are not grouped by {field}",
            code="board_not_offered",
            hint="they are by: {known}",
            entity=entity,
            field=by,
            known=list(offered),
        )
    return by


def check_words(entity: str | None, by: str | None, then: str | None) -> None:
    """What is known to be wrong with the words for a board before a file is read."""
    if entity is not None:
        check_entity(entity)
    for option, field in (("--by", by), ("--then", then)):
        if field is not None and field not in NAMES:
            raise no_value(option, field, NAMES)
    if then is not None and then == by:
        raise UsageError("--then takes another field than --by")


def move_to(stages: Sequence[Stage], current: int | None, target: int) -> Move:
    """The move that goes from the stage ``current`` (``None``: not started) to another one; the
    rules of moves say whether it is allowed.
    """
    if current is None:
        return Move.START
    passed = [stage.number for stage in stages if current < stage.number <= target]
    if target > current:
        return Move.NEXT if len(passed) == 1 else Move.SKIP
    between = [stage.number for stage in stages if target <= stage.number < current]
    return Move.PREVIOUS if len(between) == 1 else Move.JUMP
