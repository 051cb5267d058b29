"""``setup apply`` and ``setup export``: one YAML for lists, rules and settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Cli
from tests.test_examples import dump

EXAMPLE = Path(__file__).parents[2] / "examples" / "setup.yaml"


@pytest.fixture
def bare(cli: Cli, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    """The command line on a bare file."""
    other = Cli(tmp_path / "bare.db", capsys)
    other("init", "--bare")
    return other


def written(tmp_path: Path, text: str) -> Path:
    """A setup file."""
    file = tmp_path / "setup.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_database_of_a_server_is_made_with_a_setup_or_not_at_all(
    fresh_address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cli = Cli(fresh_address, capsys)
    wrong = written(tmp_path, "categories:\n- key: x\n  group: none_such\n")
    cli("init", "--bare", "--setup", wrong, code=2)
    assert cli.error("db", "info", code=10)["code"] == "database_missing"
    cli("init", "--bare", "--setup", EXAMPLE)
    assert cli("setup", "export").out == EXAMPLE.read_text(encoding="utf-8")
    cli("db", "check")


def problems(cli: Cli, tmp_path: Path, text: str, code: int = 2) -> list[str]:
    """What is said to be wrong with a setup file, which must change nothing."""
    before = dump(cli.path)
    error = cli.error("setup", "apply", written(tmp_path, text), code=code)
    assert dump(cli.path) == before
    return error["details"]["problems"]


def test_the_example_is_an_export_and_comes_back_byte_for_byte(bare: Cli) -> None:
    report = bare.json("setup", "apply", EXAMPLE)
    assert report["created"] > 20
    assert bare("setup", "export").out == EXAMPLE.read_text(encoding="utf-8")
    again = bare.json("setup", "apply", EXAMPLE)
    assert (again["change"], again["changed"], again["created"]) == (None, 0, 0)
    assert again["unchanged"] == again["matched"] == report["matched"]


def test_a_new_file_from_a_setup(cli: Cli, tmp_path: Path, capsys) -> None:
    other = Cli(tmp_path / "new.db", capsys)
    other("init", "--bare", "--setup", EXAMPLE)
    assert other("setup", "export").out == EXAMPLE.read_text(encoding="utf-8")
    wrong = Cli(tmp_path / "wrong.db", capsys)
    wrong.error("init", "--setup", written(tmp_path, "nonsense: 1"), code=2)
    assert [path.name for path in tmp_path.glob("*wrong*")] == []


def test_the_export_of_every_file_comes_back(cli: Cli, bare: Cli, tmp_path: Path) -> None:
    cli("user", "add", "Åse Dahl", "--email", "ase@example.no")
    cli("user", "edit", "ase_dahl", "--away", "--name", "null")
    cli("category", "add", "no")
    cli("category", "move", "no", "--before", "lead")
    cli("category", "delete", "mql")
    cli("category", "edit", "lead", "--name", "Prospect: 100 %")
    cli("lead-status", "edit", "contacting", "--default")
    cli("lead-status", "delete", "open")
    cli("stage", "edit", "standard", 10, "--chances", "12.5", "--date-formula", "2W")
    cli("cycle", "edit", "standard", "--block")
    cli("close-code", "add", "Late", "--outcome", "lost", "--description", "Too late")
    cli("setting", "set", "currency", "NOK")
    exported = cli("setup", "export").out
    bare("setup", "apply", written(tmp_path, exported))
    assert bare("setup", "export").out == exported
    assert "2026" not in exported.replace("2026-", "")
    assert bare.json("setup", "export") == cli.json("setup", "export")
    assert bare("setup", "export", "-f", "yaml").out == exported
    assert bare.json("setup", "export", "--fields", "forms") == {"forms": []}


def test_a_dry_run_says_what_would_change(cli: Cli, tmp_path: Path) -> None:
    file = written(
        tmp_path,
        "settings: {currency: USD}\n"
        "categories:\n- {key: lead, name: Leads}\n- {key: new_one, name: New one}\n"
        "cycles:\n- key: standard\n  stages: [{stage: 10, name: First}]\n"
        "users: [{key: kari, name: Kari}]\n",
    )
    before = dump(cli.path)
    ran = cli("setup", "apply", file, "--dry-run")
    assert dump(cli.path) == before
    assert ran.out == "dry run: 3 changed, 2 created, 1 unchanged\n"
    assert ran.err.splitlines() == [
        "category lead: name Lead -> Leads",
        "category new_one: new",
        "stage standard 10: name Initial -> First",
        "user kari: new",
        "setting currency: value EUR -> USD",
    ]
    lines = cli("setup", "apply", file, "-f", "ndjson").lines
    assert lines[0] == {
        "id": "lead",
        "result": "changed",
        "change": 1,
        "code": None,
        "message": None,
        "changes": {"name": ["Lead", "Leads"]},
        "entity": "category",
    }
    cli("change", "undo", "last", "--yes")
    assert dump(cli.path) == before
    assert cli.error("setup", "apply", file, "--max-changes", 4, code=7)["code"] == (
        "max_changes_exceeded"
    )
    assert dump(cli.path) == before


def test_items_that_are_not_named_stay_where_they_are(cli: Cli, tmp_path: Path) -> None:
    file = written(tmp_path, "categories: [{key: partner}, {key: lead}]\n")
    cli("setup", "apply", file)
    keys = [row["key"] for row in cli.json("category", "list")]
    assert keys == ["partner", "mql", "opportunity", "lost_opportunity", "customer", "lead"]
    assert cli.json("setup", "apply", file)["change"] is None


def test_deleted_items_come_and_go(cli: Cli, tmp_path: Path) -> None:
    gone = written(tmp_path, "lead_statuses: [{key: open, deleted: true, is_default: false}]")
    assert cli.error("setup", "apply", gone, code=4)["code"] == "default_status_needed"
    other = "{key: contacting, is_default: true}"
    gone = written(tmp_path, f"lead_statuses: [{{key: open, deleted: true}}, {other}]")
    cli("setup", "apply", gone)
    assert next(row["key"] for row in cli.json("lead-status", "list")) == "contacting"
    assert cli.json("setup", "apply", gone)["change"] is None
    cli("setup", "apply", written(tmp_path, "lead_statuses: [{key: open, deleted: false}]"))
    assert len(cli.json("lead-status", "list")) == 5
    not_it = written(tmp_path, "lead_statuses: [{key: contacting, is_default: false}]")
    assert cli.error("setup", "apply", not_it, code=4)["code"] == "default_status_needed"


RULES = """
forms:
- {name: Contact us, mode: known, category: lead, selection: News, owner: kari}
- {name: Demo}
automation:
- {trigger: lead_status, status: qualified, category: opportunity, confirm: true}
- {trigger: opportunity_won, category: customer}
users: [{key: kari, name: Kari}]
"""


def test_forms_and_automation(cli: Cli, tmp_path: Path) -> None:
    cli("setup", "apply", written(tmp_path, RULES))
    found = cli.json("setup", "export")
    assert found["forms"] == [
        {
            "name": "Contact us",
            "mode": "known",
            "category": "lead",
            "selection": "News",
            "owner": "kari",
        },
        {"name": "Demo", "mode": "auto", "category": None, "selection": None, "owner": None},
    ]
    assert [rule["trigger"] for rule in found["automation"]] == ["opportunity_won", "lead_status"]
    replaced = "automation: [{trigger: lead_status, category: mql}]\n"
    replaced += "forms: [{name: contact us, category: null, owner: null, selection: ''}]"
    cli("setup", "apply", written(tmp_path, replaced))
    rule = cli.json("setup", "export")["automation"][1]
    assert rule == {
        "trigger": "lead_status",
        "status": "qualified",
        "category": "mql",
        "confirm": True,
    }
    assert cli.json("setup", "export")["forms"][0]["category"] is None
    cli("change", "undo", "last", "--yes")
    assert cli.json("setup", "export") == found
    assert problems(
        cli,
        tmp_path,
        "automation:\n- {trigger: lead_status, status: null}\n"
        "- {trigger: opportunity_won, status: open}\n"
        "- {trigger: opportunity_lost}\n- {trigger: rain, category: lead}\n"
        "forms:\n- {name: Demo, mode: odd}\n- {name: Demo2, owner: nobody}\n",
    ) == [
        "line 2: --status goes with the trigger lead_status, and is needed there",
        "line 3: --status goes with the trigger lead_status, and is needed there",
        "line 4: what is new needs category",
        "line 5: rain is no value for trigger",
        "line 7: odd is no value for --mode",
        "line 8: user nobody does not exist",
    ]
    cli("category", "delete", "partner")
    assert problems(
        cli, tmp_path, "automation: [{trigger: opportunity_won, category: partner}]", code=4
    )


def test_a_form_by_its_name_alone(cli: Cli, tmp_path: Path) -> None:
    file = written(tmp_path, "forms: [{name: Demo}]")
    assert cli.json("setup", "apply", file)["created"] == 1
    cli("form", "edit", "Demo", "--category", "lead")
    before = dump(cli.path)
    assert cli.json("setup", "apply", file)["unchanged"] == 1
    assert dump(cli.path) == before


def test_all_problems_at_once_with_their_lines(cli: Cli, tmp_path: Path) -> None:
    text = """\
