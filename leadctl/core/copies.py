"""Whole copies of a file: backup, restore, and the one that ``db migrate`` makes first.

A copy is verified before it gets its name. A restore goes through SQLite into the file that is
there: whoever has it open sees the new content afterwards, and nobody writes in between.
"""

from __future__ import annotations

import os
import re
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from leadctl.config import is_address, without_password
from leadctl.core import outcome
from leadctl.core.clock import Clock
from leadctl.core.crm import Crm, checked_user, parse_date, wrong_schema
from leadctl.core.newfiles import BESIDE, must_be_free, new_file, publish_new
from leadctl.core.selection_views import make_views, views_to_mend
from leadctl.core.settings import missing_rows
from leadctl.errors import DatabaseError, LeadctlError, NotFound, Reason, Refused, UsageError
from leadctl.model import Report, WriteOptions
from leadctl.store import migrations, upkeep, version
from leadctl.store.gate import ERASED, Gate
from leadctl.store.opening import connect
from leadctl.store.sqlite_open import open_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from leadctl.model import Record
    from leadctl.store.engine import Engine
    from leadctl.store.sqlite import Sqlite

_MISSING = "database_missing"
_CORRUPT = "database_corrupt"


class _Stop(Exception):
    """A dry run has come to the end."""


class _Way(NamedTuple):
    """How files are opened."""

    lock_wait: float
    synchronous: str


def copy_file(engine: Sqlite, target: Path) -> None:
    """Write a verified copy of an open file, as it is at one moment, while others write.

    Raises Refused when something has the name already, and DatabaseError where the copy cannot be
    made, or the file is damaged.
    """
    must_be_free(target)
    with new_file(target) as draft:
        _fill(engine, draft, target)
        publish_new(draft, target)


def not_a_file(command: str, path: str | Path) -> Refused:
    """The error of a command that is about a file, for a database on a server."""
    return Refused(
        "{command} is for files, and {path} is on a server",
        code="not_a_file",
        hint="pg_dump and pg_restore copy the database of a server; db copy moves data between both",
        command=command,
        path=without_password(str(path)),
    )


def migrate(
    path: str | Path,
    *,
    settings: Mapping[str, Any] | None = None,
    lock_wait: float = 5.0,
    synchronous: str = "full",
) -> Record:
    """Bring a file to the schema of this leadctl; a verified copy is made beside it first.

    Views that are not those of this leadctl are made anew, and missing settings of the data get
    the values of ``settings``, or their defaults. Returns ``{"path", "from", "to", "changed",
    "copy"}``, with ``copy`` ``None`` where no step was due. Raises DatabaseError for what is no
    leadctl file, is damaged, or has a newer schema.
    """
    with closing(connect(path, lock_wait=lock_wait, synchronous=synchronous)) as engine:
        found = engine.schema
        if found > version.SCHEMA:
            raise wrong_schema(engine.path, found)
        copy = None
        if found < version.SCHEMA and engine.as_file is not None:
            copy = _spare(Path(path), f"schema-{found}")
            copy_file(engine.as_file, copy)
        changed = _bring_up_to_date(engine, settings)
    return {
        "path": engine.path,
        "from": found,
        "to": version.SCHEMA,
        "changed": changed,
        "copy": None if copy is None else str(copy),
    }


def restore(
    path: str | Path,
    source: str | Path,
    options: WriteOptions | None = None,
    *,
    user: str | None = None,
    today: date | str | None = None,
    lock_wait: float = 5.0,
    synchronous: str = "full",
) -> Report:
    """Put the content of the leadctl file ``source`` in the place of the file ``path``.

    ``source`` is verified, copied, and brought to the schema of this leadctl. What was at ``path``
    is kept beside it, under a name that is in the report's notices. The restore is written as a
    change that cannot be undone. A missing or damaged file is replaced as well; one that is not
    known to be a leadctl file is left alone. Raises NotFound when there is no ``source``,
    UsageError when it is the file itself, and for what is no date or user, DatabaseError when it
    is damaged, foreign or of a newer schema, and Busy when somebody else writes.
    """
    for name in (path, source):
        if is_address(name):
            raise not_a_file("db restore", name)
    target, origin = Path(path), Path(source)
    options = options or WriteOptions()
    report = Report(dry_run=options.dry_run, matched=1)
    outcome.check_choice(report, options)
    author, clock = checked_user(user), Clock(parse_date(today))
    try:
        origin.stat()
    except OSError as problem:
        raise NotFound(
            "{path} cannot be read: {problem}", path=str(origin), problem=problem.strerror
        ) from problem
    if target.exists() and target.samefile(origin):
        raise UsageError("{path} is the file itself", path=str(origin))
    way = _Way(lock_wait, synchronous)
    with new_file(target) as draft:
        with closing(open_file(origin, lock_wait=lock_wait)) as engine:
            found = engine.schema
            if found > version.SCHEMA:
                raise wrong_schema(origin, found)
            _fill(engine, draft, target)
        change = _prepare(draft, author, clock, options.reason)
        report.changed = 1
        outcome.check_most(report, options)
        kept = _put(draft, target, way, dry_run=options.dry_run)
    if not options.dry_run:
        report.change = change
    if kept is not None:
        template = "what was there is kept beside it as {name}"
        report.notices.append(Reason("", template, details={"name": kept.name}))
        back = sorted(_erased(kept) - _erased(target))
        if back:
            template = (
                "people who have been erased since are back: {ids}; person erase ID ends that"
            )
            report.notices.append(Reason("", template, details={"ids": back}))
    return report


