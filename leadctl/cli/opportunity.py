"""``leadctl opportunity``."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from leadctl.cli.imports import import_verb
from leadctl.cli.options import verb
from leadctl.cli.params import (
    Case,
    ExternalId,
    Ids,
    Replace,
    WholeWord,
    replacement,
    something_named,
)
from leadctl.errors import UsageError

app = typer.Typer()

Id = Annotated[str, typer.Argument(metavar="ID")]
Company = Annotated[str | None, typer.Option(metavar="ID|NAME", help="The contact: a company.")]
Person = Annotated[str | None, typer.Option(metavar="ID|NAME", help="The contact: a person.")]
Salesperson = Annotated[str | None, typer.Option(metavar="U", help="User; me is you.")]
Cycle = Annotated[str | None, typer.Option(metavar="C", help="Sales cycle, by key or name.")]
Campaign = Annotated[str | None, typer.Option(metavar="T")]
Priority = Annotated[str | None, typer.Option(metavar="low|normal|high")]
On = Annotated[
    str | None, typer.Option("--on", metavar="DATE", help="Later of today and the last change.")
]
Value = Annotated[str | None, typer.Option(metavar="V", help="Estimated value.")]
Chances = Annotated[str | None, typer.Option(metavar="P", help="Chance of success, in percent.")]
CloseDate = Annotated[str | None, typer.Option(metavar="DATE", help="Expected closing date.")]
To = Annotated[int | None, typer.Option(metavar="STAGE", help="The nearest by default.")]


@verb(app, "add", writes=True, prints="opportunity")
def add(
    ctx: typer.Context,
    description: Annotated[str, typer.Argument(metavar="DESCRIPTION")],
    company: Company = None,
    person: Person = None,
    salesperson: Salesperson = None,
    cycle: Cycle = None,
    campaign: Campaign = None,
    priority: Priority = None,
    created: Annotated[str | None, typer.Option(metavar="DATE", help="Today by default.")] = None,
    external_id: ExternalId = None,
    start: Annotated[bool, typer.Option("--start", help="Put it on the first stage.")] = False,
    on: On = None,
    value: Value = None,
    chances: Chances = None,
    close_date: CloseDate = None,
) -> None:
    """Add an opportunity.

    leadctl opportunity add "50 laptops" --company "Acme Corporation" --start --value 42000
    leadctl opportunity add "Spare parts" --person 1 --salesperson anna --priority high
    """
    from leadctl.core.given import day_of, given_of

    call = ctx.obj
    day_of(created)
    given = given_of(on, value, chances, close_date)
    if not start and any(part is not None for part in given):
        raise UsageError("--on, --value, --chances and --close-date go with --start")
    record = call.crm.opportunities.add(
        description,
        company=company,
        person=person,
        salesperson=salesperson,
        cycle=cycle,
        campaign=campaign,
        priority=priority or "normal",
        created=created,
        external_id=external_id,
        start=start,
        on=on,
        value=value,
        chances=chances,
        close_date=close_date,
        options=call.write_options(),
    )
    call.print_opportunity(record)


@verb(app, "show", prints="opportunity")
def show(ctx: typer.Context, id: Id) -> None:
    """Show an opportunity, its entries, and what can be done with it.

    leadctl opportunity show 7
    leadctl opportunity show 7 --fields stage_name,entries -f json
    """
    call = ctx.obj
    word = call.id(id)
    call.print_opportunity(call.crm.opportunities.show(word))


@verb(app, "allowed", prints="allowed")
def allowed(ctx: typer.Context, id: Id) -> None:
    """Show what can be done with an opportunity now, and why the rest can not.

    leadctl opportunity allowed 7
    leadctl opportunity allowed 5 -f json
    """
    call = ctx.obj
    word = call.id(id)
    call.print_allowed(call.crm.opportunities.allowed(word))


@verb(app, "history", prints="history")
def history(ctx: typer.Context, id: Id) -> None:
    """Every change of an opportunity, newest first.

    leadctl opportunity history 7
    leadctl opportunity history 7 --fields at,user,field,old,new
    """
    call = ctx.obj
    word = call.id(id)
    call.print_history(call.crm.opportunities.history(word))


@verb(app, "list", records=True, lists=True, prints="opportunity", filters=True)
def list_(
    ctx: typer.Context,
    ids: Ids = None,
    salesperson: Salesperson = None,
    company: Company = None,
    person: Person = None,
) -> None:
    """List opportunities.

    leadctl opportunity list --where "status = in_progress and value > 1000" --sort -value
    leadctl opportunity list --salesperson me --where "close_date in next 2 months" -f ids
    """
    call = ctx.obj
    choice = call.choice(ids or (), default_all=True)
    narrowed = call.crm.opportunities.narrowed(
        choice, salesperson=salesperson, company=company, person=person
    )
    if call.given["explain"]:
        call.explain_choice(call.crm.opportunities, narrowed)
    else:
        call.print_list(call.crm.opportunities, narrowed)


@verb(app, "edit", records=True, writes=True)
def edit(
    ctx: typer.Context,
    ids: Ids = None,
    description: Annotated[str | None, typer.Option(metavar="T")] = None,
    salesperson: Salesperson = None,
    company: Company = None,
    person: Person = None,
    campaign: Campaign = None,
    priority: Priority = None,
    cycle: Cycle = None,
    external_id: ExternalId = None,
    replace: Replace = None,
    whole_word: WholeWord = False,
    case: Case = False,
) -> None:
    """Change opportunities: only the fields named change.

    leadctl opportunity edit 7 --priority high
    leadctl opportunity edit --where "salesperson = ben" --salesperson anna --dry-run
    """
    call = ctx.obj
    choice = call.choice(ids or ())
    values: dict[str, Any] = {
        "description": description,
        "salesperson": salesperson,
        "company": company,
        "person": person,
        "campaign": campaign,
        "priority": priority,
        "cycle": cycle,
        "external_id": external_id,
        "replace": replacement("opportunity", replace, whole_word, case),
    }
    something_named(values)
    call.write(lambda options: call.crm.opportunities.edit(choice, **values, options=options))


def _move(name: str, help: str) -> None:
    """Register a move: the same options, another verb of the library."""

    def run(
        ctx: typer.Context,
        ids: Ids = None,
        on: On = None,
        value: Value = None,
        chances: Chances = None,
        close_date: CloseDate = None,
    ) -> None:
        _run(ctx, name, ids, on, value, chances, close_date)

    def run_to(
        ctx: typer.Context,
        ids: Ids = None,
        to: To = None,
        on: On = None,
        value: Value = None,
        chances: Chances = None,
        close_date: CloseDate = None,
    ) -> None:
        _run(ctx, name, ids, on, value, chances, close_date, to=to)

    function = run_to if name in ("skip", "jump") else run
    function.__doc__ = help
    verb(app, name, records=True, writes=True)(function)


def _run(
    ctx: typer.Context,
    name: str,
    ids: list[str] | None,
    on: str | None,
    value: str | None,
    chances: str | None,
    close_date: str | None,
    **more: Any,
) -> None:
    from leadctl.core.given import given_of

    call = ctx.obj
    choice = call.choice(ids or ())
    given_of(on, value, chances, close_date)
    call.write(
        lambda options: getattr(call.crm.opportunities, name)(
            choice,
            on=on,
            value=value,
            chances=chances,
            close_date=close_date,
            options=options,
            **more,
        )
    )


for _name, _help in (
    (
        "start",
        """Put opportunities on the first stage of their sales cycle.

