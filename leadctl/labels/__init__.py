"""Texts in six languages: to show built-in items, and to accept them as input in any language.

English is the key: a message template stands in the code in English, and a language module may
hold its translation. What a module lacks is shown in English.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

LANGUAGES = ("en", "da", "de", "nl", "no", "sv")
# The lists whose built-in items have a name in every language, and the closed sets of values.
KINDS = (
    *("lead_status", "category", "group", "cycle", "stage", "close_code"),
    *("status", "outcome", "action", "method", "priority", "contact_type", "quote_status"),
    *("mode", "capture_status"),
)


@cache
def language(code: str) -> ModuleType:
    """The module that holds the texts of a language."""
    return import_module(f"leadctl.labels.{code}")


def translator(code: str) -> Callable[[str], str]:
    """A function from an English template to the same in language ``code``."""
    if code == "en":
        return str
    messages: dict[str, str] = language(code).MESSAGES
    return lambda template: messages.get(template, template)


def label(code: str, kind: str, key: str) -> str:
    """The name of a built-in item in a language, English where the language has none."""
    texts: dict[str, str] = getattr(language(code), kind.upper())
    english: dict[str, str] = getattr(language("en"), kind.upper())
    return texts.get(key) or english[key]


def header(code: str, field: str) -> str:
    """The heading of a field in tables."""
    headers: dict[str, str] = language(code).HEADERS
    return headers.get(field) or field.replace("_", " ").capitalize()


def description(code: str, kind: str, key: str, stored: str | None) -> str | None:
    """The description of a built-in item in a language, as long as nobody has changed it."""
    name = f"{kind.upper()}_DESCRIPTION"
    english: dict[str, str] = getattr(language("en"), name, {})
    if stored is None or english.get(key) != stored:
        return stored
    texts: dict[str, str] = getattr(language(code), name)
    return texts[key]


@cache
def accepted(kind: str) -> dict[str, frozenset[str]]:
    """Case-folded label or alias of any language -> keys of the built-in items it may mean."""
    found: dict[str, set[str]] = {}
    for code in LANGUAGES:
        module = language(code)
        for key, text in getattr(module, kind.upper()).items():
            found.setdefault(text.casefold(), set()).add(key)
        for text, key in getattr(module, f"{kind.upper()}_ALIASES", {}).items():
            found.setdefault(text.casefold(), set()).add(key)
    return {text: frozenset(keys) for text, keys in found.items()}


def keys_of(kind: str, text: str) -> frozenset[str]:
    """The built-in keys that a text may mean: a key itself, else what has it as a label."""
    wanted = text.strip().casefold()
    if wanted in getattr(language("en"), kind.upper()):
        return frozenset({wanted})
    return accepted(kind).get(wanted, frozenset())


def values_of(kind: str) -> list[str]:
    """The keys of the built-in values of a kind."""
    return list(getattr(language("en"), kind.upper(), ()))
