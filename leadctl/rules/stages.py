"""Which stages a move can reach (sections 5.3 to 5.5 of ``opportunities.md``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from leadctl.model import Action, Method, Move

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Stage(NamedTuple):
    """A stage of a sales cycle; percentages in hundredths of a percent."""

    number: int
    name: str
    completed: int
    chances: int
    quote_required: bool = False
    allow_skip: bool = False
    date_formula: str | None = None


class Cycle(NamedTuple):
    """A sales cycle, its stages in the order of their numbers."""

    id: int
    key: str
    method: Method
    stages: tuple[Stage, ...]

    def stage(self, number: int | None) -> Stage | None:
        """The stage with a number, ``None`` when there is none."""
        return next((stage for stage in self.stages if stage.number == number), None)


class MoveRule(NamedTuple):
    """What a move asks for: ``reach`` gives its targets, the nearest first, from the stages below
    and above the present one; ``needs_quote`` says whether the target may require a quote (5.7).
    """

    reach: Callable[[Sequence[Stage], Stage | None, Sequence[Stage]], Sequence[Stage]]
    needs_quote: bool = False


def _skippable(above: Sequence[Stage]) -> Sequence[Stage]:
    """Up to and including the first stage that does not allow skipping; none if that is the very
    next one (5.4).
    """
    if not above or not above[0].allow_skip:
        return ()
    stop = next((place for place, stage in enumerate(above) if not stage.allow_skip), len(above))
    return above[: stop + 1]


MOVES: dict[Move, MoveRule] = {
    Move.START: MoveRule(lambda below, current, above: above[:1]),
    Move.NEXT: MoveRule(lambda below, current, above: above[:1], needs_quote=True),
    Move.PREVIOUS: MoveRule(lambda below, current, above: below[-1:]),
    Move.SKIP: MoveRule(lambda below, current, above: _skippable(above), needs_quote=True),
    Move.JUMP: MoveRule(lambda below, current, above: below[::-1]),
    Move.UPDATE: MoveRule(lambda below, current, above: (current,) if current else ()),
}


def targets(move: Move, stages: Sequence[Stage], current: int | None) -> Sequence[Stage]:
    """The stages that a move can reach from the stage ``current`` (``None``: not started), the
    nearest first; empty when the move is not offered.
    """
    if (current is None) != (move is Move.START):
        return ()
    if current is None:
        return MOVES[move].reach((), None, stages)
    below = [stage for stage in stages if stage.number < current]
    above = [stage for stage in stages if stage.number > current]
    present = next((stage for stage in stages if stage.number == current), None)
    return MOVES[move].reach(below, present, above)


def action_of(stages: Sequence[Stage], current: int, target: int) -> Action:
    """What the ledger calls the step made: one up, one down, further, or none (decisions, skip)."""
    numbers = [stage.number for stage in stages]
    steps = numbers.index(target) - numbers.index(current)
    return {0: Action.UPDATED, 1: Action.NEXT, -1: Action.PREVIOUS}.get(steps, Action.JUMPED)
