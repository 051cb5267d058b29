"""Cases SO-079 to SO-091 and the memberships of SO-029, as ``decisions.md`` overrules them."""

from __future__ import annotations

import pytest

from tests.acceptance.selection_steps import listed, members, select
from tests.acceptance.steps import company, person, status_of
from tests.conftest import Cli


@pytest.fixture
def leads(fixture_f: Cli) -> tuple[Cli, int]:
    """Fixture F with a company whose people have lead status."""
    return fixture_f, company(fixture_f, "Acme", "Lead")


def test_so_029_memberships_follow_a_merge(leads) -> None:
    f, acme = leads
    a, b = person(f, "A", of=acme, status="open"), person(f, "B", of=acme, status="qualified")
    for name, ids in (("only A", [a]), ("only B", [b]), ("both", [a, b]), ("empty", [])):
        listed(f, name, ids)
    merge = f.json("person", "merge", a, "--into", b, "--yes")
    assert (status_of(f, b), f("person", "show", a, code=3).out) == (["qualified"], "")
    for name in ("only A", "only B", "both"):
        assert members(f, name) == [b], name
        assert f.json("selection", "info", name)["members"] == 1
    assert members(f, "empty") == []
    f("change", "undo", merge["change"], "--yes")
    assert [members(f, name) for name in ("only A", "only B", "both")] == [[a], [b], [a, b]]


def test_so_079_dynamic(leads) -> None:
    f, acme = leads
    first = person(f, "First", of=acme)
    made = select(f, "Open", "--where", "lead_status = Open")
    assert (made["kind"], made["where"], made["members"]) == ("dynamic", "lead_status = Open", 1)
    second = person(f, "Second", of=acme)
    assert members(f, "Open") == [first, second]
    f("person", "set-status", second, "contacting")
    assert members(f, "Open") == [first]


def test_so_080_static(leads) -> None:
    f, acme = leads
    first = person(f, "First", of=acme)
    made = select(f, "Open", "--where", "lead_status = Open", "--static")
    assert (made["kind"], made["where"], made["members"]) == ("static", None, 1)
    person(f, "Second", of=acme)
    assert members(f, "Open") == [first]
    f("person", "set-status", first, "contacting")
    assert members(f, "Open") == [first]


def test_so_082_added_twice(leads) -> None:
    f, acme = leads
    kari = person(f, "Kari", of=acme)
    listed(f, "List", [kari, kari])
    report = f.json("selection", "add", "List", kari)
    assert (report["changed"], report["unchanged"], report["change"]) == (0, 1, None)
    assert members(f, "List") == [kari]
    report = f.json("selection", "add", "List", kari, person(f, "Ola", of=acme))
    assert (report["changed"], report["unchanged"]) == (1, 1)


def test_so_083_overruled_a_selection_has_one_entity(leads) -> None:
    f, acme = leads
    kari = person(f, "Kari", of=acme)
    other = company(f, "Other", "Lead")
    assert listed(f, "Places", [acme], "--entity", "company")["entity"] == "company"
    f("selection", "add", "Places", other)
    assert [row["name"] for row in f.json("selection", "show", "Places")] == ["Acme", "Other"]
    select(f, "People", "--where", f"id = {kari}")
    assert f.error("selection", "add", "Places", "--selection", "People", code=2)["code"] == "usage"
    words = ("Both", "--combine", "Places", "--combine", "People", "--op", "union")
    for entity in ("person", "company"):
        error = f.error("selection", "create", *words, "--entity", entity, code=4)
        assert error["code"] == "selection_not_combinable"


@pytest.mark.parametrize("kinds", ["static", "dynamic", "mixed"])
def test_so_085_combined(leads, kinds: str) -> None:
    f, acme = leads
    a, b, c, d = (person(f, name, of=acme) for name in "abcd")
    for name, ids in (("S1", [a, b, c]), ("S2", [b, c, d])):
        if kinds == "static" or (kinds == "mixed" and name == "S2"):
            listed(f, name, ids)
        else:
            select(f, name, "--where", f"id in ({', '.join(map(str, ids))})")
    for operator, expected in (
        ("only-first", [a]),
        ("only-second", [d]),
        ("intersection", [b, c]),
        ("difference", [a, d]),
        ("union", [a, b, c, d]),
    ):
        made = select(f, operator, "--combine", "S1", "--combine", "S2", "--op", operator)
        assert (made["kind"], made["where"]) == ("combined", f"S1 {operator} S2")
        assert (made["members"], members(f, operator)) == (len(expected), expected)


def test_se_21_the_operator_changes_later(leads) -> None:
    f, acme = leads
    a, b = (person(f, name, of=acme) for name in "ab")
    listed(f, "S1", [a, b])
    listed(f, "S2", [b])
    select(f, "Both", "--combine", "S1", "--combine", "S2", "--op", "only-first")
    assert members(f, "Both") == [a]
    f("selection", "edit", "Both", "--op", "intersection")
    assert members(f, "Both") == [b]
    f("selection", "remove", "S2", b)
    assert members(f, "Both") == []


