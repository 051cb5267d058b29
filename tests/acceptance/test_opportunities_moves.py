"""Opportunity cases DX-01 to DX-25: figures, stages that can be reached, checks and dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.acceptance.opportunity_steps import (
    LATER,
    TODAY,
    actions,
    active,
    allowed,
    at_work,
    cycle_t1,
    deal,
    figures,
    move,
    quote,
    refusal,
    shown,
    standing_on,
    targets,
)

if TYPE_CHECKING:
    from tests.conftest import Cli


@pytest.fixture
def t1(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The command line on a file with the cycle T1."""
    return at_work(cli, monkeypatch)


@pytest.mark.parametrize(
    ("method", "probability", "calculated"),
    [
        pytest.param("multiply", 21, 2100, id="multiply"),
        pytest.param("add", 47.5, 4750, id="add"),
        pytest.param("chances", 60, 6000, id="chances"),
        pytest.param("completed", 35, 3500, id="completed"),
    ],
)
def test_dx_01_probability_by_method(
    cli: Cli, method: str, probability: float, calculated: float
) -> None:
    """On stage 20 with 10,000 and 60 %, each method has its probability and calculated value."""
    cycle_t1(cli, method)
    id = standing_on(cli, 10)
    words = ("--on", TODAY, "--value", 10_000, "--chances", 60, "--close-date", LATER)
    record = move(cli, "next", id, *words)
    assert (record["stage"], record["stage_name"]) == (20, "Need")
    assert record["estimated_value"] == 10_000
    assert figures(record) == (60, 35, probability, calculated)
    assert figures(active(record)) == figures(record)
    (listed,) = cli.json("opportunity", "list")
    assert figures(listed) == figures(record)
    (cycle,) = [cycle for cycle in cli.json("cycle", "list") if cycle["key"] == "t1"]
    assert cycle["method"] == method
    assert (cycle["estimated_value"], cycle["calculated_value"]) == (10_000, calculated)


@pytest.mark.parametrize(
    ("value", "chances", "probability", "calculated"),
    [
        pytest.param("1234.56", "33", 1.65, 20.37, id="the-case"),
        pytest.param("0.50", "20", 1, 0.01, id="half-goes-up"),
        pytest.param("1000", "33.33", 1.67, 16.67, id="from-the-exact-probability"),
        pytest.param("100", "0.1", 0.01, 0.01, id="smallest"),
        pytest.param("9999999999999.99", "100", 5, 500_000_000_000, id="largest"),
    ],
)
def test_dx_02_rounded_when_written(
    t1: Cli, value: str, chances: str, probability: float, calculated: float
) -> None:
    """1,234.56 at 33 % and 5 % completed is 1.65 % and, rounded to the cent, 20.37."""
    id = deal(t1, cycle="standard")
    record = move(t1, "start", id, "--value", value, "--chances", chances)
    assert record["completed_percent"] == 5
    assert (record["probability_percent"], record["calculated_value"]) == (probability, calculated)
    assert record["estimated_value"] == float(value)


def test_dx_04_cycle_without_stages(t1: Cli) -> None:
    """An opportunity whose cycle has no stage cannot be started, nor be added started."""
    t1("cycle", "add", "Empty")
    id = deal(t1, cycle="empty")
    assert refusal(t1, "start", id) == "cycle_without_stages"
    assert allowed(t1, id)["start"]["reason"] == "cycle_without_stages"
    added = ("opportunity", "add", "X", "--company", 1, "--cycle", "empty", "--start")
    assert t1.error(*added, code=4)["code"] == "cycle_without_stages"
    assert t1.json("opportunity", "list", "--count") == 1


def test_dx_05_started_twice(t1: Cli) -> None:
    """What is in progress cannot be started."""
    assert refusal(t1, "start", standing_on(t1, 20)) == "already_started"


