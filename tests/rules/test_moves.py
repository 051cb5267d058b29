"""Why moves are refused, in the order of section 5.6."""

from __future__ import annotations

import pytest

from leadctl.errors import Reason
from leadctl.model import Move, Status
from leadctl.rules.moves import not_offered, plan_move
from leadctl.rules.opportunities import Given, Standing
from leadctl.rules.stages import Cycle, Stage
from tests.rules.cycles import EMPTY, T1, cycle

TODAY = "2024-03-10"
DAY = "2024-03-08"
BEFORE = "2024-03-07"
NEW = Standing(Status.NOT_STARTED)
CLOSED = [Standing(status, None, DAY, 900_000, 8000, DAY) for status in (Status.WON, Status.LOST)]


def on(stage: int, **changes) -> Standing:
    """In progress on a stage since DAY: 10,000.00 at 55 %, expected at the end of June."""
    standing = Standing(Status.IN_PROGRESS, stage, DAY, 1_000_000, 5500, "2024-06-30")
    return standing._replace(**changes)


def code(move: Move, standing: Standing, given: Given, cycle: Cycle = T1) -> str | None:
    """The code of the refusal, ``None`` where there is none."""
    planned = plan_move(move, standing, given, cycle, TODAY)
    return planned.code if isinstance(planned, Reason) else None


@pytest.mark.parametrize("move", Move)
@pytest.mark.parametrize("stages", [T1, EMPTY], ids=lambda cycle: cycle.key)
@pytest.mark.parametrize("standing", CLOSED, ids=lambda standing: standing.status)
def test_dx_34_nothing_moves_when_it_is_closed(
    standing: Standing, stages: Cycle, move: Move
) -> None:
    assert code(move, standing, Given(BEFORE, 0, 0, BEFORE, 99), stages) == "opportunity_closed"


@pytest.mark.parametrize(
    ("move", "standing", "stages", "expected"),
    [
        pytest.param(Move.START, on(20), T1, "already_started", id="DX-05"),
        pytest.param(Move.START, on(20), EMPTY, "already_started", id="DX-05-no-stages"),
        pytest.param(Move.START, NEW, EMPTY, "cycle_without_stages", id="DX-04"),
        pytest.param(Move.NEXT, NEW, EMPTY, "cycle_without_stages", id="E20"),
        pytest.param(Move.UPDATE, on(20), EMPTY, "cycle_without_stages", id="E20-started"),
        pytest.param(Move.NEXT, NEW, T1, "action_not_offered", id="2-next"),
        pytest.param(Move.PREVIOUS, NEW, T1, "action_not_offered", id="2-previous"),
        pytest.param(Move.SKIP, NEW, T1, "action_not_offered", id="2-skip"),
        pytest.param(Move.JUMP, NEW, T1, "action_not_offered", id="2-jump"),
        pytest.param(Move.UPDATE, NEW, T1, "action_not_offered", id="2-update"),
        pytest.param(Move.NEXT, on(50), T1, "action_not_offered", id="5.3-last"),
        pytest.param(Move.PREVIOUS, on(10), T1, "action_not_offered", id="5.3-first"),
        pytest.param(Move.JUMP, on(10), T1, "action_not_offered", id="5.5-first"),
        pytest.param(Move.SKIP, on(30), T1, "action_not_offered", id="DX-08"),
        pytest.param(Move.SKIP, on(50), T1, "action_not_offered", id="5.4-last"),
    ],
)
def test_what_is_not_offered_is_said_before_all_else(
    move: Move, standing: Standing, stages: Cycle, expected: str
) -> None:
    reason = not_offered(standing, move, stages)
    assert reason is not None
    assert reason.code == expected
    faults = Given(BEFORE, 0, 0, BEFORE, 99)
    assert plan_move(move, standing, faults, stages, TODAY) == reason


def test_two_ways_of_not_being_offered_have_their_own_words() -> None:
    fresh, last = not_offered(NEW, Move.NEXT, T1), not_offered(on(50), Move.NEXT, T1)
    assert fresh is not None
    assert last is not None
    assert (fresh.details, last.details) == ({}, {"action": "next", "stage": 50})
    assert last.text() == "next is not possible from stage 50"
    assert "start" in fresh.hint_text()


