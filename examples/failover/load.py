"""Workers that run leadctl commands in a loop, and what became of every one of them."""

from __future__ import annotations

import csv
import json
import subprocess
import threading
import time
from collections import Counter
from typing import NamedTuple

TRY_AGAIN = 75  # nothing was changed: the database was not there, or busy
HUNG = -999


class Attempt(NamedTuple):
    """One run of a command; times are seconds of the monotonic clock."""

    name: str
    started: float
    ended: float
    code: int
    said: str


class Load:
    """People are added, each with a name of its own; who was not is tried again."""

    def __init__(self, leadctl: list[str], workers: int) -> None:
        self.leadctl = leadctl
        self.attempts: list[Attempt] = []
        self.stopped = threading.Event()
        self.threads = [
            threading.Thread(target=self.work, args=(number,), daemon=True)
            for number in range(1, workers + 1)
        ]

    def start(self) -> None:
        """Let all workers begin."""
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        """Let every worker finish no more than the command that it is at."""
        self.stopped.set()

    def wait(self) -> None:
        """Wait until all have."""
        for thread in self.threads:
            thread.join()

    def work(self, worker: int) -> None:
        """Add one person after the other. Only exit code 75 allows to try the same once more."""
        number = 1
        while not self.stopped.is_set():
            if self.add(f"W{worker}-{number:06}") == TRY_AGAIN:
                self.stopped.wait(0.2)
            else:
                number += 1

    def add(self, name: str) -> int:
        """Run the command once; returns its exit code."""
        started = time.monotonic()
        code, _, said = self.run("person", "add", "--last-name", name, "-f", "json")
        self.attempts.append(Attempt(name, started, time.monotonic(), code, said.strip()))
        return code

    def run(self, *words: str) -> tuple[int, str, str]:
        """Run leadctl; returns its exit code and what it wrote to both outputs."""
        try:
            ran = subprocess.run(
                [*self.leadctl, *words], capture_output=True, text=True, check=False, timeout=120
            )
        except subprocess.TimeoutExpired:
            return HUNG, "", "no end after 120 s"
        return ran.returncode, ran.stdout, ran.stderr

    def insist(self, *words: str, seconds: float = 60) -> str:
        """Run leadctl until it says something else than "try again"; returns what it printed."""
        until = time.monotonic() + seconds
        while True:
            code, printed, said = self.run(*words)
            if code == 0:
                return printed
            if code != TRY_AGAIN or time.monotonic() > until:
                raise RuntimeError(f"leadctl {' '.join(words)}: exit code {code}: {said}")
            time.sleep(0.5)

    def stored(self) -> Counter[str]:
        """How many people there are of each name."""
        printed = self.insist("person", "list", "--fields", "last_name", "-f", "csv")
        return Counter(row["last_name"] for row in csv.DictReader(printed.splitlines()))

    def acknowledged(self, since: float = 0) -> list[Attempt]:
        """The attempts with exit code 0, of those that began later than that."""
        return [it for it in self.attempts if it.code == 0 and it.started > since]

    def first_success(self, since: float, seconds: float = 120) -> float:
        """Wait for a command that began later than that and worked; returns when it ended."""
        until = time.monotonic() + seconds
        while not (found := self.acknowledged(since)):
            if time.monotonic() > until:
                raise TimeoutError(f"no command has worked for {seconds} s: {self.attempts[-1:]}")
            time.sleep(0.05)
        return min(it.ended for it in found)


def judge(attempts: list[Attempt], stored: Counter[str]) -> dict[str, list[str]]:
    """What was promised and not kept: names by what is wrong with them."""
    last = {it.name: it for it in attempts}
    done = {it.name for it in attempts if it.code == 0}
    return {
        "lost": [name for name in last if name in done and not stored[name]],
        "doubled": [name for name in stored if stored[name] > 1],
        "there although 75 said no": [
            it.name for it in last.values() if it.code == TRY_AGAIN and stored[it.name]
        ],
        "there and never asked for": [name for name in stored if name not in last],
        "other exit codes": [
            f"{it.name}: {it.code} {it.said}" for it in attempts if it.code not in {0, TRY_AGAIN}
        ],
    }


def reasons(attempts: list[Attempt]) -> Counter[str]:
    """How often each error code stands behind exit code 75."""
    return Counter(reason(it.said) for it in attempts if it.code == TRY_AGAIN)


def reason(said: str) -> str:
    """The error code in what leadctl wrote to stderr."""
    try:
        return json.loads(said.splitlines()[-1])["error"]["code"]
    except (IndexError, KeyError, TypeError, ValueError):
        return said[:80]
