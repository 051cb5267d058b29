"""What can go wrong, as one tree. Each class states its exit code.

::

    LeadctlError                 1   a bug, unless a subclass says otherwise
    ├── UsageError               2   what was typed cannot be understood
    ├── NotFound                 3   a record, list item, user, change or input file
    ├── Refused                  4   a rule said no, or a conflict
    ├── Partial                  5   some records were changed, others were not
    ├── ConsentNeeded            6   nobody agreed to it
    ├── GuardTripped             7   --expect or --max-changes
    ├── CheckFailed              8   db check found something
    ├── DatabaseError           10   the file is missing, foreign, corrupt, read-only, full
    ├── ConfigInvalid           10   the configuration cannot be used
    ├── Busy                    75   somebody else holds the lock
    │   └── StartOver           75   somebody else has changed what was read
    ├── Unavailable             75   the server does not answer, or stopped to
    └── Interrupted            130   Ctrl-C

Every error carries a ``Reason``: a stable ``code``, an English template and the values that fill
it. The template is also the key under which the labels keep its translations.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

LONGEST_QUOTED_VALUE = 80
# Words of ours that stand in messages as values: what scripts get, and what people read.
WORDS: Mapping[str, str] = MappingProxyType(
    {
        "company": "company",
        "person": "person",
        "opportunity": "opportunity",
        "entry": "entry",
        "category": "category",
        "lead_status": "lead status",
        "user": "user",
        "cycle": "sales cycle",
        "stage": "stage",
        "close_code": "close code",
        "form": "form",
        "capture": "submission",
        "selection": "selection",
        "member": "member",
        "change": "change",
        "setting": "setting",
        "quote": "quote",
        "order": "order",
        "automation": "rule of automation",
        "proposal": "proposal of automation",
        "distribution": "distribution",
        "erased": "erased",
        "dynamic": "dynamic",
        "static": "static",
        "combined": "combined",
        # Why something cannot be done now, where a table has little room.
        "already_started": "it has been started",
        "never_started": "it has not been started",
        "cycle_without_stages": "its sales cycle has no stages",
        "action_not_offered": "there is no such stage from here",
        "opportunity_closed": "it is closed",
        "not_closed": "it is not closed",
        "not_in_progress": "it is not in progress",
        "stage_gone": "its stage is gone",
        "contact_required": "it has no contact",
        "quote_exists": "it has a quote",
        "quote_ordered": "an order has been made of its quote",
        "quote_needs_company": "its contact is not a company",
        "no_company": "there is no company",
        "no_category": "there is no category",
        "wrong_group": "the category is not in group Potential customer",
        "flag_off": "the category has lead status switched off",
        # What operating systems say.
        "No such file or directory": "No such file or directory",
        "Permission denied": "Permission denied",
        "Operation not permitted": "Operation not permitted",
        "Is a directory": "Is a directory",
        "Not a directory": "Not a directory",
        "File exists": "File exists",
        "File name too long": "File name too long",
        "No space left on device": "No space left on device",
        "Disk quota exceeded": "Disk quota exceeded",
        "File too large": "File too large",
        "Read-only file system": "Read-only file system",
        "Too many open files": "Too many open files",
        "Input/output error": "Input/output error",
        # What a setting or a recipe takes.
        "a number of seconds": "a number of seconds",
        "a whole number": "a whole number",
        "three capital letters": "three capital letters",
        "the key of a sales cycle": "the key of a sales cycle",
        "true or false": "true or false",
        "a text": "a text",
        "a mapping of fields to columns": "a mapping of fields to columns",
        "a list of texts": "a list of texts",
        "a mapping of fields to mappings": "a mapping of fields to mappings",
        "a mapping of fields to values": "a mapping of fields to values",
        "a point or a comma": "a point or a comma",
        "a format such as %d.%m.%Y": "a format such as %d.%m.%Y",
    }
)
# The values that are such words; all others come from outside and are shown as they are.
_WORDED = frozenset(("entity", "problem", "expected"))


def worded(value: str, translate: Callable[[str], str]) -> str:
    """A word of ours as people read it; any other text as it is."""
    return translate(WORDS[value]) if value in WORDS else value


def _shown(value: object, translate: Callable[[str], str]) -> object:
    if isinstance(value, Reason):
        return value.text(translate)
    if isinstance(value, (list, tuple)):
        return ", ".join(str(_shown(item, translate)) for item in value)
    if isinstance(value, str) and len(value) > LONGEST_QUOTED_VALUE:
        return value[:LONGEST_QUOTED_VALUE] + "…"
    return value


def _has_reasons(value: object) -> bool:
    return isinstance(value, list) and any(isinstance(item, Reason) for item in value)


class Reason(NamedTuple):
    """Why something did not happen: ``code`` for scripts, ``template`` and ``hint`` for people."""

    code: str
    template: str
    hint: str = ""
    details: Mapping[str, Any] = MappingProxyType({})

    def text(self, translate: Callable[[str], str] = str) -> str:
        """The sentence; long values are shortened, since they come from anywhere."""
        return self._filled(self.template, translate)

    def hint_text(self, translate: Callable[[str], str] = str) -> str:
        """What to do about it, or an empty text."""
        return self._filled(self.hint, translate) if self.hint else ""

    def plain_details(self) -> dict[str, Any]:
        """The details that scripts get: without a reason nested for the sake of the sentence."""
        return {
            key: [str(_shown(item, str)) for item in value] if _has_reasons(value) else value
            for key, value in self.details.items()
            if not isinstance(value, Reason)
        }

    def _filled(self, template: str, translate: Callable[[str], str]) -> str:
        values = {
            key: worded(value, translate)
            if key in _WORDED and isinstance(value, str) and value in WORDS
            else _shown(value, translate)
            for key, value in self.details.items()
        }
        return translate(template).format(**values)


class LeadctlError(Exception):
    """A bug in leadctl; --debug shows where.

    ``report`` is set when records were looked at before it was raised.
    """

    exit_code: ClassVar[int] = 1
    default_code: ClassVar[str] = "bug"

    def __init__(
        self, template: str, *, code: str = "", hint: str = "", report: Any = None, **details: Any
    ) -> None:
        self.reason = Reason(code or self.default_code, template, hint, details)
        self.report = report
        # Set where it is known in which language it will be shown.
        self.language: str | None = None
        super().__init__(self.reason.text())

    @property
    def code(self) -> str:
        """The stable, untranslated name of the error."""
        return self.reason.code

    @property
    def details(self) -> Mapping[str, Any]:
        """The values behind the message, for scripts."""
        return self.reason.plain_details()

    @classmethod
    def of(cls, reason: Reason, report: Any = None) -> LeadctlError:
        """The same reason, raised."""
        return cls(
            reason.template,
            code=reason.code,
            hint=reason.hint,
            report=report,
            **dict(reason.details),
        )


class UsageError(LeadctlError):
    """What was typed cannot be understood, or a value lies outside its type."""

    exit_code = 2
    default_code = "usage"


def no_value(key: str, value: str, known: Iterable[str], *, code: str = "") -> UsageError:
    """What to raise for a ``value`` of ``key`` (``--op``) that is none of the ``known`` ones."""
    from difflib import get_close_matches

    words = list(known)
    near = get_close_matches(value.casefold(), words, 1)
    return UsageError(
        "{value} is no value for {key}",
        code=code,
        hint="did you mean {near}? It takes: {known}" if near else "it takes: {known}",
        value=value,
        key=key,
        near=near[0] if near else None,
        known=words,
    )


class NotFound(LeadctlError):
    """A record, list item, user, change or input file does not exist."""

    exit_code = 3
    default_code = "not_found"


class Refused(LeadctlError):
    """A rule said no, or two facts contradict each other."""

    exit_code = 4
    default_code = "refused"


class Partial(LeadctlError):
    """Some records were changed; the report says which were not, and why."""

    exit_code = 5
    default_code = "partial"


class ConsentNeeded(LeadctlError):
    """The command takes something away and nobody agreed to it."""

    exit_code = 6
    default_code = "consent_needed"


class GuardTripped(LeadctlError):
    """The number of records was not what ``--expect`` or ``--max-changes`` allows."""

    exit_code = 7
    default_code = "expect_failed"


class CheckFailed(LeadctlError):
    """The file is not as it must be; the findings say where."""

    exit_code = 8
    default_code = "check_failed"


class DatabaseError(LeadctlError):
    """The database cannot be used."""

    exit_code = 10
    default_code = "database_corrupt"


class ConfigInvalid(LeadctlError):
    """The configuration cannot be used."""

    exit_code = 10
    default_code = "config_invalid"


class Busy(LeadctlError):
    """The lock was not had in time."""

    exit_code = 75
    default_code = "busy"


class StartOver(Busy):
    """Somebody else has changed what was read; the change was rolled back."""


class Unavailable(LeadctlError):
    """The server does not answer; nothing was changed."""

    exit_code = 75
    default_code = "unavailable"


class Interrupted(LeadctlError):
    """Ctrl-C: the running change was rolled back."""

    exit_code = 130
    default_code = "interrupted"
