"""What must hold in every file, as SQL that finds what breaks it.

A query has one column: what is wrong, by kind and number. A rule without SQL is about the database
itself, which has it: ``Engine.structure``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from leadctl.model import Type
from leadctl.store import opportunity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from leadctl.store.tables import Table

RESTORE = "db restore brings a backup back; sqlite3 FILE .recover saves what can be read"
FOREIGN = (
    "something else than leadctl wrote this: take it back there, or bring a backup back with"
    " db restore"
)
# The same for a database on a server.
ON_SERVER = {
    RESTORE: "the log of the server tells more; restore it from a backup",
    FOREIGN: "something else than leadctl wrote this: take it back there, or restore a backup",
}


class Invariant(NamedTuple):
    """A rule: its name, SQL that finds what breaks it, and how to mend that."""

    rule: str
    sql: str
    hint: str = FOREIGN


# Method -> the exact probability of an entry ``t``, in parts of 100,000,000 (forecast.PROBABILITY).
_EXACT = """CASE m.method WHEN 'multiply' THEN t.chances * t.completed
        WHEN 'add' THEN (t.chances + t.completed) * 5000
        WHEN 'chances' THEN t.chances * 10000 ELSE t.completed * 10000 END"""
# Editing a cycle leaves its entries alone: the methods are those that it ever had.
_METHODS = """SELECT y.id, y.method FROM sales_cycle y
    UNION SELECT h.entity_id, h.old FROM history h WHERE h.entity = 'cycle' AND h.field = 'method'
    UNION SELECT h.entity_id, h.new FROM history h WHERE h.entity = 'cycle' AND h.field = 'method'"""
# Value times probability, in two parts: the whole product would not fit into 64 bits.
FIGURES = f"""WITH method (cycle_id, method) AS ({_METHODS})
SELECT 'entry ' || t.id FROM entry t WHERE CASE t.action
    WHEN 'won' THEN t.chances <> 10000 OR t.completed <> 10000 OR t.probability <> 10000
        OR t.calculated_value_minor <= 0
    WHEN 'lost' THEN t.chances <> 0 OR t.completed <> 10000 OR t.probability <> 0
        OR t.calculated_value_minor <> 0
    ELSE NOT EXISTS (SELECT 1 FROM (SELECT {_EXACT} AS exact FROM method m
            WHERE m.cycle_id = t.cycle_id)
        WHERE t.probability = (exact + 5000) / 10000 AND t.calculated_value_minor =
            t.estimated_value_minor / 100000000 * exact
            + (t.estimated_value_minor % 100000000 * exact + 50000000) / 100000000)
    END ORDER BY t.id"""
_OPEN_ACTION = "e.action <> 'won' AND e.action <> 'lost'"
_FOLLOWING = "OVER (PARTITION BY opportunity_id ORDER BY id)"
_DATES = (
    ("opportunity", "created_on"),
    ("opportunity", "closed_on"),
    ("entry", "date"),
    ("entry", "close_date"),
    ("entry", "closed_on"),
    ("quote", "created_on"),
    ("sales_order", "created_on"),
)
_INSTANTS = (
    ("company", "created_at"),
    ("company", "updated_at"),
    ("person", "created_at"),
    ("person", "updated_at"),
    ("person", "status_since"),
    ("capture", "at"),
    ("change", "at"),
    ("change", "stamp"),
)

INVARIANTS = (
    Invariant("integrity", "", RESTORE),
    Invariant("foreign_keys", "", FOREIGN),
    Invariant(
        "active_entry",
        """SELECT 'opportunity ' || o.id FROM opportunity o
    LEFT JOIN (SELECT opportunity_id, count(*) AS n, sum(active) AS active, max(id) AS newest,
        max(CASE WHEN active = 1 THEN id END) AS current FROM entry GROUP BY opportunity_id) e
        ON e.opportunity_id = o.id
