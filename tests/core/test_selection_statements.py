"""Selections take as many SQL statements for 10,000 members as for 10."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from leadctl import Choice, Crm, ImportFile, WriteOptions, open_crm

ALL = Choice(all=True)
DRY = WriteOptions(dry_run=True)
EVERYBODY = "last_name starts with berg"


def members(crm: Crm, name: str) -> int:
    return crm.selections.info(name)["members"]


def create(crm: Crm, **content) -> int:
    return crm.selections.create("New", **content)["members"]


def frozen(crm: Crm, name: str) -> int:
    assert crm.selections.freeze(name).changed == 1
    return members(crm, name)


def removed(crm: Crm, ids: Iterable[int] | Choice) -> int:
    count = crm.selections.remove("Full", ids).changed
    assert members(crm, "Full") == 0
    return count


def undone(crm: Crm, verb: Callable[[], object], name: str) -> int:
    verb()
    assert crm.changes.undo("last").changed >= 1
    return members(crm, name)


def merged(crm: Crm) -> int:
    """Every person is in ``Full``; what is counted are the members that are left."""
    crm.people.merge(1, 2)
    return members(crm, "Full") + 1


# Each returns how many records it was about.
VERBS: dict[str, Callable[[Crm, list[int]], int]] = {
    "create, ids": lambda crm, ids: create(crm, ids=ids),
    "create, static": lambda crm, ids: create(crm, where=[EVERYBODY], static=True),
    "create, dynamic": lambda crm, ids: create(crm, where=[EVERYBODY]),
    "create, combined": lambda crm, ids: create(crm, combine=["Full", "Found"], op="union"),
    "add": lambda crm, ids: crm.selections.add("Empty", ids).changed,
    "add, all": lambda crm, ids: crm.selections.add("Empty", ALL).changed,
    "add, again": lambda crm, ids: crm.selections.add("Full", ids).unchanged,
    "add, dry run": lambda crm, ids: crm.selections.add("Empty", ids, DRY).changed,
    "add, selection": lambda crm, ids: (
        crm.selections.add("Empty", Choice(selection="Full")).changed
    ),
    "remove": removed,
    "remove, selection": lambda crm, ids: removed(crm, Choice(selection="Found")),
    "freeze": lambda crm, ids: frozen(crm, "Found"),
    "freeze, combined": lambda crm, ids: frozen(crm, "Both"),
    "copy": lambda crm, ids: crm.selections.copy("Full")["members"],
    "rename": lambda crm, ids: crm.selections.rename("Full", "Else").changed * len(ids),
    "delete": lambda crm, ids: crm.selections.delete("Found, unused").changed * len(ids),
    "delete, static": lambda crm, ids: crm.selections.delete("Full, unused").changed * len(ids),
    "undo add": lambda crm, ids: (
        len(ids) + undone(crm, lambda: crm.selections.add("Empty", ids), "Empty")
    ),
    "undo delete": lambda crm, ids: undone(
        crm, lambda: crm.selections.delete("Full, unused"), "Full, unused"
    ),
    "undo freeze": lambda crm, ids: undone(crm, lambda: crm.selections.freeze("Found"), "Found"),
    "set-status": lambda crm, ids: (
        crm.people.set_status(Choice(selection="Both"), "qualified").changed
    ),
    "merge": lambda crm, ids: merged(crm),
}


@pytest.fixture(scope="module")
def sizes(places, tmp_path_factory) -> dict[int, Any]:
    """Two databases, with 10 and with 10,000 people, all of whom are in each selection but one."""
    folder = tmp_path_factory.mktemp("sizes")
    paths = {}
    for size in (10, 10_000):
        path, file = places(), folder / f"{size}.csv"
        rows = [f"Berg {number},lead" for number in range(size)]
        file.write_text("\n".join(["last_name,category", *rows]), encoding="utf-8")
        with open_crm(path, user="tester") as crm:
            assert crm.people.import_file(ImportFile(str(file))).created == size
            crm.selections.create("Empty", ids=[])
            for name in ("Full", "Full, unused"):
                crm.selections.create(name, where=[EVERYBODY], static=True)
            for name in ("Found", "Found, unused"):
                crm.selections.create(name, where=[EVERYBODY])
            crm.selections.create("Both", combine=["Full", "Found"], op="intersection")
        paths[size] = path
    return paths


@pytest.mark.parametrize("name", VERBS)
def test_the_number_of_statements_does_not_grow(sizes, name: str) -> None:
    counts = {}
    for size, path in sizes.items():
        with open_crm(path, user="tester") as crm, crm.engine.transaction() as transaction:
            before = crm.engine.statements
            about = VERBS[name](crm, list(range(1, size + 1)))
            counts[size] = crm.engine.statements - before
            assert about == size
            transaction.roll_back()
    assert counts[10] == counts[10_000]
