"""``db copy``: all data into a new database, from a file to a server, back, or alike.

Rows are copied as they are stored, with their numbers and their history, so that both sides export
the same bytes. A file is built under another name, a server gets one transaction: an interrupted
copy leaves nothing, and is run again.
"""

from __future__ import annotations

from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadctl.config import is_address
from leadctl.core.clock import Clock
from leadctl.core.crm import Crm, open_crm
from leadctl.core.newfiles import must_be_free, new_file, publish_new
from leadctl.core.selection_views import make_views
from leadctl.errors import DatabaseError, Interrupted, Refused, UsageError
from leadctl.store.engine import ROWS_PER_STATEMENT, no_interrupt
from leadctl.store.migrations import migrate
from leadctl.store.opening import connect
from leadctl.store.sqlite_open import open_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from leadctl.model import Record
    from leadctl.store.engine import Engine

    # Is told the name of a table and how many of its rows are copied so far.
    Told = Callable[[str, int], None]


def copy(
    source: str | Path,
    target: str | Path,
    *,
    told: Told | None = None,
    lock_wait: float = 5.0,
    synchronous: str = "full",
) -> Record:
    """Copy everything in ``source``, as it is at one moment, into the new database ``target``.

    Each is the path of a file or the address of a database on a PostgreSQL server; the file
    ``target`` does not exist yet, the database on a server is there and has no leadctl data.
    ``told`` is called with the name of a table and the number of its rows that are copied, at its
    begin, every 10,000 rows, and at its end; ``lock_wait`` are the seconds to wait for somebody
    who makes the same database, ``synchronous`` is ``"full"`` or ``"normal"``. Returns ``{"from",
    "to", "tables", "rows"}``. Whatever is raised, nothing has changed: Refused where ``target`` has
    something already, or cannot store what is in ``source``; DatabaseError where one is missing,
    damaged, of another schema, or cannot be written to; Busy while somebody else makes ``target``;
    and Unavailable when a server does not answer. Only two say otherwise: Interrupted is raised
    when the copy is complete, and DatabaseError ``commit_unknown`` when the server was lost at
    the end.
    """
    told = told or _tell_nobody
    with open_crm(source, lock_wait=lock_wait) as crm, crm.engine.snapshot():
        if is_address(target):
            counts, to = _into_server(crm.engine, str(target), told, lock_wait, synchronous)
        else:
            counts, to = _into_file(crm.engine, Path(target), told), str(target)
        return {
            "from": crm.engine.path,
            "to": to,
            "tables": len(counts),
            "rows": sum(counts.values()),
        }


def _tell_nobody(_table: str, _rows: int) -> None:
    pass


@contextmanager
def _truthful(path: str, complete: Callable[[], bool]) -> Iterator[None]:
    """Who interrupts at the very end is told that the copy is there."""
    try:
        yield
    except KeyboardInterrupt:
        if complete():
            raise Interrupted("interrupted after {path} was complete", path=path) from None
        raise


def _into_file(origin: Engine, target: Path, told: Told) -> dict[str, int]:
    must_be_free(target)
    published = False
    with _truthful(str(target), lambda: published), new_file(target) as draft:
        with closing(open_file(draft, lock_wait=0, synchronous="off", new=True)) as engine:
            # Messages have the name that it is going to have.
            engine.path = str(target)
            # Nobody needs a half-made file, so nothing has to be written twice.
            engine.value("PRAGMA journal_mode = OFF")
            migrate(engine)
            counts = _fill(engine, origin, engine.tables(), told)
            engine.value("PRAGMA journal_mode = WAL")
        with no_interrupt():
            publish_new(draft, target)
            published = True
    return counts


def _into_server(
    origin: Engine, address: str, told: Told, lock_wait: float, synchronous: str
) -> tuple[dict[str, int], str]:
    way: dict[str, Any] = {"lock_wait": lock_wait, "synchronous": synchronous}
    with closing(connect(address, **way, new=True)) as engine:
        if engine.schema:
            raise Refused(
                "{path} has leadctl data already",
                code="file_exists",
                hint="name an empty database, createdb makes one; nothing is written over",
                path=engine.path,
            )
        # Of other programs: those of ours have other names.
        others = set(engine.tables())
        with _truthful(engine.path, lambda: engine.committed), engine.transaction():
            migrate(engine)
            tables = [table for table in engine.tables() if table not in others]
            counts = _fill(engine, origin, tables, told)
        return counts, engine.path


def _fill(engine: Engine, origin: Engine, tables: Sequence[str], told: Told) -> dict[str, int]:
    """Copy the rows of tables that have just been made; returns how many each has then."""
    # The first thing that is read fixes the moment.
    expected = _counts(origin, tables)
    with engine.filling(tables):
        for table in tables:
            told(table, 0)
            told(table, _copy_table(engine, origin, table, told))
        engine.keep_numbers({table: origin.last_number(table) for table in tables})
        make_views(Crm(engine, user="", clock=Clock(), language="en"))
        counts = _counts(engine, tables)
        for table in tables:
            if counts[table] != expected[table]:
                raise DatabaseError(
                    "{path} has {found} rows of {table}, and should have {expected}",
                    hint="nothing was kept; try again",
                    path=engine.path,
                    table=table,
                    found=counts[table],
                    expected=expected[table],
                )
    return counts


def _copy_table(engine: Engine, origin: Engine, table: str, told: Told) -> int:
    columns = engine.columns(table)
    rows = origin.stream(f"SELECT {', '.join(columns)} FROM {table} ORDER BY id")
    try:
        return engine.load(table, columns, _counted(rows, table, told))
    except UsageError as problem:
        raise Refused(
            "a row of {table} cannot be stored in {path}: {problem}",
            code="not_storable",
            hint="nothing was changed; correct it in {source} first",
            table=table,
            path=engine.path,
            source=origin.path,
            problem=problem.reason.details["problem"],
        ) from problem


def _counted(rows: Iterable[Any], table: str, told: Told) -> Iterator[Any]:
    for number, row in enumerate(rows, 1):
        yield row
        if number % ROWS_PER_STATEMENT == 0:
            told(table, number)


def _counts(engine: Engine, tables: Sequence[str]) -> dict[str, int]:
    return {table: engine.value(f"SELECT count(*) FROM {table}") for table in tables}
