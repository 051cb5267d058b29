"""``Crm.change``: several calls as one change."""

from __future__ import annotations

import pytest

from leadctl import LeadctlError, WriteOptions
from tests.test_examples import dump


@pytest.fixture
def people(crm):
    """A company with three people; returns the library."""
    crm.companies.add("Acme", category="lead")
    for name in ("A", "B", "C"):
        crm.people.add(last_name=name, company=1)
    return crm


def statuses(crm) -> list[str]:
    """The lead statuses of all people."""
    return [row["lead_status"] for row in crm.people.list()]


def path_of(crm):
    """The file."""
    return crm.engine.path


def test_calls_are_one_change_and_one_undo(people) -> None:
    before = dump(path_of(people))
    with people.change("batch", reason="Monday") as change:
        people.people.set_status([1, 2], "qualified")
        people.people.set_status([1], "contacting")
        people.people.edit([1], title="CEO")
        people.people.add(last_name="D", company=1)
        people.people.delete([3])
        people.people.set_status([4], "qualified")
        opportunity = people.opportunities.add("Deal", company=1)["id"]
        people.opportunities.start(opportunity, value=100)
        people.opportunities.next(opportunity)
        people.opportunities.next(opportunity)
    assert change.report.change == 5
    assert (change.report.changed, change.report.created) == (9, 2)
    (row,) = people.changes.list([5])
    assert (row["command"], row["reason"], row["records"]) == ("batch", "Monday", 5)
    after = dump(path_of(people))
    assert people.changes.undo("last").change == 6
    assert dump(path_of(people)) == before
    people.changes.undo(6)
    assert dump(path_of(people)) == after


def test_an_exception_takes_all_back_and_a_caught_one_only_its_call(people) -> None:
    before = dump(path_of(people))
    with pytest.raises(LeadctlError), people.change():
        people.people.set_status([1], "qualified")
        people.people.set_status([99], "qualified")
    assert dump(path_of(people)) == before
    with people.change() as change:
        people.people.set_status([1], "qualified")
        with pytest.raises(LeadctlError):
            people.people.set_status([2, 99], "qualified")
        people.people.set_status([3], "qualified", WriteOptions(dry_run=True))
    assert (statuses(people), change.report.changed) == (["qualified", "open", "open"], 1)
    assert people.people.set_status([2], "qualified").change == change.report.change + 1


def test_a_dry_run_and_nothing_to_do_write_nothing(people) -> None:
    before = dump(path_of(people))
    with people.change(dry_run=True) as change:
        people.people.set_status([1], "qualified")
        assert statuses(people)[0] == "qualified"
    assert (change.report.change, change.report.changed) == (None, 1)
    with people.change() as change:
        people.people.set_status([1], "open")
    assert (change.report.change, change.report.unchanged) == (None, 1)
    assert dump(path_of(people)) == before


def test_guards_are_about_all_calls(people) -> None:
    for guard in ({"max_changes": 1}, {"expect": (3, 3)}):
        with pytest.raises(LeadctlError) as caught, people.change(**guard):
            people.people.set_status([1], "qualified")
            people.people.set_status([2], "qualified")
        assert caught.value.exit_code == 7
    with people.change(max_changes=2, expect=(2, 2)):
        people.people.set_status([1], "qualified")
        people.people.set_status([2], "qualified")


def test_changes_within_changes(people) -> None:
    with people.change(reason=None) as outer:
        with people.change("inner", reason="why") as inner:
            people.people.set_status([1], "qualified", WriteOptions(reason="because"))
        with people.change(dry_run=True):
            people.people.set_status([2], "qualified")
        with pytest.raises(LeadctlError), people.change():
            people.people.set_status([99], "qualified")
    assert inner.report.changed == outer.report.changed == 1
    assert statuses(people) == ["qualified", "open", "open"]
    (row,) = people.changes.list([5])
    assert (row["reason"], row["records"]) == ("why; because", 1)


def test_reasons_of_the_calls_are_kept(people) -> None:
    with people.change():
        people.people.set_status([1], "qualified", WriteOptions(reason="first"))
        people.people.set_status([2], "qualified", WriteOptions(reason="second"))
        people.people.set_status([3], "qualified", WriteOptions(reason="first"))
    assert next(people.changes.list([5]))["reason"] == "first; second"


def test_undo_within_a_change_takes_back_what_was_before(people) -> None:
    people.people.set_status([1], "qualified")
    with people.change() as change:
        people.people.set_status([2], "qualified")
        people.changes.undo("last")
        with pytest.raises(LeadctlError):
            people.changes.undo(change.gate.change)
    assert statuses(people) == ["open", "qualified", "open"]
    people.changes.undo(change.report.change)
    assert statuses(people) == ["qualified", "open", "open"]


def test_what_took_the_place_of_a_deleted_record_makes_room(people) -> None:
    people.people.edit([1], external_id="K")
    people.users.add("Kari")
    before = dump(path_of(people))
    with people.change():
        people.people.delete([1])
        people.people.add(last_name="D", external_id="K", company=1)
        people.users.delete("kari")
        people.users.add("Kari")
        people.people.delete([2])
    after = dump(path_of(people))
    people.changes.undo("last")
    assert dump(path_of(people)) == before
    people.changes.undo(8)
    assert dump(path_of(people)) == after


def test_what_took_a_place_and_is_in_use_refuses_the_undo(people) -> None:
    people.users.add("Kari")
    with people.change():
        people.users.delete("kari")
        people.users.add("Kari")
        people.companies.edit([1], owner="kari")
    after = dump(path_of(people))
    with pytest.raises(LeadctlError) as caught:
        people.changes.undo("last")
    assert caught.value.code == "changed_since"
    assert dump(path_of(people)) == after


def test_details_are_those_of_the_call(people) -> None:
    with people.change():
        people.people.edit([1], title="CEO")
        report = people.people.set_status([1, 2], "qualified", WriteOptions(details=True))
        assert report.details is not None
        assert [line["changes"] for line in report.details()] == [
            {"lead_status": ["open", "qualified"]}
        ] * 2


def test_a_purge_among_the_calls_counts_and_cannot_be_undone(people) -> None:
    for _ in range(2):
        id = people.opportunities.add("Deal", company=1)["id"]
        people.opportunities.close(id, "lost", code="lost_price")
    with people.change() as change:
        with people.change():
            people.closed.delete([1], purge=True)
        people.people.set_status([1], "qualified")
    row = next(people.changes.list([change.report.change]))
    assert row["records"] == 2
    with pytest.raises(LeadctlError) as caught:
        people.changes.undo("last")
    assert caught.value.code == "change_purged"
    with people.change() as change:
        people.closed.delete([2], purge=True, options=WriteOptions(dry_run=True))
        people.people.set_status([2], "qualified")
    assert people.changes.undo("last").changed == 1


def test_a_value_that_went_to_and_fro_gets_its_instants_back(crm) -> None:
    from datetime import date

    from leadctl.core.clock import Clock

    crm.clock = Clock(date(2026, 1, 1))
    crm.companies.add("Acme", category="lead")
    crm.people.add(last_name="Berg", company="Acme")
    before = crm.people.show(1)
    crm.clock = Clock(date(2026, 2, 2))
    with crm.change(reason="to and fro"):
        crm.people.set_status([1], "qualified")
        crm.people.set_status([1], "open")
    assert crm.people.show(1) != before
    crm.changes.undo("last")
    assert crm.people.show(1) | {"status_age": before["status_age"]} == before
