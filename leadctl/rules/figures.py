"""Figures of reports: shares and whole numbers."""

from __future__ import annotations

from leadctl.rules.amounts import HUNDRED_PERCENT, rounded


def percent(part: int, whole: int) -> float:
    """How many percent ``part`` is of ``whole``, with two decimals; 0 of nothing (3.7)."""
    return plain(rounded(part * HUNDRED_PERCENT, whole) / 100 if whole else 0)


def plain(number: float) -> float:
    """A number as JSON shows it: whole where it is whole."""
    return int(number) if number == int(number) else number
