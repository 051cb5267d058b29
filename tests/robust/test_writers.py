"""Processes that write at the same time; the long run is ``python -m tests.crash --writers 16``."""

from __future__ import annotations

from pathlib import Path

from tests.robust import writers


def test_sixteen_writers_lose_no_update(tmp_path: Path) -> None:
    assert writers.write_at_once(tmp_path / "leads.db", 16) == []


def test_writers_that_are_killed_take_nothing_of_others_along(tmp_path: Path) -> None:
    assert writers.write_at_once(tmp_path / "leads.db", 8, kills=3) == []


def test_readers_see_all_of_a_bulk_write_or_nothing(tmp_path: Path) -> None:
    wrong, reads = writers.read_while_writing(tmp_path / "leads.db", 3_000)
    assert wrong == []
    assert reads > 10


def test_short_commands_are_told_that_a_long_one_writes(tmp_path: Path) -> None:
    wrong, busy = writers.hold_up(tmp_path / "leads.db", 20_000, 6)
    assert wrong == []
    assert busy >= 1


def test_two_clean_ups_at_once_delete_once(tmp_path: Path) -> None:
    assert writers.delete_twice(tmp_path / "leads.db", 200) == []
