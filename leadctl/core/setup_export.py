"""Reading the setup of a file: every item with all its fields, in a stable order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leadctl.core.setup_items import SECTIONS, STAGE_FIELDS
from leadctl.model import Choice, Record
from leadctl.rules.automation import Trigger
from leadctl.store import automation, form
from leadctl.store.select import ANY, rows

if TYPE_CHECKING:
    from leadctl.core.crm import Crm
    from leadctl.core.noun import Noun
    from leadctl.store.tables import Source

_NOUNS = {
    "categories": "categories",
    "lead_statuses": "lead_statuses",
    "cycles": "cycles",
    "close_codes": "close_codes",
    "users": "users",
}
_FLAGS = ("confirm",)


def content(crm: Crm) -> dict[str, Any]:
    """Section -> items, with the names that ``setup apply`` reads."""
    found: dict[str, Any] = {
        "settings": {setting["key"]: setting["value"] for setting in crm.settings.list()}
    }
    for section, attribute in _NOUNS.items():
        noun: Noun = getattr(crm, attribute)
        fields = [field for field in SECTIONS[section].fields if field in noun.source.fields]
        fields = [field for field in fields if field != "stages"]
        found[section] = list(noun.list(Choice(all=True, hidden=True), fields=fields))
    for cycle in found["cycles"]:
        stages = crm.stages.of(cycle["key"])
        cycle["stages"] = list(stages.list(fields=tuple(STAGE_FIELDS)))
    # Lists do not show what close codes are described with.
    described: dict[str, str | None] = dict(
        crm.engine.query("SELECT key, description FROM close_code")
    )
    for code in found["close_codes"]:
        code["description"] = described[code["key"]]
    found["forms"] = _plain(crm, form.FORMS, "forms")
    rules = _plain(crm, automation.RULES, "automation")
    found["automation"] = sorted(rules, key=lambda rule: list(Trigger).index(rule["trigger"]))
    return found


def _plain(crm: Crm, source: Source, section: str) -> list[Record]:
    fields = tuple(SECTIONS[section].fields)
    return [
        {
            field: bool(value) if field in _FLAGS else value
            for field, value in zip(fields, row, strict=True)
        }
        for row in rows(crm.engine, source, fields, ANY, today=crm.today)
    ]
