"""What ``--help`` of a verb prints: what it does, examples of it, then how it is written.

Examples are the lines of a docstring that begin with ``leadctl``; nothing looks for them before
help is printed.
"""

from __future__ import annotations

from typing import Any

_PROGRAM = "leadctl "


def parts(text: str | None) -> tuple[str, list[str]]:
    """The description in a help text, and its examples."""
    lines = (text or "").splitlines()
    examples = [line.strip() for line in lines if line.strip().startswith(_PROGRAM)]
    described = [line for line in lines if not line.strip().startswith(_PROGRAM)]
    return "\n".join(described).strip(), examples


def write_help(command: Any, ctx: Any, formatter: Any) -> None:
    """Write the help of a verb."""
    description, examples = parts(command.help)
    formatter.write_text(description)
    with formatter.section("Examples"):
        for example in examples:
            # As it is: a line that is broken cannot be copied.
            formatter.write(f"{'':{formatter.current_indent}}{example}\n")
    formatter.write_paragraph()
    command.format_usage(ctx, formatter)
    command.format_options(ctx, formatter)