WHERE CASE o.status WHEN 'not_started' THEN e.n IS NOT NULL
    ELSE e.active IS DISTINCT FROM 1 OR e.current <> e.newest END ORDER BY o.id""",
    ),
    Invariant(
        "entry_action",
        f"""SELECT 'opportunity ' || o.id FROM opportunity o
    JOIN entry e ON e.opportunity_id = o.id AND e.active = 1
WHERE CASE o.status WHEN 'in_progress' THEN NOT ({_OPEN_ACTION})
    WHEN 'not_started' THEN false ELSE e.action <> o.status END ORDER BY o.id""",
    ),
    Invariant(
        "opportunity_links",
        f"SELECT 'opportunity ' || o.id FROM {opportunity.WITH_ENTRY}"
        f" WHERE ({opportunity.CONSISTENT}) IS NOT TRUE ORDER BY o.id",
    ),
    Invariant(
        "closed_dates",
        """SELECT 'opportunity ' || o.id FROM opportunity o
    LEFT JOIN entry e ON e.opportunity_id = o.id AND e.active = 1
WHERE o.closed_on IS DISTINCT FROM e.closed_on OR (o.closed_on IS NOT NULL)
    <> (o.status = 'won' OR o.status = 'lost') OR e.closed_on <> e.date ORDER BY o.id""",
    ),
    Invariant(
        "entry_dates",
        f"""SELECT 'entry ' || id FROM
    (SELECT id, date, lag(date) {_FOLLOWING} AS before FROM entry) WHERE date < before ORDER BY id""",
    ),
    Invariant(
        "days_open",
        f"""SELECT 'entry ' || id FROM
    (SELECT id, date, days_open, lead(date) {_FOLLOWING} AS next FROM entry)
WHERE days_open <> coalesce(CAST(julianday(next) - julianday(date) AS INTEGER), 0) ORDER BY id""",
    ),
    Invariant("figures", FIGURES),
    Invariant(
        "dates",
        "\nUNION ALL ".join(
            [
                f"SELECT '{table} ' || id || ' {name}' FROM {table}"
                f" WHERE date({name}, '+0 days') IS DISTINCT FROM {name}"
                for table, name in _DATES
            ]
            + [
                f"SELECT '{table} ' || id || ' {name}' FROM {table}"
                f" WHERE strftime('%Y-%m-%dT%H:%M:%SZ', {name}, '+0 days') IS DISTINCT FROM {name}"
                for table, name in _INSTANTS
            ]
        ),
    ),
    Invariant(
        "default_status",
        """SELECT 'lead_status ' || id FROM lead_status WHERE is_default = 1 AND
    (deleted = 1 OR (SELECT count(*) FROM lead_status WHERE is_default = 1) > 1)
UNION ALL SELECT 'lead_status' WHERE NOT EXISTS (SELECT 1 FROM lead_status WHERE is_default = 1)""",
        "lead-status edit KEY --default names the default",
    ),
    Invariant(
        "lead_status_flag",
        "SELECT 'category ' || id FROM category WHERE lead_status_enabled = 1"
        " AND group_key IS DISTINCT FROM 'potential_customer' ORDER BY id",
        "category edit KEY --no-lead-status, or --group potential_customer",
    ),
    Invariant(
        "status_since",
        "SELECT 'person ' || id FROM person WHERE lead_status_id IS NOT NULL"
        " AND status_since IS NULL ORDER BY id",
    ),
    Invariant(
        "own_values",
        "SELECT 'person ' || id FROM person WHERE company_id IS NOT NULL"
        " AND (own_category_id IS NOT NULL OR own_owner_id IS NOT NULL) ORDER BY id",
    ),
    Invariant(
        "quotes",
        """SELECT 'quote ' || q.id FROM quote q WHERE (q.status = 'ordered') <>
    EXISTS (SELECT 1 FROM sales_order r WHERE r.quote_id = q.id)
