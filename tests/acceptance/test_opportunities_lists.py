"""Opportunity cases DX-37 to DX-49 and DX-53: finding, deleting, contacts, cycles, days."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.acceptance.opportunity_steps import (
    LATER,
    at_work,
    closed,
    deal,
    move,
    quote,
    refusal,
    shown,
    standing_on,
)
from tests.acceptance.steps import company, person

if TYPE_CHECKING:
    from tests.conftest import Cli


@pytest.fixture
def t1(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The command line on a file with the cycle T1."""
    return at_work(cli, monkeypatch)


def ids(cli: Cli, *words: object) -> list[int]:
    """The numbers of a list."""
    return [row["id"] for row in cli.json(*words)]


@pytest.mark.parametrize(
    ("words", "left"),
    [
        pytest.param(("--closed-before", "2024-01-16"), [3, 4], id="until-15-january"),
        pytest.param(("--closed-before", "2024-01-15"), [2, 3, 4], id="the-day-is-left-out"),
        pytest.param(("--where", "closed_on <= 2024-01-15"), [3, 4], id="where"),
        pytest.param(("--where", "closed <= 2024-01-15"), [3, 4], id="alias"),
    ],
)
def test_dx_37_closed_until(t1: Cli, words, left: list[int]) -> None:
    """Of those closed on 1, 15 and 31 January, the first two go; the open one is not matched."""
    for id, day in ((1, "01"), (2, "15"), (3, "31")):
        assert closed(t1, "lost", deal(t1), "--on", f"2024-01-{day}") == id
    standing_on(t1, 10)
    gone = 4 - len(left)
    dry = t1.json("closed", "delete", *words, "--dry-run")
    assert (dry["matched"], dry["changed"], dry["refused"], dry["change"]) == (gone, gone, 0, None)
    assert ids(t1, "opportunity", "list") == [1, 2, 3, 4]
    assert t1.json("closed", "delete", *words, "--yes")["changed"] == gone
    assert ids(t1, "opportunity", "list") == left
    t1("change", "undo", "last", "--yes")
    assert ids(t1, "opportunity", "list") == [1, 2, 3, 4]


def test_dx_38_filters_are_combined(t1: Cli) -> None:
    """Salesperson, cycle, contact, campaign and number together: only what matches them all."""
    for name in ("anna", "bo"):
        t1("user", "add", name)
    acme, beta = company(t1, "Acme"), company(t1, "Beta")
    right: dict[str, object] = {"--salesperson": "anna", "--campaign": "Spring"}

    def add(cycle: str = "t1", of: int = acme, **other: object) -> int:
        words = right | {f"--{name}": value for name, value in other.items()}
        flat = [word for pair in words.items() for word in pair]
        return closed(t1, "lost", deal(t1, *flat, of=of, cycle=cycle))

    both = [add(), add()]
    add(cycle="standard")
    add(of=beta)
    add(salesperson="bo")
    add(campaign="Autumn")
    deal(t1, "--salesperson", "anna", "--campaign", "Spring", of=acme)  # open
    words = ["--salesperson", "anna", "--campaign", "Spring", "--cycle", "t1"]
    words += ["--company", "Acme"]
    assert ids(t1, "closed", "list", *words) == both
    words += ["--where", f"id = {both[1]}"]
    assert ids(t1, "closed", "list", *words) == both[1:]
    assert t1.json("closed", "delete", *words, "--yes")["changed"] == 1
    assert ids(t1, "opportunity", "list") == [1, 3, 4, 5, 6, 7]
    assert t1.json("closed", "delete", *words)["matched"] == 0


def test_dx_43_contact_of_a_started_one(t1: Cli) -> None:
    """Started, it may go to a person of company X, but to nobody of Y."""
    x, y = company(t1, "X"), company(t1, "Y")
    of_x, of_y = person(t1, "Ann", of=x), person(t1, "Bob", of=y)
    id = standing_on(t1, 10, of=x)
    record = move(t1, "edit", id, "--person", of_x)
    assert (record["contact_type"], record["person_id"], record["person"]) == (
        "person",
        of_x,
        "Ann",
    )
    assert (record["company_id"], record["company"]) == (x, "X")
    assert refusal(t1, "edit", id, "--person", of_y) == "contact_of_other_company"
    assert refusal(t1, "edit", id, "--company", "Y") == "contact_of_other_company"
    record = move(t1, "edit", id, "--company", "X")
    assert (record["contact_type"], record["person_id"]) == ("company", None)


def test_dx_43_contact_before_the_start(t1: Cli) -> None:
    """Not started, a person of Y is accepted."""
    x, y = company(t1, "X"), company(t1, "Y")
    of_y = person(t1, "Bob", of=y)
    record = move(t1, "edit", deal(t1, of=x), "--person", of_y)
    assert (record["person_id"], record["company_id"], record["company"]) == (of_y, y, "Y")


def test_dx_44_cycle_of_a_started_one(t1: Cli) -> None:
    """The cycle changes until the start, not after it."""
    id = deal(t1)
    assert move(t1, "edit", id, "--cycle", "standard")["cycle"] == "standard"
    move(t1, "edit", id, "--cycle", "t1")
    move(t1, "start", id)
    assert refusal(t1, "edit", id, "--cycle", "standard") == "already_started"
    assert t1.json("opportunity", "edit", id, "--cycle", "T1")["unchanged"] == 1


