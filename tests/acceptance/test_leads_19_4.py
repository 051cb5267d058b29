"""Section 19.4: administration of the lead statuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.acceptance.steps import company, counted_people, keys, person, shown, status_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Cli

BUILT_IN = ["open", "contacting", "disqualified", "re_nurture", "qualified"]


def test_so_049_five_statuses_of_a_new_file(cli: Cli, tmp_path: Path) -> None:
    """A new file has Open, Contacting, Disqualified, Re-nurture, Qualified with ids 1 to 5."""
    bare = tmp_path / "bare.db"
    cli("init", "--bare", "--db", bare)
    expected = [
        (1, "open", "Open"),
        (2, "contacting", "Contacting"),
        (3, "disqualified", "Disqualified"),
        (4, "re_nurture", "Re-nurture"),
        (5, "qualified", "Qualified"),
    ]
    items = cli.json("lead-status", "list")
    assert [(item["id"], item["key"], item["name"]) for item in items] == expected
    assert [item["is_default"] for item in items] == [True, False, False, False, False]
    assert not any(item["deleted"] for item in items)
    assert cli.json("lead-status", "list", "--db", bare) == items
    assert cli.json("category", "list", "--db", bare) == []


def test_so_050_added_status(fixture_f: Cli) -> None:
    """A new status is last, shown with its description, and can be chosen."""
    text = "Interested, but not this year"
    added = fixture_f.json("lead-status", "add", "Bad timing", "--description", text)
    assert (added["id"], added["key"], added["is_default"]) == (6, "bad_timing", False)
    assert keys(fixture_f, "lead-status") == [*BUILT_IN, "bad_timing"]
    last = fixture_f.json("lead-status", "list")[-1]
    assert (last["name"], last["description"]) == ("Bad timing", text)
    assert text in fixture_f("lead-status", "list").out
    ann = person(fixture_f, "Ann", of=company(fixture_f, "Acme", "lead"))
    fixture_f("person", "set-status", ann, "Bad timing")
    record = shown(fixture_f, ann)
    assert (record["lead_status"], record["lead_status_description"]) == ("bad_timing", text)


def test_so_052_deleting_the_default(fixture_f: Cli) -> None:
    """Deleting Open needs another default; then new leads get that one and old ones stay Open."""
    acme = company(fixture_f, "Acme", "lead")
    old = person(fixture_f, "Old", of=acme)
    before = fixture_f.json("lead-status", "list", "--deleted")
    error = fixture_f.error("lead-status", "delete", "open", code=4)
    assert error["code"] == "default_status_needed"
    assert "--default" in error["hint"]
    assert fixture_f.json("lead-status", "list", "--deleted") == before

    fixture_f("lead-status", "delete", "open", "--default", "contacting")
    new = person(fixture_f, "New", of=acme)
    assert status_of(fixture_f, old, new) == ["open", "contacting"]
    assert "Open" in fixture_f("person", "show", old).out
    items = {item["key"]: item for item in fixture_f.json("lead-status", "list", "--deleted")}
    assert (items["open"]["deleted"], items["open"]["is_default"]) == (True, False)
    assert items["contacting"]["is_default"] is True
    assert keys(fixture_f, "lead-status") == BUILT_IN[1:]
    error = fixture_f.error("person", "set-status", new, "open", code=4)
    assert error["code"] == "list_item_deleted"
    # Entering a category with lead status gives the new default, too.
    beta = company(fixture_f, "Beta", "customer_a")
    later = person(fixture_f, "Later", of=beta)
    fixture_f("company", "set-category", beta, "lead")
    assert status_of(fixture_f, later) == ["contacting"]


def test_so_053_renamed_default(fixture_f: Cli) -> None:
    """With Open renamed New, a person created in Lead is New, which is still number 1."""
    fixture_f("lead-status", "edit", "open", "--name", "New")
    ann = person(fixture_f, "Ann", of=company(fixture_f, "Acme", "lead"))
    item = fixture_f.json("lead-status", "show", "New")
    assert (item["id"], item["key"], item["name"], item["people"]) == (1, "open", "New", 1)
    assert item["is_default"] is True
    assert status_of(fixture_f, ann) == ["open"]
    for language in ("en", "da"):
        row = fixture_f(
            "--lang", language, "person", "list", "--fields", "lead_status", "-f", "markdown"
        )
        assert "New" in row.out


def test_so_055_name_of_a_deleted_status(fixture_f: Cli) -> None:
    """Qualified cannot take the name of the deleted Nurture, in any case."""
    fixture_f("lead-status", "add", "Nurture")
    fixture_f("lead-status", "delete", "nurture")
    error = fixture_f.error("lead-status", "edit", "qualified", "--name", "nurture", code=4)
    assert error["code"] == "name_taken"
    assert "restore" in error["hint"]
    assert fixture_f.json("lead-status", "show", "qualified")["name"] == "Qualified"
    error = fixture_f.error("lead-status", "add", "NURTURE", code=4)
    assert error["code"] == "name_taken"


def test_so_056_new_order_changes_no_values(fixture_f: Cli) -> None:
    """Re-ordering the statuses changes their order and nobody's value."""
    acme = company(fixture_f, "Acme", "lead")
    people = [person(fixture_f, key, of=acme, status=key) for key in BUILT_IN]
    before = [shown(fixture_f, id) for id in people]
    fixture_f("lead-status", "move", "qualified", "--before", "open")
    fixture_f("lead-status", "move", "contacting", "--after", "re_nurture")
    assert keys(fixture_f, "lead-status") == [
        "qualified",
        "open",
        "disqualified",
        "re_nurture",
        "contacting",
    ]
    assert [shown(fixture_f, id) for id in people] == before
    assert [len(fixture_f.json("person", "history", id)) for id in people] == [1] * 5
    assert counted_people(fixture_f) == dict.fromkeys(BUILT_IN, 1)
    ids = {item["key"]: item["id"] for item in fixture_f.json("lead-status", "list")}
    assert [ids[key] for key in BUILT_IN] == [1, 2, 3, 4, 5]
    # The default is a stored mark, not the first of the list.
    assert status_of(fixture_f, person(fixture_f, "New", of=acme)) == ["open"]
