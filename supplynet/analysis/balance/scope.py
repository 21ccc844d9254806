"""What can happen where when all nations buy at once, and what can go which way in separated form.

The scope is worked out before any linear program is written: which element can reach which
link in separated form and is wanted there, which grades a maker can make, and what is demanded.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from heapq import heapify, heappop, heappush
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from supplynet.analysis.arrays.feeds import Feed, rest_of, scrap_ratios, separable
from supplynet.analysis.arrays.limits import Limits
from supplynet.analysis.arrays.skeleton import Skeleton, skeleton
from supplynet.analysis.balance.recipes import Recipe, contents_of, recipes_of
from supplynet.errors import TableError
from supplynet.network.cache import Cache, Same, cache_of
from supplynet.network.demand import tonnes_held
from supplynet.network.tiers import DEFAULT
from supplynet.network.timeline import capacities_in_force
from supplynet.network.units import contents, find_unit, tonnage
from supplynet.terms import LEVELS, LevelName

if TYPE_CHECKING:
    from supplynet.analysis.arrays.skeleton import Arc
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Demand, Node, Production

_Sets = dict[str, frozenset[str]]
_NONE: frozenset[str] = frozenset()
#: skeletons of which it is kept what goes which way
_MOST_KNOWN = 8


def carried_by(
    net: SupplyNetwork,
    frame: Skeleton,
    limits: Mapping[str, Limits],
    needs: Mapping[tuple[str, str], float],
    recipes: Mapping[tuple[str, str], Recipe],
    elements: tuple[str, ...],
    scrap: Mapping[str, float],
    stored: Mapping[str, frozenset[str]],
) -> tuple[tuple[tuple[frozenset[str], frozenset[str]], ...], _Sets]:
    """Return, by arc, elements and products that can come and are wanted; and pools by node.

    What makers use and send on turns up in their scrap too, and may come back from it. What is
    stored at a node it has, whatever arrives. What a toll brings leaves its plant on its own links.

    Figures matter only by whether there is any of an element: at the ends of the data, and in
    programs that differ in figures alone, it is the same, and is looked up.
    """
    can = {label: separable(net, node) & frozenset(elements) for label, node in frame.nodes.items()}
    pools = _from_feeds(net, frame, limits, can)
    for label in stored.keys() & frame.nodes.keys():
        pools[label] = pools.get(label, _NONE) | (stored[label] & frozenset(elements))
    grades: dict[str, list[tuple[str, frozenset[str]]]] = {}
    used: dict[str, frozenset[str]] = {}  # by maker, the elements of its grades
    for (maker, grade), recipe in recipes.items():
        grades.setdefault(maker, []).append((grade, _indispensable(recipe)))
        used[maker] = used.get(maker, _NONE).union(recipe.central)
    known: Cache = cache_of(net).setdefault("carried", Cache(_MOST_KNOWN))
    key = (
        Same(frame),
        elements,
        *(tuple(portion.items()) for portion in (pools, used)),
        *(tuple(piece) for piece in (needs, recipes, scrap)),
        tuple(needed for parts in grades.values() for _, needed in parts),
        tuple(stored.items()),
    )
    if key not in known:
        known[key] = _carried(net, frame, needs, grades, used, pools, can, elements, scrap, stored)
    carried: tuple[tuple[tuple[frozenset[str], frozenset[str]], ...], _Sets] = known[key]
    return carried


def _carried(
    net: SupplyNetwork,
    frame: Skeleton,
    needs: Collection[tuple[str, str]],
    grades: Mapping[str, list[tuple[str, frozenset[str]]]],
    used: _Sets,
    pools: _Sets,
    can: _Sets,
    elements: tuple[str, ...],
    scrap: Collection[str],
    stored: Mapping[str, frozenset[str]],
) -> tuple[tuple[tuple[frozenset[str], frozenset[str]], ...], _Sets]:
    """Return what `carried_by` does; pools begin as what nodes part of their feeds, and grow."""
    makers = frozenset(grades)
    pools = dict(pools)
    nations = frozenset(net.nation_ids)
    is_product = [is_product_arc(net, frame, makers, arc) for arc in frame.arcs]
    form_of = {product: row.form for product, row in net.product_by_id.items()}
    routes = _ways(frame, [arc.tail for arc in frame.arcs])
    comes: list[tuple[frozenset[str], frozenset[str]]] = [(_NONE, _NONE)] * len(frame.arcs)
    goods: _Sets = {}
    # A least fixed point: sets only grow, and there are finitely many elements, so that it ends and
    # the order does not matter but for the time: those that send come before those they send to.
    # Networks may have circles (scrap goes back to refiners), so that a vertex is looked at again
    # when what it has has grown.
    waiting = _Waiting(
        (label for label in routes if label not in nations),
        {label: -position for label, position in frame.from_below.items()},
    )
    while waiting:
        tail = waiting.pop()
        pool, made = pools.get(tail, _NONE), goods.get(tail, _NONE)
        made |= {grade for grade, needed in grades.get(tail, ()) if needed <= pool}
        onward = pool & can.get(tail, frozenset(elements))
        # Corridors have many arcs out of one hub, and what can go on is the same for all of one
        # form: it is worked out once for each. Scrap comes last: it holds what is sent besides.
        for (is_scrap, form, toll), indices in routes[tail].items():
            fits = frozenset(product for product in made if form_of[product] == form)
            now = _NONE if is_product[indices[0]] else onward, fits
            if indices[0] in frame.tolled:
                came = comes[frame.tolled[indices[0]]][0] | stored.get(tail, _NONE)
                now = onward & came, _NONE
            for index in indices:
                if is_scrap and tail in frame.nodes:
                    sent = (comes[out][0] for out in frame.arcs_out[tail] if out != index)
                    now = _in_scrap(used, scrap, tail, sent) & pool, fits
                if now == comes[index]:
                    continue
                comes[index], head = now, frame.arcs[index].head
                if is_scrap:
                    waiting.add(tail)
                elif toll and head in routes:  # what the toll's own links carry on has grown
                    waiting.add(head)
                for reached, more in ((pools, now[0]), (goods, now[1])):
                    if not more <= reached.get(head, _NONE):
                        reached[head] = reached.get(head, _NONE) | more
                        if head in routes and head not in nations:
                            waiting.add(head)
    # A variable is made only where something both can come and is wanted downstream. None of those
    # left out could carry anything to a use.
    wants = _wanted(net, frame, needs, used, can, is_product)
    common = cache(frozenset[str].intersection)  # sets are few, and arcs many
    both = tuple(
        (common(have[0], want[0]), common(have[1], want[1]))
        for have, want in zip(comes, wants, strict=True)
    )
    plants = {label: pools.get(label, _NONE) for label in frame.nodes}
    return both, {
        label: _held(net, frame, makers, both, label, plant) for label, plant in plants.items()
    }


class _Waiting:
    """Vertices that are to be looked at, each once, in the order of their places."""

    def __init__(self, labels: Iterable[str], places: Mapping[str, int]) -> None:
        self._places = places
        self._labels = set(labels)
        self._heap = [(places[label], label) for label in self._labels]
        heapify(self._heap)

    def __bool__(self) -> bool:
        return bool(self._heap)

    def add(self, label: str) -> None:
        """Let a vertex wait, if it does not yet."""
        if label not in self._labels:
            self._labels.add(label)
            heappush(self._heap, (self._places[label], label))

    def pop(self) -> str:
        """Take the first vertex out."""
        _, label = heappop(self._heap)
        self._labels.remove(label)
        return label


def _ways(
    frame: Skeleton, bounds: Sequence[str]
) -> dict[str, dict[tuple[bool, str, str], list[int]]]:
    """Return the arcs of what is separated by an end, whether it is scrap, form and toll.

    Scrap comes last.
    """
    routes: dict[str, dict[tuple[bool, str, str], list[int]]] = {}
    for is_scrap in (False, True):
        for index, arc in enumerate(frame.arcs):
            if arc.is_separated and arc.is_scrap == is_scrap:
                kind = is_scrap, arc.form, arc.toll
                routes.setdefault(bounds[index], {}).setdefault(kind, []).append(index)
    return routes


def _indispensable(recipe: Recipe) -> frozenset[str]:
    """Return the elements without which a grade cannot be made."""
    return frozenset(element for element in recipe.central if recipe.low[element] > 0.0)


def _in_scrap(
    used: Mapping[str, frozenset[str]],
    scrap: Collection[str],
    label: str,
    sent: Iterable[frozenset[str]],
) -> frozenset[str]:
    """Return the elements that a node's scrap may hold: those of its grades, and those it sends."""
    if label not in scrap:
        return _NONE
    return used.get(label, _NONE).union(*sent)


