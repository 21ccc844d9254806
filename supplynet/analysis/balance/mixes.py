"""What products may hold of an element where makers can mix them in many ways.

How much of an element a delivery holds is no sum over the variables of the balance: it is what
makers mixed, averaged where ways meet. Here every tonne of product on an arc gets a further
variable, the element that it holds, free between the least and the most that any maker may put
into the grade. What makers put in arrives, in whatever batches. The average is one of these
answers, so that the least and the most over all of them leave out none that can be.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import coo_array  # type: ignore[import-untyped, unused-ignore]

from supplynet.analysis.balance.families import product_recovery
from supplynet.analysis.balance.recipes import Recipe, contents_of, metal_of
from supplynet.solve.lp.program import LinearProgram, widened

if TYPE_CHECKING:
    import numpy.typing as npt

    from supplynet.analysis.balance.model import Model

#: place of a variable, further ones behind those of the model, and its weight
_Term = tuple[int | None, float]


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
    given, names = model.scope, model.columns
    asked = sorted({product for _, product in given.demand})
    every = {product: ends_of(model, product, element) for product in asked}
    ends = {product: (low, high) for product, (low, high) in every.items() if low < high}
    arcs = [
        (index, product)
        for index, (_, products) in enumerate(given.carried)
        for product in sorted(products & set(ends))
    ]
    wanted = [pair for pair in given.demand if pair[1] in ends]
    first = len(names)
    held = {pair: first + number for number, pair in enumerate(arcs)}
    got = {pair: len(arcs) + number for number, pair in enumerate(wanted)}
    # Contents flow with the products: tonnes of the element in the product on each arc are a
    # variable between its ends times the tonnes of the product. Ratios would be bilinear; amounts
    # stay linear, and as few as the arcs that the product takes.
    most: list[list[_Term]] = []
    same: list[list[_Term]] = []
    for (arc, product), column in held.items():
        most += _between([(column, 1.0)], [(names.at("product", arc, product), 1.0)], ends[product])
    for label in (*given.frame.nodes, *given.frame.hubs):
        if not given.is_nation(label):
            same += _kept(model, label, element, held, sorted(ends))
    table = contents_of(given.net)
    for (nation, product), column in got.items():
        span, kept = ends[product], product_recovery(given, nation, product)
        served, bundle = names.at("served", nation, product), names.get("bundle", nation, product)
        own, into = first + column, given.frame.arcs_in.get(nation, ())
        carriers = [arc for arc in into if (arc, product) in held]
        tonnes: list[_Term] = [(names.at("product", arc, product), kept) for arc in carriers]
        inside: list[_Term] = [(held[arc, product], kept) for arc in carriers]
        tonnes += [(bundle, 1.0), (served, -1.0)]
        inside += [(bundle, table.get((product, element), 0.0)), (own, -1.0)]
        # What is served and what arrived and is not used must each be a possible mix: a nation
        # cannot keep the rich part of what came and throw away a part that no maker could have
        # made.
        most += _between([(own, 1.0)], [(served, 1.0)], span) + _between(inside, tonnes, span)
    n = len(arcs) + len(wanted)
    return Mixes(element, n, got, _matrix(most, first + n), _matrix(same, first + n))


def _between(inside: list[_Term], tonnes: list[_Term], ends: tuple[float, float]) -> Any:
    """Rows by which something is held between two shares of some tonnes."""
    low, high = ends
    return [
        [*inside, *((column, -high * weight) for column, weight in tonnes)],
        [*((column, -weight) for column, weight in inside), *_scaled(tonnes, low)],
    ]


def _scaled(terms: Iterable[_Term], factor: float) -> list[_Term]:
    return [(column, factor * weight) for column, weight in terms]


def _kept(
    model: Model,
    label: str,
    element: str,
    held: dict[tuple[int, str], int],
    products: list[str],
) -> list[list[_Term]]:
    """Rows by which what comes in in a product, or is mixed into it, goes on in it."""
    given, names = model.scope, model.columns
    known_terms = []
    for product in products:
        kept = product_recovery(given, label, product) if label in given.frame.nodes else 1.0
        into, out = (ends.get(label, ()) for ends in (given.frame.arcs_in, given.frame.arcs_out))
        terms: list[_Term] = [(held.get((arc, product)), kept) for arc in into]
        terms += [(held.get((arc, product)), -1.0) for arc in out]
        # A maker adds what it mixed in: a variable where elements replace each other, else its
        # tonnes at the central share.
        recipe = given.recipes.get((label, product))
        if recipe is not None and recipe.sums:
            terms.append((names.get("mix", label, product, element), 1.0))
        elif recipe is not None:
            share = contents_of(given.net).get((product, element), 0.0)
            terms.append((names.at("made", label, product), share))
        if any(column is not None for column, _ in terms):
            known_terms.append(terms)
    return known_terms


def _matrix(rows: list[list[_Term]], n: int) -> Any:
    """Return rows as a sparse matrix."""
    entries = [
        (row, column, weight)
        for row, terms in enumerate(rows)
        for column, weight in terms
        if column is not None and weight
    ]
    at = np.array([(row, column) for row, column, _ in entries], dtype=np.int64).reshape(-1, 2).T
    values: npt.NDArray[np.float64] = np.array([entry[2] for entry in entries], dtype=np.float64)
    return coo_array((values, (at[0], at[1])), shape=(len(rows), n)).tocsr()
