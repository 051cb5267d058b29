"""What a trigger does to a category, as one table (``leads.md`` section 7)."""

from __future__ import annotations

import pytest

from leadctl.errors import LeadctlError
from leadctl.rules.automation import Effect, Rule, Trigger, check_rule, effect
from leadctl.rules.leads import Category


def category(group: str | None, enabled: bool = False, deleted: bool = False) -> Category:
    return Category(1, "c", group, enabled, deleted, 1)


LEAD = category("potential_customer", True)
PROSPECT = category("potential_customer")
CUSTOMER = category("customer")


@pytest.mark.parametrize(
    ("trigger", "confirm", "before", "chosen", "expected"),
    [
        ("opportunity_won", False, LEAD, False, Effect.CHANGE),
        ("opportunity_won", False, PROSPECT, False, Effect.CHANGE),
        ("opportunity_won", False, CUSTOMER, False, Effect.NOTHING),
        ("opportunity_won", False, category(None), False, Effect.NOTHING),
        ("opportunity_won", False, None, False, Effect.NOTHING),
        ("opportunity_won", True, LEAD, False, Effect.PROPOSE),
        ("opportunity_won", True, CUSTOMER, False, Effect.NOTHING),
        ("lead_status", False, LEAD, False, Effect.CHANGE),
        ("lead_status", False, PROSPECT, False, Effect.NOTHING),
        ("lead_status", False, LEAD, True, Effect.NOTHING),
        ("lead_status", True, LEAD, True, Effect.PROPOSE),
    ],
)
def test_effect(
    trigger: str, confirm: bool, before: Category | None, chosen: bool, expected: Effect
) -> None:
    assert effect(Rule(trigger, 0, 9, confirm), before, chosen) is expected


@pytest.mark.parametrize(
    ("trigger", "status", "target", "exists", "code"),
    [
        (Trigger.LEAD_STATUS, True, LEAD, False, None),
        (Trigger.OPPORTUNITY_LOST, False, CUSTOMER, False, None),
        (Trigger.LEAD_STATUS, False, LEAD, False, "usage"),
        (Trigger.OPPORTUNITY_WON, True, LEAD, False, "usage"),
        (
            Trigger.OPPORTUNITY_WON,
            False,
            category("lost", deleted=True),
            False,
            "list_item_deleted",
        ),
        (Trigger.OPPORTUNITY_WON, False, LEAD, True, "automation_exists"),
    ],
)
def test_check_rule(
    trigger: Trigger, status: bool, target: Category, exists: bool, code: str | None
) -> None:
    if code is None:
        check_rule(trigger, status, target, exists)
        return
    with pytest.raises(LeadctlError) as caught:
        check_rule(trigger, status, target, exists)
    assert caught.value.code == code
