"""Cases SO-057 to SO-071: category automation, as ``decisions.md`` overrules them."""

from __future__ import annotations

import pytest

from tests.acceptance.steps import company, person, shown, status_of
from tests.conftest import Cli


@pytest.fixture
def f(fixture_f: Cli) -> Cli:
    """Fixture F with a sales cycle and close codes."""
    fixture_f("cycle", "add", "Standard")
    figures = ("--completed", 10, "--chances", 10)
    fixture_f("stage", "add", "standard", 10, "First", *figures)
    fixture_f("close-code", "add", "Sold", "--outcome", "won")
    fixture_f("close-code", "add", "Gone", "--outcome", "lost")
    return fixture_f


def category_of(cli: Cli, id: int) -> str:
    return cli.json("company", "show", id)["category"]


def deal(cli: Cli, company_id: int) -> int:
    words = ("--company", company_id, "--start", "--value", 100)
    return cli.json("opportunity", "add", "Deal", *words)["id"]


def test_so_057_sold(f) -> None:
    f("automation", "set", "opportunity_won", "--category", "Customer A")
    acme = company(f, "Acme", "Lead")
    people = [person(f, name, of=acme, status="contacting") for name in ("A", "B")]
    report = f.json("opportunity", "close", deal(f, acme), "--won")
    assert category_of(f, acme) == "customer_a"
    assert status_of(f, *people) == ["contacting", "contacting"]
    assert not any(shown(f, id)["lead_status_active"] for id in people)
    assert report["automation"] == [
        {"company_id": acme, "from": "lead", "to": "customer_a", "people": 2, "pending": False}
    ]
    assert report["affected"] == {"companies": 1, "people": 2}


def test_so_058_not_a_potential_customer(f) -> None:
    f("automation", "set", "opportunity_won", "--category", "Customer A")
    acme = company(f, "Acme", "Reseller")
    assert f.json("opportunity", "close", deal(f, acme), "--won")["automation"] == []
    assert category_of(f, acme) == "reseller"


def test_so_059_no_downgrade(f) -> None:
    f("automation", "set", "opportunity_lost", "--category", "Lead")
    acme = company(f, "Acme", "Customer A")
    f("opportunity", "close", deal(f, acme), "--lost")
    assert category_of(f, acme) == "customer_a"


def test_opportunity_created(f) -> None:
    f("automation", "set", "opportunity_created", "--category", "MQL")
    acme, other = company(f, "Acme", "Prospect"), company(f, "Other", "Lead")
    kari = person(f, "Kari", of=acme)
    deal(f, acme)
    deal(f, other)
    assert (category_of(f, acme), category_of(f, other)) == ("mql", "mql")
    assert status_of(f, kari) == ["open"]


def test_so_061_lead_status(f) -> None:
    f("automation", "set", "lead_status", "--status", "qualified", "--category", "MQL")
    acme = company(f, "Acme", "Lead")
    kari = person(f, "Kari", of=acme)
    f("person", "set-status", kari, "qualified")
    assert (category_of(f, acme), status_of(f, kari)) == ("mql", ["qualified"])


def test_so_062_another_status(f) -> None:
    f("automation", "set", "lead_status", "--status", "qualified", "--category", "MQL")
    acme = company(f, "Acme", "Lead")
    f("person", "set-status", person(f, "Kari", of=acme), "contacting")
    assert category_of(f, acme) == "lead"


def test_so_064_second_rule(f) -> None:
    f("automation", "set", "opportunity_won", "--category", "Customer A")
    words = ("automation", "set", "opportunity_won", "--category", "MQL")
    assert f.error(*words, code=4)["code"] == "automation_exists"
    assert [rule["category"] for rule in f.json("automation", "list")] == ["customer_a"]
    f("automation", "clear", "opportunity_won")
    f(*words)
    assert f.json("automation", "list") == [
        {"trigger": "opportunity_won", "status": None, "category": "mql", "confirm": False}
    ]


