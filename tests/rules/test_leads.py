"""When lead status applies and what it becomes: every combination, by rule id."""

from __future__ import annotations

from itertools import product

import pytest

from leadctl.model import Group, Reentry, Result
from leadctl.rules.leads import (
    ENTRY,
    REASONS,
    Category,
    LeadStatus,
    Person,
    Policy,
    Wish,
    decide,
    enters,
    status_on_entry,
    why_not,
)

LEAD, MQL, PROSPECT, CUSTOMER, PLAIN = 1, 2, 3, 4, 5
OPEN, CONTACTING, QUALIFIED, GONE = 1, 2, 5, 6
CATEGORIES = {
    LEAD: Category(LEAD, "lead", Group.POTENTIAL_CUSTOMER, True, False, 1),
    MQL: Category(MQL, "mql", Group.POTENTIAL_CUSTOMER, True, True, 2),
    PROSPECT: Category(PROSPECT, "prospect", Group.POTENTIAL_CUSTOMER, False, False, 3),
    CUSTOMER: Category(CUSTOMER, "customer", Group.CUSTOMER, False, False, 4),
    PLAIN: Category(PLAIN, "plain", None, False, False, 5),
}
STATUSES = {id: LeadStatus(id, str(id), id == GONE) for id in (OPEN, CONTACTING, QUALIFIED, GONE)}


def policy(reentry: Reentry = Reentry.RESET, *, require_company: bool = False) -> Policy:
    return Policy(CATEGORIES, STATUSES, OPEN, reentry, require_company)


def status_after(before: int, after: int, stored: int, reentry: Reentry = Reentry.RESET) -> int:
    decision = decide(
        Person(before, True, stored), Person(after, True, stored), Wish(), policy(reentry)
    )
    assert decision.reason is None
    return decision.status


@pytest.mark.parametrize(
    ("rule", "before", "after", "stored", "expected"),
    [
        ("T-1", CUSTOMER, LEAD, QUALIFIED, OPEN),
        ("T-1", 0, LEAD, 0, OPEN),
        ("T-2", PROSPECT, LEAD, QUALIFIED, OPEN),
        ("T-3", LEAD, CUSTOMER, QUALIFIED, QUALIFIED),
        ("T-4", LEAD, PROSPECT, QUALIFIED, QUALIFIED),
        ("T-5", LEAD, MQL, QUALIFIED, QUALIFIED),
        ("T-6", CUSTOMER, PLAIN, QUALIFIED, QUALIFIED),
        ("T-6", CUSTOMER, PROSPECT, 0, 0),
        ("T-8", LEAD, 0, QUALIFIED, QUALIFIED),
    ],
)
def test_change_of_category(rule: str, before: int, after: int, stored: int, expected: int) -> None:
    assert status_after(before, after, stored) == expected, rule


@pytest.mark.parametrize(
    ("stored", "reentry", "expected"),
    [
        (QUALIFIED, Reentry.RESET, OPEN),
        (QUALIFIED, Reentry.KEEP, QUALIFIED),
        (0, Reentry.KEEP, OPEN),
        (0, Reentry.RESET, OPEN),
    ],
)
def test_entering_follows_the_policy_c2(stored: int, reentry: Reentry, expected: int) -> None:
    assert status_after(CUSTOMER, LEAD, stored, reentry) == expected
    assert status_on_entry(stored, policy(reentry)) == expected


def test_the_entry_table_is_total_and_only_entering_changes_anything() -> None:
    assert set(ENTRY) == set(product((False, True), repeat=2))
    for (before, after), entry in ENTRY.items():
        kept = entry(QUALIFIED, OPEN, Reentry.RESET) == QUALIFIED
        assert kept is not (after and not before)


@pytest.mark.parametrize("before", [0, *CATEGORIES])
@pytest.mark.parametrize("after", [0, *CATEGORIES])
def test_a_company_enters_when_the_predicate_turns_true(before: int, after: int) -> None:
    on = {LEAD, MQL}
    assert enters(before, after, policy()) is (after in on and before not in on)


@pytest.mark.parametrize(
    ("category", "has_company", "require_company", "expected"),
    [
        (0, True, False, "no_category"),
        (0, False, False, "no_category"),
        (0, False, True, "no_company"),
        (LEAD, False, True, "no_company"),
        (LEAD, False, False, None),
        (LEAD, True, True, None),
        (PROSPECT, True, False, "flag_off"),
        (CUSTOMER, True, False, "wrong_group"),
        (PLAIN, True, False, "wrong_group"),
    ],
)
def test_why_lead_status_does_not_apply(
    category: int, has_company: bool, require_company: bool, expected: str | None
) -> None:
    assert why_not(CATEGORIES.get(category), has_company, require_company) == expected


def test_every_reason_has_its_own_text_and_hint() -> None:
    assert set(REASONS) == {"no_company", "no_category", "wrong_group", "flag_off"}
    assert len({reason.template for reason in REASONS.values()}) == len(REASONS)
    for key, reason in REASONS.items():
        assert reason.details == {"reason": key}
        assert reason.hint


@pytest.mark.parametrize(
    ("case", "before", "after", "stored", "wish", "result", "code"),
    [
        ("E-1", LEAD, LEAD, OPEN, Wish(QUALIFIED), None, None),
        ("E-2 deleted", LEAD, LEAD, OPEN, Wish(GONE), Result.REFUSED, "list_item_deleted"),
        ("E-2 kept", LEAD, LEAD, GONE, Wish(GONE), None, None),
        (
            "E-4",
            CUSTOMER,
            CUSTOMER,
            OPEN,
            Wish(QUALIFIED),
            Result.SKIPPED,
            "lead_status_not_applicable",
        ),
        ("SO-068", LEAD, CUSTOMER, OPEN, Wish(QUALIFIED), None, None),
        ("turning on", CUSTOMER, LEAD, OPEN, Wish(QUALIFIED), None, None),
        ("E-7", LEAD, LEAD, OPEN, Wish(category=True), Result.SKIPPED, "category_follows_company"),
        ("owner", LEAD, LEAD, OPEN, Wish(owner=True), Result.SKIPPED, "owner_follows_company"),
        ("L-3", 0, LEAD, 0, Wish(CONTACTING, creating=True), None, None),
        (
            "L-4",
            0,
            CUSTOMER,
            0,
            Wish(CONTACTING, creating=True),
            Result.SKIPPED,
            "lead_status_not_applicable",
        ),
    ],
)
def test_explicit_wishes(
    case: str,
    before: int,
    after: int,
    stored: int,
    wish: Wish,
    result: Result | None,
    code: str | None,
) -> None:
    decision = decide(Person(before, True, stored), Person(after, True, stored), wish, policy())
    assert decision.result is result, case
    assert (decision.reason.code if decision.reason else None) == code
    assert decision.status == (wish.lead_status if result is None else stored)


@pytest.mark.parametrize(("category", "expected"), [(LEAD, OPEN), (CUSTOMER, 0), (0, 0)])
def test_creating_l1_l2(category: int, expected: int) -> None:
    decision = decide(Person(0, False, 0), Person(category, True, 0), Wish(creating=True), policy())
    assert (decision.status, decision.reason) == (expected, None)
