"""Opening a file: what is no leadctl file is refused by its first bytes."""

from __future__ import annotations

import os
import sqlite3
import stat
from typing import TYPE_CHECKING
from urllib.parse import quote

from leadctl.errors import DatabaseError, LeadctlError
from leadctl.store.sqlite import APPLICATION_ID, Sqlite
from leadctl.store.sqlite_errors import SQLITE_ERRORS, damaged, translated

if TYPE_CHECKING:
    from pathlib import Path

HEADER_BYTES = 100
MAGIC = b"SQLite format 3\x00"
STEPS_BETWEEN_INTERRUPT_CHECKS = 100_000
READING_CACHE_KIB = 4 * 1024


def _look_at(path: Path) -> None:
    """Refuse what is not a leadctl file by its first bytes, before SQLite gets to touch it."""
    try:
        status = path.stat()
    except PermissionError as problem:
        raise _unreadable(path, problem) from problem
    except OSError as problem:
        raise DatabaseError(
            "{path} does not exist",
            code="database_missing",
            hint="leadctl init makes it; --db names another",
            path=str(path),
        ) from problem
    foreign = DatabaseError(
        "{path} is not a leadctl file",
        code="not_a_leadctl_file",
        hint="leadctl init makes a new one; --db names another",
        path=str(path),
    )
    if not stat.S_ISREG(status.st_mode):
        raise foreign
    try:
        with path.open("rb") as file:
            header = file.read(HEADER_BYTES)
    except OSError as problem:
        raise _unreadable(path, problem) from problem
    if len(header) < HEADER_BYTES or not header.startswith(MAGIC):
        raise foreign
    page_size = int.from_bytes(header[16:18], "big")
    pages = int.from_bytes(header[28:32], "big")
    shorter = pages * (65536 if page_size == 1 else page_size) > status.st_size
    # A crash while the -wal was being copied leaves a short file that SQLite mends by itself.
    if shorter and not path.with_name(path.name + "-wal").exists():
        raise DatabaseError(
            "{path} is damaged: it is shorter than it says",
            code="database_corrupt",
            hint="restore it from a backup; the damaged file was left as it is",
            path=str(path),
        )


def _unreadable(path: Path, problem: OSError) -> DatabaseError:
    return DatabaseError(
        "{path} cannot be read: {problem}",
        code="database_unreadable",
        hint="check the permissions of the file and of its folder",
        path=str(path),
        problem=problem.strerror,
    )


def _uri(path: Path) -> str:
    """An SQLite address that never creates a file, and reads where nothing can be written."""
    base = f"file:{quote(str(path.absolute()))}"
    if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK):
        return f"{base}?mode=rw"
    # A reader of a WAL database creates files beside it. Where it cannot, or where they would be
    # a stranger's and lock the owner out, the file is read as it is, unless somebody writes to
    # it: a -wal is the sign of that.
    alone = not path.with_name(path.name + "-wal").exists()
    return f"{base}?mode=ro&immutable=1" if alone else f"{base}?mode=ro"


def open_file(
    path: Path, *, lock_wait: float, synchronous: str = "full", new: bool = False
) -> Sqlite:
    """Open ``path``, waiting at most ``lock_wait`` seconds for a lock.

    ``new`` creates it. Raises DatabaseError when it is missing, foreign, damaged or unreadable.
    """
    if not new:
        _look_at(path)
    uri = f"file:{quote(str(path.absolute()))}?mode=rwc" if new else _uri(path)
    try:
        connection = sqlite3.connect(uri, uri=True, timeout=lock_wait, isolation_level=None)
    except SQLITE_ERRORS as problem:
        raise translated(problem, str(path)) from problem
    connection.set_progress_handler(lambda: None, STEPS_BETWEEN_INTERRUPT_CHECKS)
    engine = Sqlite(connection, str(path))
    try:
        engine.stands_at(path)
        engine.execute(f"PRAGMA cache_size = -{READING_CACHE_KIB}")
        engine.execute(f"PRAGMA synchronous = {synchronous}")
        engine.execute("PRAGMA foreign_keys = ON")
        if not new and engine.value("PRAGMA application_id") != APPLICATION_ID:
            raise DatabaseError(
                "{path} is not a leadctl file",
                code="not_a_leadctl_file",
                hint="it belongs to another program; --db names another file",
                path=str(path),
            )
    except LeadctlError:
        engine.close()
        raise
    except OSError as problem:
        engine.close()
        raise _unreadable(path, problem) from problem
    except sqlite3.Error as problem:
        # Our SQL is not to blame yet: the header says what no SQLite can read.
        engine.close()
        raise damaged(str(path)) from problem
    return engine