@pytest.mark.parametrize(
    ("move", "standing"),
    [
        (Move.START, NEW),
        (Move.NEXT, on(40)),
        (Move.PREVIOUS, on(20)),
        (Move.SKIP, on(20)),
        (Move.JUMP, on(20)),
        (Move.UPDATE, on(50)),
    ],
)
def test_what_is_offered(move: Move, standing: Standing) -> None:
    assert not_offered(standing, move, T1) is None


QUOTED = {"quote_total": 915_000}


@pytest.mark.parametrize(
    ("move", "standing", "given", "expected"),
    [
        # DX-25: every fault at once, then one after the other mended, in the order of 5.6.
        pytest.param(
            Move.NEXT,
            on(20),
            Given(BEFORE, 0, 0, BEFORE, 99),
            "date_before_last_change",
            id="DX-25",
        ),
        pytest.param(
            Move.NEXT, on(20), Given(DAY, 0, 0, BEFORE, 99), "stage_not_reachable", id="5.6-4"
        ),
        pytest.param(
            Move.NEXT, on(20), Given(DAY, 0, 0, BEFORE, 30), "stage_needs_quote", id="5.6-5-next"
        ),
        pytest.param(
            Move.SKIP, on(20), Given(DAY, 0, 0, BEFORE, 40), "stage_needs_quote", id="5.6-5-skip"
        ),
        pytest.param(
            Move.NEXT, on(20, **QUOTED), Given(DAY, 0, 0, BEFORE), "value_not_positive", id="5.6-6"
        ),
        pytest.param(
            Move.NEXT,
            on(20, **QUOTED),
            Given(DAY, 1, 0, BEFORE),
            "chances_not_positive",
            id="5.6-7",
        ),
        pytest.param(
            Move.NEXT,
            on(20, **QUOTED),
            Given(DAY, 1, 1, BEFORE),
            "close_date_before_change",
            id="5.6-9",
        ),
        pytest.param(Move.NEXT, on(20, **QUOTED), Given(DAY, 1, 1, DAY), None, id="5.6-none"),
        # Dates of change.
        pytest.param(Move.UPDATE, on(20), Given(BEFORE), "date_before_last_change", id="E23"),
        pytest.param(Move.UPDATE, on(20), Given(DAY), None, id="E23-same-day"),
        pytest.param(Move.UPDATE, on(20), Given("2024-06-30"), None, id="5.6-future"),
        pytest.param(Move.START, NEW, Given("1999-01-01"), None, id="start-in-the-past"),
        # Stages out of reach.
        pytest.param(Move.START, NEW, Given(to=20), "stage_not_reachable", id="E22-start"),
        pytest.param(Move.START, NEW, Given(to=10), None, id="E22-start-lowest"),
        pytest.param(Move.NEXT, on(10), Given(to=30), "stage_not_reachable", id="E22-next"),
        pytest.param(Move.SKIP, on(10), Given(to=50), "stage_not_reachable", id="E22-skip"),
        pytest.param(Move.JUMP, on(30), Given(to=30), "stage_not_reachable", id="E22-jump"),
        pytest.param(Move.UPDATE, on(30), Given(to=20), "stage_not_reachable", id="E22-update"),
        # 5.7: the quote is asked for on next and skip only, and for the stage entered only.
        pytest.param(Move.SKIP, on(10), Given(to=20), None, id="5.7-skip-no-need"),
        pytest.param(Move.PREVIOUS, on(50), Given(), None, id="5.7-previous"),
        pytest.param(Move.JUMP, on(50), Given(to=30), None, id="5.7-jump"),
        pytest.param(Move.UPDATE, on(40), Given(), None, id="5.7-update"),
        pytest.param(Move.SKIP, on(10, **QUOTED), Given(to=40), None, id="5.7-with-quote"),
        # DX-20: the value, also when nothing is given, and on every move.
        pytest.param(Move.UPDATE, on(20, value=0), Given(), "value_not_positive", id="DX-20-kept"),
        pytest.param(Move.UPDATE, on(20), Given(value=0), "value_not_positive", id="DX-20-0"),
        pytest.param(Move.UPDATE, on(20), Given(value=-100), "value_not_positive", id="DX-20-1"),
        pytest.param(Move.UPDATE, on(20, value=0), Given(value=1), None, id="DX-20-cent"),
        pytest.param(
            Move.PREVIOUS, on(20), Given(value=0), "value_not_positive", id="E26-previous"
        ),
        pytest.param(Move.JUMP, on(30), Given(value=0), "value_not_positive", id="E26-jump"),
        pytest.param(
            Move.NEXT, on(20, quote_total=0), Given(), "value_not_positive", id="E26-empty-quote"
        ),
        pytest.param(Move.START, NEW, Given(value=0), "value_not_positive", id="E13-value"),
        pytest.param(Move.START, NEW, Given(value=-1), "value_not_positive", id="E13-below"),
        pytest.param(Move.START, NEW, Given(value=1), None, id="E13-cent"),
        # The chance.
        pytest.param(
            Move.UPDATE, on(20, chances=0), Given(), "chances_not_positive", id="E26-kept-chance"
        ),
        pytest.param(
            Move.UPDATE, on(20), Given(chances=0), "chances_not_positive", id="E26-chance"
        ),
        pytest.param(
            Move.PREVIOUS, on(20), Given(chances=0), "chances_not_positive", id="E26-not-default"
        ),
        pytest.param(Move.UPDATE, on(20, chances=0), Given(chances=1), None, id="E26-hundredth"),
        pytest.param(Move.START, NEW, Given(chances=0), "chances_not_positive", id="E13-chance"),
        pytest.param(
            Move.START, NEW, Given(None, 0, 0, BEFORE), "value_not_positive", id="E13-order-1"
        ),
        pytest.param(
            Move.START, NEW, Given(None, 1, 0, BEFORE), "chances_not_positive", id="E13-order-2"
        ),
        # DX-22: the expected date.
        pytest.param(
            Move.NEXT,
            on(10),
            Given("2024-03-15", close_date="2024-03-14"),
            "close_date_before_change",
            id="DX-22",
        ),
        pytest.param(
            Move.NEXT, on(10), Given("2024-03-15", close_date="2024-03-15"), None, id="DX-22-equal"
        ),
        pytest.param(
            Move.UPDATE, on(20), Given("2024-07-01"), "close_date_before_change", id="E28-kept"
        ),
        pytest.param(Move.START, NEW, Given(None, 1, 1, DAY), "close_date_before_change", id="E15"),
        pytest.param(Move.START, NEW, Given(None, 1, 1, TODAY), None, id="E15-equal"),
    ],
)
def test_checks_in_the_order_of_5_6(
    move: Move, standing: Standing, given: Given, expected: str | None
) -> None:
    assert code(move, standing, given) == expected


