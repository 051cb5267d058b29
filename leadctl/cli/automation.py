"""``leadctl automation``."""

from __future__ import annotations

from typing import Annotated

import typer

from leadctl.cli.options import verb
from leadctl.model import Choice

app = typer.Typer()

Trigger = Annotated[
    str,
    typer.Argument(
        metavar="TRIGGER",
        help="opportunity_created, opportunity_won, opportunity_lost or lead_status.",
    ),
]
Id = Annotated[str, typer.Argument(metavar="ID", help="The number of the proposal.")]


@verb(app, "set", writes=True, prints="automation")
def set_(
    ctx: typer.Context,
    trigger: Trigger,
    category: Annotated[str, typer.Option(metavar="C", help="The target.")] = ...,  # type: ignore[assignment]
    status: Annotated[
        str | None, typer.Option(metavar="S", help="lead_status: the status that is watched.")
    ] = None,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Propose it instead of doing it.")
    ] = False,
) -> None:
    """Make the rule of a trigger: it moves companies of group Potential customer to a category.

    leadctl automation set opportunity_lost --category lost_opportunity
    leadctl automation set opportunity_created --category opportunity --confirm
    """
    call = ctx.obj
    record = call.crm.automation.set(
        trigger, category=category, status=status, confirm=confirm, options=call.write_options()
    )
    call.print_record(record)


@verb(app, "list", lists=True, prints="automation")
def list_(ctx: typer.Context) -> None:
    """List the rules.

    leadctl automation list
    leadctl automation list -f json
    """
    ctx.obj.print_list(ctx.obj.crm.automation, Choice(all=True))


@verb(app, "clear", writes=True)
def clear(ctx: typer.Context, trigger: Trigger) -> None:
    """Take the rule of a trigger away.

    leadctl automation clear opportunity_won
    leadctl automation clear lead_status --dry-run
    """
    call = ctx.obj
    call.write(lambda options: call.crm.automation.clear(trigger, options))


@verb(app, "pending", lists=True, prints="proposal")
def pending(ctx: typer.Context) -> None:
    """List what automation has proposed and nobody has answered.

    leadctl automation pending
    leadctl automation pending -f ids
    """
    ctx.obj.print_list(ctx.obj.crm.proposals, Choice(all=True))


@verb(app, "accept", writes=True)
def accept(
    ctx: typer.Context,
    id: Id,
    category: Annotated[
        str | None, typer.Option(metavar="C", help="Another category than the proposed one.")
    ] = None,
) -> None:
    """Do what was proposed.

    leadctl automation accept 1
    leadctl automation accept 2 --category customer
    """
    call = ctx.obj
    word = call.id(id)
    call.write(lambda options: call.crm.proposals.accept(word, category=category, options=options))


@verb(app, "decline", writes=True)
def decline(ctx: typer.Context, id: Id) -> None:
    """Leave it as it is: the proposal goes away.

    leadctl automation decline 1
    leadctl automation decline 2 --reason "too early"
    """
    call = ctx.obj
    word = call.id(id)
    call.write(lambda options: call.crm.proposals.decline(word, options))
