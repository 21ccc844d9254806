"""The picture of a map, from any of the results that hold a flow."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from supplynet.draw.answer import Drawable, answer_of
from supplynet.draw.map_sites import PLANTS, Level
from supplynet.draw.map_story import potential_story
from supplynet.draw.mpl import figure_of
from supplynet.draw.style import find_size, require
from supplynet.draw.worldmap import paint
from supplynet.errors import OptionError

if TYPE_CHECKING:
    from supplynet.analysis.chokepoints import ChokepointResult
    from supplynet.draw.mpl import Picture
    from supplynet.draw.scene import Scene
    from supplynet.model.network import SupplyNetwork

LEVELS: tuple[Level, ...] = ("facility", "country")
HIGHLIGHTS = ("cut", "none")


def world_map(
    net: SupplyNetwork,
    result: Drawable,
    *,
    fill: str | ChokepointResult = "dependence",
    level: str = "facility",
    region: str = "auto",
    plants: str = "carrying",
    least: float = 0.01,
    highlight: str = "cut",
    element: str | None = None,
    size: str = "slide",
    theme: str = "light",
) -> Picture:
    """Draw a flow on a map: plants by stage and status, ways as great circles, widths by t/yr.

    What could still arrive is drawn in blue, dashed where links are planned or merely plausible;
    what would pass the avoided jurisdiction if nothing were shut lies in grey below it; members
    of the minimum cut are red. Plants of one stage and country that lie close together share a
    marker, and markers that would hide each other are moved apart.

    Parameters
    ----------
    net : SupplyNetwork
        The network that the result was asked of.
    result : BypassResult, ElementBypass or FlowResult
    fill : {"dependence", "none"} or ChokepointResult
        What the color of a country stands for: the share of the flow that passes plants there,
        or nothing; with a result by country or by owner the exact loss if its plants stop.
    level : {"facility", "country"}
        Whether a marker is a plant, or a country with all its stages.
    region : str
        ``"auto"`` for the smallest that shows the whole flow, or one of
        :data:`supplynet.draw.regions.REGIONS`, such as ``"asia"`` or ``"pacific"``.
    plants : {"carrying", "all"}
        Whether plants that carry nothing are drawn too, in grey.
    least : float
        Ways that carry less than this share of the flow are not drawn, but for members of the
        minimum cut; a note on the map counts them.
    highlight : {"cut", "none"}
        Whether members of the minimum cut are told apart.
    element : str, optional
        Of a result about several; default: its first.
    size : {"slide", "column", "page"}
    theme : {"light", "dark"}

    Returns
    -------
    Picture
        A :class:`matplotlib.figure.Figure` that a notebook shows as SVG.

    Raises
    ------
    OptionError
        If an option's value is not allowed, the result holds no such element, or something that
        carries flow has no place on the map.

    Notes
    -----
    Equal Earth projection (Šavrič, Patterson and Jenny, 2018), so that fills weigh what areas
    weigh. Outlines are those of Natural Earth; plants without coordinates, and countries, stand
    at a point in the middle of the country.

    Examples
    --------
    >>> import supplynet as sn
    >>> net = sn.load("tutorial")
    >>> flow = sn.max_flow(net, to="MLT", element="Nd")
    >>> sn.draw.world_map(net, flow, region="world").scene.title[:15]
    'Malta, Nd, 2024'
    """
    scene = map_scene(
        net,
        result,
        fill=fill,
        level=level,
        region=region,
        plants=plants,
        least=least,
        highlight=highlight,
        element=element,
        size=size,
    )
    return figure_of(scene, theme)


def map_scene(
    net: SupplyNetwork,
    result: Drawable,
    *,
    fill: str | ChokepointResult = "dependence",
    level: str = "facility",
    region: str = "auto",
    plants: str = "carrying",
    least: float = 0.01,
    highlight: str = "cut",
    element: str | None = None,
    size: str = "slide",
) -> Scene:
    """Lay out a flow on a map; parameters are those of :func:`supplynet.draw.world_map`."""
    chosen = cast(Level, require("level", level, LEVELS))
    require("plants", plants, PLANTS)
    require("highlight", highlight, HIGHLIGHTS)
    if isinstance(least, bool) or not 0 <= least < 1:
        raise OptionError(f"least must be a share from 0 to below 1, not {least!r}")
    paper = find_size(size)
    answer = answer_of(result, element)
    if net.name != answer.question.net.name:
        raise OptionError(
            f"the result speaks of the graph {answer.question.net.name}, not of {net.name}",
            hint="pass the network that the result was asked of",
        )
    with_cut = highlight == "cut"
    story = potential_story(answer, fill=fill, level=chosen, plants=plants, with_cut=with_cut)
    return paint(story, region=region, least=least, size=paper)
