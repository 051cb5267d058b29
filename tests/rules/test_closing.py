"""Closing, reopening, and what ``opportunity allowed`` says (sections 2, 3.3 and 6)."""

from __future__ import annotations

import pytest

from leadctl.errors import Reason
from leadctl.model import Action, Method, Outcome, Status
from leadctl.rules.closing import CloseCode, allowed, choose_code, plan_close, plan_reopen
from leadctl.rules.forecast import Figures
from leadctl.rules.opportunities import CODE_REQUIRED, Entry, Standing
from leadctl.rules.stages import Cycle, Stage
from tests.rules.cycles import EMPTY, T1, cycle

TODAY = "2024-01-26"
DAY = "2024-01-17"
BEFORE = "2024-01-16"
WON, LOST = Outcome
CODE = 7
NEW = Standing(Status.NOT_STARTED)
# 9,000.00 at 80 % on stage 40, as in DX-29.
OPEN = Standing(
    Status.IN_PROGRESS,
    40,
    DAY,
    900_000,
    8000,
    "2024-06-30",
    last_stage=40,
    last_chances=8000,
    last_close_date="2024-06-30",
)


def closed(status: Status, **changes) -> Standing:
    """The same, closed on TODAY."""
    closed = OPEN._replace(status=status, stage=None, date=TODAY, close_date=TODAY)
    return closed._replace(**{"chances": 10_000 if status is Status.WON else 0} | changes)


def entry_of(planned: Entry | Reason) -> Entry:
    assert isinstance(planned, Entry), planned
    return planned


def code_of(planned: Entry | Reason) -> str | None:
    """The code of the refusal, ``None`` where there is none."""
    return planned.code if isinstance(planned, Reason) else None


@pytest.mark.parametrize(
    ("outcome", "standing", "code", "on", "amount", "expected"),
    [
        pytest.param(
            WON, closed(Status.WON), CODE_REQUIRED, BEFORE, 0, "opportunity_closed", id="E19"
        ),
        pytest.param(
            LOST, closed(Status.LOST), CODE_REQUIRED, BEFORE, 0, "opportunity_closed", id="DX-34"
        ),
        pytest.param(
            LOST, closed(Status.WON), CODE, None, 1, "opportunity_closed", id="won-to-lost"
        ),
        pytest.param(WON, OPEN, CODE_REQUIRED, BEFORE, 0, "close_code_required", id="DX-26-code"),
        pytest.param(LOST, OPEN, CODE_REQUIRED, BEFORE, 0, "close_code_required", id="E30-lost"),
        pytest.param(WON, OPEN, CODE, BEFORE, 0, "date_before_last_change", id="DX-26-date"),
        pytest.param(LOST, OPEN, CODE, BEFORE, 0, "date_before_last_change", id="6.5-lost"),
        pytest.param(WON, OPEN, CODE, DAY, 0, "amount_not_positive", id="DX-26-amount"),
        pytest.param(WON, OPEN, CODE, DAY, -1, "amount_not_positive", id="E32-below"),
        pytest.param(WON, OPEN, CODE, DAY, 1, None, id="E32-cent"),
        pytest.param(LOST, OPEN, CODE, DAY, 0, None, id="6.1-lost-without-amount"),
        pytest.param(
            WON, OPEN._replace(value=0), CODE, None, None, "amount_not_positive", id="no-value"
        ),
        pytest.param(WON, NEW, CODE, None, None, "amount_not_positive", id="new-without-amount"),
        pytest.param(WON, NEW, CODE, "1999-01-01", 5, None, id="new-in-the-past"),
        pytest.param(WON, OPEN, CODE, "2099-01-01", None, None, id="6.5-future"),
        pytest.param(
            WON,
            OPEN._replace(quote_total=0),
            CODE,
            None,
            5,
            "amount_not_positive",
            id="empty-quote",
        ),
        pytest.param(
            LOST, OPEN._replace(quote_total=0), CODE, None, None, None, id="lost-empty-quote"
        ),
    ],
)
def test_checks_of_closing_in_the_order_of_6_1(
    outcome: Outcome,
    standing: Standing,
    code: int | Reason,
    on: str | None,
    amount: int | None,
    expected: str | None,
) -> None:
    assert code_of(plan_close(outcome, standing, code, on, amount, TODAY)) == expected


CODES = {
    code.id: code
    for code in (
        CloseCode(1, "won", "won"),
        CloseCode(2, "lost_price", "lost"),
        CloseCode(3, "lost_rival", "lost"),
    )
}


