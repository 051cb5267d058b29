"""A small file in a box, commands run on it in this process, and what must hold after each."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import signal
import sqlite3
import sys
import tempfile
import traceback
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadctl import init, open_crm
from leadctl.cli.main import main
from leadctl.cli.text import visible
from tests.robust.hostile import BIDI, ESCAPE, FORMULA, INJECTION, Attempt

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

EXITS = frozenset((0, 2, 3, 4, 5, 6, 7, 8, 10, 75, 130))
# Those after which something may have been changed.
CHANGING = frozenset((0, 5))
SECONDS = 60
GOOD = {
    "good.csv": b"name,email,external_id\nNew one,n@x.example,N1\nAcme,a@x.example,X1\n",
    "good.ndjson": b'{"last_name": "Lind", "external_id": "P9"}\n{"name": "Acme"}\n',
    "ids.txt": b"1\n2\next:P1\n",
    "recipe.yaml": b"fields: {name: name, last_name: name, email: email}\nextra: true\n",
    "batch.txt": b"person set-status 1 qualified\ncompany add Fresh\n",
    "payload.json": b'{"email": "b@x.example", "last_name": "Berg", "company": "Acme"}',
}


class Hang(BaseException):
    """A command took too long; no boundary of leadctl catches it."""


class Finding(AssertionError):
    """What a command must not do."""


def rows(path: Path) -> dict[str, list[Any]]:
    """Every row of every table, as somebody else who opens the file sees it."""
    with closing(sqlite3.connect(path)) as connection:
        tables = connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'search_%'"
            " ORDER BY name"
        )
        names = [name for (name,) in tables if name != "search"]
        return {
            name: connection.execute(f'SELECT * FROM "{name}" ORDER BY 1').fetchall()
            for name in names
        }


def digest(path: Path) -> str:
    """A short name for all that a file holds, and for its views."""
    with closing(sqlite3.connect(path)) as connection:
        schema = connection.execute(
            "SELECT type, name, sql FROM sqlite_schema ORDER BY 2"
        ).fetchall()
    return hashlib.sha256(repr((schema, rows(path))).encode("utf-8", "replace")).hexdigest()


def fill(path: Path) -> None:
    """A file with a few records of each kind, some with hostile texts in them."""
    init(path)
    with open_crm(path, user="u1", today="2026-03-01") as crm:
        crm.users.add("u1", group="north")
        crm.users.add("u2", group="north")
        crm.companies.add("Acme", category="lead", external_id="X1", owner="u1")
        crm.companies.add(ESCAPE + BIDI, category="customer", country=FORMULA)
        crm.companies.add(INJECTION, category="mql")
        for number, name in enumerate(("Berg", FORMULA, "a\nError: forged", ESCAPE, "Lind"), 1):
            crm.people.add(last_name=name, external_id=f"P{number}", company=(number % 3) or None)
        crm.automation.set("opportunity_won", category="customer")
        crm.automation.set("lead_status", status="qualified", category="opportunity", confirm=True)
        for number in (1, 2, 3, 4):
            crm.opportunities.add(f"Deal {number}", company=1 if number < 4 else 2)
        crm.opportunities.start([1, 2, 4], value="100")
        crm.opportunities.close([4], "won", code="won")
        crm.quotes.create(1, lines=["Laptop;2;10.50"])
        crm.people.set_status([1], "qualified")
        crm.selections.create("busy", where=["lead_status = open"])
        crm.selections.create("hot", ids=[1, 2])
        crm.forms.add("web", mode="manual")
        crm.captures.submit("web", [{"email": "a@b.c", "last_name": ESCAPE}])


class World:
    """The file and its neighbours, in a folder from which a few ``..`` do not lead out."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="leadctl-fuzz-")
        self.box = Path(self._folder.name)
        self.home = self.box.joinpath("a", "b", "c", "d", "home")
        self.path = self.home / "leads.db"
        template = self.box / "template.db"
        fill(template)
        self._template = template.read_bytes()
        self._setup = self._text_of_setup(template)
        self._reader: sqlite3.Connection | None = None
        self.reset()

    @staticmethod
    def _text_of_setup(template: Path) -> bytes:
        with open_crm(template) as crm:
            return crm.setup.export().encode()

    def __enter__(self) -> World:
        return self

    def __exit__(self, *problem: object) -> None:
        self._close()
        self._folder.cleanup()

    def _close(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def reset(self) -> None:
        """Put everything back to where it was."""
        self._close()
        shutil.rmtree(self.box / "a", ignore_errors=True)
        self.home.mkdir(parents=True)
        self.path.write_bytes(self._template)
        for name, content in GOOD.items():
            (self.home / name).write_bytes(content)
        (self.home / "setup.yaml").write_bytes(self._setup)
        (self.home / "folder").mkdir()
        (self.home / "empty.db").touch()
        (self.home / "lost.db").symlink_to("nowhere")
        (self.home / "linked.db").symlink_to("leads.db")
        for end in ("csv", "json", "ndjson", "yaml"):
            (self.home / f"given.{end}").symlink_to("given")
        os.mkfifo(self.home / "pipe")
        with closing(sqlite3.connect(self.home / "other.db")) as connection:
            connection.execute("CREATE TABLE person (id)")
            connection.commit()
        self._state = self._look()

    def _look(self) -> tuple[Any, ...]:
        """What changes when somebody else commits, or puts another file there."""
        if not self.path.is_file():
            self._close()
            return ("gone",)
        status = self.path.stat()
        if self._reader is None or self._inode != status.st_ino:
            self._close()
            self._reader = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)
            self._inode = status.st_ino
            self._digest = digest(self.path)
        return (status.st_ino, self._reader.execute("PRAGMA data_version").fetchone())

    def run(self, attempt: Attempt) -> tuple[int, str, str]:
        """Run a command line; raises Finding when it breaks a promise."""
        (self.home / "given").unlink(missing_ok=True)
        (self.home / "given").write_bytes(attempt.given)
        code, out, err = call(["--db", "leads.db", *attempt.words], attempt.stdin)
        state = self._look()
        if state != self._state:
            before = self._digest
            self._digest = digest(self.path) if self.path.is_file() else ""
            self._state = state
            if code not in CHANGING and before != self._digest:
                raise Finding(f"exit {code}, and the file is another: {err[-300:]}")
        if (self.home / "owned").exists():
            raise Finding("a file was read as a program")
        promises(attempt.words, code, out, err)
        return code, out, err


