"""Section 19.1: where lead status applies, its default, and that values are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.acceptance.steps import (
    company,
    counted_people,
    field_present,
    person,
    shown,
    status_of,
)

if TYPE_CHECKING:
    from tests.conftest import Cli


@pytest.fixture
def frozen(fixture_f: Cli) -> tuple[Cli, int, int]:
    """SO-006: a person with Contacting whose company has gone from Lead to Customer A."""
    acme = company(fixture_f, "Acme", "lead")
    ann = person(fixture_f, "Ann", of=acme)
    fixture_f("person", "set-status", ann, "contacting")
    fixture_f("company", "set-category", acme, "customer_a")
    return fixture_f, acme, ann


def test_so_001_person_created_in_lead_company_is_open(fixture_f: Cli) -> None:
    """A person created in a Lead company is Open and the field is present."""
    ann = person(fixture_f, "Ann", of=company(fixture_f, "Acme", "lead"))
    record = shown(fixture_f, ann)
    assert record["lead_status"] == "open"
    assert record["category"] == "lead"
    assert record["status_since"] is not None
    assert field_present(fixture_f, ann)


def test_so_002_person_created_in_customer_company_has_none(fixture_f: Cli) -> None:
    """A person created in a Customer A company has no status and no field."""
    ann = person(fixture_f, "Ann", of=company(fixture_f, "Acme", "customer_a"))
    record = shown(fixture_f, ann)
    assert record["lead_status"] is None
    assert record["lead_status_reason"] == "wrong_group"
    assert record["status_since"] is None
    assert not field_present(fixture_f, ann)


def test_so_004_company_without_category(fixture_f: Cli) -> None:
    """In a company without category the person is created without error, status or field."""
    ann = person(fixture_f, "Ann", of=company(fixture_f, "Acme"))
    record = shown(fixture_f, ann)
    assert record["lead_status"] is None
    assert record["category"] is None
    assert record["lead_status_reason"] == "no_category"
    assert not field_present(fixture_f, ann)


def test_so_005_category_without_group(fixture_f: Cli) -> None:
    """In a category without group the field is absent."""
    ann = person(fixture_f, "Ann", of=company(fixture_f, "Acme", "plain"))
    record = shown(fixture_f, ann)
    assert record["category"] == "plain"
    assert record["category_group"] is None
    assert record["lead_status"] is None
    assert record["lead_status_reason"] == "wrong_group"
    assert not field_present(fixture_f, ann)


def test_so_006_leaving_hides_and_keeps_the_value(frozen: tuple[Cli, int, int]) -> None:
    """When the company goes to Customer A the field goes and Contacting stays stored."""
    cli, _, ann = frozen
    record = shown(cli, ann)
    assert record["category"] == "customer_a"
    assert record["lead_status"] == "contacting"
    assert record["lead_status_active"] is False
    assert record["lead_status_reason"] == "wrong_group"
    assert not field_present(cli, ann)
    fields = [row["field"] for row in cli.json("person", "history", ann)]
    assert fields.count("lead_status") == 1


def test_so_007_frozen_value_is_found(frozen: tuple[Cli, int, int]) -> None:
    """A list of people by lead status finds the frozen Contacting."""
    cli, _, ann = frozen
    other = person(cli, "Other", of=company(cli, "Beta", "lead"))
    rows = cli.json("person", "list", "--fields", "id,lead_status,lead_status_active")
    assert rows == [
        {"id": ann, "lead_status": "contacting", "lead_status_active": False},
        {"id": other, "lead_status": "open", "lead_status_active": True},
    ]


def test_so_008_frozen_value_is_counted(frozen: tuple[Cli, int, int]) -> None:
    """A count per status counts the frozen Contacting."""
    cli, _, _ = frozen
    person(cli, "Other", of=company(cli, "Beta", "lead"))
    groups = cli.json("person", "list", "--group-by", "lead_status")
    assert {row["lead_status"]: row["count"] for row in groups} == {"open": 1, "contacting": 1}
    assert counted_people(cli) == {
        "open": 1,
        "contacting": 1,
        "disqualified": 0,
        "re_nurture": 0,
        "qualified": 0,
    }


def test_so_010_flag_off_keeps_the_value(fixture_f: Cli) -> None:
    """In Prospect the field is absent, Qualified is kept, and the refusal says the flag is off."""
    acme = company(fixture_f, "Acme", "lead")
    ann = person(fixture_f, "Ann", of=acme, status="qualified")
    fixture_f("company", "set-category", acme, "prospect")
    record = shown(fixture_f, ann)
    assert record["lead_status"] == "qualified"
    assert record["lead_status_reason"] == "flag_off"
    assert not field_present(fixture_f, ann)
    error = fixture_f.error("person", "set-status", ann, "open", code=4)
    assert error["code"] == "lead_status_not_applicable"
    assert error["details"]["reason"] == "flag_off"
    assert status_of(fixture_f, ann) == ["qualified"]


def test_so_011_on_to_on_keeps_the_value(fixture_f: Cli) -> None:
    """From Lead to MQL the field stays and Qualified too."""
    acme = company(fixture_f, "Acme", "lead")
    ann = person(fixture_f, "Ann", of=acme, status="qualified")
    fixture_f("company", "set-category", acme, "mql")
    record = shown(fixture_f, ann)
    assert record["category"] == "mql"
    assert record["lead_status"] == "qualified"
    assert field_present(fixture_f, ann)


def _round_trip(cli: Cli) -> int:
    acme = company(cli, "Acme", "lead")
    ann = person(cli, "Ann", of=acme, status="disqualified")
    cli("company", "set-category", acme, "customer_a")
    assert status_of(cli, ann) == ["disqualified"]
    cli("company", "set-category", acme, "lead")
    return ann


def test_so_013_return_resets_and_history_keeps(fixture_f: Cli) -> None:
    """Under reset a returning person is Open and the history holds Disqualified."""
    assert fixture_f.json("setting", "get", "lead_status.reentry")["value"] == "reset"
    ann = _round_trip(fixture_f)
    assert status_of(fixture_f, ann) == ["open"]
    assert field_present(fixture_f, ann)
    newest = fixture_f.json("person", "history", ann)[0]
    assert (newest["field"], newest["old"], newest["new"]) == (
        "lead_status",
        "disqualified",
        "open",
    )
    assert newest["command"].startswith("company set-category")


def test_so_014_return_keeps_under_keep(fixture_f: Cli) -> None:
    """Under keep a returning person is still Disqualified; an empty status still becomes Open."""
    fixture_f("setting", "set", "lead_status.reentry", "keep")
    ann = _round_trip(fixture_f)
    assert status_of(fixture_f, ann) == ["disqualified"]
    assert field_present(fixture_f, ann)
    beta = company(fixture_f, "Beta", "customer_a")
    bob = person(fixture_f, "Bob", of=beta)
    fixture_f("company", "set-category", beta, "lead")
    assert status_of(fixture_f, bob) == ["open"]


def test_so_016_category_of_a_person_with_company(fixture_f: Cli) -> None:
    """Setting the category of a person with a company is refused and points to the company."""
    acme = company(fixture_f, "Acme", "lead")
    ann = person(fixture_f, "Ann", of=acme)
    ran = fixture_f("person", "edit", ann, "--category", "mql", "-f", "json", code=4)
    assert ran.error["code"] == "category_follows_company"
    assert "company" in ran.error["message"]
    assert "company set-category" in ran.error["hint"]
    assert ran.json["skipped"] == 1
    assert ran.json["change"] is None
    assert shown(fixture_f, ann)["category"] == "lead"
    created = ("person", "add", "--last-name", "Bob", "--company", acme, "--category", "mql")
    assert fixture_f.error(*created, code=4)["code"] == "category_follows_company"
    assert fixture_f.json("person", "list", "--count") == 1


def test_so_017_people_follow_the_company(fixture_f: Cli) -> None:
    """When the category of a company changes, all three people report the new one."""
    acme = company(fixture_f, "Acme", "lead")
    three = [person(fixture_f, name, of=acme) for name in ("Ann", "Bob", "Cy")]
    other = person(fixture_f, "Other", of=company(fixture_f, "Beta", "lead"))
    report = fixture_f.json("company", "set-category", acme, "reseller")
    assert report["changed"] == 1
    assert report["affected"]["people"] == 3
    for id in three:
        record = shown(fixture_f, id)
        assert (record["category"], record["category_group"]) == ("reseller", "partner")
    assert shown(fixture_f, other)["category"] == "lead"
    groups = fixture_f.json("person", "list", "--group-by", "category")
    assert {row["category"]: row["count"] for row in groups} == {"reseller": 3, "lead": 1}


def test_so_019_disqualified_to_open(fixture_f: Cli) -> None:
    """From Disqualified to Open is allowed: statuses have no order."""
    acme = company(fixture_f, "Acme", "lead")
    ann = person(fixture_f, "Ann", of=acme, status="disqualified")
    report = fixture_f.json("person", "set-status", ann, "open")
    assert (report["changed"], report["skipped"], report["refused"]) == (1, 0, 0)
    assert status_of(fixture_f, ann) == ["open"]


def test_so_020_unknown_status(fixture_f: Cli) -> None:
    """An unknown status is refused and the active ones are listed."""
    ann = person(fixture_f, "Ann", of=company(fixture_f, "Acme", "lead"))
    fixture_f("lead-status", "delete", "re_nurture")
    error = fixture_f.error("person", "set-status", ann, "lukewarm", code=3)
    assert error["code"] == "not_found"
    assert "lukewarm" in error["message"]
    told = error["message"] + (error["hint"] or "")
    for key in ("open", "contacting", "disqualified", "qualified"):
        assert key in told
    assert "re_nurture" not in told
    assert status_of(fixture_f, ann) == ["open"]


def test_so_022_a_person_needs_a_name(fixture_f: Cli) -> None:
    """A person with neither name is refused, with only a last name accepted."""
    assert fixture_f.error("person", "add", code=4)["code"] == "name_required"
    blank = ("person", "add", "--first-name", "", "--last-name", " ", "--title", "CEO")
    assert fixture_f.error(*blank, code=4)["code"] == "name_required"
    assert fixture_f.json("person", "list") == []
    record = fixture_f.json("person", "add", "--last-name", "Nordmann")
    assert (record["first_name"], record["last_name"]) == (None, "Nordmann")
    assert record["name"] == "Nordmann"
    assert fixture_f.json("person", "list", "--count") == 1


def test_so_023_explicit_status_on_creation(fixture_f: Cli) -> None:
    """An explicit Contacting on creation in a Lead company is stored."""
    acme = company(fixture_f, "Acme", "lead")
    words = ("person", "add", "--last-name", "Ann", "--company", acme)
    record = fixture_f.json(*words, "--lead-status", "contacting")
    assert record["lead_status"] == "contacting"
    assert status_of(fixture_f, record["id"]) == ["contacting"]
    (created,) = fixture_f.json("person", "history", record["id"])
    assert created["field"] is None
