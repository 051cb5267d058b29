"""What becomes of a submission: total tables, addresses, names, payloads, UTM values."""

from __future__ import annotations

import json
from itertools import product

import pytest

from leadctl.errors import UsageError
from leadctl.model import CaptureStatus, Mode
from leadctl.rules.capture import (
    FATES,
    OPEN,
    PLACES,
    Fate,
    Hits,
    Place,
    email_problem,
    hits_of,
    split_name,
    status_problem,
)
from leadctl.rules.payload import (
    LARGEST_BODY,
    LARGEST_PAYLOAD,
    read_payload,
    split_body,
    touches,
)


def test_the_tables_are_total() -> None:
    assert set(FATES) == set(product(Mode, Hits))
    assert set(PLACES) == set(product((True, False), Hits))
    assert set(FATES.values()) == set(Fate)
    assert set(PLACES.values()) == set(Place)


@pytest.mark.parametrize(
    ("mode", "fates"),
    [
        (Mode.AUTO, (Fate.CREATE, Fate.LINK, Fate.WAIT)),
        (Mode.KNOWN, (Fate.WAIT, Fate.LINK, Fate.WAIT)),
        (Mode.MANUAL, (Fate.WAIT, Fate.WAIT, Fate.WAIT)),
    ],
)
def test_modes(mode: Mode, fates: tuple[Fate, ...]) -> None:
    assert tuple(FATES[mode, hits_of(count)] for count in (0, 1, 2)) == fates
    assert hits_of(10) is Hits.SEVERAL


@pytest.mark.parametrize("count", [0, 1, 2])
def test_nobody_is_put_into_a_company_that_is_not_named(count: int) -> None:
    assert PLACES[False, hits_of(count)] is Place.ALONE


@pytest.mark.parametrize(
    "email",
    [
        *("a@b.c", "Kari.Nordmann+x@example.co.uk", "o'hara@sub.example-1.com", "æ@ærlig.no"),
        f"{'l' * 64}@example.com",
        "=cmd|x!A1@example.com",
    ],
)
def test_addresses(email: str) -> None:
    assert email_problem(email) is None


@pytest.mark.parametrize(
    "email",
    [
        *(
            "",
            "a",
            "a@",
            "@b.c",
            "a@b",
            "a@@b.c",
            "a b@c.d",
            "a@b c.d",
            "a@b..c",
            ".a@b.c",
            "a.@b.c",
        ),
        *(
            "a..b@c.d",
            "a@-b.c",
            "a@b-.c",
            "a@b.c.",
            "<a@b.c>",
            "a@b.c, d@e.f",
            '"a"@b.c',
            "a@b_c.d",
        ),
        *("a\x01b@c.d", "a@b.c\n", f"{'l' * 65}@example.com", f"a@{'b.' * 130}c"),
    ],
)
def test_what_is_no_address(email: str) -> None:
    problem = email_problem(email)
    assert problem is not None
    assert problem.code == "email_invalid"


def test_no_address() -> None:
    problem = email_problem(None)
    assert problem is not None
    assert problem.code == "email_required"


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("Nordmann", None, "Nordmann"),
        ("Kari Nordmann", "Kari", "Nordmann"),
        ("  Kari   Anne  Nordmann ", "Kari Anne", "Nordmann"),
    ],
)
def test_names(name: str, first: str | None, last: str) -> None:
    assert split_name(name) == (first, last)


def test_what_can_still_be_done() -> None:
    assert {status for status in CaptureStatus if status_problem(status, OPEN) is None} == OPEN


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ('{"email": "a@b.c"}', 1),
        ('\ufeff{\n "email":\n "a@b.c"}'.encode(), 1),
        ('{"a": 1}\n\n{"b": 2}\r\n', 2),
        ("email=a%40b.c&name=Kari+N", 1),
        (b"email=a%40b.c\n", 1),
        ('{"n": ' + "9" * 5000 + "}", 1),
    ],
)
def test_bodies(body: str | bytes, count: int) -> None:
    assert len(split_body(body)) == count


