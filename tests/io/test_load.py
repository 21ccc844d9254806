from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import supplynet as sn
from supplynet.errors import DataError, UnknownNameError
from supplynet.io import load as loading
from supplynet.io.load import graph_ids, graphs_folder, list_graphs, load
from tests.io.strategies import assert_same, small


@pytest.fixture
def one_graph(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed package that ships one graph, inside it as a wheel does."""
    package = tmp_path / "site" / "supplynet"
    (package / "_graphs").mkdir(parents=True)
    sn.save(small(), package / "_graphs" / "demo")
    monkeypatch.setattr(loading, "_PACKAGE", package)
    loading._shipped.cache_clear()
    yield package / "_graphs"
    loading._shipped.cache_clear()


def test_graphs_inside_the_package_beside_it_or_missing(one_graph: Path) -> None:
    assert graphs_folder() == one_graph
    beside = one_graph.parents[1] / "graphs"
    one_graph.rename(beside)
    assert graphs_folder() == beside
    beside.rename(beside.with_name("elsewhere"))
    with pytest.raises(DataError, match="the shipped graphs are missing"):
        graphs_folder()


def test_by_name_once(one_graph: Path) -> None:
    assert_same(load("demo"), small())
    assert load("demo") is load("demo")


def test_list(one_graph: Path) -> None:
    (info,) = list_graphs()
    assert (info.id, info.title, info.version) == ("demo", "A small graph", "1.0.0")
    assert (info.elements, info.description) == (("C",), "")
    assert (info.n_nodes, info.n_edges, info.n_scenarios) == (2, 2, 1)
    assert (info.base_year, info.last_year) == (2024, 2030)
    assert info.estimated_share == 0.5  # of two nodes and two links
    assert (info.base_year, info.last_year) == (2024, 2030)
    assert info.estimated_share == 0.5  # of two nodes and two links
    (one_graph / "demo" / "edges.csv").unlink()
    assert list_graphs()[0].n_edges == 0
    (one_graph / "demo" / "nodes.csv").write_text("")
    assert list_graphs()[0].estimated_share == 0.0
    (one_graph / "demo" / "nodes.csv").write_text("")
    assert list_graphs()[0].estimated_share == 0.0


def test_unknown_names(one_graph: Path) -> None:
    with pytest.raises(UnknownNameError) as caught:
        load("dmo")
    assert caught.value.message == "there is no graph, folder or file 'dmo'"
    assert caught.value.hint == "did you mean 'demo'? (shipped graphs: demo)"
    for name in ("zzzz", "a\0b", "x" * 5000):
        with pytest.raises(UnknownNameError) as caught:
            load(name)
        assert caught.value.hint == "shipped graphs: demo"


@pytest.mark.parametrize("name", ["g", "g.json", "g.JSON", "g.zip", "g.graphml"])
def test_every_kind_of_file(name: str, tmp_path: Path) -> None:
    sn.save(small(), tmp_path / name)
    assert_same(load(tmp_path / name), small())
    assert_same(load(str(tmp_path / name)), small())


def test_the_descriptor_stands_for_its_folder(tmp_path: Path) -> None:
    sn.save(small(), tmp_path / "g")
    assert_same(load(tmp_path / "g" / "datapackage.json"), small())


def test_unknown_kinds(tmp_path: Path) -> None:
    (tmp_path / "g.xml").write_text("x")
    with pytest.raises(DataError, match="cannot tell what kind of file"):
        load(tmp_path / "g.xml")


def test_a_path_object_is_never_a_shipped_name(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    sn.save(small(), tmp_path / "tutorial")
    assert_same(load(Path("tutorial")), small())
    assert_same(load("./tutorial"), small())


@pytest.mark.parametrize("name", graph_ids())
def test_shipped_graphs_survive_every_format(name: str, tmp_path: Path) -> None:
    net = load(name)
    for ending in ("", ".json", ".zip", ".graphml"):
        path = tmp_path / f"copy{ending}"
        sn.save(net, path)
        again = load(path)
        assert_same(again, net)
        assert again.digest == net.digest


@pytest.mark.parametrize("name", graph_ids())
def test_the_list_counts_as_the_network_does(name: str) -> None:
    info = next(info for info in list_graphs() if info.id == name)
    net = load(name)
    assert info.title == net.metadata.title
    assert info.n_nodes == len(net.rows("nodes"))
    assert info.n_edges == len(net.rows("edges"))
    assert info.n_scenarios == len(net.scenarios)
    assert info.elements == net.commodity.elements
