"""Closing, reopening, and what can be done at all (sections 2 and 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from leadctl.errors import Reason
from leadctl.model import Action, Move, Outcome
from leadctl.rules.forecast import closed_figures, open_figures
from leadctl.rules.moves import not_offered
from leadctl.rules.opportunities import (
    CLOSED,
    CODE_REQUIRED,
    CONTACT_REQUIRED,
    NEVER_STARTED,
    NO_AMOUNT,
    NOT_CLOSED,
    OPPORTUNITY_CLOSED,
    QUOTE_ORDERED,
    STAGE_GONE,
    Entry,
    Standing,
    change_date,
    days_between,
    too_early,
)
from leadctl.rules.stages import targets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from leadctl.rules.stages import Cycle, Stage


class CloseCode(NamedTuple):
    """A close code and the outcome that it is for."""

    id: int
    key: str
    outcome: str


def choose_code(
    outcome: Outcome, named: int | None, codes: Mapping[int, CloseCode]
) -> int | Reason:
    """The close code that is named, or the only one of its outcome; else why there is none (6.1)."""
    if named is None:
        fitting = [code.id for code in codes.values() if code.outcome == outcome]
        return fitting[0] if len(fitting) == 1 else CODE_REQUIRED
    code = codes[named]
    if code.outcome == outcome:
        return code.id
    return Reason(
        "close_code_of_other_outcome",
        "the close code {key} is not for opportunities that are {outcome}",
        "close-code list shows which are",
        {"key": code.key, "outcome": outcome.value},
    )


def plan_close(
    outcome: Outcome,
    standing: Standing,
    code: int | Reason,
    on: str | None,
    amount: int | None,
    today: str,
) -> Entry | Reason:
    """The closing entry, or why it is refused: closed, code, date, amount, in that order (6.1).

    ``code`` is the close code, or why none can be had.
    """
    if standing.status in CLOSED:
        return OPPORTUNITY_CLOSED
    if isinstance(code, Reason):
        return code
    day = change_date(standing, on, today)
    if standing.date is not None and day < standing.date:
        return too_early(standing.date)
    if standing.quote_total is not None:
        amount = standing.quote_total
    elif amount is None:
        amount = standing.value
    if outcome is Outcome.WON and amount <= 0:
        return NO_AMOUNT
    return Entry(
        Action(outcome.value),
        None,
        None,
        standing.stage,
        day,
        closed_figures(outcome, standing.value, amount),
        day,
        days_between(standing.date, day),
        day,
        code,
    )


def plan_reopen(standing: Standing, on: str | None, cycle: Cycle, today: str) -> Entry | Reason:
    """The entry that brings a closed opportunity back to its last stage (decisions, reopen)."""
    stage = cycle.stage(standing.last_stage)
    for holds, reason in (
        (standing.status in CLOSED, NOT_CLOSED),
        (not standing.has_order, QUOTE_ORDERED),
        (standing.last_stage is not None, NEVER_STARTED),
        (stage is not None, STAGE_GONE),
        (standing.has_contact, CONTACT_REQUIRED),
    ):
        if not holds:
            return reason
    assert stage is not None
    assert standing.last_close_date is not None
    day = change_date(standing, on, today)
    if standing.date is not None and day < standing.date:
        return too_early(standing.date)
    return Entry(
        Action.REOPENED,
        stage.number,
        stage.name,
        None,
        day,
        open_figures(cycle.method, standing.value, standing.last_chances, stage.completed),
        standing.last_close_date,
        days_between(standing.date, day),
    )


class Offer(NamedTuple):
    """One line of ``opportunity allowed``."""

    action: str
    targets: tuple[Stage, ...] = ()
    reason: Reason | None = None


def allowed(
    standing: Standing, cycle: Cycle, quote_problem: Reason | None, today: str
) -> list[Offer]:
    """What can be done now and, for the rest, why not; ``quote_problem`` is why no quote can be
    made.
    """
    closed = standing.status in CLOSED
    offers = []
    for move in Move:
        reason = not_offered(standing, move, cycle)
        found = () if reason else tuple(targets(move, cycle.stages, standing.stage))
        offers.append(Offer(move.value, found, reason))
    offers += [
        Offer(f"close-{outcome}", (), OPPORTUNITY_CLOSED if closed else None) for outcome in Outcome
    ]
    reopened = plan_reopen(standing, None, cycle, today)
    offers.append(
        Offer("reopen", (), reopened)
        if isinstance(reopened, Reason)
        else Offer("reopen", tuple(s for s in cycle.stages if s.number == reopened.stage))
    )
    offers.append(Offer("quote", (), quote_problem))
    offers.append(Offer("delete", (), None if closed else NOT_CLOSED))
    return offers
