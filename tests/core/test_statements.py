"""A bulk verb takes as many SQL statements for 10,000 records as for 10."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from leadctl import Choice, Crm, ImportFile, Replacement, WriteOptions, open_crm

EVERYBODY = Choice(all=True)
VERBS: dict[str, Callable[[Crm, list[int]], Any]] = {
    "set-status": lambda crm, ids: crm.people.set_status(ids, "qualified"),
    "set-status --all": lambda crm, ids: crm.people.set_status(EVERYBODY, "qualified"),
    "dry run": lambda crm, ids: crm.people.set_status(ids, "qualified", WriteOptions(dry_run=True)),
    "set-category": lambda crm, ids: crm.companies.set_category(EVERYBODY, "customer"),
    "next-category": lambda crm, ids: crm.companies.next_category(EVERYBODY),
    "move": lambda crm, ids: crm.people.move(ids, 1),
    "move out": lambda crm, ids: crm.people.move(ids, "none"),
    "edit": lambda crm, ids: crm.people.edit(ids, title="X", country="NO"),
    "replace": lambda crm, ids: crm.people.edit(ids, replace=Replacement("last_name", "b", "c")),
    "retire": lambda crm, ids: crm.people.retire(ids),
    "delete": lambda crm, ids: crm.people.delete(ids),
    "company delete": lambda crm, ids: crm.companies.delete(EVERYBODY, people="delete"),
    "company keep": lambda crm, ids: crm.companies.delete(EVERYBODY, people="keep"),
    "distribute": lambda crm, ids: crm.people.distribute(ids, to=["u1", "u2", "u3"]),
    "distribute again": lambda crm, ids: crm.people.distribute(
        EVERYBODY, group="north", overwrite=True, options=WriteOptions(dry_run=True)
    ),
    "undo": lambda crm, ids: crm.changes.undo("last"),
}


@pytest.fixture(scope="module")
def sizes(places, tmp_path_factory) -> dict[int, Any]:
    """Two databases, with 10 and with 10,000 people, in a fifth as many companies."""
    folder = tmp_path_factory.mktemp("sizes")
    paths = {}
    for size in (10, 10_000):
        path = places()
        companies = [f"Company {number},lead" for number in range(size // 5)]
        # Every third has no company.
        homes = [1 + number % (size // 5) if number % 3 else "" for number in range(size)]
        people = [f"Berg {number},{home}" for number, home in enumerate(homes)]
        for name, header, rows in (
            ("users", "name,group", ["u1,north", "u2,north", "u3,"]),
            ("companies", "name,category", companies),
            ("people", "last_name,company", people),
        ):
            file = folder / f"{name}-{size}.csv"
            file.write_text("\n".join([header, *rows]), encoding="utf-8")
            with open_crm(path, user="tester") as crm:
                getattr(crm, name).import_file(ImportFile(str(file)))
        paths[size] = path
    return paths


@pytest.mark.parametrize("name", VERBS)
def test_the_number_of_statements_does_not_grow(sizes, name: str) -> None:
    counts = {}
    for size, path in sizes.items():
        with open_crm(path, user="tester") as crm, crm.engine.transaction() as transaction:
            before = crm.engine.statements
            result = VERBS[name](crm, list(range(1, size + 1)))
            counts[size] = crm.engine.statements - before
            assert result.matched >= size // 10
            transaction.roll_back()
    assert counts[10] == counts[10_000]
