"""Which header fields can be changed when (section 7, decisions)."""

from __future__ import annotations

from itertools import combinations

import pytest

from leadctl.model import Status
from leadctl.rules.opportunities import edit_problem, too_early

FREE = None
CLOSED = "opportunity_closed"
STARTED = "already_started"
NEEDED = "salesperson_required"
OTHER = "contact_of_other_company"
# The change -> what not started, in progress, and closed opportunities say.
TABLE = {
    "description": (FREE, FREE, FREE),
    "external_id": (FREE, FREE, FREE),
    "contact": (FREE, FREE, CLOSED),
    "salesperson": (FREE, FREE, CLOSED),
    "no_salesperson": (NEEDED, NEEDED, CLOSED),
    "campaign": (FREE, FREE, CLOSED),
    "priority": (FREE, FREE, CLOSED),
    "cycle": (FREE, STARTED, CLOSED),
}
COLUMN = {Status.NOT_STARTED: 0, Status.IN_PROGRESS: 1, Status.WON: 2, Status.LOST: 2}


def code(status: str, *changes: str, other_company: bool = False) -> str | None:
    problem = edit_problem(status, frozenset(changes), other_company)
    return problem.code if problem else None


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("change", TABLE)
def test_one_change(status: Status, change: str) -> None:
    assert code(status, change) == TABLE[change][COLUMN[status]]


@pytest.mark.parametrize("status", Status)
def test_no_change_has_no_problem(status: Status) -> None:
    assert code(status) is None


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        pytest.param(Status.NOT_STARTED, FREE, id="DX-43-not-started"),
        pytest.param(Status.IN_PROGRESS, OTHER, id="DX-43-E05"),
        pytest.param(Status.WON, CLOSED, id="7.5-won"),
        pytest.param(Status.LOST, CLOSED, id="7.5-lost"),
    ],
)
def test_a_contact_of_another_company(status: Status, expected: str | None) -> None:
    assert code(status, "contact", other_company=True) == expected


@pytest.mark.parametrize("pair", list(combinations(TABLE, 2)), ids="+".join)
@pytest.mark.parametrize("status", Status)
def test_two_changes_are_as_free_as_the_less_free_one(
    status: Status, pair: tuple[str, str]
) -> None:
    """Of two problems the cycle comes first."""
    problems = {TABLE[change][COLUMN[status]] for change in pair} - {FREE}
    expected = STARTED if STARTED in problems else next(iter(problems), FREE)
    assert code(status, *pair) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (("contact", "cycle", "no_salesperson"), STARTED),
        (("contact", "no_salesperson"), OTHER),
        (("contact", "description"), OTHER),
    ],
)
def test_the_order_of_problems(changes: tuple[str, ...], expected: str) -> None:
    assert code(Status.IN_PROGRESS, *changes, other_company=True) == expected


def test_too_early_names_the_date() -> None:
    reason = too_early("2024-03-08")
    assert reason.code == "date_before_last_change"
    assert "2024-03-08" in reason.text()
