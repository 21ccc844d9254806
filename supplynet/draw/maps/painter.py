"""A flow on a map of the world: places by stage and status, ways as great circles by t/yr."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from supplynet.draw import sheet
from supplynet.draw.hover import ribbon_hover
from supplynet.draw.maps import frame
from supplynet.draw.maps.arc import arc
from supplynet.draw.maps.clip import Point, Window
from supplynet.draw.maps.hover import site_hover
from supplynet.draw.maps.labels import Wish, place_labels
from supplynet.draw.maps.land import land_shapes
from supplynet.draw.maps.legend import SLIDE, entries, stage_shape
from supplynet.draw.maps.markers import NATION, Disc, cluster, make_room, marker
from supplynet.draw.maps.projection import great_circle
from supplynet.draw.maps.regions import Track, chart, find_region
from supplynet.draw.maps.sites import Site
from supplynet.draw.scene import Label, Scene, Shape, rectangle
from supplynet.draw.style import (
    CUT,
    FAINT,
    INK,
    MUTED,
    PAPER,
    SHUT_BOX,
    Size,
    tonnes,
)
from supplynet.draw.words import short, wrap

if TYPE_CHECKING:
    from supplynet.draw.grouping import Bundle
    from supplynet.draw.maps.story import Story

#: widest way and thinnest line, points on a slide
_WIDEST, _THINNEST = 9.0, 0.7
#: radius of the smallest and of the largest marker, over the size of letters
_SMALL, _LARGE = 0.34, 0.72
#: plants nearer to each other than this many radii of a small marker are one marker
_REACH = 3.0
#: grey ways that are drawn, the widest
_SHUT_WAYS = 5
#: share of the tonnes from which on it is all of them
_ALL = 0.995
#: where the map lies in pictures of a series, over their height: words have room above and below
_SERIES = (0.3, 0.79)


def _no_room(count: int) -> str:
    """That places have no room for their names."""
    return f"{count} place{'s have' if count > 1 else ' has'} no room for a name."


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
        Track(great_circle(sites[way.tail].at, sites[way.head].at), way.tonnes)
        for way in story.traffic.ways
        if way.kind != "shut"
    ]


class _Painter:
    """Puts one map together."""

    def __init__(
        self, story: Story, region: str, least: float, size: Size, is_series: bool
    ) -> None:
        self.story, self.size, self.least = story, size, least
        self.net = story.question.net
        self.region = find_region(region, tracks_of(story))
        self.factor = size.label / SLIDE
        #: heights between which the map lies at most
        self.span = tuple(size.height * part for part in (_SERIES if is_series else (0.0, 1.0)))
        self.letters = 0.8 * size.label  # of the names of places
        self.notes: list[str] = []
        self.sheet = sheet.frame(story.words, size, n_legend=0)

    # -- scene -------------------------------------------------------------------------

    def scene(self) -> Scene:
        """Everything in its place."""
        window, points = self._fitted()
        sites = self.traffic.sites
        visible = [key for key in sites if window.holds(points[key])]
        first = [Disc(*points[key], self.radius(sites[key])) for key in visible]
        # whoever is supplied stands in its own country
        pinned = [place for place, key in enumerate(visible) if sites[key].is_target]
        discs = dict(zip(visible, make_room(first, window, pinned=pinned), strict=True))
        moved = {
            key: (disc.x - points[key][0], disc.y - points[key][1]) for key, disc in discs.items()
        }
        placed = place_labels(self._wishes(discs), list(discs.values()), window, size=self.letters)
        if placed.n_left_out:
            self.notes.append(_no_room(placed.n_left_out))
        swatches, words = frame.legend(self.legend, self.size, window.bottom + 5)
        foot, _ = frame.footnotes(self.notes, self.size, self._foot())
        arcs = [
            shape
            for number, way in enumerate(self.ways)
            for shape in self._arc(f"arc-{number}", way, moved)
        ]
        return Scene(
            width=self.size.width,
            height=self.size.height,
            title=self.story.words.message,
            description=self.story.description,
            lines=placed.lines,
            labels=(
                *self.sheet.labels,
                *(() if self.scale else self._nothing(window)),
                *placed.labels,
                *words,
                *foot,
            ),
            shapes=(
                *land_shapes(self.chart, self.story.fill, self.story.shut_countries, self.net),
                *arcs,
                *(self._marker(_id(key), sites[key], discs[key]) for key in visible),
                *swatches,
                self._border(window),
            ),
            scale=self.scale,
            ghost_scale=self.scale,
            digest=self.story.digest,
        )

    def _fitted(self) -> tuple[Window, dict[str, Point]]:
        """The window that the legend leaves to the map, and where the markers lie in it.

        What is put together depends on the window, the scale on that, and the legend on the
        scale: a legend that needs more lines is given them.
        """
        size, n_lines = self.size, 0
        while True:
            # the last note is known when all labels are placed
            notes = [*self.notes, _no_room(100)]
            _, foot = frame.footnotes(notes, size, self._foot())
            height = n_lines * frame.row_height(size)
            top, bottom = (
                max(self.sheet.top - 2, self.span[0]),
                min(foot - height - 5, self.span[1]),
            )
            window = Window(size.margin, top, size.width - size.margin, bottom)
            self.chart = chart(self.region, window)
            points = self._gather()
            self.legend = frame.rows(self._entries(), size)
            n_notes = len(notes)
            if len(self.legend) <= n_lines and len(self.notes) + 1 <= n_notes:
                return window, points
            n_lines = max(n_lines, len(self.legend))

    def _gather(self) -> dict[str, Point]:
        """Put close plants together, leave out small ways, and set the scales."""
        sites = self.story.traffic.sites
        plural = {stage.name: stage.plural for stage in self.net.stages}
        reach = _REACH * _SMALL * self.letters
        points = {key: self.chart.place(site.at) for key, site in sites.items()}
        self.traffic, where = cluster(self.story.traffic, points, reach, plural)
        live = [way.tonnes for way in self.traffic.ways if way.kind != "shut"]
        shut = [way.tonnes for way in self.traffic.ways if way.kind == "shut"]
        widest = max(shut, default=0.0)
        #: t/yr that are drawn with the greatest width
        self.shown = max(*live, widest, self.story.need) if live else 0.0
        self.scale = self.factor * _WIDEST / self.shown if live else 0.0
        floor = self.least * self.story.total
        grey = [way for way in self.traffic.ways if way.kind == "shut"]
        grey.sort(key=lambda way: (-way.tonnes, way.tail, way.head))
        drawn = {id(way) for way in grey[:_SHUT_WAYS] if way.tonnes >= self.least * widest}
        self.ways = tuple(
            way
            for way in self.traffic.ways
            if (id(way) in drawn if way.kind == "shut" else way.cut or way.tonnes >= floor)
        )
        self.notes = self._notes(floor)
        return where

    def _foot(self) -> float:
        """Where notes end, a line above the sources."""
        return self.sheet.bottom + 6 + 0.7 * self.size.small

    # -- scales ------------------------------------------------------------------------

    def width(self, way: Bundle) -> float:
        """Points of width of a way."""
        if not self.scale:
            return self.factor
        return max(self.factor * _THINNEST, self.scale * way.tonnes)

    def radius(self, site: Site) -> float:
        """Radius of a marker: its area grows with what passes."""
        value = site.ghost if site.is_shut else site.flow
        grown = math.sqrt(min(1.0, value / self.shown)) if self.shown else 0.5
        radius = self.letters * (_SMALL + (_LARGE - _SMALL) * grown)
        return radius if value else 0.8 * self.letters * _SMALL

    def _border(self, window: Window) -> Shape:
        wide, tall = window.right - window.left, window.bottom - window.top
        path = rectangle(window.left, window.top, wide, tall)
        return Shape("frame", path, "frame", stroke=FAINT, width=0.6, layer="above")

    def _nothing(self, window: Window) -> tuple[Label, ...]:
        """What stands in place of a flow that is nothing."""
        letters = 1.15 * self.size.label
        room = 0.8 * (window.right - window.left)
        x, y = (window.left + window.right) / 2, window.top + 2 * letters
        lines = wrap(self.story.nothing, letters, room, is_bold=True)
        return tuple(
            Label(
                line,
                x,
                y + 1.4 * letters * place,
                letters,
                CUT,
                anchor="middle",
                is_bold=True,
                has_halo=True,
                role="note",
            )
            for place, line in enumerate(lines)
        )

    # -- ways --------------------------------------------------------------------------

    def _arc(self, name: str, way: Bundle, moved: dict[str, Point]) -> list[Shape]:
        """A way from marker to marker, wherever these were moved to."""
        tail, head = self.traffic.sites[way.tail], self.traffic.sites[way.head]
        width = self.width(way)
        pieces = self.chart.line(
            great_circle(tail.at, head.at),
            moved.get(way.tail, (0.0, 0.0)),
            moved.get(way.head, (0.0, 0.0)),
            inset=width / 2,
        )
        hover = ribbon_hover(self.story.question, way, tail, head, self.story.unit)
        return arc(name, way, pieces, width=width, factor=self.factor, hover=hover)

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

    def _wishes(self, discs: dict[str, Disc]) -> list[Wish]:
        """Labels that markers would like to have, the most important first."""
        found = []
        for key, disc in discs.items():
            site = self.traffic.sites[key]
            value = site.ghost if site.is_shut else site.flow
            if not value:
                continue
            rank = (not site.is_target, -value, key)
            text = f"{site.title}, shut" if site.is_shut else site.title
            shown = short(text, self.letters, 15 * self.letters)
            color = self._color(site)
            words = f"{shown} {tonnes(value)}"
            wish = Wish(words, disc, MUTED if color == SHUT_BOX else color, site.is_target)
            found.append((rank, wish))
        return [wish for _, wish in sorted(found, key=lambda pair: pair[0])]

    def _entries(self) -> list[frame.Entry]:
        return entries(
            self.story,
            list(self.traffic.sites.values()),
            {way.kind for way in self.ways},
            has_cut=any(way.cut for way in self.ways),
            scale=self.scale,
            size=self.size,
        )

    def _notes(self, floor: float) -> list[str]:
        """How the map is to be read."""
        notes = [
            "Equal Earth projection; great circles, not shipping routes; area of markers by t."
        ]
        live = [way for way in self.traffic.ways if way.kind != "shut"]
        hidden = [way.tonnes for way in live if way.tonnes < floor and not way.cut]
        if hidden:
            what = "way is" if len(hidden) == 1 else "ways are"
            notes.append(f"{len(hidden)} {what} not drawn: less than {tonnes(floor)}.")
        thin = _THINNEST * self.factor / self.scale if self.scale else 0.0
        if any(way.tonnes < thin for way in self.ways if way.kind != "shut"):
            notes.append(f"Ways below {tonnes(thin)} are as thin as can be drawn.")
        areas = set(self.net.commodity.areas)
        sites = list(self.traffic.sites.values())
        n_guessed = sum(
            len(site.members)
            for site in sites
            if site.stage and not site.is_exact and site.country not in areas
        )
        if n_guessed:
            what = "plant stands" if n_guessed == 1 else "plants stand"
            notes.append(
                f"{n_guessed} {what} in the middle of the country for want of coordinates."
            )
        if any(site.country in areas for site in sites):
            notes.append("Groups of countries stand at one place of many.")
        return [*notes, *self.story.notes]


def _id(key: str) -> str:
    return f"place-{key.replace('|', '-')}"
