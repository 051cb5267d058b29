"""``leadctl find``."""

from __future__ import annotations

from typing import Annotated

import typer

from leadctl.cli.fields import FOUND
from leadctl.cli.options import verb

app = typer.Typer()


@verb(app, "find", lists=True, prints="find")
def find(
    ctx: typer.Context,
    text: Annotated[list[str], typer.Argument(metavar="TEXT...")],
    entity: Annotated[str | None, typer.Option(metavar="company|person")] = None,
) -> None:
    """Find companies and people by words of their names, e-mails, phones and titles.

    leadctl find nord acme
    leadctl find laptops --entity opportunity -f json
    """
    from leadctl.core.finding import MOST, find

    call = ctx.obj
    records, notices = find(call.crm, " ".join(text), entity=entity, limit=MOST)
    for notice in notices:
        call.notice(notice)
    call.print_records(records, FOUND, "found")
