"""The entries that moves add: defaults of date, value, chance and expected date."""

from __future__ import annotations

from itertools import pairwise

import pytest

from leadctl.model import Action, Method, Move, Status
from leadctl.rules.forecast import Figures
from leadctl.rules.moves import plan_move
from leadctl.rules.opportunities import Entry, Given, Standing, change_date, days_between
from leadctl.rules.stages import Cycle, Stage
from tests.rules.cycles import T1, cycle

TODAY = "2024-03-10"
DAY = "2024-03-08"
NEW = Standing(Status.NOT_STARTED)
FIRST, SECOND = Stage(1, "one", 1000, 2000), Stage(2, "two", 3000, 4000)
QUOTED = {"quote_total": 915_000}


def on(stage: int, **changes) -> Standing:
    """In progress on a stage since DAY: 10,000.00 at 55 %, expected at the end of June."""
    standing = Standing(Status.IN_PROGRESS, stage, DAY, 1_000_000, 5500, "2024-06-30")
    return standing._replace(**changes)


def planned(move: Move, standing: Standing, given: Given, cycle: Cycle = T1) -> Entry:
    entry = plan_move(move, standing, given, cycle, TODAY)
    assert isinstance(entry, Entry), entry
    return entry


@pytest.mark.parametrize(
    ("given", "value", "chances", "close_date"),
    [
        pytest.param(Given(), 0, 1000, "2024-03-10", id="5.1-defaults"),
        pytest.param(Given(value=5), 5, 1000, "2024-03-10", id="value"),
        pytest.param(Given(chances=1), 0, 1, "2024-03-10", id="chance"),
        pytest.param(Given(close_date="2024-05-01"), 0, 1000, "2024-05-01", id="close-date"),
    ],
)
def test_the_first_entry(given: Given, value: int, chances: int, close_date: str) -> None:
    entry = planned(Move.START, NEW, given)
    assert entry[:5] == (Action.FIRST, 10, "Lead in", None, TODAY)
    assert entry.figures[:3] == (value, chances, 200)
    assert entry.close_date == close_date
    assert entry[7:] == (None, None, None)


def test_starting_follows_the_formula_and_ignores_the_quote_5_1() -> None:
    stages = cycle(Stage(7, "only", 0, 0, quote_required=True, date_formula="1M"))
    entry = planned(Move.START, NEW, Given("2024-01-31"), stages)
    assert (entry.stage, entry.date, entry.close_date) == (7, "2024-01-31", "2024-02-29")
    assert entry.figures == Figures(0, 0, 0, 0, 0)
    kept = planned(Move.START, NEW, Given("2024-01-31", close_date="2024-01-31"), stages)
    assert kept.close_date == "2024-01-31"


