"""Bringing a file to the schema that this leadctl knows, one numbered step after another."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

from leadctl.store import company, opportunity, person
from leadctl.store.schema import FOUNDATION, OPPORTUNITIES
from leadctl.store.schema_automation import AUTOMATION
from leadctl.store.schema_covering import COVERING
from leadctl.store.schema_selection import SELECTIONS
from leadctl.store.sqlite import Sqlite
from leadctl.store.sqlite_errors import SQLITE_ERRORS
from leadctl.store.version import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Mapping

    from leadctl.store.engine import Engine

MIGRATIONS = (FOUNDATION, OPPORTUNITIES, AUTOMATION, SELECTIONS, COVERING)
VIEWS = {
    "v_companies": company.SOURCE,
    "v_people": person.SOURCE,
    "v_opportunities": opportunity.SOURCE,
    "v_stage_history": opportunity.STAGE_HISTORY,
}


def migrate(engine: Engine) -> None:
    """Bring the file to ``SCHEMA``, one transaction per step, and make its views anew."""
    while engine.schema < SCHEMA:
        with engine.transaction():
            number = engine.schema
            if number >= SCHEMA:
                # Somebody else was faster.
                return
            step = MIGRATIONS[number]
            for name, text in engine.fragments.items():
                step = step.replace("{" + name + "}", text)
            engine.script(step)
            if number + 1 == SCHEMA:
                # A view may need what a later step adds.
                make_views(engine)
            engine.set_schema(number + 1)


def view_statements() -> dict[str, str]:
    """Name -> the statement that makes it, of the views that every file has."""
    return {name: f"CREATE VIEW {name} AS {source.view_sql()}" for name, source in VIEWS.items()}


def make_views(engine: Engine) -> None:
    """Make these views anew."""
    for name, statement in view_statements().items():
        engine.make_view(name, statement)


def is_damaged(connection: sqlite3.Connection) -> bool:
    """Whether a file of this schema fails SQLite's own check, or lacks a table, index or trigger,
    or has it otherwise.

    Views are made anew by every migration and are not asked for.
    """
    sql = "SELECT type, name, sql FROM sqlite_schema WHERE type <> 'view'"
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
        migrate(Sqlite(fresh, ":memory:"))
        made = set(fresh.execute(sql))
    try:
        whole = connection.execute("PRAGMA integrity_check(1)").fetchall() == [("ok",)]
        return not (whole and made <= set(connection.execute(sql)))
    except SQLITE_ERRORS:
        return True


def seed(engine: Engine, rows: Mapping[str, list[Mapping[str, Any]]]) -> None:
    """Put the first rows of a new file into its tables; they are no change and have no history."""
    with engine.transaction():
        for table, records in rows.items():
            for record in records:
                names = ", ".join(record)
                marks = ", ".join(f":{name}" for name in record)
                engine.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", **record)
