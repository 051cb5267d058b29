"""Forms and captures through the command line: every way in, and what must not get in."""

from __future__ import annotations

import io
import json
from types import SimpleNamespace
from typing import Any

import pytest


@pytest.fixture
def web(cli):
    """The command line on a file with a user and the automatic form ``Web``."""
    cli("user", "add", "anna")
    cli("form", "add", "Web", "--category", "lead", "--owner", "anna")
    return cli


@pytest.fixture
def pipe(monkeypatch):
    """Put something on standard input."""

    def put(body: bytes, *, terminal: bool = False) -> None:
        stdin = SimpleNamespace(buffer=io.BytesIO(body), isatty=lambda: terminal)
        monkeypatch.setattr("sys.stdin", stdin)

    return put


def submit(cli, values: dict[str, Any], tmp_path, *, code: int = 0) -> dict[str, Any]:
    file = tmp_path / "payload.json"
    file.write_text(json.dumps(values), encoding="utf-8")
    return cli("capture", "submit", "web", file, "-f", "json", code=code).json


def test_forms(web) -> None:
    assert web.json("form", "list") == [
        {
            "name": "Web",
            "mode": "auto",
            "category": "lead",
            "selection": None,
            "owner": "anna",
            "people": 0,
        }
    ]
    words = ("--mode", "manuell", "--selection", "News", "--category", "none", "--owner", "none")
    assert web.json("form", "edit", "WEB", *words, "--name", "Site")["changed"] == 1
    assert web.json("form", "edit", "site", "--name", "Site")["unchanged"] == 1
    assert web.json("form", "list")[0] == {
        "name": "Site",
        "mode": "manual",
        "category": None,
        "selection": "News",
        "owner": None,
        "people": 0,
    }
    added = web("form", "add", "Other", "--mode", "known", "--lang", "de").out
    assert "Automatisch, wenn bekannt" in added
    assert web("form", "list", "-f", "ids").out == "Site\nOther\n"
    assert web.error("form", "delete", "other", code=6)["code"] == "consent_needed"
    assert web.json("form", "delete", "other", "-y")["changed"] == 1
    assert web.json("change", "undo", "last", "-y")["changed"] == 1
    assert web("form", "list", "--count").out == "2\n"


@pytest.mark.parametrize(
    ("words", "code", "name"),
    [
        (("form", "add", "WEB"), 4, "name_taken"),
        (("form", "add", "none"), 4, "name_reserved"),
        (("form", "add", " "), 4, "name_required"),
        (("form", "add", "x", "--mode", "some"), 2, "form_unknown_mode"),
        (("form", "edit", "web", "--mode", ""), 2, "form_unknown_mode"),
        (("form", "edit", "web"), 2, "usage"),
        (("form", "edit", "nope", "--mode", "auto"), 3, "not_found"),
        (("form", "delete", "nope", "-y"), 3, "not_found"),
        (("form", "add", "x", "--category", "nope"), 3, "not_found"),
        (("form", "add", "x", "--owner", "nope"), 3, "not_found"),
        (("form", "add", "x", "--selection", "s" * 256), 2, "usage"),
        (("category", "delete", "lead"), 4, "list_item_in_use"),
        (("user", "delete", "anna", "-y"), 4, "list_item_in_use"),
        (("capture", "submit", "nope", "--data", "email=a@b.c"), 3, "not_found"),
        (("capture", "submit", "web", "--data", "email"), 2, "usage"),
        (("capture", "submit", "web", "--data", "=x"), 2, "usage"),
        (("capture", "submit", "web", "-", "--data", "a=b"), 2, "usage"),
        (("capture", "submit", "web", "none.json"), 3, "not_found"),
        (("capture", "list", "--status", "nope"), 2, "usage"),
        (("capture", "show", "1"), 3, "not_found"),
        (("capture", "show", "ext:x"), 3, "not_found"),
        (("capture", "process", "1", "--create", "--person", "1"), 2, "usage"),
        (("capture", "process", "x"), 2, "usage"),
        (("capture", "retry", "1"), 3, "not_found"),
        (("capture", "reject", "1", "-y"), 3, "not_found"),
        (("capture", "list", "ext:x"), 3, "not_found"),
    ],
)
def test_what_is_refused(web, words, code: int, name: str) -> None:
    before = web("change", "list", "--count").out
    assert web.error(*words, code=code)["code"] == name
    assert web("change", "list", "--count").out == before