@pytest.mark.parametrize("status", ["not_started", "in_progress", "won", "lost"])
def test_dx_46_cycle_in_use(t1: Cli, status: str) -> None:
    """A cycle is not deleted while an opportunity refers to it, open or closed."""
    id = deal(t1)
    if status != "not_started":
        move(t1, "start", id, "--value", 1)
    if status in ("won", "lost"):
        closed(t1, status, id)
    error = t1.error("cycle", "delete", "t1", "--yes", code=4)
    assert error["code"] == "cycle_in_use"
    assert len(t1.json("stage", "list", "t1")) == 5
    if status not in ("won", "lost"):
        closed(t1, "lost", id)
    t1("opportunity", "delete", id, "--yes")
    t1("cycle", "delete", "t1", "--yes")
    assert [cycle["key"] for cycle in t1.json("cycle", "list")] == ["standard"]
    t1("change", "undo", "last", "--yes")
    assert len(t1.json("stage", "list", "t1")) == 5


def test_dx_47_stage_in_use(t1: Cli) -> None:
    """A stage with an active entry is not deleted, one with past entries only is."""
    id = standing_on(t1, 20)
    assert t1.error("stage", "delete", "t1", 20, "--yes", code=4)["code"] == "stage_in_use"
    t1("stage", "delete", "t1", 10, "--yes")
    assert [stage["stage"] for stage in t1.json("stage", "list", "t1")] == [20, 30, 40, 50]
    record = shown(t1, id)
    assert [entry["stage"] for entry in record["entries"]] == [10, 20]
    assert (record["stage"], record["stage_name"]) == (20, "Need")
    closed(t1, "lost", id)
    t1("stage", "delete", "t1", 20, "--yes")
    assert [entry["stage"] for entry in shown(t1, id)["entries"]] == [10, 20, None]


def test_dx_49_overdue_and_due(t1: Cli) -> None:
    """On 10 March, of 9, 10, 17 and 18 March: 9 is overdue; 10 and 17 are due in seven days."""
    by_day = {}
    for day in ("09", "10", "17", "18"):
        id = deal(t1)
        words = ("--on", "2024-03-01", "--value", 1, "--close-date", f"2024-03-{day}")
        move(t1, "start", id, *words)
        by_day[id] = day
    gone = deal(t1)
    move(t1, "start", gone, "--on", "2024-03-01", "--close-date", "2024-03-05", "--value", 1)
    closed(t1, "lost", gone, "--on", "2024-03-05")

    def found(*where: str) -> list[str]:
        words = [word for expression in where for word in ("--where", expression)]
        return [by_day[id] for id in ids(t1, "opportunity", "list", *words)]

    unclosed = "status = in_progress"
    assert found(unclosed, "close_date < today") == ["09"]
    assert found(unclosed, "close_date older than 0d") == ["09"]
    assert found("closed is null", "close_date <= today-1d") == ["09"]
    assert found(unclosed, "close_date between today and today+7d") == ["10", "17"]
    assert found(f"{unclosed} and close_date > today+7d") == ["18"]


def test_dx_53_average_days(t1: Cli) -> None:
    """On 20 an update after 3 days, next after 4 more: 3.5 days per entry, 7 per visit."""
    id = standing_on(t1, 20, on="2024-01-05")
    move(t1, "update", id, "--on", "2024-01-08", "--close-date", LATER)
    quote(t1, id)
    move(t1, "next", id, "--on", "2024-01-12", "--close-date", LATER)
    stages = {stage["stage"]: stage for stage in t1.json("stage", "list", "t1")}
    assert stages[20]["average_days_per_entry"] == 3.5
    assert stages[20]["average_days_per_visit"] == 7
    assert (stages[10]["opportunities"], stages[20]["opportunities"]) == (0, 0)
    assert (stages[30]["opportunities"], stages[30]["estimated_value"]) == (1, 9150)
    assert not stages[40]["average_days_per_entry"]
    assert not stages[40]["average_days_per_visit"]
    # A second visit of 5 days counts apart.
    move(t1, "previous", id, "--on", "2024-01-15", "--close-date", LATER)
    move(t1, "next", id, "--on", "2024-01-20", "--close-date", LATER)
    stages = {stage["stage"]: stage for stage in t1.json("stage", "list", "t1")}
    assert stages[20]["average_days_per_entry"] == 4
    assert stages[20]["average_days_per_visit"] == 6


def test_sums_of_cycles_and_stages(t1: Cli) -> None:
    """Section 5: cycles and stages count what is open and started, close codes all that use them."""
    deal(t1)
    standing_on(t1, 10, value=100)
    standing_on(t1, 20, value=1000)
    closed(t1, "won")
    (cycle,) = [cycle for cycle in t1.json("cycle", "list") if cycle["key"] == "t1"]
    assert (cycle["stages"], cycle["opportunities"]) == (5, 2)
    assert (cycle["estimated_value"], cycle["calculated_value"]) == (1100, 87.7)
    stages = {stage["stage"]: stage for stage in t1.json("stage", "list", "t1")}
    assert [stage["opportunities"] for stage in stages.values()] == [1, 1, 0, 0, 0]
    assert (stages[20]["estimated_value"], stages[20]["calculated_value"]) == (1000, 87.5)
    used = {code["key"]: code["opportunities"] for code in t1.json("close-code", "list")}
    assert (used["won"], used["lost_price"]) == (1, 0)
