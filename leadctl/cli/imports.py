"""The options of ``import`` and how it is run."""

from __future__ import annotations

from typing import Annotated

import typer

from leadctl.cli.options import verb
from leadctl.errors import UsageError

File = Annotated[str, typer.Argument(metavar="FILE|-", help="The file; - for standard input.")]
Match = Annotated[
    str | None,
    typer.Option(metavar="FIELD,FIELD", help="Update the record that has the same values."),
]
OnMatch = Annotated[str, typer.Option(metavar="update|skip|refuse", help="What to do with it.")]
CreateCompanies = Annotated[
    bool, typer.Option("--create-companies", help="Add companies that are named but missing.")
]
Rejects = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="With --keep-going: where the bad rows go."),
]
Delimiter = Annotated[str | None, typer.Option(metavar="CHARACTER", help="Detected otherwise.")]
Encoding = Annotated[str | None, typer.Option(metavar="NAME", help="Detected otherwise.")]


InputFormat = Annotated[
    str | None,
    typer.Option(metavar="csv|tsv|json|ndjson", help="By the ending of the name otherwise."),
]
Map = Annotated[
    str | None, typer.Option("--map", metavar="RECIPE.yaml", help="Which column is what.")
]
CreateUsers = Annotated[bool, typer.Option("--create-users", help="Add owners that are missing.")]


def import_verb(app: typer.Typer, entity: str, help: str) -> None:
    """Register ``import`` for a noun; all of them take the same options."""

    @verb(app, "import", writes=True)
    def import_(
        ctx: typer.Context,
        file: File,
        input_format: InputFormat = None,
        recipe: Map = None,
        match: Match = None,
        on_match: OnMatch = "update",
        create_companies: CreateCompanies = False,
        create_users: CreateUsers = False,
        rejects: Rejects = None,
        delimiter: Delimiter = None,
        encoding: Encoding = None,
    ) -> None:
        from leadctl.core.imports import ImportFile, run_import

        call = ctx.obj
        if match is not None and not match.strip():
            raise UsageError("--match names no field")
        source = ImportFile(
            file,
            match=tuple(part.strip().lower() for part in match.split(",")) if match else (),
            on_match=on_match,
            create_companies=create_companies,
            rejects=rejects,
            delimiter=delimiter,
            encoding=encoding,
            input_format=input_format,
            recipe=recipe,
            create_users=create_users,
        )
        call.write(lambda options: run_import(call.crm, entity, source, options))

    import_.__doc__ = help
