"""The picture of a map, from any of the results that hold a flow."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from supplynet.analysis.balance.solved import SolvedBalance
from supplynet.draw.answer import Drawable, answer_of
from supplynet.draw.figure import picture
from supplynet.draw.maps.fill import FILLS, contested_story, potential_story
from supplynet.draw.maps.painter import paint, tracks_of
from supplynet.draw.maps.regions import find_world
from supplynet.draw.maps.sites import SITES
from supplynet.draw.style import Size, find_size
from supplynet.errors import OptionError
from supplynet.questions.contested import AllocateResult
from supplynet.terms import DETAILS, DetailName, one_of

if TYPE_CHECKING:
    from supplynet.draw.scene import Scene
    from supplynet.network.network import SupplyNetwork
    from supplynet.questions.chokepoints import ChokepointResult


def map_scene(
    net: SupplyNetwork,
    result: Drawable | AllocateResult | SolvedBalance,
    *,
    fill: str | ChokepointResult = "dependence",
    level: str = "country",
    region: str = "auto",
    sites: str = "carrying",
    least: float = 0.01,
    element: str | None = None,
    to: str | None = None,
    size: str | Size = "slide",
    theme: str = "light",
    is_series: bool = False,
    is_brief: bool = False,
) -> Scene:
    """Draw a flow on a map: plants by stage and status, routes as great circles, widths by t/yr.

    What could still arrive is drawn in blue, dashed where links are planned or merely possible;
    what would pass the avoided jurisdiction if nothing were shut lies in grey below it; members
    of the minimum cut, or limits that hold a potential down, are red. Plants of one stage and
    country that lie close together share a marker, and markers that would hide each other are
    moved apart.

    Parameters
    ----------
    net : SupplyNetwork
        The network that the result was asked of.
    result : PotentialResult, BypassResult, ElementBypass, FlowResult or AllocateResult
        A potential by the balance, a maximum flow, or contested tonnes.
    fill : {"dependence", "none"} or ChokepointResult
        What the color of a country stands for: the share of the flow that passes plants there,
        or nothing; with a result by country or by owner the exact loss if its plants stop. Of a
        balance the part of its demand that a nation does not get.
    level : {"country", "facility"}
        Whether a marker is a country with all its stages, or a plant.
    region : str
        ``"auto"`` for the smallest that shows the whole flow, or one of
        :data:`supplynet.draw.maps.regions.REGIONS`, such as ``"asia"`` or ``"pacific"``.
    sites : {"carrying", "all"}
        Whether plants that carry nothing are drawn too, in grey. Of potentials only.
    least : float
        Ways that carry less than this share of the flow are not drawn, but for members of the
        minimum cut; a note on the map counts them.
    element : str, optional
        Of a result about several; default: its first, of a balance the graph's headline.
    to : str, optional
        Of a balance: only what ends up with these nations.
    size : {"slide", "column", "page"}
    theme : {"light", "dark"}
    is_series : bool
        For pictures that follow each other in one place: all have the same ground, as far as their
        words leave it room, and state central figures.
    is_brief : bool
        As in :func:`layers`.

    Returns
    -------
    Picture, or Scene
        A figure by :func:`world_map`, what is laid out in it by :func:`map_scene`.

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
    >>> alone = sn.coverage(net, to="MLT")
    >>> sn.draw.world_map(net, alone, region="world").scene.title[:23]
    'Malta, neodymium, 2026:'
    """
    selection = cast(DetailName, one_of(level, DETAILS, "level"))
    one_of(sites, SITES, "sites")
    if isinstance(least, bool) or not 0 <= least < 1:
        raise OptionError(f"least must be a share from 0 to below 1, not {least!r}")
    paper = find_size(size, theme)
    if net.name != result.question.net.name:
        raise OptionError(
            f"the result speaks of the graph {result.question.net.name}, not of {net.name}",
            hint="pass the network that the result was asked of",
        )
    if isinstance(result, AllocateResult | SolvedBalance):
        if fill not in FILLS:
            raise OptionError(
                f"the map of a balance can be filled by {' or '.join(FILLS)}, not by losses of a "
                "potential, which is another answer"
            )
        has_fill = fill == "dependence"
        story = contested_story(
            result.solved, element=element, to=to, has_fill=has_fill, level=selection
        )
    else:
        if to is not None:
            raise OptionError("to belongs to the map of a balance; a potential has its target")
        answer = answer_of(result, element, has_ranges=not is_series, is_brief=is_brief)
        story = potential_story(answer, fill=fill, level=selection, sites=sites)
    return paint(story, region=region, least=least, size=paper, is_series=is_series)


world_map = picture(map_scene, "world_map")


def world_of(result: Drawable) -> str:
    """Return the region of the whole world whose map cuts the ways of a flow the least.

    Pictures of a series are best drawn on one map.
    """
    story = potential_story(
        answer_of(result, None, has_ranges=False),
        fill="none",
        level="country",
        sites=SITES[0],
    )
    return find_world(tracks_of(story))
