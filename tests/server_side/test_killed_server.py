"""The server is killed: what was acknowledged is there, and nothing of anything else."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing

import psycopg

from leadctl import init, open_crm
from tests.conftest import Cli

PEOPLE = 2500


def fill(address: str) -> None:
    """People enough for a change to take a while."""
    init(address)
    with open_crm(address, user="tester") as crm:
        crm.people.add(last_name="Vik")
        with crm.engine.transaction():
            crm.engine.execute(
                "INSERT INTO person (id, last_name, last_name_key, created_at, updated_at)"
                " SELECT i, 'P' || i, 'p' || i, '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'"
                f" FROM generate_series(2, {PEOPLE}) i"
            )


def test_killed_while_a_change_is_under_way_and_right_after_one(
    durable_server, capsys, asked, wait_for
) -> None:
    address, other = durable_server.create("under_way"), durable_server.create("right_after")
    fill(address)
    fill(other)
    cli, after = Cli(address, capsys), Cli(other, capsys)
    edit = ("person", "edit", "--all", "--title", "Boss")
    # It waits for this one when it has written its history, and all people are still to come.
    with closing(psycopg.connect(address)) as holding:
        holding.execute("LOCK TABLE person IN SHARE MODE")
        process = subprocess.Popen(
            [sys.executable, "-m", "leadctl", "--db", address, "--lock-wait", "60", *edit],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        waits = "SELECT pid FROM pg_locks WHERE NOT granted AND relation = 'person'::regclass"
        wait_for(lambda: asked(address, waits))
        assert after.json(*edit)["changed"] == PEOPLE
        durable_server.kill()
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (75, "")
    error, hint = err.splitlines()
    assert error.startswith(f"Error: {address} does not answer: ")
    assert hint == "Hint: nothing was changed; try again"
    # As long as it is down.
    assert cli.error("person", "list", code=75)["code"] == "unavailable"
    durable_server.restart()
    count = (
        "SELECT (SELECT max(id) FROM change), count(*), count(title),"
        " (SELECT count(*) FROM history WHERE field = 'title') FROM person"
    )
    assert asked(address, count) == [(1, PEOPLE, 0, 0)]
    assert asked(other, count) == [(2, PEOPLE, PEOPLE, PEOPLE)]
    assert cli.json("person", "edit", "1", "--title", "Chief")["change"] == 2
    for one in (cli, after):
        one("db", "check")


def test_a_standby_is_read_and_not_written_to(durable_server, capsys) -> None:
    address = durable_server.create("kept")
    init(address)
    cli = Cli(address, capsys)
    cli("person", "add", "--last-name", "Vik")
    durable_server.kill()
    (durable_server._data / "standby.signal").touch()
    durable_server.restart()
    assert [row["name"] for row in cli.json("person", "list")] == ["Vik"]
    for words in (("person", "add", "--last-name", "Bo"), ("person", "edit", "1", "--title", "T")):
        error = cli.error(*words, code=10)
        assert error["code"] == "database_readonly"
        assert error["hint"].startswith("it is a standby; target_session_attrs=read-write")
    leader = Cli(f"{address}?target_session_attrs=read-write", capsys)
    assert leader.error("person", "list", code=75)["code"] == "unavailable"
