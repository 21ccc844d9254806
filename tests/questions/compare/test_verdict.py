"""What a scenario changes comes first, and a year that cannot show it names what does."""

from __future__ import annotations

import pytest

import supplynet as sn
from supplynet.network.network import SupplyNetwork
from supplynet.questions.compare import ScenariosResult
from supplynet.questions.compare.page import verdict
from supplynet.reports.results import document_of
from supplynet.text import share
from tests.analysis.time.networks import with_scenarios

CLOSED = {"change": [{"verb": "close", "nodes": "node:ref-big"}]}


@pytest.fixture
def result(tutorial: SupplyNetwork) -> ScenariosResult:
    net = with_scenarios(tutorial, stop=sn.Scenario.from_dict(CLOSED, name="stop"))
    return sn.compare(net, "base", "stop", to="MLT", year=2026, element="Nd")


def test_a_change_that_the_data_hide_points_to_its_months(result: ScenariosResult) -> None:
    before, after = result.contested
    points = share(before.coverage - after.coverage).removesuffix("%")
    change = f"Under stop Malta gets {points} points less of its goods"
    wide = {(row.case, row.nation, row.form): (0.0, 1.0) for row in result.contested}
    assert verdict(result, wide) == (
        f"{change}, which the data range (0 to 100%) hides. A yearly mean hides a stop; by month: "
        "supplynet shock --shock stop@2026-01..2026-12 --to MLT."
    )
    # the shock that is named is one
    net = with_scenarios(sn.load("tutorial"), stop=sn.Scenario.from_dict(CLOSED, name="stop"))
    assert sn.shock(net, shock="stop@2026-01..2026-12", end="2026-12").endurance
    narrow = {key: (0.0, after.coverage) for key in wide if key[0] == "stop"}
    assert verdict(result, narrow) == f"{change}."


def test_it_stands_before_the_table_and_needs_a_base(result: ScenariosResult) -> None:
    first, *_ = document_of(result).section("contested").blocks
    assert first.text.startswith("Under stop Malta gets ")
    assert len(first.text.split()) <= 60
    net = with_scenarios(sn.load("tutorial"), stop=sn.Scenario.from_dict(CLOSED, name="stop"))
    alone = sn.compare(net, "stop", to="MLT", year=2026, element="Nd")
    assert verdict(alone, {}) == ""
