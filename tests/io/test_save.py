from __future__ import annotations

from pathlib import Path

import pytest

import supplynet as sn
from supplynet.errors import OptionError, OutputError
from tests.io.strategies import assert_same, small


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
