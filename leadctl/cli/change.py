"""``leadctl change``."""

from __future__ import annotations

from typing import Annotated

import typer

from leadctl.cli.options import verb
from leadctl.cli.show import named
from leadctl.model import Choice

app = typer.Typer()


@verb(app, "list", lists=True, prints="change")
def list_(ctx: typer.Context) -> None:
    """List changes, newest first.

    leadctl change list --limit 10
    leadctl change list --fields id,user,command,records --sort -records
    """
    ctx.obj.print_list(ctx.obj.crm.changes, Choice(all=True))


@verb(app, "show", prints="change")
def show(ctx: typer.Context, id: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Show a change and what it did to every record.

    leadctl change show 3
    leadctl change show 3 -f json
    """
    call = ctx.obj
    word = call.id(id)
    record = call.crm.changes.show(word)
    if call.format != "table":
        call.print_record(record)
        return
    history = record.pop("history")
    if call.fields != ["history"]:
        call.print_record(record)
    if not call.fields or "history" in call.fields:
        print()
        call.fields = []
        fields = ["entity", "entity_id", "field", "old", "new"]
        call.print_records(named(call, history), fields, "history")


@verb(app, "undo", writes=True)
def undo(ctx: typer.Context, id: Annotated[str, typer.Argument(metavar="ID|last")]) -> None:
    """Take a change back; undoing an undo does it again.

    leadctl change undo last --yes
    leadctl change undo 20 --dry-run
    """
    call = ctx.obj
    if id != "last":
        call.id(id)
    call.write(lambda options: call.crm.changes.undo(id, options), consent=True)
