"""Maps as a whole: their structure as drawn, their pixels and their bytes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

import supplynet as sn
from supplynet.draw.mpl import Picture
from supplynet.draw.style import SIZES
from tests.draw.seeds import require_same
from tests.draw.structure import require_good
from tests.draw.test_pictures import TOLERANCE, needs_version, without_source

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


def plants(net: SupplyNetwork, **words: Any) -> Picture:
    flow = sn.flow(net, to="MLT", element="Nd", avoid="FJI", year=2026, tier="possible")
    return sn.draw.world_map(net, flow, level="facility", **words)


def across_the_date_line(net: SupplyNetwork, **words: Any) -> Picture:
    flow = sn.flow(net, to="nation", element="Nd", year=2024, tier="possible")
    return sn.draw.world_map(net, flow, level="facility", region="pacific", sites="all", **words)


def countries(net: SupplyNetwork, **words: Any) -> Picture:
    flow = sn.flow(net, to="MLT", element="Nd", year=2024, tier="possible")
    lost = sn.chokepoints(net, to="MLT", element="Nd", by="country", tier="possible", year=2024)
    return sn.draw.world_map(net, flow, fill=lost, level="country", region="europe", **words)


def contested(net: SupplyNetwork, **words: Any) -> Picture:
    return sn.draw.world_map(
        net, sn.allocate(net, year=2024, tier="possible"), level="country", **words
    )


MAPS: dict[str, Callable[..., Picture]] = {
    one.__name__: one for one in (plants, across_the_date_line, countries, contested)
}
every = pytest.mark.parametrize("name", MAPS)


@pytest.mark.parametrize("size", SIZES)
@every
def test_words_stay_apart_and_everything_on_the_canvas(
    tutorial: SupplyNetwork, name: str, size: str
) -> None:
    require_good(MAPS[name](tutorial, size=size))


@needs_version
@every
@pytest.mark.mpl_image_compare(
    baseline_dir="baseline", tolerance=TOLERANCE, style="default", savefig_kwargs={"dpi": 50}
)
def test_a_map_looks_as_it_did(tutorial: SupplyNetwork, name: str) -> Picture:
    return without_source(MAPS[name](tutorial))


SCRIPT = """
import hashlib
import supplynet as sn
from tests.draw.maps.test_pictures import MAPS
net = sn.load("tutorial")
for place, (name, draw) in enumerate(MAPS.items()):
    # a picture is one scene however it is written: one of them in every kind of file
    for kind in ("svg", "png", "pdf")[: 1 if place else 3]:
        data = sn.draw.render(draw(net), kind)
        print(name, kind, hashlib.sha256(data).hexdigest())
"""


@pytest.mark.slow
def test_bytes_do_not_depend_on_the_order_of_hashes(pytestconfig: pytest.Config) -> None:
    require_same(SCRIPT, pytestconfig.rootpath, n_lines=2 + len(MAPS))