def test_what_a_refusal_says() -> None:
    early = plan_move(Move.NEXT, on(20), Given(BEFORE), T1, TODAY)
    assert isinstance(early, Reason)
    assert early.details == {"date": DAY}
    far = plan_move(Move.JUMP, on(40), Given(to=50), T1, TODAY)
    assert isinstance(far, Reason)
    assert far.details == {"stage": 50, "stages": [30, 20, 10]}
    assert far.hint_text() == "possible are: 30, 20, 10"


FIRST, SECOND = Stage(1, "one", 1000, 2000), Stage(2, "two", 3000, 4000)


@pytest.mark.parametrize(
    ("move", "formula", "given", "expected"),
    [
        (Move.NEXT, "9999Y", Given(), "date_out_of_range"),
        (Move.NEXT, "9999Y", Given(value=0), "value_not_positive"),
        (Move.NEXT, "9999Y", Given(chances=0), "chances_not_positive"),
        (Move.NEXT, "9999Y", Given(close_date=TODAY), None),
        (Move.NEXT, "-1D", Given(), "close_date_before_change"),
        (Move.NEXT, "-1D", Given(close_date=TODAY), None),
        (Move.NEXT, "0D", Given(), None),
        (Move.UPDATE, "9999Y", Given(), None),
        (Move.UPDATE, "-1D", Given(), None),
        (Move.START, "9999Y", Given(), "date_out_of_range"),
        (Move.START, "9999Y", Given(value=0), "value_not_positive"),
        (Move.START, "9999Y", Given(chances=0), "chances_not_positive"),
        (Move.START, "9999Y", Given(close_date=TODAY), None),
    ],
)
def test_formulas_that_give_no_date_to_expect(
    move: Move, formula: str, given: Given, expected: str | None
) -> None:
    stages = cycle(FIRST._replace(date_formula=formula), SECOND._replace(date_formula=formula))
    assert code(move, NEW if move is Move.START else on(1), given, stages) == expected
