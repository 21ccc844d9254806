"""What each plant, link and corridor lets through, one limit at a time, by hand."""

from __future__ import annotations

from typing import Any

import pytest

import supplynet as sn
from supplynet.network.network import SupplyNetwork
from supplynet.network.schema import Unit
from tests.analysis.exact_lp import exact_potential
from tests.network.networks import added, changed, edge, metadata, network, node, without

ND = 336.477 / 288.48  # t Nd2O3 for a tonne of Nd


def chain(**tables: Any) -> SupplyNetwork:
    """pit -> ref -> works -> KOR, without limits but those that a test gives."""
    nodes: dict[str, dict[str, Any]] = {
        "pit": node("pit", "mine", "AUS", capacity=100, unit="t ore"),
        "ref": node("ref", "refiner", "AUS", makes="light;heavy"),
        "works": node("works", "maker", "AUS", product="magnet"),
        "KOR": node("KOR", "nation", "KOR"),
    }
    for name, values in tables.pop("plants", {}).items():
        nodes[name].update(values)
    base: dict[str, Any] = {
        "assays": [
            {"node_id": "pit", "element": "Nd", "share": 0.8},
            {"node_id": "pit", "element": "Dy", "share": 0.2},
        ],
        "edges": [
            edge("pit", "ref", "ore"),
            edge("ref", "works", "oxide"),
            edge("works", "KOR", "goods"),
        ],
        "products": [{"id": "magnet", "name": "Magnet", "form": "goods"}],
        "contents": [{"product_id": "magnet", "element": "Nd", "share": 0.3}],
    }
    return network(metadata(), nodes=list(nodes.values()), **{**base, **tables})


def value(net: SupplyNetwork, element: str = "Nd", **words: Any) -> float:
    return sn.flow(net, to="KOR", element=element, **words).value


@pytest.mark.parametrize(
    ("plants", "expected"),
    [
        ({}, 80),
        ({"ref": {"capacity": 50, "unit": "t ore"}}, 40),
        ({"ref": {"capacity": 50, "unit": "t wet ore"}}, 20),
        ({"ref": {"capacity": 50, "unit": "t oxide"}}, 50),
        ({"works": {"capacity": 50, "unit": "t oxide"}}, 50),
        ({"works": {"capacity": 30, "unit": "t metal"}}, 30 * ND),
        ({"works": {"capacity": 100, "unit": "t goods"}}, 30 * ND),
        ({"works": {"capacity": 0, "unit": ""}}, 0),
        ({"pit": {"capacity": 0, "unit": "t ore"}}, 0),
    ],
)
def test_a_capacity_in_each_unit(plants: dict[str, Any], expected: float) -> None:
    assert value(chain(plants=plants)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        (edge("pit", "ref", "ore", capacity=10, unit="t ore"), 8),
        (edge("pit", "ref", "ore", capacity=10, unit="t wet ore"), 4),
        (edge("ref", "works", "oxide", capacity=10, unit="t oxide"), 10),
        (edge("ref", "works", "oxide", capacity=10, unit="t metal"), 10 * ND),
        (edge("works", "KOR", "goods", capacity=100, unit="t goods"), 30 * ND),
    ],
)
def test_a_link_in_each_unit(link: dict[str, Any], expected: float) -> None:
    net = chain()
    edges = [
        row for row in net.edge_rows if (row.source, row.target) != (link["source"], link["target"])
    ]
    assert value(added(net.replace(edges=edges), "edges", link)) == pytest.approx(expected)


def test_a_link_in_tonnes_of_a_mix() -> None:
    """Nd and Dy traded as one oxide: 10 t of it are not 10 t of each."""
    mix = Unit(name="t mix", measures="product", product="mix")
    net = chain(
        products=[
            {"id": "mix", "name": "Mix", "form": "oxide"},
            {"id": "magnet", "name": "Magnet", "form": "goods"},
        ],
        contents=[{"product_id": "mix", "element": "Nd", "share": 0.6 / ND}],
    )
    net = net.replace(metadata=metadata(units=(*net.commodity.units, mix)))
    bound = changed(net, "edges", lambda row: row.form == "oxide", capacity=10.0, unit="t mix")
    assert value(bound, "Nd") == pytest.approx(6)
    assert value(bound, "Dy") == 0


