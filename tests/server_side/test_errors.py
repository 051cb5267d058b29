"""What the server reports is what a file would report: the same exceptions with the same codes."""

from __future__ import annotations

import time

import psycopg
import pytest
from psycopg import errors

from leadctl import open_crm
from leadctl.errors import (
    Busy,
    DatabaseError,
    LeadctlError,
    Refused,
    StartOver,
    Unavailable,
    UsageError,
)
from leadctl.store.opening import connect
from leadctl.store.postgres_errors import translated


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE person SET external_id = 'K1' WHERE id = 2",
        "UPDATE person SET company_id = 999 WHERE id = 1",
        "UPDATE person SET retired = 7 WHERE id = 1",
        "UPDATE person SET first_name = NULL, last_name = NULL",
        "DELETE FROM history",
        "UPDATE history SET field = 'x'",
        "DELETE FROM change",
    ],
)
def test_what_the_schema_refuses(crm, sql: str) -> None:
    engine = crm.engine
    crm.people.add(last_name="A", external_id="K1")
    crm.people.add(last_name="B", external_id="K2")
    with pytest.raises(Refused) as caught, engine.transaction():
        engine.execute("UPDATE person SET title = 'T'")
        engine.execute(sql)
    assert (caught.value.code, caught.value.exit_code) == ("conflict", 4)
    assert "\n" not in str(caught.value)
    # All of it was taken back, and a part of a change alone would be.
    with engine.transaction():
        engine.execute("UPDATE person SET title = 'S' WHERE id = 1")
        with pytest.raises(Refused), engine.transaction():
            engine.execute("UPDATE person SET title = 'T'")
            engine.execute(sql)
    assert engine.query("SELECT title FROM person ORDER BY id") == [("S",), (None,)]


@pytest.mark.parametrize("value", [2**70, "\ud800"])
def test_what_cannot_be_stored(crm, value: object) -> None:
    crm.people.add(last_name="A")
    with pytest.raises(UsageError, match="a value cannot be stored"), crm.engine.transaction():
        crm.engine.execute("UPDATE person SET company_id = :value, title = :value", value=value)
    with pytest.raises(UsageError, match="a value cannot be stored"), crm.engine.transaction():
        crm.engine.execute("CREATE TEMP TABLE loaded (a INTEGER, b TEXT)")
        crm.engine.load("temp.loaded", ["a", "b"], [(1, "x"), (value, value)])


def made(state: str, **fields: bytes) -> psycopg.Error:
    """An error as psycopg would raise it for what the server sends."""
    kind = errors.lookup(state)

    class Told(kind):  # type: ignore[misc, valid-type]
        sqlstate = state

        @property
        def diag(self):
            return Diagnostic(fields)

    class Diagnostic:
        def __init__(self, fields: dict[str, bytes]) -> None:
            self.message_primary = fields.get("message")
            self.severity_nonlocalized = fields.get("severity", "ERROR")

    return Told("first line\nsecond line")


@pytest.mark.parametrize(
    ("state", "kind", "code"),
    [
        ("40001", StartOver, "busy"),
        ("40P01", StartOver, "busy"),
        ("55P03", Busy, "busy"),
        ("25006", DatabaseError, "database_readonly"),
        ("0A000", DatabaseError, "database_readonly"),
        ("42501", DatabaseError, "database_readonly"),
        ("53100", DatabaseError, "disk_full"),
        ("53200", Unavailable, "unavailable"),
        ("53300", Unavailable, "unavailable"),
        ("57P01", Unavailable, "unavailable"),
        ("57P02", Unavailable, "unavailable"),
        ("57P03", Unavailable, "unavailable"),
        ("08006", Unavailable, "unavailable"),
        ("28P01", DatabaseError, "database_unreadable"),
        ("3D000", DatabaseError, "database_missing"),
        ("XX001", DatabaseError, "database_corrupt"),
        ("23505", Refused, "conflict"),
        ("23503", Refused, "conflict"),
        ("23514", Refused, "conflict"),
        ("23502", Refused, "conflict"),
        ("22003", UsageError, "usage"),
        ("22021", UsageError, "usage"),
    ],
)
def test_states(state: str, kind: type[LeadctlError], code: str) -> None:
    told = translated(made(state), "postgresql://h/d", lost=False)
    assert type(told) is kind
    assert told.code == code
    assert "second" not in str(told)


def test_other_states() -> None:
    assert isinstance(translated(made("57014"), "p", lost=False), KeyboardInterrupt)
    wrong = made("42601")
    assert translated(wrong, "p", lost=False) is wrong
    # Whatever it says, a connection that ends says it last.
    for state in ("25P03", "42601", "57014"):
        assert type(translated(made(state), "p", lost=True)) is Unavailable
        assert type(translated(made(state, severity="FATAL"), "p", lost=False)) is Unavailable
    # But for what was not done.
    assert type(translated(made("40001"), "p", lost=True)) is StartOver
    without_code = psycopg.InterfaceError("closed")
    assert type(translated(without_code, "p", lost=False)) is Unavailable
    assert "InterfaceError" in str(translated(psycopg.InterfaceError(), "p", lost=False))


def test_a_session_that_was_idle_for_too_long(ready_address, server) -> None:
    address = ready_address(bare=True)
    engine = connect(address, lock_wait=5)
    with pytest.raises(Unavailable, match="idle"), engine.transaction():
        engine.execute("SET LOCAL idle_in_transaction_session_timeout = 20")
        time.sleep(0.15)
        engine.value("SELECT 1")
    engine.close()


def test_who_may_only_read(ready_address, server) -> None:
    address = ready_address(bare=True)
    database = address.rpartition("/")[2]
    for sql in (
        "DO $$ BEGIN CREATE ROLE looker LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO looker",
    ):
        server.do(sql, database=database, user="postgres")
    with open_crm(server.address(database, user="looker")) as crm:
        assert list(crm.people.list()) == []
        with pytest.raises(DatabaseError) as caught:
            crm.people.add(last_name="Vik")
        assert caught.value.code == "database_readonly"
        assert "permission denied" in caught.value.reason.hint_text()
    asked = server.address(database, options="-c default_transaction_read_only=on")
    with open_crm(asked) as crm, pytest.raises(DatabaseError) as caught:
        crm.people.add(last_name="Vik")
    assert caught.value.code == "database_readonly"


def test_a_database_without_our_tables(fresh_address: str) -> None:
    with pytest.raises(DatabaseError) as caught:
        open_crm(fresh_address)
    assert caught.value.code == "database_missing"
