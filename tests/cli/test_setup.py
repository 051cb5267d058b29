"""The list nouns, settings and configuration through the command line."""

from __future__ import annotations

import pytest


def keys(cli, *words: str) -> list[str]:
    """The keys of a list, in its order."""
    return [record["key"] for record in cli.json(*words)]


def test_a_new_file_has_the_built_in_lists(cli) -> None:
    assert keys(cli, "category", "list") == [
        "lead",
        "mql",
        "opportunity",
        "lost_opportunity",
        "customer",
        "partner",
    ]
    flags = {c["key"]: c["lead_status_enabled"] for c in cli.json("category", "list")}
    assert [key for key, flag in flags.items() if flag] == ["lead", "mql", "opportunity"]
    assert cli.json("user", "list") == []
    assert cli.json("category", "show", "Marketing qualified lead")["key"] == "mql"
    assert cli.json("category", "show", "SALGSMULIGHET")["key"] == "opportunity"


def test_a_bare_file_gets_the_defaults_later(bare) -> None:
    assert bare.json("category", "list") == []
    assert len(bare.json("lead-status", "list")) == 5
    bare("category", "add", "Lead")
    report = bare.json("category", "add-defaults")
    assert (report["matched"], report["created"], report["unchanged"]) == (6, 5, 1)
    assert bare.json("category", "add-defaults")["unchanged"] == 6
    assert bare.json("category", "show", "lead")["group"] is None
    assert (
        bare("category", "show", "mql", "--lang", "no")
        .out.splitlines()[2]
        .endswith("Markedsføringskvalifisert lead (MQL)")
    )
    bare("change", "undo", "last", "-y")
    assert keys(bare, "category", "list") == ["lead"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("potential_customer", "potential_customer"),
        ("Potenzieller Kunde", "potential_customer"),
        ("Potentieller Kunde", "potential_customer"),
        ("kunde", "customer"),
        ("none", None),
    ],
)
def test_groups_are_accepted_in_any_language(cli, text: str, key: str | None) -> None:
    assert cli.json("category", "add", "X", "--group", text)["group"] == key


def test_groups_are_closed(cli) -> None:
    error = cli.error("category", "add", "X", "--group", "vip", code=2)
    assert error["code"] == "usage"
    assert "customer" in error["hint"]


def test_leaving_the_group_clears_the_flag_and_says_so(cli) -> None:
    cli("company", "add", "A", "--category", "lead")
    cli("person", "add", "--last-name", "P", "--company", "A")
    ran = cli("category", "edit", "lead", "--group", "lost", "-f", "json")
    assert "switched off" in ran.err
    assert ran.json["affected"] == {"companies": 1, "people": 1}
    assert cli.json("category", "show", "lead")["lead_status_enabled"] is False
    error = cli.error("category", "edit", "mql", "--group", "lost", "--lead-status", code=4)
    assert error["code"] == "flag_outside_potential_customer"
    assert cli("category", "edit", "mql", "--no-lead-status", "-q").err == ""


def test_backfill(cli) -> None:
    cli("company", "add", "A", "--category", "lost_opportunity")
    cli("person", "add", "--last-name", "P", "--company", "A")
    cli("person", "add", "--last-name", "Q", "--category", "lost_opportunity")
    assert cli("category", "edit", "lost_opportunity", "--backfill", code=2).err.startswith(
        "Error:"
    )
    report = cli.json("category", "edit", "lost_opportunity", "--lead-status", "--backfill")
    assert report["affected"] == {"companies": 1, "people": 2}
    assert [p["lead_status"] for p in cli.json("person", "list")] == ["open", "open"]


