"""``leadctl closed``: closed opportunities in bulk, chosen by filters that scripts can rely on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from leadctl.cli.options import verb
from leadctl.cli.params import Ids
from leadctl.errors import UsageError

if TYPE_CHECKING:
    from leadctl.cli.call import Call

app = typer.Typer()

Before = Annotated[
    str | None, typer.Option("--closed-before", metavar="DATE", help="Without that day.")
]
After = Annotated[
    str | None, typer.Option("--closed-after", metavar="DATE", help="Without that day.")
]
OlderThan = Annotated[str | None, typer.Option(metavar="24m", help="Closed longer ago.")]
Outcome = Annotated[str | None, typer.Option(metavar="won|lost")]
Code = Annotated[str | None, typer.Option("--code", metavar="CODE", help="Close code.")]
Salesperson = Annotated[str | None, typer.Option(metavar="U")]
Campaign = Annotated[str | None, typer.Option(metavar="T")]
Company = Annotated[str | None, typer.Option(metavar="ID|NAME")]
Person = Annotated[str | None, typer.Option(metavar="ID|NAME")]
Cycle = Annotated[str | None, typer.Option(metavar="C")]


def _choice(
    call: Call, ids: list[str] | None, values: dict[str, str | None], *, every: bool
) -> Any:
    """The closed opportunities that IDs, filters and ``--where`` name."""
    from leadctl.core.narrowing import check_filters

    names_ids = bool(ids) or call.given["ids_from"] is not None
    filtered = any(value is not None for value in values.values())
    if names_ids and filtered:
        raise UsageError(
            "records were named in more than one way",
            hint="IDs and filters exclude each other",
        )
    check_filters(**values)
    choice = call.choice(ids or (), default_all=every or filtered)
    return call.crm.closed.chosen(choice, **values)


@verb(app, "list", records=True, lists=True, prints="opportunity", filters=True)
def list_(
    ctx: typer.Context,
    ids: Ids = None,
    closed_before: Before = None,
    closed_after: After = None,
    older_than: OlderThan = None,
    outcome: Outcome = None,
    code: Code = None,
    salesperson: Salesperson = None,
    campaign: Campaign = None,
    company: Company = None,
    person: Person = None,
    cycle: Cycle = None,
) -> None:
    """List closed opportunities.

    leadctl closed list --outcome lost --older-than 24m
    leadctl closed list --closed-after 2026-01-31 --group-by close_code
    """
    call = ctx.obj
    values = {
        "closed_before": closed_before,
        "closed_after": closed_after,
        "older_than": older_than,
        "outcome": outcome,
        "code": code,
        "salesperson": salesperson,
        "campaign": campaign,
        "company": company,
        "person": person,
        "cycle": cycle,
    }
    choice = _choice(call, ids, values, every=True)
    if call.given["explain"]:
        call.explain_choice(call.crm.closed, choice)
    else:
        call.print_list(call.crm.closed, choice)


@verb(app, "delete", records=True, writes=True, filters=True)
def delete(
    ctx: typer.Context,
    ids: Ids = None,
    closed_before: Before = None,
    closed_after: After = None,
    older_than: OlderThan = None,
    outcome: Outcome = None,
    code: Code = None,
    salesperson: Salesperson = None,
    campaign: Campaign = None,
    company: Company = None,
    person: Person = None,
    cycle: Cycle = None,
    purge: Annotated[
        bool, typer.Option("--purge", help="Keep no images: it cannot be undone.")
    ] = False,
) -> None:
    """Delete closed opportunities with their entries, as one change that can be undone.

    leadctl closed delete --closed-before 2024-01-01 --dry-run
    leadctl closed delete --older-than 24m --outcome lost --expect 0..1000 --yes
    """
    call = ctx.obj
    values = {
        "closed_before": closed_before,
        "closed_after": closed_after,
        "older_than": older_than,
        "outcome": outcome,
        "code": code,
        "salesperson": salesperson,
        "campaign": campaign,
        "company": company,
        "person": person,
        "cycle": cycle,
    }
    choice = _choice(call, ids, values, every=False)
    if call.given["explain"]:
        call.explain_choice(call.crm.closed, choice)
        return
    call.write(
        lambda options: call.crm.closed.delete(choice, purge=purge, options=options), consent=True
    )
