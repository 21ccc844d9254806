"""New scrap in a balance: where it arises, what of it goes back, and what recyclers make of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplynet.analysis.balance.scope import Scope
from supplynet.contract.row import ElementTonnes, Row, col

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from supplynet.analysis.balance.model import Model

#: share of the largest figure below which one is rounding of the solver
_ROUNDING = 1e-9


def scrap_arcs(given: Scope, label: str) -> tuple[int, ...]:
    """Return the places of the arcs on which a node's scrap leaves it."""
    arcs = given.frame.arcs_out.get(label, ())
    return tuple(index for index in arcs if given.frame.arcs[index].is_scrap)


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


def scrapped(model: Model, x: npt.NDArray[np.float64]) -> tuple[Scrapped, ...]:
    """Return the scrap that arises, by plant and element, plants in the order of the table."""
    given, columns = model.scope, model.columns
    least = _least(x)
    rows = []
    for column, key in columns.of("wasted"):
        label, element = str(key[0]), str(key[1])
        sent = (columns.get("element", arc, element) for arc in scrap_arcs(given, label))
        returned = sum(
            max(0.0, float(x[sent_column])) for sent_column in sent if sent_column is not None
        )
        lost = max(0.0, float(x[column]))
        if returned + lost > least:
            node = given.net.node(label)
            rows.append(
                Scrapped(label, node.name, node.country, element, returned + lost, returned, lost)
            )
    return tuple(rows)


def recycled(model: Model, x: npt.NDArray[np.float64]) -> tuple[Recycled, ...]:
    """Return the scrap that plants take, by plant and element, in the order of the nodes."""
    given = model.scope
    taken: dict[tuple[str, str], float] = {}
    for column, key in model.columns.of("element"):
        arc = given.frame.arcs[int(str(key[0]))]
        if arc.is_scrap and arc.head in given.frame.nodes:
            lot = arc.head, str(key[1])
            taken[lot] = taken.get(lot, 0.0) + max(0.0, float(x[column]))
    least = _least(x)
    rows = []
    for label, node in given.frame.nodes.items():
        for element in given.elements:
            amount = taken.get((label, element), 0.0)
            if amount > least:
                recovered = amount * given.recovery(label, element)
                rows.append(Recycled(label, node.name, node.country, element, amount, recovered))
    return tuple(rows)


def _least(x: npt.NDArray[np.float64]) -> float:
    """The amount below which a figure is rounding of the solver."""
    return _ROUNDING * max((abs(float(value)) for value in x), default=0.0)
