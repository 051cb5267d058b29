"""The pages of ``docs/commands/``: every noun and verb with its options, from the command tree."""

from __future__ import annotations

from typing import Any, NamedTuple

from leadctl.cli import options as shared
from leadctl.cli.nouns import NOUNS, SINGLE, root
from tests.reference.markdown import cell, code, table
from tests.reference.meanings import meaning

# The schema of what a verb prints, where it is not called as in ``cli/fields.py``.
_ONE = {name: f"{name}-show" for name in ("company", "person", "opportunity", "capture", "change")}
_MANY = {"find": "found"}
_LINES = {"report": "report-line", "board": "board-column", "batch": "batch-line"}
_ALWAYS_MANY = ("allowed", "history", "config path", "db check", "db export")
FREE = {"datasette-metadata": "datasette-metadata"}
_SETS = (
    ("records", shared.RECORDS, "Which records"),
    ("lists", shared.LISTS, "Lists"),
    ("writes", shared.WRITES, "Writing verbs"),
    ("output", shared.OUTPUT, "Output"),
    ("globals", shared.GLOBALS, "Everywhere"),
)


class Printed(NamedTuple):
    """The schema of what a verb prints as JSON: ``many`` says that it is an array of these."""

    schema: str
    many: bool = False
    line: str = ""


def verbs() -> list[tuple[str, str, Any]]:
    """Noun, verb (empty for a noun that is a verb), command."""
    found: list[tuple[str, str, Any]] = []
    for noun in NOUNS:
        command: Any = root.get_command(None, noun)
        if noun in SINGLE:
            found.append((noun, "", command))
        else:
            names = command.list_commands(None)
            found += [(noun, verb, command.get_command(None, verb)) for verb in names]
    return found


def printed(verb: str, command: Any) -> list[Printed]:
    """What a verb prints."""
    prints = command.prints
    if not prints:
        return [Printed(FREE[verb])] if verb in FREE else []
    listed = shared.LISTS in command.sets
    if prints == "members":
        return [Printed(name, many=True) for name in ("company", "person", "opportunity")]
    name = prints.replace(" ", "-")
    if listed or prints in _ALWAYS_MANY:
        return [Printed(_MANY.get(prints, name), many=True)]
    return [Printed(_ONE.get(prints, name), line=_LINES.get(prints, ""))]


def pages() -> dict[str, str]:
    """Name of a file below ``docs/commands`` -> its text."""
    found = {"index.md": _index(), "shared-options.md": _shared()}
    for noun in NOUNS:
        found[f"{noun}.md"] = _noun(noun)
    return found


def _index() -> str:
    counted = len(verbs())
    rows = [(f"[`{noun}`]({noun}.md)", _verbs_of(noun), help) for noun, (_, help) in NOUNS.items()]
    names = "\n".join(["shared-options", *NOUNS])
    return f"""# Commands

{counted} verbs of {len(NOUNS)} nouns. `leadctl NOUN VERB --help` says the same on a terminal.
[Options that verbs share](shared-options.md) are described once.

{table(("Noun", "Verbs", "What it is about"), rows)}
```{{toctree}}
:hidden:

{names}
```
"""


def _verbs_of(noun: str) -> str:
    own = [verb for other, verb, _ in verbs() if other == noun and verb]
    return " ".join(f"[`{verb}`]({noun}.md#leadctl-{noun}-{verb})" for verb in own)


def _shared() -> str:
    about = {
        "records": "Verbs that work on many records take exactly one of these ways of naming them,"
        " or IDs: numbers, or `ext:KEY` for the external id. `list`, `board` and `report` default"
        " to all. See [the filter language](../filters.md) for `--where`.",
        "lists": "Verbs that list.",
        "writes": "Verbs that write. Each is one transaction and one change.",
        "output": "Every verb. JSON is described in [JSON records](../json.md).",
        "globals": "Before the noun or after the verb; the later wins.",
    }
    parts = ["# Options that verbs share\n"]
    for name, options, title in _SETS:
        rows = [
            (_names(spec["decls"], [], spec.get("metavar")), cell(spec["help"]))
            for spec in options.values()
        ]
        if name == "globals":
            rows += [(code("--version"), "Show the version (before the noun only).")]
            rows += [(code("-h, --help"), "Show help.")]
        parts.append(f"## {title}\n\n{about[name]}\n")
        parts.append(table(("Option", "Meaning"), rows))
    return "\n".join(parts)


