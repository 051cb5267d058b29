"""What the tests of copies ask databases."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg

from leadctl import open_crm
from leadctl.core.crm import Crm
from leadctl.store.engine import document
from tests import samples

WEIRD = "".join(map(chr, range(1, 32))) + "\x7f\u2028\u00a0\"\\/'%%s:a ${} 🦀 e\u0301 ß"
LARGEST = 2**63 - 1


def newest(crm: Crm) -> int:
    """The highest number that a company has."""
    return max(company["id"] for company in crm.companies.list())


def as_json(key: str) -> str:
    """SQL for an object with that key, whose value is folded where the key is."""
    value = WEIRD.casefold() if key.islower() else WEIRD
    return "'" + document({key: value}).replace("'", "''") + "'"


def spoil(path: Path, sql: str) -> None:
    """What something else than leadctl does to a file."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(sql)


def exported(where: Path | str, folder: Path) -> dict[str, bytes]:
    """What ``db export`` writes."""
    with open_crm(where) as crm:
        crm.db.export(folder)
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def broken(where: Path | str) -> list[str]:
    """The rules that do not hold."""
    with open_crm(where) as crm:
        return [one.rule.rule for one in crm.db.check() if not one.ok]


def dump(path: Path) -> list[str]:
    """A file as SQL, numbers given included, the search index not."""
    lines = list(samples.dump(path))
    return [line for line in lines if not line.startswith("INSERT INTO search")]


def is_empty(address: str) -> bool:
    """Whether nothing at all is in a database."""
    with closing(psycopg.connect(address)) as connection:
        found = connection.execute(
            "SELECT (SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace)"
            " + (SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace)"
        ).fetchone()
    return found == (0,)
