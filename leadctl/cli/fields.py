"""Which fields a verb prints, known before it runs: a wrong one must not be found afterwards."""

from __future__ import annotations

from leadctl.errors import UsageError
from leadctl.model import canonical
from leadctl.store import (
    automation,
    company,
    cycle,
    document,
    form,
    lists,
    opportunity,
    person,
    report_fields,
    selection,
)

HISTORY = tuple(lists.HISTORY.fields)
REPORT = (
    "change",
    "dry_run",
    "matched",
    "changed",
    "unchanged",
    "created",
    "skipped",
    "refused",
    "missing",
    "affected",
    "automation",
    "problems",
    "problems_omitted",
)
DETAILS = ("id", "result", "change", "code", "message", "changes", "line", "column")
SETTING = ("key", "value")
CONFIG = ("key", "value", "origin")
CONFIG_PATH = ("path", "exists")
SETUP = (
    "settings",
    "categories",
    "lead_statuses",
    "cycles",
    "close_codes",
    "users",
    "forms",
    "automation",
)
INIT = ("path", "created")
DB_INFO = (
    *("path", "engine", "schema", "size_bytes"),
    *("companies", "people", "opportunities", "changes"),
)
DB_CHECK = ("rule", "ok", "found", "hint")
DB_MIGRATE = ("path", "from", "to", "changed", "copy")
DB_VACUUM = ("path", "size_bytes", "freed_bytes")
DB_BACKUP = ("path", "schema", "size_bytes")
DB_EXPORT = ("table", "file", "rows")
DB_COPY = ("from", "to", "tables", "rows")
SELECTION = tuple(selection.SOURCE.fields)
# Of whatever kind the members are; which it is, the file knows.
MEMBERS = tuple(
    dict.fromkeys((*person.SOURCE.fields, *company.SOURCE.fields, *opportunity.SOURCE.fields))
)
# A board as one object, as columns, and as cards, by the format.
BOARD = ("entity", "by", "columns")
BOARD_COLUMN = ("key", "label", "count", "sum", "cards", "groups")
BOARD_CARD = ("column", "group", "id", "name")
REPORTS = report_fields.FIELDS
DASHBOARD = report_fields.TILES
ALLOWED = ("action", "offered", "targets", "reason")
CAPTURED = ("id", "status", "person_id", "company_id", "created", "message")
BATCH = ("change", "lines", "ok", "failed", "results")
BATCH_LINE = ("line", "exit", "report", "error")
FOUND = ("entity", "id", "name", "email", "phone")
_SHOWN: dict[str, tuple[str, ...]] = {
    "company": (*company.SOURCE.fields, "opportunities"),
    "person": (
        *person.SOURCE.fields,
        "lead_status_description",
        "first_touch",
        "lead_creation",
        "people",
        "opportunities",
    ),
    "selection": SELECTION,
    "members": MEMBERS,
    "automation": tuple(automation.RULES.fields),
    "proposal": tuple(automation.PROPOSALS.fields),
    "opportunity": (*opportunity.SOURCE.fields, "entries", "allowed"),
    "allowed": ALLOWED,
    "quote": tuple(document.QUOTES.fields),
    "order": tuple(document.ORDERS.fields),
    "cycle": tuple(cycle.CYCLES.fields),
    "stage": tuple(cycle.STAGES.fields),
    "close_code": tuple(cycle.CLOSE_CODES.fields),
    "category": tuple(lists.CATEGORIES.fields),
    "lead_status": tuple(lists.LEAD_STATUSES.fields),
    "user": tuple(lists.USERS.fields),
    "form": tuple(form.FORMS.fields),
    "capture": (*form.CAPTURES.fields, "payload", "conversion"),
    "captured": CAPTURED,
    "change": (*lists.CHANGES.fields, "history"),
    "history": HISTORY,
    "setting": SETTING,
    "config": CONFIG,
    "config path": CONFIG_PATH,
    "init": INIT,
    "setup": SETUP,
    "find": FOUND,
    "db info": DB_INFO,
    "db check": DB_CHECK,
    "db migrate": DB_MIGRATE,
    "db vacuum": DB_VACUUM,
    "db backup": DB_BACKUP,
    "db export": DB_EXPORT,
    "db copy": DB_COPY,
    **{f"report {name}": names for name, names in REPORTS.items()},
    "dashboard": DASHBOARD,
    "": (),
}
_LISTED = {
    "company": company.SOURCE,
    "person": person.SOURCE,
    "automation": automation.RULES,
    "proposal": automation.PROPOSALS,
    "opportunity": opportunity.SOURCE,
    "quote": document.QUOTES,
    "order": document.ORDERS,
    "cycle": cycle.CYCLES,
    "stage": cycle.STAGES,
    "close_code": cycle.CLOSE_CODES,
    "category": lists.CATEGORIES,
    "lead_status": lists.LEAD_STATUSES,
    "user": lists.USERS,
    "form": form.FORMS,
    "capture": form.CAPTURES,
    "change": lists.CHANGES,
}


def known_fields(prints: str, format: str, *, listed: bool) -> tuple[str, ...]:
    """The fields of what a verb prints; ``listed`` says that it prints a list of it."""
    if prints == "report":
        return DETAILS if format == "ndjson" else REPORT
    if prints == "batch":
        return BATCH if format in ("json", "yaml") else BATCH_LINE
    if prints == "board":
        return {"json": BOARD, "yaml": BOARD, "ndjson": BOARD_COLUMN}.get(format, BOARD_CARD)
    if listed and prints in _LISTED:
        source = _LISTED[prints]
        parts = (f"{column}.{key}" for column, keys in source.members.items() for key in keys)
        return (*source.fields, *parts)
    return _SHOWN[prints]


def check_fields(wanted: list[str], known: tuple[str, ...]) -> list[str]:
    """The fields by their full names. Raises UsageError for one that is not known, or is named
    twice.
    """
    names = [canonical(name, known) for name in wanted]
    for name in names:
        extra = name.startswith("extra.") and len(name) > len("extra.") and "extra" in known
        if name not in known and not extra:
            from difflib import get_close_matches

            near = get_close_matches(name, known, 1)
            hint = "the fields are: {fields}" if known else "this verb prints no fields"
            raise UsageError(
                "there is no field {field}",
                hint=f"did you mean {{near}}? {hint[0].upper()}{hint[1:]}" if near else hint,
                field=name,
                near=near[0] if near else None,
                fields=list(known),
            )
    if len(set(names)) < len(names):
        raise UsageError("a field is named twice")
    return names
