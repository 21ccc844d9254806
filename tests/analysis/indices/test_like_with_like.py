"""N-1 and benchmarks compare tonnes that arrive with tonnes that are asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

import supplynet as sn
from supplynet.analysis.indices.risk import Parameters
from supplynet.analysis.indices.rows import Index
from supplynet.analysis.indices.stages import Stages
from supplynet.io.parameters import read_parameters
from supplynet.io.production import read_production
from supplynet.network.edit import simple_metadata
from supplynet.network.network import SupplyNetwork
from supplynet.network.tiers import TIERS
from supplynet.questions.indices import IndexResult
from supplynet.questions.indices.of_tables import table_indices
from tests.network.networks import edge, network, node

PUBLISHED = Path(__file__).parent / "published"
CASES = Path(__file__).parents[2] / "reference" / "model"
T = {"unit": "t"}


def anode_material(**changes: list[dict[str, object]]) -> SupplyNetwork:
    """Half of the ore is lost on the way: 300 t of China's and 200 t of Fiji's for 180 t.

    A second origin, coke, loses a tenth and passes the spheres by.
    """
    tables: dict[str, list[dict[str, object]]] = {
        "nodes": [
            node("flake-chn", "mine", "CHN", capacity=300, **T),
            node("flake-fji", "mine", "FJI", capacity=200, **T),
            node("coke-isl", "coke", "ISL", capacity=10, **T),
            node("sphere-chn", "sphere", "CHN", capacity=400, **T),
            node("sphere-mlt", "sphere", "MLT", capacity=300, **T),
            node("anode-chn", "anode", "CHN", capacity=200, **T),
            node("anode-mlt", "anode", "MLT", capacity=100, **T),
            node("CHN", "nation", "CHN"),
            node("MLT", "nation", "MLT"),
        ],
        "edges": [
            *(
                edge(mine, plant, "material")
                for mine in ("flake-chn", "flake-fji")
                for plant in ("sphere-chn", "sphere-mlt")
            ),
            *(
                edge(f"sphere-{one}", f"anode-{other}", "material")
                for one in ("chn", "mlt")
                for other in ("chn", "mlt")
            ),
            edge("coke-isl", "anode-mlt", "material"),
            *(
                edge(f"anode-{one}", nation, "material")
                for one in ("chn", "mlt")
                for nation in ("CHN", "MLT")
            ),
        ],
        "recoveries": [
            {"node_id": "sphere-chn", "group": "all", "recovery": 0.5},
            {"node_id": "sphere-mlt", "group": "all", "recovery": 0.5},
            {"node_id": "anode-mlt", "group": "all", "recovery": 0.9},
            {"node_id": "anode-chn", "group": "all", "recovery": 0.9},
        ],
        "products": [{"id": "goods", "name": "Goods", "form": "material"}],
        "demand": [
            {"nation": "CHN", "use": "u", "product": "goods", "year": 2024, "quantity": 80, **T},
            {"nation": "MLT", "use": "u", "product": "goods", "year": 2024, "quantity": 100, **T},
        ],
        **changes,
    }
    head = simple_metadata(
        "anodes",
        stages=["mine", "coke", "sphere", "anode", "nation"],
        commodity="graphite",
        last_year=2030,
    )
    commodity = head.commodity
    stages = [
        one.model_copy(update={"is_origin": one.name in ("mine", "coke")})
        for one in commodity.stages
    ]
    head = head.model_copy(
        update={"commodity": commodity.model_copy(update={"stages": tuple(stages)})}
    )
    return network(head, **tables)


def of(result: IndexResult, method: str, subject: str) -> Index:
    return next(one for one in result.of(method) if one.subject.startswith(subject))


def test_tonnes_are_carried_to_the_end() -> None:
    """Ore: (200 x 0.5 + 10) x 0.9 = 99 t outside China, for the 100 t that the others ask for."""
    found = sn.indices(anode_material(), to="MLT")
    assert of(found, "n-1", "mine and coke, without China").value == pytest.approx(0.99)
    anode = of(found, "n-1", "anode, without China")
    assert anode.value == pytest.approx(0.99), "100 t at the output, and ore for 99 t"
    assert any("100 t, of which links can feed 99 t" in flag for flag in anode.flags)
    assert anode.input("fed by links").value == pytest.approx(99.0)
    assert anode.limit == "mine capacity"


def test_own_extraction_is_what_it_becomes() -> None:
    """10 t of coke become 9 t: 11 % of 80 t, not 12.5 %; the mine of nobody's links is nothing."""
    net = anode_material()
    nodes = [
        one.model_copy(update={"country": "CHN", "owner_country": "CHN"})
        if one.id in ("coke-isl",)
        else one.model_copy(update={"country": "MLT"})
        if one.id == "flake-chn"
        else one
        for one in net.node_rows
    ]
    found = sn.indices(net.replace(nodes=nodes), to="CHN")
    own = of(found, "crma", "Extraction, own capacity: mine and coke")
    assert own.value == pytest.approx(9 / 80)
    alone = net.replace(
        nodes=nodes, edges=[one for one in net.edge_rows if one.source != "coke-isl"]
    )
    own = of(sn.indices(alone, to="CHN"), "crma", "Extraction, own capacity: mine and coke")
    assert (own.value, own.passes) == (0.0, False)


