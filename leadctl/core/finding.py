"""``find``: records by a few words of what they are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadctl.errors import Busy, DatabaseError, Reason, UsageError, no_value
from leadctl.rules.naming import is_storable, text_of
from leadctl.store import search

if TYPE_CHECKING:
    from leadctl.core.crm import Crm
    from leadctl.core.noun import Noun
    from leadctl.model import Record

ENTITIES = search.ENTITIES
MOST = 1000
STALE = Reason(
    "", "the search index could not be brought up to date; the newest changes are missing"
)


def find(
    crm: Crm, text: str, *, entity: str | None = None, limit: int = 50
) -> tuple[list[Record], list[Reason]]:
    """Records in which every word of ``text`` occurs at the beginning of a word, the best first.

    Returns ``{"entity", "id", "name", "email", "phone"}`` and notices: a file that cannot be
    written is searched as it was indexed last. Raises UsageError for a text without any letter.
    """
    words = text_of("text", text).split()
    if not any(letter.isalnum() for letter in text) or not is_storable(text):
        raise UsageError(
            "there is nothing to look for",
            hint="give a word of a name, an e-mail address, a phone number or a title",
            text=text,
        )
    if entity is not None and entity not in ENTITIES:
        raise no_value("--entity", entity, ENTITIES)
    notices = []
    if not search.is_current(crm.engine):
        try:
            search.refresh(crm.engine)
        except (Busy, DatabaseError):
            notices.append(STALE)
    wanted = [word for word in words if any(letter.isalnum() for letter in word)]
    found = search.find(crm.engine, wanted, MOST)
    nouns: dict[str, Noun] = {
        "company": crm.companies,
        "person": crm.people,
        "opportunity": crm.opportunities,
    }
    records = {
        (kind, record["id"]): {"entity": kind, **_found(record)}
        for kind, noun in nouns.items()
        if entity in (None, kind)
        for record in noun.with_numbers(
            [id for other, id in found if other == kind],
            [name for name in _FIELDS if name in noun.source.fields],
        )
    }
    ordered = [records[place] for place in found if place in records]
    return ordered[:limit], notices


_FIELDS = ("id", "name", "description", "email", "phone")


def _found(record: Record) -> Record:
    """The same keys for every kind: an opportunity is called by its description."""
    name = record["name"] if "name" in record else record["description"]
    found = {"id": record["id"], "name": name}
    return found | {field: record.get(field) for field in ("email", "phone")}
