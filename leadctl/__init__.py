"""Leads and sales opportunities in one SQLite file, by the rules of two real systems.

::

    from leadctl import open_crm

    with open_crm("leads.db") as crm:
        report = crm.people.set_status([1, 2], "qualified")
        print(report.changed)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from leadctl.core.crm import Crm, open_crm
    from leadctl.core.files import init
    from leadctl.core.imports import ImportFile
    from leadctl.core.replacing import Replacement
    from leadctl.errors import LeadctlError
    from leadctl.model import Choice, Report, WriteOptions

__version__ = "0.1.0"
__all__ = [
    "Choice",
    "Crm",
    "ImportFile",
    "LeadctlError",
    "Replacement",
    "Report",
    "WriteOptions",
    "init",
    "open_crm",
]
_HOMES = {
    "Choice": "leadctl.model",
    "Crm": "leadctl.core.crm",
    "ImportFile": "leadctl.core.imports",
    "LeadctlError": "leadctl.errors",
    "Replacement": "leadctl.core.replacing",
    "Report": "leadctl.model",
    "WriteOptions": "leadctl.model",
    "init": "leadctl.core.files",
    "open_crm": "leadctl.core.crm",
}


def __getattr__(name: str) -> Any:
    # Resolved on first use: a shell loop pays for every import a thousand times.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