def _held(
    net: SupplyNetwork,
    frame: Skeleton,
    makers: frozenset[str],
    both: tuple[tuple[frozenset[str], frozenset[str]], ...],
    label: str,
    pool: frozenset[str],
) -> frozenset[str]:
    """Return the elements that a node can hold: what it makes, gets, or has a use for."""
    # A maker may need any element in stock for some grade; others hold only what they make, get or
    # send on, for a pool without a way out would be surplus by name only.
    if label in makers or any(both[index][0] for index in frame.arcs_out.get(label, ())):
        return pool
    made = {
        element for group in frame.nodes[label].makes for element in net.commodity.groups[group]
    }
    for index in frame.arcs_in.get(label, ()):
        made |= both[index][0]
    return pool & made


def _from_feeds(
    net: SupplyNetwork, frame: Skeleton, limits: Mapping[str, Limits], can: _Sets
) -> _Sets:
    """Return the elements that each node can separate from what it is fed with."""
    withheld: dict[Feed, frozenset[str]] = {}
    elements = {}
    for label, node in frame.nodes.items():
        stage = net.stage_by_name[node.stage]
        feeds = frame.feeds.get(label, frozenset())
        if stage.is_origin:
            feeds = feeds | {Feed(label)}
        if not stage.is_nation:
            held: frozenset[str] = _NONE
            for feed in feeds:
                if can[label] <= held:
                    break  # ores are many, and the first hold what a plant can part
                if feed not in withheld:
                    withheld[feed] = frozenset(
                        element for element, limit in limits.items() if limit.share(feed) > 0.0
                    )
                held |= withheld[feed]
            elements[label] = can[label] & held
    return elements


