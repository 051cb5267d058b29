"""The reports on a real pipeline, against figures computed from the same CSV in plain Python."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from statistics import fmean, median
from typing import TYPE_CHECKING, Any

import pytest

from leadctl import ImportFile, open_crm
from tests.console import ROOT
from tests.test_examples import MAVEN

if TYPE_CHECKING:
    from collections.abc import Callable

TODAY = date(2018, 1, 15)
Deal = dict[str, str]

pytestmark = pytest.mark.skipif(not MAVEN.exists(), reason="the real data is not here")


@pytest.fixture(scope="module")
def crm(places):
    """The imported pipeline."""
    with open_crm(places(), today=TODAY) as opened:
        for noun, file, recipe, match in (
            (opened.users, "sales_teams.csv", "users", "name"),
            (opened.companies, "accounts.csv", "accounts", "name"),
            (opened.opportunities, "sales_pipeline.csv", "pipeline", "external_id"),
        ):
            noun.import_file(
                ImportFile(
                    MAVEN / file,
                    recipe=ROOT / "examples" / f"{recipe}-recipe.yaml",
                    match=(match,),
                    create_companies=noun is opened.opportunities,
                )
            )
        yield opened


@pytest.fixture(scope="module")
def deals() -> list[Deal]:
    """The lines of the file."""
    with (MAVEN / "sales_pipeline.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def began(deal: Deal) -> date:
    """The day it was put on its stage: today where the file says nothing."""
    return date.fromisoformat(deal["engage_date"]) if deal["engage_date"] else TODAY


def percent(part: int, whole: int) -> float:
    """Two decimals, halves away from zero."""
    exact = Decimal(100 * part) / whole if whole else Decimal(0)
    return float(exact.quantize(Decimal("0.01"), ROUND_HALF_UP))


def won_and_lost(deals: list[Deal], group: Callable[[Deal], Any]) -> dict[Any, tuple]:
    """Won, lost, win rate and value of the won ones, per group."""
    found: dict[Any, list[int]] = defaultdict(lambda: [0, 0, 0])
    for deal in deals:
        counts = found[group(deal)]
        if deal["deal_stage"] == "Won":
            counts[0] += 1
            counts[2] += int(deal["close_value"])
        elif deal["deal_stage"] == "Lost":
            counts[1] += 1
    return {
        key: (won, lost, percent(won, won + lost), value)
        for key, (won, lost, value) in found.items()
        if won or lost
    }


@pytest.mark.parametrize(
    ("by", "group"),
    [
        (None, lambda deal: "all"),
        ("salesperson", lambda deal: deal["sales_agent"].lower().replace(" ", "_")),
        ("company", lambda deal: deal["account"]),
        ("extra.product", lambda deal: deal["product"]),
        ("cycle", lambda deal: "standard"),
        ("close_code", lambda deal: {"Won": "won"}.get(deal["deal_stage"], "lost_no_decision")),
        ("campaign", lambda deal: None),
    ],
)
@pytest.mark.parametrize("period", [None, ("2017-10-01", "2017-12-31"), ("2017-06-30",) * 2])
def test_win_loss(crm, deals: list[Deal], by, group, period) -> None:
    chosen, dates = deals, {}
    if period:
        chosen = [deal for deal in deals if period[0] <= deal["close_date"] <= period[1]]
        dates = {"from_": period[0], "to": period[1]}
    assert len(chosen) > 5
    rows = crm.reports.win_loss(by=by, **dates)
    found = {row["group"]: tuple(row.values())[1:] for row in rows}
    assert len(found) == len(rows)
    assert found == won_and_lost(chosen, group)


def test_win_loss_of_one_salesperson(crm, deals: list[Deal]) -> None:
    hers = [deal for deal in deals if deal["sales_agent"] == "Anna Snelling"]
    (row,) = crm.reports.win_loss(salesperson="Anna Snelling", cycle="standard")
    assert tuple(row.values())[1:] == won_and_lost(hers, lambda deal: "all")["all"]
    (row,) = crm.reports.win_loss(salesperson="none")
    assert tuple(row.values()) == ("all", 0, 0, 0, 0)


def open_ones(deals: list[Deal]) -> list[Deal]:
    """Those that are not closed."""
    return [deal for deal in deals if deal["deal_stage"] in ("Prospecting", "Engaging")]


def test_forecast(crm, deals: list[Deal]) -> None:
    """The file knows no expected dates and values of open ones: the day they began, and nothing."""
    months: dict[str, int] = defaultdict(int)
    for deal in open_ones(deals):
        months[began(deal).isoformat()[:7]] += 1
    rows = crm.reports.forecast()
    assert {row["month"]: row["opportunities"] for row in rows} == months
    assert [row["month"] for row in rows] == sorted(months)
    assert {(row["estimated_value"], row["calculated_value"]) for row in rows} == {(0, 0)}
    spring = crm.reports.forecast(from_="2017-03-01", to="2017-05-31")
    assert [row["month"] for row in spring] == ["2017-03", "2017-04", "2017-05"]


def test_pipeline(crm, deals: list[Deal]) -> None:
    stages = [deal["deal_stage"] for deal in open_ones(deals)]
    counts = {10: stages.count("Prospecting"), 20: stages.count("Engaging")}
    rows = crm.reports.pipeline()
    assert {row["stage"]: row["opportunities"] for row in rows} == counts == {10: 500, 20: 1589}
    assert [row["cycle"] for row in rows] == ["standard"] * 2
    # It agrees with the list of stages.
    stages = {stage["stage"]: stage["opportunities"] for stage in crm.stages.of("standard").list()}
    assert {stage: count for stage, count in stages.items() if count} == counts


def days_by(deals: list[Deal], field: str) -> dict[str, tuple]:
    """Count, least, median and greatest age per group."""
    ages: dict[str, list[int]] = defaultdict(list)
    for deal in open_ones(deals):
        ages[deal[field]].append((TODAY - began(deal)).days)
    return {key: (len(all), min(all), median(all), max(all)) for key, all in ages.items()}


def test_ageing(crm, deals: list[Deal]) -> None:
    found = {row["group"]: tuple(row.values())[1:] for row in crm.reports.ageing()}
    expected = days_by(deals, "deal_stage")
    assert found == {
        "Initial": expected["Prospecting"],
        "Qualification": expected["Engaging"],
    }
    rows = crm.reports.ageing(by="extra.product")
    assert {row["group"]: tuple(row.values())[1:] for row in rows} == days_by(deals, "product")


def test_funnel_conversion_and_stage_history(crm, deals: list[Deal]) -> None:
    """What is closed stood on the first stage until then."""
    engaging = sum(deal["deal_stage"] == "Engaging" for deal in deals)
    counts = [len(deals) - engaging, engaging, 0, 0, 0]
    rows = crm.reports.funnel(cycle="standard")
    assert [row["key"] for row in rows] == [10, 20, 30, 40, 50]
    assert [row["count"] for row in rows] == counts
    assert [row["share_percent"] for row in rows] == [percent(n, len(deals)) for n in counts]

    days = {
        stage: [
            (date.fromisoformat(deal["close_date"]) - began(deal)).days
            for deal in deals
            if deal["deal_stage"] == stage
        ]
        for stage in ("Lost", "Won")
    }
    *ended, still, engaged = crm.reports.conversion(cycle="standard")
    assert ended == [
        {
            "from": 10,
            "to": stage.lower(),
            "count": len(those),
            "share_percent": percent(len(those), counts[0]),
            "median_days": median(those),
        }
        for stage, those in days.items()
    ]
    assert (still["to"], still["count"], still["median_days"]) == (None, 500, None)
    assert tuple(engaged.values()) == (20, None, 1589, 100, None)
    first, second = crm.reports.stage_history()
    over = days["Lost"] + days["Won"]
    assert (first["entered"], first["left"]) == (counts[0], len(over))
    assert first["average_days_per_visit"] == pytest.approx(fmean(over), abs=0.005)
    assert first["average_days_per_entry"] == first["average_days_per_visit"]
    assert (second["entered"], second["left"], second["average_days_per_visit"]) == (1589, 0, None)
