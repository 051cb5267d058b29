"""Tables in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def code(text: str) -> str:
    """Text as code, fit for a cell of a table."""
    return f"`{text}`"


def cell(text: str) -> str:
    """Text of the code, where nothing is markup, as Markdown."""
    for sign in ("\\", "*", "_", "<", "[", "]"):
        text = text.replace(sign, f"\\{sign}")
    return text


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; what stands in its cells is Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(
        "| " + " | ".join(text.replace("|", "\\|").replace("\n", " ") for text in line) + " |\n"
        for line in lines
    )
