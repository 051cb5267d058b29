"""What the acceptance cases do not name: references, names, guards, deletions, replacing."""

from __future__ import annotations

import pytest

from leadctl import Choice, LeadctlError, Replacement, WriteOptions


def code_of(call, *words, **named) -> str:
    """The code of the error that a call must raise."""
    with pytest.raises(LeadctlError) as caught:
        call(*words, **named)
    return caught.value.code


def test_owner_is_the_current_user_if_in_the_list(crm) -> None:
    assert crm.companies.add("A")["owner"] is None
    assert crm.people.add(last_name="B")["owner"] is None
    crm.users.add("Tester")
    assert crm.companies.add("C")["owner"] == "tester"
    assert crm.people.add(last_name="D")["owner"] == "tester"
    assert crm.people.add(last_name="E", owner="none")["owner"] is None
    assert crm.people.add(last_name="F", company=1)["owner"] is None
    assert crm.companies.add("G", owner="none")["owner"] is None
    assert crm.companies.add("H", owner="me")["owner"] == "tester"


def test_me_without_a_user_record_is_not_found(crm) -> None:
    assert code_of(crm.companies.add, "A", owner="me") == "not_found"


def test_references_are_cleared_with_none(crm) -> None:
    crm.users.add("Bo")
    crm.companies.add("A", category="lead", owner="bo", country="NO")
    crm.companies.edit(1, category="none", owner="NONE", country="")
    record = crm.companies.show(1)
    assert (record["category"], record["owner"], record["country"]) == (None, None, None)
    crm.people.add(last_name="P", category="lead", owner="bo")
    crm.people.edit(1, category="none", owner="none")
    record = crm.people.show(1)
    assert (record["category"], record["owner"]) == (None, None)
    assert (record["lead_status"], record["lead_status_reason"]) == ("open", "no_category")
    crm.people.edit(1, category="mql", owner="bo")
    assert crm.people.show(1)["owner"] == "bo"


@pytest.mark.parametrize("name", ["", "   "])
def test_a_company_needs_a_name(crm, name: str) -> None:
    crm.companies.add("A")
    assert code_of(crm.companies.add, name) == "name_required"
    assert code_of(crm.companies.edit, 1, name=name) == "name_required"


def test_a_person_needs_a_name_after_an_edit_too(crm) -> None:
    crm.people.add(last_name="Berg")
    crm.people.add(first_name="Anna", last_name="Berg")
    assert code_of(crm.people.edit, [1, 2], last_name="") == "name_required"
    report = crm.people.edit([1, 2], last_name="", options=WriteOptions(keep_going=True))
    assert (report.changed, report.refused) == (1, 1)
    assert crm.people.show(2)["name"] == "Anna"
    assert crm.people.edit([2], first_name="Åse").changed == 1
    assert crm.people.edit([1], first_name="Åse", last_name="").changed == 1


def test_nothing_named_is_a_usage_error(crm) -> None:
    crm.companies.add("A")
    crm.people.add(last_name="B")
    crm.users.add("U")
    for call, words in (
        (crm.companies.edit, [1]),
        (crm.people.edit, [1]),
        (crm.categories.edit, ["lead"]),
        (crm.lead_statuses.edit, ["open"]),
        (crm.users.edit, ["u"]),
        (crm.categories.move, ["lead"]),
    ):
        assert code_of(call, *words) == "usage"


def test_external_ids_belong_to_one_record(crm) -> None:
    crm.companies.add("A", external_id="x")
    crm.companies.add("B")
    assert code_of(crm.companies.add, "C", external_id="x") == "external_id_taken"
    assert code_of(crm.companies.edit, 2, external_id="x") == "external_id_taken"
    assert code_of(crm.companies.edit, [1, 2], external_id="y") == "external_id_taken"
    assert crm.companies.edit(1, external_id="x").unchanged == 1
    assert crm.companies.edit("ext:x", external_id="z").changed == 1
    assert crm.companies.edit([1, 2], external_id="").changed == 1
    assert crm.people.add(last_name="P", external_id="x")["external_id"] == "x"
    assert code_of(crm.people.add, last_name="Q", external_id="x") == "external_id_taken"


def test_two_companies_of_one_name_are_ambiguous(crm) -> None:
    crm.companies.add("Acme")
    crm.companies.add("ACME")
    with pytest.raises(LeadctlError) as caught:
        crm.people.add(last_name="B", company="acme")
    assert (caught.value.code, caught.value.exit_code) == ("ambiguous_name", 4)
    assert caught.value.details["ids"] == [1, 2]
    assert code_of(crm.people.add, last_name="B", company="Nobody") == "not_found"
    assert code_of(crm.people.add, last_name="B", company=3) == "not_found"


