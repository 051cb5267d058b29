"""Saving the items of a setup file by the methods of the verbs, whose rules hold here too.

``values`` are the fields that the file gives: what it leaves out stays, an empty text clears.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leadctl.errors import Refused, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from leadctl.core.crm import Crm
    from leadctl.core.items import ItemList, RankedList

Values = dict[str, Any]
# The lists with an order and soft deletion -> their names in the library.
RANKED = {"categories": "categories", "lead_statuses": "lead_statuses"}


def save_category(crm: Crm, values: Values) -> None:
    """Add or edit a category. Raises UsageError, NotFound, Refused like all of these."""
    values = dict(values)
    if values.get("group") == "":
        values["group"] = "none"
    if "lead_status_enabled" in values:
        values["lead_status"] = values.pop("lead_status_enabled")
    _bring_back(crm.categories, values)
    _save(crm.categories, values, ("group", "lead_status", "description"))


def save_lead_status(crm: Crm, values: Values) -> None:
    """Add or edit a lead status; a new default takes the place of the old one."""
    values = dict(values)
    if values.pop("is_default", False):
        values["default"] = True
    _bring_back(crm.lead_statuses, values)
    _save(crm.lead_statuses, values, ("description",))


def save_cycle(crm: Crm, values: Values) -> None:
    """Add or edit a sales cycle, without its stages."""
    _save(crm.cycles, values, ("method",))


def save_close_code(crm: Crm, values: Values) -> None:
    """Add or edit a close code."""
    _save(crm.close_codes, values, ("outcome", "description"), ("name", "outcome"))


def save_user(crm: Crm, values: Values) -> None:
    """Add or edit a user."""
    _save(crm.users, values, ("email", "group"))


def save_stage(crm: Crm, values: Values) -> None:
    """Add or edit a stage of the sales cycle ``values["cycle"]``."""
    values = dict(values)
    cycle, number = values.pop("cycle"), values.pop("stage")
    for field in ("completed", "chances"):
        if f"{field}_percent" in values:
            values[field] = values.pop(f"{field}_percent")
    stages = crm.stages.of(cycle)
    if stages.has(number):
        if values:
            crm.stages.edit(cycle, number, **values)
        return
    _need(values, ("name", "completed", "chances"))
    crm.stages.add(cycle, number, values.pop("name"), **values)


def finish_item(crm: Crm, name: str, values: Values) -> None:
    """What can be done with an item only when the others are there: to delete it."""
    noun: Any = getattr(crm, RANKED[name])
    record = noun.show(values["key"])
    if values.get("deleted") and not record["deleted"]:
        noun.delete(values["key"])
    if values.get("is_default") is False and record["is_default"]:
        raise Refused(
            "{key} is the status that new leads get",
            code="default_status_needed",
            hint="is_default: true names the status that takes its place",
            key=values["key"],
        )


def arrange(crm: Crm, name: str, keys: list[str]) -> None:
    """Put the items into the order of the file."""
    noun: RankedList = getattr(crm, RANKED[name])
    noun.arrange(keys)


def save_form(crm: Crm, values: Values) -> None:
    """Add or edit a form, found by its name ignoring case."""
    given = dict(values)
    name = given.pop("name")
    if not crm.forms.has(name):
        crm.forms.add(name, **{field: value for field, value in given.items() if value != ""})
    elif given:
        cleared = {field: "none" for field in ("category", "owner") if given.get(field) == ""}
        crm.forms.edit(name, **given | cleared)


def save_automation(crm: Crm, values: Values) -> None:
    """Set the rule of a trigger; there is one each, and it replaces the one before (AU-8)."""
    given = dict(values)
    trigger = given.pop("trigger")
    if not crm.automation.has(trigger):
        _need(given, ("category",))
    crm.automation.replace(trigger, **given)


def _save(
    noun: ItemList, values: Values, first: tuple[str, ...], needed: tuple[str, ...] = ("name",)
) -> None:
    """Add an item, with what ``add`` takes of ``values``, and edit the rest, or edit all."""
    values = {field: value for field, value in values.items() if field != "deleted"}
    key = values.pop("key")
    library: Any = noun
    if not noun.has(key):
        _need(values, needed)
        given = {field: values.pop(field) for field in first if field in values}
        library.add(values.pop("name"), key=key, **given)
    if values:
        library.edit(key, **values)


def _bring_back(noun: RankedList, values: Values) -> None:
    key = values["key"]
    if values.get("deleted") is False and noun.has(key) and noun.show(key)["deleted"]:
        noun.restore(key)


def _need(values: Mapping[str, Any], fields: tuple[str, ...]) -> None:
    missing = [field for field in fields if field not in values]
    if missing:
        raise UsageError("what is new needs {fields}", fields=missing)
