"""What replaces what in a product: elements of one group, or of one set of substitutes.

A plant makes anodes, half natural and half synthetic by its recipe, each from a tenth to all. 30 t
of natural and 70 t of synthetic can be had, from plants that part each alone.
"""

from __future__ import annotations

from typing import Any

import pytest

import supplynet as sn
from supplynet.network.network import SupplyNetwork
from supplynet.network.schema import Commodity, Form, Metadata, Stage, Unit
from tests.analysis.balance.rules import most_served as balance
from tests.network.networks import changed, edge, network, node

TWO = {"natural": ("flake",), "synthetic": ("coke",)}
ONE = {"graphite": ("flake", "coke")}


def anodes(groups: Any, unit: str = "t anode", **commodity: Any) -> SupplyNetwork:
    """Demand of 100 t of anodes."""
    head = Metadata(
        name="anodes",
        title="Anodes",
        commodity=Commodity(
            family="graphite",
            elements=("flake", "coke"),
            headline=("flake", "coke"),
            groups=groups,
            stages=(
                Stage(name="mine", title="Mine", plural="Mines", is_origin=True),
                Stage(name="refiner", title="Refiner", plural="Refiners"),
                Stage(name="maker", title="Maker", plural="Makers"),
                Stage(name="nation", title="Nation", plural="Nations", is_nation=True),
            ),
            forms=(
                Form(name="ore", title="Ore", is_separated=False),
                Form(name="spherical", title="Spherical"),
                Form(name="anode", title="Anode", is_final=True),
            ),
            units=(
                Unit(name="t mix", measures="basket"),
                Unit(name="t carbon", measures="metal"),
                Unit(name="t anode", measures="product", product="anode"),
            ),
            first_year=2024,
            last_year=2026,
            base_year=2024,
            **commodity,
        ),
    )
    chains = {"flake": 30, "coke": 70}
    makes = {one: name for name, members in groups.items() for one in members}
    return network(
        head,
        nodes=[
            *(
                node(f"mine-{one}", "mine", "AUS", capacity=tonnes, unit="t mix")
                for one, tonnes in chains.items()
            ),
            *(
                node(f"plant-{one}", "refiner", "AUS", makes=makes[one], capacity=99, unit="t mix")
                for one in chains
            ),
            node("maker", "maker", "KOR", product="anode"),
            node("KOR", "nation", "KOR"),
        ],
        edges=[
            *(edge(f"mine-{one}", f"plant-{one}", "ore") for one in chains),
            *(edge(f"plant-{one}", "maker", "spherical") for one in chains),
            edge("maker", "KOR", "anode"),
        ],
        assays=[{"node_id": f"mine-{one}", "element": one, "share": 1.0} for one in chains],
        products=[{"id": "anode", "name": "Anode", "form": "anode"}],
        contents=[
            {"product_id": "anode", "element": one, "share": 0.5, "share_low": 0.1}
            | {"share_high": 1}
            for one in chains
        ],
        demand=[
            {"nation": "KOR", "use": "cells", "product": "anode", "year": 2024}
            | {"quantity": 100, "unit": unit}
        ],
    )


def got(net: SupplyNetwork) -> float:
    return sum(row.served for row in balance(net).deliveries)


@pytest.mark.parametrize(
    ("groups", "substitutes", "served"),
    [
        (ONE, {}, 100.0),  # what is missing of one the other takes over
        (TWO, {}, 60.0),  # neither group is more than half: 30 t of flake allow 60
        (TWO, ONE, 100.0),  # parted apart, used alike
        (ONE, TWO, 60.0),
    ],
)
def test_elements_replace_each_other_within_a_set(
    groups: Any, substitutes: Any, served: float
) -> None:
    net = anodes(groups, substitutes=substitutes)
    assert net.check().ok
    assert got(net) == pytest.approx(served)


@pytest.mark.parametrize(
    ("design", "served"), [("redesigned", 100.0), ("as-built", 75.0), ("high-contents", 50.0)]
)
def test_redesigned_the_largest_group_takes_over_what_others_leave(
    design: str, served: float
) -> None:
    """Down to nothing of flake: coke takes its part, and 70 t of it with 30 of flake are 100.

    As built 30 t of flake are 40 % of 75 t, and at the high end 60 % of 50 t.
    """
    ends = {"flake": 0.6, "coke": 0.7}
    net = changed(anodes(TWO), "contents", lambda row: row.element == "flake", share_low=0.0)
    net = changed(net, "contents", lambda row: row.element == "coke", share=0.6)
    net = changed(net, "contents", lambda row: row.element == "flake", share=0.4)
    for one, high in ends.items():
        net = changed(net, "contents", lambda row, one=one: row.element == one, share_high=high)
    net = changed(net, "products", lambda _: True, design=design)
    assert got(net) == pytest.approx(served)


@pytest.mark.parametrize("unit", ["t carbon", "t mix", "t anode"])
def test_a_demand_of_metal_is_shared_out_among_its_elements(unit: str) -> None:
    """100 t in all are 50 t of each, whatever the unit; as many tonnes of anode are asked for."""
    net = anodes(ONE, unit)
    assert net.check().ok
    for one in ("flake", "coke"):
        assert sn.flow(net, to="KOR", element=one).demand.value == pytest.approx(50.0)
    assert sn.flow(net, to="KOR", element="basket").demand.value == pytest.approx(100.0)
    assert [row.demand for row in balance(net).deliveries] == pytest.approx([100.0])
