"""Build a large leadctl file: ``python benchmarks/build.py FILE [--people N] [--leads]``.

A tenth as many companies as people, spread over the built-in categories; the same file for the
same number, whoever builds it. With ``--leads`` every category has lead status and nobody is
qualified, so that ``set-status`` to qualified changes everybody. ``--csv FILE`` writes as many
rows for ``person import`` as well.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from leadctl import init
from leadctl.store import company, person

if TYPE_CHECKING:
    from leadctl.store.tables import Table

STAMP = "2026-01-01T00:00:00Z"
# Built-in categories 1 to 3 have lead status, lead status 5 is qualified.
CATEGORIES, CATEGORIES_WITH_STATUS = 6, 3
STATUSES, STATUSES_BELOW_QUALIFIED = 5, 4
COMPANY = {
    "external_id": "'C' || i",
    "name": "'Company ' || i",
    "category_id": "1 + i % :categories",
    "country": "'NO'",
    "email": "'post@c' || i || '.example'",
    "created_at": ":stamp",
    "updated_at": ":stamp",
}
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
    "created_at": ":stamp",
    "updated_at": ":stamp",
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


def build(path: Path, people: int, *, leads: bool = False) -> None:
    """Make ``path`` with ``people`` people and a tenth as many companies."""
    init(path)
    connection = sqlite3.connect(path)
    with connection:
        values = {
            "people": people,
            "companies": companies_for(people),
            "categories": CATEGORIES_WITH_STATUS if leads else CATEGORIES,
            "statuses": STATUSES_BELOW_QUALIFIED if leads else STATUSES,
            "stamp": STAMP,
        }
        for table, cells, rows in (
            (company.TABLE, COMPANY, "companies"),
            (person.TABLE, PERSON, "people"),
        ):
            connection.execute(
                "WITH RECURSIVE n (i) AS"
                f" (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :{rows})"
                f" {insert_sql(table, cells)} FROM n",
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
    parser.add_argument("--csv", type=Path)
    given = parser.parse_args()
    if given.file.exists():
        sys.exit(f"{given.file} exists already")
    build(given.file, given.people, leads=given.leads)
    if given.csv:
        write_csv(given.csv, given.people)
