"""The contract of selections: JSON, exit codes, consent, ``--selection``, undo and redo."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.selection_steps import (
    four_selections,
    listed,
    members,
    select,
    state,
    views,
)
from tests.conftest import Cli

KEYS = ["name", "entity", "kind", "where", "members", "owner", "description", "created_at"]


@pytest.fixture
def c(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The file with ``four_selections``, used by Boss."""
    monkeypatch.setenv("LEADCTL_USER", "boss")
    four_selections(cli)
    return cli


def test_records(c) -> None:
    rows = c.json("selection", "list")
    assert [list(row) for row in rows] == [KEYS] * 4
    told = [[row[key] for key in KEYS[:6]] for row in rows]
    assert told == [
        ["List", "person", "static", None, 2, "boss"],
        ["Berg", "person", "dynamic", "last_name = berg", 1, "boss"],
        ["Unused", "person", "dynamic", "has_company = true", 2, "boss"],
        ["Both", "person", "combined", "List only-first Berg", 1, "boss"],
    ]
    assert all(row["created_at"].endswith("Z") and row["description"] is None for row in rows)
    for row in rows:
        assert c.json("selection", "info", row["name"].upper()) == row
    made = select(c, "Two", "--where", "id > 1", "--where", "id < 3", "--description", "Æ")
    assert (made["where"], made["description"]) == ("(id > 1) and (id < 3)", "Æ")
    assert (made["members"], members(c, "Two")) == (1, [2])
    assert select(c, "Empty", "--where", "id > 99", "--static")["members"] == 0


def test_the_list_is_a_list(c) -> None:
    words = ("selection", "list")
    assert c.json(*words, "--count") == 4
    names = [row["name"] for row in c.json(*words, "--sort", "-name", "--limit", "2")]
    assert names == ["Unused", "List"]
    assert c(*words, "-f", "csv", "--fields", "name,members").out.splitlines() == [
        "name,members",
        *("List,2", "Berg,1", "Unused,2", "Both,1"),
    ]
    assert c(*words, "-f", "ids").out.split() == ["List", "Berg", "Unused", "Both"]
    assert "nope" in c.error(*words, "--fields", "nope", code=2)["message"]


def test_show_is_a_list_of_members(c) -> None:
    words = ("selection", "show", "List")
    assert c.json(*words) == c.json("person", "list", "--selection", "List")
    assert c(*words, "-f", "ids", "--sort", "-id").out.split() == ["3", "1"]
    assert c.json(*words, "--count") == 2
    assert c.json(*words, "--fields", "name", "--offset", 1, "--limit", 1) == [{"name": "Solo"}]
    groups = c.json(*words, "--group-by", "has_company")
    assert groups == [{"has_company": False, "count": 1}, {"has_company": True, "count": 1}]
    error = c.error(*words, "--fields", "stage", code=2)
    assert (error["code"], "stage" in error["message"]) == ("usage", True)