def test_start_writes_the_first_entry(t1: Cli) -> None:
    """Section 5.1: the lowest stage, value 0, the stage's chance, its formula for the date."""
    t1("stage", "edit", "t1", 10, "--date-formula", "1M")
    record = move(t1, "start", deal(t1), "--on", "2024-01-31")
    entry = active(record)
    assert actions(record) == ["first"]
    assert (record["status"], record["stage"]) == ("in_progress", 10)
    assert (entry["stage"], entry["previous_stage"]) == (10, None)
    assert (entry["date"], entry["days_open"]) == ("2024-01-31", 0)
    assert entry["estimated_value"] == 0
    assert figures(entry) == (10, 2, 0.2, 0)
    assert entry["close_date"] == record["close_date"] == "2024-02-29"
    assert (entry["closed_on"], entry["close_code"]) == (None, None)


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        pytest.param(10, {20, 30, 40}, id="on-10"),
        pytest.param(20, {30, 40}, id="dx-07"),
        pytest.param(30, set(), id="dx-08"),
        pytest.param(40, set(), id="on-40"),
        pytest.param(50, set(), id="on-50"),
    ],
)
def test_dx_07_dx_08_stages_to_skip_to(t1: Cli, stage: int, expected: set[int]) -> None:
    """From 20 one may skip to 30 and 40, from 30 to none, since 40 forbids it."""
    id = standing_on(t1, stage)
    assert targets(t1, id, "skip") == expected
    if not expected:
        assert refusal(t1, "skip", id) == "action_not_offered"
        assert refusal(t1, "skip", id, "--to", 50, "--on", "2023-01-01") == "action_not_offered"
    else:
        assert refusal(t1, "skip", id, "--to", 50) == "stage_not_reachable"
        assert refusal(t1, "skip", id, "--to", stage) == "stage_not_reachable"
        assert refusal(t1, "skip", id, "--to", 25) == "stage_not_reachable"


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        pytest.param("YYYNN", [{2, 3, 4}, {3, 4}, set(), set(), set()], id="ex-large"),
        pytest.param("YYNN", [{2, 3}, set(), set(), set()], id="ex-small"),
        pytest.param(
            "YNNNYYN",
            [set(), set(), set(), {5, 6, 7}, {6, 7}, set(), set()],
            id="firstlarge",
        ),
        pytest.param("NNYNN", [set(), {3, 4}, set(), set(), set()], id="firstsmall"),
        pytest.param("NNY", [set(), {3}, set()], id="only-the-next"),
    ],
)
def test_section_5_4_demo_cycles(t1: Cli, flags: str, expected: list[set[int]]) -> None:
    """Every stage in between and the very next one must allow skipping; one target is enough."""
    t1("cycle", "add", "Demo")
    for number, flag in enumerate(flags, 1):
        skip = ["--allow-skip"] if flag == "Y" else []
        t1("stage", "add", "demo", number, "S", "--completed", 5, "--chances", 5, *skip)
    id = deal(t1, cycle="demo")
    move(t1, "start", id, "--value", 1)
    reached = [targets(t1, id, "skip")]
    while targets(t1, id, "next"):
        move(t1, "next", id)
        reached.append(targets(t1, id, "skip"))
    assert reached == expected
    assert refusal(t1, "next", id) == "action_not_offered"


def test_dx_10_skip_keeps_the_chance_given(t1: Cli) -> None:
    """From 10 with a quote to 30 with chance 5: jumped, 5 % stays, 3.5 %."""
    id = standing_on(t1, 10)
    quote(t1, id)
    words = ("--to", 30, "--value", 10_000, "--on", TODAY)
    record = move(t1, "skip", id, *words, "--chances", 5)
    assert figures(record) == (5, 70, 3.5, 350)
    assert active(record)["previous_stage"] == 10
    assert actions(record) == ["first", "jumped"]


