"""Filters on dates, amounts, percentages and numbers with decimals."""

from __future__ import annotations

from datetime import date

import pytest

from leadctl.errors import UsageError
from leadctl.model import AllOf, AnyOf, Clause, Criteria, Opposite, Type
from leadctl.rules.criteria import Meaning
from leadctl.rules.expressions import parse

TODAY = date(2026, 5, 15)
TYPES = {
    "day": Type.DATE,
    "at": Type.INSTANT,
    "money": Type.AMOUNT,
    "share": Type.PERCENT,
    "days": Type.NUMBER,
}


def meaning(expression: str) -> Criteria:
    """The criteria of an expression on fields whose types TYPES says; list items are not asked."""

    def type_of(token):
        return token.text, TYPES[token.text]

    def item_of(field, token):
        raise AssertionError(field)

    return Meaning(expression, TODAY, type_of, item_of).of(parse(expression))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("money = 1234.56", Clause("money", "=", (123_456,))),
        ("money == 1234.56", Clause("money", "=", (123_456,))),
        ("money != -0.5", Opposite(Clause("money", "=", (-50,)))),
        ("money < 10", Clause("money", "<", (1000,))),
        ("money <= '10.00'", Clause("money", "<=", (1000,))),
        ("money > +0.01", Clause("money", ">", (1,))),
        ("money >= 9999999999999.99", Clause("money", ">=", (999_999_999_999_999,))),
        ("money between 1 and 2.5", Clause("money", "between", (100, 250))),
        ("money in (1, 2.5)", Clause("money", "in", (100, 250))),
        ("money not in (0)", Opposite(Clause("money", "in", (0,)))),
        ("money is null", Clause("money", "null")),
        ("money is not null", Opposite(Clause("money", "null"))),
        ("share = 47.5", Clause("share", "=", (4750,))),
        ("share == 31.5", Clause("share", "=", (3150,))),
        (
            "share >= 60 and share < 80",
            AllOf((Clause("share", ">=", (6000,)), Clause("share", "<", (8000,)))),
        ),
        (
            "share < 10 or days > 90",
            AnyOf((Clause("share", "<", (1000,)), Clause("days", ">", (90.0,)))),
        ),
        ("share between 0 and 100", Clause("share", "between", (0, 10_000))),
        ("days = 3.5", Clause("days", "=", (3.5,))),
        ("days == 7", Clause("days", "=", (7.0,))),
        ("days != -1.25", Opposite(Clause("days", "=", (-1.25,)))),
        ("days <= +0.1", Clause("days", "<=", (0.1,))),
        ("days in (1, 2.125)", Clause("days", "in", (1.0, 2.125))),
        ("days between 1 and 2", Clause("days", "between", (1.0, 2.0))),
        ("days is null", Clause("days", "null")),
        ("days > 123456789012345.5", Clause("days", ">", (123456789012345.5,))),
    ],
)
def test_numbers(expression: str, expected: Criteria) -> None:
    assert meaning(expression) == expected


@pytest.mark.parametrize(
    ("expression", "kind"), [("money = 5", int), ("share = 5", int), ("days = 5", float)]
)
def test_values_have_the_type_that_is_stored(expression: str, kind: type) -> None:
    found = meaning(expression)
    assert isinstance(found, Clause)
    assert [type(value) for value in found.values] == [kind]


DAYS = [
    ("= 2026-01-31", "2026-01-31", "2026-02-01"),
    ("== today", "2026-05-15", "2026-05-16"),
    ("< 2026-01-31", None, "2026-01-31"),
    ("<= 2026-01-31", None, "2026-02-01"),
    ("> 2026-01-31", "2026-02-01", None),
    (">= today+1w", "2026-05-22", None),
    ("between 2026-01-01 and 2026-01-31", "2026-01-01", "2026-02-01"),
    ("older than 7d", None, "2026-05-08"),
    ("newer than 1m", "2026-04-15", None),
    ("in this quarter", "2026-04-01", "2026-07-01"),
    ("in previous 2 weeks", "2026-04-27", "2026-05-11"),
    ("in next 1 year", "2027-01-01", "2028-01-01"),
]


@pytest.mark.parametrize("field", ["day", "at"])
@pytest.mark.parametrize(("condition", "first", "after"), DAYS)
def test_a_date_is_compared_like_the_day_of_an_instant(
    field: str, condition: str, first: str | None, after: str | None
) -> None:
    assert meaning(f"{field} {condition}") == Clause(field, "range", (first, after))


@pytest.mark.parametrize("field", ["day", "at"])
def test_dates_in_a_list_excluded_and_missing(field: str) -> None:
    first = Clause(field, "range", ("2026-02-28", "2026-03-01"))
    second = Clause(field, "range", ("2026-05-14", "2026-05-15"))
    assert meaning(f"{field} in (2026-02-28, today-1d)") == AnyOf((first, second))
    assert meaning(f"{field} not in (2026-02-28)") == Opposite(AnyOf((first,)))
    assert meaning(f"{field} != 2026-02-28") == Opposite(first)
    assert meaning(f"{field} is null") == Clause(field, "null")


@pytest.mark.parametrize(
    ("expression", "position", "value"),
    [
        ("money = abc", 9, "abc"),
        ("money = 1.234", 9, "1.234"),
        ("money = 1e3", 9, "1e3"),
        ("money = 10000000000000", 9, "10000000000000"),
        ("money in (1, x)", 14, "x"),
        ("money between 1 and 1.005", 21, "1.005"),
        ("share = 12.345", 9, "12.345"),
        ("share = half", 9, "half"),
        ("days = x", 8, "x"),
        ("days = 1.", 8, "1."),
        ("days = .5", 8, ".5"),
        ("days = 1e3", 8, "1e3"),
        ("days = nan", 8, "nan"),
        ("days = inf", 8, "inf"),
        ("days = 1234567890123456", 8, "1234567890123456"),
        ("days = 0.1234567890123456", 8, "0.1234567890123456"),
        ("day = 2026-02-30", 7, "2026-02-30"),
        ("day in (today, soon)", 16, "soon"),
        ("day = 20260201", 7, "20260201"),
    ],
)
def test_what_is_no_value(expression: str, position: int, value: str) -> None:
    with pytest.raises(UsageError) as caught:
        meaning(expression)
    assert caught.value.details == {
        "expression": expression,
        "position": position,
        "value": value,
    }


@pytest.mark.parametrize("field", ["money", "share", "days"])
@pytest.mark.parametrize(
    "condition",
    [
        "~ 1",
        "!~ 1",
        "starts with 1",
        "ends with 1",
        "older than 1d",
        "newer than 1d",
        "in this day",
    ],
)
def test_numbers_are_no_texts_and_no_dates(field: str, condition: str) -> None:
    with pytest.raises(UsageError) as caught:
        meaning(f"{field} {condition}")
    assert caught.value.details["field"] == field
    assert caught.value.details["operators"] == sorted(
        ["=", "!=", "==", "<", "<=", ">", ">=", "in", "between", "is null"]
    )


@pytest.mark.parametrize("condition", ["~ 1", "!~ 1", "starts with 1", "ends with 1"])
def test_dates_are_no_texts(condition: str) -> None:
    with pytest.raises(UsageError) as caught:
        meaning(f"day {condition}")
    assert {"older than", "newer than", "in this"} <= set(caught.value.details["operators"])
