"""``leadctl db``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from leadctl.cli.options import verb
from leadctl.errors import CheckFailed, Reason

app = typer.Typer()

Rule = Annotated[str | None, typer.Option(metavar="NAME", help="One rule only.")]
Explain = Annotated[
    bool, typer.Option("--explain", help="Show the SQL that finds what breaks the rules.")
]
File = Annotated[str, typer.Argument(metavar="FILE")]


@verb(app, "info", prints="db info")
def info(ctx: typer.Context) -> None:
    """Show the file: its schema, its size, and how much is in it.

    leadctl db info
    leadctl db info -f json
    """
    call = ctx.obj
    call.print_record(call.crm.db.info())


@verb(app, "migrate", prints="db migrate")
def migrate(ctx: typer.Context) -> None:
    """Bring the file to the schema of this leadctl; a copy is made beside it first.

    leadctl db migrate
    leadctl db migrate -f json
    """
    from leadctl.config import DATA_OPTIONS
    from leadctl.core.copies import migrate as bring

    call = ctx.obj
    settings = {key: call.settings[key].value for key in DATA_OPTIONS}
    done = bring(call.path, settings=settings, **_way(call))
    call.warn_of_writers()
    if call.format not in ("table", "markdown"):
        call.print_record(done)
        return
    if done["copy"] is not None:
        kept = {"name": Path(done["copy"]).name}
        call.notice(Reason("", "what was there is kept beside it as {name}", details=kept))
    template = "unchanged: {path} has schema {to}"
    if done["changed"]:
        template = "{path} has schema {to} now"
    call.notice(Reason("", template, details=done))


@verb(app, "check", prints="db check")
def check(ctx: typer.Context, rule: Rule = None, explain: Explain = False) -> None:
    """Check what must hold in the file, rule by rule; exit code 8 when something does not.

    leadctl db check
    leadctl db check --rule figures --explain
    """
    from leadctl.cli.fields import DB_CHECK
    from leadctl.core.checks import chosen_rules

    call = ctx.obj
    chosen_rules(rule)
    if explain:
        for name, sql in call.crm.db.explain(rule):
            print(f"-- {name}\n{sql};")
        return
    findings = call.crm.db.check(rule)
    call.print_records([found.record(call.translate) for found in findings], DB_CHECK)
    broken = [found for found in findings if not found.ok]
    for found in broken:
        call.notice(found.told())
    if broken:
        raise CheckFailed(
            "{count} of {rules} rules do not hold",
            hint="db check --rule NAME --explain shows the SQL that finds what breaks one",
            count=len(broken),
            rules=len(findings),
            broken=[found.rule.rule for found in broken],
        )


@verb(app, "vacuum", prints="db vacuum")
def vacuum(ctx: typer.Context) -> None:
    """Build the file anew, without unused room in it.

    leadctl db vacuum
    leadctl db vacuum -f json
    """
    call = ctx.obj
    call.print_record(call.crm.db.vacuum())


@verb(app, "backup", prints="db backup")
def backup(ctx: typer.Context, file: File) -> None:
    """Write a verified copy of the file, also while others write to it; nothing is written over.

    leadctl db backup leads-2026-05-01.db
    leadctl db backup spare.db -f json
    """
    call = ctx.obj
    call.print_record(call.crm.db.backup(file))


@verb(app, "restore", writes=True)
def restore(ctx: typer.Context, file: File) -> None:
    """Put a backup in the place of the file; what was there is kept beside it.

    leadctl db restore backup.db --yes
    leadctl db restore backup.db --dry-run
    """
    from leadctl.core.copies import restore as put_back

    call = ctx.obj
    way = _way(call) | {"user": call.settings["user"].value or None, "today": call.today}
    call.write(lambda options: put_back(call.path, file, options, **way), consent=True)
    call.warn_of_writers()


@verb(app, "export", prints="db export")
def export(ctx: typer.Context, folder: Annotated[str, typer.Argument(metavar="DIR")]) -> None:
    """Write every table into a new folder, as NDJSON, nothing left out.

    leadctl db export dump
    leadctl db export dump -f json
    """
    from leadctl.cli.fields import DB_EXPORT

    call = ctx.obj
    call.print_records(call.crm.db.export(folder), DB_EXPORT)


@verb(app, "copy", prints="db copy")
def copy(
    ctx: typer.Context,
    source: Annotated[
        str, typer.Argument(metavar="SRC", help="A file, or the address of a database.")
    ],
    target: Annotated[
        str, typer.Argument(metavar="DST", help="A new file, or the address of an empty database.")
    ],
) -> None:
    """Copy all data into a new database: from a file to a PostgreSQL server, back, or alike.

    An interrupted copy leaves nothing and is run again. Neither SRC nor DST is taken from --db.

    leadctl db copy leads.db second.db
    leadctl db copy leads.db second.db -f json
    """
    from leadctl.cli.call import place
    from leadctl.cli.progress import Progress
    from leadctl.core.copying import copy as copy_all

    call = ctx.obj
    origin, goal = place(source, "SRC"), place(target, "DST")
    with Progress(call) as progress:
        done = copy_all(origin, goal, told=progress, **_way(call))
    call.print_record(done)


@verb(app, "prune", writes=True)
def prune(
    ctx: typer.Context,
    older_than: Annotated[str, typer.Option(metavar="D", help="30d, 6w, 24m, 1y.")],
) -> None:
    """Drop the history of old changes: they cannot be undone any more.

    leadctl db prune --older-than 24m --dry-run
    leadctl db prune --older-than 1y --yes
    """
    from leadctl.core.given import duration_of

    call = ctx.obj
    duration_of(older_than)
    call.write(lambda options: call.crm.db.prune(older_than, options), consent=True)


@verb(app, "datasette-metadata", prints="")
def datasette_metadata(ctx: typer.Context) -> None:
    """Print metadata for Datasette as JSON: names for the views, a query per selection.

    leadctl db datasette-metadata
    leadctl db datasette-metadata > metadata.json
    """
    call = ctx.obj
    if call.format in ("table", "markdown"):
        call.format = "json"
    call.print_record(call.crm.datasette_metadata())


def _way(call: Any) -> dict[str, Any]:
    """How files are opened that the call itself does not open."""
    return {name: call.settings[name].value for name in ("lock_wait", "synchronous")}
