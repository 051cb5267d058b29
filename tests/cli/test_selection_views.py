"""Views of dynamic selections: which there are, their names, and what is in them."""

from __future__ import annotations

import pytest

from tests.acceptance.selection_steps import four_selections, members, select, views
from tests.acceptance.steps import person
from tests.conftest import Cli, rows_of_view


@pytest.fixture
def c(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The file with ``four_selections``, used by Boss."""
    monkeypatch.setenv("LEADCTL_USER", "boss")
    four_selections(cli)
    return cli


def test_no_view_for_me(c) -> None:
    c("person", "edit", 3, "--owner", "bo")
    select(c, "Mine", "--where", "owner = Me and id < 9")
    assert (members(c, "Mine"), "selection_mine" in views(c)) == ([1, 2], False)
    shown = c.json("selection", "show", "Mine", "--as", "bo")
    assert [row["id"] for row in shown] == [3]
    assert c.error("selection", "show", "Mine", "--as", "cron", code=3)["code"] == "not_found"
    c("selection", "edit", "Mine", "--where", "owner = bo")
    assert views(c)["selection_mine"] == [3]
    c("selection", "edit", "Mine", "--where", "not owner in (me)")
    assert "selection_mine" not in views(c)
    c("selection", "rename", "Mine", "Ours")
    assert "selection_ours" not in views(c)


@pytest.mark.parametrize(
    "name",
    [
        'it\'s "quoted"',
        "'; DROP TABLE person; --",
        "x AS SELECT 1; DELETE FROM person",
        "😀",
        "Œuvre 🎉 ",
        "選択",
        "a\tb",
        "select",
        ":id",
        "{today}",
        "../../x",
        "x -- y",
        "x" * 255,
    ],
)
def test_any_name(c, name: str) -> None:
    made = select(c, name, "--where", "id = 2")
    assert made["name"] == name.strip()
    assert members(c, name) == [2]
    (view,) = set(views(c)) - {"selection_berg", "selection_unused"}
    assert views(c)[view] == [2]
    c("selection", "rename", "Unused", "z")
    c("selection", "rename", name, "y")
    assert set(views(c)) == {"selection_berg", "selection_z", "selection_y"}
    c("selection", "rename", "y", name)
    c("selection", "delete", name, "--yes")
    assert set(views(c)) == {"selection_berg", "selection_z"}


def test_names_with_one_slug(c) -> None:
    for name in ("A b", "a-b", "A_B"):
        select(c, name, "--where", "id = 1")
    assert {"selection_a_b", "selection_a_b_2", "selection_a_b_3"} <= set(views(c))


@pytest.mark.parametrize(
    "text", ["it''s", ":s1_0", ":today", "{today}", "a;--", "%_", "Å", "x'' OR 1=1 --", "é\n"]
)
def test_values_in_views(c, text: str) -> None:
    id = person(c, text.replace("''", "'"))
    select(c, "Odd", "--where", f"last_name == '{text}' or last_name = '{text}'")
    assert (members(c, "Odd"), views(c)["selection_odd"]) == ([id], [id])


def test_views_have_the_json_keys(c) -> None:
    (row,) = rows_of_view(c, "selection_berg")
    shown = c.json("selection", "show", "Berg")[0]
    assert list(row) == list(shown)
    assert row == shown | {"extra": "{}"}


def test_dry_runs_leave_no_view(c) -> None:
    before = views(c)
    made = select(c, "New", "--where", "id = 1", "--dry-run")
    assert (made["members"], views(c)) == (1, before)
    for words in (
        ("freeze", "Berg"),
        ("rename", "Berg", "X"),
        ("delete", "Unused"),
        ("edit", "Berg", "--where", "id = 3"),
        ("copy", "Berg"),
    ):
        c("selection", *words, "--dry-run")
        assert views(c) == before, words
    c("selection", "info", "New", code=3)


@pytest.mark.parametrize("name", ["Owner", "Source A", "source_b"])
def test_names_that_the_schema_uses(c, name: str) -> None:
    assert select(c, name, "--where", "id = 1")["members"] == 1
    assert [1] in views(c).values()


def test_me_in_quotes_has_no_view_either(c) -> None:
    select(c, "Mine", "--where", "owner = 'me'")
    assert "selection_mine" not in views(c)


def test_me_is_a_text_too(c) -> None:
    id = person(c, "Me")
    select(c, "Named", "--where", "last_name = me")
    assert views(c)["selection_named"] == [id]


def test_a_user_who_comes_again(c) -> None:
    select(c, "Of Bo", "--where", "owner = bo")
    c("user", "delete", "bo", "--yes")
    c("user", "add", "Bo")
    c("person", "edit", 3, "--owner", "bo")
    assert views(c)["selection_of_bo"] == members(c, "Of Bo") == [3]


@pytest.mark.parametrize(
    "words",
    [("list",), ("info", "Of Bo"), ("rename", "Of Bo", "X"), ("edit", "Of Bo", "--description=x")],
)
def test_a_filter_that_names_who_is_gone(c, words: tuple) -> None:
    select(c, "Of Bo", "--where", "owner = bo")
    c("user", "delete", "bo", "--yes")
    c("selection", *words)


def test_an_undo_in_spite_of_it(c) -> None:
    select(c, "Of Bo", "--where", "owner = bo")
    c("user", "delete", "bo", "--yes")
    c("selection", "remove", "List", 1)
    c("selection", "rename", "List", "Else")
    c("change", "undo", "last", "--yes")
    assert members(c, "List") == [3]


def test_the_list_for_somebody_who_is_no_user(c) -> None:
    select(c, "Mine", "--where", "owner = me")
    assert len(c.json("selection", "list", "--as", "cron")) == 5
