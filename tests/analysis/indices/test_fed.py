"""No capacity counts that links cannot feed, and none is lost that they can."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

import supplynet as sn
from supplynet.analysis.indices.stages import OWN, Fed, Stages
from supplynet.network.edit import simple_metadata
from supplynet.network.network import SupplyNetwork
from supplynet.network.tiers import TIERS
from tests.network.networks import edge, network, node

STAGES = ["mine", "smelter", "maker", "nation"]
T = {"unit": "t"}


def works(
    mines: list[float], smelters: list[float], links: dict[tuple[int, int], float | None]
) -> SupplyNetwork:
    """Mines and smelters of Peru and Chile in turn, one maker and one nation behind them.

    A fifth is lost in each smelter; its capacity is what comes out.
    """
    countries = ("PER", "CHL")
    nodes: list[dict[str, Any]] = [
        *(
            node(f"mine-{at}", "mine", countries[at % 2], capacity=most, **T)
            for at, most in enumerate(mines)
        ),
        *(
            node(f"smelter-{at}", "smelter", countries[at % 2], capacity=most, **T)
            for at, most in enumerate(smelters)
        ),
        node("maker", "maker", "FJI", capacity=1e6, **T),
        node("FJI", "nation", "FJI"),
    ]
    edges = [
        edge(
            f"mine-{start}",
            f"smelter-{end}",
            "material",
            **({} if most is None else {"capacity": most, **T}),
        )
        for (start, end), most in links.items()
    ]
    edges += [edge(f"smelter-{at}", "maker", "material") for at in range(len(smelters))]
    return network(
        simple_metadata("works", stages=STAGES, commodity="metal", last_year=2030),
        nodes=nodes,
        edges=[*edges, edge("maker", "FJI", "material")],
        recoveries=[
            {"node_id": f"smelter-{at}", "group": "all", "recovery": 0.8}
            for at in range(len(smelters))
        ],
    )


def fed(net: SupplyNetwork, without: str = "", members: frozenset[str] | None = None) -> Any:
    plants = Stages(net, "metal", 2024, "capacity", TIERS["operating"])
    return plants.fed(("smelter",), without=without, members=members)


amounts = st.integers(1, 100).map(float)


@st.composite
def drawn(draw: st.DrawFn) -> tuple[list[float], list[float], dict[tuple[int, int], float | None]]:
    mines = draw(st.lists(amounts, min_size=1, max_size=4))
    smelters = draw(st.lists(amounts, min_size=2, max_size=4))
    pairs = [(start, end) for start in range(len(mines)) for end in range(len(smelters))]
    links = draw(st.dictionaries(st.sampled_from(pairs), st.none() | amounts))
    return mines, smelters, links


@given(case=drawn(), without=st.sampled_from(["", "PER", "CHL"]))
def test_what_is_fed_is_the_best_of_all_ways_to_share_the_ore(
    case: tuple[list[float], list[float], dict[tuple[int, int], float | None]], without: str
) -> None:
    """A linear program written down here by itself: mines, links and smelters in its rows."""
    mines, smelters, links = case
    shut = {"": None, "PER": 0, "CHL": 1}[without]
    ways = [pair for pair in links if shut is None or shut not in (pair[0] % 2, pair[1] % 2)]
    best = 0.0
    if ways:
        rows = [[float(way[0] == at) for way in ways] for at in range(len(mines))]
        rows += [[0.8 * (way[1] == at) for way in ways] for at in range(len(smelters))]
        bounds = [(0.0, links[way]) for way in ways]
        found = linprog([-0.8] * len(ways), A_ub=rows, b_ub=[*mines, *smelters], bounds=bounds)
        best = -found.fun
    told = fed(works(*case), without)
    assert told.tonnes[1] == pytest.approx(best, abs=1e-7)
    nameplate = math.fsum(
        most
        for at, most in enumerate(smelters)
        if at % 2 != shut and any(end == at for _, end in links)
    )
    assert told.tonnes[1] <= nameplate * (1 + 1e-9)
    assert (told.limit == OWN) == (told.tonnes[1] >= nameplate * (1 - 1e-9))


@given(smelters=st.lists(amounts, min_size=2, max_size=4))
def test_where_nothing_bounds_links_and_ore_all_capacity_counts(smelters: list[float]) -> None:
    links = {(at % 2, at): None for at in range(len(smelters))}
    for without, rest in (("", smelters), ("PER", smelters[1::2]), ("CHL", smelters[::2])):
        told = fed(works([1e6, 1e6], smelters, links), without)
        assert told.tonnes[1] == pytest.approx(math.fsum(rest))
        assert told.limit == OWN


def test_the_step_that_limits_is_named() -> None:
    """A link of 10 t feeds a smelter of 100; a mine of 50 t gives another 40."""
    by_link = fed(works([500.0], [100.0, 60.0], {(0, 0): 10.0}))
    assert (by_link.tonnes[1], by_link.limits) == (
        pytest.approx(8.0),
        {"mine links": pytest.approx(8)},
    )
    by_mine = fed(works([500.0, 50.0], [100.0, 60.0], {(1, 1): None}))
    assert (by_mine.tonnes[1], by_mine.limit) == (pytest.approx(40.0), "mine capacity")
    both = Fed.together([by_link, by_mine])
    assert both.tonnes == pytest.approx(48.0)
    assert both.limit == "mine capacity"


def test_a_nations_own_plants_share_the_ore_of_all() -> None:
    net = works([30.0], [100.0, 60.0], {(0, 0): None, (0, 1): None})
    assert fed(net, members=frozenset({"CHL"})).tonnes[1] == pytest.approx(24.0)


@pytest.mark.parametrize("graph", ["rare-earths", "cobalt", "gallium-germanium"])
def test_no_graph_counts_capacity_that_nothing_feeds(graph: str) -> None:
    net = sn.load(graph)
    told = [one for one in sn.indices(net, year=2030, tier="operating").of("n-1") if one.limit]
    assert told
    for one in told:
        could, gets = (one.input(name) for name in ("capacity of all others", "fed by links"))
        assert gets.value <= could.value * (1 + 1e-9), one.subject
        assert gets.least <= gets.value <= gets.most, one.subject
        assert (one.limit == OWN) == (gets.value >= could.value * (1 - 1e-9)), one.subject


def test_refiners_outside_china_get_two_thirds_of_their_ore(rare_earths) -> None:
    """16.0 kt of capacity, links for 10.6; wider links feed more, and no more than all of it."""
    plain = Stages(rare_earths, "Nd", 2030, "capacity", TIERS["operating"])
    wide = replace(plain, counted=TIERS["possible"])
    few, many = (one.fed(("refiner",), without="CHN") for one in (plain, wide))
    assert few.limit == "mine links"
    assert few.tonnes[1] < many.tonnes[1]
