"""The public functions."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

import supplynet as sn
from supplynet.errors import OptionError, OutputError

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.figure import Figure

    from supplynet.analysis.flow.bypass import BypassResult
    from supplynet.network.network import SupplyNetwork


@pytest.fixture(scope="module")
def picture(demo: SupplyNetwork, demo_bypass: BypassResult) -> Figure:
    return sn.draw.layers(demo, demo_bypass)  # type: ignore[no-any-return]


@pytest.mark.parametrize(("size", "inches"), [("slide", (13.33, 7.5)), ("page", (11.69, 8.26))])
def test_a_figure_has_the_asked_size(
    demo: SupplyNetwork, demo_bypass: BypassResult, size: str, inches: tuple[float, float]
) -> None:
    found = sn.draw.layers(demo, demo_bypass, size=size).get_size_inches()
    assert tuple(found) == pytest.approx(inches, abs=0.01)


@pytest.mark.parametrize("suffix", ["svg", "png", "pdf", "SVG"])
def test_a_file_holds_what_is_rendered(picture: Figure, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"picture.{suffix}"
    sn.draw.save(picture, path)
    assert path.read_bytes() == sn.draw.render(picture, suffix)
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_a_path_may_be_text_and_a_file_is_replaced(picture: Figure, tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(b"old")
    path.chmod(0o640)
    sn.draw.save(picture, str(path))
    assert path.read_bytes().startswith(b"\x89PNG")
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("name", ["picture", "picture.gif", "picture.svg.gz", ".svg"])
def test_another_suffix_is_refused(picture: Figure, tmp_path: Path, name: str) -> None:
    with pytest.raises(OptionError, match="a picture can be svg, png, pdf"):
        sn.draw.save(picture, tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_no_folder_is_an_error_for_people(picture: Figure, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"nowhere/a\.svg: there is no folder"):
        sn.draw.save(picture, tmp_path / "nowhere" / "a.svg")


def test_a_folder_of_that_name_is_left_alone(picture: Figure, tmp_path: Path) -> None:
    (tmp_path / "a.svg").mkdir()
    with pytest.raises(OutputError, match="this is a folder"):
        sn.draw.save(picture, tmp_path / "a.svg")
    assert [one.name for one in tmp_path.iterdir()] == ["a.svg"]


def test_a_name_with_a_nul_byte_is_an_error_for_people(picture: Figure, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        sn.draw.save(picture, str(tmp_path / "a\x00b.svg"))


def test_a_write_that_fails_changes_nothing(
    picture: Figure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.svg"
    path.write_text("old")

    def fail(*args: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OutputError, match="the disk is full"):
        sn.draw.save(picture, path)
    assert path.read_text() == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["a.svg"]


def test_a_link_keeps_pointing_at_its_file(picture: Figure, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    real, pointer = tmp_path / "folder" / "real.svg", tmp_path / "pointer.svg"
    real.write_text("old")
    pointer.symlink_to(real)
    sn.draw.save(picture, pointer)
    assert pointer.is_symlink()
    assert real.read_bytes().startswith(b"<?xml")
