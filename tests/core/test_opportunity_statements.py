"""Bulk verbs on opportunities take as many SQL statements for 10,000 records as for 10."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from leadctl import Choice, Crm, ImportFile, WriteOptions, open_crm

ALL = Choice(all=True)
DRY = WriteOptions(dry_run=True)
VERBS: dict[str, Callable[[Crm], Any]] = {
    "next": lambda crm: crm.opportunities.next(ALL),
    "next, dry run": lambda crm: crm.opportunities.next(ALL, options=DRY),
    "previous": lambda crm: crm.opportunities.previous(ALL),
    "skip": lambda crm: crm.opportunities.skip(ALL, to=30),
    "jump": lambda crm: crm.opportunities.jump(ALL),
    "update": lambda crm: crm.opportunities.update(ALL, value=7),
    "close": lambda crm: crm.opportunities.close(ALL, "won"),
    "edit": lambda crm: crm.opportunities.edit(ALL, campaign="X", priority="high"),
    "closed delete": lambda crm: closed(crm, lambda: crm.closed.delete(ALL)),
    "closed delete, purge": lambda crm: closed(crm, lambda: crm.closed.delete(ALL, purge=True)),
    "reopen": lambda crm: closed(crm, lambda: crm.opportunities.reopen(ALL)),
    "undo next": lambda crm: undone(crm, crm.opportunities.next),
    "undo closed delete": lambda crm: closed(crm, lambda: undone(crm, crm.closed.delete)),
    "undo import": lambda crm: crm.changes.undo("last"),
}


def closed(crm: Crm, verb: Callable[[], Any]) -> Any:
    crm.opportunities.close(ALL, "lost", code="lost_price")
    return verb()


def undone(crm: Crm, verb: Callable[[Choice], Any]) -> Any:
    verb(ALL)
    return crm.changes.undo("last")


@pytest.fixture(scope="module")
def sizes(places, tmp_path_factory) -> dict[int, Any]:
    """Two databases, with 10 and with 10,000 opportunities in progress on the second stage."""
    folder = tmp_path_factory.mktemp("sizes")
    paths = {}
    for size in (10, 10_000):
        path, file = places(), folder / f"{size}.csv"
        rows = [f"Deal {number},Acme,20,{number + 1},2027-12-31" for number in range(size)]
        header = "description,company,stage,estimated_value,close_date"
        file.write_text("\n".join([header, *rows]), encoding="utf-8")
        with open_crm(path, user="tester", today="2026-03-02") as crm:
            source = ImportFile(str(file), create_companies=True)
            assert crm.opportunities.import_file(source).created == size
        paths[size] = path
    return paths


@pytest.mark.parametrize("name", VERBS)
def test_the_number_of_statements_does_not_grow(sizes, name: str) -> None:
    counts = {}
    for size, path in sizes.items():
        with (
            open_crm(path, user="tester", today="2026-03-02") as crm,
            crm.engine.transaction() as transaction,
        ):
            before = crm.engine.statements
            report = VERBS[name](crm)
            counts[size] = crm.engine.statements - before
            assert report.changed >= size
            transaction.roll_back()
    assert counts[10] == counts[10_000]
