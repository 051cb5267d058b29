"""Recipes, JSON and NDJSON, extra columns, and the round trip of an export."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from leadctl import ImportFile, LeadctlError, WriteOptions
from tests.console import ROOT

ACCOUNTS = ROOT.parent / "shared" / "data" / "maven" / "accounts.csv"
RECIPE = """
fields:
  external_id: Prospect ID
  last_name: Lead Number
  title: Lead Number
null_values: [Select, N/A, 0]
values:
  lead_status: {Converted: qualified, Unknown: null, true: contacting}
defaults: {company: Unknown company, country: NO}
constants: {retired: false}
extra: true
"""
LEADS = """\
Prospect ID,Lead Number,lead_status,Source,Company,Visits
a1,660737,CONVERTED,Google,Acme,3
a2,660728,Unknown,Select,,0
a3,660727,Qualified,Åse,Acme,
"""


def write(tmp_path: Path, name: str, content: str) -> str:
    """A file with this content."""
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    return str(path)


def test_a_recipe(crm, tmp_path: Path) -> None:
    crm.companies.add("Acme", category="lead")
    file = write(tmp_path, "leads.csv", LEADS)
    source = ImportFile(
        file,
        recipe=write(tmp_path, "r.yaml", RECIPE),
        match=("external_id",),
        create_companies=True,
    )
    report = crm.people.import_file(source)
    assert (report.created, report.affected["companies"], report.notices) == (3, 1, [])
    fields = ["external_id", "last_name", "title", "company", "lead_status", "country", "extra"]
    assert [list(row.values()) for row in crm.people.list(fields=fields)] == [
        ["a1", "660737", "660737", "Acme", "qualified", "NO", {"Source": "Google", "Visits": "3"}],
        ["a2", "660728", "660728", "Unknown company", None, "NO", {}],
        ["a3", "660727", "660727", "Acme", "qualified", "NO", {"Source": "Åse"}],
    ]
    assert crm.people.import_file(source).unchanged == 3


def test_extra_columns_can_be_shown_sorted_grouped_and_filtered(cli, tmp_path: Path) -> None:
    recipe = write(tmp_path, "r.yaml", "extra: true")
    file = write(tmp_path, "c.csv", "name,Sector,o'x\nA,Åland,1\nB,ÅLAND,\nC,steel,2\n")
    cli("company", "import", file, "--map", recipe)
    assert cli("company", "list", "--where", "extra.Sector = åland", "-f", "ids").out == "1\n2\n"
    assert cli("company", "list", "--where", "extra.Sector == Åland", "-f", "ids").out == "1\n"
    assert cli("company", "list", "--where", "extra.nope is null", "--count").out == "3\n"
    rows = cli.json(
        "company", "list", "--fields", "name,extra.Sector,extra.o'x", "--sort", "-extra.Sector"
    )
    assert rows[0] == {"name": "A", "extra.Sector": "Åland", "extra.o'x": "1"}
    groups = cli.json("company", "list", "--group-by", "extra.Sector")
    assert {row["extra.Sector"]: row["count"] for row in groups} == {
        "Åland": 1,
        "ÅLAND": 1,
        "steel": 1,
    }
    cli("company", "list", "--fields", "extra.", code=2)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("- a", ["not a recipe"]),
        ("a: [", ["r.yaml"]),
        ("a: *b", ["r.yaml"]),
        ("x" * 1_100_000, ["larger"]),
        ("colour: red\nfields: 3\nextra: maybe", ["colour", "fields must be", "extra must be"]),
        ("fields: {nope: a}\ndefaults: {id: 3}", ["nope", "id"]),
        ("values: {country: [a]}", ["values of country"]),
        ("fields: {country: Land}", ["not one column Land"]),
        ("fields: {country: twice}", ["not one column twice"]),
        ("fields: {country: [a]}", ["fields must be"]),
    ],
)
def test_recipes_that_cannot_be_used(crm, tmp_path: Path, content: str, words: list[str]) -> None:
    file = write(tmp_path, "c.csv", "name,twice,twice\nA,1,2\n")
    write(tmp_path, "r.yaml", content)
    with pytest.raises(LeadctlError) as caught:
        crm.companies.import_file(ImportFile(file, recipe="r.yaml"))
    assert caught.value.exit_code == 2
    for word in words:
        assert word in str(caught.value)


def test_a_missing_recipe(crm, tmp_path: Path) -> None:
    file = write(tmp_path, "c.csv", "name\nA\n")
    with pytest.raises(LeadctlError) as caught:
        crm.companies.import_file(ImportFile(file, recipe=str(tmp_path / "none")))
    assert caught.value.code == "not_found"


@pytest.mark.parametrize("name", ["c.json", "c.ndjson", "c.jsonl", "c.tsv"])
def test_other_formats(crm, tmp_path: Path, name: str) -> None:
    rows = [
        {"name": "Å", "country": None, "extra": {"a": 1, "b": [True]}},
        {"name": "B", "category": "lead"},
    ]
    text = "\n".join(map(json.dumps, rows)) + "\n\n"
    if name == "c.json":
        text = json.dumps(rows)
    if name == "c.tsv":
        text = 'name\tcategory\textra\nÅ\t\t"{""a"": 1, ""b"": [true]}"\nB\tlead\t\n'
    report = crm.companies.import_file(ImportFile(write(tmp_path, name, text)))
    assert report.created == 2
    assert [
        list(row.values()) for row in crm.companies.list(fields=["name", "category", "extra"])
    ] == [
        ["Å", None, {"a": 1, "b": [True]}],
        ["B", "lead", {}],
    ]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("c.json", "[]", 2),
        ("c.json", "{}", 2),
        ("c.json", "[1]", 2),
        ("c.json", "[{]", 4),
        ("c.json", '[{"name": "A"}, ', 4),
        ("c.ndjson", "", 2),
        ("c.ndjson", "nonsense\n", 4),
        ("c.ndjson", "3\n", 2),
        ("c.ndjson", '{"nope": 1}\n', 2),
        ("c.json", '[{"name": true}, {"name": {"a": 1}}, {"name": ""}]', 4),
        ("c.ndjson", '{"name": "A", "extra": 3}\n', 4),
        ("c.ndjson", '{"name": "A", "extra": {"a": "\\u0000"}}\n', 4),
        ("c.ndjson", '{"name": "A", "created_at": "yesterday"}\n', 4),
        ("c.ndjson", '{"name": "A", "created_at": "2026-02-30T00:00:00Z"}\n', 4),
    ],
)
def test_json_that_cannot_be_used(crm, tmp_path: Path, name: str, content: str, code: int) -> None:
    with pytest.raises(LeadctlError) as caught:
        crm.companies.import_file(ImportFile(write(tmp_path, name, content)))
    assert caught.value.exit_code == code
    assert crm.companies.count() == 0


def test_rejects_of_json_are_json(crm, tmp_path: Path) -> None:
    keep_going = WriteOptions(keep_going=True)
    for name, text in (
        ("c.json", '[{"name": "A"}, {"name": "", "x": {"y": 1}}]'),
        ("c.ndjson", '{"name": "B"}\n{"name": "", "x": {"y": 1}}\n'),
    ):
        rejects = tmp_path / f"bad-{name}"
        source = ImportFile(write(tmp_path, name, text), rejects=str(rejects))
        assert crm.companies.import_file(source, keep_going).created == 1
        bad = json.loads(rejects.read_text(encoding="utf-8"))
        assert (bad if isinstance(bad, dict) else bad[0]) == {"name": "", "x": {"y": 1}}


def test_the_format_can_be_named(crm, tmp_path: Path) -> None:
    file = write(tmp_path, "data", '{"name": "A"}\n')
    assert crm.companies.import_file(ImportFile(file, input_format="ndjson")).created == 1
    with pytest.raises(LeadctlError, match="no value for --input-format"):
        crm.companies.import_file(ImportFile(file, input_format="xml"))


def test_missing_owners_can_be_made(crm, tmp_path: Path) -> None:
    file = write(tmp_path, "c.csv", "name,owner\nA,Anna Berg\nB,anna berg\nC,me\n")
    with pytest.raises(LeadctlError):
        crm.companies.import_file(ImportFile(file, create_users=True))
    file = write(tmp_path, "c.csv", "name,owner\nA,Anna Berg\nB,anna_berg\nC,\n")
    assert crm.companies.import_file(ImportFile(file, create_users=True)).created == 3
    assert [row["owner"] for row in crm.companies.list()] == ["anna_berg", "anna_berg", None]
    crm.changes.undo("last")
    assert crm.users.count() == 0


@pytest.mark.parametrize("format", ["csv", "tsv", "json", "ndjson"])
def test_an_export_imported_into_a_new_file_exports_the_same(
    cli, place, tmp_path: Path, format: str
) -> None:
    cli("user", "add", "Anna")
    cli("company", "add", "Acme", "--category", "lead", "--owner", "anna", "--today", "2020-01-01")
    cli("company", "add", 'Öst, "AB"\n', "--category", "customer", "--external-id", "x")
    cli("company", "add", "Plain")
    recipe = write(tmp_path, "r.yaml", "extra: true")
    extra = write(tmp_path, "e.csv", "name,Sector\nAcme,Steel\n")
    cli("company", "import", extra, "--map", recipe, "--match", "name")
    for company in ("1", "2", "3", "none"):
        cli("person", "add", "--last-name", f"P{company}", "--company", company)
    cli("person", "add", "--first-name", "Own", "--category", "mql", "--owner", "anna")
    cli("person", "set-status", "1", "qualified")
    cli("company", "set-category", "1", "customer")
    cli("person", "edit", "3", "--title", "=1+1")
    cli("person", "retire", "4")
    cli("lead-status", "add", "Later")
    paths = {noun: tmp_path / f"{noun}.{format}" for noun in ("company", "person")}
    exports = [cli(noun, "list", "--retired", "-f", format).out for noun in paths]
    for path, text in zip(paths.values(), exports, strict=True):
        path.write_bytes(text.encode())
    cli.path = place()
    for noun, path in paths.items():
        cli(noun, "import", path, *(["--create-users"] if noun == "company" else []))
    assert [cli(noun, "list", "--retired", "-f", format).out for noun in paths] == exports


@pytest.mark.skipif(not ACCOUNTS.exists(), reason="the real data is not here")
def test_real_accounts_by_the_recipe_in_examples(crm) -> None:
    source = ImportFile(
        str(ACCOUNTS), recipe=str(ROOT / "examples" / "accounts-recipe.yaml"), match=("name",)
    )
    assert crm.companies.import_file(source).created == 85
    assert crm.companies.import_file(source).unchanged == 85
    sectors = {row["extra.sector"]: row["count"] for row in crm.companies.groups("extra.sector")}
    assert sum(sectors.values()) == 85
    assert sectors["retail"] == 17


@pytest.mark.parametrize(
    ("cell", "code"), [("[1]", "usage"), ("{", "usage"), ("3", "usage"), ('{"a": 1}', None)]
)
def test_extra_is_an_object(crm, tmp_path: Path, cell: str, code: str | None) -> None:
    quoted = cell.replace('"', '""')
    file = write(tmp_path, "c.csv", f'name,extra\nA,"{quoted}"\n')
    if code is None:
        assert crm.companies.import_file(ImportFile(file)).created == 1
        return
    with pytest.raises(LeadctlError) as caught:
        crm.companies.import_file(ImportFile(file))
    assert caught.value.report.problems[0].reason.code == code


def test_an_ambiguous_label_is_a_row_error(crm, tmp_path: Path, monkeypatch) -> None:
    from leadctl.core import refs

    monkeypatch.setattr(refs, "accepted", lambda kind: {"both": frozenset({"lead", "mql"})})
    file = write(tmp_path, "c.csv", "name,category\nA,both\nB,both\n")
    with pytest.raises(LeadctlError) as caught:
        crm.companies.import_file(ImportFile(file))
    assert {problem.reason.code for problem in caught.value.report.problems} == {"ambiguous_name"}


def test_filters_by_reason_group_and_what_cannot_be_stored(crm) -> None:
    from leadctl import Choice

    crm.people.add(last_name="A")
    crm.people.add(last_name="B", category="customer")
    for where, expected in (
        ("lead_status_reason = no_category", [1]),
        ("category_group = Kunde", [2]),
        ("lead_status_reason is null", []),
    ):
        rows = crm.people.list(Choice(where=(where,)), fields=["id"])
        assert [row["id"] for row in rows] == expected
    for where in ("name = 'a\0'", "category_group = none", "lead_status_reason = nope"):
        with pytest.raises(LeadctlError) as caught:
            crm.people.count(Choice(where=(where,)))
        assert caught.value.code == "usage"
    assert [row["id"] for row in crm.find("a b")] == []
    assert [row["id"] for row in crm.find("b", entity="person")] == [2]


def test_what_is_no_object_is_a_bad_row_among_good_ones(crm, tmp_path: Path) -> None:
    crm.companies.add("Acme")
    content = (
        '[{"description": "A", "company": "Acme", "estimated_value": 12.5}, 7,'
        ' {"description": "B", "company": "Acme", "estimated_value": 1e400},'
        ' {"description": "C", "company": "Acme", "estimated_value": 10}]'
    )
    rejects = tmp_path / "rejects.json"
    source = ImportFile(write(tmp_path, "deals.json", content), rejects=str(rejects))
    report = crm.opportunities.import_file(source, WriteOptions(keep_going=True))
    assert [(one.line, one.column) for one in report.problems] == [
        (2, None),
        (3, "estimated_value"),
    ]
    assert [row["estimated_value"] for row in crm.opportunities.list()] == [12.5, 10]
    bad = {"description": "B", "company": "Acme", "estimated_value": "1E+400"}
    assert json.loads(rejects.read_text(encoding="utf-8")) == [7, bad]
    lines = "".join(json.dumps(item) + "\n" for item in ({"description": "D"}, [1]))
    lines += '{"description": "E", "company": "Acme", "estimated_value": NaN}\n'
    with pytest.raises(LeadctlError) as caught:
        crm.opportunities.import_file(ImportFile(write(tmp_path, "deals.ndjson", lines)))
    assert "NaN is no JSON" in str(caught.value)
