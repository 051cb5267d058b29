"""The setup of a file as one YAML: lists, rules and settings, to be kept under version control.

``apply`` brings a file to what the YAML says, by the same methods as the verbs; what the YAML
leaves out is left alone. ``export`` writes it: no date, no number of a record, a stable order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leadctl.core.repeating import repeating
from leadctl.core.setup_export import content
from leadctl.core.setup_items import read_steps
from leadctl.core.setup_report import report_of
from leadctl.core.yamlfile import Problem, raise_all, read_yaml, write_yaml
from leadctl.errors import NotFound, Refused, UsageError
from leadctl.model import WriteOptions

if TYPE_CHECKING:
    from leadctl.core.crm import Crm
    from leadctl.model import Report


@repeating
class Setup:
    """Lists, rules and settings as one document."""

    def __init__(self, crm: Crm) -> None:
        self._crm = crm

    def content(self) -> dict[str, Any]:
        """The setup as a dictionary: section -> items."""
        return content(self._crm)

    def export(self) -> str:
        """The setup as YAML; applied to a bare file, that exports the same."""
        return write_yaml(self.content())

    def apply(self, name: str, options: WriteOptions | None = None) -> Report:
        """Bring the file to what the YAML file ``name`` says, as one change.

        Items are found by their keys, stages by their numbers, forms by name, automation by
        trigger. The report counts the items named. Raises NotFound for a file that is not there,
        else one error with all problems and their lines: UsageError for what cannot be
        understood, NotFound for what is named and does not exist, Refused by a rule.
        """
        options = options or WriteOptions()
        problems: list[Problem] = []
        steps = read_steps(read_yaml(name, problems), problems)
        raise_all(name, problems)
        with self._crm.change("setup apply", **options._asdict()) as whole:
            for step in steps:
                # What depends on all the others would only repeat what is wrong with them.
                if step.item or not problems:
                    try:
                        step.run(self._crm)
                    except (UsageError, NotFound, Refused) as error:
                        problems.append(Problem(step.line, error))
            raise_all(name, problems)
            named = sum(step.item for step in steps)
            whole.report, lines = report_of(self._crm, whole, named)
        report = whole.report
        if options.details:
            report.details = lambda: (line | {"change": report.change} for line in lines)
        return report
