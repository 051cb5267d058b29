"""What a shell offers for the word that is being typed: nouns, verbs, options and their values.

The scripts of ``leadctl completion`` call leadctl with the words typed so far and with
``_LEADCTL_COMPLETE``. What is printed is ``files`` where a path is due, else ``words`` and a line
per word: the word, a tab, what it means. Whatever goes wrong, nothing is offered.

Typer's own classes are not used: for zsh and fish they import rich, which takes longer than all the
rest, and have the shell evaluate what stands in the file.
"""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Any, NamedTuple

from typer._click import shell_completion

from leadctl.cli.nouns import NOUNS, LazyGroup, Root, root
from leadctl.cli.values import FILES, kind_of, values

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

VARIABLE = "_LEADCTL_COMPLETE"
_BREAKS = re.compile(r".*[=:]")


class Offer(NamedTuple):
    """A word that may be typed, and what it means."""

    word: str
    meaning: str = ""


def complete(shell: str, arguments: Sequence[str]) -> int:
    """Print what fits; for bash the line up to the cursor is given, else its words."""
    try:
        if shell == "bash":
            printed = _for_bash(arguments[0])
        else:
            printed = [f"{word}\t{meaning}" for word, meaning in _offers(list(arguments))]
    except _Files:
        printed = None
    except Exception:  # noqa: BLE001 - somebody is typing
        printed = []
    print("files" if printed is None else "\n".join(["words", *printed]))
    return 0


class _Files(Exception):
    """A path is due, which the shell knows best."""


def _for_bash(line: str) -> list[str]:
    """What bash puts in place of the current word, which for it begins after = and :."""
    quoted = ""
    for quoted in ("", '"', "'"):
        try:
            words = shlex.split(line + quoted)
            break
        except ValueError:
            continue
    if not quoted and (not words or line[-1:].isspace()):
        words.append("")
    kept = _BREAKS.match(words[-1])
    cut = len(kept[0]) if kept and not quoted else 0
    offered = [offer.word[cut:] for offer in _offers(words[1:])]
    return [_escaped(word, quoted) for word in offered]


def _escaped(word: str, quoted: str) -> str:
    """The word as it must stand in the line, where ``quoted`` is the quote that is open."""
    if quoted == "'":
        return word.replace("'", "'\\''")
    special = r'(["$`\\])' if quoted else r"([^\w@%+,./:=-])"
    return re.sub(special, r"\\\1", word, flags=re.ASCII)


def _offers(words: list[str]) -> list[Offer]:
    """What fits the last of the words, each as a whole word."""
    *before, word = words
    context = shell_completion._resolve_context(  # noqa: SLF001
        root, {"help_option_names": ["-h", "--help"]}, "leadctl", list(before)
    )
    found, part = _due(context, list(before), word)
    start = word.removesuffix(part)
    return [
        Offer(f"{start}{offer.word}", " ".join(offer.meaning.split()))
        for offer in _of(found, context, part)
        if offer.word.casefold().startswith(part.casefold()) and offer.word.isprintable()
    ]


def _due(context: Any, before: list[str], word: str) -> tuple[Any, str]:
    """The command, option or argument that the word belongs to, and its part of the word."""
    for option in context.command.get_params(context):
        # Its value may begin with a dash, as in --sort -name.
        if shell_completion._is_incomplete_option(context, before, option):  # noqa: SLF001
            return option, word
    return shell_completion._resolve_incomplete(context, before, word)  # noqa: SLF001


def _of(found: Any, context: Any, part: str) -> Iterable[Offer]:
    """What fits where a command, an option or an argument is due."""
    if isinstance(found, LazyGroup) and not part.startswith("-"):
        return _commands(found)
    if found is context.command:
        return [Offer(item.value, item.help or "") for item in found.shell_complete(context, part)]
    kind = kind_of(context, found)
    if kind == FILES:
        raise _Files
    return [Offer(*pair) for pair in values(kind, context, part)]


def _commands(group: LazyGroup) -> list[Offer]:
    """Nouns or verbs, without building them."""
    if isinstance(group, Root):
        return [Offer(name, help) for name, (_, help) in NOUNS.items()]
    return [Offer(name, help) for name, help in group.summaries()]
