"""What a database of ours has that SQLite brings along: functions, signs, numbers of rows.

All of it stands in the schema of the tables, and is made before them. Most are single expressions,
which PostgreSQL puts in their place: they cost nothing.
"""

from __future__ import annotations

_SQL = (
    "CREATE FUNCTION {name} RETURNS {type} LANGUAGE sql {how} PARALLEL SAFE AS $$ SELECT {body} $$"
)


def _function(name: str, type: str, body: str, how: str = "IMMUTABLE") -> str:
    """``how`` is that of the body, or PostgreSQL does not put it in its place."""
    return _SQL.format(name=name, type=type, body=body, how=how)


def _sign(name: str, function: str, left: str | None, right: str, more: str = "") -> str:
    sides = f"LEFTARG = {left}, RIGHTARG = {right}" if left else f"RIGHTARG = {right}"
    return f"CREATE OPERATOR {name} (FUNCTION = {function}, {sides}{more})"


# A path as '$."a key"' or '$.key', or a key as it is.
_KEY = """CASE WHEN left($2, 3) = '$."' THEN CAST(substr($2, 3) AS jsonb) #>> '{}'
    WHEN left($2, 2) = '$.' THEN CAST('"' || substr($2, 3) || '"' AS jsonb) #>> '{}' ELSE $2 END"""
_FUNCTIONS = (
    _function("member(text, text)", "text", f"CAST($1 AS jsonb) ->> ({_KEY})"),
    _function("member(text, bigint)", "text", "CAST($1 AS jsonb) ->> CAST($2 AS int)"),
    _function("part(text, text)", "json", f"CAST($1 AS json) -> ({_KEY})", "STABLE"),
    _function("instr(text, text)", "bigint", "CAST(strpos($1, $2) AS bigint)"),
    _function(
        "json_array_length(text)", "bigint", "CAST(jsonb_array_length(CAST($1 AS jsonb)) AS bigint)"
    ),
    _function("same(text)", "text", "$1"),
    _function("same(boolean)", "boolean", "$1"),
    _function("same(bigint)", "bigint", "$1"),
    _function("number(boolean)", "bigint", "CAST(CAST($1 AS int) AS bigint)"),
    _function(
        "julianday(text)",
        "bigint",
        "CAST(CAST($1 AS date) - DATE '2000-01-01' AS bigint)",
        "STABLE",
    ),
    _function("min(bigint, bigint)", "bigint", "least($1, $2)"),
    # A number with a fraction is shown with one digit of it at least, and no more than it has.
    _function(
        "shown(numeric)",
        "text",
        "CASE WHEN scale($1) = 0 THEN CAST($1 AS text) WHEN scale(trim_scale($1)) = 0"
        " THEN CAST(trim_scale($1) AS text) || '.0' ELSE CAST(trim_scale($1) AS text) END",
    ),
    # JSON without the blanks between its parts, and otherwise as it was written.
    _function(
        "compact(text)",
        "json",
        r"""CAST(regexp_replace($1, '("(?:[^"\\]|\\.)*")|[ \t\r\n]+', '\1', 'g') AS json)""",
    ),
    _function("compact(json)", "json", "$1"),
    _function("shown(text)", "text", "$1"),
    _function("shown(json)", "text", "CAST($1 AS text)"),
    _function("shown(bigint)", "text", "CAST($1 AS text)"),
    _function("shown(int)", "text", "CAST($1 AS text)"),
    _function("shown(boolean)", "text", "CAST(CAST($1 AS int) AS text)"),
    *(
        _function(f"json_quote({type})", "text", f"coalesce({body}, 'null')", "STABLE")
        for type, body in (
            ("text", "CAST(to_json($1) AS text)"),
            ("json", "CAST($1 AS text)"),
            ("bigint", "CAST($1 AS text)"),
            ("int", "CAST($1 AS text)"),
            ("numeric", "shown($1)"),
            ("boolean", "shown($1)"),
        )
    ),
)
_EACH = """CREATE FUNCTION json_each(text, OUT key bigint, OUT value text) RETURNS SETOF record
LANGUAGE sql IMMUTABLE AS $$ SELECT place - 1, item FROM
    jsonb_array_elements_text(CAST($1 AS jsonb)) WITH ORDINALITY AS all_of(item, place) $$"""
