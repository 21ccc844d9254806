from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from supplynet.errors import DataError, LimitError, TableError, UnsafePathError
from supplynet.io.package import (
    ArchiveMembers,
    FolderMembers,
    package_files,
    read_package,
)
from supplynet.network.network import SupplyNetwork
from supplynet.network.scenario.scenario import Scenario
from tests.io.strategies import assert_same, metadata, small
from tests.io.test_paths import BAD

FILES = package_files(small())


def write(folder: Path, **changes: str | bytes | None) -> Path:
    """The small graph in a folder; names with ``__`` for a slash and ``_dot_`` for a dot."""
    for name, text in {**FILES, **{_name(key): value for key, value in changes.items()}}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(text, bytes):
            path.write_bytes(text)
        elif text is not None:
            path.write_text(text, encoding="utf-8", newline="")
    return folder


def _name(key: str) -> str:
    return key.replace("__", "/").replace("_dot_", ".")


def descriptor(**changes: Any) -> str:
    return json.dumps({**json.loads(FILES["datapackage.json"]), **changes})


def fault(folder: Path, **changes: str | bytes | None) -> str:
    with pytest.raises(TableError) as caught:
        read_package(write(folder, **changes))
    return str(caught.value)


def test_round_trip_by_hand(tmp_path: Path) -> None:
    assert_same(read_package(write(tmp_path)), small())


def test_files_and_descriptor() -> None:
    assert list(FILES) == [
        "datapackage.json",
        "nodes.csv",
        "edges.csv",
        "sources.csv",
        "scenarios/stop.toml",
    ]
    head = json.loads(FILES["datapackage.json"])
    assert [item["name"] for item in head["resources"]] == ["nodes", "edges", "sources"]
    assert head["licenses"][0]["title"].startswith("Creative Commons")
    assert head["licenses"][1] == {"name": "own", "title": "own"}
    assert head["supplynet"]["family"] == "graphite"
    header = FILES["nodes.csv"].split("\n", 1)[0].split(",")
    assert [field["name"] for field in head["resources"][0]["schema"]["fields"]] == header


def test_no_descriptor(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"there is no datapackage\.json") as caught:
        read_package(tmp_path)
    assert "supplynet graph new NAME" in caught.value.hint
    with pytest.raises(DataError, match=r"there is no datapackage\.json"):
        read_package(tmp_path / "gone")


def test_descriptor_that_is_not_json(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"datapackage\.json, line 1, column 2: not JSON"):
        read_package(write(tmp_path, datapackage_dot_json="{"))


@pytest.mark.parametrize("text", ["[]", "3", '"x"', "null"])
def test_descriptor_that_is_no_object(tmp_path: Path, text: str) -> None:
    message = fault(tmp_path, datapackage_dot_json=text)
    assert "datapackage.json: must be a JSON object" in message
    assert "column resources: must be a list" in message


def test_head(tmp_path: Path) -> None:
    head = json.loads(descriptor())
    head["suplynet"] = head.pop("supplynet")
    message = fault(tmp_path, datapackage_dot_json=json.dumps(head))
    assert "column supplynet: says what flows" in message
    assert "did you mean 'suplynet'" in message
    section = {**small().metadata.commodity.model_dump(mode="json"), "base_yer": 1}
    message = fault(tmp_path, datapackage_dot_json=descriptor(supplynet=section))
    assert "column commodity.base_yer: there is no such key" in message
    assert "'base_year'" in message
    message = fault(tmp_path, datapackage_dot_json=descriptor(licenses="x"))
    assert "column licenses" in message


def test_licenses_may_be_names_and_other_keys_are_passed_over(tmp_path: Path) -> None:
    text = descriptor(licenses=["X"], keywords=["a"], contributors=[{"title": "b"}])
    assert read_package(write(tmp_path, datapackage_dot_json=text)).metadata.licenses == ("X",)


@pytest.mark.parametrize(
    ("resources", "words"),
    [
        (None, "resources: must be a list"),
        ([3], "resources.0: must be an object with name and path"),
        ([{"path": "nodes.csv"}], "resources.0: must be an object"),
        ([{"name": "nodes", "path": ["nodes.csv"]}], "resources.0: must be an object"),
        ([{"name": "nodes"}, {"name": "egdes"}], "resources.1: there is no table of this name"),
        ([{"name": "nodes"}, {"name": "egdes"}], "did you mean 'edges'"),
        ([{"name": "nodes"}, {"name": "zzz"}], "the tables are nodes, "),
        ([{"name": "nodes"}, {"name": "nodes"}], "resources.1: the table is listed twice"),
        ([{"name": "nodes", "encoding": "latin-1"}], "the encoding must be utf-8"),
        ([{"name": "sources"}], "the table nodes must be listed"),
        ([{"name": "nodes", "path": "data/n.csv"}], "data/n.csv: there is no such file - add it"),
        ([{"name": "nodes"}], "edges.csv: the file is there, but datapackage.json does not list"),
    ],
)
def test_resources(tmp_path: Path, resources: Any, words: str) -> None:
    message = fault(tmp_path, datapackage_dot_json=descriptor(resources=resources))
    assert words in message


