"""What a form sends: one or several texts, the keys that count, and their limits (``leads.md`` 14).

Whatever a key holds stays in the raw text; only the keys below are read.
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl

from leadctl.errors import Reason, UsageError
from leadctl.rules.naming import is_storable

if TYPE_CHECKING:
    from collections.abc import Mapping

LARGEST_PAYLOAD = 1024 * 1024
LARGEST_BODY = 64 * LARGEST_PAYLOAD
LONGEST_UTM = 255
PERSON = ("email", "first_name", "last_name", "name", "company", "phone", "country")
# U-1: without any of these there is nothing to keep (U-16).
PARAMETERS = ("source", "medium", "campaign", "term", "content")
MEMBERS = (*PARAMETERS, "referrer")
CREATION = {member: f"utm_{member}" for member in PARAMETERS} | {"referrer": "referrer"}
FIRST_TOUCH = {member: f"first_touch_{member}" for member in MEMBERS}
WHEN = "first_touch_when"
KEYS = frozenset((*PERSON, *CREATION.values(), *FIRST_TOUCH.values(), WHEN))

Touch = dict[str, str | None]


class Payload(NamedTuple):
    """The keys that count, blank ones left out; ``odd`` are those that hold something else."""

    values: Mapping[str, str]
    odd: tuple[str, ...]

    @property
    def problem(self) -> Reason | None:
        """Why no person can be made of it: a name that is a list."""
        return next(
            (
                Reason("payload_invalid", "{field} is not a text", details={"field": key})
                for key in self.odd
                if key in PERSON
            ),
            None,
        )


class Touches(NamedTuple):
    """What is kept of where a submission came from, and what had to be left out."""

    first_touch: Touch | None
    creation: Touch | None
    left_out: tuple[Reason, ...]


def split_body(body: str | bytes) -> list[str]:
    """The payloads of a body: a JSON object, one per line (NDJSON), or what a form sends.

    Raises UsageError for a body that is none of these or empty, a payload over 1 MiB, a body over
    64 MiB, and characters that cannot be stored.
    """
    text = _decoded(body)
    if not text.strip():
        raise UsageError("there is nothing to submit")
    payloads = [text]
    if text.lstrip()[0] in "{[" and not _is_json(text):
        payloads = [line for line in text.split("\n") if line.strip()]
    for number, payload in enumerate(payloads, 1):
        if len(payload.encode()) > LARGEST_PAYLOAD:
            raise UsageError(
                "payload {number} is larger than {most} bytes", number=number, most=LARGEST_PAYLOAD
            )
        if len(payloads) > 1 and payload.lstrip()[0] != "{":
            raise UsageError("payload {number} is not a JSON object", number=number)
        _read(payload, number)
    return payloads


def read_payload(raw: str) -> Payload:
    """The keys that count in a payload that ``split_body`` has let through."""
    found = _flat(_read(raw, 1))
    values = {
        key: value for key, value in found.items() if isinstance(value, str) and value.strip()
    }
    for key in ("email", "company", "name"):
        if key in values:
            values[key] = values[key].strip()
    odd = tuple(
        key for key, value in found.items() if value is not None and not isinstance(value, str)
    )
    return Payload(values, odd)


def touches(payload: Payload, at: str) -> Touches:
    """First touch and lead creation (U-1 to U-16); ``at`` is the instant of the submission.

    A value longer than 255 characters is left empty (U-13); without any parameter there is
    nothing (U-16).
    """
    when, left_out = payload.values.get(WHEN), []
    if when is not None:
        when = _instant(when)
        if when is None:
            left_out.append(
                Reason("utm_left_out", "{field} is no instant", details={"field": WHEN})
            )
    odd = [key for key in payload.odd if key not in PERSON]
    left_out += [
        Reason("utm_left_out", "{field} is not a text", details={"field": key}) for key in odd
    ]
    long = [
        key
        for key in (*CREATION.values(), *FIRST_TOUCH.values())
        if len(payload.values.get(key, "")) > LONGEST_UTM
    ]
    left_out += [
        Reason(
            "utm_left_out",
            "{field} is longer than {limit} characters and was left empty",
            details={"field": key, "limit": LONGEST_UTM},
        )
        for key in long
    ]
    kept = {key: value for key, value in payload.values.items() if key not in long}
    return Touches(_touch(kept, FIRST_TOUCH, when), _touch(kept, CREATION, at), tuple(left_out))


def _touch(values: Mapping[str, str], keys: Mapping[str, str], when: str | None) -> Touch | None:
    if not any(keys[member] in values for member in PARAMETERS):
        return None
    return {member: values.get(key) for member, key in keys.items()} | {"when": when}


def _decoded(body: str | bytes) -> str:
    if len(body) > LARGEST_BODY:
        raise UsageError("the body is larger than {most} bytes", most=LARGEST_BODY)
    if isinstance(body, bytes):
        try:
            body = body.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise UsageError("the body is not UTF-8 text") from None
    if not is_storable(body):
        raise UsageError("the body has characters that cannot be stored")
    return body


def _is_json(text: str) -> bool:
    try:
        json.loads(text, parse_int=str)
    except (ValueError, RecursionError):
        return False
    return True


def _read(raw: str, number: int) -> dict[str, Any]:
    """All keys of a payload. Raises UsageError for what is neither an object nor from a form."""
    if raw.lstrip()[0] in "{[":
        try:
            # Numbers are texts here: a phone number keeps its digits.
            found = json.loads(raw, parse_int=str, parse_float=str, parse_constant=str)
        except (ValueError, RecursionError):
            raise UsageError("payload {number} is not JSON", number=number) from None
        if not isinstance(found, dict):
            raise UsageError("payload {number} is not a JSON object", number=number)
        read: dict[str, Any] = found
    else:
        read = _form(raw.strip())
    for key, value in _flat(read).items():
        if isinstance(value, str) and not is_storable(value):
            raise UsageError("{field} has characters that cannot be stored", field=key)
    return read


def _form(text: str) -> dict[str, Any]:
    with suppress(ValueError):
        if "=" in text and "\n" not in text:
            return dict(parse_qsl(text, keep_blank_values=True, errors="strict"))
    raise UsageError(
        "the body is neither JSON nor what a form sends",
        hint="application/x-www-form-urlencoded in UTF-8, a JSON object, or one per line",
    )


def _flat(found: Mapping[str, Any]) -> dict[str, Any]:
    """The keys that count, with those of the object ``first_touch`` beside the others."""
    flat = {key: value for key, value in found.items() if key in KEYS}
    first_touch = found.get("first_touch")
    if isinstance(first_touch, dict):
        members = {f"first_touch_{key}": value for key, value in first_touch.items()}
        flat |= {key: value for key, value in members.items() if key in KEYS}
    return flat


def _instant(text: str) -> str | None:
    """An instant of ISO 8601 as it is stored, in UTC; one without a zone is UTC."""
    try:
        moment = datetime.fromisoformat(text.strip())
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError):
        return None
