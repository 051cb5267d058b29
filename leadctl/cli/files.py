"""``leadctl init`` and ``leadctl demo``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from leadctl.cli.options import verb
from leadctl.config import DATA_OPTIONS, is_address, without_password
from leadctl.errors import Reason

app = typer.Typer()
_ALREADY = "{path} is a leadctl file already"


@verb(app, "init", prints="init")
def init(
    ctx: typer.Context,
    bare: Annotated[bool, typer.Option("--bare", help="Without the built-in categories.")] = False,
    setup: Annotated[
        str | None, typer.Option(metavar="FILE", help="Apply a setup file to the new file.")
    ] = None,
) -> None:
    """Make a new file with the built-in lists. A leadctl file is left as it is.

    leadctl init
    leadctl --db sales.db init --bare
    """
    from leadctl.core.files import init as make

    call = ctx.obj
    first_values = {key: call.settings[key].value for key in DATA_OPTIONS}
    path = without_password(str(call.path))
    made = make(call.path, bare=bare, settings=first_values, setup=setup)
    if call.format in ("table", "markdown"):
        already = "{path} has leadctl data already" if is_address(path) else _ALREADY
        template = "{path} is ready" if made else already
        call.notice(Reason("", template, details={"path": path}))
    else:
        call.print_record({"path": path, "created": made})


@verb(app, "demo", prints="")
def demo(
    ctx: typer.Context, path: Annotated[str | None, typer.Argument(metavar="PATH")] = None
) -> None:
    """Make a sample file and run the main job on it, showing each command and its output.

    leadctl demo
    leadctl demo sample.db
    """
    import tempfile

    from leadctl.cli.demo import run

    call = ctx.obj
    path = path or call.given["db"]
    file = path or Path(tempfile.mkdtemp(prefix="leadctl-")) / "demo.db"
    run(file, call.language)
    call.notice(Reason("", "the sample file is {path}", details={"path": str(file)}))
