"""External ids: unique per kind of record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadctl.errors import Reason

if TYPE_CHECKING:
    from leadctl.core.batch import Work
    from leadctl.core.crm import Crm
    from leadctl.store.tables import Source


def external_id_problem(
    crm: Crm, source: Source, external_id: str | None, work: Work | None = None
) -> Reason | None:
    """Why an external id cannot be given: another record has it, or several would get it.

    ``work`` has chosen the records that are to get it; without, it is for a new one.
    """
    if external_id is None:
        return None
    holder = crm.engine.value(
        f"SELECT id FROM {source.table} WHERE external_id = :external", external=external_id
    )
    taken = holder is not None
    if work is not None:
        own = crm.engine.value("SELECT id FROM temp.target WHERE id = :id", id=holder)
        taken = work.report.matched > 1 or (taken and own is None)
    if not taken:
        return None
    return Reason(
        "external_id_taken",
        "the external id {external_id} belongs to one {entity} only",
        details={"external_id": external_id, "entity": source.entity, "holder": holder},
    )
