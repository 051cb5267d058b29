"""Undo in unlucky orders: what has changed elsewhere may not go with what would come back."""

from __future__ import annotations

from datetime import date

import pytest

from leadctl import LeadctlError, WriteOptions
from leadctl.core.clock import Clock
from leadctl.store import opportunity

GOING_ON = WriteOptions(keep_going=True)


@pytest.fixture
def acme(crm):
    """A customer, and two opportunities in progress."""
    crm.clock = Clock(date(2026, 3, 10))
    crm.companies.add("Acme", category="customer")
    for name in ("D1", "D2"):
        start = {"start": True, "value": 9, "close_date": "2026-12-01"}
        crm.opportunities.add(name, company="Acme", **start)
    return crm


def last(crm) -> int:
    """The number of the newest change."""
    return next(crm.changes.list())["id"]


def refused(crm, change: int) -> None:
    """The undo of a change is refused, and changes nothing."""
    before = list(crm.engine.query("SELECT * FROM opportunity")), count(crm, "entry")
    with pytest.raises(LeadctlError) as caught:
        crm.changes.undo(change)
    assert caught.value.code == "changed_since"
    assert (list(crm.engine.query("SELECT * FROM opportunity")), count(crm, "entry")) == before
    consistent(crm)


def count(crm, table: str) -> int:
    return crm.engine.value(f"SELECT count(*) FROM {table}")


def consistent(crm) -> None:
    """Every opportunity is as it must be (section 1.5)."""
    broken = crm.engine.query(
        f"SELECT o.id FROM {opportunity.WITH_ENTRY} WHERE ({opportunity.CONSISTENT}) IS NOT TRUE"
    )
    assert broken == []


def test_the_close_code_of_what_comes_back_is_gone(acme) -> None:
    acme.opportunities.close([1, 2], "lost", code="lost_price")
    closing = last(acme)
    acme.opportunities.delete([1])
    deleting = last(acme)
    acme.changes.undo(closing, GOING_ON)
    acme.close_codes.delete("lost_price")
    refused(acme, deleting)
    assert acme.opportunities.count() == 1


def test_a_redo_without_its_close_code(acme) -> None:
    acme.opportunities.close([1], "lost", code="lost_price")
    acme.changes.undo("last")
    undoing = last(acme)
    acme.close_codes.delete("lost_price")
    refused(acme, undoing)
    assert acme.opportunities.show(1)["status"] == "in_progress"


def test_a_stage_on_which_something_stands(acme) -> None:
    acme.stages.add("standard", 15, "Mid", completed=10, chances=20)
    adding = last(acme)
    acme.opportunities.next([1])
    refused(acme, adding)
    assert acme.stages.of("standard").count() == 6
    acme.opportunities.next([1])
    assert acme.changes.undo(adding).changed == 1


def test_a_stage_that_is_gone_is_not_stood_on_again(acme) -> None:
    acme.opportunities.next([1, 2])
    moving = last(acme)
    acme.stages.delete("standard", 10)
    refused(acme, moving)
    assert acme.changes.undo(last(acme)).changed == 1
    assert acme.changes.undo(moving).changed == 2


def test_a_closing_on_a_stage_that_is_gone(acme) -> None:
    acme.opportunities.close([1, 2], "lost", code="lost_price")
    closing = last(acme)
    acme.stages.delete("standard", 10)
    refused(acme, closing)


def test_the_cycle_of_what_has_started_since(acme) -> None:
    acme.cycles.add("Two")
    acme.stages.add("two", 10, "S", completed=10, chances=10)
    number = acme.opportunities.add("D3", company="Acme")["id"]
    acme.opportunities.edit([number], cycle="two")
    editing = last(acme)
    acme.opportunities.start([number])
    starting = last(acme)
    refused(acme, editing)
    acme.changes.undo(starting)
    undoing = last(acme)
    acme.changes.undo(editing)
    refused(acme, undoing)


def test_a_quote_needs_what_is_started(acme) -> None:
    number = acme.opportunities.add("D3", company="Acme")["id"]
    acme.opportunities.start([number])
    starting = last(acme)
    acme.quotes.create(number, ["a;1;10"])
    refused(acme, starting)


def test_an_order_needs_what_is_closed(acme) -> None:
    quote = acme.quotes.create(1, ["a;1;10"])["id"]
    acme.opportunities.close([1], "won")
    closing = last(acme)
    order = acme.quotes.make_order(quote)["id"]
    refused(acme, closing)
    acme.orders.delete([order])
    deleting = last(acme)
    acme.opportunities.reopen([1])
    with pytest.raises(LeadctlError):
        acme.changes.undo(deleting)
    assert acme.orders.count() == 0
    consistent(acme)


def test_an_order_is_not_made_again_for_what_has_moved(acme) -> None:
    quote = acme.quotes.create(1, ["a;1;10"])["id"]
    acme.quotes.make_order(quote)
    acme.changes.undo("last")
    undoing = last(acme)
    acme.opportunities.update([1])
    with pytest.raises(LeadctlError):
        acme.changes.undo(undoing, GOING_ON)
    assert (acme.orders.count(), acme.quotes.show(quote)["status"]) == (0, "open")


def test_an_open_opportunity_needs_a_contact(acme) -> None:
    acme.opportunities.close([1, 2], "won")
    closing = last(acme)
    acme.companies.delete([1])
    refused(acme, closing)
    with pytest.raises(LeadctlError) as caught:
        acme.opportunities.reopen([1])
    assert caught.value.code == "contact_required"


def test_a_code_keeps_its_outcome_while_it_is_used(acme) -> None:
    acme.close_codes.edit("lost_price", outcome="won")
    editing = last(acme)
    acme.opportunities.close([1], "won", code="lost_price")
    closing = last(acme)
    refused(acme, editing)
    acme.changes.undo(closing)
    undoing = last(acme)
    acme.changes.undo(editing)
    refused(acme, undoing)


def test_the_others_are_undone_all_the_same(acme) -> None:
    acme.opportunities.add("D3", company="Acme")
    acme.opportunities.start([3], value=1)
    acme.opportunities.next([1, 2, 3], close_date="2026-12-01")
    moving = last(acme)
    acme.opportunities.update([2])
    report = acme.changes.undo(moving, GOING_ON)
    assert (report.changed, report.refused) == (2, 1)
    assert [row["stage"] for row in acme.opportunities.list()] == [10, 20, 10]
    consistent(acme)


def test_the_history_tells_who_moved_and_who_took_it_back(acme) -> None:
    acme.user = "bob"
    acme.opportunities.next([1])
    moving = last(acme)
    acme.user = "carl"
    acme.changes.undo(moving)
    acme.user = "dora"
    acme.changes.undo(last(acme))
    stages = [
        (row["user"], row["command"], row["old"], row["new"])
        for row in acme.opportunities.history(1)
        if row["field"] == "stage"
    ]
    assert stages[:3] == [
        ("dora", "change undo", 10, 20),
        ("carl", "change undo", 20, 10),
        ("bob", "opportunity next", 10, 20),
    ]


def test_what_a_record_has_can_be_named_though_the_person_has_left(acme) -> None:
    acme.companies.add("Beta")
    acme.people.add(last_name="Berg", company="Acme")
    number = acme.opportunities.add("D3", person="berg")["id"]
    acme.people.move([1], "Beta")
    report = acme.opportunities.edit([number], company="Acme", person=1)
    assert report.unchanged == 1
    with pytest.raises(LeadctlError) as caught:
        acme.opportunities.edit([1], company="Acme", person=1)
    assert caught.value.code == "contact_of_other_company"
