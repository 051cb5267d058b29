"""What may be done with categories (``leads.md`` sections 4.3, 5 and 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from leadctl.errors import Reason, Refused
from leadctl.model import Group

if TYPE_CHECKING:
    from collections.abc import Iterable

    from leadctl.rules.leads import Category

NO_NEXT_CATEGORY = Reason(
    "no_next_category",
    "there is no category after this one",
    "category list shows the order",
)


class Definition(NamedTuple):
    """Group and flag of a category."""

    group: str | None
    lead_status_enabled: bool


def redefine(old: Definition, group: str | None, flag: bool | None) -> Definition:
    """Group and flag after an edit that names ``group`` and, unless ``None``, ``flag``.

    Leaving Potential customer clears the flag (D-2); asking for the flag elsewhere is refused
    (I-1).
    """
    allowed = group == Group.POTENTIAL_CUSTOMER
    if flag and not allowed:
        raise Refused(
            "lead status is only for categories of group Potential customer",
            code="flag_outside_potential_customer",
            hint="--group potential_customer puts the category into that group",
            group=group,
        )
    wanted = old.lead_status_enabled if flag is None else flag
    return Definition(group, wanted and allowed)


def next_category(current: int, categories: Iterable[Category]) -> int | None:
    """The number of the next active category by rank, ``None`` at the end (B-20).

    ``current`` is the number of the present one, 0 for none; a deleted one counts by its rank.
    """
    ordered = sorted(categories, key=lambda category: category.rank)
    rank = next((item.rank for item in ordered if item.id == current), -1)
    return next((item.id for item in ordered if item.rank > rank and not item.deleted), None)
