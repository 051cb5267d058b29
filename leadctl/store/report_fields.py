"""The fields of every report and the tiles of the dashboard (``spec/cli.md`` section 7)."""

from __future__ import annotations

FIELDS: dict[str, tuple[str, ...]] = {
    "funnel": ("key", "label", "count", "share_percent"),
    "sources": ("source", "people", "qualified", "won", "conversion_percent"),
    "pipeline": (
        *("cycle", "stage", "stage_name", "opportunities"),
        *("estimated_value", "calculated_value"),
    ),
    "forecast": ("month", "opportunities", "estimated_value", "calculated_value"),
    "win-loss": ("group", "won", "lost", "win_rate_percent", "won_value"),
    "ageing": ("group", "opportunities", "min_days", "median_days", "max_days"),
    "conversion": ("from", "to", "count", "share_percent", "median_days"),
    "stage-history": (
        *("cycle", "stage", "stage_name", "entered", "left"),
        *("average_days_per_entry", "average_days_per_visit"),
    ),
}
TILES = (
    "qualification_funnel",
    "new_leads_by_source",
    "new_leads_by_campaign",
    "new_leads_by_first_touch",
    "leads_from_forms",
    "people_by_status",
    "companies_by_category",
    "open_by_stage",
    "forecast_by_month",
    "win_rate",
    "lost_codes",
    "overdue",
    "due_soon",
    "top_opportunities",
)