@pytest.mark.parametrize(
    ("words", "exit", "code"),
    [
        (("add", "Berg", 1), 4, "selection_not_static"),
        (("add", "Both", 1), 4, "selection_not_static"),
        (("remove", "Berg", "--all"), 4, "selection_not_static"),
        (("remove", "Both", 1), 4, "selection_not_static"),
        (("delete", "List", "--yes"), 4, "selection_in_use"),
        (("delete", "Berg"), 4, "selection_in_use"),
        (("create", "list", "--where", "id = 1"), 4, "name_taken"),
        (("rename", "Berg", "LIST"), 4, "name_taken"),
        (("copy", "Berg", "both"), 4, "name_taken"),
        (("create", "me", "--where", "id = 1"), 4, "name_reserved"),
        (("create", " ", "--where", "id = 1"), 4, "name_required"),
        (("create", "x" * 256, "--where", "id = 1"), 2, "usage"),
        (
            ("create", "X", "--combine", "Both", "--combine", "List", "--op", "union"),
            4,
            "selection_not_combinable",
        ),
        (
            ("create", "X", "--combine=Berg", "--combine=List", "--op=union", "--entity=company"),
            4,
            "selection_not_combinable",
        ),
        (("create", "X", "--combine=Berg", "--combine=nope", "--op=union"), 3, "not_found"),
        (("create", "X", "--combine=Berg", "--combine=berg", "--op=union"), 2, "usage"),
        (("create", "X", "--combine=Berg", "--op=union"), 2, "usage"),
        (("create", "X", "--combine=Berg", "--combine=List"), 2, "usage"),
        (("create", "X", "--combine=Berg", "--combine=List", "--op=minus"), 2, "usage"),
        (("create", "X", "--where", "id = 1", "--op=union"), 2, "usage"),
        (("create", "X", "--where", "id = 1", "--combine=Berg"), 2, "usage"),
        (("create", "X", "--where", "id = 1", "--entity=quote"), 2, "usage"),
        (("create", "X", "--where", "stage = 10"), 2, "usage"),
        (("create", "X", "--where", "id ="), 2, "usage"),
        (("create", "X"), 2, "usage"),
        (("create", "X", "--static"), 2, "usage"),
        (("create",), 2, "usage"),
        (("edit", "Berg"), 2, "usage"),
        (("edit", "Berg", "--where", "nope = 1"), 2, "usage"),
        (("edit", "Berg", "--op=union"), 2, "usage"),
        (("edit", "Both", "--where", "id = 1"), 2, "usage"),
        (("edit", "Both", "--op=minus"), 2, "usage"),
        (("add", "List"), 2, "usage"),
        (("add", "List", 1, "--all"), 2, "usage"),
        (("add", "List", 1, 99), 3, "not_found"),
        (("remove", "List", 99), 3, "not_found"),
        (("add", "List", "--selection", "nope"), 3, "not_found"),
        (("show", "nope"), 3, "not_found"),
        (("info", "nope"), 3, "not_found"),
        (("add", "nope", 1), 3, "not_found"),
        (("remove", "nope", 1), 3, "not_found"),
        (("edit", "nope", "--description", "x"), 3, "not_found"),
        (("freeze", "nope"), 3, "not_found"),
        (("copy", "nope"), 3, "not_found"),
        (("rename", "nope", "X"), 3, "not_found"),
        (("delete", "nope", "--yes"), 3, "not_found"),
    ],
)
def test_exit_codes(c, words: tuple, exit: int, code: str) -> None:
    before = state(c)
    assert c.error("selection", *words, code=exit)["code"] == code
    assert state(c) == before


def test_a_near_name_is_offered(c) -> None:
    assert "Unused" in c.error("selection", "show", "Unusd", code=3)["hint"]
    assert "selection list" in c.error("person", "list", "--selection", "???", code=3)["hint"]


def test_consent(c) -> None:
    before = state(c)
    assert c.error("selection", "delete", "Unused", code=6)["code"] == "consent_needed"
    assert state(c) == before
    dry = c.json("selection", "delete", "Unused", "--dry-run")
    assert (dry["changed"], dry["change"], state(c)) == (1, None, before)
    assert c.json("selection", "remove", "List", 1)["changed"] == 1
    assert c.json("selection", "delete", "Unused", "--yes")["changed"] == 1
    assert set(views(c)) == {"selection_berg"}


def test_reports_of_add_and_remove(c) -> None:
    report = c.json("selection", "add", "List", 1, 2, 99, "--keep-going", code=5)
    assert [report[key] for key in ("matched", "changed", "unchanged", "missing")] == [2, 1, 1, 1]
    assert members(c, "List") == [1, 2, 3]
    assert c.error("selection", "remove", "List", "--all", "--expect", 2, code=7)["code"]
    assert c.error("selection", "remove", "List", "--all", "--max-changes", 2, code=7)["code"]
    report = c.json("selection", "remove", "List", "--selection", "Berg")
    assert (report["changed"], members(c, "List")) == (1, [2, 3])
    assert c.json("selection", "add", "List", "--selection", "Both")["unchanged"] == 2
    lines = c("selection", "add", "List", "--all", "-f", "ndjson").lines
    assert [(line["id"]) for line in lines] == [1, 2, 3]


