"""Sections 15.3 and 16: distribution of new leads, similar names of companies."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.steps import company, person, shown

if TYPE_CHECKING:
    from tests.conftest import Cli


def owners(cli: Cli, *ids: int) -> list[str | None]:
    """The owner of each person."""
    return [shown(cli, id)["owner"] for id in ids]


def people(cli: Cli, count: int) -> list[int]:
    """People without company and owner."""
    return [person(cli, f"P{number}") for number in range(count)]


def test_so_121_only_people_without_owner_unless_overwrite(fixture_f: Cli) -> None:
    """A lead of u1 stays with u1; with --overwrite it is given to whose turn it is."""
    first, second = people(fixture_f, 2)
    fixture_f("person", "edit", first, "--owner", "u1")
    report = fixture_f.json("person", "distribute", first, second, "--to", "u2,u3")
    assert (report["matched"], report["changed"], report["unchanged"]) == (2, 1, 1)
    assert owners(fixture_f, first, second) == ["u1", "u2"]

    ran = fixture_f("person", "distribute", first, "--to", "u2,u3", "--overwrite", "-f", "ndjson")
    assert ran.lines[0]["changes"] == {"owner": ["u1", "u3"]}
    assert owners(fixture_f, first, second) == ["u3", "u2"]

    again = fixture_f("person", "distribute", first, "--to", "u2,u3", "-f", "ndjson")
    assert (again.lines[0]["result"], again.lines[0]["changes"]) == ("unchanged", {})


def test_so_122_nobody_available(fixture_f: Cli) -> None:
    """u3 gets all when the targets are away or inactive; without a fallback they stay, reported."""
    ids = people(fixture_f, 3)
    fixture_f("user", "edit", "u1", "--away")
    fixture_f("user", "edit", "u2", "--inactive")
    ran = fixture_f("person", "distribute", *ids, "--to", "u1,u2", "-f", "json", code=4)
    assert (ran.json["skipped"], ran.json["change"]) == (3, None)
    assert [problem["code"] for problem in ran.json["problems"]] == ["nobody_available"] * 3
    assert ran.error["code"] == "nobody_available"
    assert owners(fixture_f, *ids) == [None] * 3

    fixture_f("person", "edit", ids[0], "--owner", "u2")
    partly = fixture_f("person", "distribute", *ids, "--to", "u1", "-f", "json", code=5)
    assert (partly.json["skipped"], partly.json["unchanged"]) == (2, 1)

    fixture_f("person", "distribute", *ids, "--to", "u1,u2", "--fallback", "u3")
    assert owners(fixture_f, *ids) == ["u2", "u3", "u3"]

    # The fallback took nobody's turn: u1 begins.
    fixture_f("user", "edit", "u1", "--back")
    fixture_f("user", "edit", "u2", "--active")
    fixture_f("person", "distribute", *ids, "--to", "u1,u2", "--overwrite")
    assert owners(fixture_f, *ids) == ["u1", "u2", "u1"]

    # Who is away may be the last resort, who has left may not.
    fixture_f("user", "edit", "u1", "--away")
    fixture_f("user", "edit", "u3", "--away")
    words = ("person", "distribute", ids[2], "--to", "u1", "--fallback", "u3", "--overwrite")
    fixture_f(*words)
    assert owners(fixture_f, ids[2]) == ["u3"]
    fixture_f("user", "edit", "u3", "--inactive")
    assert fixture_f.error(*words, code=4)["code"] == "nobody_available"


def test_so_124_only_the_members_of_the_group(fixture_f: Cli) -> None:
    """Who has the group as its own gets leads; others, and who has left it, do not."""
    fixture_f("user", "edit", "u1", "--group", "North")
    fixture_f("user", "edit", "u2", "--group", "South")
    fixture_f("user", "edit", "u3", "--group", "NORTH")
    ids = people(fixture_f, 5)
    fixture_f("person", "distribute", *ids, "--group", "north")
    assert owners(fixture_f, *ids) == ["u1", "u3", "u1", "u3", "u1"]

    fixture_f("user", "edit", "u1", "--group", "South")
    fixture_f("person", "distribute", *ids[:2], "--group", "North", "--overwrite")
    assert owners(fixture_f, *ids[:2]) == ["u3", "u3"]
    assert fixture_f.error("person", "distribute", 1, "--group", "West", code=3)["code"] == (
        "not_found"
    )


def test_so_125_similar_names(fixture_f: Cli) -> None:
    """A name like that of an existing company: a warning with the hits, and the company is added."""
    acme = company(fixture_f, "Acme Norway AS")
    other = company(fixture_f, "ACME NORWAY, Inc.")
    company(fixture_f, "Acme Sweden")
    ran = fixture_f("company", "add", "Acme Norwai", "-f", "json")
    assert ran.json["name"] == "Acme Norwai"
    assert f"{acme} Acme Norway AS, {other} ACME NORWAY, Inc." in ran.err
    assert "Sweden" not in ran.err
    assert "Acme" in fixture_f("company", "add", "AS Acme Norway", "--dry-run").err

    assert fixture_f("company", "add", "Acme Norway", "-q").err == ""
    Path("leadctl.yaml").write_text("similar_names: false\n")
    assert fixture_f("company", "add", "Acme Norway").err == ""


@pytest.mark.parametrize("words", [(), ("--to", "u1", "--group", "x"), ("--to", " , ")])
def test_exactly_one_kind_of_targets(fixture_f: Cli, words: tuple[str, ...]) -> None:
    person(fixture_f, "P")
    assert fixture_f.error("person", "distribute", 1, *words, code=2)["code"] == "usage"


@pytest.mark.parametrize("words", [("--to", "u1,nobody"), ("--to", "u1", "--fallback", "nobody")])
def test_unknown_users(fixture_f: Cli, words: tuple[str, ...]) -> None:
    person(fixture_f, "P")
    assert fixture_f.error("person", "distribute", 1, *words, code=3)["code"] == "not_found"


def test_turns_go_on_over_commands_absences_and_lists(fixture_f: Cli) -> None:
    """Each list of users has its own cursor; who is away loses no turn but the ones missed."""
    ids = people(fixture_f, 8)
    for id in ids[:4]:
        fixture_f("person", "distribute", id, "--to", "u3,u1,u2")
    assert owners(fixture_f, *ids[:4]) == ["u3", "u1", "u2", "u3"]
    fixture_f("user", "edit", "u1", "--away")
    fixture_f("person", "distribute", ids[4], "--to", "u3,u1,u2")
    fixture_f("user", "edit", "u1", "--back")
    fixture_f("person", "distribute", ids[5], ids[6], "--to", "u3,u1,u2,u3")
    assert owners(fixture_f, *ids[4:7]) == ["u2", "u3", "u1"]
    fixture_f("person", "distribute", ids[7], "--to", "u1,u2,u3")
    assert owners(fixture_f, ids[7]) == ["u1"]


def test_a_company_is_assigned_once(fixture_f: Cli) -> None:
    """DI-12: the company takes the turn of its first person, and everybody in it follows."""
    acme, taken = company(fixture_f, "Acme"), company(fixture_f, "Taken")
    fixture_f("company", "edit", taken, "--owner", "u3")
    alone = person(fixture_f, "Alone")
    first, second = person(fixture_f, "A", of=acme), person(fixture_f, "B", of=acme)
    last, owned = person(fixture_f, "Last"), person(fixture_f, "C", of=taken)
    colleague = person(fixture_f, "D", of=acme)
    chosen = (last, second, first, alone, owned)
    dry = fixture_f("person", "distribute", *chosen, "--to", "u1,u2", "--dry-run")
    assert "1 company, 3 people" in dry.out
    assert "u1 2, u2 1" in dry.out
    report = fixture_f.json("person", "distribute", *chosen, "--to", "u1,u2")
    assert (report["matched"], report["changed"], report["unchanged"]) == (5, 4, 1)
    assert report["affected"] == {"companies": 1, "people": 3}
    assert owners(fixture_f, alone, first, second, colleague, last, owned) == [
        *("u1", "u2", "u2", "u2", "u1", "u3")
    ]
    assert fixture_f.json("change", "show", report["change"])["records"] == 3


def test_a_dry_run_moves_nothing_and_undo_moves_back(fixture_f: Cli) -> None:
    ids = people(fixture_f, 2)
    words = ("person", "distribute", *ids, "--to", "u1,u2,u3", "--overwrite")
    first = fixture_f(*words, "--dry-run", "-f", "ndjson").lines
    assert [line["changes"]["owner"] for line in first] == [[None, "u1"], [None, "u2"]]
    fixture_f(*words)
    assert owners(fixture_f, *ids) == ["u1", "u2"]
    report = fixture_f.json("change", "undo", "last", "-y")
    assert (report["matched"], report["changed"]) == (2, 2)
    assert fixture_f.json("change", "show", report["change"])["records"] == 2
    assert owners(fixture_f, *ids) == [None, None]
    fixture_f(*words)
    assert owners(fixture_f, *ids) == ["u1", "u2"]
    fixture_f(*words)
    assert owners(fixture_f, *ids) == ["u3", "u1"]


def test_a_turn_may_change_nothing_but_the_cursor(fixture_f: Cli) -> None:
    """Who gets the owner it had has taken a turn; that can be undone too."""
    (id,) = people(fixture_f, 1)
    fixture_f("person", "edit", id, "--owner", "u1")
    words = ("person", "distribute", id, "--to", "u1,u2", "--overwrite")
    report = fixture_f.json(*words)
    assert (report["changed"], report["unchanged"]) == (0, 1)
    assert report["change"] is not None
    assert fixture_f.json("change", "undo", "last", "-y")["changed"] == 1
    fixture_f(*words)
    fixture_f(*words)
    assert owners(fixture_f, id) == ["u2"]


def test_an_earlier_distribution_can_be_undone(fixture_f: Cli) -> None:
    """The cursor stays where a later distribution has put it."""
    ids = people(fixture_f, 3)
    first = fixture_f.json("person", "distribute", ids[0], "--to", "u1,u2,u3")["change"]
    fixture_f("person", "distribute", ids[1], "--to", "u1,u2,u3")
    report = fixture_f.json("change", "undo", first, "-y")
    assert (report["changed"], report["refused"]) == (1, 0)
    fixture_f("person", "distribute", ids[2], "--to", "u1,u2,u3")
    assert owners(fixture_f, *ids) == [None, "u2", "u3"]


def test_a_user_who_was_served_last_can_be_deleted(fixture_f: Cli) -> None:
    """The group goes on at the same place."""
    for user in ("u1", "u2", "u3"):
        fixture_f("user", "edit", user, "--group", "north")
    ids = people(fixture_f, 2)
    fixture_f("person", "distribute", *ids, "--group", "north")
    fixture_f("person", "edit", *ids, "--owner", "none")
    fixture_f("user", "delete", "u2", "-y")
    fixture_f("person", "distribute", *ids, "--group", "north", "--dry-run")
    fixture_f("change", "undo", "last", "-y")
    fixture_f("user", "delete", "u2", "-y")
    fixture_f("person", "distribute", *ids, "--group", "north")
    assert owners(fixture_f, *ids) == ["u3", "u1"]
    fixture_f("person", "edit", *ids, "--owner", "none")
    fixture_f("user", "delete", "u1", "-y")
    fixture_f("person", "distribute", ids[0], "--group", "north")
    assert owners(fixture_f, ids[0]) == ["u3"]


def test_guards_stop_a_distribution(fixture_f: Cli) -> None:
    ids = people(fixture_f, 2)
    words = ("person", "distribute", *ids, "--to", "u1,u2")
    ran = fixture_f(*words, "--max-changes", 1, code=7)
    assert "u1" not in ran.out
    assert fixture_f(*words, "--expect", 3, code=7)
    assert owners(fixture_f, *ids) == [None, None]
