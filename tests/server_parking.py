"""Connections that the commands of one test use one after the other.

A new session of PostgreSQL reads its catalogue before it can plan anything, which takes longer than
many a test does. What a command leaves behind in its session is discarded before the next gets it.
"""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

from leadctl.store import server

_parked: dict[str, Any] = {}


class _Parking:
    """``psycopg`` as ``leadctl.store.server`` sees it: what it opens may have been open before."""

    def __getattr__(self, name: str) -> Any:
        return getattr(psycopg, name)

    def connect(self, conninfo: str, **options: Any) -> Any:
        connection = _parked.pop(conninfo, None)
        if connection is None or connection.closed:
            return psycopg.connect(conninfo, **options)
        return connection


def _close(session: server.Session) -> None:
    connection = session._connection
    if connection.info.transaction_status != TransactionStatus.IDLE:
        # What it was doing ends with it, as it does for a command.
        connection.close()
        return
    connection._notice_handlers.clear()
    connection.execute("DISCARD ALL")
    close(session._conninfo)
    _parked[session._conninfo] = connection


def close(conninfo: str) -> None:
    """Close a connection that is parked, if there is one."""
    connection = _parked.pop(conninfo, None)
    if connection is not None:
        connection.close()


def close_all() -> None:
    """Close all that are parked: a database to which somebody is connected cannot be copied."""
    for conninfo in list(_parked):
        close(conninfo)


def park(monkeypatch: Any) -> None:
    """Let the sessions of a test hand on their connections."""
    monkeypatch.setattr(server, "psycopg", _Parking())
    monkeypatch.setattr(server.Session, "close", _close)
