"""Every verb with hostile words, files and streams; the long run is ``python -m tests.fuzz``."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.robust.hostile import Attempt, attempts, verbs
from tests.robust.world import World


@pytest.fixture(scope="module")
def world():
    with World() as made:
        yield made


def test_all_verbs_are_tried() -> None:
    assert {("company", "list"), ("init",), ("db", "check")} <= set(verbs())
    assert len(verbs()) > 130


@settings(
    max_examples=80,
    phases=[Phase.generate, Phase.shrink],
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(lines=attempts())
def test_hostile_input_is_never_more_than_an_error(world: World, lines: list[Attempt]) -> None:
    here = Path.cwd()
    world.reset()
    os.chdir(world.home)
    try:
        for line in lines:
            world.run(line)
    finally:
        os.chdir(here)
