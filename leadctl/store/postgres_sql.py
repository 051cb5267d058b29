"""The SQL of the store, written for SQLite, as PostgreSQL reads it.

What SQLite has as functions, a database of ours has as well (``postgres_functions``). What is left
are parameters, a few functions that take any number of values of any type, and the words of the
schema; they are put into PostgreSQL's words here, once per statement.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_TOKEN = re.compile(
    r"""
    (?P<quoted> '(?:[^']|'')*' | "(?:[^"]|"")*" )
    | (?P<comment> /\*.*?\*/ )
    | :(?P<parameter> [a-z_][a-z_0-9]* )
    | (?P<percent> % )
    | (?P<hundredths> /[ ]100\.0\b )
    | (?P<temporary> \btemp\. )
    | \b(?P<function> json_object | json_array | json_group_array | group_concat | printf | substr
        | json_each | json | date )\(
    """,
    re.VERBOSE | re.DOTALL,
)
_SUBQUERY = re.compile(r"\b(?:FROM|JOIN)\s*\((?=\s*(?:SELECT|WITH)\b)")
_UNNAMED = re.compile(
    r"\s*(?:$|[),]|(?:WHERE|GROUP|ORDER|LIMIT|UNION|JOIN|LEFT|CROSS|ON|HAVING)\b)"
)
_DEFINES = re.compile(r"\s*(CREATE (TEMP )?(TABLE|UNIQUE INDEX|INDEX)|ALTER TABLE)\b")
# In the definition of a table or index.
_WORDS: tuple[tuple[str, str], ...] = (
    (r"(?<!AS )\bINTEGER\b", "BIGINT"),
    (r"(?<!AS )\bTEXT\b", 'TEXT COLLATE "C"'),
    (r"\bVIRTUAL\b", "STORED"),
    # A truth value is no number here.
    (r"AS \((\w+ IS NOT NULL)\) STORED", r"AS (CAST(\1 AS INTEGER)) STORED"),
    (r"\((\w+ ->> '\w+')\)", r"((\1))"),
    (r"CREATE INDEX pg_temp\.", "CREATE INDEX "),
)
_TODAY = "to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD')"
_BYTES = re.compile(r"length\(CAST\((\w+) AS BLOB\)\)")


@lru_cache(maxsize=2048)
def adapted(sql: str) -> str:
    """A statement as PostgreSQL takes it, with its parameters as psycopg does."""
    text = "".join(_parts(_named(_BYTES.sub(r"octet_length(\1)", sql))))
    if _DEFINES.match(text):
        for pattern, replacement in _WORDS:
            text = re.sub(pattern, replacement, text)
    return text


def _named(sql: str) -> str:
    """Every subquery in FROM with a name, which PostgreSQL asks for before version 16."""
    for number, found in enumerate(reversed(list(_SUBQUERY.finditer(sql)))):
        _, end = _arguments(sql, found.end())
        if _UNNAMED.match(sql, end):
            sql = f"{sql[:end]} AS unnamed_{number}{sql[end:]}"
    return sql


def _parts(sql: str) -> Iterator[str]:
    place = 0
    while found := _TOKEN.search(sql, place):
        yield sql[place : found.start()]
        place = found.end()
        if found["parameter"] and sql[found.start() - 1 : found.start()] != ":":
            yield f"%({found['parameter']})s"
        elif found["percent"]:
            yield "%%"
        elif found["hundredths"]:
            # Exact, and no more than two digits.
            yield "* 0.01"
        elif found["temporary"]:
            yield "pg_temp."
        elif found["function"]:
            arguments, place = _arguments(sql, place)
            yield _CALLS[found["function"]](["".join(_parts(text)) for text in arguments])
        else:
            yield found[0].replace("%", "%%")
    yield sql[place:]


def _arguments(sql: str, place: int) -> tuple[list[str], int]:
    """The arguments of a call whose opening parenthesis is before ``place``, and where it ends."""
    arguments, deep, begin = [], 0, place
    for found in re.finditer(r"'(?:[^']|'')*'|[(),]", sql[place:]):
        sign, at = found[0], place + found.start()
        if sign == "(":
            deep += 1
        elif sign == ")" and deep:
            deep -= 1
        elif sign in (",", ")") and not deep:
            arguments.append(sql[begin:at].strip())
            begin = at + 1
            if sign == ")":
                break
    return arguments, begin


def _object(arguments: Sequence[str]) -> str:
    """JSON as SQLite writes it, without blanks."""
    names = [name[1:-1].replace("\\", "\\\\").replace('"', '\\"') for name in arguments[::2]]
    parts = [
        f"'{'{' if not place else ','}\"{name}\":' || json_quote({value})"
        for place, (name, value) in enumerate(zip(names, arguments[1::2], strict=True))
    ]
    return f"CAST({' || '.join(parts)} || '}}' AS json)"


def _array(arguments: Sequence[str]) -> str:
    cells = " || ',' || ".join(f"json_quote({value})" for value in arguments)
    return f"CAST('[' || {cells} || ']' AS json)"


def _all_of(arguments: Sequence[str]) -> str:
    return f"CAST('[' || coalesce(string_agg(json_quote({arguments[0]}), ','), '') || ']' AS json)"


def _line(arguments: Sequence[str]) -> str:
    template, *cells = arguments
    # Formats have signs that psycopg would take for its own.
    return f"format({template}, {', '.join(f'shown({cell})' for cell in cells)})"


def _part(arguments: Sequence[str]) -> str:
    text, begin, *length = arguments
    if begin.startswith("-"):
        return f"right({text}, {begin[1:]})"
    return f"substr({', '.join([text, begin, *length])})"


def _day(arguments: Sequence[str]) -> str:
    # The words date(...) are a type's here.
    if arguments == ["'now'"]:
        return _TODAY
    day, *steps = (_TODAY if argument == "'now'" else argument for argument in arguments)
    return f"counted_day({', '.join([day, *steps])})"


def _each(arguments: Sequence[str]) -> str:
    if arguments == ["%(rows)s"]:
        # Rows are read cell by cell, and parsed once for all cells.
        return "jsonb_array_elements(CAST(%(rows)s AS jsonb)) AS given(value)"
    return f"json_each({arguments[0]})"


_CALLS: dict[str, Callable[[Sequence[str]], str]] = {
    "json_object": _object,
    "json_array": _array,
    "json_group_array": _all_of,
    "group_concat": lambda arguments: f"string_agg({', '.join(arguments)})",
    "printf": _line,
    "substr": _part,
    "json_each": _each,
    "json": lambda arguments: f"compact({arguments[0]})",
    "date": _day,
}
