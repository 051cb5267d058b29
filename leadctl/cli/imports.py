"""The options of ``import`` and how it is run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from leadctl.errors import UsageError

if TYPE_CHECKING:
    from leadctl.cli.call import Call

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


def run_import(call: Call, entity: str, match: str | None, **settings: Any) -> None:
    """Run an import and print its report."""
    from leadctl.core.imports import ImportFile, run_import

    if match is not None and not match.strip():
        raise UsageError("--match names no field")
    fields = tuple(part.strip().lower() for part in match.split(",")) if match else ()
    source = ImportFile(match=fields, **settings)
    call.write(lambda options: run_import(call.crm, entity, source, options))
