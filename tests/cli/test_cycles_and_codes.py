"""Sales cycles, their stages, close codes: what a file begins with, and what edits do."""

from __future__ import annotations

import pytest

from tests.acceptance.opportunity_steps import (
    active,
    changes,
    deal,
    figures,
    move,
    shown,
    standing_on,
)

STANDARD = [
    (10, "Initial", 5, 10, False, True),
    (20, "Qualification", 20, 30, False, True),
    (30, "Presentation", 50, 50, False, True),
    (40, "Proposal", 75, 70, True, False),
    (50, "Sign contract", 90, 90, False, False),
]


def test_a_new_file_has_a_cycle_and_codes(cli) -> None:
    (cycle,) = cli.json("cycle", "list")
    assert (cycle["key"], cycle["method"], cycle["blocked"]) == ("standard", "multiply", False)
    assert (cycle["stages"], cycle["opportunities"]) == (5, 0)
    assert (cycle["estimated_value"], cycle["calculated_value"]) == (0, 0)
    keys = ("stage", "name", "completed_percent", "chances_percent", "quote_required", "allow_skip")
    stages = cli.json("stage", "list", "standard")
    assert [tuple(stage[key] for key in keys) for stage in stages] == STANDARD
    assert all(stage["date_formula"] is None for stage in stages)
    codes = {code["key"]: code["outcome"] for code in cli.json("close-code", "list")}
    assert codes == {
        "won": "won",
        "lost_price": "lost",
        "lost_competitor": "lost",
        "lost_no_decision": "lost",
    }
    assert cli.json("setting", "get", "default_cycle")["value"] == "standard"


def test_a_bare_file_has_none(bare) -> None:
    assert bare.json("cycle", "list") == []
    assert bare.json("close-code", "list") == []
    bare("company", "add", "Acme")
    bare("opportunity", "add", "X", "--company", 1, code=2)


def test_items_are_added_and_edited(t1) -> None:
    record = t1.json("cycle", "add", "Long sale")
    assert (record["key"], record["method"], record["stages"]) == ("long_sale", "multiply", 0)
    t1("cycle", "edit", "long_sale", "--name", "Longer", "--method", "completed", "--block")
    record = t1.json("cycle", "show", "Longer")
    assert (record["key"], record["method"], record["blocked"]) == ("long_sale", "completed", True)
    assert t1.json("cycle", "edit", "long_sale", "--block")["unchanged"] == 1

    for number in (30, 10, 20):
        percents = ("--completed", "12.5", "--chances", "33.33")
        stage = t1.json("stage", "add", "long_sale", number, f"S{number}", *percents)
        assert (stage["completed_percent"], stage["chances_percent"]) == (12.5, 33.33)
        assert (stage["quote_required"], stage["allow_skip"]) == (False, False)
    assert [row["stage"] for row in t1.json("stage", "list", "long_sale")] == [10, 20, 30]
    again = ("stage", "add", "long_sale", 10, "X", "--completed", 1, "--chances", 1)
    before = changes(t1)
    t1(*again, code=4)
    assert changes(t1) == before
    t1("stage", "edit", "long_sale", 10, "--name", "First", "--date-formula", "1M")
    (first, *_) = t1.json("stage", "list", "long_sale")
    assert (first["name"], first["date_formula"]) == ("First", "1M")

    record = t1.json("close-code", "add", "Budget cut", "--outcome", "lost")
    assert (record["key"], record["outcome"], record["opportunities"]) == ("budget_cut", "lost", 0)
    t1("close-code", "edit", "budget_cut", "--name", "No budget", "--outcome", "won")
    codes = {code["key"]: code for code in t1.json("close-code", "list")}
    assert (codes["budget_cut"]["name"], codes["budget_cut"]["outcome"]) == ("No budget", "won")
    t1("close-code", "delete", "No budget", "--yes")
    assert "budget_cut" not in [code["key"] for code in t1.json("close-code", "list")]


def test_edits_leave_what_is_stored(t1) -> None:
    id = standing_on(t1, 20)
    before = shown(t1, id)
    t1("stage", "edit", "t1", 20, "--completed", 99, "--chances", 1)
    t1("cycle", "edit", "t1", "--method", "add")
    assert figures(shown(t1, id)) == figures(before)
    assert shown(t1, id)["entries"] == before["entries"]
    assert figures(move(t1, "update", id)) == (25, 99, 62, 5580)


def test_a_code_in_use_can_still_be_renamed(t1) -> None:
    id = standing_on(t1, 20)
    move(t1, "close", id, "--won", "--code", "won")
    error = t1.error("close-code", "edit", "won", "--outcome", "lost", code=4)
    assert error["code"] == "close_code_in_use"
    t1("close-code", "edit", "won", "--name", "Yes")
    assert shown(t1, id)["close_code"] == "won"
    move(t1, "reopen", id)
    # The entry that was closed still carries it.
    assert t1.error("close-code", "delete", "won", "--yes", code=4)["code"] == "close_code_in_use"


@pytest.mark.parametrize(
    ("formula", "day", "expected"),
    [
        ("2W", "2024-03-10", "2024-03-24"),
        ("2w", "2024-03-10", "2024-03-24"),
        ("10D", "2024-02-25", "2024-03-06"),
        ("1M", "2024-01-31", "2024-02-29"),
        ("1Q", "2023-11-30", "2024-02-29"),
        ("1Y", "2024-02-29", "2025-02-28"),
        ("CM", "2024-02-10", "2024-02-29"),
        ("CM", "2024-02-29", "2024-02-29"),
        ("CQ", "2024-02-10", "2024-03-31"),
        ("CY", "2024-02-10", "2024-12-31"),
        ("CW", "2024-03-06", "2024-03-10"),
        ("2W+1D", "2024-03-10", "2024-03-25"),
        ("1M-1D", "2024-03-10", "2024-04-09"),
        ("CM+1D", "2024-02-10", "2024-03-01"),
        ("<+6M>", "2024-03-10", "2024-09-10"),
    ],
)
def test_date_formulas(t1, formula: str, day: str, expected: str) -> None:
    t1("stage", "edit", "t1", 10, "--date-formula", formula)
    record = move(t1, "start", deal(t1), "--on", day)
    assert active(record)["close_date"] == record["close_date"] == expected


@pytest.mark.parametrize("formula", ["2", "W", "2X", "2W1D", "C", "soon", "1.5W", "2W+", "-"])
def test_date_formulas_that_are_none(t1, formula: str) -> None:
    before = changes(t1)
    words = ("stage", "edit", "t1", 10, f"--date-formula={formula}")
    assert t1.error(*words, code=2)["code"] == "usage"
    assert changes(t1) == before


def test_a_stage_between_changes_what_is_next(t1) -> None:
    id = standing_on(t1, 10)
    t1("stage", "add", "t1", 15, "Between", "--completed", 10, "--chances", 10)
    record = move(t1, "next", id)
    assert (record["stage"], record["stage_name"]) == (15, "Between")
    t1("stage", "delete", "t1", 10, "--yes")
    error = t1.error("opportunity", "previous", id, code=4)
    assert error["code"] == "action_not_offered"
