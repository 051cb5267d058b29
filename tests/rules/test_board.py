"""Which move reaches a stage, and by what boards are grouped."""

from __future__ import annotations

import pytest

from leadctl.errors import Refused, UsageError
from leadctl.model import Move
from leadctl.rules.board import FIELDS, NAMES, check_words, field_of, move_to
from leadctl.rules.stages import Stage

STAGES = [Stage(number, str(number), 0, 0) for number in (10, 20, 30)]


@pytest.mark.parametrize(
    ("current", "target", "move"),
    [
        (None, 10, Move.START),
        (None, 30, Move.START),
        (10, 20, Move.NEXT),
        (10, 30, Move.SKIP),
        (20, 10, Move.PREVIOUS),
        (30, 10, Move.JUMP),
    ],
)
def test_the_move_that_reaches_a_stage(current: int | None, target: int, move: Move) -> None:
    assert move_to(STAGES, current, target) is move


@pytest.mark.parametrize("entity", FIELDS)
@pytest.mark.parametrize("field", NAMES)
def test_fields_of_boards(entity: str, field: str) -> None:
    if field in FIELDS[entity]:
        assert field_of(entity, field) == field
    else:
        with pytest.raises(Refused) as refused:
            field_of(entity, field)
        assert refused.value.reason.code == "board_not_offered"


def test_the_usual_fields() -> None:
    assert [field_of(entity, None) for entity in ("person", "company", "opportunity")] == [
        "lead_status",
        "category",
        "stage",
    ]


@pytest.mark.parametrize(
    "words",
    [
        ("deal", None, None),
        (None, "name", None),
        (None, None, "name"),
        (None, "owner", "owner"),
    ],
)
def test_words_that_mean_nothing(words) -> None:
    with pytest.raises(UsageError):
        check_words(*words)
    with pytest.raises(UsageError):
        field_of("person", "name")
