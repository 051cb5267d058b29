"""Making a new file. It appears under its name when it is complete, or not at all."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadctl.config import DATA_OPTIONS, is_address
from leadctl.core.categories import BUILT_IN
from leadctl.core.clock import Clock
from leadctl.core.crm import Crm, checked_user, open_crm
from leadctl.core.newfiles import new_file, publish
from leadctl.core.settings import first_rows
from leadctl.errors import StartOver
from leadctl.labels import en
from leadctl.rules.naming import folded
from leadctl.store.migrations import migrate, seed
from leadctl.store.opening import connect
from leadctl.store.sqlite_open import open_file

if TYPE_CHECKING:
    from collections.abc import Mapping

# The stages of the ready sales cycle: number, completed %, chances %.
STANDARD = {
    "initial": (10, 5, 10),
    "qualification": (20, 20, 30),
    "presentation": (30, 50, 50),
    "proposal": (40, 75, 70),
    "sign_contract": (50, 90, 90),
}
LAST_TO_SKIP = 30
# Seconds to wait for somebody else who makes the same.
LOCK_WAIT = 5.0


def init(
    path: str | Path = "leads.db",
    *,
    bare: bool = False,
    settings: Mapping[str, Any] | None = None,
    setup: str | None = None,
) -> bool:
    """Make a new leadctl file with the built-in lists; ``bare`` leaves out categories,
    sales cycles and close codes.

    ``settings`` are first values for the settings of the data, ``setup`` a file for
    ``Setup.apply``, whose errors are raised. Returns whether the file was made:
    a leadctl file of this schema is left as it is. Raises DatabaseError for anything else that
    stands there, and for a folder that is missing or cannot be written to. ``path`` may be the
    address of a database on a PostgreSQL server, which createdb has made.
    """
    values = {key: option.default for key, option in DATA_OPTIONS.items()} | dict(settings or {})
    rows = _rows(values, bare)
    if is_address(path):
        return _init_server(str(path), rows, setup)
    target = Path(path)
    if os.path.lexists(target):
        open_crm(target).close()
        return False
    # The file is built under another name: a crash must not leave half a database under this one.
    with new_file(target) as draft:
        engine = open_file(draft, lock_wait=0, new=True)
        try:
            engine.value("PRAGMA journal_mode = WAL")
            migrate(engine)
            seed(engine, rows)
        finally:
            engine.close()
        if setup is not None:
            with open_crm(draft) as crm:
                crm.setup.apply(setup)
        try:
            publish(draft, target)
        except FileExistsError:
            open_crm(target).close()
            return False
    return True


def _init_server(
    address: str, rows: Mapping[str, list[Mapping[str, Any]]], setup: str | None
) -> bool:
    """The same in a database of a server, in one transaction."""
    with closing(connect(address, lock_wait=LOCK_WAIT, new=True)) as engine:
        if engine.schema:
            open_crm(address).close()
            return False
        try:
            with engine.transaction():
                migrate(engine)
                seed(engine, rows)
                if setup is not None:
                    Crm(engine, user=checked_user(None), clock=Clock(), language="en").setup.apply(
                        setup
                    )
        except StartOver:
            # Somebody else was faster.
            open_crm(address).close()
            return False
    return True


def _rows(settings: Mapping[str, Any], bare: bool) -> dict[str, list[Mapping[str, Any]]]:
    statuses: list[Mapping[str, Any]] = [
        {
            "key": key,
            "name": name,
            "name_key": folded(name),
            "description": en.LEAD_STATUS_DESCRIPTION[key],
            "rank": rank,
            "is_default": int(rank == 1),
            "builtin": 1,
        }
        for rank, (key, name) in enumerate(en.LEAD_STATUS.items(), 1)
    ]
    categories: list[Mapping[str, Any]] = [
        {
            "key": key,
            "name": name,
            "name_key": folded(name),
            "group_key": BUILT_IN[key][0].value,
            "lead_status_enabled": int(BUILT_IN[key][1]),
            "description": en.CATEGORY_DESCRIPTION[key],
            "rank": rank,
            "builtin": 1,
        }
        for rank, (key, name) in enumerate(en.CATEGORY.items(), 1)
    ]
    lists: dict[str, list[Mapping[str, Any]]] = {
        "setting": first_rows(settings),
        "lead_status": statuses,
    }
    if bare:
        return lists
    return lists | {"category": categories, **_selling()}


def _selling() -> dict[str, list[Mapping[str, Any]]]:
    """The ready sales cycle and close codes."""
    cycles: list[Mapping[str, Any]] = [
        {"id": number, "key": key, "name": name, "name_key": folded(name), "builtin": 1}
        for number, (key, name) in enumerate(en.CYCLE.items(), 1)
    ]
    stages: list[Mapping[str, Any]] = [
        {
            "cycle_id": 1,
            "number": number,
            "name": en.STAGE[key],
            "name_key": folded(en.STAGE[key]),
            "completed": completed * 100,
            "chances": chances * 100,
            "quote_required": int(key == "proposal"),
            "allow_skip": int(number <= LAST_TO_SKIP),
            "builtin": 1,
        }
        for key, (number, completed, chances) in STANDARD.items()
    ]
    codes: list[Mapping[str, Any]] = [
        {
            "key": key,
            "name": name,
            "name_key": folded(name),
            "outcome": key.partition("_")[0],
            "builtin": 1,
        }
        for key, name in en.CLOSE_CODE.items()
    ]
    return {"sales_cycle": cycles, "stage": stages, "close_code": codes}
