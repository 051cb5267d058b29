"""``leadctl company``."""

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
    Website,
    WholeWord,
    With,
    related,
    replacement,
    something_named,
)
from leadctl.errors import Reason, no_value

app = typer.Typer()
_MOST_HITS = 5


@verb(app, "add", writes=True, prints="company")
def add(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME")],
    category: Category = None,
    owner: Owner = None,
    country: Country = None,
    email: Email = None,
    phone: Phone = None,
    website: Website = None,
    external_id: ExternalId = None,
) -> None:
    """Add a company.

    leadctl company add "New Harbour" --category lead
    leadctl company add "Sol Energi" --owner anna --country NO --website sol.example --external-id A-9
    """
    call = ctx.obj
    warn = call.settings["similar_names"].value and not call.quiet
    hits = call.crm.companies.similar(name) if warn else []
    record = call.crm.companies.add(
        name,
        category=category,
        owner=owner,
        country=country,
        email=email,
        phone=phone,
        website=website,
        external_id=external_id,
        options=call.write_options(),
    )
    if hits:
        names = [f"{hit.id} {hit.name}" for hit in hits[:_MOST_HITS]]
        call.notice(Reason("", "companies with a similar name: {names}", details={"names": names}))
    call.print_shown("company", record)


@verb(app, "show", prints="company")
def show(
    ctx: typer.Context, id: Annotated[str, typer.Argument(metavar="ID")], more: With = None
) -> None:
    """Show a company and its people.

    leadctl company show 1
    leadctl company show ext:A-1 --with people,opportunities -f json
    """
    call = ctx.obj
    wanted = related(more)
    word = call.id(id)
    call.print_shown("company", call.crm.companies.show(word), wanted, related=True)


@verb(app, "list", records=True, lists=True, prints="company")
def list_(ctx: typer.Context, ids: Ids = None) -> None:
    """List companies.

    leadctl company list --where "category_group = 'potential customer'" --sort name
    leadctl company list --group-by country -f csv
    """
    call = ctx.obj
    choice = call.choice(ids or (), default_all=True)
    call.print_list(call.crm.companies, choice)


@verb(app, "edit", records=True, writes=True)
def edit(
    ctx: typer.Context,
    ids: Ids = None,
    name: Annotated[str | None, typer.Option(metavar="N")] = None,
    category: Category = None,
    owner: Owner = None,
    country: Country = None,
    email: Email = None,
    phone: Phone = None,
    website: Website = None,
    external_id: ExternalId = None,
    replace: Replace = None,
    whole_word: WholeWord = False,
    case: Case = False,
) -> None:
    """Change companies: only the fields named change.

    leadctl company edit 1 2 --owner anna --country NO
    leadctl company edit --where "country is null" --country NO --dry-run
    """
    call = ctx.obj
    choice = call.choice(ids or ())
    values: dict[str, Any] = {
        "name": name,
        "category": category,
        "owner": owner,
        "country": country,
        "email": email,
        "phone": phone,
        "website": website,
        "external_id": external_id,
        "replace": replacement("company", replace, whole_word, case),
    }
    something_named(values)
    call.write(lambda options: call.crm.companies.edit(choice, **values, options=options))


@verb(app, "set-category", records=True, writes=True)
def set_category(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]... CATEGORY", help="IDs, then the category.")
    ] = None,
    to: Annotated[
        str | None, typer.Option(metavar="CATEGORY", help="Then all words are IDs.")
    ] = None,
) -> None:
    """Give companies a category; the lead status of their people follows the rules.

    leadctl company set-category 1 2 customer
    leadctl company set-category --where "category = lead and owner = ben" mql --expect 1..50
    """
    call = ctx.obj
    choice, category = call.words_and_last(words or (), to, "category")
    call.write(lambda options: call.crm.companies.set_category(choice, category, options))


@verb(app, "next-category", records=True, writes=True)
def next_category(ctx: typer.Context, ids: Ids = None) -> None:
    """Move companies to the next category of the list.

    leadctl company next-category 3
    leadctl company next-category --where "category = lead" --dry-run
    """
    call = ctx.obj
    choice = call.choice(ids or ())
    call.write(lambda options: call.crm.companies.next_category(choice, options))


@verb(app, "delete", records=True, writes=True)
def delete(
    ctx: typer.Context,
    ids: Ids = None,
    people: Annotated[
        str | None, typer.Option(metavar="delete|keep", help="What becomes of their people.")
    ] = None,
) -> None:
    """Delete companies; change undo brings them back.

    leadctl company delete 8 --yes
    leadctl company delete 5 --people keep --dry-run
    """
    call = ctx.obj
    choice = call.choice(ids or ())
    if people not in (None, "delete", "keep"):
        raise no_value("--people", people, ("delete", "keep"))
    call.write(
        lambda options: call.crm.companies.delete(choice, people=people, options=options),
        consent=True,
    )


@verb(app, "history", prints="history")
def history(ctx: typer.Context, id: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Every change of a company, newest first.

    leadctl company history 1
    leadctl company history ext:A-1 --fields at,field,old,new
    """
    call = ctx.obj
    word = call.id(id)
    call.print_history(call.crm.companies.history(word))


import_verb(
    app,
    "company",
    """Import companies from a file whose headers are field names, or by a recipe.

leadctl company import companies.csv --match external_id
leadctl company import accounts.csv --map accounts-recipe.yaml --match name --dry-run
""",
)
