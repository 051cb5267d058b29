"""What becomes of a submission (``leads.md`` section 15): tables, e-mail addresses, names."""

from __future__ import annotations

import re
from enum import StrEnum

from leadctl.errors import Reason
from leadctl.model import CaptureStatus, Mode

LONGEST_EMAIL = 254
_LOCAL = r"[^\s@\"(),:;<>\[\]\\.]+(?:\.[^\s@\"(),:;<>\[\]\\.]+)*"
_LABEL = r"[^\W_](?:(?:[^\W_]|-){0,61}[^\W_])?"
_EMAIL = re.compile(rf"(?=[^@]{{1,64}}@){_LOCAL}@{_LABEL}(?:\.{_LABEL})+")


class Hits(StrEnum):
    """How many records were found."""

    NONE = "none"
    ONE = "one"
    SEVERAL = "several"


class Fate(StrEnum):
    """What is done with a submission."""

    LINK = "link"
    CREATE = "create"
    WAIT = "wait"


class Place(StrEnum):
    """The company of a person that is created."""

    ALONE = "alone"
    JOIN = "join"
    ADD = "add"
    WAIT = "wait"


# Mode of the form, people with the e-mail address -> what is done (15.1, F-9).
FATES: dict[tuple[Mode, Hits], Fate] = {
    (Mode.AUTO, Hits.NONE): Fate.CREATE,
    (Mode.AUTO, Hits.ONE): Fate.LINK,
    (Mode.AUTO, Hits.SEVERAL): Fate.WAIT,
    (Mode.KNOWN, Hits.NONE): Fate.WAIT,
    (Mode.KNOWN, Hits.ONE): Fate.LINK,
    (Mode.KNOWN, Hits.SEVERAL): Fate.WAIT,
    (Mode.MANUAL, Hits.NONE): Fate.WAIT,
    (Mode.MANUAL, Hits.ONE): Fate.WAIT,
    (Mode.MANUAL, Hits.SEVERAL): Fate.WAIT,
}
# Is a company named, companies with the name -> where the person goes.
PLACES: dict[tuple[bool, Hits], Place] = {
    (False, Hits.NONE): Place.ALONE,
    (False, Hits.ONE): Place.ALONE,
    (False, Hits.SEVERAL): Place.ALONE,
    (True, Hits.NONE): Place.ADD,
    (True, Hits.ONE): Place.JOIN,
    (True, Hits.SEVERAL): Place.WAIT,
}
# What may still be processed by hand, and what may be rejected.
OPEN = frozenset({CaptureStatus.SUBMITTED, CaptureStatus.FAILED})

NO_EMAIL = Reason("email_required", "there is no e-mail address")
NOBODY = Reason(
    "person_required",
    "nobody has this e-mail address",
    "--person ID names who it is, --create adds a person",
)


def hits_of(count: int) -> Hits:
    """How many records were found, as the tables count."""
    return Hits.NONE if count == 0 else Hits.ONE if count == 1 else Hits.SEVERAL


def several(entity: str, ids: list[int]) -> Reason:
    """Several records answer to a submission, which is not guessed (F-9)."""
    return Reason(
        "ambiguous_capture",
        "more than one {entity} fits: {ids}",
        "--person ID names who it is",
        {"entity": entity, "ids": ids},
    )


def email_problem(email: str | None) -> Reason | None:
    """Why an e-mail address cannot be one; only its syntax is looked at (F-1)."""
    if email is None:
        return NO_EMAIL
    if len(email) <= LONGEST_EMAIL and email.isprintable() and _EMAIL.fullmatch(email):
        return None
    return Reason("email_invalid", "{email} is no e-mail address", details={"email": email})


def split_name(name: str) -> tuple[str | None, str]:
    """First and last name: the last word is the last name, what stands before it the first."""
    *first, last = name.split()
    return " ".join(first) or None, last


def status_problem(status: str, allowed: frozenset[CaptureStatus]) -> Reason | None:
    """Why a submission with this status cannot be worked on any more."""
    if status in allowed:
        return None
    return Reason(
        "capture_status",
        "it is {status}; only these can be: {allowed}",
        "change undo takes back what was done with it",
        {"status": status, "allowed": sorted(allowed)},
    )
