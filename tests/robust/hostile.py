"""Input that nobody should send: words, filters, files, and the command lines made of them."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, NamedTuple

from hypothesis import strategies as st

from leadctl.cli.nouns import root

ESCAPE = "\x1b[2J\x1b]0;owned\x07"
BIDI = "\u202eevil\u2066"
FORMULA = '=HYPERLINK("http://x";"y")'
INJECTION = "x'; DROP TABLE person; --"
LONG = 5_000
DEEP = 20_000

WORDS = [
    *("", " ", "-", "--", ".", "..", "/", "~", "*", "\\", "'", '"', "{", "}", "{0.__class__}"),
    # Numbers that are none, or too many.
    *("0", "-1", "1.999", "1,5", "1e999", "NaN", "inf", "0x10", "1_000", "１２", "٣", "½", "9" * 400),
    *("9223372036854775807", "9223372036854775808", "-9223372036854775809", "1" * LONG, "100.01"),
    *("99999999999999.99", "0.005", "-0", "+5", "1e-7"),
    # Dates, durations, references.
    *("2026-02-30", "0000-00-00", "0001-01-01", "9999-12-31", "10000-01-01", "2026-W05-6"),
    *("today", "today-99999999d", "99999999999y", "-5d", "0d", "none", "me", "all", "last"),
    *("ext:", "ext:'", "ext:a\x00b", "ext:" + "k" * LONG, "null", "true", "a=b", "=", "a:b:c"),
    # SQL and its like.
    *(INJECTION, "1 OR 1=1", '" OR ""="', "x') UNION SELECT sql FROM sqlite_master --", ":rows"),
    *("?1", "@x", "$x", "%", "_", "a%b_c", "[a-z]", "(a+)+$", "^(([a-z])+.)+[A-Z]", "NEAR(a b)"),
    *('"a" AND NOT b*', "text:x", "a^2", "id;id", "id,id", "name,,", "extra.", "extra.a'b", 'extra."'),
    # Paths.
    *("../up.db", "../../../up", "a/b/c", "x" * 300, "y/" * 2_000, "file:x?mode=rwc", "nul\x00.db"),
    *("sqlite:///x", "postgresql://u:p@h/d", "folder", "leads.db", "leads.db-wal", "other.db"),
    *("~nobody/x", "$HOME", "$(id)", "`id`", "/dev/null/x", "lost.db", "linked.db", "empty.db"),
    # Formulas, terminals, logs.
    *(FORMULA, "=cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", "+1", "%s%n%x"),
    *(ESCAPE, BIDI, "\x9b31m", "\x7f", "a\nError: forged", "a\r\nb", "a\u2028b", "\x00", "\ufeff"),
    # Text that is odd, and text that is none.
    *("\ufffe", "\udcff", "\ud800", "e" + "\u0301" * 200, "ß", "İ", "ﷺ" * 100, "👩‍👩‍👧", "ẞ" * LONG),
    # YAML.
    *("!!python/object/apply:os.system [id]", "&a [*a]", "|", "? -", "[" * 100),
    # Options where values stand.
    *("--help", "-h", "--yes", "-y", "--all", "-f", "-fjson", "--no-such", "--limit"),
]  # fmt: skip

FORMATS = ["table", "json", "ndjson", "csv", "tsv", "markdown", "yaml", "ids"]
# What a parameter may sensibly be, by its name: only who gets past the parser can do harm.
SENSIBLE: dict[str, list[str]] = {
    "id": ["1", "2", "3", "ext:P1", "last"],
    "ids": ["1", "2", "3", "4", "5", "ext:X1", "ext:P1"],
    "words": ["1", "2", "3", "5", "qualified", "customer", "lead", "open"],
    "source": ["1", "2", "4"],
    "into": ["1", "2", "3"],
    "to": ["qualified", "customer", "20", "30", "u1,u2", "2026-01-31", "u1"],
    "file": [
        *("given", "given.csv", "given.json", "given.ndjson", "given.yaml", "-", "good.csv"),
        *("good.ndjson", "setup.yaml", "batch.txt", "payload.json", "copy.db", "old.db"),
    ],
    "folder": ["new", "folder", "given"],
    "path": ["demo.db", "given"],
    "ids_from": ["given", "-", "ids.txt"],
    "recipe": ["given", "recipe.yaml"],
    "setup": ["given", "setup.yaml"],
    "config": ["given", "recipe.yaml"],
    "rejects": ["rejects.csv", "/dev/full", "folder", "../rejects.csv", "leads.db"],
    "html": ["page.html", "/dev/full", "folder", "../page.html", "leads.db", "leads.db-wal"],
    "db": ["leads.db", "other.db", "empty.db", "lost.db", "linked.db", "new.db", "pipe", "folder"],
    "entity": ["person", "company", "opportunity"],
    "by": ["lead_status", "owner", "category", "stage", "status", "salesperson", "month"],
    "then": ["owner", "category"],
    "match": ["external_id", "name", "email", "name,email"],
    "on_match": ["update", "skip", "refuse"],
    "input_format": ["csv", "tsv", "json", "ndjson"],
    "encoding": ["utf-8", "latin-1", "utf-16", "idna", "punycode"],
    "delimiter": [",", ";", "\t"],
    "company": ["1", "2", "Acme", "none", "ext:X1"],
    "person": ["1", "2", "ext:P1"],
    "category": ["lead", "customer", "mql", "none"],
    "lead_status": ["open", "qualified"],
    "owner": ["u1", "u2", "none"],
    "salesperson": ["u1", "u2"],
    "fallback": ["u2"],
    "status": ["open", "qualified", "processed", "failed", "submitted"],
    "cycle": ["standard"],
    "stage": ["10", "20"],
    "number": ["10", "20", "60"],
    "code": ["won", "lost_price"],
    "outcome": ["won", "lost"],
    "priority": ["low", "high"],
    "method": ["multiply", "add"],
    "mode": ["auto", "known", "manual"],
    "trigger": ["opportunity_won", "lead_status", "opportunity_created"],
    "group": ["customer", "potential_customer", "north"],
    "people": ["delete", "keep"],
    "more": ["people", "opportunities", "people,opportunities"],
    "replace": ["name", "title", "a", "Acme", "b"],
    "key": ["lead", "open", "customer", "u1", "standard", "won", "currency", "capture.utm"],
    "name": ["Acme", "busy", "hot", "web", "New one"],
    "new_name": ["Fresh"],
    "form": ["web"],
    "data": ["email=a@b.c", "last_name=Berg", "company=Acme", "utm_source=x"],
    "line": ["Laptop;2;10.50", "Mouse;1;5"],
    "quote": ["1", "2"],
    "order": ["1"],
    "opportunity": ["1", "2", "3", "4"],
    "value": ["100", "0", "12.50", "EUR", "true"],
    "amount": ["100"],
    "chances": ["50", "0"],
    "completed": ["50"],
    "date_formula": ["1M", "2W+3D", "CM"],
    "column": ["qualified", "customer", "20", "won"],
    "selection": ["busy", "hot"],
    "combine": ["busy", "hot"],
    "op": ["union", "only-first"],
    "before": ["customer", "open"],
    "after": ["lead", "open"],
    "older_than": ["24m", "1d"],
    "expect": ["1", "0..5"],
    "max_changes": ["1", "5"],
    "sort": ["id", "-name", "name,-id"],
    "limit": ["1", "-1", "2"],
    "offset": ["1"],
    "group_by": ["owner", "category", "lead_status"],
    "fields": ["id", "id,name", "name"],
    "format": FORMATS,
    "user": ["u1", "nobody"],
    "lang": ["en", "da", "de", "nl", "no", "sv"],
    "lock_wait": ["0", "1"],
}  # fmt: skip
DATES = ["2026-03-01", "2026-04-30", "2025-12-31", "today"]

FIELDS = [
    *("id", "name", "email", "company", "category", "category_group", "lead_status", "owner"),
    *("created", "updated", "status_age", "retired", "extra.note", "first_touch.source", "value"),
    *("status", "stage", "close_date", "chances", "is_customer", "nonsense", "extra.'", "1", "not"),
]  # fmt: skip
OPERATORS = [
    *("=", "==", "!=", "<", "<=", ">", ">=", "~", "!~", "in", "not in", "between", "is null"),
    *("is not null", "starts with", "not ends with", "older than", "newer than", "in previous 3"),
    *("in this", "LIKE", "REGEXP", ";", ""),
]  # fmt: skip
FILTERS = [
    "lead_status = qualified",
    "company = Acme and not retired = true",
    "(" * LONG + "id = 1" + ")" * LONG,
    "(" * DEEP,
    "not " * LONG + "id = 1",
    " and ".join(["id > 0"] * 2_000),
    " or ".join(f"name = 'n{number}'" for number in range(2_000)),
    "id in (" + ", ".join(map(str, range(LONG))) + ")",
    "name = '" + "x" * 100_000 + "'",
    "name ~ '(a+)+$'",
    "name = 'a\x00b'",
    "name = '" + ESCAPE + "'",
    "id = 1 id = 2",
    "id = 1; DROP TABLE person",
    "id = 1 --",
    "name = ''' OR 1=1 --'",
    "id between 1 and",
    "created in previous 99999999999999999999 months",
    "created older than 999999999y",
    "close_date > today-999999999d",
    "value > 1e400",
    "id = 99999999999999999999999999",
    "'" * 999,
]

DEEP_JSON = "[" * DEEP + "]" * DEEP
BILLION = (
    'a: &a ["x","x","x","x","x","x","x","x","x"]\n'
    + "".join(
        f"{new}: &{new} [{','.join([f'*{old}'] * 9)}]\n"
        for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "fields: *i\nsettings: *i\ncategories: *i\n"
)
FILES: list[bytes] = [
    b"",
    b"\x00",
    b"\xff\xfe\x00",
    b"\xef\xbb\xbf",
    b"\xff" * 5_000,
    b"name\nA\xff\xfeB\n",
    b"name\r\n" + ESCAPE.encode() + b"\r\n",
    b'name,email\n"open,x\n',
    b"name" + b",name" * 3_000 + b"\n" + b"x," * 3_000,
    b"name\n" + b"x" * 200_000 + b"\n",
    b"name,name\na,b\n",
    b"id\n9999999999999999999999\n",
    f"name,email\n{FORMULA},{INJECTION}\n{BIDI},a\u2028b\n".encode(),
    "name\nd\u00e5\n".encode("utf-16"),
    "name\nd\u00e5\n".encode("latin-1"),
    b"description,company,stage,estimated_value,status\nDeal,Acme,20,1e999,in_progress\n",
    b"description,company,stage,estimated_value\nDeal,Acme,99999999999999999999,NaN\n",
    DEEP_JSON.encode(),
    ('{"a":' * DEEP + "1" + "}" * DEEP).encode(),
    b'[{"name": 1e400}, {"name": ' + b"9" * 5_000 + b"}]",
    b'[{"name": 1e99999999999999999999}]',
    b'[{"name": "\\ud800"}, {"name": "\\u0000"}]',
    b'{"name": NaN, "last_name": Infinity}',
    b'[{"id": 1.5}, {"id": true}, {"id": null}, {"id": {"a": []}}]',
    b'{"email": ["a"], "first_touch": ' + b"[" * DEEP,
    b'{"email": "a@b.c", "name": {"x": 1}, "company": true, "first_touch": "x"}\n{"email": 1e999}\n[]\n',
    b"email=a%40b.c&name=%00%ff%1b[2J&company=%ED%A0%80&&=&a=b=c&utm_source=" + b"x" * 300,
    b"%" * 9_000,
    BILLION.encode(),
    b"fields: !!python/object/apply:os.system ['touch owned']\n",
    b"settings: !!python/name:os.system\n",
    b"settings: &a [*a]\nfields: &b {name: *b}\n",
    ("[" * DEEP).encode(),
    ("{a: " * DEEP).encode(),
    ("- " * DEEP + "x").encode(),
    b"fields:\n  name: name\n  ? [a, b]\n  : c\n? {x: y}\n: z\n",
    b"fields: [name]\nvalues: 7\ndefaults: x\nconstants: [1]\n",
    b"fields: {name: 1, email: null, 5: x, true: [y]}\nextra: 2026-01-01\n",
    b"fields: {name: 99999999999999999999999999, email: .nan, phone: 0o777, owner: 1:30:00}\n",
    b"categories: [{key: a, name: 7, lead_status_enabled: x}, 5, null]\nusers: {a: b}\n",
    b"categories:\n- key: ''\n  name: ''\n- key: a\x7fb\n",
    b"cycles: [{key: c, name: C, stages: [{number: 1e400, name: [], completed: -1}]}]\n",
    b"settings: {currency: [], default_cycle: {}, 5: 6, capture.utm: maybe}\n",
    b"%YAML 9.9\n--- \n...\n---\n",
    b"a: \xff\n",
    b"a: 'open\n\tb: c",
    b"lock_wait: 1e999\nformat: [json]\nlang: {}\ndb: 5\nuser: [x]\n",
    b"lock_wait: .nan\nconfirm_rows: 99999999999999999999\n",
    b"person list --where \"name = 'x\nperson set-status 1 qualified\n",
    b"person set-status 1 qualified\nbatch -\ncompany add X --db y.db\ninit\ndemo\n",
    b"company add A\ncompany add 'B\x1b[2J'\nchange undo last\nsetup apply setup.yaml\n",
    b'{"args": ["company", "add", "\\u001b[2J"]}\n{"args": "x"}\n{"args": [1, null]}\n{}\n7\n',
    b'{"args": ["person", "list", "--where", "' + b"(" * 5_000 + b'"]}\n',
    b"1\n2\n3\nabc\n",
    b"1" * 5_000 + b"\n",
    b"ext:\next:'\n\xff\n",
    b"[1, 2, [3]]",
    b'{"id": 1}\n{"id": "ext:P1"}\n{"nope": 1}\n',
]


class Attempt(NamedTuple):
    """One command line, with what stands in the file ``given`` and on standard input."""

    words: tuple[str, ...]
    given: bytes
    stdin: bytes


@cache
def verbs() -> dict[tuple[str, ...], Any]:
    """Every command of the tree, so that a new one is tried without being named here."""
    found: dict[tuple[str, ...], Any] = {}
    for noun in root.list_commands(None):
        group = root.get_command(None, noun)
        if not hasattr(group, "list_commands"):
            found[noun,] = group
            continue
        for verb in group.list_commands(None):
            found[noun, verb] = group.get_command(None, verb)
    return found


def filters() -> st.SearchStrategy[str]:
    """Conditions, good and bad."""
    value = st.sampled_from(WORDS).map(lambda word: "'" + word.replace("'", "''") + "'")
    simple = st.sampled_from(["1", "Acme", "qualified", "u1", "today", "30d", "true", "(1, 2)"])
    made = st.builds(
        "{} {} {}".format, st.sampled_from(FIELDS), st.sampled_from(OPERATORS), simple | value
    )
    return st.sampled_from(FILTERS) | made | st.sampled_from(WORDS)


@cache
def _value(name: str, *, bad: bool) -> st.SearchStrategy[str]:
    if name == "where":
        return filters() if bad else st.sampled_from(FILTERS[:2])
    if bad:
        return st.sampled_from(WORDS) | st.sampled_from(WORDS) | st.text(max_size=8)
    days = "date" in name or name in _DAYS
    return st.sampled_from(SENSIBLE.get(name) or (DATES if days else ["x", "Berg"]))


_DAYS = ("on", "created", "closed_before", "closed_after", "from_", "today")
_LIKELY = ("yes", "keep_going", "all")
# Colour changes nothing here, and --debug asks for tracebacks.
_LEFT_OUT = ("debug", "no_color")


@st.composite
def _line(draw: st.DrawFn) -> tuple[str, ...]:
    name = draw(st.sampled_from(sorted(verbs())))
    arguments: list[str] = []
    options: list[str] = []
    # Of ten values: a line in which all are bad ends at the first.
    share = draw(st.sampled_from([0, 1, 1, 2, 6]))
    for parameter in verbs()[name].params:
        if parameter.name in _LEFT_OUT or parameter.name is None:
            continue
        value = _value(parameter.name, bad=draw(st.integers(1, 10)) <= share)
        if parameter.param_type_name == "argument":
            # Now and then one is missing, or there is one too many.
            most = 3 if parameter.nargs < 0 else draw(st.sampled_from([1, 1, 1, 1, 1, 1, 2, 0]))
            least = 0 if parameter.nargs < 0 else most
            arguments += draw(st.lists(value, min_size=least, max_size=most))
            continue
        chance = 2 if parameter.required or parameter.name in _LIKELY else 12
        if parameter.hidden:
            chance = 40
        if parameter.name in ("all", "format"):
            chance = 3
        if draw(st.integers(0, chance)) != chance and not parameter.required:
            continue
        option = draw(st.sampled_from([*parameter.opts, *parameter.secondary_opts]))
        if parameter.is_flag:
            options.append(option)
            continue
        values = draw(st.lists(value, min_size=parameter.nargs, max_size=parameter.nargs))
        if len(values) == 1 and option.startswith("--") and draw(st.booleans()):
            options.append(f"{option}={values[0]}")
        else:
            options += [option, *values]
    order = [arguments, options] if draw(st.booleans()) else [options, arguments]
    return (*name, *order[0], *order[1])


@st.composite
def _broken(draw: st.DrawFn) -> bytes:
    """A file with a few bytes other than they were."""
    content = bytearray(draw(st.sampled_from(FILES)) or b"name\nA\n")
    for _ in range(draw(st.integers(1, 4))):
        content[draw(st.integers(0, min(len(content), 200) - 1))] = draw(st.integers(0, 255))
    return bytes(content)


def attempts() -> st.SearchStrategy[list[Attempt]]:
    """A few command lines, one after another on the same file."""
    content = st.one_of(st.sampled_from(FILES), _broken(), st.binary(max_size=40))
    return st.lists(st.builds(Attempt, _line(), content, content), min_size=1, max_size=6)


def payload(**keys: Any) -> bytes:
    """What a form sends, as JSON."""
    return json.dumps(keys).encode()
