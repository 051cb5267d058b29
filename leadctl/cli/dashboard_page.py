"""The dashboard as a page: a section per tile, with bars where there is something to compare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leadctl.cli.charts import Bars, with_table
from leadctl.cli.dashboard import tile_names, tile_parts
from leadctl.cli.output import AMOUNTS, NUMBERS, cell
from leadctl.cli.page import Html, Table, page, tag
from leadctl.labels import header

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leadctl.cli.call import Call
    from leadctl.model import Record

# Tile -> what its bars are called after, and the fields with a chart each: an amount that is
# weighted by chances never stands in one chart with one that is not.
_CHARTS = {
    "qualification_funnel": ("label", ("count",)),
    "open_by_stage": ("stage_name", ("estimated_value", "calculated_value")),
    "forecast_by_month": ("month", ("estimated_value", "calculated_value")),
    "top_opportunities": ("description", ("estimated_value",)),
}
_OUTCOMES = ("won", "lost")
_DATES = frozenset(("month", "close_date"))


def dashboard_page(call: Call, tiles: Record, facts: Sequence[tuple[str, str]]) -> str:
    """The page of a dashboard; ``facts`` say what it is narrowed to."""
    sections = [_section(call, name, tile) for name, tile in tiles.items()]
    return page(call, call.translate("Dashboard"), facts, tag("div", *sections, class_="tiles"))


def _section(call: Call, name: str, tile: Any) -> Html:
    """A tile: its heading, its number, its bars and its table."""
    heading = header(call.language, name)
    number, rows, fields = tile_parts(tile)
    parts = [tag("h2", heading)]
    if number is not None:
        parts.append(tag("p", str(number), class_="figure"))
    if rows:
        # No key beside its name.
        fields = [field for field in fields if field != "key"]
        behind = Table(
            heading,
            [header(call.language, field) for field in fields],
            _texts(call, name, rows, fields),
            _places(fields, NUMBERS),
            _places(fields, _DATES),
        )
        charts = _charts(call, name, rows)
        parts.append(with_table(charts, behind, call.translate("… {count} more")))
    elif number is None:
        parts.append(tag("p", call.translate("(none)"), class_="soft"))
    return tag("section", *parts)


def _places(fields: Sequence[str], kind: frozenset[str]) -> frozenset[int]:
    return frozenset(place for place, field in enumerate(fields) if field in kind)


def _texts(call: Call, name: str, rows: Sequence[Record], fields: Sequence[str]) -> list[list[str]]:
    """The cells of a tile as a table shows them; what has no value says so."""
    names = tile_names(call, name)
    none = call.translate("(none)")
    texts = []
    for row in rows:
        cells = [cell(row[field], names.get(field), call.translate, field) for field in fields]
        texts.append([cells[0] or none, *cells[1:]])
    return texts


def _charts(call: Call, name: str, rows: Sequence[Record]) -> list[Bars]:
    """The charts of a tile."""
    heading = header(call.language, name)
    if name == "win_rate":
        ended = [(header(call.language, field), rows[0][field]) for field in _OUTCOMES]
        return [Bars(heading, header(call.language, "opportunities"), ended)]
    label, fields = _CHARTS.get(name, ("group", ("count",)))
    if label not in rows[0]:
        return []
    labels = _labels(call, name, rows, label)
    # Charts of one tile have one scale, so that their bars can be compared.
    top = max(row[field] or 0 for row in rows for field in fields)
    return [
        Bars(
            heading,
            header(call.language, field),
            [(text, row[field] or 0) for text, row in zip(labels, rows, strict=True)],
            _amount if field in AMOUNTS else str,
            top,
        )
        for field in fields
    ]


def _labels(call: Call, name: str, rows: Sequence[Record], field: str) -> list[str]:
    """What bars are called; stages of several sales cycles say of which they are."""
    texts = [cells[0] for cells in _texts(call, name, rows, [field])]
    if len({row.get("cycle") for row in rows}) > 1:
        cycles = [cells[0] for cells in _texts(call, name, rows, ["cycle"])]
        return [f"{cycle}: {text}" for cycle, text in zip(cycles, texts, strict=True)]
    return texts


def _amount(value: float) -> str:
    """An amount beside a bar: the cents are in the table."""
    return f"{value:.0f}"
