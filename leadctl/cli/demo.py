"""The main job on a sample file, by the same commands that a user types."""

from __future__ import annotations

import os
import shlex
import tempfile
from pathlib import Path

from leadctl.config import is_address, without_password
from leadctl.core.files import init
from leadctl.errors import LeadctlError, Refused
from leadctl.labels import translator

_ANOTHER = "demo makes a new file; name another"
COMPANIES = """\
external_id,name,category,country
A-1,Acme Corporation,lead,NO
A-2,Fjord Shipping,mql,NO
A-3,Öresund Bygg,lead,SE
A-4,Hansa Logistik,customer,DE
A-5,Polder Groen,,NL
"""
PEOPLE = """\
first_name,last_name,email,title,company
Kari,Nordmann,kari@acme.example,Head of Sales,ext:A-1
Ola,Nordmann,ola@acme.example,Buyer,ext:A-1
Åse,Berg,ase@fjord.example,Owner,ext:A-2
Per,Lind,per@oresund.example,Manager,ext:A-3
Greta,Hansen,greta@hansa.example,Buyer,ext:A-4
Joost,de Vries,joost@polder.example,Owner,ext:A-5
"""
STEPS = (
    ("Load companies and people; leads start as Open.", "company import companies.csv"),
    ("", "person import people.csv"),
    ("", "person list --fields id,name,company,category,lead_status"),
    (
        "Set a status. Who has none that applies is skipped, with the reason.",
        "person set-status 1 3 5 qualified",
    ),
    (
        "Look before you leap: a dry run does everything and takes it back.",
        "person set-status --all contacting --dry-run",
    ),
    (
        "A company becomes a customer; the status of its people is kept, but hidden.",
        "company set-category ext:A-1 customer",
    ),
    ("", "person show 1 --fields name,category,lead_status,lead_status_active,lead_status_reason"),
    ("Every change can be taken back.", "change list --limit 3"),
    ("", "change undo last --yes"),
    ("", "person history 1"),
    (
        "A qualified lead becomes the contact of an opportunity, on a ready sales cycle.",
        'opportunity add "50 laptops" --person 1 --start --value 42000 --fields id,person,stage_name',
    ),
    (
        "",
        'opportunity add "Spare parts" --company ext:A-4 --start --value 900 --fields id,company,stage_name',
    ),
    ("Move it along, see what can be done next, close it.", "opportunity next 1 --value 45000"),
    ("", "opportunity allowed 1"),
    ("", "opportunity close 1 --won"),
    ("", "opportunity close 2 --lost --code lost_price"),
    (
        "Clean up what is closed, in bulk; the dry run counts first.",
        "closed delete --all --dry-run",
    ),
    ("", "closed delete --outcome lost --yes"),
    ("", "opportunity list"),
)


def run(path: str | Path, language: str = "en") -> None:
    """Make the file and print each command with its output, in a language.

    Raises Refused when something stands at ``path`` already, or it is the address of a server.
    """
    from leadctl.cli.main import main

    if is_address(path):
        raise Refused(
            "{command} is for files, and {path} is on a server",
            code="not_a_file",
            hint=_ANOTHER,
            command="demo",
            path=without_password(str(path)),
        )
    if os.path.lexists(path):
        raise Refused(
            "{path} exists already",
            code="file_exists",
            hint=_ANOTHER,
            path=str(path),
        )
    with tempfile.TemporaryDirectory(prefix="leadctl-") as folder:
        files = {"companies.csv": COMPANIES, "people.csv": PEOPLE}
        for name, content in files.items():
            (Path(folder) / name).write_text(content, encoding="utf-8")
        init(path)
        translate = translator(language)
        for comment, command in STEPS:
            if comment:
                print(f"# {translate(comment)}")
            print(f"$ leadctl {command}", flush=True)
            words = [
                str(Path(folder) / word) if word in files else word for word in shlex.split(command)
            ]
            code = main(
                ["--db", str(path), "--config", _no_config(folder), "--lang", language, *words]
            )
            print(flush=True)
            if code not in (0, 5):
                raise LeadctlError("the demo stopped at: {command}", command=command)


def _no_config(folder: str) -> str:
    """An empty configuration, so that the demo looks the same everywhere."""
    file = Path(folder) / "config.yaml"
    file.touch()
    return str(file)
