"""What baskets hold after plants that lose some of their elements more than others."""

from __future__ import annotations

import random
from itertools import product
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

import supplynet as sn
from supplynet.analysis.arrays.feeds import (
    Feed,
    composition,
    feed_after,
    largest_part,
    rest_of,
    scrap_ratios,
    scrap_rows,
)
from supplynet.analysis.arrays.skeleton import skeleton
from supplynet.network.network import SupplyNetwork
from supplynet.network.schema import Commodity, Form, Metadata, Stage, Unit
from tests.analysis.balance.rules import flows_of
from tests.analysis.balance.rules import most_served as balance
from tests.network.networks import added, changed, edge, network, node

HEAD = Metadata(
    name="matte",
    title="Matte",
    commodity=Commodity(
        family="two metals",
        elements=("Ni", "Co"),
        headline=("Ni", "Co"),
        groups={"nickel": ("Ni",), "cobalt": ("Co",)},
        stages=(
            Stage(name="mine", title="Mine", plural="Mines", is_origin=True),
            Stage(name="smelter", title="Smelter", plural="Smelters", capacity_at="input"),
            Stage(name="refiner", title="Refiner", plural="Refiners", capacity_at="input"),
            Stage(name="nation", title="Nation", plural="Nations", is_nation=True),
        ),
        forms=(
            Form(name="ore", title="Ore", is_separated=False),
            Form(name="matte", title="Matte", is_separated=False),
            Form(name="metal", title="Metal", is_final=True),
        ),
        units=(
            Unit(name="t mix", measures="basket"),
            Unit(name="t metal", measures="metal"),
            Unit(name="t goods", measures="product"),
        ),
        first_year=2024,
        last_year=2026,
        base_year=2024,
    ),
)


def smelting(**refiner: Any) -> SupplyNetwork:
    """A mine of 60 t Ni and 40 t Co, a smelter that keeps 95 % and 50 %, and a refiner."""
    return network(
        HEAD,
        nodes=[
            node("pit", "mine", "AUS", capacity=100, unit="t mix"),
            node("smelter", "smelter", "AUS", capacity=1000, unit="t mix"),
            node(
                "refiner",
                "refiner",
                "FIN",
                makes="nickel;cobalt",
                **{"capacity": 1000, "unit": "t mix", **refiner},
            ),
            node("FIN", "nation", "FIN"),
        ],
        edges=[
            edge("pit", "smelter", "ore"),
            edge("smelter", "refiner", "matte"),
            edge("refiner", "FIN", "metal"),
        ],
        assays=[
            {"node_id": "pit", "element": "Ni", "share": 0.6},
            {"node_id": "pit", "element": "Co", "share": 0.4},
        ],
        recoveries=[
            {"node_id": "smelter", "group": "nickel", "recovery": 0.95},
            {"node_id": "smelter", "group": "cobalt", "recovery": 0.5},
            {"node_id": "refiner", "group": "all", "recovery": 1.0},
        ],
        products=[
            {"id": "nickel", "name": "Nickel", "form": "metal"},
            {"id": "cobalt", "name": "Cobalt", "form": "metal"},
        ],
        contents=[
            {"product_id": "nickel", "element": "Ni", "share": 1.0},
            {"product_id": "cobalt", "element": "Co", "share": 1.0},
        ],
        demand=[
            {"nation": "FIN", "use": "any", "product": one, "year": 2024, "quantity": 1000}
            | {"unit": "t goods"}
            for one in ("nickel", "cobalt")
        ],
    )


def served(net: SupplyNetwork, **words: Any) -> dict[str, float]:
    return {row.product: row.served for row in balance(net, **words).deliveries}


def potentials(net: SupplyNetwork, **words: Any) -> dict[str, float]:
    return {
        product: sn.flow(net, to="FIN", element=one, **words).value
        for one, product in (("Ni", "nickel"), ("Co", "cobalt"))
    }


BY_HAND = {"nickel": 57.0, "cobalt": 20.0}  # 60 * 0.95 and 40 * 0.5


def test_a_smelter_that_loses_half_of_the_cobalt_by_hand() -> None:
    """Of 100 t of ore 77 t come in the matte, and more of it is nickel than was."""
    net = smelting()
    assert net.check().ok
    assert served(net) == pytest.approx(BY_HAND)
    assert potentials(net) == pytest.approx(BY_HAND)
    matte = Feed("pit", passed=frozenset({"smelter"}))
    assert skeleton(net, year=2024, links="observed").feeds["refiner"] == {matte}
    assert composition(net, matte, "central") == pytest.approx({"Ni": 57 / 77, "Co": 20 / 77})
    assert rest_of(net, net.node("smelter"), Feed("pit"), "central") == (
        matte,
        pytest.approx(0.77),
    )
    flows = flows_of(balance(net))
    assert dict(zip(flows["what"], flows["tonnes"], strict=True))["pit after smelter"] == (
        pytest.approx(77.0)
    )


