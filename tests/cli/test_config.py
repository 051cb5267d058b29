"""The settings of the tool: where they come from, and everything that can be wrong with them."""

from __future__ import annotations

from itertools import pairwise

import pytest

from leadctl import config


def test_where_values_come_from(cli, tmp_path, monkeypatch) -> None:
    user = tmp_path / "config" / "leadctl" / "config.yaml"
    user.parent.mkdir(parents=True)
    user.write_text("lang: no\nlock_wait: 1\nuser: u\n", encoding="utf-8")
    (tmp_path / "leadctl.yaml").write_text(
        "lock_wait: 2\nuser: p\ndb: sub/x.db\n", encoding="utf-8"
    )
    monkeypatch.setenv("LEADCTL_USER", "e")
    rows = {row["key"]: row for row in cli.json("config", "list", "--lock-wait", "3")}
    assert rows["lang"] == {"key": "lang", "value": "no", "origin": str(user)}
    assert rows["user"] == {"key": "user", "value": "e", "origin": "LEADCTL_USER"}
    assert rows["lock_wait"] == {"key": "lock_wait", "value": 3.0, "origin": "option"}
    assert rows["format"]["origin"] == "option"
    assert rows["confirm_rows"]["origin"] == "default"
    assert [row["exists"] for row in cli.json("config", "path")] == [True, True]
    assert cli("config", "example").out.startswith("# Settings of leadctl")
    assert cli.json("config", "list", "--fields", "key")[0] == {"key": "db"}
    cli("config", "list", "--fields", "nope", code=2)


def test_everything_wrong_with_the_configuration_is_said_at_once(cli, tmp_path) -> None:
    (tmp_path / "leadctl.yaml").write_text(
        "colour: red\nlock_wait: soon\nlang: klingon\nconfirm_rows: .nan\n"
        "db: postgresql://x/y\ncsv_guard: 3\n",
        encoding="utf-8",
    )
    error = cli.error("person", "list", code=10)
    assert error["code"] == "config_invalid"
    for word in ("colour", "lock_wait", "lang", "confirm_rows", "database address", "csv_guard"):
        assert word in error["message"]


def test_both_files_variables_and_options_are_checked_together(cli, tmp_path, monkeypatch) -> None:
    user = tmp_path / "config" / "leadctl" / "config.yaml"
    user.parent.mkdir(parents=True)
    user.write_bytes(b"\xff\xfe\xfa")
    (tmp_path / "leadctl.yaml").write_text("colour: red\nlang: [en]\n", encoding="utf-8")
    error = cli.error("person", "list", code=10)
    assert "utf-8" in error["details"]["problems"][0]
    assert error["details"]["problems"][1:] == [
        "leadctl.yaml: unknown setting colour",
        "leadctl.yaml: [...] is no value for lang",
    ]
    monkeypatch.setenv("LEADCTL_CONFIRM_ROWS", "many")
    error = cli.error("person", "list", "--lock-wait", "soon", code=2)
    assert error["code"] == "usage"
    assert len(error["details"]["problems"]) == 5
    assert error["details"]["problems"][3:] == [
        "soon is no value for lock_wait",
        "many is no value for confirm_rows",
    ]


def test_one_bad_variable_says_what_it_takes(cli, monkeypatch) -> None:
    monkeypatch.setenv("LEADCTL_SYNCHRONOUS", "off")
    error = cli.error("person", "list", code=2)
    assert (error["message"], error["hint"]) == (
        "off is no value for synchronous",
        "it takes: full, normal",
    )


def test_what_helps_to_mend_a_configuration_does_not_need_it(cli, tmp_path) -> None:
    (tmp_path / "leadctl.yaml").write_text("lang: klingon\n", encoding="utf-8")
    assert cli("config", "example").out.startswith("# Settings of leadctl")
    assert [row["exists"] for row in cli.json("config", "path")] == [False, True]
    cli("config", "list", code=10)


