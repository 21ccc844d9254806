"""Another mineral: one commodity, no groups, no assays, stages of its own, trade in circles."""

from __future__ import annotations

import pytest

import supplynet as sn
from supplynet.network.interchange import simple_metadata
from supplynet.network.network import SupplyNetwork
from tests.network.networks import edge, network, node


@pytest.fixture(scope="module")
def graphite() -> SupplyNetwork:
    """Flakes of two mines, spheres and anodes; scrap goes back from the anode plant.

    ::

        moz 40 -> chn-sphere 70 -> chn-anode 60 -> KOR
        chn 60 ->                              -> USA
        moz 40 -> usa-sphere 15 -> kor-anode 20 -> KOR (12)
    """
    head = simple_metadata(
        "graphite-demo",
        stages=["mine", "sphere", "anode", "nation"],
        commodity="graphite",
        last_year=2026,
    )
    tonnes = {"unit": "t"}
    return network(
        head,
        nodes=[
            node("chn", "mine", "CHN", capacity=60, **tonnes),
            node("moz", "mine", "MOZ", capacity=40, owner_country="AUS", **tonnes),
            node("chn-sphere", "sphere", "CHN", capacity=70, **tonnes),
            node("usa-sphere", "sphere", "USA", capacity=15, owner_country="AUS", **tonnes),
            node("chn-anode", "anode", "CHN", capacity=60, **tonnes),
            node("kor-anode", "anode", "KOR", capacity=20, owner_country="unknown", **tonnes),
            node("KOR", "nation", "KOR"),
            node("USA", "nation", "USA"),
        ],
        edges=[
            edge("chn", "chn-sphere", "material"),
            edge("moz", "chn-sphere", "material"),
            edge("moz", "usa-sphere", "material", standing="contracted"),
            edge("chn-sphere", "chn-anode", "material"),
            edge("usa-sphere", "kor-anode", "material", standing="planned"),
            edge("chn-sphere", "kor-anode", "material", capacity=10, **tonnes),
            edge("kor-anode", "KOR", "material", capacity=12, **tonnes),
            edge("chn-anode", "KOR", "material"),
            edge("chn-anode", "USA", "material"),
            edge("kor-anode", "chn-sphere", "material", capacity=5, **tonnes),
        ],
        products=[{"id": "battery", "name": "Battery", "form": "material"}],
        demand=[
            {
                "nation": "KOR",
                "use": "cells",
                "product": "battery",
                "year": 2024,
                "quantity": 50,
                "unit": "t",
            }
        ],
    )


def test_it_is_sound(graphite: SupplyNetwork) -> None:
    report = graphite.check()
    assert report.ok
    # scrap goes back, and no contract binds who takes the American spheres
    assert {problem.code for problem in report.warnings} == {"backward-link", "no-outlet"}


def test_the_potential_and_its_cut(graphite: SupplyNetwork) -> None:
    """60 t by the Chinese anodes, 12 t by the link of the Korean plant."""
    flow = sn.flow(graphite, to="KOR", element="graphite", year=2024, tier="possible")
    assert flow.value == pytest.approx(72)
    assert flow.unit == "t graphite/yr"
    assert not flow.is_upper_bound
    assert {one.id: one.capacity for one in flow.cut} == pytest.approx(
        {"chn-anode": 60, "kor-anode -> KOR": 12}
    )
    assert flow.demand.value == 50
    assert flow.coverage == 1.0
    assert sn.flow(
        graphite, to="KOR", element="basket", year=2024, tier="possible"
    ).value == pytest.approx(72)
