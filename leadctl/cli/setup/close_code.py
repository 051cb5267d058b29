"""``leadctl close-code``."""

from __future__ import annotations

from typing import Annotated

import typer

from leadctl.cli.options import verb
from leadctl.cli.setup.shown import Description, Key, Name, NewName
from leadctl.model import Choice

app = typer.Typer()

Outcome = Annotated[str, typer.Option(metavar="won|lost")]


@verb(app, "add", writes=True, prints="close_code")
def add(
    ctx: typer.Context,
    name: Name,
    outcome: Outcome = ...,  # type: ignore[assignment]
    description: Description = None,
) -> None:
    """Add a close code.

    leadctl close-code add "Lost on delivery" --outcome lost
    leadctl close-code add "Won by tender" --outcome won --description "Public tenders"
    """
    call = ctx.obj
    codes = call.crm.close_codes
    record = codes.add(name, outcome=outcome, description=description, options=call.write_options())
    call.print_item(codes, record)


@verb(app, "edit", writes=True)
def edit(
    ctx: typer.Context,
    key: Key,
    name: NewName = None,
    outcome: Annotated[str | None, typer.Option(metavar="won|lost")] = None,
    description: Description = None,
) -> None:
    """Change a close code.

    leadctl close-code edit lost_price --name "Too dear"
    leadctl close-code edit won --description "Signed by both"
    """
    call = ctx.obj
    call.write(
        lambda options: call.crm.close_codes.edit(
            key, name=name, outcome=outcome, description=description, options=options
        )
    )


@verb(app, "delete", writes=True)
def delete(ctx: typer.Context, key: Key) -> None:
    """Delete a close code that no opportunity was closed with.

    leadctl close-code delete lost_on_delivery_time --yes
    leadctl close-code delete lost_no_decision --dry-run
    """
    call = ctx.obj
    call.write(lambda options: call.crm.close_codes.delete(key, options), consent=True)


@verb(app, "list", lists=True, prints="close_code")
def list_(ctx: typer.Context) -> None:
    """List close codes.

    leadctl close-code list
    leadctl close-code list --sort -opportunities -f csv
    """
    ctx.obj.print_list(ctx.obj.crm.close_codes, Choice(all=True))