OPTIONS = {
    "db": ("x.db", "y.db"),
    "user": ("me", "you"),
    "lang": ("no", "da"),
    "format": ("json", "csv"),
    "lock_wait": ("1.5", "2"),
    "confirm_rows": ("7", "8"),
    "csv_guard": ("true", "false"),
    "synchronous": ("normal", "full"),
    "similar_names": ("false", "true"),
    "hooks.after_change": ("run me", None),
    "notify.command": ("run me", None),
    "notify.file": ("lines.ndjson", None),
}


def test_every_option_from_file_and_environment_with_its_origin(tmp_path, monkeypatch) -> None:
    assert set(OPTIONS) == set(config.OPTIONS)
    file = tmp_path / "all.yaml"
    file.write_text("".join(f"{key}: {words[0]}\n" for key, words in OPTIONS.items()))
    for key, (in_file, _) in OPTIONS.items():
        setting = config.load({}, str(file))[key]
        path = config.OPTIONS[key].path
        expected = (
            str(tmp_path / in_file) if path else config.parse_value(config.OPTIONS[key], in_file)
        )
        assert setting == (expected, str(file))
    for key, (_, in_environment) in OPTIONS.items():
        option = config.OPTIONS[key]
        if in_environment is None:
            assert option.environment == ""
            continue
        monkeypatch.setenv(option.environment, in_environment)
        value = config.parse_value(option, in_environment)
        assert config.load({}, str(file))[key] == (value, option.environment)
    assert config.load({"lang": "sv"}, str(file))["lang"] == ("sv", "option")


def test_options_on_the_command_line_are_known_as_such(cli) -> None:
    words = ("--as", "me", "--lang", "da", "--lock-wait", "2", "--csv-guard")
    rows = {row["key"]: row for row in cli.json("config", "list", *words)}
    origins = {key for key, row in rows.items() if row["origin"] == "option"}
    assert origins == {"db", "user", "lang", "lock_wait", "csv_guard", "format"}


def test_paths_are_relative_to_the_file_or_to_home(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    file = tmp_path / "sub" / "c.yaml"
    file.parent.mkdir()
    file.write_text("db: ~/x.db\nnotify: {file: n.ndjson}\n", encoding="utf-8")
    settings = config.load({}, str(file))
    assert settings["db"].value == str(tmp_path / "home" / "x.db")
    assert settings["notify.file"].value == str(tmp_path / "sub" / "n.ndjson")


LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in pairwise("abcdefghijkl")
)


@pytest.mark.parametrize(
    "content",
    [
        *("x: 2024-13-45\n", "x: &x {y: *x}\n", "hooks: &x {y: *x}\n", 'lang: "\\ud800"\n'),
        *('"\\ud800": 1\n', "lang:\n", "hooks: {after_change: {x: 1}}\n", f"{LAUGHS}lang: *l\n"),
    ],
)
def test_yaml_of_bad_intent(cli, tmp_path, content: str) -> None:
    (tmp_path / "leadctl.yaml").write_text(content, encoding="utf-8")
    error = cli.error("person", "list", code=10)
    assert error["code"] == "config_invalid"
    assert len(error["message"]) < 1000


@pytest.mark.parametrize("content", [b"a: [", b"- 1\n", b"\xff\xfe\xfa", b"lang: *x\n"])
def test_files_that_are_no_configuration(cli, tmp_path, content: bytes) -> None:
    (tmp_path / "leadctl.yaml").write_bytes(content)
    assert cli.error("person", "list", code=10)["code"] == "config_invalid"


@pytest.mark.parametrize("password", ["secret", "s:e/c@ret"])
def test_a_password_in_an_address_is_shown_nowhere(cli, password: str) -> None:
    address = f"postgresql://anna:{password}@one,two/crm"
    refused = cli("--db", address, "person", "list", code=2)
    listed = cli("--db", address, "config", "list", "-f", "csv")
    for text in (refused.err, listed.out):
        assert "postgresql://anna:***@one,two/crm" in text
        assert password not in text