@pytest.mark.parametrize(
    "body",
    [
        *("", " \n", b"", "hello", "a=1\nb=2", "[]", "[{}]", '"x"', "{", '{"a": 1}{"b": 2}'),
        *('{"a": 1}\n[2]', '{"a": 1}\nb=2', '{"a": 1}\n{"b"', b"\xff", b"email=%ff", "a=\ud800"),
        *('{"email": "\\ud800"}', '{"email": "a\\u0000"}', "email=a%00", "a=\0", "[" * 100_000),
        *('{"a": ' * 100_000, '{"first_touch": {"source": "\\u0000"}}'),
        json.dumps({"comment": "x" * LARGEST_PAYLOAD}),
        "a=" + "x" * LARGEST_PAYLOAD,
        b"x" * (LARGEST_BODY + 1),
    ],
)
def test_bodies_that_cannot_be_read(body: str | bytes) -> None:
    with pytest.raises(UsageError):
        split_body(body)


def test_keys_that_count() -> None:
    payload = read_payload(
        '{"email": " a@b.c ", "name": "  ", "phone": 0047123, "x": 1}'.replace("0047", "47")
    )
    assert payload.values == {"email": "a@b.c", "phone": "47123"}
    many = "&".join(f"k{number}=v" for number in range(10_000))
    assert read_payload(f"{many}&email=a@b.c").values == {"email": "a@b.c"}
    nested = read_payload(
        '{"name": ["x"], "country": {}, "utm_source": [], "phone": null, "z": [[]]}'
    )
    assert nested.values == {}
    assert nested.odd == ("name", "country", "utm_source")
    assert nested.problem is not None
    assert read_payload('{"utm_source": []}').problem is None


def test_first_touch_is_an_object_or_flat() -> None:
    for raw in (
        '{"first_touch": {"source": "x", "when": "2026-01-31T12:00:00.5+02:00", "id": "7"}}',
        '{"first_touch_source": "x", "first_touch_when": "2026-01-31T10:00:00"}',
        "first_touch_source=x&first_touch_when=2026-01-31T10%3A00%3A00Z",
    ):
        found = touches(read_payload(raw), "now")
        assert found.first_touch is not None
        assert found.first_touch == {
            **dict.fromkeys(("medium", "campaign", "term", "content", "referrer")),
            "source": "x",
            "when": "2026-01-31T10:00:00Z",
        }
        assert found.creation is None
    assert touches(read_payload('{"first_touch": "x"}'), "now").first_touch is None


def test_without_parameters_there_is_nothing() -> None:
    found = touches(read_payload('{"referrer": "x", "first_touch_when": "2026-01-01"}'), "now")
    assert found == (None, None, ())


@pytest.mark.parametrize("length", [255, 256])
def test_long_values_are_left_out_and_told(length: int) -> None:
    raw = json.dumps({"utm_source": "s" * length, "utm_medium": "cpc", "referrer": "r" * length})
    found = touches(read_payload(raw), "now")
    assert found.creation is not None
    assert found.creation["medium"] == "cpc"
    kept = length == 255
    assert (found.creation["source"] is not None, found.creation["referrer"] is not None) == (
        kept,
        kept,
    )
    assert [reason.details["field"] for reason in found.left_out] == (
        [] if kept else ["utm_source", "referrer"]
    )


@pytest.mark.parametrize("when", ["yesterday", "0001-01-01T00:00:00+10:00", "1769853600", ""])
def test_an_instant_that_is_none_is_left_out(when: str) -> None:
    raw = json.dumps({"first_touch": {"source": "x", "when": when, "term": ["y"]}})
    found = touches(read_payload(raw), "now")
    assert found.first_touch is not None
    assert (found.first_touch["when"], found.first_touch["term"]) == (None, None)
    assert len(found.left_out) == (2 if when else 1)
