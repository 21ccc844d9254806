"""What runs and holds in a year."""

from __future__ import annotations

from typing import Any

import pytest

from supplynet.network.network import SupplyNetwork
from supplynet.network.scenario.scenario import Scenario
from supplynet.network.timeline import at_year, capacities_in_force, holds, runs
from tests.network.networks import edge, network, node, rows


def plant(**values: Any) -> Any:
    return rows("nodes", node("p", "refiner", "AUS", **values))[0]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("operating", True),
        ("ramping", True),
        ("construction", True),
        ("planned", True),
        ("idle", False),
        ("closed", False),
        ("cancelled", False),
    ],
)
def test_the_state_of_a_plant_says_whether_it_runs(status: str, expected: bool) -> None:
    """A planned plant runs from its start year on; its links are planned at best."""
    assert runs(plant(status=status, start_year=2020), 2024) is expected


@pytest.mark.parametrize(
    ("start", "end", "year", "expected"),
    [
        (None, None, 2024, True),
        (2024, None, 2024, True),
        (2025, None, 2024, False),
        (None, 2024, 2024, True),
        (None, 2023, 2024, False),
        (2024, 2024, 2024, True),
        (2024, 2024, 2025, False),
    ],
)
def test_first_and_last_year_count(
    start: int | None, end: int | None, year: int, expected: bool
) -> None:
    assert runs(plant(start_year=start, end_year=end), year) is expected
    (link,) = rows("edges", edge("a", "b", "ore", start_year=start, end_year=end))
    assert holds(link, year) is expected  # type: ignore[arg-type]


def stepped() -> SupplyNetwork:
    return network(
        nodes=[
            node("p", "refiner", "AUS", capacity=10, unit="t ore"),
            node("q", "refiner", "AUS", capacity=4, unit="t ore", start_year=2025),
            node("closed", "refiner", "AUS", status="closed"),
        ],
        # out of order on purpose
        capacities=[
            {"node_id": "p", "year": 2026, "capacity": 30, "unit": "t ore"},
            {
                "node_id": "p",
                "year": 2025,
                "capacity": 20,
                "capacity_low": 15,
                "capacity_high": 25,
                "unit": "t wet ore",
            },
        ],
        edges=[edge("p", "q", "carbonate", start_year=2025, end_year=2025)],
    )


def test_the_latest_step_that_has_begun_counts() -> None:
    net = stepped()
    assert dict(capacities_in_force(net, 2024)) == {}
    assert capacities_in_force(net, 2025)["p"].capacity == 20
    assert capacities_in_force(net, 2026)["p"].capacity == 30
    assert capacities_in_force(net, 2032)["p"].capacity == 30
    assert capacities_in_force(net, 2025) is capacities_in_force(net, 2025)


def expanded() -> SupplyNetwork:
    """A plant of 10 t that grew to 20 in 2024, and is to grow by decision and by announcement."""
    steps = [(2024, None, 20), (2025, "decided", 30), (2025, "announced", 50), (2026, None, 25)]
    return network(
        nodes=[node("p", "refiner", "AUS", capacity=10, unit="t ore")],
        capacities=[
            {"node_id": "p", "year": year, "status": status, "capacity": tonnes, "unit": "t ore"}
            for year, status, tonnes in steps
        ],
    )


@pytest.mark.parametrize(
    ("year", "floor", "expected"),
    [
        (2024, "planned", 20),
        (2025, "operating", 20),
        (2025, "construction", 30),
        (2025, "planned", 50),
        (2026, "operating", 25),
        (2026, "planned", 25),
    ],
)
def test_an_expansion_counts_as_far_as_it_is_decided(
    year: int, floor: str, expected: float
) -> None:
    """What nobody has decided is no capacity of a plant that runs; a later fact ends the plan."""
    assert capacities_in_force(expanded(), year, floor)["p"].capacity == expected


@pytest.mark.parametrize(
    ("floor", "factor"), [("operating", 20), ("construction", 30), ("planned", 50)]
)
def test_an_expansion_is_still_one_after_a_shock(floor: str, factor: float) -> None:
    """A plant that stands still for a year comes back as it was, not as it may grow."""
    change = {"verb": "close", "nodes": "node:p", "from_year": 2024, "end_year": 2024}
    after = expanded().with_scenario(Scenario.from_dict({"change": [change]}, name="stop"))
    assert capacities_in_force(after, 2024, floor)["p"].capacity == 0
    assert capacities_in_force(after, 2025, floor)["p"].capacity == factor


def test_a_slice_of_one_year() -> None:
    """Nodes that do not run keep their row, so that links still find them."""
    net = stepped()
    before, then = at_year(net, 2024), net.at(2025)
    assert [one.status for one in before.node_rows] == ["operating", "closed", "closed"]
    assert before.edge_rows == ()
    p, q, closed = then.node_rows
    assert (p.capacity, p.capacity_low, p.capacity_high, p.unit) == (20, 15, 25, "t wet ore")
    assert (q.status, q.capacity, closed.status) == ("operating", 4, "closed")
    assert len(then.edge_rows) == 1
    assert then.rows("capacities") == ()
    assert [one.capacity for one in net.node_rows] == [10, 4, None]


def test_a_slice_holds_only_the_rules_of_its_year() -> None:
    net = network(
        nodes=[node("r", "refiner", "AUS"), node("m", "maker", "AUS")],
        rules=[
            {
                "id": "late",
                "source": "refiner",
                "target": "maker",
                "form": "oxide",
                "standing": "planned",
                "reason": "x",
                "start_year": 2026,
            }
        ],
    )
    assert net.at(2025).rule_rows == ()
    assert len(net.at(2026).rule_rows) == 1