def test_so_065_confirmation(f) -> None:
    words = ("--status", "qualified", "--category", "MQL", "--confirm")
    assert f.json("automation", "set", "lead_status", *words)["confirm"] is True
    acme = company(f, "Acme", "Lead")
    kari = person(f, "Kari", of=acme)
    report = f.json("person", "set-status", kari, "qualified")
    assert (status_of(f, kari), category_of(f, acme)) == (["qualified"], "lead")
    assert report["automation"][0]["pending"] is True
    (waiting,) = f.json("automation", "pending")
    assert waiting.pop("at").startswith("20")
    assert waiting == {
        "id": 1,
        "trigger": "lead_status",
        "company_id": acme,
        "person_id": kari,
        "from": "lead",
        "to": "mql",
    }


def test_so_067_colleagues(f) -> None:
    f("automation", "set", "lead_status", "--status", "disqualified", "--category", "Gone")
    acme = company(f, "Acme", "Lead")
    a, b = person(f, "A", of=acme), person(f, "B", of=acme)
    f("person", "set-status", a, "disqualified")
    assert category_of(f, acme) == "gone"
    assert status_of(f, a, b) == ["disqualified", "open"]
    assert shown(f, b)["lead_status_active"] is False


def test_so_068_the_users_choice_stays(f) -> None:
    f("automation", "set", "lead_status", "--status", "qualified", "--category", "MQL")
    kari = f.json("person", "add", "--last-name", "Kari", "--category", "Lead")["id"]
    f("person", "edit", kari, "--lead-status", "qualified", "--category", "customer_a")
    now = shown(f, kari)
    assert (now["category"], now["lead_status"], now["lead_status_active"]) == (
        "customer_a",
        "qualified",
        False,
    )


def test_so_068_with_confirmation_the_user_is_asked_all_the_same(f) -> None:
    words = ("--status", "qualified", "--category", "MQL", "--confirm")
    f("automation", "set", "lead_status", *words)
    kari = f.json("person", "add", "--last-name", "Kari", "--category", "Lead")["id"]
    f("person", "edit", kari, "--lead-status", "qualified", "--category", "customer_a")
    (waiting,) = f.json("automation", "pending")
    assert (waiting["from"], waiting["to"], waiting["company_id"]) == ("customer_a", "mql", None)


def test_so_070_target_is_current(f) -> None:
    f("automation", "set", "lead_status", "--status", "qualified", "--category", "Lead")
    acme = company(f, "Acme", "Lead")
    report = f.json("person", "set-status", person(f, "Kari", of=acme), "qualified")
    assert report["automation"] == []
    assert [row["field"] for row in f.json("company", "history", acme)] == [None]


def test_so_071_a_status_that_follows_fires_nothing(f) -> None:
    f("automation", "set", "lead_status", "--status", "open", "--category", "MQL")
    acme = company(f, "Acme", "Customer A")
    kari = person(f, "Kari", of=acme)
    f("company", "set-category", acme, "Lead")
    assert (status_of(f, kari), category_of(f, acme)) == (["open"], "lead")


def test_au_11_a_person_without_company(f) -> None:
    f("automation", "set", "lead_status", "--status", "qualified", "--category", "MQL")
    kari = f.json("person", "add", "--last-name", "Kari", "--category", "Lead")["id"]
    report = f.json("person", "set-status", kari, "qualified")
    assert shown(f, kari)["category"] == "mql"
    assert report["automation"][0]["company_id"] is None


def test_au_13_the_same_value_again_fires_nothing(f) -> None:
    acme = company(f, "Acme", "Lead")
    kari = person(f, "Kari", of=acme, status="qualified")
    f("automation", "set", "lead_status", "--status", "qualified", "--category", "MQL")
    f("person", "set-status", kari, "qualified")
    assert category_of(f, acme) == "lead"


