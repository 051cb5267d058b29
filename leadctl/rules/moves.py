"""Moves: the entry that each adds to the ledger, or why it is refused (section 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadctl.errors import Reason
from leadctl.model import Action, Move, Status
from leadctl.rules.dateformula import shifted
from leadctl.rules.forecast import open_figures
from leadctl.rules.opportunities import (
    ALREADY_STARTED,
    CLOSED,
    EARLY_CLOSE_DATE,
    NEEDS_QUOTE,
    NO_CHANCES,
    NO_VALUE,
    NOT_STARTED,
    OPPORTUNITY_CLOSED,
    TOO_LATE,
    WITHOUT_STAGES,
    Entry,
    Given,
    Standing,
    change_date,
    days_between,
    too_early,
)
from leadctl.rules.stages import MOVES, action_of, targets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leadctl.rules.stages import Cycle, Stage


def not_offered(standing: Standing, move: Move, cycle: Cycle) -> Reason | None:
    """Why a move is not possible at all, whatever is typed with it (2, 5.3)."""
    return _refusal(standing, move, cycle, targets(move, cycle.stages, standing.stage))


def _refusal(
    standing: Standing, move: Move, cycle: Cycle, reachable: Sequence[Stage]
) -> Reason | None:
    started = standing.status != Status.NOT_STARTED
    if standing.status in CLOSED:
        return OPPORTUNITY_CLOSED
    if move is Move.START and started:
        return ALREADY_STARTED
    if not cycle.stages:
        return WITHOUT_STAGES
    if move is not Move.START and not started:
        return NOT_STARTED
    if not reachable:
        return Reason(
            "action_not_offered",
            "{action} is not possible from stage {stage}",
            "opportunity allowed ID shows what is",
            {"action": move.value, "stage": standing.stage},
        )
    return None


def plan_move(
    move: Move, standing: Standing, given: Given, cycle: Cycle, today: str
) -> Entry | Reason:
    """The entry that a move adds, or why it is refused, checked in the order of section 5.6."""
    reachable = targets(move, cycle.stages, standing.stage)
    reason = _refusal(standing, move, cycle, reachable)
    if reason is not None:
        return reason
    on = change_date(standing, given.on, today)
    if standing.date is not None and on < standing.date:
        return too_early(standing.date)
    target = reachable[0]
    if given.to is not None:
        chosen = next((stage for stage in reachable if stage.number == given.to), None)
        if chosen is None:
            return _unreachable(given.to, reachable)
        target = chosen
    if MOVES[move].needs_quote and target.quote_required and standing.quote_total is None:
        return NEEDS_QUOTE
    if move is Move.START:
        return first_entry(target, given, cycle, on)
    return _step(standing, target, given, cycle, on)


def _unreachable(wanted: int, reachable: Sequence[Stage]) -> Reason:
    return Reason(
        "stage_not_reachable",
        "stage {stage} cannot be reached",
        "possible are: {stages}",
        {"stage": wanted, "stages": [stage.number for stage in reachable]},
    )


def first_entry(target: Stage, given: Given, cycle: Cycle, on: str) -> Entry | Reason:
    """The entry that starts an opportunity; what is given is checked, value 0 is not refused."""
    if given.value is not None and given.value <= 0:
        return NO_VALUE
    if given.chances is not None and given.chances <= 0:
        return NO_CHANCES
    chances = target.chances if given.chances is None else given.chances
    close_date = given.close_date
    if close_date is None:
        close_date = shifted(on, target.date_formula) if target.date_formula else on
    if close_date is None:
        return TOO_LATE
    if close_date < on:
        return EARLY_CLOSE_DATE
    figures = open_figures(cycle.method, given.value or 0, chances, target.completed)
    return Entry(Action.FIRST, target.number, target.name, None, on, figures, close_date)


def _step(standing: Standing, target: Stage, given: Given, cycle: Cycle, on: str) -> Entry | Reason:
    """A move from one stage to another or to the same; defaults as decided (chance, date, value)."""
    assert standing.stage is not None
    moves = target.number != standing.stage
    value, chances, close_date = given.value, given.chances, given.close_date
    if value is None:
        value = standing.value if standing.quote_total is None else standing.quote_total
    if chances is None:
        chances = target.chances if moves and target.chances > 0 else standing.chances
    if close_date is None:
        by_formula = moves and target.date_formula
        close_date = shifted(on, by_formula) if by_formula else standing.close_date
    if value <= 0:
        return NO_VALUE
    if chances <= 0:
        return NO_CHANCES
    if close_date is None:
        return TOO_LATE
    if close_date < on:
        return EARLY_CLOSE_DATE
    return Entry(
        action_of(cycle.stages, standing.stage, target.number),
        target.number,
        target.name,
        standing.stage,
        on,
        open_figures(cycle.method, value, chances, target.completed),
        close_date,
        days_between(standing.date, on),
    )
