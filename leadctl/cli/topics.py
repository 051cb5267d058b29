"""The topics of ``leadctl help``: texts made of the tables that the code goes by."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_WIDTH = 78
_DONE = "Done; also nothing to do, nothing found, an empty list."
_GRAMMAR = """\
--where EXPR chooses records. Several --where must all hold.

  expression   comparisons joined by and, or, not, with parentheses; not binds
               tightest, then and, then or
  comparison   FIELD OPERATOR VALUE, or one of the forms below
  value        word, 'quoted', "quoted", 12, 2026-01-31, today, today-30d, me,
               true, false

Keywords and fields ignore case. = ignores case too, == is exact. != and not in
include records without a value; is null is also true for empty text. Values of
lists are keys, names, or names in any of the languages. --explain shows the SQL.
"""
# Operator -> how it is written.
_FORMS = {
    "=": "=",
    "==": "==",
    "!=": "!=",
    "<": "<",
    "<=": "<=",
    ">": ">",
    ">=": ">=",
    "~": "~ (contains)",
    "!~": "!~",
    "in": "[not] in (A, B)",
    "between": "[not] between A and B",
    "null": "is [not] null",
    "starts": "[not] starts with",
    "ends": "[not] ends with",
    "older": "older than 30d",
    "newer": "newer than 6w",
    "this": "in this month",
    "previous": "in previous 2 weeks",
    "next": "in next 1 quarter",
}
_FILTER_EXAMPLES = """\
  leadctl person list --where "lead_status in (open, contacting) and owner = me"
  leadctl person list --where "email ends with '.example' and not retired = true"
  leadctl opportunity list --where "close_date < today or close_date is null"
  leadctl company list --where "created newer than 30d and extra.sector = retail"
"""
_CRON = """\
A job runs a command at night, with nobody to ask. What makes it safe:

  --yes              Agrees to what would ask on a terminal. Without it the exit
                     code is 6 and nothing is changed.
  --expect 0..1000   So many records must match, else exit 7 and no change.
  --max-changes 50   No more may change, else exit 7 and no change.
  --dry-run          The same report and exit code, and no change: try a line
                     with it first.
  --lock-wait 60     Waits for another job to end its change; then exit 75.
  --reason TEXT      Stands in the history and in change list.
  -q                 No reports, so that cron mails only what went wrong.

cron knows neither your folder nor your variables: name the file and the user.

  LEADCTL_DB=/srv/crm/leads.db
  LEADCTL_USER=cron
  LEADCTL_LOCK_WAIT=60
  */5  *  *  *  *    {0}
  30   6  *  *  1-5  {1}
  0    2  1  *  *    {2}

What a job did is one change; change list shows it and change undo takes it back.
Exit 0 and 5 have changed something or found nothing to do; after any other
nothing was changed. See leadctl help exit-codes.
"""
# The commands of the crontab; the tests run them.
CRON_COMMANDS = (
    "leadctl -q person distribute --where 'owner is null' --group north --max-changes 50",
    "leadctl -q person set-status --where 'status_age > 90' re_nurture --max-changes 500",
    "leadctl -q closed delete --older-than 24m --expect 0..1000 --yes",
)


class Topic(NamedTuple):
    """What a topic is about, and what makes its text."""

    summary: str
    text: Callable[[], str]


def exit_codes() -> str:
    """Every exit code with its meaning and the error codes that end with it."""
    from leadctl.errors import LeadctlError

    rows = [(0, _DONE, "")]
    kinds: list[type[LeadctlError]] = [LeadctlError, *LeadctlError.__subclasses__()]
    for kind in kinds:
        meaning = (
            inspect.cleandoc(kind.__doc__ or "")
            .partition("\n\n")[0]
            .replace("\n", " ")
            .replace("``", "")
        )
        rows.append((kind.exit_code, meaning, kind.default_code))
    lines = ["The exit code says how a command ended:", ""]
    for code, meaning, name in sorted(rows):
        lines += _wrapped(f"{code:>5}  {meaning}{f' [{name}]' if name else ''}", 7)
    lines += [
        "",
        "Of several the first of 2, 10, 75, 3, 7, 4, 6 counts. Only 0 and 5 change anything,",
        "but for 130 that comes after the change: its message says so.",
        "",
        "The words in brackets are the usual error codes. -f json prints an error as",
        'JSON on stderr, with its code: {"error": {"code": "not_found", ...}}',
    ]
    return "\n".join(lines)


def filters() -> str:
    """The filter language: its grammar, which operators fit which fields, examples."""
    from leadctl.rules.criteria import OPERATORS
    from leadctl.store import company, document, form, opportunity, person

    filtered = {
        "person": person.SOURCE,
        "company": company.SOURCE,
        "opportunity and closed": opportunity.SOURCE,
        "quote": document.QUOTES,
        "order": document.ORDERS,
        "capture": form.CAPTURES,
    }

    lines = [_GRAMMAR.rstrip(), "", "Operators by the type of the field:", ""]
    kinds: dict[frozenset[str], list[str]] = {}
    for type, operators in OPERATORS.items():
        kinds.setdefault(operators, []).append(type.value)
    for operators, types in kinds.items():
        forms = ", ".join(form for name, form in _FORMS.items() if name in operators)
        lines += _wrapped(f"  {', '.join(types)}: {forms}", 6)
    for entity, source in filtered.items():
        lines += ["", f"Fields of {entity}:", ""]
        fields: dict[str, list[str]] = {}
        for name in source.fields:
            field = source.field(name)
            if field is not None:
                fields.setdefault(field.type.value, []).append(name)
        for column, keys in source.members.items():
            fields.setdefault("text", []).extend(f"{column}.{key}" for key in keys)
        for type_name, names in fields.items():
            lines += _wrapped(f"  {type_name}: {' '.join(names)}", 6)
    lines += ["", "Examples:", "", _FILTER_EXAMPLES.rstrip()]
    return "\n".join(lines)


def cron() -> str:
    """How jobs are run safely."""
    return _CRON.format(*CRON_COMMANDS).rstrip()


def _wrapped(text: str, indent: int) -> Iterator[str]:
    from textwrap import wrap

    first = len(text) - len(text.lstrip())
    return iter(
        wrap(
            text.strip(),
            _WIDTH,
            initial_indent=" " * first,
            subsequent_indent=" " * indent,
            break_on_hyphens=False,
        )
    )


TOPICS = {
    "exit-codes": Topic("What the exit codes mean.", exit_codes),
    "filters": Topic("The language of --where, with the fields and operators.", filters),
    "cron": Topic("Jobs that run with nobody to ask.", cron),
}
