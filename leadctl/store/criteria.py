"""From criteria to a WHERE clause. Values are parameters; SQL never contains what was typed.

Every condition is true or false, never unknown: what has no value does not satisfy a condition,
and so satisfies its opposite.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from leadctl.model import AllOf, Clause, Criteria, Opposite, Type
from leadctl.store.engine import document
from leadctl.store.select import Condition

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leadctl.store.tables import Source


def condition(source: Source, item: Criteria, prefix: str = "w") -> Condition:
    """The WHERE clause over ``source`` for criteria; parameters are named ``<prefix>0`` and on."""
    parameters: dict[str, Any] = {}
    sql = _sql(source, item, _Values(prefix, parameters))
    return Condition(sql, parameters)


class _Values(NamedTuple):
    """The values that the SQL names so far."""

    prefix: str
    values: dict[str, Any]

    def add(self, value: Any) -> str:
        name = f"{self.prefix}{len(self.values)}"
        self.values[name] = value
        return f":{name}"


def _sql(source: Source, item: Criteria, parameters: _Values) -> str:
    if isinstance(item, Clause):
        return _test(source, item, parameters)
    if isinstance(item, Opposite):
        if isinstance(item.item, Clause) and item.item.operator == "null":
            # Only so does SQLite see that an index without nulls will do.
            return f"{_sql(source, item.item, parameters).removesuffix(' NULL')} NOT NULL"
        return f"({_sql(source, item.item, parameters)}) IS NOT TRUE"
    word = " AND " if isinstance(item, AllOf) else " OR "
    return _joined([_sql(source, part, parameters) for part in item.items], word)


def _joined(parts: Sequence[str], word: str) -> str:
    """The parts in balanced parentheses: SQLite limits the depth of an expression to 1,000."""
    if len(parts) == 1:
        return parts[0]
    middle = len(parts) // 2
    return f"({_joined(parts[:middle], word)}{word}{_joined(parts[middle:], word)})"


# Operator -> SQL over what is compared and the parameters of the values.
_SQL = {
    "==": "{stored} = {0}",
    "=": "{compared} = {0}",
    "<": "{compared} < {0}",
    "<=": "{compared} <= {0}",
    ">": "{compared} > {0}",
    ">=": "{compared} >= {0}",
    "between": "{compared} BETWEEN {0} AND {1}",
    "null": "{known} IS NULL",
    "~": "instr({compared}, {0}) > 0",
    # A range, unlike substr, is found in an index.
    "starts": "({compared} >= {0} AND {compared} < {0} || '\U0010ffff')",
    "ends": "substr({compared}, -length({0})) = {0}",
    "in": "{compared} IN (SELECT value FROM json_each({0}))",
    "in numbers": "{compared} IN (SELECT CAST(value AS BIGINT) FROM json_each({0}))",
}


def _test(source: Source, test: Clause, parameters: _Values) -> str:
    field = source.field(test.field)
    assert field is not None
    stored = compared = known = field.ref or field.sql
    if field.type is Type.TEXT:
        stored, compared = field.sql, field.order or field.sql

    if test.operator == "range":
        edges = zip((">=", "<"), test.values, strict=True)
        return " AND ".join(f"{stored} {sign} {parameters.add(day)}" for sign, day in edges if day)
    operator, values = test.operator, test.values
    if operator == "in" and len(values) == 1:
        operator = "="
    elif operator == "in":
        operator = "in" if isinstance(values[0], str) else "in numbers"
        values = (document(values),)
    names = [parameters.add(value) for value in values]
    return _SQL[operator].format(*names, known=known, stored=stored, compared=compared)
