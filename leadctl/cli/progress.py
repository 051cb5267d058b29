"""How far a long command has come, for whoever watches."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from leadctl.cli.call import is_terminal
from leadctl.errors import Reason

if TYPE_CHECKING:
    from leadctl.cli.call import Call

_CLEAR = "\r\x1b[K"


class Progress:
    """A line on stderr that is written over and goes at the end; nothing where nobody looks."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._shown = is_terminal(sys.stderr) and not call.quiet

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *problem: object) -> None:
        self._write("")

    def __call__(self, table: str, rows: int) -> None:
        """Say how many rows of a table are there by now."""
        details: dict[str, Any] = {"table": table, "count": rows}
        reason = Reason("", "{table}: {count} rows copied", details=details)
        self._write(reason.text(self._call.translate))

    def _write(self, line: str) -> None:
        if self._shown:
            print(f"{_CLEAR}{line}", end="", file=sys.stderr, flush=True)
