"""Reading YAML that people write: every value with its line, nothing guessed, nothing expanded.

Scalars stay texts as they are typed (``NO`` is no boolean, ``007`` is not seven); an unquoted
``null``, ``~`` or nothing is none. Anchors and aliases are refused: a few of them make gigabytes.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from leadctl.errors import LeadctlError, NotFound, Reason, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LARGEST_FILE = 1024 * 1024
DEEPEST = 8
_NULLS = ("", "~", "null", "Null", "NULL")


class Node(NamedTuple):
    """A value and the line where it begins, counted from 1: a text, none, a list, or a mapping."""

    line: int
    value: str | list[Node] | dict[str, Node] | None


class Problem(NamedTuple):
    """What is wrong, and in which line."""

    line: int
    error: LeadctlError


def read_yaml(name: str, problems: list[Problem]) -> Node:
    """The one document of a file; what can be passed over is added to ``problems``.

    Raises NotFound for a file that is not there, and UsageError for one that is no YAML at all,
    larger than a MiB, or nested too deeply.
    """
    try:
        with Path(name).open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError as problem:
        raise NotFound(
            "{path} cannot be read: {problem}", path=name, problem=problem.strerror
        ) from problem
    if len(data) > LARGEST_FILE:
        raise UsageError("{path} is larger than {most} bytes", path=name, most=LARGEST_FILE)
    return _parse(name, data, problems)


def _parse(name: str, data: bytes, problems: list[Problem]) -> Node:
    import yaml

    # The parser in C is some ten times as fast, where there is one.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return _document(name, yaml.parse(data, loader), problems)
    except (yaml.YAMLError, ValueError) as problem:
        raise no_yaml(name, problem) from problem


def no_yaml(name: str, problem: Exception) -> UsageError:
    """The error for a file that the parser cannot read, with the line."""
    mark = getattr(problem, "problem_mark", None)
    return UsageError(
        "{path}, line {line}: this cannot be read as YAML: {problem}",
        path=name,
        line=mark.line + 1 if mark is not None else 1,
        problem=getattr(problem, "problem", None) or str(problem).partition("\n")[0],
    )


def _document(name: str, events: Iterator[Any], problems: list[Problem]) -> Node:
    node = Node(1, None)
    documents = 0
    for event in events:
        kind = type(event).__name__
        if kind == "DocumentStartEvent":
            documents += 1
        elif kind in _READERS:
            node = _node(event, events, problems, 0)
    if documents > 1:
        raise UsageError("{path} has more than one document", path=name)
    return node


def _node(event: Any, events: Iterator[Any], problems: list[Problem], depth: int) -> Node:
    line = event.start_mark.line + 1
    if getattr(event, "anchor", None) is not None:
        problems.append(Problem(line, UsageError("anchors and aliases are not allowed")))
    if depth > DEEPEST:
        raise UsageError("line {line}: this is nested too deeply", line=line)
    return Node(line, _READERS[type(event).__name__](event, events, problems, depth + 1))


def _alias(*_: object) -> None:
    """What an alias stands for is not looked up."""


def _scalar(event: Any, *_: object) -> str | None:
    return None if not event.style and event.value in _NULLS else str(event.value)


def _sequence(_: Any, events: Iterator[Any], problems: list[Problem], depth: int) -> list[Node]:
    items = []
    while type(event := next(events)).__name__ != "SequenceEndEvent":
        items.append(_node(event, events, problems, depth))
    return items


def _mapping(_: Any, events: Iterator[Any], problems: list[Problem], depth: int) -> dict[str, Node]:
    found: dict[str, Node] = {}
    while type(event := next(events)).__name__ != "MappingEndEvent":
        key = _node(event, events, problems, depth)
        value = _node(next(events), events, problems, depth)
        if not isinstance(key.value, str):
            problems.append(Problem(key.line, UsageError("a key must be a text")))
        elif key.value in found:
            problems.append(
                Problem(key.line, UsageError("the key {key} stands here twice", key=key.value))
            )
        else:
            found[key.value] = value._replace(line=key.line)
    return found


_READERS: Mapping[str, Any] = {
    "AliasEvent": _alias,
    "ScalarEvent": _scalar,
    "SequenceStartEvent": _sequence,
    "MappingStartEvent": _mapping,
}


def write_yaml(content: Mapping[str, Any]) -> str:
    """The text of a file that ``read_yaml`` reads; the same for the same content."""
    import yaml

    return yaml.safe_dump(
        dict(content), sort_keys=False, allow_unicode=True, width=1 << 30, default_flow_style=False
    )


def raise_all(name: str, problems: list[Problem]) -> None:
    """Raise one error for all problems of a file, if there are any.

    It is of the class of the weightiest: what was written wrongly, then what does not exist, then
    what a rule refuses.
    """
    if not problems:
        return
    weights = {UsageError: 0, NotFound: 1}
    worst = min(problems, key=lambda problem: weights.get(type(problem.error), 2)).error
    ordered = sorted(problems, key=lambda problem: problem.line)
    reasons = [
        Reason(
            problem.error.code,
            "line {line}: {cause}",
            "",
            {"line": problem.line, "cause": problem.error.reason},
        )
        for problem in ordered
    ]
    if len(problems) == 1:
        details = {**worst.reason.details, "path": name, "line": problems[0].line}
        raise type(worst)(
            "{path}: {problems}",
            code=worst.code,
            hint=worst.reason.hint,
            **(details | {"problems": reasons}),
        )
    raise type(worst)(
        "{path}: {problems}",
        code=worst.code,
        path=name,
        lines=[problem.line for problem in ordered],
        problems=reasons,
    )
