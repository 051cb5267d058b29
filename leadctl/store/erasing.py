"""The data of one person, wherever they are: found and blanked, in records and in the history.

Only within ``Engine.rewriting_history``; nothing of it goes through the gate, which would keep it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from leadctl.store import form, person, search
from leadctl.store.engine import document, numbers_sql, rows_sql, texts_sql

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from leadctl.store.engine import Engine
    from leadctl.store.tables import Table

# What somebody is called afterwards: a person must have a name.
BLANK = "(erased)"
PERSONAL = (
    *("external_id", "first_name", "last_name", "title", "email", "phone", "country"),
    *("extra", "first_touch", "lead_creation"),
)
SUBMITTED = ("email", "message", "payload", "conversion")
# What cannot be empty.
_LEFT = {"last_name": BLANK, "payload": "{}"}
_IMAGE = "field IS NULL AND old IS NOT NULL"
# A word that is shorter stands everywhere.
SHORTEST = 5


class Known(NamedTuple):
    """What is known of a person: field -> texts, by the record and by the history."""

    emails: frozenset[str]
    phones: frozenset[str]
    names: frozenset[str]


def known_of(engine: Engine, id: int) -> Known:
    """The names, e-mail addresses and phones that a person has, or had by the history."""
    rows = [
        *engine.query(
            "SELECT first_name, last_name, email, phone FROM person WHERE id = :id", id=id
        ),
        *engine.query(
            "SELECT old ->> 'first_name', old ->> 'last_name', old ->> 'email', old ->> 'phone'"
            f" FROM history WHERE entity = 'person' AND entity_id = :id AND {_IMAGE}",
            id=id,
        ),
    ]
    single = engine.query(
        "SELECT field, old FROM history WHERE entity = 'person' AND entity_id = :id"
        " UNION SELECT field, new FROM history WHERE entity = 'person' AND entity_id = :id",
        id=id,
    )

    def had(field: str, place: int) -> frozenset[str]:
        found = [row[place] for row in rows] + [text for name, text in single if name == field]
        return frozenset(text for text in found if text)

    whole = {f"{first} {last}" for first, last, *_ in rows if first and last}
    return Known(had("email", 2), had("phone", 3), frozenset(whole))


def exists(engine: Engine, id: int) -> bool:
    """Whether there is such a person, or was one by the history."""
    return bool(
        engine.value(
            "SELECT EXISTS (SELECT 1 FROM person WHERE id = :id) OR EXISTS (SELECT 1 FROM history"
            " WHERE entity = 'person' AND entity_id = :id)",
            id=id,
        )
    )


def has_data(engine: Engine, id: int, captures: Sequence[int]) -> bool:
    """Whether there is anything left to be erased."""
    stored = " OR ".join(f"{name} IS NOT NULL" for name in PERSONAL if name != "last_name")
    written = "old IS NOT NULL OR new IS NOT NULL"
    return bool(
        engine.value(
            f"SELECT EXISTS (SELECT 1 FROM person WHERE id = :id AND ({stored}"
            " OR last_name IS DISTINCT FROM :blank)) OR EXISTS (SELECT 1 FROM history WHERE"
            f" entity = 'person' AND entity_id = :id AND ({written})"
            f" AND (field IN ({texts_sql('fields')}) OR {_IMAGE}"
            " AND old ->> 'last_name' IS DISTINCT FROM :blank)) OR EXISTS (SELECT 1 FROM capture"
            f" WHERE id IN ({numbers_sql('captures')}) AND payload <> '{{}}')",
            id=id,
            blank=BLANK,
            fields=document(PERSONAL),
            captures=document(captures),
        )
    )


def captures_of(engine: Engine, id: int, emails: Iterable[str]) -> list[int]:
    """The submissions that became the person or were linked to it, and those by its e-mail
    addresses (case-folded) that are nobody's.
    """
    rows = engine.query(
        "SELECT id FROM capture WHERE person_id = :id"
        f" OR person_id IS NULL AND (email_key IN ({texts_sql('emails')}) OR id IN (SELECT entity_id"
        " FROM history WHERE entity = 'capture' AND field = 'person_id' AND CAST(:id AS TEXT)"
        " IN (old, new)))"
        f" UNION SELECT entity_id FROM history WHERE entity = 'capture' AND {_IMAGE}"
        f" AND (CAST(old ->> 'person_id' AS BIGINT) = :id OR old ->> 'email_key' IN ({texts_sql('emails')}))",
        id=id,
        emails=document(sorted(emails)),
    )
    return [row[0] for row in rows]


def blank(engine: Engine, id: int, captures: Sequence[int], stamp: str) -> None:
    """Take a person's data out of its record, its submissions, their history, and the search index.

    The person stays, retired and without a name, so that figures stay as they are; a submission
    that still waits is rejected.
    """
    engine.execute(
        f"UPDATE person SET {_empty(person.TABLE, PERSONAL)}, retired = 1, updated_at = :stamp"
        " WHERE id = :id",
        id=id,
        stamp=stamp,
    )
    engine.execute(
        f"UPDATE capture SET {_empty(form.CAPTURE, SUBMITTED)}, status = CASE WHEN"
        " status = 'processed' THEN status ELSE 'rejected' END"
        f" WHERE id IN ({numbers_sql('ids')})",
        ids=document(captures),
    )
    _blank_history(engine, person.TABLE, PERSONAL, [id])
    _blank_history(engine, form.CAPTURE, SUBMITTED, captures)
    engine.execute(
        "DELETE FROM search WHERE rowid = :place",
        place=id * len(search.TEXTS) + search.ENTITIES.index("person"),
    )
    engine.purge_search()


def mentions(engine: Engine, words: Iterable[str]) -> Iterator[str]:
    """Table and number of the rows that still have one of these words in any text."""
    wanted = document(sorted(_lower(word) for word in words if len(word) >= SHORTEST))
    for table in engine.tables():
        names = engine.columns(table)
        texts = " || '\n' || ".join(
            f"coalesce(CAST({name} AS TEXT), '')" for name in names if name != "id"
        )
        rows = engine.stream(
            f"SELECT t.id FROM (SELECT id, lower({texts}) AS text FROM {table}) t"
            f" WHERE EXISTS (SELECT 1 FROM ({texts_sql('wanted')}) w"
            " WHERE instr(t.text, w.value) > 0) ORDER BY t.id",
            wanted=wanted,
        )
        yield from (f"{table} {id}" for (id,) in rows)


def _lower(word: str) -> str:
    """As databases do it for a text whose language they do not know."""
    return "".join(letter.lower() if letter.isascii() else letter for letter in word)


def _empty(table: Table, fields: Sequence[str]) -> str:
    sets = []
    for field in fields:
        left = f"'{_LEFT[field]}'" if field in _LEFT else "NULL"
        sets.append(f"{field} = {left}")
        if table.column(field).folded:
            sets.append(f"{field}_key = {left}")
    return ", ".join(sets)


def _blank_history(engine: Engine, table: Table, fields: Sequence[str], ids: Sequence[int]) -> None:
    """Values become empty; the image of a deleted record stays as that of a blank one."""
    theirs = f"entity = '{table.entity}' AND entity_id IN ({numbers_sql('ids')})"
    engine.execute(
        f"UPDATE history SET old = NULL, new = NULL WHERE {theirs}"
        f" AND field IN ({texts_sql('fields')})",
        ids=document(ids),
        fields=document(fields),
    )
    blank = {}
    for field in fields:
        blank[field] = blank[f"{field}_key"] = _LEFT.get(field)
    images = engine.query(
        f"SELECT id, old FROM history WHERE {theirs} AND {_IMAGE}", ids=document(ids)
    )

    def blanked() -> Iterator[tuple[int, str]]:
        for id, image in images:
            cells = json.loads(image)
            yield id, document(cells | {name: blank[name] for name in cells.keys() & blank.keys()})

    engine.bulk(
        f"UPDATE history AS h SET old = s.old FROM {rows_sql('#id', 'old')} s WHERE h.id = s.id",
        blanked(),
    )
