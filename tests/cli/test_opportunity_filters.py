"""Finding opportunities: every field of ``--where``, and the filters of ``closed``."""

from __future__ import annotations

import pytest

from tests.acceptance.opportunity_steps import (
    at_work,
    changes,
    closed,
    deal,
    move,
    shown,
    standing_on,
    state,
)
from tests.acceptance.steps import company, person
from tests.conftest import rows_of_view


def ids(cli, *words: object) -> list[int]:
    """The numbers of a list."""
    return [row["id"] for row in cli.json(*words)]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("id in (1, 3)", [1, 3]),
        ("external_id = x1", [1]),
        ("external_id is null and id < 4", [2, 3]),
        ("description ~ 'OF A'", [6]),
        ("description starts with quoted", [7]),
        ("description == gone", []),
        ("contact_type = person", [6]),
        ("contact_type != person and id > 4", [5, 7]),
        ("company_id = 2", [5]),
        ("company = beta", [5]),
        ("company is null", [6]),
        ("person_id = 2", [6]),
        ("person is not null", [6]),
        ("person = Solo", [6]),
        ("salesperson = anna", [1]),
        ("salesperson is null and id < 4", [2, 3]),
        ("campaign = spring", [1]),
        ("priority = high", [1]),
        ("priority in (High, low)", [1]),
        ("priority != high", [2, 3, 4, 5, 6, 7]),
        ("cycle = T1", [1, 2, 3, 4, 5, 6, 7]),
        ("cycle = standard", []),
        ("status = in_progress", [2, 3, 6]),
        ("status = not_started", [1]),
        ("status in (won, lost)", [4, 5, 7]),
        ("status not in (won, lost)", [1, 2, 3, 6]),
        ("outcome = won", [4, 7]),
        ("outcome is null", [1, 2, 3, 6]),
        ("outcome != won", [1, 2, 3, 5, 6]),
        ("stage = 40", [3]),
        ("stage between 1 and 39", [2, 6]),
        ("stage is null", [1, 4, 5, 7]),
        ("stage_name = talks", [3]),
        ("stage_name is null", [1, 4, 5, 7]),
        ("estimated_value = 9000", [3]),
        ("estimated_value = 9000.00", [3]),
        ("value > 4999.99", [3, 4]),
        ("value = 300.5", [6]),
        ("value = 300.50", [6]),
        ("VALUE between 700 and 1000", [2, 5, 7]),
        ("value in (700, 5000)", [4, 5]),
        ("chances_percent = 80", [3]),
        ("chances = 10", [2, 6]),
        ("chances >= 80", [3, 4, 7]),
        ("completed_percent = 85", [3]),
        ("completed = 100", [4, 5, 7]),
        ("probability_percent = 68", [3]),
        ("probability = 0.2", [2, 6]),
        ("probability between 60 and 70", [3]),
        ("calculated_value = 6120", [3]),
        ("calculated_value = 0.6", [6]),
        ("calculated_value = 900", [7]),
        ("close_date < 2024-05-01 and outcome is null", [6]),
        ("close_date in next 1 quarter", [2, 3, 6]),
        ("close_date newer than 0d", [2, 3, 6]),
        ("created_on < 2024-03-01", [1]),
        ("created = 2024-01-02", [1]),
        ("created in this month", [2, 3, 4, 5, 6, 7]),
        ("closed_on = 2024-01-26", [4]),
        ("closed older than 30d", [4, 5]),
        ("closed in previous 1 month", [7]),
        ("closed between 2024-01-26 and 2024-01-31", [4, 5]),
        ("closed is null", [1, 2, 3, 6]),
        ("close_code = lost_price", [5]),
        ("close_code in (won, lost_price)", [4, 5, 7]),
        ("close_code is null", [1, 2, 3, 6]),
        ("quote_id = 1", [3]),
        ("quote_id is null", [1, 2, 5, 6]),
        ("order_id = 1", [4]),
        ("order_id is not null", [4]),
        ("has_quote = true and outcome is null", [3]),
        ("has_quote = false and outcome is null", [1, 2, 6]),
        ("stage_age = 5", [3]),
        ("stage_age > 5 and status = in_progress", [2, 6]),
        ("extra.colour is null", [1, 2, 3, 4, 5, 6, 7]),
        ("(outcome = won or value = 700) and not order_id is not null", [5, 7]),
    ],
)
def test_fields(deals, expression: str, expected: list[int]) -> None:
    assert ids(deals, "opportunity", "list", "--where", expression) == expected
    assert deals.json("opportunity", "list", "--where", expression, "--count") == len(expected)
    among = sorted({4, 5, 7} & set(expected))
    assert ids(deals, "closed", "list", "--where", expression) == among


