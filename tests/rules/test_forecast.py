"""Probability and calculated value: the four methods, and that nothing is rounded twice."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadctl.model import Method, Outcome
from leadctl.rules.amounts import LARGEST_AMOUNT, rounded
from leadctl.rules.forecast import Figures, closed_figures, open_figures

PERCENT = st.integers(0, 10_000)
WHOLE = st.integers(-(10**20), 10**20)
VALUE = st.integers(0, LARGEST_AMOUNT)


@pytest.mark.parametrize(
    ("method", "value", "chances", "completed", "probability", "calculated"),
    [
        pytest.param(Method.MULTIPLY, 1_000_000, 6000, 3500, 2100, 210_000, id="DX-01-multiply"),
        pytest.param(Method.ADD, 1_000_000, 6000, 3500, 4750, 475_000, id="DX-01-add"),
        pytest.param(Method.CHANCES, 1_000_000, 6000, 3500, 6000, 600_000, id="DX-01-chances"),
        pytest.param(Method.COMPLETED, 1_000_000, 6000, 3500, 3500, 350_000, id="DX-01-completed"),
        pytest.param(Method.MULTIPLY, 123_456, 3300, 500, 165, 2037, id="DX-02"),
        pytest.param(Method.MULTIPLY, 1_200_000, 4500, 7000, 3150, 378_000, id="OP100015"),
        pytest.param(Method.ADD, 550_000, 3500, 5000, 4250, 233_750, id="OP100016"),
        pytest.param(Method.MULTIPLY, 1_000_000, 1000, 200, 20, 2000, id="5.10-first"),
        pytest.param(Method.MULTIPLY, 1_200_000, 4000, 3500, 1400, 168_000, id="5.10-second"),
        pytest.param(Method.MULTIPLY, 900_000, 8000, 8500, 6800, 612_000, id="DX-29-before"),
        pytest.param(Method.MULTIPLY, 1_000_000, 0, 3500, 0, 0, id="no-chance"),
        pytest.param(Method.ADD, 0, 10_000, 10_000, 10_000, 0, id="no-value"),
        # Halves go up, of the probability and of the value.
        pytest.param(Method.ADD, 0, 3333, 0, 1667, 0, id="half-a-hundredth"),
        pytest.param(Method.CHANCES, 1, 5000, 0, 5000, 1, id="half-a-cent"),
        pytest.param(Method.CHANCES, 3, 5000, 0, 5000, 2, id="one-and-a-half"),
        pytest.param(Method.CHANCES, 5, 5000, 0, 5000, 3, id="two-and-a-half"),
        pytest.param(Method.CHANCES, 1, 4999, 0, 4999, 0, id="less-than-half"),
        # The value comes from the exact probability, 0.005 % and 0.000001 %.
        pytest.param(Method.ADD, 100_000_000, 1, 0, 1, 5000, id="exact-add"),
        pytest.param(Method.MULTIPLY, 10**12, 1, 1, 0, 10_000, id="exact-multiply"),
        pytest.param(
            Method.MULTIPLY, LARGEST_AMOUNT, 10_000, 10_000, 10_000, LARGEST_AMOUNT, id="largest"
        ),
    ],
)
def test_figures_of_an_entry_on_a_stage(
    method: Method, value: int, chances: int, completed: int, probability: int, calculated: int
) -> None:
    assert open_figures(method, value, chances, completed) == Figures(
        value, chances, completed, probability, calculated
    )


def nearest(exact: Fraction) -> int:
    """The whole number nearest to a fraction; of two, the one that is farther from zero."""
    below = exact.numerator // exact.denominator
    return min((below, below + 1), key=lambda whole: (abs(whole - exact), -abs(whole)))


@given(WHOLE, st.integers(1, 10**12))
def test_rounded_is_the_nearest(numerator: int, denominator: int) -> None:
    assert rounded(numerator, denominator) == nearest(Fraction(numerator, denominator))


@given(WHOLE)
def test_rounded_halves(number: int) -> None:
    assert rounded(2 * number + 1, 2) == nearest(Fraction(2 * number + 1, 2))


@given(VALUE, PERCENT, PERCENT)
def test_figures_are_the_exact_fractions_rounded_once(
    value: int, chances: int, completed: int
) -> None:
    c, k = Fraction(chances, 100), Fraction(completed, 100)
    exact = {
        Method.MULTIPLY: c * k / 100,
        Method.ADD: (c + k) / 2,
        Method.CHANCES: c,
        Method.COMPLETED: k,
    }
    for method, percent in exact.items():
        figures = open_figures(method, value, chances, completed)
        assert figures.probability == nearest(percent * 100)
        assert figures.calculated == nearest(value * percent / 100)


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (Outcome.WON, Figures(900_000, 10_000, 10_000, 10_000, 940_000)),
        (Outcome.LOST, Figures(900_000, 0, 10_000, 0, 0)),
    ],
)
def test_figures_of_a_closing_entry_3_3(outcome: Outcome, expected: Figures) -> None:
    assert closed_figures(outcome, 900_000, 940_000) == expected
