"""What users install: the files in the packages, the version, the ranges of the dependencies."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

import leadctl
from tests.console import ROOT
from tests.lowest import lowest

NAME = f"leadctl-{leadctl.__version__}"
CODE = {str(file.relative_to(ROOT)) for file in ROOT.glob("leadctl/**/*.py")} | {"leadctl/py.typed"}
BESIDE = {"CHANGELOG.md", "LICENSE", "MANIFEST.in", "README.md", "config.example.yaml"}
MANUAL = {file.name for file in (ROOT / "man").glob("*.1")}
BUILD = "import sys; from setuptools import build_meta as m; print(getattr(m, sys.argv[1])(sys.argv[2]))"


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the wheel and the sdist, built of a copy."""
    if int(version("setuptools").partition(".")[0]) < 77:
        pytest.skip("setuptools is too old to build the packages: pip install 'setuptools>=77'")
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("packages")
    for name in ("leadctl", "examples", "man", "tests", "docs"):
        left_out = shutil.ignore_patterns("__pycache__", "*.db*")
        shutil.copytree(ROOT / name, source / name, ignore=left_out)
    for name in (*BESIDE, "pyproject.toml"):
        shutil.copy(ROOT / name, source / name)
    (source / "examples" / "mine.db").touch()
    for hook in ("build_wheel", "build_sdist"):
        subprocess.run(
            [sys.executable, "-c", BUILD, hook, target], cwd=source, check=True, capture_output=True
        )
    return target


def test_the_wheel_has_the_package_and_nothing_else(packages: Path) -> None:
    with zipfile.ZipFile(packages / f"{NAME}-py3-none-any.whl") as wheel:
        about = {name for name in wheel.namelist() if name.startswith(f"{NAME}.dist-info/")}
        manual = {f"{NAME}.data/data/share/man/man1/{name}" for name in MANUAL}
        assert set(wheel.namelist()) - about == CODE | manual
        assert f"{NAME}.dist-info/licenses/LICENSE" in about
        assert (
            "leadctl = leadctl.__main__:main"
            in wheel.read(f"{NAME}.dist-info/entry_points.txt").decode()
        )
        metadata = wheel.read(f"{NAME}.dist-info/METADATA").decode()
    assert len(MANUAL) > 20
    for line in (f"Version: {leadctl.__version__}", "Requires-Python: >=3.11"):
        assert f"\n{line}\n" in metadata


def test_the_sdist_has_what_users_read_and_no_tests(packages: Path) -> None:
    with tarfile.open(packages / f"{NAME}.tar.gz") as sdist:
        names = {name.name.partition("/")[2] for name in sdist.getmembers() if name.isfile()}
    made = {name for name in names if name.startswith("leadctl.egg-info/")} | {
        "PKG-INFO",
        "setup.cfg",
    }
    files = (file for file in (ROOT / "examples").rglob("*") if file.is_file())
    examples = {str(file.relative_to(ROOT)) for file in files if "__pycache__" not in file.parts}
    examples = {name for name in examples if ".db" not in name}
    manual = {f"man/{name}" for name in MANUAL}
    assert names - made == CODE | BESIDE | examples | manual | {"pyproject.toml"}


def test_the_module_can_be_run() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "leadctl", "--version"], capture_output=True, text=True, check=True
    )
    assert ran.stdout == f"leadctl {leadctl.__version__}\n"


def test_every_dependency_has_a_lowest_version() -> None:
    # .ci/run runs the demo with these.
    found = lowest()
    assert len(found) > 5
    assert all(">" not in line and "==" in line for line in found), found
