"""Queries that are read row by row, and what happens between their rows."""

from __future__ import annotations

import gc

import pytest

from leadctl import open_crm
from leadctl.errors import LeadctlError, Refused
from leadctl.store.postgres_reading import ROWS_PER_FETCH

MANY = ROWS_PER_FETCH * 2 + 7
ALL = f"SELECT i FROM generate_series(1, {MANY}) i"
IDS = "SELECT id, n FROM pair ORDER BY id"


def in_transaction(engine) -> bool:
    return engine._session.in_transaction


def rest(rows) -> list[int]:
    return [row[0] for row in rows]


def test_all_rows_come_and_nothing_stays_open(engines) -> None:
    engine = engines()
    assert rest(engine.stream(ALL)) == list(range(1, MANY + 1))
    assert rest(engine.stream(f"{ALL} LIMIT {ROWS_PER_FETCH}"))[-1] == ROWS_PER_FETCH
    assert rest(engine.examine("SELECT 1")) == [1]
    assert not in_transaction(engine)
    assert engine._readers._open == []


def test_a_reader_is_closed_early(engines) -> None:
    engine = engines()
    rows = engine.stream(ALL)
    next(rows)
    assert in_transaction(engine)
    rows.close()
    assert not in_transaction(engine)
    with engine.transaction():
        rows = engine.stream(ALL)
        next(rows)
        rows.close()
        assert engine.value("SELECT count(*) FROM pg_cursors") == 0


def test_what_was_read_to_its_end_can_be_dropped(engines) -> None:
    engine = engines()
    with engine.transaction():
        engine.execute("CREATE TEMP TABLE passing AS SELECT 1 AS a")
        around = engine.stream(ALL)
        next(around)
        assert rest(engine.stream("SELECT a FROM temp.passing")) == [1]
        engine.execute("DROP TABLE temp.passing")
        assert len(list(around)) == MANY - 1
        assert engine.value("SELECT count(*) FROM pg_cursors") == 0


def test_a_query_that_is_wrong_leaves_no_transaction(engines) -> None:
    engine = engines()
    with pytest.raises(Exception, match="nothing_such"):
        next(engine.stream("SELECT * FROM nothing_such"))
    assert not in_transaction(engine)
    rows = engine.stream(ALL)
    next(rows)
    with pytest.raises(Exception, match="nothing_such"):
        next(engine.stream("SELECT * FROM nothing_such"))
    rows.close()
    assert not in_transaction(engine)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_readers_within_each_other(engines, order: tuple[int, int]) -> None:
    engine = engines()
    readers = [engine.stream(ALL), engine.stream(ALL)]
    for rows in readers:
        next(rows)
    for place in order:
        assert in_transaction(engine)
        assert len(list(readers[place])) == MANY - 1
    assert not in_transaction(engine)


def test_a_transaction_lets_what_is_read_come_to_its_end(engines) -> None:
    engine, other = engines(), engines()
    outer, inner = engine.stream(ALL), engine.stream(IDS)
    next(outer)
    assert next(inner) == (1, 0)
    with engine.transaction():
        engine.execute("UPDATE pair SET n = 5")
        assert next(inner) == (2, 0)
        outer_rest = rest(outer)
    assert outer_rest == list(range(2, MANY + 1))
    assert list(inner) == []
    assert other.query(IDS) == [(1, 5), (2, 5)]


def test_what_is_written_by_itself_is_there_at_once(engines) -> None:
    engine, other = engines(), engines()
    rows = engine.stream(ALL)
    next(rows)
    engine.execute("UPDATE pair SET n = 5 WHERE id = 1")
    assert other.query(IDS) == [(1, 5), (2, 0)]
    assert engine.query(IDS) == [(1, 5), (2, 0)]
    again = engine.stream(ALL)
    next(again)
    engine.load("pair", ["id", "n"], ((id, 0) for id in (3, 4)))
    assert len(other.query(IDS)) == 4
    assert len(list(rows)) == len(list(again)) == MANY - 1


def test_what_is_begun_in_a_transaction_is_read_after_it(engines) -> None:
    engine = engines()
    with engine.transaction():
        outer = engine.stream(ALL)
        next(outer)
        with engine.transaction():
            inner = engine.stream(ALL)
            next(inner)
            engine.execute("UPDATE pair SET n = 1")
        assert next(inner) == (2,)
    assert len(list(outer)) == MANY - 1
    assert len(list(inner)) == MANY - 2
    assert engine.query("SELECT sum(n) FROM pair") == [(2,)]


