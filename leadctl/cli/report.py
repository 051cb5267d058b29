"""``leadctl report``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from leadctl.cli.options import verb
from leadctl.cli.params import Ids
from leadctl.errors import Reason

if TYPE_CHECKING:
    from leadctl.cli.call import Call
    from leadctl.core.reports import Asked
    from leadctl.model import Record

app = typer.Typer()

From = Annotated[str | None, typer.Option("--from", metavar="DATE", help="The first day.")]
To = Annotated[str | None, typer.Option("--to", metavar="DATE", help="The last day.")]
Cycle = Annotated[str | None, typer.Option(metavar="C", help="Sales cycle, by key or name.")]
Salesperson = Annotated[
    str | None, typer.Option(metavar="U", help="User; of people, the owner; me is you.")
]
By = Annotated[str | None, typer.Option(metavar="FIELD", help="One row per value of a field.")]
# Report -> the count that a table on a terminal also draws.
_BARS = {
    "funnel": "count",
    "sources": "people",
    "pipeline": "opportunities",
    "forecast": "opportunities",
}


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
        asked: Asked = {
            "from_": from_,
            "to": to,
            "cycle": cycle,
            "salesperson": salesperson,
            "by": by,
        }
        if call.given["explain"]:
            for line in call.crm.reports.explain(name, choice, **asked):
                print(visible(line))
            return
        _print(call, name, call.crm.reports.rows(name, choice, **asked), cycle, by)
        undecided = call.crm.reports.undecided(choice, **asked) if name == "sources" else 0
        if undecided:
            template = "{count} of these people have open opportunities: more may be won"
            call.notice(Reason("", template, details={"count": undecided}))

    run.__doc__ = help
    verb(app, name, records=True, lists=True, prints=f"report {name}", filters=True)(run)


def _print(call: Call, name: str, records: list[Record], cycle: str | None, by: str | None) -> None:
    from leadctl.cli.lists import print_small_list
    from leadctl.cli.report_names import names_in, with_words
    from leadctl.store.report_fields import FIELDS

    names = {}
    if call.format in ("table", "markdown"):
        names = names_in(call.crm, name, cycle=cycle, by=by)
        records = with_words(call.crm, name, records)
    fields = call.fields or list(FIELDS[name])
    print_small_list(call, records, fields, names, _BARS.get(name, ""))


for _name, _help in (
    (
        "funnel",
        """People per lead status; with --cycle, opportunities that ever stood on each stage.

leadctl report funnel --from 2026-01-01
leadctl report funnel --cycle standard -f json
""",
    ),
    (
        "sources",
        """People created in the period by where they came from, and how many were won.

leadctl report sources --by first_touch.source
leadctl report sources --from 2026-01-01 --to 2026-03-31
""",
    ),
    (
        "pipeline",
        """Open opportunities per stage; the period is that of their creation.

leadctl report pipeline
leadctl report pipeline --salesperson me --cycle standard
""",
    ),
    (
        "forecast",
        """Open opportunities per month of the expected closing date, also the period.

leadctl report forecast --from 2026-01-01 --to 2026-12-31
leadctl report forecast --salesperson anna -f csv
""",
    ),
    (
        "win-loss",
        """What was closed in the period, won and lost.

leadctl report win-loss --by salesperson --from 2026-01-01
leadctl report win-loss --by close_code
""",
    ),
    (
        "ageing",
        """How many days open opportunities have been on their stage, per stage or --by a field.

leadctl report ageing
leadctl report ageing --by salesperson --where "value > 500"
""",
    ),
    (
        "conversion",
        """From lead status to lead status, or with --cycle from stage to stage, and in how many days.

leadctl report conversion --from 2026-01-01
leadctl report conversion --cycle standard --explain
""",
    ),
    (
        "stage-history",
        """Visits of each stage that began in the period, and their average days.

leadctl report stage-history --from 2026-01-01
leadctl report stage-history --cycle standard -f json
""",
    ),
):
    _report(_name, _help)
