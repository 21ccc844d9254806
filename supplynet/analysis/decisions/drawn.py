"""What is drawn in a year beside what plants make: stocks, recycling, and what is done without.

Each thing that is drawn has a column for each who draws, in the rows where its tonnes count, and a
row that holds all of them to what there is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scipy.sparse import coo_array, csr_array, hstack, vstack  # type: ignore[import-untyped, unused-ignore]

from supplynet.analysis.decisions.offers import is_of_plants
from supplynet.analysis.time.stocks import Access, RowPlaces, accesses
from supplynet.network.selector import select
from supplynet.network.units import basis_per_metal, find_unit

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.decisions.offers import Given, Offer
    from supplynet.analysis.question import Question
    from supplynet.network.network import SupplyNetwork
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
        tonnes = drawn_tonnes(model.scope.net, row)
        access = tuple(
            one for held in held_of(question, row) for one in accesses(model, places, held)
        )
        if row.instead is not None:
            access = tuple(_swapped(places, one, row.instead) for one in access)
        access = tuple(one for one in access if one.ub or one.eq)
        if access and tonnes > 0.0:
            drawn.append((number, tonnes, access))
    return drawn


def with_draws(
    a_ub: Any,
    a_eq: Any,
    drawn: Sequence[tuple[int, float, tuple[Access, ...]]],
) -> tuple[Any, Any, list[tuple[int, int, float]]]:
    """Return the matrices with a column for each who draws and one more for what is raised.

    Also the rows, one a thing, that hold what is drawn of it, and what each gives.
    """
    n = a_ub.shape[1]
    ub, eq, held = [], [], []
    limits: list[tuple[int, int, float]] = []
    column = 0
    for line, (number, tonnes, access) in enumerate(drawn):
        for one in access:
            ub += [(row, column, weight) for row, weight in one.ub]
            eq += [(row, column, weight) for row, weight in one.eq]
            held.append((line, column, 1.0))
            column += 1
        limits.append((line, number, tonnes))

    def block(entries: list[tuple[int, int, float]], n_rows: int) -> Any:
        if not entries:
            return csr_array((n_rows, column))
        rows, columns, values = zip(*entries, strict=True)
        return coo_array((values, (rows, columns)), shape=(n_rows, column)).tocsr()

    def last(n_rows: int) -> Any:
        return csr_array((n_rows, 1))

    wide_ub = vstack(
        [
            hstack([a_ub, block(ub, a_ub.shape[0])], format="csr"),
            hstack([csr_array((len(drawn), n)), block(held, len(drawn))], format="csr"),
        ],
        format="csr",
    )
    wide_eq = hstack([a_eq, block(eq, a_eq.shape[0]), last(a_eq.shape[0])], format="csr")
    return _padded(wide_ub), wide_eq, limits


def _padded(matrix: Any) -> Any:
    """Return a matrix; the column of what is raised is added with the rows of the targets."""
    return hstack([matrix, csr_array((matrix.shape[0], 1))], format="csr")


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


def drawn_tonnes(net: SupplyNetwork, row: Option) -> float:
    """Return the tonnes of an option that are drawn, of product or of an element on the basis."""
    quantity = row.capacity or 0.0
    unit = find_unit(net, row.unit)
    if row.element is not None and unit.measures == "metal":
        return quantity * unit.factor * basis_per_metal(net, row.element)
    return quantity * unit.factor


def _swapped(places: RowPlaces, access: Access, instead: str) -> Access:
    """Return an access that takes another product of the nation in place of what it gives."""
    row = places.get("delivery", "nation", access.who, instead)
    return (
        Access(access.who, (*access.ub, (row, 1.0)), ())
        if row is not None
        else Access(access.who, (), ())
    )


def stored_by(question: Question, offered: tuple[Offer, ...]) -> Mapping[str, frozenset[str]]:
    """Return, by plant, the elements that it may draw on."""
    stored: dict[str, frozenset[str]] = {}
    for offer in offered:
        if offer.row.element is not None:
            for held in held_of(question, offer.row):
                for plant in held.plants:
                    stored[plant] = stored.get(plant, frozenset()) | {held.held}
    return stored
