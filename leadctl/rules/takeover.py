"""Taking over an opportunity from elsewhere with the state that it is in (``spec/cli.md``, import).

A started one gets one entry on its stage, by the rules of ``start``; a closed one then its closing
entry, by the rules of ``close``. What contradicts itself is refused, never interpreted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from leadctl.errors import Reason
from leadctl.model import Outcome, Status
from leadctl.rules.closing import CloseCode, choose_code, plan_close
from leadctl.rules.forecast import CLOSED_PERCENT
from leadctl.rules.moves import first_entry
from leadctl.rules.opportunities import CLOSED, NO_VALUE, WITHOUT_STAGES, Entry, Given, Standing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from leadctl.rules.stages import Cycle


class State(NamedTuple):
    """What a row says; ``None`` is what it leaves out. Amounts in minor units, percentages
    hundredths, dates ISO texts.
    """

    created_on: str
    status: str | None = None
    outcome: str | None = None
    stage: int | None = None
    estimated_value: int | None = None
    amount: int | None = None
    chances_percent: int | None = None
    close_date: str | None = None
    closed_on: str | None = None
    close_code: int | None = None


class Bad(NamedTuple):
    """The column that is wrong, and why."""

    column: str
    reason: Reason


_ONLY_CLOSED = ("outcome", "amount", "closed_on", "close_code")
_ONLY_STARTED = ("stage", "estimated_value", "chances_percent", "close_date")


def take_over(
    state: State, cycle: Cycle, codes: Mapping[int, CloseCode], today: str
) -> list[Entry] | Bad:
    """The entries of an opportunity that is taken over: none when it has not been started."""
    status = _status(state)
    bad = _contradiction(state, status)
    if bad is not None:
        return bad
    if status == Status.NOT_STARTED:
        return []
    first = _first(state, status, cycle)
    if isinstance(first, Bad):
        return first
    if status not in CLOSED:
        return [first]
    outcome = Outcome(status)
    code = choose_code(outcome, state.close_code, codes)
    standing = Standing(
        Status.IN_PROGRESS, first.stage, first.date, first.figures.value, first.figures.chances
    )
    closing = plan_close(outcome, standing, code, state.closed_on, state.amount, today)
    if isinstance(closing, Reason):
        return Bad(_COLUMNS.get(closing.code, "close_code"), closing)
    return [first, closing]


_COLUMNS = {"date_before_last_change": "closed_on", "amount_not_positive": "amount"}


def _status(state: State) -> str:
    """The status that the row gives, or that follows from what else it says."""
    if state.status is not None or state.outcome is not None:
        return state.status or str(state.outcome)
    says_more = any(getattr(state, name) not in (None, 0) for name in _ONLY_STARTED)
    return Status.IN_PROGRESS if says_more else Status.NOT_STARTED


def _contradiction(state: State, status: str) -> Bad | None:
    left_out: tuple[str, ...] = ()
    if status not in CLOSED:
        left_out += _ONLY_CLOSED
    if status == Status.NOT_STARTED:
        left_out += _ONLY_STARTED
    for name in left_out:
        if getattr(state, name) not in (None, 0):
            return Bad(name, _contradicts(name, status))
    if state.outcome is not None and state.outcome != status:
        return Bad("outcome", _contradicts("outcome", status))
    if status == Status.LOST and state.amount:
        return Bad("amount", _contradicts("amount", status))
    return None


def _contradicts(name: str, status: str) -> Reason:
    return Reason(
        "row_invalid",
        "{field} contradicts the status {status}",
        details={"field": name, "status": status},
    )


def _first(state: State, status: str, cycle: Cycle) -> Entry | Bad:
    """The entry on the stage named, or on the first one."""
    if not cycle.stages:
        return Bad("cycle", WITHOUT_STAGES)
    target = cycle.stages[0] if state.stage is None else cycle.stage(state.stage)
    if target is None:
        return Bad(
            "stage",
            Reason(
                "stage_not_reachable",
                "the sales cycle {key} has no stage {stage}",
                details={"key": cycle.key, "stage": state.stage},
            ),
        )
    chances, close_date = state.chances_percent, state.close_date
    if status in CLOSED:
        # An export of a closed one has the closing figures here, not those before.
        if chances == CLOSED_PERCENT[Outcome(status)]:
            chances = None
        if close_date == state.closed_on:
            close_date = None
    value = state.estimated_value or None
    entry = first_entry(target, Given(None, value, chances, close_date), cycle, state.created_on)
    if isinstance(entry, Reason):
        columns = {"chances_not_positive": "chances_percent", NO_VALUE.code: "estimated_value"}
        return Bad(columns.get(entry.code, "close_date"), entry)
    return entry
