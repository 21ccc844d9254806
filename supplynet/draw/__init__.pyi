"""Public names of supplynet.draw, written by tools/stubs.py."""

from supplynet.draw.charts.concentration import concentration as concentration
from supplynet.draw.charts.dependence import dependence as dependence
from supplynet.draw.charts.losses import losses as losses
from supplynet.draw.charts.months import months as months
from supplynet.draw.charts.outlook import outlook as outlook
from supplynet.draw.charts.outlook import ramps as ramps
from supplynet.draw.charts.plans import plan as plan
from supplynet.draw.charts.scenarios import scenarios as scenarios
from supplynet.draw.charts.sure import sure as sure
from supplynet.draw.charts.worst import worst as worst
from supplynet.draw.charts.years import years as years
from supplynet.draw.figure import drawn_rows as drawn_rows
from supplynet.draw.figure import save as save
from supplynet.draw.layered import layer_scene as layer_scene
from supplynet.draw.layered import layers as layers
from supplynet.draw.maps.painter import map_scene as map_scene
from supplynet.draw.maps.painter import world_map as world_map
from supplynet.draw.mpl import render as render
from supplynet.draw.streams.scene import sankey as sankey
from supplynet.draw.streams.scene import sankey_scene as sankey_scene
from supplynet.draw.style import print_size as print_size

__all__ = [
    "layers",
    "sankey",
    "years",
    "losses",
    "worst",
    "dependence",
    "concentration",
    "outlook",
    "months",
    "ramps",
    "plan",
    "sure",
    "layer_scene",
    "map_scene",
    "sankey_scene",
    "render",
    "save",
    "world_map",
    "scenarios",
    "print_size",
    "drawn_rows",
]
