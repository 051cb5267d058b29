"""Sales cycles for the rule tests: T1 of the acceptance cases, and cycles from skip flags."""

from __future__ import annotations

from leadctl.model import Method
from leadctl.rules.stages import Cycle, Stage

T1 = Cycle(
    1,
    "t1",
    Method.MULTIPLY,
    (
        Stage(10, "Lead in", 200, 1000, allow_skip=True),
        Stage(20, "Need", 3500, 2500, allow_skip=True, date_formula="2W"),
        Stage(30, "Offer", 7000, 6000, quote_required=True, allow_skip=True),
        Stage(40, "Talks", 8500, 8000, quote_required=True),
        Stage(50, "Contract", 9500, 10000, quote_required=True),
    ),
)
EMPTY = Cycle(2, "empty", Method.MULTIPLY, ())


def flagged(flags: str) -> tuple[Stage, ...]:
    """Stages 1, 2, ... that allow skipping where there is a Y."""
    return tuple(
        Stage(number, str(number), 0, 0, allow_skip=flag == "Y")
        for number, flag in enumerate(flags, 1)
    )


def cycle(*stages: Stage, method: Method = Method.MULTIPLY) -> Cycle:
    """A cycle of these stages."""
    return Cycle(3, "other", method, stages)
