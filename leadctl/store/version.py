"""Which schema this leadctl knows, and which one a file has: all that most commands ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leadctl.store.engine import Engine

SCHEMA = 5


def schema_of(engine: Engine) -> int:
    """The number of the last migration that the file has seen."""
    return int(engine.value("PRAGMA user_version"))
