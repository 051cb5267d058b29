"""Full-text search."""

from __future__ import annotations

import pytest


@pytest.fixture
def people(cli):
    """Two companies and three people."""
    cli("company", "add", "Acme Corporation", "--website", "https://acme.example")
    cli("company", "add", "Øresund Bygg")
    for first, last, email in (
        ("Kari", "Nordmann", "kari@acme.example"),
        ("Ola", "Nordmann", "ola@acme.example"),
        ("Åse", "Berg", None),
    ):
        cli("person", "add", "--first-name", first, "--last-name", last, "--email", email or "")
    return cli


def names(cli, *words: str) -> list[str]:
    """The names of what is found."""
    return [record["name"] for record in cli.json("find", *words)]


def test_words_and_beginnings_of_words(people) -> None:
    assert sorted(names(people, "nordm")) == ["Kari Nordmann", "Ola Nordmann"]
    assert names(people, "kari", "NORD") == ["Kari Nordmann"]
    assert names(people, "ola@acme.example") == ["Ola Nordmann"]
    assert names(people, "ase") == ["Åse Berg"]
    assert sorted(names(people, "acme")) == ["Acme Corporation", "Kari Nordmann", "Ola Nordmann"]
    assert names(people, "acme", "--entity", "company") == ["Acme Corporation"]
    assert names(people, "nothing") == []
    assert people("find", "nord", "-f", "ids", "--limit", "1").out in ("1\n", "2\n")
    assert people("find", "nord", "--count").out == "2\n"


def test_the_index_follows_what_changes(people) -> None:
    assert names(people, "berg") == ["Åse Berg"]
    people("person", "edit", "3", "--last-name", "Dahl")
    assert names(people, "berg") == []
    assert names(people, "dahl") == ["Åse Dahl"]
    people("person", "delete", "3", "-y")
    assert names(people, "dahl") == []
    people("change", "undo", "last", "-y")
    assert names(people, "dahl") == ["Åse Dahl"]


def test_a_locked_file_is_searched_as_it_was(people) -> None:
    assert names(people, "kari") == ["Kari Nordmann"]
    people("person", "add", "--last-name", "Karius")
    with people.engine() as other, other.transaction():
        other.execute("UPDATE search_state SET indexed_to = indexed_to")
        ran = people("find", "kari", "--lock-wait", "0", "-f", "ids")
        assert (ran.out, "newest changes are missing" in ran.err) == ("1\n", True)
    assert len(names(people, "kari")) == 2


@pytest.mark.parametrize(
    "words", [('"',), ("AND",), ("*",), ("a OR b",), ("NEAR(",), ("-x",), ("text:x",)]
)
def test_nothing_that_is_typed_is_a_query(people, words: tuple[str, ...]) -> None:
    people("find", "--", *words, code=None)
    assert people("find", "-f", "json", "--", *words, code=None).code in (0, 2)


def test_wrong_words(people) -> None:
    assert people.error("find", "***", code=2)["code"] == "usage"
    assert people.error("find", "x", "--entity", "pet", code=2)["code"] == "usage"
    people("find", code=2)
