"""The schema as numbered steps. A step is never edited after its release; a new one is added.

CHECKs are written with OR: an IN list of four texts made inserts three times slower.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leadctl.store import company, person
from leadctl.store.engine import APPLICATION_ID, Engine

if TYPE_CHECKING:
    from collections.abc import Mapping

DIALECT = {"pk": "INTEGER PRIMARY KEY AUTOINCREMENT", "strict": "STRICT"}

FOUNDATION = """
CREATE TABLE setting (
    id {pk},
    key TEXT NOT NULL UNIQUE,
    value TEXT NOT NULL
) {strict};
CREATE TABLE app_user (
    id {pk},
    key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    email TEXT,
    email_key TEXT,
    user_group TEXT,
    user_group_key TEXT,
    active INTEGER NOT NULL DEFAULT 1 CHECK (active = 0 OR active = 1),
    away INTEGER NOT NULL DEFAULT 0 CHECK (away = 0 OR away = 1)
) {strict};
CREATE TABLE category (
    id {pk},
    key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    group_key TEXT CHECK (group_key IS NULL OR group_key = 'customer'
        OR group_key = 'potential_customer' OR group_key = 'partner' OR group_key = 'lost'
        OR group_key = 'other'),
    lead_status_enabled INTEGER NOT NULL DEFAULT 0
        CHECK (lead_status_enabled = 0 OR lead_status_enabled = 1),
    description TEXT,
    rank INTEGER NOT NULL,
    deleted INTEGER NOT NULL DEFAULT 0 CHECK (deleted = 0 OR deleted = 1),
    builtin INTEGER NOT NULL DEFAULT 0 CHECK (builtin = 0 OR builtin = 1),
    CHECK (lead_status_enabled = 0 OR coalesce(group_key, '') = 'potential_customer')
) {strict};
CREATE TABLE lead_status (
    id {pk},
    key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    description TEXT,
    rank INTEGER NOT NULL,
    is_default INTEGER NOT NULL DEFAULT 0 CHECK (is_default = 0 OR is_default = 1),
    deleted INTEGER NOT NULL DEFAULT 0 CHECK (deleted = 0 OR deleted = 1),
    builtin INTEGER NOT NULL DEFAULT 0 CHECK (builtin = 0 OR builtin = 1),
    CHECK (is_default = 0 OR deleted = 0)
) {strict};
CREATE TABLE company (
    id {pk},
    external_id TEXT UNIQUE,
    external_id_key TEXT,
    name TEXT NOT NULL CHECK (name <> ''),
    name_key TEXT NOT NULL,
    category_id INTEGER REFERENCES category (id),
    owner_id INTEGER REFERENCES app_user (id),
    country TEXT,
    country_key TEXT,
    email TEXT,
    email_key TEXT,
    phone TEXT,
    phone_key TEXT,
    website TEXT,
    website_key TEXT,
    extra TEXT,
    extra_key TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) {strict};
CREATE INDEX company_name ON company (name_key);
CREATE INDEX company_category ON company (category_id);
CREATE INDEX company_owner ON company (owner_id);
CREATE TABLE person (
    id {pk},
    external_id TEXT UNIQUE,
    external_id_key TEXT,
    first_name TEXT,
    first_name_key TEXT,
    last_name TEXT,
    last_name_key TEXT,
    name_key TEXT GENERATED ALWAYS AS
        (trim(coalesce(first_name_key, '') || ' ' || coalesce(last_name_key, ''))) VIRTUAL,
    title TEXT,
    title_key TEXT,
    email TEXT,
    email_key TEXT,
    phone TEXT,
    phone_key TEXT,
    country TEXT,
    country_key TEXT,
    company_id INTEGER REFERENCES company (id),
    own_category_id INTEGER REFERENCES category (id),
    own_owner_id INTEGER REFERENCES app_user (id),
    lead_status_id INTEGER REFERENCES lead_status (id),
    status_since TEXT,
    retired INTEGER NOT NULL DEFAULT 0 CHECK (retired = 0 OR retired = 1),
    extra TEXT,
    extra_key TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CHECK (first_name IS NOT NULL OR last_name IS NOT NULL),
    CHECK (company_id IS NULL OR (own_category_id IS NULL AND own_owner_id IS NULL))
) {strict};
CREATE INDEX person_name ON person (name_key);
CREATE INDEX person_company ON person (company_id);
CREATE INDEX person_lead_status ON person (lead_status_id);
CREATE INDEX person_email ON person (email_key) WHERE email_key IS NOT NULL;
CREATE INDEX person_own_category ON person (own_category_id) WHERE own_category_id IS NOT NULL;
CREATE INDEX person_own_owner ON person (own_owner_id) WHERE own_owner_id IS NOT NULL;
CREATE TABLE change (
    id {pk},
    at TEXT NOT NULL,
    stamp TEXT NOT NULL,
    author TEXT NOT NULL,
    command TEXT NOT NULL,
    reason TEXT,
    records INTEGER NOT NULL DEFAULT 0,
    layered INTEGER NOT NULL DEFAULT 0,
    first_history_id INTEGER NOT NULL DEFAULT 0,
    last_history_id INTEGER NOT NULL DEFAULT 0,
    undoes INTEGER REFERENCES change (id),
    undone_by INTEGER REFERENCES change (id)
) {strict};
CREATE INDEX change_author ON change (author, id);
CREATE INDEX change_undoes ON change (undoes) WHERE undoes IS NOT NULL;
CREATE INDEX change_undone_by ON change (undone_by) WHERE undone_by IS NOT NULL;
CREATE TABLE history (
    id {pk},
    change_id INTEGER NOT NULL REFERENCES change (id),
    entity TEXT NOT NULL,
    entity_id INTEGER NOT NULL,
    field TEXT,
    old TEXT,
    new TEXT,
    was_updated_at TEXT,
    was_since TEXT
) {strict};
CREATE INDEX history_record ON history (entity, entity_id);
CREATE VIRTUAL TABLE search USING fts5 (text, tokenize = "unicode61 remove_diacritics 2");
CREATE TABLE search_state (id INTEGER PRIMARY KEY, indexed_to INTEGER NOT NULL) {strict};
INSERT INTO search_state (id, indexed_to) VALUES (1, 0);
CREATE TRIGGER history_is_append_only_1 BEFORE UPDATE ON history
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER history_is_append_only_2 BEFORE DELETE ON history
BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER change_is_append_only BEFORE DELETE ON change
BEGIN SELECT RAISE(ABORT, 'changes are append-only'); END;
"""

MIGRATIONS = (FOUNDATION,)
SCHEMA = len(MIGRATIONS)
VIEWS = {"v_companies": company.SOURCE, "v_people": person.SOURCE}


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
            for view, source in VIEWS.items():
                engine.execute(f"DROP VIEW IF EXISTS {view}")
                engine.execute(f"CREATE VIEW {view} AS {source.view_sql()}")
            engine.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            engine.execute(f"PRAGMA user_version = {number + 1}")


def seed(engine: Engine, rows: Mapping[str, list[Mapping[str, Any]]]) -> None:
    """Put the first rows of a new file into its tables; they are no change and have no history."""
    with engine.transaction():
        for table, records in rows.items():
            for record in records:
                names = ", ".join(record)
                marks = ", ".join(f":{name}" for name in record)
                engine.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", **record)
