"""Run the console blocks of a Markdown file and put their real output into it.

A block is fenced as ``console``; a line that begins with ``$`` is a command, what follows is its
output, stderr included. ``python -m tests.console README.md`` writes it anew.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory

from leadctl.cli.main import main

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(r"(?<=```console\n).*?(?=```)", re.DOTALL)


def with_output(text: str) -> str:
    """``text`` with the output of every command in its console blocks, run one after another."""
    last = [0]

    def run(command: str) -> str:
        if command == "echo $?":
            return f"{last[0]}\n"
        words = shlex.split(command, comments=True)
        if words[0] == "export":
            name, _, value = words[1].partition("=")
            os.environ[name] = value
            return ""
        assert words[0] == "leadctl", command
        stream = io.StringIO()
        with redirect_stdout(stream), redirect_stderr(stream):
            last[0] = main(words[1:])
        return stream.getvalue()

    def block(match: re.Match[str]) -> str:
        commands = [line for line in match[0].splitlines() if line.startswith("$ ")]
        return "".join(f"{line}\n{run(line[2:])}" for line in commands)

    return BLOCK.sub(block, text)


def run_file(path: Path, folder: Path) -> str:
    """The text of a file with real output, from commands run in ``folder``."""
    examples = folder / "examples"
    examples.mkdir()
    for file in (ROOT / "examples").glob("*.csv"):
        (examples / file.name).write_bytes(file.read_bytes())
    before, old = dict(os.environ), Path.cwd()
    os.chdir(folder)
    try:
        return with_output(path.read_text(encoding="utf-8"))
    finally:
        os.chdir(old)
        os.environ.clear()
        os.environ.update(before)


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        os.environ["XDG_CONFIG_HOME"] = folder
        target = Path(sys.argv[1]).absolute()
        target.write_text(run_file(target, Path(folder)), encoding="utf-8")
