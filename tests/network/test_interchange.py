"""Networks to and from pandas and networkx: nothing is lost, faults are given with their place."""

from __future__ import annotations

import networkx as nx
import pandas as pd
import pytest
from hypothesis import given, settings

from supplynet.errors import OptionError, TableError
from supplynet.network.edit import (
    frame_to_rows,
    from_networkx,
    simple_metadata,
    to_networkx,
)
from supplynet.network.network import SupplyNetwork
from supplynet.network.schema import TABLES
from tests.io.strategies import networks
from tests.network.networks import small_networks

CHAIN = simple_metadata("demo", stages=["mine", "plant", "nation"], commodity="graphite")


# -- lossless ------------------------------------------------------------------------------


@given(networks)
@settings(max_examples=10)
def test_frames_lose_nothing(net: SupplyNetwork) -> None:
    """Any row that the format allows, every table, empty ones too; frames want declared stages."""
    nodes = [row.model_copy(update={"stage": "mine"}) for row in net.node_rows]
    net = net.replace(nodes=nodes)
    back = SupplyNetwork.from_frames(net.metadata, **net.to_frames())
    assert back == net
    assert back.digest == net.digest


@given(small_networks())
@settings(max_examples=25)
def test_networkx_loses_nothing(net: SupplyNetwork) -> None:
    back = from_networkx(to_networkx(net))
    assert back == net
    assert back.digest == net.digest


def test_parallel_links_and_their_order_survive(tutorial: SupplyNetwork) -> None:
    """Time slices of one pair are parallel edges in networkx."""
    edges = [*tutorial.edge_rows]
    edges.insert(0, edges[-1].model_copy(update={"start_year": 2030, "end_year": 2031}))
    net = tutorial.replace(edges=edges)
    assert from_networkx(to_networkx(net)).edge_rows == net.edge_rows


# -- frames --------------------------------------------------------------------------------


def test_frames_are_typed_and_indexed(tutorial: SupplyNetwork) -> None:
    frames = tutorial.to_frames()
    assert list(frames) == list(TABLES)
    nodes = frames["nodes"]
    assert nodes.index.name == "id"
    assert nodes["capacity"].dtype == "float64"
    assert nodes["start_year"].dtype == "Int64"
    assert nodes.loc["ref-big", "makes"] == ("light", "heavy")
    assert pd.isna(nodes.loc["MLT", "capacity"])
    assert frames["demand"]["year"].tolist() == [2024, 2026, 2024, 2026]
    assert tutorial.nodes.equals(nodes)
    assert tutorial.edges.equals(frames["edges"])
    assert frames["sources"].empty
    assert {"id", *frames["sources"].columns} == set(TABLES["sources"].model_fields)


def test_a_frame_is_a_copy(tutorial: SupplyNetwork) -> None:
    """What a user does to a frame does not reach the network."""
    digest = tutorial.digest
    frame = tutorial.nodes
    frame.loc["ref-big", "capacity"] = 1.0
    del frame["name"]
    assert tutorial.node("ref-big").capacity == 200
    assert tutorial.digest == digest


def test_missing_values_of_every_kind_are_empty_cells() -> None:
    frame = pd.DataFrame(
        {
            "id": ["a", "b", "c", "d"],
            "name": ["A", "B", "C", "D"],
            "stage": "mine",
            "country": "AUS",
            "confidence": "estimated",
            "capacity": pd.Series([None, float("nan"), pd.NA, 5.0], dtype="object"),
            "start_year": pd.Series([None, pd.NaT, pd.NA, 2020], dtype="object"),
        }
    )
    rows = frame_to_rows("nodes", frame)
    assert [row.capacity for row in rows] == [None, None, None, 5.0]  # type: ignore[attr-defined]
    assert [row.start_year for row in rows] == [None, None, None, 2020]  # type: ignore[attr-defined]


