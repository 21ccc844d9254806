"""A flow on a map of the world: places by stage and status, routes as great circles by t/yr.

The picture of a map, from any of the results that hold a flow.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import numpy as np

from supplynet.analysis.balance.solved import SolvedBalance
from supplynet.draw import sheet
from supplynet.draw.answer import Drawable, answer_of
from supplynet.draw.figure import picture
from supplynet.draw.frame import ribbon_hover
from supplynet.draw.maps import legend
from supplynet.draw.maps.fill import FILLS, contested_story, land_shapes, potential_story
from supplynet.draw.maps.labels import Placed, Wish, arc, in_lines, middle_of, place_labels
from supplynet.draw.maps.legend import SLIDE, entries, no_room, notes, stage_shape
from supplynet.draw.maps.markers import (
    NATION,
    SITES,
    Disc,
    Site,
    ashore,
    carried,
    cluster,
    make_room,
    marker,
    site_hover,
)
from supplynet.draw.maps.projection import Point, Window, great_circle, route
from supplynet.draw.maps.regions import (
    Region,
    Track,
    View,
    chart,
    find_region,
    find_world,
    frames,
    holds,
    outline,
    surroundings,
    windows,
)
from supplynet.draw.scene import Scene, Shape, rectangle
from supplynet.draw.style import CUT, FAINT, INK, MUTED, PAPER, SHUT_BOX, Size, find_size, tonnes
from supplynet.draw.words import text_width
from supplynet.errors import OptionError
from supplynet.questions.contested import AllocateResult
from supplynet.terms import DETAILS, DetailName, one_of

if TYPE_CHECKING:
    from supplynet.draw.answer import Bundle
    from supplynet.draw.maps.fill import Story
    from supplynet.network.network import SupplyNetwork
    from supplynet.questions.chokepoints import ChokepointResult

#: lines of a legend beyond which its words are brief
_LINES = 2
#: widest way and thinnest line, points on a slide
_WIDEST, _THINNEST = 9.0, 0.7
#: how often markers that were moved to sea are brought back and make room anew
_SHOVES = 12
#: how much less than all that is needed the widest way may look, however little it carries
_BARELY = 2.0
#: radius of the smallest and of the largest marker, over the size of letters
_SMALL, _LARGE = 0.27, 0.58
#: plants nearer to each other than this many radii of a small marker are one marker
_REACH = 3.0
#: grey ways that are drawn, the widest
_SHUT_WAYS = 5
#: ways that are marked with what they carry, the widest
_MARKED = 5
#: share of what arrives below which a place has no name: it is a remainder of the solver's
_NAMELESS = 1e-5
#: share of the tonnes from which on it is all of them
_ALL = 0.995
_ROUNDING = 1e-9
#: room for a name in a line, over the size of letters: a longer one has two
_NAME = 11.0
#: letters of the names of plants over those of countries, which are fewer
_CROWDED = 0.85
#: where the map lies in pictures of a series, over their height: words have room above and below
_SERIES = (0.3, 0.72)


def paint(story: Story, *, region: str, least: float, size: Size, is_series: bool = False) -> Scene:
    """Lay out a story as a scene.

    Parameters
    ----------
    story : Story
    region : str
        One of :data:`supplynet.draw.maps.regions.REGIONS`, or ``"auto"``.
    least : float
        Ways that carry less than this share of what arrives are left out, but for members of
        the minimum cut.
    size : Size
    is_series : bool
        Whether the map lies where it does in other pictures.
    """
    return _Painter(story, region, least, size, is_series).scene()


def tracks_of(story: Story) -> list[Track]:
    """What an automatic region shows: places that carry flow, and the ways between them."""
    sites = story.traffic.sites
    tracks = [Track(np.array([site.at]), 0.0) for site in sites.values() if site.flow]
    return tracks + [
        Track(great_circle(sites[bundle.tail].at, sites[bundle.head].at), bundle.tonnes)
        for bundle in story.traffic.ways
        if bundle.kind != "shut"
    ]


class _Painter:
    """Puts one map together."""

    def __init__(
        self, story: Story, region: str, least: float, size: Size, is_series: bool
    ) -> None:
        self.story, self.size, self.least = story, size, least
        self.net = story.question.net
        self.region = find_region(region, tracks_of(story))
        #: what an inset shows, if there is one; pictures of a series have none
        self.is_series = is_series
        self.near = None if is_series else surroundings(story.traffic.sites.values())
        self.factor = size.label / SLIDE
        #: heights between which the map lies at most
        self.span = tuple(size.height * share for share in (_SERIES if is_series else (0.0, 1.0)))
        #: letters of the names of places
        is_crowded = any(site.stage for site in story.traffic.sites.values())
        least = min(size.label, size.least)
        self.letters = max(size.label * (_CROWDED if is_crowded else 1.0), least)
        self.notes: list[str] = []
        self.sheet = sheet.frame(story.words, size, n_legend=0)

    # -- scene -------------------------------------------------------------------------

    def scene(self) -> Scene:
        """Everything in its place."""
        window, views = self._fitted()
        panels = [self._panel(view, () if view.prefix else views[1:]) for view in views]
        n_left_out = sum(placed.n_left_out for _, placed in panels)
        if n_left_out:
            self.notes.insert(0, no_room(n_left_out))
        swatches, labels = sheet.legend(self.legend, self.size, window.bottom + 5)
        foot, _ = legend.footnotes(self.notes, self.size, self._foot(), is_brief=self.is_series)
        return Scene(
            width=self.size.width,
            height=self.size.height,
            title=self.story.words.message,
            description=self.story.description,
            labels=(
                *self.sheet.labels,
                *(() if self.scale else sheet.message(self.story.nothing, self.size, window.top)),
                *(label for _, placed in panels for label in placed.labels),
                *labels,
                *foot,
            ),
            shapes=(
                *(line for _, placed in panels for line in placed.lines),
                *(shape for shapes, _ in panels for shape in shapes),
                *swatches,
                *(shape for view in views[1:] for shape in frames(self.chart, view.chart)),
                self._border(window),
            ),
            scale=self.scale,
            digest=self.story.words.digest,
            theme=self.size.theme,
        )

    def _panel(self, view: View, insets: Sequence[View]) -> tuple[list[Shape], Placed]:
        """Land, ways, markers and names on one chart.

        What the inset shows is reported there: on the map of the world its places are small and
        have no names, and ways between them are not drawn.
        """
        sites, window = view.traffic.sites, view.chart.window
        visible = [key for key in sites if window.holds(view.points[key])]
        beyond = {
            key
            for key, site in sites.items()
            if any(holds(inset.chart.region, site) for inset in insets)
        }
        small = {key for key in beyond if not sites[key].is_target}
        first = [
            Disc(*view.points[key], self.least_radius if key in small else self.radius(sites[key]))
            for key in visible
        ]
        # whoever is supplied stands in its own country
        pinned = [index for index, key in enumerate(visible) if sites[key].is_target]
        lands = [
            [] if index in pinned else view.chart.outline(sites[key].country)
            for index, key in enumerate(visible)
        ]
        for _ in range(_SHOVES):  # what makes room stays in its country, and what is there yields
            first = make_room(first, window, pinned=pinned)
            before, first = first, list(map(ashore, first, lands))
            if first == before:
                break
        for index, disc in enumerate(first):  # where land is too small, none hides another
            if any(disc.hides(other) for other in first[:index]):
                first[index] = before[index]
        discs = dict(zip(visible, first, strict=True))
        moved = {
            key: (disc.x - view.points[key][0], disc.y - view.points[key][1])
            for key, disc in discs.items()
        }
        shapes = list(land_shapes(view.chart, self.story.fill, self.story.shut_countries, self.net))
        wishes = self._wishes(view, {key: disc for key, disc in discs.items() if key not in small})
        bundles = [path for path in view.ways if not beyond.issuperset((path.tail, path.head))]
        unmarked = self._marked(view)
        lines = [line for inset in insets for line in outline(view.chart, inset.chart)]
        for count, bundle in enumerate(bundles):
            drawn, pieces = self._arc(f"arc-{count}", bundle, view, moved)
            shapes += drawn
            lines += pieces
            if bundle.kind != "shut" and len(drawn) > 1 and (bundle.tail, bundle.head) in unmarked:
                text = tonnes(unmarked.pop((bundle.tail, bundle.head)))
                beside = max(0.3 * self.letters, 0.5 * self.width(bundle))
                disc = Disc(*middle_of(drawn[-1]), beside)
                wishes.append(Wish(text, disc, MUTED, is_place=False))
        shapes += (
            self._marker(f"place-{key.replace('|', '-')}", sites[key], discs[key])
            for key in visible
        )
        placed = place_labels(wishes, list(discs.values()), window, size=self.letters, ways=lines)
        return [replace(shape, id=f"{view.prefix}{shape.id}") for shape in shapes], placed

    def _marked(self, view: View) -> dict[tuple[str, str], float]:
        """T/yr of the ways that are marked, by their ends: the widest, whatever their standings.

        Those inside the inset are marked there.
        """
        if not self.widest:
            return {}
        if not view.prefix:
            return dict(self.widest)
        region, sites = view.chart.region, view.traffic.sites
        least = (1.0 - _ROUNDING) * min(self.widest.values())
        return {
            pair: value
            for pair, value in carried(view.traffic.ways).items()
            if value >= least and all(holds(region, sites[end]) for end in pair)
        }

    def _fitted(self) -> tuple[Window, list[View]]:
        """The window that the legend leaves to the map, and what lies in it, an inset last.

        What is put together depends on the window, the scale on that, and the legend on the
        scale: a legend that needs more lines is given them.
        """
        size, n_lines = self.size, 0
        while True:
            # the last note is known when all labels are placed
            texts = [no_room(100), *self.notes]
            _, foot = legend.footnotes(texts, size, self._foot(), is_brief=self.is_series)
            height = n_lines * sheet.legend_line(size)
            top, bottom = (
                max(self.sheet.top - 2, self.span[0]),
                min(foot - height - 5, self.span[1]),
            )
            window = Window(size.margin, top, size.width - size.margin, bottom)
            both = windows(window, self.region) if self.near else None
            self.chart = chart(self.region, both[0] if both else window)
            points = self._gather()
            self.legend = sheet.legend_rows(self._entries(), size)
            self._shorten()
            n_notes = len(texts)
            if len(self.legend) <= n_lines and len(self.notes) + 1 <= n_notes:
                views = [View(self.chart, self.traffic, self.ways, points)]
                if self.near and both:
                    views.append(self._inset(self.near, both[1]))
                return window, views
            n_lines = max(n_lines, len(self.legend))

    def _shorten(self) -> None:
        """Leave out words of a legend that is too long, and say them in a note."""
        kinds = {bundle.kind for bundle in self.ways}
        brevity = 0
        while len(self.legend) > _LINES and brevity < legend.BRIEFEST:
            brevity += 1
            self.legend = sheet.legend_rows(self._entries(brevity), self.size)
        if brevity:
            self.notes.insert(0, legend.in_brief(self.story, kinds, brevity=brevity))

    def _inset(self, region: Region, window: Window) -> View:
        """The surroundings of whoever is supplied, its close places put together anew."""
        near = chart(region, window)
        points = {key: near.place(site.at) for key, site in self.story.traffic.sites.items()}
        traffic, where = cluster(self.story.traffic, points, self._reach(), self._plurals())
        return View(near, traffic, self._drawn(traffic.ways), where, "near-")

    def _reach(self) -> float:
        """How near to each other plants share a marker, points."""
        return _REACH * _SMALL * self.size.label

    def _plurals(self) -> dict[str, str]:
        return {stage.name: stage.plural for stage in self.net.stages}

    def _drawn(self, bundles: Sequence[Bundle]) -> tuple[Bundle, ...]:
        """The ways that are drawn: of grey ones the widest, of others all that are not small."""
        floor = self.least * self.story.total
        grey = [bundle for bundle in bundles if bundle.kind == "shut"]
        grey.sort(key=lambda way: (-way.tonnes, way.tail, way.head))
        least = self.least * max((way.tonnes for way in grey), default=0.0)
        shown = {id(path) for path in grey[:_SHUT_WAYS] if path.tonnes >= least}
        return tuple(
            way
            for way in bundles
            if (id(way) in shown if way.kind == "shut" else way.cut or way.tonnes >= floor)
        )

    def _gather(self) -> dict[str, Point]:
        """Put close plants together, leave out small ways, and set the scales."""
        sites = self.story.traffic.sites
        points = {key: self.chart.place(site.at) for key, site in sites.items()}
        self.traffic, where = cluster(self.story.traffic, points, self._reach(), self._plurals())
        live = [bundle for bundle in self.traffic.ways if bundle.kind != "shut"]
        between = carried(live)
        pairs = sorted(between, key=lambda pair: (-between[pair], pair))
        #: t/yr of the widest ways by their ends, whatever their weakest links
        self.widest = {pair: between[pair] for pair in pairs[:_MARKED]}
        most = max((path.tonnes for path in live), default=0.0)
        #: t/yr that are drawn with the greatest width
        self.shown = max(most, min(_BARELY * most, self.story.need)) if live else 0.0
        self.scale = self.factor * _WIDEST / self.shown if live else 0.0
        self.ways = self._drawn(self.traffic.ways)
        thin = _THINNEST * self.factor / self.scale if self.scale else 0.0
        floor = self.least * self.story.total
        self.notes = notes(self.story, self.traffic, self.ways, floor=floor, thin=thin)
        return where

    def _foot(self) -> float:
        """Where notes end, a line above the sources."""
        foot = self.sheet.bottom + 6 + 0.7 * self.size.small
        return min(foot, self.size.height - 0.5 * self.size.margin)

    # -- scales ------------------------------------------------------------------------

    def width(self, bundle: Bundle) -> float:
        """Points of width of a way."""
        if not self.scale:
            return self.factor
        width = max(self.factor * _THINNEST, self.scale * bundle.tonnes)
        return min(width, self.factor * _WIDEST) if bundle.kind == "shut" else width

    def radius(self, site: Site) -> float:
        """Radius of a marker: its area grows with what passes."""
        value = site.ghost if site.is_shut else site.flow
        grown = math.sqrt(min(1.0, value / self.shown)) if self.shown else 0.5
        radius = self.size.label * (_SMALL + (_LARGE - _SMALL) * grown)
        return radius if value else self.least_radius

    @property
    def least_radius(self) -> float:
        """Radius of markers that stand for no tonnes, or are reported about elsewhere."""
        return 0.8 * self.size.label * _SMALL

    def _border(self, window: Window) -> Shape:
        wide, tall = window.right - window.left, window.bottom - window.top
        path = rectangle(window.left, window.top, wide, tall)
        return Shape("frame", path, "frame", stroke=FAINT, width=0.6, layer="above")

    # -- ways --------------------------------------------------------------------------

    def _arc(
        self, name: str, bundle: Bundle, view: View, moved: dict[str, Point]
    ) -> tuple[list[Shape], list[list[Point]]]:
        """A way from marker to marker, wherever these were moved to, and its line in pieces."""
        tail, head = view.traffic.sites[bundle.tail], view.traffic.sites[bundle.head]
        width = self.width(bundle)
        pieces = view.chart.line(
            route(tail.at, head.at, center=self.region.center),
            moved.get(bundle.tail, (0.0, 0.0)),
            moved.get(bundle.head, (0.0, 0.0)),
            inset=width / 2,
        )
        hover = ribbon_hover(self.story.question, bundle, tail.title, head.title, self.story.unit)
        return arc(name, bundle, pieces, width=width, factor=self.factor, hover=hover), pieces

    # -- places ------------------------------------------------------------------------

    def _marker(self, name: str, site: Site, disc: Disc) -> Shape:
        color = self._color(site)
        is_hollow = site.status == "building" and not site.is_shut
        is_ringed = bool(site.cut) and color != CUT
        stroke = CUT if is_ringed else color if is_hollow else PAPER
        return Shape(
            name,
            marker(self._shape(site), disc.x, disc.y, disc.radius),
            "facility",
            fill=PAPER if is_hollow else color,
            stroke=stroke,
            width=(1.3 if is_hollow or is_ringed else 0.6) * self.factor,
            layer="above",
            hover=site_hover(self.story.question, site, self.story.unit),
        )

    def _color(self, site: Site) -> str:
        """Red where all that passes is at its limit; where a part is, only the edge is red."""
        if site.cut and sum(site.cut.values()) >= _ALL * site.flow:
            return CUT
        return SHUT_BOX if site.is_shut or site.status == "idle" or not site.flow else INK

    def _shape(self, site: Site) -> int | str:
        if not site.stage:
            return NATION if site.is_target else 1
        return stage_shape(self.net, site.stage)

    def _wishes(self, view: View, discs: dict[str, Disc]) -> list[Wish]:
        """Labels that markers would like to have, the most important first."""
        results = []
        for key, disc in discs.items():
            site = view.traffic.sites[key]
            value = site.ghost if site.is_shut else site.flow
            if not value or value < _NAMELESS * self.story.total:
                continue
            rank = (not site.is_target, -value, key)
            title = site.title
            if site.brief and text_width(title, self.letters) > _NAME * self.letters:
                title = site.brief  # in several lines it would hide the ways
            text = f"{title}, shut" if site.is_shut else title
            color = self._color(site)
            name = in_lines(text, tonnes(value), self.letters, _NAME * self.letters)
            wish = Wish(name, disc, MUTED if color == SHUT_BOX else color, site.is_target)
            results.append((rank, wish))
        return [wish for _, wish in sorted(results, key=lambda pair: pair[0])]

    def _entries(self, brevity: int = 0) -> list[sheet.Entry]:
        return entries(
            self.story,
            list(self.traffic.sites.values()),
            {bundle.kind for bundle in self.ways},
            has_cut=any(path.cut for path in self.ways),
            scale=self.scale,
            size=self.size,
            brevity=brevity,
        )


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
