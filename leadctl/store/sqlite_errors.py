"""What SQLite reports, as exceptions of ours."""

from __future__ import annotations

import sqlite3

from leadctl.errors import DatabaseError, Refused, UsageError
from leadctl.store.engine import busy

# What comes out of SQLite: its messages may quote a damaged file, which need not be UTF-8; and what
# does not go into it.
SQLITE_ERRORS = (sqlite3.Error, UnicodeDecodeError, UnicodeEncodeError, OverflowError)
_OF_VALUES = (UnicodeEncodeError, OverflowError, sqlite3.InterfaceError)
_UNSUPPORTED = "is not supported"
_NOT_UTF8 = "Could not decode to UTF-8"


def damaged(path: str) -> DatabaseError:
    """The error of a file that is not what was written."""
    return DatabaseError(
        "{path} is damaged",
        hint="restore it from a backup; the damaged file was left as it is",
        path=path,
    )


def translated(problem: Exception, path: str) -> BaseException:
    """The exception of ours that an SQLite result code stands for."""
    code = getattr(problem, "sqlite_errorcode", None) or 0
    primary = code & 0xFF
    if primary == sqlite3.SQLITE_INTERRUPT:
        return KeyboardInterrupt()
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return busy(path)
    if primary == sqlite3.SQLITE_CONSTRAINT:
        return Refused(
            "the database refuses this: {problem}", code="conflict", problem=str(problem)
        )
    not_utf8 = isinstance(problem, UnicodeDecodeError) or str(problem).startswith(_NOT_UTF8)
    if primary == sqlite3.SQLITE_CORRUPT or (not code and not_utf8):
        return damaged(path)
    for numbers, name, template, hint in _DATABASE_ERRORS:
        if primary in numbers:
            return DatabaseError(template, code=name, hint=hint, path=path)
    return _unstorable(problem) or problem


def _unstorable(problem: Exception) -> UsageError | None:
    """The error for a value that SQLite does not take: it comes from a caller of the library,
    for the command line checks its words.
    """
    unsupported = isinstance(problem, sqlite3.ProgrammingError) and _UNSUPPORTED in str(problem)
    if not unsupported and not isinstance(problem, _OF_VALUES):
        return None
    return UsageError("a value cannot be stored: {problem}", problem=str(problem))


_DATABASE_ERRORS: tuple[tuple[tuple[int, ...], str, str, str], ...] = (
    (
        (sqlite3.SQLITE_NOTADB,),
        "not_a_leadctl_file",
        "{path} is not a leadctl file",
        "leadctl init makes a new one; --db names another",
    ),
    (
        (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH),
        "database_readonly",
        "{path} cannot be written to",
        "check the permissions of the file and of its folder",
    ),
    (
        (sqlite3.SQLITE_FULL,),
        "disk_full",
        "there is no space left for {path}",
        "nothing was changed; make room and try again",
    ),
    (
        (sqlite3.SQLITE_IOERR,),
        "database_unreadable",
        "{path} cannot be read or written: the disk or file system reports an error",
        "nothing was changed; a full or faulty disk is the usual cause",
    ),
    (
        (sqlite3.SQLITE_CANTOPEN,),
        "database_missing",
        "{path} cannot be opened",
        "check the path and the permissions of the folder",
    ),
)
