"""``db check``: whether what must hold in a file does, one named rule after another."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from leadctl.config import DATA_OPTIONS, parse_value
from leadctl.core import history
from leadctl.core.selection_views import views_to_mend
from leadctl.core.values import folded_or_none
from leadctl.errors import DatabaseError, Reason, UsageError
from leadctl.store.invariants import (
    INVARIANTS,
    ON_SERVER,
    Invariant,
    folded_keys,
    json_columns,
)
from leadctl.store.sqlite_errors import SQLITE_ERRORS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from leadctl.core.crm import Crm
    from leadctl.model import Record
    from leadctl.store.engine import Engine

# As many offenders of a rule are named.
NAMED = 10
# What reading a damaged file may come to.
_NONSENSE = (*SQLITE_ERRORS, UsageError, ValueError, LookupError, TypeError)
_SETTINGS = "SELECT key, value FROM setting ORDER BY key"


class Finding(NamedTuple):
    """What a rule found: ``found`` is how many things break it, ``None`` when the file is too
    damaged to tell; ``first`` names the first ones.
    """

    rule: Invariant
    found: int | None
    first: Sequence[str] = ()

    @property
    def ok(self) -> bool:
        """Whether the rule holds."""
        return self.found == 0

    def record(self, translate: Callable[[str], str]) -> Record:
        """The finding as ``{"rule", "ok", "found", "hint"}``; no hint where there is no need."""
        hint = None if self.ok else translate(self.rule.hint)
        return {"rule": self.rule.rule, "ok": self.ok, "found": self.found, "hint": hint}

    def told(self) -> Reason:
        """What breaks the rule, in a line."""
        details: dict[str, Any] = {"rule": self.rule.rule, "first": list(self.first)}
        more = (self.found or 0) - len(self.first)
        if more <= 0:
            return Reason("", "{rule}: {first}", details=details)
        return Reason("", "{rule}: {first} and {more} more", details=details | {"more": more})


def _stored_views(crm: Crm) -> Iterator[str]:
    """Views that are missing, or are not those that leadctl makes."""
    yield from (f"view {name}" for name in views_to_mend(crm))


def _stored_settings(crm: Crm) -> Iterator[str]:
    """Settings that are missing, or have a value that they cannot have."""
    there: dict[str, str] = dict(crm.engine.examine(_SETTINGS))
    for key, option in DATA_OPTIONS.items():
        with suppress(UsageError):
            if key in there:
                parse_value(option, there[key])
                continue
        yield f"setting {key}"
    yield from (f"setting {key}" for key in there if key not in DATA_OPTIONS)


def _keys_of_texts(crm: Crm) -> Iterator[str]:
    """Texts whose key is not the text, case-folded."""
    rule = folded_keys(history.TABLES.values())
    for name, text, key in crm.engine.examine(rule.sql):
        if folded_or_none(text) != key:
            yield str(name)


_COMPUTED: dict[str, Callable[[Crm], Iterator[str]]] = {
    "folded_keys": _keys_of_texts,
    "views": _stored_views,
    "settings": _stored_settings,
}


def rules() -> tuple[Invariant, ...]:
    """All rules, in the order in which they are checked."""
    tables = history.TABLES.values()
    return (
        *INVARIANTS,
        json_columns(tables),
        folded_keys(tables),
        Invariant("views", "", "db migrate makes the views anew"),
        Invariant("settings", _SETTINGS, "setting set KEY VALUE; db migrate adds missing ones"),
    )


def chosen_rules(name: str | None) -> tuple[Invariant, ...]:
    """The rule of that name, or all. Raises UsageError for a name that no rule has."""
    known = rules()
    if name is None:
        return known
    wanted = name.strip().lower().replace("-", "_")
    found = tuple(rule for rule in known if rule.rule == wanted)
    if found:
        return found
    from difflib import get_close_matches

    names = [rule.rule for rule in known]
    near = get_close_matches(wanted, names, 3, 0.5)
    raise UsageError(
        "there is no rule {rule}",
        hint="did you mean {near}?" if near else "the rules are: {known}",
        rule=name,
        near=near,
        known=names,
    )


def rules_of(engine: Engine, name: str | None) -> Iterator[Invariant]:
    """The same for a database: what its kind asks in its own way is filled in."""
    own = engine.structure()
    for rule in chosen_rules(name):
        hint = rule.hint if engine.as_file is not None else ON_SERVER.get(rule.hint, rule.hint)
        yield rule._replace(sql=own.get(rule.rule, rule.sql), hint=hint)


def check(crm: Crm, name: str | None = None) -> list[Finding]:
    """Check one rule or all of them, on the file as it is at one moment."""
    with crm.engine.snapshot():
        return [_checked(crm, rule) for rule in rules_of(crm.engine, name)]


def _checked(crm: Crm, rule: Invariant) -> Finding:
    first: list[str] = []
    found = 0
    try:
        for text in _offenders(crm, rule):
            found += 1
            if found <= NAMED:
                first.append(text)
    except DatabaseError as error:
        if error.code != "database_corrupt":
            raise
        return Finding(rule, None, (error.reason.text(crm.translate),))
    except _NONSENSE as problem:
        return Finding(rule, None, (str(problem),))
    return Finding(rule, found, first)


def _offenders(crm: Crm, rule: Invariant) -> Iterator[str]:
    if rule.rule in _COMPUTED:
        yield from _COMPUTED[rule.rule](crm)
    else:
        yield from (str(row[0]) for row in crm.engine.examine(rule.sql))
