#!/usr/bin/env python3
"""Kill the leader of a PostgreSQL cluster while leadctl writes, and count what is there.

    examples/failover/run.py

See README.md beside it.
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from cluster import USER, Cluster, adopt_orphans, clean_up, install
from load import TRY_AGAIN, Load, judge, reasons

ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Death(NamedTuple):
    """A leader's death, and when a command worked again; seconds of the monotonic clock."""

    node: str
    killed: float
    writing: float


def kill_the_leader(cluster: Cluster, load: Load) -> Death:
    """Kill the leader, wait for the next one, and let the dead node come back as a replica."""
    leader = cluster.wait()
    killed = time.monotonic()
    leader.kill()
    print(f"{leader.name} is dead", flush=True)
    death = Death(leader.name, killed, load.first_success(killed))
    print(f"writing again after {death.writing - killed:.1f} s", flush=True)
    leader.start(cluster.nodes)
    print(f"{cluster.wait().name} leads, {leader.name} is back", flush=True)
    return death


def report(load: Load, deaths: list[Death]) -> bool:
    """Print the figures; returns whether every promise was kept."""
    attempts = load.attempts
    wrong = judge(attempts, load.stored())
    done = {it.name for it in attempts if it.code == 0}
    unanswered = sorted({it.name for it in attempts} - done)
    met = [it for it in attempts if any(it.started < death.killed < it.ended for death in deaths)]
    why = ", ".join(f"{code} {count}" for code, count in reasons(attempts).items())
    figures: dict[str, object] = {
        "acknowledged": len(done),
        "exit code 75": f"{sum(it.code == TRY_AGAIN for it in attempts)} ({why or 'none'})",
        "at work at a death": f"{len(met)}, of which {sum(it.code == 0 for it in met)} acknowledged",
        "never acknowledged": " ".join([str(len(unanswered)), *unanswered]),
    }
    for number, death in enumerate(deaths, 1):
        figures[f"no writing, death {number} ({death.node})"] = (
            f"{death.writing - death.killed:.1f} s"
        )
    code, _, said = load.run("db", "check")
    wrong["unsound"] = [f"db check: exit code {code}: {said}"] if code else []
    for title, figure in (figures | {title: len(names) for title, names in wrong.items()}).items():
        print(f"{title:<26} {figure}")
    for title, names in wrong.items():
        for name in names[:10]:
            print(f"{title}: {name}", file=sys.stderr)
    return not any(wrong.values())


def go(cluster: Cluster, leadctl: str, workers: int, seconds: float, count: int) -> bool:
    """Do it all, with so many deaths; returns whether every promise was kept."""
    cluster.start()
    print(f"{cluster.wait().name} leads", flush=True)
    cluster.sql("CREATE ROLE crm LOGIN", "CREATE DATABASE leads OWNER crm")
    load = Load([*shlex.split(leadctl), "--db", cluster.url("crm", "leads")], workers)
    load.insist("init")
    load.start()
    deaths = []
    try:
        for _ in range(count):
            time.sleep(seconds)
            deaths.append(kill_the_leader(cluster, load))
        time.sleep(seconds)
    finally:
        load.stop()
    load.wait()
    return report(load, deaths)


def main() -> int:
    """Run with a temporary folder and leave nothing behind, however it ends."""
    options = argparse.ArgumentParser(description="Kill the leader while leadctl writes.")
    options.add_argument("--workers", type=int, default=4)
    options.add_argument("--seconds", type=float, default=5, help="of load before each kill")
    options.add_argument("--deaths", type=int, default=2)
    chosen = options.parse_args()
    leadctl = os.environ.get("LEADCTL", "leadctl")
    if os.geteuid() != 0:
        options.error(f"must be started as root: it runs PostgreSQL as user {USER}")
    if not shutil.which(shlex.split(leadctl)[0]):
        options.error(f"there is no {leadctl}: install it, or name it in LEADCTL")
    for number in ENDS:
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    install()
    adopt_orphans()
    folder = Path(tempfile.mkdtemp(prefix="failover-"))
    cluster = Cluster(folder)
    try:
        kept = go(cluster, leadctl, chosen.workers, chosen.seconds, chosen.deaths)
    except Exception:
        for log in sorted(folder.glob("*/*.log")):
            print(f"== {log.relative_to(folder)}", file=sys.stderr)
            print(*log.read_text(errors="replace").splitlines()[-8:], sep="\n", file=sys.stderr)
        raise
    finally:
        for number in ENDS:
            signal.signal(number, signal.SIG_IGN)
        clean_up(cluster.nodes)
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
