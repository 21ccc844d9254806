"""Exposure by hand: mixing, last plant abroad, owners, products of several elements, errors."""

from __future__ import annotations

from typing import Any

import pytest

import supplynet as sn
from supplynet.errors import CertificateError, OptionError
from supplynet.network.edit import simple_metadata
from supplynet.network.network import SupplyNetwork
from supplynet.questions.exposure import exposure, exposure_of
from tests.analysis.exposure.networks import STAGES, T, mixing, need
from tests.network.networks import changed, edge, metadata, network, node, without

G = "graphite"


def ends(result: sn.ExposureResult, *args: Any, **words: Any) -> tuple[float | None, float | None]:
    span = result.solve_range(*args, **words)
    return span.least, span.greatest


def test_two_sources_mix_by_their_tonnes() -> None:
    """48 of the 80 t that are left after the mill are Chinese; all of it left Japan last."""
    result = exposure(mixing({"KOR": 80}), to="KOR", exposed_to="CHN")
    assert result.elements == (G,)
    row = result.at(G)
    assert (row.supply, row.direct, row.traced) == pytest.approx((80, 0, 0.6))
    assert result.at(G, "pit").traced == pytest.approx(0.6)
    assert result.at(G, "mill").traced == 0.0
    assert ends(result, G) == pytest.approx((0.6, 0.6))
    japan = exposure(mixing({"KOR": 80}), to="KOR", exposed_to="JPN").at(G)
    assert (japan.direct, japan.traced) == (1.0, 1.0)
    assert result.certificate.ok
    with pytest.raises(KeyError):
        result.at("Nd")


def test_least_and_greatest_by_hand() -> None:
    """Half of a mix that is 48 of 80 t Chinese: between 8 and 40 of its 40 t may be Chinese."""
    result = exposure(mixing({"KOR": 40, "USA": 40}), to="KOR", exposed_to="CHN", ranges="total")
    assert result.at(G).traced == pytest.approx(0.6)
    assert ends(result, G) == pytest.approx((0.2, 1.0))
    both = exposure(mixing({"KOR": 40, "USA": 40}), to="KOR,USA", exposed_to="CHN")
    assert ends(both, G) == pytest.approx((0.6, 0.6))
    assert "not decided by these figures: 20% to 100%" in result.summary()


def test_near_optimal_balances_widen_the_range() -> None:
    """72 of 80 t will do: 40 of them then are Chinese at least, and at most 48."""
    result = exposure(mixing({"KOR": 80}), to="KOR", exposed_to="CHN", within=0.1)
    assert ends(result, G) == pytest.approx((40 / 72, 48 / 72))


def test_the_last_plant_abroad_is_what_customs_sees() -> None:
    """Korea's own shop makes it, of what came last from Vietnam and before that from China."""
    net = network(
        simple_metadata("home", stages=STAGES, commodity=G),
        nodes=[
            node("red", "pit", "CHN", capacity=60, **T),
            node("own", "pit", "KOR", capacity=20, **T),
            node("mill", "mill", "VNM"),
            node("shop", "shop", "KOR"),
            node("KOR", "nation", "KOR"),
        ],
        edges=[
            edge("red", "mill", "material"),
            edge("mill", "shop", "material"),
            edge("own", "shop", "material"),
            edge("shop", "KOR", "material"),
        ],
        products=[{"id": "battery", "name": "Battery", "form": "material"}],
        demand=[need("KOR", 80)],
    )
    balance = sn.allocate(net).solved
    china, vietnam, korea, everything = (
        exposure_of(balance, to="KOR", exposed_to=one) for one in ("CHN", "VNM", "KOR", "all")
    )
    assert (china.at(G).direct, china.at(G).traced) == pytest.approx((0, 0.75))
    assert (vietnam.at(G).direct, vietnam.at(G).traced) == pytest.approx((0.75, 0.75))
    assert vietnam.at(G, "mill").direct == pytest.approx(0.75)
    assert vietnam.at(G, "pit").direct == 0.0
    # what never was abroad counts by its mine, and all of it passed the own shop
    assert (korea.at(G).direct, korea.at(G).traced) == pytest.approx((0.25, 1))
    assert (everything.at(G).direct, everything.at(G).traced) == (1.0, 1.0)
    assert ends(vietnam, G, is_direct=True) == pytest.approx((0.75, 0.75))


def test_unknown_owners_give_a_range() -> None:
    net = mixing({"KOR": 80}, owners=("CHN", "unknown"))
    result = exposure(net, to="KOR", exposed_to="CHN", lens="control")
    row = result.at(G)
    assert (row.traced, row.traced_possibly) == pytest.approx((0.6, 1.0))
    assert ends(result, G) == pytest.approx((0.6, 1.0))
    here = result.at(G, lens="location")
    assert (here.traced, here.traced_possibly) == pytest.approx((0.6, 0.6))
    shares = {
        (one.stage, one.country): one.share for one in result.holders if one.lens == "control"
    }
    assert shares == pytest.approx(
        {("pit", "CHN"): 0.6, ("pit", "unknown"): 0.4, ("mill", "JPN"): 1.0}
    )
    (pits,) = (one for one in result.concentrations if (one.stage, one.by) == ("pit", "control"))
    assert (pits.low, pits.high, pits.passed) == pytest.approx((0.36 + 0.16, 1.0, 1.0))
    plants = {one.node: (one.is_exposed, one.is_possibly_exposed) for one in result.plants}
    assert plants == {"mill": (False, False), "red": (True, True), "blue": (False, True)}
    ranged = exposure_of(result.balance, to="KOR", exposed_to="CHN", ranges="total")
    assert "but 60% to 100% (least 60%, greatest 100%) had passed" in ranged.summary()


