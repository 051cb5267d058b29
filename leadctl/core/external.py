"""External ids: unique per kind of record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadctl.errors import Refused

if TYPE_CHECKING:
    from leadctl.core.batch import Work
    from leadctl.core.crm import Crm
    from leadctl.store.tables import Source


def check_external_id(
    crm: Crm, source: Source, external_id: str | None, work: Work | None = None
) -> None:
    """Refuse an external id that another record has, or that several would get.

    ``work`` has chosen the records that are to get it; without, it is for a new one.
    """
    if external_id is None:
        return
    holder = crm.engine.value(
        f"SELECT id FROM {source.table} WHERE external_id = :external", external=external_id
    )
    if work is None:
        taken = holder is not None
    else:
        own = crm.engine.value("SELECT id FROM temp.target WHERE id = :id", id=holder)
        taken = work.report.matched > 1 or (holder is not None and own is None)
    if taken:
        raise Refused(
            "the external id {external_id} belongs to one {entity} only",
            code="external_id_taken",
            external_id=external_id,
            entity=source.entity,
            id=holder,
        )
