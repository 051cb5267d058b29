"""All that a database holds, to be compared: the same on both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadctl.store.engine import document

if TYPE_CHECKING:
    from collections.abc import Iterable

    from leadctl import Crm

LOG = ("change", "history")


def content(crm: Crm, without: Iterable[str] = LOG) -> list[str]:
    """Rows and views, without what is in the log of changes."""
    engine = crm.engine
    lines = [f"{name} {sql}" for name, sql in sorted(engine.views().items())]
    for table in engine.tables():
        if table not in without:
            columns = engine.columns(table)
            cells = ", ".join(f'"{name}"' for name in columns)
            lines += (
                f"{table} {document(dict(zip(columns, row, strict=True)))}"
                for row in engine.stream(f"SELECT {cells} FROM {table} ORDER BY id")
            )
    return lines
