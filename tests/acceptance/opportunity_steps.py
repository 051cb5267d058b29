"""Steps that the opportunity cases share: the cycle T1, deals, their moves, what is shown of them.

Today is ``TODAY`` for whoever calls ``at_work``; expected closing dates are ``LATER`` unless a case
is about them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.acceptance.steps import company, person

if TYPE_CHECKING:
    import pytest

    from tests.conftest import Cli

TODAY = "2024-03-10"
LATER = "2024-12-31"
# Number, name, completed, chances, and what else the case says of the stage.
STAGES: tuple[tuple[int, str, int, int, tuple[str, ...]], ...] = (
    (10, "Contact", 2, 10, ("--allow-skip",)),
    (20, "Need", 35, 25, ("--allow-skip", "--date-formula", "2W")),
    (30, "Offer", 70, 60, ("--allow-skip", "--quote-required")),
    (40, "Talks", 85, 80, ("--quote-required",)),
    (50, "Signature", 95, 100, ("--quote-required",)),
)


def cycle_t1(cli: Cli, method: str = "multiply") -> str:
    """Add the cycle T1 with its five stages and return its key."""
    key = cli.json("cycle", "add", "T1", "--method", method)["key"]
    for number, name, completed, chances, rest in STAGES:
        figures = ("--completed", completed, "--chances", chances)
        cli("stage", "add", key, number, name, *figures, *rest)
    return key


def at_work(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The command line on ``TODAY``, with the cycle T1."""
    monkeypatch.setenv("LEADCTL_TODAY", TODAY)
    assert cycle_t1(cli) == "t1"
    return cli


def deal(cli: Cli, *words: object, of: int | None = None, cycle: str = "t1") -> int:
    """Add an opportunity of a company (a new one, if none is named) and return its number."""
    owner = company(cli, "Acme") if of is None else of
    added = cli.json("opportunity", "add", "Deal", "--company", owner, "--cycle", cycle, *words)
    return added["id"]


def shown(cli: Cli, id: int) -> dict[str, Any]:
    """An opportunity as ``opportunity show`` prints it."""
    return cli.json("opportunity", "show", id)


def move(cli: Cli, verb: str, id: int, *words: object) -> dict[str, Any]:
    """Run a verb that changes the opportunity and return what is shown then."""
    report = cli.json("opportunity", verb, id, *words)
    assert (report["matched"], report["changed"], report["refused"]) == (1, 1, 0), report
    return shown(cli, id)


def refusal(cli: Cli, verb: str, id: int, *words: object) -> str:
    """The code with which a rule refuses a verb, which leaves the opportunity as it was."""
    before = shown(cli, id)
    error = cli.error("opportunity", verb, id, *words, code=4)
    assert shown(cli, id) == before
    return error["code"]


def quote(cli: Cli, id: int, *lines: str) -> int:
    """Create a quote for an opportunity and return its number."""
    words = [word for line in lines or ("Work;1;9150",) for word in ("--line", line)]
    return cli.json("quote", "create", id, *words)["id"]


def standing_on(
    cli: Cli,
    stage: int,
    *,
    on: str = "2024-01-05",
    value: object = 9000,
    of: int | None = None,
) -> int:
    """Add a deal that stands on a stage of T1 with the stage's chance, and without a quote."""
    id = deal(cli, of=of)
    words = ("--on", on, "--value", value, "--close-date", LATER)
    move(cli, "start", id, *words)
    if stage == 20:
        move(cli, "next", id, *words)
    elif stage > 20:
        quoted = quote(cli, id)
        move(cli, "skip", id, "--to", min(stage, 40), *words)
        if stage > 40:
            move(cli, "next", id, *words)
        cli("quote", "delete", quoted, "--yes")
    record = shown(cli, id)
    assert (record["stage"], record["status"], record["quote_id"]) == (stage, "in_progress", None)
    return id


def closed(cli: Cli, outcome: str, id: int | None = None, *words: object) -> int:
    """Close a deal (a new one on stage 10, if none is named) and return its number."""
    closing = standing_on(cli, 10) if id is None else id
    code = {"won": "won", "lost": "lost_price"}[outcome]
    move(cli, "close", closing, f"--{outcome}", "--code", code, *words)
    return closing