def test_items_are_edited_deleted_restored_and_moved(cli) -> None:
    cli("category", "edit", "lead", "--name", "Cold", "--description", "Not warm")
    record = cli.json("category", "show", "cold")
    assert (record["key"], record["name"], record["description"]) == ("lead", "Cold", "Not warm")
    assert cli.json("category", "edit", "lead", "--name", "Cold")["unchanged"] == 1
    report = cli.json("category", "delete", "cold")
    assert report["changed"] == 1
    assert cli.json("category", "delete", "lead")["unchanged"] == 1
    assert "lead" not in keys(cli, "category", "list")
    assert "lead" in keys(cli, "category", "list", "--deleted")
    error = cli.error("category", "add", "COLD", code=4)
    assert (error["code"], error["hint"]) == ("name_taken", "lead is deleted: restore it")
    cli("category", "restore", "lead")
    assert cli.error("category", "restore", "lead", code=4)["code"] == "not_deleted"
    cli("category", "move", "partner", "--before", "lead")
    cli("category", "move", "customer", "--after", "lead")
    assert keys(cli, "category", "list") == [
        "partner",
        "lead",
        "customer",
        "mql",
        "opportunity",
        "lost_opportunity",
    ]
    assert cli.json("category", "move", "partner", "--before", "lead")["unchanged"] == 1
    assert cli.error("category", "move", "lead", "--before", "lead", code=2)["code"] == "usage"
    cli("category", "move", "lead", code=2)
    cli("change", "undo", "last", "-y")
    assert keys(cli, "category", "list")[:2] == ["partner", "lead"]


@pytest.mark.parametrize("name", ["åpen", "Offen", "QUALIFIED", "re_nurture", "Kontaktaufnahme"])
def test_a_name_that_resolves_to_another_item_is_taken(cli, name: str) -> None:
    assert cli.error("lead-status", "add", name, code=4)["code"] == "name_taken"


def test_a_label_that_two_items_have_is_ambiguous(cli, monkeypatch) -> None:
    from leadctl.core import refs

    monkeypatch.setattr(refs, "accepted", lambda kind: {"both": frozenset({"open", "qualified"})})
    error = cli.error("lead-status", "show", "both", code=4)
    assert (error["code"], error["details"]["ids"]) == ("ambiguous_name", ["open", "qualified"])


def test_unknown_items_name_the_nearest(cli) -> None:
    error = cli.error("lead-status", "show", "qualifed", code=3)
    assert error["hint"].startswith("did you mean qualified?")
    assert cli.error("lead-status", "show", "zzz", code=3)["hint"].startswith("there are: open")
    assert cli.error("user", "show", "x", code=3)["hint"] == "there is none yet"


def test_the_default_status(cli) -> None:
    assert cli.error("lead-status", "delete", "open", code=4)["code"] == "default_status_needed"
    assert cli.error("lead-status", "delete", "open", "--default", "open", code=2)
    cli("lead-status", "delete", "qualified")
    error = cli.error("lead-status", "edit", "qualified", "--default", code=4)
    assert error["code"] == "list_item_deleted"
    error = cli.error("lead-status", "delete", "open", "--default", "qualified", code=4)
    assert error["code"] == "list_item_deleted"
    cli("lead-status", "delete", "open", "--default", "contacting")
    defaults = [s["key"] for s in cli.json("lead-status", "list", "--deleted") if s["is_default"]]
    assert defaults == ["contacting"]
    cli("lead-status", "edit", "contacting", "--name", "New", "--description", "x", "--default")
    assert cli.json("lead-status", "show", "new")["description"] == "x"
    cli("lead-status", "restore", "open")
    cli("lead-status", "move", "open", "--after", "re_nurture")
    assert keys(cli, "lead-status", "list") == ["contacting", "disqualified", "re_nurture", "open"]


