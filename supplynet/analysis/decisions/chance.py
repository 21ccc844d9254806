"""How sure a plan is: options that come late or never, drawn many times.

Each draw says of every chosen option whether it comes at all, and by how many years it is late:
lognormal with the median and the P90 of its row, in quarters of a year that have begun. Figures of
the graph stay as they are. Whether a draw reaches the target is settled by what is known where
that is enough: a cut that it misses, or a draw that does no better in anything and reaches it.
Only the others take a linear program.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from supplynet.analysis.decisions.planner import REACHED, Planner
from supplynet.analysis.uncertainty.shapes import delay_of

if TYPE_CHECKING:
    from supplynet.analysis.decisions.supply import Supply

Vector = NDArray[np.float64]

#: delays count in quarters of a year that have begun, so that draws can share what is known
_QUARTER = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """Years by which each option comes late in each draw; infinite for never."""

    ids: tuple[str, ...]
    late: Vector  #: shape (n_draws, n_options)

    def of(self, number: int) -> Mapping[str, float]:
        """Return one draw, by option."""
        return dict(zip(self.ids, self.late[number].tolist(), strict=True))


def drawn(planner: Planner, n: int, *, seed: int) -> Draws:
    """Draw delays and failures of all options; a seed gives the same, whatever is chosen."""
    rng = np.random.default_rng(seed)
    offered = planner.choices.offered
    late = np.zeros((n, len(offered)))
    for number, offer in enumerate(offered):
        # Both are drawn for every option, used or not: another delay of one option leaves the draws
        # of all others as they were.
        fails, u = rng.random(n), rng.random(n)
        if offer.row.delay > 0.0:
            delays = delay_of(u, offer.row.delay, max(offer.row.delay, offer.row.delay_p90))
            # Rounded up, against the plan.
            late[:, number] = np.ceil(delays / _QUARTER) * _QUARTER
        late[fails >= offer.row.chance, number] = math.inf
    return Draws(tuple(offer.id for offer in offered), late)


def reached(planner: Planner, x: Vector, draws: Draws) -> tuple[Vector, Vector]:
    """Return whether each draw reaches the targets in every year, and in the first."""
    first = min(planner.supplies)
    known: dict[int, dict[bytes, bool]] = {year: {} for year in planner.supplies}
    every = np.ones(len(draws.late), dtype=bool)
    at_first = np.ones(len(draws.late), dtype=bool)
    chosen = [number for number, value in enumerate(x[: len(draws.ids)]) if value > 0.5]
    seen: dict[bytes, dict[int, Vector]] = {}
    for number in range(len(draws.late)):
        key = draws.late[number, chosen].tobytes()
        if key not in seen:
            late = draws.of(number)
            seen[key] = {
                year: np.asarray(planner.choices.gives(year, late) @ x) for year in planner.supplies
            }
        for year, supply in planner.supplies.items():
            # Draws that delay only options which are not chosen are the same draw; whether a year
            # is met is asked once for each amount of things that is there.
            is_met = _meets(supply, planner, year, seen[key][year], known[year])
            every[number] &= is_met
            if year == first:
                at_first[number] = is_met
            if not is_met and year > first:
                break
    return every, at_first


def _meets(
    supply: Supply,
    planner: Planner,
    year: int,
    amounts: Vector,
    known: dict[bytes, bool],
) -> bool:
    """Return whether what is there in a year reaches the target."""
    key = amounts.tobytes()
    if key not in known:
        wanted = supply.wanted * (1.0 - REACHED)
        # A cut that says no is a proof, and so is a known solution that says yes: a program is
        # solved only between the two.
        if any(cut.at(amounts) < wanted for cut in planner.cuts[year]):
            known[key] = False
        elif supply.fits(amounts, wanted):
            known[key] = True
        else:
            value = supply.value(amounts)
            known[key] = value.tonnes >= wanted
            if not known[key]:
                planner.cuts[year].append(value.cut)
    return known[key]
