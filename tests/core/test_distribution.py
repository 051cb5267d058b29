"""Distribution and similar names through the library."""

from __future__ import annotations

from collections import Counter

import pytest

from leadctl import Choice, Crm, ImportFile, LeadctlError, WriteOptions

EVERYBODY = Choice(all=True)


@pytest.fixture
def staffed(crm: Crm) -> Crm:
    """Three users of one group, one of whom is away, and seven people."""
    for name in ("u1", "u2", "u3"):
        crm.users.add(name, group="north")
    crm.users.edit("u2", away=True)
    for number in range(7):
        crm.people.add(last_name=f"P{number}")
    return crm


def test_the_report_says_how_many_turns_everybody_had(staffed: Crm) -> None:
    report = staffed.people.distribute(EVERYBODY, group="north")
    assert report.assigned == {"u1": 4, "u3": 3}
    assert (report.changed, report.affected) == (7, {"companies": 0, "people": 0})
    assert staffed.people.distribute([1, 2], to=["u1"]).assigned == {}


def test_people_coming_one_by_one_are_spread_evenly(staffed: Crm) -> None:
    for number in range(1, 8):
        staffed.people.distribute(number, group="north")
        owners = Counter(person["owner"] for person in staffed.people.list(fields=["owner"]))
        counts = [owners["u1"], owners["u3"]]
        assert max(counts) - min(counts) <= 1
        assert sum(counts) == number


def test_a_group_that_nobody_is_free_in(staffed: Crm) -> None:
    with pytest.raises(LeadctlError) as caught:
        staffed.people.distribute([1, 2], to=["u2"])
    assert caught.value.code == "nobody_available"
    assert caught.value.report.assigned == {}
    assert staffed.people.distribute([1], to=["u2"], fallback="u1").assigned == {"u1": 1}
    assert staffed.people.distribute([1], to=["u2"]).unchanged == 1


def test_a_guard_leaves_no_turns_in_the_report(staffed: Crm) -> None:
    with pytest.raises(LeadctlError) as caught:
        staffed.people.distribute(EVERYBODY, to=["u1"], options=WriteOptions(max_changes=1))
    assert caught.value.report.assigned == {}


def test_undo_of_undo_moves_the_cursor_again(staffed: Crm) -> None:
    staffed.people.distribute([1], to=["u1", "u3"])
    staffed.changes.undo("last")
    assert staffed.engine.value("SELECT count(*) FROM distribution") == 0
    staffed.changes.undo(staffed.engine.value("SELECT max(id) FROM change"))
    assert staffed.people.distribute([2], to=["u1", "u3"]).assigned == {"u3": 1}


def test_similar_companies(crm: Crm, tmp_path) -> None:
    assert crm.companies.similar("") == []
    with pytest.raises(LeadctlError) as caught:
        crm.companies.similar("\ud800")
    assert caught.value.code == "usage"
    # More companies than are compared begin like this; the nearest ones are found.
    names = [f"Nordic {number:04} {chr(97 + number % 26) * 9} Group" for number in range(999)]
    file = tmp_path / "companies.csv"
    file.write_text("\n".join(["name", *names, "AS Nordic 0500 Other"]), encoding="utf-8")
    crm.companies.import_file(ImportFile(str(file)))
    wanted = names[500].upper() + " A/S"
    assert [hit.name for hit in crm.companies.similar(wanted)][:1] == [names[500]]
    before = crm.engine.statements
    crm.companies.similar("AS Nordic 0500 Othr")
    assert crm.engine.statements - before == 4


@pytest.mark.files
def test_similar_companies_are_found_by_the_index(crm: Crm, monkeypatch) -> None:
    plans: list[str] = []
    query = crm.engine.query

    def explained(sql: str, **parameters: object):
        plans.extend(row[3] for row in query(f"EXPLAIN QUERY PLAN {sql}", **parameters))
        return query(sql, **parameters)

    monkeypatch.setattr(crm.engine, "query", explained)
    crm.companies.similar("Acme")
    assert len(plans) == 2
    for plan in plans:
        assert plan.startswith("SEARCH company USING INDEX company_name (name_key>? AND name_key<?")
