"""Lines of quotes, their totals, and why no quote or order can be made (section 8)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadctl.errors import UsageError
from leadctl.model import Status
from leadctl.rules.amounts import LARGEST_AMOUNT
from leadctl.rules.quotes import (
    MOST_LINES,
    order_problem,
    parse_line,
    quote_problem,
    total_of,
)


@pytest.mark.parametrize("has_quote", [True, False])
@pytest.mark.parametrize("company", [True, False])
@pytest.mark.parametrize("status", Status)
def test_why_there_is_no_quote_in_the_order_of_8_1(
    has_quote: bool, company: bool, status: Status
) -> None:
    problems = [
        (has_quote, "quote_exists"),
        (not company, "quote_needs_company"),
        (status is not Status.IN_PROGRESS, "not_in_progress"),
    ]
    found = quote_problem(has_quote, company, status)
    assert (found.code if found else None) == next((code for on, code in problems if on), None)


@pytest.mark.parametrize(
    ("ordered", "customer", "status", "expected"),
    [
        (False, True, "in_progress", None),
        (False, True, "won", None),
        (False, True, None, None),
        (False, True, "not_started", "not_in_progress"),
        (False, False, "not_started", "not_in_progress"),
        (False, False, "won", "company_not_customer"),
        (True, True, "won", "quote_ordered"),
        (True, False, None, "quote_ordered"),
    ],
)
def test_why_there_is_no_order(
    ordered: bool, customer: bool, status: str | None, expected: str | None
) -> None:
    found = order_problem(ordered, customer, status)
    assert (found.code if found else None) == expected


@pytest.mark.parametrize(
    ("text", "what", "quantity", "price", "total"),
    [
        ("Licence;2;100", "Licence", 2, 10_000, 20_000),
        (" Licence ; 2 ; 99.95 ", "Licence", 2, 9995, 19_990),
        ("Days;2.5;800", "Days", 2.5, 80_000, 200_000),
        ("Days;2.50;800.00", "Days", 2.5, 80_000, 200_000),
        ("Days;2.0;800", "Days", 2, 80_000, 160_000),
        ("A; B; C;1;5", "A; B; C", 1, 500, 500),
        (";x;1;5", ";x", 1, 500, 500),
        ("Free;1;0", "Free", 1, 0, 0),
        ("Discount;1;-10.50", "Discount", 1, -1050, -1050),
        # Halves of a cent go away from zero.
        ("Half;0.5;0.01", "Half", 0.5, 1, 1),
        ("Half;0.5;-0.01", "Half", 0.5, -1, -1),
        ("Half;2.5;0.01", "Half", 2.5, 1, 3),
        ("Less;0.49;0.01", "Less", 0.49, 1, 0),
        ("Fine;0.00001;1000", "Fine", 0.00001, 100_000, 1),
        ("Most;1000000000;9999.99", "Most", 1_000_000_000, 999_999, 999_999_000_000_000),
        ("Least;1;-9999999999999.99", "Least", 1, -LARGEST_AMOUNT, -LARGEST_AMOUNT),
        ("x" * 255 + ";1;1", "x" * 255, 1, 100, 100),
    ],
)
def test_lines(text: str, what: str, quantity: float, price: int, total: int) -> None:
    line = parse_line(text)
    assert line == {
        "text": what,
        "quantity": quantity,
        "price_minor": price,
        "total_minor": total,
    }
    assert type(line["quantity"]) is type(quantity)


@pytest.mark.parametrize(
    ("text", "details"),
    [
        ("", {"value": ""}),
        ("Licence", {"value": "Licence"}),
        ("Licence;2", {"value": "Licence;2"}),
        (";2;100", {"value": ";2;100"}),
        ("  ;2;100", {"value": "  ;2;100"}),
        ("x;0;100", {"value": "0"}),
        ("x;-1;100", {"value": "-1"}),
        ("x;;100", {"value": ""}),
        ("x;1,5;100", {"value": "1,5"}),
        ("x;0.000001;100", {"value": "0.000001"}),
        ("x;2;", {"value": "", "field": "price"}),
        ("x;2;1.234", {"value": "1.234", "field": "price"}),
        ("x;2;1 EUR", {"value": "1 EUR", "field": "price"}),
        ("x;zero;none", {"value": "zero"}),
        ("x;2;9999999999999.99", {"value": "x;2;9999999999999.99"}),
        ("x;2;-9999999999999.99", {"value": "x;2;-9999999999999.99"}),
        ("x" * 256 + ";1;1", {"field": "line", "length": 256, "limit": 255}),
        ("a\0b;1;1", {"field": "line"}),
        ("\ud800;1;1", {"field": "line"}),
    ],
    ids=lambda value: ascii(value)[:24] if isinstance(value, str) else "",
)
def test_what_is_no_line(text: str, details: dict) -> None:
    with pytest.raises(UsageError) as caught:
        parse_line(text)
    assert caught.value.details == details


HUNDRED_THOUSANDTHS = st.integers(1, 10**12)


@given(HUNDRED_THOUSANDTHS, st.integers(-(10**7), 10**7))
def test_the_total_is_the_exact_product_rounded_once(quantity: int, price: int) -> None:
    many, each = Decimal(quantity) / 10**5, Decimal(price) / 100
    line = parse_line(f"x;{many:f};{each:f}")
    exact = Fraction(quantity, 10**5) * price
    assert abs(line["total_minor"] - exact) <= Fraction(1, 2)
    if abs(line["total_minor"] - exact) == Fraction(1, 2):
        assert abs(line["total_minor"]) > abs(exact)
    assert Fraction(str(line["quantity"])) == Fraction(quantity, 10**5)


def lines(*totals: int) -> list[dict]:
    return [{"total_minor": total} for total in totals]


@pytest.mark.parametrize(
    ("totals", "expected"),
    [
        ((), 0),
        ((915_000,), 915_000),
        ((10_000, -2500, 1), 7501),
        ((-5,), -5),
        ((LARGEST_AMOUNT, 1, -1), LARGEST_AMOUNT),
        ((-LARGEST_AMOUNT,), -LARGEST_AMOUNT),
        ((1,) * MOST_LINES, MOST_LINES),
    ],
    ids=["none", "one", "some", "below-zero", "largest", "smallest", "most"],
)
def test_the_total_of_a_quote(totals: tuple[int, ...], expected: int) -> None:
    assert total_of(lines(*totals)) == expected


@pytest.mark.parametrize(
    "totals",
    [(LARGEST_AMOUNT, 1), (-LARGEST_AMOUNT, -1), (0,) * (MOST_LINES + 1)],
    ids=["too-much", "too-little", "too-many"],
)
def test_a_quote_that_is_too_large(totals: tuple[int, ...]) -> None:
    with pytest.raises(UsageError):
        total_of(lines(*totals))
