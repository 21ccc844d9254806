"""What deliveries hold of each element, as the makers mixed it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array  # type: ignore[import-untyped, unused-ignore]

from supplynet.analysis.balance.families import product_recovery
from supplynet.analysis.balance.recipes import contents_of
from supplynet.contract.row import ElementTonnes, Row, col

if TYPE_CHECKING:
    from supplynet.analysis.arrays.skeleton import Arc
    from supplynet.analysis.balance.model import Model
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

    given, columns = model.scope, model.columns
    made = {
        maker: tonnes
        for maker, grade in given.recipes
        if grade == product and (tonnes := float(x[columns.at("made", maker, grade)])) > 0.0
    }
    flows = [
        (given.frame.arcs[index], tonnes)
        for index, (_, products) in enumerate(given.carried)
        if product in products
        if (tonnes := float(x[columns.at("product", index, product)])) > 0.0
    ]
    bundles = {
        nation: column
        for nation, wanted in given.demand
        if wanted == product
        if (column := columns.get("bundle", nation, product)) is not None and x[column] > 0.0
    }
    sources = [*made, *bundles]
    flows = _fed(flows, sources)
    labels = {arc.tail for arc, _ in flows} | {arc.head for arc, _ in flows} | set(sources)
    places = {label: row for row, label in enumerate(sorted(labels))}
    total = np.zeros(len(places))
    ends: list[tuple[int, int, float]] = []
    right = np.zeros((len(places), len(given.elements)))
    for arc, tonnes in flows:
        head = places[arc.head]
        kept = 1.0
        if arc.head in given.frame.nodes:
            kept = product_recovery(given, arc.head, product)
        total[head] += tonnes * kept
        ends.append((head, places[arc.tail], -tonnes * kept))
    for maker, tonnes in made.items():
        total[places[maker]] += tonnes
        right[places[maker]] += tonnes * _mixed(model, x, maker, product)
    for nation, column in bundles.items():
        total[places[nation]] += x[column]
        right[places[nation]] += x[column] * _central(model, product)
    shares = right
    if len(places):
        ends += [(at, at, size) for at, size in enumerate(np.where(total > 0.0, total, 1.0))]
        heads, tails, values = zip(*ends, strict=True)
        # What a vertex sends holds what came to it, well mixed: the shares solve one linear system,
        # out over in. Products may go in circles through hubs, so that following them step by step
        # would not end. On the diagonal stand the tonnes that come to a vertex, 1 where nothing
        # does, so that the matrix can always be solved.
        system = coo_array((values, (heads, tails)), shape=(len(places), len(places)))
        shares = splu(system.tocsc()).solve(right)
    return {
        nation: dict(zip(given.elements, shares[places[nation]].tolist(), strict=True))
        for nation, wanted in given.demand
        if wanted == product and nation in places and total[places[nation]] > 0.0
    }


def _fed(flows: list[tuple[Arc, float]], sources: list[str]) -> list[tuple[Arc, float]]:
    """Return the flows that carry what sources sent: a circle with no entry holds nothing."""
    import networkx as nx

    graph = nx.DiGraph((arc.tail, arc.head) for arc, _ in flows)
    graph.add_edges_from(("", source) for source in sources)
    fed = nx.descendants(graph, "") if sources else set()
    return [(arc, tonnes) for arc, tonnes in flows if arc.tail in fed]


def _central(model: Model, product: str) -> Vector:
    """A product's central content, by element."""
    table = contents_of(model.scope.net)
    return np.array([table.get((product, element), 0.0) for element in model.scope.elements])


def _mixed(model: Model, x: Vector, maker: str, product: str) -> Vector:
    """What a maker put into a tonne of a product, by element."""
    tonnes = float(x[model.columns.at("made", maker, product)])
    if not model.scope.recipes[maker, product].sums or tonnes <= 0.0:
        return _central(model, product)
    mix = [model.columns.get("mix", maker, product, element) for element in model.scope.elements]
    return np.array([0.0 if column is None else float(x[column]) / tonnes for column in mix])
