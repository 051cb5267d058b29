"""What is done to a file while its process is killed: a table, to which a row can be added."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from leadctl import ImportFile, init, open_crm
from leadctl.store.version import SCHEMA
from tests.robust.world import rows
from tests.samples import sample

TODAY = "2026-03-01"
PEOPLE = 2_000
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")

Rows = dict[str, Any]


def state(path: Path, *others: str) -> Rows:
    """All that a file holds, but for the time of day, and what ``others`` beside it hold; nothing
    when there is no file.
    """
    found: Rows = {}
    for file in (path, *map(path.with_name, others)):
        if file.exists():
            found |= {
                f"{file.name} {table}": INSTANT.sub("T", repr(cells))
                for table, cells in rows(file).items()
            }
    return found


# What db check does not look at: rule -> the rows that break it.
INVARIANTS = {
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
        outdated = connection.execute("PRAGMA user_version").fetchone() != (SCHEMA,)
    if outdated:
        return found
    with open_crm(path) as crm:
        return found + [str(rule) for rule in crm.db.check() if not rule.ok]


def is_either(before: Rows, now: Rows, after: Rows) -> bool:
    """All or nothing."""
    return now in (before, after)


def is_stored_or_more(before: Rows, now: Rows, after: Rows) -> bool:
    """What a form sends is stored by one change and processed by another."""
    if is_either(before, now, after):
        return True
    moved = {table.split()[-1] for table in before if before[table] != now[table]}
    sent = [re.findall("s@x.example", found["leads.db capture"]) for found in (now, after)]
    return moved <= {"capture", "change", "history", "sqlite_sequence"} and sent[0] == sent[1]


def is_a_step(before: Rows, now: Rows, after: Rows) -> bool:
    """Each step of a migration is a transaction of its own; none loses a row."""

    def ids(found: Rows) -> dict[str, list[str]]:
        return {table: re.findall(r"[\[(]\(?(\d+),", cells) for table, cells in found.items()}

    rest = ("leads.db setting", "leads.db sqlite_sequence")
    known, there = ids(before), ids(now)
    return is_either(before, now, after) or all(
        there[table] == known[table] for table in known if table not in rest
    )


def nothing(path: Path) -> None:
    """Leave the file as it is."""


class Scenario(NamedTuple):
    """Commands, one after another, of which one is killed; ``prepare`` is done to the file first."""

    name: str
    commands: tuple[tuple[str, ...], ...]
    prepare: Callable[[Path], None] = nothing
    allows: Callable[[Rows, Rows, Rows], bool] = is_either
    # Other files that are made; ``{folder}`` in a command is where they are.
    others: tuple[str, ...] = ()
    # Whether the same command ends in the same, when the first try was killed on the way.
    resumes: bool = False


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


def _of_the_first_schema(path: Path) -> None:
    path.unlink()
    sample(1, path)


def _changed_since(path: Path) -> None:
    shutil.copyfile(path, path.with_name("old.db"))
    with open_crm(path, user="tester", today=TODAY) as crm:
        crm.companies.edit([1, 2], country="NO")


SCENARIOS = [
    Scenario("single", (("company", "edit", "1", "--country", "NO"),)),
    Scenario("add", (("person", "add", "--last-name", "Berg", "--company", "1"),)),
    Scenario("bulk", (("person", "edit", "--all", "--title", "Boss"),)),
    Scenario("bulk status", (("person", "set-status", "--all", "contacting"),)),
    Scenario("bulk move", (("opportunity", "next", "--where", "status = in_progress"),)),
    Scenario("import", (("person", "import", "new.csv", "--create-companies"),)),
    Scenario("import again", (("person", "import", "people.csv", "--match", "external_id"),)),
    Scenario("delete", (("closed", "delete", "--all", "--yes"),)),
    Scenario("purge", (("closed", "delete", "--all", "--purge", "--yes"),)),
    Scenario("undo", (("change", "undo", "last", "--yes"),)),
    Scenario("batch", (("batch", "batch.txt"),)),
    Scenario("distribute", (("person", "distribute", "--all", "--to", "u1,u2,u3"),)),
    Scenario("setup", (("setup", "apply", "setup.yaml"),)),
    Scenario("capture", (("capture", "submit", "web", "sent.ndjson"),), allows=is_stored_or_more),
    Scenario("find", (("find", "person"),)),
    Scenario("init", (("init",),), _without),
    Scenario("backup", (("db", "backup", "{folder}/copy.db"),), others=("copy.db",)),
    Scenario("restore", (("db", "restore", "{folder}/old.db", "--yes"),), _changed_since),
    Scenario("vacuum", (("db", "vacuum"),)),
    Scenario("migrate", (("db", "migrate"),), _of_the_first_schema, allows=is_a_step, resumes=True),
    Scenario(
        "one after another",
        tuple(("company", "add", f"Loop {number}") for number in range(1, 6)),
    ),
]