def active(record: dict[str, Any]) -> dict[str, Any]:
    """The active entry, of which there is one, and which is the newest."""
    (entry,) = [entry for entry in record["entries"] if entry["active"]]
    assert entry == record["entries"][-1]
    return entry


def figures(record: dict[str, Any]) -> tuple[float, float, float, float]:
    """Chances, completed, probability and calculated value of an opportunity or entry."""
    return (
        record["chances_percent"],
        record["completed_percent"],
        record["probability_percent"],
        record["calculated_value"],
    )


def actions(record: dict[str, Any]) -> list[str]:
    """What was done, in the order of the entries."""
    return [entry["action"] for entry in record["entries"]]


def allowed(cli: Cli, id: int) -> dict[str, dict[str, Any]]:
    """What ``opportunity allowed`` says, by action."""
    return {offer["action"]: offer for offer in cli.json("opportunity", "allowed", id)}


def targets(cli: Cli, id: int, action: str) -> set[int]:
    """The stages that an action can reach; it is offered if there is one."""
    offer = allowed(cli, id)[action]
    assert offer["offered"] is bool(offer["targets"]), offer
    assert (offer["reason"] is None) is offer["offered"], offer
    return {target["stage"] for target in offer["targets"]}


def seven_deals(cli: Cli) -> None:
    """One deal of every kind, which the tests of the contract name by number.

    1 not started, 2 on stage 10, 3 on stage 40 with quote 1, 4 won with order 1 of quote 2,
    5 lost, 6 a person's on stage 10, 7 won with quote 3. Company 1 (Acme) is a customer, person 1
    (Berg) is its; company 2 is Beta, person 2 (Solo) has no company. Users: anna, bo.
    """
    for name in ("anna", "bo"):
        cli("user", "add", name)
    acme, beta = company(cli, "Acme", "customer"), company(cli, "Beta")
    person(cli, "Berg", of=acme)
    solo = person(cli, "Solo")
    add = ("opportunity", "add")
    more = ("--created", "2024-01-02", "--priority", "high", "--campaign", "Spring")
    more += ("--salesperson", "anna", "--external-id", "X1")
    rest = ("--company", acme, "--cycle", "t1")
    cli(*add, "Not yet", *rest, *more)
    for name in ("Early", "Offered", "Ordered"):
        cli(*add, name, *rest)
    cli(*add, "Gone", "--company", beta, "--cycle", "t1")
    cli(*add, "Of a person", "--person", solo, "--cycle", "t1")
    cli(*add, "Quoted and won", *rest)

    for id, on, value, close_date in (
        (2, "2024-03-01", 1000, "2024-06-30"),
        (3, "2024-03-01", 9000, "2024-05-31"),
        (4, "2024-01-06", 5000, LATER),
        (5, "2024-01-06", 700, LATER),
        (6, "2024-02-01", 300.5, "2024-04-30"),
        (7, "2024-02-01", 800, LATER),
    ):
        move(cli, "start", id, "--on", on, "--value", value, "--close-date", close_date)
    assert [quote(cli, 3), quote(cli, 4, "Goods;2;2500"), quote(cli, 7, "Work;1;900")] == [1, 2, 3]
    move(cli, "skip", 3, "--to", 40, "--on", "2024-03-05", "--value", 9000)
    cli("quote", "make-order", 2, "--code", "won", "--on", "2024-01-26")
    closed(cli, "lost", 5, "--on", "2024-01-31")
    closed(cli, "won", 7, "--on", "2024-02-20")


def state(cli: Cli) -> dict[str, Any]:
    """All that the opportunity half shows."""
    ids = [row["id"] for row in cli.json("opportunity", "list")]
    lists = ("quote", "order", "cycle", "close-code")
    return {
        "opportunity": [shown(cli, id) for id in ids],
        "stage": cli.json("stage", "list", "t1"),
        **{noun: cli.json(noun, "list") for noun in lists},
    }


def changes(cli: Cli) -> int:
    """How many changes there are."""
    return cli.json("change", "list", "--count")
