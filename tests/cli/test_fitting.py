"""Tables in terminals that are narrower than they are."""

from __future__ import annotations

from leadctl.cli.fitting import fitted

FIELDS = ("id", "name", "estimated_value")
HEADERS = ("ID", "Name", "Estimated value")
ALIGN = ("right", "left", "right")
ROWS = (["7", "Acme Corporation", "1054.00"], ["12", "Betatech", "9.50"])


def table(room: int, mark: str = "…") -> list[str]:
    return fitted(ROWS, HEADERS, ALIGN, FIELDS, room, mark).split("\n")


def test_a_table_that_fits_is_set_without_waste() -> None:
    assert table(37) == [
        "ID  Name              Estimated value",
        "--  ----------------  ---------------",
        " 7  Acme Corporation          1054.00",
        "12  Betatech                     9.50",
    ]


def test_headings_are_broken_first() -> None:
    assert table(36)[:3] == [
        "                      Estimated",
        "ID  Name                  value",
        "--  ----------------  ---------",
    ]


def test_then_texts_are_shortened() -> None:
    assert table(27) == [
        "                  Estimated",
        "ID  Name              value",
        "--  ------------  ---------",
        " 7  Acme Corpor…    1054.00",
        "12  Betatech           9.50",
    ]
    assert table(27, "~")[3] == " 7  Acme Corpor~    1054.00"


def test_numbers_and_keys_are_never_shortened() -> None:
    assert table(1)[3] == " 7  Acme Co…    1054.00"
    keys = fitted([["lost_opportunity"]], ["Key"], ["left"], ["key"], 5)
    assert keys.endswith("\nlost_opportunity")


def test_an_empty_table_has_its_headings() -> None:
    assert fitted([], HEADERS, ALIGN, FIELDS, 1).split("\n")[-1] == ("--  ----  ---------")


def test_only_a_terminal_gets_less_than_all(cli, terminal) -> None:
    name = "A company whose name is as long as those of companies can be at times"
    cli("company", "add", name, "--country", "Norway")
    assert name in cli("company", "list").out
    terminal(60)
    lines = cli("company", "list").out.splitlines()
    assert max(map(len, lines)) <= 60
    assert lines[-1].startswith(" 1  A company whose name …")
    terminal(200)
    assert name in cli("company", "list").out
