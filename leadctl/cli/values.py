"""Which values an option or an argument takes, for completion: from its name and its metavar."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

Pairs = list[tuple[str, str]]

FILES = "files"
_FILES = ("FILE", "FILE|-", "[FILE|-]", "PATH", "PATH|URL", "RECIPE.yaml", "DIR", "SRC", "DST")
# Metavar -> what is offered, in whichever verb.
_BY_METAVAR = {
    **dict.fromkeys(_FILES, FILES),
    "[ID]... CATEGORY": "category",
    "CATEGORY": "category",
    "[ID]... STATUS": "lead_status",
    "STATUS": "lead_status",
    "S": "lead_status",
    "STAGE": "stage",
    "CODE": "close_code",
    "CYCLE": "cycle",
    "FORM": "form",
    "U": "user",
    "USER": "user",
    "U1,U2": "user,",
    "TRIGGER": "trigger",
    "COLUMN": "column",
    "[SELECTION]": "selection",
    "EXPR": "expression",
    "A,B": "fields,",
    "FIELD,-FIELD": "sort,",
    "FIELD": "field",
    "FIELD,FIELD": "field,",
    "FIELD OLD NEW": "field",
    "people,opportunities": "related,",
    "ID|last": "change",
    "[TOPIC]": "topic",
    "[VERB]": "verb",
}
# Name of the option or argument -> what is offered, where the metavar is one letter for many.
_BY_NAME = {
    "category": "category",
    "cycle": "cycle",
    "combine": "selection",
    "selection": "selection",
    "form": "form",
    "rule": "rule",
}
_NOUNS = {
    "category": "category",
    "lead-status": "lead_status",
    "cycle": "cycle",
    "close-code": "close_code",
    "user": "user",
    "setting": "setting",
    "selection": "selection",
}
# Noun -> what its filters and imports are about.
_ENTITIES = {
    "person": "person",
    "company": "company",
    "opportunity": "opportunity",
    "closed": "opportunity",
    "quote": "quote",
    "order": "order",
    "capture": "capture",
    "user": "user",
    "selection": "person",
    "board": "person",
}
_PEOPLE_REPORTS = ("funnel", "sources", "conversion")
_CLOSED_SET = re.compile(r"[a-z][a-z-]*(\|[a-z][a-z-]*)+")
_AT_FIELD = re.compile(r"(.*(^|\(|\b(and|or|not))\s*)([\w.]*)", re.IGNORECASE | re.DOTALL)
_AT_VALUE = re.compile(
    r"(.*?([\w.]+)\s*(?:==?|!=|\bin\s*\((?:[^()]*,)?)\s*)([\w.]*)", re.IGNORECASE | re.DOTALL
)


def kind_of(context: Any, parameter: Any) -> str:
    """What is offered for an option or an argument; empty where anything may be typed."""
    metavar, name = str(parameter.metavar or ""), str(parameter.name)
    noun, verb = context.parent.info_name if context.parent else "", context.info_name
    if _CLOSED_SET.fullmatch(metavar):
        return metavar
    if metavar == "KEY" and noun in _NOUNS:
        return f"deleted {_NOUNS[noun]}" if verb == "restore" else _NOUNS[noun]
    if metavar == "NAME" and noun == "selection" and verb != "create":
        return "selection"
    if name == "group":
        return "group" if noun == "category" else "user_group"
    return _BY_NAME.get(name) or _BY_METAVAR.get(metavar, "")


def values(kind: str, context: Any, part: str) -> Pairs:
    """The values of a kind with their meanings; of lists with commas the whole, ``part`` kept."""
    if kind == "expression":
        return _in_expression(context, part)
    if kind.endswith(","):
        start = part[: part.rfind(",") + 1]
        taken = start.split(",")
        pairs = values(kind.removesuffix(","), context, part)
        return [(start + word, meaning) for word, meaning in pairs if word not in taken]
    if "|" in kind:
        return [(word, "") for word in kind.split("|")]
    if kind in _FIXED:
        return [(word, "") for word in _FIXED[kind](context)]
    if kind == "column":
        return _columns(context)
    return _listed(kind, context) if kind else []


def _listed(kind: str, context: Any) -> Pairs:
    """What stands in a list of the file."""
    from leadctl.store.peek import QUERIES, names

    path = _path(context) if kind in QUERIES else None
    return names(path, kind) if path else []


def _path(context: Any) -> Path | None:
    """The database file by the command line so far."""
    from leadctl import config

    given = _given(context, "db"), _given(context, "config")
    value = config.load({"db": given[0]}, given[1])["db"].value
    return None if not value or "://" in value else Path(value).expanduser()


def _given(context: Any, name: str) -> Any:
    """The value of an option of the verb or, where it has none, of the root."""
    while context is not None:
        if context.params.get(name):
            return context.params[name]
        context = context.parent
    return None


def _fields(context: Any) -> Sequence[str]:
    from leadctl.cli.fields import known_fields
    from leadctl.cli.options import LISTS

    command = context.command
    format = _given(context, "format") or "table"
    return known_fields(command.prints, format, listed=LISTS in command.sets)


def _sort(context: Any) -> Iterable[str]:
    fields = _fields(context)
    return [*fields, *(f"-{field}" for field in fields)]


def _entity(context: Any) -> str:
    """What kind of record the filters of a verb are about."""
    noun, verb = context.parent.info_name, context.info_name
    if noun == "report":
        return "person" if verb in _PEOPLE_REPORTS else "opportunity"
    return context.params.get("entity") or _ENTITIES.get(noun, "")


def _field(context: Any) -> Sequence[str]:
    """The fields that may be filtered, grouped and matched by."""
    from leadctl.cli.fields import known_fields
    from leadctl.rules.board import NAMES

    if context.parent.info_name == "board":
        return NAMES
    return known_fields(_entity(context), "table", listed=True)


def _columns(context: Any) -> Pairs:
    """The columns of a board."""
    from leadctl.rules.board import FIELDS

    field = context.params.get("by") or FIELDS[_entity(context)][0]
    return _of_field(field, context)


def _of_field(field: str, context: Any) -> Pairs:
    """The values that a field takes, where they are known."""
    from leadctl.cli.columns import KINDS, KINDS_IN
    from leadctl.labels import values_of
    from leadctl.store.peek import QUERIES

    kind = "stage" if field == "stage" else (KINDS | KINDS_IN.get(_entity(context), {})).get(field)
    if kind is None:
        return []
    return _listed(kind, context) if kind in QUERIES else [(key, "") for key in values_of(kind)]


def _in_expression(context: Any, part: str) -> Pairs:
    """Fields, and values of lists, at the end of a filter; the start of the filter is kept."""
    if at := _AT_FIELD.fullmatch(part):
        from leadctl.cli.fields import known_fields

        fields = known_fields(_entity(context), "table", listed=True)
        return [(at[1] + field, "") for field in fields]
    if at := _AT_VALUE.fullmatch(part):
        pairs = _of_field(at[2].casefold(), context)
        # What has a space in it would have to be quoted within the filter.
        return [(at[1] + word, meaning) for word, meaning in pairs if " " not in word]
    return []


def _settings(_context: Any) -> Iterable[str]:
    from leadctl.config import DATA_OPTIONS

    return DATA_OPTIONS


def _triggers(_context: Any) -> Iterable[str]:
    from leadctl.rules.automation import Trigger

    return [trigger.value for trigger in Trigger]


def _rules(_context: Any) -> Iterable[str]:
    from leadctl.core.checks import rules

    return [rule.rule for rule in rules()]


def _groups(_context: Any) -> Iterable[str]:
    from leadctl.model import Group

    return [group.value for group in Group]


def _topics(_context: Any) -> Iterable[str]:
    from leadctl.cli.nouns import NOUNS
    from leadctl.cli.topics import TOPICS

    return [*TOPICS, *NOUNS]


def _verbs(context: Any) -> Iterable[str]:
    from leadctl.cli.nouns import NOUNS, SINGLE, root

    noun = context.params["topic"]
    return (
        root.get_command(context, noun).list_commands(context)
        if noun in NOUNS and noun not in SINGLE
        else ()
    )


_FIXED: dict[str, Callable[[Any], Iterable[str]]] = {
    "fields": _fields,
    "sort": _sort,
    "field": _field,
    "setting": _settings,
    "trigger": _triggers,
    "group": _groups,
    "rule": _rules,
    "topic": _topics,
    "verb": _verbs,
    "related": lambda _context: ("people", "opportunities"),
    "change": lambda _context: ("last",),
}
