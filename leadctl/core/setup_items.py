"""The sections of a setup file: what may stand in them, and how each item is saved."""

from __future__ import annotations

from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from leadctl.config import DATA_OPTIONS
from leadctl.core.setup_save import (
    RANKED,
    arrange,
    finish_item,
    save_automation,
    save_category,
    save_close_code,
    save_cycle,
    save_form,
    save_lead_status,
    save_stage,
    save_user,
)
from leadctl.core.yamlfile import Node, Problem
from leadctl.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from leadctl.core.crm import Crm

    Values = dict[str, Any]


class Kind(Enum):
    """What a field may hold, in the words of an error message."""

    TEXT = "a text or null"
    NAME = "a text"
    NUMBER = "a number"
    WHOLE = "a whole number"
    FLAG = "true or false"
    ITEMS = "a list of mappings"


class Step(NamedTuple):
    """One thing to do, and the line that asks for it; ``item`` says that it saves one item."""

    line: int
    run: Callable[[Crm], object]
    item: bool = True


class Section(NamedTuple):
    """A list of items: the field by which an item is found, and all its fields."""

    identity: str
    fields: Mapping[str, Kind]
    save: Callable[..., object]


STAGE_FIELDS = {
    "stage": Kind.WHOLE,
    "name": Kind.NAME,
    "completed_percent": Kind.NUMBER,
    "chances_percent": Kind.NUMBER,
    "quote_required": Kind.FLAG,
    "allow_skip": Kind.FLAG,
    "date_formula": Kind.TEXT,
}

SECTIONS: dict[str, Section] = {
    "categories": Section(
        "key",
        {
            "key": Kind.NAME,
            "name": Kind.NAME,
            "group": Kind.TEXT,
            "lead_status_enabled": Kind.FLAG,
            "description": Kind.TEXT,
            "deleted": Kind.FLAG,
        },
        save_category,
    ),
    "lead_statuses": Section(
        "key",
        {
            "key": Kind.NAME,
            "name": Kind.NAME,
            "description": Kind.TEXT,
            "is_default": Kind.FLAG,
            "deleted": Kind.FLAG,
        },
        save_lead_status,
    ),
    "cycles": Section(
        "key",
        {
            "key": Kind.NAME,
            "name": Kind.NAME,
            "method": Kind.NAME,
            "blocked": Kind.FLAG,
            "stages": Kind.ITEMS,
        },
        save_cycle,
    ),
    "close_codes": Section(
        "key",
        {"key": Kind.NAME, "name": Kind.NAME, "outcome": Kind.NAME, "description": Kind.TEXT},
        save_close_code,
    ),
    "users": Section(
        "key",
        {
            "key": Kind.NAME,
            "name": Kind.NAME,
            "email": Kind.TEXT,
            "group": Kind.TEXT,
            "active": Kind.FLAG,
            "away": Kind.FLAG,
        },
        save_user,
    ),
    "forms": Section(
        "name",
        {
            "name": Kind.NAME,
            "mode": Kind.NAME,
            "category": Kind.TEXT,
            "selection": Kind.TEXT,
            "owner": Kind.TEXT,
        },
        save_form,
    ),
    "automation": Section(
        "trigger",
        {
            "trigger": Kind.NAME,
            "status": Kind.TEXT,
            "category": Kind.NAME,
            "confirm": Kind.FLAG,
        },
        save_automation,
    ),
}


def read_steps(document: Node, problems: list[Problem]) -> list[Step]:
    """What a setup file asks for, in the order in which it is done.

    What is wrong with its shape is added to ``problems``.
    """
    if document.value is None:
        return []
    content = document.value
    if not isinstance(content, dict):
        problems.append(Problem(document.line, UsageError("this is no mapping of sections")))
        return []
    known = ["settings", *SECTIONS]
    for name, node in content.items():
        if name not in known:
            error = UsageError(
                "there is no section {key}", hint="there are: {known}", key=name, known=known
            )
            problems.append(Problem(node.line, error))
    steps = []
    for name, section in SECTIONS.items():
        if name in content and content[name].value is not None:
            steps += _items(name, section, content[name], problems)
    # Last: the default sales cycle must be there.
    if "settings" in content:
        steps += _settings(content["settings"], problems)
    return steps


