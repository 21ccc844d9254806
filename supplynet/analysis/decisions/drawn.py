"""What is drawn in a year beside what plants make: stocks, recycling, and what is done without.

Each thing that is drawn has a column for each who draws, in the rows where its tonnes count, and a
row that holds all of them to what there is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import coo_array, csr_array, hstack, vstack  # type: ignore[import-untyped, unused-ignore]

from supplynet.analysis.decisions.offers import is_of_plants
from supplynet.analysis.time.stocks import Access, RowPlaces, accesses
from supplynet.network.selector import select
from supplynet.network.units import basis_per_metal, find_unit

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.decisions.offers import Given, Offer
    from supplynet.analysis.question import Question
    from supplynet.network.schema import Option


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is drawn once or each year and does not come out of a plant of the model."""

    held: str
    nation: str
    plants: frozenset[str]


def drawn_by(
    question: Question, model: Model, given: Sequence[Given], offered: tuple[Offer, ...]
) -> list[tuple[int, float, tuple[Access, ...]]]:
    """Return thing, tonnes and who draws, of stocks, recycling and what is done without."""
    places, drawn = RowPlaces(model), list[tuple[int, float, tuple[Access, ...]]]()
    for number, thing in enumerate(given):
        row = offered[thing.offer].row
        if row.kind not in ("stock", "recycle", "substitute") or is_of_plants(row):
            continue
        unit, net = find_unit(model.scope.net, row.unit), model.scope.net
        # of product, or of an element on the basis
        tonnes = (row.capacity or 0.0) * unit.factor
        if row.element is not None and unit.measures == "metal":
            tonnes *= basis_per_metal(net, row.element)
        access = tuple(
            one
            for held in held_of(question, row)
            for one in accesses(model, places, held, row.instead)
            if one.ub or one.eq
        )
        if access and tonnes > 0.0:
            drawn.append((number, tonnes, access))
    return drawn


def with_draws(
    a_ub: Any, a_eq: Any, drawn: Sequence[tuple[int, float, tuple[Access, ...]]]
) -> tuple[Any, Any, list[tuple[int, int, float]]]:
    """Return the matrices with a column for each who draws and one more for what is raised.

    Also the rows, one a thing, that hold what is drawn of it, and what each gives.
    """
    own = [(line, one) for line, (_, _, access) in enumerate(drawn) for one in access]

    def block(entries: list[tuple[int, int, float]], n_rows: int) -> Any:
        rows, columns, values = np.array(entries, dtype=float).reshape(-1, 3).T
        at = rows.astype(int), columns.astype(int)
        return coo_array((values, at), shape=(n_rows, len(own) + 1)).tocsr()

    def entries(side: str) -> list[tuple[int, int, float]]:
        of = [getattr(one, side) for _, one in own]
        return [(row, column, weight) for column, some in enumerate(of) for row, weight in some]

    held = [(line, column, 1.0) for column, (line, _) in enumerate(own)]
    first = hstack([a_ub, block(entries("ub"), a_ub.shape[0])])
    last = hstack([csr_array((len(drawn), a_ub.shape[1])), block(held, len(drawn))])
    wide_eq = hstack([a_eq, block(entries("eq"), a_eq.shape[0])], format="csr")
    limits = [(line, number, tonnes) for line, (number, tonnes, _) in enumerate(drawn)]
    return vstack([first, last], format="csr"), wide_eq, limits


def held_of(question: Question, row: Option) -> tuple[Drawn, ...]:
    """Return who draws what of an option: an element by plants, a product by nations."""
    net = question.net
    named = select(net, row.target if row.kind == "substitute" else row.nodes).surely
    nations = frozenset(net.nation_ids)
    if row.element is not None:
        plants = named - nations
        return (Drawn(row.element, "", plants),) if plants else ()
    return tuple(
        Drawn(str(row.product), nation, frozenset())
        for nation in sorted(named & nations & question.targets)
    )


def stored_by(question: Question, offered: tuple[Offer, ...]) -> Mapping[str, frozenset[str]]:
    """Return, by plant, the elements that it may draw on."""
    stored: dict[str, frozenset[str]] = {}
    for row in (offer.row for offer in offered if offer.row.element is not None):
        for held in held_of(question, row):
            for plant in held.plants:
                stored[plant] = stored.get(plant, frozenset()) | {held.held}
    return stored
