"""The options that verbs share, as data, and the command class that adds them to a verb.

A verb's function declares only what is its own; ``verb(...)`` says which sets of shared options it
takes besides. Global options are accepted after the verb as well: they are hidden options there.
"""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import typer
from typer import TyperException
from typer.core import TyperCommand, TyperOption

from leadctl.config import FORMATS, LANGUAGES
from leadctl.errors import (
    Busy,
    DatabaseError,
    Interrupted,
    LeadctlError,
    Unavailable,
    UsageError,
)

if TYPE_CHECKING:
    from leadctl.cli.call import Call

GLOBALS: dict[str, dict[str, Any]] = {
    "db": {
        "decls": ["--db"],
        "metavar": "PATH",
        "help": "The database: a file, or a postgresql:// address.",
    },
    "config": {"decls": ["--config"], "metavar": "FILE", "help": "The configuration file."},
    "user": {"decls": ["--as"], "metavar": "USER", "help": "Who is recorded as the author."},
    "lang": {
        "decls": ["--lang"],
        "metavar": "|".join(LANGUAGES),
        "help": "Language of the output.",
    },
    "today": {"decls": ["--today"], "metavar": "DATE", "help": "The logical today."},
    "lock_wait": {
        "decls": ["--lock-wait"],
        "metavar": "SECONDS",
        "help": "How long to wait for another writer.",
    },
    "quiet": {"decls": ["--quiet", "-q"], "is_flag": True, "help": "No reports, no notices."},
    "debug": {"decls": ["--debug"], "is_flag": True, "help": "Show tracebacks."},
    "no_color": {"decls": ["--no-color"], "is_flag": True, "help": "No colour."},
}
OUTPUT: dict[str, dict[str, Any]] = {
    "format": {"decls": ["--format", "-f"], "metavar": "|".join(FORMATS), "help": "Output format."},
    "fields": {
        "decls": ["--fields"],
        "metavar": "A,B",
        "help": "The fields to show, in this order.",
    },
    "csv_guard": {
        "decls": ["--csv-guard"],
        "is_flag": True,
        "help": "Put ' before CSV cells that a spreadsheet would run as a formula.",
    },
    "yes": {"decls": ["--yes", "-y"], "is_flag": True, "help": "Do not ask."},
}
RECORDS: dict[str, dict[str, Any]] = {
    "ids_from": {
        "decls": ["--ids-from"],
        "metavar": "FILE",
        "help": "Read IDs from a file, - for standard input.",
    },
    "where": {
        "decls": ["--where"],
        "metavar": "EXPR",
        "multiple": True,
        "help": "A filter; several must all hold.",
    },
    "selection": {
        "decls": ["--selection"],
        "metavar": "NAME",
        "help": "The members of a selection.",
    },
    "explain": {
        "decls": ["--explain"],
        "is_flag": True,
        "help": "Show the SQL that finds the records, and its plan, and do nothing.",
    },
    "all": {"decls": ["--all"], "is_flag": True, "help": "All records."},
    "hidden": {
        "decls": ["--retired"],
        "is_flag": True,
        "help": "Include retired people.",
    },
}
LISTS: dict[str, dict[str, Any]] = {
    "sort": {"decls": ["--sort"], "metavar": "FIELD,-FIELD", "help": "Sort; - is descending."},
    "limit": {"decls": ["--limit"], "type": int, "metavar": "N", "help": "At most N rows."},
    "offset": {
        "decls": ["--offset"],
        "type": int,
        "metavar": "N",
        "help": "Leave out the first N.",
    },
    "count": {"decls": ["--count"], "is_flag": True, "help": "Only how many there are."},
    "group_by": {
        "decls": ["--group-by"],
        "metavar": "FIELD",
        "help": "One row per value, with its count.",
    },
}
WRITES: dict[str, dict[str, Any]] = {
    "dry_run": {
        "decls": ["--dry-run", "-n"],
        "is_flag": True,
        "help": "Do everything, then take it back and report.",
    },
    "keep_going": {
        "decls": ["--keep-going"],
        "is_flag": True,
        "help": "Change the others when some are refused or missing.",
    },
    "reason": {"decls": ["--reason"], "metavar": "TEXT", "help": "Kept in the history."},
    "expect": {
        "decls": ["--expect"],
        "metavar": "N|MIN..MAX",
        "help": "Refuse unless so many records match.",
    },
    "max_changes": {
        "decls": ["--max-changes"],
        "type": int,
        "metavar": "N",
        "help": "Refuse to change more.",
    },
    "no_automation": {
        "decls": ["--no-automation"],
        "is_flag": True,
        "help": "Leave out category automation.",
    },
}


