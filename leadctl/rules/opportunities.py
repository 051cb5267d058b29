"""An opportunity as the rules see it: where it stands, what was typed, what is added to its ledger
(sections 2 and 7 of ``opportunities.md``, as ``decisions.md`` overrules them).

Dates are ISO texts, which compare as dates do; values are minor units, percentages hundredths.
"""

from __future__ import annotations

from datetime import date as Date  # noqa: N812 - date is a field here
from typing import TYPE_CHECKING, NamedTuple

from leadctl.errors import Reason
from leadctl.model import Status

if TYPE_CHECKING:
    from leadctl.model import Action
    from leadctl.rules.forecast import Figures

CLOSED = (Status.WON, Status.LOST)


class Standing(NamedTuple):
    """Where an opportunity stands: its header and its active entry.

    ``quote_total`` is that of its open quote. ``last_stage``, ``last_close_date`` are those of the
    newest entry on a stage, which for a closed one is the entry before it was closed.
    """

    status: str
    stage: int | None = None
    date: str | None = None
    value: int = 0
    chances: int = 0
    close_date: str | None = None
    quote_total: int | None = None
    has_order: bool = False
    last_stage: int | None = None
    last_chances: int = 0
    last_close_date: str | None = None
    has_contact: bool = True


class Given(NamedTuple):
    """What a user typed; ``None`` is what was left out."""

    on: str | None = None
    value: int | None = None
    chances: int | None = None
    close_date: str | None = None
    to: int | None = None


class Entry(NamedTuple):
    """The entry to add, and the days that the one before it was open."""

    action: Action
    stage: int | None
    stage_name: str | None
    previous_stage: int | None
    date: str
    figures: Figures
    close_date: str
    days_open: int | None = None
    closed_on: str | None = None
    close_code: int | None = None


OPPORTUNITY_CLOSED = Reason(
    "opportunity_closed", "the opportunity is closed", "opportunity reopen opens it again"
)
ALREADY_STARTED = Reason("already_started", "the opportunity has been started already")
NOT_STARTED = Reason(
    "action_not_offered", "the opportunity has not been started", "opportunity start starts it"
)
NOT_CLOSED = Reason(
    "not_closed", "the opportunity is not closed", "opportunity close closes it as won or lost"
)
WITHOUT_STAGES = Reason(
    "cycle_without_stages", "its sales cycle has no stages", "stage add gives it one"
)
NEVER_STARTED = Reason(
    "never_started",
    "the opportunity was closed before it was started",
    "change undo takes the closing back",
)
STAGE_GONE = Reason("stage_gone", "its last stage is no longer in the sales cycle")
QUOTE_ORDERED = Reason(
    "quote_ordered", "there is an order for the opportunity", "order delete takes it away"
)
NEEDS_QUOTE = Reason(
    "stage_needs_quote", "the stage needs a quote", "quote create makes one for the opportunity"
)
NO_VALUE = Reason(
    "value_not_positive", "the estimated value must be above zero", "--value gives one"
)
NO_CHANCES = Reason(
    "chances_not_positive", "the chance of success must be above zero", "--chances gives one"
)
EARLY_CLOSE_DATE = Reason(
    "close_date_before_change",
    "the expected closing date lies before the date of the change",
    "--close-date gives another",
)
NO_AMOUNT = Reason(
    "amount_not_positive", "the sales amount must be above zero", "--amount gives one"
)
TOO_LATE = Reason(
    "date_out_of_range",
    "the date formula of the stage leads beyond the calendar",
    "--close-date gives a date",
)
CODE_REQUIRED = Reason(
    "close_code_required", "a close code is needed", "--code names one; close-code list shows them"
)
CONTACT_OF_OTHER_COMPANY = Reason(
    "contact_of_other_company",
    "the contact belongs to another company than the opportunity",
    "an opportunity that has been started stays with its company",
)
PERSON_ELSEWHERE = Reason(
    "contact_of_other_company", "the person belongs to another company than the one named"
)
CONTACT_REQUIRED = Reason(
    "contact_required", "an opportunity needs a contact", "--company or --person names one"
)
SALESPERSON_REQUIRED = Reason(
    "salesperson_required", "a salesperson can be changed, but not taken away"
)
HAS_OPEN_OPPORTUNITIES = Reason(
    "has_open_opportunities",
    "it has open opportunities",
    "close them first, or give them to somebody else",
)
_LOCKED_WHEN_CLOSED = frozenset(
    ("contact", "salesperson", "no_salesperson", "campaign", "priority", "cycle")
)


def too_early(last: str) -> Reason:
    """Why nothing can be done on a day before the last change (5.6, 6.1)."""
    return Reason(
        "date_before_last_change",
        "the last change was on {date}; nothing can be done before it",
        "--on gives a later date",
        {"date": last},
    )


def change_date(standing: Standing, on: str | None, today: str) -> str:
    """The date of a change: the one given, else the later of today and the last change (3.5)."""
    if on is not None:
        return on
    return today if standing.date is None else max(today, standing.date)


def days_between(before: str | None, day: str) -> int | None:
    """Whole days from the entry before to this one (3.4)."""
    if before is None:
        return None
    return (Date.fromisoformat(day) - Date.fromisoformat(before)).days


def edit_problem(status: str, changes: frozenset[str], other_company: bool) -> Reason | None:
    """Why header fields cannot be changed (section 7, decisions).

    ``changes`` are the fields that would get another value; ``other_company`` says that the new
    contact belongs to another company.
    """
    if status in CLOSED and changes & _LOCKED_WHEN_CLOSED:
        return OPPORTUNITY_CLOSED
    started = status != Status.NOT_STARTED
    if started and "cycle" in changes:
        return ALREADY_STARTED
    if started and other_company:
        return CONTACT_OF_OTHER_COMPANY
    return SALESPERSON_REQUIRED if "no_salesperson" in changes else None
