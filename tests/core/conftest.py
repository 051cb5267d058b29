"""The sample of a file with records of every kind, to be copied."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from leadctl import open_crm
from tests import sample
from tests.core.copied import LARGEST, WEIRD, as_json, newest, spoil


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with records of every kind, and with values of every kind."""
    folder = tmp_path_factory.mktemp("sample")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        patch.setenv("LEADCTL_USER", "anna")
        patch.setenv("LEADCTL_TODAY", sample.TODAY)
        sample.build(folder)
        spoil(
            folder / "leads.db",
            f"UPDATE category SET rank = {LARGEST} WHERE key = 'dormant';"
            f"UPDATE company SET extra = {as_json('Key')}, extra_key = {as_json('key')} WHERE id = 1",
        )
        with open_crm(folder / "leads.db", user="ben") as crm:
            # The newest of these are deleted: their numbers are not given again.
            crm.companies.add("Gone")
            crm.companies.delete(newest(crm))
            undone = crm.people.edit(1, title="Undone").change
            crm.changes.undo(undone)
            crm.people.edit(2, title="Boss")
            crm.companies.edit(1, website=WEIRD)
            crm.find("kari")
    return folder / "leads.db"


@pytest.fixture
def rich(kept: Path, tmp_path: Path) -> Path:
    """That file, to do with what one likes."""
    return Path(shutil.copy(kept, tmp_path / "rich.db"))
