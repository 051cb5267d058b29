"""Full-text search over names, e-mails, phones and the like.

The index is brought up to date when somebody searches, from the history since it was last: writes
pay nothing for it. A row's number is that of the record, times the number of kinds, plus the kind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leadctl.store.engine import Engine

# Kind of record -> what of it can be found.
TEXTS = {
    "company": ("name", "email", "phone", "website", "external_id"),
    "person": ("first_name", "last_name", "email", "phone", "title", "external_id"),
    "opportunity": ("description", "campaign", "external_id"),
}
ENTITIES = tuple(TEXTS)


def _text(engine: Engine, columns: tuple[str, ...]) -> str:
    cells = (engine.searched.format(name=name) for name in columns)
    return " || ' ' || ".join(f"coalesce({cell}, '')" for cell in cells)


def is_current(engine: Engine) -> bool:
    """Whether everything that was written has been indexed."""
    return bool(
        engine.value(
            "SELECT indexed_to >= (SELECT coalesce(max(id), 0) FROM history) FROM search_state"
        )
    )


def refresh(engine: Engine) -> None:
    """Index what has changed since the last time."""
    with engine.transaction():
        last = engine.value("SELECT coalesce(max(id), 0) FROM history")
        for kind, (entity, columns) in enumerate(TEXTS.items()):
            changed = (
                "SELECT DISTINCT h.entity_id FROM history h WHERE h.entity = :entity AND h.id >"
                " (SELECT indexed_to FROM search_state)"
            )
            number = f"{len(TEXTS)} + {kind}"
            engine.execute(
                f"DELETE FROM search WHERE rowid IN (SELECT entity_id * {number} FROM ({changed}))",
                entity=entity,
            )
            engine.execute(
                f"INSERT INTO search (rowid, text) SELECT t.id * {number}, {_text(engine, columns)}"
                f" FROM {entity} t WHERE t.id IN ({changed})",
                entity=entity,
            )
        engine.execute("UPDATE search_state SET indexed_to = :last", last=last)


def find(engine: Engine, words: list[str], limit: int) -> list[tuple[str, int]]:
    """Entity and number of the records that have every word, or begin with it, the best first."""
    rows = engine.search(words, limit)
    return [(ENTITIES[row % len(TEXTS)], row // len(TEXTS)) for row in rows]
