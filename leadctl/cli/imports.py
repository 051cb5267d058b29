"""The options of ``import`` and how it is run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

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


def run_import(
    call: Call,
    entity: str,
    file: str,
    match: str | None,
    on_match: str,
    rejects: str | None,
    delimiter: str | None,
    encoding: str | None,
    create_companies: bool = False,
) -> None:
    """Run an import and print its report."""
    from leadctl.core.imports import ImportFile, run_import

    if match is not None and not match.strip():
        raise UsageError("--match names no field")
    source = ImportFile(
        file,
        tuple(part.strip().lower() for part in match.split(",")) if match else (),
        on_match,
        create_companies,
        rejects,
        delimiter,
        encoding,
    )
    call.write(lambda options: run_import(call.crm, entity, source, options))
