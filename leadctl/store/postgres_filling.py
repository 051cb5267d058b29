"""Making the tables of a database on a server, and filling them at once."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from leadctl.store.engine import document, rows_sql, texts_sql
from leadctl.store.postgres_errors import started_over
from leadctl.store.postgres_functions import NUMBERED, STATEMENTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from leadctl.store.postgres import Postgres

# For ``bulk``.
KEEP_NUMBERS = (
    f"UPDATE number_given SET last = s.last FROM {rows_sql('name', '#last')} AS s"
    " WHERE number_given.name = s.name"
)
_OURS = f"n.nspname = current_schema() AND c.relname IN ({texts_sql('tables')})"
_REFERENCES = f"""SELECT c.relname, r.conname, pg_get_constraintdef(r.oid)
FROM pg_constraint r JOIN pg_class c ON c.oid = r.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace WHERE r.contype = 'f' AND {_OURS} ORDER BY 1, 2"""
# Those that stand for no constraint.
_INDEXES = f"""SELECT i.relname, pg_get_indexdef(i.oid)
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {_OURS}
AND NOT EXISTS (SELECT 1 FROM pg_constraint r WHERE r.conindid = i.oid) ORDER BY i.oid"""
_UNNUMBERED = """SELECT c.table_name FROM information_schema.columns c
JOIN information_schema.tables t USING (table_schema, table_name)
WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND c.column_name = 'id'
AND c.column_default IS NULL ORDER BY 1"""


def make_tables(engine: Postgres, sql: str) -> None:
    """Run a step of the schema, and let the tables that it makes number their rows."""
    if not engine.schema:
        _must_be_alone(engine)
        for statement in STATEMENTS:
            engine.as_written(statement)
    engine.execute(sql)
    for (table,) in engine.query(_UNNUMBERED):
        for statement in NUMBERED:
            engine.as_written(statement.format(table=table))


def _must_be_alone(engine: Postgres) -> None:
    """Wait for whoever makes the same tables, and stop where they are there by now."""
    engine.execute("SELECT pg_advisory_xact_lock(hashtext('leadctl'))")
    if engine.value("SELECT to_regclass('schema_number') IS NOT NULL"):
        raise started_over(engine.path)


@contextmanager
def filling(engine: Postgres, tables: Sequence[str]) -> Iterator[None]:
    """Take indexes and references away, and build them at the end from what is there: several
    times faster than row by row. The planner is told what is there as well.
    """
    names = document(tables)
    with engine.transaction():
        references = engine.query(_REFERENCES, tables=names)
        for table, name, _ in references:
            engine.as_written(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        indexes = engine.query(_INDEXES, tables=names)
        for name, _ in indexes:
            engine.as_written(f"DROP INDEX {name}")
        yield
        for _, definition in indexes:
            engine.as_written(definition)
        for table, name, definition in references:
            engine.as_written(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        engine.as_written(f"ANALYZE {', '.join(tables)}")
