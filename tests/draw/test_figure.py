"""The public functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import supplynet as sn
from supplynet.errors import OptionError

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


@pytest.mark.parametrize("name", ["picture", "picture.gif", "picture.svg.gz", ".svg"])
def test_another_suffix_is_refused(picture: Figure, tmp_path: Path, name: str) -> None:
    with pytest.raises(OptionError, match="a picture can be svg, png, pdf"):
        sn.draw.save(picture, tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_wrong_words_are_refused_in_the_name_of_what_was_called(demo: SupplyNetwork) -> None:
    """Not in that of the function which lays out, that a user of pictures never sees."""
    assert sn.draw.layers.__name__ == "layers"
    with pytest.raises(TypeError, match=r"^layers\(\) missing a required argument: 'result'$"):
        sn.draw.layers(demo)
    with pytest.raises(TypeError, match=r"^months\(\) got an unexpected keyword argument 'levl'$"):
        sn.draw.months(demo, levl="node")
