"""Plants that do not run in full yet fill by the curve of their stage; own dates win."""

from __future__ import annotations

from typing import Any

import pytest

import supplynet as sn
from supplynet.network.network import SupplyNetwork
from supplynet.network.schema import DefaultRange
from supplynet.network.timeline import capacities_in_force, circuits_in_force, curves, ramp_steps
from supplynet.terms import COUNTED
from tests.network.networks import added, edge, headed, metadata, network, node

#: share by year since the start, with its low and high ends
CURVE = ((0.1, 0.0, 0.2), (0.5, 0.25, 0.75), (0.9, 0.6, 1.0))


def curve(stage: str, nodes: str = "", shares: Any = CURVE) -> list[dict[str, Any]]:
    return [
        {
            "stage": stage,
            "nodes": nodes,
            "year": year,
            "share": share,
            "share_low": low,
            "share_high": high,
        }
        for year, (share, low, high) in enumerate(shares)
    ]


def plants(**values: Any) -> SupplyNetwork:
    """A refiner under construction that starts in 2025, and one that has run since 2020."""
    new = {"status": "construction", "start_year": 2025, "capacity": 100, "unit": "t ore"}
    return network(
        metadata(last_year=2030),
        nodes=[
            node("new", "refiner", "AUS", **{**new, **values}),
            node("old", "refiner", "AUS", capacity=40, unit="t ore", start_year=2020),
        ],
        ramps=curve("refiner"),
    )


def by_year(net: SupplyNetwork, node_id: str) -> list[float | None]:
    """Capacity in force in 2024 to 2028, None where the node's own row counts."""
    found = [capacities_in_force(net, year).get(node_id) for year in range(2024, 2029)]
    return [None if step is None else step.capacity for step in found]


def test_a_plant_fills_by_its_curve_whose_last_share_holds() -> None:
    net = plants()
    assert by_year(net, "new") == [None, 10, 50, 90, 90]
    assert by_year(net, "old") == [None] * 5
    assert list(curves(net)) == ["new"]


def test_ends_are_those_of_the_plant_at_those_of_the_curve() -> None:
    step = capacities_in_force(plants(capacity_low=80, capacity_high=120), 2026)["new"]
    assert (step.capacity_low, step.capacity, step.capacity_high) == (20, 50, 90)
    alone = capacities_in_force(plants(), 2026)["new"]
    assert (alone.capacity_low, alone.capacity_high) == (25, 75)
    assert step.note == "Ramp of refiner: 0.5 of 100 t ore in year 1 since the start"


@pytest.mark.parametrize("status", COUNTED)
def test_all_plants_follow_it_but_those_that_operate(status: str) -> None:
    assert bool(ramp_steps(plants(status=status))) == (status != "operating")


@pytest.mark.parametrize("missing", ["start_year", "capacity"])
def test_a_plant_without_a_start_or_a_capacity_has_no_ramp(missing: str) -> None:
    assert ramp_steps(plants(**{missing: None})) == ()


def test_own_dates_win() -> None:
    step = {"node_id": "new", "year": 2026, "capacity": 70, "unit": "t ore"}
    net = added(plants(), "capacities", step)
    assert by_year(net, "new") == [None, None, 70, 70, 70]


def test_a_curve_that_names_a_plant_comes_before_that_of_its_stage() -> None:
    fast = ((0.8, 0.7, 0.9),)
    net = added(plants(), "ramps", *curve("refiner", "AUS", fast))
    assert by_year(net, "new") == [None, 80, 80, 80, 80]
    other = added(plants(), "ramps", *curve("refiner", "node:old", fast))
    assert by_year(other, "new") == by_year(plants(), "new")


def test_an_answer_counts_what_a_plant_can_make_in_the_year() -> None:
    net = network(
        metadata(elements=("Nd",), headline=("Nd",), groups={}, last_year=2030),
        nodes=[
            node("pit", "mine", "AUS", capacity=500, unit="t ore", start_year=2020),
            node("KOR", "nation", "KOR"),
            {
                **node("new", "refiner", "AUS", status="construction", start_year=2025),
                "capacity": 100,
                "unit": "t ore",
            },
        ],
        edges=[edge("pit", "new", "ore"), edge("new", "KOR", "oxide", standing="planned")],
        ramps=curve("refiner"),
    )
    words: dict[str, Any] = {"to": "KOR", "element": "Nd", "tier": "committed"}
    found = [sn.flow(net, year=year, **words) for year in (2024, 2025, 2026, 2030)]
    assert [flow.value for flow in found] == [0, 10, 50, 90]
    assert (found[2].low, found[2].high) == (25, 75)


def test_the_ends_by_default_fill_along_the_ends_of_the_curve() -> None:
    """An estimate without ends of its own: half to one and a half times, along the curve's ends."""
    net = plants()
    half = {"estimated": DefaultRange(low=0.5, high=1.5)}
    net = headed(net, default_ranges=half)
    second = ramp_steps(net)[1]
    assert (second.capacity_low, second.capacity, second.capacity_high) == (12.5, 50, 112.5)
    own = net.replace(
        nodes=[row.model_copy(update={"capacity_low": 80.0}) for row in net.node_rows]
    )
    assert (ramp_steps(own)[1].capacity_low, ramp_steps(own)[1].capacity_high) == (20, 75)


def test_a_circuit_without_a_year_of_its_own_fills_with_its_plant() -> None:
    row = {"node_id": "new", "group": "Dy", "capacity": 40, "unit": "t oxide"}
    net = added(plants(makes="heavy"), "circuits", row)
    found = [circuits_in_force(net, year)["new"][0] for year in (2025, 2026, 2030)]
    assert [one.capacity for one in found] == [4, 20, 36]
    assert (found[1].capacity_low, found[1].capacity_high) == (10, 30)
    dated = added(plants(makes="heavy"), "circuits", {**row, "year": 2026})
    assert circuits_in_force(dated, 2026)["new"][0].capacity == 40
