"""Days that filters compare with: a date as text, and SQL that counts it from today anew.

A filter is run with the date; a view, which nobody runs with today, takes the SQL.
"""

from __future__ import annotations

from datetime import date, timedelta

_UNITS = {"d": "days", "w": "weeks", "m": "months", "y": "years"}
_MONTHS = {"m": 1, "y": 12}
_DAYS = {"d": 1, "w": 7}


class Day(str):
    """A date as ``YYYY-MM-DD``; ``sql`` is an expression for it, empty for a fixed one."""

    __slots__ = ("day", "sql")
    day: date
    sql: str

    def __new__(cls, day: date, sql: str = "") -> Day:
        """``sql`` counts from ``date('now')``."""
        text = super().__new__(cls, day.isoformat())
        text.day, text.sql = day, sql
        return text

    def plus(self, count: int, unit: str) -> Day:
        """``count`` days, weeks, months or years (d, w, m, y) later; a month that is too short
        gives its last day. Raises OverflowError or ValueError beyond the calendar.
        """
        from dateutil.relativedelta import relativedelta

        shifted = self.day + relativedelta(**{_UNITS[unit]: count})  # type: ignore[arg-type]
        if not self.sql:
            return Day(shifted)
        if unit in _DAYS:
            return Day(shifted, f"date({self.sql}, '{count * _DAYS[unit]} days')")
        months = count * _MONTHS[unit]
        first = f"date({self.sql}, 'start of month', '{months} months')"
        last = f"strftime('%d', date({first}, '1 month', '-1 day'))"
        same = f"min(CAST(strftime('%d', {self.sql}) AS INTEGER), CAST({last} AS INTEGER))"
        return Day(shifted, f"date({first}, ({same} - 1) || ' days')")

    def start_of(self, unit: str) -> Day:
        """The first day of the day, week (Monday), month, quarter or year that it is in."""
        day, sql = self.day, self.sql
        back = f"((CAST(strftime('%m', {sql}) AS INTEGER) - 1) % 3)"
        first, counted = {
            "day": (day, sql),
            "week": (
                day - timedelta(days=day.weekday()),
                f"date({sql}, '-6 days', 'weekday 1')",
            ),
            "month": (day.replace(day=1), f"date({sql}, 'start of month')"),
            "quarter": (
                day.replace(month=day.month - (day.month - 1) % 3, day=1),
                f"date({sql}, 'start of month', '-' || {back} || ' months')",
            ),
            "year": (day.replace(month=1, day=1), f"date({sql}, 'start of year')"),
        }[unit]
        return Day(first, counted if sql else "")


def today(day: date) -> Day:
    """Today, which a view counts from."""
    return Day(day, "date('now')")
