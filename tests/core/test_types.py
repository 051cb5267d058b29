"""Values of types that the library does not take are UsageErrors, whatever the database says."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from leadctl import Crm, LeadctlError
from leadctl.errors import UsageError


@pytest.mark.parametrize(
    ("noun", "verb", "arguments"),
    [
        ("companies", "add", {"name": 5}),
        ("companies", "add", {"name": b"A"}),
        ("companies", "add", {"name": "A", "country": ["NO"]}),
        ("companies", "add", {"name": "A", "country": "Å\x00"}),
        ("companies", "add", {"name": "A", "category": 1}),
        ("companies", "add", {"name": "A", "owner": True}),
        ("companies", "edit", {"ids": None, "phone": "1"}),
        ("companies", "edit", {"ids": 1.5, "phone": "1"}),
        ("companies", "edit", {"ids": b"\x01", "phone": "1"}),
        ("companies", "edit", {"ids": [1.5], "phone": "1"}),
        ("companies", "edit", {"ids": [True], "phone": "1"}),
        ("companies", "edit", {"ids": [2**70], "phone": "1"}),
        ("companies", "set_category", {"ids": [1], "category": "\ud800"}),
        ("companies", "list", {"limit": 1.5}),
        ("companies", "list", {"limit": 2**63}),
        ("companies", "list", {"limit": -1}),
        ("companies", "list", {"limit": Decimal("NaN")}),
        ("companies", "list", {"sort": 5}),
        ("companies", "list", {"fields": ["nope"]}),
        ("people", "set_status", {"ids": [1], "status": 1}),
        ("opportunities", "add", {"description": "D", "company": 1, "priority": 3}),
        ("opportunities", "start", {"ids": [1], "on": 20260101}),
        ("opportunities", "start", {"ids": [1], "value": b"1"}),
        ("opportunities", "start", {"ids": [1], "value": []}),
        ("opportunities", "start", {"ids": [1], "value": float("nan")}),
        ("opportunities", "close", {"ids": [1], "outcome": 1}),
        ("settings", "get", {"key": None}),
        ("forms", "delete", {"key": 5}),
        ("automation", "clear", {"trigger": 5}),
        ("db", "prune", {"older_than": 24}),
        ("categories", "delete", {"key": None}),
    ],
)
def test_wrong_types(crm: Crm, noun: str, verb: str, arguments: dict[str, Any]) -> None:
    crm.companies.add("Acme")
    before = crm.changes.count()
    with pytest.raises(UsageError) as caught:
        result = getattr(getattr(crm, noun), verb)(**arguments)
        list(result)
    assert caught.value.exit_code == 2
    assert crm.changes.count() == before


def test_nouns_that_there_are_not(crm: Crm) -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        crm.nonsense  # noqa: B018


def test_texts_to_find_are_texts(crm: Crm) -> None:
    with pytest.raises(LeadctlError):
        crm.find(None)  # type: ignore[arg-type]


def test_a_moment_is_its_day(crm: Crm) -> None:
    crm.companies.add("Acme")
    moment = datetime(2026, 3, 1, 23, 59, tzinfo=UTC)
    crm.opportunities.add("Deal", company=1, created=moment, start=True, on=moment)
    deal = crm.opportunities.show(1)
    assert deal["created_on"] == deal["entries"][0]["date"] == "2026-03-01"
