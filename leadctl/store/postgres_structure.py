"""What PostgreSQL's own catalogue tells of a database of ours: its views, and whether it is whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadctl.store.engine import SEARCH_INDEX

if TYPE_CHECKING:
    from leadctl.store.engine import Engine

_HERE = "CAST(CAST(current_schema() AS regnamespace) AS oid)"
VIEWS = f"""SELECT c.relname, coalesce(obj_description(c.oid, 'pg_class'), '') FROM pg_class c
WHERE c.relkind = 'v' AND c.relnamespace = {_HERE} ORDER BY c.relname COLLATE "C\""""
# All that holds data; the search index and what counts and numbers the rest does not.
TABLES = """SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()
    AND table_type = 'BASE TABLE' AND table_name NOT LIKE 'search%'
    AND table_name NOT IN ('number_given', 'schema_number') ORDER BY table_name COLLATE "C\""""
COLUMNS = """SELECT column_name FROM information_schema.columns WHERE table_name = :table
    AND table_schema = current_schema() AND is_generated = 'NEVER' ORDER BY ordinal_position"""
# What makes sure that nothing wrong comes in, and has been switched off.
_SWITCHED_OFF = f"""SELECT 'index ' || c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE c.relnamespace = {_HERE} AND NOT i.indisvalid
UNION ALL SELECT 'constraint ' || n.conname FROM pg_constraint n
    WHERE n.connamespace = {_HERE} AND NOT n.convalidated
UNION ALL SELECT 'trigger ' || g.tgname FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid
    WHERE c.relnamespace = {_HERE} AND g.tgenabled IN ('D', 'R')"""
_REFERENCES = f"""SELECT c.relname, k.attname, p.relname FROM pg_constraint n
    JOIN pg_class c ON c.oid = n.conrelid JOIN pg_class p ON p.oid = n.confrelid
    JOIN pg_attribute k ON k.attrelid = n.conrelid AND k.attnum = n.conkey[1]
WHERE n.contype = 'f' AND n.connamespace = {_HERE}
ORDER BY c.relname COLLATE "C", k.attname COLLATE "C\""""


def structure(engine: Engine) -> dict[str, str]:
    """Rule of ``db check`` -> SQL, for those that are about the database itself."""
    loose = (
        f"SELECT '{table} ' || t.id || ' -> {parent}' FROM {table} t WHERE t.{column} IS NOT NULL"
        f" AND NOT EXISTS (SELECT 1 FROM {parent} p WHERE p.id = t.{column})"
        for table, column, parent in engine.query(_REFERENCES)
    )
    return {
        "integrity": _SWITCHED_OFF,
        "foreign_keys": "\nUNION ALL ".join(loose),
        "views": VIEWS,
        "search_index": SEARCH_INDEX.format(last="last_number('history')"),
    }
