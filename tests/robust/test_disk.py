"""A disk that is full, a file that is not what it was, and what nobody may read or write."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from leadctl import LeadctlError, init, open_crm
from tests.robust.damage import flip
from tests.robust.scenarios import faults
from tests.robust.world import call, digest, fill
from tests.store.test_engine import restricted

PEOPLE = 3_000
MEBIBYTE = 1024 * 1024
# Reading, writing, what looks at the whole, and what takes the file by another way.
VERBS = [
    ("company", "list"),
    ("company", "add", "New"),
    ("person", "edit", "--all", "--title", "x"),
    ("find", "acme"),
    ("change", "undo", "last", "--yes"),
    ("report", "funnel"),
    ("setup", "export"),
    ("init",),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file with a few records of each kind."""
    target = tmp_path / "leads.db"
    fill(target)
    return target


def run(path: Path, *words: str, bytes: int | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command that may make no file larger than ``bytes``."""

    def limit() -> None:
        if bytes is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (bytes, bytes))

    return subprocess.run(
        [sys.executable, "-m", "leadctl", "--db", str(path), *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        preexec_fn=limit,
    )


def people(folder: Path) -> str:
    """A file with many people, to be imported."""
    file = folder / "people.csv"
    file.write_text("last_name\n" + "Berg\n" * PEOPLE, encoding="utf-8")
    return str(file)


def test_a_disk_that_gets_full_while_a_change_is_written(path: Path, tmp_path: Path) -> None:
    before, size = digest(path), path.stat().st_size
    words = ("person", "import", people(tmp_path), "-f", "json")
    for more in (1, 20_000, 60_000):
        ran = run(path, *words, bytes=size + more)
        assert ran.returncode == 10, ran.stderr
        assert '"disk_full"' in ran.stderr or '"database_unreadable"' in ran.stderr
        assert "nothing was changed" in ran.stderr
        assert (digest(path), faults(path)) == (before, [])
    # With room the same command works on the same file.
    assert run(path, *words).returncode == 0
    assert faults(path) == []


def test_a_disk_that_is_full_when_the_log_is_copied_keeps_the_change(
    path: Path, tmp_path: Path
) -> None:
    # The change is complete in the -wal, which fits; the file itself may not grow.
    size = path.stat().st_size
    ran = run(path, "company", "add", "New", "--country", "x" * 200, "-f", "ids", bytes=size)
    with open_crm(path) as crm:
        assert (ran.returncode == 0) == (crm.companies.count() == 4), ran.stderr
    assert faults(path) == []


def test_no_room_for_a_new_file(tmp_path: Path) -> None:
    target = tmp_path / "new.db"
    for limit in (0, 4096, 100_000):
        ran = run(target, "init", "-f", "json", bytes=limit)
        assert ran.returncode == 10, ran.stderr
        assert list(tmp_path.iterdir()) == []


def test_a_small_file_system(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if os.getuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no file system can be mounted")
    try:
        small = folder / "leads.db"
        shutil.copy(path, small)
        ran = run(small, "person", "import", people(tmp_path), "-f", "json")
        assert ran.returncode == 10, ran.stderr
        assert '"disk_full"' in ran.stderr
        assert (digest(small), faults(small)) == (digest(path), [])
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_report_that_finds_no_room_says_that_the_change_stands(path: Path) -> None:
    command = [sys.executable, "-m", "leadctl", "--db", str(path), "company", "add", "New"]
    with open("/dev/full", "w", encoding="utf-8") as full:
        ran = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert ran.returncode == 10
    assert "the change was made all the same" in ran.stderr
    with open_crm(path) as crm:
        assert crm.companies.count() == 4


@pytest.mark.parametrize("words", VERBS)
def test_what_is_no_leadctl_file_is_left_alone(tmp_path: Path, words: tuple[str, ...]) -> None:
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE person (id)")
        connection.execute("PRAGMA application_id = 7")
        connection.commit()
    (tmp_path / "empty.db").touch()
    (tmp_path / "text.db").write_text("name\n" * 900, encoding="utf-8")
    (tmp_path / "lost.db").symlink_to("nowhere.db")
    (tmp_path / "folder.db").mkdir()
    os.mkfifo(tmp_path / "pipe.db")
    newer = tmp_path / "newer.db"
    init(newer)
    with closing(sqlite3.connect(newer)) as connection:
        connection.execute("PRAGMA user_version = 99")
    expected = dict.fromkeys(("other", "empty", "text", "folder", "pipe"), "not_a_leadctl_file")
    expected |= {"lost": "database_missing", "newer": "schema_newer"}
    before = {file: file.read_bytes() for file in tmp_path.iterdir() if file.is_file()}
    for name, code in expected.items():
        ended, out, err = call(["--db", str(tmp_path / f"{name}.db"), *words, "-f", "json"])
        assert (ended, out) == (10, ""), (name, err)
        assert f'"code": "{code}"' in err
    assert {file: file.read_bytes() for file in tmp_path.iterdir() if file.is_file()} == before


def test_a_link_to_a_file_works_and_stays(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to("leads.db")
    assert call(["--db", str(link), "company", "add", "New"])[0] == 0
    assert link.is_symlink()
    with open_crm(path) as crm:
        assert crm.companies.count() == 4


def test_a_file_that_is_cut_short(path: Path) -> None:
    whole = path.read_bytes()
    for length in (1, 15, 99, 100, 4095, 4096, 8192, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        for words in VERBS:
            code, out, err = call(["--db", str(path), *words])
            assert (code, out) == (10, ""), (length, words, err)
        assert path.read_bytes() == whole[:length]
        assert [file.name for file in path.parent.iterdir()] == ["leads.db"]


def test_bytes_that_are_other_than_they_were() -> None:
    exits, findings = flip(150, 1)
    assert findings == []
    assert exits[10] > 20


def test_a_damaged_schema_is_no_bug(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_schema SET sql = replace(sql, 'priority TEXT', 'priorixy TEXT')"
            " WHERE name = 'opportunity'"
        )
        connection.commit()
    code, _, err = call(["--db", str(path), "opportunity", "list", "-f", "json"])
    assert (code, '"database_corrupt"' in err) == (10, True)


def test_a_header_that_no_sqlite_reads_is_no_bug(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[44:48] = b"\x00\x00\x00\x99"
    path.write_bytes(content)
    code, _, err = call(["--db", str(path), "company", "list", "-f", "json"])
    assert (code, '"database_corrupt"' in err) == (10, True)


def test_a_log_that_was_left_behind_is_read(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    folder.mkdir()
    with open_crm(path) as crm:
        crm.companies.add("In the log")
        # What a process that is killed leaves: the change stands in the -wal alone.
        for end in ("", "-wal"):
            shutil.copy(f"{path}{end}", folder)
    copy = folder / "leads.db"
    assert "In the log" in call(["--db", str(copy), "company", "list"])[1]
    assert faults(copy) == []
    assert call(["--db", str(copy), "company", "show", "4"])[0] == 0


def test_a_log_in_a_folder_that_cannot_be_written_to_is_not_left_out(
    path: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "copy"
    folder.mkdir()
    with open_crm(path) as crm:
        crm.companies.add("In the log")
        for end in ("", "-wal"):
            shutil.copy(f"{path}{end}", folder)
    folder.chmod(0o555)
    ran = restricted(folder / "leads.db", "company", "list")
    folder.chmod(0o755)
    assert "Traceback" not in ran.stderr
    # An error, or all of it; never the state before.
    assert ran.returncode == 10 or "In the log" in ran.stdout


def test_a_log_of_something_else_is_not_taken_for_ours(path: Path) -> None:
    before = digest(path)
    path.with_name("leads.db-wal").write_bytes(os.urandom(20_000))
    assert call(["--db", str(path), "company", "list"])[0] == 0
    assert (digest(path), faults(path)) == (before, [])


def test_no_new_file_beside_the_log_of_one_that_is_gone(path: Path) -> None:
    with open_crm(path) as crm:
        crm.companies.add("Lost")
        log = path.with_name("leads.db-wal")
        content = log.read_bytes()
        path.unlink()
    log.write_bytes(content)
    code, _, err = call(["--db", str(path), "init", "-f", "json"])
    assert (code, '"log_left_behind"' in err) == (10, True)
    assert (path.exists(), log.read_bytes()) == (False, content)
    log.unlink()
    assert call(["--db", str(path), "init"])[0] == 0


@pytest.mark.parametrize("replaced", [False, True])
def test_a_file_that_is_removed_while_it_is_open(path: Path, *, replaced: bool) -> None:
    with open_crm(path) as crm:
        path.unlink()
        if replaced:
            path.write_bytes(b"")
        with pytest.raises(LeadctlError) as caught:
            crm.companies.add("Where?")
        assert (caught.value.exit_code, caught.value.code) == (10, "database_replaced")
    assert (path.read_bytes() if replaced else path.exists()) in (b"", False)


def test_a_folder_that_is_removed_while_a_command_runs(path: Path, tmp_path: Path) -> None:
    with open_crm(path) as crm:
        path.rename(tmp_path / "moved.db")
        with pytest.raises(LeadctlError) as caught:
            crm.people.edit([1], title="x")
        assert caught.value.exit_code == 10
    with open_crm(tmp_path / "moved.db") as crm:
        assert crm.people.show(1)["title"] is None


@pytest.mark.parametrize(
    ("mode", "code"), [(0o644, "database_readonly"), (0o600, "database_unreadable")]
)
def test_the_file_of_somebody_else(path: Path, mode: int, code: str) -> None:
    if os.getuid() != 0:
        pytest.skip("only root gives a file away")
    path.chmod(mode)
    os.chown(path, 65534, 65534)
    before = digest(path)
    listed = restricted(path, "company", "list", "-f", "ids")
    assert listed.returncode == (0 if mode == 0o644 else 10), listed.stderr
    written = restricted(path, "company", "add", "New", "-f", "json")
    assert (written.returncode, code in written.stderr) == (10, True), written.stderr
    assert digest(path) == before


def test_a_folder_that_cannot_be_entered(tmp_path: Path) -> None:
    folder = tmp_path / "closed"
    folder.mkdir()
    init(folder / "leads.db")
    folder.chmod(0)
    ran = restricted(folder / "leads.db", "company", "list", "-f", "json")
    made = restricted(folder / "new.db", "init", "-f", "json")
    folder.chmod(0o755)
    assert (ran.returncode, '"database_unreadable"' in ran.stderr) == (10, True), ran.stderr
    assert (made.returncode, len(list(folder.iterdir()))) == (10, 1), made.stderr
