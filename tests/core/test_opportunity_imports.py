"""Importing opportunities with the state that they are in: contradictions, defaults, matches."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from leadctl import ImportFile, LeadctlError, WriteOptions
from leadctl.core.clock import Clock

GOING_ON = WriteOptions(keep_going=True)


@pytest.fixture
def deals(crm, tmp_path: Path):
    """Import rows of CSV; the file has companies Acme and Beta and two people in Acme."""
    crm.clock = Clock(date(2026, 3, 2))
    anna = crm.users.add("Anna")["key"]
    crm.companies.add("Acme", category="customer", owner=anna, external_id="A")
    crm.companies.add("Beta")
    crm.people.add(last_name="Berg", company="Acme")
    crm.people.add(last_name="Lind", company="Beta", external_id="L")
    crm.people.add(last_name="Free", owner=anna)

    def run(text: str, options: WriteOptions | None = None, **settings: Any):
        file = tmp_path / "deals.csv"
        file.write_text(text, encoding="utf-8")
        return crm.opportunities.import_file(ImportFile(str(file), **settings), options)

    return run


def problem(report) -> tuple[str, str | None]:
    (found,) = report.problems
    return found.reason.code, found.column


HEADER = (
    "description,company,status,outcome,stage,estimated_value,amount,chances_percent,"
    "created_on,close_date,closed_on,close_code\n"
)


@pytest.mark.parametrize(
    ("row", "status", "entries"),
    [
        ("A,Acme,,,,,,,,,,", "not_started", []),
        ("A,Acme,not_started,,,0,0,,2026-01-05,,,", "not_started", []),
        ("A,Acme,,,20,,,,,,,", "in_progress", [("first", 20, 0)]),
        ("A,Acme,,,,500,,,,,,", "in_progress", [("first", 10, 500)]),
        ("A,Acme,in_progress,,,,,,,,,", "in_progress", [("first", 10, 0)]),
        (
            "A,Acme,won,,30,500,,,2026-01-05,,2026-02-01,",
            "won",
            [("first", 30, 500), ("won", None, 500)],
        ),
        ("A,Acme,,Won,30,500,450,,,,,won", "won", [("first", 30, 500), ("won", None, 500)]),
        ("A,Acme,Verloren,,,,0,,,,,lost_price", "lost", [("first", 10, 0), ("lost", None, 0)]),
    ],
)
def test_state(crm, deals, row: str, status: str, entries: list[tuple]) -> None:
    assert deals(HEADER + row).created == 1
    shown = crm.opportunities.show(1)
    assert shown["status"] == status
    found = [
        (entry["action"], entry["stage"], entry["estimated_value"]) for entry in shown["entries"]
    ]
    assert found == entries
    assert [entry["active"] for entry in shown["entries"]] == [False] * (len(entries) - 1) + [
        True
    ] * bool(entries)


def test_figures_of_a_closed_one(crm, deals) -> None:
    deals(HEADER + "A,Acme,won,won,20,500,450,40,2026-01-05,2026-01-20,2026-02-01,won")
    first, last = crm.opportunities.show(1)["entries"]
    assert (first["chances_percent"], first["close_date"], first["days_open"]) == (
        40,
        "2026-01-20",
        27,
    )
    assert (last["date"], last["closed_on"], last["close_date"]) == ("2026-02-01",) * 3
    assert (last["calculated_value"], last["probability_percent"]) == (450, 100)
    assert crm.opportunities.reopen([1]).changed == 1
    assert crm.opportunities.show(1)["chances_percent"] == 40


def test_what_an_export_says_of_a_closed_one_is_no_contradiction(crm, deals) -> None:
    deals(HEADER + "A,Acme,lost,lost,,500,,0,2026-01-05,2026-02-01,2026-02-01,lost_price")
    assert crm.opportunities.show(1)["entries"][0]["chances_percent"] == 10


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        (",Acme,,,,,,,,,,", "name_required", "description"),
        ("A,,,,,,,,,,,", "contact_required", "company"),
        ("A,Nobody,,,,,,,,,,", "not_found", "company"),
        ("A,Acme,won,lost,,5,,,,,,won", "row_invalid", "outcome"),
        ("A,Acme,in_progress,won,,,,,,,,", "row_invalid", "outcome"),
        ("A,Acme,in_progress,,,,,,,,2026-02-01,", "row_invalid", "closed_on"),
        ("A,Acme,in_progress,,,,,,,,,won", "row_invalid", "close_code"),
        ("A,Acme,not_started,,20,,,,,,,", "row_invalid", "stage"),
        ("A,Acme,,,15,,,,,,,", "stage_not_reachable", "stage"),
        ("A,Acme,lost,,,,5,,,,,lost_price", "row_invalid", "amount"),
        ("A,Acme,lost,,,,,,,,,won", "close_code_of_other_outcome", "close_code"),
        ("A,Acme,lost,,,,,,,,,", "close_code_required", "close_code"),
        ("A,Acme,won,,,,,,,,,won", "amount_not_positive", "amount"),
        ("A,Acme,won,,,5,,,2026-02-02,,2026-02-01,won", "date_before_last_change", "closed_on"),
        ("A,Acme,in_progress,,,-5,,,,,,", "value_not_positive", "estimated_value"),
        ("A,Acme,in_progress,,,,,0,,,,", "chances_not_positive", "chances_percent"),
        (
            "A,Acme,in_progress,,,,,,2026-02-02,2026-02-01,,",
            "close_date_before_change",
            "close_date",
        ),
        ("A,Acme,sold,,,,,,,,,", "usage", "status"),
        ("A,Acme,,,x,,,,,,,", "usage", "stage"),
        ("A,Acme,,,,1.234,,,,,,", "usage", "estimated_value"),
        ("A,Acme,,,,,,101,,,,", "usage", "chances_percent"),
        ("A,Acme,,,,,,,2026-02-30,,,", "usage", "created_on"),
        ("A,Acme,won,,,5,,,,,,nope", "not_found", "close_code"),
    ],
)
def test_bad_rows(crm, deals, row: str, code: str, column: str) -> None:
    with pytest.raises(LeadctlError) as caught:
        deals(HEADER + row)
    assert problem(caught.value.report) == (code, column)
    assert crm.opportunities.count() == 0


def test_contacts(crm, deals) -> None:
    deals(
        "description,company,person,salesperson\n"
        "A,,Berg,\n"
        "B,Beta,ext:L,\n"
        "C,,Free,\n"
        "D,ext:A,,\n"
        "E,2,,Anna\n"
    )
    found = [
        (row["company"], row["person"], row["contact_type"], row["salesperson"])
        for row in crm.opportunities.list()
    ]
    assert found == [
        ("Acme", "Berg", "person", "anna"),
        ("Beta", "Lind", "person", None),
        (None, "Free", "person", "anna"),
        ("Acme", None, "company", "anna"),
        ("Beta", None, "company", "anna"),
    ]


def test_contacts_that_do_not_fit(crm, deals) -> None:
    crm.people.add(last_name="Berg", company="Beta")
    report_of = "description,company,person\nA,,Berg\nB,Acme,ext:L\nC,Acme,Nobody\nD,Acme,Berg\n"
    report = deals(report_of, GOING_ON)
    found = [(one.line, one.column, one.reason.code) for one in report.problems]
    assert found == [
        (2, "person", "ambiguous_name"),
        (3, "person", "contact_of_other_company"),
        (4, "person", "not_found"),
    ]
    assert (report.created, crm.opportunities.show(1)["person_id"]) == (1, 1)


def test_cycles(crm, deals) -> None:
    crm.cycles.add("Empty")
    crm.cycles.add("Old")
    crm.cycles.edit("old", blocked=True)
    crm.settings.set("default_cycle", "empty")
    text = "description,company,cycle,status\nA,Acme,,\nB,Acme,,in_progress\nC,Acme,old,\nD,Acme,standard,\n"
    report = deals(text, GOING_ON)
    assert [(one.line, one.column, one.reason.code) for one in report.problems] == [
        (3, "cycle", "cycle_without_stages"),
        (4, "cycle", "cycle_blocked"),
    ]
    assert [row["cycle"] for row in crm.opportunities.list()] == ["empty", "standard"]
    crm.settings.set("default_cycle", "old")
    with pytest.raises(LeadctlError) as caught:
        deals("description,company\nA,Acme\n")
    assert problem(caught.value.report) == ("not_found", "cycle")


STATE = "external_id," + HEADER
OPEN = "1,A,Acme,in_progress,,20,500,,30,2026-01-05,2026-06-30,,\n"
WON = "2,B,Acme,won,won,,700,650,,2026-01-05,,2026-02-01,won\n"


def test_again_changes_nothing(crm, deals) -> None:
    matched = {"match": ("external_id",)}
    assert deals(STATE + OPEN + WON, **matched).created == 2
    report = deals(STATE + OPEN + WON, **matched)
    assert (report.created, report.changed, report.unchanged) == (0, 0, 2)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (OPEN.replace("500", "501"), "estimated_value"),
        (OPEN.replace(",20,", ",30,"), "stage"),
        (OPEN.replace("in_progress,", "won,won"), "status"),
        (OPEN.replace(",30,", ",31,"), "chances_percent"),
        (OPEN.replace("06-30", "07-30"), "close_date"),
        (WON.replace("650", "640"), "amount"),
        (WON.replace("2026-02-01", "2026-02-02"), "closed_on"),
        (WON.replace("2026-01-05", "2026-01-06"), "created_on"),
        (OPEN.replace("Acme", "Beta"), "company"),
        (WON.replace("Acme", "Beta"), "company"),
    ],
)
def test_the_state_of_what_exists_stays(crm, deals, row: str, column: str) -> None:
    deals(STATE + OPEN + WON, match=("external_id",))
    with pytest.raises(LeadctlError) as caught:
        deals(STATE + row, match=("external_id",))
    assert caught.value.report.problems[0].column == column


def test_the_header_of_what_exists_follows_the_rules_of_edit(crm, deals) -> None:
    deals(STATE + OPEN + WON, match=("external_id",))
    text = "external_id,description,campaign,priority,person\n1,AA,Fair,high,Berg\n"
    assert deals(text, match=("external_id",)).changed == 1
    shown = crm.opportunities.show(1)
    assert [shown[name] for name in ("description", "campaign", "priority", "person")] == [
        "AA",
        "Fair",
        "high",
        "Berg",
    ]
    for column, value in (("campaign", "Fair"), ("priority", "high"), ("person", "Berg")):
        with pytest.raises(LeadctlError) as caught:
            deals(f"external_id,{column}\n2,{value}\n", match=("external_id",))
        expected = "company" if column == "person" else column
        assert problem(caught.value.report) == ("opportunity_closed", expected)
    assert deals("external_id,description\n2,BB\n", match=("external_id",)).changed == 1


def test_numbers_and_dates_as_the_recipe_says(crm, deals, tmp_path) -> None:
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text('decimal: ","\ndate_format: "%d.%m.%Y"\n', encoding="utf-8")
    text = (
        "description;company;estimated_value;close_date\n"
        "A;Acme;1.234.567,89;30.06.2026\nB;Acme;12,5;\nC;Acme;1234;\nD;Acme;1 000;\nE;Acme;;\n"
    )
    assert deals(text, recipe=str(recipe)).created == 5
    values = [row["estimated_value"] for row in crm.opportunities.list()]
    assert values == [1234567.89, 12.5, 1234, 1000, 0]
    assert crm.opportunities.show(1)["close_date"] == "2026-06-30"
    with pytest.raises(LeadctlError) as caught:
        deals("description;company;estimated_value\nA;Acme;1,234.5\n", recipe=str(recipe))
    assert problem(caught.value.report) == ("usage", "estimated_value")
    with pytest.raises(LeadctlError) as caught:
        deals("description;company;close_date\nA;Acme;2026-06-30\n", recipe=str(recipe))
    assert problem(caught.value.report) == ("usage", "close_date")


def test_undo_takes_the_ledger_along(crm, deals) -> None:
    deals(STATE + OPEN + WON)
    assert crm.changes.undo("last").changed == 2
    assert (crm.opportunities.count(), crm.entries.count()) == (0, 0)
    undo = next(crm.changes.list())["id"]
    assert crm.changes.undo(undo).changed == 2
    assert (crm.opportunities.count(), crm.entries.count()) == (2, 3)
