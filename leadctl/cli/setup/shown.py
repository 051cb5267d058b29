"""What the list nouns share: their arguments, and how one item is printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from leadctl.cli.columns import names_of
from leadctl.cli.output import print_record
from leadctl.model import Record

if TYPE_CHECKING:
    from leadctl.cli.call import Call
    from leadctl.core.items import ItemList

Key = Annotated[str, typer.Argument(metavar="KEY", help="Key or name.")]
Name = Annotated[str, typer.Argument(metavar="NAME")]
NewName = Annotated[str | None, typer.Option("--name", metavar="N", help="A new name.")]
Description = Annotated[str | None, typer.Option(metavar="T")]
Before = Annotated[str | None, typer.Option(metavar="KEY")]
After = Annotated[str | None, typer.Option(metavar="KEY")]
Deleted = Annotated[bool, typer.Option("--deleted", help="Include deleted ones.")]


def print_item(call: Call, noun: ItemList, record: Record) -> None:
    """Print one list item; a table has its name in the chosen language."""
    names = {}
    if call.format == "table":
        names = {"name": noun.names_by_name(), "group": names_of(call.crm, "group")}
    print_record(call, record, names)
