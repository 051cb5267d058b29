"""Two connections step by step: what the isolation level refuses, and what starts over."""

from __future__ import annotations

import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import count

import pytest

from leadctl.errors import Busy, Refused, StartOver, Unavailable
from leadctl.store import postgres

SUM = "SELECT sum(n) FROM pair"


def skew(one, other) -> None:
    """Each reads that the sum is 0 and adds one to a row of its own: the sum must not exceed 1."""
    with ExitStack() as first, ExitStack() as second:
        first.enter_context(one.transaction())
        second.enter_context(other.transaction())
        for engine, id in ((one, 1), (other, 2)):
            if engine.value(SUM) == 0:
                engine.execute("UPDATE pair SET n = n + 1 WHERE id = :id", id=id)
        first.close()
        second.close()


def test_write_skew_is_refused(engines) -> None:
    one, other = engines(), engines()
    with pytest.raises(StartOver) as caught:
        skew(one, other)
    assert (caught.value.exit_code, caught.value.code) == (75, "busy")
    assert one.value(SUM) == other.value(SUM) == 1


@pytest.mark.parametrize("level", ["READ COMMITTED", "REPEATABLE READ"])
def test_a_weaker_level_would_let_it_through(
    engines, monkeypatch: pytest.MonkeyPatch, level: str
) -> None:
    monkeypatch.setattr(postgres, "ISOLATION", level)
    one, other = engines(), engines()
    skew(one, other)
    assert one.value(SUM) == 2


def add_one(engine, id: int = 1) -> int:
    """Read, decide, write."""
    with engine.transaction():
        n = engine.value("SELECT n FROM pair WHERE id = :id", id=id)
        engine.execute("UPDATE pair SET n = :n WHERE id = :id", n=n + 1, id=id)
    return n + 1


def test_the_second_attempt_takes_its_turn_before_it_reads(engines) -> None:
    one, other = engines(), engines()
    calls = count(1)
    seen = []

    def call() -> int:
        with one.transaction():
            held = "SELECT count(*) FROM pg_locks WHERE relation = CAST('number_given' AS regclass)"
            seen.append(one.value(f"{held} AND mode = 'ShareRowExclusiveLock' AND granted"))
            n = one.value("SELECT n FROM pair WHERE id = 1")
            if next(calls) == 1:
                add_one(other)
            one.execute("UPDATE pair SET n = :n WHERE id = 1", n=n + 1)
        return n + 1

    assert one.repeat(call) == 2
    assert seen == [0, 1]
    # And only then.
    with one.transaction():
        assert add_one(one) == 3
    assert one.repeat(lambda: one.value(f"{SUM} WHERE id = 1")) == 3


