"""Undo where the property tests do not go: what has changed since, what is gone, guards."""

from __future__ import annotations

import pytest

from leadctl import LeadctlError, WriteOptions, open_crm

KEEP_GOING = WriteOptions(keep_going=True)


def refused(crm, change: int | str) -> LeadctlError:
    """The refusal of an undo."""
    with pytest.raises(LeadctlError) as caught:
        crm.changes.undo(change)
    assert (caught.value.code, caught.value.exit_code) == ("changed_since", 4)
    return caught.value


@pytest.fixture
def people(crm):
    """A company with three people; returns the library."""
    crm.companies.add("Acme", category="lead")
    for name in ("A", "B", "C"):
        crm.people.add(last_name=name, company=1)
    return crm


def test_a_record_that_has_changed_since_is_refused(people) -> None:
    change = people.people.set_status([1, 2, 3], "qualified").change
    people.people.set_status(2, "contacting")
    error = refused(people, change)
    assert error.report.refused == 1
    assert error.report.changed == 0
    report = people.changes.undo(change, KEEP_GOING)
    assert (report.matched, report.changed, report.refused) == (3, 2, 1)
    assert [p["lead_status"] for p in people.people.list()] == ["open", "contacting", "open"]
    again = people.changes.undo(change, KEEP_GOING)
    assert (again.unchanged, again.refused) == (2, 1)


def test_undoing_what_is_undone_changes_nothing(people) -> None:
    change = people.people.set_status([1, 2], "qualified").change
    people.changes.undo(change)
    report = people.changes.undo(change)
    assert (report.unchanged, report.change) == (2, None)


def test_undo_last_goes_backwards_and_redo_makes_it_stand_again(people) -> None:
    first = people.people.set_status(1, "contacting").change
    second = people.people.set_status(1, "qualified").change
    undo = people.changes.undo("last").change
    assert people.changes.show(second)["undone_by"] == undo
    assert people.people.show(1)["lead_status"] == "contacting"
    people.changes.undo(undo)
    assert people.changes.show(second)["undone_by"] is None
    assert people.people.show(1)["lead_status"] == "qualified"
    assert people.changes.undo("last").changed == 1
    assert people.changes.undo("last").changed == 1
    assert people.changes.show(first)["undone_by"] is not None
    assert people.people.show(1)["lead_status"] == "open"


def test_undo_last_is_of_the_current_user(people) -> None:
    with open_crm(people.engine.path, user="other") as other:
        with pytest.raises(LeadctlError) as caught:
            other.changes.undo("last")
        assert caught.value.code == "not_found"
        other.people.set_status(1, "qualified")
        assert other.changes.undo("last").changed == 1


@pytest.mark.parametrize(
    ("id", "code"), [("99", "not_found"), ("abc", "usage"), ("ext:x", "not_found")]
)
def test_changes_that_are_not_there(crm, id: str, code: str) -> None:
    for call in (crm.changes.undo, crm.changes.show):
        with pytest.raises(LeadctlError) as caught:
            call(id)
        assert caught.value.code == code


def test_a_new_record_that_was_changed_or_is_in_use_stays(crm) -> None:
    company = crm.companies.add("Acme")
    crm.people.add(last_name="B", company=company["id"])
    refused(crm, 1)
    crm.changes.undo("last")
    crm.companies.edit(1, country="NO")
    refused(crm, 1)
    crm.changes.undo("last")
    assert crm.changes.undo(1).changed == 1
    assert crm.companies.count() == 0
    assert crm.changes.undo(1).unchanged == 1


def test_a_record_that_is_gone_cannot_be_reverted(people) -> None:
    change = people.people.set_status(1, "qualified").change
    people.people.delete(1)
    refused(people, change)


def test_what_refers_to_something_gone_stays_away(people) -> None:
    people.users.add("Bo")
    people.companies.edit(1, owner="bo")
    change = people.companies.edit(1, owner="none").change
    people.users.delete("bo")
    refused(people, change)
    deleted = people.people.delete([1, 2, 3]).change
    people.companies.delete(1)
    refused(people, deleted)
    people.changes.undo("last")
    assert people.changes.undo(deleted).changed == 3


def test_moving_back_to_a_company_that_is_gone(people) -> None:
    people.companies.add("Other")
    change = people.people.move([1, 2, 3], "Other").change
    people.companies.delete(1)
    refused(people, change)


def test_a_value_that_somebody_else_took_stays_away(crm) -> None:
    crm.companies.add("A", external_id="x")
    crm.companies.add("B")
    change = crm.companies.edit(1, external_id="").change
    crm.companies.edit(2, external_id="x")
    refused(crm, change)
    deleted = crm.companies.delete(2).change
    crm.companies.add("C", external_id="x")
    refused(crm, deleted)


def test_list_items_stand_and_fall_together(crm) -> None:
    change = crm.lead_statuses.edit("contacting", default=True).change
    crm.lead_statuses.edit("qualified", default=True)
    error = refused(crm, change)
    assert error.report.refused == 2
    crm.changes.undo("last")
    assert crm.changes.undo(change).changed == 2
    assert crm.lead_statuses.show("open")["is_default"] is True


def test_details_of_an_undo(people) -> None:
    change = people.people.set_status([1, 2], "qualified").change
    people.people.set_status(2, "contacting")
    report = people.changes.undo(change, WriteOptions(keep_going=True, details=True))
    assert report.details is not None
    assert [(line["id"], line["result"], line["changes"]) for line in report.details()] == [
        (1, "changed", {"lead_status": ["qualified", "open"]}),
        (2, "refused", {}),
    ]


def test_guards_of_an_undo(people) -> None:
    change = people.people.set_status([1, 2], "qualified").change
    with pytest.raises(LeadctlError) as caught:
        people.changes.undo(change, WriteOptions(expect=(1, 1)))
    assert caught.value.code == "expect_failed"
    assert people.people.show(1)["lead_status"] == "qualified"


def test_the_log(people) -> None:
    people.people.set_status([1, 2], "qualified", WriteOptions(reason="fair"))
    newest = next(people.changes.list())
    assert newest == {
        "id": 5,
        "at": newest["at"],
        "user": "tester",
        "command": "person set-status",
        "reason": "fair",
        "records": 2,
        "undone_by": None,
        "undoes": None,
    }
    rows = people.changes.show(5)["history"]
    assert rows[0] == {
        "entity": "person",
        "entity_id": 1,
        "field": "lead_status",
        "old": "open",
        "new": "qualified",
    }
    assert [row["entity_id"] for row in rows] == [1, 2]


def test_history_keeps_types_and_images(people) -> None:
    people.people.retire(1)
    people.people.move(1, "none")
    people.people.delete(1)
    rows = list(people.people.history(1))
    image = rows[0]["old"]
    assert (image["last_name"], image["retired"], image["category"]) == ("A", True, "lead")
    assert "last_name_key" not in image
    changes = {row["field"]: (row["old"], row["new"]) for row in rows[1:]}
    assert changes["retired"] == (False, True)
    assert changes["company_id"] == (1, None)
    assert next(people.people.history("1"))["command"] == "person delete"


def test_undoing_a_redo_undoes_the_first_change_again(crm) -> None:
    crm.companies.add("Acme")
    first = crm.companies.edit([1], country="NO").change
    undo = crm.changes.undo(first).change
    redo = crm.changes.undo(undo).change
    again = crm.changes.undo(redo).change
    standing = {row["id"]: row["undone_by"] for row in crm.changes.list()}
    assert [standing[id] for id in (first, undo, redo, again)] == [undo, None, again, None]
    assert crm.companies.show(1)["country"] is None
