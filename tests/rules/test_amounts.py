"""Amounts, percentages and quantities: what is one, and how fractions are rounded."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadctl.errors import UsageError
from leadctl.rules.amounts import (
    LARGEST_AMOUNT,
    Number,
    parse_amount,
    parse_percent,
    parse_quantity,
    rounded,
)

# 1, and a digit behind so many zeros that the usual 28 digits do not hold it.
HARDLY_MORE = "1." + "0" * 32 + "1"
NO_NUMBERS = [
    "",
    " ",
    "abc",
    "1,5",
    "1.",
    ".5",
    "1e3",
    "1_000",
    "0x10",
    "--1",
    "+",
    "1 000",
    "1.2.3",
    "１２",
    "NaN",
    "Infinity",
    float("nan"),
    float("inf"),
    float("-inf"),
    Decimal("NaN"),
    Decimal("sNaN"),
    True,
]
TOO_FINE = ["1.234", "0.001", "-0.005", 1.005, 0.1 + 0.2, 1e-7, Decimal("0.999")]
FAR_OFF = [10**15, 1e15, 1e300, 10**30, "9" * 39, "9" * 45, Decimal("1E+999999")]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, 0),
        ("0", 0),
        ("-0.00", 0),
        (5, 500),
        (" 5 ", 500),
        ("+5.5", 550),
        ("-12.3", -1230),
        ("007", 700),
        ("1234.56", 123_456),
        (1234.56, 123_456),
        (0.1, 10),
        (0.29, 29),
        (1e3, 100_000),
        (Decimal("1E+3"), 100_000),
        (Decimal("0.01"), 1),
        (9_999_999_999_999.99, LARGEST_AMOUNT),
        ("9999999999999.99", LARGEST_AMOUNT),
        ("-9999999999999.99", -LARGEST_AMOUNT),
    ],
)
def test_amounts(value: Number, expected: int) -> None:
    minor = parse_amount("--value", value)
    assert (minor, type(minor)) == (expected, int)


@pytest.mark.parametrize(
    "value",
    [*NO_NUMBERS, *TOO_FINE, *FAR_OFF, "10000000000000", "-10000000000000", 10**13],
    ids=repr,
)
def test_what_is_no_amount(value: Number) -> None:
    with pytest.raises(UsageError) as caught:
        parse_amount("--value", value)
    assert caught.value.details == {"value": str(value), "field": "--value"}
    assert "9999999999999.99" in caught.value.reason.hint_text()


@pytest.mark.parametrize("parse", [parse_amount, parse_percent])
@pytest.mark.parametrize("value", [HARDLY_MORE, Decimal(HARDLY_MORE)], ids=["text", "Decimal"])
def test_a_decimal_too_many_is_seen_however_far_it_is_behind_the_point(parse, value) -> None:
    with pytest.raises(UsageError):
        parse("field", value)


@pytest.mark.parametrize(
    "parse",
    [lambda value: parse_amount("--value", value), parse_quantity],
    ids=["amount", "quantity"],
)
def test_a_whole_number_that_python_cannot_print_is_too_large(parse) -> None:
    with pytest.raises(UsageError):
        parse(10**5000)


@given(st.integers(-LARGEST_AMOUNT, LARGEST_AMOUNT))
def test_every_amount_is_read_back(minor: int) -> None:
    exact = Decimal(minor) / 100
    assert parse_amount("--value", f"{exact:.2f}") == minor
    assert parse_amount("--value", exact) == minor
    assert parse_amount("--value", float(exact)) == minor


@given(st.integers(-(10**12), 10**12), st.text("0123456789", min_size=2, max_size=12), st.just("7"))
def test_a_third_decimal_is_refused_never_rounded(whole: int, decimals: str, last: str) -> None:
    with pytest.raises(UsageError):
        parse_amount("--value", f"{whole}.{decimals}{last}")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, 0),
        ("-0", 0),
        ("0.01", 1),
        (33.33, 3333),
        (Decimal("12.5"), 1250),
        (100, 10_000),
        ("100.00", 10_000),
    ],
)
def test_percentages(value: Number, expected: int) -> None:
    assert parse_percent("--chances", value) == expected


@pytest.mark.parametrize(
    "value",
    [*NO_NUMBERS, *TOO_FINE, *FAR_OFF, -0.01, "-1", 100.01, "100.001", 101],
    ids=repr,
)
def test_what_is_no_percentage(value: Number) -> None:
    with pytest.raises(UsageError) as caught:
        parse_percent("--chances", value)
    assert caught.value.details == {"value": str(value), "field": "--chances"}
    assert "from 0 to 100" in caught.value.reason.hint_text()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1, "1"),
        ("2.5", "2.5"),
        (2.5, "2.5"),
        ("0.00001", "0.00001"),
        ("1.500000", "1.5"),
        ("1000000000", "1000000000"),
    ],
)
def test_quantities(value: Number, expected: str) -> None:
    assert parse_quantity(value) == Decimal(expected)


@pytest.mark.parametrize(
    "value",
    [*NO_NUMBERS, *FAR_OFF, 0, "0.00", -1, "-0.5", "0.000001", 1.000001, HARDLY_MORE],
    ids=repr,
)
def test_what_is_no_quantity(value: Number) -> None:
    with pytest.raises(UsageError) as caught:
        parse_quantity(value)
    assert caught.value.details == {"value": str(value)}


def test_only_too_many_decimals_of_a_quantity_get_a_hint() -> None:
    hints = []
    for value in ("x", "0", "0.000001"):
        with pytest.raises(UsageError) as caught:
            parse_quantity(value)
        hints.append(caught.value.reason.hint_text())
    assert hints == ["", "", "at most 5 decimals"]


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [
        (0, 3, 0),
        (7, 1, 7),
        (1, 3, 0),
        (2, 3, 1),
        (-1, 3, 0),
        (-2, 3, -1),
        (1, 2, 1),
        (-1, 2, -1),
        (3, 2, 2),
        (-3, 2, -2),
        (5, 2, 3),
        (-5, 2, -3),
        (49, 100, 0),
        (149, 100, 1),
        (-149, 100, -1),
        (10**40 + 5, 10, 10**39 + 1),
    ],
)
def test_halves_are_rounded_away_from_zero(numerator: int, denominator: int, expected: int) -> None:
    assert rounded(numerator, denominator) == expected