settings: {currency: EUR, colour: blue, capture.utm: [1]}
categories:
- key: lead
  key: mql
  colour: red
- name: Nameless
- key: lead
- key: lead
- just a text
- {key: customer, lead_status_enabled: maybe, description: [1], name: null}
lead_statuses: {}
close_codes:
cycles:
- key: standard
  stages:
  - {stage: ten}
  - {name: no number}
[1]: 2
birds: []
"""
    assert problems(cli, tmp_path, text) == [
        "line 1: there is no field colour",
        "line 1: capture.utm must be a text",
        "line 4: the key key stands here twice",
        "line 5: there is no field colour",
        "line 6: an item without key",
        "line 8: lead stands here twice",
        "line 9: categories must be a list of mappings",
        "line 10: lead_status_enabled must be true or false",
        "line 10: description must be a text or null",
        "line 10: name must be a text",
        "line 11: lead_statuses must be a list of mappings",
        "line 16: stage must be a whole number",
        "line 17: an item without stage",
        "line 18: a key must be a text",
        "line 19: there is no section birds",
    ]
    text = """\
settings: {currency: kroner}
categories:
- {key: lead, name: Customer}
- {key: Not a key, name: X}
- {key: x, group: birds}
cycles:
- key: standard
  stages:
  - {stage: 10, chances_percent: 101}
  - {stage: 15}