@pytest.mark.parametrize(
    "expression",
    [
        "nope = 1",
        "value = x",
        "value = NaN",
        "value ~ 5",
        "stage = abc",
        "stage = 1.5",
        "close_date = 2024-02-30",
        "close_date ~ 2024",
        "status = nope",
        "status ~ won",
        "status > won",
        "outcome = maybe",
        "priority = urgent",
        "close_code = nope",
        "cycle = nope",
        "salesperson = nope",
        "has_quote = perhaps",
        "entries = 1",
        "value in ()",
        "closed",
    ],
)
def test_expressions_that_are_wrong(deals, expression: str) -> None:
    before = changes(deals)
    for words in (("opportunity", "list"), ("opportunity", "next"), ("closed", "delete", "--yes")):
        error = deals.error(*words, "--where", expression, code=2)
        assert error["code"] == "usage"
        assert error["details"]["position"] >= 1
    assert changes(deals) == before


def test_lists_are_sorted_cut_grouped_and_narrowed(deals) -> None:
    listed = ("opportunity", "list")
    above = ("--where", "value > 0", "--sort")
    assert ids(deals, *listed, *above, "-estimated_value", "--limit", 3) == [3, 4, 2]
    assert ids(deals, *listed, *above, "estimated_value", "--limit", 2) == [6, 5]
    assert ids(deals, *listed, "--where", "closed is not null", "--sort", "closed_on") == [4, 5, 7]
    assert ids(deals, *listed, "--sort", "-id", "--offset", 5) == [2, 1]
    groups = deals.json(*listed, "--group-by", "status")
    assert {row["status"]: row["count"] for row in groups} == {
        "not_started": 1,
        "in_progress": 3,
        "won": 2,
        "lost": 1,
    }
    assert ids(deals, *listed, "--salesperson", "anna") == [1]
    assert ids(deals, *listed, "--company", "beta") == [5]
    assert ids(deals, *listed, "--company", 1) == [1, 2, 3, 4, 7]
    assert ids(deals, *listed, "--company", 1, "--where", "status = won") == [4, 7]
    assert ids(deals, *listed, "--person", 2) == [6]
    assert ids(deals, *listed, 3, "ext:X1", 3) == [1, 3]
    assert deals("opportunity", "list", "-f", "ids").out == "1\n2\n3\n4\n5\n6\n7\n"
    header = deals("closed", "list", "--code", "lost_competitor", "-f", "csv").out
    assert header.startswith("id,external_id,description,")
    assert header.count("\n") == 1


def test_view_of_the_file_has_the_same_values(deals) -> None:
    rows = rows_of_view(deals, "v_opportunities")
    steps = rows_of_view(deals, "v_stage_history")
    listed = deals.json("opportunity", "list")
    assert [set(row) for row in rows] == [set(row) for row in listed]
    for row, record in zip(rows, listed, strict=True):
        for key in set(record) - {"stage_age", "extra", "has_quote"}:
            assert row[key] == record[key], key
    entries = [entry for id in range(1, 8) for entry in shown(deals, id)["entries"]]
    assert len(steps) == len(entries)
    assert set(steps[0].keys()) >= set(entries[0])


@pytest.fixture
def six(cli, monkeypatch: pytest.MonkeyPatch):
    """Opportunities 1 to 4 closed in different ways, 5 in progress, 6 not started."""
    at_work(cli, monkeypatch)
    for name in ("anna", "bo"):
        cli("user", "add", name)
    acme, beta = company(cli, "Acme"), company(cli, "Beta")
    berg = person(cli, "Berg", of=acme)
    anna, bo = ("--salesperson", "anna"), ("--salesperson", "bo")
    spring = ("--campaign", "Spring")
    deal(cli, *anna, *spring, of=acme)
    deal(cli, *anna, *spring, of=beta, cycle="standard")
    deal(cli, *bo, "--campaign", "Autumn", of=acme)
    move(cli, "edit", deal(cli, *bo, of=acme), "--person", berg)
    closed(cli, "won", 1, "--amount", 10, "--on", "2024-01-01")
    closed(cli, "lost", 2, "--on", "2024-01-15")
    closed(cli, "won", 3, "--amount", 10, "--on", "2024-01-31")
    move(cli, "close", 4, "--lost", "--code", "lost_competitor", "--on", "2022-03-09")
    assert standing_on(cli, 10, of=acme) == 5
    move(cli, "edit", 5, *anna, *spring)
    deal(cli, *anna, *spring, of=acme)
    return cli


FILTERS = [
    (("--closed-before", "2024-01-15"), [1, 4]),
    (("--closed-after", "2024-01-15"), [3]),
    (("--closed-after", "2024-01-01", "--closed-before", "2024-01-31"), [2]),
    (("--older-than", "24m"), [4]),
    (("--older-than", "2y"), [4]),
    (("--older-than", "40d"), [1, 2, 4]),
    (("--outcome", "won"), [1, 3]),
    (("--outcome", "lost"), [2, 4]),
    (("--code", "lost_price"), [2]),
    (("--code", "won"), [1, 3]),
    (("--salesperson", "anna"), [1, 2]),
    (("--campaign", "Spring"), [1, 2]),
    (("--company", "Beta"), [2]),
    (("--company", "1"), [1, 3, 4]),
    (("--person", "1"), [4]),
    (("--cycle", "standard"), [2]),
    (("--cycle", "t1"), [1, 3, 4]),
    (("--where", "id > 2"), [3, 4]),
    (("--where", "id > 1", "--where", "id < 4"), [2, 3]),
    (("--salesperson", "anna", "--outcome", "won"), [1]),
    (("--salesperson", "bo", "--cycle", "t1", "--closed-after", "2023-01-01"), [3]),
    (("--campaign", "Spring", "--where", "outcome = lost"), [2]),
    (("--company", "Acme", "--person", "1", "--code", "lost_competitor"), [4]),
    (("--outcome", "won", "--code", "lost_price"), []),
    (("--all",), [1, 2, 3, 4]),
]


