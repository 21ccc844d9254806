"""Routes: the flow as ways, with standing, confidence and what limits them."""

from __future__ import annotations

import pytest

import supplynet as sn
from supplynet.errors import UnknownNameError
from supplynet.network.network import SupplyNetwork
from tests.network.networks import added, edge, metadata, network, node


def test_the_tutorial_by_hand(tutorial: SupplyNetwork) -> None:
    """Four ways in: 100 t by the rule, 20 t, 30 t and 10 t by named links."""
    table = sn.flow.routes(tutorial, to="MLT", element="Nd", year=2024, tier="possible").to_frame()
    assert list(table.columns[:5]) == ["element", "mine", "refiner", "maker", "nation"]
    by_maker = table.groupby(["refiner", "maker"])["tonnes"].sum().to_dict()
    assert by_maker == pytest.approx(
        {
            ("ref-big", "maker-big"): 100,
            ("ref-big", "maker-home"): 20,
            ("ref-small", "maker-free"): 30,
            ("ref-small", "maker-home"): 10,
        }
    )
    assert set(table["nation"]) == {"MLT"}
    assert table["tonnes"].is_monotonic_decreasing
    by_rule = table[table["maker"] == "maker-big"]
    assert set(by_rule["rules"]) == {"goods-to-malta"}
    assert set(table[table["maker"] != "maker-big"]["rules"]) == {""}


def test_the_weakest_link_gives_the_standing(tutorial: SupplyNetwork) -> None:
    table = (
        sn.flow.routes(tutorial, to="MLT", element="Nd", year=2024, tier="possible")
        .to_frame()
        .set_index(["refiner", "maker"])
    )
    standing = {key: set(table.loc[[key], "standing"]) for key in table.index.unique()}
    assert standing["ref-small", "maker-free"] == {"contracted"}
    assert standing["ref-small", "maker-home"] == {"possible"}
    assert standing["ref-big", "maker-home"] == {"observed"}


def test_a_plant_that_is_not_built_makes_a_way_planned(tutorial: SupplyNetwork) -> None:
    table = sn.flow.routes(
        tutorial, to="MLT", element="Dy", year=2026, avoid="ISL", tier="possible"
    ).to_frame()
    assert table[["refiner", "standing"]].values.tolist() == [["ref-small > ref-new", "planned"]]


def test_the_bottleneck_of_each_way_is_in_the_cut(tutorial: SupplyNetwork) -> None:
    flow = sn.flow(tutorial, to="MLT", element="Nd")
    names = {one.name for one in flow.cut}
    assert {route.bottleneck for route in flow.routes} == names
    for member in flow.cut:  # ways that share a member fill it
        tonnes = sum(r.tonnes for r in flow.routes if r.bottleneck == member.name)
        assert tonnes == pytest.approx(member.capacity)


def test_only_ways_over_a_country(tutorial: SupplyNetwork) -> None:
    table = sn.flow.routes(
        tutorial, to="MLT", element="Nd", via="FJI:refiner", year=2024, tier="possible"
    ).to_frame()
    assert set(table["refiner"]) == {"ref-small"}
    assert table["tonnes"].sum() == pytest.approx(40)
    none = sn.flow.routes(
        tutorial, to="MLT", element="Dy", via="ref-new", year=2024, tier="possible"
    ).to_frame()
    assert none.empty
    with pytest.raises(UnknownNameError, match="via"):
        sn.flow.routes(tutorial, to="MLT", element="Nd", via="FRA", year=2024, tier="possible")
    # to arrive is not to pass: the nation itself is no way
    assert (
        sn.flow.routes(tutorial, to="MLT", element="Nd", via="node:MLT", year=2024, tier="possible")
        .to_frame()
        .empty
    )


