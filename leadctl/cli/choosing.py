"""Which records a verb is about: numbers, a file of them, a filter, a selection, or all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from leadctl.cli.text import visible
from leadctl.errors import UsageError
from leadctl.model import Choice

if TYPE_CHECKING:
    from leadctl.core.crm import Crm
    from leadctl.core.noun import Noun

WAYS = "take one of: IDs, --ids-from, --where, --selection, --all"
# Noun of the command line -> of the library, for --explain.
_NOUNS = {
    "company": "companies",
    "person": "people",
    "opportunity": "opportunities",
    "quote": "quotes",
    "order": "orders",
    "capture": "captures",
}


class Choosing:
    """The part of a call that reads what was said of the records."""

    given: dict[str, Any]

    if TYPE_CHECKING:

        @property
        def crm(self) -> Crm:
            """The open file."""

    def choice(self, words: Sequence[str], *, default_all: bool = False) -> Choice:
        """The records that a verb is about; exactly one way of naming them is allowed."""
        where, selection = tuple(self.given["where"] or ()), self.given["selection"]
        ways = [bool(words), self.given["ids_from"] is not None, bool(where), self.given["all"]]
        ways.append(selection is not None)
        hidden = bool(self.given["hidden"])
        if sum(ways) > 1:
            raise UsageError("records were named in more than one way", hint=WAYS)
        if words:
            return Choice(ids=tuple(map(self.id, words)), hidden=hidden)
        if self.given["ids_from"] is not None:
            from leadctl.cli import ids

            return Choice(ids=tuple(ids.read(self.given["ids_from"])), hidden=hidden)
        if where:
            parse_all(where)
            return Choice(where=where, hidden=hidden)
        if selection is not None:
            return Choice(selection=selection, hidden=hidden)
        if self.given["all"] or default_all:
            return Choice(all=True, hidden=hidden)
        raise UsageError("no records were named", hint=WAYS)

    def explain(self, noun: str, arguments: list[object]) -> None:
        """Print how the records of ``--where`` or ``--all`` would be found."""
        given = next((words for words in arguments if isinstance(words, (list, tuple))), ())
        # The last word of set-status is no record.
        words = [word for word in given if word.isdecimal() or word.startswith("ext:")]
        ways = ("where", "all", "ids_from", "selection")
        named = any(self.given[way] for way in ways)
        choice = self.choice([] if named else words, default_all=not words)
        library: Noun = getattr(self.crm, _NOUNS[noun])
        self.explain_choice(library, choice)

    def explain_choice(self, noun: Noun, choice: Choice) -> None:
        """Print how the records of a choice would be found."""
        for line in self.crm.explain(noun.source, noun.meant(choice)):
            print(visible(line))

    def words_and_last(
        self, words: Sequence[str], last: str | None, what: str
    ) -> tuple[Choice, str]:
        """One run of words, the last of which is ``what``, as in mv; with ``last`` all are IDs."""
        if last is not None:
            return self.choice(words), last
        if not words:
            raise UsageError("{what} is missing", what=what)
        *ids, last = words
        if last.isdecimal():
            raise UsageError(
                "{word} is a number, not a {what}",
                hint="the last word is the {what}; with --to {what} every word is an ID",
                word=last,
                what=what,
            )
        return self.choice(ids), last

    def id(self, word: str) -> str:
        """An ID as it was typed, checked."""
        from leadctl.core.crm import Crm

        Crm.split_ids([word])
        return word


def parse_all(expressions: Sequence[str]) -> None:
    """Raise UsageError for an expression that does not parse, before anything is opened."""
    from leadctl.rules.expressions import parse

    for expression in expressions:
        parse(expression)
