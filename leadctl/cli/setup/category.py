"""``leadctl category``."""

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

Group = Annotated[str | None, typer.Option(metavar="G", help="Category group; none clears.")]
Flag = Annotated[
    bool | None,
    typer.Option("--lead-status/--no-lead-status", help="Whether people have a lead status."),
]


@verb(app, "add", writes=True, prints="category")
def add(
    ctx: typer.Context,
    name: Name,
    group: Group = None,
    lead_status: Flag = None,
    description: Description = None,
) -> None:
    """Add a category at the end of the list.

    leadctl category add "Warm lead" --group potential_customer --lead-status
    leadctl category add Supplier --group other --description "Sells to us"
    """
    call = ctx.obj
    record = call.crm.categories.add(
        name,
        group=group,
        lead_status=bool(lead_status),
        description=description,
        options=call.write_options(),
    )
    call.print_item(call.crm.categories, record)


@verb(app, "edit", writes=True)
def edit(
    ctx: typer.Context,
    key: Key,
    name: NewName = None,
    group: Group = None,
    lead_status: Flag = None,
    description: Description = None,
    backfill: Annotated[
        bool, typer.Option("--backfill", help="People without a status get the default one.")
    ] = False,
) -> None:
    """Change a category; the report counts the companies and people that it concerns.

    leadctl category edit mql --name "Marketing lead"
    leadctl category edit lost_opportunity --lead-status --backfill --dry-run
    """
    call = ctx.obj
    call.write(
        lambda options: call.crm.categories.edit(
            key,
            name=name,
            group=group,
            lead_status=lead_status,
            description=description,
            backfill=backfill,
            options=options,
        )
    )


@verb(app, "delete", writes=True)
def delete(ctx: typer.Context, key: Key) -> None:
    """Delete a category: companies keep it, nobody can be given it; restore brings it back.

    leadctl category delete partner
    leadctl category delete partner --dry-run
    """
    call = ctx.obj
    call.write(lambda options: call.crm.categories.delete(key, options))


@verb(app, "restore", writes=True)
def restore(ctx: typer.Context, key: Key) -> None:
    """Make a deleted category selectable again.

    leadctl category restore dormant
    leadctl category restore Dormant --dry-run
    """
    call = ctx.obj
    call.write(lambda options: call.crm.categories.restore(key, options))


@verb(app, "move", writes=True)
def move(ctx: typer.Context, key: Key, before: Before = None, after: After = None) -> None:
    """Move a category within the list.

    leadctl category move customer --before lead
    leadctl category move lead --after mql
    """
    call = ctx.obj
    one_of(before, after)
    call.write(
        lambda options: call.crm.categories.move(key, before=before, after=after, options=options)
    )


@verb(app, "list", lists=True, prints="category")
def list_(ctx: typer.Context, deleted: Deleted = False) -> None:
    """List categories in their order.

    leadctl category list
    leadctl category list --deleted --fields key,name,people
    """
    ctx.obj.print_list(ctx.obj.crm.categories, Choice(all=True, hidden=deleted))


@verb(app, "show", prints="category")
def show(ctx: typer.Context, key: Key) -> None:
    """Show a category.

    leadctl category show lead
    leadctl category show "Marketing qualified lead (MQL)" -f json
    """
    ctx.obj.print_item(ctx.obj.crm.categories, ctx.obj.crm.categories.show(key))


@verb(app, "add-defaults", writes=True)
def add_defaults(ctx: typer.Context) -> None:
    """Add the built-in categories that are missing.

    leadctl category add-defaults
    leadctl category add-defaults --dry-run
    """
    call = ctx.obj
    call.write(call.crm.categories.add_defaults)
