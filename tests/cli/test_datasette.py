"""``db datasette-metadata``: what it says of views and selections, and what Datasette makes of it."""

from __future__ import annotations

import html
import json
import re
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from urllib.request import ProxyHandler, build_opener

import pytest
import yaml

from leadctl import open_crm
from leadctl.core.datasette import TEXTS
from leadctl.rules.selections import OPERATORS
from leadctl.store.migrations import VIEWS
from tests.acceptance.selection_steps import four_selections, listed, members, select, views
from tests.conftest import Cli

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

# Datasette reads files.
pytestmark = pytest.mark.files
needs_datasette = pytest.mark.skipif(
    find_spec("datasette") is None,
    reason="THE TEST WITH DATASETTE IS SKIPPED: pip install 'datasette>=0.65,<0.66'",
)
ODD = 'O\'Brien & <b>"friends"</b> :id 選択'


@pytest.fixture
def c(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """``four_selections`` and every other kind of selection, used by Boss."""
    monkeypatch.setenv("LEADCTL_USER", "boss")
    four_selections(cli)
    cli("opportunity", "add", "Deal :x", "--company", "Acme", "--start", "--value", "5.50")
    for op in OPERATORS:
        select(cli, f"Op {op}", "--combine", "List", "--combine", "Unused", "--op", op)
    select(cli, "Mine", "--where", "owner = me")
    select(cli, "Mine or listed", "--combine", "Mine", "--combine", "List", "--op", "union")
    select(cli, "Listed or mine", "--combine", "List", "--combine", "Mine", "--op", "union")
    select(cli, ODD, "--where", "last_name = 'Dahl' or title = ':id'", "--description", "<i>It</i>")
    select(cli, "Person", "--entity", "company", "--where", "created in this year")
    select(cli, "Deals", "--entity", "opportunity", "--where", "estimated_value > 5")
    listed(cli, "Chosen deals", [1], "--entity", "opportunity")
    select(cli, "No company", "--entity", "company", "--where", "id = 1", "--static")
    cli("selection", "remove", "No company", 1)
    cli("person", "retire", 3)
    return cli


def metadata(cli: Cli) -> dict[str, Any]:
    """What is said of the one database."""
    found = cli("db", "datasette-metadata").json
    assert list(found) == ["title", "databases"]
    assert list(found["databases"]) == ["leads"]
    return found["databases"]["leads"]


def by_name(content: dict[str, Any]) -> dict[str, str]:
    """Name of a selection -> the key of its query."""
    return {query["title"]: key for key, query in content["queries"].items()}


def check_rows(cli: Cli, content: dict[str, Any], rows_of: Callable[[str], list[Any]]) -> None:
    """Each query and each view of a selection has the rows that ``selection show`` lists."""

    def read(name: str) -> list[Any]:
        return [row | {"extra": json.loads(row["extra"])} for row in rows_of(name)]

    queries = by_name(content)
    names = {row["name"] for row in cli.json("selection", "list")}
    assert names - set(queries) == {"Mine", "Mine or listed", "Listed or mine"}
    for name, key in queries.items():
        shown = cli.json("selection", "show", name)
        assert read(key) == shown, name
        view = key.replace("members_", "selection_")
        if view in content["tables"]:
            assert content["tables"][view]["title"] == name
            assert read(view) == shown, name
    assert set(content["tables"]) - set(VIEWS) == set(views(cli))
    for view, noun in (
        ("v_people", "person"),
        ("v_companies", "company"),
        ("v_opportunities", "opportunity"),
    ):
        more = ["--retired"] if noun == "person" else []
        assert read(view) == cli.json(noun, "list", *more, "--all"), view


def test_the_queries_list_the_members(c) -> None:
    content = metadata(c)
    with closing(sqlite3.connect(c.path)) as plain:
        plain.row_factory = sqlite3.Row

        def rows_of(name: str) -> list[Any]:
            query = content["queries"].get(name, {"sql": f"SELECT * FROM {name}"})
            return [dict(row) for row in plain.execute(query["sql"])]

        check_rows(c, content, rows_of)
    # Who is retired is left out of filters, not of lists.
    assert (members(c, "Op union"), members(c, "Op intersection")) == ([1, 2, 3], [1])
    assert (members(c, "List"), members(c, "No company")) == ([1, 3], [])


def test_what_is_said_of_selections(c) -> None:
    content = metadata(c)
    keys = by_name(content)
    said = {name: content["queries"][keys[name]]["description"] for name in keys}
    assert (said["List"], said["Berg"]) == ("a list", "where last_name = berg")
    assert said["Both"] == "List only-first Berg"
    assert said[ODD].startswith("<i>It</i> – where last_name = 'Dahl'")
    # A query would hide a table or view of its name: there is a table person.
    assert keys["Person"] == "members_person"
    columns = content["tables"]["selection_person"]["columns"]
    assert columns == content["tables"]["v_companies"]["columns"]


def test_a_selection_comes_and_goes(c) -> None:
    c("selection", "edit", "Mine", "--where", "owner = bo")
    assert {"Mine", "Mine or listed", "Listed or mine"} <= set(by_name(metadata(c)))
    c("user", "delete", "bo", "--yes")
    c("selection", "rename", "Berg", "Hill")
    names = by_name(metadata(c))
    assert names["Hill"] == "members_hill"
    assert "Berg" not in names


def test_a_view_made_by_hand_is_none_of_ours(c) -> None:
    with closing(sqlite3.connect(c.path)) as plain:
        plain.execute("CREATE VIEW selection_mine AS SELECT 1 AS id")
    content = metadata(c)
    assert "selection_mine" not in content["tables"]
    assert "Mine" not in by_name(content)


def test_every_view_is_described(c) -> None:
    content = metadata(c)
    assert set(TEXTS) == set(VIEWS)
    with closing(sqlite3.connect(c.path)) as plain:
        for name, table in content["tables"].items():
            has = {row[1] for row in plain.execute(f"PRAGMA table_info({name})")}
            assert set(table["columns"]) <= has
            assert all((table["title"], table["description"], table["columns"]))
    for name, text in TEXTS.items():
        assert set(text.columns) <= set(content["tables"][name]["columns"]), name


def test_formats_and_names(cli) -> None:
    content = cli("db", "datasette-metadata").json
    assert content["databases"]["leads"]["queries"] == {}
    for format in ("json", "table", "markdown"):
        assert cli("db", "datasette-metadata", "-f", format).json == content
    assert yaml.safe_load(cli("db", "datasette-metadata", "-f", "yaml").out) == content
    assert cli("db", "datasette-metadata", "--lang", "de").json == content
    assert cli.error("db", "datasette-metadata", "--fields", "title", code=2)["code"] == "usage"
    other = cli.path.rename(cli.path.with_name("my leads.v2.db"))
    with open_crm(other) as crm:
        assert list(crm.datasette_metadata()["databases"]) == ["my leads.v2"]


def test_a_few_statements_however_many_selections(c) -> None:
    with open_crm(c.path, user="boss") as crm:
        before = crm.engine.statements
        crm.datasette_metadata()
        assert crm.engine.statements - before == 2


@contextmanager
def served(path: Path, file: Path) -> Iterator[Callable[[str], str]]:
    """Datasette on a free port; gives a function from an address to what is there."""
    client = build_opener(ProxyHandler({}))
    words = [sys.executable, "-m", "datasette", str(path), "-m", str(file), "-p", "0"]
    with subprocess.Popen(
        words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stderr is not None
            said = ""
            while (found := re.search(r"running on (http://[\d.:]+)", said)) is None:
                line = server.stderr.readline()
                assert line, said
                said += line

            def read(address: str) -> str:
                with client.open(f"{found[1]}/{address}") as answer:
                    return answer.read().decode()

            yield read
        finally:
            server.terminate()


def heading(page: str) -> str:
    """The title that a page of Datasette has."""
    return html.unescape(re.findall(r"<h1[^>]*>(.*?)</h1>", page)[0])


@needs_datasette
def test_datasette_shows_views_and_selections(c, tmp_path) -> None:
    file = tmp_path / "metadata.json"
    file.write_text(c("db", "datasette-metadata").out, encoding="utf-8")
    content = metadata(c)
    with served(c.path, file) as read:
        check_rows(c, content, lambda name: json.loads(read(f"leads/{name}.json?_shape=array")))
        page = read("leads")
        assert heading(page) == content["title"]
        for key, query in content["queries"].items():
            assert f'href="/leads/{key}"' in page
            assert f">{query['title']}</a>" in html.unescape(page)
            assert query["description"] in html.unescape(read(f"leads/{key}"))
        assert "<b>" not in page
        for name, table in content["tables"].items():
            page = read(f"leads/{name}")
            assert heading(page) == f"{table['title']} (view)"
            assert table["description"] in html.unescape(page)
            terms = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page)
            assert {term: html.unescape(text) for term, text in terms} == table["columns"]
        history = json.loads(read("leads/v_stage_history.json?_shape=array"))
        assert [(row["action"], row["estimated_value"]) for row in history] == [("first", 5.5)]
