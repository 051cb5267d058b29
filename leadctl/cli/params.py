"""Arguments and options that the verbs of several nouns declare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from leadctl.core.replacing import Replacement

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


def replacement(words: tuple[str, str, str] | None, whole: bool, case: bool) -> Replacement | None:
    """The three words of ``--replace`` with its two switches."""
    from leadctl.core.replacing import Replacement

    return Replacement(*words, whole_word=whole, case=case) if words else None
