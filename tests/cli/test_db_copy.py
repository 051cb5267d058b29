"""``db copy`` through the command line: what it prints, its progress, what it refuses."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.conftest import Cli

COPIED = "company: 1 rows copied"


@pytest.fixture
def acme(cli: Cli) -> Cli:
    """A database with a company."""
    cli("company", "add", "Acme")
    return cli


def test_the_record_of_a_copy(acme: Cli, tmp_path: Path) -> None:
    target = tmp_path / "new.db"
    done = acme.json("db", "copy", acme.path, target)
    assert list(done) == ["from", "to", "tables", "rows"]
    assert (done["from"], done["to"], done["tables"]) == (str(acme.path), str(target), 22)
    exported = [row["rows"] for row in acme.json("db", "export", tmp_path / "out")]
    assert done["rows"] == sum(exported)
    acme.path = target
    acme("db", "check")
    assert acme("company", "list", "--fields", "name", "-f", "csv").out == "name\nAcme\n"


def test_the_database_of_the_call_is_not_needed(acme: Cli, tmp_path: Path) -> None:
    source, acme.path = acme.path, tmp_path / "none.db"
    ran = acme("db", "copy", source, tmp_path / "new.db", "--fields", "tables", "-f", "csv")
    assert (ran.out, ran.err) == ("tables\n22\n", "")
    assert not (tmp_path / "none.db").exists()


def test_an_empty_database_of_a_server_is_filled_once(acme: Cli, fresh_address: str) -> None:
    assert acme.json("db", "copy", acme.path, fresh_address)["to"] == fresh_address
    for target in (fresh_address, acme.path):
        error = acme.error("db", "copy", fresh_address, target, code=4)
        assert error["code"] == "file_exists"
    acme.path = fresh_address
    acme("db", "check")
    assert acme.json("db", "info")["companies"] == 1


@pytest.mark.parametrize(
    ("source", "target", "told"),
    [
        ("mysql://db/crm", "new.db", "neither a file nor"),
        ("leads.db", "mysql://db/crm", "neither a file nor"),
        ("", "new.db", "SRC needs a path"),
        ("leads.db", "", "DST needs a path"),
        ("leads.db", "postgresql://crm:secret@db.example/crm", "has a password in it"),
    ],
)
def test_what_is_no_database_is_a_usage_error(
    cli: Cli, tmp_path: Path, source: str, target: str, told: str
) -> None:
    cli("db", "copy", cli.path, tmp_path / "leads.db", code=None)
    error = cli.error("db", "copy", source, target, code=2)
    assert told in error["message"]
    assert "secret" not in str(error)
    assert not (tmp_path / "new.db").exists()


@pytest.mark.files
def test_progress_is_shown_on_a_terminal_only(
    acme: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shown(name: str, *words: str) -> str:
        # Every command gets a stream of its own.
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
        return acme("db", "copy", acme.path, tmp_path / name, *words).err

    lines = shown("one.db").split("\r\x1b[K")
    assert COPIED in lines
    # Nothing of it stays.
    assert (lines[0], lines[-1]) == ("", "")
    assert "company: 1 Zeilen kopiert" in shown("two.db", "--lang", "de")
    assert shown("three.db", "-q") == ""
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    assert acme("db", "copy", acme.path, "four.db").err == ""
