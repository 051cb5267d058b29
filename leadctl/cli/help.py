"""``leadctl help``."""

from __future__ import annotations

from typing import Annotated

import typer

from leadctl.cli.options import verb

app = typer.Typer()


@verb(app, "help", prints="")
def help_(
    _ctx: typer.Context,
    topic: Annotated[
        str | None, typer.Argument(metavar="[TOPIC]", help="A topic or a noun; all by default.")
    ] = None,
    about: Annotated[
        str | None, typer.Argument(metavar="[VERB]", help="A verb of the noun.")
    ] = None,
) -> None:
    """Explain a topic, or show the help of a noun or verb as --help does.

    leadctl help filters
    leadctl help person set-status
    """
    from leadctl.cli.nouns import NOUNS, root, unknown
    from leadctl.cli.topics import TOPICS

    if topic in TOPICS:
        typer.echo(TOPICS[topic].text())
        return
    if topic is not None and topic not in NOUNS:
        raise unknown(topic, [*TOPICS, *NOUNS], "topic")
    words = [word for word in (topic, about) if word is not None]
    with root.make_context("leadctl", [*words, "--help"], help_option_names=["-h", "--help"]) as of:
        root.invoke(of)