def parallel() -> SupplyNetwork:
    """One pair of plants, linked by name and by a rule, with sources of their own."""
    net = network(
        metadata(groups={}),
        nodes=[
            node("pit", "mine", "AUS", capacity=10, unit="t ore", confidence="sourced",
                 source_ids="s1"),
            node("works", "maker", "AUS", confidence="sourced", source_ids="s2"),
            node("KOR", "nation", "KOR"),
        ],
        assays=[{"node_id": "pit", "element": "Nd", "share": 1.0}],
        edges=[
            edge("pit", "works", "ore", capacity=4, unit="t ore", confidence="summary",
                 source_ids="s3"),
            edge("works", "KOR", "goods", confidence="sourced", source_ids="s4"),
        ],
        sources=[{"id": f"s{n}", "title": "T", "is_verified": "yes"} for n in range(1, 6)],
    )  # fmt: skip
    return added(
        net,
        "rules",
        {
            "id": "more",
            "source": "pit",
            "target": "works",
            "form": "ore",
            "capacity": 3,
            "unit": "t ore",
            "standing": "possible",
            "reason": "r",
            "source_ids": "s5",
        },
    )


def test_ways_over_the_same_nodes_are_one() -> None:
    """Named link and rule add up; the weakest standing and least sure row are reported."""
    (route,) = sn.flow(parallel(), to="KOR", element="Nd", year=2024, tier="possible").routes
    assert route.nodes == ("pit", "works", "KOR")
    assert route.tonnes == pytest.approx(7)
    assert route.standing == "possible"
    assert route.confidence == "estimated"
    assert route.rules == ("more",)
    # works has no capacity: its row limits nothing and is not cited
    assert set(route.source_ids) == {"s1", "s3", "s4", "s5"}


def test_confidence_is_that_of_the_least_sure_row() -> None:
    flow = sn.flow(parallel(), to="KOR", element="Nd", links="observed")
    (route,) = flow.routes
    assert (route.confidence, route.rules) == ("summary", ())
    assert flow.confidence == {"sourced": 0.0, "derived": 0.0, "summary": 1.0, "estimated": 0.0}


def test_a_capacity_step_brings_its_own_sources() -> None:
    net = added(
        parallel(),
        "capacities",
        {"node_id": "pit", "year": 2024, "capacity": 2, "unit": "t ore", "source_ids": "s5"},
    )
    flow = sn.flow(net, to="KOR", element="Nd", links="observed")
    (route,) = flow.routes
    assert route.confidence == "estimated"
    assert "s5" in route.source_ids
    assert "s1" not in route.source_ids
    assert flow.value == pytest.approx(2)
    assert flow.cut[0].confidence == "estimated"


def test_own_use_of_a_form_limits_a_way(tutorial: SupplyNetwork) -> None:
    """Oxide that goes to a nation directly is taken up to its demand for oxide."""
    powder = added(tutorial, "products", {"id": "powder", "name": "Powder", "form": "oxide"})
    powder = added(
        added(powder, "contents", {"product_id": "powder", "element": "Nd", "share": 0.857354}),
        "demand",
        {
            "nation": "MLT",
            "use": "Paint",
            "product": "powder",
            "year": 2024,
            "quantity": 5,
            "unit": "t goods",
        },
    )
    powder = added(powder, "edges", edge("ref-small", "MLT", "oxide"))
    flow = sn.flow(powder, to="MLT", element="Nd", avoid="ISL", year=2024, tier="possible")
    assert flow.value == pytest.approx(45, rel=1e-5)
    intake = next(one for one in flow.cut if one.kind == "intake")
    assert intake.name == "Malta's own use of Oxide"
    assert intake.id == "MLT:oxide"
    direct = next(route for route in flow.routes if "maker" not in "".join(route.nodes))
    assert direct.bottleneck == "Malta's own use of Oxide"
    # without any demand row there is no limit of that kind
    free = sn.flow(
        powder.replace(demand=()),
        to="MLT",
        element="Nd",
        avoid="ISL",
        year=2024,
        tier="possible",
    )
    assert free.value == pytest.approx(60)
