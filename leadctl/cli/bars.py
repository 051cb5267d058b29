"""Bars of block characters, for whoever sits at a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from shutil import get_terminal_size
from unicodedata import east_asian_width

from leadctl.cli.call import is_terminal

# How long the bar of the greatest count is, in characters; it is shorter where there is less room.
LONGEST_BAR = 20
# Beside a table, a shorter one would say nothing.
_SHORTEST = 8
GAP = "  "
_BLOCK = "█"


def can_draw() -> bool:
    """Whether stdout is a terminal whose encoding has the characters of bars."""
    if not is_terminal(sys.stdout):
        return False
    try:
        _BLOCK.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def bar(count: int, most: int, longest: int) -> str:
    """A count, drawn to the scale on which ``most`` has ``longest`` characters.

    Whatever is not 0 has a bar.
    """
    return _BLOCK * max(1, round(longest * count / most)) if count else ""


def room_beside(lines: Iterable[str]) -> int:
    """How long the longest bar may be, in characters, in one more column of a table with these
    lines; 0 where bars cannot be drawn or the shortest does not fit.
    """
    if not can_draw():
        return 0
    room = get_terminal_size().columns - max(map(_width, lines)) - len(GAP)
    return min(LONGEST_BAR, room) if room >= _SHORTEST else 0


def _width(text: str) -> int:
    """How many columns of a terminal a text takes: Chinese letters are twice as wide."""
    return len(text) + sum(east_asian_width(letter) in "WF" for letter in text)
