"""The potential against an exact linear program that is built straight from the tables."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import supplynet as sn
from supplynet.network.edit import simple_metadata
from supplynet.network.network import SupplyNetwork
from supplynet.network.selector import select
from tests.analysis.exact_lp import exact_potential
from tests.network.networks import edge, network, node, small_networks

FLOORS = st.sampled_from(["observed", "contracted", "planned", "memorandum", "possible"])


def slack(value: float) -> float:
    return 1e-6 * max(1.0, abs(value))


@given(small_networks(), st.sampled_from(["Nd", "Dy"]), FLOORS)
@settings(max_examples=50)
def test_law_the_potential_is_never_below_the_exact_program(
    net: SupplyNetwork, element: str, floor: str
) -> None:
    """It is an upper bound: what it says cannot arrive, cannot."""
    found = sn.flow(net, to="KOR", element=element, links=floor).value
    exact = exact_potential(net, to={"KOR"}, element=element, year=2024, links=floor)
    assert found >= exact - slack(exact)


@given(small_networks(), st.sampled_from(["CHN", "AUS:refiner", "owner:VNM"]))
@settings(max_examples=20)
def test_law_an_upper_bound_without_a_country_too(net: SupplyNetwork, avoid: str) -> None:
    shut = select(net, avoid).possibly - set(net.nation_ids)
    if not shut:
        return
    found = sn.flow(net, to="KOR", element="Dy", avoid=avoid, year=2024, tier="possible").value
    exact = exact_potential(net, to={"KOR"}, element="Dy", year=2024, closed=shut)
    assert found >= exact - slack(exact)


# -- one commodity, no loss: no bound, but the value itself ------------------------------


@st.composite
def plain_networks(draw: st.DrawFn) -> SupplyNetwork:
    """Three stages of one commodity without losses, with links and rules at random."""
    whole = st.integers(0, 30).map(float)
    sizes = [draw(st.integers(1, 3)) for _ in range(3)]
    names = [
        [f"{stage}{number}" for number in range(size)]
        for stage, size in zip(("pit", "mill", "shop"), sizes, strict=True)
    ]
    stages = ("pit", "mill", "shop")
    nodes: list[dict[str, Any]] = [
        node(
            one,
            stage,
            draw(st.sampled_from(["CHN", "AUS"])),
            **(
                {"capacity": draw(whole), "unit": "t"}
                if stage == "pit" or draw(st.booleans())
                else {}
            ),
        )
        for stage, group in zip(stages, names, strict=True)
        for one in group
    ]
    nodes.append(node("KOR", "nation", "KOR"))
    edges = []
    for group, following in zip(names, [*names[1:], ["KOR"]], strict=True):
        for one in group:
            for other in following:
                if draw(st.booleans()):
                    bound = {"capacity": draw(whole), "unit": "t"} if draw(st.booleans()) else {}
                    edges.append(edge(one, other, "material", **bound))
    bound = {"capacity": draw(whole), "unit": "t"} if draw(st.booleans()) else {}
    rule = {
        "id": "any",
        "source": "pit",
        "target": "mill",
        "form": "material",
        "standing": "possible",
        "reason": "made up",
        **bound,
    }
    head = simple_metadata("plain", stages=[*stages, "nation"], commodity="graphite")
    return network(head, nodes=nodes, edges=edges, rules=[rule])


@given(plain_networks())
@settings(max_examples=40)
def test_law_without_losses_one_commodity_is_exact(net: SupplyNetwork) -> None:
    """Then nothing is relaxed: maximum flow and linear program are one problem."""
    found = sn.flow(net, to="KOR", element="graphite", year=2024, tier="possible")
    exact = exact_potential(net, to={"KOR"}, element="graphite", year=2024)
    assert found.value == pytest.approx(exact, rel=1e-6, abs=1e-6)
    assert not found.is_upper_bound


# -- the shipped graphs --------------------------------------------------------------------


@pytest.mark.parametrize("links", ["observed", "contracted", "planned", "memorandum", "possible"])
@pytest.mark.parametrize("year", [2024, 2026])
def test_the_tutorial_is_exact_for_nd(tutorial: SupplyNetwork, year: int, links: str) -> None:
    found = sn.flow(tutorial, to="MLT", element="Nd", year=year, links=links).value
    exact = exact_potential(tutorial, to={"MLT"}, element="Nd", year=year, links=links)
    assert found == pytest.approx(exact, rel=1e-9)


def test_the_tutorial_shows_the_gap_for_dy(tutorial: SupplyNetwork) -> None:
    """ref-big cannot take 200 t and 50 t of ore at once: 50 + 150 t hold 25 t Dy, half is lost.

    The potential counts the best ore for all of its capacity, and says that it is a bound.
    """
    found = sn.flow(tutorial, to="MLT", element="Dy")
    assert found.value == pytest.approx(15.0)
    assert found.is_upper_bound
    exact = exact_potential(tutorial, to={"MLT"}, element="Dy", year=2024)
    assert exact == pytest.approx(12.5)


@pytest.mark.parametrize(
    ("to", "element", "links", "avoid", "year", "gap"),
    [
        ("KOR", "Nd", "contracted", "", 2024, 0.15),  # the program knows central contents alone
        ("KOR", "Nd", "possible", "CHN", 2024, 0.15),
        ("JPN", "Dy", "possible", "", 2024, 0.25),
        ("JPN", "Nd", "planned", "CHN", 2030, 0.25),
        ("DEU", "Tb", "possible", "CHN", 2030, 0.95),
        ("USA", "Pr", "contracted", "CHN", 2027, 0.5),
    ],
)
def test_rare_earths_stay_near_the_exact_program(
    rare_earths: SupplyNetwork,
    to: str,
    element: str,
    links: str,
    avoid: str,
    year: int,
    gap: float,
) -> None:
    """Never below it, and not so far above that the figure would say nothing."""
    shut = (
        select(rare_earths, avoid).possibly - set(rare_earths.nation_ids) if avoid else frozenset()
    )
    found = sn.flow(
        rare_earths, to=to, element=element, links=links, avoid=avoid or None, year=year
    ).value
    exact = exact_potential(
        rare_earths, to={to}, element=element, year=year, links=links, closed=frozenset(shut)
    )
    assert exact > 0.0
    assert exact - slack(exact) <= found <= exact * (1 + gap)
