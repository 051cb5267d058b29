"""Reading the lists and settings by which the rules decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadctl.model import Reentry
from leadctl.rules.leads import Category, LeadStatus, Policy

if TYPE_CHECKING:
    from leadctl.store.engine import Engine


def read_policy(engine: Engine) -> Policy:
    """The policy as it is in the file now."""
    categories = [
        Category(id, key, group, bool(enabled), bool(deleted), rank)
        for id, key, group, enabled, deleted, rank in engine.stream(
            "SELECT id, key, group_key, lead_status_enabled, deleted, rank FROM category"
        )
    ]
    statuses = []
    default = 0
    for id, key, deleted, is_default in engine.stream(
        "SELECT id, key, deleted, is_default FROM lead_status"
    ):
        statuses.append(LeadStatus(id, key, bool(deleted)))
        default = id if is_default else default
    settings: dict[str, str] = dict(engine.query("SELECT key, value FROM setting"))
    return Policy(
        {category.id: category for category in categories},
        {status.id: status for status in statuses},
        default,
        Reentry(settings["lead_status.reentry"]),
        settings["lead_status.require_company"] == "true",
    )
