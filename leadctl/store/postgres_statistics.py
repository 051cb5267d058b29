"""What PostgreSQL knows about tables that have just grown.

It counts them by itself within a minute, temporary ones never. Until then it guesses, and may read
a table of ten thousand rows once for each of them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psycopg

    from leadctl.store.engine import Row

FEW = 1000
_SAMPLE = "SET LOCAL default_statistics_target"
_FILLS = re.compile(r"INSERT INTO (temp\.)?(\w+)")


def renew(cursor: psycopg.Cursor[Row], sql: str, rows: int) -> None:
    """Count a table anew when ``sql`` has put so many rows into it that they are a good part of it."""
    filled = _FILLS.match(sql)
    if rows < FEW or filled is None:
        return
    temporary, name = filled.groups()
    table = f"pg_temp.{name}" if temporary else name
    known = "SELECT reltuples FROM pg_class WHERE oid = CAST(%s AS regclass)"
    found = cursor.execute(known, [table]).fetchone()
    if temporary:
        # How many there are is what matters: a tenth of the usual sample tells that.
        cursor.execute(f"{_SAMPLE} = 10; ANALYZE {table}; {_SAMPLE} = DEFAULT")
    elif found is not None and found[0] < rows:
        cursor.execute(f"ANALYZE {table}")