close_codes: [{key: late, name: Late}]
"""
    assert problems(cli, tmp_path, text) == [
        "line 1: kroner is no value for currency",
        "line 3: Customer is taken by category customer",
        "line 4: Not a key is no key of a list item",
        "line 5: what is new needs name",
        "line 9: 101 is no value for chances_percent",
        "line 10: what is new needs name, completed, chances",
        "line 11: what is new needs outcome",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("categories: [", ", line "),
        ("a: 1\n---\nb: 2\n", "more than one document"),
        ("- 1\n", "line 1: this is no mapping of sections"),
        ("settings: [1]", "line 1: settings must be a mapping"),
        ("categories: &a [*a]", "anchors and aliases are not allowed"),
        ("x: " + "[" * 20 + "]" * 20, "nested too deeply"),
        ("\x00", ""),
        (
            "lead_statuses: [{key: open, is_default: true}, {key: qualified, is_default: true}]",
            "only one item can be the default",
        ),
    ],
)
def test_what_is_no_setup(cli: Cli, tmp_path: Path, text: str, message: str) -> None:
    error = cli.error("setup", "apply", written(tmp_path, text), code=2)
    assert message in error["message"]


def test_a_billion_laughs(cli: Cli, tmp_path: Path) -> None:
    lines = ['a: &a ["ha", "ha"]']
    for one, next_ in zip("abcdefgh", "bcdefghi", strict=True):
        lines.append(f"{next_}: &{next_} [{', '.join([f'*{one}'] * 9)}]")
    error = cli.error("setup", "apply", written(tmp_path, "\n".join(lines)), code=2)
    assert "line 2: anchors and aliases are not allowed" in error["message"]


def test_ten_megabytes_and_no_file(cli: Cli, tmp_path: Path) -> None:
    file = written(tmp_path, "# " + "x" * 10_000_000)
    assert "is larger than" in cli.error("setup", "apply", file, code=2)["message"]
    cli.error("setup", "apply", tmp_path / "none.yaml", code=3)
    cli.error("setup", "apply", tmp_path, code=3)


def test_an_empty_file_changes_nothing(cli: Cli, tmp_path: Path) -> None:
    for text in ("", "# nothing\n", "settings: {}\n", "categories: []\n", "users:\n"):
        assert cli.json("setup", "apply", written(tmp_path, text))["change"] is None


def test_one_refusal_keeps_its_code(cli: Cli, tmp_path: Path) -> None:
    file = written(tmp_path, "categories:\n- {key: lead, name: Customer}\n")
    error = cli.error("setup", "apply", file, code=4)
    assert (error["code"], error["details"]["line"]) == ("name_taken", 2)
    code = "cycles: [{key: standard, stages: [{stage: 10}]}]\n"
    assert cli.json("setup", "apply", written(tmp_path, code))["unchanged"] == 2
