"""Whole copies of a file: backup, restore, migrate, export."""

from __future__ import annotations

import sqlite3
import stat
import threading
from contextlib import closing
from pathlib import Path

import pytest

from leadctl import WriteOptions, init, open_crm
from leadctl.core import copies, newfiles
from leadctl.core.copies import migrate, restore
from leadctl.errors import DatabaseError
from leadctl.store import upkeep
from leadctl.store.sqlite import Sqlite
from leadctl.store.version import SCHEMA
from tests.conftest import failing, left_over
from tests.samples import sample
from tests.test_examples import dump

pytestmark = pytest.mark.files


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file with one company."""
    path = tmp_path / "leads.db"
    init(path)
    with open_crm(path, user="anna") as crm:
        crm.companies.add("Acme")
    return path


def backed_up(path: Path, name: str = "backup.db") -> Path:
    """A backup of a file."""
    target = path.with_name(name)
    with open_crm(path) as crm:
        crm.db.backup(target)
    return target


def names(path: Path) -> list[str]:
    """The companies in a file."""
    with open_crm(path) as crm:
        return [company["name"] for company in crm.companies.list()]


def flip(path: Path) -> None:
    """Damage a file without making it shorter."""
    content = bytearray(path.read_bytes())
    size = page_of(content)
    content[size : 3 * size] = b"\xff" * (2 * size)
    path.write_bytes(content)


def page_of(content: bytes) -> int:
    """Bytes per page, by the header."""
    return int.from_bytes(content[16:18], "big")


def test_a_backup_is_the_file_again(path: Path) -> None:
    with open_crm(path) as crm:
        record = crm.db.backup(path.with_name("b.db"))
    copy = Path(record["path"])
    assert (record["schema"], record["size_bytes"]) == (SCHEMA, copy.stat().st_size)
    assert dump(copy) == dump(path)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    # One file that can be carried away.
    assert copy.read_bytes()[18:20] == b"\x01\x01"
    assert sorted(file.name for file in path.parent.glob("*b.db*")) == ["b.db"]
    assert left_over(path.parent) == []
    with open_crm(copy) as crm:
        assert [one for one in crm.db.check() if not one.ok] == []


def test_nothing_is_written_over(path: Path) -> None:
    path.with_name("b.db").touch()
    path.with_name("dangling").symlink_to("nowhere")
    for name in ("b.db", "dangling"):
        error = failing(lambda name=name: backed_up(path, name))
        assert (error.code, error.exit_code) == ("file_exists", 4)
    assert path.with_name("b.db").read_bytes() == b""
    with open_crm(path) as crm:
        error = failing(lambda: crm.db.backup(path.parent / "none" / "b.db"))
    assert (error.code, error.exit_code) == ("database_readonly", 10)


def test_what_takes_the_name_meanwhile_stays(path: Path, monkeypatch) -> None:
    target = path.with_name("b.db")
    real = upkeep.damage

    def late(engine: Sqlite) -> str | None:
        target.write_text("mine")
        return real(engine)

    monkeypatch.setattr(upkeep, "damage", late)
    with open_crm(path) as crm:
        assert failing(lambda: crm.db.backup(target)).code == "file_exists"
    assert target.read_text() == "mine"


def test_a_file_system_without_links(path: Path, monkeypatch) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(newfiles.os, "link", no_links)
    target = backed_up(path)
    assert dump(target) == dump(path)
    assert left_over(path.parent) == []
    with open_crm(path) as crm:
        assert failing(lambda: crm.db.backup(target)).code == "file_exists"


def test_a_backup_while_others_write(path: Path) -> None:
    with open_crm(path) as crm:
        with crm.change("fill"):
            for number in range(300):
                crm.people.add(last_name=f"P{number}")
    go_on = True

    def write() -> None:
        with open_crm(path, synchronous="normal", lock_wait=20) as crm:
            while go_on:
                crm.companies.add("One more")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            copy = backed_up(path, f"b{number}.db")
            with open_crm(copy) as crm:
                assert crm.db.check("history")[0].ok
                assert crm.db.info()["people"] == 300
    finally:
        go_on = False
        writer.join()
    assert len(names(path)) > 1


def test_an_interrupted_backup_leaves_nothing(path: Path, monkeypatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(newfiles, "publish", interrupted)
    with open_crm(path) as crm, pytest.raises(KeyboardInterrupt):
        crm.db.backup(path.with_name("b.db"))
    assert [file.name for file in path.parent.iterdir() if "b.db" in file.name] == []


def test_a_damaged_file_is_not_backed_up(path: Path) -> None:
    flip(path)
    error = failing(lambda: backed_up(path))
    assert (error.code, error.exit_code) == ("database_corrupt", 10)
    assert not path.with_name("backup.db").exists()


def test_a_copy_that_differs_is_none(path: Path, monkeypatch) -> None:
    counts = iter([{"company": 1}, {"company": 0}])
    monkeypatch.setattr(upkeep, "counts", lambda engine: next(counts))
    error = failing(lambda: backed_up(path))
    assert str(error).endswith("is damaged: the copy differs")


def test_restore_brings_a_backup_back(path: Path) -> None:
    backup = backed_up(path)
    with open_crm(path) as other:
        other.companies.add("Later")
        report = restore(path, backup, WriteOptions(reason="oops"), user="ben")
        # Whoever has the file open goes on with what was restored.
        assert [company["name"] for company in other.companies.list()] == ["Acme"]
        other.companies.add("After")
    assert names(path) == ["Acme", "After"]
    assert (report.matched, report.changed, report.change) == (1, 1, 2)
    (kept,) = path.parent.glob("leads.db.before-restore-*")
    assert [notice.details["name"] for notice in report.notices] == [kept.name]
    assert names(kept) == ["Acme", "Later"]
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    with open_crm(path) as crm:
        change = crm.changes.show(2)
        assert (change["command"], change["user"], change["reason"]) == (
            "db restore",
            "ben",
            "oops",
        )
        assert failing(lambda: crm.changes.undo(2)).code == "change_purged"
        assert crm.changes.undo(3).changed == 1
        assert [one for one in crm.db.check() if not one.ok] == []
    assert left_over(path.parent) == []


def test_whoever_was_erased_since_is_told(path: Path) -> None:
    with open_crm(path) as crm:
        for name in ("A", "B"):
            crm.people.add(last_name=name)
        crm.people.erase(1)
    backup = backed_up(path)
    with open_crm(path) as crm:
        crm.people.erase(2)
    (_, told) = restore(path, backup).notices
    assert told.text() == (
        "people who have been erased since are back: 2; person erase ID ends that"
    )
    with open_crm(path) as crm:
        assert [person["name"] for person in crm.people.list([1, 2])] == ["(erased)", "B"]


def test_restoring_twice_keeps_both(path: Path) -> None:
    backup = backed_up(path)
    restore(path, backup)
    restore(path, backup)
    assert len(list(path.parent.glob("leads.db.before-restore-*"))) == 2


def test_a_dry_run_of_restore_does_nothing(path: Path, tmp_path: Path) -> None:
    backup = backed_up(path)
    with open_crm(path) as crm:
        crm.companies.add("Later")
    before = dump(path)
    report = restore(path, backup, WriteOptions(dry_run=True))
    assert (report.changed, report.change, report.notices) == (1, None, [])
    assert dump(path) == before
    none = tmp_path / "none.db"
    assert restore(none, backup, WriteOptions(dry_run=True)).changed == 1
    assert not none.exists()
    flip(path)
    spoilt = path.read_bytes()
    assert restore(path, backup, WriteOptions(dry_run=True)).changed == 1
    assert path.read_bytes()[200:] == spoilt[200:]
    path.write_bytes(spoilt[:5000])
    assert restore(path, backup, WriteOptions(dry_run=True)).changed == 1
    assert path.read_bytes() == spoilt[:5000]
    assert [file.name for file in tmp_path.glob("*before*")] == left_over(tmp_path) == []


def test_guards_of_restore(path: Path) -> None:
    backup = backed_up(path)
    for options in (WriteOptions(expect=(2, 9)), WriteOptions(max_changes=0)):
        assert failing(lambda options=options: restore(path, backup, options)).exit_code == 7
    assert list(path.parent.glob("leads.db.before*")) == []


def test_restore_in_the_place_of_a_missing_file(path: Path) -> None:
    backup = backed_up(path)
    new = path.with_name("new.db")
    report = restore(new, backup)
    assert (names(new), report.notices) == (["Acme"], [])
    assert stat.S_IMODE(new.stat().st_mode) == 0o600
    assert new.read_bytes()[18:20] == b"\x02\x02"


@pytest.mark.parametrize("how", ["flipped", "short", "header"])
def test_restore_in_the_place_of_a_damaged_file(path: Path, how: str) -> None:
    backup = backed_up(path)
    content = path.read_bytes()
    if how == "flipped":
        flip(path)
    elif how == "short":
        path.write_bytes(content[: len(content) // 2])
    else:
        # The root of the schema is no b-tree.
        path.write_bytes(content[:100] + b"\xff" * 12 + content[112:])
    spoilt = path.read_bytes()
    restore(path, backup)
    assert names(path) == ["Acme"]
    (kept,) = path.parent.glob("leads.db.before-restore-*")
    assert kept.read_bytes()[200:] == spoilt[200:]
    with open_crm(path) as crm:
        assert crm.companies.add("Later")["id"] == 2
        assert [one for one in crm.db.check() if not one.ok] == []


def test_what_belongs_to_a_damaged_file_goes_with_it(path: Path) -> None:
    backup = backed_up(path)
    path.write_bytes(path.read_bytes()[:5000])
    path.with_name("leads.db-shm").write_bytes(b"old")
    restore(path, backup)
    (kept,) = path.parent.glob("leads.db.before-restore-*shm")
    assert kept.read_bytes() == b"old"
    assert names(path) == ["Acme"]


def test_restore_leaves_what_is_no_leadctl_file(path: Path) -> None:
    backup = backed_up(path)
    for content in (b"", b"a letter to a friend" * 20):
        path.write_bytes(content)
        error = failing(lambda: restore(path, backup))
        assert (error.code, error.exit_code) == ("not_a_leadctl_file", 10)
        assert path.read_bytes() == content


def test_what_cannot_be_restored(path: Path, tmp_path: Path) -> None:
    before = dump(path)
    assert failing(lambda: restore(path, tmp_path / "none.db")).exit_code == 3
    assert failing(lambda: restore(path, path)).exit_code == 2
    assert failing(lambda: restore(path, path, user="\ud800")).exit_code == 2
    backup = backed_up(path)
    with closing(sqlite3.connect(backup)) as connection:
        connection.execute("PRAGMA user_version = 1000")
    assert failing(lambda: restore(path, backup)).code == "schema_newer"
    assert failing(lambda: migrate(backup)).code == "schema_newer"
    flip(backup)
    assert failing(lambda: restore(path, backup)).exit_code == 10
    backup.write_bytes(b"x" * 1000)
    assert failing(lambda: restore(path, backup)).code == "not_a_leadctl_file"
    assert dump(path) == before
    assert left_over(tmp_path) == []


def test_restore_waits_for_writers(path: Path) -> None:
    backup = backed_up(path)
    with open_crm(path) as crm, crm.engine.transaction():
        error = failing(lambda: restore(path, backup, lock_wait=0.1))
    assert error.exit_code == 75
    assert list(path.parent.glob("leads.db.before*")) == []


def test_a_restore_that_fails_leaves_all_as_it_was(path: Path, monkeypatch) -> None:
    backup = backed_up(path)
    with open_crm(path) as crm:
        crm.companies.add("Later")
    before = dump(path)
    real = copies.publish_new

    def full(draft: Path, target: Path) -> None:
        real(draft, target)
        raise DatabaseError("there is no space left for {path}", code="disk_full", path="x")

    monkeypatch.setattr(copies, "publish_new", full)
    assert failing(lambda: restore(path, backup)).code == "disk_full"
    assert dump(path) == before
    assert list(path.parent.glob("leads.db.before*")) == []


def test_a_backup_that_was_put_in_place_by_hand(path: Path) -> None:
    backup = backed_up(path)
    path.unlink()
    path.write_bytes(backup.read_bytes())
    with open_crm(path) as crm:
        crm.companies.add("Later")
    restore(path, backup)
    (kept,) = path.parent.glob("leads.db.before-restore-*")
    assert (names(path), names(kept)) == (["Acme"], ["Acme", "Later"])
    assert path.read_bytes()[18:20] == b"\x02\x02"


def test_pages_of_another_size(path: Path) -> None:
    backup = backed_up(path)
    with closing(sqlite3.connect(backup)) as connection:
        connection.execute("PRAGMA page_size = 1024")
        connection.execute("VACUUM")
    restore(path, backup)
    assert names(path) == ["Acme"]
    assert page_of(path.read_bytes()) == 4096


def test_an_older_backup_is_brought_up_to_date(path: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    sample(1, old)
    restore(path, old)
    assert names(path) == ["Ås Verft", "Hansa Logistik"]
    with open_crm(path) as crm:
        assert crm.db.info()["schema"] == SCHEMA
        assert [one for one in crm.db.check() if not one.ok] == []
    with closing(sqlite3.connect(old)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
