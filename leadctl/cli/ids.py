"""``--ids-from FILE``: one ID per line, a JSON array, or NDJSON objects with ``id``."""

from __future__ import annotations

import json
import sys
from typing import Any

from leadctl.errors import NotFound, UsageError


def read(name: str) -> list[int | str]:
    """The IDs in a file, ``-`` for standard input; none for an empty one.

    Raises NotFound for a file that is not there and UsageError, with the line, for what is no ID.
    """
    text = read_text(name)
    if text.lstrip().startswith("["):
        return [_id(item, name, 1) for item in _json(text, name, 1)]
    return [
        _id(_json(line, name, number) if line[:1] == "{" else line, name, number)
        for number, line in enumerate(map(str.strip, text.split("\n")), 1)
        if line
    ]


def read_text(name: str) -> str:
    """The text of a file, ``-`` for standard input. Raises NotFound, and UsageError for what is
    not UTF-8.
    """
    try:
        if name == "-":
            data = sys.stdin.buffer.read()
        else:
            with open(name, "rb") as file:
                data = file.read()
    except OSError as problem:
        raise NotFound(
            "{path} cannot be read: {problem}", path=name, problem=problem.strerror
        ) from problem
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise UsageError("{path} is not UTF-8 text", path=name) from problem


def _json(text: str, name: str, line: int) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise UsageError("{path}, line {line}: not JSON", path=name, line=line) from problem


def _id(item: Any, name: str, line: int) -> int | str:
    value = item.get("id") if isinstance(item, dict) else item
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and (value.isdecimal() or value.startswith("ext:")):
        return value
    raise UsageError(
        "{path}, line {line}: {value} is not an ID", path=name, line=line, value=str(value)
    )
