"""What is done to a file while its process is killed: a table, to which a row can be added."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from leadctl import init, open_crm

from tests.robust.world import rows

TODAY = "2026-03-01"
PEOPLE = 2_000
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")

Rows = dict[str, Any]


def state(path: Path) -> Rows:
    """All that a file holds, but for the time of day; nothing when there is no file."""
    if not path.exists():
        return {}
    return {table: INSTANT.sub("T", repr(found)) for table, found in rows(path).items()}


# Rule -> the rows that break it. What else there is to check is SQLite's own.
INVARIANTS = {
    "a started opportunity has one active entry": """
        SELECT o.id FROM opportunity o WHERE (o.status <> 'not_started') <>
            (SELECT count(*) FROM entry e WHERE e.opportunity_id = o.id AND e.active = 1)""",
    "the active entry is the last one": """
        SELECT a.id FROM entry a JOIN entry b ON b.opportunity_id = a.opportunity_id
            WHERE a.active = 1 AND b.id > a.id""",
    "status, closing date and the active entry agree": """
        SELECT o.id FROM opportunity o JOIN entry e ON e.opportunity_id = o.id AND e.active = 1
            WHERE o.closed_on IS NOT e.closed_on
            OR (o.status = 'won') <> (e.action = 'won') OR (o.status = 'lost') <> (e.action = 'lost')""",
    "an entry belongs to an opportunity": """
        SELECT id FROM entry WHERE opportunity_id NOT IN (SELECT id FROM opportunity)""",
    "every row of the history belongs to a change, which knows it": """
        SELECT h.id FROM history h LEFT JOIN change c ON c.id = h.change_id
            WHERE c.id IS NULL OR h.id NOT BETWEEN c.first_history_id AND c.last_history_id""",
    "an undo and what it undoes know each other": """
        SELECT u.id FROM change u JOIN change c ON c.id = u.undoes WHERE c.undone_by IS NOT u.id""",
    "one lead status is the default": """
        SELECT 1 WHERE (SELECT count(*) FROM lead_status WHERE is_default = 1) <> 1""",
}


def faults(path: Path) -> list[str]:
    """What is wrong with a file."""
    with closing(sqlite3.connect(path)) as connection:
        found = [
            f"{pragma}: {row}"
            for pragma in ("integrity_check", "foreign_key_check")
            for row in connection.execute(f"PRAGMA {pragma}")
            if row != ("ok",)
        ]
        for rule, sql in INVARIANTS.items():
            if broken := connection.execute(sql).fetchmany(3):
                found.append(f"not so: {rule}: {broken}")
        connection.execute("INSERT INTO search (search) VALUES ('integrity-check')")
    return found


def is_either(before: Rows, now: Rows, after: Rows) -> bool:
    """All or nothing."""
    return now in (before, after)


def is_stored_or_more(before: Rows, now: Rows, after: Rows) -> bool:
    """What a form sends is stored by one change and processed by another."""
    if is_either(before, now, after):
        return True
    moved = {table for table in before if before[table] != now[table]}
    return moved <= {"capture", "change", "history", "sqlite_sequence"} and (
        re.findall("s@x.example", now["capture"]) == re.findall("s@x.example", after["capture"])
    )


def nothing(path: Path) -> None:
    """Leave the file as it is."""


class Scenario(NamedTuple):
    """Commands, one after another, of which one is killed; ``prepare`` is done to the file first."""

    name: str
    commands: tuple[tuple[str, ...], ...]
    prepare: Callable[[Path], None] = nothing
    allows: Callable[[Rows, Rows, Rows], bool] = is_either


def make_base(folder: Path, people: int = PEOPLE) -> Path:
    """The file that scenarios begin with, and the files that they read."""
    path = folder / "base.db"
    init(path)
    companies, deals, everybody = people // 10, people // 5, range(1, people + 1)
    known = [f"Person {n},Company {n % companies},p{n}@x.example,P{n}" for n in everybody]
    new = [f"New {n},Fresh {n % 50},n{n}@x.example,N{n}" for n in everybody]
    header = "last_name,company,email,external_id"
    (folder / "people.csv").write_text("\n".join([header, *known]), encoding="utf-8")
    (folder / "new.csv").write_text("\n".join([header, *new]), encoding="utf-8")
    lines = [f"person edit {n} --title 'Line {n}'" for n in range(1, people // 6)]
    (folder / "batch.txt").write_text("\n".join(lines), encoding="utf-8")
    sent = [json.dumps({"email": f"{n}s@x.example", "last_name": f"S{n}"}) for n in range(30)]
    (folder / "sent.ndjson").write_text("\n".join(sent), encoding="utf-8")
    with open_crm(path, user="tester", today=TODAY) as crm:
        from leadctl import ImportFile

        crm.categories.edit("lead", description="First")
        crm.people.import_file(
            ImportFile(str(folder / "people.csv"), create_companies=True, match=("external_id",))
        )
        crm.companies.set_category(range(1, companies + 1), "lead")
        for name in ("u1", "u2", "u3"):
            crm.users.add(name)
        crm.forms.add("web")
        with crm.change():
            for number in range(1, deals + 1):
                crm.opportunities.add(f"Deal {number}", company=number % companies + 1, start=True)
        crm.opportunities.update(range(1, deals + 1), value="100")
        crm.opportunities.close(range(1, deals // 2), "won", code="won")
        setup = crm.setup.export().replace("Standard", "Usual").replace("Customer", "Buyer")
        (folder / "setup.yaml").write_text(setup, encoding="utf-8")
        crm.people.edit(everybody, title="Undo me")
    return path


def _without(path: Path) -> None:
    path.unlink()


SCENARIOS = [
    Scenario("single", (("company", "edit", "1", "--country", "NO"),)),
    Scenario("add", (("person", "add", "--last-name", "Berg", "--company", "1"),)),
    Scenario("bulk", (("person", "edit", "--all", "--title", "Boss"),)),
    Scenario("bulk status", (("person", "set-status", "--all", "contacting"),)),
    Scenario("bulk move", (("opportunity", "next", "--where", "status = in_progress"),)),
    Scenario("import", (("person", "import", "new.csv", "--create-companies"),)),
    Scenario(
        "import again", (("person", "import", "people.csv", "--match", "external_id"),)
    ),
    Scenario("delete", (("closed", "delete", "--all", "--yes"),)),
    Scenario("purge", (("closed", "delete", "--all", "--purge", "--yes"),)),
    Scenario("undo", (("change", "undo", "last", "--yes"),)),
    Scenario("batch", (("batch", "batch.txt"),)),
    Scenario("distribute", (("person", "distribute", "--all", "--to", "u1,u2,u3"),)),
    Scenario("setup", (("setup", "apply", "setup.yaml"),)),
    Scenario("capture", (("capture", "submit", "web", "sent.ndjson"),), allows=is_stored_or_more),
    Scenario("find", (("find", "person"),)),
    Scenario("init", (("init",),), _without),
    Scenario(
        "one after another",
        tuple(("company", "add", f"Loop {number}") for number in range(1, 6)),
    ),
]