def test_selection_of_people(c) -> None:
    assert [row["id"] for row in c.json("person", "list", "--selection", "both")] == [3]
    assert c.json("person", "list", "--selection", "List", "--count") == 2
    assert c.json("person", "edit", "--selection", "List", "--title", "X")["changed"] == 2
    report = c.json("person", "set-status", "--selection", "Unused", "qualified")
    assert (report["matched"], report["changed"]) == (2, 2)
    assert "member m" in c("person", "list", "--selection", "List", "--explain").out
    for words in (("--where", "id = 1"), ("--all",), ("--ids-from", "x")):
        c.error("person", "list", "--selection", "List", *words, code=2)
    c.error("person", "edit", 1, "--selection", "List", "--title", "X", code=2)
    c("person", "delete", "--selection", "Berg", "--yes")
    assert (members(c, "List"), c.json("selection", "info", "List")["members"]) == ([3], 1)
    c("change", "undo", "last", "--yes")
    assert members(c, "List") == [1, 3]


def test_the_wrong_kind_of_record(c) -> None:
    listed(c, "Places", [1], "--entity", "company")
    for words in (
        ("company", "list", "--selection", "List"),
        ("opportunity", "next", "--selection", "List"),
        ("closed", "delete", "--selection", "List", "--yes"),
        ("person", "set-status", "--selection", "Places", "open"),
        ("selection", "add", "List", "--selection", "Places"),
    ):
        assert c.error(*words, code=2)["code"] == "usage", words
    assert c.json("company", "edit", "--selection", "Places", "--country", "NO")["changed"] == 1


def test_selections_of_opportunities(deals) -> None:
    listed(deals, "Two", [2, 3], "--entity", "opportunity")
    open_ones = ("--where", "status = in_progress", "--where", "value >= 300.5")
    made = select(deals, "Open", "--entity", "opportunity", *open_ones)
    assert (made["members"], views(deals)) == (3, {"selection_open": [2, 3, 6]})
    found = deals.json("opportunity", "list", "--selection", "Open", "--salesperson", "anna")
    assert found == []
    found = deals.json("opportunity", "list", "--selection", "Two", "--company", "Acme")
    assert [row["id"] for row in found] == [2, 3]
    report = deals.json("opportunity", "next", "--selection", "Two", "--value", 10)
    assert (report["matched"], report["changed"]) == (2, 2)
    assert members(deals, "Open") == [6] == views(deals)["selection_open"]


def test_closed_delete_refuses_open_members(deals) -> None:
    listed(deals, "Mixed", [2, 5, 7], "--entity", "opportunity")
    found = deals.json("closed", "list", "--selection", "Mixed")
    assert [row["id"] for row in found] == [5, 7]
    error = deals.error("closed", "delete", "--selection", "Mixed", "--yes", code=4)
    assert error["code"] == "not_closed"
    words = ("closed", "delete", "--selection", "Mixed", "--yes", "--keep-going")
    report = deals.json(*words, code=5)
    assert (report["changed"], report["refused"]) == (2, 1)
    assert members(deals, "Mixed") == [2]
    deals("change", "undo", "last", "--yes")
    assert members(deals, "Mixed") == [2, 5, 7]


def test_retired_people(c) -> None:
    select(c, "Named", "--where", "retired = true or id = 2")
    select(c, "All", "--combine", "List", "--combine", "Unused", "--op", "union")
    c("person", "retire", 1)
    assert members(c, "List") == [1, 3]
    assert (members(c, "Unused"), members(c, "Berg")) == ([2], [])
    assert members(c, "Named") == [1, 2]
    assert (members(c, "All"), members(c, "Both")) == ([1, 2, 3], [1, 3])
    assert views(c) == {"selection_berg": [], "selection_unused": [2], "selection_named": [1, 2]}
    found = c.json("person", "list", "--selection", "Unused", "--retired")
    assert [row["id"] for row in found] == [1, 2]
    assert c.json("person", "list", "--selection", "List", "--count") == 2


