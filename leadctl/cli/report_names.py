"""The names that a table shows for the keys in reports and on the dashboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadctl.cli.columns import names_of, shown_names, stage_names
from leadctl.labels import label
from leadctl.model import canonical

if TYPE_CHECKING:
    from leadctl.core.crm import Crm
    from leadctl.model import Record


def with_words(crm: Crm, name: str, records: list[Record]) -> list[Record]:
    """The rows of a report for a table: what has not ended yet says so."""
    if name != "conversion":
        return records
    here = crm.translate("still there")
    return [row | {"to": here} if row["to"] is None else row for row in records]


def names_in(
    crm: Crm, name: str, *, cycle: str | None = None, by: str | None = None
) -> dict[str, dict[str, str]]:
    """For each field of a report with keys: key -> name in the chosen language."""
    if name == "funnel":
        return {"label": stage_names(crm) if cycle else crm.lead_statuses.names_by_name()}
    if name == "conversion":
        names = _stages(crm, cycle) if cycle else names_of(crm, "lead_status")
        return {"from": names, "to": names}
    if name in ("pipeline", "stage-history"):
        return {"cycle": names_of(crm, "cycle"), "stage_name": stage_names(crm)}
    if name == "ageing" and by is None:
        return {"group": stage_names(crm)}
    if name in ("win-loss", "ageing", "sources"):
        noun = crm.people if name == "sources" else crm.opportunities
        field = canonical(by or "", noun.source.fields)
        names = shown_names(crm, [field], noun.source.entity).get(field, {})
        if name == "win-loss" and by is None:
            names = {"all": crm.translate("all")}
        return {"source" if name == "sources" else "group": names}
    return {}


def _stages(crm: Crm, cycle: str) -> dict[str, str]:
    """Stage number -> number and name; how opportunities end -> its name."""
    shown = stage_names(crm)
    names = {
        str(stage["stage"]): f"{stage['stage']} {shown.get(stage['name'], stage['name'])}"
        for stage in crm.stages.of(cycle).list()
    }
    return names | {key: label(crm.language, "outcome", key) for key in ("won", "lost")}
