"""Bars by pygal as SVG that stands in a page: without its scripts, styles and comments."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from leadctl.cli.page import Html, Table, joined, table, tag
from leadctl.cli.text import visible
from leadctl.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# A chart with more bars is no help; the table beside it has them all.
MOST_BARS = 15
LONGEST_LABEL = 20
# The size of what is drawn, in its own units; the style sheet has the same size of letters.
WIDTH, LETTERS, ROW = 440, 13, 30
# How much wider than pygal thinks a letter may be.
WIDER = 0.8
# The room that is left beside the longest bar for the number of it.
ROOM = 1.5
_DROPPED = ("script", "style", "defs", "desc", "title")


class Bars(NamedTuple):
    """What one chart shows: a text and a number per bar, and how the numbers are written.

    ``title`` says what it is to whom it is read aloud, ``field`` what its numbers are.
    """

    title: str
    field: str
    rows: Sequence[tuple[str, float]]
    written: Callable[[float], str] = str
    # What the scale goes up to, for charts that are to be compared.
    top: float = 0


def library() -> Any:
    """The module pygal. Raises UsageError where it is not installed."""
    try:
        pygal = import_module("pygal")
    except ImportError as problem:
        raise UsageError(
            "--html needs the library pygal",
            code="pygal_missing",
            hint="pip install 'leadctl[html]' installs it",
        ) from problem
    # For its maps it puts a finder of an old kind there, of which every later import complains.
    sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != "pygal"]
    return pygal


def with_table(charts: Sequence[Bars], behind: Table, more: str) -> Html:
    """Charts of the same things, and the table behind them.

    ``more`` is the template for how many bars a chart leaves out: the smallest of the first one.
    """
    places = _greatest(charts[0]) if charts else []
    figures = [figure for bars in charts if (figure := _figure(bars, places, more))]
    if len(figures) > 1:
        figures = [tag("div", *figures, class_="halves")]
    return joined([*figures, table(behind)])


def _greatest(bars: Bars) -> list[int]:
    """The places of the rows that are drawn, in their order."""
    numbers = [number for _, number in bars.rows]
    return sorted(sorted(range(len(numbers)), key=lambda place: -numbers[place])[:MOST_BARS])


def _figure(bars: Bars, places: Sequence[int], more: str) -> Html:
    """A chart with its heading; nothing where there is nothing to draw."""
    shown = [bars.rows[place] for place in places]
    if not any(number for _, number in shown):
        return Html()
    parts = [tag("figcaption", bars.field), _svg(bars._replace(rows=shown))]
    if left := len(bars.rows) - len(shown):
        parts.append(tag("p", more.format(count=left), class_="soft"))
    return tag("figure", *parts)


def _svg(bars: Bars) -> Html:
    pygal = library()
    most = max(bars.top, *(number for _, number in bars.rows))
    # pygal draws from the bottom to the top.
    rows = list(reversed(bars.rows))
    labels = [_cut(visible(label)) for label, _ in rows]
    chart = pygal.HorizontalBar(
        js=[],
        css=[],
        disable_xml_declaration=True,
        width=WIDTH,
        height=ROW * len(bars.rows) + 10,
        margin=5,
        margin_left=5 + round(max(map(len, labels)) * WIDER),
        spacing=5,
        show_legend=False,
        show_x_labels=False,
        show_y_guides=False,
        print_values=True,
        print_values_position="top",
        range=(0, most * ROOM),
        formatter=bars.written,
        style=pygal.style.Style(
            background="transparent",
            plot_background="transparent",
            label_font_size=LETTERS,
            major_label_font_size=LETTERS,
            value_font_size=LETTERS,
        ),
    )
    chart.x_labels = labels
    chart.add(None, [number for _, number in rows])
    chart.add_xml_filter(lambda svg: _cleaned(svg, f"{bars.title}: {bars.field}"))
    return Html(chart.render(is_unicode=True))


def _cleaned(svg: Any, heading: str) -> Any:
    """The picture alone: no script, no style of its own, no comment, no name by chance."""
    for parent in list(svg.iter()):
        for child in [child for child in parent if _is_dropped(child)]:
            parent.remove(child)
    for text in svg.iter():
        if "text-anchor" in text.attrib:
            text.set("text-anchor", "start")
    svg.attrib.pop("id", None)
    svg.set("role", "img")
    svg.set("aria-label", visible(heading))
    return svg


def _is_dropped(element: Any) -> bool:
    # The tag of a comment is a function.
    if not isinstance(element.tag, str) or element.tag.rpartition("}")[2] in _DROPPED:
        return True
    return "tooltip-overlay" in element.get("class", "")


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_LABEL else text[: LONGEST_LABEL - 1].rstrip() + "…"