def test_dx_10_skip_without_a_chance_takes_that_of_the_stage(t1: Cli) -> None:
    """Without one it is the stage's 60, hence 42 %, and the value is the quote's total."""
    id = standing_on(t1, 10)
    assert refusal(t1, "skip", id, "--to", 30) == "stage_needs_quote"
    quote(t1, id, "Work;1;9150")
    record = move(t1, "skip", id, "--to", 30, "--on", TODAY)
    assert (record["stage"], record["estimated_value"]) == (30, 9150)
    assert figures(record) == (60, 70, 42, 3843)
    assert active(record)["action"] == "jumped"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param(("--to", 20), (25, 35, 8.75, 787.5), id="stage-chance"),
        pytest.param((), (25, 35, 8.75, 787.5), id="nearest"),
        pytest.param(("--to", 20, "--chances", 5), (5, 35, 1.75, 157.5), id="own-chance"),
    ],
)
def test_dx_11_skip_to_the_next_stage_is_next(t1: Cli, words, expected) -> None:
    """From 10, skip choosing 20 is stored as next; the chance given is kept, else the stage's."""
    record = move(t1, "skip", standing_on(t1, 10), *words, "--on", TODAY)
    assert actions(record) == ["first", "next"]
    assert (record["stage"], figures(record)) == (20, expected)


def test_dx_13_jump_back_by_one(t1: Cli) -> None:
    """On 20 there is one stage below: jump is offered, and stored as previous."""
    id = standing_on(t1, 20)
    assert targets(t1, id, "jump") == {10}
    record = move(t1, "jump", id, "--on", TODAY)
    assert (record["stage"], active(record)["action"]) == (10, "previous")
    assert active(record)["previous_stage"] == 20
    assert targets(t1, id, "jump") == set()
    assert refusal(t1, "jump", id, "--to", 20) == "action_not_offered"


def test_dx_14_jump(t1: Cli) -> None:
    """On 40 a jump to 10 is stored as jumped, with the stage's 10 % and 2 %."""
    id = standing_on(t1, 40)
    assert targets(t1, id, "jump") == {10, 20, 30}
    assert refusal(t1, "jump", id, "--to", 50) == "stage_not_reachable"
    record = move(t1, "jump", id, "--to", 10, "--on", TODAY)
    assert (active(record)["action"], active(record)["previous_stage"]) == ("jumped", 40)
    assert (record["stage"], figures(record)) == (10, (10, 2, 0.2, 18))


def test_dx_14_jump_to_the_nearest_needs_no_quote(t1: Cli) -> None:
    """Without --to the nearest stage below is taken, and going back asks for no quote (5.7)."""
    jumped = move(t1, "jump", standing_on(t1, 40), "--on", TODAY)
    assert (jumped["stage"], active(jumped)["action"]) == (30, "previous")
    back = move(t1, "previous", standing_on(t1, 40), "--on", TODAY, "--chances", 7)
    assert (back["stage"], back["chances_percent"]) == (30, 7)
    assert active(back)["action"] == "previous"


def test_dx_16_update(t1: Cli) -> None:
    """On 20 an update is a new entry on the same stage; the old one is no longer active."""
    id = standing_on(t1, 20)
    before = shown(t1, id)["entries"]
    t1("opportunity", "update", id, "--on", "2024-01-06", "--chances", 33, "--close-date", LATER)
    record = move(t1, "update", id, "--on", "2024-01-09", "--value", 8000)
    assert (record["stage"], record["estimated_value"], record["close_date"]) == (20, 8000, LATER)
    assert record["chances_percent"] == 33
    assert actions(record) == ["first", "next", "updated", "updated"]
    assert record["entries"][:1] == before[:1]
    assert [entry["active"] for entry in record["entries"]] == [False, False, False, True]
    assert [entry["days_open"] for entry in record["entries"]] == [0, 1, 3, 0]
    assert active(record)["previous_stage"] == 20


def test_dx_17_days_open(t1: Cli) -> None:
    """Entries of 6, 7, 11, 13, 17 and a closing on 26 January: 1, 4, 2, 4, 9, 0 days."""
    id = deal(t1)
    words = ("--value", 100, "--close-date", LATER)
    move(t1, "start", id, "--on", "2024-01-06", *words)
    for day in ("07", "11", "13", "17"):
        move(t1, "update", id, "--on", f"2024-01-{day}", *words)
    code = ("--lost", "--code", "lost_price")
    record = move(t1, "close", id, *code, "--on", "2024-01-26")
    assert [entry["days_open"] for entry in record["entries"]] == [1, 4, 2, 4, 9, 0]


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        pytest.param("2024-03-10", "2024-03-15", id="the-case"),
        pytest.param("2024-03-20", "2024-03-20", id="today-is-later"),
    ],
)
@pytest.mark.parametrize("verb", ["next", "update", "close"])
def test_dx_19_default_date(t1: Cli, verb: str, today: str, expected: str) -> None:
    """The date left out is the later of today and the last change, here 15 March."""
    id = standing_on(t1, 10, on="2024-03-15")
    code = ("--lost", "--code", "lost_price") if verb == "close" else ()
    assert active(move(t1, verb, id, *code, "--today", today))["date"] == expected


