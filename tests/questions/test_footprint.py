"""Footprints: answers worked out by hand, nothing counted twice, what cannot be asked refused."""

from __future__ import annotations

from typing import Any

import pytest

import supplynet as sn
from supplynet.errors import OptionError, UnknownNameError
from supplynet.network.network import SupplyNetwork
from tests.analysis.calibrate.networks import rule, simple
from tests.network.networks import edge, metadata, network, node, rows

ROCK = {"id": "rock", "burden": "tailings", "nodes": "mine", "unit": "t ore"}
ENDS = {"amount": 30, "amount_low": 15, "amount_high": 60}


def parted(**tables: list[dict[str, Any]]) -> SupplyNetwork:
    """A mine of 100 t of ore, half Nd and half Dy; half of the Dy is lost at the refiner.

    Korea asks for 40 t of goods that hold 0.5 t of Nd a tonne; nobody wants Dy.
    """
    content: dict[str, list[dict[str, Any]]] = {
        "nodes": [
            node("mine-a", "mine", "AUS", capacity=100, unit="t ore"),
            node("ref", "refiner", "USA", makes=("light", "heavy")),
            node("make", "maker", "JPN", product="goods"),
            node("KOR", "nation", "KOR"),
        ],
        "assays": [{"node_id": "mine-a", "element": one, "share": 0.5} for one in ("Nd", "Dy")],
        "edges": [
            edge("mine-a", "ref", "ore"),
            edge("ref", "make", "oxide"),
            edge("make", "KOR", "goods"),
        ],
        "products": [{"id": "goods", "name": "Goods", "form": "goods"}],
        "contents": [{"product_id": "goods", "element": "Nd", "share": 0.5}],
        "demand": [
            {
                "nation": "KOR",
                "use": "all",
                "product": "goods",
                "year": 2024,
                "quantity": 40,
                "unit": "t goods",
            }
        ],
        "recoveries": [
            {"node_id": "mine-a", "group": "all", "recovery": 1.0},
            {"node_id": "ref", "group": "light", "recovery": 1.0},
            {"node_id": "ref", "group": "heavy", "recovery": 0.5},
            {"node_id": "make", "group": "all", "recovery": 1.0},
        ],
        "intensities": [{**ROCK, **ENDS}],
    }
    return network(metadata(basis="element"), **{**content, **tables})


def test_what_leaves_a_plant_bears_its_burden_by_weight() -> None:
    """Of 100 t of ore 50 t of Nd and 25 t of Dy leave: of 3,000 t of tailings Nd bears 2,000 t.

    40 t for a tonne of Nd are 20 t for a tonne of goods. What is lost of Dy bears nothing, and
    the Dy that is left over keeps its third.
    """
    found = sn.trace.footprint(parted(), to="KOR")
    total = found.at("tailings")
    assert (total.low, total.central, total.high) == pytest.approx((10.0, 20.0, 40.0))
    assert found.served == pytest.approx(40.0)
    (row,) = found.rows
    assert (row.node, row.country, row.stage) == ("mine-a", "AUS", "mine")
    assert row.central == pytest.approx(800.0)


def test_each_step_adds_what_it_brings() -> None:
    """Gas for a tonne of light oxide, and for a tonne of goods."""
    gas = [
        {"id": "parting", "burden": "co2", "nodes": "refiner", "group": "light", "amount": 9,
         "unit": "t oxide"},
        {"id": "making", "burden": "co2", "nodes": "maker", "amount": 2, "unit": "t goods"},
    ]  # fmt: skip
    found = sn.trace.footprint(parted(intensities=gas), to="KOR")
    by_plant = {row.node: row.central / found.served for row in found.rows}
    per_oxide = found.at("co2").central - 2.0
    assert by_plant == pytest.approx({"ref": per_oxide, "make": 2.0})
    assert per_oxide == pytest.approx(9 * 0.5)  # what parting Nd brings, Dy does not bear
    assert found.at("co2").counted == {"refiner": 1.0, "maker": 1.0}


def test_nothing_is_counted_twice_and_nothing_forgotten() -> None:
    """What two nations' supplies bring is what the mines brought, where nothing is left over."""
    net = simple(rules=[rule("goods", "maker", "nation")]).replace(
        intensities=rows("intensities", {**ROCK, **ENDS})
    )
    balance = sn.allocate(net).solved
    parts = [sn.trace.footprint_of(balance, to=one) for one in ("KOR", "JPN")]
    mined = sum(float(balance.x[place]) for place, _ in balance.run.model.columns.of("mined"))
    brought = sum(row.central for part in parts for row in part.rows)
    assert brought == pytest.approx(30.0 * mined)
    together = sn.trace.footprint_of(balance, to="KOR,JPN")
    assert sum(row.central for row in together.rows) == pytest.approx(brought)


def test_calibrated_flows_are_those_of_the_calibration() -> None:
    net = simple().replace(intensities=rows("intensities", {**ROCK, **ENDS}))
    found = sn.trace.footprint(net, to="KOR", flows="calibrated")
    assert (found.flows, found.served) == ("calibrated", pytest.approx(60.0))
    assert found.at("tailings").central == pytest.approx(30.0)


def test_who_gets_nothing_bears_nothing() -> None:
    found = sn.trace.footprint(parted(), to="KOR", avoid="AUS")
    assert found.served == 0.0
    assert found.rows == ()
    assert "gets nothing" in found.summary()


@pytest.mark.parametrize(
    ("options", "error", "text"),
    [
        ({"flows": "guessed"}, OptionError, "flows must be one of balance, calibrated"),
        ({"form": "goody"}, UnknownNameError, "did you mean 'goods'?"),
        ({"flows": "calibrated", "avoid": "AUS"}, OptionError, "do not take avoid"),
        ({"to": "AUS"}, Exception, "AUS"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    options: dict[str, Any], error: type[Exception], text: str
) -> None:
    with pytest.raises(error) as caught:
        sn.trace.footprint(parted(), **{"to": "KOR", **options})
    assert text in str(caught.value)


def test_a_graph_without_intensities_has_no_footprint(tutorial: SupplyNetwork) -> None:
    with pytest.raises(OptionError, match="no table intensities"):
        sn.trace.footprint(tutorial, to="MLT")