def test_the_most_specific_recovery_counts() -> None:
    """Element before group before all."""
    steps = [
        ({"node_id": "ref", "group": "all", "recovery": 0.5}, 40),
        ({"node_id": "ref", "group": "light", "recovery": 0.25}, 20),
        ({"node_id": "ref", "group": "Nd", "recovery": 0.125}, 10),
    ]
    given: list[dict[str, Any]] = []
    for row, expected in steps:
        given.insert(0, row)
        assert value(chain(recoveries=given)) == pytest.approx(expected)


def test_what_the_ore_keeps_back_is_charged_at_the_mine() -> None:
    """A recovery of 0.4 for the heavies of light ore: else light ores look too good."""
    kept = [{"node_id": "pit", "group": "heavy", "recovery": 0.4}]
    assert value(chain(recoveries=kept), "Dy") == pytest.approx(100 * 0.2 * 0.4)
    assert value(chain(recoveries=kept), "Nd") == pytest.approx(80)
    # also where a plant or a link binds, not the mine
    bound = chain(recoveries=kept, plants={"ref": {"capacity": 50, "unit": "t ore"}})
    assert value(bound, "Dy") == pytest.approx(50 * 0.2 * 0.4)
    linked = changed(
        chain(recoveries=kept), "edges", lambda row: row.form == "ore", capacity=10.0, unit="t ore"
    )
    assert value(linked, "Dy") == pytest.approx(10 * 0.2 * 0.4)
    oxide = chain(recoveries=kept, plants={"pit": {"capacity": 50, "unit": "t oxide"}})
    # 50 t of oxide of the whole ore, of which a fifth is this element
    assert value(oxide, "Dy") == pytest.approx(50 * 0.2 * 0.4)


def test_capacity_at_the_input_is_before_the_loss() -> None:
    """A refiner takes 50 t of ore and loses half; a maker puts out 50 t and has lost before."""
    half = [{"node_id": one, "group": "all", "recovery": 0.5} for one in ("ref", "works")]
    ref = chain(recoveries=half[:1], plants={"ref": {"capacity": 50, "unit": "t ore"}})
    assert value(ref) == pytest.approx(50 * 0.8 * 0.5)
    works = chain(recoveries=half[1:], plants={"works": {"capacity": 30, "unit": "t oxide"}})
    assert value(works) == pytest.approx(30)


def test_a_plant_turns_out_only_what_it_makes() -> None:
    assert value(chain(plants={"ref": {"makes": "light"}}), "Dy") == 0
    assert value(chain(plants={"ref": {"makes": "light"}}), "Nd") == pytest.approx(80)
    assert value(chain(plants={"ref": {"makes": ""}}), "Nd") == pytest.approx(80)  # none declares
    other = added(chain(plants={"ref": {"makes": ""}}), "nodes",
                  node("r2", "refiner", "AUS", makes="light"))  # fmt: skip
    assert value(other, "Nd") == 0  # one plant of the stage declares: the others make nothing


def test_carbonate_is_richer_in_what_is_left() -> None:
    """Without the 80 % Nd, a tonne of carbonate is Dy alone: 10 t of it hold 10 t."""
    net = chain(plants={"ref": {"makes": "light"}})
    net = added(
        net,
        "nodes",
        node("heavy", "refiner", "AUS", makes="heavy", capacity=10, unit="t ore"),
    )
    net = added(net, "edges", edge("ref", "heavy", "carbonate"), edge("heavy", "works", "oxide"))
    assert value(net, "Dy") == pytest.approx(10)
    assert value(net, "Nd") == pytest.approx(80)


