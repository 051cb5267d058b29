"""How the example of a failover counts; the cluster itself wants root, Debian and minutes."""

from __future__ import annotations

import sys
from collections import Counter
from importlib.util import module_from_spec, spec_from_file_location
from typing import TYPE_CHECKING

import pytest

from tests.console import ROOT

if TYPE_CHECKING:
    from pathlib import Path

SPEC = spec_from_file_location("failover_load", ROOT / "examples" / "failover" / "load.py")
assert SPEC is not None
assert SPEC.loader is not None
load = module_from_spec(SPEC)
SPEC.loader.exec_module(load)

FAKE = """
import json, pathlib, sys
calls = pathlib.Path({calls!r})
words = sys.argv[1:]
with calls.open("a") as file:
    print(*words, file=file)
said = len(calls.read_text().splitlines())
if said == 1:
    print(json.dumps({{"error": {{"code": "unavailable"}}}}), file=sys.stderr)
    sys.exit(75)
"""


def attempts(*codes: tuple[str, int]) -> list[object]:
    return [load.Attempt(name, 0.0, 1.0, code, "") for name, code in codes]


@pytest.mark.parametrize(
    ("tried", "stored", "wrong"),
    [
        ([("A", 0)], {"A": 1}, {}),
        ([("A", 75), ("A", 0)], {"A": 1}, {}),
        ([("A", 0), ("B", 75)], {"A": 1}, {}),
        ([("A", 0)], {}, {"lost": ["A"]}),
        ([("A", 75), ("A", 0)], {"A": 2}, {"doubled": ["A"]}),
        ([("A", 75)], {"A": 1}, {"there although 75 said no": ["A"]}),
        ([("A", 0)], {"A": 1, "Z": 1}, {"there and never asked for": ["Z"]}),
        ([("A", 10)], {"A": 1}, {"other exit codes": ["A: 10 "]}),
    ],
)
def test_judge(
    tried: list[tuple[str, int]], stored: dict[str, int], wrong: dict[str, list[str]]
) -> None:
    found = load.judge(attempts(*tried), Counter(stored))
    assert {title: names for title, names in found.items() if names} == wrong


def test_only_75_is_tried_again(tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    work = load.Load([sys.executable, "-c", FAKE.format(calls=str(calls))], 1)
    work.start()
    ended = work.first_success(0)
    work.stop()
    work.wait()
    first, second, *more = work.attempts
    assert (first.name, first.code) == ("W1-000001", 75)
    assert (second.name, second.code, second.ended) == ("W1-000001", 0, ended)
    assert [it.name for it in more] == [f"W1-{i:06}" for i in range(2, len(more) + 2)]
    assert load.reasons(work.attempts) == {"unavailable": 1}
    assert calls.read_text().splitlines()[:2] == ["person add --last-name W1-000001 -f json"] * 2