_CHECKS = (
    """CREATE FUNCTION json_valid(text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN PERFORM CAST($1 AS jsonb); RETURN $1 IS NOT NULL;
EXCEPTION WHEN others THEN RETURN false; END $$""",
    """CREATE FUNCTION json_type(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
SELECT jsonb_typeof(CAST($1 AS jsonb)) $$""",
    # Valid days and instants come back as they are.
    """CREATE FUNCTION counted_day(day text, VARIADIC steps text[]) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE found date; step text;
BEGIN
    found := CAST(day AS date);
    FOREACH step IN ARRAY steps LOOP
        found := CASE
            WHEN step LIKE 'start of %' THEN CAST(date_trunc(substr(step, 10), found) AS date)
            WHEN step LIKE 'weekday %' THEN
                found + mod(7 + CAST(substr(step, 9) AS int) - CAST(extract(dow FROM found) AS int), 7)
            ELSE CAST(found + CAST(step AS interval) AS date) END;
    END LOOP;
    RETURN to_char(found, 'YYYY-MM-DD');
EXCEPTION WHEN others THEN RETURN NULL; END $$""",
    """CREATE FUNCTION strftime(text, text) RETURNS text LANGUAGE sql STABLE AS $$
SELECT to_char(CAST($2 AS date), CASE $1 WHEN '%d' THEN 'DD' WHEN '%m' THEN 'MM' END) $$""",
    """CREATE FUNCTION strftime(text, text, text) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN RETURN to_char(CAST($2 AS timestamptz) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"');
EXCEPTION WHEN others THEN RETURN NULL; END $$""",
    # What can be searched: the words of a text without marks above or below their letters. What is a
    # letter depends on the collation of the database, so signs are told by their numbers.
    r"""CREATE FUNCTION words(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT
trim(regexp_replace(regexp_replace(normalize($1, NFKD), '[\u0300-\u036f]', '', 'g'),
    '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf]+', ' ', 'g')) $$""",
)
_SIGNS = (
    _sign("->>", "member", "text", "text"),
    _sign("->>", "member", "text", "bigint"),
    _sign("->", "part", "text", "text"),
    # By these SQLite's planner is told what not to do.
    *(_sign("+", "same", None, type) for type in ("text", "boolean")),
)
_SUMS = (
    # Nothing that PostgreSQL has takes this step, and a function in SQL is called for every row:
    # where there are many, the store adds up ``truth(...)``.
    "CREATE AGGREGATE sum(boolean) (SFUNC = add_truth, STYPE = bigint)",
    "CREATE AGGREGATE max(boolean) (SFUNC = boolor_statefunc, STYPE = boolean, FINALFUNC = int4)",
)
_STEPS = (
    _function(
        "add_truth(bigint, boolean)",
        "bigint",
        "CASE WHEN $2 IS NULL THEN $1 ELSE coalesce($1, 0) + number($2) END",
    ),
)
# A truth value and a number are compared as numbers.
_TRUTHS = (
    *(
        _function(f"truth_is({left}, {right})", "boolean", body)
        for left, right, body in (
            ("boolean", "bigint", "number($1) = $2"),
            ("bigint", "boolean", "$1 = number($2)"),
        )
    ),
    *(
        _function(f"truth_is_not({left}, {right})", "boolean", body)
        for left, right, body in (
            ("boolean", "bigint", "number($1) <> $2"),
            ("bigint", "boolean", "$1 <> number($2)"),
        )
    ),
    _sign("=", "truth_is", "boolean", "bigint"),
    _sign("=", "truth_is", "bigint", "boolean"),
    _sign("<>", "truth_is_not", "boolean", "bigint"),
    _sign("<>", "truth_is_not", "bigint", "boolean"),
)
# Numbers of rows are given as SQLite gives them: what is rolled back leaves no gap, and the number
# of what was deleted is not given again. Who writes a change is alone in that from then on: a
# second one waits for the row of ``change`` here, and then has to start over.
_NUMBERS = (
    "CREATE TABLE number_given (name TEXT PRIMARY KEY, last BIGINT NOT NULL)",
    """CREATE FUNCTION last_number(name text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE found bigint; given bigint;
BEGIN
    SELECT g.last INTO given FROM number_given g WHERE g.name = last_number.name;
    EXECUTE format('SELECT max(id) FROM %I', name) INTO found;
    RETURN greatest(coalesce(found, 0), given);
END $$""",
    """CREATE FUNCTION before_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'change' THEN
        UPDATE number_given SET last = last WHERE name = 'change';
    END IF;
    PERFORM setval(CAST(format('%I.%I', TG_TABLE_SCHEMA, TG_TABLE_NAME || '_number') AS regclass),
        1 + last_number(TG_TABLE_NAME), false);
    RETURN NULL;
END $$""",
    """CREATE FUNCTION before_rows_go() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE number_given SET last = last_number(name) WHERE name = TG_TABLE_NAME;
    RETURN NULL;
END $$""",
    """CREATE FUNCTION is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(current_setting('leadctl.rewriting', true), '') <> 'on' THEN
        RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$""",
)
STATEMENTS = (
    *_FUNCTIONS,
    _EACH,
    *_CHECKS,
    *_SIGNS,
    *_STEPS,
    *_SUMS,
    *_TRUTHS,
    *_NUMBERS,
)
# For every table that a step of the schema has made.
NUMBERED = (
    "CREATE SEQUENCE {table}_number OWNED BY {table}.id",
    "ALTER TABLE {table} ALTER COLUMN id SET DEFAULT nextval('{table}_number')",
    "INSERT INTO number_given VALUES ('{table}', 0)",
    "CREATE TRIGGER numbers_rows BEFORE INSERT ON {table} EXECUTE FUNCTION before_rows()",
    "CREATE TRIGGER remembers_numbers BEFORE DELETE ON {table} EXECUTE FUNCTION before_rows_go()",
)