@pytest.mark.parametrize(
    "words",
    [
        ("create", "New", "--where", "id > 1"),
        ("create", "New", "--where", "id > 1", "--static"),
        ("create", "New", "--combine=List", "--combine=Unused", "--op=union"),
        ("add", "List", 2),
        ("add", "List", "--all"),
        ("remove", "List", 3),
        ("remove", "List", "--all"),
        ("rename", "Berg", "Mountain"),
        ("rename", "List", "liste"),
        ("rename", "Berg", "BERG"),
        ("freeze", "Unused"),
        ("freeze", "Both"),
        ("edit", "Berg", "--where", "id = 2", "--description", "x"),
        ("edit", "Unused", "--where", "owner = me"),
        ("edit", "Both", "--op", "union"),
        ("copy", "Berg"),
        ("copy", "List", "Another"),
        ("delete", "Unused", "--yes"),
        ("delete", "Both", "--yes"),
    ],
)
def test_undo_and_redo(c, words: tuple) -> None:
    before = state(c)
    c("selection", *words, "--dry-run")
    assert state(c) == before
    c("selection", *words)
    after = state(c)
    assert after != before
    undone = c.json("change", "undo", "last", "--yes")
    assert state(c) == before
    redone = c.json("change", "undo", undone["change"], "--yes")
    assert state(c) == after
    c("change", "undo", redone["change"], "--yes")
    assert state(c) == before


def test_undo_keeps_what_has_changed_since(c) -> None:
    listed(c, "Later", [1])
    made = c.json("change", "list", "--limit", 1)[0]["id"]
    select(c, "Of it", "--combine", "Later", "--combine", "Berg", "--op", "union")
    before = state(c)
    assert c.error("change", "undo", made, "--yes", code=4)["code"] == "changed_since"
    assert state(c) == before


def test_a_name_that_is_free_again_is_not_brought_back_twice(c) -> None:
    gone = c.json("selection", "delete", "Unused", "--yes")["change"]
    select(c, "unused", "--where", "id = 1")
    before = state(c)
    c.error("change", "undo", gone, "--yes", code=4)
    assert state(c) == before


def test_descriptions_are_cleared(c) -> None:
    c("selection", "edit", "List", "--description", "x")
    assert c.json("selection", "info", "List")["description"] == "x"
    c("selection", "edit", "List", "--description", "")
    assert c.json("selection", "info", "List")["description"] is None
    assert c.json("selection", "edit", "List", "--description", "")["unchanged"] == 1


@pytest.mark.parametrize("expected", [1, 3])
def test_create_with_an_expected_number(c, expected: int) -> None:
    words = ("--where", "id < 4", "--static", "--expect", 3)
    assert select(c, "Three", *words)["members"] == 3
    assert select(c, "One", "--where", "id < 4", "--expect", 1)["members"] == 3


def test_a_list_with_a_hole_is_not_made(c) -> None:
    words = ("selection", "create", "X", "--ids-from", "ids.txt", "--keep-going")
    Path("ids.txt").write_text("1\n99\n", encoding="utf-8")
    assert c.error(*words, code=3)["code"] == "not_found"
    assert c.error("selection", "info", "X", code=3)["code"] == "not_found"


def test_static_goes_with_a_filter(c) -> None:
    words = ("--combine=List", "--combine=Berg", "--op=union", "--static")
    assert c.error("selection", "create", "X", *words, code=2)["code"] == "usage"


def test_the_same_source_twice_however_it_is_written(c) -> None:
    words = ("--combine=List", "--combine", "List ", "--op=union")
    assert c.error("selection", "create", "X", *words, code=2)["code"] == "usage"


def test_undoing_freeze_leaves_no_members_behind(c) -> None:
    frozen = c.json("selection", "freeze", "Berg")["change"]
    c("selection", "add", "Berg", 3)
    undone = c("change", "undo", frozen, "--yes", "-f", "json", code=None)
    if undone.code == 0:
        c("selection", "freeze", "Berg")
        assert members(c, "Berg") == [1]
    else:
        assert undone.error["code"] == "changed_since"


def test_a_refused_undo_counts_from_nought(c) -> None:
    listed(c, "Later", [1])
    made = c.json("change", "list", "--limit", 1)[0]["id"]
    c("selection", "add", "Later", 2)
    report = c.json("change", "undo", made, "--yes", code=4)
    assert [report[key] for key in ("changed", "unchanged", "refused")] == [0, 0, 1]
