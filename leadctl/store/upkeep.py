"""What is done to a database as a whole: counting, and looking whether a file is sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leadctl.store.engine import Engine


def counts(engine: Engine) -> dict[str, int]:
    """How many rows every table has."""
    return {name: engine.value(f"SELECT count(*) FROM {name}") for name in engine.tables()}


def damage(engine: Engine) -> str | None:
    """The first thing that is wrong with the structure of a file, ``None`` for a sound one.

    Raises DatabaseError where not even that can be found out.
    """
    found = next(engine.examine("PRAGMA integrity_check(1)"))[0]
    return None if found == "ok" else str(found)


def page_size(engine: Engine) -> int:
    """Bytes per page of a file."""
    return int(engine.value("PRAGMA page_size"))
