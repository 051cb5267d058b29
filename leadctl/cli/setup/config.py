"""``leadctl config``."""

from __future__ import annotations

import sys

import typer

from leadctl import config
from leadctl.cli.fields import CONFIG, CONFIG_PATH
from leadctl.cli.options import verb

app = typer.Typer()


@verb(app, "list", lists=True, prints="config")
def list_(ctx: typer.Context) -> None:
    """List every setting of the tool with its value and where it comes from.

    leadctl config list
    leadctl config list -f json
    """
    call = ctx.obj
    records = (
        {"key": key, "value": config.without_password(setting.value), "origin": setting.origin}
        for key, setting in call.settings.items()
    )
    call.print_records(records, CONFIG)


@verb(app, "path", prints="config path")
def path(ctx: typer.Context) -> None:
    """Print the configuration files, the stronger one last, and whether they exist.

    leadctl config path
    leadctl config path -f ids
    """
    call = ctx.obj
    records = (
        {"path": str(file), "exists": file.is_file()} for file in config.files(call.given["config"])
    )
    call.print_records(records, CONFIG_PATH)


@verb(app, "example", prints="")
def example(_ctx: typer.Context) -> None:
    """Print a configuration file with every setting and its default.

    leadctl config example
    leadctl config example > leadctl.yaml
    """
    sys.stdout.write(config.example())
