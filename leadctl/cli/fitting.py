"""A table that is wider than the terminal: its headings are broken, then its texts shortened."""

from __future__ import annotations

from collections.abc import Sequence

# What may be shortened on a terminal: texts that people write, and names. Numbers, keys, dates and
# commands are there to be read and typed as they are.
SHORTENED = frozenset(
    {
        *("name", "company", "person", "owner", "salesperson", "category", "lead_status"),
        *("description", "stage_name", "country", "campaign", "title", "group", "label"),
        *("email", "website", "message", "reason", "where", "hint", "old", "new"),
    }
)
LEAST_WIDTH = 8
_GAP = 2


def fitted(
    rows: Sequence[Sequence[str]],
    headers: Sequence[str],
    align: Sequence[str],
    fields: Sequence[str],
    room: int,
    mark: str = "…",
) -> str:
    """The table in ``room`` columns, or as narrow as it can be.

    ``align`` has "left" or "right" per column, ``fields`` what the columns are; ``mark`` ends what
    was shortened.
    """
    cells = [max((len(row[place]) for row in rows), default=0) for place in range(len(headers))]
    headings = [[header] for header in headers]
    widths = [max(pair) for pair in zip(cells, map(len, headers), strict=True)]
    if _total(widths) > room:
        headings = [header.split() or [""] for header in headers]
        least = [max(map(len, words)) for words in headings]
        widths = [max(pair) for pair in zip(cells, least, strict=True)]
        floors = [
            max(LEAST_WIDTH, word) if field in SHORTENED else width
            for field, word, width in zip(fields, least, widths, strict=True)
        ]
        _shorten(widths, floors, room)
        headings = [_lines(words, width) for words, width in zip(headings, widths, strict=True)]
    lines = max(map(len, headings))
    padded = [[""] * (lines - len(words)) + words for words in headings]
    texts: list[Sequence[str]] = [[words[number] for words in padded] for number in range(lines)]
    texts.append(["-" * width for width in widths])
    texts += rows
    return "\n".join(_line(row, widths, align, mark) for row in texts)


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + _GAP * (len(widths) - 1)


def _shorten(widths: list[int], floors: Sequence[int], room: int) -> None:
    """Take from the widest column that can give, a character at a time."""
    while _total(widths) > room:
        giving = [place for place, width in enumerate(widths) if width > floors[place]]
        if not giving:
            return
        widths[max(giving, key=lambda place: widths[place])] -= 1


def _lines(words: Sequence[str], width: int) -> list[str]:
    """Words in as few lines of ``width`` as it takes."""
    lines = [words[0]]
    for word in words[1:]:
        if len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _line(row: Sequence[str], widths: Sequence[int], align: Sequence[str], mark: str) -> str:
    shown = []
    for text, width, side in zip(row, widths, align, strict=True):
        cut = text if len(text) <= width else text[: width - 1] + mark
        shown.append(cut.rjust(width) if side == "right" else cut.ljust(width))
    return (" " * _GAP).join(shown).rstrip()
