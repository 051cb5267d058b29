"""What callers say when they move an opportunity: sound values mostly, and now and then faults."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple

from hypothesis import strategies as st

COMPLETED = st.sampled_from([0, 5, 33.33, 50, 66.67, 95, 100])
CHANCES = st.sampled_from([0, 0, 10, 50, 12.5, 60, 99.99, 100])
FORMULAS = st.sampled_from([*[None] * 5, "1W", "2W+1D", "1M", "CM", "<+6M>", "1Q-1D"])
# Halves of a cent come from 0.01, 0.05 and 0.25.
VALUES = st.sampled_from(
    [*[None] * 3, 0.01, 0.05, 0.25, 9.99, 1234.56, 10000, 33333.33, 9_999_999.99]
)
STAGE_NUMBERS = st.sampled_from([None, None, 10, 20, 30, 40, 50, 7])


class Wish(NamedTuple):
    """Dates are days from the last change (``on``) or from the date of the change (``close``)."""

    on: int | str | None = None
    value: float | None = None
    chances: float | None = None
    close: int | str | None = None

    def said(self, last: str, default: str) -> dict[str, Any]:
        """The arguments of the call, without those that are left out."""
        on = _day(last, self.on)
        said = {
            "on": on,
            "value": self.value,
            "chances": self.chances,
            "close_date": _day(on if isinstance(self.on, int) else default, self.close),
        }
        return {name: value for name, value in said.items() if value is not None}


def _day(start: str, days: int | str | None) -> str | None:
    if not isinstance(days, int):
        return days
    return (date.fromisoformat(start) + timedelta(days)).isoformat()


SOUND = st.builds(
    Wish,
    st.sampled_from([None, None, 0, 1, 3, 20]),
    VALUES,
    st.sampled_from([None, None, 0.01, 12.5, 33, 50, 66.67, 100]),
    st.sampled_from([None, None, 0, 1, 30, 60]),
)
# Against a rule, and no date, no amount, no percentage at all.
FAULTS = st.sampled_from(
    [{"on": -1}, {"on": -40}, {"value": 0}, {"value": -1}, {"chances": 0}, *[{"close": -1}] * 2]
)
NONSENSE = st.sampled_from(
    [
        *({"on": nonsense} for nonsense in ("2024-02-30", "20240310", "2024-W11-1")),
        *({"value": nonsense} for nonsense in (1.005, float("nan"), float("inf"))),
        *({"chances": nonsense} for nonsense in (101, 33.333, float("nan"))),
        {"close": "2024-13-01"},
    ]
)


def _with_faults(wish: Wish, faults: list[dict[str, Any]]) -> Wish:
    for fault in faults:
        wish = wish._replace(**fault)
    return wish


FAULTY = st.builds(_with_faults, SOUND, st.lists(FAULTS, min_size=1, max_size=3)) | st.builds(
    _with_faults, SOUND, st.lists(FAULTS | NONSENSE, min_size=1, max_size=2)
)
WISHES = st.one_of(*[SOUND] * 5, FAULTY)
