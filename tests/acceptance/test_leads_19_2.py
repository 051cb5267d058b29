"""Section 19.2: moving, disconnecting and merging people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.acceptance.steps import company, field_present, person, shown, status_of

if TYPE_CHECKING:
    from tests.conftest import Cli


def test_so_025_moved_into_lead_becomes_open(fixture_f: Cli) -> None:
    """A person without status who is moved from Customer A to a Lead company is Open."""
    ann = person(fixture_f, "Ann", of=company(fixture_f, "Acme", "customer_a"))
    assert status_of(fixture_f, ann) == [None]
    beta = company(fixture_f, "Beta", "lead")
    report = fixture_f.json("person", "move", ann, "--company", "Beta")
    assert report["changed"] == 1
    record = shown(fixture_f, ann)
    assert (record["company_id"], record["company"]) == (beta, "Beta")
    assert (record["category"], record["lead_status"]) == ("lead", "open")
    assert field_present(fixture_f, ann)


def test_so_026_moved_from_on_to_on_keeps(fixture_f: Cli) -> None:
    """A Qualified person moved from a Lead to an MQL company is still Qualified."""
    ann = person(fixture_f, "Ann", of=company(fixture_f, "Acme", "lead"), status="qualified")
    beta = company(fixture_f, "Beta", "mql")
    fixture_f("person", "move", ann, "--company", beta)
    record = shown(fixture_f, ann)
    assert (record["company_id"], record["category"]) == (beta, "mql")
    assert record["lead_status"] == "qualified"
    assert field_present(fixture_f, ann)


def test_so_028_disconnected_keeps_category_and_status(fixture_f: Cli) -> None:
    """A disconnected person has no company, Lead as own category, and the status it had."""
    acme = company(fixture_f, "Acme", "lead")
    ann = person(fixture_f, "Ann", of=acme, status="contacting")
    fixture_f("person", "move", ann, "--company", "none")
    record = shown(fixture_f, ann)
    assert (record["company_id"], record["company"], record["has_company"]) == (None, None, False)
    assert record["category"] == "lead"
    assert record["lead_status"] == "contacting"
    assert field_present(fixture_f, ann)
    # The category is the person's own now: the company's next one is not followed.
    fixture_f("company", "set-category", acme, "customer_a")
    assert shown(fixture_f, ann)["category"] == "lead"
    fixture_f("person", "edit", ann, "--category", "mql")
    assert shown(fixture_f, ann)["category"] == "mql"


def test_so_029_merge_keeps_the_target(fixture_f: Cli) -> None:
    """When A (Open) is merged into B (Qualified), B is Qualified and A is deleted."""
    acme = company(fixture_f, "Acme", "lead")
    a = person(fixture_f, "A", of=acme)
    b = person(fixture_f, "B", of=acme, status="qualified")
    before = shown(fixture_f, b)
    error = fixture_f.error("person", "merge", a, "--into", b, code=6)
    assert error["code"] == "consent_needed"
    assert status_of(fixture_f, a, b) == ["open", "qualified"]
    report = fixture_f.json("person", "merge", a, "--into", b, "--yes")
    assert report["changed"] == 1
    assert fixture_f.error("person", "show", a, code=3)["code"] == "not_found"
    after = shown(fixture_f, b)
    assert after["lead_status"] == "qualified"
    assert (after["name"], after["company_id"]) == (before["name"], before["company_id"])
    assert [row["id"] for row in fixture_f.json("person", "list", "--retired")] == [b]
    # The source is deleted undoably.
    fixture_f("change", "undo", report["change"], "--yes")
    assert status_of(fixture_f, a, b) == ["open", "qualified"]
