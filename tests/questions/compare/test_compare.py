"""Scenarios side by side: every figure is that of the analysis that it comes from."""

from __future__ import annotations

from typing import Any

import pytest

import supplynet as sn
from supplynet.analysis.scenario_rows import BASE
from supplynet.errors import OptionError
from supplynet.network.network import SupplyNetwork
from supplynet.network.tiers import TIERS
from tests.analysis.balance.rules import flows_of
from tests.questions.compare.compared import SHUT, compared, three


@pytest.fixture(scope="module")
def net() -> SupplyNetwork:
    return three()


@pytest.fixture(scope="module")
def found(net: SupplyNetwork) -> Any:
    return compared(net)


def test_potentials_are_those_of_max_flow(net: SupplyNetwork, found: Any) -> None:
    for case, words in ((BASE, None), ("half", "half"), ("half + shut", "half,shut")):
        for tier in TIERS:
            row = found.potential(case, "Nd", tier)
            asked = {"to": "MLT", "element": "Nd", "year": 2024, "tier": tier}
            flow = sn.flow(net, scenario=words, **asked)
            assert (row.value, row.low, row.high) == (flow.value, flow.low, flow.high)
            assert (row.demand, row.coverage, row.unit) == (
                flow.demand.value,
                flow.coverage,
                flow.unit,
            )
    with pytest.raises(KeyError):
        found.potential("half", "Nd", "observed")


def test_contested_figures_are_those_of_the_balance(net: SupplyNetwork, found: Any) -> None:
    for case, words in ((BASE, None), ("half", "half"), ("less:rest=0.25", "less:rest=0.25")):
        result = sn.allocate(net, objective="fair", scenario=words, tier="possible", year=2024)
        (row,) = [one for one in result.coverage if one.nation == "MLT"]
        told = found.coverage(case, "goods")
        assert (told.demand, told.served) == pytest.approx((row.demand, row.served))
        assert told.low <= told.served * (1 + 1e-9) and told.served <= told.high * (1 + 1e-9)
    with pytest.raises(KeyError):
        found.coverage(BASE, "oxide")


def test_parts_add_up(found: Any) -> None:
    for case in found.cases:
        products = [p for p in found.parts if (p.case, p.kind) == (case, "product")]
        assert sum(p.served for p in products) == pytest.approx(
            found.coverage(case, "goods").served
        )
        assert {p.what for p in found.parts if (p.case, p.kind) == (case, "element")} == {
            "Nd",
            "Dy",
        }


def test_arrivals_are_what_flows_to_plants(found: Any) -> None:
    flows = flows_of(found.balances[0])
    oxide = flows[
        (flows.form == "oxide") & flows["head"].isin(["maker-big", "maker-free", "maker-home"])
    ]
    told = [row for row in found.arrivals if row.case == BASE]
    assert sum(row.tonnes for row in told) == pytest.approx(oxide.tonnes.sum())
    assert {row.form for row in told} == {"oxide"}
    assert {row.country for row in told} <= {"ISL", "FJI", "MLT"}


def test_scenarios_that_hold_in_every_case(net: SupplyNetwork, found: Any) -> None:
    both = sn.compare(
        net, BASE, SHUT, to="MLT", element="Nd", scenario="half", tier="possible", year=2024
    )
    assert both.potential(BASE, "Nd", "possible").value == (
        found.potential("half", "Nd", "possible").value
    )
    assert both.potential("shut", "Nd", "possible").value == (
        found.potential("half + shut", "Nd", "possible").value
    )


def test_potentials_by_the_balance_are_those_of_each_case(tutorial: sn.SupplyNetwork) -> None:
    late = sn.Scenario.from_dict(
        {"change": [{"verb": "close", "nodes": "node:ref-big"}]}, name="late"
    )
    words = {"to": "MLT", "element": "Nd", "year": 2024}
    found = sn.compare(tutorial, "base", late, model="balance", **words)
    bounds = sn.compare(tutorial, "base", late, **words)
    for row, bound in zip(found.potentials, bounds.potentials, strict=True):
        assert (row.case, row.tier) == (bound.case, bound.tier)
        scenario = None if row.case == "base" else late
        alone = sn.coverage(
            tutorial, links=row.links, plants=row.plants, scenario=scenario, **words
        )
        assert row.value == pytest.approx(alone.elements[0].within)
        assert row.value <= bound.value + 1e-6
    assert found.is_certified
    with pytest.raises(OptionError, match="model must be one of"):
        sn.compare(tutorial, "base", model="guess", **words)
