"""New files that appear under their name when they are complete, or not at all."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from leadctl.errors import DatabaseError, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# What SQLite puts beside a file.
BESIDE = ("-wal", "-shm", "-journal")
LOGS = ("-wal", "-journal")


@contextmanager
def new_file(target: Path) -> Iterator[Path]:
    """An empty file beside ``target`` that only its owner can read; it is gone afterwards.

    Raises DatabaseError where the folder is missing or cannot be written to.
    """
    draft = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield draft
    except OSError as problem:
        raise cannot_be_made(target, problem) from problem
    finally:
        for name in (draft, *(draft.with_name(draft.name + end) for end in BESIDE)):
            with suppress(OSError):
                name.unlink()


def publish(draft: Path, target: Path) -> None:
    """Give a complete file its name, so that it survives a power failure.

    Raises FileExistsError when something stands there, and DatabaseError when the log of a file
    that is gone does: SQLite would take it for a part of the new one.
    """
    for end in LOGS:
        log = target.with_name(target.name + end)
        if log.exists() and log.stat().st_size and not os.path.lexists(target):
            raise DatabaseError(
                "{path} is left of a file that is gone",
                code="log_left_behind",
                hint="move it away: it would be taken for a part of the new file",
                path=str(log),
            )
    _sync(draft)
    try:
        os.link(draft, target)
    except FileExistsError:
        raise
    except OSError:
        # A file system without links: the name is taken first, so that nothing is written over.
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        draft.replace(target)
    _sync(target.parent)


def publish_new(draft: Path, target: Path) -> None:
    """The same for a file that nobody else makes. Raises Refused when something stands there."""
    try:
        publish(draft, target)
    except FileExistsError:
        must_be_free(target)


def must_be_free(target: Path) -> None:
    """Raise Refused when something has that name already."""
    if os.path.lexists(target):
        raise Refused(
            "{path} exists already",
            code="file_exists",
            hint="name another; nothing is written over",
            path=str(target),
        )


def cannot_be_made(target: Path, problem: OSError) -> DatabaseError:
    """The error for a file that the system does not let us make."""
    return DatabaseError(
        "{path} cannot be made: {problem}",
        code="database_readonly",
        hint="check that the folder exists and can be written to",
        path=str(target),
        problem=problem.strerror,
    )


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
