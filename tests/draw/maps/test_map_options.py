"""The words of a map are checked, and the same words draw the same bytes."""

from __future__ import annotations

import pytest

import supplynet as sn
from supplynet.draw.maps.painter import map_scene
from supplynet.errors import OptionError
from supplynet.network.network import SupplyNetwork


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"region": "atlantis"}, "region must be one of"),
        ({"level": "plant"}, "level must be one of"),
        ({"sites": "some"}, "sites must be one of"),
        ({"fill": "loss"}, "fill must be one of"),
        ({"size": "wall"}, "size must be one of"),
        ({"least": 1.0}, "least must be a share"),
        ({"least": True}, "least must be a share"),
    ],
)
def test_wrong_words_are_refused(demo: SupplyNetwork, words: dict[str, str], message: str) -> None:
    flow = sn.flow(demo, to="MLT", element="graphite")
    with pytest.raises(OptionError, match=message):
        map_scene(demo, flow, **{"level": "country", **words})  # type: ignore[arg-type]