@pytest.mark.parametrize(
    ("outcome", "named", "known", "expected"),
    [
        pytest.param(WON, 1, (1, 2, 3), 1, id="named-won"),
        pytest.param(LOST, 3, (1, 2, 3), 3, id="named-lost"),
        pytest.param(LOST, None, (1, 2), 2, id="DX-28"),
        pytest.param(WON, None, (1, 2, 3), 1, id="DX-28-won"),
        pytest.param(LOST, None, (1, 2, 3), "close_code_required", id="E30-several"),
        pytest.param(LOST, None, (1,), "close_code_required", id="E30-none-of-it"),
        pytest.param(WON, None, (), "close_code_required", id="E30-none-at-all"),
        pytest.param(WON, 2, (1, 2, 3), "close_code_of_other_outcome", id="E33-won"),
        pytest.param(LOST, 1, (1, 2), "close_code_of_other_outcome", id="E33-lost"),
    ],
)
def test_the_close_code(
    outcome: Outcome, named: int | None, known: tuple[int, ...], expected: int | str
) -> None:
    found = choose_code(outcome, named, {id: CODES[id] for id in known})
    assert (found.code if isinstance(found, Reason) else found) == expected


def test_a_close_code_of_the_other_outcome_is_named() -> None:
    reason = choose_code(LOST, 1, CODES)
    assert isinstance(reason, Reason)
    assert reason.details == {"key": "won", "outcome": "lost"}


def test_why_no_close_code_can_be_had_is_said_as_it_is() -> None:
    other = Reason("close_code_of_other_outcome", "another outcome")
    assert plan_close(WON, OPEN, other, None, None, TODAY) is other


def test_an_early_closing_date_names_the_last_change() -> None:
    reason = plan_close(LOST, OPEN, CODE, BEFORE, None, TODAY)
    assert isinstance(reason, Reason)
    assert reason.details == {"date": DAY}


@pytest.mark.parametrize(
    ("outcome", "amount", "quote_total", "calculated"),
    [
        pytest.param(WON, 940_000, None, 940_000, id="DX-29"),
        pytest.param(LOST, None, None, 0, id="DX-30"),
        pytest.param(LOST, 940_000, None, 0, id="DX-30-amount"),
        pytest.param(LOST, None, 915_000, 0, id="DX-30-quote"),
        pytest.param(WON, 940_000, 915_000, 915_000, id="DX-31"),
        pytest.param(WON, None, 915_000, 915_000, id="quote-proposed"),
        pytest.param(WON, None, None, 900_000, id="value-proposed"),
    ],
)
def test_the_closing_entry(
    outcome: Outcome, amount: int | None, quote_total: int | None, calculated: int
) -> None:
    standing = OPEN._replace(quote_total=quote_total)
    percent = 10_000 if outcome is WON else 0
    assert plan_close(outcome, standing, CODE, None, amount, TODAY) == Entry(
        action=Action.WON if outcome is WON else Action.LOST,
        stage=None,
        stage_name=None,
        previous_stage=40,
        date=TODAY,
        figures=Figures(900_000, percent, 10_000, percent, calculated),
        close_date=TODAY,
        days_open=9,
        closed_on=TODAY,
        close_code=CODE,
    )


@pytest.mark.parametrize(
    ("on", "today", "expected", "days"),
    [
        (None, TODAY, TODAY, 9),
        (None, "2024-01-10", DAY, 0),
        (DAY, TODAY, DAY, 0),
        ("2024-02-01", TODAY, "2024-02-01", 15),
    ],
)
def test_the_closing_date(on: str | None, today: str, expected: str, days: int) -> None:
    entry = entry_of(plan_close(LOST, OPEN, CODE, on, None, today))
    assert (entry.date, entry.close_date, entry.closed_on) == (expected,) * 3
    assert entry.days_open == days


@pytest.mark.parametrize(("outcome", "calculated"), [(WON, 5), (LOST, 0)])
def test_dx_32_closed_before_it_was_started(outcome: Outcome, calculated: int) -> None:
    entry = entry_of(plan_close(outcome, NEW, CODE, None, 5, TODAY))
    assert (entry.stage, entry.previous_stage, entry.days_open) == (None, None, None)
    assert (entry.figures.value, entry.figures.calculated) == (0, calculated)


NEVER = {"last_stage": None, "last_chances": 0, "last_close_date": None, "value": 0}


@pytest.mark.parametrize(
    ("standing", "on", "stages", "expected"),
    [
        # Every later fault at once, so that the table is the order.
        pytest.param(NEW._replace(has_order=True), BEFORE, EMPTY, "not_closed", id="new"),
        pytest.param(OPEN._replace(has_order=True), BEFORE, EMPTY, "not_closed", id="open"),
        pytest.param(
            closed(Status.WON, has_order=True, **NEVER),
            BEFORE,
            EMPTY,
            "quote_ordered",
            id="ordered",
        ),
        pytest.param(closed(Status.WON, **NEVER), BEFORE, EMPTY, "never_started", id="never"),
        pytest.param(closed(Status.LOST, **NEVER), None, T1, "never_started", id="never-lost"),
        pytest.param(closed(Status.WON), BEFORE, EMPTY, "stage_gone", id="no-stages"),
        pytest.param(closed(Status.LOST, last_stage=25), BEFORE, T1, "stage_gone", id="stage-gone"),
        pytest.param(closed(Status.WON), DAY, T1, "date_before_last_change", id="early"),
        pytest.param(closed(Status.WON), TODAY, T1, None, id="same-day"),
        pytest.param(closed(Status.LOST), "2099-01-01", T1, None, id="future"),
        pytest.param(closed(Status.WON, quote_total=915_000), None, T1, None, id="quoted"),
    ],
)
def test_checks_of_reopening_in_their_order(
    standing: Standing, on: str | None, stages: Cycle, expected: str | None
) -> None:
    assert code_of(plan_reopen(standing, on, stages, TODAY)) == expected


