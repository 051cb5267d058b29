"""Groups, flags and the order of categories."""

from __future__ import annotations

import pytest

from leadctl.errors import Refused
from leadctl.model import Group
from leadctl.rules.categories import Definition, next_category, redefine
from leadctl.rules.leads import Category

PC = Group.POTENTIAL_CUSTOMER.value
OTHERS = [None, *(group.value for group in Group if group is not Group.POTENTIAL_CUSTOMER)]


@pytest.mark.parametrize("group", OTHERS)
def test_the_flag_is_refused_outside_potential_customer_i1(group: str | None) -> None:
    with pytest.raises(Refused) as caught:
        redefine(Definition(None, False), group, True)
    assert caught.value.code == "flag_outside_potential_customer"


@pytest.mark.parametrize("group", OTHERS)
def test_leaving_potential_customer_clears_the_flag_d2(group: str | None) -> None:
    assert redefine(Definition(PC, True), group, None) == (group, False)


@pytest.mark.parametrize(
    ("old", "flag", "expected"),
    [(True, None, True), (False, None, False), (True, False, False), (False, True, True)],
)
def test_within_potential_customer_the_flag_is_free(
    old: bool, flag: bool | None, expected: bool
) -> None:
    assert redefine(Definition(PC, old), PC, flag) == (PC, expected)


CATEGORIES = [
    Category(1, "a", None, False, False, 30),
    Category(2, "b", None, False, True, 20),
    Category(3, "c", None, False, False, 10),
]


@pytest.mark.parametrize(("current", "expected"), [(0, 3), (3, 1), (2, 1), (1, None)])
def test_the_next_category_by_rank_skips_deleted_ones_b20(
    current: int, expected: int | None
) -> None:
    assert next_category(current, CATEGORIES) == expected


def test_no_categories_have_no_next_one() -> None:
    assert next_category(0, []) is None