def test_users(cli) -> None:
    record = cli.json("user", "add", "Anna Berg", "--email", "a@x.example", "--group", "North")
    assert record == {
        "id": 1,
        "key": "anna_berg",
        "name": "Anna Berg",
        "email": "a@x.example",
        "group": "North",
        "active": True,
        "away": False,
    }
    cli("user", "edit", "anna_berg", "--away", "--inactive", "--name", "Anna B", "--email", "")
    record = cli.json("user", "show", "anna b")
    assert (record["key"], record["email"], record["active"], record["away"]) == (
        "anna_berg",
        None,
        False,
        True,
    )
    cli("company", "add", "A", "--owner", "anna b")
    error = cli.error("user", "delete", "anna_berg", "-y", code=4)
    assert (error["code"], error["details"]["owned"]) == ("list_item_in_use", 1)
    cli("company", "edit", "1", "--owner", "none")
    assert cli.error("user", "delete", "anna_berg", code=6)["code"] == "consent_needed"
    assert cli.json("user", "delete", "anna_berg", "-y")["changed"] == 1
    cli("change", "undo", "last", "-y")
    assert keys(cli, "user", "list") == ["anna_berg"]


def test_settings(cli) -> None:
    assert cli.json("setting", "list") == [
        {"key": "currency", "value": "EUR"},
        {"key": "default_cycle", "value": "standard"},
        {"key": "lead_status.reentry", "value": "reset"},
        {"key": "lead_status.require_company", "value": False},
        {"key": "capture.utm", "value": True},
    ]
    assert cli("setting", "get", "capture.utm").out == "true\n"
    assert cli("setting", "get", "currency").out == "EUR\n"
    assert cli.json("setting", "set", "currency", "NOK")["changed"] == 1
    assert cli.json("setting", "set", "currency", "NOK")["unchanged"] == 1
    assert cli.json("setting", "get", "Currency") == {"key": "currency", "value": "NOK"}
    cli("setting", "set", "capture.utm", "off")
    assert cli("setting", "get", "capture.utm").out == "false\n"
    for key, value in (
        ("currency", "euro"),
        ("capture.utm", "maybe"),
        ("lead_status.reentry", "x"),
    ):
        assert cli.error("setting", "set", key, value, code=2)["code"] == "usage"
    assert cli.error("setting", "get", "colour", code=3)["code"] == "not_found"
    cli("change", "undo", "last", "-y")
    assert cli("setting", "get", "capture.utm").out == "true\n"


def test_the_configuration_gives_first_values(cli, tmp_path) -> None:
    file = tmp_path / "c.yaml"
    file.write_text("lead_status: {reentry: keep}\ncurrency: SEK\n", encoding="utf-8")
    cli.path = tmp_path / "other.db"
    cli("--config", file, "init")
    values = {row["key"]: row["value"] for row in cli.json("setting", "list")}
    assert (values["currency"], values["lead_status.reentry"]) == ("SEK", "keep")


def test_a_configuration_that_is_named_must_exist(cli, tmp_path) -> None:
    assert cli.error("--config", tmp_path / "none.yaml", "person", "list", code=3)


def test_other_databases_are_not_supported(cli) -> None:
    assert cli.error("person", "list", "--db", "mysql://x/y", code=2)["code"] == "usage"
    assert cli.error("person", "list", "--db", "", code=2)["code"] == "usage"


def test_what_people_read_is_in_their_language(cli, tmp_path) -> None:
    (tmp_path / "leadctl.yaml").write_text("lang: da\n", encoding="utf-8")
    out = cli("lead-status", "list").out
    assert "Åben" in out
    assert "Nobody in sales" not in out
    assert "Nobody" in cli("lead-status", "list", "--lang", "en").out
    cli("company", "add", "A", "--category", "lead")
    cli("person", "add", "--last-name", "B", "--company", "A")
    shown = cli("person", "show", 1).out
    assert "Nobody" not in shown
    assert "Marketingkvalificeret" in cli("category", "show", "mql").out
    assert "findes ikke" in cli("company", "show", "9", code=3).err
    assert "findes ikke" in cli("company", "show", "9", "--lang", "DA", code=3).err
    assert cli.json("lead-status", "show", "open")["name"] == "Open"
    cli("lead-status", "edit", "open", "--description", "Ny")
    assert "Ny" in cli("lead-status", "show", "open").out
    cli("user", "add", "Customer", "--group", "customer")
    assert "customer" in cli("user", "show", "customer").out
