"""Whether a trigger of category automation has a rule; what the rule does is loaded only then."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leadctl.core.automation import Firing
    from leadctl.core.batch import Work


def firing_of(work: Work, trigger: str, status: int = 0) -> Firing | None:
    """The rule of a trigger in this command, ``None`` when there is none to fire.

    ``status`` is the number of the lead status that is set, for trigger ``lead_status``.
    """
    if not work.options.automation:
        return None
    row = work.engine.one(
        "SELECT category_id, confirm FROM automation WHERE trigger_key = :key"
        " AND coalesce(lead_status_id, 0) = :status",
        key=trigger,
        status=status,
    )
    if row is None:
        return None
    from leadctl.core.automation import Firing
    from leadctl.rules.automation import Rule

    return Firing(work, Rule(trigger, status, row[0], bool(row[1])))
