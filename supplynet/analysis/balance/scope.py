"""What can happen where when all nations buy at once: demands, grades, elements and recipes.

The scope is worked out before any linear program is written: which element can reach which
link in separated form and is wanted there, which grades a maker can make, and what is demanded.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from supplynet.analysis.arrays.feeds import Feed, rest_of, scrap_ratios
from supplynet.analysis.arrays.limits import Limits
from supplynet.analysis.arrays.skeleton import Skeleton, skeleton
from supplynet.analysis.balance.reach import carried_by
from supplynet.analysis.balance.recipes import Recipe, recipes_of
from supplynet.errors import TableError
from supplynet.network.cache import cache_of
from supplynet.network.demand import tonnes_held
from supplynet.network.tiers import DEFAULT
from supplynet.network.timeline import capacities_in_force
from supplynet.network.units import contents, find_unit, tonnage
from supplynet.terms import LEVELS, LevelName

if TYPE_CHECKING:
    from supplynet.analysis.arrays.skeleton import Skeleton
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Demand, Node, Production


def demanded(
    net: SupplyNetwork,
    frame: Skeleton,
    year: int,
    elements: tuple[str, ...],
    need: LevelName = "central",
) -> dict[tuple[str, str], float]:
    """Return what each nation that takes part needs of each product in a year.

    Final rows only. The rows of one nation and form are complete for each year they name: a product
    that is not among them is not needed then. Other years are interpolated linearly, or held at the
    nearest given year. A product that holds none of the `elements` is left out. `need` is the end
    of the quantities; t of product per year come in the order of the table.
    """
    nations = frame.nodes.keys() & frozenset(net.nation_ids)
    key = ("demanded", year, elements, need, frozenset(nations))
    if key not in cache_of(net):
        cache_of(net)[key] = _demanded(net, nations, year, elements, need)
    demands: dict[tuple[str, str], float] = cache_of(net)[key]
    return demands


def _demanded(
    net: SupplyNetwork,
    nations: Collection[str],
    year: int,
    elements: tuple[str, ...],
    need: LevelName,
) -> dict[tuple[str, str], float]:
    """Return what `demanded` does, worked out."""
    years: dict[tuple[str, str], set[int]] = {}
    points: dict[tuple[str, str], dict[int, float]] = {}
    for row in net.demand_rows:
        if row.role != "final" or row.nation not in nations:
            continue
        form = net.product_by_id[row.product].form
        years.setdefault((row.nation, form), set()).add(row.year)
        series = points.setdefault((row.nation, row.product), {})
        series[row.year] = series.get(row.year, 0.0) + _tonnes(net, row, need)
    members = _held(net, elements)
    demands = {}
    for (nation, product), series in points.items():
        if product not in members:
            continue
        inputs = sorted(years[nation, net.product_by_id[product].form])
        tonnes = _between(inputs, [series.get(year_given, 0.0) for year_given in inputs], year)
        if tonnes > 0.0:
            demands[nation, product] = tonnes
    return demands


def _held(net: SupplyNetwork, elements: tuple[str, ...]) -> frozenset[str]:
    """Return the products that hold one of some elements."""
    stated = {product for product, _ in contents(net)}
    products = {
        product
        for (product, element), row in contents(net).items()
        if element in elements and row.share
    }
    if len(net.commodity.elements) == 1:
        products |= net.product_by_id.keys() - stated
    return frozenset(products)


def _between(years: list[int], values: list[float], year: int) -> float:
    """Return the value of a year, linear between given years and held outside them."""
    if year <= years[0]:
        return values[0]
    for index in range(1, len(years)):
        if year <= years[index]:
            weight = (year - years[index - 1]) / (years[index] - years[index - 1])
            return values[index - 1] * (1.0 - weight) + values[index] * weight
    return values[-1]


def _tonnes(net: SupplyNetwork, row: Demand, need: LevelName) -> float:
    """Return a demand row in tonnes of its product."""
    unit = find_unit(net, row.unit)
    amount = (tonnage(net, row, "quantity", need) or 0.0) * unit.factor
    if unit.measures == "product":
        return amount
    quantity = tonnes_held(net, row)
    if quantity is None and len(net.commodity.elements) > 1:
        raise TableError(
            f"demand of {row.nation} for {row.product} is given in {row.unit!r}, "
            "and nothing says what the product holds",
            hint="add its contents",
        )
    return amount / (quantity or 1.0)


#: no node has anything but what arrives
NOTHING_STORED: Mapping[str, frozenset[str]] = MappingProxyType({})


@dataclass(frozen=True, repr=False)
class Scope:
    """Everything that a balance knows of a network before it is a linear program."""

    net: SupplyNetwork
    frame: Skeleton  #: open nodes and arcs of the year
    year: int
    basis: str  #: one of "capacity", "production"
    #: elements that are followed; the others of the graph fill baskets only
    elements: tuple[str, ...]
    limits: Mapping[str, Limits]
    demand: Mapping[tuple[str, str], float]  #: nation and product, t of product per year
    recipes: Mapping[tuple[str, str], Recipe]  #: maker and grade
    #: by arc: elements and products that can come this way and are wanted on it
    carried: tuple[tuple[frozenset[str], frozenset[str]], ...]
    #: by node: elements that it can hold separated
    pools: Mapping[str, frozenset[str]]
    #: by node that leaves new scrap: tonnes in it per tonne in what leaves the node finished
    scrap: Mapping[str, float]
    #: which end of capacities, limits of links and recoveries counts; of demand and of scrap ratios
    #: the other one
    level: LevelName = "central"
    #: Nations that draw alone: the others that take part buy only where it helps these, and what
    #: nobody takes of a host metal may be theirs. Empty where all draw.
    drawing: frozenset[str] = frozenset()

    @property
    def claims(self) -> Mapping[tuple[str, str], float]:
        """The demand of those that draw: of all nations, or of those that draw alone."""
        if not self.drawing:
            return self.demand
        return {claim: need for claim, need in self.demand.items() if claim[0] in self.drawing}

    def share(self, feed: Feed, element: str) -> float:
        """Tonnes of an element that can be had from a tonne of a feed."""
        return self.limits[element].share(feed)

    def recovery(self, label: str, element: str) -> float:
        """Share of an element that leaves a node, out over in."""
        return self.limits[element].recovery(label)

    def is_origin(self, label: str) -> bool:
        """Whether a vertex brings a basket to the surface."""
        node = self.frame.nodes.get(label)
        return node is not None and self.net.stage_by_name[node.stage].is_origin

    @cached_property
    def nations(self) -> frozenset[str]:
        """The vertices that are nations."""
        stages = {name for name, stage in self.net.stage_by_name.items() if stage.is_nation}
        return frozenset(label for label, node in self.frame.nodes.items() if node.stage in stages)

    def is_nation(self, label: str) -> bool:
        """Whether a vertex is a nation."""
        return label in self.nations

    def entering(self, label: str) -> tuple[Feed, ...]:
        """Feeds that a node may process: those that arrive, and its own basket."""
        feeds = self.frame.feeds.get(label, frozenset())
        if self.is_origin(label):
            feeds = feeds | {Feed(label)}
        return tuple(sorted(feeds, key=lambda feed: feed.order))

    def yield_of(self, label: str, feed: Feed, element: str) -> float:
        """Tonnes of an element out of a tonne of a feed at a node.

        What an origin's ore type does not let through is in the shares of its own basket.
        """
        # What a mine brings up itself is counted at its gate: the assay says what leaves it, so
        # that its recovery must not count twice.
        own = feed == Feed(label) and self.is_origin(label)
        return self.share(feed, element) * (1.0 if own else self.recovery(label, element))

    def rest_of(self, label: str, feed: Feed) -> tuple[Feed, float]:
        """What a feed leaves a node as, unseparated, and the tonnes of it per tonne."""
        return rest_of(self.net, self.frame.nodes[label], feed, self.level)


def scope(
    net: SupplyNetwork,
    *,
    year: int,
    links: str,
    plants: str = DEFAULT.plants,
    closed: frozenset[str],
    elements: tuple[str, ...],
    basis: str,
    level: LevelName = "central",
    need: LevelName | None = None,
    drawing: frozenset[str] = frozenset(),
    stored: Mapping[str, frozenset[str]] = NOTHING_STORED,
    coming: frozenset[tuple[str, Feed]] = frozenset(),
) -> Scope:
    """Work out what can happen where.

    `links` is the weakest standing of links that may still be used, `plants` the furthest from
    running that a plant may be. A nation among the `closed` takes no part; without `drawing` all
    that are not shut draw. `level` is the end of all figures, of which high is the most favorable,
    but of what is asked for, where `need` is given.
    `stored` are elements that a node has whatever arrives, those of a stock; `coming` are feeds
    that arrive at a plant whoever is shut.
    """
    frame = skeleton(net, year=year, links=links, plants=plants, closed=closed, coming=coming)
    # The low end of an answer is supply at its low end beside needs at their high end, and the
    # other way round: both move coverage the same way.
    need = LEVELS[level].opposite if need is None else need
    # Every element of the graph has its limits, also those that are not followed: a basket brings
    # all of them, and they take room in plants that count baskets.
    limits = {
        element: Limits(net, frame, element, year, level, need)
        for element in net.commodity.elements
    }
    needs = demanded(net, frame, year, elements, need)
    recipes = recipes_of(net, frame, needs, elements)
    ratios = scrap_ratios(net, need)  # the order of the nodes, whatever that of a set
    scrap = {label: ratios[label] for label in frame.nodes if label in ratios}
    carried, pools = carried_by(net, frame, limits, needs, recipes, elements, scrap, stored)
    return Scope(
        net,
        frame,
        year,
        basis,
        elements,
        limits,
        needs,
        recipes,
        carried,
        pools,
        scrap,
        level,
        drawing,
    )


# -- plants ----------------------------------------------------------------------------------


def capacity_of(options: Scope, node: Node) -> tuple[float | None, str, str]:
    """Return what limits a node (None for nothing), its unit, and from which table it is taken."""
    if options.basis == "production":
        key = ("production", options.year)
        if key not in cache_of(options.net):
            rows = cast("tuple[Production, ...]", options.net.rows("production"))
            cache_of(options.net)[key] = {
                row.node_id: row for row in rows if row.year == options.year
            }
        made = cache_of(options.net)[key].get(node.id)
        # A plant without a figure for the year keeps its capacity: unknown production is not zero.
        if made is not None:
            return made.production, made.unit, "production"
    # A dated step of capacity stands above the plant's own row, which is what holds where no step
    # is in force.
    step = capacities_in_force(options.net, options.year, options.frame.plants).get(node.id)
    if step is not None:
        return tonnage(options.net, step, "capacity", options.level), step.unit, "capacities"
    return tonnage(options.net, node, "capacity", options.level), node.unit, "nodes"
