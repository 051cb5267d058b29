"""What PostgreSQL reports, as exceptions of ours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from psycopg import DataError, Error, InterfaceError, OperationalError

from leadctl.errors import DatabaseError, Refused, StartOver, Unavailable, UsageError
from leadctl.store.engine import busy

if TYPE_CHECKING:
    from leadctl.errors import LeadctlError

# Another transaction came in between, or two waited for each other: nothing was done, and the same
# may be tried again.
_START_OVER = ("40001", "40P01")
# The connection ends with it, which may not have been seen yet.
_FATAL = ("FATAL", "PANIC")
_LOCK_NOT_HAD = "55P03"
_INTERRUPTED = "57014"
# Class of SQLSTATE, or one of them -> code, template and hint.
_DATABASE_ERRORS: tuple[tuple[tuple[str, ...], str, str, str], ...] = (
    (
        # The second: SERIALIZABLE there, and nothing else of ours.
        ("25006", "0A000"),
        "database_readonly",
        "{path} cannot be written to",
        "it is a standby; target_session_attrs=read-write in the address finds the leader",
    ),
    (
        ("42501",),
        "database_readonly",
        "{path} cannot be written to",
        "the role lacks a right: {problem}",
    ),
    (
        ("53100",),
        "disk_full",
        "there is no space left for {path}",
        "nothing was changed; make room and try again",
    ),
    (
        ("28",),
        "database_unreadable",
        "{path} lets nobody in: {problem}",
        "passwords come from PGPASSWORD, a password file or a service file",
    ),
    (
        ("3D",),
        "database_missing",
        "{path} does not exist: {problem}",
        "createdb makes a database",
    ),
    (
        ("42P07", "42710", "42723"),
        "not_a_leadctl_file",
        "{path} has something of another program: {problem}",
        "createdb makes an empty database",
    ),
    (
        ("XX",),
        "database_corrupt",
        "{path} is damaged: {problem}",
        "the log of the server tells more; restore it from a backup",
    ),
)
# What a refusal says -> one of the above.
_REFUSALS = {
    "password authentication failed": "28",
    "no password supplied": "28",
    "no pg_hba.conf entry": "28",
    "not permitted to log in": "28",
    "permission denied for database": "28",
    "role .* does not exist": "28",
    "database .* does not exist": "3D",
    "definition of service .* not found": "3D",
}
# Before the reason stands what the address says anyway.
_WHERE = re.compile(
    r"^(connection (failed|is bad): )?(connection to server (at|on) .*? failed: )?(FATAL:\s+)?"
)


def started_over(path: str) -> StartOver:
    """The error of who has to start over."""
    return StartOver(
        "somebody else has changed in {path} what this command had read",
        path=path,
        hint="nothing was changed; try again",
    )


def unavailable(path: str, problem: Error) -> Unavailable:
    """The error of a connection that cannot be made, or was lost."""
    return Unavailable(
        "{path} does not answer: {problem}",
        hint="nothing was changed; try again",
        path=path,
        problem=_line(problem),
    )


def unknown(path: str, change: int | None) -> DatabaseError:
    """The error of who cannot tell whether a transaction was committed, that of a change mostly."""
    if change is None:
        return DatabaseError(
            "the connection to {path} was lost at the end; it is not known whether everything was"
            " committed or nothing",
            code="commit_unknown",
            hint="db check tells when the server answers again",
            path=path,
        )
    return DatabaseError(
        "the connection to {path} was lost while change {id} was committed; it is not known"
        " whether it was",
        code="commit_unknown",
        hint="change show {id} tells when the server answers again",
        path=path,
        id=change,
    )


def not_opened(path: str, problem: Error) -> LeadctlError:
    """The error of a connection that was refused; the server has no code for that yet."""
    text = _line(problem)
    refused = (state for words, state in _REFUSALS.items() if re.search(words, text))
    return _of_state(next(refused, ""), problem, path) or unavailable(path, problem)


def translated(problem: Error | UnicodeEncodeError, path: str, *, lost: bool) -> BaseException:
    """The exception of ours that an error of PostgreSQL stands for; ``lost`` says that the
    connection is gone.
    """
    if isinstance(problem, UnicodeEncodeError):
        return _unstorable(problem)
    state = problem.sqlstate or ""
    told: BaseException | None = None
    if state in _START_OVER:
        told = started_over(path)
    elif lost or problem.diag.severity_nonlocalized in _FATAL:
        told = unavailable(path, problem)
    elif state == _LOCK_NOT_HAD:
        told = busy(path)
    elif state == _INTERRUPTED:
        told = KeyboardInterrupt()
    elif state.startswith("23"):
        told = Refused(
            "the database refuses this: {problem}", code="conflict", problem=_line(problem)
        )
    return told or _of_the_database(problem, state, path) or problem


def _unstorable(problem: object) -> UsageError:
    """The error for a value that cannot be sent, or is none of its column's type."""
    return UsageError("a value cannot be stored: {problem}", problem=str(problem))


def _of_the_database(problem: Error, state: str, path: str) -> LeadctlError | None:
    found = _of_state(state, problem, path)
    if found is not None:
        return found
    # More than fits into an index, for one.
    if isinstance(problem, DataError) or state.startswith("54"):
        return _unstorable(_line(problem))
    if isinstance(problem, (OperationalError, InterfaceError)):
        return unavailable(path, problem)
    return None


def _of_state(state: str, problem: Error, path: str) -> DatabaseError | None:
    for states, code, template, hint in _DATABASE_ERRORS:
        if state in states or state[:2] in states:
            return DatabaseError(template, code=code, hint=hint, path=path, problem=_line(problem))
    return None


def _line(problem: Error) -> str:
    """The first line of a message, which may quote what was sent below."""
    told = problem.diag.message_primary or str(problem)
    line = next(iter(told.strip().splitlines()), type(problem).__name__)
    return _WHERE.sub("", line) or line
