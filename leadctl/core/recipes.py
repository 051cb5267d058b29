"""Recipes of imports: which column feeds which field, and how its cells are read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from leadctl.core.yamlfile import no_yaml
from leadctl.errors import NotFound, Reason, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

_TYPES: dict[str, tuple[type, str]] = {
    "fields": (dict, "a mapping of fields to columns"),
    "null_values": (list, "a list of texts"),
    "values": (dict, "a mapping of fields to mappings"),
    "defaults": (dict, "a mapping of fields to values"),
    "constants": (dict, "a mapping of fields to values"),
    "decimal": (str, "a point or a comma"),
    "date_format": (str, "a format such as %d.%m.%Y"),
    "extra": (str, "true or false"),
}
_LARGEST = 1024 * 1024
_NULLS = ("null", "~", "")


class Recipe(NamedTuple):
    """A recipe (``spec/cli.md`` section 6, import); an empty one changes nothing."""

    fields: Mapping[str, str] = {}
    null_values: frozenset[str] = frozenset()
    values: Mapping[str, Mapping[str, str | None]] = {}
    defaults: Mapping[str, str] = {}
    constants: Mapping[str, str] = {}
    extra: bool = False
    decimal: str = "."
    date_format: str = ""

    def cell(self, field: str, text: str) -> str:
        """What a cell of the column behind ``field`` says, empty for nothing."""
        known = self.values.get(field, {})
        for wanted in (text, text.strip().casefold()):
            if wanted in known:
                text = known[wanted] or ""
                break
        if text.strip() in self.null_values:
            text = ""
        return text or self.defaults.get(field, "")


def read_recipe(name: str, known: tuple[str, ...]) -> Recipe:
    """Read a recipe for fields out of ``known``.

    Raises NotFound for a missing file and UsageError with all that is wrong at once.
    """
    content = _content(name)
    problems = [
        Reason("usage", "{key} is no part of a recipe", details={"key": key})
        for key in content
        if key not in _TYPES
    ]
    for key, (kind, _) in _TYPES.items():
        if key in content and not isinstance(content[key], kind):
            problems.append(_malformed(key))
            del content[key]
    for key in ("fields", "values", "defaults", "constants"):
        for field, value in content.get(key, {}).items():
            if field not in known:
                details = {"key": key, "field": field}
                problems.append(
                    Reason(
                        "usage", "{key} names {field}, which cannot be imported", details=details
                    )
                )
            elif key != "values" and not isinstance(value, str):
                problems.append(_malformed(key))
    for field, table in content.get("values", {}).items():
        if not isinstance(table, dict) or not all(isinstance(text, str) for text in table.values()):
            details = {"field": field}
            problems.append(Reason("usage", "values of {field} must be a mapping", details=details))
    if content.get("decimal", ".") not in (".", ","):
        problems.append(_malformed("decimal"))
    if content.get("extra", "false") not in ("true", "false"):
        problems.append(_malformed("extra"))
    if problems:
        raise UsageError(
            "{path}: {problems}",
            hint="the fields are: {known}",
            path=name,
            problems=problems,
            known=list(known),
        )
    return Recipe(
        content.get("fields", {}),
        frozenset(map(str, content.get("null_values", []))),
        {field: _table(table) for field, table in content.get("values", {}).items()},
        _texts(content.get("defaults", {})),
        _texts(content.get("constants", {})),
        content.get("extra", "false") == "true",
        content.get("decimal", "."),
        content.get("date_format", ""),
    )


def _content(name: str) -> dict[str, Any]:
    import yaml

    try:
        data = Path(name).read_bytes()[: _LARGEST + 1]
    except OSError as problem:
        raise NotFound(
            "{path} cannot be read: {problem}", path=name, problem=problem.strerror
        ) from problem
    if len(data) > _LARGEST:
        raise UsageError("{path} is larger than a recipe can be", path=name)
    try:
        # Texts as they are typed: NO is a country, 007 is not seven.
        content = yaml.load(data, yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError, ValueError) as problem:
        raise no_yaml(name, problem) from problem
    if not isinstance(content, dict):
        raise UsageError("{path}: not a recipe", path=name)
    return {str(key): value for key, value in content.items()}


def _malformed(key: str) -> Reason:
    details = {"key": key, "expected": _TYPES[key][1]}
    return Reason("usage", "{key} must be {expected}", details=details)


def _table(table: Mapping[str, str]) -> dict[str, str | None]:
    """Translations by the text as written, and by the text ignoring case."""
    exact = {key: None if value in _NULLS else value for key, value in table.items()}
    return {key.casefold(): value for key, value in exact.items()} | exact


def _texts(values: Mapping[str, str]) -> dict[str, str]:
    return {field: "" if value in _NULLS else value for field, value in values.items()}
