"""From what people type to records and list items: numbers, ``ext:KEY``, keys, names, labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, NoReturn

from leadctl.core.crm import the_one
from leadctl.errors import LeadctlError, NotFound, Refused
from leadctl.labels import accepted
from leadctl.rules.naming import folded, text_of
from leadctl.store import lists
from leadctl.store.select import Condition

if TYPE_CHECKING:
    from leadctl.core.crm import Crm
    from leadctl.store.tables import Source


class Item(NamedTuple):
    """A list item that was found."""

    id: int
    key: str
    name: str
    deleted: bool


NONE = Item(0, "none", "", False)
# A hint names so many items; where there are more, it says how to list them.
MOST_NAMED = 12
_BUILT_IN = ("category", "lead_status", "cycle", "close_code")


def find_item(crm: Crm, source: Source, text: str) -> Item:
    """A list item by key, then name, then built-in label of any language, ignoring case.

    For users, ``me`` is the current user. Raises NotFound with the items there are, and Refused
    (``ambiguous_name``) for a label that two items have.
    """
    item = look_up(crm, source, text)
    if item is None:
        _not_found(crm, source, text)
    return item


def look_up(crm: Crm, source: Source, text: str) -> Item | None:
    """The same, ``None`` when there is none."""
    if source is lists.USERS and folded(text_of(source.entity, text)) == "me":
        text = crm.user
    deleted = "t.deleted" if source.hidden else "0"
    wanted = folded(text_of(source.entity, text).strip())
    rows = crm.engine.query(
        f"SELECT t.id, t.key, t.name, {deleted} FROM {source.table} t"
        " WHERE t.key = :wanted OR t.name_key = :wanted ORDER BY t.key <> :wanted",
        wanted=wanted,
    )
    if not rows and source.entity in _BUILT_IN:
        keys = sorted(accepted(source.entity).get(wanted, ()))
        for key in keys:
            rows += crm.engine.query(
                f"SELECT t.id, t.key, t.name, {deleted} FROM {source.table} t"
                " WHERE t.key = :key AND t.builtin = 1",
                key=key,
            )
        if len(rows) > 1:
            raise ambiguous(source.entity, text, [row[1] for row in rows])
    if not rows:
        return None
    id, key, name, is_deleted = rows[0]
    return Item(id, key, name, bool(is_deleted))


def find_item_or_none(crm: Crm, source: Source, text: str) -> Item:
    """The same, where the word ``none`` clears the reference."""
    return NONE if folded(text_of(source.entity, text)) == "none" else find_item(crm, source, text)


def current_user(crm: Crm) -> int | None:
    """The number of the current user, if in the user list."""
    item = look_up(crm, lists.USERS, "me")
    return item.id if item else None


def find_record(crm: Crm, source: Source, text: int | str) -> int:
    """The number of a record named by number, ``ext:KEY``, or name ignoring case.

    Raises NotFound, and Refused (``ambiguous_name``) when two records have the name.
    """
    word = str(text)
    if word.isdecimal() or word.startswith("ext:"):
        return the_one(word, source, crm)
    where = Condition("t.name_key = :name", {"name": folded(word)})
    rows = crm.engine.query(
        f"SELECT t.id FROM {source.table} t WHERE {where.sql} ORDER BY t.id LIMIT 10",
        **where.parameters,
    )
    if not rows:
        raise NotFound("{entity} {id} does not exist", entity=source.entity, id=word)
    if len(rows) > 1:
        raise ambiguous(source.entity, word, [row[0] for row in rows])
    return int(rows[0][0])


def ambiguous(entity: str, text: str, ids: list[int] | list[str]) -> LeadctlError:
    """Two records or items have the same name."""
    return Refused(
        "more than one {entity} is called {name}: {ids}",
        code="ambiguous_name",
        hint="name it by its number or key",
        entity=entity,
        name=text,
        ids=ids,
    )


def _not_found(crm: Crm, source: Source, text: str) -> NoReturn:
    from difflib import get_close_matches

    active = f" WHERE {source.hidden}" if source.hidden else ""
    keys = [
        row[0]
        for row in crm.engine.query(
            f"SELECT t.key FROM {source.table} t{active} ORDER BY {source.order} LIMIT 50"
        )
    ]
    if source is lists.USERS and folded(text) == "me":
        raise NotFound(
            "you are {user}, and no user is called so",
            hint="user add makes one; --as or LEADCTL_USER says who you are",
            entity=source.entity,
            id=text,
            user=crm.user,
            active=keys,
        )
    near = get_close_matches(folded(text), keys, 1)
    if not keys:
        hint = "there is none yet"
    elif len(keys) > MOST_NAMED:
        hint = (
            "did you mean {near}? {noun} list shows which there are"
            if near
            else "{noun} list shows which there are"
        )
    else:
        hint = "did you mean {near}? There are: {active}" if near else "there are: {active}"
    raise NotFound(
        "{entity} {id} does not exist",
        hint=hint,
        entity=source.entity,
        id=text,
        near=near[0] if near else None,
        noun=source.entity.replace("_", "-"),
        active=keys,
    )
