"""Drive every verb with hostile words, files and streams: ``python -m tests.fuzz --tries 20000``.
``--flips 5000`` runs commands on files of which a few bytes are other than they were.

The command lines are made by Hypothesis from the tree of commands (``tests/robust/hostile.py``),
and what must hold after each is in ``tests/robust/world.py``. All findings are listed, each kind
once; the exit code is 1 when there is one.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import resource
import sys
import time
from collections import Counter

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.robust.damage import flip
from tests.robust.hostile import Attempt, attempts, verbs
from tests.robust.world import Finding, World

MEMORY = 4 << 30


def run(tries: int, number: int) -> int:
    """Try, and print what was found; returns how many kinds of findings there are."""
    began = time.monotonic()
    exits: Counter[int] = Counter()
    tried: Counter[tuple[str, ...]] = Counter()
    findings: dict[str, tuple[Attempt, str]] = {}

    with World() as world, contextlib.chdir(world.home):

        @seed(number)
        @settings(
            max_examples=tries,
            phases=[Phase.generate],
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(attempts())
        def drive(lines: list[Attempt]) -> None:
            world.reset()
            os.chdir(world.home)
            for line in lines:
                if exits.total() + len(findings) >= tries:
                    return
                tried[line.words[: 1 + (line.words[:2] in verbs())]] += 1
                try:
                    exits[world.run(line)[0]] += 1
                except Finding as finding:
                    kind = re.sub(r"0x[0-9a-f]+|\d+|'[^']*'", "_", str(finding)[-400:])
                    if findings.setdefault(kind, (line, str(finding)))[0] is line:
                        print(f"{line!a:.3000}\n{finding!s:.2000}\n", flush=True)
                    world.reset()
                    os.chdir(world.home)

        drive()
        os.chdir("/")
    ended = ", ".join(f"exit {code}: {count}" for code, count in sorted(exits.items()))
    print(
        f"{tried.total()} tries of {len(tried)} verbs with seed {number} in "
        f"{time.monotonic() - began:.0f} s; {ended}; {len(findings)} findings"
    )
    never = sorted(" ".join(name) for name in verbs() if name not in tried)
    if never:
        print("never tried:", ", ".join(never))
    return len(findings)


def main() -> int:
    """Read the options and run."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--tries", type=int, default=20_000)
    parser.add_argument("--flips", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    for name in [name for name in os.environ if name.startswith("LEADCTL_")]:
        del os.environ[name]
    os.environ["XDG_CONFIG_HOME"] = os.devnull
    # What takes all the memory there is fails, before the machine does.
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    found = run(chosen.tries, chosen.seed) if chosen.tries else 0
    if chosen.flips:
        ended, findings = flip(chosen.flips, chosen.seed)
        print(*findings, sep="\n")
        told = ", ".join(f"exit {code}: {count}" for code, count in sorted(ended.items()))
        print(f"{chosen.flips} damaged files: {told}; {len(findings)} findings")
        found += len(findings)
    return min(1, found)


if __name__ == "__main__":
    sys.exit(main())
