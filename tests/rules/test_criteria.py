"""Operators and values by type: dates, durations, periods, numbers."""

from __future__ import annotations

from datetime import date

import pytest

from leadctl.errors import UsageError
from leadctl.model import AnyOf, Clause, Criteria, Opposite, Type
from leadctl.rules.criteria import OPERATORS, Meaning
from leadctl.rules.expressions import parse

TODAY = date(2026, 5, 15)
TYPES = {
    "text": Type.TEXT,
    "list": Type.LIST,
    "flag": Type.BOOLEAN,
    "number": Type.INTEGER,
    "day": Type.INSTANT,
    "json": Type.JSON,
}


def meaning(expression: str, today: date = TODAY) -> Criteria:
    """The criteria of an expression on fields that are named after their types."""

    def type_of(token):
        return token.text, TYPES[token.text]

    return Meaning(expression, today, type_of, lambda field, token: token.text.upper()).of(
        parse(expression)
    )


def test_every_type_has_operators() -> None:
    assert set(OPERATORS) == set(Type)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("text = ÅSE", Clause("text", "=", ("åse",))),
        ("text == ÅSE", Clause("text", "==", ("ÅSE",))),
        ("text != ß", Opposite(Clause("text", "=", ("ss",)))),
        ("text !~ X", Opposite(Clause("text", "~", ("x",)))),
        ("text in (A, b)", Clause("text", "in", ("a", "b"))),
        ("text starts with A", Clause("text", "starts", ("a",))),
        ("list = open", Clause("list", "in", ("OPEN",))),
        ("list not in (a, b)", Opposite(Clause("list", "in", ("A", "B")))),
        ("list is null", Clause("list", "null")),
        ("json is null", Clause("json", "null")),
        ("flag = TRUE", Clause("flag", "=", (1,))),
        ("flag != false", Opposite(Clause("flag", "=", (0,)))),
        ("number == 5", Clause("number", "=", (5,))),
        ("number >= -3", Clause("number", ">=", (-3,))),
        ("number between 1 and 2", Clause("number", "between", (1, 2))),
        ("number in (1, +2)", Clause("number", "in", (1, 2))),
    ],
)
def test_values(expression: str, expected: Criteria) -> None:
    assert meaning(expression) == expected


@pytest.mark.parametrize(
    ("condition", "first", "after"),
    [
        ("= 2026-01-31", "2026-01-31", "2026-02-01"),
        ("== today", "2026-05-15", "2026-05-16"),
        ("< 2026-01-31", None, "2026-01-31"),
        ("<= 2026-01-31", None, "2026-02-01"),
        ("> 2026-01-31", "2026-02-01", None),
        (">= '2026-01-31'", "2026-01-31", None),
        ("between 2026-01-01 and today-1m", "2026-01-01", "2026-04-16"),
        ("= today+1y", "2027-05-15", "2027-05-16"),
        ("older than 30d", None, "2026-04-15"),
        ("newer than 2W", "2026-05-01", None),
        ("older than 3m", None, "2026-02-15"),
        ("in this day", "2026-05-15", "2026-05-16"),
        ("in this week", "2026-05-11", "2026-05-18"),
        ("in this month", "2026-05-01", "2026-06-01"),
        ("in this quarter", "2026-04-01", "2026-07-01"),
        ("in this year", "2026-01-01", "2027-01-01"),
        ("in previous 1 quarter", "2026-01-01", "2026-04-01"),
        ("in previous 2 months", "2026-03-01", "2026-05-01"),
        ("in next 3 days", "2026-05-16", "2026-05-19"),
        ("in next 1 years", "2027-01-01", "2028-01-01"),
    ],
)
def test_days(condition: str, first: str | None, after: str | None) -> None:
    assert meaning(f"day {condition}") == Clause("day", "range", (first, after))


def test_days_in_a_list() -> None:
    found = meaning("day in (2026-05-01, 2026-06-01)")
    assert found == AnyOf(
        (
            Clause("day", "range", ("2026-05-01", "2026-05-02")),
            Clause("day", "range", ("2026-06-01", "2026-06-02")),
        )
    )


def test_months_are_clamped() -> None:
    assert meaning("day older than 1m", date(2026, 3, 31)) == Clause(
        "day", "range", (None, "2026-02-28")
    )


@pytest.mark.parametrize(
    ("expression", "position"),
    [
        ("text < a", 6),
        ("list ~ a", 6),
        ("list == a", 6),
        ("flag is null", 6),
        ("json = a", 6),
        ("number ~ 1", 8),
        ("text in this month", 9),
        ("number = abc", 10),
        ("number = 9223372036854775808", 10),
        ("number = 99999999999999999999", 10),
        ("flag = yes", 8),
        ("flag = 'true'", 8),
        ("day = 2026-02-30", 7),
        ("day = 2026-1-1", 7),
        ("day = 'today'", 7),
        ("day = today-30", 7),
        ("day older than soon", 16),
        ("day older than 999999y", 16),
        ("day = today+9999y", 7),
        ("day in previous 0 days", 17),
        ("day in previous x days", 17),
        ("day in next 99999 years", 19),
        ("day = 9999-12-31", 7),
    ],
)
def test_what_does_not_fit(expression: str, position: int) -> None:
    with pytest.raises(UsageError) as caught:
        meaning(expression)
    assert caught.value.details["position"] == position
