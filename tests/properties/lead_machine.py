"""A database and the model of it, side by side: how both are driven and compared."""

from __future__ import annotations

import tempfile
from copy import deepcopy
from pathlib import Path
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition

from leadctl import Choice, LeadctlError, WriteOptions, init, open_crm
from tests.properties.lead_model import Expected, Model

STATUSES = ["open", "contacting", "disqualified", "re_nurture", "qualified"]
# (key, name, group, lead status): those of `init` (C-8), and those that a bare file gets at first.
FULL = [
    ("lead", "Lead", "potential_customer", True),
    ("mql", "Marketing qualified lead (MQL)", "potential_customer", True),
    ("opportunity", "Opportunity", "potential_customer", True),
    ("lost_opportunity", "Lost opportunity", "potential_customer", False),
    ("customer", "Customer", "customer", False),
    ("partner", "Partner", "partner", False),
]
BARE = [
    ("hot", "Hot", "potential_customer", True),
    ("cold", "Cold", "potential_customer", False),
    ("vip", "VIP", "customer", False),
    ("plain", "Plain", None, False),
]
COUNTS = ("matched", "changed", "unchanged", "created", "skipped", "refused", "missing")
EVERYTHING = Choice(all=True, hidden=True)


class SideBySide(RuleBasedStateMachine):
    """What is done to the one is done to the other."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = self.place()
        self.serial = 0

    def place(self) -> Path | str:
        """Where there is nothing yet."""
        return Path(self.folder.name) / "leads.db"

    def begin(self, bare: bool, reentry: bool) -> None:
        """A new file with two users."""
        init(self.path, bare=bare, settings={"lead_status.reentry": "keep"} if reentry else None)
        self.crm = open_crm(self.path, user="u1", synchronous="normal")
        for user in ("u1", "u2"):
            self.crm.users.add(user)
        if bare:
            for _, name, group, flag in BARE:
                self.crm.categories.add(name, group=group, lead_status=flag)
        categories = [
            {"key": key, "name": name, "deleted": False, "rank": rank, "group": group, "flag": flag}
            for rank, (key, name, group, flag) in enumerate(BARE if bare else FULL, 1)
        ]
        self.model = Model(categories, STATUSES)
        if reentry:
            self.model.setting["reentry"]["value"] = "keep"

    def teardown(self) -> None:
        if hasattr(self, "crm"):
            assert [one for one in self.crm.db.check() if not one.ok] == []
            self.crm.close()
        self.folder.cleanup()

    # What a number stands for.

    def at(self, table: str, place: int | None, nothing: Any = None) -> Any:
        """The record at a place of its table; one number in twenty is that of none."""
        if place is None:
            return nothing
        rows = sorted(self.model.tables[table])
        if table in ("company", "person") and (place == 20 or not rows):
            return 999
        return rows[place % len(rows)]

    def all_at(self, table: str, places: list[int]) -> list[int]:
        return [self.at(table, place) for place in places]

    def both(
        self, expected: Any, call: Any, *, keep_going: bool = False, undoes: Any = None
    ) -> Any:
        """Do something to the model and the file; they must agree on how it ends."""
        before = deepcopy(self.model.tables)
        foreseen: Expected = expected()
        last = self.newest()
        result = None
        try:
            result = call(options=WriteOptions(keep_going=keep_going))
            code = ""
        except LeadctlError as error:
            code = error.code
        newest = self.newest()
        if not isinstance(result, dict) and result is not None:
            assert result.change == (newest if newest > last else None)
            counts = {name: getattr(result, name) for name in COUNTS}
            total = sum(counts.values()) - counts["matched"] - counts["missing"]
            assert counts["matched"] == total
            code = "partial" if result.failed and result.succeeded else ""
            if foreseen.counts:
                assert counts == {name: foreseen.counts.get(name, 0) for name in COUNTS}
            for name, number in foreseen.affected.items():
                assert result.affected[name] == number
        assert code == foreseen.code
        assert (newest > last) == foreseen.committed
        if newest > last:
            self.model.note(newest, before, undoes)
        return result

    def newest(self) -> int:
        return int(self.crm.engine.value("SELECT coalesce(max(id), 0) FROM change"))

    def fresh(self, word: str) -> str:
        self.serial += 1
        return f"{word} {self.serial}"

    # What anybody can see.

    @invariant()
    @precondition(lambda self: hasattr(self, "model"))
    def people_agree(self) -> None:
        model = self.model
        expected = [
            {
                "id": id,
                "last_name": person["last_name"],
                "company_id": person["company"],
                "category": (category := model.effective("category", person)),
                "category_group": model.category[category]["group"] if category else None,
                "owner": model.effective("owner", person),
                "lead_status": person["status"],
                "lead_status_active": model.reason(person) is None,
                "lead_status_reason": model.reason(person),
                "retired": person["retired"],
            }
            for id, person in sorted(model.person.items())
        ]
        fields = list(expected[0]) if expected else ["id"]
        assert list(self.crm.people.list(EVERYTHING, fields=fields)) == expected
        assert self.crm.people.count() == sum(not person["retired"] for person in expected)

    @invariant()
    @precondition(lambda self: hasattr(self, "model"))
    def companies_agree(self) -> None:
        model = self.model
        expected = [
            {
                "id": id,
                "name": company["name"],
                "category": (category := company["category"]),
                "lead_status_enabled": bool(category and model.category[category]["flag"]),
                "owner": company["owner"],
                "people": len(model.people_of(id)),
            }
            for id, company in sorted(model.company.items())
        ]
        fields = list(expected[0]) if expected else ["id"]
        assert list(self.crm.companies.list(fields=fields)) == expected

    @invariant()
    @precondition(lambda self: hasattr(self, "model"))
    def lists_agree(self) -> None:
        model = self.model
        categories = {
            key: {
                "key": key,
                "name": item["name"],
                "group": item["group"],
                "lead_status_enabled": item["flag"],
                "deleted": item["deleted"],
                "rank": item["rank"],
                "companies": sum(c["category"] == key for c in model.company.values()),
                "people": sum(model.effective("category", p) == key for p in model.person.values()),
            }
            for key, item in model.category.items()
        }
        statuses = {
            key: {
                "key": key,
                "is_default": item["default"],
                "deleted": item["deleted"],
                "people": sum(p["status"] == key for p in model.person.values()),
            }
            for key, item in model.lead_status.items()
        }
        for noun, items in ((self.crm.categories, categories), (self.crm.lead_statuses, statuses)):
            fields = list(next(iter(items.values())))
            found = {row["key"]: row for row in noun.list(EVERYTHING, fields=fields)}
            assert found == items


def words(named: dict[str, Any]) -> dict[str, Any]:
    """What a caller says: ``none`` for no reference, ``lead_status`` for the status."""
    return {
        {"status": "lead_status"}.get(field, field): "none" if value is None else value
        for field, value in named.items()
    }