def shared_option(name: str, spec: dict[str, Any], *, hidden: bool = False) -> TyperOption:
    """One shared option of a command; its value is ``None`` or ``False`` when not given."""
    return TyperOption(
        param_decls=[name, *spec["decls"]],
        type=spec.get("type") if not spec.get("is_flag") else None,
        is_flag=spec.get("is_flag"),
        multiple=spec.get("multiple", False),
        default=False if spec.get("is_flag") else None,
        metavar=spec.get("metavar"),
        help=spec["help"],
        hidden=hidden,
    )


class Verb(TyperCommand):
    """A command with shared options; its function gets a ``Call`` as ``ctx.obj``."""

    sets: tuple[dict[str, dict[str, Any]], ...] = ()
    prints = ""
    filters = False

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self._shared = [name for options in (*self.sets, OUTPUT, GLOBALS) for name in options]
        for options in (*self.sets, OUTPUT):
            self.params += [shared_option(name, spec) for name, spec in options.items()]
        self.params += [shared_option(name, spec, hidden=True) for name, spec in GLOBALS.items()]

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """What it does and examples of it come first."""
        from leadctl.cli.helping import write_help

        write_help(self, ctx, formatter)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Refuse opposite flags: the parser would take the last one."""
        words = set(args[: args.index("--")] if "--" in args else args)
        for parameter in self.params:
            opposite = words.intersection(parameter.secondary_opts)
            if opposite and (same := words.intersection(parameter.opts)):
                raise UsageError(
                    "{one} and {other} exclude each other", one=min(same), other=min(opposite)
                )
        return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Take the shared options out of what the verb's function gets."""
        from leadctl.cli.call import Call

        given = {name: ctx.params.pop(name) for name in self._shared}
        root = ctx.find_root()
        # The batch that this is a line of.
        batch = root.obj
        for name, spec in GLOBALS.items():
            if given[name] in (None, False):
                given[name] = root.params.get(name)
            elif batch is not None:
                raise UsageError(
                    "{option} cannot be given in a line of a batch",
                    hint="give it to batch itself",
                    option=spec["decls"][0],
                )
        ctx.obj = Call(ctx, given) if batch is None else batch.call(ctx, given)
        ctx.obj.check(self.prints, listed=LISTS in self.sets, writes=WRITES in self.sets)
        with ctx.obj:
            try:
                result = self._run(ctx, given)
                # What cannot be printed is found here, where it is known what was done.
                sys.stdout.flush()
            except KeyboardInterrupt:
                if ctx.obj.committed:
                    raise Interrupted(
                        "interrupted after the change was made",
                        hint="change undo last takes it back",
                    ) from None
                raise
            except (TyperException, typer.Exit):
                raise
            except Exception as problem:
                told = _told(ctx.obj, problem)
                if told is problem:
                    raise
                raise told from problem
        return result

    def _run(self, ctx: Any, given: dict[str, Any]) -> Any:
        if given.get("explain") and not self.filters:
            return ctx.obj.explain(ctx.parent.info_name, list(ctx.params.values()))
        try:
            return super().invoke(ctx)
        finally:
            ctx.obj.tell_hooks()


def _told(call: Call, problem: Exception) -> Exception:
    """What a verb raised, with what only its call knows of it."""
    told: Exception = problem
    if isinstance(problem, OSError):
        told = unwritten(problem) or problem
    elif not isinstance(problem, LeadctlError):
        # What no code has foreseen is a bug, unless the file is not what was written.
        told = call.damage() or problem
    if isinstance(told, (Busy, Unavailable)) and call.changed:
        # Their exit code says that nothing was changed, and that the same may be tried again.
        told = DatabaseError.of(told.reason)
    if isinstance(told, DatabaseError) and call.committed:
        told.reason = told.reason._replace(
            hint="the change was made all the same; change undo last takes it back"
        )
    if isinstance(told, LeadctlError):
        told.language = call.language
    return told


def unwritten(problem: OSError) -> DatabaseError | None:
    """The error that says that the output was not taken, if it is that."""
    if problem.errno not in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT):
        return None
    return DatabaseError(
        "the output cannot be written: {problem}", code="disk_full", problem=problem.strerror
    )


def verb(
    app: typer.Typer,
    name: str,
    *,
    records: bool = False,
    lists: bool = False,
    writes: bool = False,
    prints: str = "report",
    filters: bool = False,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function as a verb that takes these sets of shared options.

    ``prints`` names what it prints (``cli/fields.py``), so that ``--fields`` is checked first.
    ``filters`` says that it has filters of its own, and so explains its choice itself.
    """
    chosen = [
        options
        for options, wanted in ((RECORDS, records), (LISTS, lists), (WRITES, writes))
        if wanted
    ]
    kind = type("Verb", (Verb,), {"sets": tuple(chosen), "prints": prints, "filters": filters})
    return app.command(name, cls=kind)
