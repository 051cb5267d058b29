"""What the SQL of several reports shares."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leadctl.store.select import Condition
    from leadctl.store.tables import Source

# The median of ``days`` in a group whose rows carry their ``place`` and how many there are, ``n``.
MEDIAN = "avg(CASE WHEN place IN ((n + 1) / 2, (n + 2) / 2) THEN days END)"

# The end of both reports of conversion, from ``visits (a, b, entered, days)``: a stay at ``a`` that
# ended in ``b``, NULL while it goes on: what has had no time to end has a row of its own, without
# days. The share is that of all stays at ``a``.
TRANSITIONS = f"""began AS (
    SELECT a, b, days FROM visits WHERE a IS NOT NULL AND entered BETWEEN :since AND :until),
totals AS (SELECT a, count(*) AS n FROM began GROUP BY a),
placed AS (
    SELECT a, b, days, row_number() OVER (PARTITION BY a, b ORDER BY days) AS place,
        count(*) OVER (PARTITION BY a, b) AS n
    FROM began)
SELECT a, b, max(n), (SELECT n FROM totals WHERE totals.a = placed.a),
    CASE WHEN b IS NOT NULL THEN {MEDIAN} END
FROM placed GROUP BY a, b"""


def statement(skeleton: str, source: Source, where: Condition, **parts: str) -> str:
    """A report's SQL for the records of ``source`` for which ``where`` holds.

    Only the joins are kept whose alias, one letter, the statement mentions.
    """
    parts["today"] = ":today"
    used = skeleton.format(rows="", where=where.sql, **parts)
    rows = source.from_sql(re.sub(r"\w{2,}\.", "", used))
    sql = skeleton.format(rows=rows, where=where.sql, **parts)
    return sql.replace("{today}", ":today")
