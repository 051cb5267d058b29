"""Category automation: what a trigger makes of a category (``leads.md`` section 7)."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from leadctl.errors import Reason, Refused, UsageError
from leadctl.model import Group
from leadctl.rules.leads import deleted_item

if TYPE_CHECKING:
    from leadctl.rules.leads import Category


class Trigger(StrEnum):
    """What can change a category; one rule each (AU-8)."""

    OPPORTUNITY_CREATED = "opportunity_created"
    OPPORTUNITY_WON = "opportunity_won"
    OPPORTUNITY_LOST = "opportunity_lost"
    LEAD_STATUS = "lead_status"


class Rule(NamedTuple):
    """The rule of a trigger: numbers of the lead status (0: none) and of the target category."""

    trigger: str
    lead_status: int
    category: int
    confirm: bool


class Effect(StrEnum):
    """What becomes of a category when a trigger fires."""

    NOTHING = "nothing"
    CHANGE = "change"
    PROPOSE = "propose"


def effect(rule: Rule, before: Category | None, chosen_by_user: bool) -> Effect:
    """What a trigger does to a company, or to a person without one, of category ``before``.

    The category before the command must be in group Potential customer (AU-5), and for the lead
    status it must have lead status enabled (AU-4). A rule with confirmation proposes, always
    (AU-9); without, a category that the user chose in the same command stays (AU-10).
    """
    if before is None or before.group != Group.POTENTIAL_CUSTOMER:
        return Effect.NOTHING
    if rule.trigger == Trigger.LEAD_STATUS and not before.lead_status_enabled:
        return Effect.NOTHING
    if rule.confirm:
        return Effect.PROPOSE
    return Effect.NOTHING if chosen_by_user else Effect.CHANGE


def check_rule(trigger: Trigger, lead_status: bool, category: Category, exists: bool) -> None:
    """Raise UsageError for a lead status where none belongs, or none where one does, and Refused
    for a deleted category (AU-17) and for a second rule of a trigger (AU-8).
    """
    if lead_status != (trigger is Trigger.LEAD_STATUS):
        raise UsageError(
            "--status goes with the trigger lead_status, and is needed there",
            trigger=trigger.value,
        )
    if category.deleted:
        raise Refused.of(deleted_item(category.key))
    if exists:
        raise Refused(
            "the trigger {trigger} has a rule already",
            code="automation_exists",
            hint="automation clear {trigger} takes it away",
            trigger=trigger.value,
        )


PROPOSAL_CHANGED_SINCE = Reason(
    "changed_since",
    "its category has changed since",
    "automation decline takes the proposal away",
)
