"""Similar names (SO-125): what is left of a name, and which ones are near."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadctl.rules.similar import Named, plain, prefixes, similar


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Acme", "acme"),
        ("  ACME  AS ", "acme"),
        ("Acme A/S", "acme"),
        ("AS Acme", "acme"),
        ("Acme B.V.", "acme"),
        ("Acme, Inc.", "acme"),
        ("Acme GmbH & Co. KG", "acme"),
        ("Møller’s Bakeri", "møllers bakeri"),
        ("Straße 7", "strasse 7"),
        ("Ａｃｍｅ", "acme"),
        ("Inc Acme", "inc acme"),
        # Nothing else is left.
        ("AS", "as"),
        ("Company Ltd", "company ltd"),
        ("!!!", "!!!"),
        ("", ""),
    ],
)
def test_plain(name: str, expected: str) -> None:
    assert plain(name) == expected


def test_prefixes() -> None:
    assert prefixes("Acme") == ["acm"]
    assert prefixes("AS Acme") == ["acm", "as "]


@pytest.mark.parametrize(
    ("name", "other", "expected"),
    [
        ("Acme", "Acme", True),
        ("Acme", "acme ltd", True),
        ("Nordmann Consulting", "Nordman Consulting", True),
        ("Nordmann Consulting", "Nordmann Catering", False),
        ("Acme", "Acne", False),
        ("Acme", "Beta", False),
        ("Acme", "Acme Nordic Holding", False),
        # The same letters in another order.
        ("Berg Data", "Data Berg", False),
    ],
)
def test_similar(name: str, other: str, expected: bool) -> None:
    assert similar(name, [Named(1, other)]) == ([Named(1, other)] if expected else [])


def test_the_most_similar_comes_first() -> None:
    candidates = [Named(1, "Nordman Consulting"), Named(3, "NORDMANN CONSULTING"), Named(2, "Beta")]
    candidates.append(Named(4, "Nordmann Consulting AS"))
    assert [hit.id for hit in similar("Nordmann Consulting", candidates)] == [3, 4, 1]


@given(st.text(max_size=40))
def test_every_name_is_similar_to_itself(name: str) -> None:
    assert similar(name, [Named(1, name), Named(2, name.upper())])[0].id == 1
    assert plain(plain(name)) or not name
