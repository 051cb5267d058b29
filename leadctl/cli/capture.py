"""``leadctl capture``."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leadctl.cli.fields import CAPTURED
from leadctl.cli.options import verb
from leadctl.cli.params import Ids
from leadctl.errors import NotFound, Partial, UsageError

if TYPE_CHECKING:
    from leadctl.cli.call import Call
    from leadctl.model import Record

app = typer.Typer()

Id = Annotated[str, typer.Argument(metavar="ID", help="The number of the submission.")]


@verb(app, "submit", writes=True, prints="captured")
def submit(
    ctx: typer.Context,
    form: Annotated[str, typer.Argument(metavar="FORM", help="The name of the form.")],
    file: Annotated[
        str | None, typer.Argument(metavar="[FILE|-]", help="Standard input by default.")
    ] = None,
    data: Annotated[
        list[str] | None, typer.Option("--data", metavar="K=V", help="Repeatable, without a file.")
    ] = None,
) -> None:
    """Store what a form has sent, then process it: a JSON object, one per line, or a form's body.

    leadctl capture submit "Contact us" --data email=liv@example.com --data "name=Liv Holm"
    leadctl capture submit "Contact us" - < body.urlencoded
    """
    from leadctl.rules.payload import split_body

    call = ctx.obj
    if data and file is not None:
        raise UsageError("--data and a file exclude each other")
    body = _pairs(data) if data else _read(file or "-")
    payloads = split_body(body)
    records = call.crm.captures.submit(form, body, call.write_options())
    if len(payloads) == 1:
        _print(call, records[0])
        return
    call.print_records(records, CAPTURED)
    _tell_failed(records)


@verb(app, "list", records=True, lists=True, prints="capture", filters=True)
def list_(
    ctx: typer.Context,
    ids: Ids = None,
    status: Annotated[
        list[str] | None,
        typer.Option(metavar="submitted|processed|failed|rejected", help="Repeatable."),
    ] = None,
) -> None:
    """List submissions; submitted ones wait for capture process.

    leadctl capture list --status submitted --status failed
    leadctl capture list --where "form = 'Contact us' and at newer than 7d" -f ids
    """
    from leadctl.core.values import choice_of
    from leadctl.model import CaptureStatus

    call = ctx.obj
    keys = [choice_of(CaptureStatus, word, "--status") for word in status or ()]
    choice = call.choice(ids or (), default_all=True)
    if keys:
        also = f"status in ({', '.join(keys)})"
        choice = choice._replace(all=False, where=(*choice.where, also))
    if call.given["explain"]:
        call.explain_choice(call.crm.captures, choice)
    else:
        call.print_list(call.crm.captures, choice)


@verb(app, "show", prints="capture")
def show(ctx: typer.Context, id: Id) -> None:
    """Show a submission with what was sent, as it came.

    leadctl capture show 7
    leadctl capture show 1 -f json
    """
    call = ctx.obj
    word = call.id(id)
    call.print_record(call.crm.captures.show(word), "capture")


@verb(app, "process", writes=True, prints="captured")
def process(
    ctx: typer.Context,
    id: Id,
    person: Annotated[str | None, typer.Option(metavar="ID", help="Who it is by.")] = None,
    create: Annotated[bool, typer.Option("--create", help="Add the person.")] = False,
) -> None:
    """Process a submission that waits or has failed.

    leadctl capture process 7 --create
    leadctl capture process 6 --person 1
    """
    call = ctx.obj
    word = call.id(id)
    who = None if person is None else call.id(person)
    if create and who is not None:
        raise UsageError("{one} and {other} exclude each other", one="--create", other="--person")
    options = call.write_options()
    _print(call, call.crm.captures.process(word, person_id=who, create=create, options=options))


@verb(app, "retry", writes=True, prints="captured")
def retry(ctx: typer.Context, id: Id) -> None:
    """Process a failed submission again, as its form says.

    leadctl capture retry 8
    leadctl capture retry 8 --dry-run
    """
    call = ctx.obj
    word = call.id(id)
    _print(call, call.crm.captures.retry(word, call.write_options()))


@verb(app, "reject", writes=True)
def reject(ctx: typer.Context, id: Id) -> None:
    """Reject a submission: nobody is made of it, what was sent is kept.

    leadctl capture reject 7 --yes
    leadctl capture reject 7 --reason spam --dry-run
    """
    call = ctx.obj
    word = call.id(id)
    call.write(lambda options: call.crm.captures.reject(word, options), consent=True)


def _print(call: Call, record: Record) -> None:
    call.print_record(record, "capture")
    _tell_failed([record])


def _tell_failed(records: list[Record]) -> None:
    """Raise Partial (exit 5) where submissions are stored but could not be processed."""
    failed = [record for record in records if record["status"] == "failed"]
    if failed:
        raise Partial(
            "{failed} of {looked_at} submissions could not be processed; the first: {problem}",
            code="capture_failed",
            hint="they are stored: capture list --status failed, then capture retry",
            failed=len(failed),
            looked_at=len(records),
            problem=failed[0]["message"],
        )


def _pairs(data: list[str]) -> str:
    pairs: dict[str, Any] = {}
    for word in data:
        key, equals, value = word.partition("=")
        if not (key and equals):
            raise UsageError("{word} is not KEY=VALUE", word=word)
        pairs[key] = value
    return json.dumps(pairs, ensure_ascii=False)


def _read(name: str) -> bytes:
    """What a file holds, ``-`` for standard input; one byte more than is allowed at most."""
    from leadctl.cli.call import is_terminal
    from leadctl.rules.payload import LARGEST_BODY

    if name == "-" and (sys.stdin is None or is_terminal(sys.stdin)):
        raise UsageError("there is nothing to submit", hint="name a file, pipe one in, or --data")
    try:
        if name == "-":
            return sys.stdin.buffer.read(LARGEST_BODY + 1)
        with open(name, "rb") as file:
            return file.read(LARGEST_BODY + 1)
    except OSError as problem:
        raise NotFound(
            "{path} cannot be read: {problem}", path=name, problem=problem.strerror
        ) from problem
