"""What holds the demand of a period down: the capacity or stock on which most of a level rests.

Every round of the fair program ends with prices that prove it: the level is the sum of all limits,
each times its price (strong duality; Boyd and Vandenberghe, 2004, section 5.4). The limit that is
named is the one with the largest of these parts. Where several limits hold at once the prices may
be shared in other ways too, so that it is one of those that hold, not the only one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from supplynet.analysis.balance.tables import capacity_rows, describe
from supplynet.analysis.time.rows import HoldRow
from supplynet.arrays import Floats

if TYPE_CHECKING:
    from supplynet.analysis.time.program import HorizonProgram, PeriodClaim

#: part of a level, and of a demand, below which it is rounding of the programs
_PART = 1e-6
#: price of one more of a limit below which it is rounding
_PRICE = 1e-9


class Hold(NamedTuple):
    """The limit on which most of the level of a demand rests."""

    #: place among the inequalities of the period's balance; of a stock the number of its line
    row: int
    is_stock: bool  #: whether it is what a stock may release in the period
    price: float  #: rise of the common level for one more of the limit in the period


#: a limit of a period: place among the inequalities of the horizon, row and kind as of a hold
Limit = tuple[int, int, bool]


def limits_of(program: HorizonProgram) -> list[list[Limit]]:
    """Return the limits of each period: capacities, then stocks."""
    models = {id(stretch.model): stretch.model for stretch in program.stretches}
    rows = {key: [row for row, *_ in capacity_rows(model)] for key, model in models.items()}
    starts = program.row_starts(is_equality=False)
    limits = [
        [(start + row, row, False) for row in rows[id(stretch.model)]]
        for start, stretch in zip(starts, program.stretches, strict=False)
    ]
    for index, rate in enumerate(program.rates, starts[-1]):
        if rate.leaves:
            limits[rate.moves.period].append((index, rate.moves.line, True))
    return limits


def holds_of(
    limits: Sequence[Sequence[Limit]], prices: Floats, sides: Floats, claims: Iterable[PeriodClaim]
) -> dict[PeriodClaim, Hold]:
    """Return what holds down each of some needs that cannot be raised further.

    Limits are by period; prices and sides are duals and right sides of the inequalities of the
    program that was solved.
    """
    values: dict[int, Hold] = {}
    for index in {claim[0] for claim in claims}:
        places = np.array([position for position, _, _ in limits[index]], int)
        price = prices[places]
        parts = price * sides[places]
        # Where nothing is let through at all no limit carries a part, and the dearest is named.
        weights, least = (parts, _PART) if parts.max(initial=0.0) > _PART else (price, _PRICE)
        largest = weights.max(initial=0.0)
        if largest > least:
            first = int(np.argmax(weights >= largest * (1.0 - _PART)))
            _, row, is_stock = limits[index][first]
            values[index] = Hold(row, is_stock, float(price[first]))
    return {claim: values[claim[0]] for claim in claims if claim[0] in values}


def hold_rows(
    program: HorizonProgram,
    x: Floats,
    holds: Mapping[PeriodClaim, Hold],
    normal: Sequence[float],
) -> tuple[HoldRow, ...]:
    """Return what holds down every demand that is short, periods in order.

    `normal` is what is normal of each of its claims, t of product in the period.
    """
    rows = []
    names: dict[tuple[int, bool, int, float], tuple[str, str, str, float, str]] = {}
    for (claim, need), usual in zip(program.claims.items(), normal, strict=True):
        served = max(0.0, float(x[program.served[claim]]))
        missing = usual - served
        if missing <= _PART * need:
            continue
        index, nation, product = claim
        stretch = program.stretches[index]
        hold = holds.get(claim)
        stated: tuple[Any, ...] = ("", "", "", None, "", None)
        if hold is not None:
            key = (id(stretch.model), hold.is_stock, hold.row, stretch.period.length)
            if key not in names:
                names[key] = _named(program, index, hold)
            stated = (*names[key], hold.price)
        rows.append(HoldRow(stretch.period.label, nation, product, missing, *stated))
    return tuple(rows)


def _named(program: HorizonProgram, index: int, hold: Hold) -> tuple[str, str, str, float, str]:
    """Return kind, id, name, capacity in the period and unit of a limit."""
    stretch = program.stretches[index]
    if hold.is_stock:
        line = program.lines[hold.row]
        most = line.stock.release * line.tonnes * stretch.period.n_months
        return "stock", line.stock.id, f"Release of {line.stock.name}", most, f"t {line.held}"
    label = stretch.model.labels(False)[hold.row][1]
    side = next(side for row, _, _, side in capacity_rows(stretch.model) if row == hold.row)
    kind, ident, name, unit, _ = describe(stretch.model.scope, label)
    return kind, ident, name, side * stretch.period.length, unit.removesuffix("/yr")
