"""``leadctl form``."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from leadctl.cli.options import verb
from leadctl.cli.params import something_named
from leadctl.cli.setup.shown import Name, NewName
from leadctl.model import Choice

app = typer.Typer()

Form = Annotated[str, typer.Argument(metavar="NAME", help="The name of the form.")]
Mode = Annotated[
    str | None,
    typer.Option(
        metavar="auto|known|manual",
        help="Process all, only by people who are known, or none by itself.",
    ),
]
Category = Annotated[
    str | None, typer.Option(metavar="C", help="Of whom the form adds; none clears.")
]
Owner = Annotated[str | None, typer.Option(metavar="U", help="Of whom the form adds; none clears.")]
Selection = Annotated[str | None, typer.Option(metavar="S", help="Where submitters are added to.")]


@verb(app, "add", writes=True, prints="form")
def add(
    ctx: typer.Context,
    name: Name,
    mode: Mode = None,
    category: Category = None,
    selection: Selection = None,
    owner: Owner = None,
) -> None:
    """Add a form.

    leadctl form add "Ask for a demo" --category lead --owner anna
    leadctl form add Fair --mode manual --selection "Trade fair"
    """
    from leadctl.core.forms import parse_mode

    call = ctx.obj
    record = call.crm.forms.add(
        name,
        mode=parse_mode("auto" if mode is None else mode),
        category=category,
        selection=selection,
        owner=owner,
        options=call.write_options(),
    )
    call.print_record(record, "form")


@verb(app, "edit", writes=True)
def edit(
    ctx: typer.Context,
    form: Form,
    name: NewName = None,
    mode: Mode = None,
    category: Category = None,
    selection: Selection = None,
    owner: Owner = None,
) -> None:
    """Change a form.

    leadctl form edit "Contact us" --mode known
    leadctl form edit Webinar --owner ben --category mql
    """
    from leadctl.core.forms import parse_mode

    call = ctx.obj
    values: dict[str, Any] = {
        "name": name,
        "mode": None if mode is None else parse_mode(mode),
        "category": category,
        "selection": selection,
        "owner": owner,
    }
    something_named(values)
    call.write(lambda options: call.crm.forms.edit(form, **values, options=options))


@verb(app, "list", lists=True, prints="form")
def list_(ctx: typer.Context) -> None:
    """List forms, with how many people each has added.

    leadctl form list
    leadctl form list --sort -people --fields name,mode,people
    """
    ctx.obj.print_list(ctx.obj.crm.forms, Choice(all=True))


@verb(app, "delete", writes=True)
def delete(ctx: typer.Context, form: Form) -> None:
    """Delete a form by which nothing has come.

    leadctl form delete Newsletter --yes
    leadctl form delete Newsletter --dry-run
    """
    call = ctx.obj
    call.write(lambda options: call.crm.forms.delete(form, options), consent=True)
