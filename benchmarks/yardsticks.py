"""What ``sqlite3`` is given to do: the work of each leadctl verb, as one would write it by hand.

Equal terms: one transaction, foreign keys, ``synchronous = FULL``, WAL, the ``cache_size`` that
leadctl writes with; the change and its history are written as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from build import insert_sql
from leadctl.cli.lines import LARGEST_SET
from leadctl.labels import en
from leadctl.store import person
from leadctl.store.sqlite import WRITING_CACHE_KIB

if TYPE_CHECKING:
    from pathlib import Path

USER = "bench"
NOW = "strftime('%Y-%m-%dT%H:%M:%SZ', 'now')"
CHANGE = "(SELECT max(id) FROM change)"
HISTORY = (
    "INSERT INTO history (change_id, entity, entity_id, field, old, new, was_updated_at, was_since)"
)

_BEGIN = f"""
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA foreign_keys = ON;
PRAGMA cache_size = -{WRITING_CACHE_KIB};
BEGIN IMMEDIATE;
CREATE TEMP TABLE start AS SELECT {NOW} AS now,
    (SELECT coalesce(max(id), 0) FROM history) AS history;
INSERT INTO change (at, stamp, author, command, undoes)
SELECT now, now, '{USER}', '{{command}}', {{undoes}} FROM start;
"""
_END = f"""
UPDATE change SET records = (SELECT max(id) FROM history) - (SELECT history FROM start),
    first_history_id = (SELECT history + 1 FROM start),
    last_history_id = (SELECT max(id) FROM history) WHERE id = {CHANGE};
COMMIT;
"""
_NOW = "(SELECT now FROM start)"

SET_STATUS = (
    _BEGIN.format(command="person set-status", undoes="NULL")
    + f"""
{HISTORY}
SELECT {CHANGE}, 'person', t.id, 'lead_status', s.key, 'qualified', t.updated_at, t.status_since
FROM person t LEFT JOIN lead_status s ON s.id = t.lead_status_id
WHERE t.retired = 0 AND t.lead_status_id IS NOT 5;
UPDATE person SET lead_status_id = 5, status_since = {_NOW}, updated_at = {_NOW}
WHERE retired = 0 AND lead_status_id IS NOT 5;
"""
    + _END
)

# All the closed opportunities, and their entries with them.
DELETE = (
    _BEGIN.format(command="closed delete", undoes="NULL")
    + """
DELETE FROM entry WHERE opportunity_id IN (SELECT id FROM opportunity WHERE closed_on IS NOT NULL);
DELETE FROM opportunity WHERE closed_on IS NOT NULL;
UPDATE change SET records = changes(), purged = 1, first_history_id = 1 WHERE id = 1;
COMMIT;
"""
)

_SET_ONE = """
{HISTORY}
SELECT {CHANGE}, 'person', t.id, 'lead_status', s.key, '{status}', t.updated_at, t.status_since
FROM person t LEFT JOIN lead_status s ON s.id = t.lead_status_id
WHERE t.id = {id} AND t.lead_status_id IS NOT {number};
UPDATE person SET lead_status_id = {number}, status_since = {_NOW}, updated_at = {_NOW}
WHERE id = {id} AND lead_status_id IS NOT {number};
"""
_NUMBERS = {key: number for number, key in enumerate(en.LEAD_STATUS, 1)}


def batch_sql(lines: list[tuple[int, str]]) -> str:
    """One INSERT and one UPDATE per line, in one transaction and one change.

    Lines in sets of 1,000, or alone, make a layered change; one set is none.
    """
    alone = len({status for _, status in lines}) > 1
    layered = int(alone or len(lines) > LARGEST_SET)
    names = {"HISTORY": HISTORY, "CHANGE": CHANGE, "_NOW": _NOW}
    sets = (
        _SET_ONE.format(id=id, status=status, number=_NUMBERS[status], **names)
        for id, status in lines
    )
    end = _END.replace("SET records", f"SET layered = {layered}, records")
    return _BEGIN.format(command="batch", undoes="NULL") + "".join(sets) + end


# The change to undo is the first of the file, and all that its history has.
UNDO = (
    _BEGIN.format(command="change undo", undoes="1")
    + f"""
{HISTORY}
SELECT {CHANGE}, 'person', t.id, 'lead_status', s.key, h.old, t.updated_at, t.status_since
FROM history h JOIN person t ON t.id = h.entity_id LEFT JOIN lead_status s ON s.id = t.lead_status_id
WHERE h.change_id = 1;
UPDATE person SET lead_status_id = (SELECT id FROM lead_status WHERE key = h.old),
    status_since = h.was_since, updated_at = h.was_updated_at
