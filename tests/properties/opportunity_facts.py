"""What the model of the opportunity rules is made of: records, and arithmetic with fractions.

Amounts are whole cents, percentages are fractions, dates are texts.
"""

from __future__ import annotations

import math
import re
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

Tables = dict[str, dict[Any, Any]]
HUNDRED = Fraction(100)


class Refusal(Exception):
    """A rule keeps one record from being changed: the code of the reason."""


class Expected(NamedTuple):
    """What a command must come to: the error codes it may have, and what is refused, by id."""

    codes: set[str]
    changed: int = 0
    problems: dict[Any, str] | None = None


DONE = Expected({""})


@dataclass
class Stage:
    completed: Fraction
    chances: Fraction
    skip: bool = False
    quote: bool = False
    formula: str | None = None


@dataclass
class Cycle:
    method: str
    stages: dict[int, Stage]


@dataclass
class Entry:
    action: str
    stage: int | None
    previous: int | None
    date: str
    value: int
    chances: Fraction
    completed: Fraction
    probability: Fraction
    calculated: int
    close_date: str
    closed_on: str | None = None
    code: str | None = None


@dataclass
class Opportunity:
    """``contact`` is customer, prospect (companies), person or employee (people)."""

    contact: str
    cycle: str
    created: str
    entries: list[Entry] = field(default_factory=list)
    quote: int | None = None
    order: int | None = None

    @property
    def status(self) -> str:
        if not self.entries:
            return "not_started"
        action = self.entries[-1].action
        return action if action in ("won", "lost") else "in_progress"

    @property
    def closed(self) -> bool:
        return self.status in ("won", "lost")


def rounded(number: Fraction, digits: int = 0) -> Fraction:
    """Half away from zero."""
    scale = 10**digits
    size = Fraction(math.floor(abs(number) * scale + Fraction(1, 2)), scale)
    return -size if number < 0 else size


def exact(number: float | None) -> Fraction | None:
    """A number of JSON, or of a caller, as it is written."""
    return None if number is None else Fraction(str(number))


def probability(method: str, chances: Fraction, completed: Fraction) -> Fraction:
    """Section 3.2."""
    if method == "multiply":
        return chances * completed / HUNDRED
    if method == "add":
        return (chances + completed) / 2
    return chances if method == "chances" else completed


def shifted(day: str, formula: str) -> str:
    """Section 3.6, as far as the tests have formulas: D, W, M, Q, Y and the end of a month."""
    moved = date.fromisoformat(day)
    for sign, current, number, unit in re.findall(r"([+-]?)(C?)(\d*)([DWMQY])", formula):
        many = int(number or 0) * (-1 if sign == "-" else 1)
        if current:
            assert unit == "M"
            moved = moved.replace(day=monthrange(moved.year, moved.month)[1])
        elif unit in "DW":
            moved += timedelta(many * {"D": 1, "W": 7}[unit])
        else:
            year, month = divmod(
                moved.year * 12 + moved.month - 1 + many * {"M": 1, "Q": 3, "Y": 12}[unit], 12
            )
            moved = date(year, month + 1, min(moved.day, monthrange(year, month + 1)[1]))
    return moved.isoformat()


def days_between(first: str, second: str) -> int:
    return (date.fromisoformat(second) - date.fromisoformat(first)).days


def is_date(text: str | None) -> bool:
    try:
        return text is None or date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def has_two_decimals(number: float | None) -> bool:
    return number is None or (math.isfinite(number) and (exact(number) * 100).denominator == 1)


def cents(number: float) -> int:
    return int(exact(number) * 100)
