"""New scrap in a balance: where it arises, what of it goes back, and what recyclers make of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from supplynet.analysis.balance.tables import rounding_in
from supplynet.contract.row import ElementTonnes, Row, col

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.balance.rows import Floats, Ints


class _Lot(Row):
    """Scrap of a plant by element, tonnes per year on the graph's basis."""

    node: str
    name: str
    country: str
    element: str


class Scrapped(_Lot):
    """New scrap of a plant by element."""

    arisen: ElementTonnes = col("What the plant cuts off or rejects.")
    returned: ElementTonnes = col("What of it goes to plants that use it.")
    lost: ElementTonnes = col("What nobody takes, or can take.")


class Recycled(_Lot):
    """Scrap that a plant takes by element."""

    taken: ElementTonnes = col("What of it the plant takes.")
    recovered: ElementTonnes = col("What of it comes out again.")


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
    for place, number in zip(vertex.tolist(), element.tolist(), strict=True):
        node = model.scope.net.node(codes.vertices[place])
        yield node.id, node.name, node.country, codes.elements[number]
