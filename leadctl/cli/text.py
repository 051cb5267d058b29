"""Text that may hold anything, made fit for a terminal."""

from __future__ import annotations

_ESCAPES = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))}
# Line and paragraph separators, and what reverses the direction of the text after it.
_ESCAPES |= {code: f"\\u{code:04x}" for code in (*range(0x2028, 0x202F), *range(0x2066, 0x206A))}


def visible(text: str) -> str:
    """``text`` with control characters escaped: one line that cannot steer the terminal."""
    return text.translate(_ESCAPES)