def test_strict_reading_needs_a_company(crm) -> None:
    assert crm.people.add(last_name="A", category="lead")["lead_status"] == "open"
    crm.settings.set("lead_status.require_company", "true")
    person = crm.people.show(1)
    assert (person["lead_status_active"], person["lead_status_reason"]) == (False, "no_company")
    with pytest.raises(LeadctlError) as caught:
        crm.people.set_status(1, "qualified")
    assert caught.value.details["reason"] == "no_company"
    assert crm.people.add(last_name="B", category="lead")["lead_status"] is None
    assert crm.categories.edit("lead", backfill=True).change is None


def test_leaving_and_joining(crm) -> None:
    crm.users.add("Bo")
    crm.companies.add("A", category="lead", owner="bo")
    crm.companies.add("B", category="customer")
    crm.people.add(last_name="P", company=1)
    crm.people.set_status(1, "qualified")
    assert crm.people.move(1, "none").changed == 1
    person = crm.people.show(1)
    assert (person["category"], person["owner"], person["lead_status"]) == (
        "lead",
        "bo",
        "qualified",
    )
    assert crm.people.move(1, "none").unchanged == 1
    crm.people.move(1, "B")
    assert crm.people.show(1)["category"] == "customer"
    crm.people.move(1, "none")
    assert crm.people.show(1)["category"] == "customer"
    crm.people.edit(1, company="A", title="Boss")
    person = crm.people.show(1)
    assert (person["lead_status"], person["title"]) == ("open", "Boss")
    report = crm.people.edit(1, company="none", category="customer", lead_status="contacting")
    assert report.changed == 1
    person = crm.people.show(1)
    assert (person["lead_status"], person["lead_status_active"]) == ("contacting", False)


def test_deleted_categories_are_not_given_but_kept(crm) -> None:
    crm.companies.add("A", category="lead")
    crm.people.add(last_name="P", category="lead")
    crm.categories.delete("lead")
    assert code_of(crm.companies.add, "B", category="lead") == "list_item_deleted"
    assert code_of(crm.people.add, last_name="Q", category="lead") == "list_item_deleted"
    crm.companies.add("B", category="mql")
    crm.people.add(last_name="Q", category="mql")
    assert code_of(crm.companies.set_category, [1, 2], "lead") == "list_item_deleted"
    assert crm.companies.set_category(1, "lead").unchanged == 1
    assert code_of(crm.people.edit, 2, category="lead") == "list_item_deleted"
    assert crm.people.edit(1, category="lead").unchanged == 1


def test_deleting_companies(crm) -> None:
    for name in ("A", "B", "C"):
        crm.companies.add(name, category="lead")
    for company in (1, 2):
        crm.people.add(last_name=f"P{company}", company=company)
    assert code_of(crm.companies.delete, [1, 3]) == "company_has_people"
    assert code_of(crm.companies.delete, [1, 3], people="sell") == "usage"
    report = crm.companies.delete([1, 3], options=WriteOptions(keep_going=True))
    assert (report.changed, report.refused) == (1, 1)
    report = crm.companies.delete([1], people="keep")
    assert report.affected["people"] == 1
    assert crm.people.show(1)["category"] == "lead"
    report = crm.companies.delete([2], people="delete")
    assert report.affected["people"] == 1
    assert [person["last_name"] for person in crm.people.list()] == ["P1"]
    assert [row["field"] for row in crm.people.history(2)] == [None, None]
    assert code_of(crm.people.show, 2) == "not_found"
    assert code_of(lambda: list(crm.people.history(99))) == "not_found"
    assert code_of(lambda: list(crm.people.history("ext:no"))) == "not_found"


def test_next_category(crm) -> None:
    crm.companies.add("A")
    crm.companies.add("B", category="partner")
    crm.categories.delete("mql")
    assert crm.companies.next_category(1).changed == 1
    assert crm.companies.show(1)["category"] == "lead"
    crm.companies.next_category(1)
    assert crm.companies.show(1)["category"] == "opportunity"
    assert code_of(crm.companies.next_category, [1, 2]) == "no_next_category"
    report = crm.companies.next_category([1, 2], WriteOptions(keep_going=True))
    assert (report.changed, report.refused) == (1, 1)


def test_entering_by_next_category_sets_the_status(crm) -> None:
    crm.companies.add("A")
    crm.people.add(last_name="P", company=1)
    report = crm.companies.next_category(1)
    assert report.affected["people"] == 1
    assert crm.people.show(1)["lead_status"] == "open"


def test_merging(crm) -> None:
    for name in ("A", "B"):
        crm.people.add(last_name=name, category="lead")
    assert code_of(crm.people.merge, 1, 1) == "merge_into_itself"
    assert code_of(crm.people.merge, 1, 9) == "not_found"
    assert code_of(crm.people.merge, 9, 1) == "not_found"
    assert crm.people.merge(1, 2).changed == 1
    crm.changes.undo("last")
    assert crm.people.count() == 2


