"""Results as pictures: laid out as scenes, drawn by matplotlib. Loads nothing until used.

Examples
--------
>>> import supplynet as sn
>>> net = sn.load("tutorial")
>>> figure = sn.draw.layers(net, sn.flow(net, to="nation", element="Nd"))
>>> sn.draw.render(figure, "svg")[:5]
b'<?xml'
"""

from __future__ import annotations

import importlib
from typing import Any

# public name -> module that defines it
_PUBLIC = {
    "layers": "supplynet.draw.layered",
    "sankey": "supplynet.draw.streams.scene",
    "years": "supplynet.draw.charts.years",
    "losses": "supplynet.draw.charts.losses",
    "worst": "supplynet.draw.charts.worst",
    "dependence": "supplynet.draw.charts.dependence",
    "concentration": "supplynet.draw.charts.concentration",
    "outlook": "supplynet.draw.charts.outlook",
    "months": "supplynet.draw.charts.months",
    "ramps": "supplynet.draw.charts.outlook",
    "plan": "supplynet.draw.charts.plans",
    "sure": "supplynet.draw.charts.sure",
    "layer_scene": "supplynet.draw.layered",
    "map_scene": "supplynet.draw.maps.painter",
    "sankey_scene": "supplynet.draw.streams.scene",
    "render": "supplynet.draw.mpl",
    "save": "supplynet.draw.figure",
    "world_map": "supplynet.draw.maps.painter",
    "scenarios": "supplynet.draw.charts.scenarios",
    "print_size": "supplynet.draw.style",
    "drawn_rows": "supplynet.draw.figure",
}

__all__ = list(_PUBLIC)


def __getattr__(name: str) -> Any:
    if name in _PUBLIC:
        return getattr(importlib.import_module(_PUBLIC[name]), name)
    raise AttributeError(f"module 'supplynet.draw' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted(__all__)
