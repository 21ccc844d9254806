"""Tonnes of one thing into tonnes of an element, against figures worked out by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import supplynet as sn
from supplynet.errors import OptionError, TableError, UnknownNameError
from supplynet.network.edit import simple_metadata
from supplynet.network.network import SupplyNetwork
from supplynet.network.schema import Unit
from supplynet.network.units import (
    BASKET,
    basis_per_metal,
    baskets_in,
    content_share,
    element_tonnes,
    elements_of,
    find_unit,
    flow_unit,
    one_element,
    require_element,
)
from tests.network.networks import changed, headed, metadata, network, node

ND = 336.477 / 288.48  # t Nd2O3 in which a tonne of Nd is held: (2 x 144.24 + 3 x 15.999) / 288.48
DY = 372.997 / 325.0  # t Dy2O3 for a tonne of Dy

NET = network(
    products=[
        {"id": "magnet", "name": "Magnet", "form": "goods"},
        {"id": "empty", "name": "Nothing known", "form": "goods"},
    ],
    contents=[
        {
            "product_id": "magnet",
            "element": "Nd",
            "share": 0.30,
            "share_low": 0.25,
            "share_high": 0.35,
        },
        {"product_id": "magnet", "element": "Dy", "share": 0.02},
    ],
)
PLAIN = network(
    metadata(basis="element", groups={}, headline=()),
    nodes=[node("a", "mine", "AUS")],
)


def tonnes(unit: str, element: str, product: str | None = None, share: float = 0.0) -> float:
    return element_tonnes(NET, unit, element, product=product, basket_share=share)


def test_a_basket_holds_its_share() -> None:
    assert tonnes("t ore", "Nd", share=0.2) == pytest.approx(0.2)
    assert tonnes("t wet ore", "Nd", share=0.2) == pytest.approx(0.1)  # half of it is water
    assert tonnes("t ore", BASKET, share=1.0) == pytest.approx(1.0)


def test_an_oxide_is_one_element() -> None:
    """A line for separated oxide may use it all for the element asked for."""
    assert tonnes("t oxide", "Nd", share=0.2) == 1.0


def test_metal_is_counted_as_oxide() -> None:
    assert tonnes("t metal", "Nd") == pytest.approx(ND)
    assert tonnes("t metal", "Dy") == pytest.approx(DY)


def test_a_basket_of_metal_is_bounded_by_the_heaviest_oxide() -> None:
    """A tonne of mixed metal is at most the oxide of the element with most oxygen."""
    assert tonnes("t metal", BASKET) == pytest.approx(max(ND, DY))


def test_a_product_holds_its_content() -> None:
    assert tonnes("t goods", "Nd", "magnet") == pytest.approx(0.30 * ND)
    assert tonnes("t goods", "Dy", "magnet") == pytest.approx(0.02 * DY)
    assert tonnes("t goods", BASKET, "magnet") == pytest.approx(0.30 * ND + 0.02 * DY)
    assert tonnes("t goods", "Nd", "empty") == 0.0


def test_a_unit_may_measure_a_product_of_its_own() -> None:
    """Nd and Dy traded as one oxide: half of a tonne is each, whatever the plant makes."""
    units = (*metadata().commodity.units, Unit(name="t mix", measures="product", product="mix"))
    net = network(
        metadata(units=units),
        products=[
            {"id": "mix", "name": "Mixed oxide", "form": "oxide"},
            {"id": "magnet", "name": "Magnet", "form": "goods"},
        ],
        contents=[
            {"product_id": "mix", "element": "Nd", "share": 0.5 / ND},
            {"product_id": "magnet", "element": "Nd", "share": 0.3},
        ],
    )
    for product in (None, "magnet"):
        found = element_tonnes(net, "t mix", "Nd", product=product, basket_share=0.0)
        assert found == pytest.approx(0.5)
    assert element_tonnes(net, "t mix", "Dy", product=None, basket_share=1.0) == 0.0


def test_ends_of_a_range() -> None:
    assert content_share(NET, "magnet", "Nd", "low") == pytest.approx(0.25 * ND)
    assert content_share(NET, "magnet", "Nd", "high") == pytest.approx(0.35 * ND)
    # no end is given: the central figure holds for all three
    assert content_share(NET, "magnet", "Dy", "low") == content_share(NET, "magnet", "Dy", "high")


def test_a_basis_of_elements_needs_no_chemistry() -> None:
    assert basis_per_metal(PLAIN, "Nd") == 1.0
    assert basis_per_metal(NET, "Nd") == pytest.approx(ND)
    assert flow_unit(PLAIN, "Nd") == "t Nd/yr"
    assert flow_unit(NET, "Nd") == "t Nd2O3/yr"
    assert flow_unit(NET, BASKET) == "t made-up ores oxide/yr"


def test_a_commodity_that_chemistry_does_not_know() -> None:
    head = simple_metadata("g", stages=["mine", "plant", "nation"], commodity="graphite")
    net = SupplyNetwork(head, {})
    assert basis_per_metal(net, "graphite") == 1.0
    assert flow_unit(net, "graphite") == "t graphite/yr"


def test_a_unit_is_never_guessed() -> None:
    with pytest.raises(TableError, match="declares no unit 't oxid'") as caught:
        find_unit(NET, "t oxid")
    assert "t oxide" in caught.value.hint
    with pytest.raises(TableError) as caught:
        find_unit(NET, "pounds")
    assert "datapackage.json" in caught.value.hint


def test_a_product_unit_needs_a_product_that_exists() -> None:
    with pytest.raises(TableError, match="needs the product"):
        tonnes("t goods", "Nd")
    with pytest.raises(UnknownNameError, match="no product 'magnets'") as caught:
        tonnes("t goods", "Nd", "magnets")
    assert "magnet" in caught.value.hint


def test_elements_of_an_argument() -> None:
    assert elements_of(NET, None) == ["Nd", "Dy"]
    assert elements_of(PLAIN, None) == ["Nd", "Dy"]  # no headline: all of them
    assert elements_of(NET, "all") == ["Nd", "Dy"]
    assert elements_of(NET, "heavy") == ["Dy"]
    assert elements_of(NET, "dy, Nd") == ["Dy", "Nd"]
    assert baskets_in(NET, ["heavies", "NdDy", "Nd"]) == {"heavies": ("Dy",), "NdDy": ("Nd", "Dy")}
    assert baskets_in(NET, None) == baskets_in(NET, "all") == {}
    assert elements_of(NET, ["Nd", "light", "nd"]) == ["Nd"]
    assert elements_of(NET, ("basket",)) == [BASKET]


def test_an_element_that_is_not_carried() -> None:
    assert require_element(NET, "ND") == "Nd"
    for text in ("Nb", "", "Nd,"):
        with pytest.raises(UnknownNameError, match="carries no element"):
            elements_of(NET, text)
    with pytest.raises(UnknownNameError) as caught:
        elements_of(NET, "heavyy,baskt")
    assert caught.value.exit_code == 2


def test_one_element_is_the_first_headline_where_none_is_named() -> None:
    """Questions of one flow need no element to be asked; several are refused, not picked from."""
    net = sn.load("rare-earths")
    assert one_element(net, None, "max_flow") == net.commodity.headline[0]
    assert one_element(net, "Dy", "max_flow") == "Dy"
    assert one_element(net, "basket", "max_flow") == "basket"
    with pytest.raises(OptionError, match="max_flow takes one element, not Nd, Dy"):
        one_element(net, "Nd,Dy", "max_flow")


# -- what a tonne of flow is a tonne of ----------------------------------------------------

CASES = Path(__file__).parents[1] / "reference" / "model"


def _tungsten(**head: Any) -> SupplyNetwork:
    """1,000 t of tools at 80 % W, counted in oxide."""
    net = sn.load(CASES / "tungsten")
    return headed(net, **head)


@pytest.mark.parametrize(
    ("oxides", "tonnes", "unit"),
    [
        ({}, 800.0 * (183.84 + 3 * 15.999) / 183.84, "t WO3/yr"),
        ({"W": "WO2"}, 800.0 * (183.84 + 2 * 15.999) / 183.84, "t WO2/yr"),
        ({"W": 1.25}, 1000.0, "t W oxide/yr"),
    ],
)
def test_a_demand_of_tools_in_tonnes_of_oxide(
    oxides: dict[str, str | float], tonnes: float, unit: str
) -> None:
    """The usual oxide, another one, and a factor."""
    net = _tungsten(oxides=oxides)
    flow = sn.flow(net, to="DEU")
    assert flow.demand.value == pytest.approx(tonnes, rel=1e-12)
    assert flow.unit == unit
    assert net.check().ok
    served = sum(one.served for one in sn.allocate(net, objective="max_supply").coverage)
    # the mine brings 1,000 t of oxide
    assert served == pytest.approx(min(1000.0, 1000.0 / (tonnes / 1000.0)), rel=1e-9)


def test_an_element_without_a_known_oxide_is_refused_with_the_key() -> None:
    """Neither metal taken for oxide, nor a guess."""
    net = changed(
        _tungsten(elements=("Mn",), headline=("Mn",)), "contents", lambda row: True, element="Mn"
    )
    with pytest.raises(TableError, match="no oxide of Mn is known") as error:
        sn.flow(net, to="DEU")
    assert '"oxides": {"Mn"' in error.value.hint
    found = [one for one in net.check().errors if one.code == "oxide"]
    assert [(one.column, one.value) for one in found] == [("oxides", "Mn")]
