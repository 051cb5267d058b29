"""Importing: every dialect, every kind of bad row, matches, rejects."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from leadctl import ImportFile, LeadctlError
from leadctl.core.csvfile import CsvFile
from tests.console import ROOT

DIALECTS = ROOT.parent / "shared" / "data" / "dialects"


def write(tmp_path: Path, content: str | bytes, name: str = "in.csv") -> str:
    """A file with this content."""
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


def companies(crm, *fields: str) -> list[list[object]]:
    """What the companies are now."""
    return [list(record.values()) for record in crm.companies.list(fields=fields or ("name",))]


@pytest.mark.skipif(not DIALECTS.exists(), reason="the real data is not here")
@pytest.mark.parametrize("name", sorted(path.name for path in DIALECTS.glob("*.csv")))
def test_every_dialect_gives_the_same_companies(crm, name: str) -> None:
    file = str(DIALECTS / name)
    report = crm.companies.import_file(ImportFile(file))
    assert (report.created, report.matched) == (10, 10)
    assert companies(crm) == [[f"account Upsert #{number}"] for number in range(10)]
    if name != "single-column.csv":
        assert companies(crm, "phone", "website")[9] == [
            "415-555-0000",
            "http://www.accountUpsert9.com",
        ]
    again = crm.companies.import_file(ImportFile(file, match=("name",)))
    assert (again.unchanged, again.changed, again.created, again.change) == (10, 0, 0, None)


@pytest.mark.parametrize(
    ("encoding", "bom"),
    [("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("utf-16", b""), ("latin-1", b"")],
)
def test_encodings_are_detected(crm, tmp_path: Path, encoding: str, bom: bytes) -> None:
    content = bom + "name;country\nÅsgård;NO\n".encode(encoding)
    report = crm.companies.import_file(ImportFile(write(tmp_path, content)))
    assert companies(crm, "name", "country") == [["Åsgård", "NO"]]
    assert len(report.notices) == (encoding == "latin-1")


def test_delimiter_and_encoding_can_be_given(crm, tmp_path: Path) -> None:
    file = write(tmp_path, "name#country\nÅs,A;B#NO\n".encode("cp1252"))
    crm.companies.import_file(ImportFile(file, delimiter="#", encoding="cp1252"))
    assert companies(crm, "name", "country") == [["Ås,A;B", "NO"]]
    file = write(tmp_path, "name\tcountry\nB\tSE\n")
    crm.companies.import_file(ImportFile(file, delimiter="tab"))
    assert companies(crm, "name", "country")[1] == ["B", "SE"]


@pytest.mark.parametrize(
    ("content", "settings", "message"),
    [
        ("", {}, "has no header"),
        ("\n", {}, "has no header"),
        ("foo,bar\n1,2\n", {}, "none of the fields"),
        ("name,NAME\n1,2\n", {}, "stands in the header twice"),
        ("name\nx\n", {"encoding": "klingon"}, "there is no encoding"),
        ("name\n\u00e5\n", {"encoding": "ascii"}, "is not ascii text"),
        ("\u00e5,name\n", {"encoding": "ascii"}, "is not ascii text"),
        ("name\nx\n", {"delimiter": "ab"}, "is no delimiter"),
        ("name\nx\n", {"delimiter": '"'}, "is no delimiter"),
        ("name\nx\n", {"match": ("email",)}, "cannot be matched"),
        ("name,category\nx,lead\n", {"match": ("category",)}, "cannot be matched"),
        ("name\nx\n", {"on_match": "perhaps"}, "is no value for --on-match"),
    ],
)
def test_files_and_options_that_cannot_be_used(
    crm, tmp_path: Path, content: str, settings: dict, message: str
) -> None:
    with pytest.raises(LeadctlError, match=message) as caught:
        crm.companies.import_file(ImportFile(write(tmp_path, content), **settings))
    assert caught.value.exit_code == 2
    assert companies(crm) == []


@pytest.mark.parametrize("content", ['name\n"open\nand never closed\n', '"name\n'])
def test_a_quote_left_open(crm, tmp_path: Path, content: str) -> None:
    with pytest.raises(LeadctlError) as caught:
        crm.companies.import_file(ImportFile(write(tmp_path, content)))
    assert (caught.value.code, caught.value.exit_code) == ("row_invalid", 4)
    assert "line" in caught.value.details


def test_a_missing_file(crm, tmp_path: Path) -> None:
    with pytest.raises(LeadctlError) as caught:
        crm.companies.import_file(ImportFile(str(tmp_path / "none.csv")))
    assert (caught.value.code, caught.value.exit_code) == ("not_found", 3)


def test_no_rows_is_no_error(crm, tmp_path: Path) -> None:
    report = crm.companies.import_file(ImportFile(write(tmp_path, "name\n")))
    assert (report.matched, report.change) == (0, None)


def test_standard_input_and_pipes(cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write(tmp_path, "name\nAcme\n")
    with open(file, encoding="utf-8") as stream:
        monkeypatch.setattr("sys.stdin", stream)
        assert cli.json("company", "import", "-")["created"] == 1


BAD_COMPANIES = """\
name,category,owner,external_id,country,
Good,lead,,A,NO,
,lead,,B,NO,
Ragged,lead
Long,lead,,C,NO,,x
Trailing,lead,,D,NO,,,
Unknown,nonsense,,E,NO,
Nobody,lead,ghost,F,NO,
Deleted,partner,,G,NO,
Twice,lead,,A,NO,
Taken,lead,,OLD,NO,
"""


def test_every_bad_row_is_reported_with_line_and_column(cli, tmp_path: Path) -> None:
    cli("category", "delete", "partner")
    cli("company", "add", "Old", "--external-id", "OLD")
    file = write(tmp_path, BAD_COMPANIES)
    report = cli("company", "import", file, "-f", "json", code=4)
    problems = {(p["line"], p["column"]): p["code"] for p in report.json["problems"]}
    assert problems == {
        (3, "name"): "name_required",
        (4, None): "row_invalid",
        (5, None): "row_invalid",
        (7, "category"): "not_found",
        (8, "owner"): "not_found",
        (9, "category"): "list_item_deleted",
        (10, "external_id"): "row_invalid",
        (11, "external_id"): "external_id_taken",
    }
    assert all(problem["id"] is None for problem in report.json["problems"])
    assert report.error["code"] == "row_invalid"
    assert report.error["details"]["line"] == 3
    assert (report.json["matched"], report.json["created"], report.json["refused"]) == (10, 0, 8)
    assert cli.json("company", "list", "--fields", "name") == [{"name": "Old"}]


def test_rejects_can_be_mended_and_fed_again(cli, tmp_path: Path) -> None:
    file = write(tmp_path, "name;category\nA;lead\nÅ;nonsense\nC;lead\n;lead\n".encode("utf-16"))
    rejects = tmp_path / "bad.csv"
    report = cli(
        "company", "import", file, "--keep-going", "--rejects", rejects, "-f", "json", code=5
    )
    assert (report.json["created"], report.json["refused"]) == (2, 2)
    assert rejects.read_bytes().decode("utf-16") == "name;category\nÅ;nonsense\n;lead\n"
    mended = rejects.read_bytes().decode("utf-16").replace("nonsense", "mql").replace("\n;", "\nD;")
    rejects.write_bytes(mended.encode("utf-16"))
    assert cli.json("company", "import", str(rejects))["created"] == 2
    assert [row["name"] for row in cli.json("company", "list")] == ["A", "C", "Å", "D"]


def test_a_dry_run_writes_no_rejects(cli, tmp_path: Path) -> None:
    file = write(tmp_path, "name\nA\n \n")
    rejects = tmp_path / "bad.csv"
    cli("company", "import", file, "--keep-going", "--rejects", rejects, "-n", code=5)
    assert not rejects.exists()


def test_people_find_or_make_their_company(cli, tmp_path: Path) -> None:
    cli("company", "add", "Acme", "--category", "lead", "--external-id", "X")
    cli("company", "add", "Twin")
    cli("company", "add", "TWIN")
    file = write(
        tmp_path,
        "last_name,company\nA,ACME\nB,1\nC,ext:X\nD,Nowhere\nE,twin\nF,\nG,99\nH,ext:no\n",
    )
    report = cli("person", "import", file, "-f", "json", code=4)
    assert [(p["line"], p["code"]) for p in report.json["problems"]] == [
        (5, "not_found"),
        (6, "ambiguous_name"),
        (8, "not_found"),
        (9, "not_found"),
    ]
    file = write(tmp_path, "last_name,company\nA,ACME\nB,1\nC,ext:X\nD,Nowhere\nE,nowhere\nF,\n")
    report = cli.json("person", "import", file, "--create-companies")
    assert (report["created"], report["affected"]) == (6, {"companies": 1, "people": 0})
    people = cli.json("person", "list", "--fields", "last_name,company,lead_status")
    assert [(p["company"], p["lead_status"]) for p in people] == [
        ("Acme", "open"),
        ("Acme", "open"),
        ("Acme", "open"),
        ("Nowhere", None),
        ("Nowhere", None),
        (None, None),
    ]


def test_the_rules_hold_for_imported_people(cli, tmp_path: Path) -> None:
    cli("user", "add", "Anna")
    cli("user", "add", "Bo")
    cli("company", "add", "Lead", "--category", "lead", "--owner", "anna")
    cli("company", "add", "Customer", "--category", "customer")
    cli("category", "delete", "mql")
    file = write(
        tmp_path,
        "last_name,company,category,owner,lead_status\n"
        "Fine,Lead,lead,anna,Qualified\n"
        "Own,,lead,bo,contacting\n"
        "Category,Lead,customer,,\n"
        "Owner,Lead,,bo,\n"
        "Status,Customer,,,open\n"
        "Deleted,,mql,,\n"
        ",,,,\n",
    )
    report = cli("person", "import", file, "-f", "json", code=4).json
    assert {(p["line"], p["column"], p["code"]) for p in report["problems"]} == {
        (4, "category", "category_follows_company"),
        (5, "owner", "owner_follows_company"),
        (6, "lead_status", "lead_status_not_applicable"),
        (7, "category", "list_item_deleted"),
        (8, "last_name", "name_required"),
    }
    cli("person", "import", file, "--keep-going", code=5)
    fields = "last_name,company,category,owner,lead_status,lead_status_active"
    assert [list(row.values()) for row in cli.json("person", "list", "--fields", fields)] == [
        ["Fine", "Lead", "lead", "anna", "qualified", True],
        ["Own", None, "lead", "bo", "contacting", True],
    ]


def test_matches_are_updated_and_empty_cells_never_clear(cli, tmp_path: Path) -> None:
    cli("company", "add", "Lead", "--category", "lead")
    cli("person", "add", "--last-name", "Berg", "--email", "B@x.example", "--title", "Boss")
    file = write(
        tmp_path,
        "email,last_name,title,company,retired\nb@X.example,Bergh,,Lead,\nnew@x.example,New,Clerk,,yes\n",
    )
    report = cli.json("person", "import", file, "--match", "email")
    assert (report["changed"], report["created"], report["unchanged"]) == (1, 1, 0)
    berg = cli.json("person", "show", 1)
    assert (berg["last_name"], berg["title"], berg["email"]) == ("Bergh", "Boss", "b@X.example")
    assert (berg["company"], berg["lead_status"], berg["retired"]) == ("Lead", "open", False)
    assert cli.json("person", "show", 2)["retired"] is True
    assert cli.json("person", "import", file, "--match", "email")["unchanged"] == 2
    lines = cli("person", "import", file, "--match", "email", "-f", "ndjson").lines
    assert [(line["id"], line["result"]) for line in lines] == [(1, "unchanged"), (2, "unchanged")]
    cli("change", "undo", "last", "--yes")
    assert cli.json("person", "show", 1)["company"] is None


def test_a_match_must_be_one(cli, tmp_path: Path) -> None:
    for _ in range(2):
        cli("person", "add", "--last-name", "Twin", "--email", "t@x.example")
    file = write(tmp_path, "email,last_name\nt@x.example,A\nn@x.example,B\nN@x.example,C\n")
    report = cli("person", "import", file, "--match", "email", "-f", "json", code=4).json
    assert [(p["line"], p["code"]) for p in report["problems"]] == [
        (2, "ambiguous_match"),
        (4, "row_invalid"),
    ]


@pytest.mark.parametrize(
    ("on_match", "code", "counts"),
    [("skip", 0, (0, 1, 0)), ("refuse", 4, (0, 0, 1)), ("update", 0, (1, 0, 0))],
)
def test_what_to_do_with_a_match(
    cli, tmp_path: Path, on_match: str, code: int, counts: tuple[int, int, int]
) -> None:
    cli("company", "add", "Acme", "--country", "NO")
    file = write(tmp_path, "name,country\nACME,SE\n")
    report = cli(
        "company",
        "import",
        file,
        "--match",
        "name",
        "--on-match",
        on_match,
        "-f",
        "json",
        code=code,
    ).json
    assert (report["changed"], report["unchanged"], report["refused"]) == counts


def test_matching_people_by_company_and_name(cli, tmp_path: Path) -> None:
    cli("company", "add", "Acme")
    cli("person", "add", "--last-name", "Berg", "--company", "Acme")
    file = write(tmp_path, "company,last_name,title\nAcme,Berg,Boss\nAcme,Lind,Clerk\n")
    report = cli.json("person", "import", file, "--match", "company,last_name")
    assert (report["changed"], report["created"]) == (1, 1)


def test_a_company_import_that_changes_the_category_takes_the_people_along(cli, tmp_path) -> None:
    cli("company", "add", "Acme", "--category", "customer")
    cli("person", "add", "--last-name", "Berg", "--company", "Acme")
    file = write(tmp_path, "name,category\nAcme,lead\n")
    cli("company", "import", file, "--match", "name")
    assert cli.json("person", "show", 1)["lead_status"] == "open"
    cli("category", "delete", "lead")
    assert cli.json("company", "import", file, "--match", "name")["unchanged"] == 1


def test_companies_can_be_matched_without_a_name_column(cli, tmp_path: Path) -> None:
    cli("company", "add", "Acme", "--external-id", "X")
    file = write(tmp_path, "external_id,country\nX,NO\n")
    assert cli.json("company", "import", file, "--match", "external_id")["changed"] == 1
    file = write(tmp_path, "external_id,country\nY,NO\n")
    assert (
        cli.error("company", "import", file, "--match", "external_id", code=4)["details"]["column"]
        == "name"
    )


def test_people_without_any_name_column(cli, tmp_path: Path) -> None:
    file = write(tmp_path, "email\na@x.example\n")
    report = cli("person", "import", file, "-f", "json", code=4).json
    assert report["problems"][0]["code"] == "name_required"


def test_users(cli, tmp_path: Path) -> None:
    file = write(
        tmp_path,
        "name,email,group,active,away\nAnna Berg,a@x.example,North,,yes\nBo,,,false,\nBo?,,,,\n",
    )
    assert cli.json("user", "import", file)["created"] == 3
    users = [(u["key"], u["group"], u["active"], u["away"]) for u in cli.json("user", "list")]
    assert users == [
        ("anna_berg", "North", True, True),
        ("bo", None, False, False),
        ("bo_2", None, True, False),
    ]
    assert cli.json("user", "import", file, "--match", "name")["unchanged"] == 3
    bad = write(tmp_path, "name,active\nANNA BERG,\nCeci,maybe\nnone,\nDan,\ndan,\n")
    report = cli("user", "import", bad, "-f", "json", code=4).json
    assert {(p["line"], p["column"], p["code"]) for p in report["problems"]} == {
        (2, "name", "name_taken"),
        (3, "active", "usage"),
        (4, "name", "name_reserved"),
        (6, "name", "row_invalid"),
    }


def test_the_guards_hold_for_imports(cli, tmp_path: Path) -> None:
    file = write(tmp_path, "name\nA\nB\n")
    assert cli.error("company", "import", file, "--expect", "3", code=7)["code"] == "expect_failed"
    error = cli.error("company", "import", file, "--max-changes", "1", code=7)
    assert error["code"] == "max_changes_exceeded"
    assert cli.json("company", "list") == []


def test_hostile_cells(cli, tmp_path: Path) -> None:
    file = write(tmp_path, "name,country\na\0b,NO\n" + "x" * 300 + ",NO\n99999999999999999999,NO\n")
    report = cli("company", "import", file, "--keep-going", "-f", "json", code=5).json
    assert [(p["line"], p["column"], p["code"]) for p in report["problems"]] == [
        (2, "name", "usage"),
        (3, "name", "usage"),
    ]
    people = write(tmp_path, f"last_name,company\nA,{10**30}\n", "p.csv")
    assert cli("person", "import", people, code=4).err.startswith("Error: 1 rows")


def test_lines_of_rows_that_span_lines(tmp_path: Path) -> None:
    file = CsvFile(write(tmp_path, 'name,title\n"a\nb",1\n\nc,2\n'))
    assert [(row.line, row.cells) for row in file.rows()] == [(2, ["a\nb", "1"]), (5, ["c", "2"])]
    file.close()


def test_the_notice_names_what_is_left_out(cli, tmp_path: Path) -> None:
    file = write(tmp_path, json.dumps("x")[1:1] + "name,Secret,\nA,1,\n")
    ran = cli("company", "import", file)
    assert ran.err == "columns that are not imported: Secret, \n"
