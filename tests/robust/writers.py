"""Many processes of leadctl on one file at the same time."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from leadctl import ImportFile, init, open_crm
from tests.robust.scenarios import TODAY, faults
from tests.robust.world import call

USERS = ("u1", "u2", "u3", "u4")


def start(path: Path, *words: str, wait: float = 60) -> subprocess.Popen[str]:
    """A process of leadctl; what it prints is text."""
    whole = ["--db", str(path), "--today", TODAY, "--lock-wait", str(wait)]
    return subprocess.Popen(
        [sys.executable, "-m", "leadctl", *whole, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """How a process ended, and what it printed."""
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def make(path: Path, people: int, closed: int = 0) -> None:
    """A file with people that nobody owns, one opportunity, and others that are closed."""
    init(path)
    file = path.with_suffix(".csv")
    names = "".join(f"Person {number},lead\n" for number in range(people))
    file.write_text("last_name,category\n" + names, encoding="utf-8")
    with open_crm(path, user="tester", today=TODAY) as crm:
        for name in USERS:
            crm.users.add(name)
        crm.people.import_file(ImportFile(str(file)))
        with crm.change():
            crm.companies.add("Acme")
            crm.opportunities.add("Deal", company=1, start=True, value="1")
            for number in range(closed):
                crm.opportunities.add(f"Old {number}", company=1, start=True, value="1")
        if closed:
            crm.opportunities.close(range(2, closed + 2), "won", code="won")


def write_at_once(path: Path, writers: int, kills: int = 0, seed: int = 1) -> list[str]:
    """Let so many processes read and then write the same at once; returns what went wrong.

    Each gives one person to the user whose turn it is, or adds an entry to the same ledger: an
    update that was lost would show as a turn taken twice or an entry less. ``kills`` of them are
    killed; what they have not acknowledged may be there or not.
    """
    chance = random.Random(seed)
    make(path, writers)
    words = [
        ("person", "distribute", str(number // 2 + 1), "--to", ",".join(USERS))
        if number % 2 == 0
        else ("opportunity", "update", "1", "--value", str(number + 2))
        for number in range(writers)
    ]
    processes = [start(path, *chosen, "-f", "json") for chosen in words]
    victims = chance.sample(range(writers), kills)
    for victim in victims:
        time.sleep(chance.uniform(0, 0.1))
        processes[victim].kill()
    wrong = []
    changes = []
    for number, process in enumerate(processes):
        code, out, err = ended(process)
        if code == 0:
            changes.append(json.loads(out)["change"])
        elif number not in victims:
            wrong.append(f"{words[number]} ended with {code}: {err}")
    if len(changes) != len(set(changes)):
        wrong.append(f"two processes have made the same change: {sorted(changes)}")
    with open_crm(path) as crm:
        known = {row["id"] for row in crm.changes.list()}
        if missing := set(changes) - known:
            wrong.append(f"acknowledged changes are gone: {missing}")
        values = {entry["estimated_value"] for entry in crm.opportunities.show(1)["entries"]}
        owners = [row["owner"] for row in crm.people.list() if row["owner"]]
    for number, process in enumerate(processes):
        if process.returncode == 0 and number % 2 and number + 2 not in values:
            wrong.append(f"the update to {number + 2} was lost")
    turns = [owners.count(user) for user in USERS]
    if max(turns) - min(turns) > 1:
        wrong.append(f"turns were lost: {turns}")
    return wrong + faults(path)


def read_while_writing(path: Path, people: int) -> tuple[list[str], int]:
    """Read while a process changes all people; returns what went wrong and how often was read."""
    make(path, people)
    process = start(path, "person", "edit", "--all", "--title", "Boss")
    seen = []
    while process.poll() is None:
        with open_crm(path) as crm:
            (row,) = crm.engine.query(
                "SELECT count(*), sum(title = 'Boss'), (SELECT count(*) FROM history"
                " WHERE field = 'title') FROM person"
            )
        seen.append((row[0], row[1] or 0, row[2]))
    code, _, err = ended(process)
    wrong = [] if code == 0 else [err]
    wrong += [
        f"half of a change was seen: {row}"
        for row in set(seen) - {(people, 0, 0), (people, people, people)}
    ]
    if seen != sorted(seen):
        wrong.append("a reader went back in time")
    return wrong + faults(path), len(seen)


def hold_up(path: Path, people: int, attempts: int) -> tuple[list[str], int]:
    """Give short commands while a long one writes; returns what went wrong, and how many were
    told that the file is busy.
    """
    make(path, people)
    long = start(path, "person", "edit", "--all", "--title", "Boss")
    while long.poll() is None and not _is_locked(path):
        time.sleep(0.001)
    busy = 0
    wrong = []
    for number in range(attempts):
        words = ["--db", str(path), "--lock-wait", "0", "company", "add", f"Short {number}"]
        code, out, err = call(words)
        if code == 75:
            busy += 1
            if "is locked by another command" not in err or out:
                wrong.append(f"busy, but: {out}{err}")
        elif code != 0:
            wrong.append(f"ended with {code}: {err}")
    code, _, err = ended(start(path, "company", "add", "Patient", wait=60))
    if code != 0:
        wrong.append(f"who waits ended with {code}: {err}")
    if ended(long)[0] != 0:
        wrong.append("the long command failed")
    return wrong + faults(path), busy


def _is_locked(path: Path) -> bool:
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        connection.execute("ROLLBACK")
        return False


def delete_twice(path: Path, closed: int) -> list[str]:
    """Start the same clean-up twice; returns what went wrong."""
    make(path, 1, closed)
    words = ("closed", "delete", "--all", "--yes", "-f", "json")
    reports = []
    wrong = []
    for process in [start(path, *words) for _ in range(2)]:
        code, out, err = ended(process)
        if code != 0:
            wrong.append(f"ended with {code}: {err}")
        else:
            reports.append(json.loads(out))
    deleted = sorted(report["changed"] for report in reports)
    if deleted != [0, closed]:
        wrong.append(f"deleted {deleted} of {closed}")
    if sorted(report["change"] is None for report in reports) != [False, True]:
        wrong.append("not one change, but the log says otherwise")
    return wrong + faults(path)


def rounds(folder: Path, writers: int, count: int, seed: int) -> tuple[str, list[str]]:
    """All of this, so often; returns figures and what was found."""
    wrong: list[str] = []
    reads = busy = 0
    for number in range(count):
        place = folder / str(number)
        os.mkdir(place)
        wrong += write_at_once(place / "a.db", writers)
        wrong += write_at_once(place / "k.db", writers, writers // 4, seed + number)
        found, times = read_while_writing(place / "r.db", 20_000)
        wrong, reads = wrong + found, reads + times
        found, times = hold_up(place / "b.db", 50_000, 20)
        wrong, busy = wrong + found, busy + times
        wrong += delete_twice(place / "d.db", 500)
    figures = (
        f"{count} rounds of {writers} writers, twice, once with {writers // 4} of them killed;"
        f" {reads} reads during bulk writes; {busy} commands told busy"
    )
    return figures, wrong