def test_a_table_may_lie_in_a_folder_and_carry_another_name(tmp_path: Path) -> None:
    resources = json.loads(descriptor())["resources"]
    resources[0]["path"] = "data/plants.csv"
    text = descriptor(resources=resources)
    write(tmp_path, datapackage_dot_json=text, data__plants_dot_csv=FILES["nodes.csv"])
    (tmp_path / "nodes.csv").unlink()
    assert_same(read_package(tmp_path), small())


@pytest.mark.parametrize("path", BAD, ids=ascii)
def test_paths_that_lead_out(tmp_path: Path, path: str) -> None:
    resources = [{"name": "nodes", "path": path}]
    # half a character is no text in the first place
    with pytest.raises(DataError if "\ud800" in path else UnsafePathError):
        read_package(write(tmp_path, datapackage_dot_json=descriptor(resources=resources)))


def test_two_tables_in_one_file(tmp_path: Path) -> None:
    resources = [{"name": "nodes"}, {"name": "edges", "path": "NODES.csv"}]
    with pytest.raises(UnsafePathError, match="same file"):
        read_package(write(tmp_path, datapackage_dot_json=descriptor(resources=resources)))


def test_links_that_lead_out(tmp_path: Path) -> None:
    folder = write(tmp_path / "graph")
    (tmp_path / "elsewhere.csv").write_text(FILES["nodes.csv"])
    (folder / "nodes.csv").unlink()
    (folder / "nodes.csv").symlink_to(tmp_path / "elsewhere.csv")
    with pytest.raises(UnsafePathError, match="by a link"):
        read_package(folder)


def test_faults_of_several_files_come_together(tmp_path: Path) -> None:
    message = fault(
        tmp_path,
        nodes_dot_csv=FILES["nodes.csv"].replace("MOZ", "Mozambique"),
        edges_dot_csv=FILES["edges.csv"].replace("planned", "hoped"),
        sources_dot_csv=b"\xff",
        scenarios__stop_dot_toml="a =",
        scenarios__other_dot_toml='[[change]]\nverb = "clse"\nnodes = "all"\n',
    )
    assert "5 problems" in message
    assert "nodes.csv, row 2, column country" in message
    assert "write MOZ" in message
    assert "edges.csv, row 3, column standing" in message
    assert "sources.csv, line 1: not UTF-8" in message
    assert "scenarios/stop.toml: not TOML" in message
    assert "scenarios/other.toml" in message
    assert "change 1: there is no verb 'clse'" in message


def test_the_name_of_a_scenario_is_that_of_its_file(tmp_path: Path) -> None:
    text = 'name = "go"\n' + FILES["scenarios/stop.toml"]
    message = fault(tmp_path, scenarios__stop_dot_toml=text)
    assert "the scenario is named 'stop' by its file" in message
    text = text.replace('"go"', '"stop"')
    assert_same(read_package(write(tmp_path, scenarios__stop_dot_toml=text)), small())


def test_other_files_are_passed_over(tmp_path: Path) -> None:
    write(tmp_path, README_dot_md="x", scenarios__notes_dot_txt="x", trade_dot_csv="x")
    (tmp_path / "scenarios" / "sub").mkdir()
    assert_same(read_package(tmp_path), small())


def test_a_scenario_that_is_too_deep(tmp_path: Path) -> None:
    with pytest.raises(LimitError):
        read_package(write(tmp_path, scenarios__stop_dot_toml="a = " + "[" * 50 + "]" * 50))


def test_scenario_names_that_cannot_be_files() -> None:
    net = SupplyNetwork.from_rows(metadata(), {}, scenarios={"a": Scenario(name="../a")})
    with pytest.raises(UnsafePathError):
        package_files(net)


def test_members_of_folders_and_archives_agree(tmp_path: Path) -> None:
    folder = FolderMembers(write(tmp_path))
    archive = ArchiveMembers({name: text.encode() for name, text in FILES.items()})
    for sub in ("", "scenarios", "nothing"):
        assert folder.names(sub) == archive.names(sub)
    for name in (*FILES, "nothing.csv"):
        assert folder.read(name) == archive.read(name)