def test_no_plant_is_left_out_because_another_says_what_it_makes() -> None:
    """Four intermediate plants in three countries, of which one names what it makes."""
    net = sn.load(CASES / "nickel-cobalt")
    found = sn.indices(net, year=2024, tier="committed")
    tonnes = {"IDN": 400_000 + 500_000, "COD": 180_000, "AUS": 80_000}
    by_hand = 1e4 * sum(one**2 for one in tonnes.values()) / sum(tonnes.values()) ** 2
    hhi = of(found, "hhi", "Intermediate plant, by location")
    assert hhi.value == pytest.approx(by_hand)
    assert round(by_hand) == 6308
    left = next(
        one
        for one in found.of("n-1")
        if one.element == "Ni" and one.subject.startswith("Intermediate plant")
    )
    # the smelter in Australia: 97 % nickel, then losses at smelter, refiner, cathode and cell
    served = 80_000 * 0.97 * 0.95 * 0.97**3
    asked = 0.48 * 120_000 + 0.36 * 820_000
    assert left.value == pytest.approx(served / asked)


# -- the agency's own figures ---------------------------------------------------------------


def agency(year: int) -> Index:
    production = read_production(PUBLISHED / "refining.csv")
    known = Parameters(tuple(read_parameters(PUBLISHED / "demand.csv")))
    found = table_indices(production, year=year, parameters=known, kind="processing")
    return found.of("n-1")[0]


def test_the_agency_s_n_1_follows_from_its_own_figures() -> None:
    """International Energy Agency (2025): 35 to 40 % without China; here within five points."""
    found = agency(2030)
    assert found.subject == "Production, without China"
    assert found.value == pytest.approx(25_600 / (122_846.2 - 52_823.9))
    assert 0.35 - 0.05 <= (found.value or 0.0) <= 0.40 + 0.05
    assert round(100 * (found.value or 0.0)) == 37
    assert agency(2024).value == pytest.approx(7_048.5 / (90_921.8 - 39_096.4), rel=1e-6)


def test_a_plant_that_nothing_feeds_counts_where_capacity_is_asked_for() -> None:
    """By the ore that it might get; of what would be left without a supplier it is no part."""
    net = anode_material()
    more = network(
        net.metadata,
        nodes=[node("sphere-isl", "sphere", "ISL", capacity=100, **T)],
        edges=[
            edge("flake-fji", "sphere-isl", "material", standing="possible"),
            edge("sphere-isl", "anode-mlt", "material"),
        ],
    )
    net = net.replace(
        nodes=[*net.node_rows, *more.node_rows], edges=[*net.edge_rows, *more.edge_rows]
    )
    plants = Stages(net, "graphite", 2024, "capacity", TIERS["committed"])
    could = plants.supply(("sphere",))
    assert could is not None
    assert could.tonnes["ISL"] == 100.0
    assert any(
        "by the feed that possible links could bring: Sphere-Isl" in one for one in could.flags
    )
    left = plants.supply(("sphere",), is_carried=True)
    assert left is not None
    assert left.tonnes["ISL"] == 0.0
    assert any("count as nothing: Sphere-Isl" in one for one in left.flags)
    hhi = of(sn.indices(net), "hhi", "sphere, by location").value
    assert hhi == pytest.approx(1e4 * (400**2 + 300**2 + 100**2) / 800**2)
