"""Sections 14 and 15: forms, what they send, and where people came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.acceptance.steps import company, shown

if TYPE_CHECKING:
    from tests.conftest import Cli

LINKEDIN_THEN_FACEBOOK = (
    *("--data", "first_touch_source=linkedin", "--data", "first_touch_medium=ad"),
    *("--data", "utm_source=facebook", "--data", "utm_campaign=spring"),
)


def form(cli: Cli, *words: object) -> None:
    """Add the form that the cases submit."""
    cli("form", "add", "Demo", *words)


def submit(cli: Cli, email: str, *words: object, code: int = 0) -> dict[str, Any]:
    """Submit the form and return what became of it."""
    return cli(
        *("capture", "submit", "Demo", "--data", f"email={email}", *words, "-f", "json"), code=code
    ).json


def test_so_110_first_touch_and_lead_creation(fixture_f: Cli) -> None:
    """LinkedIn first, Facebook later, unknown e-mail, automatic: a person with both."""
    form(fixture_f, "--mode", "auto", "--category", "lead")
    result = submit(fixture_f, "kari@example.com", *LINKEDIN_THEN_FACEBOOK)
    assert (result["status"], result["created"]) == ("processed", True)
    kari = shown(fixture_f, result["person_id"])
    keys = ["source", "medium", "campaign", "term", "content", "referrer", "when"]
    assert list(kari["first_touch"]) == list(kari["lead_creation"]) == keys
    assert (kari["first_touch"]["source"], kari["first_touch"]["medium"]) == ("linkedin", "ad")
    assert (kari["lead_creation"]["source"], kari["lead_creation"]["campaign"]) == (
        "facebook",
        "spring",
    )
    assert (kari["form"], kari["category"], kari["lead_status"]) == ("Demo", "lead", "open")


def test_so_112_company_source(fixture_f: Cli) -> None:
    """Stored when the company is created with the person, unchanged when it is there already."""
    form(fixture_f, "--category", "lead")

    def from_(source: str) -> list[str]:
        words = ("company", "list", "--where", f"source.source = {source}")
        return [row["name"] for row in fixture_f.json(*words)]

    first = submit(fixture_f, "a@x.example", "--data", "company=Acme", "--data", "utm_source=web")
    second = submit(fixture_f, "b@x.example", "--data", "company=ACME", "--data", "utm_source=ad")
    assert first["company_id"] == second["company_id"]
    assert (from_("web"), from_("ad")) == (["Acme"], [])
    assert shown(fixture_f, second["person_id"])["lead_creation"]["source"] == "ad"
    company(fixture_f, "Beta")
    submit(fixture_f, "c@x.example", "--data", "company=beta", "--data", "utm_source=ad")
    assert from_("ad") == []


def test_so_113_switch_off(fixture_f: Cli) -> None:
    """No UTM data is stored, the person is created all the same."""
    form(fixture_f)
    fixture_f("setting", "set", "capture.utm", "false")
    result = submit(
        fixture_f, "kari@example.com", "--data", "company=Acme", *LINKEDIN_THEN_FACEBOOK
    )
    assert result["created"] is True
    kari = shown(fixture_f, result["person_id"])
    assert (kari["first_touch"], kari["lead_creation"]) == (None, None)
    assert fixture_f.json("company", "list", "--where", "source.source is not null") == []
    capture = fixture_f.json("capture", "show", result["id"])
    assert capture["conversion"] is None
    assert "facebook" in capture["payload"]


def test_so_115_read_only(fixture_f: Cli, tmp_path) -> None:
    """No verb and no import changes where somebody came from."""
    form(fixture_f)
    id = submit(fixture_f, "kari@example.com", *LINKEDIN_THEN_FACEBOOK)["person_id"]
    before = shown(fixture_f, id)
    for option in ("--first-touch", "--lead-creation", "--utm-source", "--source", "--form"):
        assert fixture_f.error("person", "edit", id, option, "x", code=2)["code"] == "usage"
        assert fixture_f.error("person", "add", "--last-name", "B", option, "x", code=2)
        assert fixture_f.error("company", "edit", "1", option, "x", code=2)["code"] == "usage"
    fixture_f("person", "edit", id, "--replace", "first_touch", "linkedin", "x", code=2)
    file = tmp_path / "p.csv"
    header = "email,last_name,first_touch,lead_creation,first_touch.source,utm_source,form"
    file.write_text(f"{header}\nkari@example.com,kari,x,x,x,x,x\n", encoding="utf-8")
    ran = fixture_f("person", "import", file, "--match", "email", "-f", "json")
    assert ran.json["unchanged"] == 1
    recipe = tmp_path / "r.yaml"
    recipe.write_text("fields: {first_touch: email}\n", encoding="utf-8")
    fixture_f("person", "import", file, "--map", recipe, code=2)
    assert shown(fixture_f, id) == before
    # Another submission changes neither (U-3); it is the conversion of that submission (U-5).
    again = submit(fixture_f, "KARI@example.com", "--data", "utm_source=newsletter")
    assert (again["person_id"], again["created"]) == (id, False)
    assert shown(fixture_f, id) == before
    conversion = fixture_f.json("capture", "show", again["id"])["conversion"]
    assert conversion["source"] == "newsletter"


def test_so_116_a_customer_stays_one(fixture_f: Cli) -> None:
    """A form for leads, submitted by somebody of a customer."""
    form(fixture_f, "--category", "lead", "--owner", "u1")
    acme = company(fixture_f, "Acme", "customer_a")
    words = ("person", "add", "--last-name", "Berg", "--company", acme, "--email", "b@acme.example")
    berg = fixture_f.json(*words)["id"]
    result = submit(fixture_f, "B@ACME.example", "--data", "company=Other")
    assert (result["person_id"], result["company_id"], result["created"]) == (berg, acme, False)
    assert fixture_f.json("company", "show", acme)["category"] == "customer_a"
    assert shown(fixture_f, berg)["lead_status"] is None
    # Nor does somebody who is new there make a lead of it (F-4).
    new = submit(fixture_f, "new@acme.example", "--data", "company=acme")
    assert new["created"] is True
    person = shown(fixture_f, new["person_id"])
    assert (person["category"], person["lead_status"], person["owner"]) == (
        "customer_a",
        None,
        None,
    )


def test_so_118_automatic_if_known(fixture_f: Cli) -> None:
    """An unknown e-mail: nothing is created, it is listed for somebody to process."""
    form(fixture_f, "--mode", "known")
    result = submit(fixture_f, "kari@example.com", "--data", "company=Acme")
    assert (result["status"], result["person_id"], result["created"]) == ("submitted", None, False)
    assert fixture_f.json("person", "list") == fixture_f.json("company", "list") == []
    (waiting,) = fixture_f.json("capture", "list", "--status", "submitted")
    assert (waiting["id"], waiting["email"], waiting["form"]) == (1, "kari@example.com", "Demo")
    # Whoever is known is processed.
    fixture_f("person", "add", "--last-name", "Kari", "--email", "kari@example.com")
    assert submit(fixture_f, "KARI@EXAMPLE.COM")["status"] == "processed"


def test_so_119_no_address(fixture_f: Cli) -> None:
    """Invalid syntax: flagged with the reason, no person."""
    form(fixture_f)
    for email in ("kari", "kari@", "kari@example", "a b@example.com", ""):
        result = submit(fixture_f, email, code=5)
        assert (result["status"], result["person_id"]) == ("failed", None)
        assert result["message"]
    assert fixture_f.json("person", "list") == []
    assert len(fixture_f.json("capture", "list", "--status", "failed")) == 5
