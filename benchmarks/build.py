"""Build a large leadctl file: ``python benchmarks/build.py FILE [--people N] [--leads]``.

A tenth as many companies as people, spread over the built-in categories and ten owners; the same
file for the same number, whoever builds it. Of a third of the people it is known where they came
from, and half of those were created the year before. With ``--leads`` every category has lead
status and nobody is qualified, so that ``set-status`` to qualified changes everybody.

With ``--deals`` there are as many opportunities as people, each with three entries: a quarter of
them won, a quarter lost, the others open on the second stage of the built-in cycle. ``--csv FILE``
writes as many rows for ``person import`` as people.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from leadctl import init
from leadctl.store import company, lists, opportunity, person

if TYPE_CHECKING:
    from leadctl.store.tables import Table

DAY = "2026-01-01"
STAMP = f"{DAY}T00:00:00Z"
YEAR_BEFORE = "2025-01-01T00:00:00Z"
# Built-in categories 1 to 3 have lead status, lead status 5 is qualified.
CATEGORIES, CATEGORIES_WITH_STATUS = 6, 3
STATUSES, STATUSES_BELOW_QUALIFIED = 5, 4
USERS = 10
COMPANY = {
    "external_id": "'C' || i",
    "name": "'Company ' || i",
    "category_id": "1 + i % :categories",
    "owner_id": f"1 + i % {USERS}",
    "country": "'NO'",
    "email": "'post@c' || i || '.example'",
    "created_at": ":stamp",
    "updated_at": ":stamp",
}
CAME_FROM = "i % 3 = 0"
CREATION = """json_object('source', 'source ' || (i % 10), 'campaign', 'campaign ' || (i % 100))"""
FIRST_TOUCH = "json_object('source', 'source ' || (i % 7))"
HAS_STATUS = f"(1 + i % :companies) % :categories < {CATEGORIES_WITH_STATUS}"
PERSON = {
    "external_id": "'P' || i",
    "first_name": "'First' || i",
    "last_name": "'Last' || (i % 1000)",
    "email": "'p' || i || '@c.example'",
    "country": "'NO'",
    "company_id": "1 + i % :companies",
    "lead_status_id": f"CASE WHEN {HAS_STATUS} THEN 1 + i % :statuses END",
    "status_since": f"CASE WHEN {HAS_STATUS} THEN :stamp END",
    "lead_creation": f"CASE WHEN {CAME_FROM} THEN {CREATION} END",
    "first_touch": f"CASE WHEN {CAME_FROM} THEN {FIRST_TOUCH} END",
    "created_at": f"CASE WHEN {CAME_FROM} AND i % 2 THEN '{YEAR_BEFORE}' ELSE :stamp END",
    "updated_at": ":stamp",
}
USER = {
    "key": "'user_' || i",
    "name": "'User ' || i",
    "name_key": "'user ' || i",
}
CLOSED_ON = f"date('{DAY}', (1 + i % 200) || ' days')"
OUTCOME = "CASE i % 4 WHEN 0 THEN 'won' WHEN 1 THEN 'lost' END"
OPPORTUNITY = {
    "external_id": "'O' || i",
    "description": "'Deal ' || i",
    "company_id": "1 + i % :companies",
    "person_id": "i",
    "salesperson_id": f"1 + i % {USERS}",
    "cycle_id": "1",
    "status": f"coalesce({OUTCOME}, 'in_progress')",
    "created_on": f"'{DAY}'",
    "closed_on": f"CASE WHEN i % 4 < 2 THEN {CLOSED_ON} END",
}
# The third entry of a closed opportunity is that of its closing, without a stage.
CLOSING = "(n = 3 AND i % 4 < 2)"
WON = "(n = 3 AND i % 4 = 0)"
VALUE = "(100000 + i % 1000 * 100)"
PERCENT = f"CASE WHEN {WON} THEN 10000 WHEN {CLOSING} THEN 0 ELSE {{}} END"
ENTRY = {
    "opportunity_id": "i",
    "cycle_id": "1",
    "action": f"CASE WHEN {CLOSING} THEN {OUTCOME} WHEN n = 1 THEN 'first' WHEN n = 2 THEN 'updated' ELSE 'next' END",
    "stage": f"CASE WHEN NOT {CLOSING} THEN number END",
    "stage_name": f"CASE WHEN NOT {CLOSING} THEN name END",
    "previous_stage": "CASE WHEN n > 1 THEN 10 END",
    "date": f"CASE WHEN {CLOSING} THEN {CLOSED_ON} ELSE '{DAY}' END",
    "active": "n = 3",
    "days_open": "CASE WHEN n = 2 AND i % 4 < 2 THEN 1 + i % 200 ELSE 0 END",
    "estimated_value_minor": VALUE,
    "chances": PERCENT.format("chances"),
    "completed": f"CASE WHEN {CLOSING} THEN 10000 ELSE completed END",
    "probability": PERCENT.format("(chances * completed + 5000) / 10000"),
    "calculated_value_minor": f"CASE WHEN {WON} THEN {VALUE} WHEN {CLOSING} THEN 0"
    f" ELSE ({VALUE} * chances * completed + 50000000) / 100000000 END",
    "close_date": f"CASE WHEN {CLOSING} THEN {CLOSED_ON}"
    f" ELSE date('{DAY}', (180 + i % 365) || ' days') END",
    "closed_on": f"CASE WHEN {CLOSING} THEN {CLOSED_ON} END",
    "close_code_id": f"CASE WHEN {CLOSING} THEN (SELECT min(id) FROM close_code"
    f" WHERE outcome = {OUTCOME}) END",
}


def insert_sql(table: Table, cells: dict[str, str]) -> str:
    """INSERT and SELECT of ``cells`` (column -> SQL of ASCII text), their keys added."""
    folded = {column.name for column in table.columns if column.folded}
    keys = {f"{name}_key": f"lower({sql})" for name, sql in cells.items() if name in folded}
    values = {**cells, **keys}
    return f"INSERT INTO {table.name} ({', '.join(values)}) SELECT {', '.join(values.values())}"


def companies_for(people: int) -> int:
    """A tenth of the people."""
    return max(1, people // 10)


def build(path: Path, people: int, *, leads: bool = False, deals: bool = False) -> None:
    """Make ``path`` with ``people`` people and a tenth as many companies."""
    init(path)
    connection = sqlite3.connect(path)
    with connection:
        values = {
            "companies": companies_for(people),
            "categories": CATEGORIES_WITH_STATUS if leads else CATEGORIES,
            "statuses": STATUSES_BELOW_QUALIFIED if leads else STATUSES,
            "stamp": STAMP,
        }
        tables = [
            (lists.USER, USER, USERS, ""),
            (company.TABLE, COMPANY, companies_for(people), ""),
            (person.TABLE, PERSON, people, ""),
        ]
        if deals:
            stages = "JOIN (SELECT 1 AS n UNION SELECT 2 UNION SELECT 3) JOIN stage ON cycle_id = 1 AND number = max(n - 1, 1) * 10"
            tables += [
                (opportunity.TABLE, OPPORTUNITY, people, ""),
                (opportunity.ENTRY, ENTRY, people, f"{stages} ORDER BY i, n"),
            ]
        for table, cells, rows, rest in tables:
            connection.execute(
                "WITH RECURSIVE numbers (i) AS"
                f" (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < {rows})"
                f" {insert_sql(table, cells)} FROM numbers {rest}",
                values,
            )
    connection.execute("PRAGMA optimize")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def write_csv(path: Path, people: int) -> None:
    """Write ``people`` new people of companies that the file has, by their names."""
    companies = companies_for(people)
    with path.open("w", encoding="utf-8") as file:
        file.write("external_id,first_name,last_name,email,country,company\n")
        file.writelines(
            f"N{i},New{i},Last{i % 1000},n{i}@c.example,NO,Company {1 + i % companies}\n"
            for i in range(1, people + 1)
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--leads", action="store_true")
    parser.add_argument("--deals", action="store_true")
    parser.add_argument("--csv", type=Path)
    given = parser.parse_args()
    if given.file.exists():
        sys.exit(f"{given.file} exists already")
    build(given.file, given.people, leads=given.leads, deals=given.deals)
    if given.csv:
        write_csv(given.csv, given.people)
