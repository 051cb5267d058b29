"""What a user types with a move, as the rules take it."""

from __future__ import annotations

import re

from leadctl.core.crm import parse_date
from leadctl.errors import UsageError
from leadctl.rules.amounts import Number, parse_amount, parse_percent
from leadctl.rules.naming import text_of
from leadctl.rules.opportunities import Given

__all__ = ["Number", "day_of", "given_of"]


def day_of(value: object) -> str | None:
    """A date as ``YYYY-MM-DD``, ``None`` for none. Raises UsageError."""
    day = parse_date(value)
    return None if day is None else day.isoformat()


def duration_of(text: str) -> str:
    """A duration such as ``30d``, ``6w``, ``24m``, ``1y``. Raises UsageError."""
    duration = text_of("duration", text).strip().casefold()
    if re.fullmatch(r"[0-9]{1,6}[dwmy]", duration) is None:
        raise UsageError(
            "{value} is not a duration", hint="durations are 30d, 6w, 24m, 1y", value=text
        )
    return duration


def given_of(
    on: str | None,
    value: Number | None,
    chances: Number | None,
    close_date: str | None,
    to: int | None = None,
) -> Given:
    """Dates, an amount in units, and a percentage, checked. Raises UsageError."""
    return Given(
        day_of(on),
        None if value is None else parse_amount("--value", value),
        None if chances is None else parse_percent("--chances", chances),
        day_of(close_date),
        to,
    )
