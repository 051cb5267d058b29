"""``db export``: every table as a file, so that nothing but a text editor is needed to read it."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from leadctl.core.newfiles import cannot_be_made
from leadctl.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from leadctl.model import Record
    from leadctl.store.engine import Engine


def export(engine: Engine, folder: Path) -> list[Record]:
    """Write ``<table>.ndjson`` for every table, all as they are at one moment; see ``Db.export``.

    A line is a row, with the columns as they are stored: money in minor units, percentages in
    hundredths, lists by number.
    """
    try:
        taken = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    except OSError as problem:
        raise cannot_be_made(folder, problem) from problem
    if taken:
        raise Refused(
            "{path} is no empty folder",
            code="file_exists",
            hint="name another; nothing is written over",
            path=str(folder),
        )
    with _drafting(folder) as draft, engine.snapshot():
        return [_export_table(engine, table, draft) for table in engine.tables()]


@contextmanager
def _drafting(folder: Path) -> Iterator[Path]:
    """A folder beside the one that is wanted, which takes its place when it is complete."""
    draft = folder.absolute().with_name(f".{folder.absolute().name}.{os.getpid()}.new")
    try:
        draft.mkdir(mode=0o700)
        yield draft
        draft.rename(folder)
    except OSError as problem:
        raise cannot_be_made(folder, problem) from problem
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _export_table(engine: Engine, table: str, folder: Path) -> Record:
    cells = ", ".join(f"'{name}', {name}" for name in engine.columns(table))
    name = f"{table}.ndjson"
    count = 0
    handle = os.open(folder / name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with open(handle, "w", encoding="utf-8") as file:
        for (row,) in engine.stream(f"SELECT json_object({cells}) FROM {table} ORDER BY id"):
            file.write(f"{row}\n")
            count += 1
    return {"table": table, "file": name, "rows": count}