@pytest.mark.parametrize("status", [Status.WON, Status.LOST])
def test_reopening_takes_up_stage_value_chance_and_date(status: Status) -> None:
    assert plan_reopen(closed(status), "2024-02-05", T1, TODAY) == Entry(
        action=Action.REOPENED,
        stage=40,
        stage_name="Talks",
        previous_stage=None,
        date="2024-02-05",
        figures=Figures(900_000, 8000, 8500, 6800, 612_000),
        close_date="2024-06-30",
        days_open=10,
        closed_on=None,
        close_code=None,
    )


def test_reopening_is_dated_and_counted_like_a_move() -> None:
    stages = cycle(Stage(40, "Talks", 2000, 0, date_formula="1W"), method=Method.ADD)
    entry = entry_of(plan_reopen(closed(Status.WON), None, stages, "2024-01-01"))
    assert (entry.date, entry.days_open, entry.close_date) == (TODAY, 0, "2024-06-30")
    assert entry.figures == Figures(900_000, 8000, 2000, 5000, 450_000)


QUOTE = Reason("some_reason", "no quote can be made")
MOVES = ["start", "next", "previous", "skip", "jump", "update"]
# Section 7 of cli.md: one element per action, in this order.
ACTIONS = [*MOVES, "close-won", "close-lost", "reopen", "quote", "delete"]
NOT_OFFERED = "action_not_offered"
ALL_CLOSED = dict.fromkeys([*MOVES, "close-won", "close-lost"], "opportunity_closed")


@pytest.mark.parametrize(
    ("standing", "stages", "expected"),
    [
        pytest.param(
            NEW,
            T1,
            {
                "start": [10],
                **dict.fromkeys(MOVES[1:], NOT_OFFERED),
                "close-won": [],
                "close-lost": [],
                "reopen": "not_closed",
                "delete": "not_closed",
            },
            id="not-started",
        ),
        pytest.param(
            NEW,
            EMPTY,
            {
                **dict.fromkeys(MOVES, "cycle_without_stages"),
                "close-won": [],
                "close-lost": [],
                "reopen": "not_closed",
                "delete": "not_closed",
            },
            id="without-stages",
        ),
        pytest.param(
            OPEN._replace(stage=20),
            T1,
            {
                "start": "already_started",
                "next": [30],
                "previous": [10],
                "skip": [30, 40],
                "jump": [10],
                "update": [20],
                "close-won": [],
                "close-lost": [],
                "reopen": "not_closed",
                "delete": "not_closed",
            },
            id="DX-07",
        ),
        pytest.param(
            OPEN._replace(stage=50),
            T1,
            {
                "start": "already_started",
                "next": NOT_OFFERED,
                "previous": [40],
                "skip": NOT_OFFERED,
                "jump": [40, 30, 20, 10],
                "update": [50],
                "close-won": [],
                "close-lost": [],
                "reopen": "not_closed",
                "delete": "not_closed",
            },
            id="last-stage",
        ),
        pytest.param(
            closed(Status.WON), T1, {**ALL_CLOSED, "reopen": [40], "delete": []}, id="won"
        ),
        pytest.param(
            closed(Status.LOST, last_stage=10),
            T1,
            {**ALL_CLOSED, "reopen": [10], "delete": []},
            id="lost",
        ),
        pytest.param(
            closed(Status.LOST, **NEVER),
            T1,
            {**ALL_CLOSED, "reopen": "never_started", "delete": []},
            id="DX-32",
        ),
        pytest.param(
            closed(Status.WON, has_order=True),
            T1,
            {**ALL_CLOSED, "reopen": "quote_ordered", "delete": []},
            id="ordered",
        ),
    ],
)
@pytest.mark.parametrize("quote", [QUOTE, None], ids=["no-quote", "quote"])
def test_what_is_allowed(
    standing: Standing, stages: Cycle, expected: dict[str, str | list[int]], quote: Reason | None
) -> None:
    """A code where an action is not offered, else the numbers of its targets."""
    offers = allowed(standing, stages, quote, TODAY)
    assert [offer.action for offer in offers] == ACTIONS
    found = {
        offer.action: offer.reason.code if offer.reason else [s.number for s in offer.targets]
        for offer in offers
    }
    assert found == {**expected, "quote": "some_reason" if quote else []}
    assert all(not offer.targets for offer in offers if offer.reason)
