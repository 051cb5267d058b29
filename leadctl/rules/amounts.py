"""Amounts and percentages: whole numbers of hundredths, so that nothing is ever rounded by chance."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from leadctl.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

Number = int | float | str | Decimal
LARGEST_AMOUNT = 999_999_999_999_999
HUNDRED_PERCENT = 10_000
# With five decimals a quantity has at most 15 digits, which JSON keeps.
LARGEST_QUANTITY = 10**9
QUANTITY_DECIMALS = 5
LONGEST_NUMBER = 40
_BEYOND = 10**20
_WRITTEN = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")


def parse_amount(name: str, value: Number) -> int:
    """An amount in minor units, from a number or text with at most two decimals.

    Raises UsageError for what is no number, has more decimals, or lies beyond
    ±9,999,999,999,999.99.
    """
    hint = "it takes a number up to 9999999999999.99 with at most two decimals"
    return _hundredths(name, value, _is_amount, hint)


def parse_percent(name: str, value: Number) -> int:
    """A percentage in hundredths of a percent, from 0 to 100. Raises UsageError."""
    hint = "it takes a number from 0 to 100 with at most two decimals"
    return _hundredths(name, value, _is_percent, hint)


def parse_quantity(value: Number) -> Decimal:
    """How many of something: above zero, at most five decimals. Raises UsageError."""
    quantity = _decimal(value)
    if quantity is None or not 0 < quantity <= LARGEST_QUANTITY:
        raise UsageError("{value} is no quantity", value=_as_typed(value))
    if 10**QUANTITY_DECIMALS % quantity.as_integer_ratio()[1]:
        raise UsageError(
            "{value} is no quantity", hint="at most 5 decimals", value=_as_typed(value)
        )
    return quantity


def rounded(numerator: int, denominator: int) -> int:
    """The nearest whole number to a fraction, halves away from zero (decisions, "Numbers")."""
    nearest = (2 * abs(numerator) + denominator) // (2 * denominator)
    return -nearest if numerator < 0 else nearest


def _is_amount(hundredths: int) -> bool:
    return abs(hundredths) <= LARGEST_AMOUNT


def _is_percent(hundredths: int) -> bool:
    return 0 <= hundredths <= HUNDRED_PERCENT


def _hundredths(name: str, value: Number, fits: Callable[[int], bool], hint: str) -> int:
    number = _decimal(value)
    if number is not None:
        # Exact, whatever the precision of the decimal context is.
        numerator, denominator = number.as_integer_ratio()
        hundredths, rest = divmod(100 * numerator, denominator)
        if rest == 0 and fits(hundredths):
            return hundredths
    raise UsageError(
        "{value} is no value for {field}", hint=hint, value=_as_typed(value), field=name
    )


def _decimal(value: Number) -> Decimal | None:
    """The exact number, ``None`` for what is none; a float counts as it is printed."""
    if isinstance(value, str):
        text = value.strip()
        written = _WRITTEN.fullmatch(text) and len(text) <= LONGEST_NUMBER
        return Decimal(text) if written else None
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return None
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    # The exponent is looked at first: the exact fraction of 1E-9999999 takes minutes.
    exponent = number.as_tuple().exponent
    small = isinstance(exponent, int) and abs(exponent) <= LONGEST_NUMBER
    return number if small and abs(number) < _BEYOND else None


def _as_typed(value: Number) -> str:
    try:
        return str(value)
    except ValueError:  # more digits than Python is willing to print
        return "…"
