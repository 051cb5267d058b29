"""The filter language: what parses, what does not and where, and that nothing is guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadctl.errors import UsageError
from leadctl.rules.expressions import (
    KEYWORDS,
    Comparison,
    Every,
    Node,
    Not,
    Some,
    Token,
    parse,
    written,
)


def shape(node: Node) -> object:
    """A tree without positions."""
    if isinstance(node, Comparison):
        values = tuple(value.text for value in node.values)
        return (node.field.text, node.operator.lower, *values)
    if isinstance(node, Not):
        return ("not", shape(node.item))
    return ("and" if isinstance(node, Every) else "or", *map(shape, node.items))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("a = b", ("a", "=", "b")),
        ("a==b", ("a", "==", "b")),
        ("a !~ 'x y'", ("a", "!~", "x y")),
        ("""a = 'it''s' """, ("a", "=", "it's")),
        ('a = "say ""hi"""', ("a", "=", 'say "hi"')),
        ("a = 'and'", ("a", "=", "and")),
        ("a in (b, 'c', 1)", ("a", "in", "b", "c", "1")),
        ("a NOT IN (b)", ("not", ("a", "in", "b"))),
        ("a between 1 and 2", ("a", "between", "1", "2")),
        ("a not between 1 and 2", ("not", ("a", "between", "1", "2"))),
        ("a is null", ("a", "null")),
        ("a is not null", ("not", ("a", "null"))),
        ("a starts with b", ("a", "starts", "b")),
        ("a not ends with b", ("not", ("a", "ends", "b"))),
        ("a older than 30d", ("a", "older", "30d")),
        ("a newer than 1y", ("a", "newer", "1y")),
        ("a in this month", ("a", "this", "month")),
        ("a in previous 2 quarters", ("a", "previous", "2", "quarters")),
        ("a not in next 1 week", ("not", ("a", "next", "1", "week"))),
        ("a=1 and b=2 and c=3", ("and", ("a", "=", "1"), ("b", "=", "2"), ("c", "=", "3"))),
        ("a=1 or b=2 and c=3", ("or", ("a", "=", "1"), ("and", ("b", "=", "2"), ("c", "=", "3")))),
        ("a=1 and b=2 or c=3", ("or", ("and", ("a", "=", "1"), ("b", "=", "2")), ("c", "=", "3"))),
        ("not a=1 and b=2", ("and", ("not", ("a", "=", "1")), ("b", "=", "2"))),
        ("not (a=1 and b=2)", ("not", ("and", ("a", "=", "1"), ("b", "=", "2")))),
        ("not not a=1", ("a", "=", "1")),
        ("not not not a=1", ("not", ("a", "=", "1"))),
        ("((a=1))", ("a", "=", "1")),
        ("extra.Åse-1 = a@b.c:/x", ("extra.Åse-1", "=", "a@b.c:/x")),
        ("a = हिन्दी", ("a", "=", "हिन्दी")),
    ],
)
def test_what_parses(expression: str, expected: object) -> None:
    assert shape(parse(expression)) == expected


@pytest.mark.parametrize(
    ("expression", "position"),
    [
        ("", 1),
        ("a", 2),
        ("a =", 4),
        ("a = b c", 7),
        ("(a = b", 1),
        ("a = b)", 6),
        ("a in ()", 7),
        ("a in b", 6),
        ("a in (b c)", 9),
        ("a in (b", 8),
        ("a = 'x", 5),
        ("a = and", 5),
        ("a £ b", 3),
        ("a = ''", 5),
        ("not", 4),
        ("a is nul", 6),
        ("a is not nul", 10),
        ("= b", 1),
        ("and a = b", 1),
        ("a = b and", 10),
        ("a not = b", 7),
        ("a starts b", 10),
        ("a older 3d", 9),
        ("a between 1 or 2", 13),
        ("a in this century", 11),
        ("a in previous month", 20),
        ("a is null b = c", 11),
        ("'a' = b", 1),
        ("a = (b)", 5),
        ("a === b", 5),
        ("a , b", 3),
        ("(" * 101 + "a=b", 101),
    ],
)
def test_what_does_not_and_where(expression: str, position: int) -> None:
    with pytest.raises(UsageError) as caught:
        parse(expression)
    assert caught.value.details["position"] == position


def test_long_expressions_are_no_danger() -> None:
    node = parse(" or ".join(f"a = {number}" for number in range(10_001)))
    assert isinstance(node, Some)
    assert len(node.items) == 10_001
    with pytest.raises(UsageError, match="15000 conditions"):
        parse(" and ".join(["a = b"] * 15_001))
    with pytest.raises(UsageError):
        parse("a" * 1_000_000)
    assert parse("not " * 100_000 + "a = b") == parse("not " * 100_000 + "a = b")
    assert parse("(" * 100 + "a = b" + ")" * 100)


WORDS = st.from_regex(r"[a-zA-ZåÅß_][a-z0-9_.@:/+-]{0,8}", fullmatch=True).filter(
    lambda word: word.casefold() not in KEYWORDS
)
VALUES = st.one_of(
    WORDS.map(lambda word: Token("word", word, 0)),
    st.text(min_size=1, max_size=8).map(lambda text: Token("quoted", text, 0)),
)
FIELDS = WORDS.map(lambda word: Token("word", word, 0))


def comparison(operator: str, count: int) -> st.SearchStrategy[Node]:
    """Comparisons with an operator that takes so many values."""
    kind = "keyword" if operator.isalpha() else "symbol"
    return st.builds(
        lambda field, values: Comparison(field, Token(kind, operator, 0), tuple(values)),
        FIELDS,
        st.lists(VALUES, min_size=count, max_size=count),
    )


LEAVES = st.one_of(
    *(comparison(sign, 1) for sign in ("=", "==", "!=", "<", "<=", ">", ">=", "~", "!~")),
    *(comparison(word, 1) for word in ("starts", "ends", "older", "newer")),
    comparison("between", 2),
    comparison("null", 0),
    comparison("in", 3),
)
NODES = st.recursive(
    LEAVES,
    lambda node: st.one_of(
        LEAVES.map(Not),
        st.lists(node, min_size=2, max_size=3).map(lambda items: Every(tuple(items))),
        st.lists(node, min_size=2, max_size=3).map(lambda items: Some(tuple(items))),
    ),
    max_leaves=8,
)


def test_a_quote_in_a_value_is_written_doubled() -> None:
    assert written(parse("a = 'it''s'")) == "a = 'it''s'"
    assert written(parse("a in (b, 'c d')")) == "a in (b, 'c d')"


@given(NODES)
def test_what_is_written_parses_to_the_same(node: Node) -> None:
    assert shape(parse(written(node))) == shape(node)


@given(st.text(alphabet="ab =!<>~(),'\"andornotinisnull01-", max_size=40))
def test_garbage_is_refused_with_a_position_or_round_trips(text: str) -> None:
    try:
        node = parse(text)
    except UsageError as error:
        position = error.details["position"]
    else:
        position = 1
        assert shape(parse(written(node))) == shape(node)
    assert 1 <= position <= len(text) + 1
