"""What ``sqlite3`` and ``psql`` are given to count what a board and the dashboard show: a GROUP BY for
each tile, from a covering index where there is one. Each row is tile, group and count.
"""

from __future__ import annotations

from datetime import date, timedelta

BOARD = """
SELECT 'board', (SELECT key FROM lead_status WHERE id = lead_status_id), n
FROM (SELECT lead_status_id, count(*) AS n FROM person WHERE retired = 0 GROUP BY lead_status_id) AS counted;
"""

_LEADS = """
SELECT '{tile}', {column}, count(*) FROM person
WHERE {column}_key IS NOT NULL AND created_at >= '{year}' AND created_at < '{year}-13'
    AND +retired = 0 AND (has_lead_creation = 1 OR lead_status_id IS NOT NULL)
GROUP BY {column}, {column}_key;
"""
_TILES = """
SELECT 'leads_from_forms', NULL, count(*) FROM person
WHERE form_id IS NOT NULL AND created_at >= '{year}' AND created_at < '{year}-13' AND +retired = 0;
SELECT 'companies_by_category', (SELECT key FROM category WHERE id = category_id), n
FROM (SELECT category_id, count(*) AS n FROM company GROUP BY category_id) AS counted;
SELECT 'open_by_stage', stage, count(*) FROM entry
WHERE active = 1 AND stage IS NOT NULL GROUP BY cycle_id, stage;
SELECT 'forecast_by_month', substr(day, 1, 7), sum(n) FROM (
    SELECT close_date AS day, count(*) AS n FROM entry WHERE active = 1 AND stage IS NOT NULL
    GROUP BY cycle_id, stage, close_date) AS counted GROUP BY 2;
SELECT 'win_rate', action, count(*) FROM entry
WHERE active = 1 AND stage IS NULL GROUP BY action;
SELECT 'lost_codes', (SELECT key FROM close_code WHERE id = close_code_id), n
FROM (SELECT close_code_id, count(*) AS n FROM entry
    WHERE active = 1 AND stage IS NULL AND action = 'lost' GROUP BY close_code_id) AS counted;
SELECT 'overdue', NULL, count(*) FROM entry
WHERE active = 1 AND stage IS NOT NULL AND close_date < '{today}';
SELECT 'due_soon', NULL, count(*) FROM entry WHERE active = 1 AND stage IS NOT NULL
    AND close_date BETWEEN '{today}' AND '{week}';
SELECT 'top_opportunities', opportunity_id, 1 AS n FROM entry WHERE active = 1 AND stage IS NOT NULL
ORDER BY estimated_value_minor DESC, opportunity_id LIMIT 5;
"""
# The lists of what is due are read as well.
_LISTS = """
CREATE TEMP TABLE due AS SELECT opportunity_id FROM entry
WHERE active = 1 AND stage IS NOT NULL AND close_date < '{today}'
ORDER BY close_date, opportunity_id LIMIT 10;
INSERT INTO due SELECT opportunity_id FROM entry WHERE active = 1 AND stage IS NOT NULL
    AND close_date BETWEEN '{today}' AND '{week}'
ORDER BY close_date, opportunity_id LIMIT 10;
"""
_NEW = """
SELECT 'new_leads', NULL, (SELECT count(*) FROM person WHERE lead_status_id IS NOT NULL
        AND created_at >= '{year}' AND created_at < '{year}-13' AND +retired = 0)
    + (SELECT count(*) FROM person WHERE lead_status_id IS NULL AND lead_creation IS NOT NULL
        AND created_at >= '{year}' AND created_at < '{year}-13' AND +retired = 0);
"""
_COLUMNS = {
    "new_leads_by_source": "lead_creation_source",
    "new_leads_by_campaign": "lead_creation_campaign",
    "new_leads_by_first_touch": "first_touch_source",
}


def dashboard_sql(today: str) -> str:
    """All tiles; the qualification funnel and people by status are one count each."""
    year = today[:4]
    week = (date.fromisoformat(today) + timedelta(days=7)).isoformat()
    by_status = (BOARD.replace("'board'", f"'{tile}'") for tile in ("funnel", "people_by_status"))
    leads = (
        _LEADS.format(tile=tile, column=column, year=year) for tile, column in _COLUMNS.items()
    )
    rest = (sql.format(year=year, today=today, week=week) for sql in (_NEW, _TILES, _LISTS))
    return "".join([*by_status, *leads, *rest])