def magnets() -> SupplyNetwork:
    """Nd from China and Dy from Australia meet in a magnet of 0.3 and 0.1 t of them."""
    head = metadata(basis="element")
    return network(
        head,
        nodes=[
            node("red", "mine", "CHN", capacity=30, unit="t ore"),
            node("blue", "mine", "AUS", capacity=30, unit="t ore"),
            node("reds", "refiner", "CHN", makes="light"),
            node("blues", "refiner", "AUS", makes="heavy"),
            node("shop", "maker", "JPN", product="magnet"),
            node("KOR", "nation", "KOR"),
        ],
        assays=[
            {"node_id": "red", "element": "Nd", "share": 1.0},
            {"node_id": "blue", "element": "Dy", "share": 1.0},
        ],
        edges=[
            edge("red", "reds", "ore"),
            edge("blue", "blues", "ore"),
            edge("reds", "shop", "oxide"),
            edge("blues", "shop", "oxide"),
            edge("blues", "KOR", "oxide"),
            edge("shop", "KOR", "goods"),
        ],
        products=[
            {"id": "magnet", "name": "Magnet", "form": "goods"},
            {"id": "dy", "name": "Dysprosium", "form": "oxide"},
        ],
        contents=[
            {"product_id": "magnet", "element": "Nd", "share": 0.3},
            {"product_id": "magnet", "element": "Dy", "share": 0.1},
            {"product_id": "dy", "element": "Dy", "share": 1.0},
        ],
        demand=[
            {**need("KOR", 50, "magnet"), "unit": "t goods"},
            {**need("KOR", 15, "dy"), "unit": "t goods"},
        ],
    )


def test_elements_of_a_product_may_come_from_different_places() -> None:
    """15 t of Nd and 5 t of Dy in magnets, 15 t of Dy by itself; tonnes are added up."""
    result = exposure(magnets(), to="KOR", exposed_to="CHN")
    assert result.names == ("Nd", "Dy", "together")
    assert [result.at(one).supply for one in result.names] == pytest.approx([15, 20, 35])
    assert [result.at(one).traced for one in result.names] == pytest.approx([1, 0, 15 / 35])
    assert result.at("Nd").direct == 0.0
    assert ends(result, "Nd") == pytest.approx((1, 1))
    goods = exposure(magnets(), to="KOR", exposed_to="CHN", form="goods")
    assert goods.products == ("magnet",)
    assert goods.at("together").traced == pytest.approx(15 / 20)
    oxide = exposure(magnets(), to="KOR", exposed_to="AUS", product="dy")
    assert (oxide.at("Dy").direct, oxide.at("Dy").traced) == (1.0, 1.0)
    assert oxide.at("Dy", "refiner").direct == 1.0
    assert (oxide.at("Nd").supply, oxide.at("Nd").traced) == (0.0, None)
    assert ends(oxide, "Nd") == (None, None)
    assert "Nd: South Korea gets none in this balance." in oxide.summary()


def test_without_a_demand_all_that_is_taken_counts() -> None:
    net = mixing({"KOR": 80}).replace(demand=[])
    result = exposure(net, to="KOR", exposed_to="CHN")
    assert (result.at(G).supply, result.at(G).traced) == pytest.approx((80, 0.6))
    assert ends(result, G) == pytest.approx((0.6, 0.6))
    with pytest.raises(OptionError, match="knows no demand"):
        exposure(net, to="KOR", exposed_to="CHN", form="material")


def test_ore_that_a_nation_takes_as_it_is() -> None:
    """A bundle is bound out of a feed; what it leaves behind is nobody's."""
    net = changed(magnets(), "edges", lambda row: row.source == "blues", target="KOR")
    net = without(net, "edges", lambda row: row.target == "shop")
    net = changed(net, "products", lambda row: row.id == "dy", form="ore")
    net = changed(net, "edges", lambda row: row.source == "blue", target="KOR")
    result = exposure(net, to="KOR", exposed_to="AUS", element="Dy")
    assert (result.at("Dy").supply, result.at("Dy").traced) == pytest.approx((15, 1))
    assert result.at("Dy", "mine").direct == pytest.approx(1)
    assert ends(result, "Dy") == pytest.approx((1, 1))


def test_the_least_exposed_balance_is_traced() -> None:
    """40 of 80 t will do: the least Chinese way takes all 32 t that Australia can bring."""
    result = exposure(mixing({"KOR": 40}), to="KOR", exposed_to="CHN", objective="least_exposure")
    assert result.balance.objective == "least_exposure"
    assert result.at(G).traced == pytest.approx(0.2)
    assert ends(result, G) == pytest.approx((0.2, 0.2))


def test_a_solution_that_does_not_conserve_mass_is_refused() -> None:
    """A tonne that comes from nowhere is found by the certificate of the trace."""
    import dataclasses

    balance = sn.allocate(mixing({"KOR": 80})).solved
    x = balance.x.copy()
    x[balance.run.model.columns.at("mined", "red")] += 1.0
    with pytest.raises(CertificateError, match="mass"):
        exposure_of(dataclasses.replace(balance, x=x), to="KOR", exposed_to="CHN")