def test_a_deleted_category_is_not_given(web) -> None:
    web("category", "add", "Old")
    web("category", "delete", "old")
    assert web.error("form", "edit", "web", "--category", "old", code=4)["code"] == (
        "list_item_deleted"
    )


def test_a_form_that_was_used_stays(web) -> None:
    web("capture", "submit", "web", "--data", "email=a@b.example")
    assert web.error("form", "delete", "web", "-y", code=4)["code"] == "list_item_in_use"
    assert web.json("form", "list")[0]["people"] == 1
    assert [row["email"] for row in web.json("person", "list", "--where", "form = WEB")] == [
        "a@b.example"
    ]


def test_ways_in(web, pipe, tmp_path) -> None:
    pipe(b"email=a%40b.example&name=Kari+Anne+N%C3%B8rd&comment=%3Cb%3E\n")
    assert web.json("capture", "submit", "web", "-")["person_id"] == 1
    assert web.json("capture", "show", 1)["payload"].startswith("email=a%40b.example&name=")
    pipe('{"email": "c@d.example", "first_name": "Åse"}'.encode())
    assert web.json("capture", "submit", "web")["person_id"] == 2
    file = tmp_path / "many.ndjson"
    file.write_text(
        '{"email": "e@f.example", "company": "Acme", "phone": 12}\n\n{"email": "E@F.example"}\n'
        '{"email": "x"}\n',
        encoding="utf-8",
    )
    ran = web("capture", "submit", "web", file, "-f", "json", code=5)
    assert [(row["status"], row["person_id"]) for row in ran.json] == [
        ("processed", 3),
        ("processed", 3),
        ("failed", None),
    ]
    assert ran.error["code"] == "capture_failed"
    assert ran.error["details"]["failed"] == 1
    lines = web("capture", "submit", "web", file, "-f", "ndjson", code=5).lines
    assert [line["created"] for line in lines] == [False, False, False]
    people = web.json("person", "list", "--fields", "first_name,last_name,phone,company,owner")
    assert people == [
        {
            "first_name": "Kari Anne",
            "last_name": "Nørd",
            "phone": None,
            "company": None,
            "owner": "anna",
        },
        {"first_name": "Åse", "last_name": None, "phone": None, "company": None, "owner": "anna"},
        {"first_name": None, "last_name": "e", "phone": "12", "company": "Acme", "owner": "anna"},
    ]
    pipe(b"x", terminal=True)
    assert web.error("capture", "submit", "web", code=2)["code"] == "usage"
    assert "Processed" in web("capture", "list").out
    assert web("capture", "submit", "web", "--data", "email=q@q.example", "-f", "ids").out == "9\n"


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"[]", b"{", b"hello", b"a=1\nb=2", b"\xff\xfe", b"email=%ff", b"email=a%00"),
        *(b'{"email": "\\ud800@x.example"}', b'{"email": "a\\u0000"}', b'{"a": 1}\n[1]'),
        *(b"[" * 100_000, b'{"comment": "' + b"x" * 1024 * 1024 + b'"}', b"--x\r\nname=1\r\n"),
    ],
)
def test_bodies_that_cannot_be_read_store_nothing(web, pipe, body: bytes) -> None:
    pipe(body)
    assert web.error("capture", "submit", "web", "-", code=2)["code"] == "usage"
    assert web.json("capture", "list") == []


@pytest.mark.parametrize(
    "values",
    [
        {"name": "No address"},
        {"email": None},
        {"email": ["a@b.example"]},
        {"email": {"x": 1}},
        {"email": True},
        {"email": "a@b.example", "name": [["Kari"]]},
        {"email": "a@b.example", "last_name": "x" * 1_000_000},
        {"email": "a@b.example", "name": "x " * 300},
        {"email": "a@b.example", "company": "x" * 256},
        {"email": "x" * 1_000_000},
    ],
)
def test_what_fails_is_kept_and_leaves_nothing_behind(web, tmp_path, values) -> None:
    values["company"] = values.get("company", "Acme")
    result = submit(web, values, tmp_path, code=5)
    assert (result["status"], result["created"]) == ("failed", False)
    assert 0 < len(result["message"]) < 500
    assert web.json("person", "list") == web.json("company", "list") == []
    shown = web.json("capture", "show", result["id"])
    assert json.loads(shown["payload"]) == values
    assert shown["message"] == result["message"]


