"""What products may hold of an element where makers can mix them in many ways.

How much of an element a delivery holds is no sum over the variables of the balance: it is what
makers mixed, averaged where ways meet. Here every tonne of product on an arc gets a further
variable, the element that it holds, free between the least and the most that any maker may put
into the grade. What makers put in arrives, in whatever batches. The average is one of these
answers, so that the least and the most over all of them leave out none that can be.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from supplynet.analysis.balance.columns import Asked, OnArcs
from supplynet.analysis.balance.recipes import Recipe, contents_of, metal_of
from supplynet.analysis.balance.rows import Sum, equations, upper_limits
from supplynet.solve.lp.program import LinearProgram, widened

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model


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
    given = model.scope
    # what arrives as separate elements makes up the central content
    # The central content is always among the ends: what arrives as separate elements, and all
    # grades of fixed composition, hold just that.
    ends = [contents_of(given.net).get((product, element), 0.0)]
    for (_, grade), recipe in given.recipes.items():
        if grade == product and recipe.sums:
            ends += _ends_at(model, recipe, element)
    return min(ends), max(ends)


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
    number, n = codes.element_of[element], len(names)
    asked = {product for _, product in model.scope.demand}
    ends = [ends_of(model, one, element) if one in asked else (0.0, 0.0) for one in codes.products]
    low, high = np.array(ends, dtype=np.float64).reshape(-1, 2).T
    is_mixed, content = low < high, codes.content[:, number]
    made, mix, bundle = names.made, names.mix, names.bundle
    arc = OnArcs(*(part[is_mixed[names.product.thing]] for part in names.product))
    claim = Asked(*(part[is_mixed[names.served.product]] for part in names.served))
    # Contents flow with the products: tonnes of the element in the product on each arc are a
    # variable between its ends times the tonnes of the product. Ratios would be bilinear; amounts
    # stay linear, and as few as the arcs that the product takes.
    held = n + np.arange(arc.place.size)
    own = n + held.size + np.arange(claim.place.size)
    kept, grade = codes.kept(arc.head, arc.thing), made.thing[mix.grade]
    same = equations(
        Sum(held, kept, at=(arc.head, arc.thing)),
        Sum(held, -1.0, at=(arc.tail, arc.thing)),
        # A maker adds what it mixed in: a variable where elements replace each other, else its
        # tonnes at the central share.
        Sum(
            mix.place,
            1.0,
            at=(mix.vertex, grade),
            where=(mix.element == number) & is_mixed[grade],
        ),
        Sum(
            made.place,
            content[made.thing],
            at=(made.vertex, made.thing),
            where=~codes.grades.is_mixed & is_mixed[made.thing],
        ),
        by=(codes.vertex_words, codes.product_words),
        only=~codes.is_nation[:, None],
    )
    line = np.full(len(model.scope.demand), -1)
    line[claim.row] = held.size + own.size + np.arange(own.size)
    asks = codes.demand_of[arc.head, arc.thing]
    into = np.flatnonzero(asks >= 0)
    arrives, left, whole = line[asks[into]], line[claim.row], np.arange(held.size + own.size)
    bundled = np.flatnonzero(is_mixed[bundle.product])
    parcels = line[bundle.row[bundled]]
    # What is served and what arrived and is not used must each be a possible mix: a nation cannot
    # keep the rich part of what came and throw away a part that no maker could have made.
    inside = (
        (np.concatenate([held, own]), 1.0, whole),
        (held[into], kept[into], arrives),
        (bundle.place[bundled], content[bundle.product[bundled]], parcels),
        (own, -1.0, left),
    )
    tonnes = (
        (np.concatenate([arc.place, claim.place]), 1.0, whole),
        (arc.place[into], kept[into], arrives),
        (bundle.place[bundled], 1.0, parcels),
        (claim.place, -1.0, left),
    )
    things = np.concatenate([arc.thing, claim.product, claim.product])
    most = upper_limits(
        *(Sum(place, weight, at=(row, 0)) for place, weight, row in inside),
        *(Sum(place, -high[things[row]] * weight, at=(row, 0)) for place, weight, row in tonnes),
        *(Sum(place, -np.asarray(weight), at=(row, 1)) for place, weight, row in inside),
        *(Sum(place, low[things[row]] * weight, at=(row, 1)) for place, weight, row in tonnes),
        by=([("",)] * things.size, [("high",), ("low",)]),
    )
    claims = list(model.scope.demand)
    at = {claims[row]: held.size + number for number, row in enumerate(claim.row.tolist())}
    n_all = n + held.size + own.size
    return Mixes(element, n_all - n, at, most.matrix(n_all), same.matrix(n_all))
