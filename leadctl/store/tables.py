"""How a table looks to the write gate (``Table``) and to lists and views (``Source``)."""

from __future__ import annotations

import json
import re
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from leadctl.model import Type

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


_INSTANTS = ("created_at", "updated_at", "status_since")
_NUMBERS = (Type.INTEGER, Type.BOOLEAN, Type.AMOUNT, Type.PERCENT)


class Column(NamedTuple):
    """One stored column. ``field`` is its name in the history and in JSON.

    ``keys_of`` is the list whose keys the history shows instead of numbers, ``folded`` says that
    ``<name>_key`` holds the text for comparing, ``unique`` that no two records share a value,
    ``"exact"`` or ``"folded"``.
    """

    field: str
    name: str
    type: Type = Type.TEXT
    keys_of: str = ""
    folded: bool = False
    unique: str = ""

    @property
    def is_number(self) -> bool:
        """Whether the column holds whole numbers."""
        return self.type in _NUMBERS and not self.keys_of

    def shown(self, expression: str) -> str:
        """SQL for the value as the history keeps it: text, or the key of a list item."""
        if self.keys_of:
            return f"(SELECT key FROM {self.keys_of} WHERE id = {expression})"
        if self.is_number:
            return f"CAST({expression} AS TEXT)"
        return expression

    def stored(self, expression: str) -> str:
        """SQL for the value to store, from the text in the history."""
        if self.keys_of:
            return f"(SELECT id FROM {self.keys_of} WHERE key = {expression})"
        if self.is_number:
            return f"CAST({expression} AS BIGINT)"
        return expression


class Table(NamedTuple):
    """A table that the gate writes.

    ``since`` maps a column to the one that says since when it has its value; ``kept_apart`` are
    columns without history (``created_at``), which a deletion's image keeps all the same.
    ``checks`` are the table's CHECKs over several columns, each with the columns, and
    ``together_unique`` the columns that no two records share all of. A record of a
    table with an ``owner`` is a part of the record that this column refers to: it is counted,
    undone and refused together with it. The rows of a table that stands ``aside`` support a change
    of others: they are not counted, and undone only where nothing has moved them since.
    """

    entity: str
    name: str
    columns: tuple[Column, ...]
    stamped: bool = False
    since: tuple[str, str] | None = None
    kept_apart: tuple[str, ...] = ()
    parents: tuple[tuple[str, str], ...] = ()
    checks: tuple[tuple[tuple[str, ...], str], ...] = ()
    together_unique: tuple[str, ...] = ()
    owner: str = ""
    aside: bool = False

    def column(self, field: str) -> Column:
        """The column behind a field."""
        return next(column for column in self.columns if column.field == field)

    def is_number(self, name: str) -> bool:
        """Whether a column, which need not be one with a history, holds whole numbers."""
        for column in self.columns:
            if name in (column.name, f"{column.name}_key" if column.folded else ""):
                return name == column.name and (column.is_number or bool(column.keys_of))
        return name not in _INSTANTS

    def cell(self, name: str, expression: str) -> str:
        """SQL for the value of a column out of JSON."""
        return f"CAST({expression} AS BIGINT)" if self.is_number(name) else expression

    def marked(self, names: Sequence[str]) -> list[str]:
        """Columns as ``rows_sql`` takes them."""
        return [f"#{name}" if self.is_number(name) else name for name in names]

    def marked_as(self, names: Mapping[str, str]) -> list[str]:
        """The same with names of one's own for the columns."""
        return [f"#{name}" if self.is_number(column) else name for name, column in names.items()]

    def all_columns(self) -> list[str]:
        """Every column that a row needs to be brought back as it was."""
        names = ["id"]
        for column in self.columns:
            names.append(column.name)
            if column.folded:
                names.append(f"{column.name}_key")
        names.extend(self.kept_apart)
        return names


class Field(NamedTuple):
    """A field of a list: its type, its SQL, and the SQL by which it is sorted and compared.

    A field of type LIST has the ``kind`` of its list. ``ref`` is SQL for the number of an item, or for
    another column that an index may hold, which is empty when the field is.
    """

    type: Type
    sql: str
    order: str = ""
    ref: str = ""
    kind: str = ""

    @property
    def shown(self) -> str:
        """SQL for the value as JSON has it: nothing in ``extra`` is an empty object."""
        return f"coalesce({self.sql}, '{{}}')" if self.type is Type.JSON else self.sql


