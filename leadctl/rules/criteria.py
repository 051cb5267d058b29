"""Which operator fits which type, and what a value means: numbers, dates, periods (section 4)."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from leadctl.errors import UsageError
from leadctl.model import AllOf, AnyOf, Clause, Criteria, Opposite, Type
from leadctl.rules.days import Day
from leadctl.rules.days import today as _today
from leadctl.rules.expressions import Comparison, Every, Not, Some, Token, wrong
from leadctl.rules.naming import LARGEST_INTEGER, folded

if TYPE_CHECKING:
    from collections.abc import Callable

    from leadctl.rules.expressions import Node

_EQUAL = frozenset({"=", "!=", "in", "null"})
_ORDERED = _EQUAL | {"==", "<", "<=", ">", ">=", "between"}
OPERATORS: dict[Type, frozenset[str]] = {
    Type.TEXT: _EQUAL | {"==", "~", "!~", "starts", "ends"},
    Type.LIST: _EQUAL,
    Type.BOOLEAN: frozenset({"=", "!="}),
    **dict.fromkeys((Type.INTEGER, Type.NUMBER, Type.AMOUNT, Type.PERCENT), _ORDERED),
    **dict.fromkeys(
        (Type.INSTANT, Type.DATE), _ORDERED | {"older", "newer", "this", "previous", "next"}
    ),
    **dict.fromkeys((Type.JSON, Type.ARRAY), frozenset({"null"})),
}
# How an operator is written, where that differs.
_SPELLED = {"null": "is null", "starts": "starts with", "ends": "ends with"}
_SPELLED |= {"older": "older than", "newer": "newer than"}
_SPELLED |= {word: f"in {word}" for word in ("this", "previous", "next")}
_NEGATED = {"!=": "=", "!~": "~"}
_MOST_UNITS = 100_000


class Meaning:
    """Turns the tree of an expression into criteria on typed fields.

    ``type_of`` gives the type of a field, its canonical name, and raises for an unknown one;
    ``item_of`` the value that stands for a list item.
    """

    def __init__(
        self,
        expression: str,
        today: date,
        type_of: Callable[[Token], tuple[str, Type]],
        item_of: Callable[[str, Token], Any],
    ) -> None:
        self._expression = expression
        self._today = today
        self._type_of = type_of
        self._item_of = item_of

    def of(self, node: Node) -> Criteria:
        """The criteria of a node. Raises UsageError with the position of what does not fit."""
        if isinstance(node, Not):
            return Opposite(self.of(node.item))
        if isinstance(node, Every):
            return AllOf(tuple(map(self.of, node.items)))
        if isinstance(node, Some):
            return AnyOf(tuple(map(self.of, node.items)))
        return self._comparison(node)

    def _comparison(self, node: Comparison) -> Criteria:
        field, type = self._type_of(node.field)
        operator = node.operator.lower
        if operator not in OPERATORS[type]:
            fitting = sorted(_SPELLED.get(name, name) for name in OPERATORS[type])
            raise self._wrong(
                "{operator} does not fit the field {field}",
                node.operator,
                "it takes: {operators}",
                operator=_SPELLED.get(operator, operator),
                field=field,
                operators=fitting,
            )
        if operator == "null":
            return Clause(field, "null")
        test = self._test(field, type, _NEGATED.get(operator, operator), node.values)
        return Opposite(test) if operator in _NEGATED else test

    def _test(self, field: str, type: Type, operator: str, values: tuple[Token, ...]) -> Criteria:
        if type in (Type.INSTANT, Type.DATE):
            return self._dates(field, operator, values)
        if type is Type.TEXT:
            exact = operator == "=="
            texts = (value.text if exact else folded(value.text) for value in values)
            return Clause(field, operator, tuple(texts))
        readers: dict[Type, Callable[[Token], Any]] = {
            Type.LIST: lambda token: self._item_of(field, token),
            Type.BOOLEAN: self._boolean,
            Type.INTEGER: self._integer,
            Type.NUMBER: self._number,
        }
        read = readers.get(type, self._hundredths)
        operator = "in" if type is Type.LIST else operator.replace("==", "=")
        return Clause(field, operator, tuple(map(read, values)))

    def _dates(self, field: str, operator: str, values: tuple[Token, ...]) -> Criteria:
        if operator == "in":
            return AnyOf(tuple(self._dates(field, "=", (value,)) for value in values))
        return Clause(field, "range", self._days(operator, values))

    def _boolean(self, token: Token) -> int:
        if token.kind != "word" or token.lower not in ("true", "false"):
            raise self._wrong("{value} is neither true nor false", token, value=token.text)
        return int(token.lower == "true")

    def _integer(self, token: Token) -> int:
        digits = re.fullmatch(r"[+-]?[0-9]{1,19}", token.text)
        if digits is None or abs(int(token.text)) > LARGEST_INTEGER:
            raise self._wrong("{value} is not a whole number", token, value=token.text)
        return int(token.text)

    def _number(self, token: Token) -> float:
        if re.fullmatch(r"[+-]?[0-9]{1,15}(\.[0-9]{1,15})?", token.text) is None:
            raise self._wrong("{value} is not a number", token, value=token.text)
        return float(token.text)

    def _hundredths(self, token: Token) -> int:
        """An amount or a percentage as it is stored."""
        from leadctl.rules.amounts import parse_amount

        try:
            return parse_amount("value", token.text)
        except UsageError:
            raise self._wrong(
                "{value} is not a number with at most two decimals", token, value=token.text
            ) from None

    def _days(self, operator: str, values: tuple[Token, ...]) -> tuple[Day | None, Day | None]:
        """The first day, and the day after the last one."""
        if operator in ("this", "previous", "next"):
            return self._period(operator, values)
        if operator in ("older", "newer"):
            day = self._shifted(_today(self._today), values[0], values[0].text, -1)
            return (None, day) if operator == "older" else (day, None)
        days = [self._date(value) for value in values]
        first, after = days[0], self._shifted(days[-1], values[-1], "1d", 1)
        return {
            "=": (first, after),
            "between": (first, after),
            "<": (None, first),
            "<=": (None, after),
            ">": (after, None),
            ">=": (first, None),
        }[operator.replace("==", "=")]

    def _date(self, token: Token) -> Day:
        text = token.lower
        match = re.fullmatch(r"today(?:([+-])(\S+))?", text) if token.kind == "word" else None
        if match is not None:
            today = _today(self._today)
            if match[1] is None:
                return today
            return self._shifted(today, token, match[2], -1 if match[1] == "-" else 1)
        try:
            if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
                return Day(date.fromisoformat(text))
        except ValueError:
            pass
        raise self._wrong(
            "{value} is not a date",
            token,
            "dates are written YYYY-MM-DD, today, or today-30d",
            value=token.text,
        )

    def _shifted(self, day: Day, token: Token, duration: str, sign: int) -> Day:
        """``day`` plus or minus a duration; the day of the month is clamped to its last."""
        match = re.fullmatch(r"([0-9]{1,6})([dwmy])", duration.casefold())
        if match is None:
            raise self._wrong(
                "{value} is not a duration", token, "durations are 30d, 6w, 24m, 1y", value=duration
            )
        try:
            return day.plus(sign * int(match[1]), match[2])
        except (OverflowError, ValueError):
            raise self._wrong("{value} is too far away", token, value=duration) from None

    def _period(self, direction: str, values: tuple[Token, ...]) -> tuple[Day, Day]:
        unit = values[-1].lower.removesuffix("s")
        count = 0
        if direction != "this":
            count = self._integer(values[0])
            if not 1 <= count <= _MOST_UNITS:
                raise self._wrong(
                    "{value} is no number of periods", values[0], value=values[0].text
                )
        start = _today(self._today).start_of(unit)
        letter, factor = {"quarter": ("m", 3)}.get(unit, (unit[0], 1))
        steps = {"this": (0, 1), "previous": (-count, 0), "next": (1, count + 1)}[direction]
        first, after = (
            self._shifted(
                start, values[-1], f"{abs(step) * factor}{letter}", 1 if step >= 0 else -1
            )
            for step in steps
        )
        return first, after

    def _wrong(self, template: str, token: Token, hint: str = "", **details: Any) -> UsageError:
        return wrong(template, self._expression, token.position, hint, **details)