def test_in_bulk_once_per_company(f) -> None:
    f("automation", "set", "lead_status", "--status", "qualified", "--category", "Customer A")
    acme, other = company(f, "Acme", "Lead"), company(f, "Other", "Prospect")
    for number in range(3):
        person(f, f"P{number}", of=acme)
    hidden = person(f, "Q", of=other)
    report = f.json("person", "set-status", "--all", "qualified", code=5)
    assert (report["changed"], report["skipped"], len(report["automation"])) == (3, 1, 1)
    assert status_of(f, 1, 2, 3, hidden) == ["qualified"] * 3 + [None]
    assert f.json("change", "undo", "last", "--yes")["changed"] == 4
    assert (category_of(f, acme), status_of(f, 1, 2, 3)) == ("lead", ["open"] * 3)


def test_a_status_that_is_given_on_adding_fires(f) -> None:
    f("automation", "set", "lead_status", "--status", "qualified", "--category", "MQL")
    acme = company(f, "Acme", "Lead")
    person(f, "Kari", of=acme, status="qualified")
    assert category_of(f, acme) == "mql"


def test_no_automation(f) -> None:
    f("automation", "set", "lead_status", "--status", "qualified", "--category", "MQL")
    acme = company(f, "Acme", "Lead")
    f("person", "set-status", person(f, "Kari", of=acme), "qualified", "--no-automation")
    assert category_of(f, acme) == "lead"


def test_answers(f) -> None:
    words = ("--status", "qualified", "--category", "MQL", "--confirm")
    f("automation", "set", "lead_status", *words)
    places = [company(f, name, "Lead") for name in ("A", "B", "C", "D")]
    people = [person(f, "P", of=id) for id in places]
    f("person", "set-status", *people, "qualified")
    f("person", "set-status", people[0], "open")
    f("person", "set-status", people[0], "qualified")
    assert [row["id"] for row in f.json("automation", "pending")] == [1, 2, 3, 4]
    report = f.json("automation", "accept", 1)
    assert report["automation"][0]["to"] == "mql"
    f("automation", "accept", 2, "--category", "Customer A")
    f("automation", "decline", 3)
    f("company", "set-category", places[3], "Gone")
    assert f.error("automation", "accept", 4, code=4)["code"] == "changed_since"
    assert [category_of(f, id) for id in places] == ["mql", "customer_a", "lead", "gone"]
    assert [row["id"] for row in f.json("automation", "pending")] == [4]
    f("company", "delete", places[3], "--people", "delete", "--yes")
    assert f.json("automation", "pending") == []
    f("change", "undo", "last", "--yes")
    assert [row["id"] for row in f.json("automation", "pending")] == [4]


@pytest.mark.parametrize(
    ("words", "exit", "code"),
    [
        (("set", "nope", "--category", "MQL"), 2, "usage"),
        (("set", "lead_status", "--category", "MQL"), 2, "usage"),
        (("set", "opportunity_won", "--category", "MQL", "--status", "open"), 2, "usage"),
        (("set", "opportunity_won", "--category", "nope"), 3, "not_found"),
        (("set", "opportunity_won"), 2, "usage"),
        (("clear", "opportunity_won"), 3, "not_found"),
        (("accept", 7), 3, "not_found"),
        (("decline", "x"), 2, "usage"),
    ],
)
def test_bad_input(f, words: tuple, exit: int, code: str) -> None:
    assert f.error("automation", *words, code=exit)["code"] == code
    assert f.json("automation", "list") == []


def test_au_17_deleted_items(f) -> None:
    f("category", "delete", "gone")
    words = ("automation", "set", "opportunity_lost", "--category", "gone")
    assert f.error(*words, code=4)["code"] == "list_item_deleted"
    f("automation", "set", "lead_status", "--status", "disqualified", "--category", "plain")
    for noun, key in (("category", "plain"), ("lead-status", "disqualified")):
        error = f.error(noun, "delete", key, code=4)
        assert error["code"] == "list_item_in_use"
        assert error["hint"] == "automation clear lead_status"


def test_strict_reading_of_people_without_company(f) -> None:
    f("automation", "set", "opportunity_created", "--category", "Lead")
    f("setting", "set", "lead_status.require_company", "true")
    kari = f.json("person", "add", "--last-name", "Kari", "--category", "Prospect")["id"]
    f("opportunity", "add", "X", "--person", kari)
    now = shown(f, kari)
    assert (now["category"], now["lead_status"]) == ("lead", None)