def test_dx_20_value_above_zero(t1: Cli) -> None:
    """An update with value 0 or -1 is refused, also when 0 is the value so far; 0.01 is not."""
    id = deal(t1)
    move(t1, "start", id)
    for words in ((), ("--value", 0), ("--value=-1",)):
        assert refusal(t1, "update", id, *words) == "value_not_positive"
    assert move(t1, "update", id, "--value", "0.01")["estimated_value"] == 0.01
    for words in (("--value", 0), ("--value=-1",)):
        assert refusal(t1, "start", deal(t1), *words) == "value_not_positive"


@pytest.mark.parametrize("verb", ["next", "update"])
def test_dx_22_expected_date_before_the_change(t1: Cli, verb: str) -> None:
    """The day before the change is refused, the day itself accepted; a date kept counts, too."""
    id = standing_on(t1, 10)
    words = ("--on", "2024-03-10", "--close-date")
    assert refusal(t1, verb, id, *words, "2024-03-09") == "close_date_before_change"
    assert move(t1, verb, id, *words, "2024-03-10")["close_date"] == "2024-03-10"
    assert refusal(t1, "update", id, "--on", "2024-03-11") == "close_date_before_change"
    new = ("--on", "2024-03-10", "--close-date", "2024-03-09")
    assert refusal(t1, "start", deal(t1), *new) == "close_date_before_change"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param((), "2024-03-24", id="left-out"),
        pytest.param(("--close-date", "2024-03-10"), "2024-03-10", id="the-day-itself"),
        pytest.param(("--close-date", "2024-03-11"), "2024-03-11", id="another-day"),
    ],
)
def test_dx_23_expected_date_by_formula(t1: Cli, words, expected: str) -> None:
    """To stage 20 (two weeks) on 10 March with the date left out: 24 March; a given one stays."""
    record = move(t1, "next", standing_on(t1, 10), "--on", "2024-03-10", *words)
    assert record["close_date"] == active(record)["close_date"] == expected


def test_dx_23_kept_without_a_formula_and_on_update(t1: Cli) -> None:
    """A stage without formula keeps the date agreed before, and so does an update on 20."""
    id = standing_on(t1, 20)
    assert move(t1, "update", id, "--on", "2024-02-01")["close_date"] == LATER
    quote(t1, id)
    assert move(t1, "next", id, "--on", "2024-02-01")["close_date"] == LATER
    assert move(t1, "previous", id, "--on", "2024-02-02")["close_date"] == "2024-02-16"


def test_dx_25_order_of_the_checks(t1: Cli) -> None:
    """With several faults the date is told first, then stage, quote, value, chance, close date."""
    id = standing_on(t1, 20, on="2024-03-10")
    faults = ("--value", 0, "--chances", 0, "--close-date", "2024-03-01")
    early = ("--on", "2024-03-09", *faults)
    faults = ("--on", "2024-03-10", *faults)
    assert refusal(t1, "next", id, *early) == "date_before_last_change"
    assert refusal(t1, "skip", id, "--to", 50, *early) == "date_before_last_change"
    assert refusal(t1, "skip", id, "--to", 50, *faults) == "stage_not_reachable"
    assert refusal(t1, "next", id, *faults) == "stage_needs_quote"
    quote(t1, id)
    assert refusal(t1, "next", id, *faults) == "value_not_positive"
    assert refusal(t1, "next", id, *faults, "--value", 1) == "chances_not_positive"
    late = ("--value", 1, "--chances", 1)
    assert refusal(t1, "next", id, *faults, *late) == "close_date_before_change"
    record = move(t1, "next", id, *faults, *late, "--close-date", "2024-03-10")
    assert (record["stage"], figures(record)) == (30, (1, 70, 0.7, 0.01))
