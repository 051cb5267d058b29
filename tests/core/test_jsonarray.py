"""A JSON array read in pieces gives the elements that it gives as a whole."""

from __future__ import annotations

import io
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadctl.core import jsonarray
from leadctl.core.jsonarray import elements

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonarray, "CHUNK", 1)


def read(text: str | bytes) -> list[object]:
    data = text if isinstance(text, bytes) else text.encode()
    return list(elements(io.BytesIO(data)))


@given(st.lists(VALUES, max_size=5), st.sampled_from([None, 2]), st.booleans())
def test_pieces_give_what_the_whole_gives(
    values: list[object], indent: int | None, ascii: bool
) -> None:
    assert read(json.dumps(values, indent=indent, ensure_ascii=ascii)) == values


def test_numbers_are_exact_and_whole() -> None:
    assert read("[12345, 1.10, -0.5e3]") == [12345, Decimal("1.10"), Decimal("-0.5e3")]
    assert read(b"\xef\xbb\xbf [1]\r\n") == [1]
    assert read('{"a": [1]}') == []


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "[", "[1", "[1,", "[1,]", "[1 2]", "[1}", "[1] 2", "[1]]", '["a', "nonsense"),
        *("[NaN]", "[Infinity]", "[1e99999999999999999999]", "[" + "9" * 5_000 + "]", '{"a"'),
        *(b"[\xff]", b'["\xc3', "[{]"),
    ],
)
def test_what_is_no_array(text: str | bytes) -> None:
    with pytest.raises(ValueError):
        read(text)


def test_what_is_nested_too_deeply() -> None:
    with pytest.raises(RecursionError):
        read("[" * 100_000 + "]" * 100_000)


def test_an_element_that_does_not_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonarray, "LARGEST_ELEMENT", 50)
    file = io.BytesIO(b'["' + b"x" * 10_000)
    with pytest.raises(ValueError):
        list(elements(file))
    assert file.tell() < 300
