"""When lead status applies, and what it becomes (``leads.md`` sections 3 and 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from leadctl.errors import Reason
from leadctl.model import Group, Reentry, Result

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Category(NamedTuple):
    """What the rules need to know of a category."""

    id: int
    key: str
    group: str | None
    lead_status_enabled: bool
    deleted: bool
    rank: int


class LeadStatus(NamedTuple):
    """What the rules need to know of a lead status."""

    id: int
    key: str
    deleted: bool


class Policy(NamedTuple):
    """The lists and settings that decide: read once per command."""

    categories: Mapping[int, Category]
    statuses: Mapping[int, LeadStatus]
    default_status: int
    reentry: Reentry
    require_company: bool


class Person(NamedTuple):
    """A person as far as lead status is concerned; 0 stands for none.

    ``category`` is the effective one: the company's, or the person's own (section 3).
    """

    category: int
    has_company: bool
    lead_status: int


class Wish(NamedTuple):
    """What a command asks for; ``lead_status`` 0 means that none was named."""

    lead_status: int = 0
    category: bool = False
    owner: bool = False
    creating: bool = False


class Decision(NamedTuple):
    """``status`` is the lead status afterwards; ``reason`` says why nothing is done instead."""

    status: int
    result: Result | None = None
    reason: Reason | None = None


_NOT_APPLICABLE = "lead_status_not_applicable"
REASONS: dict[str, Reason] = {
    "no_company": Reason(
        _NOT_APPLICABLE,
        "lead status does not apply: the person has no company",
        "person move gives the person a company",
        {"reason": "no_company"},
    ),
    "no_category": Reason(
        _NOT_APPLICABLE,
        "lead status does not apply: there is no category",
        "company set-category, or person edit without a company, gives one",
        {"reason": "no_category"},
    ),
    "wrong_group": Reason(
        _NOT_APPLICABLE,
        "lead status does not apply: the category is not in group Potential customer",
        "company set-category moves the company to a category with lead status",
        {"reason": "wrong_group"},
    ),
    "flag_off": Reason(
        _NOT_APPLICABLE,
        "lead status does not apply: the category has lead status switched off",
        "category edit KEY --lead-status switches it on",
        {"reason": "flag_off"},
    ),
}
CATEGORY_FOLLOWS_COMPANY = Reason(
    "category_follows_company",
    "a person in a company has the company's category",
    "company set-category changes it for the company and all its people",
)
OWNER_FOLLOWS_COMPANY = Reason(
    "owner_follows_company",
    "a person in a company has the company's owner",
    "company edit --owner changes it for the company and all its people",
)


def why_not(category: Category | None, has_company: bool, require_company: bool) -> str | None:
    """A key of ``REASONS``, or ``None`` when lead status applies (section 3, I-2, C-1)."""
    if require_company and not has_company:
        return "no_company"
    if category is None:
        return "no_category"
    if category.group != Group.POTENTIAL_CUSTOMER:
        return "wrong_group"
    return None if category.lead_status_enabled else "flag_off"


def _keep(stored: int, default: int, reentry: Reentry) -> int:
    return stored


def _enter(stored: int, default: int, reentry: Reentry) -> int:
    return stored if stored and reentry is Reentry.KEEP else default


# (did lead status apply before, does it apply after) -> what becomes of the stored status.
# T-1, T-2, T-7, L-1 and M-2 enter; everything else keeps the value, hidden or not (I-3).
ENTRY: dict[tuple[bool, bool], Callable[[int, int, Reentry], int]] = {
    (False, False): _keep,
    (False, True): _enter,
    (True, False): _keep,
    (True, True): _keep,
}


def decide(before: Person, after: Person, wish: Wish, policy: Policy) -> Decision:
    """What one save makes of a person's lead status (section 4.8, steps 1 and 3).

    ``before`` is the person as stored (nothing, for one that is being created), ``after`` the
    same with the company and category that the save gives it. Explicit statuses are taken when
    lead status applies before or after (E-4, SO-068; L-4 when creating); deleted ones only where
    they already stand (E-2).
    """
    if after.has_company and wish.category:
        return Decision(before.lead_status, Result.SKIPPED, CATEGORY_FOLLOWS_COMPANY)
    if after.has_company and wish.owner:
        return Decision(before.lead_status, Result.SKIPPED, OWNER_FOLLOWS_COMPANY)
    reason_before = _why_not(before, policy)
    reason_after = _why_not(after, policy)
    if not wish.lead_status:
        applied = reason_before is None and not wish.creating
        entry = ENTRY[(applied, reason_after is None)]
        return Decision(entry(before.lead_status, policy.default_status, policy.reentry))
    if reason_after is not None and (wish.creating or reason_before is not None):
        return Decision(before.lead_status, Result.SKIPPED, REASONS[reason_after])
    status = policy.statuses[wish.lead_status]
    if status.deleted and wish.lead_status != before.lead_status:
        return Decision(before.lead_status, Result.REFUSED, deleted_item(status.key))
    return Decision(wish.lead_status)


def enters(before: int, after: int, policy: Policy) -> bool:
    """Whether a company that goes from one category to another starts to have lead status."""
    old, new = (_why_not(Person(category, True, 0), policy) for category in (before, after))
    return old is not None and new is None


def status_on_entry(stored: int, policy: Policy) -> int:
    """The lead status of a person whose company starts to have lead status (T-1, T-2, T-7)."""
    return ENTRY[(False, True)](stored, policy.default_status, policy.reentry)


def _why_not(person: Person, policy: Policy) -> str | None:
    category = policy.categories.get(person.category)
    return why_not(category, person.has_company, policy.require_company)


def deleted_item(key: str) -> Reason:
    """A deleted list item is kept where it stands, but not given to anybody else (E-2, D-6)."""
    return Reason(
        "list_item_deleted",
        "{key} is deleted and cannot be chosen",
        "the restore verb of its list brings it back",
        {"key": key},
    )
