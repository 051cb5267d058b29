"""What the parser of the command line complains of, as usage errors of ours in every language."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Any

from typer import TyperException

from leadctl.errors import UsageError

# What the parser says -> the template that says the same; groups fill it.
SAID: tuple[tuple[str, str], ...] = (
    (r"Missing argument '(?P<name>[^']*)'", "Missing argument {name}"),
    (r"Missing option '(?P<name>.*?)'", "Missing option {name}"),
    (r"No such option: (?P<name>.*)", "No such option: {name}"),
    (r"Option '(?P<name>.*)' requires an argument", "{name} needs a value"),
    (r"Option '(?P<name>.*)' requires (?P<count>\d+) arguments", "{name} needs {count} values"),
    (r"Option '(?P<name>.*)' does not take a value", "{name} takes no value"),
    (r"Argument '(?P<name>.*)' takes (?P<count>\d+) values", "{name} needs {count} values"),
    (r"Got unexpected extra argument(?:s|\(s\))? \((?P<words>.*)\)", "too many words: {words}"),
    (
        r"Invalid value for '(?P<name>.*?)': '(?P<word>.*)' is not a valid int(?:eger)?",
        "{name} takes a whole number, not {word}",
    ),
    (
        r"Invalid value for '(?P<name>.*?)': '(?P<word>.*)' is not a valid float",
        "{name} takes a number, not {word}",
    ),
)


def usage_error(error: TyperException) -> UsageError:
    """A usage error of the parser as one of ours; ``problem`` has its own words."""
    message = error.format_message().rstrip(".")
    possible = getattr(error, "possibilities", None)
    context: Any = getattr(error, "ctx", None)
    hint = ""
    near: list[str] = []
    if possible:
        message = getattr(error, "message", message).rstrip(".")
        near = get_close_matches(getattr(error, "option_name", ""), possible, 3, 0.5)
    if near:
        hint = "did you mean {near}?"
    elif context is not None:
        hint = "{command} --help shows how it is used"
    template, values = "{problem}", {}
    for pattern, said in SAID:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            template, values = said, found.groupdict()
            break
    return UsageError(
        template,
        hint=hint,
        problem=message,
        near=near,
        command=context.command_path if context is not None else "leadctl",
        **values,
    )
