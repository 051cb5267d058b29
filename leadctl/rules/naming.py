"""Names, keys and the limits of text (``spec/cli.md`` section 5, ``leads.md`` section 2)."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from leadctl.errors import Refused, UsageError

if TYPE_CHECKING:
    from collections.abc import Container

RESERVED = frozenset({"none", "me"})
LARGEST_INTEGER = 2**63 - 1
DEFAULT_LIMIT = 255
LIMITS = {
    "first_name": 99,
    "last_name": 99,
    "category.name": 239,
    "category.description": 254,
    "lead_status.name": 4000,
    "lead_status.description": 4000,
}


def folded(text: str) -> str:
    """The key by which texts are compared: case folded as Unicode says."""
    return text.casefold()


def text_of(field: str, value: object) -> str:
    """``value``, which must be a text. Raises UsageError."""
    if not isinstance(value, str):
        raise UsageError("{field} must be a text", field=field)
    return value


def limit_of(field: str, entity: str = "") -> int:
    """How many characters a text may have."""
    return LIMITS.get(f"{entity}.{field}") or LIMITS.get(field, DEFAULT_LIMIT)


def checked_text(field: str, value: str, entity: str = "") -> str | None:
    """``value`` as it is stored, or ``None`` when it is empty.

    Raises UsageError for what is no text, a NUL, a lone surrogate, or more characters than
    ``LIMITS`` allows.
    """
    limit = limit_of(field, entity)
    if len(text_of(field, value)) > limit:
        raise UsageError(
            "{field} has {length} characters, at most {limit} are allowed",
            field=field,
            length=len(value),
            limit=limit,
        )
    if not is_storable(value):
        raise UsageError("{field} has characters that cannot be stored", field=field)
    return value or None


def is_storable(text: str) -> bool:
    """Whether ``text`` has no NUL and no lone surrogate, so that it can be stored as UTF-8."""
    if text.isascii():
        return "\0" not in text
    if "\0" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def checked_name(entity: str, value: str) -> str:
    """A list item's name, trimmed: not blank (A-1), within its limit, not a reserved word."""
    name = (checked_text("name", value, entity) or "").strip()
    if not name:
        raise Refused("a name is needed", code="name_required")
    key = folded(name)
    if key in RESERVED or key.isdecimal() or key.startswith("ext:"):
        raise Refused(
            "the name {name} is reserved",
            code="name_reserved",
            hint="none, me, plain numbers and names that begin with ext: have a meaning of their own",
            name=name,
        )
    return name


def slug(name: str) -> str:
    """The key that a name suggests: NFKD, ASCII, lower case, ``_`` for the rest; may be empty."""
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", ascii_only).strip("_")


def checked_key(key: str, taken: Container[str]) -> str:
    """The key that a new item is to have.

    Raises UsageError for what no key of a list item can be, and Refused for a taken one.
    """
    if not re.fullmatch(r"[a-z0-9_]{1,239}", key) or key in RESERVED or key.isdecimal():
        raise UsageError(
            "{key} is no key of a list item",
            hint="a key has small letters a to z, digits and _, and is no plain number",
            key=key,
        )
    if key in taken:
        raise Refused("there is an item {key} already", code="name_taken", key=key)
    return key


def new_key(name: str, entity: str, number: int, taken: Container[str]) -> str:
    """A key for a new item: its slug, ``category_7`` when that is empty, ``_2`` when it is taken.

    ``number`` is the number that the item gets.
    """
    base = slug(name) or f"{entity}_{number}"
    key, count = base, 1
    while key in taken or key in RESERVED or key.isdecimal():
        count += 1
        key = f"{base}_{count}"
    return key
