"""``leadctl person``."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from leadctl.cli.imports import import_verb
from leadctl.cli.options import verb
from leadctl.cli.params import (
    Case,
    Category,
    Country,
    Email,
    ExternalId,
    Ids,
    Owner,
    Phone,
    Replace,
    WholeWord,
    With,
    related,
    replacement,
    something_named,
)

app = typer.Typer()

FirstName = Annotated[str | None, typer.Option(metavar="F")]
LastName = Annotated[str | None, typer.Option(metavar="L")]
Company = Annotated[str | None, typer.Option(metavar="ID|NAME", help="none: no company.")]
Status = Annotated[str | None, typer.Option("--lead-status", metavar="S", help="Key or name.")]
Title = Annotated[str | None, typer.Option(metavar="T")]


@verb(app, "add", writes=True, prints="person")
def add(
    ctx: typer.Context,
    first_name: FirstName = None,
    last_name: LastName = None,
    company: Company = None,
    category: Category = None,
    lead_status: Status = None,
    owner: Owner = None,
    email: Email = None,
    phone: Phone = None,
    title: Title = None,
    country: Country = None,
    external_id: ExternalId = None,
) -> None:
    """Add a person.

    leadctl person add --first-name Lise --last-name Dahl --company "Acme Corporation"
    leadctl person add --last-name Vik --category lead --email vik@example.com --lead-status contacting
    """
    call = ctx.obj
    record = call.crm.people.add(
        first_name=first_name,
        last_name=last_name,
        company=company,
        category=category,
        lead_status=lead_status,
        owner=owner,
        email=email,
        phone=phone,
        title=title,
        country=country,
        external_id=external_id,
        options=call.write_options(),
    )
    call.print_shown("person", record)


@verb(app, "show", prints="person")
def show(
    ctx: typer.Context, id: Annotated[str, typer.Argument(metavar="ID")], more: With = None
) -> None:
    """Show a person.

    leadctl person show 7
    leadctl person show ext:P-1 --fields name,lead_status,lead_status_reason
    """
    call = ctx.obj
    wanted = related(more)
    word = call.id(id)
    call.print_shown("person", call.crm.people.show(word), wanted, related=True)


@verb(app, "list", records=True, lists=True, prints="person")
def list_(ctx: typer.Context, ids: Ids = None) -> None:
    """List people; retired ones only with --retired.

    leadctl person list --where "lead_status = open and status_age > 30" --sort -status_age
    leadctl person list --retired --group-by lead_status -f csv
    """
    call = ctx.obj
    choice = call.choice(ids or (), default_all=True)
    call.print_list(call.crm.people, choice)


@verb(app, "edit", records=True, writes=True)
def edit(
    ctx: typer.Context,
    ids: Ids = None,
    first_name: FirstName = None,
    last_name: LastName = None,
    company: Company = None,
    category: Category = None,
    lead_status: Status = None,
    owner: Owner = None,
    email: Email = None,
    phone: Phone = None,
    title: Title = None,
    country: Country = None,
    external_id: ExternalId = None,
    replace: Replace = None,
    whole_word: WholeWord = False,
    case: Case = False,
) -> None:
    """Change people: only the fields named change.

    leadctl person edit 7 --title "Head of Sales"
    leadctl person edit --all --replace email acme.example acme.example.com --dry-run
    """
    call = ctx.obj
    choice = call.choice(ids or ())
    values: dict[str, Any] = {
        "first_name": first_name,
        "last_name": last_name,
        "company": company,
        "category": category,
        "lead_status": lead_status,
        "owner": owner,
        "email": email,
        "phone": phone,
        "title": title,
        "country": country,
        "external_id": external_id,
        "replace": replacement("person", replace, whole_word, case),
    }
    something_named(values)
    call.write(lambda options: call.crm.people.edit(choice, **values, options=options))


@verb(app, "set-status", records=True, writes=True)
def set_status(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]... STATUS", help="IDs, then the status.")
    ] = None,
    to: Annotated[
        str | None, typer.Option(metavar="STATUS", help="Then all words are IDs.")
    ] = None,
) -> None:
    """Set the lead status of people; who has none that applies is skipped with the reason.

    leadctl person set-status 10 11 contacting
    leadctl person list --where "lead_status = qualified" -f ids | leadctl person set-status --ids-from - open
    """
    call = ctx.obj
    choice, status = call.words_and_last(words or (), to, "status")
    call.write(lambda options: call.crm.people.set_status(choice, status, options))


@verb(app, "move", records=True, writes=True)
def move(
    ctx: typer.Context,
    ids: Ids = None,
    company: Annotated[str, typer.Option(metavar="ID|NAME|none", help="Where to.")] = ...,  # type: ignore[assignment]
) -> None:
    """Move people to a company, or out of theirs with none.

    leadctl person move 7 --company "Acme Corporation"
    leadctl person move 7 8 --company none --dry-run
    """
    call = ctx.obj
    choice = call.choice(ids or ())
    call.write(lambda options: call.crm.people.move(choice, company, options))


@verb(app, "merge", writes=True)
def merge(
    ctx: typer.Context,
    source: Annotated[str, typer.Argument(metavar="SOURCE")],
    into: Annotated[str, typer.Option(metavar="TARGET", help="Who stays.")] = ...,  # type: ignore[assignment]
) -> None:
    """Merge a person into another, whose values win; the source is deleted.

    leadctl person merge 12 --into 13 --yes
    leadctl person merge ext:P-1 --into ext:P-2 --dry-run
    """
    call = ctx.obj
    call.write(lambda options: call.crm.people.merge(source, into, options), consent=True)


@verb(app, "retire", records=True, writes=True)
def retire(
    ctx: typer.Context,
    ids: Ids = None,
    undo: Annotated[bool, typer.Option("--undo", help="They are back.")] = False,
) -> None:
    """Mark people as retired: they keep everything, and lists leave them out.

    leadctl person retire 7 --reason "has left the company"
    leadctl person retire 9 --undo
    """
    call = ctx.obj
    choice = call.choice(ids or ())
    call.write(lambda options: call.crm.people.retire(choice, undo=undo, options=options))


@verb(app, "delete", records=True, writes=True)
def delete(ctx: typer.Context, ids: Ids = None) -> None:
    """Delete people; change undo brings them back.

    leadctl person delete 14 15 --yes
    leadctl person delete --where "email is null" --max-changes 100 --dry-run
    """
    call = ctx.obj
    choice = call.choice(ids or ())
    call.write(lambda options: call.crm.people.delete(choice, options), consent=True)


@verb(app, "distribute", records=True, writes=True)
def distribute(
    ctx: typer.Context,
    ids: Ids = None,
    to: Annotated[
        str | None, typer.Option(metavar="U1,U2", help="Users, in the order of their turns.")
    ] = None,
    group: Annotated[
        str | None, typer.Option(metavar="G", help="The users of a group instead.")
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Also people who have an owner.")
    ] = False,
    fallback: Annotated[
        str | None, typer.Option(metavar="U", help="Who gets all when nobody is available.")
    ] = None,
) -> None:
    """Give people without owner one in turn; away and inactive users are skipped.

    leadctl person distribute --where "category = lead" --to anna,ben
    leadctl person distribute --where "owner is null" --group north --fallback cleo --dry-run
    """
    from leadctl.core.distributing import check_targets

    call = ctx.obj
    choice = call.choice(ids or ())
    users = None if to is None else [word.strip() for word in to.split(",") if word.strip()]
    check_targets(users, group)
    call.write(
        lambda options: call.crm.people.distribute(
            choice,
            to=users,
            group=group,
            overwrite=overwrite,
            fallback=fallback,
            options=options,
        )
    )


@verb(app, "erase", writes=True)
def erase(ctx: typer.Context, id: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Erase the data of a person for good, also from the history; it cannot be undone.

    leadctl person erase 7 --dry-run
    leadctl person erase 7 --yes
    """
    call = ctx.obj
    word = call.id(id)
    call.write(lambda options: call.crm.people.erase(word, options), consent=True)


@verb(app, "history", prints="history")
def history(ctx: typer.Context, id: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Every change of a person, newest first.

    leadctl person history 7
    leadctl person history 7 --fields at,user,old,new
    """
    call = ctx.obj
    word = call.id(id)
    call.print_history(call.crm.people.history(word))


import_verb(
    app,
    "person",
    """Import people from a file whose headers are field names, or by a recipe.

leadctl person import people.csv --match external_id
leadctl person import people.csv --match email --create-companies --keep-going --rejects bad.csv
""",
)
