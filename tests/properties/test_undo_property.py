"""Undo gives back what was there, to the letter; undoing that does it again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.properties.worlds import CHANGES, INSTANTS, UNDO, Op, World, modest

# What an undo may say no with, when something stands in its way.
OBSTACLES = ("changed_since", "partial", "not_found")


def make(world: World, op: Op) -> int | None:
    """Make a change; returns its number, if it was committed."""
    world.pass_days(op.days)
    outcome = world.perform(op)
    assert outcome.exit in (0, 2, 3, 4, 5), outcome
    return outcome.change


def take_back(world: World, change: int) -> int:
    """Undo the newest change, which nothing stands in the way of; returns the undo's number."""
    outcome = world.undo(change)
    assert outcome.exit == 0, outcome
    assert outcome.change is not None
    return outcome.change


@modest(60)
@given(st.lists(CHANGES, min_size=1, max_size=6))
def test_each_change_can_be_undone_and_redone(ops: list[Op]) -> None:
    with World() as world:
        for op in ops:
            before = world.dump()
            change = make(world, op)
            after = world.dump()
            if change is None:
                assert after == before
                continue
            assert after != before
            world.pass_days(1)
            undo = take_back(world, change)
            assert world.dump() == before
            redo = take_back(world, undo)
            done = world.dump(without=INSTANTS)
            assert done == {
                table: [{k: v for k, v in row.items() if k not in INSTANTS} for row in rows]
                for table, rows in after.items()
            }
            # And once more: an undo of an undo is a change like any other.
            take_back(world, redo)
            take_back(world, world.newest_change())
            assert world.dump(without=INSTANTS) == done


@modest(60)
@given(st.lists(CHANGES, min_size=2, max_size=10))
def test_undoing_newest_first_leads_back_to_the_start(ops: list[Op]) -> None:
    with World() as world:
        dumps = [world.dump()]
        changes = []
        for op in ops:
            change = make(world, op)
            if change is not None:
                changes.append(change)
                dumps.append(world.dump())
        while changes:
            assert world.dump() == dumps.pop()
            take_back(world, changes.pop())
        assert world.dump() == dumps.pop()


@modest(60)
@given(st.lists(CHANGES | UNDO, min_size=2, max_size=10))
def test_undoing_undos_newest_first_too(ops: list[Op]) -> None:
    with World() as world:
        start = world.dump(without=INSTANTS)
        changes = [change for op in ops if (change := make(world, op)) is not None]
        for change in reversed(changes):
            take_back(world, change)
        assert world.dump(without=INSTANTS) == start


@modest(80)
@given(st.lists(CHANGES, min_size=2, max_size=8), st.lists(UNDO, min_size=1, max_size=3))
def test_undoing_in_any_order_is_done_or_refused(ops: list[Op], undos: list[Op]) -> None:
    with World() as world:
        for op in ops:
            make(world, op)
        for undo in undos:
            before = world.dump()
            outcome = world.perform(undo)
            assert outcome.code in ("", *OBSTACLES), outcome
            if outcome.change is None:
                assert world.dump() == before
                continue
            reverted(world, outcome.change)
            take_back(world, outcome.change)
            plain = [
                {k: v for k, v in row.items() if k not in INSTANTS} for row in before["person"]
            ]
            assert world.dump(without=INSTANTS)["person"] == plain


def reverted(world: World, undo: int) -> None:
    """What an undo wrote are the first old values of the change that it took back."""
    old = {}
    for row in world.crm.changes.show(world.crm.changes.show(undo)["undoes"])["history"]:
        old.setdefault((row["entity"], row["entity_id"], row["field"]), row["old"])
    for row in world.crm.changes.show(undo)["history"]:
        if row["field"] is not None:
            assert row["new"] == old[row["entity"], row["entity_id"], row["field"]], row


