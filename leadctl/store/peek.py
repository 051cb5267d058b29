"""What a file offers to whoever types: the names in its lists, read without a trace.

Nothing is created, migrated, locked for long or written, and nothing fails: a file that is
missing, foreign, of another schema or busy offers nothing.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import quote

from leadctl.store.sqlite import APPLICATION_ID

if TYPE_CHECKING:
    from pathlib import Path

MOST_NAMES = 5000
_ITEMS = "SELECT key, name FROM {} WHERE deleted = {} ORDER BY rank"
# What is asked for -> a query for the word to type and what it means.
QUERIES = {
    "category": _ITEMS.format("category", 0),
    "lead_status": _ITEMS.format("lead_status", 0),
    "deleted category": _ITEMS.format("category", 1),
    "deleted lead_status": _ITEMS.format("lead_status", 1),
    "user": "SELECT key, name FROM app_user WHERE active = 1 ORDER BY key",
    "user_group": "SELECT DISTINCT user_group, '' FROM app_user WHERE user_group <> '' ORDER BY 1",
    "cycle": "SELECT key, name FROM sales_cycle ORDER BY id",
    "stage": "SELECT number, min(name) FROM stage GROUP BY number ORDER BY number",
    "close_code": "SELECT key, name FROM close_code ORDER BY id",
    "selection": "SELECT name, kind FROM selection ORDER BY name_key",
    "form": "SELECT name, mode FROM form ORDER BY name_key",
}


def names(path: Path, kind: str) -> list[tuple[str, str]]:
    """The words for a ``kind`` of ``QUERIES`` in the file at ``path``, each with its meaning."""
    try:
        if not path.is_file():
            # A pipe would be waited for.
            return []
        with closing(sqlite3.connect(_uri(path), uri=True, timeout=0)) as connection:
            (id,) = connection.execute("PRAGMA application_id").fetchone()
            if id != APPLICATION_ID:
                return []
            rows = connection.execute(QUERIES[kind]).fetchmany(MOST_NAMES)
    except (sqlite3.Error, OSError):
        return []
    return [(str(word), str(meaning or "")) for word, meaning in rows]


def _uri(path: Path) -> str:
    """An address that leaves no file behind: a reader of a WAL file would make some beside it."""
    uri = f"file:{quote(str(path.absolute()))}?mode=ro"
    open_elsewhere = all(path.with_name(path.name + end).exists() for end in ("-wal", "-shm"))
    return uri if open_elsewhere else f"{uri}&immutable=1"
