"""Markers of a map: their shapes, those that are put together, and those that make room."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from supplynet.analysis.question import Question
from supplynet.draw.answer import Bundles, add_part
from supplynet.draw.hover import with_members
from supplynet.draw.maps.projection import Point, Window
from supplynet.draw.maps.sites import STATUSES, Site, Traffic, sorted_ways
from supplynet.draw.scene import Step, circle, polyline
from supplynet.network.countries import country_name
from supplynet.text import plain, tonnes

#: corners of the markers of stages in their order, of unit radius, y downwards; a circle has none
_TURN = math.tau / 4
_CORNERS: tuple[tuple[Point, ...], ...]


def _polygon(corners: int, turn: float = 0.0, size: float = 1.0) -> tuple[Point, ...]:
    """A regular polygon that stands on its base or, turned, on a corner."""
    angles = [turn - _TURN + math.tau * n / corners for n in range(corners)]
    return tuple((size * math.cos(angle), size * math.sin(angle)) for angle in angles)


def _star() -> tuple[Point, ...]:
    outer, inner = _polygon(5, size=1.3), _polygon(5, math.tau / 10, 0.6)
    return tuple(point for pair in zip(outer, inner, strict=True) for point in pair)


# sizes are such that all shapes weigh about the same to the eye
_CORNERS = (
    _polygon(3, size=1.25),
    (),
    _polygon(4, math.tau / 8, 1.2),
    _polygon(4, size=1.25),
    _polygon(6, size=1.1),
    _polygon(3, math.tau / 2, 1.25),
    _polygon(5, size=1.15),
)
NATION = "nation"
_STAR = _star()


def marker(shape: int | str, x: float, y: float, radius: float) -> tuple[Step, ...]:
    """Return the path of a marker.

    Parameters
    ----------
    shape : int or "nation"
        Place of the stage among the graph's; shapes come round again after the seventh.
    x, y, radius : float
        Points.
    """
    corners = _STAR if shape == NATION else _CORNERS[int(shape) % len(_CORNERS)]
    if not corners:
        return circle(x, y, radius)
    return polyline(((x + radius * u, y + radius * v) for u, v in corners), is_closed=True)


# -- markers that are put together ---------------------------------------------------------


def cluster(
    traffic: Traffic, points: Mapping[str, Point], reach: float, plural: Mapping[str, str]
) -> tuple[Traffic, dict[str, Point]]:
    """Put plants of a country, stage and status that lie within reach into one marker.

    Parameters
    ----------
    points : mapping of str to (float, float)
        Where each place lies on the canvas.
    reach : float
        Points.
    plural : mapping of str to str
        Word for several plants of a stage.

    Returns
    -------
    tuple
        The traffic of the markers, and where they lie: in the middle of their plants, weighted
        by what they carry.
    """
    groups: dict[tuple[object, ...], list[Site]] = defaultdict(list)
    for site in traffic.sites.values():
        alone = "" if site.stage and not site.is_target else site.key
        kind = (site.country, site.stage, site.status, site.is_shut, site.flow > 0, alone)
        groups[kind].append(site)
    into: dict[str, str] = {}
    for members in groups.values():
        heads: list[Site] = []
        for site in sorted(members, key=lambda member: (-member.flow, member.key)):
            near = [
                entry for entry in heads if math.dist(points[entry.key], points[site.key]) <= reach
            ]
            into[site.key] = near[0].key if near else site.key
            if not near:
                heads.append(site)
    together: dict[str, list[Site]] = defaultdict(list)
    for key, head in into.items():
        together[head].append(traffic.sites[key])
    sites = {key: _merged(group, plural) for key, group in sorted(together.items())}
    where = {key: _middle(group, points) for key, group in together.items()}
    bundles: Bundles = {}
    for bundle in traffic.ways:
        tail, head = into[bundle.tail], into[bundle.head]
        if tail == head:
            continue
        for segment, amount in bundle.parts.items():
            add_part(bundles, (tail, head, bundle.kind, bundle.cut), segment, amount)
    return Traffic(sites, sorted_ways(bundles.values())), where


def _merged(group: Sequence[Site], plural: Mapping[str, str]) -> Site:
    first = group[0]
    if len(group) == 1:
        return first
    word = plain(plural[first.stage])
    word = word if word[:2].isupper() else word[:1].lower() + word[1:]
    result = Site(
        first.key,
        f"{len(group)} {word}",
        first.country,
        first.stage,
        first.status,
        first.at,
        all(site.is_exact for site in group),
        is_shut=first.is_shut,
    )
    for site in group:
        result.flow += site.flow
        result.ghost += site.ghost
        for own, other in (
            (result.members, site.members),
            (result.ghost_members, site.ghost_members),
            (result.cut, site.cut),
        ):
            for node, amount in other.items():
                own[node] += amount
    return result


def _middle(group: Sequence[Site], points: Mapping[str, Point]) -> Point:
    weights = [site.flow for site in group]
    if not sum(weights):
        weights = [1.0] * len(group)
    total = sum(weights)
    x, y = (
        sum(weight * points[site.key][axis] for weight, site in zip(weights, group, strict=True))
        for axis in (0, 1)
    )
    return x / total, y / total


# -- markers that make room ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Disc:
    """A marker as a disc on the canvas, points."""

    x: float
    y: float
    radius: float

    def overlaps(self, other: Disc, gap: float = 0.0) -> bool:
        """Whether two discs come nearer than the gap."""
        least = self.radius + other.radius + gap
        return math.dist((self.x, self.y), (other.x, other.y)) < least - 1e-6

    def hides(self, other: Disc) -> bool:
        """Whether the middles of two discs are nearer than 0.3 of their radii together."""
        return self.overlaps(other, -0.7 * (self.radius + other.radius))


def ashore(disc: Disc, outline: Sequence[Sequence[Point]]) -> Disc:
    """Return a disc whose middle lies on the land of an outline: where it is, or just inside.

    Examples
    --------
    >>> land = [[(0, 0), (10, 0), (10, 10), (0, 10)]]
    >>> ashore(Disc(5, 5, 2), land), ashore(Disc(12, 5, 2), land)
    (Disc(x=5, y=5, radius=2), Disc(x=9.7, y=5.0, radius=2))
    """
    x, y, nearest = disc.x, disc.y, list[tuple[float, Point]]()
    is_inside = False
    for ring in outline:
        for (ax, ay), (bx, by) in zip(ring, [*ring[1:], ring[0]], strict=True):
            if (ay > y) != (by > y) and x < ax + (y - ay) / (by - ay) * (bx - ax):
                is_inside = not is_inside
            square = (bx - ax) ** 2 + (by - ay) ** 2
            along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / square if square else 0.0
            share = min(1.0, max(0.0, along))
            point = ax + share * (bx - ax), ay + share * (by - ay)
            nearest.append((math.dist((x, y), point), point))
    if is_inside or not nearest:
        return disc
    far, (px, py) = min(nearest)
    if far > _FARTHEST:  # the graph says that it stands elsewhere
        return disc
    onward = _ASHORE / far if far else 0.0
    return Disc(px + onward * (px - x), py + onward * (py - y), disc.radius)


#: how far inside the coast a marker is put that would stand at sea, and how far it is brought at
#: most, points
_ASHORE, _FARTHEST = 0.3, 40.0
_ROUNDS, _ROOM = 200, 1.0
_GOLDEN = math.pi * (3 - math.sqrt(5))


def make_room(discs: Sequence[Disc], window: Window, *, pinned: Collection[int] = ()) -> list[Disc]:
    """Move discs that overlap apart, each no farther than it must, and keep all in the window.

    Discs at one place fan out. The same discs are moved the same way every time.

    Parameters
    ----------
    pinned : collection of int
        Places of discs that stay where they are: others make room for them.

    Examples
    --------
    >>> moved = make_room([Disc(50, 50, 4), Disc(50, 50, 4)], Window(0, 0, 100, 100))
    >>> moved[0].overlaps(moved[1])
    False
    """
    places = [[disc.x, disc.y] for disc in discs]
    for _ in range(_ROUNDS):
        is_moved = False
        _keep_inside(places, discs, window)
        for i in range(len(discs)):
            for j in range(i + 1, len(discs)):
                least = discs[i].radius + discs[j].radius + _ROOM
                dx, dy = places[j][0] - places[i][0], places[j][1] - places[i][1]
                if abs(dx) >= least or abs(dy) >= least:
                    continue
                distance = math.hypot(dx, dy)
                if distance >= least - 1e-9:
                    continue
                if distance < 1e-6:
                    angle = _GOLDEN * (i + j)
                    dx, dy, distance = math.cos(angle), math.sin(angle), 1.0
                    push = least / 2
                else:
                    push = (least - distance) / 2
                # what is pinned does not yield, unless both are
                fixed = {i, j}.intersection(pinned)
                fixed = fixed if len(fixed) == 1 else set()
                for disc, sign in ((i, -1), (j, 1)):
                    far = 0.0 if disc in fixed else push * (2.0 if fixed else 1.0)
                    places[disc][0] += sign * far * dx / distance
                    places[disc][1] += sign * far * dy / distance
                is_moved = True
        if not is_moved:
            break
    else:
        # too many for the room there is: they overlap a little, but stay in the window
        _keep_inside(places, discs, window)
    return [Disc(x, y, disc.radius) for (x, y), disc in zip(places, discs, strict=True)]


def _keep_inside(places: list[list[float]], discs: Sequence[Disc], window: Window) -> None:
    for position, disc in zip(places, discs, strict=True):
        position[0] = min(max(position[0], window.left + disc.radius), window.right - disc.radius)
        position[1] = min(max(position[1], window.top + disc.radius), window.bottom - disc.radius)


def site_hover(question: Question, site: Site, unit: str) -> tuple[str, ...]:
    """Lines about a place: what passes it, through which plants, how exact its position is."""
    net = question.net
    country = plain(country_name(site.country, net.commodity.areas))
    is_nation = bool(site.stage) and net.stage_by_name[site.stage].is_nation
    lines = [site.title]
    if site.stage and not is_nation:
        stage = plain(net.stage_by_name[site.stage].title)
        lines = [site.title, f"{stage}, {country}, {STATUSES[site.status]}"]
    if site.is_shut:
        lines.append("shut")
    if site.flow:
        verb = "arrive at" if site.is_target else "pass"
        lines.append(f"{tonnes(site.flow)} {unit} {verb} it")
    if site.ghost:
        without = f" pass it on the way through {question.avoid_name} when nothing is shut"
        lines.append(f"{tonnes(site.ghost)} {unit}{plain(without)}")
    members = {**site.ghost_members, **site.members} if site.is_shut else site.members
    foot = [] if site.is_exact else [_place(question, site)]
    has_parts = len(members) > 1 or not site.stage or bool(site.cut)
    return with_members(question, lines, members, site.cut, foot=foot, is_told=has_parts)


def _place(question: Question, site: Site) -> str:
    """Why the marker does not stand where a plant stands."""
    if site.country in question.net.commodity.areas:
        return "The marker stands for several countries; its place for none of them"
    if site.stage:
        return "The graph gives no coordinates: the marker stands in the middle of the country"
    return "The marker stands in the middle of the country"
