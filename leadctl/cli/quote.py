"""``leadctl quote``."""

from __future__ import annotations

from typing import Annotated

import typer

from leadctl.cli.options import verb
from leadctl.cli.params import Ids

app = typer.Typer()

Quote = Annotated[str, typer.Argument(metavar="QUOTE", help="The number of the quote.")]
Lines = Annotated[
    list[str] | None, typer.Option("--line", metavar="'TEXT;QUANTITY;PRICE'", help="Repeatable.")
]


@verb(app, "create", writes=True, prints="quote")
def create(
    ctx: typer.Context,
    opportunity: Annotated[str, typer.Argument(metavar="OPPORTUNITY")],
    line: Lines = None,
) -> None:
    """Make the quote of an opportunity in progress whose contact is a company.

    leadctl quote create 4 --line "Tablet;50;104.00"
    leadctl quote create 3 --line "Phone;10;60.00" --line "Case;10;9.50"
    """
    from leadctl.rules.quotes import parse_line

    call = ctx.obj
    word, lines = call.id(opportunity), line or []
    for text in lines:
        parse_line(text)
    record = call.crm.quotes.create(word, lines, call.write_options())
    call.print_document("quote", record)


@verb(app, "add-line", writes=True)
def add_line(
    ctx: typer.Context,
    quote: Quote,
    line: Lines = ...,  # type: ignore[assignment]
) -> None:
    """Add lines to an open quote.

    leadctl quote add-line 3 --line "Docking station;50;120"
    leadctl quote add-line 1 --line "Cable;20;4.50" --line "Mount;20;18" --dry-run
    """
    from leadctl.rules.quotes import parse_line

    call = ctx.obj
    word, lines = call.id(quote), line or []
    for text in lines:
        parse_line(text)
    call.write(lambda options: call.crm.quotes.add_line(word, lines, options))


@verb(app, "show", prints="quote")
def show(ctx: typer.Context, quote: Quote) -> None:
    """Show a quote with its lines.

    leadctl quote show 3
    leadctl quote show 3 -f json
    """
    call = ctx.obj
    word = call.id(quote)
    call.print_document("quote", call.crm.quotes.show(word))


@verb(app, "list", records=True, lists=True, prints="quote")
def list_(ctx: typer.Context, ids: Ids = None) -> None:
    """List quotes.

    leadctl quote list
    leadctl quote list --where "status = open and total > 1000" --sort -total
    """
    call = ctx.obj
    choice = call.choice(ids or (), default_all=True)
    call.print_list(call.crm.quotes, choice)


@verb(app, "delete", records=True, writes=True)
def delete(ctx: typer.Context, ids: Ids = None) -> None:
    """Delete quotes of which no order was made.

    leadctl quote delete 1 --yes
    leadctl quote delete --where "status = open" --dry-run
    """
    call = ctx.obj
    choice = call.choice(ids or ())
    call.write(lambda options: call.crm.quotes.delete(choice, options), consent=True)


@verb(app, "make-order", writes=True, prints="order")
def make_order(
    ctx: typer.Context,
    quote: Quote,
    code: Annotated[
        str | None, typer.Option("--code", metavar="CODE", help="Close code for won opportunities.")
    ] = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE")] = None,
) -> None:
    """Make an order of a quote; an opportunity in progress is closed as won.

    leadctl quote make-order 3 --code won
    leadctl quote make-order 3 --code won --on 2026-03-02 --dry-run
    """
    from leadctl.core.given import day_of

    call = ctx.obj
    word = call.id(quote)
    day_of(on)
    record = call.crm.quotes.make_order(word, code=code, on=on, options=call.write_options())
    call.print_document("order", record)
