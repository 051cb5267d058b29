"""Percentages of reports (section 3.7 of ``opportunities.md``)."""

from __future__ import annotations

import pytest

from leadctl.rules.figures import percent, plain


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [(7, 15, "46.67"), (0, 0, "0"), (0, 9, "0"), (3, 3, "100"), (1, 8, "12.5"), (1, 800, "0.13")],
)
def test_percent(part: int, whole: int, expected: str) -> None:
    assert str(percent(part, whole)) == expected


def test_plain() -> None:
    assert [str(plain(number)) for number in (2.0, 2.5, 3)] == ["2", "2.5", "3"]
