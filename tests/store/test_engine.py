"""Opening what is no leadctl file, locks, transactions, and a file that cannot be written."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from leadctl import LeadctlError, init, open_crm
from leadctl.errors import Busy, DatabaseError, Refused
from leadctl.store.engine import rows_sql
from leadctl.store.migrations import migrate
from leadctl.store.opening import connect
from leadctl.store.version import SCHEMA

pytestmark = pytest.mark.files


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A new file."""
    target = tmp_path / "leads.db"
    init(target)
    return target


def code_of(path: Path) -> str:
    """How opening fails; the file must stay as it is."""
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(LeadctlError) as caught:
        open_crm(path)
    assert caught.value.exit_code == 10
    assert (path.read_bytes() if path.is_file() else None) == before
    return caught.value.code


def test_what_is_no_leadctl_file(tmp_path: Path) -> None:
    target = tmp_path / "x.db"
    assert code_of(target) == "database_missing"
    target.touch()
    assert code_of(target) == "not_a_leadctl_file"
    target.write_bytes(b"name,category\n" * 100)
    assert code_of(target) == "not_a_leadctl_file"
    target.unlink()
    with sqlite3.connect(target) as connection:
        connection.execute("CREATE TABLE t (x)")
    connection.close()
    assert code_of(target) == "not_a_leadctl_file"
    assert code_of(tmp_path) == "not_a_leadctl_file"
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert code_of(pipe) == "not_a_leadctl_file"


def test_a_damaged_file(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert code_of(path) == "database_corrupt"
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    with pytest.raises(LeadctlError) as caught, open_crm(path) as crm:
        list(crm.people.list())
    assert caught.value.code == "database_corrupt"


@pytest.mark.parametrize(
    ("version", "code"), [(SCHEMA + 1, "schema_newer"), (0, "schema_outdated")]
)
def test_another_schema(path: Path, version: int, code: str) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    connection.close()
    assert code_of(path) == code


def test_a_symbolic_link_is_followed(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(path)
    with open_crm(link) as crm:
        assert crm.companies.add("A")["id"] == 1


def test_a_locked_file_is_busy(path: Path) -> None:
    with connect(path, lock_wait=0).transaction(), pytest.raises(Busy) as caught:
        with open_crm(path, lock_wait=0.05) as crm:
            crm.companies.add("A")
    assert caught.value.exit_code == 75


def test_readers_do_not_wait(path: Path) -> None:
    with open_crm(path) as writer, writer.engine.transaction():
        writer.companies.add("A")
        with open_crm(path, lock_wait=0) as reader:
            assert reader.companies.count() == 0


def test_transactions_nest(path: Path) -> None:
    engine = connect(path, lock_wait=0)
    insert = "INSERT INTO app_user (key, name, name_key) VALUES (:key, :key, :key)"
    with engine.transaction():
        engine.execute(insert, key="a")
        with engine.transaction() as inner:
            engine.execute(insert, key="b")
            inner.roll_back()
        with pytest.raises(Refused), engine.transaction():
            engine.execute(insert, key="c")
            engine.execute(insert, key="c")
        with engine.transaction():
            engine.execute(insert, key="d")
    with pytest.raises(RuntimeError), engine.transaction():
        engine.execute(insert, key="e")
        raise RuntimeError
    assert [row[0] for row in engine.stream("SELECT key FROM app_user ORDER BY id")] == ["a", "d"]
    engine.close()


def test_history_is_append_only(path: Path) -> None:
    with open_crm(path) as crm:
        crm.companies.add("A")
    with sqlite3.connect(path) as connection:
        for sql in ("DELETE FROM history", "UPDATE history SET field = 'x'", "DELETE FROM change"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                connection.execute(sql)
    connection.close()


def test_bulk_statements_take_ten_thousand_rows_each(path: Path) -> None:
    engine = connect(path, lock_wait=0)
    engine.execute("CREATE TEMP TABLE t (a, b)")
    before = engine.statements
    sql = f"INSERT INTO t SELECT a, b FROM {rows_sql('a', 'b')}"
    assert engine.bulk(sql, ((number, "å") for number in range(25_000))) == 25_000
    assert engine.statements - before == 3
    assert engine.one("SELECT count(*), max(a), min(b) FROM t") == (25_000, 24_999, "å")
    assert engine.value("SELECT 1 WHERE false") is None
    engine.close()


def test_a_bug_in_our_sql_stays_a_bug(path: Path) -> None:
    engine = connect(path, lock_wait=0)
    with pytest.raises(sqlite3.OperationalError):
        engine.query("SELECT nonsense")
    engine.close()


def test_migrating_twice_changes_nothing(path: Path) -> None:
    engine = connect(path, lock_wait=0)
    migrate(engine)
    assert engine.schema == SCHEMA
    engine.close()


def test_a_new_file_is_private_and_whole(tmp_path: Path) -> None:
    target = tmp_path / "new.db"
    assert init(target) is True
    assert target.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["new.db"]
    before = target.read_bytes()
    assert init(target) is False
    assert target.read_bytes() == before


def test_a_file_that_appears_meanwhile_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "new.db"
    init(tmp_path / "other.db")
    real = os.link

    def link(source: Path, name: Path) -> None:
        shutil.copy(tmp_path / "other.db", name)
        real(source, name)

    monkeypatch.setattr(os, "link", link)
    assert init(target) is False


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError) as caught:
        init(tmp_path / "none" / "new.db")
    assert caught.value.code == "database_readonly"


def restricted(path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a user to whom permissions apply, which they do not to root."""
    rights = "-dac_override,-dac_read_search"
    prefix = ["setpriv", f"--bounding-set={rights}", f"--inh-caps={rights}"]
    if os.getuid() != 0:
        prefix = []
    elif shutil.which("setpriv") is None:
        pytest.skip("root without setpriv: no permission applies")
    return subprocess.run(
        [*prefix, sys.executable, "-m", "leadctl", "--db", str(path), *words],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("what", ["file", "folder", "both"])
def test_what_cannot_be_written_can_be_read(tmp_path: Path, what: str) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    path = folder / "leads.db"
    init(path)
    with open_crm(path) as crm:
        crm.companies.add("Acme")
    path.chmod(0o444 if what != "folder" else 0o666)
    folder.chmod(0o555 if what != "file" else 0o777)
    before = path.read_bytes()
    listed = restricted(path, "company", "list", "-f", "ids")
    assert (listed.returncode, listed.stdout) == (0, "1\n"), listed.stderr
    written = restricted(path, "company", "edit", "1", "--country", "NO", "-f", "json")
    assert written.returncode == 10, written.stderr
    assert '"code": "database_readonly"' in written.stderr
    folder.chmod(0o755)
    assert path.read_bytes() == before


def test_a_file_that_cannot_even_be_read(tmp_path: Path) -> None:
    path = tmp_path / "leads.db"
    init(path)
    path.chmod(0)
    ran = restricted(path, "company", "list", "-f", "json")
    assert ran.returncode == 10
    assert '"code": "database_unreadable"' in ran.stderr
