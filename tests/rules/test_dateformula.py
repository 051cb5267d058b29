"""Date formulas: how they are written, and the dates that they give (section 3.6)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadctl.errors import UsageError
from leadctl.rules.dateformula import normal_formula, shifted

DATES = st.dates(date(1000, 1, 1), date(9000, 12, 31))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        ("  ", None),
        ("<>", None),
        ("< >", None),
        ("2W", "2W"),
        ("2w", "2W"),
        ("+6M", "+6M"),
        ("<+6M>", "+6M"),
        (" < 1m + 3d > ", "1M+3D"),
        ("-1w", "-1W"),
        ("cm", "CM"),
        ("-CQ", "-CQ"),
        ("cwd", "CWD"),
        ("d15", "D15"),
        ("D1", "D1"),
        ("D31", "D31"),
        ("-wd7", "-WD7"),
        ("0D", "0D"),
        ("9999Y", "9999Y"),
        ("CM+10D-1W+WD1", "CM+10D-1W+WD1"),
        ("1D+" * 10 + "1D", "1D+" * 10 + "1D"),
    ],
)
def test_how_a_formula_is_stored(text: str, expected: str | None) -> None:
    assert normal_formula(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2",
        "W",
        "C",
        "CC",
        "+",
        "-",
        "soon",
        "2X",
        "1.5W",
        "1,5W",
        "２W",
        "2W1D",
        "1M 3D",
        "2W+",
        "2W++1D",
        "+-1D",
        "2W+1",
        "x2W",
        "2Wx",
        "2W,1D",
        "10000D",
        "D0",
        "D32",
        "D100",
        "WD0",
        "WD8",
        "1D+WD8",
        "<2W",
        "2W>",
        "<<2W>>",
        "<",
        "1D+" * 11,
        "1D+" * 10 + "10D",
    ],
)
def test_what_is_no_formula(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        normal_formula(text)
    assert caught.value.details["value"] in (text.replace(" ", "").upper(), "<2W>")


@pytest.mark.parametrize(
    ("day", "formula", "expected"),
    [
        # Numbers and units.
        ("2024-03-10", "2W", "2024-03-24"),
        ("2024-03-10", "+2W", "2024-03-24"),
        ("2024-03-10", "-2W", "2024-02-25"),
        ("2024-02-25", "10D", "2024-03-06"),
        ("2024-03-06", "-10D", "2024-02-25"),
        ("2024-03-10", "0D", "2024-03-10"),
        ("2024-03-10", "6M", "2024-09-10"),
        ("2024-03-10", "-6M", "2023-09-10"),
        ("2024-03-10", "2Q", "2024-09-10"),
        ("2024-03-10", "-1Q", "2023-12-10"),
        ("2024-03-10", "1Y", "2025-03-10"),
        ("2024-03-10", "-1Y", "2023-03-10"),
        # The day is clamped to the end of the month.
        ("2024-01-31", "1M", "2024-02-29"),
        ("2023-01-31", "1M", "2023-02-28"),
        ("2024-03-31", "-1M", "2024-02-29"),
        ("2023-11-30", "1Q", "2024-02-29"),
        ("2024-02-29", "1Y", "2025-02-28"),
        ("2024-02-29", "4Y", "2028-02-29"),
        # Chains, from left to right.
        ("2024-03-10", "2W+1D", "2024-03-25"),
        ("2024-03-10", "1M-1D", "2024-04-09"),
        ("2024-01-31", "1M+1M", "2024-03-29"),
        ("2024-01-31", "2M", "2024-03-31"),
        ("2024-01-31", "1D+1M", "2024-03-01"),
        ("2024-01-31", "1M+1D", "2024-03-01"),
        ("2024-01-30", "1D+1M", "2024-02-29"),
        ("2024-02-10", "CM+1D", "2024-03-01"),
        ("2024-02-10", "1M-CM", "2024-03-01"),
        ("2024-02-10", "-CM-1D", "2024-01-31"),
        ("2024-02-10", "CY-CQ+D15", "2024-10-15"),
    ],
)
def test_units_signs_and_chains(day: str, formula: str, expected: str) -> None:
    assert shifted(day, formula) == expected


@pytest.mark.parametrize(
    ("day", "unit", "first", "last"),
    [
        ("2024-02-10", "M", "2024-02-01", "2024-02-29"),
        ("2023-02-28", "M", "2023-02-01", "2023-02-28"),
        ("2024-04-01", "M", "2024-04-01", "2024-04-30"),
        ("2024-12-31", "M", "2024-12-01", "2024-12-31"),
        ("2024-01-31", "Q", "2024-01-01", "2024-03-31"),
        ("2024-05-31", "Q", "2024-04-01", "2024-06-30"),
        ("2024-09-30", "Q", "2024-07-01", "2024-09-30"),
        ("2024-10-01", "Q", "2024-10-01", "2024-12-31"),
        ("2024-02-29", "Y", "2024-01-01", "2024-12-31"),
        ("2024-12-31", "Y", "2024-01-01", "2024-12-31"),
        ("2024-03-04", "W", "2024-03-04", "2024-03-10"),
        ("2024-03-06", "W", "2024-03-04", "2024-03-10"),
        ("2024-03-10", "W", "2024-03-04", "2024-03-10"),
        ("2024-12-31", "W", "2024-12-30", "2025-01-05"),
        ("2024-03-10", "D", "2024-03-10", "2024-03-10"),
        ("2024-03-10", "WD", "2024-03-10", "2024-03-10"),
    ],
)
def test_the_current_period(day: str, unit: str, first: str, last: str) -> None:
    assert shifted(day, f"C{unit}") == shifted(day, f"+C{unit}") == last
    assert shifted(day, f"-C{unit}") == first


@pytest.mark.parametrize(
    ("day", "formula", "expected"),
    [
        # 2024-03-06 is a Wednesday.
        ("2024-03-06", "WD4", "2024-03-07"),
        ("2024-03-06", "WD3", "2024-03-13"),
        ("2024-03-06", "WD1", "2024-03-11"),
        ("2024-03-06", "WD7", "2024-03-10"),
        ("2024-03-06", "-WD2", "2024-03-05"),
        ("2024-03-06", "-WD3", "2024-02-28"),
        ("2024-03-06", "-WD4", "2024-02-29"),
        ("2024-03-06", "-WD7", "2024-03-03"),
        ("2024-03-06", "D7", "2024-03-07"),
        ("2024-03-06", "D6", "2024-04-06"),
        ("2024-03-06", "D1", "2024-04-01"),
        ("2024-03-06", "+D31", "2024-03-31"),
        ("2024-01-31", "D30", "2024-03-30"),
        ("2024-03-31", "D31", "2024-05-31"),
        ("2024-03-06", "-D5", "2024-03-05"),
        ("2024-03-06", "-D6", "2024-02-06"),
        ("2024-03-06", "-D30", "2024-01-30"),
        ("2024-03-06", "1M+WD1", "2024-04-08"),
    ],
)
def test_the_next_such_day_is_never_the_day_itself(day: str, formula: str, expected: str) -> None:
    assert shifted(day, formula) == expected


@pytest.mark.parametrize(
    ("day", "formula"),
    [
        ("9999-12-31", "1D"),
        ("9999-12-25", "1W"),
        ("9999-12-01", "1M"),
        ("9999-10-01", "1Q"),
        ("2024-03-10", "9999Y"),
        ("0001-01-01", "-1D"),
        ("0001-01-31", "-1M"),
        ("2024-03-10", "-2024Y"),
        ("9999-12-31", "CW"),
        ("9999-12-31", "WD5"),
        ("9999-12-15", "D15"),
        ("0001-01-15", "-D15"),
        ("9999-12-31", "2W+1D"),
    ],
)
def test_dates_beyond_the_calendar(day: str, formula: str) -> None:
    assert shifted(day, formula) is None


@pytest.mark.parametrize("formula", ["CM", "CQ", "CY"])
def test_the_last_month_of_the_calendar_has_an_end(formula: str) -> None:
    assert shifted("9999-12-15", formula) == "9999-12-31"


@given(DATES, st.sampled_from("MQY"), st.booleans())
def test_an_edge_of_a_period_is_its_own_edge(day: date, unit: str, back: bool) -> None:
    """Without saying how long months are: the day beyond an edge is in another period."""
    months = {"M": 1, "Q": 3, "Y": 12}[unit]
    formula = f"-C{unit}" if back else f"C{unit}"

    def period(day: date) -> int:
        return (day.year * 12 + day.month - 1) // months

    edge = date.fromisoformat(shifted(day.isoformat(), formula))
    beyond = edge + timedelta(days=-1 if back else 1)
    assert period(edge) == period(day) != period(beyond)
    assert (edge <= day) if back else (edge >= day)


@given(DATES, st.integers(1, 7), st.sampled_from(["", "+", "-"]))
def test_weekdays_are_one_to_seven_days_away(day: date, place: int, sign: str) -> None:
    found = date.fromisoformat(shifted(day.isoformat(), f"{sign}WD{place}"))
    away = (day - found if sign == "-" else found - day).days
    assert found.isoweekday() == place
    assert 1 <= away <= 7


@given(DATES, st.integers(0, 9999))
def test_days_and_weeks_are_counted(day: date, number: int) -> None:
    start = day.isoformat()
    later, sooner = day + timedelta(days=number), day - timedelta(days=number)
    assert shifted(start, f"{number}D") == later.isoformat()
    assert shifted(start, f"-{number}D") == sooner.isoformat()
    assert shifted(start, f"{number // 7}W+{number % 7}D") == later.isoformat()
