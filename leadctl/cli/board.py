"""``leadctl board``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from leadctl.cli.choosing import WAYS, parse_all
from leadctl.cli.options import verb
from leadctl.cli.params import HtmlFile
from leadctl.errors import Reason, UsageError
from leadctl.model import Choice, Record
from leadctl.rules.board import check_words

if TYPE_CHECKING:
    from leadctl.cli.call import Call

app = typer.Typer()

By = Annotated[
    str | None, typer.Option(metavar="FIELD", help="lead_status|category|owner|stage|status.")
]


@verb(app, "show", records=True, prints="board", filters=True)
def show(
    ctx: typer.Context,
    name: Annotated[
        str | None, typer.Argument(metavar="[SELECTION]", help="--where narrows it.")
    ] = None,
    entity: Annotated[
        str | None, typer.Option(metavar="person|company|opportunity", help="person by default.")
    ] = None,
    by: By = None,
    then: Annotated[
        str | None, typer.Option(metavar="FIELD", help="Groups within the columns.")
    ] = None,
    cycle: Annotated[
        str | None, typer.Option(metavar="C", help="The sales cycle whose stages are shown.")
    ] = None,
    limit: Annotated[int, typer.Option(metavar="N", help="Cards per column or group.")] = 20,
    html: HtmlFile = None,
) -> None:
    """Show records in columns, with a count for each.

    leadctl board show "Hot leads" --by lead_status --limit 5
    leadctl board show --entity opportunity --where "salesperson = me"
    """
    from leadctl.cli.boards import print_board
    from leadctl.cli.call import LARGEST_COUNT

    call = ctx.obj
    check_words(entity, by, then)
    if not 0 <= limit <= LARGEST_COUNT:
        raise UsageError("--{name} takes a number from 0", name="limit")
    if html is not None:
        _check_page(call)
    choice = _choice(call, name)
    board = call.crm.board
    if call.given["explain"]:
        call.explain_choice(board.noun(choice, entity), choice)
        return
    shown = board.read(choice, entity=entity, by=by, then=then, cycle=cycle, limit=limit)
    if html is None:
        print_board(call, shown.document, grouped=then is not None)
    else:
        _save(call, html, shown.document, name or call.given["selection"], cycle)
    if shown.left_out:
        call.notice(
            Reason(
                "",
                "{count} opportunities of other sales cycles are not shown; --cycle names one",
                details={"count": shown.left_out},
            )
        )


def _check_page(call: Call) -> None:
    """Find what is wrong with a page before anything is read."""
    from leadctl.cli.charts import library

    for option, given in (("--explain", call.given["explain"]), ("--fields", call.fields)):
        if given:
            raise UsageError("{one} and {other} exclude each other", one="--html", other=option)
    library()


def _save(call: Call, path: str, document: Record, name: str | None, cycle: str | None) -> None:
    """Write the page, which says of which day it is and what it is narrowed to."""
    from leadctl.cli.board_page import board_page
    from leadctl.cli.page import save
    from leadctl.labels import header

    filters = [("where", text) for text in call.given["where"] or ()]
    named = [("date", call.crm.today), ("selection", name), ("cycle", cycle), *filters]
    facts = [(header(call.language, field), text) for field, text in named if text]
    save(call, path, board_page(call, document, facts))


@verb(app, "move", writes=True)
def move(
    ctx: typer.Context,
    id: Annotated[str, typer.Argument(metavar="ID")],
    column: Annotated[str, typer.Argument(metavar="COLUMN", help="Key or name; none clears.")],
    entity: Annotated[str, typer.Option(metavar="person|company|opportunity")] = "person",
    by: By = None,
) -> None:
    """Move a record to another column, by the rules of the edit that does the same.

    leadctl board move 7 open
    leadctl board move 7 30 --entity opportunity
    """
    call = ctx.obj
    check_words(entity, by, None)
    word = call.id(id)
    call.write(
        lambda options: call.crm.board.move(word, column, entity=entity, by=by, options=options)
    )


def _choice(call: Call, name: str | None) -> Choice:
    """What is on the board: a selection, which filters may narrow, or as lists choose."""
    given = call.given
    if name is None:
        return call.choice((), default_all=True)
    if given["all"] or given["ids_from"] is not None or given["selection"] is not None:
        raise UsageError("records were named in more than one way", hint=WAYS)
    where = tuple(given["where"] or ())
    parse_all(where)
    return Choice(selection=name, where=where, hidden=bool(given["hidden"]))
