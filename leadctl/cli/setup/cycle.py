"""``leadctl cycle``."""

from __future__ import annotations

from typing import Annotated

import typer

from leadctl.cli.options import verb
from leadctl.cli.setup.shown import Key, Name, NewName
from leadctl.model import Choice

app = typer.Typer()

Method = Annotated[
    str | None,
    typer.Option(metavar="multiply|add|chances|completed", help="How probability is computed."),
]


@verb(app, "add", writes=True, prints="cycle")
def add(ctx: typer.Context, name: Name, method: Method = None) -> None:
    """Add a sales cycle; stage add gives it stages.

    leadctl cycle add Tenders --method chances
    leadctl cycle add Renewals
    """
    call = ctx.obj
    record = call.crm.cycles.add(name, method=method or "multiply", options=call.write_options())
    call.print_item(call.crm.cycles, record)


@verb(app, "edit", writes=True)
def edit(
    ctx: typer.Context,
    key: Key,
    name: NewName = None,
    method: Method = None,
    blocked: Annotated[
        bool | None, typer.Option("--block/--unblock", help="Whether it can be chosen.")
    ] = None,
) -> None:
    """Change a sales cycle; what is on it goes on as it was.

    leadctl cycle edit key_accounts --method add
    leadctl cycle edit key_accounts --block
    """
    call = ctx.obj
    call.write(
        lambda options: call.crm.cycles.edit(
            key, name=name, method=method, blocked=blocked, options=options
        )
    )


@verb(app, "delete", writes=True)
def delete(ctx: typer.Context, key: Key) -> None:
    """Delete a sales cycle that no opportunity is on, with its stages.

    leadctl cycle delete trial --yes
    leadctl cycle delete key_accounts --dry-run
    """
    call = ctx.obj
    call.write(lambda options: call.crm.cycles.delete(key, options), consent=True)


@verb(app, "list", lists=True, prints="cycle")
def list_(ctx: typer.Context) -> None:
    """List sales cycles with what is open on them.

    leadctl cycle list
    leadctl cycle list --fields key,stages,opportunities -f csv
    """
    ctx.obj.print_list(ctx.obj.crm.cycles, Choice(all=True))


@verb(app, "show", prints="cycle")
def show(ctx: typer.Context, key: Key) -> None:
    """Show a sales cycle.

    leadctl cycle show standard
    leadctl cycle show "Key accounts" -f json
    """
    ctx.obj.print_item(ctx.obj.crm.cycles, ctx.obj.crm.cycles.show(key))
