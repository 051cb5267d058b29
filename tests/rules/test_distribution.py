"""The turn order of the round robin (DI-2): tables, and what must hold for any of them."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadctl.rules.distribution import taker, turn_order


@pytest.mark.parametrize(
    ("targets", "last", "away", "expected"),
    [
        ((), None, (), ()),
        ((1,), None, (), (1,)),
        ((1,), 1, (), (1,)),
        ((1, 2, 3), None, (), (1, 2, 3)),
        ((3, 1, 2), None, (), (3, 1, 2)),
        ((1, 2, 3), 1, (), (2, 3, 1)),
        ((1, 2, 3), 3, (), (1, 2, 3)),
        ((3, 1, 2), 1, (), (2, 3, 1)),
        ((1, 2, 3), 1, (2,), (3, 1)),
        ((1, 2, 3), 1, (1,), (2, 3)),
        ((1, 2, 3), 1, (2, 3), (1,)),
        ((1, 2, 3), 1, (1, 2, 3), ()),
        # Who was served last has left the group, or is deleted.
        ((1, 3, 5), 4, (), (5, 1, 3)),
        ((1, 3, 5), 9, (), (1, 3, 5)),
        ((2, 3), 1, (), (2, 3)),
        ((1, 3, 5), 4, (5,), (1, 3)),
    ],
)
def test_turn_order(targets, last, away, expected) -> None:
    assert turn_order(targets, last, away) == expected


@pytest.mark.parametrize(("turn", "expected"), [(0, 7), (1, 8), (2, 7), (101, 8)])
def test_taker(turn: int, expected: int) -> None:
    assert taker((7, 8), turn) == expected


USERS = range(1, 7)
# A batch of so many leads, or a user who goes away or comes back.
STEPS = st.lists(st.one_of(st.integers(0, 5), st.sampled_from([-user for user in USERS])))


def serve(targets: list[int], last: int | None, away: set[int], count: int) -> list[int]:
    """Who is served by one batch."""
    order = turn_order(targets, last, away)
    return [taker(order, turn) for turn in range(count)] if order else []


@given(st.permutations(USERS).flatmap(lambda users: st.just(list(users[:4]))), STEPS)
def test_it_is_even_whatever_the_batches_and_absences(targets: list[int], steps) -> None:
    last: int | None = None
    away: set[int] = set()
    ever_away: set[int] = set()
    total: Counter[int] = Counter()
    since: Counter[int] = Counter()
    for step in steps:
        if step < 0:
            away ^= {-step}
            ever_away |= {-step}
            since = Counter()
            continue
        served = serve(targets, last, away, step)
        available = [user for user in targets if user not in away]
        assert len(served) == (step if available else 0)
        for user in served:
            assert user in available
            # Nobody gets two in a row while somebody else is free.
            assert user != last or available == [user]
            last = user
        total.update(served)
        since.update(served)
        # Even between any two changes of who is there, and for who is there all the time.
        for counts, users in (
            (since, available),
            (total, [user for user in targets if user not in ever_away]),
        ):
            numbers = [counts[user] for user in users] or [0]
            assert max(numbers) - min(numbers) <= 1


@given(st.lists(st.sampled_from(USERS), unique=True, min_size=1), st.integers(0, 30))
def test_batches_of_one_serve_as_one_batch_does(targets: list[int], count: int) -> None:
    last: int | None = None
    one_by_one: list[int] = []
    for _ in range(count):
        one_by_one += serve(targets, last, set(), 1)
        last = one_by_one[-1]
    assert one_by_one == serve(targets, None, set(), count)


@given(st.sets(st.sampled_from(USERS), min_size=2), st.sampled_from(USERS), st.integers(1, 12))
def test_a_group_goes_on_at_the_same_place_when_the_one_served_last_leaves(
    group: set[int], leaver: int, count: int
) -> None:
    members = sorted(group | {leaver})
    rest = sorted(group - {leaver})
    expected = [user for user in turn_order(members, leaver, set()) if user != leaver]
    assert list(turn_order(rest, leaver, set())) == expected
    assert serve(rest, leaver, set(), count) == [taker(expected, turn) for turn in range(count)]
