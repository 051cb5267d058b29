"""Opportunity cases DX-26 to DX-35 and DX-50: closing, and what a closed one allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.acceptance.opportunity_steps import (
    LATER,
    TODAY,
    actions,
    active,
    at_work,
    closed,
    deal,
    figures,
    move,
    quote,
    refusal,
    shown,
    standing_on,
)
from tests.acceptance.steps import company

if TYPE_CHECKING:
    from tests.conftest import Cli

WON = ("--won", "--code", "won")
LOST = ("--lost", "--code", "lost_price")


@pytest.fixture
def t1(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The command line on a file with the cycle T1."""
    return at_work(cli, monkeypatch)


def test_dx_26_order_of_the_checks(t1: Cli) -> None:
    """Told first is the missing outcome, then the code, the date, and at last the amount of 0."""
    t1("close-code", "add", "Won again", "--outcome", "won")
    id = standing_on(t1, 20, on="2024-03-05")
    before = shown(t1, id)
    amount = ("--amount", 0)
    early = ("--on", "2024-03-04", *amount)
    error = t1.error("opportunity", "close", id, *early, code=2)
    assert error["code"] == "usage"
    assert refusal(t1, "close", id, "--won", *early) == "close_code_required"
    assert refusal(t1, "close", id, "--lost", *early[:2]) == "close_code_required"
    wrong = ("--won", "--code", "lost_price")
    assert refusal(t1, "close", id, *wrong, *early) == "close_code_of_other_outcome"
    assert refusal(t1, "close", id, *WON, *early) == "date_before_last_change"
    assert refusal(t1, "close", id, *LOST, *early[:2]) == "date_before_last_change"
    assert refusal(t1, "close", id, *WON, *amount) == "amount_not_positive"
    assert refusal(t1, "close", id, *WON, "--amount=-1") == "amount_not_positive"
    assert shown(t1, id) == before
    assert move(t1, "close", id, *WON, "--amount", "0.01")["calculated_value"] == 0.01


def test_dx_26_date_and_amount_are_filled_in(t1: Cli) -> None:
    """The date left out is today, the amount the estimated value; a value of 0 is no amount."""
    record = move(t1, "close", standing_on(t1, 20, value="9000.50"), *WON)
    assert (record["closed_on"], record["calculated_value"]) == (TODAY, 9000.5)
    id = deal(t1)
    move(t1, "start", id)
    assert refusal(t1, "close", id, *WON) == "amount_not_positive"
    assert move(t1, "close", id, *LOST)["calculated_value"] == 0


def test_dx_28_only_code_of_its_outcome(t1: Cli) -> None:
    """With exactly one Lost code it is taken; with three, one has to be named."""
    id = standing_on(t1, 20)
    assert refusal(t1, "close", id, "--lost") == "close_code_required"
    for code in ("lost_price", "lost_competitor"):
        t1("close-code", "delete", code, "--yes")
    record = move(t1, "close", id, "--lost")
    assert record["close_code"] == active(record)["close_code"] == "lost_no_decision"
    assert move(t1, "close", standing_on(t1, 20), "--won")["close_code"] == "won"
    t1("close-code", "delete", "lost_no_decision", "--yes", code=4)


def test_dx_28_no_code_of_its_outcome(t1: Cli) -> None:
    """With no Won code at all, none can be taken."""
    t1("close-code", "delete", "won", "--yes")
    assert refusal(t1, "close", standing_on(t1, 20), "--won") == "close_code_required"


def test_dx_29_won(t1: Cli) -> None:
    """On 40 with 9,000 at 68 % (6,120), closed Won for 9,400 on 26 January."""
    id = standing_on(t1, 40)
    assert figures(shown(t1, id)) == (80, 85, 68, 6120)
    record = move(t1, "close", id, *WON, "--amount", 9400, "--on", "2024-01-26")
    entry = active(record)
    assert actions(record) == ["first", "jumped", "won"]
    assert (entry["stage"], entry["previous_stage"]) == (None, 40)
    assert (entry["estimated_value"], entry["close_code"]) == (9000, "won")
    assert figures(entry) == (100, 100, 100, 9400)
    assert entry["date"] == entry["closed_on"] == entry["close_date"] == "2024-01-26"
    assert [e["days_open"] for e in record["entries"]] == [0, 21, 0]

    assert (record["status"], record["outcome"]) == ("won", "won")
    assert (record["stage"], record["stage_name"]) == (None, None)
    assert record["closed_on"] == record["close_date"] == "2024-01-26"
    assert (record["estimated_value"], record["close_code"]) == (9000, "won")
    assert figures(record) == (100, 100, 100, 9400)
    assert record["cycle"] == "t1"


