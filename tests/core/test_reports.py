"""What a change amounts to: guards, partial success, what became of each record."""

from __future__ import annotations

import getpass
from datetime import date

import pytest

from leadctl import ImportFile, LeadctlError, WriteOptions, open_crm
from leadctl.core.crm import login_name
from leadctl.core.outcome import partial


@pytest.fixture
def mixed(crm):
    """People 1 and 2 have lead status, 3, 4 and 5 have none that applies, for two reasons."""
    for name, category in (("Lead", "lead"), ("Customer", "customer"), ("Partner", "partner")):
        crm.companies.add(name, category=category)
    for company in (1, 1, 2, 3, None):
        crm.people.add(last_name="P", company=company)
    return crm


def test_situations_share_their_reasons(mixed) -> None:
    report = mixed.people.set_status([1, 2, 3, 4, 5], "qualified", WriteOptions(details=True))
    assert (report.changed, report.skipped, report.failed, report.succeeded) == (2, 3, 3, 2)
    assert {problem.reason.details["reason"] for problem in report.problems} == {
        "wrong_group",
        "no_category",
    }
    results = [(line["id"], line["result"]) for line in report.details()]
    assert results == [
        (1, "changed"),
        (2, "changed"),
        (3, "skipped"),
        (4, "skipped"),
        (5, "skipped"),
    ]
    error = partial(report)
    assert error is not None
    assert (error.exit_code, error.details) == (5, {"failed": 3, "looked_at": 5})


@pytest.mark.parametrize(
    ("ids", "options", "exit_code", "code"),
    [
        ([3], {}, 4, "lead_status_not_applicable"),
        ([3, 4], {}, 4, "lead_status_not_applicable"),
        ([9], {}, 3, "not_found"),
        ([9], {"keep_going": True}, 3, "not_found"),
        ([3, 9], {"keep_going": True}, 4, "lead_status_not_applicable"),
        ([1, 9], {}, 3, "not_found"),
        ([1, 2], {"expect": (3, 5)}, 7, "expect_failed"),
        ([1, 2], {"expect": (1, 1)}, 7, "expect_failed"),
        ([1, 9], {"expect": (5, 5)}, 3, "not_found"),
        ([1, 2], {"max_changes": 1}, 7, "max_changes_exceeded"),
    ],
)
def test_what_stops_a_change(mixed, ids, options, exit_code: int, code: str) -> None:
    for dry_run in (True, False):
        with pytest.raises(LeadctlError) as caught:
            mixed.people.set_status(ids, "qualified", WriteOptions(dry_run=dry_run, **options))
        assert (caught.value.exit_code, caught.value.code) == (exit_code, code)
        assert (caught.value.report.changed, caught.value.report.change) == (0, None)
    assert mixed.people.show(1)["lead_status"] == "open"


def test_guards_that_hold_let_the_change_through(mixed) -> None:
    options = WriteOptions(expect=(2, 2), max_changes=2, reason="because")
    assert mixed.people.set_status([1, 2], "qualified", options).changed == 2
    assert next(mixed.changes.list())["reason"] == "because"


def test_a_deleted_status_refuses_the_whole_unless_told_to_keep_going(mixed) -> None:
    mixed.people.set_status(2, "qualified")
    mixed.lead_statuses.delete("qualified")
    with pytest.raises(LeadctlError) as caught:
        mixed.people.set_status([1, 2], "qualified")
    assert caught.value.code == "list_item_deleted"
    report = mixed.people.set_status([1, 2], "qualified", WriteOptions(keep_going=True))
    assert (report.unchanged, report.refused, report.change) == (1, 1, None)
    with pytest.raises(LeadctlError) as caught:
        mixed.people.set_status([1, 3], "qualified", WriteOptions(keep_going=True))
    assert caught.value.code == "list_item_deleted"


def test_import_details_have_lines(crm, tmp_path) -> None:
    file = tmp_path / "c.csv"
    file.write_text("name\nA\n \n", encoding="utf-8")
    options = WriteOptions(keep_going=True, details=True)
    report = crm.companies.import_file(ImportFile(str(file)), options)
    bad, good = report.details()
    assert (bad["id"], bad["line"], bad["column"], bad["result"]) == (None, 3, "name", "refused")
    assert (good["id"], good["result"], good["changes"]) == (1, "created", {})


def test_more_problems_than_a_report_keeps(crm, tmp_path) -> None:
    file = tmp_path / "c.csv"
    file.write_text("name\nA\n" + " \n" * 1005, encoding="utf-8")
    report = crm.companies.import_file(ImportFile(str(file)), WriteOptions(keep_going=True))
    assert (len(report.problems), report.problems_omitted, report.refused) == (1000, 5, 1005)


def test_users_by_the_library(crm, tmp_path) -> None:
    file = tmp_path / "u.csv"
    file.write_text("name\nAnna\n", encoding="utf-8")
    assert crm.users.import_file(ImportFile(str(file))).created == 1
    assert crm.users.edit("anna", away=True).changed == 1
    assert crm.users.edit("anna", name="Anne").changed == 1


def test_the_logical_today(crm) -> None:
    with open_crm(crm.engine.path, today=date(2020, 5, 15), user="x") as past:
        record = past.people.add(last_name="P", category="lead")
        assert record["created_at"].startswith("2020-05-15T")
        assert record["status_since"] == record["created_at"]
    with open_crm(crm.engine.path, today="2020-06-15") as later:
        assert later.people.show(1)["status_age"] == 31


@pytest.mark.parametrize("today", ["2020-13-01", "soon", "2020-1-1", "20200101"])
def test_dates_that_are_none(crm, today: str) -> None:
    with pytest.raises(LeadctlError) as caught:
        open_crm(crm.engine.path, today=today)
    assert caught.value.code == "usage"


def test_a_system_without_login_names(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_name() -> str:
        raise KeyError

    monkeypatch.setattr(getpass, "getuser", no_name)
    assert login_name() == "unknown"
