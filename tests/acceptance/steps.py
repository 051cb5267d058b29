"""Steps that the acceptance cases share: each goes through the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.conftest import Cli


def company(cli: Cli, name: str, category: str | None = None) -> int:
    """Add a company and return its number."""
    words = ["--category", category] if category else []
    return cli.json("company", "add", name, *words)["id"]


def person(cli: Cli, last_name: str, *, of: int | None = None, status: str | None = None) -> int:
    """Add a person, to a company and with a lead status where they are named."""
    words: list[object] = []
    if of is not None:
        words += ["--company", of]
    if status is not None:
        words += ["--lead-status", status]
    return cli.json("person", "add", "--last-name", last_name, *words)["id"]


def shown(cli: Cli, id: int) -> dict[str, Any]:
    """A person as ``person show`` prints it."""
    return cli.json("person", "show", id)


def status_of(cli: Cli, *ids: int) -> list[str | None]:
    """The stored lead status of each person, in the order of ``ids``."""
    return [shown(cli, id)["lead_status"] for id in ids]


def field_present(cli: Cli, id: int) -> bool:
    """Whether the status is shown as applying, which ``set-status`` must confirm (I-2)."""
    before = shown(cli, id)
    target = "re_nurture" if before["lead_status"] != "re_nurture" else "open"
    tried = cli("person", "set-status", id, target, "--dry-run", "-f", "json", code=None)
    if before["lead_status_active"]:
        assert (tried.code, tried.json["changed"]) == (0, 1), tried
        assert before["lead_status_reason"] is None
    else:
        assert (tried.code, tried.json["skipped"]) == (4, 1), tried
        assert tried.error["code"] == "lead_status_not_applicable"
        assert tried.error["details"]["reason"] == before["lead_status_reason"]
    assert shown(cli, id) == before
    return before["lead_status_active"]


def category_of(cli: Cli, key: str) -> dict[str, Any]:
    """A category as ``category show`` prints it."""
    return cli.json("category", "show", key)


def keys(cli: Cli, noun: str, *words: str) -> list[str]:
    """The keys of a list, in its order."""
    return [item["key"] for item in cli.json(noun, "list", *words)]


def counted_people(cli: Cli) -> dict[str, int]:
    """How many people each lead status has, as the list of statuses says."""
    items = cli.json("lead-status", "list", "--deleted")
    return {item["key"]: item["people"] for item in items}