def test_so_086_the_entity_stays(leads) -> None:
    f, _ = leads
    select(f, "Open", "--where", "lead_status = open")
    words = ("selection", "edit", "Open", "--entity", "company")
    assert f.error(*words, code=2)["code"] == "usage"
    assert f.json("selection", "info", "Open")["entity"] == "person"


def test_so_088_copy(leads) -> None:
    f, acme = leads
    kari, ola = person(f, "Kari", of=acme), person(f, "Ola", of=acme)
    listed(f, "Leads", [kari], "--description", "Of the fair")
    copy = f.json("selection", "copy", "Leads")
    assert (copy["name"], copy["members"], copy["description"]) == (
        "Leads (copy)",
        1,
        "Of the fair",
    )
    f("selection", "add", "Leads (copy)", ola)
    assert (members(f, "Leads"), members(f, "Leads (copy)")) == ([kari], [kari, ola])


def test_so_089_removing_by_criteria(leads) -> None:
    f, acme = leads
    ids = [person(f, name, of=acme) for name in ("Berg", "Dahl", "Bakke")]
    outside = person(f, "Bye", of=acme)
    listed(f, "List", ids)
    select(f, "Found", "--where", "last_name starts with b")
    report = f.json("selection", "remove", "List", "--where", "last_name starts with b")
    assert (report["matched"], report["changed"], report["unchanged"]) == (3, 2, 1)
    assert members(f, "List") == [ids[1]]
    error = f.error("selection", "remove", "Found", "--where", "last_name = berg", code=4)
    assert error["code"] == "selection_not_static"
    assert members(f, "Found") == [ids[0], ids[2], outside]


def test_so_091_previous_quarter(leads, monkeypatch) -> None:
    f, acme = leads
    days = ("2025-12-31", "2026-01-01", "2026-02-28", "2026-03-31", "2026-04-01", "2026-05-15")
    for day in days:
        f("person", "add", "--last-name", day, "--company", acme, "--today", day)
    monkeypatch.setenv("LEADCTL_TODAY", "2026-05-15")
    select(f, "Quarter", "--where", "created_at in previous 1 quarter")
    found = [row["last_name"] for row in f.json("selection", "show", "Quarter")]
    assert found == ["2026-01-01", "2026-02-28", "2026-03-31"]
    monkeypatch.setenv("LEADCTL_TODAY", "2026-07-01")
    found = [row["last_name"] for row in f.json("selection", "show", "Quarter")]
    assert found == ["2026-04-01", "2026-05-15"]


def test_se_5_static_stays_static(leads) -> None:
    f, acme = leads
    kari = person(f, "Kari", of=acme)
    listed(f, "List", [kari])
    assert f.error("selection", "edit", "List", "--where", "id = 1", code=2)["code"] == "usage"
    assert f.error("selection", "edit", "List", "--op", "union", code=2)["code"] == "usage"
    report = f.json("selection", "freeze", "List")
    assert (report["unchanged"], report["change"]) == (1, None)


@pytest.mark.parametrize("kind", ["dynamic", "combined"])
def test_se_5_freezing(leads, kind: str) -> None:
    f, acme = leads
    kari, ola = person(f, "Kari", of=acme), person(f, "Ola", of=acme)
    select(f, "A", "--where", "lead_status = open")
    if kind == "combined":
        listed(f, "B", [ola])
        select(f, "C", "--combine", "A", "--combine", "B", "--op", "only-first")
    name, expected = {"dynamic": ("A", [kari, ola]), "combined": ("C", [kari])}[kind]
    report = f.json("selection", "freeze", name)
    assert (report["matched"], report["changed"]) == (1, 1)
    f("person", "set-status", "--all", "qualified")
    assert members(f, name) == expected
    assert f.json("selection", "info", name)["kind"] == "static"
    if kind == "combined":
        f("selection", "delete", "A", "--yes")


def test_se_23_members_outlive_the_selection(leads) -> None:
    f, acme = leads
    kari = person(f, "Kari", of=acme)
    listed(f, "List", [kari])
    assert f.error("selection", "delete", "List", code=6)["code"] == "consent_needed"
    f("selection", "delete", "List", "--yes")
    assert f.error("selection", "show", "List", code=3)["code"] == "not_found"
    assert status_of(f, kari) == ["open"]


def test_se_25_a_source_is_in_use(leads) -> None:
    f, _ = leads
    select(f, "A", "--where", "lead_status = open")
    listed(f, "B", [])
    select(f, "C", "--combine", "A", "--combine", "B", "--op", "union")
    for name in ("A", "B"):
        error = f.error("selection", "delete", name, "--yes", code=4)
        assert (error["code"], error["details"]["name"]) == ("selection_in_use", "C")
    for name in ("C", "A", "B"):
        f("selection", "delete", name, "--yes")
    assert f.json("selection", "list") == []


def test_se_18_a_combined_one_is_no_source(leads) -> None:
    f, _ = leads
    for name in ("A", "B"):
        listed(f, name, [])
    select(f, "C", "--combine", "A", "--combine", "B", "--op", "union")
    words = ("D", "--combine", "A", "--combine", "C", "--op", "union")
    error = f.error("selection", "create", *words, code=4)
    assert (error["code"], error["details"]["name"]) == ("selection_not_combinable", "C")
