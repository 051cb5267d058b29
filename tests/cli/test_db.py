"""``db`` and ``person erase`` through the command line: shapes, exit codes, consent, modes."""

from __future__ import annotations

import random
import re
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from leadctl.core.checks import rules
from leadctl.store.version import SCHEMA
from tests.conftest import Cli, left_over
from tests.samples import sample
from tests.test_examples import dump


@pytest.fixture
def acme(cli: Cli) -> Cli:
    """A file with a company and a person."""
    cli("company", "add", "Acme", "--category", "lead")
    cli("person", "add", "--last-name", "Berg", "--company", 1, "--email", "b@acme.example")
    return cli


def spoil(path: Path, sql: str) -> None:
    """What something else than leadctl does to a file."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(f"PRAGMA ignore_check_constraints = ON; {sql}")


def test_info(acme: Cli) -> None:
    info = acme.json("db", "info")
    assert list(info) == [
        *("path", "engine", "schema", "size_bytes"),
        *("companies", "people", "opportunities", "changes"),
    ]
    assert (info["schema"], info["people"], info["changes"]) == (SCHEMA, 1, 2)
    assert info["size_bytes"] > 100_000
    assert acme("db", "info", "--fields", "people", "-f", "csv").out == "people\n1\n"
    assert acme.error("db", "info", "--fields", "x", code=2)["code"] == "usage"


def test_check_of_a_sound_file(acme: Cli) -> None:
    records = acme.json("db", "check")
    assert [record["rule"] for record in records] == [rule.rule for rule in rules()]
    assert all(
        record == {"rule": record["rule"], "ok": True, "found": 0, "hint": None}
        for record in records
    )
    assert acme("db", "check", "-q").err == ""
    assert acme("db", "check", "--rule", "views", "-f", "csv").out == (
        "rule,ok,found,hint\nviews,true,0,\n"
    )


def test_check_names_what_is_wrong(acme: Cli) -> None:
    with acme.engine() as engine:
        engine.execute("UPDATE person SET email_key = 'B'")
        engine.execute("DROP VIEW v_people")
    ran = acme("db", "check", "-f", "json", code=8)
    broken = [record for record in ran.json if not record["ok"]]
    assert [(record["rule"], record["found"]) for record in broken] == [
        ("folded_keys", 1),
        ("views", 1),
    ]
    assert broken[1]["hint"] == "db migrate makes the views anew"
    assert ran.err.splitlines()[:2] == ["folded_keys: person 1 email", "views: view v_people"]
    assert ran.error["code"] == "check_failed"
    assert ran.error["details"]["broken"] == ["folded_keys", "views"]
    ran = acme("db", "check", "--rule", "views", "--lang", "sv", code=8)
    assert "db migrate gör om vyerna" in ran.out
    assert "1 av 1 regler är inte uppfyllda" in ran.err
    assert "--explain" in ran.err
    assert acme("db", "check", "--rule", "json").code == 0
    acme("db", "migrate")
    acme("person", "edit", 1, "--email", "x")
    acme("db", "check")


def test_check_explains_itself(cli: Cli) -> None:
    out = cli("db", "check", "--explain").out
    assert re.findall(r"^-- (\w+)$", out, re.MULTILINE) == [rule.rule for rule in rules()]
    (sql,) = re.findall(
        r"^-- \w+\n(.*);$", cli("db", "check", "--rule", "figures", "--explain").out, re.DOTALL
    )
    with cli.engine() as engine:
        assert engine.query(sql) == []
    for rule, hint in (("jsno", "did you mean json?"), ("xyz", "the rules are: integrity, ")):
        assert cli.error("db", "check", "--rule", rule, code=2)["hint"].startswith(hint)


@pytest.mark.files
def test_spoilt_bytes_give_one_line(acme: Cli) -> None:
    content = acme.path.read_bytes()
    chance = random.Random(3)
    codes = set()
    for number in range(30):
        spoilt = bytearray(content)
        for _ in range(60):
            spoilt[chance.randrange(0 if number % 3 else 100, len(spoilt))] = chance.randrange(256)
        acme.path.write_bytes(spoilt[: len(spoilt) - 5000] if number % 5 == 0 else spoilt)
        ran = acme("db", "check", code=None)
        codes.add(ran.code)
        assert "Traceback" not in ran.err
        assert len([line for line in ran.err.splitlines() if line.startswith("Error: ")]) == (
            ran.code != 0
        )
    assert codes <= {0, 8, 10}
    assert 10 in codes


@pytest.mark.files
def test_backup(acme: Cli, tmp_path: Path) -> None:
    target = tmp_path / "b.db"
    record = acme.json("db", "backup", target)
    assert record == {
        "path": str(target),
        "schema": SCHEMA,
        "size_bytes": target.stat().st_size,
    }
    assert dump(target) == dump(acme.path)
    assert acme.error("db", "backup", target, code=4)["code"] == "file_exists"
    acme("db", "backup", tmp_path / "none" / "b.db", code=10)
    acme("db", "backup", code=2)


@pytest.mark.files
def test_a_backup_that_is_killed_leaves_no_file(acme: Cli, tmp_path: Path) -> None:
    script = (
        "import os, sys\nfrom leadctl.core import copies\nfrom leadctl.cli.main import main\n"
        "copies.publish_new = lambda *names: os.kill(os.getpid(), 9)\nmain(sys.argv[1:])"
    )
    words = ["--db", str(acme.path), "db", "backup", str(tmp_path / "b.db")]
    ran = subprocess.run([sys.executable, "-c", script, *words], check=False)
    assert ran.returncode == -9
    assert not (tmp_path / "b.db").exists()
    assert acme("db", "backup", tmp_path / "b.db").code == 0


@pytest.mark.files
def test_no_room_for_a_copy(acme: Cli, tmp_path: Path) -> None:
    acme("db", "backup", tmp_path / "whole.db")
    before = dump(acme.path)
    for words in (f"backup {tmp_path}/b.db", f"restore {tmp_path}/whole.db --yes", "vacuum"):
        command = f"ulimit -f 100; {sys.executable} -m leadctl --db {acme.path} db {words}"
        ran = subprocess.run(command, shell=True, check=False, capture_output=True, text=True)
        assert (ran.returncode, "Traceback" in ran.stderr) == (10, False)
        assert ".new" not in ran.stderr
    assert dump(acme.path) == before
    assert left_over(tmp_path) == []
    assert not (tmp_path / "b.db").exists()


@pytest.mark.files
def test_restore(acme: Cli, tmp_path: Path) -> None:
    backup = tmp_path / "b.db"
    acme("db", "backup", backup)
    acme("person", "edit", 1, "--title", "Boss")
    before = dump(acme.path)
    assert acme.error("db", "restore", backup, code=6)["code"] == "consent_needed"
    assert acme("db", "restore", backup, "-n").out == "dry run: 1 changed\n"
    assert dump(acme.path) == before
    report = acme("db", "restore", backup, "--yes", "--reason", "oops", "-f", "json", "--as", "ben")
    assert (report.json["matched"], report.json["changed"], report.json["change"]) == (1, 1, 3)
    (kept,) = tmp_path.glob("leads.db.before-restore-*")
    assert report.err == f"what was there is kept beside it as {kept.name}\n"
    assert acme.json("person", "show", 1)["title"] is None
    (change, *_) = acme.json("change", "list")
    assert (change["command"], change["user"], change["reason"]) == ("db restore", "ben", "oops")
    acme.path = kept
    assert acme.json("person", "show", 1)["title"] == "Boss"


@pytest.mark.files
def test_restore_where_there_is_no_file(acme: Cli, tmp_path: Path) -> None:
    backup = tmp_path / "b.db"
    acme("db", "backup", backup)
    acme.path = tmp_path / "none.db"
    assert acme("db", "restore", backup, "-n").out == "dry run: 1 changed\n"
    assert not acme.path.exists()
    assert acme("db", "restore", backup, "--yes").out == "change 3: 1 changed\n"
    assert acme.json("person", "list", "--count") == 1


@pytest.mark.files
def test_what_restore_refuses(acme: Cli, tmp_path: Path) -> None:
    assert acme.error("db", "restore", tmp_path / "none", "--yes", code=3)["code"] == "not_found"
    acme("db", "restore", acme.path, "--yes", code=2)
    foreign = tmp_path / "foreign.db"
    with closing(sqlite3.connect(foreign)) as connection:
        connection.execute("CREATE TABLE t (x)")
    assert acme.error("db", "restore", foreign, "--yes", code=10)["code"] == "not_a_leadctl_file"
    acme.path = foreign
    backup = tmp_path / "leads.db"
    assert acme.error("db", "restore", backup, "--yes", code=10)["code"] == "not_a_leadctl_file"
    with closing(sqlite3.connect(foreign)) as connection:
        assert connection.execute("SELECT count(*) FROM t").fetchone() == (0,)


@pytest.mark.files
def test_restore_waits_as_long_as_it_is_told(acme: Cli, tmp_path: Path) -> None:
    acme("db", "backup", tmp_path / "b.db")
    words = ("db", "restore", tmp_path / "b.db", "--yes", "--lock-wait", "0.2")
    with closing(sqlite3.connect(acme.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert acme.error(*words, code=75)["code"] == "busy"
        other.execute("ROLLBACK")
    assert acme(*words).code == 0


@pytest.mark.files
def test_nobody_writes_between_what_is_kept_and_what_is_restored(acme: Cli, tmp_path: Path) -> None:
    """Whatever was committed is in the kept file, or came after the restore."""
    acme("db", "backup", tmp_path / "b.db")
    written: list[int] = []
    stop = threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(acme.path, isolation_level=None, timeout=20)) as other:
            number = 0
            while not stop.is_set():
                number += 1
                other.execute(f"INSERT INTO setting (key, value) VALUES ('k{number}', 'v')")
                written.append(number)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while len(written) < 20:
            pass
        acme("db", "restore", tmp_path / "b.db", "--yes")
        count = len(written)
        while len(written) < count + 20:
            pass
    finally:
        stop.set()
        writer.join()
    (kept,) = tmp_path.glob("leads.db.before-restore-*")

    def stored(path: Path) -> set[int]:
        with closing(sqlite3.connect(path)) as connection:
            rows = connection.execute("SELECT key FROM setting WHERE key GLOB 'k[0-9]*'")
            return {int(key[1:]) for (key,) in rows}

    before, after = stored(kept), stored(acme.path)
    assert before & after == set()
    assert before | after == set(written)


def test_up_to_date(cli: Cli) -> None:
    assert cli("db", "migrate").err == f"unchanged: {cli.path} has schema {SCHEMA}\n"
    assert cli.json("db", "migrate")["changed"] is False


@pytest.mark.files
def test_migrate(cli: Cli, tmp_path: Path) -> None:
    cli.path = tmp_path / "old.db"
    sample(1, cli.path)
    error = cli.error("person", "list", code=10)
    assert (error["code"], "db migrate" in error["hint"]) == ("schema_outdated", True)
    assert cli.error("db", "check", code=10)["code"] == "schema_outdated"
    ran = cli("db", "migrate")
    (kept,) = tmp_path.glob("old.db.schema-1-*")
    assert ran.err.splitlines() == [
        f"what was there is kept beside it as {kept.name}",
        f"{cli.path} has schema {SCHEMA} now",
    ]
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    cli("db", "check")
    spoil(cli.path, f"PRAGMA user_version = {SCHEMA + 1}")
    for words in (("db", "migrate"), ("person", "list")):
        assert cli.error(*words, code=10)["code"] == "schema_newer"


def test_vacuum_and_export(acme: Cli, tmp_path: Path) -> None:
    assert list(acme.json("db", "vacuum")) == ["path", "size_bytes", "freed_bytes"]
    rows = {row["table"]: row["rows"] for row in acme.json("db", "export", tmp_path / "out")}
    assert (rows["person"], rows["change"]) == (1, 2)
    assert acme.error("db", "export", tmp_path / "out", code=4)["code"] == "file_exists"


def test_prune(acme: Cli) -> None:
    assert acme("db", "prune", "--older-than", "1d").out == "no change: nothing to do\n"
    late = ("--today", "2100-01-01")
    assert acme.error(*late, "db", "prune", "--older-than", "24m", code=6)["code"] == (
        "consent_needed"
    )
    words = (*late, "db", "prune", "--older-than", "24m", "--yes")
    assert acme(*words, "--dry-run").out == "dry run: 2 changed\n"
    ran = acme(*words)
    assert ran.out == "change 3: 2 changed\n"
    assert "rows of history are gone" in ran.err
    assert acme.error("change", "undo", 2, "--yes", code=4)["code"] == "change_purged"
    for words in (("db", "prune"), ("db", "prune", "--older-than", "x")):
        acme(*words, code=2)


def test_erase(acme: Cli) -> None:
    words = ("person", "erase", 1)
    assert acme.error(*words, code=6)["code"] == "consent_needed"
    assert acme(*words, "-n").out == "dry run: 1 changed\n"
    ran = acme(*words, "--yes", "-f", "ndjson")
    (line,) = ran.lines
    assert (line["result"], line["changes"]) == ("changed", {"erased": [None, None]})
    assert ran.err == "backups and exports that were made before still have the data\n"
    assert acme.json("person", "show", 1)["email"] is None
    assert acme(*words).out == "no change: 1 unchanged\n"
    assert acme.error("change", "undo", 2, "--yes", code=4)["code"] == "change_purged"
    acme("person", "erase", 9, "--yes", code=3)
    acme("person", "erase", "x", code=2)


@pytest.mark.parametrize("line", ["db vacuum", "db check", "person erase 1 --yes"])
def test_what_is_no_line_of_a_batch(acme: Cli, tmp_path: Path, line: str) -> None:
    lines = tmp_path / "lines"
    lines.write_text(f"{line}\n", encoding="utf-8")
    assert "cannot be" in acme.error("batch", lines, "--yes", code=2)["message"]


@pytest.mark.files
def test_permissions(acme: Cli, tmp_path: Path, capsys) -> None:
    acme("demo", tmp_path / "demo.db")
    for path in (acme.path, tmp_path / "demo.db"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    acme.path.chmod(0o602)
    warning = f"everybody can write to {acme.path}; chmod o-w takes that away\n"
    assert acme("person", "list", "--count").err == warning
    assert acme("person", "list", "--count", "-q").err == ""
    assert acme("person", "edit", 1, "--title", "x", "-f", "json").err == warning
    assert acme("db", "migrate").err.startswith(warning)
    acme("db", "backup", tmp_path / "b.db")
    assert stat.S_IMODE((tmp_path / "b.db").stat().st_mode) == 0o600
    assert acme("db", "restore", tmp_path / "b.db", "--yes").err.endswith(warning)
    lines = tmp_path / "lines"
    lines.write_text("person edit 1 --title y\nperson edit 1 --title z\n", encoding="utf-8")
    assert acme("batch", lines).err == warning
    acme.path.chmod(0o660)
    assert acme("person", "list", "--count").err == ""
