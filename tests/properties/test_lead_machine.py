"""The library against the model, step by step, on a real file and a real server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from leadctl import LeadctlError, WriteOptions, open_crm
from tests.properties.lead_machine import SideBySide, words
from tests.properties.worlds import modest

# Mostly the first few records, so that changes meet.
PLACE = st.integers(0, 3) | st.integers(0, 20)
PLACES = st.lists(PLACE, min_size=1, max_size=4)
MAYBE = st.none() | PLACE
GROUP = st.sampled_from(["potential_customer", "potential_customer", "customer", "lost", None])
FLAG = st.booleans()


class LeadMachine(SideBySide):
    """Each rule does the same to the file and to the model."""

    @initialize(bare=FLAG, reentry=FLAG)
    def start(self, bare: bool, reentry: bool) -> None:
        self.begin(bare, reentry)
        # Two companies with lead status and one without, and people of all sorts.
        for category in (1, 1 if bare else 3, 0):
            self.add_company(category)
        for company in (0, 0, 1, 2, None):
            self.add_person(company, None, None, None)
        self.set_status([0], 4, False)
        self.set_status([2], 2, False)
        self.edit_people([4], None, False, 1, None, 0, False)

    # People.

    @rule(company=MAYBE, category=MAYBE, status=MAYBE, owner=st.sampled_from([None, "u2", "none"]))
    def add_person(
        self, company: int | None, category: int | None, status: int | None, owner: str | None
    ) -> None:
        named: dict[str, Any] = {"last_name": self.fresh("Person")}
        if company is not None and company < 20:
            named["company"] = self.at("company", company)
            if named["company"] == 999:
                return
        # A category or owner beside a company is tried only now and then.
        if category is not None and (company is None or category > 15):
            named["category"] = self.at("category", category)
        if owner is not None and (company is None or (category or 0) > 15):
            named["owner"] = None if owner == "none" else owner
        if status is not None and status < 10:
            named["status"] = self.at("lead_status", status)
        self.both(
            lambda: self.model.add_person(**named),
            lambda options: self.crm.people.add(**words(named), options=options),
        )

    @rule(people=PLACES, status=MAYBE, keep_going=FLAG)
    def set_status(self, people: list[int], status: int | None, keep_going: bool) -> None:
        """Without a status: the one that the first person has, which may be deleted (E-2)."""
        ids = self.all_at("person", people)
        present = self.model.person.get(ids[0], {}).get("status") or "open"
        key = self.at("lead_status", status, present)
        self.both(
            lambda: self.model.edit_people(ids, keep_going, status=key),
            lambda options: self.crm.people.set_status(ids, key, options),
            keep_going=keep_going,
        )

    @rule(people=PLACES, company=MAYBE, keep_going=FLAG)
    def move(self, people: list[int], company: int | None, keep_going: bool) -> None:
        ids, target = self.all_at("person", people), self.at("company", company)
        if target == 999:
            return
        self.both(
            lambda: self.model.edit_people(ids, keep_going, company=target),
            lambda options: self.crm.people.move(ids, target or "none", options),
            keep_going=keep_going,
        )

    @rule(
        people=PLACES,
        company=st.none() | MAYBE,
        leave=FLAG,
        category=st.none() | MAYBE,
        owner=st.sampled_from([None, None, "u1", "u2", "none"]),
        status=st.none() | MAYBE,
        keep_going=FLAG,
    )
    def edit_people(
        self,
        people: list[int],
        company: int | None,
        leave: bool,
        category: int | None,
        owner: str | None,
        status: int | None,
        keep_going: bool,
    ) -> None:
        ids = self.all_at("person", people)
        named: dict[str, Any] = {"last_name": self.fresh("Person")}
        if leave:
            named["company"] = None
        elif company is not None and (target := self.at("company", company)) != 999:
            named["company"] = target
        if category is not None:
            named["category"] = None if category == 20 else self.at("category", category)
        if owner is not None:
            named["owner"] = None if owner == "none" else owner
        if status is not None:
            named["status"] = self.at("lead_status", status)
        self.both(
            lambda: self.model.edit_people(ids, keep_going, **named),
            lambda options: self.crm.people.edit(ids, **words(named), options=options),
            keep_going=keep_going,
        )

    @rule(people=PLACES, undo=FLAG, keep_going=FLAG)
    def retire(self, people: list[int], undo: bool, keep_going: bool) -> None:
        ids = self.all_at("person", people)
        self.both(
            lambda: self.model.retire(ids, keep_going, not undo),
            lambda options: self.crm.people.retire(ids, undo=undo, options=options),
            keep_going=keep_going,
        )

    @rule(source=st.integers(0, 19), into=st.integers(0, 19))
    @precondition(lambda self: self.model.person)
    def merge(self, source: int, into: int) -> None:
        source, into = self.at("person", source), self.at("person", into)
        self.both(
            lambda: self.model.merge(source, into),
            lambda options: self.crm.people.merge(source, into, options),
        )

    @rule(people=PLACES, keep_going=FLAG)
    def delete_people(self, people: list[int], keep_going: bool) -> None:
        ids = self.all_at("person", people[:2])
        self.both(
            lambda: self.model.delete_people(ids, keep_going),
            lambda options: self.crm.people.delete(ids, options),
            keep_going=keep_going,
        )

    # Companies.

    @rule(category=MAYBE)
    def add_company(self, category: int | None) -> None:
        name, key = self.fresh("Company"), self.at("category", category)
        self.both(
            lambda: self.model.add_company(name, key),
            lambda options: self.crm.companies.add(name, category=key, options=options),
        )

    @rule(companies=PLACES, category=MAYBE, keep_going=FLAG)
    def set_category(self, companies: list[int], category: int | None, keep_going: bool) -> None:
        ids, key = self.all_at("company", companies), self.at("category", category)
        self.both(
            lambda: self.model.edit_companies(ids, keep_going, category=key),
            lambda options: self.crm.companies.set_category(ids, key or "none", options),
            keep_going=keep_going,
        )

    @rule(companies=PLACES, keep_going=FLAG)
    def next_category(self, companies: list[int], keep_going: bool) -> None:
        ids = self.all_at("company", companies)
        self.both(
            lambda: self.model.edit_companies(ids, keep_going, category="next"),
            lambda options: self.crm.companies.next_category(ids, options),
            keep_going=keep_going,
        )

    @rule(companies=PLACES, category=MAYBE, owner=st.sampled_from([None, "u2", "none"]))
    def edit_companies(self, companies: list[int], category: int | None, owner: str | None) -> None:
        ids = self.all_at("company", companies)
        named: dict[str, Any] = {"name": self.fresh("Company")}
        if category is not None:
            named["category"] = None if category == 20 else self.at("category", category)
        if owner is not None:
            named["owner"] = None if owner == "none" else owner
        self.both(
            lambda: self.model.edit_companies(ids, False, **named),
            lambda options: self.crm.companies.edit(ids, **words(named), options=options),
        )

    @rule(
        companies=PLACES, people=st.sampled_from([None, "delete", "keep", "keep"]), keep_going=FLAG
    )
    def delete_companies(self, companies: list[int], people: str | None, keep_going: bool) -> None:
        ids = self.all_at("company", companies[:2])
        self.both(
            lambda: self.model.delete_companies(ids, keep_going, people),
            lambda options: self.crm.companies.delete(ids, people=people, options=options),
            keep_going=keep_going,
        )

    # Lists and settings.

    @rule(group=GROUP, flag=FLAG)
    def add_category(self, group: str | None, flag: bool) -> None:
        name = self.fresh("Kind")
        key = name.lower().replace(" ", "_")
        self.both(
            lambda: self.model.add_item("category", key, name, group=group, flag=flag),
            lambda options: self.crm.categories.add(
                name, group=group, lead_status=flag, options=options
            ),
        )

    @rule(
        category=PLACE,
        group=st.just("same") | GROUP,
        flag=st.none() | FLAG,
        backfill=FLAG,
        rename=FLAG,
    )
    def edit_category(
        self, category: int, group: str | None, flag: bool | None, backfill: bool, rename: bool
    ) -> None:
        key = self.at("category", category)
        named: dict[str, Any] = {"name": self.fresh("Kind")} if rename else {}
        named |= {} if group == "same" else {"group": group}
        named |= {} if flag is None else {"flag": flag}
        if not named and not backfill:
            return
        options_of = {"name": "name", "group": "group", "flag": "lead_status"}
        spoken = {options_of[field]: value for field, value in words(named).items()}
        self.both(
            lambda: self.model.edit_category(key, backfill, **named),
            lambda options: self.crm.categories.edit(
                key, backfill=backfill, options=options, **spoken
            ),
        )

    @rule(category=PLACE, other=PLACE, after=FLAG)
    def move_category(self, category: int, other: int, after: bool) -> None:
        key, beside = self.at("category", category), self.at("category", other)
        side = {"after" if after else "before": beside}
        self.both(
            lambda: self.model.move_category(key, beside, after),
            lambda options: self.crm.categories.move(key, **side, options=options),
        )

    @rule(category=PLACE, status=PLACE, which=FLAG, deleted=FLAG)
    def delete_or_restore(self, category: int, status: int, which: bool, deleted: bool) -> None:
        table = "category" if which else "lead_status"
        noun = self.crm.categories if which else self.crm.lead_statuses
        key = self.at(table, category if which else status)
        if deleted:
            self.both(
                lambda: self.model.delete_item(table, key),
                lambda options: noun.delete(key, options=options),
            )
        else:
            self.both(
                lambda: self.model.restore_item(table, key),
                lambda options: noun.restore(key, options),
            )

    @rule(status=PLACE)
    def delete_default_status(self, status: int) -> None:
        key, other = self.model.default, self.at("lead_status", status)
        self.both(
            lambda: self.model.delete_item("lead_status", key, other),
            lambda options: self.crm.lead_statuses.delete(key, default=other, options=options),
        )

    @rule(status=PLACE)
    def make_default(self, status: int) -> None:
        key = self.at("lead_status", status)
        self.both(
            lambda: self.model.make_default(key),
            lambda options: self.crm.lead_statuses.edit(key, default=True, options=options),
        )

    @rule(value=st.sampled_from(["reset", "keep", "true", "false"]))
    def change_setting(self, value: str) -> None:
        key = "reentry" if value in ("reset", "keep") else "require_company"
        self.both(
            lambda: self.model.set(key, value),
            lambda options: self.crm.settings.set(f"lead_status.{key}", value, options),
        )

    # Changes.

    @rule(back=st.integers(0, 8))
    def undo(self, back: int) -> None:
        """Take back what is not undone yet; an undo may be taken back too, which is redo."""
        standing = sorted(set(self.model.changes) - self.model.undone)
        if not standing:
            return
        number = standing[-1 - back % len(standing)]
        # What was made and then changed to and fro may count as changed, or as what it was.
        if self.model.is_touched(number) and self.refuses(number):
            return
        self.both(
            lambda: self.model.undo(number),
            lambda options: self.crm.changes.undo(number, options),
            undoes=number,
        )

    def refuses(self, number: int) -> bool:
        try:
            self.crm.changes.undo(number, WriteOptions(dry_run=True))
        except LeadctlError as error:
            code = error.code
        else:
            return False
        assert code == "changed_since"
        return True

    @rule()
    def reopen(self) -> None:
        self.crm.close()
        self.crm = open_crm(self.path, user="u1", synchronous="normal")


TestLeadMachine = LeadMachine.TestCase
TestLeadMachine.settings = modest(80, stateful_step_count=40)


class OnServer(LeadMachine):
    """The same on PostgreSQL."""

    make: ClassVar[Callable[..., str]]

    def place(self) -> str:
        return type(self).make(of="template0")


class TestOnServer(OnServer.TestCase):
    settings = modest(3, stateful_step_count=20)

    @pytest.fixture(autouse=True)
    def _server(self, ready_address: Callable[..., str]) -> None:
        OnServer.make = ready_address
