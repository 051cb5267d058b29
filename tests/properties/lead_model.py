"""The lead rules once more, as plainly as they can be said: one record after the other, in Python.

Written from ``leads.md`` (sections 3 to 6) and ``decisions.md``, not from the product.
"""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from typing import Any, NamedTuple

Record = dict[str, Any]
Tables = dict[str, dict[Any, Record]]
FAILED = ("skipped", "refused", "missing")


class Stop(Exception):
    """A rule keeps one record from being changed: the result, and the code of the reason."""


class Expected(NamedTuple):
    """What a command must come to: error code, report, and whether a change is committed."""

    code: str
    counts: dict[str, int]
    affected: dict[str, int]
    committed: bool


class Entry(NamedTuple):
    """A change: (table, id) -> the record before and after; the change that it undoes."""

    diff: dict[tuple[str, Any], tuple[Record | None, Record | None]]
    undoes: int | None


class Model:
    """Lists, settings, companies and people; list items are known by their keys."""

    def __init__(self, categories: list[Record], statuses: list[str]) -> None:
        self.tables: Tables = {
            "setting": {"reentry": {"value": "reset"}, "require_company": {"value": "false"}},
            "category": {item.pop("key"): item for item in categories},
            "lead_status": {
                key: {"name": key, "deleted": False, "default": rank == 1, "rank": rank}
                for rank, key in enumerate(statuses, 1)
            },
            "company": {},
            "person": {},
        }
        self.numbers = {"company": 0, "person": 0}
        self.changes: dict[int, Entry] = {}
        self.undone: set[int] = set()

    def __getattr__(self, name: str) -> dict[Any, Record]:
        try:
            return self.__dict__["tables"][name]
        except KeyError:
            raise AttributeError(name) from None

    def effective(self, field: str, person: Record) -> str | None:
        """Category or owner: mirrored from the company, or the person's own."""
        return (self.company[person["company"]] if person["company"] else person)[field]

    def why_not(self, category: str | None) -> str | None:
        """Why people with this category have no lead status, or None."""
        if category is None:
            return "no_category"
        item = self.category[category]
        if item["group"] != "potential_customer":
            return "wrong_group"
        return None if item["flag"] else "flag_off"

    def reason(self, person: Record) -> str | None:
        """``lead_status_reason``."""
        if not person["company"] and self.setting["require_company"]["value"] == "true":
            return "no_company"
        return self.why_not(self.effective("category", person))

    @property
    def default(self) -> str:
        """The status of new leads."""
        return next(key for key, item in self.lead_status.items() if item["default"])

    def enter(self, person: Record) -> None:
        """T-1, T-2, T-7, M-2: lead status begins to apply."""
        if person["status"] is None or self.setting["reentry"]["value"] == "reset":
            person["status"] = self.default

    # People.

    def add_person(self, **named: Any) -> Expected:
        def change() -> None:
            fields = ("last_name", "company", "status", "category", "owner")
            person = self.new("person", dict.fromkeys(fields) | {"retired": False})
            self.save(person, named, creating=True)
            if "status" not in named and self.reason(person) is None:
                person["status"] = self.default

        return self.once(change)

    def edit_people(self, ids: list[int], keep_going: bool, **named: Any) -> Expected:
        return self.each("person", ids, keep_going, lambda id: self.save(self.person[id], named))

    def save(self, person: Record, named: Record, creating: bool = False) -> None:
        """Section 4.8 for one person."""
        applied = self.reason(person) is None and not creating
        had = self.effective("category", person)
        left = self.company[person["company"]] if person["company"] else person
        if "company" in named:
            # M-5: who leaves keeps what was mirrored; who enters has nothing of its own.
            stays = named["company"] is None
            for field in ("category", "owner"):
                person[field] = left[field] if stays else None
            person["company"] = named["company"]
        if creating and "owner" not in named:
            person["owner"] = None if person["company"] else "u1"
        for field in ("category", "owner"):
            if field in named and person["company"]:
                raise Stop("skipped", f"{field}_follows_company")
            if field in named:
                person[field] = named[field]
        applies = self.reason(person) is None
        status = named.get("status")
        if status is not None:
            if not (applies or applied):
                raise Stop("skipped", "lead_status_not_applicable")
            if self.lead_status[status]["deleted"] and person["status"] != status:
                raise Stop("refused", "list_item_deleted")
            person["status"] = status
        elif applies and not applied and not creating and {"company", "category"} & set(named):
            self.enter(person)
        self.check_category(named.get("category"), had)
        person["last_name"] = named.get("last_name", person["last_name"])

    def check_category(self, category: str | None, had: str | None) -> None:
        """D-6: deleted categories are not selectable, though kept."""
        if category is not None and category != had and self.category[category]["deleted"]:
            raise Stop("refused", "list_item_deleted")

    def retire(self, ids: list[int], keep_going: bool, retired: bool) -> Expected:
        change = {"retired": retired}
        return self.each("person", ids, keep_going, lambda id: self.person[id].update(change))

    def merge(self, source: int, into: int) -> Expected:
        def change(id: int) -> None:
            if source == into:
                raise Stop("refused", "merge_into_itself")
            del self.person[id]

        return self.each("person", [source], False, change)

    def delete_people(self, ids: list[int], keep_going: bool) -> Expected:
        return self.each("person", ids, keep_going, self.person.pop)

    # Companies.

    def add_company(self, name: str, category: str | None) -> Expected:
        def change() -> None:
            self.check_category(category, None)
            self.new("company", {"name": name, "category": category, "owner": "u1"})

        return self.once(change)

    def edit_companies(self, ids: list[int], keep_going: bool, **named: Any) -> Expected:
        """Name, owner, category; ``category="next"`` is B-20."""
        followed = []

        def change(id: int) -> None:
            company = self.company[id]
            had = company["category"]
            wanted = named.get("category", had)
            if wanted == "next":
                wanted = self.next_category(had)
            self.check_category(wanted, had)
            company |= named
            company["category"] = wanted
            if wanted != had:
                followed.extend(people := self.people_of(id))
                if self.why_not(had) is not None and self.why_not(wanted) is None:
                    for person in people:
                        self.enter(self.person[person])

        return self.each("company", ids, keep_going, change, followed)

    def next_category(self, had: str | None) -> str:
        rank = 0 if had is None else self.category[had]["rank"]
        active = {item["rank"]: k for k, item in self.category.items() if not item["deleted"]}
        if not (later := [number for number in active if number > rank]):
            raise Stop("refused", "no_next_category")
        return active[min(later)]

    def delete_companies(self, ids: list[int], keep_going: bool, people: str | None) -> Expected:
        followed = []

        def change(id: int) -> None:
            members = self.people_of(id)
            if members and people is None:
                raise Stop("refused", "company_has_people")
            for person in members:
                if people == "delete":
                    del self.person[person]
                else:
                    kept = {field: self.company[id][field] for field in ("category", "owner")}
                    self.person[person] |= kept | {"company": None}
            followed.extend(members)
            del self.company[id]

        return self.each("company", ids, keep_going, change, followed)

    def people_of(self, id: int) -> list[int]:
        return [number for number, person in self.person.items() if person["company"] == id]

    # Lists and settings.

    def add_item(self, table: str, key: str, name: str, **values: Any) -> Expected:
        def change() -> None:
            if values.get("flag") and values["group"] != "potential_customer":
                raise Stop("refused", "flag_outside_potential_customer")
            rank = 1 + max((item["rank"] for item in self.tables[table].values()), default=0)
            self.tables[table][key] = {"name": name, "deleted": False, "rank": rank} | values

        return self.once(change)

    def edit_category(self, key: str, backfill: bool, **named: Any) -> Expected:
        def change(key: str) -> None:
            item = self.category[key]
            item |= named
            outside = item["group"] != "potential_customer"
            if named.get("flag") and outside:
                raise Stop("refused", "flag_outside_potential_customer")
            item["flag"] = item["flag"] and not outside
            if backfill and not item["flag"]:
                raise Stop("refused", "usage")
            for person in self.person.values() if backfill else ():
                applies = self.reason(person) is None
                mine = self.effective("category", person) == key
                if applies and mine and person["status"] is None:
                    person["status"] = self.default

        return self.each("category", [key], False, change)

    def delete_item(self, table: str, key: str, default: str | None = None) -> Expected:
        def change(key: str) -> None:
            item = self.tables[table][key]
            if item.get("default"):
                if default is None:
                    raise Stop("refused", "default_status_needed")
                if default == key:
                    raise Stop("refused", "usage")
                if self.lead_status[default]["deleted"]:
                    raise Stop("refused", "list_item_deleted")
                item["default"] = False
                self.lead_status[default]["default"] = True
            item["deleted"] = True

        return self.each(table, [key], False, change)

    def restore_item(self, table: str, key: str) -> Expected:
        def change(key: str) -> None:
            if not self.tables[table][key]["deleted"]:
                raise Stop("refused", "not_deleted")
            self.tables[table][key]["deleted"] = False

        return self.each(table, [key], False, change)

    def make_default(self, key: str) -> Expected:
        def change(key: str) -> None:
            if self.lead_status[key]["deleted"]:
                raise Stop("refused", "list_item_deleted")
            for other, item in self.lead_status.items():
                item["default"] = other == key

        return self.each("lead_status", [key], False, change)

    def move_category(self, key: str, other: str, after: bool) -> Expected:
        def change() -> None:
            if key == other:
                raise Stop("refused", "usage")
            order = sorted(self.category, key=lambda item: self.category[item]["rank"])
            moved = [item for item in order if item != key]
            moved.insert(moved.index(other) + after, key)
            if moved != order:
                for rank, item in enumerate(moved, 1):
                    self.category[item]["rank"] = rank

        return self.once(change)

    def set(self, key: str, value: str) -> Expected:
        return self.each("setting", [key], False, lambda key: self.setting[key].update(value=value))

    # Changes.

    def undo(self, change: int) -> Expected:
        """Take a change back; refused (``changed_since``) where it would trample on what followed."""
        diff = self.changes[change].diff
        before = deepcopy(self.tables)
        stands = True
        for (table, id), (old, new) in diff.items():
            rows = self.tables[table]
            now = rows.get(id)
            if old is None or new is None:
                stands = stands and now == new
                rows |= {} if old is None else {id: deepcopy(old)}
                if old is None:
                    rows.pop(id, None)
            elif now is None:
                stands = False
            else:
                written = {field for field in old if old[field] != new[field]}
                stands = stands and all(now[field] == new[field] for field in written)
                now |= {field: old[field] for field in written}
        if not stands or not self.is_sound():
            self.tables = before
            return Expected("changed_since", {}, {}, False)
        counts = {"matched": len(diff), "changed": len(diff)}
        return Expected("", counts, {}, self.tables != before)

    def is_touched(self, change: int) -> bool:
        """Whether later changes are about a record that this one made."""
        made = {key for key, (old, _) in self.changes[change].diff.items() if old is None}
        return any(made & set(self.changes[later].diff) for later in self.changes if later > change)

    def is_sound(self) -> bool:
        """References lead somewhere, I-1, I-7, and one default that is not deleted."""
        defaults = [item["deleted"] for item in self.lead_status.values() if item["default"]]
        flagged = {item["group"] for item in self.category.values() if item["flag"]}
        people = list(self.person.values())
        categories = {item["category"] for item in [*self.company.values(), *people]}
        return (
            defaults == [False]
            and flagged <= {"potential_customer"}
            and categories <= {None, *self.category}
            and {person["company"] for person in people} <= {None, *self.company}
            and {person["status"] for person in people} <= {None, *self.lead_status}
            and not any(p["company"] and (p["category"] or p["owner"]) for p in people)
        )

    def note(self, number: int, before: Tables, undoes: int | None) -> None:
        """Remember what a committed change did."""
        diff = {}
        for table, rows in self.tables.items():
            for id in {**before[table], **rows}:
                old, new = before[table].get(id), rows.get(id)
                if old != new:
                    diff[table, id] = (deepcopy(old), deepcopy(new))
        self.changes[number] = Entry(diff, undoes)
        if undoes is not None:
            self.undone.add(undoes)
            again = self.changes[undoes].undoes
            self.undone.discard(-1 if again is None else again)

    # One command: `spec/cli.md` sections 2 and 3.

    def new(self, table: str, record: Record) -> Record:
        return self.tables[table].setdefault(self.numbers[table] + 1, record)

    def once(self, change: Any) -> Expected:
        """A command that makes or orders something: done or refused as a whole."""
        before = deepcopy(self.tables)
        try:
            change()
        except Stop as stop:
            self.tables = before
            return Expected(stop.args[1], {}, {}, False)
        for table in self.numbers:
            self.numbers[table] = max([self.numbers[table], *self.tables[table]])
        return Expected("", {}, {}, self.tables != before)

    def each(
        self, table: str, ids: list[Any], keep_going: bool, change: Any, followed: Any = None
    ) -> Expected:
        """A command about several records."""
        before = deepcopy(self.tables)
        found = [id for id in self.tables[table] if id in ids]
        counts = Counter(matched=len(found), missing=len(set(ids) - set(found)))
        codes: dict[str, str] = {"missing": "not_found"}
        stops = () if keep_going else ("missing", "refused")
        for id in sorted(found):
            kept = deepcopy(self.tables)
            try:
                change(id)
            except Stop as stop:
                self.tables = kept
                result, code = stop.args
                counts[result] += 1
                codes.setdefault(result, code)
            else:
                changed = self.tables[table].get(id) != kept[table][id]
                counts["changed" if changed else "unchanged"] += 1
        done = counts["changed"] or counts["unchanged"]
        for result in ("missing", "refused", "skipped"):
            only = result != "missing" or not counts["refused"] + counts["skipped"]
            if counts[result] and (result in stops or (only and not done)):
                self.tables = before
                return Expected(codes[result], {}, {}, False)
        partial = "partial" if any(counts[result] for result in FAILED) else ""
        affected = {} if followed is None else {"people": len(followed)}
        return Expected(partial, counts, affected, self.tables != before)
