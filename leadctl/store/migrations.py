"""Bringing a file to the schema that this leadctl knows, one numbered step after another."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

from leadctl.store import company, opportunity, person
from leadctl.store.engine import APPLICATION_ID, Engine
from leadctl.store.schema import FOUNDATION, OPPORTUNITIES
from leadctl.store.schema_automation import AUTOMATION
from leadctl.store.schema_selection import SELECTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

DIALECT = {"pk": "INTEGER PRIMARY KEY AUTOINCREMENT", "strict": "STRICT"}

MIGRATIONS = (FOUNDATION, OPPORTUNITIES, AUTOMATION, SELECTIONS)
SCHEMA = len(MIGRATIONS)
VIEWS = {
    "v_companies": company.SOURCE,
    "v_people": person.SOURCE,
    "v_opportunities": opportunity.SOURCE,
    "v_stage_history": opportunity.STAGE_HISTORY,
}


def schema_of(engine: Engine) -> int:
    """The number of the last migration that the file has seen."""
    return int(engine.value("PRAGMA user_version"))


def migrate(engine: Engine) -> None:
    """Bring the file to ``SCHEMA``, one transaction per step, and make its views anew."""
    for number in range(schema_of(engine), SCHEMA):
        with engine.transaction():
            step = MIGRATIONS[number]
            for name, text in DIALECT.items():
                step = step.replace("{" + name + "}", text)
            engine.script(step)
            if number + 1 == SCHEMA:
                # A view may need what a later step adds.
                for view, source in VIEWS.items():
                    engine.execute(f"DROP VIEW IF EXISTS {view}")
                    engine.execute(f"CREATE VIEW {view} AS {source.view_sql()}")
            engine.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            engine.execute(f"PRAGMA user_version = {number + 1}")


def is_damaged(connection: sqlite3.Connection) -> bool:
    """Whether a file of this schema fails SQLite's own check, or lacks a table, index or trigger,
    or has it otherwise.

    Views are made anew by every migration and are not asked for.
    """
    sql = "SELECT type, name, sql FROM sqlite_schema WHERE type <> 'view'"
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
        migrate(Engine(fresh, ":memory:"))
        made = set(fresh.execute(sql))
    try:
        whole = connection.execute("PRAGMA integrity_check(1)").fetchall() == [("ok",)]
        return not (whole and made <= set(connection.execute(sql)))
    except (sqlite3.Error, UnicodeDecodeError):
        return True


def seed(engine: Engine, rows: Mapping[str, list[Mapping[str, Any]]]) -> None:
    """Put the first rows of a new file into its tables; they are no change and have no history."""
    with engine.transaction():
        for table, records in rows.items():
            for record in records:
                names = ", ".join(record)
                marks = ", ".join(f":{name}" for name in record)
                engine.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", **record)
