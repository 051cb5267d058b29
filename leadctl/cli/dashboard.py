"""``leadctl dashboard``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from leadctl.cli.options import verb
from leadctl.cli.params import HtmlFile

if TYPE_CHECKING:
    from leadctl.cli.call import Call
    from leadctl.model import Record

app = typer.Typer()

# Tile -> the report or the field from which its names come.
_REPORTS = {
    "qualification_funnel": "funnel",
    "open_by_stage": "pipeline",
    "forecast_by_month": "forecast",
}
_GROUPS = {
    "people_by_status": "lead_status",
    "companies_by_category": "category",
    "lost_codes": "close_code",
}
# What fits into 80 columns beside names of usual length.
_DUE = ["id", "description", "close_date", "estimated_value"]
# Counts that a table on a terminal also draws.
_COUNTS = ("count", "opportunities")
_STAGES = ["cycle", "stage_name", "opportunities", "estimated_value", "calculated_value"]


@verb(app, "show", prints="dashboard")
def show(
    ctx: typer.Context,
    active_only: Annotated[
        bool, typer.Option("--active-only", help="People for whom lead status applies now.")
    ] = False,
    owner: Annotated[
        str | None, typer.Option(metavar="U", help="Owner and salesperson; me is you.")
    ] = None,
    country: Annotated[str | None, typer.Option(metavar="CC")] = None,
    cycle: Annotated[str | None, typer.Option(metavar="C", help="Sales cycle.")] = None,
    html: HtmlFile = None,
) -> None:
    """Leads and pipeline at a glance: one tile per figure; --fields chooses tiles.

    leadctl dashboard show
    leadctl dashboard show --owner me -f json
    """
    from leadctl.store.report_fields import TILES

    call = ctx.obj
    if html is not None:
        from leadctl.cli.charts import library

        library()
    tiles = call.crm.dashboard.show(
        active_only=active_only,
        owner=owner,
        country=country,
        cycle=cycle,
        tiles=call.fields or TILES,
    )
    if html is not None:
        _save(call, html, tiles, active_only, {"owner": owner, "country": country, "cycle": cycle})
    elif call.format in ("table", "markdown"):
        _print(call, tiles)
    else:
        call.print_record(tiles)


def _save(
    call: Call, path: str, tiles: Record, active_only: bool, filters: dict[str, str | None]
) -> None:
    """Write the page, which says of which day it is and what it is narrowed to."""
    from leadctl.cli.dashboard_page import dashboard_page
    from leadctl.cli.page import save
    from leadctl.labels import header

    named = {"date": call.crm.today, **filters}
    if active_only:
        named["lead_status_active"] = call.translate("yes")
    facts = [(header(call.language, field), text) for field, text in named.items() if text]
    save(call, path, dashboard_page(call, tiles, facts))


def _print(call: Call, tiles: Record) -> None:
    """A heading and a small table per tile; a number stands beside its heading."""
    from leadctl.cli.output import listing_of, print_listing
    from leadctl.labels import header

    call.fields = []
    for place, (name, tile) in enumerate(tiles.items()):
        number, rows, fields = tile_parts(tile)
        heading = header(call.language, name)
        if call.format == "markdown":
            heading = f"## {heading}"
        print(("\n" if place else "") + heading + ("" if number is None else f": {number}"))
        if rows:
            rows = [
                row | {"group": call.translate("(none)")} if row.get("group", "") is None else row
                for row in rows
            ]
            if call.format == "markdown":
                print()
            bars = next((field for field in _COUNTS if field in fields), "")
            print_listing(call, listing_of(rows, fields, tile_names(call, name), bars))
        elif number is None:
            print("-")


def tile_parts(tile: Any) -> tuple[int | None, list[Record], list[str]]:
    """The number of a tile, its rows, and their fields: stages without the only sales cycle."""
    if isinstance(tile, int):
        return tile, [], []
    if isinstance(tile, list):
        fields = list(tile[0]) if tile else []
        if "stage" in fields:
            several = len({row["cycle"] for row in tile}) > 1
            return None, tile, _STAGES if several else _STAGES[1:]
        return None, tile, _DUE if "id" in fields else fields
    if "count" in tile:
        return tile["count"], tile["opportunities"], _DUE
    return None, [tile], list(tile)


def tile_names(call: Call, tile: str) -> dict[str, dict[str, str]]:
    """The names of a tile's keys in the chosen language."""
    from leadctl.cli.columns import names_of
    from leadctl.cli.report_names import names_in

    if tile in _REPORTS:
        return names_in(call.crm, _REPORTS[tile])
    return {"group": names_of(call.crm, _GROUPS[tile])} if tile in _GROUPS else {}
