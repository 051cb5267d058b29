"""The filter language: from text to a tree, with a position for everything that is wrong.

Nothing here knows fields or types; ``criteria`` checks the tree against them. Parsing keeps its own
stacks, so that an expression as long as a file cannot exhaust Python's.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any, NamedTuple

from leadctl.errors import Reason, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

KEYWORDS = frozenset(
    [
        "and",
        "or",
        "not",
        "in",
        "between",
        "is",
        "null",
        "starts",
        "ends",
        "with",
        "older",
        "newer",
        "than",
        "this",
        "previous",
        "next",
    ]
)
SYMBOLS = ("==", "!=", "!~", "<=", ">=", "=", "<", ">", "~", "(", ")", ",")
COMPARISONS = ("==", "!=", "!~", "<=", ">=", "=", "<", ">", "~")
UNITS = ("day", "week", "month", "quarter", "year")
DEEPEST = 100
MOST_COMPARISONS = 15_000
_IN_WORDS = "_.-+@:/"


class Token(NamedTuple):
    """``kind`` is symbol, word, keyword, quoted or end."""

    kind: str
    text: str
    position: int

    @property
    def lower(self) -> str:
        """The text ignoring case."""
        return self.text.casefold()


class Comparison(NamedTuple):
    """``operator`` applied to a field: a symbol, or in, between, null, starts, ends, older,
    newer, this, previous, next. ``values`` are the tokens that it compares with.
    """

    field: Token
    operator: Token
    values: tuple[Token, ...]


class Not(NamedTuple):
    """The opposite of a condition; what has no value satisfies it."""

    item: Node


class Every(NamedTuple):
    """All of these (``and``)."""

    items: tuple[Node, ...]


class Some(NamedTuple):
    """At least one of these (``or``)."""

    items: tuple[Node, ...]


Node = Comparison | Not | Every | Some


OPERATORS = (
    "there are: = != < <= > >=, ~ (contains), in, between, is null, starts with, ends with,"
    " older than, newer than"
)


def wrong(
    template: str, expression: str, position: int, hint: str = "", **details: Any
) -> UsageError:
    """A usage error at a position (counted from 0) of an expression."""
    return UsageError(
        template,
        hint=hint,
        expression=expression,
        position=position + 1,
        **details,
    )


def tokens(expression: str) -> Iterator[Token]:
    """The tokens of an expression, the last of kind end. Raises UsageError."""
    position, length = 0, len(expression)
    while position < length:
        letter = expression[position]
        if letter.isspace():
            position += 1
        elif letter in "'\"":
            token, position = _quoted(expression, position)
            yield token
        elif _in_word(letter):
            start = position
            while position < length and _in_word(expression[position]):
                position += 1
            word = expression[start:position]
            kind = "keyword" if word.casefold() in KEYWORDS else "word"
            yield Token(kind, word, start)
        else:
            symbol = next((s for s in SYMBOLS if expression.startswith(s, position)), "")
            if not symbol:
                raise wrong(
                    "{letter} has no meaning here",
                    expression,
                    position,
                    "text with other characters than letters, digits and _ . - + @ : / is quoted",
                    letter=letter,
                )
            yield Token("symbol", symbol, position)
            position += len(symbol)
    yield Token("end", "", length)


def _in_word(letter: str) -> bool:
    return letter.isalnum() or letter in _IN_WORDS or unicodedata.category(letter)[0] == "M"


def _quoted(expression: str, start: int) -> tuple[Token, int]:
    quote = expression[start]
    parts: list[str] = []
    position = start + 1
    while (end := expression.find(quote, position)) >= 0:
        parts.append(expression[position:end])
        if not expression.startswith(quote, end + 1):
            return Token("quoted", "".join(parts), start), end + 1
        parts.append(quote)
        position = end + 2
    raise wrong("the quote is not closed", expression, start)


class _Parser:
    """Shunting yard: ``_operators`` waits for operands, ``_operands`` are finished."""

    def __init__(self, expression: str) -> None:
        self._expression = expression
        self._tokens = tokens(expression)
        self._now = next(self._tokens)
        self._operators: list[Token] = []
        self._operands: list[Node] = []
        self._depth = 0
        self._comparisons = 0

    def parse(self) -> Node:
        while True:
            self._operand()
            while self._now.text == ")" and self._now.kind == "symbol":
                self._close()
            token = self._now
            if token.kind == "end":
                break
            if token.kind != "keyword" or token.lower not in ("and", "or"):
                raise self._expected(Reason("", "and, or, or the end"))
            self._reduce(token.lower)
            self._operators.append(token)
            self._next()
        while self._operators:
            if self._operators[-1].text == "(":
                raise self._wrong("the parenthesis is not closed", self._operators[-1])
            self._apply()
        return self._operands[0]

    def _operand(self) -> None:
        """Opening parentheses and nots, then one comparison."""
        while True:
            token = self._now
            opens = token.kind == "symbol" and token.text == "("
            if not opens and not (token.kind == "keyword" and token.lower == "not"):
                break
            self._depth += opens
            if self._depth > DEEPEST:
                raise self._wrong("more than {deepest} parentheses", token, deepest=DEEPEST)
            if not opens and self._operators and self._operators[-1].lower == "not":
                self._operators.pop()  # not not
            else:
                self._operators.append(token)
            self._next()
        self._comparisons += 1
        if self._comparisons > MOST_COMPARISONS:
            raise self._wrong("more than {most} conditions", self._now, most=MOST_COMPARISONS)
        self._operands.append(self._comparison())

    def _close(self) -> None:
        token = self._now
        while self._operators and self._operators[-1].text != "(":
            self._apply()
        if not self._operators:
            raise self._wrong("there is no parenthesis to close", token)
        self._operators.pop()
        self._depth -= 1
        self._next()

    def _reduce(self, operator: str) -> None:
        """Apply what binds tighter than ``operator``; chains of the same stay for one node."""
        tighter = ("not",) if operator == "and" else ("not", "and")
        while self._operators and self._operators[-1].lower in tighter:
            self._apply()

    def _apply(self) -> None:
        operator = self._operators.pop().lower
        if operator == "not":
            self._operands.append(Not(self._operands.pop()))
            return
        items = [self._operands.pop()]
        items.append(self._operands.pop())
        while self._operators and self._operators[-1].lower == operator:
            self._operators.pop()
            items.append(self._operands.pop())
        kind = Every if operator == "and" else Some
        self._operands.append(kind(tuple(reversed(items))))

    def _comparison(self) -> Node:
        field = self._now
        if field.kind != "word":
            raise self._expected(Reason("", "a field"))
        self._next()
        token = self._now
        if token.kind == "symbol" and token.text in COMPARISONS:
            self._next()
            return Comparison(field, token, (self._value(),))
        if token.kind == "keyword" and token.lower == "not":
            self._next()
            if self._now.lower not in ("in", "between", "starts", "ends"):
                raise self._expected(Reason("", "in, between, starts with or ends with"))
            return Not(self._worded(field))
        return self._worded(field)

    def _worded(self, field: Token) -> Node:
        token = self._now
        readers = {
            "is": self._null,
            "starts": self._edge,
            "ends": self._edge,
            "older": self._age,
            "newer": self._age,
            "between": self._range,
            "in": self._members,
        }
        reader = readers.get(token.lower) if token.kind == "keyword" else None
        if reader is None:
            raise self._expected(Reason("", "an operator"), OPERATORS)
        self._next()
        return reader(field, token)

    def _null(self, field: Token, token: Token) -> Node:
        negated = self._now.kind == "keyword" and self._now.lower == "not"
        if negated:
            self._next()
        self._keyword("null", "= compares with a value")
        condition = Comparison(field, token._replace(text="null"), ())
        return Not(condition) if negated else condition

    def _edge(self, field: Token, token: Token) -> Node:
        self._keyword("with")
        return Comparison(field, token, (self._value(),))

    def _age(self, field: Token, token: Token) -> Node:
        self._keyword("than")
        return Comparison(field, token, (self._value(),))

    def _range(self, field: Token, token: Token) -> Node:
        least = self._value()
        self._keyword("and")
        return Comparison(field, token, (least, self._value()))

    def _members(self, field: Token, token: Token) -> Node:
        if self._now.kind == "keyword" and self._now.lower in ("this", "previous", "next"):
            return self._period(field)
        if self._now.text != "(" or self._now.kind != "symbol":
            raise self._expected(Reason("", "( or a period"))
        self._next()
        values = [self._value()]
        while self._now.text == "," and self._now.kind == "symbol":
            self._next()
            values.append(self._value())
        if self._now.text != ")" or self._now.kind != "symbol":
            raise self._expected(Reason("", ", or )"))
        self._next()
        return Comparison(field, token, tuple(values))

    def _period(self, field: Token) -> Node:
        direction = self._now
        self._next()
        values = [] if direction.lower == "this" else [self._value()]
        unit = self._now
        if unit.kind != "word" or unit.lower.removesuffix("s") not in UNITS:
            raise self._expected(Reason("", "day, week, month, quarter or year"))
        self._next()
        return Comparison(field, direction, (*values, unit))

    def _value(self) -> Token:
        token = self._now
        if token.kind == "keyword":
            raise self._wrong(
                "{word} is a keyword",
                token,
                "put quotes around it if it is a value",
                word=token.text,
            )
        if token.kind not in ("word", "quoted"):
            raise self._expected(Reason("", "a value"))
        if not token.text:
            raise self._wrong("the value is empty", token, "is null finds what has no value")
        self._next()
        return token

    def _keyword(self, word: str, hint: str = "") -> None:
        if self._now.kind != "keyword" or self._now.lower != word:
            raise self._expected(word, hint)
        self._next()

    def _next(self) -> None:
        self._now = next(self._tokens)

    def _wrong(self, template: str, token: Token, hint: str = "", **details: Any) -> UsageError:
        return wrong(template, self._expression, token.position, hint, **details)

    def _expected(self, what: Reason | str, hint: str = "") -> UsageError:
        token = self._now
        if token.kind == "end":
            return self._wrong(
                "the expression ends where {what} is expected", token, hint, what=what
            )
        return self._wrong(
            "{word} stands where {what} is expected", token, hint, word=token.text, what=what
        )


def parse(expression: str) -> Node:
    """The tree of an expression (``spec/cli.md`` section 4). Raises UsageError with the position."""
    return _Parser(expression).parse()


def written(node: Node) -> str:
    """An expression that parses to ``node``."""
    if isinstance(node, Comparison):
        return _written_comparison(node)
    if isinstance(node, Not):
        return f"not ({written(node.item)})"
    word = " and " if isinstance(node, Every) else " or "
    return word.join(f"({written(item)})" for item in node.items)


_FORMS = {
    "null": "{field} is null",
    "starts": "{field} starts with {0}",
    "ends": "{field} ends with {0}",
    "older": "{field} older than {0}",
    "newer": "{field} newer than {0}",
    "between": "{field} between {0} and {1}",
    "this": "{field} in this {0}",
    "previous": "{field} in previous {0} {1}",
    "next": "{field} in next {0} {1}",
}


def _written_comparison(node: Comparison) -> str:
    field, operator = node.field.text, node.operator.lower
    values = [_written_value(value) for value in node.values]
    if operator == "in":
        return f"{field} in ({', '.join(values)})"
    return _FORMS.get(operator, f"{{field}} {operator} {{0}}").format(*values, field=field)


def _written_value(token: Token) -> str:
    if token.kind == "quoted":
        return "'" + token.text.replace("'", "''") + "'"
    return token.text
