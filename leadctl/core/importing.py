"""The staged rows of an import: look up what they name, decide, write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leadctl.core.batch import LookedAt
from leadctl.core.cells import APART, LIST_COLUMNS, Spec, staged_columns
from leadctl.core.companies import enter_people
from leadctl.core.outcome import does_not_exist
from leadctl.errors import Reason
from leadctl.rules.leads import Person, Wish, decide, deleted_item, enters
from leadctl.store import company, person
from leadctl.store.engine import rows_sql

if TYPE_CHECKING:
    from collections.abc import Iterable

    from leadctl.core.batch import Work
    from leadctl.core.imports import ImportFile
    from leadctl.core.rows import BadRows


class Stage:
    """``temp.staged``: a row per good line of the file."""

    def __init__(
        self, work: Work, spec: Spec, fields: tuple[str, ...], bad: BadRows, source: ImportFile
    ) -> None:
        self._work = work
        self._engine = work.engine
        self._spec = spec
        self._fields = fields
        self._bad = bad
        self._source = source
        self._columns = [name for field in fields for name in staged_columns(spec, field)]
        self.total = 0

    def load(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Fill the table."""
        extra = {"record": "INTEGER", "status_after": "INTEGER", "flag": "INTEGER"}
        # Columns that the rules read although the file does not have them.
        for name in (
            "company_id",
            "category_id",
            "owner_id",
            "lead_status_id",
            "lead_status_active",
        ):
            if name not in self._columns:
                extra[name] = "INTEGER"
        # No type: any affinity would make numbers of texts such as 007, or hide an index.
        names = [*self._columns, *(f"{name} {kind}" for name, kind in extra.items())]
        self._engine.execute("DROP TABLE IF EXISTS temp.staged")
        self._engine.execute(
            f"CREATE TEMP TABLE staged (line INTEGER PRIMARY KEY, {', '.join(names)})"
        )
        self.total = self._engine.load("temp.staged", ("line", *self._columns), rows)

    def resolve(self) -> None:
        """Find the companies and the records that the rows name."""
        if "company" in self._fields:
            self._find_companies()
        if self._source.match:
            self._find_matches()
        self._check_unique()
        if self._spec.table.entity == "person":
            self._decide_people()
        elif self._spec.table.entity == "company":
            self._decide_companies()
        else:
            self._need_name("a user needs a name")

    def write(self) -> None:
        """Create and update; what a row leaves empty stays as it is."""
        table, gate = self._spec.table, self._work.gate
        values = {name: f"s.{name}" for name in self._own_columns()}
        if table.entity == "person":
            values |= {
                "company_id": "s.company_id",
                "own_category_id": "s.category_id",
                "own_owner_id": "s.owner_id",
                "lead_status_id": "nullif(s.status_after, 0)",
                "status_since": "CASE WHEN s.status_after > 0 THEN :stamp END",
            }
        for name in ("created_at", "updated_at"):
            if name in values:
                values[name] = f"coalesce(s.{name}, :stamp)"
        if "status_since" in self._columns:
            values["status_since"] = (
                "CASE WHEN s.status_after > 0 THEN coalesce(s.status_since, :stamp) END"
            )
        for name in ("retired", "active", "away"):
            if name in values:
                values[name] = f"coalesce(s.{name}, {int(name == 'active')})"
        created, before = gate.insert(
            table, "(SELECT * FROM temp.staged WHERE record IS NULL)", values, "line"
        )
        report = self._work.report
        report.created = created
        existing = "(SELECT *, record AS id FROM temp.staged WHERE record IS NOT NULL)"
        matched = self._engine.value(f"SELECT count(*) FROM {existing}")
        changed = 0
        if matched and self._source.on_match == "update":
            changed = gate.update(table, existing, self._assignment())
            if table.entity == "company" and "category" in self._fields:
                policy = self._work.crm.policy()
                enter_people(self._work, policy, existing)
        report.changed, report.unchanged = changed, matched - changed
        looked_at = (
            "(SELECT record AS id, 0 AS verdict, 0 AS reason FROM temp.staged WHERE record IS"
            f" NOT NULL UNION ALL SELECT id, 0, 0 FROM {table.name} WHERE id > {before})"
        )
        self._work.looked_at = [LookedAt(table.entity, looked_at)]

    def _own_columns(self) -> list[str]:
        foreign = {"company_kind", "company_text", "company_key", "lead_status_id"}
        foreign |= {"lead_status_active", "status_since"}
        if self._spec.table.entity == "person":
            foreign |= {"category_id", "owner_id"}
        return [name for name in self._columns if name not in foreign]

    def _assignment(self) -> dict[str, str]:
        table = self._spec.table
        assign: dict[str, str] = {}
        for field in self._fields:
            kind = self._spec.fields[field]
            if kind == "company" or field in APART:
                continue
            column = table.column(field)
            staged = LIST_COLUMNS.get(kind, column.name)
            assign[field] = f"coalesce(s.{staged}, t.{column.name})"
            if column.folded:
                assign[f"{field}_key"] = f"coalesce(s.{staged}_key, t.{column.name}_key)"
        if table.entity == "person":
            assign["company_id"] = "coalesce(s.company_id, t.company_id)"
            own = "CASE WHEN s.company_id IS NULL THEN coalesce(s.{0}, t.own_{0}) END"
            assign["category"] = own.format("category_id")
            assign["owner"] = own.format("owner_id")
            assign["lead_status"] = "nullif(s.status_after, 0)"
        return assign

    def _find_companies(self) -> None:
        self._look_up_companies()
        if self._source.create_companies:
            missing = (
                "(SELECT min(line) AS line, company_text AS name, company_key AS name_key"
                " FROM temp.staged WHERE company_kind = 'name' AND company_id IS NULL AND flag = 0"
                " GROUP BY company_key)"
            )
            values = {"name": "s.name", "name_key": "s.name_key"}
            created, _ = self._work.gate.insert(company.TABLE, missing, values, "line")
            self._work.report.affected["companies"] += created
            self._look_up_companies()
        self._bad.from_query(
            "SELECT line, company_text FROM temp.staged WHERE flag > 1 ORDER BY line",
            "company",
            lambda name: Reason(
                "ambiguous_name",
                "more than one company is called {name}",
                "name it by its number or ext:KEY",
                {"name": name},
            ),
        )
        self._bad.from_query(
            "SELECT line, company_text FROM temp.staged WHERE company_kind IS NOT NULL"
            " AND company_id IS NULL ORDER BY line",
            "company",
            lambda name: does_not_exist("company", name),
        )

    def _look_up_companies(self) -> None:
        """Set ``company_id``, and ``flag`` to how many companies have the name."""
        for kind, column in (("id", "id"), ("ext", "external_id"), ("name", "name_key")):
            where = f"FROM company c WHERE c.{column} = staged.company_key"
            self._engine.execute(
                f"UPDATE temp.staged SET company_id = (SELECT max(c.id) {where}),"
                f" flag = (SELECT count(*) {where}) WHERE company_kind = '{kind}'"
            )

    def _find_matches(self) -> None:
        keys = []
        for field in self._source.match:
            # External ids are compared as they are, everything else by its key.
            exact = {"company": "company_id", "external_id": "external_id"}
            keys.append(exact.get(field) or staged_columns(self._spec, field)[-1])
        # Of several fields one may be empty on both sides; nothing at all matches nothing.
        equal = "=" if len(keys) == 1 else "IS NOT DISTINCT FROM"
        same = " AND ".join(f"t.{key} {equal} s.{key}" for key in keys)
        where = f"FROM {self._spec.table.name} t WHERE {same.replace('s.', 'staged.')}"
        self._engine.execute(
            f"UPDATE temp.staged SET record = (SELECT max(t.id) {where}),"
            f" flag = (SELECT count(*) {where})"
        )
        fields = ", ".join(self._source.match)
        empty = " AND ".join(f"{key} IS NULL" for key in keys)
        self._bad.from_query(
            f"SELECT line FROM temp.staged WHERE {empty} ORDER BY line",
            self._source.match[0],
            lambda: Reason(
                "row_invalid", "{fields} is empty: it cannot be matched", details={"fields": fields}
            ),
        )
        self._bad.from_query(
            "SELECT line, flag FROM temp.staged WHERE flag > 1 ORDER BY line",
            self._source.match[0],
            lambda count: Reason(
                "ambiguous_match",
                "{count} records have the same {fields}",
                details={"count": count, "fields": fields},
            ),
        )
        listed = ", ".join(keys)
        self._bad.from_query(
            f"SELECT line, first FROM (SELECT line, min(line) OVER (PARTITION BY {listed}) AS first"
            " FROM temp.staged) WHERE line > first ORDER BY line",
            self._source.match[0],
            lambda first: Reason(
                "row_invalid",
                "the same {fields} as in line {first}",
                details={"fields": fields, "first": first},
            ),
        )
        if self._source.on_match == "refuse":
            self._bad.from_query(
                "SELECT line, record FROM temp.staged WHERE record IS NOT NULL ORDER BY line",
                self._source.match[0],
                lambda id: Reason("exists", "it exists already as {id}", details={"id": id}),
            )

    def _check_unique(self) -> None:
        """No two records may share an external id (or a user's name)."""
        names = {"external_id": "external_id_taken"}
        if self._spec.table.entity == "user":
            names = {"name_key": "name_taken", "key": "name_taken"}
        for name, code in names.items():
            if name not in self._columns:
                continue
            field = name.removesuffix("_key")
            other = "name_key" if name == "key" else name
            self._bad.from_query(
                f"SELECT s.line, s.{other} FROM temp.staged s JOIN {self._spec.table.name} t"
                f" ON t.{name} = s.{other} WHERE s.record IS NULL OR s.record <> t.id"
                " ORDER BY s.line",
                field,
                lambda value, code=code: Reason(
                    code, "{value} belongs to another record", details={"value": value}
                ),
            )
            self._bad.from_query(
                f"SELECT line, first FROM (SELECT line, min(line) OVER (PARTITION BY {other}) AS"
                f" first FROM temp.staged WHERE {other} IS NOT NULL) WHERE line > first ORDER BY line",
                field,
                lambda first, field=field: Reason(
                    "row_invalid",
                    "the same {fields} as in line {first}",
                    details={"fields": field, "first": first},
                ),
            )

    def _need_name(self, template: str) -> None:
        if "name" not in self._columns:
            self._engine.execute("ALTER TABLE temp.staged ADD COLUMN name TEXT")
        self._bad.from_query(
            "SELECT line FROM temp.staged WHERE record IS NULL AND trim(coalesce(name, '')) = ''"
            " ORDER BY line",
            "name",
            lambda: Reason("name_required", template),
        )

    def _decide_companies(self) -> None:
        self._need_name("a company needs a name")
        policy = self._work.crm.policy()
        rows = self._engine.query(
            "SELECT coalesce(t.category_id, 0) AS old, s.category_id FROM temp.staged s"
            " LEFT JOIN company t ON t.id = s.record WHERE s.category_id IS NOT NULL GROUP BY 1, 2"
        )
        entering = [(old, new) for old, new in rows if enters(old, new, policy)]
        refused = {
            new: deleted_item(policy.categories[new].key)
            for old, new in rows
            if old != new and policy.categories[new].deleted
        }
        for new, reason in refused.items():
            self._bad.from_query(
                "SELECT s.line FROM temp.staged s LEFT JOIN company t ON t.id = s.record"
                " WHERE s.category_id = :new AND t.category_id IS DISTINCT FROM :new",
                "category",
                lambda reason=reason: reason,
                new=new,
            )
        self._engine.execute("UPDATE temp.staged SET flag = 0")
        self._engine.bulk(
            "UPDATE temp.staged SET flag = 1 WHERE record IS NOT NULL AND EXISTS (SELECT 1 FROM"
            f" {rows_sql('old', 'new')} e JOIN company t ON t.id = staged.record"
            " WHERE e.old = coalesce(t.category_id, 0) AND e.new = staged.category_id)",
            entering,
        )

    def _decide_people(self) -> None:
        """Ask the rules once per situation of a row (section 4.8)."""
        for name in ("first_name", "last_name"):
            if name not in self._columns:
                self._engine.execute(f"ALTER TABLE temp.staged ADD COLUMN {name} TEXT")
        self._bad.from_query(
            "SELECT line FROM temp.staged WHERE record IS NULL AND"
            " trim(coalesce(first_name, '') || coalesce(last_name, '')) = '' ORDER BY line",
            "last_name",
            lambda: Reason("name_required", "a person needs a first or a last name"),
        )
        # A category or owner that is the company's own is no contradiction: exports have both.
        situation = {
            "creating": "s.record IS NULL",
            "category": f"coalesce({person.EFFECTIVE_CATEGORY}, 0)",
            "placed": "t.company_id IS NOT NULL",
            "status": "coalesce(t.lead_status_id, 0)",
            "company_category": "coalesce(n.category_id, 0)",
            "placed_after": "coalesce(s.company_id, t.company_id) IS NOT NULL",
            "named": "coalesce(s.category_id, 0)",
            "other_owner": "s.owner_id IS NOT NULL AND s.owner_id IS DISTINCT FROM n.owner_id",
            "wanted": "coalesce(s.lead_status_id, 0)",
            "as_it_was": "s.record IS NULL AND s.lead_status_active IS NOT NULL",
        }
        cells = ", ".join(f"{sql} AS {name}" for name, sql in situation.items())
        rows = (
            f"(SELECT s.line, {cells} FROM temp.staged s LEFT JOIN person t ON t.id = s.record"
            " LEFT JOIN company c ON c.id = t.company_id"
            " LEFT JOIN company n ON n.id = coalesce(s.company_id, t.company_id))"
        )
        names = ", ".join(situation)
        answers: list[tuple[Any, ...]] = []
        reasons: list[Reason] = []
        for found in self._engine.query(f"SELECT {names} FROM {rows} GROUP BY {names}"):
            status, reason = self._decision(*found)
            reasons += [reason] if reason and reason not in reasons else []
            number = -1 - reasons.index(reason) if reason else status
            answers.append((*found, number))
        self._engine.execute(
            f"CREATE TEMP TABLE IF NOT EXISTS answer ({names}, number, PRIMARY KEY ({names}))"
        )
        self._engine.execute("DELETE FROM temp.answer")
        self._engine.bulk(
            f"INSERT INTO temp.answer SELECT {names}, number FROM {rows_sql(*situation, 'number')}",
            answers,
        )
        same = " AND ".join(f"a.{name} = r.{name}" for name in situation)
        self._engine.execute(
            f"UPDATE temp.staged SET status_after = a.number FROM {rows} r JOIN temp.answer a"
            f" ON {same} WHERE staged.line = r.line"
        )
        for number, reason in enumerate(reasons):
            columns = {"category_follows_company": "category", "owner_follows_company": "owner"}
            self._bad.from_query(
                "SELECT line FROM temp.staged WHERE status_after = :number ORDER BY line",
                columns.get(reason.code, "category" if "key" in reason.details else "lead_status"),
                lambda reason=reason: reason,
                number=-1 - number,
            )
        self._engine.execute(
            "UPDATE temp.staged SET category_id = NULL, owner_id = NULL WHERE company_id IS NOT NULL"
            " OR record IN (SELECT id FROM person WHERE company_id IS NOT NULL)"
        )

    def _decision(
        self,
        creating: int,
        category: int,
        placed: int,
        status: int,
        company_category: int,
        placed_after: int,
        named: int,
        other_owner: int,
        wanted: int,
        as_it_was: int,
    ) -> tuple[int, Reason | None]:
        """The lead status of a situation, or why its rows are bad.

        A row that tells whether lead status applies comes from an export: its status is taken
        over as it was, hidden or not (I-3).
        """
        policy = self._work.crm.policy()
        after = company_category if placed_after else named or category
        contradicts = bool(named) and (not placed_after or named != company_category)
        decision = decide(
            Person(category, bool(placed), status),
            Person(after, bool(placed_after), status),
            Wish(0 if as_it_was else wanted, contradicts, bool(other_owner), bool(creating)),
            policy,
        )
        if decision.reason is not None:
            return 0, decision.reason
        if contradicts and policy.categories[named].deleted and named != category:
            return 0, deleted_item(policy.categories[named].key)
        return wanted if as_it_was else decision.status, None
