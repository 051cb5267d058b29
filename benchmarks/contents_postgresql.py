"""Whether both databases of a server have the same in them."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import psycopg

from build import STAMP
from contents import INSTANTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contents import Both

_COLUMNS = """SELECT column_name FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER' ORDER BY 1"""


def _digest(connection: psycopg.Connection[Any], table: str) -> tuple[Any, ...] | None:
    """Number of rows and sum of their hashes; instants and history as ``contents`` has them."""
    cells = []
    for (name,) in connection.execute(_COLUMNS, (table,)):
        if name in INSTANTS:
            cells.append(f"CASE WHEN {name} <> '{STAMP}' THEN 'since' ELSE {name} END")
        elif (table, name) != ("history", "id"):
            cells.append(name)
    row = f"CAST(ROW({', '.join(cells)}) AS text)"
    sql = f"SELECT count(*), sum(CAST(hashtextextended({row}, 0) AS numeric)) FROM {table}"
    return connection.execute(sql.encode()).fetchone()


def same_databases(both: Both, tables: Sequence[str]) -> bool:
    """Whether two databases have the same records, changes and history."""
    ours, theirs = both.files
    with closing(psycopg.connect(str(ours))) as one, closing(psycopg.connect(str(theirs))) as other:
        return all(_digest(one, table) == _digest(other, table) for table in tables)
