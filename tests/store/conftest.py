"""The same commands on both engines."""

from __future__ import annotations

from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

import pytest

from leadctl import init
from leadctl.core.clock import Clock
from tests.conftest import ENGINES, Cli, Ran

TODAY = "2026-03-02"


class Pair(NamedTuple):
    """The command line on both engines."""

    clis: tuple[Cli, Cli]

    def __call__(self, *words: object, code: int | None = None) -> Ran:
        """Run a command on both, which must print the same and end the same."""
        first, second = (_masked(cli, cli(*words, code=None)) for cli in self.clis)
        same(words, first, second)
        if code is not None:
            assert first.code == code, (words, first)
        return first

    def json(self, *words: object, code: int | None = None) -> Ran:
        """The same with -f json."""
        return self(*words, "-f", "json", code=code)


def same(words: object, first: Ran, second: Ran) -> None:
    """Both have ended the same; the first line that differs is told."""
    assert (words, first.code, first.err) == (words, second.code, second.err)
    if first.out != second.out:
        pairs = zip_longest(first.out.splitlines(), second.out.splitlines())
        pytest.fail(f"{words}: {next(pair for pair in pairs if pair[0] != pair[1])}")


def _masked(cli: Cli, ran: Ran) -> Ran:
    return Ran(ran.code, ran.out, ran.err.replace(str(cli.path), "DATABASE"))


@pytest.fixture
def both(request, tmp_path: Path, monkeypatch, capsys) -> Pair:
    """An empty database of each, on which the clock stands still."""
    monkeypatch.setattr(Clock, "now", lambda self: f"{TODAY}T10:00:00Z")
    monkeypatch.setenv("LEADCTL_TODAY", TODAY)
    monkeypatch.setenv("LEADCTL_USER", "tester")
    server = request.getfixturevalue("fresh_address")
    places = dict(zip(ENGINES, (tmp_path / "leads.db", server), strict=True))
    for place in places.values():
        init(place)
    return Pair(tuple(Cli(place, capsys) for place in places.values()))
