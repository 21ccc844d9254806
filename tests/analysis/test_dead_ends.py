"""What could be made and goes nowhere is reported with the answer, tonnes and reason."""

from __future__ import annotations

import pytest

import supplynet as sn
from supplynet.analysis.flow.names import NO_BUYER, SHUT
from supplynet.network.network import SupplyNetwork
from tests.network.networks import edge, network, node

WIDER = ("committed", "announced", "possible")


def lonely() -> SupplyNetwork:
    """Of two refiners one sells to a maker in Japan; the other has a buyer on planned links."""
    return network(
        nodes=[
            node("pit", "mine", "AUS", capacity=100, unit="t ore"),
            node("ref", "refiner", "AUS", capacity=50, unit="t ore", makes="light;heavy"),
            node("lone", "refiner", "VNM", capacity=30, unit="t ore", makes="light;heavy"),
            node("works", "maker", "JPN", capacity=70, unit="t oxide", product="goods"),
            node("KOR", "nation", "KOR"),
        ],
        assays=[
            {"node_id": "pit", "element": "Nd", "share": 0.8},
            {"node_id": "pit", "element": "Dy", "share": 0.2},
        ],
        products=[{"id": "goods", "name": "Goods", "form": "goods"}],
        contents=[
            {"product_id": "goods", "element": "Nd", "share": 0.2},
            {"product_id": "goods", "element": "Dy", "share": 0.02},
        ],
        demand=[
            {
                "nation": "KOR",
                "use": "all",
                "product": "goods",
                "year": 2024,
                "quantity": 40,
                "unit": "t goods",
            }
        ],
        edges=[
            edge("pit", "ref", "ore"),
            edge("pit", "lone", "ore"),
            edge("ref", "works", "oxide"),
            edge("lone", "works", "oxide", standing="planned"),
            edge("works", "KOR", "goods"),
        ],
    )


@pytest.fixture
def net() -> SupplyNetwork:
    return lonely()


def test_the_most_that_could_leave_the_plant_and_why_it_goes_nowhere(net: SupplyNetwork) -> None:
    (row,) = sn.allocate.dead_ends(net, tier="operating", year=2024).dead_ends
    assert (row.plant, row.country, row.why, row.tier, row.year) == (
        "lone",
        "VNM",
        NO_BUYER,
        "operating",
        2024,
    )
    assert row.tonnes == pytest.approx(30)
    assert sn.allocate.dead_ends(net, tier="committed", year=2024).dead_ends == ()


def test_a_plant_that_is_asked_for_is_no_dead_end(net: SupplyNetwork) -> None:
    result = sn.bypass(net, to="node:lone", avoid="JPN", tier="operating", element="Nd")
    assert [row.plant for row in result.dead_ends] == ["ref"]


def test_answers_hold_them_tier_by_tier(net: SupplyNetwork) -> None:
    found = sn.bypass(
        net, to="KOR", avoid="node:works", element="Nd", year=2024, tier="possible"
    ).dead_ends
    assert [(row.plant, row.why, row.tier) for row in found] == [
        ("lone", NO_BUYER, "operating"),
        ("ref", SHUT, "operating"),
        *((plant, SHUT, tier) for tier in WIDER for plant in ("ref", "lone")),
    ]
    balance = sn.allocate(net, tier="operating", year=2024, detail="page")
    assert [row.plant for row in balance.dead_ends] == ["lone"]
    assert "no buyer is named: 30 t made-up ores oxide/yr at Lone." in balance.summary()
    assert balance.to_dict()["dead_ends"][0]["plant"] == "lone"
    assert sn.allocate(net, year=2024, tier="possible").dead_ends == ()
