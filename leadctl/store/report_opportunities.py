"""The SQL of the reports on opportunities and their ledger.

``{rows}`` and ``{where}`` are the FROM clause and the condition of the opportunities that count,
with ``t`` as the alias of their table and ``e`` as that of the active entry. ``SOURCES`` are what
the reports on the present state are made of.
"""

from __future__ import annotations

from leadctl.store.opportunity import CLOSINGS, OPEN
from leadctl.store.report_parts import MEDIAN, TRANSITIONS
from leadctl.store.tables import hundredths

SOURCES = {"pipeline": OPEN, "forecast": OPEN, "ageing": OPEN, "win-loss": CLOSINGS}

# Counted before anything is joined, in the order of the index of what is open.
_COUNTED = """(SELECT e.cycle_id AS cycle, e.stage AS stage, e.close_date AS day, count(*) AS n,
    sum(e.estimated_value_minor) AS estimated, sum(e.calculated_value_minor) AS calculated
FROM {rows} WHERE {where}
GROUP BY e.cycle_id, e.stage, e.close_date) counted"""
_SUMS = (
    f"sum(counted.n), {hundredths('sum(counted.estimated)')},"
    f" {hundredths('sum(counted.calculated)')}"
)
_WON_VALUE = hundredths(
    "coalesce(sum(CASE WHEN e.action = 'won' THEN e.calculated_value_minor END), 0)"
)

# What is open and started, per stage of each sales cycle.
PIPELINE = f"""SELECT way.key, counted.stage, stand.name, {_SUMS}
FROM {_COUNTED} JOIN sales_cycle way ON way.id = counted.cycle
    JOIN stage stand ON stand.cycle_id = counted.cycle AND stand.number = counted.stage
GROUP BY counted.cycle, counted.stage, way.key, stand.name
ORDER BY counted.cycle, counted.stage"""

# The same per month in which it is expected to close.
FORECAST = f"""SELECT substr(counted.day, 1, 7) AS month, {_SUMS}
FROM {_COUNTED}
GROUP BY month ORDER BY month"""

# What was closed, in one row; with _BY, in one per group. A won one is worth what was sold.
WIN_LOSS = f"""SELECT {{group}} AS grp, coalesce(sum(e.action = 'won'), 0),
    coalesce(sum(e.action = 'lost'), 0), {_WON_VALUE}
FROM {{rows}} WHERE {{where}}"""
WIN_LOSS_BY = WIN_LOSS + "\nGROUP BY grp, {order} ORDER BY {order} NULLS LAST, grp"

# Days that open opportunities have been on the stage where they are.
AGEING = f"""WITH aged AS (
    SELECT {{group}} AS grp, {{order}} AS rank, {OPEN.fields["stage_age"].sql} AS days
    FROM {{rows}} WHERE {{where}}),
placed AS (
    SELECT grp, rank, days, row_number() OVER (PARTITION BY grp, rank ORDER BY days) AS place,
        count(*) OVER (PARTITION BY grp, rank) AS n
    FROM aged)
SELECT grp, max(n), min(days), {MEDIAN}, max(days)
FROM placed GROUP BY grp, rank ORDER BY rank NULLS LAST, grp"""

# How many different opportunities ever stood on each stage of a cycle, and on any.
STAGE_FUNNEL = """WITH stood AS (
    SELECT DISTINCT x.opportunity_id, x.stage FROM entry x
    WHERE x.cycle_id = :cycle AND x.stage IS NOT NULL
        AND x.opportunity_id IN (SELECT t.id FROM {rows} WHERE {where}))
SELECT item.number, item.name, (SELECT count(*) FROM stood WHERE stood.stage = item.number),
    (SELECT count(DISTINCT stood.opportunity_id) FROM stood)
FROM stage item WHERE item.cycle_id = :cycle ORDER BY item.number"""

# A visit is an entry that is no update, with the updates that follow it.
_STAYS = """WITH ledger AS (
    SELECT x.*, sum(x.action <> 'updated') OVER (PARTITION BY x.opportunity_id ORDER BY x.id)
        AS visit
    FROM entry x WHERE x.opportunity_id IN (SELECT t.id FROM {rows} WHERE {where})),
stays AS (
    SELECT opportunity_id, cycle_id, visit, stage, max(stage_name) AS stage_name,
        min(action) AS action, min(date) AS entered, sum(days_open) AS days,
        sum(active = 0) AS over, max(active) AS here
    FROM ledger GROUP BY opportunity_id, cycle_id, visit, stage)"""

# From stage to stage, or to a closing, visit by visit.
STAGE_CONVERSION = f"""{_STAYS},
visits AS (
    SELECT stage AS a, lead(coalesce(CAST(stage AS TEXT), action)) OVER
        (PARTITION BY opportunity_id ORDER BY visit) AS b, entered, days
    FROM stays),
{TRANSITIONS}
ORDER BY a, CASE WHEN b <> 'won' AND b <> 'lost' THEN CAST(b AS BIGINT) END NULLS LAST,
    b NULLS LAST"""

# Visits of each stage that anything ever stood on, and the average days per entry and per visit of
# what is over; a stage that is gone goes by the name that the ledger knows.
STAGE_HISTORY = f"""{_STAYS}
SELECT way.key, stay.stage, coalesce(item.name, max(stay.stage_name)), count(*),
    sum(stay.here = 0), round(sum(stay.days) * 1.0 / nullif(sum(stay.over), 0), 2),
    round(avg(CASE WHEN stay.here = 0 THEN stay.days END), 2)
FROM stays stay JOIN sales_cycle way ON way.id = stay.cycle_id
    LEFT JOIN stage item ON item.cycle_id = stay.cycle_id AND item.number = stay.stage
WHERE stay.stage IS NOT NULL AND stay.entered BETWEEN :since AND :until
GROUP BY stay.cycle_id, stay.stage, way.key, item.name ORDER BY stay.cycle_id, stay.stage"""

# The country of an opportunity is that of the contact's company, else of the person.
CONTACT_COUNTRY = "coalesce(c.country_key, p.country_key) = :country"