# Changes that get in each other's way, each on the same few records.
PEOPLE = [
    Op("people", "move", {"ids": [5, 6], "company": "none"}),
    Op("people", "move", {"ids": [5, 6, 9], "company": 1}),
    Op("people", "move", {"ids": [8], "company": 3}),
    Op("people", "edit", {"ids": [6, 9], "category": "lead"}, keep_going=True),
    Op("people", "edit", {"ids": [6, 8], "owner": "u2"}, keep_going=True),
    Op("people", "edit", {"ids": [6], "company": "none", "category": "mql", "owner": "none"}),
    Op("people", "edit", {"ids": [6, 9], "first_name": ""}, keep_going=True),
    Op("people", "edit", {"ids": [6, 9], "last_name": "New"}),
    Op("people", "edit", {"ids": [6], "external_id": "e1"}),
    Op("people", "edit", {"ids": [9], "external_id": "e1"}),
    Op("people", "edit", {"ids": [6], "external_id": ""}),
    Op("people", "set_status", {"ids": [1, 6, 8], "status": "qualified"}),
    Op("people", "delete", {"ids": [6, 8]}),
    Op("people", "merge", {"source": 9, "into": 6}),
    Op("people", "add", {"last_name": "Another", "company": 3}),
    Op("companies", "set_category", {"ids": [1, 3], "category": "mql"}),
    Op("companies", "edit", {"ids": [1, 3], "owner": "u1"}),
    Op("companies", "delete", {"ids": [1, 3], "people": "keep"}),
    Op("companies", "delete", {"ids": [3], "people": "delete"}),
    Op("companies", "add", {"name": "Fifth"}),
    # The person and the company that the others have added.
    Op("people", "edit", {"ids": [10], "title": "Dr"}),
    Op("people", "move", {"ids": [9], "company": 5}),
]
LISTS = [
    Op("categories", "edit", {"key": "plain", "group": "potential_customer"}),
    Op("categories", "edit", {"key": "plain", "lead_status": True}),
    Op("categories", "edit", {"key": "prospect", "lead_status": True, "backfill": True}),
    Op("categories", "edit", {"key": "prospect", "group": "customer"}),
    Op("categories", "edit", {"key": "plain", "name": "Alpha"}),
    Op("categories", "edit", {"key": "prospect", "name": "SIMPLE"}),
    Op("categories", "add", {"name": "simple"}),
    Op("categories", "delete", {"key": "plain"}),
    Op("categories", "move", {"key": "plain", "before": "lead"}),
    Op("lead_statuses", "edit", {"key": "contacting", "default": True}),
    Op("lead_statuses", "edit", {"key": "contacting", "name": "Calling"}),
    Op("lead_statuses", "delete", {"key": "open"}),
    Op("lead_statuses", "delete", {"key": "open", "default": "qualified"}),
    Op("lead_statuses", "restore", {"key": "open"}),
    Op("users", "delete", {"key": "u3"}),
    Op("users", "edit", {"key": "u3", "name": "Robert"}),
    Op("users", "add", {"name": "BOB"}),
    Op("companies", "edit", {"ids": [2, 3], "owner": "u3", "category": "plain"}),
    Op("companies", "edit", {"ids": [3], "category": "prospect"}),
    Op("settings", "set", {"key": "lead_status.reentry", "value": "keep"}),
]
PAIRS = [(first, others) for others in (PEOPLE, LISTS) for first in others]


@pytest.mark.parametrize(("first", "others"), PAIRS)
def test_undoing_what_something_followed(first: Op, others: list[Op]) -> None:
    """What stands in the way is refused as ``changed_since``; what does not, does not matter."""
    for second in others:
        with World() as world:
            change, after = make(world, first), make(world, second)
            if change is None or after is None:
                continue
            before = world.dump()
            outcome = world.undo(change)
            allowed = ("changed_since",) if clash(world, change, after) else ("", "changed_since")
            assert outcome.code in allowed, (second, outcome)
            assert outcome.change is not None or world.dump() == before
            if outcome.change is not None:
                take_back(world, outcome.change)
            outcome = world.undo(change, keep_going=True)
            assert outcome.code in ("", "partial", "changed_since"), (second, outcome)
            free = records(world, change) - records(world, after)
            undone = records(world, outcome.change) if outcome.change else set()
            # Of lists, one record holds back the others; a company may be gone, or needed, by now.
            tied = first.verb == "add" or (second.noun, second.verb) == ("companies", "delete")
            if others is PEOPLE and not tied:
                assert undone >= free, (second, outcome)
            if outcome.change is not None:
                reverted(world, outcome.change)
                take_back(world, outcome.change)


def fields(world: World, change: int) -> set[tuple[str, int, str | None]]:
    """The fields that a change wrote; None stands for the record as a whole."""
    rows = world.crm.changes.show(change)["history"]
    return {(row["entity"], row["entity_id"], row["field"]) for row in rows}


def records(world: World, change: int) -> set[tuple[str, int]]:
    """The records that a change is about."""
    return {key[:2] for key in fields(world, change)}


def clash(world: World, change: int, after: int) -> bool:
    """Whether the later change wrote what the earlier one had written."""
    mine, theirs = fields(world, change), fields(world, after)
    wholes = {key[:2] for key in mine | theirs if key[2] is None}
    both = {key[:2] for key in mine} & {key[:2] for key in theirs}
    return bool(mine & theirs or wholes & both)