def test_what_is_odd_but_fine(web, tmp_path) -> None:
    values = {f"k{number}": [[number]] for number in range(10_000)}
    values |= {"email": "a@b.example", "last_name": "<script>alert(1)</script>"}
    values |= {"first_name": '=HYPERLINK("x")', "company": "+cmd|' /C calc'!A0", "phone": 4712}
    values |= {"utm_source": "s" * 256, "utm_medium": ["x"], "utm_term": "@t"}
    result = submit(web, values, tmp_path)
    assert "utm_source" in result["message"]
    assert "utm_medium" in result["message"]
    person = web.json("person", "show", result["person_id"])
    assert person["last_name"] == "<script>alert(1)</script>"
    assert person["phone"] == "4712"
    assert person["lead_creation"]["source"] is person["lead_creation"]["medium"] is None
    assert person["lead_creation"]["term"] == "@t"
    words = ("person", "list", "-f", "csv", "--fields", "first_name,company")
    assert web(*words).out.splitlines()[1].startswith('"=HYPER')
    guarded = web(*words, "--csv-guard").out.splitlines()[1]
    assert guarded == """"'=HYPERLINK(""x"")",'+cmd|' /C calc'!A0"""
    assert "s" * 256 in web.json("capture", "show", 1)["payload"]
    odd = {"email": "a@b.example", "utm_source": "x", "first_touch": {"source": ["y"]}}
    assert "first_touch_source" in submit(web, odd, tmp_path)["message"]


def test_several_people_are_not_guessed(web) -> None:
    for name in ("A", "B"):
        web("person", "add", "--last-name", name, "--email", "same@x.example")
    result = web.json("capture", "submit", "web", "--data", "email=SAME@x.example")
    assert (result["status"], result["person_id"]) == ("submitted", None)
    assert "1, 2" in result["message"]
    error = web.error("capture", "process", result["id"], code=4)
    assert (error["code"], error["details"]["ids"]) == ("ambiguous_capture", [1, 2])
    assert web.json("capture", "process", 1, "--person", 2) == {
        "id": 1,
        "status": "processed",
        "person_id": 2,
        "company_id": None,
        "created": False,
        "message": None,
    }
    # Of two, the one who has not retired is meant; a retired one if there is no other.
    web("person", "retire", 1)
    assert web.json("capture", "submit", "web", "--data", "email=same@x.example")["person_id"] == 2
    web("person", "delete", 2, "-y")
    assert web.json("capture", "submit", "web", "--data", "email=same@x.example")["person_id"] == 1


def test_several_companies_are_not_guessed(web) -> None:
    for _ in range(2):
        web("company", "add", "Acme")
    words = ("--data", "email=a@b.example", "--data", "company=ACME")
    result = web.json("capture", "submit", "web", *words)
    assert (result["status"], result["created"]) == ("submitted", False)
    assert "1, 2" in result["message"]
    assert web.error("capture", "process", 1, "--create", code=4)["code"] == "ambiguous_capture"
    web("company", "delete", 2, "-y")
    assert web.json("capture", "process", 1, "--create")["company_id"] == 1


def test_by_hand(web) -> None:
    web("form", "edit", "web", "--mode", "manual")
    words = ("--data", "email=a@b.example", "--data", "utm_source=x", "--data", "name=K N")
    assert web.json("capture", "submit", "web", *words)["status"] == "submitted"
    assert web.error("capture", "process", 1, code=4)["code"] == "person_required"
    assert web.error("capture", "process", 1, "--person", 9, code=3)["code"] == "not_found"
    trial = web.json("capture", "process", 1, "--create", "--dry-run")
    assert (trial["status"], trial["created"]) == ("processed", True)
    assert web.json("person", "list") == []
    assert web.json("capture", "process", 1, "--create")["created"] is True
    person = web.json("person", "show", 1)
    assert (person["lead_creation"]["source"], person["lead_status"]) == ("x", "open")
    for verb in (("process", 1), ("retry", 1), ("reject", 1, "-y")):
        assert web.error("capture", *verb, code=4)["code"] == "capture_status"
    web("capture", "submit", "web", *words)
    assert web.json("capture", "process", 2)["person_id"] == 1


