"""``db copy`` that is refused or stopped: nothing is left of it."""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import psycopg
import pytest

from leadctl import init, open_crm
from leadctl.core import copying
from leadctl.core.copying import copy
from leadctl.core.imports import ImportFile
from leadctl.errors import LeadctlError
from leadctl.store.engine import ROWS_PER_STATEMENT
from leadctl.store.postgres_commit import Committer
from leadctl.store.sqlite import Sqlite
from leadctl.store.version import SCHEMA
from tests import samples
from tests.conftest import failing, left_over
from tests.core.copied import broken, is_empty, spoil


def test_nothing_is_written_over(rich: Path, ready_address, tmp_path: Path) -> None:
    address = ready_address()
    error = failing(lambda: copy(rich, address))
    assert (error.code, error.exit_code) == ("file_exists", 4)
    assert "createdb" in error.reason.hint
    with open_crm(address) as crm:
        assert list(crm.companies.list()) == []
    for target in (rich, tmp_path):
        assert failing(lambda target=target: copy(address, target)).code == "file_exists"
    assert failing(lambda: copy(rich, tmp_path / "none" / "x.db")).exit_code == 10
    assert left_over(tmp_path) == []


def test_what_has_no_data_of_this_schema_is_not_copied(
    fresh_address: str, server, tmp_path: Path
) -> None:
    samples.sample(SCHEMA - 1, tmp_path / "old.db")
    for source, code in (
        (tmp_path / "old.db", "schema_outdated"),
        (tmp_path / "none.db", "database_missing"),
        (fresh_address, "database_missing"),
    ):
        assert failing(lambda source=source: copy(source, tmp_path / "new.db")).code == code
    assert not (tmp_path / "new.db").exists()
    init(tmp_path / "leads.db")
    error = failing(lambda: copy(tmp_path / "leads.db", server.address("no_such_database")))
    assert error.code == "database_missing"


def interrupted(table: str, problem: BaseException):
    def told(name: str, _rows: int) -> None:
        if name == table:
            raise problem

    return told


@pytest.mark.parametrize("problem", [LeadctlError("no"), KeyboardInterrupt()])
def test_a_copy_that_is_stopped_leaves_nothing(
    rich: Path, fresh_address: str, tmp_path: Path, problem: BaseException
) -> None:
    file = tmp_path / "new.db"
    for where in (fresh_address, file):
        with pytest.raises(type(problem)):
            copy(rich, where, told=interrupted("person", problem))
    assert is_empty(fresh_address)
    assert not file.exists()
    assert left_over(tmp_path) == []
    for where in (fresh_address, file):
        copy(rich, where)
        assert broken(where) == []


def test_who_interrupts_at_the_very_end_is_told_so(
    rich: Path, fresh_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupting(real):
        def call(*words):
            real(*words)
            # It is held back until the copy is complete.
            signal.raise_signal(signal.SIGINT)

        return call

    monkeypatch.setattr(copying, "publish_new", interrupting(copying.publish_new))
    monkeypatch.setattr(Committer, "commit", interrupting(Committer.commit))
    for where in (fresh_address, tmp_path / "new.db"):
        error = failing(lambda where=where: copy(rich, where))
        assert (error.code, error.exit_code) == ("interrupted", 130)
        assert error.reason.details["path"] == str(where)
        assert broken(where) == []
    assert left_over(tmp_path) == []


_KILLED = """
import sys, time
from leadctl.core import copying
from leadctl.core.copying import copy
from leadctl.core.crm import Crm
from leadctl.core.imports import ImportFile

def told(table, rows):
    if table == "person" and rows:
        print(table, rows, flush=True)
        time.sleep(60)

copy(sys.argv[1], sys.argv[2], told=told)
"""


def many(path: Path) -> int:
    """A file with more people than go into one statement."""
    init(path)
    count = ROWS_PER_STATEMENT + 5
    rows = ({"last_name": f"Person {number}"} for number in range(count))
    path.with_name("people.ndjson").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    with open_crm(path, user="anna") as crm:
        crm.people.import_file(ImportFile(str(path.with_name("people.ndjson"))))
    return count


def test_a_copy_that_is_killed_leaves_nothing(fresh_address: str, tmp_path: Path) -> None:
    source, file = tmp_path / "many.db", tmp_path / "new.db"
    count = many(source)
    for where in (fresh_address, file):
        with subprocess.Popen(
            [sys.executable, "-c", _KILLED, str(source), str(where)],
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout
            assert process.stdout.readline() == f"person {ROWS_PER_STATEMENT}\n"
            process.kill()
    assert is_empty(fresh_address)
    assert not file.exists()
    counted: list[tuple[str, int]] = []
    for where in (fresh_address, file):
        copy(source, where, told=lambda *one: counted.append(one))
        with open_crm(where) as crm:
            assert crm.db.info()["people"] == count
    steps = [rows for table, rows in counted if table == "person"]
    assert steps == [0, ROWS_PER_STATEMENT, count] * 2


def test_what_a_server_cannot_store_is_told(rich: Path, fresh_address: str, tmp_path: Path) -> None:
    chance = random.Random(1)
    # More than fits into an index, however it is compressed.
    letters = "".join(chr(chance.randrange(0x4E00, 0x9FFF)) for _ in range(4000))
    for sql, table in (
        ("UPDATE company SET phone = 'a' || char(0) || 'b' WHERE id = 2", "company"),
        (f"UPDATE lead_status SET name_key = '{letters}' WHERE id = 6", "lead_status"),
    ):
        path = Path(shutil.copy(rich, tmp_path / f"{table}.db"))
        spoil(path, sql)
        error = failing(lambda path=path: copy(path, fresh_address))
        assert (error.code, error.exit_code) == ("not_storable", 4)
        assert error.reason.details["table"] == table
        assert "\n" not in str(error)
        assert is_empty(fresh_address)
        copy(path, tmp_path / f"{table}-copy.db")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE person SET company_id = 999, own_category_id = NULL, own_owner_id = NULL",
        "PRAGMA ignore_check_constraints = ON; UPDATE person SET retired = 7 WHERE id = 1",
    ],
)
def test_what_breaks_a_rule_of_the_tables_is_not_copied(
    rich: Path, fresh_address: str, tmp_path: Path, sql: str
) -> None:
    spoil(rich, sql)
    for where in (fresh_address, tmp_path / "new.db"):
        error = failing(lambda where=where: copy(rich, where))
        assert (error.code, error.exit_code) == ("conflict", 4)
    assert is_empty(fresh_address)
    assert not (tmp_path / "new.db").exists()
    assert left_over(tmp_path) == []


