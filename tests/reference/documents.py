"""Schemas of what is no row of a list: reports, errors, boards, the dashboard, the setup."""

from __future__ import annotations

from leadctl.model import Result
from leadctl.store.person import UTM
from leadctl.store.report_fields import FIELDS as REPORTS
from leadctl.store.report_fields import TILES
from tests.reference.meanings import meaning
from tests.reference.parts import (
    COUNT,
    DATE,
    FLAG,
    INSTANT,
    NUMBER,
    PERCENT,
    TEXT,
    WHOLE,
    Schema,
    an_array,
    an_object,
    fields_of,
    one_of,
    or_null,
    record,
)

ID = or_null(WHOLE)
NAME = or_null(TEXT)
OBJECT: Schema = {"type": "object"}
ROWS_OF_HISTORY = ("entity", "entity_id", "field", "old", "new")
OF_A_CHANGE = ("at", "user", "command", "reason", "records")
_COUNTS = ("changed", "unchanged", "created", "skipped", "refused", "missing")
_RESULT = one_of(*(result.value for result in Result))
ACTIONS = (
    *("start", "next", "previous", "skip", "jump", "update"),
    *("close-won", "close-lost", "reopen", "quote", "delete"),
)


def said(description: str, schema: Schema) -> Schema:
    return {"description": description, **schema}


def history() -> dict[str, Schema]:
    """A row of the history; a value has the type of its field, an image is an object."""
    fields = fields_of("history")
    for side in ("old", "new"):
        fields[side] = {"description": meaning("history", side)}
    return fields


def touch() -> Schema:
    when = said("When that was", or_null(INSTANT))
    return or_null(an_object({**{name: or_null(TEXT) for name in UTM}, "when": when}))


def shown(entity: str) -> dict[str, Schema]:
    """What ``show`` prints: the record and what only it adds."""
    fields = fields_of(entity)
    if entity == "person":
        fields["lead_status_description"] = said("Description of the lead status", or_null(TEXT))
        fields["first_touch"] = said("Where the person was first met", touch())
        fields["lead_creation"] = said("Where the person became a lead", touch())
    if entity == "opportunity":
        fields["entries"] = said("Its ledger, in order", an_array(record("entry")))
        fields["allowed"] = said("What can be done with it now", an_array(record("allowed")))
    if entity == "change":
        rows = {name: schema for name, schema in history().items() if name in ROWS_OF_HISTORY}
        fields["history"] = said("What it did to every record", an_array(an_object(rows)))
    if entity == "capture":
        fields["payload"] = said("What was sent, as it came", TEXT)
        fields["conversion"] = said("Where it came from", touch())
    return fields


def shown_with_more(entity: str) -> Schema:
    """``show`` with what ``--with`` adds."""
    fields = shown(entity)
    people = said("With `--with people`: its people; without: how many", {})
    deals = said("With `--with opportunities`", an_array(record("opportunity")))
    if entity == "company":
        people |= {"anyOf": [COUNT, an_array(record("person"))]}
        return an_object(fields | {"people": people, "opportunities": deals}, optional=_MORE[:1])
    nobody = said("With `--with people`: nobody belongs to a person", {"maxItems": 0})
    fields |= {"opportunities": deals, "people": nobody}
    return an_object(fields, optional=("opportunities", "people"))


_MORE = ("opportunities",)


def report() -> Schema:
    problem = an_object(
        {
            "id": said("Number or `ext:KEY`; null for a row of a file", ID_OR_KEY),
            "result": one_of("skipped", "refused", "missing"),
            "code": TEXT,
            "message": TEXT,
            "line": said("Imports: line of the file", WHOLE),
            "column": said("Imports: heading of the column", or_null(TEXT)),
        },
        optional=("line", "column"),
    )
    automation = an_object(
        {
            "company_id": said("Null for a person without company", ID),
            "from": NAME,
            "to": TEXT,
            "people": said("How many people followed", COUNT),
            "pending": said("Whether it waits for an answer", FLAG),
        }
    )
    return an_object(
        {
            "change": said("Number of the change; null when nothing was committed", ID),
            "dry_run": FLAG,
            "matched": said("Records that were named or found", COUNT),
            **dict.fromkeys(_COUNTS, COUNT),
            "affected": said(
                "What followed, such as the people of a company",
                an_object({"companies": COUNT, "people": COUNT}),
            ),
            "automation": said("What category automation did or proposes", an_array(automation)),
            "problems": said("The first 1,000 that were left as they were", an_array(problem)),
            "problems_omitted": said("How many more there are", COUNT),
        }
    )


