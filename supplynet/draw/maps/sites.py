"""A flow gathered into the places and ways of a map, before they have a place on the canvas."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from supplynet.analysis.question import selector_name
from supplynet.draw.answer import (
    Bundle,
    Bundles,
    Segment,
    add_part,
    add_segments,
    bloc_of,
)
from supplynet.draw.maps.projection import LonLat, label_point
from supplynet.draw.style import RIBBON_CLASS, RIBBONS
from supplynet.draw.words import plant_name
from supplynet.errors import OptionError
from supplynet.network.countries import brief_name, country_name
from supplynet.terms import COUNTED, STANDINGS, DetailName
from supplynet.text import plain

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

    for bounds, tonnes in streams.sent.items():
        tail, head = site_of(bounds.tail), site_of(bounds.head)
        head.members[bounds.head] += tonnes
        head.is_target |= bounds.head in streams.served
        if tail.key == head.key:
            continue
        head.flow += tonnes
        standing = STANDINGS.names[bounds.rank]
        segment = Segment(bounds.tail, bounds.head, standing)
        add_part(bundles, (tail.key, head.key, RIBBON_CLASS[standing], ""), segment, tonnes)
    for node_id, tonnes in streams.mined.items():
        if places.key(node_id) in sites:
            sites[places.key(node_id)].flow += tonnes
            sites[places.key(node_id)].members[node_id] += tonnes
    arrived: dict[str, float] = defaultdict(float)
    for node_id, tonnes in streams.served.items() if to else ():
        arrived[site_of(node_id).key] += tonnes
    for key, tonnes in arrived.items():  # plants that stand there pass on what comes, and scrap
        sites[key].flow = tonnes
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
