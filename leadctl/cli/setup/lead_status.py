"""``leadctl lead-status``."""

from __future__ import annotations

from typing import Annotated

import typer

from leadctl.cli.options import verb
from leadctl.cli.setup.shown import (
    After,
    Before,
    Deleted,
    Description,
    Key,
    Name,
    NewName,
    one_of,
)
from leadctl.model import Choice

app = typer.Typer()


@verb(app, "add", writes=True, prints="lead_status")
def add(ctx: typer.Context, name: Name, description: Description = None) -> None:
    """Add a lead status at the end of the list.

    leadctl lead-status add "Call back" --description "Asked to be called later"
    leadctl lead-status add Nurturing --dry-run
    """
    call = ctx.obj
    statuses = call.crm.lead_statuses
    record = statuses.add(name, description=description, options=call.write_options())
    call.print_item(statuses, record)


@verb(app, "edit", writes=True)
def edit(
    ctx: typer.Context,
    key: Key,
    name: NewName = None,
    description: Description = None,
    default: Annotated[bool, typer.Option("--default", help="New leads start with it.")] = False,
) -> None:
    """Rename or describe a lead status, or make it the default.

    leadctl lead-status edit contacting --default
    leadctl lead-status edit re_nurture --name "Keep warm" --description "Nobody calls"
    """
    call = ctx.obj
    call.write(
        lambda options: call.crm.lead_statuses.edit(
            key, name=name, description=description, default=default, options=options
        )
    )


@verb(app, "delete", writes=True)
def delete(
    ctx: typer.Context,
    key: Key,
    default: Annotated[str | None, typer.Option(metavar="KEY", help="The new default.")] = None,
) -> None:
    """Delete a lead status: people keep it, nobody can be given it; restore brings it back.

    leadctl lead-status delete re_nurture
    leadctl lead-status delete open --default contacting
    """
    call = ctx.obj
    call.write(lambda options: call.crm.lead_statuses.delete(key, default=default, options=options))


@verb(app, "restore", writes=True)
def restore(ctx: typer.Context, key: Key) -> None:
    """Make a deleted lead status selectable again.

    leadctl lead-status restore bad_timing
    leadctl lead-status restore "Bad timing" --dry-run
    """
    call = ctx.obj
    call.write(lambda options: call.crm.lead_statuses.restore(key, options))


@verb(app, "move", writes=True)
def move(ctx: typer.Context, key: Key, before: Before = None, after: After = None) -> None:
    """Move a lead status within the list.

    leadctl lead-status move qualified --before open
    leadctl lead-status move open --after contacting
    """
    call = ctx.obj
    one_of(before, after)
    call.write(
        lambda options: call.crm.lead_statuses.move(
            key, before=before, after=after, options=options
        )
    )


@verb(app, "list", lists=True, prints="lead_status")
def list_(ctx: typer.Context, deleted: Deleted = False) -> None:
    """List lead statuses in their order.

    leadctl lead-status list
    leadctl lead-status list --deleted -f json
    """
    ctx.obj.print_list(ctx.obj.crm.lead_statuses, Choice(all=True, hidden=deleted))


@verb(app, "show", prints="lead_status")
def show(ctx: typer.Context, key: Key) -> None:
    """Show a lead status.

    leadctl lead-status show open
    leadctl lead-status show qualified --fields key,name,people
    """
    ctx.obj.print_item(ctx.obj.crm.lead_statuses, ctx.obj.crm.lead_statuses.show(key))