ID_OR_KEY: Schema = {"type": ["integer", "string", "null"]}


def report_line() -> Schema:
    pair = {"type": "array", "minItems": 2, "maxItems": 2}
    return an_object(
        {
            "id": said("Number or `ext:KEY`; null for a row that was refused", ID_OR_KEY),
            "result": _RESULT,
            "change": ID,
            "code": NAME,
            "message": NAME,
            "changes": said(
                "Field: the value before and after",
                {"type": "object", "additionalProperties": pair},
            ),
            "line": said("Imports: line of the file", WHOLE),
            "column": said("Imports: heading of the column", or_null(TEXT)),
            "entity": said("`setup apply`: kind of item; `id` is its key or name", TEXT),
        },
        optional=("line", "column", "entity"),
    )


def error() -> Schema:
    return an_object(
        {
            "code": said("Stable, never translated", TEXT),
            "message": said("In the language of the output", TEXT),
            "hint": said("What to do about it", or_null(TEXT)),
            "details": said("The values behind the message; the keys are stable", OBJECT),
        }
    )


def batch_line() -> Schema:
    """A line that worked has what its verb says of what it did; another has an error."""
    added = {"type": "object", "not": {"required": ["matched"]}}
    fields = {
        "line": WHOLE,
        "exit": said("Exit code of the line", WHOLE),
        "report": said(
            "The report, the record of a verb that adds one, or null where nothing is written",
            {"anyOf": [record("report"), added, {"type": "null"}]},
        ),
        "error": error(),
    }
    return an_object(fields, optional=("report", "error"))


def board_column() -> Schema:
    key: Schema = {"type": ["string", "integer", "null"]}
    card = an_object({"id": WHOLE, "name": TEXT})
    group = an_object({"key": key, "label": TEXT, "count": COUNT, "cards": an_array(card)})
    return an_object(
        {
            "key": said("Null: the records without a value", key),
            "label": TEXT,
            "count": COUNT,
            "sum": said("Opportunities: sum of the estimated values", or_null(NUMBER)),
            "cards": said("The first `--limit`", an_array(card)),
            "groups": said("With `--then`", an_array(group)),
        },
        optional=("groups",),
    )


_AVERAGE = or_null(NUMBER)
_FIGURES: dict[str, Schema] = {
    "key": TEXT,
    "label": TEXT,
    "group": NAME,
    "source": NAME,
    "month": said("YYYY-MM", or_null({"type": "string", "pattern": r"^\d{4}-\d\d$"})),
    "cycle": TEXT,
    "stage": WHOLE,
    "stage_name": NAME,
    "estimated_value": NUMBER,
    "calculated_value": NUMBER,
    "won_value": NUMBER,
    "share_percent": or_null(PERCENT),
    "win_rate_percent": or_null(PERCENT),
    "conversion_percent": or_null(PERCENT),
    "min_days": _AVERAGE,
    "median_days": _AVERAGE,
    "max_days": _AVERAGE,
    "average_days_per_entry": _AVERAGE,
    "average_days_per_visit": _AVERAGE,
}
_VALUES = ["string", "number", "boolean", "null"]
_ENDS: Schema = {"type": ["string", "integer", "null"]}


def figures(report: str) -> Schema:
    """A row of a report: what is no figure above is a count."""
    own = dict(_FIGURES)
    if report == "conversion":
        own |= {"from": _ENDS, "to": _ENDS}
    if report in ("ageing", "win-loss"):
        own["group"] = said("A value of the field of `--by`", {"type": _VALUES})
    if report == "funnel":
        own["key"] = {"type": ["string", "integer"]}
    return an_object({name: own.get(name, COUNT) for name in REPORTS[report]})


