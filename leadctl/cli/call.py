"""One call of a verb: its settings, its database, its choice of records, its output."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from leadctl import config
from leadctl.cli.choosing import Choosing
from leadctl.cli.text import visible
from leadctl.config import Setting
from leadctl.core.outcome import partial
from leadctl.errors import (
    ConfigInvalid,
    ConsentNeeded,
    DatabaseError,
    LeadctlError,
    Reason,
    UsageError,
)
from leadctl.labels import translator
from leadctl.model import Choice, Record, Report, WriteOptions

if TYPE_CHECKING:
    from leadctl.core.crm import Crm
    from leadctl.core.items import ItemList
    from leadctl.core.noun import Noun

LARGEST_COUNT = 2**63 - 1
_DETAILED = ("ndjson", "ids")
# What helps to mend a configuration must not need it.
_WITHOUT_CONFIG = tuple(
    f"leadctl {words}" for words in ("config example", "config path", "completion", "help")
)
_YES = ("y", "yes", "j", "ja")


class Call(Choosing):
    """What a verb's function gets as ``ctx.obj``."""

    def __init__(self, context: Any, given: dict[str, Any]) -> None:
        self.given = given
        self._crm: Crm | None = None
        # Number -> commands of the changes that this call has made.
        self._changes: dict[int, set[str]] = {}
        self.command = context.command_path
        options = {
            "db": given["db"],
            "user": given["user"],
            "lang": given["lang"],
            "lock_wait": given["lock_wait"],
            "format": given["format"],
            "csv_guard": given["csv_guard"] or None,
        }
        self.settings: dict[str, Setting] = self._load(options)
        self.format: str = self.settings["format"].value
        self.language: str = self.settings["lang"].value
        self.fields = _split(given["fields"])

    def _load(self, options: dict[str, Any]) -> dict[str, Setting]:
        try:
            return config.load(options, self.given["config"])
        except ConfigInvalid:
            if self.command not in _WITHOUT_CONFIG:
                raise
            return config.load(options, read=False)

    def __enter__(self) -> Call:
        return self

    def __exit__(self, *problem: object) -> None:
        if self._crm is not None:
            self._crm.close()

    @property
    def committed(self) -> bool:
        """Whether this call has changed the file."""
        return self._crm is not None and self._crm.engine.committed

    @property
    def changed(self) -> bool:
        """Whether a change of this call is there, whatever follows."""
        return bool(self._changes)

    def damage(self) -> DatabaseError | None:
        """The error that says that the open file is damaged, if it is."""
        return None if self._crm is None else self._crm.engine.damage()

    @property
    def quiet(self) -> bool:
        """Whether reports and notices are left out."""
        return bool(self.given["quiet"])

    @property
    def translate(self) -> Callable[[str], str]:
        """English template -> the language of the output."""
        return translator(self.language)

    @property
    def path(self) -> str | Path:
        """The database: a file, or the address of one on a server."""
        return place(str(self.settings["db"].value), "--db")

    @property
    def today(self) -> str | None:
        """The logical today that was asked for."""
        return self.given["today"] or os.environ.get("LEADCTL_TODAY") or None

    @property
    def crm(self) -> Crm:
        """The open file."""
        if self._crm is None:
            from leadctl.core.crm import open_crm

            self._crm = open_crm(
                self.path,
                user=self.settings["user"].value or None,
                today=self.today,
                language=self.language,
                lock_wait=self.settings["lock_wait"].value,
                synchronous=self.settings["synchronous"].value,
            )
            self.warn_of_writers()
            self._crm.on_change = lambda id, verb: self._changes.setdefault(id, set()).add(verb)
        return self._crm

    def warn_of_writers(self) -> None:
        """Say so when everybody on this machine can change the file."""
        path = self.path
        if not isinstance(path, Path):
            return
        try:
            mode = path.stat().st_mode
        except OSError:
            return
        if mode & stat.S_IWOTH:
            template = "everybody can write to {path}; chmod o-w takes that away"
            self.notice(Reason("", template, details={"path": str(path)}))

    def tell_hooks(self) -> None:
        """Tell the commands of the configuration what was committed; nothing fails by that."""
        if self.committed and any(self.settings[key].value for key in config.HOOKS):
            from leadctl.cli.hooks import tell

            tell(self, self._changes)

    def check(self, prints: str, *, listed: bool, writes: bool) -> None:
        """Find what is wrong with the shared options before anything is opened or done."""
        if self.fields or listed:
            self._check_fields(prints, listed=listed)
        if writes:
            self.write_options()
        if self.today is not None:
            from leadctl.core.crm import parse_date

            parse_date(self.today)

    def check_members(self, entity: str) -> None:
        """Check the fields once more, now that the kind of record is known."""
        self._check_fields(entity, listed=True)

    def _check_fields(self, prints: str, *, listed: bool) -> None:
        from leadctl.cli.fields import check_fields, known_fields

        known = known_fields(prints, self.format, listed=listed)
        grouped = self.given["group_by"] if listed else None
        if grouped:
            (grouped,) = check_fields([grouped], known)
            self.given["group_by"] = grouped
            known = (grouped, "count")
        self.fields = check_fields(self.fields, known)
        if listed:
            parts = _split(self.given["sort"])
            names = check_fields([part.removeprefix("-") for part in parts], known)
            signs = ["-" if part.startswith("-") else "" for part in parts]
            self.given["sort"] = ",".join(map("".join, zip(signs, names, strict=True)))
            self.bounds()

    def bounds(self) -> dict[str, Any]:
        """``--limit`` and ``--offset``, checked."""
        for name in ("limit", "offset"):
            value = self.given[name]
            if value is not None and not 0 <= value <= LARGEST_COUNT:
                raise UsageError("--{name} takes a number from 0", name=name)
        return {"limit": self.given["limit"], "offset": self.given["offset"] or 0}

    def write_options(self) -> WriteOptions:
        """The options of a writing verb."""
        most = self.given["max_changes"]
        if most is not None and most < 0:
            raise UsageError("--{name} takes a number from 0", name="max-changes")
        return WriteOptions(
            dry_run=self.given["dry_run"],
            keep_going=self.given["keep_going"],
            reason=self.given["reason"],
            expect=_range(self.given["expect"]),
            max_changes=most,
            automation=not self.given["no_automation"],
            details=self.format in _DETAILED,
        )

    def write(self, operation: Callable[[WriteOptions], Report], *, consent: bool = False) -> None:
        """Run a writing verb: ask where it is due, print the report, raise what it amounts to.

        ``consent`` says that it takes something away. Questions are asked, and answered, before
        the lock is taken; the write then refuses when the number of records has changed.
        """
        options = self.write_options()
        try:
            if not (options.dry_run or self.given["yes"]):
                options, report = self.asked(operation, options, consent)
                if report is not None:
                    self.print_report(report)
                    return
            report = operation(options)
        except LeadctlError as error:
            if error.report is not None:
                self.print_report(error.report)
            raise
        self.print_report(report)
        left_out = partial(report)
        if left_out is not None:
            raise left_out

    def asked(
        self, operation: Callable[[WriteOptions], Report], options: WriteOptions, consent: bool
    ) -> tuple[WriteOptions, Report | None]:
        """The options to go on with; a report instead when there is nothing to ask for."""
        terminal = self.can_ask
        if not consent and not terminal:
            return options, None
        try:
            preview = operation(options._replace(dry_run=True, details=False))
        except LeadctlError as error:
            if error.report is not None:
                error.report.dry_run = False
            raise
        changes = preview.changed + preview.created
        if consent and not changes:
            preview.dry_run = False
            return options, preview
        if not consent and changes < self.settings["confirm_rows"].value:
            return options, None
        if not terminal:
            raise ConsentNeeded(
                "{command} would change 1 record and needs your consent"
                if changes == 1
                else "{command} would change {count} records and needs your consent",
                hint="--yes gives it; --dry-run shows what would happen",
                command=self.command,
                count=changes,
            )
        reason = Reason(
            "",
            "{command} changes 1 record. Go on? [y/N]"
            if changes == 1
            else "{command} changes {count} records. Go on? [y/N]",
            details={"command": self.command, "count": changes},
        )
        print(visible(reason.text(self.translate)), end=" ", file=sys.stderr, flush=True)
        if sys.stdin.readline().strip().lower() not in _YES:
            raise ConsentNeeded("declined; nothing was changed")
        guard = options.expect or (preview.matched, preview.matched)
        return options._replace(expect=guard), None

    @property
    def can_ask(self) -> bool:
        """Whether somebody is there to be asked."""
        return is_terminal(sys.stdin) and is_terminal(sys.stderr)

    # What a verb prints with is imported when it prints: a shell loop pays for every module.

    def print_report(self, report: Report) -> None:
        """Print what a writing verb did."""
        from leadctl.cli.reports import print_report

        print_report(self, report)

    def print_list(self, noun: Noun, choice: Choice) -> None:
        """Print records as ``list`` does."""
        from leadctl.cli.lists import print_list

        print_list(self, noun, choice)

    def print_shown(
        self, entity: str, record: Record, wanted: Sequence[str] = (), *, related: bool = False
    ) -> None:
        """Print a company or person as ``show`` does."""
        from leadctl.cli.show import print_shown

        print_shown(self, entity, record, wanted, related=related)

    def print_opportunity(self, record: Record) -> None:
        """Print an opportunity as ``show`` does."""
        from leadctl.cli.show import print_opportunity

        print_opportunity(self, record)

    def print_allowed(self, offers: list[Record]) -> None:
        """Print what can be done with an opportunity."""
        from leadctl.cli.show import print_allowed

        print_allowed(self, offers)

    def print_document(self, entity: str, record: Record) -> None:
        """Print a quote or an order as ``show`` does."""
        from leadctl.cli.show import print_document

        print_document(self, entity, record)

    def print_item(self, noun: ItemList, record: Record) -> None:
        """Print a list item as ``show`` does."""
        from leadctl.cli.show import print_item

        print_item(self, noun, record)

    def print_history(self, rows: Iterable[Record]) -> None:
        """Print the history of a record."""
        from leadctl.cli.show import print_history

        print_history(self, rows)

    def print_record(self, record: Record, entity: str = "") -> None:
        """Print any one record; a table has the names of the list values of an ``entity``."""
        from leadctl.cli.output import print_record

        names = {}
        if entity and self.format == "table":
            from leadctl.cli.columns import shown_names

            names = shown_names(self.crm, list(record), entity)
        print_record(self, record, names)

    def print_records(
        self, records: Iterable[Record], fields: Sequence[str], entity: str = ""
    ) -> None:
        """Print records that are no rows of a table, as ``list`` does if the verb is one.

        A table has the names of the list values of an ``entity``.
        """
        from leadctl.cli.columns import shown_names
        from leadctl.cli.lists import print_small_list

        fields = self.fields or list(fields)
        names = shown_names(self.crm, fields, entity) if entity else {}
        print_small_list(self, list(records), fields, names)

    def notice(self, reason: Reason) -> None:
        """A line on stderr, unless quiet."""
        if not self.quiet:
            print(visible(reason.text(self.translate)), file=sys.stderr)

    def ready(self, reason: Reason) -> None:
        """A notice of what is there once the call is done."""
        self.notice(reason)


def place(value: str, given: str) -> str | Path:
    """The file or the address of a database on a server that was ``given`` as text."""
    if config.is_address(value):
        return value
    if "://" in value:
        raise UsageError(
            "{db} is neither a file nor the address of a PostgreSQL server",
            db=config.without_password(value),
        )
    if not value:
        raise UsageError("{name} needs a path", name=given)
    return Path(value).expanduser()


def is_terminal(stream: TextIO | None) -> bool:
    """Whether somebody sits there; a daemon has closed its streams."""
    return stream is not None and stream.isatty()


def _split(text: str | None) -> list[str]:
    return [part.strip() for part in text.split(",")] if text else []


def _range(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    least, dots, most = text.partition("..")
    bounds = (least, most if dots else least)
    if all(bound.isascii() and bound.isdecimal() and len(bound) < 19 for bound in bounds):
        numbers = (int(bounds[0]), int(bounds[1]))
        if numbers[0] <= numbers[1]:
            return numbers
    raise UsageError("{value} is no value for --expect", hint="it takes N or MIN..MAX", value=text)
