"""``main``: the one place that turns exceptions into text, JSON and exit codes."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Sequence
from io import TextIOWrapper
from typing import TextIO

import typer
from typer import TyperException

from leadctl.cli.nouns import root
from leadctl.cli.options import unwritten
from leadctl.cli.parsing import usage_error
from leadctl.cli.text import visible
from leadctl.config import LANGUAGES
from leadctl.errors import Interrupted, LeadctlError, UsageError
from leadctl.labels import translator
from leadctl.model import Record
from leadctl.rules.naming import is_storable

BROKEN_PIPE_IS_FINE = 0
EXCERPT = 60
LONGEST_EXPRESSION = 1000


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code. ``argv`` is without the program's name."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if sys.stdout is None:
        # Whoever started us has closed it.
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    make_fit(sys.stdout)
    try:
        if shell := os.environ.get("_LEADCTL_COMPLETE"):
            from leadctl.cli.completing import complete

            return complete(shell, arguments)
        return _run(arguments)
    except BrokenPipeError:
        # Whoever read our output has had enough; the interpreter must not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE_IS_FINE
    except typer.Exit as exit_request:
        return exit_request.exit_code
    except (Exception, KeyboardInterrupt) as problem:  # noqa: BLE001 - the boundary
        return _fail(translated(problem), arguments, problem)


def make_fit(stream: TextIO) -> None:
    """Let ``stream`` take every letter: a plain environment, as that of cron, may know only ASCII.

    Files and pipes get UTF-8. A terminal, and whoever names an encoding for Python, keep theirs;
    letters that it lacks are escaped.
    """
    if not isinstance(stream, TextIOWrapper) or stream.encoding.lower().startswith("utf"):
        return
    if stream.isatty() or "PYTHONIOENCODING" in os.environ:
        stream.reconfigure(errors="backslashreplace")
    else:
        stream.reconfigure(encoding="utf-8")


def translated(problem: BaseException) -> LeadctlError:
    """Any exception as one of ours."""
    if isinstance(problem, LeadctlError):
        return problem
    if isinstance(problem, KeyboardInterrupt):
        return Interrupted("interrupted; nothing was changed")
    if isinstance(problem, TyperException):
        return usage_error(problem)
    if isinstance(problem, OSError) and (error := unwritten(problem)):
        return error
    return LeadctlError(
        "this is a bug in leadctl: {kind}: {problem}",
        hint="run it again with --debug and report the traceback",
        kind=type(problem).__name__,
        problem=str(problem),
    )


def check_text(arguments: Sequence[str]) -> None:
    """Raise UsageError for what no option or argument can be."""
    for number, argument in enumerate(arguments, 1):
        if not is_storable(argument):
            raise UsageError("argument {number} is not valid text", number=number)


def _run(arguments: list[str]) -> int:
    check_text(arguments)
    with root.make_context(
        "leadctl", arguments.copy(), help_option_names=["-h", "--help"]
    ) as context:
        result = root.invoke(context)
    sys.stdout.flush()
    return result if isinstance(result, int) else 0


def _fail(error: LeadctlError, arguments: Sequence[str], problem: BaseException) -> int:
    if sys.stderr is None:
        return error.exit_code
    translate = translator(error.language or _language(arguments))
    format = _given(arguments, "--format", "f") or os.environ.get("LEADCTL_FORMAT")
    if format in ("json", "ndjson"):
        print(json.dumps({"error": error_record(error, translate)}), file=sys.stderr)
    else:
        print(f"Error: {visible(error.reason.text(translate))}", file=sys.stderr)
        if hint := error.reason.hint_text(translate):
            print(f"Hint: {visible(hint)}", file=sys.stderr)
        if "expression" in error.details and "position" in error.details:
            print(_caret(**error.reason.details), file=sys.stderr)
    if "--debug" in arguments:
        import traceback

        traceback.print_exception(problem, file=sys.stderr)
    return error.exit_code


def _language(arguments: Sequence[str]) -> str:
    """The language that was asked for; what is none of ours does not hide the other wish."""
    wishes = (_given(arguments, "--lang"), os.environ.get("LEADCTL_LANG"))
    known = [wish.lower() for wish in wishes if wish and wish.lower() in LANGUAGES]
    return known[0] if known else "en"


def error_record(error: LeadctlError, translate: Callable[[str], str]) -> Record:
    """An error as JSON shows it."""
    details = json.loads(json.dumps(error.details, default=str))
    if len(str(details.get("expression", ""))) > LONGEST_EXPRESSION:
        details["expression"] = details["expression"][:LONGEST_EXPRESSION]
    return {
        "code": error.code,
        "message": error.reason.text(translate),
        "hint": error.reason.hint_text(translate) or None,
        "details": details,
    }


def _caret(expression: str, position: int, **_: object) -> str:
    """The part of an expression around a position, counted from 1, with a mark under it."""
    start = max(0, position - 1 - EXCERPT)
    before = visible(expression[start : position - 1])
    after = visible(expression[position - 1 : position - 1 + EXCERPT])
    return f"  {before}{after}\n  {' ' * len(before)}^ {position}"


def _given(arguments: Sequence[str], long: str, short: str = "") -> str | None:
    """The last value of an option, found without parsing: parsing may be what failed."""
    found = None
    for position, argument in enumerate(arguments):
        # Flags may stand before it in one word, as in -qfjson.
        cluster = re.fullmatch(f"-[hnqy]*{short}=?(.*)", argument) if short else None
        name, equals, value = argument.partition("=")
        if name == long or cluster:
            value = cluster[1] if cluster else value
            if value or equals:
                found = value
            elif position + 1 < len(arguments):
                found = arguments[position + 1]
    return found
