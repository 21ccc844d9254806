"""Places and ways of a map: a flow gathered into them, and the shapes and room of their markers."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from supplynet.analysis.question import Question, selector_name
from supplynet.draw.answer import Bundle, Bundles, Segment, add_part, add_segments, bloc_of
from supplynet.draw.frame import with_members
from supplynet.draw.maps.projection import LonLat, Point, Window, label_point
from supplynet.draw.scene import Step, circle, polyline
from supplynet.draw.style import RIBBON_CLASS, RIBBONS
from supplynet.draw.words import plant_name
from supplynet.errors import OptionError
from supplynet.network.countries import brief_name, country_name
from supplynet.terms import COUNTED, STANDINGS, DetailName
from supplynet.text import plain, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.balance.solved import SolvedBalance
    from supplynet.analysis.exposure.streams import Streams
    from supplynet.draw.answer import Answer, Chain
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Node

#: place of several nations that are one
_BLOC = "bloc"

Status = Literal["running", "building", "idle"]
SITES = ("carrying", "all")

#: words of the legend by class of status
STATUSES: dict[Status, str] = {
    "running": "running or ramping up",
    "building": "in construction or planned",
    "idle": "idle, closed or cancelled",
}


@dataclass
class Site:
    """A place on the map in the making: a plant, several close ones, or a country."""

    key: str
    title: str
    country: str  #: where it stands
    stage: str  #: of a plant; empty for a country
    status: Status
    at: LonLat  #: longitude and latitude, degrees
    is_exact: bool  #: whether that is the plant's own place and not the label point of its country
    is_target: bool = False
    is_shut: bool = False
    brief: str = ""  #: name of a country that has little room
    #: flow, ghost: t/yr through it of what arrives, and of what would pass the avoided jurisdiction
    flow: float = 0.0
    ghost: float = 0.0
    members: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    ghost_members: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    cut: dict[str, float] = field(default_factory=lambda: defaultdict(float))


@dataclass(frozen=True)
class Traffic:
    """All places and ways of a map; ways come surest and largest last, to lie on top."""

    sites: dict[str, Site]
    ways: tuple[Bundle, ...]


def traffic_of(answer: Answer, *, level: DetailName, sites: str) -> Traffic:
    """Gather a flow into places and ways.

    Parameters
    ----------
    level : {"facility", "country"}
        Whether a place is a plant, or a country with all its stages.
    sites : {"carrying", "all"}
        Whether plants that carry nothing are there too.

    Raises
    ------
    OptionError
        If something that carries flow has no place on the map.
    """
    question = answer.question
    places = Places(question.net, level, bloc_of(question), question.to_name)
    result: dict[str, Site] = {}

    def site_of(node_id: str, *, is_ghost: bool) -> Site:
        key = places.key(node_id)
        is_shut = node_id in question.shut.possibly
        if is_ghost and key != _BLOC and (key not in result or is_shut):
            key = f"{'shut' if is_shut else 'grey'}|{question.net.node(node_id).country}"
        if key not in result:
            result[key] = places.new(key, node_id)
            result[key].is_shut = is_shut
        site = result[key]
        site.is_target |= node_id in question.targets
        return site

    bundles: Bundles = {}
    for chain in answer.chains:
        _add(bundles, chain, site_of, is_ghost=False)
    for chain in answer.lost:
        _add(bundles, chain, site_of, is_ghost=True)
    if sites == "all":
        for node in question.net.node_rows:
            key = places.key(node.id)
            if not question.net.stage_by_name[node.stage].is_nation and key not in result:
                result[key] = places.new(key, node.id)
                result[key].members[node.id] = 0.0
                result[key].is_shut = node.id in question.shut.possibly
    return Traffic({key: result[key] for key in sorted(result)}, sorted_ways(bundles.values()))


def traffic_of_streams(
    result: SolvedBalance, streams: Streams, *, level: DetailName, to: str | None = None
) -> Traffic:
    """Gather what a balance sends into places and ways.

    What passes a plant is what comes to it or out of its ground; what passes a country, what
    comes from abroad or out of its ground. The nations that it ends up with are served it.

    Parameters
    ----------
    streams : Streams
        Of the result.
    level : {"facility", "country"}
    to : str, optional
        The nations that they end up with: several are one marker, as a bloc is.

    Raises
    ------
    OptionError
        If something that carries flow has no place on the map.
    """
    net = result.question.net
    bloc = frozenset(streams.needed) if to and len(streams.needed) > 1 else frozenset()
    places = Places(net, level, bloc, selector_name(net, to) if to else "")
    sites: dict[str, Site] = {}
    bundles: Bundles = {}

    def site_of(node_id: str) -> Site:
        key = places.key(node_id)
        if key not in sites:
            sites[key] = places.new(key, node_id)
        return sites[key]

    for bounds, amount in streams.sent.items():
        tail, head = site_of(bounds.tail), site_of(bounds.head)
        head.members[bounds.head] += amount
        head.is_target |= bounds.head in streams.served
        if tail.key == head.key:
            continue
        head.flow += amount
        standing = STANDINGS.names[bounds.rank]
        segment = Segment(bounds.tail, bounds.head, standing)
        add_part(bundles, (tail.key, head.key, RIBBON_CLASS[standing], ""), segment, amount)
    for node_id, amount in streams.mined.items():
        if places.key(node_id) in sites:
            sites[places.key(node_id)].flow += amount
            sites[places.key(node_id)].members[node_id] += amount
    arrived: dict[str, float] = defaultdict(float)
    for node_id, amount in streams.served.items() if to else ():
        arrived[site_of(node_id).key] += amount
    for key, amount in arrived.items():  # plants that stand there pass on what comes, and scrap
        sites[key].flow = amount
    return Traffic({key: sites[key] for key in sorted(sites)}, sorted_ways(bundles.values()))


def sorted_ways(bundles: Iterable[Bundle]) -> tuple[Bundle, ...]:
    """Return ways in drawing order: what is shut below, members of the cut on top."""
    ranks = {kind: -index for index, kind in enumerate(RIBBONS)}
    return tuple(
        sorted(
            bundles,
            key=lambda bundle: (
                ranks[bundle.kind],
                bool(bundle.cut),
                -bundle.tonnes,
                bundle.tail,
                bundle.head,
            ),
        )
    )


def carried(bundles: Iterable[Bundle]) -> dict[tuple[str, str], float]:
    """Return t/yr from place to place of all that is not shut."""
    result: dict[tuple[str, str], float] = defaultdict(float)
    for bundle in bundles:
        if bundle.kind != "shut":
            result[bundle.tail, bundle.head] += bundle.tonnes
    return result


def _add(
    bundles: Bundles,
    chain: Chain,
    site_of: Callable[..., Site],
    *,
    is_ghost: bool,
) -> None:
    passed: set[str] = set()
    keys: dict[str, str] = {}
    for node_id in chain.nodes:
        site = site_of(node_id, is_ghost=is_ghost)
        keys[node_id] = site.key
        (site.ghost_members if is_ghost else site.members)[node_id] += chain.tonnes
        if not is_ghost and node_id == chain.cut_node:
            site.cut[node_id] += chain.tonnes
        if site.key not in passed:  # the stages of a country are one place
            passed.add(site.key)
            if is_ghost:
                site.ghost += chain.tonnes
            else:
                site.flow += chain.tonnes
    kind = "shut" if is_ghost else RIBBON_CLASS[chain.standing]
    add_segments(bundles, keys, chain, kind, is_limited=not is_ghost)


class Places:
    """Where the nodes of a network lie.

    Parameters
    ----------
    level : {"facility", "country"}
    bloc : frozenset of str
        Nations that are one place, such as those of a bloc.
    title : str
        Its name.

    Raises
    ------
    OptionError
        If plants are asked for and no plant of the network has coordinates.
    """

    def __init__(
        self,
        net: SupplyNetwork,
        level: DetailName,
        bloc: frozenset[str] = frozenset(),
        title: str = "",
    ) -> None:
        self.net, self.level, self.bloc, self.title = net, level, bloc, plain(title)
        plants = [node for node in net.node_rows if not net.stage_by_name[node.stage].is_nation]
        if level == "facility" and not any(node.lat is not None for node in plants):
            raise OptionError(
                f"no plant of the graph {net.name} has coordinates, so that none can be put on a "
                "map",
                hint="fill the columns lat and lon of nodes.csv, or draw countries: "
                "--level country (level='country')",
            )

    def key(self, node_id: str) -> str:
        """Return the key of a node's place."""
        node = self.net.node(node_id)
        if node_id in self.bloc:
            return _BLOC
        if self.level == "facility":
            return f"node|{node_id}"
        return f"country|{node.country}"

    def new(self, key: str, node_id: str) -> Site:
        """Return a place for a node, without any flow yet."""
        node = self.net.node(node_id)
        if node_id in self.bloc:
            return self._of_bloc()
        kind = key.split("|")[0]
        if kind == "node":
            at, is_exact = self.of_node(node)
            nation = self.net.stage_by_name[node.stage].is_nation
            title = plain(self.country(node.country)) if nation else plant_name(node)
            return Site(key, title, node.country, node.stage, status_of(node), at, is_exact)
        at = self.of_country(node.country)
        brief = plain(brief_name(node.country, self.net.commodity.areas))
        return Site(
            key, self.country(node.country), node.country, "", "running", at, False, brief=brief
        )

    def _of_bloc(self) -> Site:
        """Return the place of a bloc: that of the nation in it that needs most."""
        needs: dict[str, float] = dict.fromkeys(sorted(self.bloc), 0.0)
        for row in self.net.demand_rows:
            if row.nation in needs:
                needs[row.nation] += row.quantity
        node = self.net.node(max(needs, key=lambda name: (needs[name], name)))
        at, is_exact = self.of_node(node)
        stage = "" if self.level == "country" else node.stage
        return Site(_BLOC, self.title, node.country, stage, "running", at, is_exact)

    def country(self, code: str) -> str:
        """Return the name of a country or area."""
        return plain(country_name(code, self.net.commodity.areas))

    def of_node(self, node: Node) -> tuple[LonLat, bool]:
        """Return the place of a node, and whether it is its own."""
        if node.lat is not None and node.lon is not None:
            return (node.lon, node.lat), node.country not in self.net.commodity.areas
        return self.of_country(node.country), False

    def of_country(self, code: str) -> LonLat:
        """Return the label point of a country; of an area, where the graph puts its nation.

        Raises
        ------
        OptionError
            If neither the outlines nor the graph know one.
        """
        results = label_point(code)
        if results is not None:
            return results
        rows = [node for node in self.net.node_rows if node.country == code]
        rows.sort(key=lambda node: not self.net.stage_by_name[node.stage].is_nation)
        for node in rows:
            if node.lat is not None and node.lon is not None:
                return node.lon, node.lat
        raise OptionError(
            f"{code} ({self.country(code)}) has no place on the map: the outlines do not know it, "
            f"and no node of it in the graph {self.net.name} has coordinates",
            hint=f"fill the columns lat and lon of nodes.csv for {rows[0].id}",
        )


def status_of(node: Node) -> Status:
    """Return the class of a plant's status."""
    if node.status not in COUNTED:
        return "idle"
    return "running" if COUNTED[node.status].floor == "operating" else "building"


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