FROM history h WHERE h.change_id = 1 AND h.entity_id = person.id;
UPDATE change SET undone_by = {CHANGE} WHERE id = 1;
"""
    + _END
)

_FRESH = {
    **{name: f"f.{name}" for name in ("external_id", "first_name", "last_name", "email")},
    "country": "f.country",
    "company_id": "c.id",
    "lead_status_id": "CASE WHEN k.lead_status_enabled THEN 1 END",
    "status_since": f"CASE WHEN k.lead_status_enabled THEN {_NOW} END",
    "created_at": _NOW,
    "updated_at": _NOW,
}
_IMPORT = (
    _BEGIN.format(command="person import", undoes="NULL")
    + f"""
CREATE TEMP TABLE fresh (external_id, first_name, last_name, email, country, company);
.import --csv --schema temp --skip 1 {{file}} fresh
CREATE TEMP TABLE before AS SELECT coalesce(max(id), 0) AS id FROM person;
{insert_sql(person.TABLE, _FRESH)}
FROM fresh f CROSS JOIN company c ON c.name_key = lower(f.company)
LEFT JOIN category k ON k.id = c.category_id ORDER BY f.rowid;
{HISTORY}
SELECT {CHANGE}, 'person', id, NULL, NULL, NULL, NULL, NULL FROM person
WHERE id > (SELECT id FROM before) ORDER BY id;
"""
    + _END
)

_APPLIES = """CASE
    WHEN t.company_id IS NULL AND (SELECT value FROM setting
        WHERE key = 'lead_status.require_company') = 'true' THEN 'no_company'
    WHEN k.id IS NULL THEN 'no_category'
    WHEN k.group_key IS NOT 'potential_customer' THEN 'wrong_group'
    WHEN NOT k.lead_status_enabled THEN 'flag_off' END"""
_BOOLEAN = "CASE WHEN {} THEN 'true' ELSE 'false' END"
_EXPORT = f"""
SELECT t.id, t.external_id, t.first_name, t.last_name,
    trim(coalesce(t.first_name, '') || ' ' || coalesce(t.last_name, '')) AS name, t.title, t.email,
    t.phone, t.country, t.company_id, c.name AS company,
    {_BOOLEAN.format("t.company_id IS NOT NULL")} AS has_company,
    k.key AS category, k.group_key AS category_group, s.key AS lead_status,
    {_BOOLEAN.format(f"({_APPLIES}) IS NULL")} AS lead_status_active,
    {_APPLIES} AS lead_status_reason, t.status_since,
    CAST(julianday('{{today}}') - julianday(substr(t.status_since, 1, 10)) AS INTEGER)
        AS status_age,
    o.key AS owner, {_BOOLEAN.format("t.retired")} AS retired, NULL AS form,
    coalesce(t.extra, '{{{{}}}}') AS extra, t.created_at, t.updated_at
FROM person t LEFT JOIN company c ON c.id = t.company_id
LEFT JOIN category k ON k.id = coalesce(c.category_id, t.own_category_id)
LEFT JOIN app_user o ON o.id = coalesce(c.owner_id, t.own_owner_id)
LEFT JOIN lead_status s ON s.id = t.lead_status_id
WHERE t.retired = 0 ORDER BY t.id;
"""


def import_sql(file: Path) -> str:
    """The import of a file from ``build.write_csv``."""
    return _IMPORT.format(file=file)


def export_sql(today: str) -> str:
    """All fields of ``person list``, as CSV has them."""
    return _EXPORT.format(today=today)