def _anchor(title: str) -> str:
    return title.lower().replace(" ", "-")


def _noun(noun: str) -> str:
    parts = [f"# {noun}\n\n{NOUNS[noun][1]}\n"]
    parts += [_verb(noun, verb, command) for other, verb, command in verbs() if other == noun]
    return "\n".join(parts)


def _verb(noun: str, verb: str, command: Any) -> str:
    name = f"leadctl {noun} {verb}".rstrip()
    in_sets = {option for options in command.sets for option in options}
    in_sets |= {*shared.OUTPUT, *shared.GLOBALS}
    own = [param for param in command.params if param.name not in in_sets]
    arguments = [param for param in own if param.param_type_name == "argument"]
    options = [param for param in own if param.param_type_name == "option" and not param.hidden]
    words = [_metavar(param) for param in arguments]
    lines = [f"## {name}", "", "```text", " ".join([name, *words, "[OPTIONS]"]), "```", ""]
    lines += [_help(command.help or ""), ""]
    rows = [(code(_metavar(param)), _meaning(noun, param)) for param in arguments]
    rows += [
        (_names(param.opts, param.secondary_opts, _value(param)), _meaning(noun, param))
        for param in options
    ]
    if rows:
        lines += [table(("Argument or option", "Meaning"), rows)]
    kinds = [
        f"[{title.lower()}](shared-options.md#{_anchor(title)})"
        for name, options, title in _SETS
        if options in command.sets or name in ("output", "globals")
    ]
    lines += [f"Shared options: {', '.join(kinds)}.", ""]
    lines += [_prints(printed(verb, command))]
    return "\n".join(lines)


def _help(text: str) -> str:
    """A help text; its last paragraphs that are commands become code."""
    parts = []
    for paragraph in text.strip().split("\n\n"):
        if paragraph.startswith(("leadctl ", "  leadctl ")):
            parts.append(f"```sh\n{paragraph.strip()}\n```")
        else:
            parts.append(cell(paragraph))
    return "\n\n".join(parts)


def _prints(found: list[Printed]) -> str:
    if not found:
        return "It prints text, or what the option or argument names.\n"
    names = " or ".join(f"[{item.schema}](../json.md#{item.schema})" for item in found)
    many = "an array of " if found[0].many else ""
    line = found[0].line
    more = f"; with `-f ndjson` a line per record: [{line}](../json.md#{line})" if line else ""
    return f"JSON: {many}{names}{more}.\n"


def _of_field(noun: str, param: Any) -> str:
    if param.name in ("id", "opportunity", "quote", "order"):
        return "Number or `ext:KEY`." if param.name == "id" else "Number."
    entity = {"closed": "opportunity"}.get(noun, noun.replace("-", "_"))
    name = {"created": "created_on", "outcome": "outcome"}.get(param.name, param.name)
    try:
        return f"{meaning(entity, name)}."
    except KeyError:
        return ""


def _metavar(param: Any) -> str:
    text = str(param.metavar or param.name.upper())
    return text if param.required or text.startswith("[") else f"[{text}]"


def _value(param: Any) -> str | None:
    if param.is_flag:
        return None
    text = str(param.metavar or param.name.upper())
    return f"{text} ..." if param.multiple else text


def _names(opts: list[str], secondary: list[str], metavar: str | None) -> str:
    names = " / ".join(", ".join(part) for part in (opts, secondary) if part)
    return code(f"{names} {metavar}" if metavar else names)


def _meaning(noun: str, param: Any) -> str:
    """The help of an argument or option; without one, what the field of its name is."""
    parts = [cell(param.help or "") or _of_field(noun, param)]
    if param.required and param.param_type_name == "option":
        parts.append("Mandatory.")
    default = param.default
    if isinstance(default, (int, float, str)) and not isinstance(default, bool):
        parts.append(f"Default: {code(str(default))}.")
    return " ".join(part for part in parts if part)