def test_undo_sets_it_back(web) -> None:
    words = ("--data", "email=a@b.example", "--data", "company=Acme", "--data", "utm_source=x")
    web("capture", "submit", "web", *words)
    after = web.json("capture", "show", 1), web.json("person", "show", 1)
    assert web.json("change", "undo", "last", "-y")["changed"] == 3
    back = web.json("capture", "show", 1)
    assert (back["status"], back["person_id"], back["company_id"]) == ("submitted", None, None)
    assert web.json("person", "list") == web.json("company", "list") == []
    redo = web.json("change", "list")[0]["id"]
    web("change", "undo", redo, "-y")
    assert (web.json("capture", "show", 1), web.json("person", "show", 1)) == after


def test_retry_and_reject(web) -> None:
    long = "company=" + "x" * 256
    web("capture", "submit", "web", "--data", "email=a@b.example", "--data", long, code=5)
    ran = web("capture", "retry", 1, "-f", "json", code=5)
    assert (ran.json["status"], ran.error["code"]) == ("failed", "capture_failed")
    web("person", "add", "--last-name", "A", "--email", "a@b.example")
    assert web.json("capture", "retry", 1)["person_id"] == 1
    assert web.json("change", "undo", "last", "-y")["changed"] == 1
    assert web.json("capture", "list", "--status", "mislykket", "--status", "rejected") != []
    assert web.error("capture", "reject", 1, code=6)["code"] == "consent_needed"
    assert web.json("capture", "reject", 1, "-y")["changed"] == 1
    assert web.json("capture", "reject", 1)["unchanged"] == 1
    assert web.error("capture", "process", 1, code=4)["code"] == "capture_status"
    assert [row["id"] for row in web.json("capture", "list", "--status", "rejected")] == [1]


def test_lists(web) -> None:
    for email in ("a@b.example", "bad"):
        web("capture", "submit", "web", "--data", f"email={email}", code=None)
    assert list(web.json("capture", "list")[0]) == [
        *("id", "form", "at", "status", "email", "person_id", "company_id", "message")
    ]
    words = ("capture", "list", "--where", "status = failed", "--where", "form = WEB")
    assert [row["id"] for row in web.json(*words)] == [2]
    assert web.json("capture", "list", 1, 2, "--status", "failed")[0]["id"] == 2
    assert "SELECT" in web("capture", "list", "--status", "failed", "--explain").out
    assert "SELECT" in web("capture", "list", "--explain").out
    assert "Fehlgeschlagen" in web("capture", "list", "--lang", "de").out
    groups = web.json("person", "list", "--group-by", "lead_creation.source")
    assert groups == [{"lead_creation.source": None, "count": 1}]
    assert web("capture", "show", 2).out.startswith("ID")


def test_who_goes_leaves_what_they_sent(web) -> None:
    for email in ("a@b.example", "b@b.example"):
        web("capture", "submit", "web", "--data", f"email={email}", "--data", "company=Acme")
    web("person", "merge", 2, "--into", 1, "-y")
    assert [row["person_id"] for row in web.json("capture", "list")] == [1, 1]
    web("company", "delete", 1, "--people", "delete", "-y")
    rows = web.json("capture", "list")
    assert [(row["person_id"], row["company_id"]) for row in rows] == [(None, None)] * 2
    web("change", "undo", "last", "-y")
    web("change", "undo", "last", "-y")
    assert [row["person_id"] for row in web.json("capture", "list")] == [1, 2]


def test_dry_run_and_guards(web) -> None:
    words = ("capture", "submit", "web", "--data", "email=a@b.example")
    before = web("change", "list", "--count").out
    assert web.json(*words, "--dry-run")["created"] is True
    assert web.error(*words, "--expect", "2", code=7)["code"] == "expect_failed"
    assert web.error(*words, "--max-changes", "0", code=7)["code"] == "max_changes_exceeded"
    assert web("change", "list", "--count").out == before
    assert web.json("capture", "list") == web.json("person", "list") == []
    web(*words, "--expect", "1", "--reason", "from the fair")
    assert {row["reason"] for row in web.json("change", "list", "--limit", "2")} == {
        "from the fair"
    }