@pytest.mark.parametrize(
    ("move", "standing", "given", "expected"),
    [
        # Action, stage, previous stage, chance and completed.
        pytest.param(Move.NEXT, on(10), Given(), (Action.NEXT, 20, 10, 2500, 3500), id="5.3-next"),
        pytest.param(
            Move.NEXT, on(10), Given(chances=4000), (Action.NEXT, 20, 10, 4000, 3500), id="5.10"
        ),
        pytest.param(
            Move.SKIP, on(10), Given(), (Action.NEXT, 20, 10, 2500, 3500), id="skip-the-nearest"
        ),
        pytest.param(
            Move.SKIP,
            on(10),
            Given(chances=500, to=20),
            (Action.NEXT, 20, 10, 500, 3500),
            id="DX-11",
        ),
        pytest.param(
            Move.SKIP,
            on(10, **QUOTED),
            Given(chances=500, to=30),
            (Action.JUMPED, 30, 10, 500, 7000),
            id="DX-10",
        ),
        pytest.param(
            Move.SKIP,
            on(10, **QUOTED),
            Given(to=30),
            (Action.JUMPED, 30, 10, 6000, 7000),
            id="DX-10-default",
        ),
        pytest.param(
            Move.PREVIOUS, on(20), Given(), (Action.PREVIOUS, 10, 20, 1000, 200), id="5.3-previous"
        ),
        pytest.param(Move.JUMP, on(20), Given(), (Action.PREVIOUS, 10, 20, 1000, 200), id="DX-13"),
        pytest.param(
            Move.JUMP, on(40), Given(), (Action.PREVIOUS, 30, 40, 6000, 7000), id="jump-the-nearest"
        ),
        pytest.param(
            Move.JUMP, on(40), Given(to=10), (Action.JUMPED, 10, 40, 1000, 200), id="DX-14"
        ),
        pytest.param(
            Move.UPDATE, on(20), Given(), (Action.UPDATED, 20, 20, 5500, 3500), id="DX-16"
        ),
        pytest.param(
            Move.UPDATE,
            on(20),
            Given(chances=1, to=20),
            (Action.UPDATED, 20, 20, 1, 3500),
            id="update-chance",
        ),
    ],
)
def test_the_entry_of_a_move(
    move: Move, standing: Standing, given: Given, expected: tuple[Action, int, int, int, int]
) -> None:
    entry = planned(move, standing, given)
    figures = entry.figures
    found = (
        entry.action,
        entry.stage,
        entry.previous_stage,
        figures.chances,
        figures.completed,
    )
    assert found == expected
    assert entry.stage_name == T1.stage(expected[1]).name
    assert (entry.date, entry.days_open) == (TODAY, 2)
    assert (entry.closed_on, entry.close_code) == (None, None)


def test_a_stage_without_a_chance_keeps_the_one_so_far() -> None:
    stages = cycle(FIRST, SECOND._replace(chances=0))
    assert planned(Move.NEXT, on(1), Given(), stages).figures.chances == 5500
    assert planned(Move.NEXT, on(1), Given(chances=100), stages).figures.chances == 100
    least = cycle(FIRST, SECOND._replace(chances=1))
    assert planned(Move.NEXT, on(1), Given(), least).figures.chances == 1


@pytest.mark.parametrize("move", [Move.NEXT, Move.UPDATE])
@pytest.mark.parametrize(
    ("given", "quote_total", "expected"),
    [(None, None, 1_000_000), (None, 915_000, 915_000), (7, None, 7), (7, 915_000, 7)],
)
def test_the_value_is_given_else_that_of_the_quote_else_kept(
    move: Move, given: int | None, quote_total: int | None, expected: int
) -> None:
    standing = on(10, quote_total=quote_total)
    assert planned(move, standing, Given(value=given)).figures.value == expected


@pytest.mark.parametrize(
    ("move", "standing", "given", "expected"),
    [
        # Stage 20 has the formula 2W, the others have none; 2024-06-30 is agreed.
        pytest.param(Move.NEXT, on(10), Given(), "2024-03-24", id="DX-23"),
        pytest.param(Move.NEXT, on(10), Given("2024-04-01"), "2024-04-15", id="DX-23-on"),
        pytest.param(Move.SKIP, on(10), Given(), "2024-03-24", id="DX-23-skip"),
        pytest.param(Move.PREVIOUS, on(30), Given(), "2024-03-24", id="DX-23-previous"),
        pytest.param(Move.JUMP, on(40), Given(to=20), "2024-03-24", id="DX-23-jump"),
        pytest.param(Move.NEXT, on(10), Given(close_date=TODAY), TODAY, id="DX-23-given"),
        pytest.param(
            Move.NEXT, on(10), Given(close_date="2024-03-11"), "2024-03-11", id="3.6-given"
        ),
        pytest.param(Move.PREVIOUS, on(20), Given(), "2024-06-30", id="kept-without-formula"),
        pytest.param(Move.UPDATE, on(20), Given(), "2024-06-30", id="kept-on-update"),
        pytest.param(
            Move.UPDATE, on(20, close_date=TODAY), Given(), TODAY, id="kept-on-update-same-day"
        ),
        pytest.param(
            Move.UPDATE, on(20), Given(close_date="2024-05-01"), "2024-05-01", id="update-given"
        ),
    ],
)
def test_the_expected_date(move: Move, standing: Standing, given: Given, expected: str) -> None:
    assert planned(move, standing, given).close_date == expected


