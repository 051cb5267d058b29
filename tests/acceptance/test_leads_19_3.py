"""Section 19.3: administration of the categories."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.acceptance.steps import (
    category_of,
    company,
    field_present,
    keys,
    person,
    shown,
    status_of,
)

if TYPE_CHECKING:
    from tests.conftest import Cli

FIXTURE = [
    "lead",
    "mql",
    "prospect",
    "customer_a",
    "gone",
    "reseller",
    "supplier",
    "plain",
]


@pytest.fixture
def prospect(fixture_f: Cli) -> tuple[Cli, int, int]:
    """SO-037: a Prospect company with one person without status and one frozen as Qualified."""
    acme = company(fixture_f, "Acme", "prospect")
    first = person(fixture_f, "First", of=acme)
    source = company(fixture_f, "Beta", "lead")
    second = person(fixture_f, "Second", of=source, status="qualified")
    fixture_f("person", "move", second, "--company", acme)
    assert status_of(fixture_f, first, second) == [None, "qualified"]
    assert not field_present(fixture_f, first)
    assert not field_present(fixture_f, second)
    return fixture_f, first, second


def test_so_031_category_without_a_name(fixture_f: Cli) -> None:
    """Adding a category without a name is refused."""
    assert fixture_f.error("category", "add", code=2)["code"] == "usage"
    for name in ("", "  "):
        error = fixture_f.error("category", "add", name, "--group", "other", code=4)
        assert error["code"] == "name_required"
    assert keys(fixture_f, "category", "--deleted") == FIXTURE


def test_so_032_flag_outside_potential_customer(fixture_f: Cli) -> None:
    """Lead status cannot be enabled in group Customer, and then nothing at all is saved."""
    before = fixture_f.json("category", "list", "--deleted")
    code = "flag_outside_potential_customer"
    edit = ("category", "edit", "customer_a", "--lead-status", "--name", "Client")
    assert fixture_f.error(*edit, code=4)["code"] == code
    add = ("category", "add", "Customer B", "--group", "customer", "--lead-status")
    assert fixture_f.error(*add, code=4)["code"] == code
    assert fixture_f.error("category", "edit", "plain", "--lead-status", code=4)["code"] == code
    both = ("category", "edit", "lead", "--group", "customer", "--lead-status")
    assert fixture_f.error(*both, code=4)["code"] == code
    assert fixture_f.json("category", "list", "--deleted") == before


def test_so_034_flag_is_off_unless_given(fixture_f: Cli) -> None:
    """A new category of group Potential customer has the flag off."""
    added = fixture_f.json("category", "add", "Warm", "--group", "potential_customer")
    assert added["group"] == "potential_customer"
    assert added["lead_status_enabled"] is False
    assert category_of(fixture_f, "warm") == added


def test_so_035_flag_switched_off(fixture_f: Cli) -> None:
    """Switching off Lead's flag keeps five values, hides them, and reports 2 companies, 5 people."""
    acme, beta = company(fixture_f, "Acme", "lead"), company(fixture_f, "Beta", "lead")
    values = ["open", "contacting", "disqualified", "re_nurture", "qualified"]
    five = [
        person(fixture_f, value, of=acme if number < 3 else beta, status=value)
        for number, value in enumerate(values)
    ]
    other = person(fixture_f, "Other", of=company(fixture_f, "Gamma", "mql"))
    report = fixture_f.json("category", "edit", "lead", "--no-lead-status")
    assert report["changed"] == 1
    assert report["affected"] == {"companies": 2, "people": 5}
    assert status_of(fixture_f, *five) == values
    assert [field_present(fixture_f, id) for id in five] == [False] * 5
    assert {shown(fixture_f, id)["lead_status_reason"] for id in five} == {"flag_off"}
    assert field_present(fixture_f, other)


def test_so_037_flag_switched_on_without_backfill(prospect: tuple[Cli, int, int]) -> None:
    """Switched on without back-fill, null stays null and Qualified shows again."""
    cli, first, second = prospect
    report = cli.json("category", "edit", "prospect", "--lead-status")
    assert report["affected"] == {"companies": 1, "people": 2}
    assert status_of(cli, first, second) == [None, "qualified"]
    assert field_present(cli, first)
    assert field_present(cli, second)


def test_so_038_flag_switched_on_with_backfill(prospect: tuple[Cli, int, int]) -> None:
    """Switched on with back-fill, null becomes Open and Qualified stays."""
    cli, first, second = prospect
    report = cli.json("category", "edit", "prospect", "--lead-status", "--backfill")
    assert report["affected"] == {"companies": 1, "people": 2}
    assert status_of(cli, first, second) == ["open", "qualified"]
    assert field_present(cli, first)
    assert field_present(cli, second)


def test_so_040_name_of_a_deleted_category(fixture_f: Cli) -> None:
    """The name of a deleted category is taken, in any case, with a hint to restore."""
    fixture_f("category", "delete", "gone")
    error = fixture_f.error("category", "add", "gone", "--group", "lost", code=4)
    assert error["code"] == "name_taken"
    assert "restore" in error["hint"]
    assert fixture_f.error("category", "add", "GONE", code=4)["code"] == "name_taken"
    assert keys(fixture_f, "category", "--deleted") == FIXTURE


