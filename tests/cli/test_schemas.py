"""What is printed as JSON is what ``docs/schema`` says: on a file with one record of every kind."""

from __future__ import annotations

import json
import shlex
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource

from leadctl.config import is_address
from tests.conftest import Cli, Ran
from tests.reference import tree
from tests.reference.schemas import schemas

SCHEMAS = schemas()
REGISTRY: Any = Registry().with_resources(
    (f"{name}.json", Resource.from_contents(schema)) for name, schema in SCHEMAS.items()
)
OF_FILES = ("db backup", "db restore", "db datasette-metadata")
WHOLE, LINES = ("report", "board", "batch"), ("report-line", "board-column", "batch-line")
VERBS = {(noun, verb): command for noun, verb, command in tree.verbs()}
# Run one after another on one file; what does not end with 0 says so.
STEPS = """
init
user add Anna --email anna@sales.example --group north
user add Ben
category add Warm --group potential_customer --lead-status --description Interested
category edit warm --name Warmer --dry-run
category show warm
category list
lead-status add Paused
lead-status show paused
lead-status list
cycle add Short
stage add short 10 First --completed 10 --chances 20 --date-formula 2W
stage add short 20 Second --completed 60 --chances 40 --quote-required --allow-skip
stage list short
stage edit short 10 --chances 25
cycle show short
cycle list
close-code add Postponed --outcome lost
close-code list
user show anna
user list
setting list
setting get lead_status.require_company
setting set currency NOK
company add Acme --category lead --owner anna --country NO --email post@acme.example --phone 12 --website acme.example --external-id A-1
company add Bare
company add Buyer --category customer
company add Acme --dry-run
person add --first-name Kari --last-name Nordmann --title Buyer --email kari@acme.example --phone 5 --country NO --company Acme --external-id P-1
person add --last-name Bare
person set-status 1 qualified
exit 5: person set-status 1 2 99 open --keep-going
exit 3: person set-status 99 open
exit 4: person set-status 2 open
person retire 2
person list --retired
person list --group-by owner
person list --where "name = nobody"
person history 1
company set-category 2 mql
company list
company show 1 --with people,opportunities
company show 2
person show 1 --with people,opportunities
person show 2
selection create Hot --where "lead_status = open" --description Now
selection create Some --ids-from ids.txt
selection create Both --combine Hot --combine Some --op union
selection add Some 1
selection list
selection info Both
selection show Some
selection create Buyers --entity company --where "is_customer = true"
selection show Buyers
selection create Deals --entity opportunity --where "status = in_progress"
form add Contact --category lead --owner anna --selection Some
form add Later --mode manual
form list
capture submit Contact --data email=new@other.example --data name="Ola Hansen" --data company=Other --data utm_source=web --data first_touch_source=fair --data first_touch_when=2026-01-05
capture submit Later --data email=wait@other.example
exit 5: capture submit Contact --data name=Nobody
capture list
capture show 1
capture show 3
capture process 2 --create
capture reject 3 --yes
person show 3
company show 4
opportunity add Laptops --company Buyer --salesperson anna --campaign Spring --priority high --external-id O-1 --start --value 5000.50 --close-date 2026-06-30
opportunity add Parts --person 1 --cycle short
opportunity list
opportunity show 1
opportunity show 2
opportunity allowed 1
opportunity next 1 --value 6000
exit 4: opportunity next 2
opportunity history 1
selection show Deals
board show --entity opportunity
board show --then owner
board show --html board.html
dashboard show --html dashboard.html
board show --entity company --by category
board move 1 contacting
quote create 1 --line "Laptop;5;1000" --line "Bag;1.5;20.25"
quote add-line 1 --line "Mouse;2;10"
quote list
quote show 1
dashboard show
dashboard show --active-only --owner none
report funnel
report funnel --cycle standard
report sources
report pipeline
report forecast
report ageing
quote make-order 1 --code won
order list
order show 1
opportunity close 2 --lost --code postponed
closed list
closed delete --outcome lost --dry-run
report win-loss
report win-loss --by salesperson
report conversion
report conversion --cycle standard
report stage-history
dashboard show
automation set opportunity_created --category opportunity --confirm
automation set lead_status --status qualified --category warm
automation list
opportunity add More --company Acme --start
automation pending
automation accept 1
person set-status 1 qualified
find nordmann
find laptops
person merge 3 --into 1 --yes
change list
change show 5
change undo last --yes
exit 4: change undo 1 --dry-run
exit 3: company delete 99 --yes
exit 4: person import people.csv
exit 5: person import people.csv --keep-going
user import users.csv
exit 5: batch commands.txt --keep-going
exit 3: batch commands.txt
setup export
setup apply setup.yaml
config list
config path
db info
db check
db migrate
db vacuum
db backup copy.db
db export dump
db copy PLACE second.db
db restore copy.db --yes
db prune --older-than 30d --yes
person erase 2 --yes
db datasette-metadata
"""
FILES = {
    "people.csv": "last_name,company,owner,shoe size\nLind,Acme,anna,41\n,Acme,,\nDahl,,nobody,\n",
    "users.csv": "name,email\nCarl,carl@sales.example\n",
    "commands.txt": "person set-status 1 open\nperson list\nperson set-status 99 open\n",
    "ids.txt": "1\n2\n",
    "setup.yaml": "users:\n- key: dora\n  name: Dora\n",
}