def test_dx_30_lost(t1: Cli) -> None:
    """The same closed Lost: calculated value, chance and probability 0, completed 100."""
    id = standing_on(t1, 40)
    record = move(t1, "close", id, *LOST, "--on", "2024-01-26")
    entry = active(record)
    assert (entry["action"], entry["stage"], entry["previous_stage"]) == ("lost", None, 40)
    assert (entry["estimated_value"], entry["close_code"]) == (9000, "lost_price")
    assert figures(entry) == figures(record) == (0, 100, 0, 0)
    assert (record["status"], record["outcome"]) == ("lost", "lost")
    assert record["closed_on"] == record["close_date"] == "2024-01-26"


@pytest.mark.parametrize("words", [("--amount", 9400), ()], ids=["amount", "no-amount"])
def test_dx_31_quote_total_beats_the_amount(t1: Cli, words) -> None:
    """With a quote of 9,150, Won with 9,400 counts 9,150 and says so."""
    id = standing_on(t1, 40)
    quoted = quote(t1, id, "Work;1;9000", "Travel;2;75")
    ran = t1("opportunity", "close", id, *WON, *words, "-f", "json")
    assert bool(ran.err) is bool(words)
    assert not ran.err.startswith("{")
    record = shown(t1, id)
    assert (record["estimated_value"], record["calculated_value"]) == (9000, 9150)
    assert record["quote_id"] == quoted
    assert t1.json("quote", "show", quoted)["status"] == "open"


def test_dx_31_lost_with_a_quote(t1: Cli) -> None:
    """Closed Lost, the quote is left alone and stays with the opportunity (6.6)."""
    id = standing_on(t1, 40)
    quoted = quote(t1, id)
    record = move(t1, "close", id, *LOST)
    assert (record["calculated_value"], record["quote_id"]) == (0, quoted)
    assert t1.json("quote", "show", quoted)["status"] == "open"


def test_dx_32_lost_before_it_started(t1: Cli) -> None:
    """What has not started can be closed Lost: one entry, value 0, no stage before."""
    record = move(t1, "close", deal(t1), *LOST, "--on", "2024-03-12")
    entry = active(record)
    assert actions(record) == ["lost"]
    assert (entry["stage"], entry["previous_stage"]) == (None, None)
    assert (entry["estimated_value"], entry["days_open"]) == (0, 0)
    assert figures(entry) == (0, 100, 0, 0)
    assert entry["date"] == entry["closed_on"] == entry["close_date"] == "2024-03-12"
    assert (record["status"], record["cycle"]) == ("lost", "t1")


def test_dx_32_won_before_it_started(t1: Cli) -> None:
    """Won it needs an amount, since there is no value."""
    id = deal(t1)
    assert refusal(t1, "close", id, *WON) == "amount_not_positive"
    record = move(t1, "close", id, *WON, "--amount", 400)
    assert figures(active(record)) == (100, 100, 100, 400)
    assert (record["status"], active(record)["estimated_value"]) == ("won", 0)


@pytest.mark.parametrize("outcome", ["won", "lost"])
@pytest.mark.parametrize(
    "words",
    [
        ("start",),
        ("next",),
        ("previous",),
        ("skip",),
        ("jump",),
        ("update", "--value", 1),
        ("update", "--on", "2023-01-01", "--value", 0),
        ("close", *WON),
        ("close", *LOST),
        ("edit", "--salesperson", "anna"),
        ("edit", "--company", "Other"),
        ("edit", "--campaign", "X"),
        ("edit", "--priority", "low"),
        ("edit", "--cycle", "standard"),
    ],
    ids=lambda words: "".join(map(str, words[:2])),
)
def test_dx_34_closed_is_closed(t1: Cli, outcome: str, words) -> None:
    """A closed opportunity is not moved, not closed again, and keeps who it belongs to."""
    t1("user", "add", "anna")
    company(t1, "Other")
    id = closed(t1, outcome)
    assert refusal(t1, words[0], id, *words[1:]) == "opportunity_closed"


