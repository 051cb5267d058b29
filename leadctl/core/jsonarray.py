"""The elements of a JSON array one at a time, however many there are."""

from __future__ import annotations

import codecs
import json
import re
from decimal import Decimal, InvalidOperation
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

CHUNK = 1 << 16
LARGEST_ELEMENT = 1 << 26
_AFTER_A_VALUE = tuple(" \t\r\n,]")
_SPACE = re.compile("[ \t\r\n]*")


def elements(file: IO[bytes]) -> Iterator[Any]:
    """The elements of the array in a file of UTF-8; none when there is an object instead.

    An element has at most 64 MiB. Raises ValueError for what is no JSON, and RecursionError for
    what is nested too deeply.
    """
    text = _Text(file)
    if text.sign() != "[":
        text.value()
        return
    text.skip()
    if text.sign() == "]":
        text.skip()
    else:
        yield text.value()
        while text.sign() == ",":
            text.skip()
            yield text.value()
        if text.sign() != "]":
            raise ValueError("a comma or a bracket is missing")
        text.skip()
    if text.sign():
        raise ValueError("something stands after the array")


def exact(number: str) -> Decimal:
    """A number with a fraction or an exponent, to the last digit. Raises ValueError."""
    try:
        return Decimal(number)
    except InvalidOperation:
        raise ValueError("a number is beyond all measure") from None


def refuse(name: str) -> None:
    """``NaN`` and its like are no JSON."""
    raise ValueError(f"{name} is no JSON")


class _Text:
    """The text of a file from a place on; of what stands before it nothing is kept."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._json = json.JSONDecoder(parse_float=exact, parse_constant=refuse)
        self._text = ""
        self._place = 0
        self._ended = False

    def sign(self) -> str:
        """The next character that is no space, an empty text at the end."""
        while True:
            self._place = _SPACE.match(self._text, self._place).end()  # type: ignore[union-attr]
            if self._place < len(self._text):
                return self._text[self._place]
            if not self._more():
                return ""

    def skip(self) -> None:
        """Go on behind the character that ``sign`` has found."""
        self._place += 1

    def value(self) -> Any:
        """The value that begins with the next character."""
        self.sign()
        while True:
            try:
                value, end = self._json.raw_decode(self._text, self._place)
            except json.JSONDecodeError:
                # Its end may not have been read yet.
                if not self._more():
                    raise
                continue
            # More of a number may follow.
            if self._text[end : end + 1] in _AFTER_A_VALUE or not self._more():
                self._place = end
                return value

    def _more(self) -> bool:
        """Read on, as much again as is there already; whether there was anything to read."""
        rest = self._text[self._place :]
        if self._ended or len(rest) > LARGEST_ELEMENT:
            return False
        chunk = self._file.read(max(CHUNK, len(rest)))
        self._ended = not chunk
        self._text = rest + self._decoder.decode(chunk, final=self._ended)
        self._place = 0
        return True
