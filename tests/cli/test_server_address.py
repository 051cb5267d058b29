"""The address of a server in the place of a file: what is refused, and in which words."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from leadctl import init
from leadctl.cli.main import main
from leadctl.store.version import SCHEMA
from tests.conftest import Cli
from tests.server import Running

PEOPLE = 20_000
_OFF = "ALTER TABLE person DISABLE TRIGGER ALL"


@pytest.fixture
def on_server(ready_address, capsys: pytest.CaptureFixture[str]) -> Cli:
    """The command line on a database of the server, with the built-in lists."""
    return Cli(ready_address(), capsys)


@pytest.fixture
def empty(fresh_address: str, capsys: pytest.CaptureFixture[str]) -> Cli:
    """The command line on an empty database of the server."""
    return Cli(fresh_address, capsys)


def refused(cli: Cli, address: str, *words: object, code: int) -> dict[str, Any]:
    """The error of a command on another address: one line for people, the same as JSON."""
    cli.path = address
    text = cli(*words, code=code)
    assert (text.out, len(re.findall("^Error: ", text.err, re.MULTILINE))) == ("", 1)
    assert all(line.startswith(("Error: ", "Hint: ")) for line in text.err.splitlines())
    return cli.error(*words, code=code)


def test_init_makes_what_is_needed_once(empty: Cli) -> None:
    assert refused(empty, str(empty.path), "person", "list", code=10)["code"] == "database_missing"
    for words in (("db", "check"), ("db", "migrate"), ("db", "info")):
        assert empty.error(*words, code=10)["code"] == "database_missing"
    assert empty("init", "--bare").err == f"{empty.path} is ready\n"
    assert empty("init").err == f"{empty.path} has leadctl data already\n"
    assert empty.json("init") == {"path": empty.path, "created": False}
    assert empty.json("category", "list") == []
    assert empty.json("person", "add", "--last-name", "A")["id"] == 1


def test_init_takes_a_setup(empty: Cli) -> None:
    Path("setup.yaml").write_text("users: [{key: kari, name: Kari}]", encoding="utf-8")
    Path("wrong.yaml").write_text("users: [{key: 7", encoding="utf-8")
    empty("init", "--setup", "wrong.yaml", code=2)
    empty("person", "list", code=10)
    empty("init", "--setup", "setup.yaml")
    assert [user["key"] for user in empty.json("user", "list")] == ["kari"]


def test_a_database_with_something_else_is_left_alone(empty: Cli) -> None:
    with psycopg.connect(str(empty.path)) as other:
        other.execute("CREATE TABLE person (x int)")
    assert empty.error("init", code=10)["code"] == "not_a_leadctl_file"
    with psycopg.connect(str(empty.path)) as other:
        other.execute("DROP TABLE person")
    empty("init")


def test_a_server_that_does_not_answer(on_server: Cli) -> None:
    for address in ("postgresql://tester@127.0.0.1:1/x", "postgresql://tester@nowhere.invalid/x"):
        error = refused(on_server, address, "person", "list", code=75)
        assert error["code"] == "unavailable"
        assert error["details"]["path"] == address
    # The reason is there in full; where it was looked for, the address says.
    message = refused(on_server, "postgresql://127.0.0.1:1/x", "user", "list", code=75)["message"]
    assert message == "postgresql://127.0.0.1:1/x does not answer: Connection refused"


def test_databases_and_roles_that_are_not_there(on_server: Cli, server: Running) -> None:
    address = server.address("nowhere")
    error = refused(on_server, address, "person", "list", code=10)
    assert error["code"] == "database_missing"
    assert error["message"] == f'{address} does not exist: database "nowhere" does not exist'
    assert on_server.error("init", code=10)["code"] == "database_missing"
    address = server.address("postgres", user="nobody")
    error = refused(on_server, address, "person", "list", code=10)
    assert error["code"] == "database_unreadable"
    assert 'role "nobody" does not exist' in error["message"]
    error = refused(on_server, "postgresql://?service=none", "person", "list", code=10)
    assert 'definition of service "none" not found' in error["message"]


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://anna:SECRET@127.0.0.1:1/x",
        "postgres://anna:SECRET@127.0.0.1:1/x",
        "postgresql://anna:a@SECRET@127.0.0.1:1/x",
        "postgresql://anna:a/b?#SECRET@127.0.0.1:1/x",
        "postgresql://anna:SECRET@127.0.0.1:port/x",
        "postgresql://:SECRET@one,two/x",
        "postgresql://anna@127.0.0.1:1/x?password=SECRET",
        "postgresql://anna@127.0.0.1:1/x?a=1&p%61ssword=SECRET&b",
        "postgresql://anna@127.0.0.1:1/x?sslpassword=SECRET",
        "postgresql:password=SECRET",
    ],
)
def test_a_password_is_refused_and_shown_nowhere(
    on_server: Cli, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = refused(on_server, address, "person", "list", code=2)
    assert (error["code"], "***" in error["message"]) == ("usage", True)
    monkeypatch.setenv("LEADCTL_DB", address)
    Path("own.yaml").write_text(f"db: '{address}'\n", encoding="utf-8")
    commands: tuple[tuple[str, ...], ...] = (
        ("person", "list"),
        ("person", "list", "-f", "json"),
        ("person", "list", "--debug"),
        ("init",),
        ("db", "backup", "x.db"),
        ("db", "restore", "x.db", "--yes"),
        ("demo", address),
        ("config", "list", "-f", "csv"),
        ("--config", "own.yaml", "config", "list", "-f", "csv"),
    )
    for words in commands:
        on_server._capture.readouterr()
        assert (main(list(words)) == 0) == ("config" in words)
        shown = on_server._capture.readouterr()
        assert "SECRET" not in shown.out + shown.err
        assert "***" in shown.out + shown.err


def test_addresses_that_are_none(on_server: Cli) -> None:
    for address in ("postgresql:", "postgresql://x/y?nothing=1", "mysql://x/y", "postgresql:/x"):
        assert refused(on_server, address, "person", "list", code=2)["code"] == "usage"


def test_where_an_address_may_come_from(on_server: Cli, monkeypatch, capsys) -> None:
    address = str(on_server.path)
    on_server("person", "add", "--last-name", "A")

    def run(*words: str) -> tuple[int, str, str]:
        capsys.readouterr()
        return main(list(words)), *capsys.readouterr()

    Path("own.yaml").write_text(f"db: {address}\n", encoding="utf-8")
    assert run("--config", "own.yaml", "person", "list", "--count") == (0, "1\n", "")
    Path("leadctl.yaml").write_text(f"db: {address}\n", encoding="utf-8")
    code, _, err = run("person", "list")
    assert (code, "only taken from your own configuration" in err) == (10, True)
    Path("leadctl.yaml").unlink()
    monkeypatch.setenv("LEADCTL_DB", address)
    assert run("person", "list", "--count") == (0, "1\n", "")
    rows = json.loads(run("config", "list", "-f", "json")[1])
    assert {"key": "db", "value": address, "origin": "LEADCTL_DB"} in rows
    monkeypatch.setenv("LEADCTL_DB", address.replace("postgresql://", "postgres://"))
    assert run("person", "list", "--count") == (0, "1\n", "")


def test_what_is_for_files(on_server: Cli) -> None:
    address = str(on_server.path)
    for words in (
        ("db", "backup", "x.db"),
        ("db", "restore", "x.db", "--yes"),
        ("db", "datasette-metadata"),
        ("demo",),
        ("demo", address),
    ):
        error = refused(on_server, address, *words, code=4)
        assert (error["code"], error["details"]["path"]) == ("not_a_file", address)
    assert sorted(Path().iterdir()) == []
    on_server("init", "--db", "x.db")
    on_server.path = "x.db"
    error = on_server.error("db", "restore", address, "--yes", code=4)
    assert (error["code"], error["details"]["path"]) == ("not_a_file", address)


def test_the_database_as_a_whole(on_server: Cli) -> None:
    on_server("person", "add", "--last-name", "Åse", "--email", "Åse@acme.example")
    info = on_server.json("db", "info")
    assert (info["engine"], info["schema"], info["people"]) == ("postgresql", SCHEMA, 1)
    assert on_server.json("db", "migrate") == {
        "path": on_server.path,
        "from": SCHEMA,
        "to": SCHEMA,
        "changed": False,
        "copy": None,
    }
    assert on_server.json("db", "vacuum")["path"] == on_server.path
    late = ("--today", "2100-01-01")
    ran = on_server(*late, "db", "prune", "--older-than", "1d", "--yes")
    assert (ran.out, ran.err) == ("change 2: 1 changed\n", "1 rows of history are gone\n")
    on_server("company", "add", "ÅSE@acme.example")
    assert on_server("person", "erase", 1, "--yes").err == (
        "the name, an e-mail address or a phone of the person still stands in: company 1\n"
        "backups and exports that were made before still have the data\n"
    )
    assert on_server.json("find", "ase")[0]["entity"] == "company"
    on_server("db", "check")


@pytest.mark.parametrize(
    ("spoil", "rule", "found"),
    [
        ("ALTER TABLE history DISABLE TRIGGER history_is_append_only", "integrity", "trigger"),
        ("UPDATE search_state SET indexed_to = 99", "search_index", "search_state"),
        ("CREATE OR REPLACE VIEW v_people AS SELECT 1 AS id", "views", "view v_people"),
        (
            f"{_OFF}; UPDATE person SET company_id = 7; {_OFF.replace('DISABLE', 'ENABLE')}",
            "foreign_keys",
            "person 1 -> company",
        ),
    ],
)
def test_what_somebody_else_has_spoilt_is_found(
    on_server: Cli, server: Running, spoil: str, rule: str, found: str
) -> None:
    on_server("person", "add", "--last-name", "A")
    name = str(on_server.path).rpartition("/")[2]
    with psycopg.connect(server.address(name, user="postgres"), autocommit=True) as other:
        if rule == "views":
            other.execute("DROP VIEW v_people")
            spoil = spoil.replace("OR REPLACE ", "")
        other.execute(spoil)
    ran = on_server("db", "check", "-f", "json", code=8)
    assert [record["rule"] for record in ran.json if not record["ok"]] == [rule]
    (record,) = on_server("db", "check", "--rule", rule, "-f", "json", code=8).json
    assert (record["found"], "db restore" in record["hint"]) == (1, False)
    assert f"{rule}: {found}" in ran.err
    with on_server.engine() as engine:
        out = on_server("db", "check", "--rule", rule, "--explain").out
        assert engine.query(out.partition("\n")[2].rstrip(";\n"))


def test_what_cannot_be_written(on_server: Cli) -> None:
    on_server("person", "add", "--last-name", "Kari")
    on_server.path = f"{on_server.path}?options=-c%20default_transaction_read_only%3Don"
    error = on_server.error("person", "edit", 1, "--title", "x", code=10)
    assert error["code"] == "database_readonly"
    assert on_server("person", "list", "--count").out == "1\n"
    ran = on_server("find", "kari", "-f", "ids")
    assert (ran.out, "newest changes are missing" in ran.err) == ("", True)


def test_a_newer_schema(on_server: Cli) -> None:
    with on_server.engine() as engine, engine.transaction():
        engine.set_schema(SCHEMA + 1)
    for words in (("person", "list"), ("db", "migrate"), ("db", "check")):
        assert on_server.error(*words, code=10)["code"] == "schema_newer"


def test_completion_offers_nothing_of_a_server(on_server: Cli, monkeypatch, capsys) -> None:
    on_server("user", "add", "Anna")
    monkeypatch.setenv("_LEADCTL_COMPLETE", "bash")
    for address in (str(on_server.path), "postgresql://anna:SECRET@127.0.0.1:1/x"):
        monkeypatch.setenv("LEADCTL_DB", address)
        for line, words in (
            ("leadctl person edit 1 --owner ", []),
            ("leadctl person set-status 1 q", []),
            (f"leadctl --db {address} person list --selection ", []),
            ("leadctl person set-", ["set-status"]),
        ):
            capsys.readouterr()
            assert main([line]) == 0
            assert capsys.readouterr() == ("\n".join(["words", *words]) + "\n", "")


def test_numbers_that_other_programs_read(on_server: Cli) -> None:
    on_server("company", "add", "Acme")
    for value in ("1000", "12.34"):
        on_server("opportunity", "add", "X", "--company", 1, "--start", "--value", value)
    with closing(psycopg.connect(str(on_server.path))) as other:
        rows = other.execute(
            "SELECT CAST(estimated_value AS text), CAST(probability_percent AS text)"
            " FROM v_opportunities ORDER BY id"
        ).fetchall()
    assert rows == [("1000", "0.50"), ("12.34", "0.50")]


def running(cli: Cli, *words: str) -> subprocess.Popen[str]:
    """A command in a process of its own, which is in the middle of a statement that writes."""
    process = subprocess.Popen(
        [sys.executable, "-m", "leadctl", "--db", str(cli.path), *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell in the background may have told us to ignore it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    until = time.monotonic() + 60
    with cli.engine() as engine:
        while not engine.value(f"{sql} AND backend_xid IS NOT NULL AND state = 'active'"):
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < until
            time.sleep(0.005)
    return process


def test_standard_input_and_an_interrupt_within_a_statement(on_server: Cli) -> None:
    words = [sys.executable, "-m", "leadctl", "--db", str(on_server.path), "person", "import", "-"]
    given = "last_name\n" + "Berg\n" * PEOPLE
    ran = subprocess.run(words, input=given, capture_output=True, text=True, check=True)
    assert ran.stdout == f"change 1: {PEOPLE} created\n"
    process = running(on_server, "person", "edit", "--all", "--title", "X", "--yes")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert err == "Error: interrupted; nothing was changed\n"
    assert on_server("person", "list", "--where", "title = X", "--count").out == "0\n"
    assert on_server.json("change", "list")[0]["id"] == 1


def test_a_batch_is_one_change(on_server: Cli) -> None:
    lines = ["person add --last-name A", '{"args": ["person", "add", "--last-name", "B"]}']
    Path("lines").write_text("\n".join(lines), encoding="utf-8")
    assert on_server("batch", "lines").out == "change 1: 2 lines, 2 done, 0 failed\n"
    Path("lines").write_text("person add --last-name C\nperson edit 99 --title x", "utf-8")
    on_server("batch", "lines", code=3)
    assert on_server("person", "list", "-f", "ids").out == "1\n2\n"
    assert on_server("person", "add", "--last-name", "D", "-f", "ids").out == "3\n"


def test_the_library_takes_an_address(fresh_address: str) -> None:
    assert init(fresh_address) is True
    assert init(fresh_address) is False
