"""Runs PostgreSQL for as long as standard input is open; a program, started by tests/server.py.

Words: the server's folder, the folder of its data, its user and group as numbers (-1: not to be
changed), the command. The process ID of PostgreSQL is printed.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

STOP = 20
"""Seconds in which a server must have stopped; then it is killed."""


def forget_memory(data: Path) -> None:
    """Give back the few bytes of System V memory that a killed server leaves."""
    with suppress(OSError, IndexError, ValueError):
        line = (data / "postmaster.pid").read_text().splitlines()[6]
        ctypes.CDLL(None).shmctl(int(line.split()[1]), 0, None)


def remove(*folders: Path) -> None:
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def keep(home: Path, data: Path, owner: dict[str, Any], command: list[str]) -> None:
    """Run PostgreSQL until it ends; end it and remove its files when stdin is closed."""
    with (home / "log").open("ab") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=data,
            start_new_session=True,
            **owner,
        )
    os.write(1, f"{process.pid}\n".encode())
    os.close(1)
    left = threading.Event()

    def watch() -> None:
        while os.read(0, 1024):
            pass
        left.set()
        # Ends at once, without writing what nobody will read.
        process.send_signal(signal.SIGQUIT)
        time.sleep(STOP)
        process.kill()

    threading.Thread(target=watch, daemon=True).start()
    process.wait()
    if left.is_set():
        forget_memory(data)
        remove(data, home)


if __name__ == "__main__":
    user, group = map(int, sys.argv[3:5])
    changed = {} if user == -1 else {"user": user, "group": group, "extra_groups": []}
    keep(Path(sys.argv[1]), Path(sys.argv[2]), changed, sys.argv[5:])