def _wanted(
    net: SupplyNetwork,
    frame: Skeleton,
    needs: Collection[tuple[str, str]],
    used: Mapping[str, frozenset[str]],
    can: _Sets,
    is_product: Sequence[bool],
) -> list[tuple[frozenset[str], frozenset[str]]]:
    """Return, by arc, the elements and products that its head has a use for."""
    taken: dict[tuple[str, str], tuple[set[str], set[str]]] = {}
    for nation, product in needs:
        form = net.product_by_id[product].form if product in net.product_by_id else ""
        parts = taken.setdefault((nation, form), (set(), set()))
        parts[1].add(product)
        parts[0].update(element for (grade, element) in contents_of(net) if grade == product)
    # Without a table of demand nations take whatever comes: then every element is wanted by all.
    is_open = not needs
    wants: list[tuple[frozenset[str], frozenset[str]]] = [(_NONE, _NONE)] * len(frame.arcs)

    nations = frozenset(net.nation_ids)
    routes = _ways(frame, [arc.head for arc in frame.arcs])

    def at(head: str) -> tuple[frozenset[str], frozenset[str]]:
        """What a vertex has a use for: its own, and what is wanted on the arcs that leave it."""
        elements: set[str] = set(used.get(head, ()))
        products: set[str] = set()
        for onward in frame.arcs_out.get(head, ()):
            # Scrap arises beside what is finished, and nothing is moved for its sake: followed
            # here, it would make everything wanted everywhere round its circle.
            if frame.arcs[onward].is_scrap and head in frame.nodes:
                continue  # nothing is asked for to be made scrap of
            products |= wants[onward][1]
            if not is_product[onward]:
                elements |= wants[onward][0] & can.get(head, wants[onward][0])
        return frozenset(elements), frozenset(products)

    waiting = _Waiting(routes, frame.from_below)
    while waiting:
        head = waiting.pop()
        own = (_NONE, _NONE) if head in nations else at(head)
        for (is_scrap, form, _), indices in routes[head].items():
            now = own
            if head in nations:
                request = taken.get((head, form), (set(), set()))
                now = frozenset(request[0]), frozenset(request[1])
                if is_open:
                    now = frozenset(net.commodity.elements), _NONE
            elif is_scrap:  # a plant takes of it what it can part
                now = own[0] & can.get(head, own[0]), own[1]
            for index in indices:
                tail = frame.arcs[index].tail
                if now != wants[index]:
                    wants[index] = now
                    if tail in routes:
                        waiting.add(tail)
    return wants


def is_product_arc(net: SupplyNetwork, frame: Skeleton, makers: frozenset[str], arc: Arc) -> bool:
    """Whether an arc leaves one of some recipe makers with what it makes."""
    if arc.tail not in makers:
        return False
    product = frame.nodes[arc.tail].product
    return product is not None and net.product_by_id[product].form == arc.form


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
    members = _held_by(net, elements)
    demands = {}
    for (nation, product), series in points.items():
        if product not in members:
            continue
        inputs = sorted(years[nation, net.product_by_id[product].form])
        tonnes = _between(inputs, [series.get(year_given, 0.0) for year_given in inputs], year)
        if tonnes > 0.0:
            demands[nation, product] = tonnes
    return demands


def _held_by(net: SupplyNetwork, elements: tuple[str, ...]) -> frozenset[str]:
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
