"""Probability and calculated value (sections 3.1 to 3.3 and 3.8 of ``opportunities.md``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from leadctl.model import Method, Outcome
from leadctl.rules.amounts import HUNDRED_PERCENT, rounded

if TYPE_CHECKING:
    from collections.abc import Callable

_WHOLE = HUNDRED_PERCENT**2
# Method -> the exact probability in parts of _WHOLE, from chances and completed in hundredths of %.
PROBABILITY: dict[Method, Callable[[int, int], int]] = {
    Method.MULTIPLY: lambda chances, completed: chances * completed,
    Method.ADD: lambda chances, completed: (chances + completed) * HUNDRED_PERCENT // 2,
    Method.CHANCES: lambda chances, completed: chances * HUNDRED_PERCENT,
    Method.COMPLETED: lambda chances, completed: completed * HUNDRED_PERCENT,
}


class Figures(NamedTuple):
    """What an entry says: values in minor units, percentages in hundredths of a percent."""

    value: int
    chances: int
    completed: int
    probability: int
    calculated: int


def open_figures(method: Method, value: int, chances: int, completed: int) -> Figures:
    """The figures of an entry on a stage.

    The calculated value comes from the exact probability; both are rounded once, half away from
    zero (3.2, 3.8).
    """
    exact = PROBABILITY[method](chances, completed)
    probability, calculated = rounded(exact, HUNDRED_PERCENT), rounded(value * exact, _WHOLE)
    return Figures(value, chances, completed, probability, calculated)


# Outcome -> chances and probability when closed; completed is 100 % either way (3.3).
CLOSED_PERCENT = {Outcome.WON: HUNDRED_PERCENT, Outcome.LOST: 0}


def closed_figures(outcome: Outcome, value: int, amount: int) -> Figures:
    """The figures of a closing entry; ``amount`` is what a won opportunity brought (3.3)."""
    percent = CLOSED_PERCENT[outcome]
    calculated = amount if outcome is Outcome.WON else 0
    return Figures(value, percent, HUNDRED_PERCENT, percent, calculated)
