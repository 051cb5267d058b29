"""Opening a database: a file, or what a ``postgresql://`` address names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from leadctl.config import is_address
from leadctl.errors import DatabaseError

if TYPE_CHECKING:
    from leadctl.store.engine import Engine


def connect(
    where: str | Path, *, lock_wait: float, synchronous: str = "full", new: bool = False
) -> Engine:
    """Open a database, waiting at most ``lock_wait`` seconds for a lock.

    ``new`` is for one that is still to be made. Raises DatabaseError when it is missing, foreign,
    damaged or unreadable, and Unavailable when a server does not answer.
    """
    if is_address(where):
        try:
            from leadctl.store.postgres import open_server
        except ImportError as problem:
            raise DatabaseError(
                "a server needs psycopg, which is not installed",
                code="psycopg_missing",
                hint="pip install 'leadctl[postgres]'",
            ) from problem
        return open_server(str(where), lock_wait=lock_wait, synchronous=synchronous, new=new)
    from leadctl.store.sqlite_open import open_file

    return open_file(Path(where), lock_wait=lock_wait, synchronous=synchronous, new=new)
