"""``leadctl selection``."""

from __future__ import annotations

from typing import Annotated

import typer

from leadctl.cli.options import verb
from leadctl.cli.params import Ids

app = typer.Typer()

Name = Annotated[str, typer.Argument(metavar="NAME")]
Where = Annotated[
    list[str] | None, typer.Option("--where", metavar="EXPR", help="A filter; repeatable.")
]
Operator = Annotated[
    str | None,
    typer.Option(metavar="union|intersection|difference|only-first|only-second"),
]
Description = Annotated[str | None, typer.Option(metavar="T")]


@verb(app, "create", writes=True, prints="selection")
def create(
    ctx: typer.Context,
    name: Name,
    entity: Annotated[str, typer.Option(metavar="person|company|opportunity")] = "person",
    where: Where = None,
    static: Annotated[
        bool, typer.Option("--static", help="Keep who is found now, not the filter.")
    ] = False,
    ids_from: Annotated[
        str | None, typer.Option("--ids-from", metavar="FILE", help="The members; - is stdin.")
    ] = None,
    combine: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Two selections.")
    ] = None,
    op: Operator = None,
    description: Description = None,
) -> None:
    """Make a selection: a stored filter, a list, or a combination of two.

    leadctl selection create "Warm leads" --where "lead_status = contacting"
    leadctl selection create "Both" --combine "Hot leads" --combine "Trade fair" --op intersection
    """
    from leadctl.cli import ids
    from leadctl.cli.choosing import parse_all

    call = ctx.obj
    parse_all(where or ())
    record = call.crm.selections.create(
        name,
        entity=entity,
        where=where or (),
        static=static,
        ids=None if ids_from is None else list(ids.read(ids_from)),
        combine=combine or (),
        op=op,
        description=description,
        options=call.write_options(),
    )
    call.print_record(record, "selection")


@verb(app, "show", lists=True, prints="members")
def show(ctx: typer.Context, name: Name) -> None:
    """List the members of a selection.

    leadctl selection show "Hot leads"
    leadctl selection show "Trade fair" --fields id,name,owner -f csv
    """
    call = ctx.obj
    noun, choice = call.crm.selections.members_of(name)
    call.check_members(noun.source.entity)
    call.print_list(noun, choice)


@verb(app, "list", lists=True, prints="selection")
def list_(ctx: typer.Context) -> None:
    """List selections.

    leadctl selection list
    leadctl selection list --fields name,kind,members
    """
    from leadctl.cli.fields import SELECTION

    ctx.obj.print_records(ctx.obj.crm.selections.list_all(), SELECTION, "selection")


@verb(app, "info", prints="selection")
def info(ctx: typer.Context, name: Name) -> None:
    """Show what a selection is, and how many are in it.

    leadctl selection info "Hot leads"
    leadctl selection info "Call first" -f json
    """
    ctx.obj.print_record(ctx.obj.crm.selections.info(name), "selection")


@verb(app, "add", records=True, writes=True, filters=True)
def add(ctx: typer.Context, name: Name, ids: Ids = None) -> None:
    """Add records to a static selection.

    leadctl selection add "Trade fair" 8 10
    leadctl selection add "Trade fair" --where "lead_status = qualified"
    """
    call = ctx.obj
    choice = call.choice(ids or ())
    if call.given["explain"]:
        call.explain_choice(call.crm.selections.members_of(name)[0], choice)
        return
    call.write(lambda options: call.crm.selections.add(name, choice, options))


@verb(app, "remove", records=True, writes=True, filters=True)
def remove(ctx: typer.Context, name: Name, ids: Ids = None) -> None:
    """Take records out of a static selection; the records stay.

    leadctl selection remove "Trade fair" 5
    leadctl selection remove "Trade fair" --where "retired = true" --dry-run
    """
    call = ctx.obj
    choice = call.choice(ids or ())
    if call.given["explain"]:
        call.explain_choice(call.crm.selections.members_of(name)[0], choice)
        return
    call.write(lambda options: call.crm.selections.remove(name, choice, options))


@verb(app, "edit", writes=True)
def edit(
    ctx: typer.Context,
    name: Name,
    where: Where = None,
    op: Operator = None,
    description: Description = None,
) -> None:
    """Change the filter, the operator or the description of a selection.

    leadctl selection edit "Hot leads" --where "lead_status = qualified" --where "owner = me"
    leadctl selection edit "Call first" --op intersection --description "Both lists"
    """
    from leadctl.cli.choosing import parse_all

    call = ctx.obj
    parse_all(where or ())
    call.write(
        lambda options: call.crm.selections.edit(
            name, where=where or (), op=op, description=description, options=options
        )
    )


@verb(app, "freeze", writes=True)
def freeze(ctx: typer.Context, name: Name) -> None:
    """Make a selection static, with the members it has now.

    leadctl selection freeze "Hot leads"
    leadctl selection freeze "Call first" --dry-run
    """
    call = ctx.obj
    call.write(lambda options: call.crm.selections.freeze(name, options))


@verb(app, "copy", writes=True, prints="selection")
def copy(
    ctx: typer.Context,
    name: Name,
    new_name: Annotated[str | None, typer.Argument(metavar="[NEW_NAME]")] = None,
) -> None:
    """Copy a selection; without a name the copy is called "NAME (copy)".

    leadctl selection copy "Hot leads"
    leadctl selection copy "Hot leads" "Hot leads in spring"
    """
    call = ctx.obj
    copied = call.crm.selections.copy(name, new_name, call.write_options())
    call.print_record(copied, "selection")


@verb(app, "rename", writes=True)
def rename(
    ctx: typer.Context, name: Name, new_name: Annotated[str, typer.Argument(metavar="NEW_NAME")]
) -> None:
    """Give a selection another name.

    leadctl selection rename "Trade fair" "Trade fair 2026"
    leadctl selection rename "Hot leads" "Qualified leads" --dry-run
    """
    call = ctx.obj
    call.write(lambda options: call.crm.selections.rename(name, new_name, options))


@verb(app, "delete", writes=True)
def delete(ctx: typer.Context, name: Name) -> None:
    """Delete a selection, never its members.

    leadctl selection delete "Call first" --yes
    leadctl selection delete "Call first" --dry-run
    """
    call = ctx.obj
    call.write(lambda options: call.crm.selections.delete(name, options), consent=True)
