"""What ``psql`` is given to do: the work of each leadctl verb, as one would write it by hand.

Equal terms: one transaction, the same tables, indexes and triggers; the change and its history are
written as well. It is READ COMMITTED, as PostgreSQL has it by default.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from build import insert_sql
from leadctl.store import opportunity, person
from yardsticks import HISTORY, USER

if TYPE_CHECKING:
    from pathlib import Path

    from leadctl.store.tables import Table

_BEGIN = f"""
BEGIN;
SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS now,
    coalesce(max(id), 0) AS before FROM history \\gset
INSERT INTO change (at, stamp, author, command, undoes)
VALUES (:'now', :'now', '{USER}', '{{command}}', {{undoes}}) RETURNING id AS change \\gset
"""
_COUNTED = "(SELECT max(id) - :before FROM history)"
_END = """
UPDATE change SET records = {records}, first_history_id = :before + 1,
    last_history_id = (SELECT max(id) FROM history) WHERE id = :change;
COMMIT;
"""

SET_STATUS = (
    _BEGIN.format(command="person set-status", undoes="NULL")
    + f"""
{HISTORY}
SELECT :change, 'person', t.id, 'lead_status', s.key, 'qualified', t.updated_at, t.status_since
FROM person t LEFT JOIN lead_status s ON s.id = t.lead_status_id
WHERE t.retired = 0 AND t.lead_status_id IS DISTINCT FROM 5 ORDER BY t.id;
UPDATE person SET lead_status_id = 5, status_since = :'now', updated_at = :'now'
WHERE retired = 0 AND lead_status_id IS DISTINCT FROM 5;
"""
    + _END.format(records=_COUNTED)
)

# The change to undo is the first of the database, and all that its history has.
UNDO = (
    _BEGIN.format(command="change undo", undoes="1")
    + f"""
{HISTORY}
SELECT :change, 'person', t.id, 'lead_status', s.key, h.old, t.updated_at, t.status_since
FROM history h JOIN person t ON t.id = h.entity_id LEFT JOIN lead_status s ON s.id = t.lead_status_id
WHERE h.change_id = 1 ORDER BY h.id;
UPDATE person SET lead_status_id = s.id, status_since = h.was_since, updated_at = h.was_updated_at
FROM history h LEFT JOIN lead_status s ON s.key = h.old
WHERE h.change_id = 1 AND h.entity_id = person.id;
UPDATE change SET undone_by = :change WHERE id = 1;
"""
    + _END.format(records=_COUNTED)
)

_FRESH = {
    **{name: f"f.{name}" for name in ("external_id", "first_name", "last_name", "email")},
    "country": "f.country",
    "company_id": "c.id",
    "lead_status_id": "CASE WHEN k.lead_status_enabled = 1 THEN 1 END",
    "status_since": "CASE WHEN k.lead_status_enabled = 1 THEN :'now' END",
    "created_at": ":'now'",
    "updated_at": ":'now'",
}
_CREATED = """
INSERT INTO history (change_id, entity, entity_id)
SELECT :change, '{table}', id FROM {table} WHERE id > :last ORDER BY id;
"""
_IMPORT = (
    _BEGIN.format(command="person import", undoes="NULL")
    + f"""
CREATE TEMP TABLE fresh (line BIGINT GENERATED ALWAYS AS IDENTITY, external_id TEXT,
    first_name TEXT, last_name TEXT, email TEXT, country TEXT, company TEXT);
\\copy fresh (external_id, first_name, last_name, email, country, company) FROM '{{file}}' CSV HEADER
SELECT coalesce(max(id), 0) AS last FROM person \\gset
{insert_sql(person.TABLE, _FRESH)}
FROM fresh f JOIN company c ON c.name_key = lower(f.company)
LEFT JOIN category k ON k.id = c.category_id ORDER BY f.line;
"""
    + _CREATED.format(table="person")
    + _END.format(records=_COUNTED)
)

_APPLIES = """CASE
    WHEN t.company_id IS NULL AND (SELECT value FROM setting
        WHERE key = 'lead_status.require_company') = 'true' THEN 'no_company'
    WHEN k.id IS NULL THEN 'no_category'
    WHEN k.group_key IS DISTINCT FROM 'potential_customer' THEN 'wrong_group'
    WHEN k.lead_status_enabled = 0 THEN 'flag_off' END"""
_PEOPLE = f"""SELECT t.id, t.external_id, t.first_name, t.last_name,
    trim(coalesce(t.first_name, '') || ' ' || coalesce(t.last_name, '')) AS name, t.title, t.email,
    t.phone, t.country, t.company_id, c.name AS company, {{has_company}} AS has_company,
    k.key AS category, k.group_key AS category_group, s.key AS lead_status,
    {{active}} AS lead_status_active, {_APPLIES} AS lead_status_reason, t.status_since,
    CAST('{{today}}' AS date) - CAST(left(t.status_since, 10) AS date) AS status_age,
    o.key AS owner, {{retired}} AS retired, CAST(NULL AS text) AS form,
    CAST(coalesce(t.extra, '{{{{}}}}') AS json) AS extra, t.created_at, t.updated_at
