"""What products and scrap hold of each element, as makers mixed it, and between which ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import coo_array  # type: ignore[import-untyped, unused-ignore]

from supplynet.analysis.balance.columns import Asked, OnArcs
from supplynet.analysis.balance.outcome import ElementDelivery, Recycled, Scrapped
from supplynet.analysis.balance.recipes import Recipe, contents_of, metal_of
from supplynet.analysis.balance.rows import Rows, Sum, equations, upper_limits
from supplynet.analysis.balance.tables import rounding_in
from supplynet.arrays import Bools, Floats, Ints
from supplynet.solve.lp.program import LinearProgram, widened

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.flow.rows import Delivery

# share of what is served most of that is rounding of the linear system behind it
_DUST = 1e-15


def element_deliveries(
    model: Model, x: Floats, rows: Iterable[Delivery]
) -> tuple[ElementDelivery, ...]:
    """Return what each nation needs and gets of each element."""
    scope = model.scope
    table = contents_of(scope.net)
    options = dict.fromkeys(product for _, product in scope.demand)
    arrived = {product: _arrived(model, x, product) for product in options}
    sums: dict[tuple[str, str], list[float]] = {}
    for row in rows:
        got = arrived.get(row.product, {}).get(row.nation, {})
        for element in scope.elements:
            share = table.get((row.product, element), 0.0)
            if row.coverage is None:
                share = float(row.product == element)
            if share:
                amount = got.get(element, share)
                total = sums.setdefault((row.nation, element), [0.0, 0.0, 0.0])
                total[0] += row.demand * share
                total[1] += row.served * amount
                total[2] += row.unmet * share
    most = max((total[1] for total in sums.values()), default=0.0)
    return tuple(
        ElementDelivery(*key, need, served if served > _DUST * most else 0.0, unmet)
        for key, (need, served, unmet) in sums.items()
    )


def _arrived(model: Model, x: Floats, product: str) -> dict[str, Mapping[str, float]]:
    """Return, by nation, what a tonne of a product holds when it arrives.

    Where routes meet, what goes on holds the average of what came: a linear system over the
    vertices that the product passes. Nations that get none are left out.
    """
    from scipy.sparse.linalg import splu  # type: ignore[import-untyped, unused-ignore]

    names, codes = model.columns, model.columns.codes
    index, n = codes.product_of[product], len(codes.vertices)
    made, mix, bundle, moved = names.made, names.mix, names.bundle, names.product
    grades = np.flatnonzero((made.thing == index) & (x[made.place] > 0.0))
    parts = np.flatnonzero(np.isin(mix.grade, grades[codes.grades.is_mixed[grades]]))
    bundles = np.flatnonzero((bundle.product == index) & (x[bundle.place] > 0.0))
    # what makers put in, and what is met by separate elements: both at the central content but for
    # what makers mixed
    total, right = np.zeros(n), np.zeros((n, len(codes.elements)))
    for vertex, positions, is_whole in (
        (made.vertex[grades], made.place[grades], ~codes.grades.is_mixed[grades]),
        (bundle.vertex[bundles], bundle.place[bundles], True),
    ):
        np.add.at(total, vertex, x[positions])
        np.add.at(right, vertex, np.outer(x[positions] * is_whole, codes.content[index]))
    np.add.at(right, (mix.vertex[parts], mix.element[parts]), x[mix.place[parts]])
    arcs = np.flatnonzero((moved.thing == index) & (x[moved.place] > 0.0))
    arcs = arcs[_fed(moved.tail[arcs], moved.head[arcs], np.flatnonzero(total > 0.0))]
    tail, head = moved.tail[arcs], moved.head[arcs]
    indices = x[moved.place[arcs]] * codes.kept(head, moved.thing[arcs])
    np.add.at(total, head, indices)
    # What a vertex sends holds what came to it, well mixed: the shares solve one linear system, out
    # over in. Products may go in circles through hubs, so that following them step by step would
    # not end. On the diagonal stand the tonnes that come to a vertex, 1 where nothing does, so that
    # the matrix can always be solved.
    every = np.arange(n)
    values = np.concatenate([-indices, np.where(total > 0.0, total, 1.0)])
    at = np.concatenate([head, every]), np.concatenate([tail, every])
    shares = splu(coo_array((values, at), shape=(n, n)).tocsc()).solve(right)
    return {
        nation: dict(zip(codes.elements, shares[at_nation].tolist(), strict=True))
        for nation, wanted in model.scope.demand
        if wanted == product and total[at_nation := codes.vertex_of[nation]] > 0.0
    }


def _fed(tail: Ints, head: Ints, sources: Ints) -> Bools:
    """Return which flows carry what sources sent: a circle with no entry holds nothing."""
    import networkx as nx

    graph = nx.DiGraph(zip(tail.tolist(), head.tolist(), strict=True))
    graph.add_edges_from((-1, source) for source in sources.tolist())
    fed = nx.descendants(graph, -1) if sources.size else set()
    return np.isin(tail, list(fed))


def scrapped(model: Model, x: Floats) -> tuple[Scrapped, ...]:
    """Return the scrap that arises, by plant and element, plants in the order of the table."""
    wasted, sent = model.columns.wasted, _scrap_at(model, x, model.columns.element.tail)
    least, lost = rounding_in(x), np.maximum(0.0, x[wasted.place])
    returned = sent[wasted.vertex, wasted.thing]
    return tuple(
        Scrapped(*lot, goes_back + stays, goes_back, stays)
        for lot, goes_back, stays in zip(
            _lots(model, wasted.vertex, wasted.thing),
            returned.tolist(),
            lost.tolist(),
            strict=True,
        )
        if goes_back + stays > least
    )


def recycled(model: Model, x: Floats) -> tuple[Recycled, ...]:
    """Return the scrap that plants take, by plant and element, in the order of the nodes."""
    codes = model.columns.codes
    taken = np.where(codes.is_hub[:, None], 0.0, _scrap_at(model, x, model.columns.element.head))
    at = np.nonzero(taken > rounding_in(x))
    recovered = taken[at] * codes.recovery[at]
    figures = zip(_lots(model, *at), taken[at].tolist(), recovered.tolist(), strict=True)
    return tuple(Recycled(*lot, *amounts) for lot, *amounts in figures)


def _scrap_at(model: Model, x: Floats, vertex: Ints) -> Floats:
    """Return what goes as scrap by vertex and element, `vertex` being one of the ends of arcs."""
    codes, moved = model.columns.codes, model.columns.element
    goes, table = codes.is_scrap[moved.arc], np.zeros((len(codes.vertices), len(codes.elements)))
    np.add.at(table, (vertex[goes], moved.thing[goes]), np.maximum(0.0, x[moved.place[goes]]))
    return table


def _lots(model: Model, vertex: Ints, element: Ints) -> Iterator[tuple[str, str, str, str]]:
    """Yield id, name and country of plants, and the element."""
    codes = model.columns.codes
    for position, index in zip(vertex.tolist(), element.tolist(), strict=True):
        node = model.scope.net.node(codes.vertices[position])
        yield node.id, node.name, node.country, codes.elements[index]


@dataclass(frozen=True, eq=False)
class Mixes:
    """Further variables of one element, at least 0, with the rows that hold them."""

    element: str
    n: int  #: how many there are; they stand behind the variables of the model
    #: by nation and product: the place, among the further ones, of what is served of the element in
    #: the product, tonnes per year on the graph's basis
    at: dict[tuple[str, str], int]
    #: most, same: shape (n_rows, n_columns + n); csr_array; rows that are at most 0, and rows that
    #: are 0
    most: Any
    same: Any

    def added_to(self, lp: LinearProgram) -> LinearProgram:
        """Return a program of the model with the further variables and rows, at no cost."""
        return widened(lp, self.n, a_ub=self.most, a_eq=self.same)


def ends_of(model: Model, product: str, element: str) -> tuple[float, float]:
    """Return the least and the most that a tonne of a product may hold of an element."""
    scope = model.scope
    # what arrives as separate elements makes up the central content
    # The central content is always among the ends: what arrives as separate elements, and all
    # grades of fixed composition, hold just that.
    bounds = [contents_of(scope.net).get((product, element), 0.0)]
    for (_, grade), recipe in scope.recipes.items():
        if grade == product and recipe.sums:
            bounds += _ends_at(model, recipe, element)
    return min(bounds), max(bounds)


def _ends_at(model: Model, recipe: Recipe, element: str) -> tuple[float, float]:
    """Ends of an element in a recipe, as narrow as those that it replaces leave them."""
    if element not in recipe.central:
        return 0.0, 0.0
    metal = {element: metal_of(model.scope.net, element) for element in recipe.central}
    low, high = recipe.low[element], recipe.high[element]
    for members, total in recipe.sums:
        if element in members:
            others = [member for member in members if member != element]
            # The element must make up what its substitutes cannot, and has no more room than they
            # leave at their least: both are tighter than its own range in the recipe where few
            # replace it.
            least = total - sum(metal[member] * recipe.high[member] for member in others)
            most = total - sum(metal[member] * recipe.low[member] for member in others)
            low, high = max(low, least / metal[element]), min(high, most / metal[element])
    for members, most in recipe.caps:
        if element in members:
            high = min(high, most / metal[element])
    return low, high


def is_mixed(model: Model, product: str, element: str) -> bool:
    """Whether makers may put more or less of an element into a product."""
    low, high = ends_of(model, product, element)
    return low < high


def _kept_whole(model: Model, index: int, is_mixed: Bools, arc: OnArcs, amounts: Ints) -> Rows:
    """Return the rows by which an element that plants and hubs hold goes on in their products."""
    codes, made, mix = model.columns.codes, model.columns.made, model.columns.mix
    grade = made.thing[mix.grade]
    return equations(
        Sum(amounts, codes.kept(arc.head, arc.thing), at=(arc.head, arc.thing)),
        Sum(amounts, -1.0, at=(arc.tail, arc.thing)),
        # A maker adds what it mixed in: a variable where elements replace each other, else its
        # tonnes at the central share.
        Sum(
            mix.place,
            1.0,
            at=(mix.vertex, grade),
            where=(mix.element == index) & is_mixed[grade],
        ),
        Sum(
            made.place,
            codes.content[made.thing, index],
            at=(made.vertex, made.thing),
            where=~codes.grades.is_mixed & is_mixed[made.thing],
        ),
        by=(codes.vertex_words, codes.product_words),
        only=~codes.is_nation[:, None],
    )


def mixes(model: Model, element: str) -> Mixes:
    """Return the variables and rows for what products hold of an element.

    For each product g that may be mixed in many ways, h being what is held, and w(n, g) what
    arrives and is not served::

        low(g) product[a, g] <= h[a, g] <= high(g) product[a, g]
        mixed[k, g] + sum_a r h[a, g] = sum_b h[b, g]                    (plants, hubs)
        low(g) served[n, g] <= h[n, g] <= high(g) served[n, g]
        low(g) w(n, g) <= sum_a r h[a, g] + c(g) bundle[n, g] - h[n, g] <= high(g) w(n, g)
    """
    names, codes = model.columns, model.columns.codes
    index, n = codes.element_of[element], len(names)
    request = {product for _, product in model.scope.demand}
    bounds = [
        ends_of(model, name, element) if name in request else (0.0, 0.0) for name in codes.products
    ]
    low, high = np.array(bounds, dtype=np.float64).reshape(-1, 2).T
    is_mixed, content = low < high, codes.content[:, index]
    bundle = names.bundle
    arc = OnArcs(*(shares[is_mixed[names.product.thing]] for shares in names.product))
    claim = Asked(*(block[is_mixed[names.served.product]] for block in names.served))
    # Contents flow with the products: tonnes of the element in the product on each arc are a
    # variable between its ends times the tonnes of the product. Ratios would be bilinear; amounts
    # stay linear, and as few as the arcs that the product takes.
    amounts = n + np.arange(arc.place.size)
    own = n + amounts.size + np.arange(claim.place.size)
    indices = codes.kept(arc.head, arc.thing)
    same = _kept_whole(model, index, is_mixed, arc, amounts)
    line = np.full(len(model.scope.demand), -1)
    line[claim.row] = amounts.size + own.size + np.arange(own.size)
    asks = codes.demand_of[arc.head, arc.thing]
    into = np.flatnonzero(asks >= 0)
    arrives, left, totals = line[asks[into]], line[claim.row], np.arange(amounts.size + own.size)
    bundled = np.flatnonzero(is_mixed[bundle.product])
    parcels = line[bundle.row[bundled]]
    # What is served and what arrived and is not used must each be a possible mix: a nation cannot
    # keep the rich part of what came and throw away a part that no maker could have made.
    inside = (
        (np.concatenate([amounts, own]), 1.0, totals),
        (amounts[into], indices[into], arrives),
        (bundle.place[bundled], content[bundle.product[bundled]], parcels),
        (own, -1.0, left),
    )
    tonnes = (
        (np.concatenate([arc.place, claim.place]), 1.0, totals),
        (arc.place[into], indices[into], arrives),
        (bundle.place[bundled], 1.0, parcels),
        (claim.place, -1.0, left),
    )
    things = np.concatenate([arc.thing, claim.product, claim.product])
    most = upper_limits(
        *(Sum(position, weight, at=(row, 0)) for position, weight, row in inside),
        *(
            Sum(location, -high[things[row]] * weight, at=(row, 0))
            for location, weight, row in tonnes
        ),
        *(Sum(place, -np.asarray(weight), at=(row, 1)) for place, weight, row in inside),
        *(Sum(place, low[things[row]] * weight, at=(row, 1)) for place, weight, row in tonnes),
        by=([("",)] * things.size, [("high",), ("low",)]),
    )
    claims = list(model.scope.demand)
    at = {claims[row]: amounts.size + count for count, row in enumerate(claim.row.tolist())}
    n_all = n + amounts.size + own.size
    return Mixes(element, n_all - n, at, most.matrix(n_all), same.matrix(n_all))
