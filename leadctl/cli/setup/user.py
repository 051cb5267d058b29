"""``leadctl user``."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from leadctl.cli.imports import import_verb
from leadctl.cli.options import verb
from leadctl.cli.params import Email
from leadctl.cli.setup.shown import Key, Name, NewName
from leadctl.model import Choice

app = typer.Typer()

Group = Annotated[str | None, typer.Option(metavar="G", help="The group of the user.")]


@verb(app, "add", writes=True, prints="user")
def add(ctx: typer.Context, name: Name, email: Email = None, group: Group = None) -> None:
    """Add a user.

    leadctl user add "Ida Dal" --email ida@example.com --group north
    leadctl user add Jonas
    """
    call = ctx.obj
    users = call.crm.users
    record = users.add(name, email=email, group=group, options=call.write_options())
    call.print_item(users, record)


@verb(app, "edit", writes=True)
def edit(
    ctx: typer.Context,
    key: Key,
    name: NewName = None,
    email: Email = None,
    group: Group = None,
    away: Annotated[bool | None, typer.Option("--away/--back")] = None,
    active: Annotated[bool | None, typer.Option("--active/--inactive")] = None,
) -> None:
    """Change a user.

    leadctl user edit ben --away
    leadctl user edit anna --email anna.berg@example.com --group south
    """
    call = ctx.obj
    values: dict[str, Any] = {
        "name": name,
        "email": email,
        "group": group,
        "away": away,
        "active": active,
    }
    call.write(lambda options: call.crm.users.edit(key, **values, options=options))


@verb(app, "list", lists=True, prints="user")
def list_(ctx: typer.Context) -> None:
    """List users.

    leadctl user list
    leadctl user list --sort name --fields key,name,group
    """
    ctx.obj.print_list(ctx.obj.crm.users, Choice(all=True))


@verb(app, "show", prints="user")
def show(ctx: typer.Context, key: Key) -> None:
    """Show a user.

    leadctl user show anna
    leadctl user show Ben -f json
    """
    ctx.obj.print_item(ctx.obj.crm.users, ctx.obj.crm.users.show(key))


@verb(app, "delete", writes=True)
def delete(ctx: typer.Context, key: Key) -> None:
    """Delete a user to whom nothing belongs.

    leadctl user delete cleo --yes
    leadctl user delete cleo --dry-run
    """
    call = ctx.obj
    call.write(lambda options: call.crm.users.delete(key, options), consent=True)


import_verb(
    app,
    "user",
    """Import users from a file whose headers are field names, or by a recipe.

leadctl user import users.csv --match name
leadctl user import users.csv --match name --dry-run
""",
)
