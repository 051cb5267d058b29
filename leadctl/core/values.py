"""From values to what the gate takes: columns, SQL and parameters."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from leadctl.errors import no_value
from leadctl.labels import keys_of
from leadctl.rules.naming import checked_text, folded, text_of
from leadctl.store.engine import document

if TYPE_CHECKING:
    from collections.abc import Mapping
    from enum import StrEnum

    from leadctl.store.tables import Table


def folded_or_none(value: str | None) -> str | None:
    """The key of a text, none for no text."""
    return None if value is None else folded(value)


def object_of(text: str | None) -> Any:
    """A JSON object out of its column, ``None`` where there is none."""
    return None if text is None else json.loads(text)


def assignment(table: Table, values: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, Any]]:
    """For ``Gate.update``: the same values for all records (field -> stored value)."""
    assign: dict[str, str] = {}
    parameters: dict[str, Any] = {}
    for field, value in values.items():
        assign[field] = f":v_{field}"
        parameters[f"v_{field}"] = value
        if table.column(field).folded:
            assign[f"{field}_key"] = f":v_{field}_key"
            parameters[f"v_{field}_key"] = folded_or_none(value)
    return assign, parameters


def insertion(
    table: Table, values: Mapping[str, Any], apart: Mapping[str, Any]
) -> tuple[list[str], dict[str, Any]]:
    """For ``Gate.insert`` of one record: its columns, and the row as ``:rows``.

    ``values`` are by field; ``apart`` are columns without history, by their own name.
    """
    cells: dict[str, Any] = dict(apart)
    for field, value in values.items():
        column = table.column(field)
        cells[column.name] = value
        if column.folded:
            cells[f"{column.name}_key"] = folded_or_none(value)
    return list(cells), {"rows": document([list(cells.values())])}


def texts(entity: str, values: Mapping[str, str | None]) -> dict[str, str | None]:
    """The texts that were named (not ``None``), checked; an empty one clears the field."""
    return {
        field: checked_text(field, value, entity)
        for field, value in values.items()
        if value is not None
    }


def choice_of(kind: type[StrEnum], value: str, what: str) -> str:
    """The key of a closed set of values, by key or label of any language. Raises UsageError."""
    text_of(what, value)
    keys = keys_of(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind.__name__).lower(), value)
    if len(keys) != 1:
        raise no_value(what, value, [item.value for item in kind])
    return next(iter(keys))
