"""``leadctl setup``."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from leadctl.cli.options import verb

app = typer.Typer()


@verb(app, "apply", writes=True)
def apply(
    ctx: typer.Context, file: Annotated[str, typer.Argument(metavar="FILE", help="A YAML file.")]
) -> None:
    """Bring lists, rules and settings to what a YAML file says; what it leaves out stays.

    leadctl setup apply setup.yaml --dry-run
    leadctl setup apply setup.yaml --reason "new stages"
    """
    call = ctx.obj
    call.write(lambda options: call.crm.setup.apply(file, options))


@verb(app, "export", prints="setup")
def export(ctx: typer.Context) -> None:
    """Print lists, rules and settings as YAML that setup apply reads.

    leadctl setup export > setup.yaml
    leadctl setup export -f json
    """
    call = ctx.obj
    if call.fields or call.format not in ("table", "yaml"):
        call.print_record(call.crm.setup.content())
    else:
        sys.stdout.write(call.crm.setup.export())
