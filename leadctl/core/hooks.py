"""Commands that the configuration names, told of committed changes as NDJSON on stdin.

Only the command line runs them: the library tells nobody, ``Crm.on_change`` is what it offers.
"""

from __future__ import annotations

import json
import os
import select
import shlex
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from leadctl.errors import Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

TIME_LIMIT = 10.0
MOST_OUTPUT = 64 * 1024
# Set for a hook: the commands that it runs fire no hooks, or one could call itself for ever.
INSIDE = "LEADCTL_INSIDE_HOOK"
_CHUNK = 64 * 1024


def inside_hook() -> bool:
    """Whether this process was started by a hook."""
    return bool(os.environ.get(INSIDE))


def run_command(command: str, lines: Iterable[Mapping[str, Any]], timeout: float) -> Reason | None:
    """Run a command, which no shell sees, with ``lines`` as NDJSON on stdin.

    It has ``timeout`` seconds until it has ended and closed its output; then it is killed, with
    what it started. Of its output 64 KiB are kept, for the message, and the rest is discarded.
    Returns what went wrong, ``hook_failed``, or ``None``.
    """
    try:
        words = shlex.split(command)
    except ValueError as problem:
        return _failed("{command} cannot be run: {problem}", command, problem=str(problem))
    if not words:
        return _failed("{command} cannot be run: {problem}", command, problem="no command")
    with tempfile.TemporaryFile() as given:
        # A file, not a pipe: a hook that reads nothing blocks nobody.
        given.writelines(map(_line, lines))
        given.seek(0)
        try:
            process = subprocess.Popen(
                words,
                stdin=given,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env={**os.environ, INSIDE: "1"},
            )
        except (OSError, ValueError) as problem:
            return _failed("{command} cannot be run: {problem}", command, problem=str(problem))
    with process:
        try:
            output = _output(process, time.monotonic() + timeout)
        finally:
            _kill(process)
    if output is None:
        template = "{command} was stopped after {seconds} seconds"
        return _failed(template, command, seconds=f"{timeout:g}")
    if process.returncode:
        said = output.decode(errors="replace").strip().splitlines()
        return _failed(
            "{command} ended with code {exit}: {output}",
            command,
            exit=process.returncode,
            output=said[-1] if said else "",
        )
    return None


def append_to(path: Path, lines: Iterable[Mapping[str, Any]]) -> Reason | None:
    """Append ``lines`` to a file as NDJSON; returns what went wrong, ``hook_failed``, or ``None``."""
    try:
        with path.open("ab") as file:
            file.writelines(map(_line, lines))
    except OSError as problem:
        template = "{path} cannot be written: {problem}"
        details = {"path": str(path), "problem": problem.strerror}
        return Reason("hook_failed", template, details=details)
    return None


def _failed(template: str, command: str, **details: Any) -> Reason:
    return Reason("hook_failed", template, details={"command": command, **details})


def _line(record: Mapping[str, Any]) -> bytes:
    return (json.dumps(record, ensure_ascii=False) + "\n").encode()


def _output(process: subprocess.Popen[bytes], deadline: float) -> bytes | None:
    """The beginning of what a process writes until it ends, ``None`` when it does not in time."""
    kept = b""
    pipe = process.stdout
    assert pipe is not None
    while True:
        left = max(0.0, deadline - time.monotonic())
        if not select.select([pipe], [], [], left)[0] or not left:
            return None
        chunk = os.read(pipe.fileno(), _CHUNK)
        if not chunk:
            break
        kept += chunk[: MOST_OUTPUT - len(kept)]
    try:
        process.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        return None
    return kept


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a process with all that it has started, unless it has ended by itself."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
