"""Arguments and options that the verbs of several nouns declare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from leadctl.errors import UsageError, no_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from leadctl.core.replacing import Replacement

RELATED = ("people", "opportunities")
Ids = Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Number or ext:KEY.")]
Category = Annotated[str | None, typer.Option(metavar="C", help="Key or name; none clears.")]
Owner = Annotated[str | None, typer.Option(metavar="U", help="User; none clears.")]
Country = Annotated[str | None, typer.Option(metavar="C")]
Email = Annotated[str | None, typer.Option(metavar="E")]
Phone = Annotated[str | None, typer.Option(metavar="P")]
Website = Annotated[str | None, typer.Option(metavar="W")]
ExternalId = Annotated[str | None, typer.Option(metavar="K")]
Replace = Annotated[
    tuple[str, str, str] | None,
    typer.Option(metavar="FIELD OLD NEW", help="Replace text in a field."),
]
WholeWord = Annotated[bool, typer.Option("--whole-word", help="--replace: whole words only.")]
Case = Annotated[bool, typer.Option("--case", help="--replace: upper and lower case differ.")]
With = Annotated[
    str | None,
    typer.Option("--with", metavar="people,opportunities", help="Add what belongs to it to JSON."),
]
HtmlFile = Annotated[
    str | None, typer.Option("--html", metavar="FILE", help="Write a page with charts instead.")
]


def replacement(
    entity: str, words: tuple[str, str, str] | None, whole: bool, case: bool
) -> Replacement | None:
    """The three words of ``--replace`` with its two switches, checked."""
    if words is None:
        return None
    from leadctl.core.history import TABLES
    from leadctl.core.replacing import Replacement

    replace = Replacement(*words, whole_word=whole, case=case)
    replace.check(TABLES[entity], ())
    return replace


def something_named(values: Mapping[str, Any]) -> None:
    """Raise UsageError for an edit that names no field."""
    if all(value is None for value in values.values()):
        raise UsageError("nothing to change was named", hint="--help lists the fields")


def related(more: str | None) -> list[str]:
    """The words of ``--with``, checked."""
    words = [part.strip() for part in more.split(",")] if more else []
    for word in words:
        if word not in RELATED:
            raise no_value("--with", word, RELATED)
    return words
