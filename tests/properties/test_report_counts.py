"""Dashboard, funnel, pipeline and filters count the same records, on random data."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from leadctl import Choice, Crm, init, open_crm

TODAY = "2026-05-15"
STATUSES = ("open", "contacting", "disqualified", "re_nurture", "qualified")
CATEGORIES = ("lead", "mql", "customer", None)
COUNTRIES = ("Norge", "NORGE", "Danmark", None)
OWNERS = ("anna", "bo", None)

PEOPLE = st.lists(
    st.tuples(
        st.sampled_from((0, 1, 2, 3)),  # the company, 0 for none
        st.sampled_from(STATUSES),
        st.sampled_from(COUNTRIES),
        st.booleans(),  # retired
    ),
    max_size=8,
)
COMPANIES = st.tuples(
    *[st.tuples(st.sampled_from(CATEGORIES), st.sampled_from(OWNERS))] * 3,
)
DEALS = st.lists(
    st.tuples(
        st.sampled_from((1, 2, 3)),
        st.sampled_from(OWNERS),
        st.sampled_from(("not_started", "in_progress", "next", "won", "lost")),
        st.integers(min_value=1, max_value=10**6),
        st.sampled_from(("2026-05-15", "2026-05-22", "2026-05-23", "2027-01-01")),
    ),
    max_size=6,
)
FILTERS = st.fixed_dictionaries(
    {
        "active_only": st.booleans(),
        "owner": st.sampled_from((None, None, "anna", "bo", "none")),
        "country": st.sampled_from((None, None, "norge")),
        "cycle": st.sampled_from((None, "standard")),
    }
)


def fill(crm: Crm, companies: Any, people: Any, deals: Any) -> None:
    """Put the random records into a new file."""
    for name in ("anna", "bo"):
        crm.users.add(name)
    for number, (category, owner) in enumerate(companies):
        crm.companies.add(f"C{number}", category=category, owner=owner)
    for number, (company, status, country, retired) in enumerate(people, 1):
        crm.people.add(last_name=f"P{number}", company=company or None, country=country)
        if company and companies[company - 1][0] in ("lead", "mql"):
            crm.people.set_status([number], status)
        if retired:
            crm.people.retire([number])
    for number, (company, owner, state, value, day) in enumerate(deals, 1):
        crm.opportunities.add("Deal", company=company, salesperson=owner or "none")
        if state in ("in_progress", "next"):
            crm.opportunities.start([number], value=value, close_date=day)
        if state == "next":
            crm.opportunities.next([number], value=value, close_date=day)
        if state in ("won", "lost"):
            crm.opportunities.start([number], value=value)
            code = {"won": "won", "lost": "lost_price"}[state]
            crm.opportunities.close([number], state, code=code)


def counted(rows: list[dict[str, Any]], key: str, count: str) -> Counter[Any]:
    """Rows with a count as one dictionary, without zeros."""
    return Counter({row[key]: row[count] for row in rows if row[count]})


@settings(max_examples=40)
@given(COMPANIES, PEOPLE, DEALS, FILTERS)
def test_counts_agree(companies, people, deals, filters: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "leads.db"
        init(path)
        with open_crm(path, today=TODAY, synchronous="normal") as crm:
            fill(crm, companies, people, deals)
            check(crm, filters)


def check(crm: Crm, filters: dict[str, Any]) -> None:
    """Every tile says what filters and reports say."""
    tiles = crm.dashboard.show(**filters)
    owner, country = filters["owner"], filters["country"]
    mine = {None: (), "none": ("owner is null",)}.get(owner, (f"owner = {owner}",))
    where = [*mine, *(("lead_status_active = true",) if filters["active_only"] else ())]
    where += [f"country = {country}"] if country else []

    def people(*more: str) -> int:
        wanted = (*where, *more)
        return crm.people.count(Choice(where=wanted) if wanted else Choice(all=True))

    funnel = counted(tiles["qualification_funnel"], "key", "count")
    assert funnel == Counter(
        {key: count for key in STATUSES if (count := people(f"lead_status = {key}"))}
    )
    by_status = counted(tiles["people_by_status"], "group", "count")
    assert by_status - Counter({None: people()}) == funnel
    assert by_status.total() == people()
    assert tiles["qualification_funnel"] == crm.reports.funnel(
        Choice(where=tuple(where)) if where else Choice(all=True)
    )
    assert sum(row["count"] for row in tiles["new_leads_by_source"]) == funnel.total()
    assert sum(row["people"] for row in crm.reports.sources()) == crm.people.count()
    if country is not None:
        # Companies have none here.
        assert tiles["open_by_stage"] == []
        return
    choice = Choice(where=(*(m.replace("owner", "salesperson") for m in mine), "id > 0"))
    pipeline = crm.reports.pipeline(salesperson=owner, cycle=filters["cycle"])
    assert tiles["open_by_stage"] == pipeline
    started = choice._replace(where=(*choice.where, "status = in_progress"))
    assert sum(row["opportunities"] for row in pipeline) == crm.opportunities.count(started)
    months = crm.reports.forecast(choice)
    assert tiles["forecast_by_month"] == months
    for key in ("opportunities", "estimated_value", "calculated_value"):
        assert round(sum(row[key] for row in months), 2) == round(
            sum(row[key] for row in pipeline), 2
        )
    aged = crm.reports.ageing(salesperson=owner)
    assert sum(row["opportunities"] for row in aged) == crm.opportunities.count(started)
    rate = tiles["win_rate"]
    for outcome in ("won", "lost"):
        those = choice._replace(where=(*choice.where, f"outcome = {outcome}"))
        assert rate[outcome] == crm.opportunities.count(those)
    assert rate["lost"] == sum(row["count"] for row in tiles["lost_codes"])
    due = choice._replace(where=(*choice.where, "closed is null", "close_date <= today+7d"))
    assert tiles["overdue"]["count"] + tiles["due_soon"]["count"] == crm.opportunities.count(due)