class Source(NamedTuple):
    """Where the records of a noun come from: a FROM clause and its fields.

    ``members`` are JSON columns that are no fields, with the keys that can be filtered as
    ``column.key``; those in ``generated`` have columns of their own. ``joins`` are aliases with
    their join, which never adds or removes a row. ``{today}`` in an expression stands for the
    logical today. ``t`` is the alias of the table. A ``base`` is another table that the FROM
    clause begins with, of which each row belongs to one record; ``key`` is SQL for the number of
    the record. ``always`` is the condition on what the source is made of, ``hidden`` what is left
    out unless it is asked for. An index holds the columns that stand ``together``.
    """

    entity: str
    table: str
    joins: tuple[tuple[str, str], ...]
    fields: Mapping[str, Field]
    order: str = "t.id"
    hidden: str = ""
    members: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    generated: tuple[str, ...] = ()
    together: tuple[str, ...] = ()
    base: str = ""
    key: str = "t.id"
    always: str = ""

    def field(self, name: str) -> Field | None:
        """A field by name; ``extra.KEY`` is one for every KEY, as are those of ``members``."""
        column, dot, key = name.partition(".")
        if dot and key and (column == "extra" and "extra" in self.fields):
            return _member(column, key)
        if dot and key in self.members.get(column, ()):
            return text(f"{column}_{key}") if name in self.generated else _member(column, key)
        return self.fields.get(name)

    def seen(self, sql: str, *, ordered: bool = False) -> str:
        """A condition that leaves out what is hidden.

        The index of the board holds only what is not hidden, and SQLite would walk it for every
        scan, from row to row across the file. The sign keeps it from that, unless the statement
        is ``ordered`` by that index.
        """
        return f"({sql}) AND {'' if ordered else '+'}({self.hidden})"

    def view_sql(self) -> str:
        """The SELECT of a view with the JSON keys as columns."""
        cells = ", ".join(f'{field.shown} AS "{name}"' for name, field in self.fields.items())
        return f"SELECT {cells} FROM {self.from_sql()}".replace("{today}", "date('now')")

    def from_sql(self, used: str | None = None) -> str:
        """The FROM clause without the word.

        With ``used``, only the joins whose alias that SQL mentions: counting a million records
        must not look up what nobody asked for.
        """
        return " ".join([self.base or f"{self.table} t", *self._joins(used)])

    def grouped_sql(self, used: str, where: str, more: str = "") -> str | None:
        """The FROM clause of the records for which ``where`` holds, counted before they are joined.

        Instead of records it has one row per combination of the columns that the SQL ``used``
        depends on: ``n`` records, and the aggregates in ``more``. None where that saves nothing,
        because nothing is joined or each record is its own combination.
        """
        joins = self._joins(used)
        alias, _, key = self.key.partition(".")
        columns = set(re.findall(rf"\b{alias}\.(\w+)", " ".join([used, *joins])))
        if not joins or key in columns:
            return None
        if columns.issubset(self.together):
            columns = set(self.together)
        cells = ", ".join(f"{alias}.{name}" for name in sorted(columns))
        rows = f"{self.from_sql(where + more)} WHERE {where}"
        counted = f"SELECT {cells}, count(*) AS n{more} FROM {rows} GROUP BY {cells}"
        return " ".join([f"({counted}) {alias}", *joins])

    def _joins(self, used: str | None) -> list[str]:
        kept: list[str] = []
        for alias, join in reversed(self.joins):
            if used is None or f"{alias}." in used:
                kept.insert(0, join)
                used = None if used is None else used + join
        return kept


def _member(column: str, key: str) -> Field:
    """A member of a JSON object, compared through its folded copy."""

    def path(name: str) -> str:
        quoted = json.dumps(name, ensure_ascii=False).replace("'", "''")
        # SQLite before 3.46 takes a quotation mark for the end of what is quoted.
        if '"' in name and not set(name) & set(".["):
            quoted = quoted[1:-1]
        return f"'$.{quoted}'"

    return Field(
        Type.TEXT,
        f"CAST(t.{column} ->> {path(key)} AS TEXT)",
        f"CAST(t.{column}_key ->> {path(key.casefold())} AS TEXT)",
    )


def truth(sql: str) -> str:
    """SQL for whether a condition holds, as 1 or 0."""
    return f"CAST({sql} AS INTEGER)"


def hundredths(sql: str) -> str:
    """SQL for a number that is stored as hundredths: whole where it is whole."""
    return f"CASE WHEN {sql} % 100 = 0 THEN CAST({sql} / 100 AS BIGINT) ELSE {sql} / 100.0 END"


def number(type: Type, sql: str) -> Field:
    """An amount or a percentage, compared and sorted as it is stored."""
    return Field(type, hundredths(sql), sql, sql)


def total(sql: str) -> Field:
    """A sum of amounts, which may have more digits than a number with a fraction shows."""
    return Field(Type.AMOUNT, hundredths(sql), sql, sql, "total")


def all_digits(sql: str) -> str:
    """SQL for a number that is stored as hundredths, as text."""
    sign = f"CASE WHEN {sql} < 0 THEN '-' ELSE '' END"
    cents = f"rtrim(substr('0' || (abs({sql}) % 100), -2), '0')"
    whole = f"{sign} || (abs({sql}) / 100)"
    return f"CASE WHEN {sql} % 100 = 0 THEN {whole} ELSE {whole} || '.' || {cents} END"


def text(name: str) -> Field:
    """A text column with a key column beside it."""
    return Field(Type.TEXT, f"t.{name}", f"t.{name}_key", f"t.{name}_key")
