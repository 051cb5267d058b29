"""The end of a transaction that wrote: what is said of it is what became of it.

A connection that is lost while the server commits is made again, and the server is asked.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from leadctl.errors import LeadctlError, Unavailable
from leadctl.store.postgres_errors import unknown

if TYPE_CHECKING:
    from leadctl.store.postgres_reading import Run
    from leadctl.store.server import Session

# Seconds in which a lost connection must be there again to tell what became of a change: a standby
# takes over within less.
FINDING_OUT = 120.0
PAUSE = 0.2
_ENDED = ("committed", "aborted")
_NUMBER = "SELECT CAST(pg_current_xact_id() AS text)"


class Committer:
    """Commits what was written on a connection; ``run`` runs a statement on it."""

    def __init__(self, session: Session, run: Run) -> None:
        self._session = session
        self._run = run

    def commit(self, change: int | None) -> None:
        """Commit the open transaction, which writes a change of that number, if one.

        Raises Unavailable where it was not committed, and DatabaseError where nobody can tell.
        """
        began = ", NULL" if change is None else ", (SELECT at FROM change WHERE id = :id)"
        own, at = self._row(_NUMBER + began, id=change)
        try:
            self.end_everywhere()
        except Unavailable as lost:
            if not self._was_committed(change, own, at):
                raise Unavailable(
                    "the connection to {path} was lost before the change was committed",
                    hint="nothing was changed; try again",
                    path=self._session.path,
                ) from lost

    def end_everywhere(self) -> None:
        """Commit; a wait for standbys that was cut short is as good as a lost connection."""
        self._session.warned = False
        ended = self._run("COMMIT", {}).statusmessage
        if ended != "COMMIT":
            # The server does not say that it refuses to commit what has failed.
            raise RuntimeError(f"an error was passed over, and nothing was committed: {ended}")
        if self._session.warned:
            raise Unavailable(
                "{path} has not waited for its standbys", hint="try again", path=self._session.path
            )

    def _was_committed(self, change: int | None, own: str, at: str | None) -> bool:
        until = time.monotonic() + FINDING_OUT
        while True:
            try:
                self._session.renew()
                found = self.outcome(change, own, at)
                if found is not None:
                    return found
                problem = None
            except LeadctlError as caught:
                self._session.roll_back()
                problem = caught
            if time.monotonic() > until:
                raise unknown(self._session.path, change) from problem
            time.sleep(PAUSE)

    def outcome(self, change: int | None, own: str, at: str | None) -> bool | None:
        """Whether the transaction of the number ``own`` was committed, ``None`` while it runs.

        A standby that took over without it may have given its number, and that of the change, to
        another one, but not within the second ``at`` which the change began.
        """
        self._run("BEGIN ISOLATION LEVEL READ COMMITTED", {})
        # Something is written, and committed: standbys then have what is found here.
        self._run("SELECT pg_logical_emit_message(true, 'leadctl', '')", {})
        (state,) = self._row(
            # What has no lower number than this here was never here.
            "SELECT CASE WHEN CAST(:own AS xid8) < pg_current_xact_id()"
            " THEN pg_xact_status(CAST(:own AS xid8)) ELSE 'aborted' END",
            own=own,
        )
        if at is not None:
            sql = "SELECT count(*) FROM change WHERE id = :id AND at = :at"
            (there,) = self._row(sql, id=change, at=at)
            state = state if there or state != "committed" else "aborted"
        self.end_everywhere()
        return state == "committed" if state in _ENDED else None

    def _row(self, sql: str, **parameters: Any) -> tuple[Any, ...]:
        (row,) = self._run(sql, parameters).fetchall()
        return row
