"""Burdens of a balance: what capped plants bring, and how much they can mine before a cap binds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from supplynet.analysis.balance.policy import burden_cap, burden_terms, caps_in_force
from supplynet.contract.row import BasketTonnes, BurdenTonnes, Row, col
from supplynet.network.selector import select
from supplynet.terms import LEVEL_NAMES

if TYPE_CHECKING:
    import numpy.typing as npt

    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.balance.solve import Run
    from supplynet.network.schema import Cap


class Burden(Row):
    """What some plants bring of a burden in a balance, and what a cap allows."""

    cap: str = col("Id of the cap.")
    nodes: str = col("Selector of the plants.", head="Plants")
    burden: str = col(head="Burden")
    amount: BurdenTonnes = col("The cap.", head="Cap")
    level: str = col("End of the intensities that the balance was held to: low, central or high.")
    central: BurdenTonnes = col("What the balance brings at central intensities.", head="Brought")
    low: BurdenTonnes = col("The same at low ones.", head="Low to high")
    high: BurdenTonnes = col("The same at high ones.")


class Headroom(Row):
    """The most that capped plants can mine and process."""

    cap: str = col("Id of the cap that holds alone; empty for all of them together.", head="Cap on")
    high: BasketTonnes = col("At high intensities.", head="High intensities")
    central: BasketTonnes = col("At central ones.", head="Central")
    low: BasketTonnes = col("At low ones.", head="Low")
    free: BasketTonnes = col("Without any cap.", head="Without a cap")

    @property
    def binds(self) -> tuple[bool, bool, bool]:
        """Whether it binds at low, central and high intensities."""
        least = 1.0 - 1e-6
        return tuple(figure < least * self.free for figure in (self.low, self.central, self.high))  # type: ignore[return-value]


def burdens(model: Model, x: npt.NDArray[np.float64]) -> tuple[Burden, ...]:
    """Return the burden under each cap in force, in the order of the table."""
    given, rows = model.scope, []
    for cap in caps_in_force(given.net, given.year):
        sums = {
            level: sum(
                float(x[column]) * weight
                for column, weight in burden_terms(model, cap.burden, cap.nodes, level)
            )
            for level in LEVEL_NAMES
        }
        rows.append(Burden(cap.id, cap.nodes, cap.burden, cap.amount, cap.level, **sums))
    return tuple(rows)


def headroom(run: Run) -> tuple[Headroom, ...]:
    """Return how much capped plants can mine and process before each cap binds, and all of them.

    The most that the mines among the plants of all caps can bring to the surface, none of it
    thrown away there, with everything else in the network as it is: demand sets no limit.
    Solved for each cap and end of the intensities, each program certified.
    """
    model = run.model
    caps = caps_in_force(model.scope.net, model.scope.year)
    plants = frozenset().union(*(select(model.scope.net, cap.nodes).surely for cap in caps))
    if not any(key[0] in plants for _, key in model.columns.of("mined")):
        return ()
    free = _most(run, plants, (), "central")
    rows = []
    for counted_caps in [*((cap,) for cap in caps), *([caps] if len(caps) > 1 else [])]:
        ends = {level: _most(run, plants, counted_caps, level) for level in LEVEL_NAMES}
        rows.append(
            Headroom(counted_caps[0].id if len(counted_caps) == 1 else "", **ends, free=free)
        )
    return tuple(rows)


def _most(run: Run, plants: frozenset[str], caps: tuple[Cap, ...], level: str) -> float:
    """Return the most that some mines can bring, with some caps at one end of intensities."""
    model = run.model
    bare = replace(
        model, blocks=tuple(block for block in model.blocks if block.family != "burden_cap")
    )
    mined = {column: 1.0 for column, key in model.columns.of("mined") if key[0] in plants}
    upper = np.full(len(model.columns), np.inf)
    for column, key in model.columns.of("lost"):
        if key[0] in plants and model.scope.is_origin(str(key[0])):
            upper[column] = 0.0
    held = burden_cap(model, [cap.model_copy(update={"level": level}) for cap in caps])
    more = held.matrix(len(model.columns)), held.rhs
    lp = bare.program(model.vector(mined), maximize=True, more=more, upper=upper)
    names = "+".join(cap.id for cap in caps) or "no cap"
    return run.solve(f"headroom {names}, {level}", lp).objective