def test_a_reader_of_what_was_rolled_back_disturbs_nobody(engines) -> None:
    engine = engines()
    with engine.transaction():
        around = engine.stream(ALL)
        next(around)
        rows, late = engine.stream(ALL), engine.stream(ALL)
        with pytest.raises(Refused), engine.transaction():
            next(rows)
            next(late)
            engine.execute("INSERT INTO pair VALUES (1, 1)")
        # To close it is what happens when nobody knows it any more.
        rows.close()
        del rows
        gc.collect()
        with pytest.raises(RuntimeError, match="rolled back"):
            list(late)
        engine.execute("UPDATE pair SET n = 1")
        assert len(list(around)) == MANY - 1
    assert engine.query("SELECT sum(n) FROM pair") == [(2,)]
    with pytest.raises(ZeroDivisionError), engine.transaction():
        rows = engine.stream(ALL)
        next(rows)
        raise ZeroDivisionError
    with engine.transaction():
        rows.close()
        engine.execute("UPDATE pair SET n = 2")
    assert engine.query("SELECT sum(n) FROM pair") == [(4,)]


def test_a_fetch_that_fails_ends_the_reading(engines) -> None:
    engine = engines()
    fails = f"SELECT 1 / ({ROWS_PER_FETCH + 5} - i) FROM generate_series(1, {MANY}) i"
    with pytest.raises(LeadctlError, match="division by zero"):
        list(engine.stream(fails))
    assert not in_transaction(engine)
    with engine.transaction():
        rows = engine.stream(fails)
        with pytest.raises(LeadctlError, match="division by zero"), engine.transaction():
            list(rows)
        # That of the savepoint is gone, and with it the error.
        engine.execute("UPDATE pair SET n = 1")
    assert engine.query("SELECT sum(n) FROM pair") == [(2,)]


def test_a_snapshot_is_of_one_moment(engines) -> None:
    engine, other = engines(), engines()
    before = engine.stream(ALL)
    next(before)
    for begun in (True, False):
        (was,) = other.query("SELECT sum(n) FROM pair")
        with engine.snapshot():
            assert engine.query("SELECT sum(n) FROM pair") == [was]
            other.execute("UPDATE pair SET n = n + 1")
            if begun:
                # The last one that was read outside ends within.
                assert len(list(before)) == MANY - 1
            with engine.snapshot():
                assert engine.query("SELECT sum(n) FROM pair") == [was]
            after = engine.stream(f"SELECT sum(n) FROM pair, ({ALL}) a")
            assert next(after) == (was[0] * MANY,)
            late = engine.stream(f"SELECT p.n FROM pair p, ({ALL}) a WHERE p.id = 1")
            next(late)
            assert engine.query("SELECT sum(n) FROM pair") == [was]
            with pytest.raises(LeadctlError), engine.snapshot():
                raise LeadctlError("x")
        # What is still read is read on, and is of that moment.
        assert {row[0] for row in late} == {was[0] / 2}
        after.close()
        assert not in_transaction(engine)
        assert engine.query("SELECT sum(n) FROM pair") == [(was[0] + 2,)]
    with engine.transaction(), engine.snapshot():
        engine.execute("UPDATE pair SET n = 0")
    assert engine.query("SELECT sum(n) FROM pair") == [(0,)]
    with pytest.raises(ZeroDivisionError), engine.snapshot():
        engine.value("SELECT 1")
        raise ZeroDivisionError
    assert not in_transaction(engine)


def test_a_loop_over_people_that_changes_each_of_them(ready_address) -> None:
    with open_crm(ready_address(), user="tester") as crm:
        for number in range(5):
            crm.people.add(last_name=f"P{number}", category="lead", lead_status="open")
        seen = []
        for record in crm.people.list():
            crm.people.set_status(record["id"], "contacting")
            seen.append(record["lead_status"])
        assert seen == ["open"] * 5
        with crm.change():
            for record in crm.people.list():
                crm.people.set_status(record["id"], "qualified")
                for _ in crm.people.list():
                    break
        assert {record["lead_status"] for record in crm.people.list()} == {"qualified"}
        assert crm.changes.show(11)["records"] == 5
