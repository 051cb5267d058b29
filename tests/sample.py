"""A sample file and the files beside it, on which the examples of the help are run, and the runner."""

from __future__ import annotations

import io
import json
import shlex
import shutil
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from leadctl.cli.main import main
from tests.console import ROOT

TODAY = "2026-03-02"
_SETUP = f"""
init
user add Anna --email anna@example.com --group north
user add Ben --group north
user add Cleo
company import companies.csv
person import people.csv
company add "Polder Groen" --category lead --owner ben
company add Nordlys --category mql --country NO
company add "Baltic Timber" --category opportunity
company add "Skagen Foods" --category lead
person import more.ndjson --create-companies
person set-status 7 10 qualified --reason "trade fair"
person retire 9
category add "Dormant"
category delete dormant
lead-status add "Bad timing"
lead-status delete bad_timing
close-code add "Lost on delivery time" --outcome lost
cycle add "Key accounts" --method chances
cycle add "Trial"
stage add key_accounts 10 First --completed 10 --chances 20
stage add key_accounts 20 Talks --completed 50 --chances 60
opportunity add "Docking stations" --company "Acme Corporation"
opportunity add "Screens" --company "Acme Corporation" --start --on 2026-02-01 --value 1200 --close-date 2026-06-30
opportunity add "Phones" --company "Fjord Shipping" --start --on 2026-02-01 --value 800 --salesperson anna --close-date 2026-06-30
opportunity add "Tablets" --company "Hansa Logistik" --start --on 2026-02-01 --value 5200 --close-date 2026-06-30
opportunity add "Desks" --company "Öresund Bygg" --start --on 2026-01-10 --value 3000 --close-date 2026-06-30
opportunity add "Chairs" --company "Öresund Bygg" --start --on 2026-01-10 --value 900 --salesperson anna --close-date 2026-06-30
opportunity add "Laptops" --company "Hansa Logistik" --start --on 2026-02-01 --value 9000 --salesperson anna --close-date 2026-06-30
opportunity add "Cables" --person 5
opportunity add "Lamps" --company "Hansa Logistik" --start --on 2026-02-01 --value 400 --close-date 2026-06-30
opportunity next 3 4 7 --on 2026-02-10
opportunity close 5 --won --code won --on 2026-02-20
opportunity close 6 --lost --code lost_price --on 2026-02-20
quote create 2 --line "Screen;10;120.00"
quote create 9 --line "Lamp;10;40.00"
quote create 7 --line "Laptop;10;900.00"
quote make-order 2 --code won
selection create "Hot leads" --where "lead_status = qualified"
selection create "Trade fair" --ids-from fair.txt
selection create "Call first" --combine "Hot leads" --combine "Trade fair" --op union
form add "Contact us" --category lead --owner anna
form add Webinar --mode manual --category lead
form add Newsletter
capture submit "Contact us" body.json
capture submit Webinar --data email=w1@example.com --data name=Wanda
capture submit Webinar --data email=w2@example.com --data name=Willy
capture submit Webinar --data email=w3@example.com --data name=Wilma
capture submit Webinar --data email=w4@example.com --data name=Wim
capture submit Webinar --data email=w5@example.com --data name=Wera
capture submit Webinar --data email=w6@example.com --data name=Walt
capture submit "Contact us" --data email=late@example.com --data "company={"x" * 256}"
person add --last-name Late --email late@example.com
automation set lead_status --status qualified --category opportunity --confirm
person set-status 11 3 qualified
automation set opportunity_won --category customer
setup export > setup.yaml
db backup backup.db
"""
_FILES = {
    "body.json": '{"email": "kari.web@example.com", "name": "Kari Web", "company": "Web AS"}',
    "body.urlencoded": "email=per.web%40example.com&name=Per+Web&utm_source=linkedin",
    "fair.txt": "3\n5\n7\n",
    "ids.txt": "7\n10\n",
    "users.csv": "name,email,group\nAnna,anna@example.com,north\nDora,dora@example.com,south\n",
    "accounts.csv": "Account,Sector\nAcme Corporation,retail\nNew Harbour,shipping\n",
    "accounts-recipe.yaml": "fields: {name: Account}\nextra: true\n",
    "pipeline.csv": (
        "external_id,description,company,status,stage,estimated_value,created_on\n"
        "S-1,Servers,Acme Corporation,in_progress,20,25000,2026-02-01\n"
    ),
    "recipe.yaml": "fields: {external_id: external_id, description: description, company: company,\n"
    "  status: status, stage: stage, estimated_value: estimated_value, created_on: created_on}\n",
    "commands.txt": "# Two commands, one change.\nperson set-status 7 contacting\nperson retire 8\n",
}


def build(folder: Path) -> None:
    """Put ``leads.db`` and the files that examples name into an empty folder."""
    for name in ("companies.csv", "people.csv"):
        shutil.copy(ROOT / "examples" / name, folder / name)
    for name, content in _FILES.items():
        (folder / name).write_text(content, encoding="utf-8")
    people = (
        {"first_name": f"F{number}", "last_name": f"L{number}", "company": "Polder Groen"}
        for number in range(6, 51)
    )
    (folder / "more.ndjson").write_text("".join(f"{json.dumps(row)}\n" for row in people))
    for line in filter(None, _SETUP.splitlines()):
        code, said = run(f"leadctl {line}")
        assert code in (0, 5), (line, said)


def run(line: str) -> tuple[int, str]:
    """Run a line of commands with ``|`` and ``>`` as a shell would; its last exit code, its output."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|<>")
    lexer.whitespace_split, lexer.commenters = True, ""
    code, passed, said = 0, b"", ""
    for command in _split(list(lexer)):
        words, target = command, None
        if ">" in words:
            *words, _, target = words
        if "<" in words:
            *words, _, source = words
            passed = Path(source).read_bytes()
        assert words[0] == "leadctl", line
        out, err = io.StringIO(), io.StringIO()
        before = sys.stdin
        sys.stdin = io.TextIOWrapper(io.BytesIO(passed), encoding="utf-8")
        try:
            with redirect_stdout(out), redirect_stderr(err):
                code = main(words[1:])
        finally:
            sys.stdin = before
        passed, said = out.getvalue().encode(), said + err.getvalue()
        if target is not None:
            Path(target).write_bytes(passed)
        if code not in (0, 5):
            break
    return code, passed.decode() + said


def _split(words: list[str]) -> list[list[str]]:
    commands: list[list[str]] = [[]]
    for word in words:
        if word == "|":
            commands.append([])
        else:
            commands[-1].append(word)
    return commands
