"""One JSON Schema per record and document that leadctl prints."""

from __future__ import annotations

from leadctl.store.report_fields import FIELDS as REPORTS
from tests.reference.documents import (
    ACTIONS,
    ID,
    NAME,
    OF_A_CHANGE,
    ROWS_OF_HISTORY,
    batch_line,
    board_column,
    dashboard,
    datasette,
    error,
    figures,
    history,
    of_files,
    report,
    report_line,
    said,
    setup,
    shown,
    shown_with_more,
)
from tests.reference.parts import (
    COUNT,
    DIALECT,
    ENTITIES,
    FLAG,
    SOURCES,
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


def _made() -> dict[str, tuple[str, Schema]]:
    target = an_object({"stage": WHOLE, "name": TEXT, "quote_required": FLAG})
    found = {name: fields_of("company")[name] for name in ("email", "phone")}
    setting: Schema = {"type": ["string", "number", "boolean"]}
    all_of_it = history()
    rows = {name: all_of_it[name] for name in ROWS_OF_HISTORY}
    heads = fields_of("change")
    head = {"change": heads["id"], **{name: heads[name] for name in OF_A_CHANGE}}
    return {
        **{
            entity: (
                f"{_WORDS.get(entity, entity.replace('_', ' ').capitalize())}, as a list has it",
                an_object(fields_of(entity)),
            )
            for entity in SOURCES
            if entity != "history"
        },
        "history": ("A row of a record's history", an_object(all_of_it)),
        "company-show": ("Company, as `show` and `add` print it", shown_with_more("company")),
        "person-show": ("Person, as `show` and `add` print it", shown_with_more("person")),
        **{
            f"{entity}-show": (
                f"{entity.capitalize()}, as `show` prints it",
                an_object(shown(entity)),
            )
            for entity in ("opportunity", "capture", "change")
        },
        "allowed": (
            "What can be done with an opportunity",
            an_object(
                {
                    "action": one_of(*ACTIONS),
                    "offered": FLAG,
                    "targets": said("The stages it can go to", an_array(target)),
                    "reason": said("Error code: why it is not offered", or_null(TEXT)),
                }
            ),
        ),
        "report": ("What a writing verb did (json, yaml)", report()),
        "report-line": ("What became of one record (ndjson)", report_line()),
        "error": ("The object on stderr", an_object({"error": error()})),
        "batch": (
            "What became of a batch",
            an_object(
                {
                    "change": ID,
                    "lines": COUNT,
                    "ok": COUNT,
                    "failed": COUNT,
                    "results": an_array(record("batch-line")),
                }
            ),
        ),
        "batch-line": ("What became of a line of a batch (ndjson)", batch_line()),
        "board": (
            "A board (json, yaml)",
            an_object(
                {
                    "entity": one_of(*ENTITIES),
                    "by": TEXT,
                    "columns": an_array(record("board-column")),
                }
            ),
        ),
        "board-column": ("A column of a board (ndjson)", board_column()),
        "page": (
            "What `board show` and `dashboard show` print with `--html`",
            an_object({"path": said("The page that was written", TEXT)}),
        ),
        "dashboard": ("The dashboard", dashboard()),
        **{f"report-{name}": (f"A row of `report {name}`", figures(name)) for name in REPORTS},
        "captured": (
            "What became of a submission; an array where there were several",
            an_object(
                {
                    "id": WHOLE,
                    "status": one_of("processed", "submitted", "failed"),
                    "person_id": ID,
                    "company_id": ID,
                    "created": said("Whether the person was added", FLAG),
                    "message": NAME,
                }
            ),
        ),
        "found": (
            "What `find` finds",
            an_object({"entity": one_of(*ENTITIES), "id": WHOLE, "name": TEXT, **found}),
        ),
        "group": (
            "A row of `--group-by`: the field, and how many have the value",
            {
                "type": "object",
                "properties": {"count": COUNT},
                "required": ["count"],
                "minProperties": 2,
                "maxProperties": 2,
            },
        ),
        "setting": ("A setting of the data", an_object({"key": TEXT, "value": setting})),
        "config": (
            "A setting of the tool",
            an_object(
                {
                    "key": TEXT,
                    "value": setting,
                    "origin": said("`option`, a variable, a file, or `default`", TEXT),
                }
            ),
        ),
        "config-path": ("A configuration file", an_object({"path": TEXT, "exists": FLAG})),
        "init": (
            "What `init` made",
            an_object({"path": TEXT, "created": said("False: it was there before", FLAG)}),
        ),
        "setup": ("Lists, rules and settings", setup()),
        **of_files(),
        "datasette-metadata": ("Metadata for Datasette", datasette()),
        "hook-change": ("The first line that `hooks.after_change` gets", an_object(head)),
        "hook-history": ("Each further line that `hooks.after_change` gets", an_object(rows)),
        "hook-assignment": (
            "A line that `notify.command` and `notify.file` get",
            an_object(
                {
                    "person_id": ID,
                    "company_id": ID,
                    "owner": TEXT,
                    "name": TEXT,
                    "change": WHOLE,
                }
            ),
        ),
    }


_WORDS = {
    "entry": "Move of an opportunity",
    "automation": "Rule of category automation",
    "proposal": "What category automation has proposed",
}


def schemas() -> dict[str, Schema]:
    """Name -> schema, in the order of the documentation."""
    return {
        name: {"$schema": DIALECT, "title": title, **schema}
        for name, (title, schema) in _made().items()
    }
