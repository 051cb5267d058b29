"""Kill real processes of leadctl at random moments, and look at what they leave behind."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from tests.robust.scenarios import (
    PEOPLE,
    SCENARIOS,
    TODAY,
    Rows,
    Scenario,
    faults,
    make_base,
    state,
)

# When to kill: at any moment of the run; around the commit, which is when the -wal (or the draft of
# a new file) grows; as soon as the report is printed.
MOMENTS = ("any", "commit", "report")
AFTER_THE_FIRST_BYTE = (0.0, 0.002, 0.01)
PATIENCE = 60.0


class Known(NamedTuple):
    """What a scenario comes to when nobody kills it: after each of its commands, and how long the
    last one takes.
    """

    states: list[Rows]
    seconds: float


class Killed(NamedTuple):
    """What became of one process."""

    acknowledged: bool
    ended: bool
    died_in: str


class Crash(AssertionError):
    """A kill has broken a promise."""


class Killer:
    """A folder with the files of the scenarios."""

    def __init__(self, seed: int, people: int) -> None:
        self._random = random.Random(seed)
        self._folder = tempfile.TemporaryDirectory(prefix="leadctl-crash-")
        self.home = Path(self._folder.name)
        self._base = make_base(self.home, people)
        self._known: dict[str, Known] = {}
        self.counts: Counter[str] = Counter()

    def __enter__(self) -> Killer:
        return self

    def __exit__(self, *problem: object) -> None:
        self._folder.cleanup()

    def _command(self, path: Path, words: tuple[str, ...]) -> list[str]:
        words = tuple(word.replace("{folder}", str(path.parent)) for word in words)
        whole = ["--db", str(path), "--as", "tester", "--today", TODAY, "--lock-wait", "20"]
        return [sys.executable, "-m", "leadctl", *whole, *words]

    @contextmanager
    def _file(self, scenario: Scenario) -> Iterator[Path]:
        with tempfile.TemporaryDirectory(dir=self.home) as folder:
            path = Path(folder) / "leads.db"
            shutil.copyfile(self._base, path)
            scenario.prepare(path)
            yield path

    def _to_the_end(self, path: Path, words: tuple[str, ...]) -> float:
        began = time.monotonic()
        ran = subprocess.run(
            self._command(path, words), cwd=self.home, capture_output=True, text=True, check=False
        )
        if ran.returncode != 0:
            raise Crash(f"{words} ended with {ran.returncode}: {ran.stderr}")
        return time.monotonic() - began

    def known(self, scenario: Scenario) -> Known:
        """What the scenario comes to; found out once."""
        if scenario.name not in self._known:
            with self._file(scenario) as path:
                states, seconds = [state(path, *scenario.others)], 0.0
                for words in scenario.commands:
                    seconds = self._to_the_end(path, words)
                    states.append(state(path, *scenario.others))
            self._known[scenario.name] = Known(states, seconds)
        return self._known[scenario.name]

    def kill_one(self, scenario: Scenario) -> None:
        """Run a scenario, kill one of its commands, and check the file. Raises Crash."""
        known = self.known(scenario)
        victim = self._random.randrange(len(scenario.commands))
        moment = self._random.choice(MOMENTS)
        with self._file(scenario) as path:
            for words in scenario.commands[:victim]:
                self._to_the_end(path, words)
            words = scenario.commands[victim]
            killed = self._kill(path, words, moment, known.seconds)
            before, after = known.states[victim : victim + 2]
            left = _size(path.with_name(path.name + "-wal")) > 0
            what = f"{scenario.name}, killed in {killed.died_in}, {killed}"
            if path.exists() and (found := faults(path)):
                raise Crash(f"{what}: {found}")
            now = state(path, *scenario.others)
            if killed.acknowledged and now != after:
                raise Crash(f"{what}: an acknowledged command is gone{_differing(after, now)}")
            if not scenario.allows(before, now, after):
                raise Crash(
                    f"{what}: half of a command is there{_differing(before, now)}"
                    f", and compared with the whole{_differing(after, now)}"
                )
            self.counts[f"{moment}: {'ended first' if killed.ended else 'killed'}"] += 1
            self.counts["-wal left behind"] += left
            self.counts["acknowledged"] += killed.acknowledged
            self.counts["done" if now == after else "not done"] += 1
            if now == before or (scenario.resumes and now != after):
                # Nothing that was left behind stands in the way of doing it again.
                self._to_the_end(path, words)
                if (again := state(path, *scenario.others)) != after:
                    raise Crash(f"{what}: doing it again differs{_differing(after, again)}")

    def _kill(self, path: Path, words: tuple[str, ...], moment: str, seconds: float) -> Killed:
        process = subprocess.Popen(
            self._command(path, words),
            cwd=self.home,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        with process:
            assert process.stdout is not None
            printed = ""
            if moment == "any":
                time.sleep(self._random.uniform(0, seconds * 1.2))
            elif moment == "commit":
                self._wait_for_writing(path, process)
                time.sleep(self._random.uniform(0, self._random.choice(AFTER_THE_FIRST_BYTE)))
            else:
                printed = process.stdout.readline()
            process.kill()
            printed += process.stdout.read()
            code = process.wait()
        whole = printed.endswith("\n") and words[0] != "init"
        return Killed(code == 0 or whole, code == 0, moment)

    def _wait_for_writing(self, path: Path, process: subprocess.Popen[str]) -> None:
        """Until the first byte of a commit, or of a new file, is written."""
        log = path.with_name(path.name + "-wal")
        until = time.monotonic() + PATIENCE
        while process.poll() is None and time.monotonic() < until:
            drafts = path.parent.glob(f".*.{process.pid}.new")
            if any(_size(file) for file in (log, *drafts)):
                return
            time.sleep(0)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _differing(one: Rows, other: Rows) -> str:
    names = sorted(name for name in {*one, *other} if one.get(name) != other.get(name))
    parts = []
    for name in names:
        pairs = zip_longest(one.get(name, ""), other.get(name, ""))
        place = next((place for place, (a, b) in enumerate(pairs) if a != b), 0)
        near = slice(max(0, place - 40), place + 80)
        parts.append(f"\n  {name}: {one.get(name, '')[near]!r} / {other.get(name, '')[near]!r}")
    return "".join(parts)


def kill(
    kills: int, seed: int, people: int = PEOPLE, names: Sequence[str] = ()
) -> tuple[Counter[str], list[str]]:
    """Kill so many processes, scenario by scenario, all or those named; returns figures and what
    was found.
    """
    findings = []
    chosen = [scenario for scenario in SCENARIOS if not names or scenario.name in names]
    with Killer(seed, people) as killer:
        for number in range(kills):
            try:
                killer.kill_one(chosen[number % len(chosen)])
            except Crash as problem:
                findings.append(str(problem))
        return killer.counts, findings
