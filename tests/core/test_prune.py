"""``db prune``: the history of old changes is dropped, what reports read stays."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from leadctl import Crm, LeadctlError, WriteOptions
from leadctl.core.clock import Clock

TODAY = Clock().today


def later(crm: Crm, days: int) -> None:
    """Let days pass since what was done so far."""
    crm.clock = Clock(TODAY + timedelta(days))


@pytest.fixture
def old(crm: Crm) -> Crm:
    """A file whose changes were made today, and are old a year later."""
    crm.companies.add("Acme", category="lead")
    for name in ("A", "B", "Gone"):
        crm.people.add(last_name=name, company=1)
    crm.people.set_status([1, 2, 3], "contacting")
    crm.people.set_status([1], "qualified")
    crm.people.delete(3)
    crm.cycles.edit("standard", method="add")
    crm.opportunities.add("Deal", company=1)
    crm.opportunities.start(1, value=100, close_date="2099-01-01")
    crm.opportunities.next(1)
    crm.cycles.edit("standard", method="multiply")
    return crm


def conversion(crm: Crm) -> list[tuple[str, str, int]]:
    """The report that reads the history, without days."""
    return [(row["from"], row["to"], row["count"]) for row in crm.reports.conversion()]


def test_old_changes_lose_their_history(old: Crm) -> None:
    before, figures = conversion(old), old.opportunities.show(1)
    stages = old.reports.stage_history()
    later(old, 400)
    count = old.db.info()["changes"]
    report = old.db.prune("1y")
    assert (report.matched, report.changed) == (count, count)
    (notice,) = report.notices
    assert notice.details["rows"] > 10
    assert conversion(old) == before
    assert old.reports.stage_history() == stages
    assert old.opportunities.show(1) | {"stage_age": 0} == figures | {"stage_age": 0}
    assert [row["field"] for row in old.people.history(1)] == ["lead_status"] * 2
    assert list(old.people.history(2)) != []
    kept = old.engine.query("SELECT DISTINCT entity, field FROM history ORDER BY 1")
    assert kept == [("cycle", "method"), ("person", "lead_status")]
    change = old.changes.show(report.change)
    assert (change["command"], change["records"]) == ("db prune", count)
    assert old.changes.show(2)["command"] == "person add"
    assert [one for one in old.db.check() if not one.ok] == []


def test_what_is_pruned_cannot_be_undone(old: Crm) -> None:
    later(old, 400)
    new = old.people.edit(1, title="Boss").change
    report = old.db.prune("13m")
    for number in (1, 5, 7, report.change):
        with pytest.raises(LeadctlError) as caught:
            old.changes.undo(number)
        assert (caught.value.code, caught.value.exit_code) == ("change_purged", 4)
    with pytest.raises(LeadctlError) as caught:
        next(old.people.history(3))
    assert caught.value.exit_code == 3
    # That of today is as old as the others: the log has the real time.
    with pytest.raises(LeadctlError) as caught:
        old.changes.undo(new)
    assert caught.value.code == "change_purged"
    after = old.people.edit(1, title="Clerk").change
    assert old.changes.undo(after).changed == 1
    assert [one for one in old.db.check() if not one.ok] == []


def test_only_what_is_older_goes(old: Crm) -> None:
    old.engine.execute("UPDATE change SET at = '2020-02-29T23:59:59Z' WHERE id <= 3")
    old.engine.execute("UPDATE change SET at = '2020-03-01T00:00:00Z' WHERE id = 4")
    newest = old.engine.value("SELECT max(id) FROM change")
    old.clock = Clock(date(2021, 3, 1))
    assert old.db.prune("1y").changed == 3
    assert old.changes.undo(newest).changed == 1
    assert old.db.prune("1y").matched == 0
    old.clock = Clock(date(2021, 3, 2))
    assert old.db.prune("1y").changed == 1


def test_nothing_to_prune(old: Crm) -> None:
    count = old.db.info()["changes"]
    report = old.db.prune("24m")
    assert (report.matched, report.change, report.notices) == (0, None, [])
    assert old.db.info()["changes"] == count


def test_a_dry_run_and_guards(old: Crm) -> None:
    later(old, 400)
    rows = old.engine.value("SELECT count(*) FROM history")
    report = old.db.prune("1y", WriteOptions(dry_run=True, details=True))
    assert (report.changed > 5, report.change) == (True, None)
    lines = list(report.details())
    assert lines[0]["changes"] == {"purged": [False, True]}
    assert len(lines) == report.changed
    for options in (WriteOptions(expect=(1, 2)), WriteOptions(max_changes=2)):
        with pytest.raises(LeadctlError) as caught:
            old.db.prune("1y", options)
        assert caught.value.exit_code == 7
    assert old.engine.value("SELECT count(*) FROM history") == rows
    for bad in ("1", "2x", "999999y"):
        with pytest.raises(LeadctlError) as caught:
            old.db.prune(bad)
        assert caught.value.exit_code == 2


def test_search_follows_what_was_not_indexed_yet(old: Crm) -> None:
    later(old, 400)
    old.db.prune("1y")
    assert [found["name"] for found in old.find("acme")] == ["Acme"]
    old.companies.edit(1, name="Acne")
    assert [found["name"] for found in old.find("acne")] == ["Acne"]
    assert old.find("acme") == []


def test_the_history_of_an_opportunity_begins_where_the_prune_ended(old: Crm) -> None:
    later(old, 400)
    old.db.prune("1y")
    assert list(old.opportunities.history(1)) == []
    old.opportunities.next(1)
    undone = old.changes.undo("last").change
    rows = [(row["field"], row["old"], row["new"]) for row in old.opportunities.history(1)]
    figures = {("stage", 20, 30), ("chances_percent", 30, 50)}
    assert set(rows) == figures | {(field, new, old) for field, old, new in figures}
    assert old.changes.undo(undone).changed == 1


def test_an_undo_that_is_newer_than_what_it_undid(old: Crm) -> None:
    deletion = next(
        change["id"] for change in old.changes.list() if change["command"] == "person delete"
    )
    undo = old.changes.undo(deletion).change
    old.engine.execute("UPDATE change SET at = '2020-01-01T00:00:00Z' WHERE id < :id", id=undo)
    assert old.db.prune("1y").changed == undo - 1
    assert old.changes.undo(undo).changed == 1
    assert [one for one in old.db.check() if not one.ok] == []
