"""A file as a whole: migrate, export, info, vacuum."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from leadctl import init, open_crm
from leadctl.core import copies
from leadctl.core.copies import migrate
from leadctl.store.sqlite import Sqlite
from leadctl.store.version import SCHEMA
from tests.conftest import failing, left_over
from tests.samples import sample

pytestmark = pytest.mark.files


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file with one company."""
    path = tmp_path / "leads.db"
    init(path)
    with open_crm(path, user="anna") as crm:
        crm.companies.add("Acme")
    return path


@pytest.mark.parametrize("number", range(1, SCHEMA))
def test_files_of_every_schema_migrate(tmp_path: Path, number: int) -> None:
    path = tmp_path / "old.db"
    sample(number, path)
    error = failing(lambda: open_crm(path))
    assert (error.code, error.exit_code) == ("schema_outdated", 10)
    assert "db migrate" in error.reason.hint
    done = migrate(path, settings={"currency": "NOK"})
    assert (done["from"], done["to"], done["changed"]) == (number, SCHEMA, True)
    with closing(sqlite3.connect(done["copy"])) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (number,)
    with open_crm(path, user="anna") as crm:
        assert [one for one in crm.db.check() if not one.ok] == []
        assert {person["name"] for person in crm.people.list()} >= {"Kari Ås", "Lind"}
        assert [found["name"] for found in crm.find("kari")] == ["Kari Ås"]
        assert crm.settings.get("currency") == "EUR"
        assert crm.settings.get("default_cycle") == "standard"
        change = crm.people.edit(1, title="Boss").change
        assert crm.changes.undo(change).changed == 1
        assert [one for one in crm.db.check() if not one.ok] == []
    again = migrate(path)
    assert (again["changed"], again["copy"]) == (False, None)


def test_there_is_a_sample_of_this_schema(path: Path, tmp_path: Path) -> None:
    """It stays what it is when the next step is added; ``tests/samples.py`` makes it."""
    sample(SCHEMA, tmp_path / "sample.db")
    tables = "SELECT type, name, sql FROM sqlite_schema WHERE type <> 'view' ORDER BY type, name"
    with open_crm(tmp_path / "sample.db") as crm, open_crm(path) as new:
        assert crm.engine.query(tables) == new.engine.query(tables)
        assert [one for one in crm.db.check() if not one.ok] == []


def test_migrate_mends_views_and_settings(path: Path) -> None:
    with open_crm(path) as crm:
        crm.selections.create("Hot", where=["lead_status = open"])
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "DROP VIEW v_people; DROP VIEW selection_hot; DELETE FROM setting WHERE key = 'currency'"
        )
    done = migrate(path, settings={"currency": "NOK"})
    assert (done["changed"], done["copy"]) == (True, None)
    with open_crm(path) as crm:
        assert [one for one in crm.db.check() if not one.ok] == []
        assert crm.settings.get("currency") == "NOK"


def test_two_that_migrate_at_once(tmp_path: Path, monkeypatch) -> None:
    path = tmp_path / "old.db"
    sample(1, path)
    real = copies.copy_file

    def slow(engine: Sqlite, target: Path) -> None:
        monkeypatch.undo()
        real(engine, target)
        migrate(path)

    monkeypatch.setattr(copies, "copy_file", slow)
    assert migrate(path)["to"] == SCHEMA
    with open_crm(path) as crm:
        assert [one for one in crm.db.check() if not one.ok] == []


def test_an_export_has_everything(path: Path, tmp_path: Path) -> None:
    sample(4, tmp_path / "rich.db")
    migrate(tmp_path / "rich.db")
    folder = tmp_path / "dump"
    folder.mkdir()
    with open_crm(tmp_path / "rich.db") as crm:
        records = crm.db.export(folder)
        tables = crm.engine.tables()
        assert [record["table"] for record in records] == tables
        for record in records:
            names = crm.engine.columns(record["table"])
            text = (folder / record["file"]).read_text(encoding="utf-8")
            lines = [json.loads(line) for line in text.splitlines()]
            assert len(lines) == record["rows"]
            stored = crm.engine.query(
                f"SELECT {', '.join(names)} FROM {record['table']} ORDER BY id"
            )
            assert [tuple(line[name] for name in names) for line in lines] == stored
        assert failing(lambda: crm.db.export(folder)).code == "file_exists"
        assert failing(lambda: crm.db.export(path)).code == "file_exists"
        assert failing(lambda: crm.db.export(tmp_path / "no" / "no")).code == "database_readonly"
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    assert {"search", "search_state"}.isdisjoint(tables)
    assert left_over(tmp_path) == []


def test_info_and_vacuum(path: Path) -> None:
    with open_crm(path) as crm:
        info = crm.db.info()
        assert info == {
            "path": str(path),
            "engine": "sqlite",
            "schema": SCHEMA,
            "size_bytes": info["size_bytes"],
            "companies": 1,
            "people": 0,
            "opportunities": 0,
            "changes": 1,
        }
        with crm.change("fill"):
            for number in range(200):
                crm.companies.add("x" * 200, external_id=f"E{number}")
        full = crm.db.vacuum()["size_bytes"]
        crm.engine.execute("DELETE FROM company WHERE id > 1")
        done = crm.db.vacuum()
        assert done["freed_bytes"] > 0
        assert done["size_bytes"] == os.path.getsize(path) < full
    with open_crm(path) as crm, open_crm(path) as reader, reader.engine.snapshot():
        assert failing(crm.db.vacuum).exit_code == 75


def test_what_needs_the_file_for_itself(path: Path) -> None:
    with open_crm(path) as crm:
        crm.people.add(last_name="Berg")
        for call in (
            crm.db.vacuum,
            lambda: crm.db.backup("b.db"),
            lambda: crm.people.erase(1),
        ):
            with crm.change("several"):
                assert failing(call).exit_code == 2