def test_an_output_counts_what_leaves() -> None:
    """A smelter of 38.5 t at its output turns out half of the 77 t of matte."""
    stages = tuple(
        one.model_copy(update={"capacity_at": "output"}) if one.name == "smelter" else one
        for one in HEAD.commodity.stages
    )
    commodity = HEAD.commodity.model_copy(update={"stages": stages})
    net = changed(smelting(), "nodes", lambda row: row.id == "smelter", capacity=38.5)
    net = net.replace(metadata=HEAD.model_copy(update={"commodity": commodity}))
    half = {one: tonnes / 2 for one, tonnes in BY_HAND.items()}
    assert served(net) == pytest.approx(half)
    assert potentials(net) == pytest.approx(half)
    part = largest_part(net, net.node("smelter"), Feed("pit"), "Ni", "central")
    assert part == pytest.approx(57 / 77)


def test_two_steps_in_any_order_leave_the_same() -> None:
    """A second smelter keeps 80 % of the nickel and 90 % of the cobalt: 45.6 t and 18 t."""
    net = smelting()
    net = net.replace(edges=[row for row in net.edge_rows if row.form != "matte"])
    net = added(net, "nodes", node("second", "smelter", "FIN", capacity=1000, unit="t mix"))
    net = added(
        net,
        "recoveries",
        {"node_id": "second", "group": "nickel", "recovery": 0.8},
        {"node_id": "second", "group": "cobalt", "recovery": 0.9},
    )
    chain = added(net, "edges", edge("smelter", "second", "matte"))
    chain = added(chain, "edges", edge("second", "refiner", "matte"))
    by_hand = {"nickel": 57.0 * 0.8, "cobalt": 20.0 * 0.9}
    assert served(chain) == pytest.approx(by_hand)
    assert potentials(chain) == pytest.approx(by_hand)
    one, two = net.node("smelter"), net.node("second")
    assert feed_after(net, two, feed_after(net, one, Feed("pit"))) == (
        feed_after(net, one, feed_after(net, two, Feed("pit")))
    )


def test_a_cycle_ends_and_brings_nothing() -> None:
    """Matte that comes back to its smelter loses again, and the best plan sends none."""
    net = added(smelting(), "nodes", node("second", "smelter", "FIN", capacity=1000, unit="t mix"))
    net = added(net, "edges", edge("smelter", "second", "matte"), edge("second", "smelter", "ore"))
    net = added(
        net,
        "recoveries",
        {"node_id": "second", "group": "nickel", "recovery": 0.8},
        {"node_id": "second", "group": "cobalt", "recovery": 0.9},
    )
    frame = skeleton(net, year=2024, links="observed")
    assert {one.passed for one in frame.feeds["refiner"]} == {
        frozenset({"smelter"}),
        frozenset({"smelter", "second"}),
    }
    again = Feed("pit", passed=frozenset({"smelter", "second"}))
    left, size = rest_of(net, net.node("smelter"), again, "central")
    assert left == again
    assert size == pytest.approx(0.5)  # the cobalt of it, which is kept worst, holds it
    assert served(net) == pytest.approx(BY_HAND)


@pytest.mark.parametrize("seed", range(25))
def test_an_independent_program_of_routes_finds_the_same(seed: int) -> None:
    """Mines, two rows of smelters that lose unevenly, refiners: one variable for each route."""
    draw = random.Random(seed)  # noqa: S311  no secret
    mines = {f"mine{i}": (draw.randint(20, 100), draw.choice([0.2, 0.5, 0.7])) for i in range(2)}
    kept = [0.5, 0.8, 0.95, 1.0]
    first = {f"first{i}": (draw.randint(10, 90), draw.choices(kept, k=2)) for i in range(2)}
    second = {f"second{i}": (draw.randint(10, 90), draw.choices(kept, k=2)) for i in range(2)}
    refiners = {f"ref{i}": (draw.randint(10, 60), draw.choices(kept, k=2)) for i in range(2)}
    need = draw.randint(20, 60), draw.randint(20, 60)
    links = [
        pair
        for pair in (
            *product(mines, first),
            *product(first, second),
            *product(first, refiners),
            *product(second, refiners),
        )
        if draw.random() < 0.75
    ]
    net = _drawn(mines, first, second, refiners, need, links)
    found = served(net)
    assert sum(found.values()) == pytest.approx(
        _routes(mines, first | second, refiners, need, links), rel=1e-7, abs=1e-7
    )
    alone = {row.product: row.served for row in sn.coverage(net, to="FIN").products}
    assert sum(alone.values()) == pytest.approx(sum(found.values()), rel=1e-7, abs=1e-7)
    for one, tonnes in potentials(net).items():
        assert tonnes >= max(found[one], alone[one]) - 1e-6


