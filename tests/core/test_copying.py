"""``db copy``: from a file to a server and back, whole or not at all."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from leadctl import init, open_crm
from leadctl.core.copying import copy
from leadctl.core.crm import Crm
from leadctl.core.imports import ImportFile
from leadctl.errors import LeadctlError
from leadctl.store.engine import ROWS_PER_STATEMENT, document
from leadctl.store.opening import connect
from leadctl.store.sqlite import Sqlite
from leadctl.store.version import SCHEMA
from tests import sample, samples
from tests.conftest import failing, left_over

WEIRD = "".join(map(chr, range(1, 32))) + "\x7f\u2028\u00a0\"\\/'%%s:a ${} 🦀 e\u0301 ß"
LARGEST = 2**63 - 1


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with records of every kind, and with values of every kind."""
    folder = tmp_path_factory.mktemp("sample")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        patch.setenv("LEADCTL_USER", "anna")
        patch.setenv("LEADCTL_TODAY", sample.TODAY)
        sample.build(folder)
        spoil(
            folder / "leads.db",
            f"UPDATE category SET rank = {LARGEST} WHERE key = 'dormant';"
            f"UPDATE company SET extra = {as_json('Key')}, extra_key = {as_json('key')} WHERE id = 1",
        )
        with open_crm(folder / "leads.db", user="ben") as crm:
            # The newest of these are deleted: their numbers are not given again.
            crm.companies.add("Gone")
            crm.companies.delete(newest(crm))
            undone = crm.people.edit(1, title="Undone").change
            crm.changes.undo(undone)
            crm.people.edit(2, title="Boss")
            crm.companies.edit(1, website=WEIRD)
            crm.find("kari")
    return folder / "leads.db"


@pytest.fixture
def rich(kept: Path, tmp_path: Path) -> Path:
    """That file, to do with what one likes."""
    return Path(shutil.copy(kept, tmp_path / "rich.db"))


def newest(crm: Crm) -> int:
    """The highest number that a company has."""
    return max(company["id"] for company in crm.companies.list())


def as_json(key: str) -> str:
    """SQL for an object with that key, whose value is folded where the key is."""
    value = WEIRD.casefold() if key.islower() else WEIRD
    return "'" + document({key: value}).replace("'", "''") + "'"


def spoil(path: Path, sql: str) -> None:
    """What something else than leadctl does to a file."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(sql)


def exported(where: Path | str, folder: Path) -> dict[str, bytes]:
    """What ``db export`` writes."""
    with open_crm(where) as crm:
        crm.db.export(folder)
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def broken(where: Path | str) -> list[str]:
    """The rules that do not hold."""
    with open_crm(where) as crm:
        return [one.rule.rule for one in crm.db.check() if not one.ok]


def dump(path: Path) -> list[str]:
    """A file as SQL, numbers given included, the search index not."""
    lines = list(samples.dump(path))
    return [line for line in lines if not line.startswith("INSERT INTO search")]


def is_empty(address: str) -> bool:
    """Whether nothing at all is in a database."""
    with closing(psycopg.connect(address)) as connection:
        found = connection.execute(
            "SELECT (SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace)"
            " + (SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace)"
        ).fetchone()
    return found == (0,)


def test_from_a_file_to_a_server_and_back(rich: Path, fresh_address: str, tmp_path: Path) -> None:
    back = tmp_path / "back.db"
    done = copy(rich, fresh_address)
    assert (done["from"], done["to"]) == (str(rich), fresh_address)
    assert copy(fresh_address, back) == done | {"from": fresh_address, "to": str(back)}
    files = exported(rich, tmp_path / "one")
    assert len(files) == done["tables"] == 22
    assert sum(content.count(b"\n") for content in files.values()) == done["rows"]
    assert exported(fresh_address, tmp_path / "two") == files
    assert exported(back, tmp_path / "three") == files
    assert dump(back) == dump(rich)
    assert back.stat().st_mode & 0o777 == 0o600
    assert left_over(tmp_path) == []
    told = []
    for where in (rich, fresh_address, back):
        assert broken(where) == []
        with open_crm(where) as crm:
            info = crm.db.info()
            told.append({name: info[name] for name in list(info) if name not in _PLACES})
            assert [found["name"] for found in crm.find("kari web")] == ["Kari Web"]
            assert json.loads(files["company.ndjson"].splitlines()[0])["website"] == WEIRD
    assert told[0]["schema"] == SCHEMA
    assert told[0] == told[1] == told[2]
    with closing(connect(rich, lock_wait=0)) as one, closing(connect(back, lock_wait=0)) as two:
        assert one.views() == two.views()
        assert "selection_hot_leads" in two.views()


_PLACES = ("path", "engine", "size_bytes")


def test_numbers_go_on_and_what_was_done_can_be_undone(
    rich: Path, fresh_address: str, tmp_path: Path
) -> None:
    with open_crm(rich) as crm:
        before = newest(crm)
        changes = list(crm.changes.list())
        edited = next(change["id"] for change in changes if change["command"] == "person edit")
        last = crm.engine.last_number("change")
    copies = (fresh_address, tmp_path / "file.db")
    for where in copies:
        copy(rich, where)
        with open_crm(where, user="anna") as crm:
            assert crm.people.show(2)["title"] == "Boss"
            assert crm.changes.undo(edited).changed == 1
            assert crm.people.show(2)["title"] != "Boss"
            crm.companies.add("Next")
            assert crm.engine.last_number("change") == last + 2
            assert newest(crm) == before + 2
            assert [one["name"] for one in crm.find("next")] == ["Next"]
        assert broken(where) == []


def test_from_one_server_database_to_another(ready_address, fresh_address: str) -> None:
    origin = ready_address()
    with open_crm(origin, user="anna") as crm:
        crm.companies.add("Acme")
    copy(origin, fresh_address)
    with open_crm(fresh_address) as crm:
        assert [company["name"] for company in crm.companies.list()] == ["Acme"]
        (indexes,) = crm.engine.query("SELECT count(*) FROM pg_indexes WHERE schemaname = 'public'")
        (references,) = crm.engine.query("SELECT count(*) FROM pg_constraint WHERE contype = 'f'")
    with open_crm(origin) as crm:
        assert crm.engine.query("SELECT count(*) FROM pg_indexes WHERE schemaname = 'public'") == [
            indexes
        ]
        assert crm.engine.query("SELECT count(*) FROM pg_constraint WHERE contype = 'f'") == [
            references
        ]


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


_KILLED = """
import sys, time
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


def test_what_others_write_meanwhile_is_not_copied(place, tmp_path: Path) -> None:
    source = place()
    with open_crm(source, user="anna") as crm:
        crm.companies.add("Before")

    def told(_table: str, _rows: int) -> None:
        with open_crm(source, user="ben") as crm:
            crm.companies.add("Meanwhile")

    copy(source, tmp_path / "new.db", told=told)
    with open_crm(tmp_path / "new.db") as crm:
        assert [company["name"] for company in crm.companies.list()] == ["Before"]
    with open_crm(source) as crm:
        assert len(list(crm.companies.list())) > 40
    assert broken(tmp_path / "new.db") == []


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
