"""The settings of the data: they live in the file, so that all who use it follow the same rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leadctl.config import DATA_OPTIONS, Option, parse_value
from leadctl.core.batch import Plan, changing
from leadctl.core.refs import find_item
from leadctl.core.repeating import repeating
from leadctl.core.values import assignment
from leadctl.errors import NotFound
from leadctl.model import Choice
from leadctl.rules.naming import text_of
from leadctl.store import cycle, lists

if TYPE_CHECKING:
    from collections.abc import Mapping

    from leadctl.core.crm import Crm
    from leadctl.model import Record, Report, WriteOptions
    from leadctl.store.engine import Engine


@repeating
class Settings:
    """Settings of the data, by key."""

    def __init__(self, crm: Crm) -> None:
        self._crm = crm

    def list(self) -> list[Record]:
        """Every setting: ``{"key", "value"}``."""
        stored: dict[str, str] = dict(self._crm.engine.query("SELECT key, value FROM setting"))
        return [
            {"key": key, "value": parse_value(option, stored[key])}
            for key, option in DATA_OPTIONS.items()
        ]

    def get(self, key: str) -> Any:
        """The value of one setting. Raises NotFound."""
        option = self._option(key)
        stored = self._crm.engine.value(
            "SELECT value FROM setting WHERE key = :key", key=option.key
        )
        return parse_value(option, stored)

    def set(self, key: str, value: str, options: WriteOptions | None = None) -> Report:
        """Change a setting. Raises NotFound for an unknown one, UsageError for a bad value."""
        option = self._option(key)
        text = value if option.item else stored_text(parse_value(option, value))
        with changing(self._crm, "setting set", options) as work:
            if option.item and text != self.get(key):
                text = find_item(self._crm, cycle.CYCLES, value).key
            id = self._crm.engine.value("SELECT id FROM setting WHERE key = :key", key=option.key)
            work.choose(lists.SETTINGS, Choice(ids=(id,)))
            work.decide(lambda situation: Plan())
            assign, parameters = assignment(lists.SETTING, {"value": text})
            work.count_changed(work.gate.update(lists.SETTING, work.go, assign, **parameters))
        return work.report

    @staticmethod
    def _option(key: str) -> Option:
        option = DATA_OPTIONS.get(text_of("key", key).strip().lower())
        if option is None:
            from difflib import get_close_matches

            near = get_close_matches(key.strip().lower(), DATA_OPTIONS, 1)
            raise NotFound(
                "setting {id} does not exist",
                hint="did you mean {near}? There are: {known}" if near else "there are: {known}",
                id=key,
                near=near[0] if near else None,
                known=list(DATA_OPTIONS),
            )
        return option


def stored_text(value: object) -> str:
    """A value as the table keeps it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def missing_rows(engine: Engine, values: Mapping[str, object]) -> list[Mapping[str, Any]]:
    """The rows that a file of an older leadctl lacks; ``values`` are those to be set."""
    there = {key for (key,) in engine.query("SELECT key FROM setting")}
    wanted = {key: option.default for key, option in DATA_OPTIONS.items()} | dict(values)
    return [row for row in first_rows(wanted) if row["key"] not in there]


def first_rows(values: Mapping[str, object]) -> list[Mapping[str, Any]]:
    """The rows of a new file."""
    return [{"key": key, "value": stored_text(values[key])} for key in DATA_OPTIONS]
