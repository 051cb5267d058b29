"""Files that a command writes beside the data: they are complete, or not there at all.

Within ``one_change`` they take their places when the change is committed, and never when it is
rolled back.
"""

from __future__ import annotations

import errno
import itertools
import os
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from leadctl.errors import Partial, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leadctl.core.crm import Crm

_NUMBERS = itertools.count(1)


class Draft:
    """A file that is to take the place of ``target``; ``path`` is where it is written until then.

    Raises OSError when nothing can be written to ``target``.
    """

    def __init__(self, target: Path) -> None:
        self.target = target
        with suppress(FileNotFoundError):
            target.lstat()
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        # Nothing takes the place of a pipe or a device: it is written to.
        self._flows = target.exists() and not target.is_file()
        self._place = target if self._flows else Path(os.path.realpath(target))
        mode = 0o600 if self._flows else 0o666
        folder = self._place.parent
        if self._flows:
            from tempfile import gettempdir

            folder = Path(gettempdir())
        if target.is_file():
            mode = target.stat().st_mode & 0o777
            target.open("ab").close()  # says why not
        self.path = folder / f".leadctl.{os.getpid()}.{next(_NUMBERS)}.new"
        os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode | 0o200))

    def put(self) -> None:
        """Put it in place, with the permissions of what stood there. Raises OSError."""
        try:
            if self._flows:
                from shutil import copyfileobj

                with self.path.open("rb") as file, self._place.open("wb") as flow:
                    copyfileobj(file, flow)
                return
            if self._place.exists():
                self.path.chmod(self._place.stat().st_mode & 0o777)
            self.path.replace(self._place)
        finally:
            self.drop()

    def drop(self) -> None:
        """Leave what stands there as it is."""
        with suppress(OSError):
            self.path.unlink()


class Drafts:
    """The drafts of a change; those that nobody has put in place are dropped at the end."""

    def __init__(self) -> None:
        self._waiting: list[Draft] = []

    def __enter__(self) -> Drafts:
        return self

    def __exit__(self, *problem: object) -> None:
        for draft in self._waiting:
            draft.drop()

    def add(self, draft: Draft) -> None:
        """Keep a draft until the change is committed."""
        self._waiting.append(draft)

    def hand_over(self, outer: Drafts) -> None:
        """Make them drafts of the change that this one is a part of."""
        outer._waiting += self._waiting
        self._waiting = []

    def put(self) -> None:
        """Put all in place, in the order in which they were written.

        Raises Partial for the first one with which that went wrong: the change stands.
        """
        problems = []
        for draft in self._waiting:
            try:
                draft.put()
            except OSError as problem:
                problems.append(Partial(_UNWRITABLE, **_told(draft.target, problem)))
        if problems:
            raise problems[0]


@contextmanager
def drafting(crm: Crm, target: Path) -> Iterator[Path]:
    """A path to write a file to. ``target`` is replaced by it when the block has ended well, or,
    within ``one_change``, with its commit.

    Raises UsageError when it cannot be written, or would take the place of the database.
    """
    try:
        if _is_of_database(target, Path(crm.engine.path)):
            raise UsageError("{path} is the database", path=str(target))
        draft = Draft(target)
        try:
            yield draft.path
            if crm.whole is None:
                draft.put()
            else:
                crm.whole.drafts.add(draft)
        except BaseException:
            draft.drop()
            raise
    except OSError as problem:
        raise UsageError(_UNWRITABLE, **_told(target, problem)) from problem


_UNWRITABLE = "{path} cannot be written: {problem}"


def _told(target: Path, problem: OSError) -> dict[str, str]:
    return {"path": str(target), "problem": str(problem.strerror)}


def _is_of_database(target: Path, database: Path) -> bool:
    """Whether this is the database or what SQLite keeps beside it."""
    names = [database.with_name(database.name + end) for end in ("", "-wal", "-shm", "-journal")]
    if target.exists():
        return any(name.exists() and target.samefile(name) for name in names)
    real = os.path.realpath(target)
    return any(os.path.realpath(name) == real for name in names)
