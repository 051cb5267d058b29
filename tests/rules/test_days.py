"""Days that views count from today anew: the answer of each engine is Python's."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadctl import open_crm
from leadctl.rules.days import Day, today

DATES = st.dates(date(1200, 1, 1), date(8800, 12, 31))
UNITS = ("day", "week", "month", "quarter", "year")
# So many of each that the dates above stay within the calendar.
MOST = {"d": 300_000, "w": 50_000, "m": 12_000, "y": 1_000}
SHIFTS = st.one_of(
    *(st.tuples(st.integers(-most, most), st.just(unit)) for unit, most in MOST.items()),
    st.tuples(st.integers(-40, 40), st.sampled_from("dwmy")),
)
# What turns a day into another: a shift, or the first day of a unit.
STEPS = st.one_of(
    st.tuples(st.integers(-40, 40), st.sampled_from("dwmy")), st.sampled_from(UNITS).map(str)
)


@pytest.fixture(scope="module")
def counted(places):
    """What the SQL of a day says when today is another day."""
    with open_crm(places()) as crm:

        def ask(day: Day, now: date) -> str | None:
            assert "date('now')" in day.sql
            sql = day.sql.replace("date('now')", f"'{now.isoformat()}'")
            return crm.engine.value(f"SELECT {sql}")

        yield ask


def after(day: Day, steps: list) -> Day:
    for step in steps:
        day = day.start_of(step) if isinstance(step, str) else day.plus(*step)
    return day


def days_of_month(day: date) -> int:
    following = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return (following - timedelta(days=1)).day


def months_later(day: date, months: int) -> date:
    """Clamped by hand, so that the test does not believe the library that the code uses."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = date(year, month + 1, 1)
    return first.replace(day=min(day.day, days_of_month(first)))


@settings(max_examples=400)
@given(now=DATES, shift=SHIFTS)
def test_shifted(counted, now: date, shift: tuple[int, str]) -> None:
    count, unit = shift
    expected = {
        "d": lambda: now + timedelta(days=count),
        "w": lambda: now + timedelta(weeks=count),
        "m": lambda: months_later(now, count),
        "y": lambda: months_later(now, count * 12),
    }[unit]()
    found = today(now).plus(count, unit)
    assert (found, found.day) == (expected.isoformat(), expected)
    assert counted(found, now) == found


@settings(max_examples=200)
@given(now=DATES, unit=st.sampled_from(UNITS))
def test_first_days(counted, now: date, unit: str) -> None:
    found = today(now).start_of(unit)
    assert counted(found, now) == found == found.day.isoformat()
    first = found.day
    assert first <= now
    length = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}[unit]
    assert (now - first).days < length
    if unit == "week":
        assert first.weekday() == 0
    elif unit != "day":
        assert first.day == 1
        assert first.month in {"month": range(1, 13), "quarter": (1, 4, 7, 10), "year": (1,)}[unit]
        assert first.year == now.year


@settings(max_examples=300)
@given(made=DATES, now=DATES, steps=st.lists(STEPS, max_size=3))
def test_a_view_made_on_another_day_counts_from_today(counted, made, now, steps) -> None:
    old, new = after(today(made), steps), after(today(now), steps)
    assert old.sql == new.sql
    assert counted(old, now) == new


@pytest.mark.parametrize("year", [1900, 2000, 2023, 2024])
def test_every_day_of_a_year(counted, year: int) -> None:
    now = date(year, 1, 1)
    while now.year == year:
        for unit in UNITS:
            assert counted(today(now).start_of(unit), now) == today(now).start_of(unit)
        for count, unit in ((1, "m"), (-1, "m"), (13, "m"), (1, "y"), (-4, "y"), (0, "m")):
            shifted = today(now).plus(count, unit)
            assert counted(shifted, now) == shifted
            assert shifted.day == months_later(now, count * (12 if unit == "y" else 1))
        now += timedelta(days=1)


@pytest.mark.parametrize(
    ("now", "count", "unit", "expected"),
    [
        ("2024-01-31", 1, "m", "2024-02-29"),
        ("2023-01-31", 1, "m", "2023-02-28"),
        ("2024-02-29", 1, "y", "2025-02-28"),
        ("2024-02-29", -4, "y", "2020-02-29"),
        ("2024-03-31", -1, "m", "2024-02-29"),
        ("2024-12-31", 2, "m", "2025-02-28"),
        ("2024-05-15", -24, "m", "2022-05-15"),
        ("2024-02-28", 2, "d", "2024-03-01"),
        ("2024-05-15", 0, "w", "2024-05-15"),
    ],
)
def test_clamped(counted, now: str, count: int, unit: str, expected: str) -> None:
    found = today(date.fromisoformat(now)).plus(count, unit)
    assert found == expected == counted(found, date.fromisoformat(now))


@given(day=DATES, shift=SHIFTS)
def test_fixed_days_have_no_sql(day: date, shift: tuple[int, str]) -> None:
    fixed = Day(day)
    assert (fixed, fixed.sql, fixed.day) == (day.isoformat(), "", day)
    shifted = fixed.plus(*shift)
    assert (shifted, shifted.sql) == (today(day).plus(*shift), "")


@pytest.mark.parametrize("unit", ["d", "w", "m", "y"])
@pytest.mark.parametrize("count", [999_999, -999_999])
def test_beyond_the_calendar(unit: str, count: int) -> None:
    with pytest.raises((OverflowError, ValueError)):
        today(date(2024, 5, 15)).plus(count, unit).plus(count, unit).plus(count, unit).plus(
            count, unit
        )
