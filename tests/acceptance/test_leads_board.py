"""Cases SO-092 to SO-098 of the board as ``decisions.md`` overrules them, and those of other
sections that say something of boards.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.steps import company, person, status_of

STATUSES = ["open", "contacting", "disqualified", "re_nurture", "qualified"]


def board(cli, *words: object) -> dict[str, Any]:
    """The board by the keys of its columns: count and numbers of the cards."""
    shown = cli.json("board", "show", *words)
    return {
        column["key"]: (column["count"], [card["id"] for card in column["cards"]])
        for column in shown["columns"]
    }


@pytest.fixture
def leads(fixture_f):
    """A and B are Open, C is Qualified, D's company has no lead status; all but D are leads."""
    cli = fixture_f
    lead = company(cli, "Lead Ltd", "lead")
    for name, status in (("A", None), ("B", None), ("C", "qualified")):
        person(cli, name, of=lead, status=status)
    person(cli, "D", of=company(cli, "Customer Ltd", "customer_a"))
    return cli


def test_so_029_the_board_shows_one_card_after_a_merge(leads) -> None:
    """A (Open) is merged into C (Qualified): one card is left of the two."""
    leads("selection", "create", "Fair", "--where", "id in (1, 3)", "--static")
    assert board(leads, "Fair")["qualified"] == (1, [3])
    leads("person", "merge", "1", "--into", "3", "--yes")
    assert board(leads, "Fair") == {key: (0, []) for key in STATUSES} | {"qualified": (1, [3])}


def test_so_056_columns_follow_the_order_of_the_list(leads) -> None:
    """Moving a status moves its column and nobody's status."""
    before = status_of(leads, 1, 2, 3)
    leads("lead-status", "move", "qualified", "--before", "open")
    assert list(board(leads)) == ["qualified", *STATUSES[:-1], None]
    assert status_of(leads, 1, 2, 3) == before


def test_so_092_columns_in_list_order_with_empty_ones(leads) -> None:
    """A dynamic selection by lead status: five columns, three of them empty."""
    leads("selection", "create", "Leads", "--where", "category = lead")
    shown = leads.json("board", "show", "Leads", "--by", "lead_status")
    assert (shown["entity"], shown["by"]) == ("person", "lead_status")
    names = ["Open", "Contacting", "Disqualified", "Re-nurture", "Qualified"]
    assert [column["label"] for column in shown["columns"]] == names
    assert [column["count"] for column in shown["columns"]] == [2, 0, 0, 0, 1]
    assert shown["columns"][0] == {
        "key": "open",
        "label": "Open",
        "count": 2,
        "sum": None,
        "cards": [{"id": 1, "name": "A"}, {"id": 2, "name": "B"}],
    }


def test_so_094_a_card_without_the_field_stays(leads) -> None:
    """D's company has no lead status: the move is refused and nothing changes."""
    before = board(leads)
    ran = leads("board", "move", 4, "contacting", "-f", "json", code=4)
    assert (ran.json["skipped"], ran.json["changed"]) == (1, 0)
    assert ran.error["code"] == "lead_status_not_applicable"
    assert board(leads) == before
    leads("board", "move", 1, "contacting")
    assert board(leads)["contacting"] == (1, [1])


def test_so_095_companies_have_no_board_by_lead_status(leads) -> None:
    """Refused by lead status; by category and owner accepted (C-9)."""
    words = ("board", "show", "--entity", "company", "--by")
    error = leads.error(*words, "lead_status", code=4)
    assert error["code"] == "board_not_offered"
    assert board(leads, "--entity", "company")["lead"] == (1, [1])
    assert board(leads, *words[2:], "category")["customer_a"] == (1, [2])
    assert board(leads, *words[2:], "owner")[None] == (2, [2, 1])


def test_so_097_no_card_vanishes(leads) -> None:
    """Without status in (none), with a deleted status in a column that says so."""
    leads("person", "set-status", 2, "contacting")
    leads("lead-status", "delete", "contacting")
    leads("lead-status", "delete", "disqualified")
    leads("selection", "create", "All", "--where", "id > 0")
    shown = leads.json("board", "show", "All")["columns"]
    labels = ["Open", "Contacting (deleted)", "Re-nurture", "Qualified", "(none)"]
    assert [column["label"] for column in shown] == labels
    assert [column["count"] for column in shown] == [1, 1, 0, 1, 1]
    assert [column["key"] for column in shown][-1] is None
    assert sum(column["count"] for column in shown) == int(leads("person", "list", "--count").out)


def test_so_098_the_selection_says_of_what_the_board_is(leads) -> None:
    """A selection has one kind of record: its board is of these, and of no others (decisions)."""
    leads("selection", "create", "Firms", "--entity", "company", "--where", "id = 1")
    assert leads.json("board", "show", "Firms")["entity"] == "company"
    assert board(leads, "Firms")["lead"] == (1, [1])
    assert board(leads, "--selection", "Firms")["lead"] == (1, [1])
    assert leads.error("board", "show", "Firms", "--entity", "person", code=2)["code"] == "usage"


def test_b_17_a_mirrored_category_is_not_moved(leads) -> None:
    """The category of somebody in a company is the company's."""
    error = leads.error("board", "move", 1, "mql", "--by", "category", code=4)
    assert error["code"] == "category_follows_company"
    leads("board", "move", 1, "mql", "--entity", "company")
    assert board(leads, "--by", "category")["mql"] == (3, [1, 2, 3])
    alone = person(leads, "Z")
    leads("board", "move", alone, "lead", "--by", "category")
    assert status_of(leads, alone) == ["open"]
    leads("board", "move", alone, "none", "--by", "category")
    assert board(leads, "--by", "category")[None] == (1, [alone])


def test_b_19_a_move_fires_automation_and_is_in_the_history(leads) -> None:
    """The same save path as an edit, and one change that can be undone."""
    leads("automation", "set", "lead_status", "--status", "qualified", "--category", "mql")
    leads("board", "move", 1, "qualified", "--reason", "called")
    assert board(leads, "--entity", "company")["mql"] == (1, [1])
    assert leads.json("change", "list", "--limit", 1)[0]["reason"] == "called"
    leads("change", "undo", "last", "--yes")
    assert board(leads, "--entity", "company")["lead"] == (1, [1])