def _erased(path: Path) -> set[int]:
    """The people who were erased by the history of a file, none where that cannot be read."""
    sql = f"SELECT entity_id FROM history WHERE entity = 'person' AND field = '{ERASED}'"
    try:
        with closing(open_file(path, lock_wait=0)) as engine:
            return {id for (id,) in engine.examine(sql)}
    except DatabaseError:
        return set()


def _fill(engine: Sqlite, draft: Path, target: Path, *, verified: bool = True) -> None:
    """Copy an open file into an empty one, and see whether what is on the disk is the same."""
    with closing(open_file(draft, lock_wait=0, new=True)) as copy, engine.snapshot():
        # Messages have the name that it is going to have.
        copy.path = str(target)
        # Nobody needs a half-made copy, so nothing has to be written twice.
        copy.value("PRAGMA journal_mode = OFF")
        copy.execute("PRAGMA synchronous = OFF")
        expected = _identity(engine) if verified else None
        engine.copy_to(copy)
    if expected is None:
        return
    with closing(open_file(draft, lock_wait=0)) as copy:
        # One file, without others beside it.
        copy.value("PRAGMA journal_mode = DELETE")
        problem = upkeep.damage(copy)
        if problem is None and _identity(copy) != expected:
            problem = "the copy differs"
    if problem is not None:
        raise DatabaseError(
            "{path} is damaged: {problem}",
            code=_CORRUPT,
            hint="restore it from a backup; the damaged file was left as it is",
            path=engine.path,
            problem=problem,
        )


def _identity(engine: Engine) -> tuple[Any, ...]:
    """What a copy must have in common with its original, apart from being sound."""
    numbers = (engine.value(f"PRAGMA {name}") for name in ("application_id", "user_version"))
    return (*numbers, upkeep.counts(engine))


def _bring_up_to_date(engine: Engine, settings: Mapping[str, Any] | None = None) -> bool:
    """Run the steps that are due and mend views and settings; whether that changed anything."""
    before = engine.schema
    migrations.migrate(engine)
    crm = Crm(engine, user="", clock=Clock(), language="en")
    with engine.transaction() as transaction:
        rows = missing_rows(engine, settings or {})
        stale = views_to_mend(crm)
        if not rows and not stale:
            transaction.roll_back()
        migrations.seed(engine, {"setting": rows})
        if stale:
            migrations.make_views(engine)
            make_views(crm)
    return bool(before < version.SCHEMA or rows or stale)


def _prepare(draft: Path, user: str, clock: Clock, reason: str | None) -> int:
    """Make a copy fit to be used: its schema, and the change that says where it comes from."""
    with closing(open_file(draft, lock_wait=0)) as engine:
        _bring_up_to_date(engine)
        with engine.transaction():
            gate = Gate(
                engine,
                at=clock.now(),
                stamp=clock.stamp(),
                author=user,
                command="db restore",
                reason=reason,
            )
            gate.purge(1)
            gate.finish()
        return gate.change


def _put(draft: Path, target: Path, way: _Way, *, dry_run: bool) -> Path | None:
    """Put a prepared copy in the place of a file; returns what is kept of that one."""
    if not os.path.lexists(target):
        if not dry_run:
            _publish_as_file(draft, target, way)
        return None
    kept = _spare(target, "before-restore")
    try:
        _put_into(draft, target, kept, way, dry_run=dry_run)
    except DatabaseError as error:
        if error.code != _CORRUPT:
            raise
        if not dry_run:
            _move_away(target, kept)
            _publish_as_file(draft, target, way)
    except _Stop:
        pass
    return None if dry_run else kept


def _put_into(draft: Path, target: Path, kept: Path, way: _Way, *, dry_run: bool) -> None:
    """Write a copy into the file that is there, in one transaction of it; before that, when
    nobody else can write any more, keep what it has.
    """

    def keep() -> None:
        if dry_run:
            raise _Stop
        with closing(open_file(target, lock_wait=way.lock_wait)) as before, new_file(kept) as copy:
            _fill(before, copy, kept, verified=False)
            publish_new(copy, kept)

    with (
        closing(open_file(draft, lock_wait=0)) as new,
        closing(open_file(target, lock_wait=way.lock_wait, synchronous=way.synchronous)) as old,
    ):
        # Readers go on while it is written.
        old.value("PRAGMA journal_mode = WAL")
        if upkeep.page_size(old) != upkeep.page_size(new):
            new.execute(f"PRAGMA page_size = {upkeep.page_size(old)}")
            new.execute("VACUUM")
        try:
            new.copy_to(old, lock_wait=way.lock_wait, locked=keep)
        except LeadctlError:
            # Nothing was replaced. An interrupt may come when all is done: then it stays.
            with suppress(OSError):
                kept.unlink()
            raise
        old.empty_log()


def _move_away(target: Path, kept: Path) -> None:
    """Give a damaged file another name, with what belongs to it."""
    target.rename(kept)
    for end in BESIDE:
        with suppress(FileNotFoundError):
            target.with_name(target.name + end).rename(kept.with_name(kept.name + end))


def _publish_as_file(draft: Path, target: Path, way: _Way) -> None:
    with closing(open_file(draft, lock_wait=0, synchronous=way.synchronous)) as engine:
        engine.value("PRAGMA journal_mode = WAL")
    publish_new(draft, target)


def _spare(target: Path, word: str) -> Path:
    """A name beside a file that nothing has yet."""
    stamp = re.sub("[-:Z]", "", Clock().now())
    name = target.with_name(f"{target.name}.{word}-{stamp}")
    number = 1
    while os.path.lexists(name):
        number += 1
        name = target.with_name(f"{target.name}.{word}-{stamp}-{number}")
    return name