FROM person t LEFT JOIN company c ON c.id = t.company_id
LEFT JOIN category k ON k.id = coalesce(c.category_id, t.own_category_id)
LEFT JOIN app_user o ON o.id = coalesce(c.owner_id, t.own_owner_id)
LEFT JOIN lead_status s ON s.id = t.lead_status_id
WHERE t.retired = 0 ORDER BY t.id"""
_TRUTHS = {
    "has_company": "t.company_id IS NOT NULL",
    "active": f"({_APPLIES}) IS NULL",
    "retired": "t.retired = 1",
}

# All the closed opportunities, and their entries with them.
_CLOSED = "opportunity_id IN (SELECT id FROM opportunity WHERE closed_on IS NOT NULL)"
_DELETE = f"""
DELETE FROM entry WHERE {_CLOSED};
DELETE FROM opportunity WHERE closed_on IS NOT NULL;
"""
PURGE = (
    _BEGIN.format(command="closed delete", undoes="NULL")
    + _DELETE
    + """
UPDATE change SET records = :ROW_COUNT, purged = 1, first_history_id = :before + 1,
    last_history_id = :before WHERE id = :change;
COMMIT;
"""
)


def _images(table: Table, part_of: str, where: str) -> str:
    """The rows of a table as JSON, into the history."""
    columns = ", ".join(f"t.{name}" for name in table.all_columns())
    return f"""
INSERT INTO history (change_id, entity, entity_id, old, part_of)
SELECT :change, '{table.entity}', t.id, row_to_json((SELECT x FROM (SELECT {columns}) x)), {part_of}
FROM {table.name} t WHERE {where} ORDER BY t.id;
"""


DELETE = (
    _BEGIN.format(command="closed delete", undoes="NULL")
    + _images(opportunity.ENTRY, "t.opportunity_id", _CLOSED)
    + _images(opportunity.TABLE, "NULL", "closed_on IS NOT NULL")
    + _DELETE
    + _END.format(records=":ROW_COUNT")
)

_NEXT = (
    _BEGIN.format(command="opportunity next", undoes="NULL")
    + f"""
CREATE TEMP TABLE moved AS SELECT e.id AS before, e.opportunity_id, e.cycle_id, e.stage,
    e.days_open AS old_days, CAST('{{today}}' AS date) - CAST(e.date AS date) AS days,
    e.estimated_value_minor AS value, n.number, n.name, n.name_key, n.chances, n.completed,
    (n.chances * n.completed + 5000) / 10000 AS probability
FROM opportunity t JOIN entry e ON e.opportunity_id = t.id AND e.active = 1
JOIN stage n ON n.cycle_id = e.cycle_id AND n.number = (SELECT min(x.number) FROM stage x
    WHERE x.cycle_id = e.cycle_id AND x.number > e.stage)
WHERE t.status = 'in_progress' AND t.id <= {{last}};
SELECT max(id) AS last FROM entry \\gset
{HISTORY} SELECT :change, 'entry', before, 'active', '1', '0', NULL, NULL
FROM moved ORDER BY before;
{HISTORY} SELECT :change, 'entry', before, 'days_open', old_days, days, NULL, NULL
FROM moved WHERE days <> old_days ORDER BY before;
UPDATE entry SET active = 0, days_open = m.days FROM moved m WHERE entry.id = m.before;
INSERT INTO entry (opportunity_id, cycle_id, action, stage, stage_name, stage_name_key,
    previous_stage, date, active, estimated_value_minor, chances, completed, probability,
    calculated_value_minor, close_date)
SELECT opportunity_id, cycle_id, 'next', number, name, name_key, stage, '{{today}}', 1, value,
    chances, completed, probability, (value * probability + 5000) / 10000, '{{close_date}}'
FROM moved ORDER BY opportunity_id;
"""
    + _CREATED.format(table="entry")
    + _END.format(records="(SELECT count(*) FROM moved)")
)


def import_sql(file: Path) -> str:
    """The import of a file from ``build.write_csv``."""
    return _IMPORT.format(file=file)


def csv_sql(today: str) -> str:
    """All fields of ``person list``, as CSV has them."""
    cells = {name: f"CASE WHEN {sql} THEN 'true' ELSE 'false' END" for name, sql in _TRUTHS.items()}
    return f"COPY ({_PEOPLE.format(today=today, **cells)}) TO STDOUT (FORMAT csv, HEADER);"


def ndjson_sql(today: str) -> str:
    """The same as an object per line."""
    cells = {name: f"({sql})" for name, sql in _TRUTHS.items()}
    rows = _PEOPLE.format(today=today, **cells)
    return f"\\pset format unaligned\n\\pset tuples_only\nSELECT row_to_json(x) FROM ({rows}) x;"


def next_sql(today: str, last: int, close_date: str) -> str:
    """Every opportunity up to the number ``last`` that is in progress moves."""
    return _NEXT.format(today=today, last=last, close_date=close_date)
