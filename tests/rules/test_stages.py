"""Which stages a move reaches (sections 5.3 to 5.5), and that no table has a hole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadctl.model import Action, Method, Move, Outcome
from leadctl.rules.forecast import CLOSED_PERCENT, PROBABILITY
from leadctl.rules.stages import MOVES, Stage, action_of, targets
from tests.rules.cycles import T1, flagged


@pytest.mark.parametrize(
    ("table", "words"), [(MOVES, Move), (PROBABILITY, Method), (CLOSED_PERCENT, Outcome)]
)
def test_the_tables_are_total(table, words) -> None:
    assert set(table) == set(words)


def test_only_next_and_skip_ask_for_a_quote_5_7() -> None:
    assert [move for move in Move if MOVES[move].needs_quote] == [Move.NEXT, Move.SKIP]


def reached(move: Move, stages: tuple[Stage, ...], current: int | None) -> list[int]:
    return [stage.number for stage in targets(move, stages, current)]


@pytest.mark.parametrize(
    ("current", "next_", "previous", "skip", "jump"),
    [
        pytest.param(10, [20], [], [20, 30, 40], [], id="on-10"),
        pytest.param(20, [30], [10], [30, 40], [10], id="DX-07-DX-13"),
        pytest.param(30, [40], [20], [], [20, 10], id="DX-08"),
        pytest.param(40, [50], [30], [], [30, 20, 10], id="DX-14"),
        pytest.param(50, [], [40], [], [40, 30, 20, 10], id="on-50"),
    ],
)
def test_targets_the_nearest_first(
    current: int, next_: list[int], previous: list[int], skip: list[int], jump: list[int]
) -> None:
    found = {move: reached(move, T1.stages, current) for move in Move}
    assert found == {
        Move.START: [],
        Move.NEXT: next_,
        Move.PREVIOUS: previous,
        Move.SKIP: skip,
        Move.JUMP: jump,
        Move.UPDATE: [current],
    }


@pytest.mark.parametrize("move", Move)
def test_what_has_not_been_started_can_only_start(move: Move) -> None:
    assert reached(move, T1.stages, None) == ([10] if move is Move.START else [])
    assert reached(move, (), None) == []


@pytest.mark.parametrize(
    ("move", "expected"),
    [
        (Move.START, []),
        (Move.NEXT, [30]),
        (Move.PREVIOUS, [20]),
        (Move.SKIP, [30, 40]),
        (Move.JUMP, [20, 10]),
        (Move.UPDATE, []),
    ],
)
def test_from_a_stage_that_is_no_longer_there(move: Move, expected: list[int]) -> None:
    assert reached(move, T1.stages, 25) == expected


@pytest.mark.parametrize(
    ("flags", "current", "expected"),
    [
        pytest.param("YYYNN", 1, [2, 3, 4], id="EX-LARGE-1"),
        pytest.param("YYYNN", 2, [3, 4], id="EX-LARGE-2"),
        pytest.param("YYYNN", 3, [], id="EX-LARGE-3"),
        pytest.param("YYNN", 1, [2, 3], id="EX-SMALL-1"),
        pytest.param("YYNN", 2, [], id="EX-SMALL-2"),
        pytest.param("YNNNYYN", 1, [], id="FIRSTLARGE-1"),
        pytest.param("YNNNYYN", 2, [], id="FIRSTLARGE-2"),
        pytest.param("YNNNYYN", 3, [], id="FIRSTLARGE-3"),
        pytest.param("YNNNYYN", 4, [5, 6, 7], id="FIRSTLARGE-4"),
        pytest.param("YNNNYYN", 5, [6, 7], id="FIRSTLARGE-5"),
        pytest.param("YNNNYYN", 6, [], id="FIRSTLARGE-6"),
        pytest.param("NNYNN", 1, [], id="FIRSTSMALL-1"),
        pytest.param("NNYNN", 2, [3, 4], id="FIRSTSMALL-2"),
        pytest.param("NNYNN", 3, [], id="FIRSTSMALL-3"),
        pytest.param("NNYNN", 4, [], id="FIRSTSMALL-4"),
        # Decisions: one target is enough, where the next stage allows skipping.
        pytest.param("NY", 1, [2], id="last-stage"),
        pytest.param("NYY", 1, [2, 3], id="to-the-end"),
    ],
)
def test_skip_in_the_demo_cycles_5_4(flags: str, current: int, expected: list[int]) -> None:
    assert reached(Move.SKIP, flagged(flags), current) == expected


CYCLES = st.dictionaries(st.integers(1, 99), st.booleans(), min_size=1, max_size=9).map(
    lambda flags: tuple(
        Stage(number, "", 0, 0, allow_skip=flag) for number, flag in sorted(flags.items())
    )
)


@given(CYCLES, st.data())
def test_skip_the_other_way_round(stages: tuple[Stage, ...], data: st.DataObject) -> None:
    """5.4: reachable is what has only stages that allow skipping before it, and the next one does.

    Asked of every stage by itself, nothing is collected on the way.
    """
    place = data.draw(st.integers(0, len(stages) - 1))
    later = stages[place + 1 :]
    expected = [
        stage.number
        for count, stage in enumerate(later)
        if later[0].allow_skip and all(between.allow_skip for between in later[:count])
    ]
    assert reached(Move.SKIP, stages, stages[place].number) == expected


@given(CYCLES, st.data())
def test_no_move_reaches_where_another_one_must(
    stages: tuple[Stage, ...], data: st.DataObject
) -> None:
    """Previous and jump lead down, next and skip up, the nearest first; update stays."""
    numbers = [stage.number for stage in stages]
    place = data.draw(st.integers(0, len(stages) - 1))
    found = {move: reached(move, stages, numbers[place]) for move in Move}
    assert found[Move.JUMP] == numbers[:place][::-1]
    assert found[Move.PREVIOUS] == found[Move.JUMP][:1]
    assert found[Move.NEXT] == numbers[place + 1 : place + 2]
    assert found[Move.SKIP] == numbers[place + 1 : place + 1 + len(found[Move.SKIP])]
    assert found[Move.UPDATE] == [numbers[place]]
    assert found[Move.START] == []


@pytest.mark.parametrize(
    ("current", "target", "expected"),
    [
        pytest.param(20, 20, Action.UPDATED, id="DX-16"),
        pytest.param(10, 20, Action.NEXT, id="DX-11"),
        pytest.param(20, 10, Action.PREVIOUS, id="DX-13"),
        pytest.param(40, 50, Action.NEXT, id="one-up"),
        pytest.param(50, 40, Action.PREVIOUS, id="one-down"),
        pytest.param(10, 30, Action.JUMPED, id="DX-10"),
        pytest.param(40, 10, Action.JUMPED, id="DX-14"),
        pytest.param(30, 10, Action.JUMPED, id="two-down"),
        pytest.param(10, 50, Action.JUMPED, id="to-the-end"),
    ],
)
def test_the_action_follows_from_the_step_made(current: int, target: int, expected: Action) -> None:
    assert action_of(T1.stages, current, target) is expected


@pytest.mark.parametrize(("number", "name"), [(10, "Lead in"), (50, "Contract")])
def test_a_stage_is_found_by_its_number(number: int, name: str) -> None:
    found = T1.stage(number)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize("number", [None, 0, 1, 11, 60])
def test_a_number_without_a_stage(number: int | None) -> None:
    assert T1.stage(number) is None
