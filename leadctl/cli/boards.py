"""Printing a board: blocks side by side on a wide terminal, else one below the other."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from shutil import get_terminal_size
from typing import TYPE_CHECKING, NamedTuple

from leadctl.cli.bars import GAP, LONGEST_BAR, bar, can_draw
from leadctl.cli.call import is_terminal
from leadctl.cli.fields import BOARD_CARD, BOARD_COLUMN
from leadctl.cli.output import listing_of, print_listing, print_record
from leadctl.cli.text import visible
from leadctl.model import Record

if TYPE_CHECKING:
    from leadctl.cli.call import Call

# What is cut to fit is not made narrower than this.
NARROWEST = 16
# Every block has room for a bar of this length.
SHORTEST_BAR = 10
_DOTS = "…"


class Line(NamedTuple):
    """A line of a block; ``deep`` says how far it is indented."""

    text: str
    deep: int = 0


def print_board(call: Call, document: Record, *, grouped: bool) -> None:
    """Print a board in the format that was asked for. Rows, such as those of CSV, are cards."""
    columns: list[Record] = document["columns"]
    if call.format in ("json", "yaml"):
        print_record(call, document)
    elif call.format == "ndjson":
        fields = BOARD_COLUMN if grouped else BOARD_COLUMN[:-1]
        print_listing(call, listing_of(columns, call.fields or fields))
    elif call.format == "markdown" and not call.fields:
        _print_markdown(call, columns)
    elif call.format == "table" and not call.fields:
        _print_blocks(call, columns)
    else:
        shown = [field for field in BOARD_CARD if grouped or field != "group"]
        print_listing(call, listing_of(_cards(columns), call.fields or shown))


def _cards(columns: Sequence[Record]) -> Iterator[Record]:
    for column in columns:
        for group in column.get("groups", [column]):
            key = group["key"] if group is not column else None
            for card in group["cards"]:
                yield {"column": column["key"], "group": key, **card}


def _lines(call: Call, column: Record) -> Iterator[Line]:
    """What stands below the heading of a column."""
    for group in column.get("groups", [column]):
        deep = int(group is not column)
        if deep:
            yield Line(f"{visible(group['label'])} ({group['count']})")
        for card in group["cards"]:
            yield Line(f"{card['id']} {visible(card['name'])}", deep)
        more = group["count"] - len(group["cards"])
        if more:
            yield Line(call.translate("… {count} more").format(count=more), deep)


def _figures(column: Record) -> str:
    """The count of a column, and the sum where there is one."""
    total = column["sum"]
    return str(column["count"]) if total is None else f"{column['count']}, {total:.2f}"


def _print_markdown(call: Call, columns: Sequence[Record]) -> None:
    heads = [f"{visible(column['label'])} ({_figures(column)})" for column in columns]
    cells = [[line.text for line in _lines(call, column)] for column in columns]
    for row in (heads, ["---"] * len(heads), *zip_longest(*cells, fillvalue="")):
        print("| " + " | ".join(text.replace("|", "\\|") for text in row) + " |")


def _print_blocks(call: Call, columns: Sequence[Record]) -> None:
    blocks = [
        [Line(visible(column["label"])), Line(_figures(column)), *_lines(call, column)]
        for column in columns
    ]
    widths = _widths(blocks) if is_terminal(sys.stdout) else []
    drawn = [""] * len(columns)
    if can_draw():
        longest = min([LONGEST_BAR, *widths])
        counts = [column["count"] for column in columns]
        drawn = [bar(count, max(counts), longest) for count in counts]
    if widths:
        _print_abreast(blocks, widths, drawn)
    else:
        _print_below(blocks, drawn)


def _widths(blocks: Sequence[Sequence[Line]]) -> list[int]:
    """How wide blocks are side by side on this terminal; none when they do not fit."""
    if not blocks:
        return []
    room = get_terminal_size().columns - len(GAP) * (len(blocks) - 1)
    natural = [
        max(SHORTEST_BAR, *(len(GAP) * line.deep + len(line.text) for line in block))
        for block in blocks
    ]
    if sum(natural) <= room:
        return natural
    share = room // len(blocks)
    return [min(size, share) for size in natural] if share >= NARROWEST else []


def _print_abreast(
    blocks: Sequence[Sequence[Line]], widths: Sequence[int], bars: Sequence[str]
) -> None:
    """Blocks side by side, with what is too wide for its block cut."""
    sides = []
    for block, width, drawn in zip(blocks, widths, bars, strict=True):
        texts = [_cut(GAP * line.deep + line.text, width) for line in block]
        sides.append([*texts[:2], drawn, *texts[2:]])
    for row in zip_longest(*sides, fillvalue=""):
        cells = (text.ljust(width) for text, width in zip(row, widths, strict=True))
        print(GAP.join(cells).rstrip())


def _print_below(blocks: Sequence[Sequence[Line]], bars: Sequence[str]) -> None:
    """One block below the other, with figures and bar beside the heading."""
    widths = [max((len(block[place].text) for block in blocks), default=0) for place in (0, 1)]
    for (heading, figures, *rest), drawn in zip(blocks, bars, strict=True):
        head = f"{heading.text:<{widths[0]}}{GAP}{figures.text:>{widths[1]}}{GAP}{drawn}"
        print(head.rstrip())
        for line in rest:
            print(GAP * (line.deep + 1) + line.text)


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + _DOTS
