"""Date formulas of stages: ``2W``, ``1M+3D``, ``CM``, ``-1W`` (section 3.6 of ``opportunities.md``).

A term is a number and a unit (``2W``), the end of the current period (``CM``; its first day with a
minus), or the next such day (``D15`` of a month, ``WD1`` a Monday; the one before with a minus).
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from leadctl.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

_TERM = re.compile(r"([+-]?)(?:([0-9]{1,4})(D|W|M|Q|Y)|C(D|WD|W|M|Q|Y)|(WD|D)([0-9]{1,2}))")
_LONGEST = 32
_LARGEST_DAY = {"D": 31, "WD": 7}


def normal_formula(text: str) -> str | None:
    """A formula as it is stored: upper case, without spaces and angle brackets; none for none.

    Raises UsageError for what is no formula.
    """
    formula = re.sub(r"\s+", "", text).upper()
    if formula.startswith("<") and formula.endswith(">"):
        formula = formula[1:-1]
    if not formula:
        return None
    _terms(formula)
    return formula


@cache
def shifted(day: str, formula: str) -> str | None:
    """The date that a formula gives from a date, ``None`` when it lies beyond the calendar."""
    from dateutil.relativedelta import relativedelta

    result = date.fromisoformat(day)
    try:
        for sign, count, unit, current, kind, place in _terms(formula):
            back = sign == "-"
            if unit:
                months = {"M": 1, "Q": 3, "Y": 12}.get(unit)
                number = -int(count) if back else int(count)
                days = timedelta(days=number * (7 if unit == "W" else 1))
                result += relativedelta(months=months * number) if months else days
            elif current:
                result = _EDGES[current](result, back)
            else:
                result = _day(result, kind, int(place), -1 if back else 1)
    except (OverflowError, ValueError):
        return None
    return result.isoformat()


def _terms(formula: str) -> list[tuple[str, ...]]:
    terms = list(_TERM.finditer(formula))
    complete = "".join(term[0] for term in terms) == formula and len(formula) <= _LONGEST
    signed = all(term[1] for term in terms[1:])
    possible = all(not term[5] or 1 <= int(term[6]) <= _LARGEST_DAY[term[5]] for term in terms)
    if not (terms and complete and signed and possible):
        raise UsageError(
            "{value} is not a date formula",
            hint="formulas are written 2W, 1M+3D, CM, -1W",
            value=formula,
        )
    return [term.groups() for term in terms]


def _month_edge(months: int) -> Callable[[date, bool], date]:
    """The first or last day of the month, quarter or year that a date is in."""

    def edge(day: date, back: bool) -> date:
        first = day.replace(month=day.month - (day.month - 1) % months, day=1)
        if back:
            return first
        month = first.month + months - 1
        return date(first.year, month, monthrange(first.year, month)[1])

    return edge


def _week_edge(day: date, back: bool) -> date:
    monday = day - timedelta(days=day.weekday())
    return monday if back else monday + timedelta(days=6)


_EDGES: dict[str, Callable[[date, bool], date]] = {
    "D": lambda day, back: day,
    "WD": lambda day, back: day,
    "W": _week_edge,
    "M": _month_edge(1),
    "Q": _month_edge(3),
    "Y": _month_edge(12),
}


def _day(day: date, kind: str, place: int, step: int) -> date:
    """The next (or previous) weekday or day of the month of this number, never the day itself."""
    day += timedelta(days=step)
    while (day.isoweekday() if kind == "WD" else day.day) != place:
        day += timedelta(days=step)
    return day
