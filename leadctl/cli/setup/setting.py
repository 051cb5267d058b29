"""``leadctl setting``."""

from __future__ import annotations

from typing import Annotated

import typer

from leadctl import config
from leadctl.cli.fields import SETTING
from leadctl.cli.options import verb

app = typer.Typer()

Key = Annotated[str, typer.Argument(metavar="KEY")]


@verb(app, "list", lists=True, prints="setting")
def list_(ctx: typer.Context) -> None:
    """List the settings of the data.

    leadctl setting list
    leadctl setting list -f json
    """
    ctx.obj.print_records(ctx.obj.crm.settings.list(), SETTING)


@verb(app, "get", prints="setting")
def get(ctx: typer.Context, key: Key) -> None:
    """Print the value of one setting.

    leadctl setting get currency
    leadctl setting get lead_status.reentry
    """
    call = ctx.obj
    value = call.crm.settings.get(key)
    if call.format == "table":
        print(str(value).lower() if isinstance(value, bool) else value)
    else:
        call.print_record({"key": key.strip().lower(), "value": value})


@verb(app, "set", writes=True)
def set_(
    ctx: typer.Context, key: Key, value: Annotated[str, typer.Argument(metavar="VALUE")]
) -> None:
    """Change a setting for all who use the file.

    leadctl setting set lead_status.reentry keep
    leadctl setting set default_cycle key_accounts
    """
    call = ctx.obj
    option = config.DATA_OPTIONS.get(key.strip().lower())
    if option is not None and not option.item:
        config.parse_value(option, value)
    call.write(lambda options: call.crm.settings.set(key, value, options))
