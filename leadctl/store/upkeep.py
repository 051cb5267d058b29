"""What is done to a file as a whole: looking whether it is sound, rewriting history, giving room back."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leadctl.store.engine import Engine

# Tables that are made of others: the search index and SQLite's own.
_DERIVED = "name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE 'search%'"


def tables(engine: Engine) -> list[str]:
    """The names of all tables that hold data, in alphabetical order."""
    rows = engine.query(
        f"SELECT name FROM sqlite_schema WHERE type = 'table' AND {_DERIVED} ORDER BY name"
    )
    return [name for (name,) in rows]


def columns(engine: Engine, table: str) -> list[str]:
    """The names of the stored columns of a table; generated ones are left out."""
    return [name for (name,) in engine.query("SELECT name FROM pragma_table_info(:t)", t=table)]


def counts(engine: Engine) -> dict[str, int]:
    """How many rows every table has."""
    return {name: engine.value(f"SELECT count(*) FROM {name}") for name in tables(engine)}


def damage(engine: Engine) -> str | None:
    """The first thing that is wrong with the structure of a file, ``None`` for a sound one.

    Raises DatabaseError where not even that can be found out.
    """
    found = next(engine.examine("PRAGMA integrity_check(1)"))[0]
    return None if found == "ok" else str(found)


def free_bytes(engine: Engine) -> int:
    """The room in the file that holds no data."""
    return int(engine.value("PRAGMA freelist_count") * page_size(engine))


def page_size(engine: Engine) -> int:
    """Bytes per page."""
    return int(engine.value("PRAGMA page_size"))


def empty_log(engine: Engine) -> bool:
    """Move everything from the -wal into the file and empty it; whether nobody was in the way."""
    row = engine.one("PRAGMA wal_checkpoint(TRUNCATE)")
    return row is None or row[0] == 0


@contextmanager
def rewriting_history(engine: Engine) -> Iterator[None]:
    """The one way by which history is changed or dropped: prune and erase, in their transaction."""
    triggers = engine.query(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"
        " AND name LIKE '%is_append_only%'"
    )
    for name, _ in triggers:
        engine.execute(f"DROP TRIGGER {name}")
    yield
    for _, sql in triggers:
        engine.execute(sql)
