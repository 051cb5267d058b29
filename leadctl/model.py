"""The words that every layer shares: enums and frozen records without behaviour."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from leadctl.errors import Reason

Record = dict[str, Any]


class Group(StrEnum):
    """The closed set of category groups (section 2.4); no group is ``None``."""

    CUSTOMER = "customer"
    POTENTIAL_CUSTOMER = "potential_customer"
    PARTNER = "partner"
    LOST = "lost"
    OTHER = "other"


class Reentry(StrEnum):
    """What happens to a stored status when lead status applies again (C-2)."""

    RESET = "reset"
    KEEP = "keep"


class Method(StrEnum):
    """How a sales cycle computes the probability (section 3.2 of ``opportunities.md``)."""

    MULTIPLY = "multiply"
    ADD = "add"
    CHANCES = "chances"
    COMPLETED = "completed"


class Status(StrEnum):
    """Where an opportunity is in its life (section 2 of ``opportunities.md``)."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    WON = "won"
    LOST = "lost"


class Outcome(StrEnum):
    """How an opportunity is closed."""

    WON = "won"
    LOST = "lost"


class Priority(StrEnum):
    """How urgent an opportunity is."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class Mode(StrEnum):
    """How a form treats what is submitted (section 15.1 of ``leads.md``)."""

    AUTO = "auto"
    KNOWN = "known"
    MANUAL = "manual"


class CaptureStatus(StrEnum):
    """What has become of a submission (section 2.10 of ``leads.md``)."""

    SUBMITTED = "submitted"
    PROCESSED = "processed"
    FAILED = "failed"
    REJECTED = "rejected"


class Move(StrEnum):
    """What a user can ask for while an opportunity is open (section 5.3)."""

    START = "start"
    NEXT = "next"
    PREVIOUS = "previous"
    SKIP = "skip"
    JUMP = "jump"
    UPDATE = "update"


class Action(StrEnum):
    """What an entry of the ledger says was done."""

    FIRST = "first"
    NEXT = "next"
    PREVIOUS = "previous"
    UPDATED = "updated"
    JUMPED = "jumped"
    WON = "won"
    LOST = "lost"
    REOPENED = "reopened"


class Type(StrEnum):
    """What a field holds; output, sorting and filters follow it.

    An AMOUNT is stored as minor units, a PERCENT as hundredths of a percent.
    """

    INTEGER = "integer"
    NUMBER = "number"
    TEXT = "text"
    LIST = "list"
    BOOLEAN = "boolean"
    INSTANT = "instant"
    DATE = "date"
    AMOUNT = "amount"
    PERCENT = "percent"
    JSON = "json"
    ARRAY = "array"


class Shape(StrEnum):
    """What the rows of a list are made of."""

    STORED = "stored"
    TEXT = "text"
    LINE = "line"
    JSON = "json"


class Result(StrEnum):
    """What became of one record."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    CREATED = "created"
    SKIPPED = "skipped"
    REFUSED = "refused"
    MISSING = "missing"


class Clause(NamedTuple):
    """One condition on a field, its values in the type of the field.

    ``operator`` is one of ``= == ~ starts ends in < <= > >= between null range``; a range has a
    first value that is in it and one that is not any more, either of which may be ``None``.
    """

    field: str
    operator: str
    values: tuple[Any, ...] = ()


class Opposite(NamedTuple):
    """What does not satisfy ``item``; a record without a value does not."""

    item: Criteria


class AllOf(NamedTuple):
    """What satisfies all of these."""

    items: tuple[Criteria, ...]


class AnyOf(NamedTuple):
    """What satisfies at least one of these."""

    items: tuple[Criteria, ...]


Criteria = Clause | Opposite | AllOf | AnyOf


# A shorter name -> the fields that it may stand for; a source has one of them at most.
ALIASES = {
    "created": ("created_at", "created_on"),
    "updated": ("updated_at",),
    "closed": ("closed_on",),
    "value": ("estimated_value",),
    "chances": ("chances_percent",),
    "probability": ("probability_percent",),
    "completed": ("completed_percent",),
}


def canonical(name: str, known: Collection[str]) -> str:
    """A field's name as a record has it: case and aliases apart, ``extra.KEY`` as typed."""
    head, dot, key = name.partition(".")
    if dot and head.casefold() == "extra":
        return f"extra.{key}"
    lower = name.casefold()
    if lower in known:
        return lower
    return next((full for full in ALIASES.get(lower, ()) if full in known), lower)


class Choice(NamedTuple):
    """Which records a verb works on: ``ids``, what ``where`` finds, the members of the
    ``selection`` of that name, or ``all``.

    ``where`` are filter expressions that must all hold; with the others they narrow those.

    ``ids`` are record numbers or ``"ext:KEY"``; ``hidden`` adds to ``all`` what lists leave out:
    retired people, deleted list items.
    """

    ids: tuple[int | str, ...] | None = None
    all: bool = False
    where: tuple[str, ...] = ()
    hidden: bool = False
    selection: str | None = None


class WriteOptions(NamedTuple):
    """How a writing verb goes about it: the options that all of them share.

    ``expect`` is the least and the greatest number of records that may match, ``max_changes`` the
    greatest number that may change; ``details`` keeps what became of every record.
    """

    dry_run: bool = False
    keep_going: bool = False
    reason: str | None = None
    expect: tuple[int, int] | None = None
    max_changes: int | None = None
    automation: bool = True
    details: bool = False


class Problem(NamedTuple):
    """A record (or a line of an import) that was not changed, and why."""

    id: int | str | None
    result: Result
    reason: Reason
    line: int | None = None
    column: str | None = None


MOST_PROBLEMS = 1000


class Report:
    """What a writing verb did; the attributes are the keys of its JSON form."""

    # A dataclass would take a fiftieth of the time of a short command to be made.
    __slots__ = (
        *("dry_run", "change", "matched", "changed", "unchanged", "created", "skipped", "refused"),
        *("missing", "affected", "automation", "problems", "problems_omitted", "notices"),
        *("details", "assigned"),
    )

    def __init__(
        self,
        dry_run: bool = False,
        *,
        change: int | None = None,
        matched: int = 0,
        affected: dict[str, int] | None = None,
        notices: list[Reason] | None = None,
    ) -> None:
        self.dry_run = dry_run
        self.change = change
        self.matched = matched
        self.changed = self.unchanged = self.created = 0
        self.skipped = self.refused = self.missing = 0
        self.affected = {"companies": 0, "people": 0} if affected is None else affected
        self.automation: list[Record] = []
        self.problems: list[Problem] = []
        self.problems_omitted = 0
        self.notices = [] if notices is None else notices
        self.details: Callable[[], Iterator[Record]] | None = None
        # By ``person distribute``: user -> turns; a company is one.
        self.assigned: dict[str, int] = {}

    @property
    def succeeded(self) -> int:
        """Records that are now as was asked for."""
        return self.changed + self.unchanged + self.created

    @property
    def failed(self) -> int:
        """Records that are not."""
        return self.skipped + self.refused + self.missing

    def add(self, problem: Problem, count: int = 1) -> None:
        """Count a problem ``count`` times and keep it while there is room."""
        name = problem.result.value
        setattr(self, name, getattr(self, name) + count)
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem)
            count -= 1
        self.problems_omitted += count