def test_who_waits_for_its_turn_reads_what_others_left(engines, wait_for) -> None:
    one, other = engines(), engines()
    locks = (
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'ShareRowExclusiveLock'"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    watching = engines()

    def in_turn() -> int:
        with one.transaction(in_turn=True):
            n = one.value("SELECT n FROM pair WHERE id = 1")
            one.execute("UPDATE pair SET n = :n WHERE id = 1", n=n + 1)
        return n + 1

    with ThreadPoolExecutor() as pool:
        with other.transaction():
            # As every change does.
            other.execute("UPDATE number_given SET last = last")
            waiting = pool.submit(in_turn)
            wait_for(lambda: watching.value(locks))
            other.execute("UPDATE pair SET n = 10 WHERE id = 1")
        assert waiting.result() == 11


def always(problem: Exception, calls: list[int]):
    def call() -> None:
        calls.append(1)
        raise problem

    return call


@pytest.mark.parametrize(
    "problem", [Busy("x"), Refused("x"), Unavailable("x"), ValueError("x"), KeyboardInterrupt()]
)
def test_nothing_else_is_repeated(engines, problem: Exception) -> None:
    calls: list[int] = []
    with pytest.raises(type(problem)):
        engines().repeat(always(problem, calls))
    assert len(calls) == 1


def test_attempts_are_bounded_and_pauses_differ(engines, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(postgres.time, "sleep", pauses.append)
    calls: list[int] = []
    engine = engines(60.0)
    with pytest.raises(StartOver):
        engine.repeat(always(StartOver("x"), calls))
    assert len(calls) == postgres.MOST_ATTEMPTS == len(pauses) + 1
    assert len(set(pauses)) == len(pauses)
    assert 0 <= min(pauses) <= max(pauses) <= postgres.LONGEST_PAUSE
    assert not engine._turn


def test_no_attempt_begins_when_the_wait_is_over(engines) -> None:
    calls: list[int] = []
    with pytest.raises(StartOver):
        engines(0.0).repeat(always(StartOver("x"), calls))
    assert len(calls) == 1


def test_within_a_transaction_nothing_is_repeated(engines) -> None:
    engine, calls = engines(), []
    with pytest.raises(StartOver), engine.transaction():
        engine.repeat(always(StartOver("x"), calls))
    assert len(calls) == 1


def test_what_was_committed_is_not_done_twice(engines) -> None:
    engine, calls = engines(), []

    def call() -> None:
        calls.append(add_one(engine))
        raise StartOver("x")

    with pytest.raises(StartOver):
        engine.repeat(call)
    assert calls == [1]
    assert engine.value(SUM) == 1


def test_a_deadlock_is_to_start_over(engines, server, fresh_address: str) -> None:
    database = fresh_address.rpartition("/")[2]
    server.do(f'ALTER DATABASE "{database}" SET deadlock_timeout = 20', user="postgres")
    one, other = engines(), engines()
    met = threading.Barrier(2)

    def cross(engine, first: int, second: int) -> str:
        try:
            with engine.transaction():
                engine.execute("UPDATE pair SET n = n + 1 WHERE id = :id", id=first)
                met.wait(10)
                engine.execute("UPDATE pair SET n = n + 1 WHERE id = :id", id=second)
        except StartOver as problem:
            return problem.__cause__.sqlstate
        return "done"

    with ThreadPoolExecutor() as pool:
        ended = [pool.submit(cross, one, 1, 2), pool.submit(cross, other, 2, 1)]
        assert sorted(it.result() for it in ended) == ["40P01", "done"]
    assert one.query("SELECT n FROM pair ORDER BY id") == [(1,), (1,)]


def test_a_lock_that_is_not_had_in_time(engines) -> None:
    holding, waiting = engines(), engines(0.15)
    with holding.transaction():
        holding.execute("UPDATE pair SET n = 1 WHERE id = 1")
        before = time.monotonic()
        with pytest.raises(Busy) as caught:
            waiting.repeat(lambda: add_one(waiting))
        took = time.monotonic() - before
    assert not isinstance(caught.value, StartOver)
    assert caught.value.__cause__.sqlstate == "55P03"
    assert took >= 0.15
    assert "--lock-wait" in caught.value.reason.hint
    # It can be used on.
    assert add_one(waiting) == 2


def test_a_statement_that_is_cancelled_is_an_interruption(engines, wait_for) -> None:
    engine, other = engines(), engines()
    pid = engine.value("SELECT pg_backend_pid()")

    def sleep() -> None:
        with engine.transaction():
            engine.execute("UPDATE pair SET n = 1")
            engine.query("SELECT pg_sleep(30)")

    with ThreadPoolExecutor() as pool:
        ended = pool.submit(sleep)
        asleep = "SELECT count(*) FROM pg_stat_activity WHERE pid = :pid AND wait_event = 'PgSleep'"
        wait_for(lambda: other.value(asleep, pid=pid))
        other.query("SELECT pg_cancel_backend(:pid)", pid=pid)
        assert isinstance(ended.exception(), KeyboardInterrupt)
    assert engine.value(SUM) == 0


def test_ctrl_c_cancels_what_the_server_does(engines) -> None:
    engine, other = engines(), engines()
    timer = threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT))
    with pytest.raises(KeyboardInterrupt), engine.transaction():
        engine.execute("UPDATE pair SET n = 1")
        timer.start()
        engine.query("SELECT pg_sleep(30)")
    timer.join()
    busy = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"
    assert other.value(busy) == 0
    assert engine.value(SUM) == 0


def test_what_has_failed_is_not_said_to_be_committed(engines) -> None:
    engine = engines()
    with pytest.raises(RuntimeError, match="nothing was committed: ROLLBACK"), engine.transaction():
        engine.execute("UPDATE pair SET n = 1")
        with pytest.raises(Refused):
            engine.execute("INSERT INTO pair VALUES (1, 1)")
        engine._committer.end_everywhere()
    assert engine.value(SUM) == 0
    assert not engine.committed


def test_savepoints(engines) -> None:
    engine = engines()
    with engine.transaction():
        add_one(engine)
        with pytest.raises(Refused), engine.transaction():
            add_one(engine)
            engine.execute("INSERT INTO pair VALUES (1, 1)")
        with engine.transaction() as inner:
            add_one(engine)
            inner.roll_back()
        add_one(engine, 2)
    assert engine.query("SELECT n FROM pair ORDER BY id") == [(1,), (1,)]
    with engine.transaction() as outer:
        add_one(engine)
        outer.roll_back()
    assert engine.value(SUM) == 2
