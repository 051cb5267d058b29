"""The arguments that the list nouns share."""

from __future__ import annotations

from typing import Annotated

import typer

from leadctl.errors import UsageError

Key = Annotated[str, typer.Argument(metavar="KEY", help="Key or name.")]
Name = Annotated[str, typer.Argument(metavar="NAME")]
NewName = Annotated[str | None, typer.Option("--name", metavar="N", help="A new name.")]
Description = Annotated[str | None, typer.Option(metavar="T")]
Before = Annotated[str | None, typer.Option(metavar="KEY")]
After = Annotated[str | None, typer.Option(metavar="KEY")]
Deleted = Annotated[bool, typer.Option("--deleted", help="Include deleted ones.")]


def one_of(before: str | None, after: str | None) -> None:
    """Raise UsageError unless exactly one of the two was named."""
    if (before is None) == (after is None):
        raise UsageError("name one of --before and --after")