def test_every_fault_of_a_frame_is_told_with_its_place() -> None:
    frame = pd.DataFrame(
        {
            "id": ["a", "b c"],
            "name": ["A", "B"],
            "stage": ["mine", "mine"],
            "country": ["AUS", "AU"],
            "confidence": ["estimated", "estimated"],
            "capasity": [1, 2],
        }
    )
    with pytest.raises(TableError) as caught:
        SupplyNetwork.from_frames(CHAIN, nodes=frame)
    text = str(caught.value)
    assert "table nodes: 4 problems" in text
    assert "nodes, row 3, column id" in text
    assert "nodes, row 3, column country" in text
    assert "did you mean 'capacity'" in text


# -- networkx ------------------------------------------------------------------------------


def plain_graph() -> nx.DiGraph:
    graph = nx.DiGraph()
    graph.add_node("pit", stage="mine", country="AUS", capacity=5.0, unit="t")
    graph.add_node("mill", stage="plant", country="KOR", name="The Mill", confidence="sourced")
    graph.add_node("KOR", stage="nation", country="KOR")
    graph.add_edge("pit", "mill", capacity=3.0, unit="t")
    graph.add_edge("mill", "KOR", standing="planned")
    return graph


def test_a_plain_graph_needs_little() -> None:
    """The rest is filled in, and said to be without a source."""
    net = SupplyNetwork.from_networkx(plain_graph(), CHAIN)
    assert net.node("pit").name == "pit"
    assert net.node("mill").name == "The Mill"
    assert (net.node("pit").confidence, net.node("mill").confidence) == ("estimated", "sourced")
    first, second = net.edge_rows
    assert (first.form, first.standing, first.capacity) == ("material", "observed", 3.0)
    assert second.standing == "planned"
    assert first.note == "given without a source"


def test_what_cannot_be_a_network() -> None:
    with pytest.raises(OptionError, match="is directed"):
        from_networkx(nx.Graph(), CHAIN)  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="brings no metadata") as caught:
        from_networkx(plain_graph())
    assert "simple_metadata" in caught.value.hint
    graph = plain_graph()
    graph.nodes["pit"]["colour"] = "red"
    with pytest.raises(TableError, match="colour"):
        from_networkx(graph, CHAIN)
    graph = plain_graph()
    graph.add_edge("mill", "ghost")
    with pytest.raises(TableError, match="column stage: a value is needed"):
        from_networkx(graph, CHAIN)


# -- simple_metadata -----------------------------------------------------------------------


# -- a network of one's own, from three small tables --------------------------------------


def own(**changes: list[str]) -> SupplyNetwork:
    head = simple_metadata("own", stages=["mine", "plant", "nation"], commodity="graphite")
    nodes = pd.DataFrame(
        [["m", "mine", "AUS"], ["p", "plant", "VNM"], ["KOR", "nation", "KOR"]],
        columns=["id", "stage", "country"],
    )
    edges = pd.DataFrame({"source": ["m", "p"], "target": ["p", "KOR"], "capacity": 40.0})
    demand = pd.DataFrame({"nation": ["KOR"], "year": 2024, "quantity": 100.0})
    tables = {"nodes": nodes.assign(**changes), "edges": edges, "demand": demand}
    return SupplyNetwork.from_frames(head, **tables)


def test_demand_of_a_plain_chain_is_of_its_only_final_form() -> None:
    net = own()
    (row,) = net.demand_rows
    assert (row.product, row.unit, row.use) == ("material", "t", "all")
    assert net.check().ok


@pytest.mark.parametrize(
    ("column", "values", "hint"),
    [
        ("country", ["Australia", "VNM", "KOR"], "write AUS"),
        ("country", ["Atlantis", "VNM", "KOR"], "three capital letters"),
        ("stage", ["mines", "plant", "nation"], "did you mean 'mine'"),
    ],
)
def test_a_mistake_in_a_table_of_ones_own_is_named_with_its_place(
    column: str, values: list[str], hint: str
) -> None:
    with pytest.raises(TableError) as caught:
        own(**{column: values})
    assert f"nodes, row 2, column {column}" in str(caught.value) and hint in str(caught.value)
