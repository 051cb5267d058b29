"""Web forms: what they do with submissions, and what they give to whom they add."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leadctl.core.batch import Plan, changing
from leadctl.core.noun import Noun
from leadctl.core.refs import find_item_or_none
from leadctl.core.values import assignment, insertion, texts
from leadctl.errors import NotFound, Reason, Refused, UsageError, no_value
from leadctl.labels import keys_of
from leadctl.model import Choice, Mode, Record, Report, Result, WriteOptions
from leadctl.rules.leads import deleted_item
from leadctl.rules.naming import checked_name, folded, text_of
from leadctl.store import form, lists

if TYPE_CHECKING:
    from leadctl.core.crm import Crm
    from leadctl.core.refs import Item


class Forms(Noun):
    """Forms, by name."""

    source = form.FORMS
    table = form.FORM

    def show(self, id: int | str) -> Record:
        """One form by its name. Raises NotFound."""
        return next(self.list(Choice(ids=(find_form(self._crm, str(id)),))))

    def has(self, name: str) -> bool:
        """Whether there is a form of this name, ignoring case."""
        key = folded(name.strip())
        return bool(self._engine.value("SELECT 1 FROM form WHERE name_key = :key", key=key))

    def add(
        self,
        name: str,
        *,
        mode: str = Mode.AUTO,
        category: str | None = None,
        selection: str | None = None,
        owner: str | None = None,
        options: WriteOptions | None = None,
    ) -> Record:
        """Add a form and return it.

        ``mode`` is ``"auto"``, ``"known"`` or ``"manual"`` (15.1). Whom the form adds gets
        ``category`` and ``owner`` (F-4); whoever sends it is added to the static ``selection`` of
        people (F-3). Raises Refused for a name that is taken and a deleted
        category, NotFound for a category or user that there is not.
        """
        with changing(self._crm, "form add", options) as work:
            values = self._values(mode, category, selection, owner)
            values["name"] = self._new_name(name)
            cells, parameters = insertion(self.table, values, {})
            work.gate.create(self.table, cells, **parameters)
            work.count_created()
            return self.show(values["name"])

    def edit(
        self,
        key: str,
        *,
        name: str | None = None,
        mode: str | None = None,
        category: str | None = None,
        selection: str | None = None,
        owner: str | None = None,
        options: WriteOptions | None = None,
    ) -> Report:
        """Change the form named ``key``. What is ``None`` stays, an empty text clears, as does
        ``"none"`` for category and owner. Submissions that wait follow the form as it is then.
        """
        if all(value is None for value in (name, mode, category, selection, owner)):
            raise UsageError("nothing to change was named")
        with changing(self._crm, "form edit", options) as work:
            id = find_form(self._crm, key)
            values = self._values(mode, category, selection, owner)
            if name is not None:
                values["name"] = self._new_name(name, id)
            work.choose(self.source, Choice(ids=(id,)))
            work.decide(lambda situation: Plan())
            assign, parameters = assignment(self.table, values)
            work.count_changed(work.gate.update(self.table, work.go, assign, **parameters))
        return work.report

    def delete(self, key: str, options: WriteOptions | None = None) -> Report:
        """Delete a form. Raises Refused while captures or people refer to it."""
        with changing(self._crm, "form delete", options) as work:
            id = find_form(self._crm, key)
            used = self._engine.value(
                "SELECT (SELECT count(*) FROM capture WHERE form_id = :id)"
                " + (SELECT count(*) FROM person WHERE form_id = :id)",
                id=id,
            )
            reason = Reason(
                "list_item_in_use",
                "{count} submissions and people came by form {form}",
                "form edit --mode manual lets what comes wait",
                {"count": used, "form": key},
            )
            refused = Plan(result=Result.REFUSED, reason=reason)
            work.choose(self.source, Choice(ids=(id,)))
            work.decide(lambda situation: refused if used else Plan())
            work.count_changed(work.gate.delete(self.table, work.go))
        return work.report

    def _values(
        self, mode: str | None, category: str | None, selection: str | None, owner: str | None
    ) -> dict[str, Any]:
        # By its name: a setup is applied before there are selections.
        values: dict[str, Any] = dict(texts("form", {"selection": selection}))
        if mode is not None:
            values["mode"] = parse_mode(mode)
        if category is not None:
            item = find_item_or_none(self._crm, lists.CATEGORIES, category)
            if item.deleted:
                raise Refused.of(deleted_item(item.key))
            values["category"] = item.id or None
        if owner is not None:
            values["owner"] = find_item_or_none(self._crm, lists.USERS, owner).id or None
        return values

    def _new_name(self, name: str, id: int | None = None) -> str:
        """A checked name that no other form has, ignoring case."""
        checked = checked_name("form", name)
        other = _look_up(self._crm, checked)
        if other not in (None, id):
            raise Refused(
                "{name} is taken by {entity} {key}",
                code="name_taken",
                name=checked,
                entity="form",
                key=checked,
            )
        return checked


def parse_mode(text: str) -> str:
    """A mode by key or label of any language. Raises UsageError (``form_unknown_mode``)."""
    keys = keys_of("mode", text)
    if len(keys) != 1:
        raise no_value("--mode", text, [mode.value for mode in Mode], code="form_unknown_mode")
    return next(iter(keys))


def find_form(crm: Crm, name: str) -> int:
    """The number of a form by its name, ignoring case. Raises NotFound."""
    id = _look_up(crm, name)
    if id is None:
        known = [row[0] for row in crm.engine.query("SELECT name FROM form ORDER BY name LIMIT 50")]
        raise NotFound(
            "{entity} {id} does not exist",
            hint="there are: {known}" if known else "there is none yet",
            entity="form",
            id=name,
            known=known,
        )
    return id


def named_by_form(crm: Crm, column: str, item: Item) -> Reason | None:
    """Why an item cannot be deleted: a form gives it to whom it adds (AU-17).

    ``column`` is ``"category"`` or ``"owner"``.
    """
    name = crm.engine.value(
        f"SELECT name FROM form WHERE {column}_id = :id ORDER BY id", id=item.id
    )
    if name is None:
        return None
    return Reason(
        "list_item_in_use",
        "form {form} names {key}",
        "form edit gives the form another one, or none",
        {"form": name, "key": item.key},
    )


def _look_up(crm: Crm, name: str) -> int | None:
    found = crm.engine.value(
        "SELECT id FROM form WHERE name_key = :key", key=folded(text_of("form", name).strip())
    )
    return None if found is None else int(found)