def _drawn(
    mines: Any, first: Any, second: Any, refiners: Any, need: Any, links: Any
) -> SupplyNetwork:
    """The drawn network as tables."""
    plants = {**first, **second, **refiners}
    base = smelting()
    stage = dict.fromkeys((*first, *second), "smelter") | dict.fromkeys(refiners, "refiner")
    return network(
        HEAD,
        nodes=[
            *(node(one, "mine", "AUS", capacity=t, unit="t mix") for one, (t, _) in mines.items()),
            *(
                node(one, stage[one], "FIN", capacity=tonnes, unit="t mix")
                | ({"makes": "nickel;cobalt"} if one in refiners else {})
                for one, (tonnes, _) in plants.items()
            ),
            node("FIN", "nation", "FIN"),
        ],
        edges=[
            *(edge(a, b, "ore" if a in mines else "matte") for a, b in links),
            *(edge(one, "FIN", "metal") for one in refiners),
        ],
        assays=[
            {"node_id": one, "element": element, "share": share}
            for one, (_, nickel) in mines.items()
            for element, share in (("Ni", nickel), ("Co", 1.0 - nickel))
        ],
        recoveries=[
            {"node_id": one, "group": group, "recovery": value}
            for one, (_, values) in plants.items()
            for group, value in zip(("nickel", "cobalt"), values, strict=True)
        ],
        products=[row.model_dump() for row in base.rows("products")],
        contents=[row.model_dump() for row in base.rows("contents")],
        demand=[
            {"nation": "FIN", "use": "any", "product": one, "year": 2024, "quantity": tonnes}
            | {"unit": "t goods"}
            for one, tonnes in zip(("nickel", "cobalt"), need, strict=True)
        ],
    )


def _routes(mines: Any, smelters: Any, refiners: Any, need: Any, links: Any) -> float:
    """Most tonnes of metal served: tonnes mined by route, each metal with its own losses.

    A route may end behind any plant: what a plant sends nowhere is thrown away.
    """
    routes = [(one,) for one in mines]
    for route in routes:  # grows while it is read
        routes += [(*route, b) for a, b in links if a == route[-1]]
    plants = {**smelters, **refiners}
    entering: dict[str, np.ndarray] = {one: np.zeros(len(routes)) for one in (*mines, *plants)}
    out = np.zeros((2, len(routes)))
    for number, route in enumerate(routes):
        nickel = mines[route[0]][1]
        tonnes = np.array([nickel, 1.0 - nickel])
        for one in route:
            entering[one][number] = tonnes.sum()
            if one in plants:
                tonnes = tonnes * plants[one][1]
        if route[-1] in refiners:
            out[:, number] = tonnes
    n = len(routes)
    limits = np.array([np.append(row, [0.0, 0.0]) for row in entering.values()])
    sent = np.hstack([-out, np.eye(2)])  # served is no more than comes out
    most = [plant[0] for plant in (*mines.values(), *plants.values())]
    solved = linprog(
        np.append(np.zeros(n), [-1.0, -1.0]),
        A_ub=np.vstack([limits, sent]),
        b_ub=np.append(most, [0.0, 0.0]),
        bounds=[(0, None)] * n + [(0, need[0]), (0, need[1])],
    )
    assert solved.status == 0
    return -float(solved.fun)


# -- How much new scrap plants leave: read off the table, selectors resolved --


NODES = [node("a", "maker", "AUS"), node("b", "maker", "CHN"), node("c", "refiner", "CHN")]


def test_a_row_speaks_of_every_plant_that_it_names() -> None:
    net = network(
        nodes=NODES,
        scrap=[{"nodes": "CHN:maker,node:c", "ratio": 0.3}, {"nodes": "AUS", "ratio": 0.1}],
    )
    assert scrap_ratios(net) == {"a": 0.1, "b": 0.3, "c": 0.3}
    assert scrap_rows(net)["c"] is net.rows("scrap")[0]