def test_so_041_deleted_while_in_use(fixture_f: Cli) -> None:
    """A deleted Lead is not offered any more; its companies keep it, their people a status."""
    acme, beta = company(fixture_f, "Acme", "lead"), company(fixture_f, "Beta", "mql")
    ann = person(fixture_f, "Ann", of=acme)
    alone = fixture_f.json("person", "add", "--last-name", "Alone")["id"]
    fixture_f("category", "delete", "lead")
    assert "lead" not in keys(fixture_f, "category")
    assert keys(fixture_f, "category", "--deleted") == FIXTURE
    refused = (
        ("company", "set-category", beta, "lead"),
        ("company", "edit", beta, "--category", "lead"),
        ("company", "add", "Gamma", "--category", "lead"),
        ("person", "add", "--last-name", "New", "--category", "lead"),
        ("person", "edit", alone, "--category", "lead"),
    )
    for words in refused:
        assert fixture_f.error(*words, code=4)["code"] == "list_item_deleted", words
    categories = {row["id"]: row["category"] for row in fixture_f.json("company", "list")}
    assert categories == {acme: "lead", beta: "mql"}
    record = category_of(fixture_f, "lead")
    assert (record["name"], record["deleted"], record["companies"]) == ("Lead", True, 1)
    assert "Lead" in fixture_f("company", "show", acme).out
    assert field_present(fixture_f, ann)
    fixture_f("person", "set-status", ann, "qualified")
    assert status_of(fixture_f, ann) == ["qualified"]
    new = person(fixture_f, "New", of=acme)
    assert status_of(fixture_f, new) == ["open"]


def test_so_043_restored(fixture_f: Cli) -> None:
    """A restored Lead is selectable, with its id and links; only deleted items are restored."""
    acme, beta = company(fixture_f, "Acme", "lead"), company(fixture_f, "Beta", "mql")
    before = category_of(fixture_f, "lead")
    fixture_f("category", "delete", "lead")
    assert category_of(fixture_f, "lead") == before | {"deleted": True}
    assert fixture_f.json("category", "restore", "lead")["changed"] == 1
    assert category_of(fixture_f, "lead") == before
    assert keys(fixture_f, "category") == FIXTURE
    assert fixture_f.json("company", "show", acme)["category"] == "lead"
    fixture_f("company", "set-category", beta, "lead")
    assert fixture_f.json("company", "show", beta)["category"] == "lead"
    error = fixture_f.error("category", "restore", "mql", code=4)
    assert error["code"] == "not_deleted"


def test_so_044_renamed(fixture_f: Cli) -> None:
    """After Lead is renamed, existing companies show Cold lead; the key stays."""
    acme = company(fixture_f, "Acme", "lead")
    id = category_of(fixture_f, "lead")["id"]
    fixture_f("category", "edit", "lead", "--name", "Cold lead")
    record = category_of(fixture_f, "cold LEAD")
    assert (record["id"], record["key"], record["name"]) == (id, "lead", "Cold lead")
    assert record["companies"] == 1
    assert fixture_f.json("company", "show", acme)["category"] == "lead"
    for words in (("show", acme), ("list", "--fields", "name,category")):
        assert "Cold lead" in fixture_f("company", *words).out


def test_so_046_order_of_entry_and_moving(fixture_f: Cli) -> None:
    """Three new categories come last in order of entry; the third moved up twice is their first."""
    for name in ("Zulu", "Alpha", "Mike"):
        fixture_f("category", "add", name)
    assert keys(fixture_f, "category") == [*FIXTURE, "zulu", "alpha", "mike"]
    fixture_f("category", "move", "mike", "--before", "alpha")
    assert keys(fixture_f, "category") == [*FIXTURE, "zulu", "mike", "alpha"]
    fixture_f("category", "move", "mike", "--before", "zulu")
    assert keys(fixture_f, "category") == [*FIXTURE, "mike", "zulu", "alpha"]
    fixture_f("category", "move", "mike", "--after", "alpha")
    assert keys(fixture_f, "category") == [*FIXTURE, "zulu", "alpha", "mike"]


def test_so_047_limits_of_name_and_description(fixture_f: Cli) -> None:
    """A name of 240 or a description of 255 characters is refused; 239 and 254 are accepted."""
    for words in (
        ("category", "add", "n" * 240),
        ("category", "add", "Long", "--description", "d" * 255),
        ("category", "edit", "plain", "--name", "n" * 240),
        ("category", "edit", "plain", "--description", "d" * 255),
    ):
        assert fixture_f.error(*words, code=2)["code"] == "usage"
    assert keys(fixture_f, "category", "--deleted") == FIXTURE
    assert category_of(fixture_f, "plain")["name"] == "Plain"
    assert category_of(fixture_f, "plain")["description"] is None
    # Characters count, not bytes.
    added = fixture_f.json("category", "add", "ø" * 239, "--description", "å" * 254)
    assert (added["name"], added["description"]) == ("ø" * 239, "å" * 254)
    fixture_f("category", "edit", "plain", "--name", "n" * 239, "--description", "d" * 254)
    edited = category_of(fixture_f, "plain")
    assert (edited["name"], edited["description"]) == ("n" * 239, "d" * 254)
