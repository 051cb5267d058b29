"""Engines on a database of the server's, and what looks at it from outside."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import Any

import psycopg
import pytest

from leadctl.store.opening import connect
from leadctl.store.postgres import Postgres


@pytest.fixture
def engines(fresh_address: str) -> Iterator[Callable[..., Postgres]]:
    """Opens one more connection to a database with a table ``pair`` of two rows with ``n`` 0."""
    with ExitStack() as opened:

        def one(lock_wait: float = 5.0) -> Postgres:
            engine = connect(fresh_address, lock_wait=lock_wait, new=True)
            opened.enter_context(closing(engine))
            assert isinstance(engine, Postgres)
            return engine

        with psycopg.connect(fresh_address) as connection:
            # What writers take turns by, as in a database of leadctl's.
            connection.execute("CREATE TABLE number_given (name text, last bigint)")
            connection.execute("INSERT INTO number_given VALUES ('change', 0)")
            connection.execute("CREATE TABLE pair (id bigint PRIMARY KEY, n bigint NOT NULL)")
            connection.execute("INSERT INTO pair VALUES (1, 0), (2, 0)")
        connection.close()
        yield one


@pytest.fixture
def asked() -> Callable[..., list[Any]]:
    """The rows of a query on a connection of its own."""

    def rows(address: str, sql: str, *values: object) -> list[Any]:
        with closing(psycopg.connect(address, autocommit=True)) as connection:
            return connection.execute(sql, values).fetchall()

    return rows


@pytest.fixture
def wait_for() -> Callable[[Callable[[], Any]], Any]:
    """Waits until something is true, and returns it."""

    def wait(happened: Callable[[], Any]) -> Any:
        until = time.monotonic() + 30
        while not (found := happened()):
            assert time.monotonic() < until
            time.sleep(0.005)
        return found

    return wait
