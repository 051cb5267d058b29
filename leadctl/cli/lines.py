"""The lines of a batch: from text to the words of commands, and which may run as one set."""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING, NamedTuple

from leadctl.cli.ids import read_text
from leadctl.cli.main import check_text
from leadctl.errors import LeadctlError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

# They make or choose files, read the settings that were read already, or would never end.
FORBIDDEN = ("batch", "init", "demo", "db", "config")
# Verbs that do the same to each of many records, and how many words follow the IDs.
_SETS = {
    ("person", "set-status"): 1,
    ("person", "retire"): 0,
    ("opportunity", "start"): 0,
    ("opportunity", "next"): 0,
    ("opportunity", "previous"): 0,
    ("opportunity", "reopen"): 0,
}
# Options that say something about each line by itself.
_OF_ONE_LINE = ("--expect", "--max-changes")
# As many as a report keeps problems.
LARGEST_SET = 1000
_QUOTED_OR_COMMENT = re.compile(r"""'[^']*'|"(?:\\.|[^"\\])*"|\\.|(?:^|(?<=\s))\#""")
_NUMBER = re.compile("[0-9]{1,18}")
_QUOTING = re.compile(r"""['"\\#]""")


class Line(NamedTuple):
    """One command of a batch: its words, or why it has none. ``number`` counts all lines from 1."""

    number: int
    words: tuple[str, ...]
    error: LeadctlError | None = None


class Group(NamedTuple):
    """Consecutive lines that may run as one set: the words before and after the IDs."""

    lines: list[Line]
    head: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()


def read_lines(name: str) -> list[Line]:
    """The commands in a file, ``-`` for standard input; a line that cannot be read has an error.

    Raises NotFound for a file that is not there and UsageError for what is not UTF-8.
    """
    lines = []
    for number, text in enumerate(map(str.strip, read_text(name).split("\n")), 1):
        try:
            words = _words(text)
            if not words:
                continue
            check_text(words)
            _check_noun(words[0])
        except LeadctlError as error:
            lines.append(Line(number, (), error))
        else:
            lines.append(Line(number, tuple(words)))
    return lines


def _words(text: str) -> list[str]:
    if text[:1] == "{":
        return _arguments(text)
    if not _QUOTING.search(text):
        return text.split()
    for match in _QUOTED_OR_COMMENT.finditer(text):
        if match[0] == "#":
            text = text[: match.start()]
            break
    try:
        return shlex.split(text)
    except ValueError as problem:
        raise UsageError(
            "the quoting is not closed: {problem}",
            hint="quote as in a shell, or write the line as JSON",
            problem=str(problem),
        ) from problem


def _arguments(text: str) -> list[str]:
    try:
        command = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise UsageError("this is not JSON: {problem}", problem=str(problem)) from problem
    words = command.get("args")
    if set(command) == {"args"} and isinstance(words, list) and words:
        plain = [word for word in words if isinstance(word, (str, int))]
        if len(plain) == len(words) and not any(isinstance(word, bool) for word in words):
            return [str(word) for word in plain]
    raise UsageError("a command is an object {example}", example='{"args": ["NOUN", "VERB", ...]}')


def _check_noun(word: str) -> None:
    if word in FORBIDDEN:
        raise UsageError("{noun} cannot be used in a batch", noun=word)
    if word[:1] == "-":
        raise UsageError(
            "a line begins with a noun, not with {word}",
            hint="options of all lines are given to batch itself",
            word=word,
        )


def groups(lines: list[Line]) -> Iterator[Group]:
    """The lines, where those that differ in one ID only are together."""
    group = Group([])
    ids: set[int] = set()
    for line in lines:
        head, rest = _shape(line)
        id = int(line.words[2]) if head else 0
        fits = head and (head, rest) == group[1:] and id not in ids
        if not fits or len(group.lines) == LARGEST_SET:
            if group.lines:
                yield group
            group, ids = Group([], head, rest), set()
        group.lines.append(line)
        ids.add(id)
    if group.lines:
        yield group


def _shape(line: Line) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a line has before and after its only ID; nothing when it is to run alone."""
    alone: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    head, rest = line.words[:2], line.words[3:]
    after = _SETS.get((head[0], head[1])) if len(line.words) > 2 else None
    if after is None or not _NUMBER.fullmatch(line.words[2]) or len(rest) < after:
        return alone
    options = rest[after:]
    pairs = len(options) % 2 == 0 and all(
        word[:2] == "--" and "=" not in word and word not in _OF_ONE_LINE for word in options[::2]
    )
    plain = all(not word.isdecimal() and word[:1] != "-" for word in rest[:after])
    return (head, rest) if pairs and plain else alone
