"""``leadctl order``."""

from __future__ import annotations

from typing import Annotated

import typer

from leadctl.cli.options import verb
from leadctl.cli.params import Ids

app = typer.Typer()


@verb(app, "show", prints="order")
def show(ctx: typer.Context, order: Annotated[str, typer.Argument(metavar="ORDER")]) -> None:
    """Show an order with its lines.

    leadctl order show 1
    leadctl order show 1 -f json
    """
    call = ctx.obj
    word = call.id(order)
    call.print_document("order", call.crm.orders.show(word))


@verb(app, "list", records=True, lists=True, prints="order")
def list_(ctx: typer.Context, ids: Ids = None) -> None:
    """List orders.

    leadctl order list
    leadctl order list --where "total > 100" --sort -total
    """
    call = ctx.obj
    choice = call.choice(ids or (), default_all=True)
    call.print_list(call.crm.orders, choice)


@verb(app, "delete", records=True, writes=True)
def delete(ctx: typer.Context, ids: Ids = None) -> None:
    """Delete orders: their quotes are open again, the opportunities stay won.

    leadctl order delete 1 --yes
    leadctl order delete --all --dry-run
    """
    call = ctx.obj
    choice = call.choice(ids or ())
    call.write(lambda options: call.crm.orders.delete(choice, options), consent=True)
