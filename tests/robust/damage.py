"""A few bytes of a file other than they were, and commands that must live with it."""

from __future__ import annotations

import random
import re
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.robust.world import CHANGING, EXITS, Finding, call, fill

COMMANDS = [
    ("company", "list"),
    ("person", "list", "--where", "name ~ e or lead_status = open", "-f", "json"),
    ("opportunity", "list", "-f", "csv"),
    ("person", "show", "1", "-f", "json"),
    ("opportunity", "show", "1"),
    ("find", "deal"),
    ("change", "show", "3", "-f", "yaml"),
    ("dashboard", "show"),
    ("report", "pipeline"),
    ("selection", "show", "hot"),
    ("capture", "show", "1"),
    ("quote", "list"),
    ("setup", "export"),
    ("person", "edit", "--all", "--title", "x"),
    ("company", "add", "New", "--category", "lead"),
    ("opportunity", "next", "1"),
    ("change", "undo", "last", "--yes"),
    ("setting", "set", "currency", "NOK"),
    ("closed", "delete", "--all", "--yes"),
]


def flip(tries: int, seed: int) -> tuple[Counter[int], list[str]]:
    """Flip bytes, run a command, so often; returns exit codes and what was found."""
    chance = random.Random(seed)
    exits: Counter[int] = Counter()
    findings: dict[str, str] = {}
    with TemporaryDirectory(prefix="leadctl-damage-") as folder:
        path = Path(folder) / "leads.db"
        fill(path)
        whole = path.read_bytes()
        # Pages are mostly empty: half of the bytes are taken where something is.
        used = [place for place, byte in enumerate(whole) if byte]
        for _ in range(tries):
            content = bytearray(whole)
            for _ in range(chance.choice([1, 1, 2, 8, 64])):
                place = (
                    chance.choice(used) if chance.random() < 0.5 else chance.randrange(len(whole))
                )
                content[place] = chance.randrange(256)
            for name in ("leads.db-wal", "leads.db-shm"):
                (path.parent / name).unlink(missing_ok=True)
            path.write_bytes(content)
            words = chance.choice(COMMANDS)
            try:
                code, _, err = call(["--db", str(path), *words])
            except Finding as problem:
                findings.setdefault(str(problem)[-200:], f"{words}: {problem}")
                continue
            exits[code] += 1
            if code not in CHANGING and "all the same" not in err and path.read_bytes() != content:
                findings.setdefault("changed", f"{words}: exit {code}, and the file is another")
            if code not in EXITS or "Traceback" in err:
                kind = re.sub(r"0x..|\d+", "", err)[:160]
                findings.setdefault(kind, f"{words}: exit {code}: {err}")
    return exits, list(findings.values())