def wrong(document: Any, names: list[str]) -> list[str]:
    """What is wrong with a document that has to fit one of the schemas, by the last of them."""
    found: list[str] = []
    for name in names:
        check = Draft202012Validator(
            SCHEMAS[name], registry=REGISTRY, format_checker=FormatChecker()
        )
        found = [
            f"{name} {error.json_path}: {error.message}" for error in check.iter_errors(document)
        ]
        if not found:
            SEEN.add(name)
            break
    return found


SEEN: set[str] = set()


def ran(cli: Cli, words: list[str], code: int, format: str) -> Ran:
    done = cli(*words, "-f", format, code=code)
    for line in done.err.splitlines():
        if line.startswith("{"):
            assert wrong(json.loads(line), ["error"]) == []
    return done


def expected(words: list[str], *, lines: bool) -> tuple[list[str], bool]:
    """The schemas that a command's output has to fit, and whether it is an array of these."""
    single = (words[0], "") in VERBS
    command = VERBS[words[0], "" if single else words[1]]
    printed = tree.printed("" if single else words[1], command)
    names = [(item.line if lines else "") or item.schema for item in printed]
    if "--group-by" in words:
        names = ["group"]
    if "--html" in words:
        names = ["page"]
    return names, printed[0].many


@pytest.mark.parametrize("format", ["json", "ndjson"])
def test_every_verb_prints_what_its_schema_says(
    cli: Cli, tmp_path, monkeypatch: pytest.MonkeyPatch, format: str
) -> None:
    monkeypatch.setenv("LEADCTL_USER", "anna")
    monkeypatch.setenv("LEADCTL_TODAY", "2026-03-02")
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    SEEN.clear()
    server = is_address(cli.path)
    for step in STEPS.strip().splitlines():
        before, mark, after = step.partition(": ")
        code = int(before.removeprefix("exit ")) if mark and before.startswith("exit ") else 0
        words = shlex.split((after if code else step).replace("PLACE", str(cli.path)))
        if server and " ".join(words[:2]) in OF_FILES:
            ran(cli, words, 4, format)
            continue
        out = ran(cli, words, code, format).out
        names, many = expected(words, lines=format == "ndjson")
        if format == "ndjson":
            documents = [json.loads(line) for line in out.splitlines()]
        else:
            documents = json.loads(out) if many else [json.loads(out)]
        for document in documents:
            assert wrong(document, names) == [], step
    # An entry is a part of an opportunity, hooks are told elsewhere, and the rest is of one format.
    elsewhere = {"entry", "hook-change", "hook-history", "hook-assignment"}
    elsewhere |= {*(LINES if format == "json" else WHOLE)}
    elsewhere |= {"db-backup", "datasette-metadata"} if server else set()
    assert set(SCHEMAS) - SEEN == elsewhere


def test_hooks_get_what_their_schemas_say(crm) -> None:
    from leadctl.core.distributing import assignments

    crm.users.add("Anna")
    crm.companies.add("Acme")
    crm.people.add(last_name="Berg", company="Acme")
    report = crm.people.distribute([1], to=["anna"])
    head, *rows = crm.changes.lines(report.change)
    assert rows
    assert wrong(head, ["hook-change"]) == []
    assert [wrong(row, ["hook-history"]) for row in rows] == [[]] * len(rows)
    told = list(assignments(crm, report.change))
    assert told
    assert [wrong(record, ["hook-assignment"]) for record in told] == [[]] * len(told)


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_one_and_takes_no_other_document(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])
    assert wrong({"no": "such"}, [name]) != []