@pytest.mark.parametrize("outcome", ["won", "lost"])
def test_dx_34_no_quote_for_a_closed_one(t1: Cli, outcome: str) -> None:
    """A quote is made for what is in progress only; the description can still be changed."""
    id = closed(t1, outcome)
    before = shown(t1, id)
    assert t1.error("quote", "create", id, code=4)["code"] == "not_in_progress"
    assert t1.json("quote", "list") == []
    assert shown(t1, id) == before
    record = move(t1, "edit", id, "--description", "New", "--external-id", "K7")
    assert (record["description"], record["external_id"]) == ("New", "K7")


@pytest.mark.parametrize("start", [False, True], ids=["not-started", "in-progress"])
def test_dx_35_only_closed_ones_are_deleted(t1: Cli, start: bool) -> None:
    """Deleting what is not closed is refused, whether it has started or not."""
    id = standing_on(t1, 20) if start else deal(t1)
    assert refusal(t1, "delete", id, "--yes") == "not_closed"
    assert t1.error("closed", "delete", id, "--yes", code=4)["code"] == "not_closed"
    move(t1, "close", id, *LOST)
    assert t1.json("opportunity", "delete", id, "--yes")["changed"] == 1
    assert t1.json("opportunity", "list") == []


def test_dx_50_order_deleted(t1: Cli) -> None:
    """With its order deleted, a Won opportunity stays Won and its quote is open again."""
    id = standing_on(t1, 20, of=company(t1, "Buyer", "customer"))
    quoted = quote(t1, id)
    order = t1.json("quote", "make-order", quoted, "--code", "won", "--on", "2024-01-26")["id"]
    won = shown(t1, id)
    assert (won["status"], won["order_id"], won["calculated_value"]) == ("won", order, 9150)
    assert t1.json("quote", "show", quoted)["status"] == "ordered"
    assert refusal(t1, "reopen", id) == "quote_ordered"

    t1("order", "delete", order, "--yes")
    record = shown(t1, id)
    assert record["order_id"] is None
    kept = ("status", "outcome", "closed_on", "close_code", "estimated_value", "calculated_value")
    assert [record[key] for key in kept] == [won[key] for key in kept]
    assert record["entries"] == won["entries"]
    assert record["quote_id"] == quoted
    assert t1.json("quote", "show", quoted)["status"] == "open"
    assert t1.json("order", "list") == []


def test_reopened_on_its_last_stage(t1: Cli) -> None:
    """Decisions: reopen brings back the last stage, value, chance and date, as a new entry."""
    id = standing_on(t1, 40)
    move(t1, "update", id, "--on", "2024-01-08", "--chances", 50)
    closed(t1, "lost", id, "--on", "2024-01-26")
    record = move(t1, "reopen", id, "--on", "2024-01-30")
    entry = active(record)
    assert actions(record) == ["first", "jumped", "updated", "lost", "reopened"]
    assert (entry["stage"], entry["date"], entry["close_date"]) == (40, "2024-01-30", LATER)
    assert (entry["estimated_value"], figures(entry)) == (9000, (50, 85, 42.5, 3825))
    assert (entry["closed_on"], entry["close_code"]) == (None, None)
    assert [e["days_open"] for e in record["entries"]] == [0, 3, 18, 4, 0]
    assert (record["status"], record["outcome"], record["stage"]) == ("in_progress", None, 40)
    assert (record["closed_on"], record["close_code"]) == (None, None)
    assert record["stage_name"] == "Talks"
    assert move(t1, "previous", id, "--on", TODAY)["stage"] == 30


def test_reopen_refused(t1: Cli) -> None:
    """Decisions: not when it is open, never started, its stage gone, or the date too early."""
    id = standing_on(t1, 40)
    assert refusal(t1, "reopen", id) == "not_closed"
    assert refusal(t1, "reopen", deal(t1)) == "not_closed"
    closed(t1, "won", id, "--on", "2024-01-26")
    assert refusal(t1, "reopen", id, "--on", "2024-01-25") == "date_before_last_change"
    t1("stage", "delete", "t1", 40, "--yes")
    assert refusal(t1, "reopen", id) == "stage_gone"
    never = deal(t1)
    closed(t1, "lost", never)
    error = t1.error("opportunity", "reopen", never, code=4)
    assert error["code"] == "never_started"
    assert "change undo" in error["hint"]
