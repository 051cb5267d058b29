"""Steps that the tests of selections share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.acceptance.steps import company, person

if TYPE_CHECKING:
    from tests.conftest import Cli


def select(cli: Cli, name: str, *words: object) -> dict[str, Any]:
    """Make a selection and return it."""
    return cli.json("selection", "create", name, *words)


def listed(cli: Cli, name: str, ids: list[int], *words: object) -> dict[str, Any]:
    """Make a static selection of these records and return it."""
    file = Path("ids.txt")
    file.write_text("".join(f"{id}\n" for id in ids), encoding="utf-8")
    return select(cli, name, "--ids-from", file, *words)


def members(cli: Cli, name: str) -> list[int]:
    """The ids that ``selection show`` lists."""
    return [row["id"] for row in cli.json("selection", "show", name)]


def views(cli: Cli) -> dict[str, list[int]]:
    """The views of selections with the ids in them, as any program reads them."""
    with cli.engine() as engine:
        return {
            name: [row[0] for row in engine.query(f"SELECT id FROM {name} ORDER BY id")]
            for name in engine.views()
            if name.startswith("selection_")
        }


def state(cli: Cli) -> dict[str, Any]:
    """All that can be seen of selections."""
    found = cli.json("selection", "list")
    return {
        "list": found,
        "members": {row["name"]: members(cli, row["name"]) for row in found},
        "views": views(cli),
    }


def four_selections(cli: Cli) -> None:
    """Users Boss and Bo; Acme (a lead) with people 1 and 2, person 3 alone; List, static; Berg and
    Unused, dynamic; Both, combined.
    """
    for name in ("Boss", "Bo"):
        cli("user", "add", name)
    acme = company(cli, "Acme", "lead")
    for name, of in (("Berg", acme), ("Dahl", acme), ("Solo", None)):
        person(cli, name, of=of)
    listed(cli, "List", [1, 3])
    select(cli, "Berg", "--where", "last_name = berg")
    select(cli, "Unused", "--where", "has_company = true")
    select(cli, "Both", "--combine", "List", "--combine", "Berg", "--op", "only-first")
