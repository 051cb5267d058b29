"""``leadctl db``."""

from __future__ import annotations

import typer

from leadctl.cli.options import verb

app = typer.Typer()


@verb(app, "datasette-metadata", prints="")
def datasette_metadata(ctx: typer.Context) -> None:
    """Print metadata for Datasette as JSON: names for the views, a query per selection.

    leadctl db datasette-metadata
    leadctl db datasette-metadata > metadata.json
    """
    call = ctx.obj
    if call.format in ("table", "markdown"):
        call.format = "json"
    call.print_record(call.crm.datasette_metadata())