UNION ALL SELECT 'quote ' || q.id || ' total' FROM quote q WHERE json_valid(q.lines) AND q.total_minor
    <> (SELECT coalesce(sum(CAST(value ->> 'total_minor' AS BIGINT)), 0) FROM json_each(q.lines))
UNION ALL SELECT 'order ' || r.id || ' total' FROM sales_order r WHERE json_valid(r.lines)
    AND r.total_minor <> (SELECT coalesce(sum(CAST(value ->> 'total_minor' AS BIGINT)), 0) FROM json_each(r.lines))""",
    ),
    Invariant(
        "members",
        "SELECT 'member ' || m.id FROM member m JOIN selection l ON l.id = m.selection_id"
        " WHERE l.kind <> 'static' ORDER BY m.id",
    ),
    Invariant(
        "combined",
        """SELECT 'selection ' || l.id FROM selection l JOIN selection a
    ON a.id = l.source_a_id OR a.id = l.source_b_id
WHERE a.kind = 'combined' OR a.entity <> l.entity ORDER BY l.id""",
    ),
    Invariant(
        "history",
        """SELECT 'history ' || h.id FROM history h JOIN change n ON n.id = h.change_id
    WHERE h.id NOT BETWEEN n.first_history_id AND n.last_history_id
UNION ALL SELECT 'change ' || n.id FROM change n WHERE n.purged = 0
    AND n.last_history_id - n.first_history_id + 1 <> (SELECT count(*) FROM history h
        WHERE h.id BETWEEN n.first_history_id AND n.last_history_id AND h.change_id = n.id)
UNION ALL SELECT 'change ' || n.id || ' records' FROM change n WHERE n.purged = 0 AND n.records >
    (SELECT count(*) FROM history h WHERE h.id BETWEEN n.first_history_id AND n.last_history_id)
    AND n.last_history_id >= n.first_history_id
UNION ALL SELECT 'history ' || id || ' part_of' FROM history WHERE entity = 'entry'
    AND field IS NULL AND json_valid(old) AND part_of IS DISTINCT FROM CAST(old ->> 'opportunity_id' AS BIGINT)
UNION ALL SELECT 'change ' || n.id || ' undoes' FROM change n WHERE n.undoes >= n.id
    OR n.undone_by <= n.id""",
    ),
    Invariant("search_index", ""),
)


def json_columns(all_tables: Iterable[Table]) -> Invariant:
    """Every column with JSON holds an object or an array, as its type says; so do images."""
    kinds = {Type.JSON: "object", Type.ARRAY: "array"}

    def parts() -> Iterator[str]:
        for table in all_tables:
            for column in table.columns:
                if column.type in kinds:
                    valid = f"json_valid({column.name})"
                    kind = f"json_type({column.name}) <> '{kinds[column.type]}'"
                    yield (
                        f"SELECT '{table.entity} ' || id || ' {column.name}' FROM {table.name}"
                        f" WHERE {column.name} IS NOT NULL"
                        f" AND CASE WHEN {valid} THEN {kind} ELSE true END"
                    )
        yield (
            "SELECT 'history ' || id FROM history WHERE field IS NULL AND old IS NOT NULL"
            " AND NOT json_valid(old)"
        )

    return Invariant("json", "\nUNION ALL ".join(parts()))


def folded_keys(all_tables: Iterable[Table]) -> Invariant:
    """Every text that is compared has its case-folded copy beside it.

    The SQL finds the texts that are to be looked at, with their copies: it folds ASCII only.
    """

    def parts() -> Iterator[str]:
        for table in all_tables:
            for column in table.columns:
                if column.folded:
                    text, key = column.name, f"{column.name}_key"
                    yield (
                        f"SELECT '{table.entity} ' || id || ' {text}', {text}, {key} FROM {table.name}"
                        f" WHERE {key} IS DISTINCT FROM lower({text})"
                        f" OR length({text}) <> length(CAST({text} AS BLOB))"
                    )

    return Invariant(
        "folded_keys",
        "\nUNION ALL ".join(parts()),
        "edit these texts to something else and back",
    )
