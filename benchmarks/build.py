"""Build a large leadctl file: ``python benchmarks/build.py FILE [--people N]``.

A tenth as many companies as people, spread over the built-in categories; the same file for the
same number, whoever builds it.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
from pathlib import Path

from leadctl import init

STAMP = "2026-01-01T00:00:00Z"
COMPANIES = """
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :companies)
INSERT INTO company (external_id, name, name_key, category_id, country, country_key, email,
    email_key, created_at, updated_at)
SELECT 'C' || i, 'Company ' || i, 'company ' || i, 1 + i % 6, 'NO', 'no',
    'post@c' || i || '.example', 'post@c' || i || '.example', :stamp, :stamp FROM n
"""
PEOPLE = """
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :people)
INSERT INTO person (external_id, first_name, first_name_key, last_name, last_name_key, email,
    email_key, country, country_key, company_id, lead_status_id, status_since, created_at,
    updated_at)
SELECT 'P' || i, 'First' || i, 'first' || i, 'Last' || (i % 1000), 'last' || (i % 1000),
    'p' || i || '@c.example', 'p' || i || '@c.example', 'NO', 'no', 1 + i % :companies,
    CASE WHEN (1 + i % :companies) % 6 < 3 THEN 1 + i % 5 END,
    CASE WHEN (1 + i % :companies) % 6 < 3 THEN :stamp END, :stamp, :stamp FROM n
"""


def build(path: Path, people: int) -> None:
    """Make ``path`` with ``people`` people and a tenth as many companies."""
    init(path)
    connection = sqlite3.connect(path)
    with connection:
        values = {"people": people, "companies": max(1, people // 10), "stamp": STAMP}
        connection.execute(COMPANIES, values)
        connection.execute(PEOPLE, values)
    connection.execute("PRAGMA optimize")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--people", type=int, default=1_000_000)
    given = parser.parse_args()
    if given.file.exists():
        sys.exit(f"{given.file} exists already")
    build(given.file, given.people)
