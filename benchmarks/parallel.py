"""Writers and readers at once: ``python benchmarks/parallel.py [--people N] [--writes N]``.

Eight processes do 200 single writes each, four more do bulk writes, and four read all the while; then
plain Python with ``sqlite3`` does the same on an equal file. Each single write reads a counter and
adds one to it in one transaction, so that a lost update would show. Exit 1 when anything was lost,
locked or half seen.
"""

from __future__ import annotations

import argparse
import multiprocessing
import shutil
import sqlite3
import sys
import tempfile
import time
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from build import build
from leadctl import Choice, WriteOptions, open_crm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.synchronize import Event

WRITERS, BULK_WRITERS, READERS = 8, 4, 4
BULK_ROUNDS = 5
LOCK_WAIT = 60.0
STATUSES = ("open", "qualified")
NOW = "strftime('%Y-%m-%dT%H:%M:%SZ', 'now')"


def leadctl_single(path: Path, writer: int, writes: int) -> None:
    with open_crm(path, user=f"writer {writer}", lock_wait=LOCK_WAIT) as crm:
        for _ in range(writes):
            with crm.change("count"):
                count = int(crm.people.show(1)["title"])
                crm.people.edit([1], title=str(count + 1))


def leadctl_bulk(path: Path, writer: int, rounds: int) -> None:
    with open_crm(path, user=f"bulk {writer}", lock_wait=LOCK_WAIT) as crm:
        for number in range(rounds):
            status = STATUSES[(writer + number) % 2]
            everybody = Choice(where=("lead_status is not null",))
            crm.people.set_status(everybody, status, WriteOptions(reason=str(number)))


def leadctl_read(path: Path, over: Event) -> int:
    seen = 0
    with open_crm(path, lock_wait=LOCK_WAIT) as crm:
        while not over.is_set():
            _one_status(row["count"] for row in crm.people.groups("lead_status"))
            seen += 1
    return seen


@contextmanager
def _plain(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, timeout=LOCK_WAIT, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        yield connection


def _begin(connection: sqlite3.Connection, writer: int) -> int:
    connection.execute("BEGIN IMMEDIATE")
    change = connection.execute(
        "INSERT INTO change (at, stamp, author, command, records)"
        f" VALUES ({NOW}, {NOW}, ?, 'write', 1)",
        (str(writer),),
    ).lastrowid
    assert change is not None
    return change


def plain_single(path: Path, writer: int, writes: int) -> None:
    with _plain(path) as connection:
        for _ in range(writes):
            change = _begin(connection, writer)
            (title,) = connection.execute("SELECT title FROM person WHERE id = 1").fetchone()
            new = str(int(title) + 1)
            connection.execute(
                "INSERT INTO history (change_id, entity, entity_id, field, old, new)"
                " VALUES (?, 'person', 1, 'title', ?, ?)",
                (change, title, new),
            )
            connection.execute(
                f"UPDATE person SET title = ?, title_key = ?, updated_at = {NOW} WHERE id = 1",
                (new, new),
            )
            connection.execute("COMMIT")


def plain_bulk(path: Path, writer: int, rounds: int) -> None:
    with _plain(path) as connection:
        for number in range(rounds):
            status = (1, 5)[(writer + number) % 2]
            change = _begin(connection, writer)
            connection.execute(
                "INSERT INTO history (change_id, entity, entity_id, field, old, new)"
                " SELECT ?, 'person', id, 'lead_status', lead_status_id, ? FROM person"
                " WHERE retired = 0 AND lead_status_id IS NOT ? AND lead_status_id IS NOT NULL",
                (change, status, status),
            )
            connection.execute(
                f"UPDATE person SET lead_status_id = ?, status_since = {NOW}, updated_at = {NOW}"
                " WHERE retired = 0 AND lead_status_id IS NOT ? AND lead_status_id IS NOT NULL",
                (status, status),
            )
            connection.execute("COMMIT")


def plain_read(path: Path, over: Event) -> int:
    seen = 0
    with _plain(path) as connection:
        while not over.is_set():
            _one_status(
                count
                for _, count in connection.execute(
                    "SELECT lead_status_id, count(*) FROM person GROUP BY lead_status_id"
                )
            )
            seen += 1
    return seen


def _one_status(counts: Iterator[int]) -> None:
    """Bulk writers give everybody the same status: a reader that sees two has seen half a write."""
    if len(list(counts)) > 2:
        raise RuntimeError("half of a bulk write was seen")


def _worker(work: Callable[..., Any], words: tuple[Any, ...], answers: Any) -> None:
    try:
        answers.put((work.__name__, work(*words), None))
    except Exception as problem:  # noqa: BLE001 - whatever it is, it is told
        answers.put((work.__name__, None, f"{type(problem).__name__}: {problem}"))


def measured(kind: str, path: Path, writes: int) -> tuple[float, int, list[str]]:
    """Seconds until the writers are done, what the readers have read, and what went wrong."""
    here = globals()
    over, answers = multiprocessing.Event(), multiprocessing.Queue()
    single, bulk, read = (here[f"{kind}_{name}"] for name in ("single", "bulk", "read"))
    writers = [(single, (path, number, writes)) for number in range(WRITERS)]
    writers += [(bulk, (path, number, BULK_ROUNDS)) for number in range(BULK_WRITERS)]
    jobs = writers + [(read, (path, over))] * READERS
    processes = [
        multiprocessing.Process(target=_worker, args=(work, words, answers)) for work, words in jobs
    ]
    start = time.perf_counter()
    for process in processes:
        process.start()
    said = []
    while sum(name != read.__name__ for name, _, _ in said) < len(writers):
        said.append(answers.get())
    seconds = time.perf_counter() - start
    over.set()
    said += [answers.get() for _ in range(len(jobs) - len(said))]
    for process in processes:
        process.join()
    problems = [f"{name}: {problem}" for name, _, problem in said if problem]
    with closing(sqlite3.connect(path)) as connection:
        (count,) = connection.execute("SELECT title FROM person WHERE id = 1").fetchone()
        (noted,) = connection.execute(
            "SELECT count(*) FROM history WHERE field = 'title' AND new = CAST(old AS INTEGER) + 1"
        ).fetchone()
        (healthy,) = connection.execute("PRAGMA integrity_check").fetchone()
    if not int(count) == noted == WRITERS * writes:
        problems.append(f"{WRITERS * writes} writes made {count}, {noted} in the history")
    if healthy != "ok":
        problems.append(healthy)
    return seconds, sum(found or 0 for name, found, _ in said if name == read.__name__), problems


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--writes", type=int, default=200, help="single writes of each process")
    given = parser.parse_args()
    failed = False
    with tempfile.TemporaryDirectory(prefix="leadctl-parallel-") as folder:
        base = Path(folder) / "base.db"
        build(base, given.people)
        with closing(sqlite3.connect(base)) as connection, connection:
            connection.execute("UPDATE person SET title = '0', title_key = '0' WHERE id = 1")
            connection.execute(
                "UPDATE person SET lead_status_id = 1 WHERE lead_status_id IS NOT NULL"
            )
        for kind in ("leadctl", "plain"):
            path = Path(folder) / f"{kind}.db"
            shutil.copyfile(base, path)
            seconds, read, problems = measured(kind, path, given.writes)
            writes = WRITERS * given.writes + BULK_WRITERS * BULK_ROUNDS
            print(f"{kind:<8}{seconds:8.2f} s{writes / seconds:9.0f} writes/s{read:8} reads")
            for problem in problems:
                print(f"  {problem}")
            failed = failed or bool(problems)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
