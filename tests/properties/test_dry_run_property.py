"""A dry run tells what the real run would, and leaves every byte of the data alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.properties.worlds import CHANGES, UNDO, Op, World, modest

OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "max_changes": st.integers(0, 3),
        "expect": st.tuples(st.integers(0, 2), st.integers(2, 9)),
        "reason": st.just("because"),
    },
)


@modest(100)
@given(st.lists(st.tuples(CHANGES | CHANGES | UNDO, OPTIONS), min_size=1, max_size=8))
def test_a_dry_run_is_the_real_run_without_its_effect(ops: list[tuple[Op, dict]]) -> None:
    with World() as world:
        for op, options in ops:
            world.pass_days(op.days)
            before = world.dump(log=True)
            dry = world.perform(op, dry_run=True, **options)
            assert world.dump(log=True) == before
            real = world.perform(op, **options)
            assert dry.change is None
            assert dry._replace(change=real.change) == real
            if real.change is None:
                assert world.dump(log=True) == before
