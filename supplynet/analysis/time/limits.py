"""What holds the needs of a period down: the capacity or stock on which most of a level rests.

Every round of the fair program ends with prices that prove it: the level is the sum of all limits,
each times its price (strong duality; Boyd and Vandenberghe, 2004, section 5.4). The limit that is
named is the one with the largest of these parts. Where several limits hold at once the prices may
be shared in other ways too, so that it is one of those that hold, not the only one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from supplynet.analysis.balance.capacities import capacity_rows, describe
from supplynet.analysis.time.rows import HoldRow

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from supplynet.analysis.balance.solve import Vector
    from supplynet.analysis.time.program import HorizonProgram, PeriodClaim

#: part of a level, and of a need, below which it is rounding of the programs
_PART = 1e-6
#: price of one more of a limit below which it is rounding
_PRICE = 1e-9


@dataclass(frozen=True, slots=True)
class Hold:
    """The limit on which most of the level of a need rests."""

    #: place among the inequalities of the period's balance; of a stock the number of its line
    row: int
    is_stock: bool  #: whether it is what a stock may release in the period
    price: float  #: rise of the common level for one more of the limit in the period


@dataclass(frozen=True, slots=True)
class PeriodLimits:
    """Where the limits of a period stand."""

    places: NDArray[np.int64]  #: shape (n,); among the inequalities of the horizon
    #: shape (n,); among those of the period's balance; of stocks the numbers of their lines
    rows: NDArray[np.int64]
    n_capacities: int  #: how many of them are capacities; the others are stocks


def limits_of(program: HorizonProgram) -> tuple[PeriodLimits, ...]:
    """Return where the limits of each period stand."""
    models = {id(stretch.model): stretch.model for stretch in program.stretches}
    rows = {key: [row for row, *_ in capacity_rows(model)] for key, model in models.items()}
    starts = program.row_starts(is_equality=False)
    released: list[list[tuple[int, int]]] = [[] for _ in program.stretches]
    for place, rate in enumerate(program.rates, starts[-1]):
        if rate.leaves:
            released[rate.moves.period].append((place, rate.moves.line))
    limits = []
    for number, stretch in enumerate(program.stretches):
        own = rows[id(stretch.model)]
        places = [starts[number] + row for row in own] + [at for at, _ in released[number]]
        all_rows = own + [line for _, line in released[number]]
        limits.append(PeriodLimits(np.array(places, int), np.array(all_rows, int), len(own)))
    return tuple(limits)


def holds_of(
    limits: Sequence[PeriodLimits], prices: Vector, sides: Vector, claims: Iterable[PeriodClaim]
) -> dict[PeriodClaim, Hold]:
    """Return what holds down each of some needs that cannot be raised further.

    Limits are by period, empty where none can be told; prices and sides are duals and right sides
    of the inequalities of the program that was solved.
    """
    known: dict[int, Hold | None] = {}
    for number in {claim[0] for claim in claims} if limits else ():
        own = limits[number]
        price = prices[own.places]
        parts = price * sides[own.places]
        # Where nothing is let through at all no limit carries a part, and the dearest is named.
        weights, least = (parts, _PART) if parts.max(initial=0.0) > _PART else (price, _PRICE)
        largest = weights.max(initial=0.0)
        known[number] = None
        if largest > least:
            first = int(np.argmax(weights >= largest * (1.0 - _PART)))
            is_stock = first >= own.n_capacities
            known[number] = Hold(int(own.rows[first]), is_stock, float(price[first]))
    return {claim: hold for claim in claims if (hold := known.get(claim[0])) is not None}


def hold_rows(
    program: HorizonProgram,
    x: Vector,
    holds: Mapping[PeriodClaim, Hold],
    normal: Sequence[float],
) -> tuple[HoldRow, ...]:
    """Return what holds down every need that is short, periods in order.

    `normal` is what is normal of each of its claims, t of product in the period.
    """
    rows = []
    names: dict[tuple[int, bool, int, float], tuple[str, str, str, float, str]] = {}
    for (claim, need), usual in zip(program.claims.items(), normal, strict=True):
        served = max(0.0, float(x[program.served[claim]]))
        missing = usual - served
        if missing <= _PART * need:
            continue
        number, nation, product = claim
        stretch = program.stretches[number]
        hold = holds.get(claim)
        told: tuple[str, str, str, float | None, str] = ("", "", "", None, "")
        if hold is not None:
            key = (id(stretch.model), hold.is_stock, hold.row, stretch.period.length)
            if key not in names:
                names[key] = _named(program, number, hold)
            told = names[key]
        price = None if hold is None else hold.price
        rows.append(HoldRow(stretch.period.label, nation, product, missing, *told, price))
    return tuple(rows)


def _named(program: HorizonProgram, number: int, hold: Hold) -> tuple[str, str, str, float, str]:
    """Return kind, id, name, capacity in the period and unit of a limit."""
    stretch = program.stretches[number]
    if hold.is_stock:
        line = program.lines[hold.row]
        most = line.stock.release * line.tonnes * stretch.period.n_months
        return "stock", line.stock.id, f"Release of {line.stock.name}", most, f"t {line.held}"
    label = stretch.model.labels(False)[hold.row][1]
    side = next(side for row, _, _, side in capacity_rows(stretch.model) if row == hold.row)
    kind, ident, name, unit, _ = describe(stretch.model.scope, label)
    return kind, ident, name, side * stretch.period.length, unit.removesuffix("/yr")
