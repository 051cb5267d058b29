"""Names, keys, limits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadctl.errors import Refused, UsageError
from leadctl.rules.naming import (
    RESERVED,
    checked_key,
    checked_name,
    checked_text,
    folded,
    new_key,
    slug,
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Re-nurture", "re_nurture"),
        ("Customer A", "customer_a"),
        ("  Åse & Øl  ", "ase_l"),
        ("Straße", "strae"),
        ("漢字", ""),
        ("2nd try!", "2nd_try"),
    ],
)
def test_slug(name: str, expected: str) -> None:
    assert slug(name) == expected


@pytest.mark.parametrize(
    ("name", "taken", "expected"),
    [
        ("Lead", set(), "lead"),
        ("Lead", {"lead"}, "lead_2"),
        ("Lead", {"lead", "lead_2"}, "lead_3"),
        ("漢字", set(), "category_7"),
        ("None!", set(), "none_2"),
        ("2024.", set(), "2024_2"),
    ],
)
def test_new_key(name: str, taken: set[str], expected: str) -> None:
    assert new_key(name, "category", 7, taken) == expected


@given(st.text(), st.sets(st.text(alphabet="ab_2", max_size=4)))
def test_a_key_is_free_ascii_and_not_reserved(name: str, taken: set[str]) -> None:
    key = new_key(name, "category", 3, taken)
    assert key not in taken | RESERVED
    assert key.isascii()
    assert not key.isdecimal()


@pytest.mark.parametrize("name", ["none", "ME", "123", "ext:5", " None "])
def test_reserved_names(name: str) -> None:
    with pytest.raises(Refused) as caught:
        checked_name("category", name)
    assert caught.value.code == "name_reserved"


@pytest.mark.parametrize("name", ["", "   ", "\t"])
def test_blank_names(name: str) -> None:
    with pytest.raises(Refused) as caught:
        checked_name("category", name)
    assert caught.value.code == "name_required"


@pytest.mark.parametrize(
    ("entity", "field", "limit"),
    [
        ("category", "name", 239),
        ("category", "description", 254),
        ("lead_status", "description", 4000),
        ("person", "last_name", 99),
        ("company", "name", 255),
    ],
)
def test_limits(entity: str, field: str, limit: int) -> None:
    assert checked_text(field, "x" * limit, entity) == "x" * limit
    with pytest.raises(UsageError) as caught:
        checked_text(field, "x" * (limit + 1), entity)
    assert caught.value.details == {"field": field, "length": limit + 1, "limit": limit}


@pytest.mark.parametrize("value", ["a\0b", "a\ud800"])
def test_what_no_file_can_hold(value: str) -> None:
    with pytest.raises(UsageError):
        checked_text("name", value)


def test_empty_text_is_nothing() -> None:
    assert checked_text("title", "") is None


def test_names_are_trimmed_texts_are_not() -> None:
    assert checked_name("category", " Warm ") == "Warm"
    assert checked_text("title", " Boss ") == " Boss "


def test_folding_goes_beyond_ascii() -> None:
    assert folded("ÅSE Straße") == folded("åse STRASSE")


@pytest.mark.parametrize("key", ["", "A", "a b", "me", "12", "x" * 240])
def test_what_is_no_key(key: str) -> None:
    with pytest.raises(UsageError):
        checked_key(key, set())


def test_a_key_is_taken_once() -> None:
    assert checked_key("hot_lead", {"lead"}) == "hot_lead"
    with pytest.raises(Refused):
        checked_key("lead", {"lead"})
