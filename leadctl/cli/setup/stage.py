"""``leadctl stage``."""

from __future__ import annotations

from typing import Annotated

import typer

from leadctl.cli.options import verb
from leadctl.cli.setup.shown import NewName

app = typer.Typer()

Cycle = Annotated[str, typer.Argument(metavar="CYCLE", help="Key or name of the sales cycle.")]
Number = Annotated[int, typer.Argument(metavar="NUMBER", help="Stages stand in this order.")]
Completed = Annotated[str | None, typer.Option(metavar="P", help="Completed, in percent.")]
Chances = Annotated[str | None, typer.Option(metavar="P", help="Chances of success, in percent.")]
QuoteRequired = Annotated[
    bool | None,
    typer.Option("--quote-required/--no-quote-required", help="Needed to enter the stage."),
]
AllowSkip = Annotated[
    bool | None, typer.Option("--allow-skip/--no-allow-skip", help="Whether it may be skipped.")
]
DateFormula = Annotated[
    str | None,
    typer.Option(metavar="F", help="Expected closing date from the date of entry: 2W, 1M+3D, CM."),
]


@verb(app, "add", writes=True, prints="stage")
def add(
    ctx: typer.Context,
    cycle: Cycle,
    number: Number,
    name: Annotated[str, typer.Argument(metavar="NAME")],
    completed: Completed = ...,  # type: ignore[assignment]
    chances: Chances = ...,  # type: ignore[assignment]
    quote_required: QuoteRequired = None,
    allow_skip: AllowSkip = None,
    date_formula: DateFormula = None,
) -> None:
    """Add a stage to a sales cycle.

    leadctl stage add standard 25 Demo --completed 35 --chances 40 --allow-skip
    leadctl stage add key_accounts 30 Contract --completed 90 --chances 90 --quote-required
    """
    call = ctx.obj
    _check(completed, chances, date_formula)
    record = call.crm.stages.add(
        cycle,
        number,
        name,
        completed=completed or "",
        chances=chances or "",
        quote_required=bool(quote_required),
        allow_skip=bool(allow_skip),
        date_formula=date_formula,
        options=call.write_options(),
    )
    call.print_record(record)


@verb(app, "edit", writes=True)
def edit(
    ctx: typer.Context,
    cycle: Cycle,
    number: Number,
    name: NewName = None,
    completed: Completed = None,
    chances: Chances = None,
    quote_required: QuoteRequired = None,
    allow_skip: AllowSkip = None,
    date_formula: DateFormula = None,
) -> None:
    """Change a stage; entries that are stored stay as they are.

    leadctl stage edit standard 20 --chances 35 --date-formula 1M
    leadctl stage edit standard 40 --no-quote-required
    """
    call = ctx.obj
    _check(completed, chances, date_formula)
    call.write(
        lambda options: call.crm.stages.edit(
            cycle,
            number,
            name=name,
            completed=completed,
            chances=chances,
            quote_required=quote_required,
            allow_skip=allow_skip,
            date_formula=date_formula,
            options=options,
        )
    )


@verb(app, "delete", writes=True)
def delete(ctx: typer.Context, cycle: Cycle, number: Number) -> None:
    """Delete a stage on which no opportunity stands.

    leadctl stage delete key_accounts 20 --yes
    leadctl stage delete standard 50 --dry-run
    """
    call = ctx.obj
    call.write(lambda options: call.crm.stages.delete(cycle, number, options), consent=True)


@verb(app, "list", lists=True, prints="stage")
def list_(ctx: typer.Context, cycle: Cycle) -> None:
    """List the stages of a sales cycle with what stands on them, and for how long things do.

    leadctl stage list standard
    leadctl stage list key_accounts --fields stage,name,chances_percent
    """
    from leadctl.core.noun import ALL

    call = ctx.obj
    call.print_list(call.crm.stages.of(cycle), ALL)


def _check(completed: str | None, chances: str | None, date_formula: str | None) -> None:
    """What can be wrong with the values, before a file is opened."""
    from leadctl.rules.amounts import parse_percent
    from leadctl.rules.dateformula import normal_formula

    for name, value in (("--completed", completed), ("--chances", chances)):
        if value is not None:
            parse_percent(name, value)
    normal_formula(date_formula or "")
