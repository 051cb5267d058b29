"""``leadctl batch``: many commands in one process, one transaction, and one change."""

from __future__ import annotations

from typing import Annotated

import typer

from leadctl.cli.options import verb
from leadctl.errors import LeadctlError
from leadctl.model import Report, WriteOptions

app = typer.Typer()


@verb(app, "batch", writes=True, prints="batch")
def batch(
    ctx: typer.Context,
    file: Annotated[
        str, typer.Argument(metavar="FILE|-", help="The commands; - for standard input.")
    ],
) -> None:
    """Run the commands of a file as one change: a failing line takes all of them back.

    One command per line, as typed after leadctl; # begins a comment. Or NDJSON with {"args": [...]}.

    leadctl batch commands.txt --keep-going
    leadctl batch - --dry-run < commands.txt
    """
    from leadctl.cli.lines import read_lines
    from leadctl.cli.running import Run, print_run

    call = ctx.obj
    lines = read_lines(file)
    options = call.write_options()
    agreed = bool(call.given["yes"])
    if not (options.dry_run or agreed):

        def try_out(preview: WriteOptions) -> Report:
            with Run(call, preview, agreed=True, silent=True) as run:
                return run.go(lines)

        asked, _ = call.asked(try_out, options, False)
        options, agreed = asked, asked is not options
    with Run(call, options, agreed=agreed or options.dry_run) as run:
        try:
            run.go(lines)
        except LeadctlError:
            print_run(call, run, len(lines))
            raise
        print_run(call, run, len(lines))
        left_out = run.left_out(len(lines))
        if left_out is not None:
            raise left_out