def dashboard() -> Schema:
    groups = an_array(an_object({"group": NAME, "count": COUNT}))
    win_loss = figures("win-loss")["properties"]
    rate = an_object({name: schema for name, schema in win_loss.items() if name != "group"})
    due = {
        "id": WHOLE,
        "description": TEXT,
        "salesperson": NAME,
        "close_date": or_null(DATE),
        "estimated_value": NUMBER,
    }
    deals = an_object({"count": COUNT, "opportunities": an_array(an_object(due))})
    special = {
        "qualification_funnel": an_array(record("report-funnel")),
        "leads_from_forms": COUNT,
        "open_by_stage": an_array(record("report-pipeline")),
        "forecast_by_month": an_array(record("report-forecast")),
        "win_rate": rate,
        "overdue": deals,
        "due_soon": deals,
        "top_opportunities": an_array(an_object(due | {"stage_name": NAME})),
    }
    return an_object({tile: special.get(tile, groups) for tile in TILES})


def setup() -> Schema:
    """Only what ``setup apply`` reads: no numbers, no counts, no dates."""
    kinds = {
        "categories": ("category", "key name group lead_status_enabled description deleted"),
        "lead_statuses": ("lead_status", "key name description is_default deleted"),
        "cycles": ("cycle", "key name method blocked"),
        "users": ("user", "key name email group active away"),
        "forms": ("form", "name mode category selection owner"),
        "automation": ("automation", "trigger status category confirm"),
    }
    parts = {
        part: {name: fields_of(entity)[name] for name in names.split()}
        for part, (entity, names) in kinds.items()
    }
    codes = {name: fields_of("close_code")[name] for name in ("key", "name", "outcome")}
    parts["close_codes"] = codes | {"description": or_null(TEXT)}
    stage = {
        name: schema
        for name, schema in fields_of("stage").items()
        if not name.startswith(("average", "estimated", "calculated", "opportunities"))
    }
    parts["cycles"]["stages"] = an_array(an_object(stage))
    order = ("categories", "lead_statuses", "cycles", "close_codes", "users", "forms", "automation")
    return an_object(
        {"settings": OBJECT, **{part: an_array(an_object(parts[part])) for part in order}}
    )


def datasette() -> Schema:
    columns = {"type": "object", "additionalProperties": TEXT}
    table = an_object({"title": TEXT, "description": TEXT, "columns": columns})
    query = an_object({"title": TEXT, "description": TEXT, "sql": TEXT})
    database = an_object(
        {
            "title": TEXT,
            "description": TEXT,
            "tables": {"type": "object", "additionalProperties": table},
            "queries": {"type": "object", "additionalProperties": query},
        }
    )
    return an_object(
        {"title": TEXT, "databases": {"type": "object", "additionalProperties": database}}
    )


def of_files() -> dict[str, tuple[str, Schema]]:
    """What the verbs of ``db`` print."""
    path = said("The database file", TEXT)
    schema = said("Number of the schema", COUNT)
    size = said("Size of the file", COUNT)
    counts = dict.fromkeys(("companies", "people", "opportunities", "changes"), COUNT)
    info = {
        "path": path,
        "engine": one_of("sqlite", "postgresql"),
        "schema": schema,
        "size_bytes": size,
    }
    check = {
        "rule": said("Name of the rule", TEXT),
        "ok": said("Whether it holds", FLAG),
        "found": said("How often it does not", COUNT),
        "hint": said("What was found, and what to do", NAME),
    }
    migrate = {
        "path": path,
        "from": said("Number of the schema that it had", COUNT),
        "to": said("Number of the schema that it has", COUNT),
        "changed": FLAG,
        "copy": said("The copy that was made before", NAME),
    }
    vacuum = {"path": path, "size_bytes": size, "freed_bytes": said("How much less that is", WHOLE)}
    backup = {"path": said("The copy", TEXT), "schema": schema, "size_bytes": size}
    export = {"table": TEXT, "file": said("Its file in the folder", TEXT), "rows": COUNT}
    copy = {
        "from": said("The database that was copied", TEXT),
        "to": said("The new one", TEXT),
        "tables": COUNT,
        "rows": said("How many rows they have", COUNT),
    }
    return {
        "db-info": ("What `db info` prints", an_object(info | counts)),
        "db-check": ("What `db check` found of one rule", an_object(check)),
        "db-migrate": ("What `db migrate` did", an_object(migrate)),
        "db-vacuum": ("What `db vacuum` did", an_object(vacuum)),
        "db-backup": ("What `db backup` wrote", an_object(backup)),
        "db-export": ("A file that `db export` wrote", an_object(export)),
        "db-copy": ("What `db copy` copied", an_object(copy)),
    }
