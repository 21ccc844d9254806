"""What a charge is on: what plants take in, turn out or make, and what moves, in every unit."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
import pytest

from supplynet.analysis.balance.bill import bill, worths
from supplynet.errors import TableError
from supplynet.network.network import SupplyNetwork
from supplynet.network.schema import Unit
from tests.analysis.balance.test_model import built
from tests.network.networks import added, changed, headed, rows, without


def with_units(net: SupplyNetwork) -> SupplyNetwork:
    """The network with a unit of metal, and one that names its product."""
    units = (
        *net.commodity.units,
        Unit(name="t metal", measures="metal"),
        Unit(name="t magnet goods", measures="product", product="goods"),
    )
    return headed(net, units=units)


def charged(net: SupplyNetwork, **values: Any) -> dict[str, float]:
    """What one charge alone comes to on each variable, by a readable name, US dollars a tonne."""
    record = {"id": "one", "kind": "processing", "amount": 10.0, "reason": "made up", **values}
    found = built(net.replace(charges=rows("charges", record)))
    vector = bill(found).vector()
    names: dict[str, float] = defaultdict(float)
    for place in np.flatnonzero(vector):
        kind, key = found.columns.keys[place]
        parts = []
        for number, part in enumerate(key):
            if kind in ("feed", "element", "product") and number == 0:
                arc = found.scope.frame.arcs[int(str(part))]
                parts.append(f"{arc.tail}>{arc.head}")
            else:
                parts.append(part[0] if isinstance(part, tuple) else str(part))
        names[f"{kind} {' '.join(parts)}"] = float(vector[place])
    return dict(names)


def test_a_plant_is_charged_for_what_fills_its_capacity(tutorial: SupplyNetwork) -> None:
    """A refiner by its feed, a maker by its goods; a unit of 0.11 t oxide counts goods as such."""
    assert charged(tutorial, source="node:ref-big", unit="t ore") == {
        "feed mine-big>ref-big mine-big": 10.0,
        "feed mine-small>ref-big mine-small": 10.0,
    }
    assert charged(tutorial, source="node:maker-free", unit="t goods") == {
        "made maker-free goods": 10.0
    }
    (oxide,) = charged(tutorial, source="node:maker-free", unit="t oxide").values()
    assert oxide == pytest.approx(1.1, rel=1e-4)


def test_a_group_counts_what_comes_out_of_it(tutorial: SupplyNetwork) -> None:
    """Half of a tenth of the big mine's ore is Dy that leaves ref-big, a tenth of the small's."""
    found = charged(tutorial, source="node:ref-big", unit="t oxide", group="heavy")
    assert found == pytest.approx(
        {
            "processed ref-big mine-big part": 0.5,
            "processed ref-big mine-small part": 1.0,
        }
    )
    net = with_units(tutorial)
    arriving = charged(net, source="node:maker-home", unit="t metal", group="Nd")
    assert arriving == pytest.approx(
        {"element ref-big>maker-home Nd": 8.57354, "element ref-small>maker-home Nd": 8.57354},
        rel=1e-5,
    )


MOVING = {"kind": "freight", "source": "all", "target": "node:maker-home"}


def test_what_moves_is_charged_in_its_unit(tutorial: SupplyNetwork) -> None:
    by_oxide = charged(tutorial, **MOVING, unit="t oxide")
    assert by_oxide == {
        "element ref-big>maker-home Nd": 10.0,
        "element ref-big>maker-home Dy": 10.0,
        "element ref-small>maker-home Nd": 10.0,
    }
    assert charged(tutorial, **MOVING, unit="t oxide", group="Dy") == {
        "element ref-big>maker-home Dy": 10.0
    }
    assert charged(tutorial, **MOVING, unit="t oxide", form="goods") == {}


def test_elements_that_move_as_a_product_count_together(tutorial: SupplyNetwork) -> None:
    """0.11 t of oxide are a tonne of goods."""
    found = charged(with_units(tutorial), **MOVING, unit="t magnet goods")
    assert list(found.values()) == pytest.approx([10 / 0.11] * 3, rel=1e-4)
    with pytest.raises(TableError, match="nothing says what it holds"):
        charged(tutorial, **MOVING, unit="t goods")


def test_a_share_is_one_of_the_price(tutorial: SupplyNetwork) -> None:
    """Half of 500 and of 2,000 dollars; ore has a price as a whole."""
    words: dict[str, Any] = {"kind": "tariff", "unit": "share", "amount": 0.5}
    found = charged(tutorial, **{**MOVING, **words})
    assert found == {
        "element ref-big>maker-home Nd": 250.0,
        "element ref-big>maker-home Dy": 1000.0,
        "element ref-small>maker-home Nd": 250.0,
    }
    assert charged(tutorial, **{**MOVING, **words}, group="heavy") == {
        "element ref-big>maker-home Dy": 1000.0
    }
    ore = {**words, "source": "mine", "target": "node:ref-small"}
    with pytest.raises(TableError, match="all has none as ore for ref-small"):
        charged(tutorial, **ore)
    price = {"form": "ore", "item": "all", "year": 2024, "price": 30, "unit": "t ore"}
    net = added(tutorial, "prices", price)
    assert charged(net, **ore) == {"feed mine-small>ref-small mine-small": 15.0}
    assert charged(net, **ore, group="heavy") == {}
    goods = {**words, "source": "maker", "target": "node:ISL"}
    assert charged(tutorial, **goods) == {"product maker-big>ISL goods": 75.0}


def test_a_share_of_what_cannot_be_priced_is_refused(tutorial: SupplyNetwork) -> None:
    net = without(tutorial, "prices", lambda row: row.item == "Dy")
    with pytest.raises(TableError, match="Dy has none as oxide for maker-home"):
        charged(net, **MOVING, unit="share", amount=0.5)


def test_a_corridor_is_charged_where_all_its_senders_are_meant(tutorial: SupplyNetwork) -> None:
    into = charged(tutorial, kind="freight", source="ISL:maker", target="MLT", unit="t goods")
    assert into == {"product rule:goods-to-malta>MLT goods": 10.0}
    assert charged(tutorial, kind="freight", source="FJI:maker", target="MLT", unit="t goods") == {
        "product maker-free>MLT goods": 10.0
    }


def test_a_price_is_taken_out_of_its_unit(tutorial: SupplyNetwork) -> None:
    """0.0944 t of metal are in a tonne of goods."""
    net = changed(
        with_units(tutorial),
        "prices",
        lambda row: row.kind == "willingness",
        unit="t metal",
        price=1000.0,
        price_low=None,
        price_high=None,
    )
    assert [row.central for row in worths(built(net))] == pytest.approx([94.45, 94.45], rel=1e-3)
