"""A kind of file is one entry: reading, writing and every text that lists them follow from it."""

from __future__ import annotations

import types
from pathlib import Path

import pytest
from hypothesis import given, settings

import supplynet as sn
from supplynet.errors import DataError, OptionError, OutputError
from supplynet.io import load as formats
from supplynet.io.jsonfile import network_graphml, network_json, parse_graphml, parse_network
from supplynet.io.load import ENDINGS, FORMATS, FileFormat, endings_in_words, format_of
from supplynet.io.package import (
    ArchiveMembers,
    network_zip,
    package_files,
    parse_package,
    unpack,
)
from supplynet.network.network import SupplyNetwork
from tests.io.strategies import assert_same, networks, small


@pytest.mark.parametrize("kind", FORMATS, ids=lambda kind: kind.ending)
def test_every_format_gives_back_what_it_was_given(kind: FileFormat, tmp_path: Path) -> None:
    net = sn.load("tutorial")
    path = tmp_path / f"net{kind.ending.upper()}"
    sn.save(net, path)
    assert format_of(path) is kind
    assert sn.load(path) == kind.read(path) == net


@given(networks)
@settings(max_examples=25)
def test_any_network_comes_back_from_every_format(net: SupplyNetwork) -> None:
    files = {name: text.encode() for name, text in package_files(net).items()}
    again = parse_package(ArchiveMembers(files), what="x")
    assert_same(again, net)
    assert again.digest == net.digest
    assert unpack(network_zip(net), "x") == files
    text, tagged = network_json(net), network_graphml(net)
    assert_same(parse_network(text, "x.json"), net)
    assert network_json(parse_network(text, "x.json")) == text
    again = parse_graphml(tagged.encode(), "x.graphml")
    assert_same(again, net)
    assert network_graphml(again) == tagged


def test_hints_name_every_format(tmp_path: Path) -> None:
    path = tmp_path / "net.doc"
    path.write_text("text")
    with pytest.raises(DataError) as unread:
        sn.load(path)
    with pytest.raises(OptionError) as unwritten:
        sn.save(sn.load("tutorial"), tmp_path / "other.doc")
    for error in (unread.value, unwritten.value):
        assert all(ending in error.hint for ending in ENDINGS)


def test_another_format_is_one_entry(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A module with two functions and its entry are all that loading and saving need."""
    net = sn.load("tutorial")
    module = types.ModuleType("supplynet.io.named")
    module.read = lambda path: sn.load(path.read_text())  # type: ignore[attr-defined]
    module.content = lambda network: network.name  # type: ignore[attr-defined]
    monkeypatch.setitem(__import__("sys").modules, "supplynet.io.named", module)
    entry = FileFormat(".name", "supplynet.io.named", "read", "content")
    monkeypatch.setattr(formats, "FORMATS", (*FORMATS, entry))
    sn.save(net, tmp_path / "net.name")
    assert (tmp_path / "net.name").read_text() == "tutorial"
    assert sn.load(tmp_path / "net.name") == net
    assert endings_in_words().startswith(ENDINGS[0])


@pytest.mark.parametrize("ending", ["", ".json", ".zip", ".graphml"])
def test_same_network_same_bytes(ending: str, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        sn.save(small(), tmp_path / folder / f"g{ending}")
    files = sorted(
        path.relative_to(tmp_path / "one")
        for path in (tmp_path / "one").rglob("*")
        if path.is_file()
    )
    assert files
    for name in files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_folder_may_have_an_ending_if_it_is_there(tmp_path: Path) -> None:
    folder = tmp_path / "graph.v2"
    folder.mkdir()
    sn.save(small(), str(folder))
    assert_same(sn.load(folder), small())
    with pytest.raises(OutputError, match="not empty"):
        sn.save(small(), folder)
    sn.save(small(), folder, overwrite=True)
    assert_same(sn.load(folder), small())


def test_unknown_endings(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="cannot tell what kind of file to write"):
        sn.save(small(), tmp_path / "g.doc")
    assert list(tmp_path.iterdir()) == []