def _settings(node: Node, problems: list[Problem]) -> list[Step]:
    if not isinstance(node.value, dict):
        problems.append(Problem(node.line, _wrong("settings", "a mapping")))
        return []
    steps = []
    for key, value in node.value.items():
        if key not in DATA_OPTIONS:
            problems.append(Problem(value.line, _unknown(key, list(DATA_OPTIONS))))
        elif not isinstance(value.value, str):
            problems.append(Problem(value.line, _wrong(key, Kind.NAME.value)))
        else:
            steps.append(Step(value.line, partial(_set, key=key, value=value.value)))
    return steps


def _set(crm: Crm, key: str, value: str) -> None:
    crm.settings.set(key, value)


def _items(name: str, section: Section, node: Node, problems: list[Problem]) -> list[Step]:
    steps: list[Step] = []
    last: list[Step] = []
    read: list[Values] = []
    for item, values in _read(name, section, node, problems):
        stages = values.pop("stages", None)
        steps.append(Step(item.line, partial(section.save, values=values)))
        read.append(values)
        if stages is not None:
            inner = Section("stage", STAGE_FIELDS, save_stage)
            for stage, its_values in _read("stages", inner, stages, problems):
                its_values["cycle"] = values["key"]
                steps.append(Step(stage.line, partial(save_stage, values=its_values)))
        if name in RANKED:
            last.append(Step(item.line, partial(finish_item, name=name, values=values), item=False))
    if name in RANKED and read:
        keys = [values["key"] for values in read]
        last.append(Step(node.line, partial(arrange, name=name, keys=keys), item=False))
    defaults = [values["key"] for values in read if values.get("is_default")]
    if len(defaults) > 1:
        error = UsageError("only one item can be the default, not {keys}", keys=defaults)
        problems.append(Problem(node.line, error))
    return steps + last


def _read(
    name: str, section: Section, node: Node, problems: list[Problem]
) -> list[tuple[Node, Values]]:
    """The items of a section whose shape is right."""
    if not isinstance(node.value, list):
        problems.append(Problem(node.line, _wrong(name, Kind.ITEMS.value)))
        return []
    found: list[tuple[Node, Values]] = []
    for item in node.value:
        if not isinstance(item.value, dict):
            problems.append(Problem(item.line, _wrong(name, Kind.ITEMS.value)))
            continue
        before = len(problems)
        values = _values(section, item.value, problems)
        identity = values.get(section.identity)
        if identity is None and len(problems) == before:
            error = UsageError("an item without {field}", field=section.identity)
            problems.append(Problem(item.line, error))
        elif any(identity == other[section.identity] for _, other in found):
            error = UsageError("{key} stands here twice", key=identity)
            problems.append(Problem(item.line, error))
        if len(problems) == before:
            found.append((item, values))
    return found


def _values(section: Section, content: Mapping[str, Node], problems: list[Problem]) -> Values:
    values: Values = {}
    for field, node in content.items():
        kind = section.fields.get(field)
        if kind is None:
            problems.append(Problem(node.line, _unknown(field, list(section.fields))))
        elif kind is Kind.ITEMS:
            values[field] = node
        elif not _fits(kind, node.value):
            problems.append(Problem(node.line, _wrong(field, kind.value)))
        else:
            values[field] = _READ.get(kind, _as_it_is)(node.value)
    return values


def _fits(kind: Kind, value: object) -> bool:
    if value is None:
        return kind is Kind.TEXT
    if not isinstance(value, str):
        return False
    if kind is Kind.FLAG:
        return value in ("true", "false")
    return kind is not Kind.WHOLE or (value.isascii() and value.isdecimal() and len(value) < 9)


def _as_it_is(value: Any) -> Any:
    return value


_READ: dict[Kind, Callable[[Any], Any]] = {
    Kind.FLAG: lambda text: text == "true",
    Kind.WHOLE: int,
    # An empty text is what clears a field.
    Kind.TEXT: lambda text: text or "",
}


def _wrong(field: str, expected: str) -> UsageError:
    return UsageError("{key} must be {expected}", key=field, expected=expected)


def _unknown(field: str, known: list[str]) -> UsageError:
    return UsageError(
        "there is no field {field}",
        hint="the fields are: {fields}",
        field=field,
        fields=known,
    )
