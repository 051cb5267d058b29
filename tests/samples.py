"""A file of every schema that there has been, as SQL: ``tests/data/schema-N.sql``.

Each was written by the leadctl of that time. ``python -m tests.samples FILE > tests/data/schema-N.sql``
keeps one of the present schema, before the next step is added.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

DATA = Path(__file__).parent / "data"
_OURS = "name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE 'search\\__%' ESCAPE '\\'"


def sample(number: int, path: Path) -> None:
    """Make the file of a schema at ``path``."""
    text = (DATA / f"schema-{number}.sql").read_text(encoding="utf-8")
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(f"{text}PRAGMA journal_mode = WAL;")


def dump(path: Path) -> Iterator[str]:
    """The statements that make a file anew, with its search index and the numbers given so far."""
    with closing(sqlite3.connect(path)) as connection:
        for name in ("application_id", "user_version"):
            yield f"PRAGMA {name} = {connection.execute(f'PRAGMA {name}').fetchone()[0]};"
        yield "BEGIN;"
        tables = connection.execute(
            f"SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND ({_OURS}"
            " OR name = 'search_state') ORDER BY rowid"
        ).fetchall()
        for name, sql in tables:
            yield f"{sql};"
            rows = connection.execute(f"SELECT name FROM pragma_table_info('{name}')")
            names = [row[0] for row in rows]
            if name == "search":
                names.insert(0, "rowid")
            cells = " || ', ' || ".join(f"quote({column})" for column in names)
            for (values,) in connection.execute(f"SELECT {cells} FROM {name} ORDER BY rowid"):
                yield f"INSERT INTO {name} ({', '.join(names)}) VALUES ({values});"
        yield "DELETE FROM sqlite_sequence;"
        for name, last in connection.execute("SELECT name, seq FROM sqlite_sequence ORDER BY 1"):
            yield f"INSERT INTO sqlite_sequence VALUES ('{name}', {last});"
        rest = connection.execute(
            f"SELECT sql FROM sqlite_schema WHERE type <> 'table' AND sql IS NOT NULL AND {_OURS}"
            " ORDER BY type, name"
        )
        yield from (f"{sql};" for (sql,) in rest)
        yield "COMMIT;"


if __name__ == "__main__":
    print("\n".join(dump(Path(sys.argv[1]))))