@pytest.mark.parametrize(("words", "expected"), FILTERS, ids=lambda value: "".join(map(str, value)))
def test_filters_of_closed(six, words, expected: list[int]) -> None:
    assert ids(six, "closed", "list", *words) == expected
    before, count = state(six), changes(six)
    dry = six("closed", "delete", *words, "--dry-run", "-f", "ndjson").lines
    assert [(line["id"], line["result"]) for line in dry] == [(id, "changed") for id in expected]
    assert (state(six), changes(six)) == (before, count)
    report = six.json("closed", "delete", *words, "--yes")
    assert (report["matched"], report["changed"]) == (len(expected), len(expected))
    left = [id for id in range(1, 7) if id not in expected]
    assert ids(six, "opportunity", "list") == left
    if expected:
        six("change", "undo", "last", "--yes")
    assert (state(six)) == before


def test_closed_lists_all_unless_told(six) -> None:
    assert ids(six, "closed", "list") == [1, 2, 3, 4]
    assert six.json("closed", "list", "--count") == 4
    assert ids(six, "closed", "list", "--sort", "-closed_on", "--limit", 2) == [3, 2]
    assert six.json("closed", "list", "--where", "status = in_progress") == []


def test_ids_may_name_open_ones(six, tmp_path) -> None:
    for words in (("closed", "delete", 1, 5, "--yes"), ("opportunity", "delete", 1, 6, "--yes")):
        report = six(*words, "-f", "json", code=4).json
        assert (report["matched"], report["changed"], report["refused"]) == (2, 0, 1)
        assert report["problems"][0]["code"] == "not_closed"
    file = tmp_path / "ids"
    file.write_text("2\n5\n2\n", encoding="utf-8")
    words = ("closed", "delete", "--ids-from", file, "--yes", "--keep-going")
    report = six.json(*words, code=5)
    assert (report["matched"], report["changed"], report["refused"]) == (2, 1, 1)
    assert ids(six, "opportunity", "list") == [1, 3, 4, 5, 6]
    file.write_text("", encoding="utf-8")
    assert six.json("closed", "delete", "--ids-from", file)["matched"] == 0
    assert six.json("closed", "delete", 99, "--yes", code=3)["missing"] == 1


def test_deleted_closed_ones_come_back_unless_purged(six) -> None:
    before = state(six)
    six("closed", "delete", "--older-than", "24m", "--yes", "--reason", "old")
    (newest,) = six.json("change", "list", "--limit", 1)
    assert newest["reason"] == "old"
    assert six.error("opportunity", "show", 4, code=3)["code"] == "not_found"
    six("change", "undo", "last", "--yes")
    assert state(six) == before

    report = six.json("closed", "delete", "--older-than", "24m", "--purge", "--yes")
    assert (report["matched"], report["changed"]) == (1, 1)
    assert ids(six, "opportunity", "list") == [1, 2, 3, 5, 6]
    assert six.error("change", "undo", "last", "--yes", code=4)["code"] == "change_purged"
    undo = ("change", "undo", report["change"], "--yes")
    assert six.error(*undo, code=4)["code"] == "change_purged"
    assert ids(six, "opportunity", "list") == [1, 2, 3, 5, 6]
    # Numbers are not given again.
    assert deal(six, of=1) == 7


def test_dry_run_of_a_purge(six) -> None:
    before = state(six)
    dry = six.json("closed", "delete", "--all", "--purge", "--dry-run")
    assert (dry["changed"], dry["change"]) == (4, None)
    assert state(six) == before


@pytest.mark.parametrize("duration", ["24m or id = 3", "1d or value > 0", "", "24 months", "-1d"])
def test_a_duration_is_a_duration_and_no_filter(deals, duration: str) -> None:
    words = ("closed", "delete", "--older-than", duration, "--yes")
    assert deals.error(*words, code=2)["code"] == "usage"


def test_closed_lists_closed_ones_however_they_are_chosen(deals) -> None:
    everything = [row["id"] for row in deals.json("opportunity", "list")]
    closed = [row["id"] for row in deals.json("closed", "list")]
    assert 0 < len(closed) < len(everything)
    assert [row["id"] for row in deals.json("closed", "list", *everything)] == closed


def test_the_default_cycle_is_named_like_any_other(deals) -> None:
    deals("setting", "set", "default_cycle", "T1")
    assert deals.json("setting", "get", "default_cycle")["value"] == "t1"
    assert deals.error("setting", "set", "default_cycle", "nope", code=3)["code"] == "not_found"


def test_views_say_what_json_says_of_extra(deals) -> None:
    assert {row["extra"] for row in rows_of_view(deals, "v_opportunities")} == {"{}"}
