"""The SQL of the reports on people: where they came from, and how far they have got.

``{rows}`` and ``{where}`` are the FROM clause and the condition of the people that count, with
``t`` as the alias of their table (``report_parts.statement`` fills them in).
"""

from __future__ import annotations

from leadctl.store.report_parts import TRANSITIONS
from leadctl.store.tables import truth

# People per lead status, in the order of the list; deleted ones only where somebody has them.
FUNNEL = """SELECT item.key, item.name, coalesce(w.n, 0), coalesce(sum(w.n) OVER (), 0)
FROM lead_status item LEFT JOIN
    (SELECT t.lead_status_id AS id, count(*) AS n FROM {rows} WHERE {where}
    GROUP BY t.lead_status_id) w ON w.id = item.id
WHERE item.deleted = 0 OR w.n > 0
ORDER BY item.rank, item.id"""

# People per source, how many of them are qualified now, and how many brought a won opportunity. The
# signs keep SQLite from looking through all that is won, or of a cycle, once per person.
_QUALIFIED = "t.lead_status_id = (SELECT id FROM lead_status WHERE key = 'qualified')"
_WON = """EXISTS (SELECT 1 FROM opportunity d
        WHERE d.person_id = t.id AND +d.status = 'won' {of_cycle})"""
SOURCES = f"""SELECT {{group}} AS grp, count(*), coalesce(sum({truth(_QUALIFIED)}), 0),
    sum({truth(_WON)})
FROM {{rows}} WHERE {{where}}
GROUP BY grp, {{order}}
ORDER BY {{order}} NULLS LAST, grp"""

# Each stay of a person in a lead status: from when, to which status, after how many days. The last
# one goes on. People are created with a status or get one later, from none. What was undone does not
# count, nor does an undo.
CONVERSION = f"""WITH moved AS (
    SELECT h.entity_id AS person, h.id, h.old AS a, h.new AS b, substr(n.stamp, 1, 10) AS day
    FROM history h JOIN change n ON n.id = h.change_id
    WHERE h.entity = 'person' AND h.field = 'lead_status' AND n.undoes IS NULL
        AND n.undone_by IS NULL AND h.entity_id IN (SELECT t.id FROM {{rows}} WHERE {{where}})),
dated AS (
    SELECT moved.a, moved.b, moved.day, coalesce(lag(moved.day) OVER
        (PARTITION BY moved.person ORDER BY moved.id), substr(who.created_at, 1, 10)) AS entered
    FROM moved JOIN person who ON who.id = moved.person),
visits AS (
    SELECT a, b, entered, CAST(julianday(day) - julianday(entered) AS INTEGER) AS days FROM dated
    UNION ALL
    SELECT item.key, NULL, substr(t.status_since, 1, 10), NULL
    FROM {{rows}} JOIN lead_status item ON item.id = t.lead_status_id WHERE {{where}}),
{TRANSITIONS}
ORDER BY (SELECT rank FROM lead_status WHERE key = a),
    (SELECT rank FROM lead_status WHERE key = b) NULLS LAST"""

# Who counts as a new lead: people with a lead status, or of whom it is known where they came from.
CAME_FROM = "t.lead_creation IS NOT NULL"
NEW_LEADS = "(t.has_lead_creation = 1 OR t.lead_status_id IS NOT NULL)"

# Whose opportunities are not closed yet may still be won.
UNDECIDED = """EXISTS (SELECT 1 FROM opportunity d
    WHERE d.person_id = t.id AND d.closed_on IS NULL)"""
