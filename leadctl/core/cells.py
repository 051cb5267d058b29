"""How a cell of a file that is imported becomes a value."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from leadctl.core.given import day_of
from leadctl.core.refs import find_item
from leadctl.core.specs import CHOICES, LISTS
from leadctl.core.values import choice_of
from leadctl.errors import LeadctlError, NotFound, UsageError
from leadctl.rules.amounts import parse_amount, parse_percent
from leadctl.rules.naming import checked_name, checked_text, folded, is_storable, limit_of, new_key

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from leadctl.core.crm import Crm
    from leadctl.core.recipes import Recipe
    from leadctl.core.specs import Spec

_LARGEST_STAGE_DIGITS = 7


class Cells:
    """From the text of a cell to what is staged."""

    def __init__(
        self, crm: Crm, spec: Spec, recipe: Recipe, add_user: Callable[[str], int] | None
    ) -> None:
        self._crm = crm
        self._recipe = recipe
        self._add_user = add_user
        self._spec = spec
        self._known: dict[tuple[str, str], int | LeadctlError] = {}
        self._keys: set[str] = set()
        if spec.table.entity == "user":
            self._keys = {row[0] for row in crm.engine.stream("SELECT key FROM app_user")}

    def reader(self, field: str) -> Callable[[str], tuple[Any, ...]]:
        """A function from the text of a cell to the values of its staged columns."""
        kind = self._spec.fields[field]
        entity = self._spec.table.entity
        folded_too = kind == "text" and self._spec.table.column(field).folded

        limit = limit_of(field, entity)
        empty = (None, None) if folded_too else (None,)

        def text_cells(text: str) -> tuple[Any, ...]:
            if not text:
                return empty
            # A short ASCII text needs no closer look.
            if len(text) > limit or not text.isascii() or "\0" in text:
                checked_text(field, text, entity)
            return (text, text.casefold()) if folded_too else (text,)

        readers: dict[str, Callable[[str], tuple[Any, ...]]] = {
            "text": text_cells,
            "company": lambda text: self._reference("company", text),
            "person": lambda text: self._reference("person", text),
            "amount": lambda text: (self._number(field, text, parse_amount),),
            "percent": lambda text: (self._number(field, text, parse_percent),),
            "stage": lambda text: (_stage(text.strip()),),
            "date": lambda text: (self._date(text.strip()),),
            "flag": lambda text: (_flag(field, text.strip()),),
            "instant": lambda text: (_instant(field, text.strip()),),
            "json": lambda text: extra_cells(_object(text)) if text.strip() else (None, None),
            "name": self._user_name,
        }
        if kind in CHOICES:
            return lambda text: (choice_of(CHOICES[kind], text, field) if text.strip() else None,)
        if kind in LISTS:
            return lambda text: (self._item(kind, text.strip()) if text.strip() else None,)
        return readers[kind]

    def _item(self, kind: str, text: str) -> int:
        known = self._known.get((kind, text))
        if known is None:
            try:
                known = find_item(self._crm, LISTS[kind], text).id
            except NotFound as error:
                known = error
                if kind in ("owner", "salesperson") and text.casefold() != "me":
                    known = self._add_user(text) if self._add_user else _addable(error)
            except LeadctlError as error:
                known = error
            self._known[kind, text] = known
        if isinstance(known, LeadctlError):
            raise known
        return known

    def _number(self, field: str, text: str, parse: Callable[[str, str], int]) -> int | None:
        """A number, with the decimal sign of the recipe; thousands may be set apart by the other."""
        plain = text.strip()
        if self._recipe.decimal == ",":
            pattern = r"([+-]?[0-9]{1,3}(?:[. \u00a0][0-9]{3})+|[+-]?[0-9]+)(?:,([0-9]+))?"
            match = re.fullmatch(pattern, plain)
            if match is not None:
                whole = re.sub(r"[. \u00a0]", "", match[1])
                plain = f"{whole}.{match[2]}" if match[2] else whole
            elif plain:
                raise UsageError("{value} is no value for {field}", value=text, field=field)
        return parse(field, plain) if plain else None

    def _date(self, text: str) -> str | None:
        """A date, written as the recipe says."""
        if not text:
            return None
        if self._recipe.date_format:
            try:
                # A year of two digits is a guess that strptime makes as the recipe asks for it.
                day = datetime.strptime(text, self._recipe.date_format).date()  # noqa: DTZ007
            except ValueError:
                raise UsageError(
                    "{value} is not a date",
                    hint="the recipe says: {format}",
                    value=text,
                    format=self._recipe.date_format,
                ) from None
            return day.isoformat()
        return day_of(text)

    def _reference(self, entity: str, text: str) -> tuple[Any, ...]:
        if not text.strip():
            return None, None, None
        if text.startswith("ext:"):
            return "ext", text[4:], text[4:]
        if text.isascii() and text.isdecimal():
            (number,), _ = self._crm.split_ids([text])
            return "id", text, str(number)
        name = checked_text(entity, text)
        return "name", name, folded(str(name))

    def _user_name(self, text: str) -> tuple[Any, ...]:
        if not text.strip():
            return None, None, None
        name = checked_name("user", text)
        key = new_key(name, "user", len(self._keys) + 1, self._keys)
        self._keys.add(key)
        return key, name, folded(name)


def _stage(text: str) -> int | None:
    if not text:
        return None
    if text.isascii() and text.isdecimal() and len(text) <= _LARGEST_STAGE_DIGITS:
        return int(text)
    raise UsageError("{value} is not a whole number", value=text)


def _flag(field: str, text: str) -> int | None:
    words = {"": None, "true": 1, "yes": 1, "1": 1, "false": 0, "no": 0, "0": 0}
    if text.lower() not in words:
        raise UsageError("{value} is neither true nor false", value=text, field=field)
    return words[text.lower()]


def _instant(field: str, text: str) -> str | None:
    if not text:
        return None
    try:
        if len(text) == len("2026-01-31T12:00:00Z") and text[10] == "T" and text[-1] == "Z":
            return datetime.fromisoformat(text).strftime("%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        pass
    raise UsageError("{value} is not an instant: YYYY-MM-DDTHH:MM:SSZ", value=text, field=field)


def _object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise UsageError("{value} is not a JSON object", value=text)
    return value


def extra_cells(values: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """The stored form of ``extra`` and its folded copy, nothing for an empty object."""
    if not values:
        return None, None
    text = json.dumps(values, ensure_ascii=False, sort_keys=True)
    if not is_storable(text) or "\\u0000" in text:
        raise UsageError("{field} has characters that cannot be stored", field="extra")
    return text, folded(text)


def _addable(error: NotFound) -> NotFound:
    """The error of a user who is not there and, unless a name is near, might be added."""
    if not error.reason.details.get("near", "me"):
        hint = "--create-users adds the users that are not there yet"
        error.reason = error.reason._replace(hint=hint)
    return error
