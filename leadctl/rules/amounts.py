"""Amounts and percentages: whole numbers of hundredths, so that nothing is ever rounded by chance."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from leadctl.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

Number = int | float | str | Decimal
LARGEST_AMOUNT = 999_999_999_999_999
HUNDRED_PERCENT = 10_000
QUANTITY_DECIMALS = 5
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
    if quantity is None or quantity <= 0 or quantity > LARGEST_AMOUNT:
        raise UsageError("{value} is no quantity", value=str(value))
    if quantity != round(quantity, QUANTITY_DECIMALS):
        raise UsageError("{value} is no quantity", hint="at most 5 decimals", value=str(value))
    return quantity


def rounded(numerator: int, denominator: int) -> int:
    """The nearest whole number to a fraction, halves away from zero (decisions, "Numbers")."""
    nearest = (2 * abs(numerator) + denominator) // (2 * denominator)
    return -nearest if numerator < 0 else nearest


def _is_amount(hundredths: Decimal) -> bool:
    return abs(hundredths) <= LARGEST_AMOUNT


def _is_percent(hundredths: Decimal) -> bool:
    return 0 <= hundredths <= HUNDRED_PERCENT


def _hundredths(name: str, value: Number, fits: Callable[[Decimal], bool], hint: str) -> int:
    number = _decimal(value)
    hundredths = None if number is None else number.scaleb(2)
    if hundredths is None or hundredths != hundredths.to_integral_value() or not fits(hundredths):
        raise UsageError(
            "{value} is no value for {field}",
            hint=hint,
            value=str(value),
            field=name,
        )
    return int(hundredths)


def _decimal(value: Number) -> Decimal | None:
    """The exact number, ``None`` for what is none; a float counts as it is printed."""
    text = str(value).strip()
    if isinstance(value, str):
        return Decimal(text) if _WRITTEN.fullmatch(text) and len(text) < 40 else None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < 10**20 else None
