"""The filters that verbs on opportunities offer by name, as filter expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadctl.core.given import day_of, duration_of
from leadctl.core.refs import find_item_or_none, find_record
from leadctl.core.values import choice_of
from leadctl.model import Outcome
from leadctl.store import company as company_store
from leadctl.store import cycle as cycle_store
from leadctl.store import lists
from leadctl.store import person as person_store

if TYPE_CHECKING:
    from leadctl.core.crm import Crm
    from leadctl.model import Choice


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def check_filters(
    *,
    closed_before: str | None = None,
    closed_after: str | None = None,
    older_than: str | None = None,
    outcome: str | None = None,
    campaign: str | None = None,
    **_looked_up: str | None,
) -> tuple[str, ...]:
    """What needs no file to be read, as filter expressions.

    Dates are ``YYYY-MM-DD`` and exclude their day, ``older_than`` is a duration, ``outcome`` won
    or lost. Raises UsageError for what is none.
    """
    found = [
        f"closed_on {sign} {day_of(day)}"
        for sign, day in (("<", closed_before), (">", closed_after))
        if day is not None
    ]
    if older_than is not None:
        found.append(f"closed_on older than {duration_of(older_than)}")
    if outcome is not None:
        found.append(f"outcome = {choice_of(Outcome, outcome, '--outcome')}")
    if campaign is not None:
        found.append(f"campaign = {_quoted(campaign)}")
    return tuple(found)


def narrowed(
    crm: Crm,
    choice: Choice,
    also: tuple[str, ...] = (),
    *,
    salesperson: str | None = None,
    code: str | None = None,
    cycle: str | None = None,
    company: int | str | None = None,
    person: int | str | None = None,
    **_checked: str | None,
) -> Choice:
    """A choice that is narrowed by ``also`` and by the list items and contacts that are named;
    ``none`` finds what has none. Raises NotFound for what does not exist.
    """
    found = list(also)
    for field, source, value in (
        ("salesperson", lists.USERS, salesperson),
        ("close_code", cycle_store.CLOSE_CODES, code),
        ("cycle", cycle_store.CYCLES, cycle),
    ):
        if value is not None:
            item = find_item_or_none(crm, source, value)
            found.append(f"{field} = {_quoted(item.key)}" if item.id else f"{field} is null")
    for field, place, named in (
        ("company_id", company_store.SOURCE, company),
        ("person_id", person_store.SOURCE, person),
    ):
        if named is not None:
            found.append(f"{field} = {find_record(crm, place, named)}")
    if not found:
        return choice
    return choice._replace(all=False, where=(*choice.where, *found))
