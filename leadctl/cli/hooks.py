"""Hooks and notifications of the configuration, after the commit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from leadctl.core.distributing import assignments
from leadctl.core.hooks import TIME_LIMIT, append_to, inside_hook, run_command
from leadctl.errors import LeadctlError, Reason

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from leadctl.cli.call import Call


def tell(call: Call, changes: Mapping[int, Collection[str]]) -> None:
    """Tell hooks of changes (number -> the verbs that made it): undoing fires none, and neither do
    commands that a hook runs. What goes wrong is a notice.
    """
    if inside_hook():
        return
    try:
        for change, verbs in changes.items():
            for problem in _told(call, change, verbs):
                call.notice(problem)
    except (LeadctlError, OSError) as problem:
        reason = Reason("", "the hooks were not run: {problem}", details={"problem": str(problem)})
        call.notice(reason)


def _told(call: Call, change: int, verbs: Collection[str]) -> Iterator[Reason]:
    if set(verbs) <= {"change undo"}:
        return
    settings = call.settings
    command = settings["hooks.after_change"].value
    if command and (problem := run_command(command, call.crm.changes.lines(change), TIME_LIMIT)):
        yield problem
    if "person distribute" not in verbs or next(assignments(call.crm, change), None) is None:
        return
    command, file = settings["notify.command"].value, settings["notify.file"].value
    if command and (problem := run_command(command, assignments(call.crm, change), TIME_LIMIT)):
        yield problem
    if file and (problem := append_to(Path(file), assignments(call.crm, change))):
        yield problem
