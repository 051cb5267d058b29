"""The arguments that the list nouns share."""

from __future__ import annotations

from typing import Annotated

import typer

Key = Annotated[str, typer.Argument(metavar="KEY", help="Key or name.")]
Name = Annotated[str, typer.Argument(metavar="NAME")]
NewName = Annotated[str | None, typer.Option("--name", metavar="N", help="A new name.")]
Description = Annotated[str | None, typer.Option(metavar="T")]
Before = Annotated[str | None, typer.Option(metavar="KEY")]
After = Annotated[str | None, typer.Option(metavar="KEY")]
Deleted = Annotated[bool, typer.Option("--deleted", help="Include deleted ones.")]