@pytest.mark.parametrize(
    ("plant", "expected"),
    [
        ({"capacity": 50, "unit": "t ore"}, 10 * 0.2 + 40 * 0.1),
        ({"capacity": 50, "unit": "t oxide"}, 10 * 0.2 + 100 * 0.1),
        ({"capacity": None, "unit": ""}, 10 * 0.2 + 100 * 0.1),
    ],
)
def test_a_poor_ore_counts_with_what_the_plant_takes_of_it(
    plant: dict[str, Any], expected: float
) -> None:
    """Rich ore for 50 t would be 10 t Dy, but only 10 t of it come: the rest is poor.

    The bound counts 10 t of rich and 50 t of poor ore, 7 t; the plant's 50 t hold 10 t at most.
    """
    net = chain(plants={"pit": {"capacity": 10}, "ref": plant})
    net = added(net, "nodes", node("poor", "mine", "AUS", capacity=100, unit="t ore"))
    net = added(net, "edges", edge("poor", "ref", "ore"))
    net = added(
        net,
        "assays",
        {"node_id": "poor", "element": "Nd", "share": 0.9},
        {"node_id": "poor", "element": "Dy", "share": 0.1},
    )
    found = value(net, "Dy")
    assert found >= expected - 1e-9
    assert found == pytest.approx(2 + 5 if plant["unit"] == "t ore" else expected)


def test_the_ends_of_a_range() -> None:
    net = chain(
        plants={"pit": {"capacity_low": 50, "capacity_high": 200}},
        recoveries=[
            {
                "node_id": "ref",
                "group": "all",
                "recovery": 0.5,
                "recovery_low": 0.25,
                "recovery_high": 1.0,
            }
        ],
    )
    flow = sn.flow(net, to="KOR", element="Nd")
    assert (flow.low, flow.value, flow.high) == pytest.approx((10, 40, 160))


def test_separated_oxide_that_enters_a_plant_for_ore() -> None:
    """Some refine oxide again: a tonne of it is a tonne of what their capacity counts."""
    net = chain(plants={"ref": {"capacity": 50, "unit": "t ore"}})
    fine = node("fine", "refiner", "JPN", capacity=30, unit="t ore", makes="light;heavy")
    net = added(
        without(net, "edges", lambda row: row.form == "oxide"),
        "nodes",
        fine,
    )
    net = added(net, "edges", edge("ref", "fine", "oxide"), edge("fine", "works", "oxide"))
    assert value(net) == pytest.approx(30)  # 40 t Nd leave ref
    both = added(net, "edges", edge("pit", "fine", "ore"))
    exact = exact_potential(both, to={"KOR"}, element="Nd", year=2024)
    assert value(both) >= exact - 1e-9


def test_a_bounded_rule_is_one_bound_for_all_of_its_pairs() -> None:
    net = added(
        chain().replace(edges=[row for row in chain().edge_rows if row.form != "oxide"]),
        "nodes",
        node("mill", "maker", "AUS"),
    )
    net = added(net, "edges", edge("mill", "KOR", "goods"))
    rule = {
        "id": "r",
        "source": "refiner",
        "target": "maker",
        "form": "oxide",
        "standing": "observed",
        "reason": "x",
    }
    assert value(added(net, "rules", rule)) == pytest.approx(80)
    assert value(added(net, "rules", {**rule, "capacity": 7, "unit": "t oxide"})) == pytest.approx(
        7
    )
    ore = {**rule, "source": "pit", "target": "ref", "form": "ore", "capacity": 10, "unit": "t ore"}
    only = chain().replace(edges=[row for row in chain().edge_rows if row.form != "ore"])
    assert value(added(only, "rules", ore)) == pytest.approx(8)
    goods = {**rule, "source": "maker", "target": "nation", "form": "goods", "capacity": 100,
             "unit": "t goods"}  # fmt: skip
    last = chain().replace(edges=[row for row in chain().edge_rows if row.form != "goods"])
    assert value(added(last, "rules", goods)) == pytest.approx(30 * ND)
