"""Pruning and erasing, whatever has happened before and whatever is undone afterwards."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadctl import LeadctlError
from leadctl.store.erasing import BLANK, PERSONAL
from tests.properties.worlds import CHANGES, UNDO, Op, World, modest

_OLD = ", ".join(f"'{field}'" for field in PERSONAL)


def is_sound(world: World) -> bool:
    """Whether all rules hold."""
    return [one for one in world.crm.db.check() if not one.ok] == []


def data_of(world: World, id: int) -> list[tuple[object, ...]]:
    """What a file still has of a person, beside what figures need."""
    names = ", ".join(name for name in PERSONAL if name != "last_name")
    return [
        row
        for row in world.crm.engine.query(
            f"SELECT {names}, nullif(last_name, '{BLANK}') FROM person WHERE id = :id UNION ALL"
            f" SELECT old, new, field{', NULL' * (len(PERSONAL) - 3)} FROM history"
            " WHERE entity = 'person' AND entity_id = :id"
            f" AND (field IN ({_OLD}) AND (old IS NOT NULL OR new IS NOT NULL)"
            f" OR field IS NULL AND old ->> 'last_name' <> '{BLANK}')",
            id=id,
        )
        if any(cell is not None for cell in row)
    ]


@modest(40)
@given(st.lists(CHANGES | UNDO, max_size=6), st.integers(1, 10), st.lists(UNDO, max_size=8))
def test_an_erased_person_stays_erased(ops: list[Op], id: int, undos: list[Op]) -> None:
    with World() as world:
        for op in ops:
            world.perform(op)
        known = world.crm.engine.query(
            "SELECT id FROM person UNION SELECT entity_id FROM history WHERE entity = 'person'"
        )
        if (id,) not in known:
            with pytest.raises(LeadctlError):
                world.crm.people.erase(id)
            return
        world.crm.people.erase(id)
        assert data_of(world, id) == []
        assert is_sound(world)
        for undo in undos:
            world.perform(undo)
            assert data_of(world, id) == []
        assert is_sound(world)


@modest(40)
@given(st.lists(CHANGES | UNDO, max_size=6), st.lists(CHANGES | UNDO, max_size=6))
def test_a_pruned_file_goes_on(before: list[Op], after: list[Op]) -> None:
    with World() as world:
        for op in before:
            world.perform(op)
        world.crm.clock = world.clock
        tables = world.dump()
        world.pass_days(400)
        pruned = world.crm.db.prune("1d").change
        assert world.dump() == tables
        assert world.undo(pruned).code == "change_purged"
        for op in after:
            world.perform(op)
        assert is_sound(world)