def call(words: list[str], stdin: bytes = b"") -> tuple[int, str, str]:
    """Call ``main`` with streams that take no more than a terminal in UTF-8 does."""
    streams = [io.TextIOWrapper(io.BytesIO(), "utf-8", errors, newline="") for errors in _ERRORS]
    before = sys.stdin, sys.stdout, sys.stderr
    sys.stdin = io.TextIOWrapper(io.BytesIO(stdin), "utf-8", "surrogateescape")
    sys.stdout, sys.stderr = streams
    try:
        with _limit():
            code = main(words)
            sys.stdout.flush()
    except Hang:
        raise Finding(f"not ended after {SECONDS} s") from None
    except BaseException as problem:
        raise Finding("raised\n" + "".join(traceback.format_exception(problem)[-4:])) from problem
    finally:
        sys.stdin, sys.stdout, sys.stderr = before
    texts = []
    for stream in streams:
        stream.flush()
        texts.append(stream.buffer.getvalue().decode("utf-8"))  # type: ignore[attr-defined]
    return code, texts[0], texts[1]


_ERRORS = ("strict", "backslashreplace")


@contextmanager
def _limit() -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        raise Hang

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def promises(words: tuple[str, ...], code: int, out: str, err: str) -> None:
    """Raise Finding when an exit code or an output is not what the contract says."""
    if code not in EXITS:
        raise Finding(f"exit {code}: {err[-500:]}")
    if "Traceback (most recent call last)" in err:
        raise Finding(f"traceback: {err[-500:]}")
    texts = {"stderr": err}
    # The data formats are exact, whatever they hold.
    if words[:2] != ("setup", "export") and not any(w.startswith(_FORMAT) for w in words):
        texts["stdout"] = out
    for name, text in texts.items():
        for line in text.split("\n"):
            if line != visible(line):
                raise Finding(f"raw control characters on {name}: {line!a:.300}")
    if code not in CHANGING and "Error: " not in err:
        # In JSON it is one object, and nothing else on stderr begins with a brace.
        found = [line for line in err.splitlines() if line.startswith("{")]
        if len(found) != 1:
            raise Finding(f"exit {code} without an error: {err[-300:]!a}")
        json.loads(found[0])["error"]["code"]


_FORMAT = ("-f", "--format")