def test_the_worked_move_of_5_10() -> None:
    stages = cycle(Stage(1, "one", 200, 1000), Stage(2, "two", 3500, 2500, date_formula="1W"))
    first = planned(Move.START, NEW, Given("2024-03-01", 1_000_000, None, "2024-04-30"), stages)
    assert first.figures == Figures(1_000_000, 1000, 200, 20, 2000)
    standing = Standing(Status.IN_PROGRESS, 1, "2024-03-01", 1_000_000, 1000, "2024-04-30")
    given = Given("2024-03-05", 1_200_000, 4000, "2024-04-30")
    assert planned(Move.NEXT, standing, given, stages) == Entry(
        Action.NEXT,
        2,
        "two",
        1,
        "2024-03-05",
        Figures(1_200_000, 4000, 3500, 1400, 168_000),
        "2024-04-30",
        4,
    )
    without = planned(Move.NEXT, standing, given._replace(close_date=None), stages)
    assert without.close_date == "2024-03-12"


@pytest.mark.parametrize(
    ("method", "probability", "calculated"),
    [
        (Method.MULTIPLY, 1200, 1200),
        (Method.ADD, 3500, 3500),
        (Method.CHANCES, 4000, 4000),
        (Method.COMPLETED, 3000, 3000),
    ],
)
def test_the_method_is_that_of_the_cycle(method: Method, probability: int, calculated: int) -> None:
    stages = cycle(SECOND, method=method)
    for move, standing in ((Move.START, NEW), (Move.UPDATE, on(2, chances=4000))):
        figures = planned(move, standing, Given(value=10_000), stages).figures
        assert (figures.probability, figures.calculated) == (probability, calculated)


@pytest.mark.parametrize(
    ("last", "given", "today", "expected"),
    [
        pytest.param("2024-03-15", None, "2024-03-10", "2024-03-15", id="DX-19"),
        pytest.param("2024-03-05", None, "2024-03-10", "2024-03-10", id="today"),
        pytest.param("2024-03-10", None, "2024-03-10", "2024-03-10", id="same-day"),
        pytest.param(None, None, "2024-03-10", "2024-03-10", id="3.5-no-entry"),
        pytest.param(None, "1999-12-31", "2024-03-10", "1999-12-31", id="given"),
        pytest.param("2024-03-15", "2024-03-20", "2024-03-10", "2024-03-20", id="given-later"),
        pytest.param("2024-03-15", "2024-03-01", "2024-03-10", "2024-03-01", id="given-earlier"),
    ],
)
def test_the_date_of_a_change(
    last: str | None, given: str | None, today: str, expected: str
) -> None:
    assert change_date(on(20, date=last), given, today) == expected


def test_dx_19_a_move_is_dated_like_that() -> None:
    entry = planned(Move.NEXT, on(10, date="2024-03-15"), Given())
    assert (entry.date, entry.days_open, entry.close_date) == ("2024-03-15", 0, "2024-03-29")


def test_dx_17_days_open() -> None:
    days = ["06", "07", "11", "13", "17", "26"]
    dates = [None, *(f"2024-01-{day}" for day in days)]
    found = [days_between(before, day) for before, day in pairwise(dates)]
    assert found == [None, 1, 4, 2, 4, 9]


def test_days_open_over_months_and_leap_days() -> None:
    assert days_between("2024-02-28", "2024-03-01") == 2
    assert days_between("2023-12-31", "2024-12-31") == 366
    assert days_between("2024-03-01", "2024-03-01") == 0