leadctl opportunity start 1 --value 5000 --close-date 2026-12-31
leadctl opportunity start --where "status = not_started" --dry-run
""",
    ),
    (
        "next",
        """Move opportunities to the next stage.

leadctl opportunity next 7 --value 9500
leadctl opportunity next --where "stage = 20 and stage_age > 7" --on 2026-03-02 --dry-run
""",
    ),
    (
        "previous",
        """Move opportunities one stage back.

leadctl opportunity previous 7
leadctl opportunity previous 7 --chances 10 --reason "the budget is gone"
""",
    ),
    (
        "skip",
        """Move opportunities ahead over stages that allow it.

leadctl opportunity skip 7 --dry-run
leadctl opportunity skip 3 --to 30
""",
    ),
    (
        "jump",
        """Move opportunities back to any earlier stage.

leadctl opportunity jump 7
leadctl opportunity jump 7 --to 10
""",
    ),
    (
        "update",
        """Give opportunities new figures on the stage where they are.

leadctl opportunity update 7 --value 12000 --close-date 2026-09-30
leadctl opportunity update --where "status = in_progress and salesperson = anna" --chances 40 --dry-run
""",
    ),
):
    _move(_name, _help)


@verb(app, "close", records=True, writes=True)
def close(
    ctx: typer.Context,
    ids: Ids = None,
    won: Annotated[bool | None, typer.Option("--won/--lost", help="How it ended.")] = None,
    code: Annotated[
        str | None,
        typer.Option("--code", metavar="CODE", help="May be left out if there is only one."),
    ] = None,
    on: On = None,
    amount: Annotated[str | None, typer.Option(metavar="V", help="Won: the sales amount.")] = None,
) -> None:
    """Close opportunities as won or lost.

    leadctl opportunity close 7 --won --code won --amount 9400
    leadctl opportunity close 2 3 --lost --code lost_price --on 2026-03-02
    """
    from leadctl.core.given import day_of
    from leadctl.rules.amounts import parse_amount

    call = ctx.obj
    choice = call.choice(ids or ())
    if won is None:
        raise UsageError("name one of --won and --lost")
    if amount is not None and not won:
        raise UsageError("--amount goes with --won")
    day_of(on)
    if amount is not None:
        parse_amount("--amount", amount)
    outcome = "won" if won else "lost"
    call.write(
        lambda options: call.crm.opportunities.close(
            choice, outcome, code=code, on=on, amount=amount, options=options
        )
    )


@verb(app, "reopen", records=True, writes=True)
def reopen(ctx: typer.Context, ids: Ids = None, on: On = None) -> None:
    """Bring closed opportunities back to the stage where they were.

    leadctl opportunity reopen 6
    leadctl opportunity reopen 5 --on 2026-03-02 --dry-run
    """
    from leadctl.core.given import day_of

    call = ctx.obj
    choice = call.choice(ids or ())
    day_of(on)
    call.write(lambda options: call.crm.opportunities.reopen(choice, on=on, options=options))


@verb(app, "delete", records=True, writes=True)
def delete(ctx: typer.Context, ids: Ids = None) -> None:
    """Delete closed opportunities with their entries; change undo brings them back.

    leadctl opportunity delete 6 --yes
    leadctl opportunity delete --where "outcome = lost" --dry-run
    """
    call = ctx.obj
    choice = call.choice(ids or ())
    call.write(lambda options: call.crm.opportunities.delete(choice, options), consent=True)


import_verb(
    app,
    "opportunity",
    """Import opportunities with the state that they are in.

leadctl opportunity import pipeline.csv --match external_id
leadctl opportunity import pipeline.csv --map recipe.yaml --match external_id --create-companies
""",
)