def test_what_gets_lost_is_noticed(
    rich: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Sqlite.load

    def lossy(self, table, columns, rows):
        kept = list(rows)
        return whole(self, table, columns, kept[:-1] if table == "setting" else kept)

    monkeypatch.setattr(Sqlite, "load", lossy)
    error = failing(lambda: copy(rich, tmp_path / "new.db"))
    details = error.reason.details
    assert error.exit_code == 10
    assert (details["table"], details["expected"] - details["found"]) == ("setting", 1)
    assert left_over(tmp_path) == []


def test_tables_of_other_programs_stay_where_they_are(
    rich: Path, fresh_address: str, tmp_path: Path
) -> None:
    spoil(rich, "CREATE TABLE notes (id INTEGER PRIMARY KEY, note TEXT)")
    with psycopg.connect(fresh_address) as connection:
        connection.execute("CREATE TABLE memos (id int); INSERT INTO memos VALUES (1)")
    assert copy(rich, fresh_address)["tables"] == 22
    assert copy(rich, tmp_path / "new.db")["tables"] == 22
    with psycopg.connect(fresh_address) as connection:
        assert connection.execute("SELECT * FROM memos").fetchall() == [(1,)]


def test_tables_of_other_programs_with_our_names_are_left_alone(
    rich: Path, fresh_address: str
) -> None:
    with psycopg.connect(fresh_address) as connection:
        connection.execute("CREATE TABLE person (id int)")
    for make in (lambda: copy(rich, fresh_address), lambda: init(fresh_address)):
        error = failing(make)
        assert (error.code, error.exit_code) == ("not_a_leadctl_file", 10)
    with psycopg.connect(fresh_address) as connection:
        assert connection.execute("SELECT * FROM person").fetchall() == []


def test_only_one_of_two_copies_at_once_is_made(rich: Path, fresh_address: str) -> None:
    waiting, ended = threading.Event(), threading.Event()
    problems: list[LeadctlError] = []

    def second() -> None:
        waiting.wait()
        try:
            copy(rich, fresh_address, lock_wait=20)
        except LeadctlError as problem:
            problems.append(problem)
        ended.set()

    def told(table: str, _rows: int) -> None:
        if table == "stage":
            waiting.set()
            ended.wait(0.5)
        assert not ended.is_set()

    other = threading.Thread(target=second)
    other.start()
    copy(rich, fresh_address, told=told)
    other.join()
    assert [problem.code for problem in problems] == ["busy"]
    assert broken(fresh_address) == []


def test_two_inits_at_once_make_one_database(fresh_address: str) -> None:
    made: list[bool] = []
    threads = [threading.Thread(target=lambda: made.append(init(fresh_address))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == [False, False, False, True]
    assert init(fresh_address) is False
