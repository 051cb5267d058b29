"""Everything in ``docs/`` that follows from the code, as path below it -> text."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from leadctl import config
from leadctl.core.crm import _NOUNS as NOUNS
from leadctl.model import ALIASES, Type
from leadctl.rules.criteria import _SPELLED as SPELLED
from leadctl.rules.criteria import OPERATORS
from leadctl.rules.expressions import DEEPEST, KEYWORDS, MOST_COMPARISONS
from leadctl.store.migrations import VIEWS
from tests.reference import errors, tree
from tests.reference.markdown import cell, code, table
from tests.reference.meanings import always, meaning
from tests.reference.parts import SOURCES, values
from tests.reference.schemas import schemas

DOCS = Path(__file__).parent.parent.parent / "docs"
_BLOCK = re.compile(r"<!-- ([a-z]+) -->\n.*?<!-- end -->", re.DOTALL)
_WORDS = {
    Type.INTEGER: "whole number",
    Type.NUMBER: "number",
    Type.TEXT: "text",
    Type.LIST: "key",
    Type.BOOLEAN: "true or false",
    Type.INSTANT: "instant",
    Type.DATE: "date",
    Type.AMOUNT: "amount",
    Type.PERCENT: "percent",
    Type.JSON: "object",
    Type.ARRAY: "array",
}
# Values of whatever field was changed.
ANY = (("history", "old"), ("history", "new"))
_STORED = {Type.BOOLEAN: "1 or 0", Type.JSON: "JSON", Type.ARRAY: "JSON"}
_VIEW_TITLES = {
    "v_companies": "Every company.",
    "v_people": "Every person, retired ones included.",
    "v_opportunities": "Every opportunity, with the figures that hold now.",
    "v_stage_history": "Every move of every opportunity along its sales cycle.",
}


def generated() -> dict[str, str]:
    """The pages and schemas as they have to be."""
    found = {f"commands/{name}": text for name, text in tree.pages().items()}
    for name, schema in schemas().items():
        found[f"schema/{name}.json"] = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
    parts = {
        "aliases": _aliases,
        "members": _members,
        "fields": _fields,
        "schemas": _schemas,
        "keywords": lambda: f"{_words(sorted(KEYWORDS))}.",
        "operators": _operators,
        "limits": lambda: (
            f"* {MOST_COMPARISONS:,} comparisons,\n* {DEEPEST} parentheses within each other."
        ),
        "options": _options,
        "data": _data,
        "views": _views,
        "nouns": _nouns,
        "exits": errors.exits,
        "codes": errors.codes,
    }
    for page in sorted(DOCS.glob("*.md")):
        text = page.read_text(encoding="utf-8")
        found[page.name] = _BLOCK.sub(
            lambda block: f"<!-- {block[1]} -->\n{parts[block[1]]()}\n<!-- end -->", text
        )
    return found


def _words(words: Any) -> str:
    return ", ".join(map(code, words))


def _aliases() -> str:
    full = {short: " or ".join(map(code, names)) for short, names in ALIASES.items()}
    return "; ".join(f"{code(short)} is {names}" for short, names in full.items()) + "."


def _members() -> str:
    parts = []
    for entity, source in SOURCES.items():
        for column, keys in source.members.items():
            names = _words(f"{column}.{key}" for key in keys)
            parts.append(f"* {entity}: {names}")
    return "\n" + "\n".join(parts) + "\n"


def _fields() -> str:
    parts = []
    for entity, source in SOURCES.items():
        rows = [
            (
                code(name),
                "any" if (entity, name) in ANY else _WORDS[field.type],
                "always" if always(entity, name) else "",
                _with_values(meaning(entity, name), values(entity, name, field)),
            )
            for name, field in source.fields.items()
        ]
        heads = ("Field", "Type", "", "Meaning")
        parts.append(f"## {entity.replace('_', ' ').capitalize()}\n\n{table(heads, rows)}")
    return "\n" + "\n".join(parts)


def _with_values(text: str, known: list[str]) -> str:
    return f"{text}: {_words(known)}" if known else text


def _schemas() -> str:
    printing: dict[str, list[str]] = {}
    for noun, verb, command in tree.verbs():
        for item in tree.printed(verb, command):
            many = " (array)" if item.many else ""
            name = f"[`{noun} {verb}`](commands/{noun}.md#leadctl-{noun}-{verb}){many}"
            if not verb:
                name = f"[`{noun}`](commands/{noun}.md)"
            for schema in filter(None, (item.schema, item.line)):
                printing.setdefault(schema, []).append(name)
    parts = []
    for name, schema in schemas().items():
        by = printing.get(name, [])
        parts.append(
            f"## {name}\n\n{schema['title']}. Schema: [`{name}.json`](schema/{name}.json).\n"
        )
        if name in ("report", "report-line"):
            parts.append(f"Printed by {len(by)} verbs: those that write.\n")
        elif by:
            parts.append(f"Printed by {', '.join(by)}.\n")
        parts.append(_properties(schema))
    return "\n" + "\n".join(parts)


def _properties(schema: dict[str, Any]) -> str:
    optional = set(schema["properties"]) - set(schema.get("required", ()))
    rows = [
        (code(name), _type(found), _described(name, found, optional))
        for name, found in schema["properties"].items()
    ]
    return table(("Key", "Type", "Meaning"), rows)


def _described(name: str, found: dict[str, Any], optional: set[str]) -> str:
    text = str(found.get("description", ""))
    if "enum" in found:
        text = _with_values(text or "One of", [value for value in found["enum"] if value])
    return f"{text} (not always there)".strip() if name in optional else text


def _type(schema: dict[str, Any]) -> str:
    """A schema in a few words."""
    if "$ref" in schema:
        name = schema["$ref"].removesuffix(".json")
        return f"[{name}](#{name})"
    if "anyOf" in schema:
        return " or ".join(map(_type, schema["anyOf"]))
    if "enum" in schema:
        return "string or null" if None in schema["enum"] else "string"
    kinds = schema.get("type", "any")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    words = []
    for kind in kinds:
        if kind == "array" and "items" in schema:
            words.append(f"array of {_type(schema['items'])}")
        elif kind == "object" and "properties" in schema:
            inner = (f"{code(key)}: {_type(value)}" for key, value in schema["properties"].items())
            words.append(f"object ({', '.join(inner)})")
        else:
            words.append({"string": schema.get("format", "string")}.get(kind, kind))
    return " or ".join(words)


def _operators() -> str:
    rows: dict[str, list[str]] = {}
    for type in Type:
        names = _words(sorted(SPELLED.get(name, name) for name in OPERATORS[type]))
        rows.setdefault(names, []).append(_WORDS[type])
    heads = ("Type of the field", "Operators")
    return "\n" + table(heads, [(", ".join(types), names) for names, types in rows.items()])


def _options() -> str:
    rows = []
    for option in config.OPTIONS.values():
        origin = code(option.environment) if option.environment else "own file"
        rows.append((code(option.key), _default(option), origin, _about(option)))
    return "\n" + table(("Setting", "Default", "Variable", "Meaning"), rows)


def _data() -> str:
    options = config.DATA_OPTIONS.values()
    rows = [(code(option.key), _default(option), _about(option)) for option in options]
    return "\n" + table(("Setting", "Default", "Meaning"), rows)


def _default(option: config.Option) -> str:
    if isinstance(option.default, bool):
        return code(str(option.default).lower())
    return (
        code(f"{option.default:g}" if isinstance(option.default, float) else option.default)
        if (option.default != "")
        else "empty"
    )


def _about(option: config.Option) -> str:
    text = cell(option.help)
    return f"{text} One of {_words(option.allowed)}." if option.allowed else text


def _views() -> str:
    parts = []
    for view, source in VIEWS.items():
        rows = [
            (
                code(name),
                _STORED.get(field.type, _WORDS[field.type]),
                _with_values(meaning(source.entity, name), values(source.entity, name, field)),
            )
            for name, field in source.fields.items()
        ]
        heads = ("Column", "Type", "Meaning")
        parts.append(f"## {view}\n\n{_VIEW_TITLES[view]}\n\n{table(heads, rows)}")
    return "\n" + "\n".join(parts)


def _nouns() -> str:
    parts = []
    for noun, (module, kind) in NOUNS.items():
        parts.append(f"""### crm.{noun}

```{{eval-rst}}
.. autoclass:: leadctl.core.{module}.{kind}
   :exclude-members: __init__
```
""")
    return "\n" + "\n".join(parts)
