"""Kill leadctl while it writes, and let many write at once.

``python -m tests.crash --kills 300 --seed 1`` kills real processes at random moments (what is done
meanwhile is a table in ``tests/robust/scenarios.py``); ``--writers 16 --rounds 5`` lets processes
write at the same time (``tests/robust/writers.py``). The exit code is 1 when something was found.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from tests.robust.killing import kill
from tests.robust.writers import rounds


def main() -> int:
    """Read the options and run."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--writers", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    for name in [name for name in os.environ if name.startswith("LEADCTL_")]:
        del os.environ[name]
    os.environ["XDG_CONFIG_HOME"] = os.devnull
    began = time.monotonic()
    findings: list[str] = []
    if chosen.kills:
        counts, findings = kill(chosen.kills, chosen.seed)
        figures = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
        print(f"{chosen.kills} kills with seed {chosen.seed}: {figures}")
    if chosen.writers:
        with tempfile.TemporaryDirectory(prefix="leadctl-writers-") as folder:
            figures, wrong = rounds(Path(folder), chosen.writers, chosen.rounds, chosen.seed)
        print(figures)
        findings += wrong
    for finding in findings:
        print(finding)
    print(f"{len(findings)} findings in {time.monotonic() - began:.0f} s")
    return min(1, len(findings))


if __name__ == "__main__":
    sys.exit(main())
