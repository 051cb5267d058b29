"""``leadctl report``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from leadctl.cli.options import verb
from leadctl.cli.params import Ids

if TYPE_CHECKING:
    from leadctl.cli.call import Call
    from leadctl.model import Record

app = typer.Typer()

From = Annotated[str | None, typer.Option("--from", metavar="DATE", help="The first day.")]
To = Annotated[str | None, typer.Option("--to", metavar="DATE", help="The last day.")]
Cycle = Annotated[str | None, typer.Option(metavar="C", help="Sales cycle, by key or name.")]
Salesperson = Annotated[
    str | None, typer.Option(metavar="U", help="User; of people, the owner; me is you.")
]
By = Annotated[str | None, typer.Option(metavar="FIELD", help="One row per value of a field.")]


def _report(name: str, help: str) -> None:
    """Register a report: all take the same options."""

    def run(
        ctx: typer.Context,
        ids: Ids = None,
        from_: From = None,
        to: To = None,
        cycle: Cycle = None,
        salesperson: Salesperson = None,
        by: By = None,
    ) -> None:
        from leadctl.cli.text import visible
        from leadctl.core.reports import check

        call: Call = ctx.obj
        check(name, from_, to, by)
        choice = call.choice(ids or (), default_all=True)
        reports = call.crm.reports
        if call.given["explain"]:
            for line in reports.explain(
                name, choice, from_=from_, to=to, cycle=cycle, salesperson=salesperson, by=by
            ):
                print(visible(line))
            return
        records = reports.rows(
            name, choice, from_=from_, to=to, cycle=cycle, salesperson=salesperson, by=by
        )
        _print(call, name, records, cycle, by)

    run.__doc__ = help
    verb(app, name, records=True, lists=True, prints=f"report {name}", filters=True)(run)


def _print(call: Call, name: str, records: list[Record], cycle: str | None, by: str | None) -> None:
    from leadctl.cli.lists import print_small_list
    from leadctl.cli.report_names import names_in
    from leadctl.store.report_fields import FIELDS

    table = call.format in ("table", "markdown")
    names = names_in(call.crm, name, cycle=cycle, by=by) if table else {}
    print_small_list(call, records, call.fields or list(FIELDS[name]), names)


for _name, _help in (
    (
        "funnel",
        """People per lead status; with --cycle, opportunities that ever stood on each stage.

leadctl report funnel --from 2026-01-01
""",
    ),
    (
        "sources",
        """People by where they came from, and how many were won.

leadctl report sources --by first_touch.source
""",
    ),
    ("pipeline", "Open opportunities per stage."),
    ("forecast", "Open opportunities per month of the expected closing date."),
    (
        "win-loss",
        """What was closed, won and lost.

leadctl report win-loss --by salesperson --from 2026-01-01
""",
    ),
    ("ageing", "How many days open opportunities have been on their stage."),
    (
        "conversion",
        "From lead status to lead status, or with --cycle from stage to stage, and in how many days.",
    ),
    ("stage-history", "Visits of each stage and their average days."),
):
    _report(_name, _help)