def test_retired_people_leave_lists_but_not_ids(crm) -> None:
    for name in ("A", "B"):
        crm.people.add(last_name=name)
    assert crm.people.retire(1).changed == 1
    assert crm.people.retire(1).unchanged == 1
    assert [person["id"] for person in crm.people.list()] == [2]
    assert [person["id"] for person in crm.people.list([1, 2])] == [1, 2]
    assert crm.people.count(Choice(all=True, hidden=True)) == 2
    assert crm.people.edit(Choice(all=True), title="x").matched == 1
    assert crm.people.retire([1], undo=True).changed == 1
    assert crm.people.count() == 2


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, "x x xorange Øx"),
        ({"whole_word": True}, "x x apporange Øapp"),
        ({"case": True}, "App x xorange Øx"),
        ({"whole_word": True, "case": True}, "App x apporange Øapp"),
    ],
)
def test_replacing(crm, settings: dict, expected: str) -> None:
    crm.companies.add("App app apporange Øapp")
    crm.companies.add("Other")
    report = crm.companies.edit(
        Choice(all=True), replace=Replacement("name", "app", "x", **settings)
    )
    assert (report.changed, report.unchanged) == (1, 1)
    assert crm.companies.show(1)["name"] == expected
    crm.people.add(last_name="P", company=expected.upper())
    crm.changes.undo(report.change)
    crm.people.move(1, "app APP apporange øapp")


def test_what_cannot_be_replaced(crm) -> None:
    crm.companies.add("Acme", country="NO")
    crm.people.add(last_name="Acme")
    crm.people.add(first_name="Anna", last_name="Acme")
    everybody = Choice(all=True)
    wipe = Replacement("name", "acme", "")
    assert code_of(crm.companies.edit, 1, replace=wipe) == "name_required"
    wipe = Replacement("last_name", "acme", "")
    assert code_of(crm.people.edit, everybody, replace=wipe) == "name_required"
    report = crm.people.edit(everybody, replace=wipe, options=WriteOptions(keep_going=True))
    assert (report.changed, report.refused) == (1, 1)
    assert crm.people.show(2)["last_name"] is None
    long = Replacement("name", "a", "x" * 255)
    assert code_of(crm.companies.edit, 1, replace=long) == "value_too_long"
    assert code_of(crm.companies.edit, 1, replace=Replacement("id", "1", "2")) == "usage"
    assert code_of(crm.companies.edit, 1, replace=Replacement("name", "", "2")) == "usage"
    assert crm.companies.edit(1, replace=Replacement("country", "no", "")).changed == 1
    assert crm.companies.show(1)["country"] is None


def test_lists(crm) -> None:
    crm.companies.add("B", category="mql")
    crm.companies.add("a", category="lead")
    crm.companies.add("C")
    assert [row["name"] for row in crm.companies.list(sort="name")] == ["a", "B", "C"]
    assert [row["name"] for row in crm.companies.list(sort="-category, name")] == ["B", "a", "C"]
    assert [row["id"] for row in crm.companies.list(sort="-id", limit=1, offset=1)] == [2]
    assert [row["id"] for row in crm.companies.list(offset=2)] == [3]
    assert crm.companies.count([1, 3]) == 2
    groups = [
        {"category": "lead", "count": 1},
        {"category": "mql", "count": 1},
        {"category": None, "count": 1},
    ]
    assert list(crm.companies.groups("category")) == groups
    assert list(crm.companies.groups("lead_status_enabled", sort="-count")) == [
        {"lead_status_enabled": True, "count": 2},
        {"lead_status_enabled": False, "count": 1},
    ]
    assert len(list(crm.companies.groups("category", sort="count", limit=2))) == 2
    assert code_of(lambda: list(crm.companies.groups("category", sort="name"))) == "usage"
    for words in ({"fields": ["nmae"]}, {"sort": "zzz"}, {"fields": ["id", "id"]}):
        assert code_of(lambda words=words: list(crm.companies.list(**words))) == "usage"
    assert code_of(lambda: list(crm.companies.list([1, 9]))) == "not_found"
    assert next(crm.people.belonging_to("company", 1), None) is None


@pytest.mark.parametrize("id", ["abc", "-1", "1.5", str(2**63), "9" * 100, "ext:\ud800", "٣"])
def test_what_is_no_id(crm, id: str) -> None:
    assert code_of(crm.people.show, id) == "usage"


def test_ids_are_counted_once(crm) -> None:
    crm.companies.add("A", external_id="x")
    report = crm.companies.edit([1, "1", "ext:x"], country="NO")
    assert (report.matched, report.changed) == (1, 1)
    error = code_of(crm.companies.edit, [1, 2, "ext:y"], country="SE")
    assert error == "not_found"
    report = crm.companies.edit(
        [1, 2, "ext:y"], country="SE", options=WriteOptions(keep_going=True)
    )
    assert (report.matched, report.changed, report.missing) == (1, 1, 2)
    assert [problem.id for problem in report.problems] == [2, "ext:y"]
