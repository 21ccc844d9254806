"""What deliveries hold of each element, as the makers mixed it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array  # type: ignore[import-untyped, unused-ignore]

from supplynet.analysis.balance.recipes import contents_of
from supplynet.contract.row import ElementTonnes, Row, col

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.balance.rows import Bools, Ints
    from supplynet.analysis.flow.rows import Delivery

Vector = npt.NDArray[np.float64]
# share of what is served most of that is rounding of the linear system behind it
_DUST = 1e-15


class ElementDelivery(Row):
    """What a nation needs and gets of an element, tonnes per year on the graph's basis."""

    nation: str = col(head="Nation")
    element: str = col(head="Element, unit")
    demand: ElementTonnes = col(
        "In the products that it needs, by their central contents.", head="Demand"
    )
    served: ElementTonnes = col(
        "In the products that it gets, as their makers mixed them: where elements replace each "
        "other it may be more or less than the central content.",
        head="Served",
    )
    unmet: ElementTonnes = col(
        "In the products that it does not get, by their central contents.", head="Unmet"
    )


def element_deliveries(
    model: Model, x: Vector, rows: Iterable[Delivery]
) -> tuple[ElementDelivery, ...]:
    """Return what each nation needs and gets of each element."""
    given = model.scope
    table = contents_of(given.net)
    asked = dict.fromkeys(product for _, product in given.demand)
    arrived = {product: _arrived(model, x, product) for product in asked}
    sums: dict[tuple[str, str], list[float]] = {}
    for row in rows:
        got = arrived.get(row.product, {}).get(row.nation, {})
        for element in given.elements:
            share = table.get((row.product, element), 0.0)
            if row.coverage is None:
                share = float(row.product == element)
            if share:
                held = got.get(element, share)
                total = sums.setdefault((row.nation, element), [0.0, 0.0, 0.0])
                total[0] += row.demand * share
                total[1] += row.served * held
                total[2] += row.unmet * share
    most = max((total[1] for total in sums.values()), default=0.0)
    return tuple(
        ElementDelivery(*key, need, served if served > _DUST * most else 0.0, unmet)
        for key, (need, served, unmet) in sums.items()
    )


def _arrived(model: Model, x: Vector, product: str) -> dict[str, Mapping[str, float]]:
    """Return, by nation, what a tonne of a product holds when it arrives.

    Where ways meet, what goes on holds the average of what came: a linear system over the
    vertices that the product passes. Nations that get none are left out.
    """
    from scipy.sparse.linalg import splu  # type: ignore[import-untyped, unused-ignore]

    names, codes = model.columns, model.columns.codes
    number, n = codes.product_of[product], len(codes.vertices)
    made, mix, bundle, moved = names.made, names.mix, names.bundle, names.product
    grades = np.flatnonzero((made.thing == number) & (x[made.place] > 0.0))
    parts = np.flatnonzero(np.isin(mix.grade, grades[codes.grades.is_mixed[grades]]))
    bundles = np.flatnonzero((bundle.product == number) & (x[bundle.place] > 0.0))
    # what makers put in, and what is met by separate elements: both at the central content but for
    # what makers mixed
    total, right = np.zeros(n), np.zeros((n, len(codes.elements)))
    for vertex, place, is_whole in (
        (made.vertex[grades], made.place[grades], ~codes.grades.is_mixed[grades]),
        (bundle.vertex[bundles], bundle.place[bundles], True),
    ):
        np.add.at(total, vertex, x[place])
        np.add.at(right, vertex, np.outer(x[place] * is_whole, codes.content[number]))
    np.add.at(right, (mix.vertex[parts], mix.element[parts]), x[mix.place[parts]])
    arcs = np.flatnonzero((moved.thing == number) & (x[moved.place] > 0.0))
    arcs = arcs[_fed(moved.tail[arcs], moved.head[arcs], np.flatnonzero(total > 0.0))]
    tail, head = moved.tail[arcs], moved.head[arcs]
    kept = x[moved.place[arcs]] * codes.kept(head, moved.thing[arcs])
    np.add.at(total, head, kept)
    # What a vertex sends holds what came to it, well mixed: the shares solve one linear system, out
    # over in. Products may go in circles through hubs, so that following them step by step would
    # not end. On the diagonal stand the tonnes that come to a vertex, 1 where nothing does, so that
    # the matrix can always be solved.
    every = np.arange(n)
    values = np.concatenate([-kept, np.where(total > 0.0, total, 1.0)])
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
