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

import numpy as np
from numpy.typing import NDArray

from supplynet.analysis.decisions.planner import REACHED, Case, Planner
from supplynet.analysis.uncertainty.shapes import delay_of

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
    known: dict[int, dict[bytes, bool]] = {year: {} for year in sorted(planner.supplies)}
    chosen = np.flatnonzero(x[: len(draws.ids)] > 0.5)
    # Draws that delay only options which are not chosen are the same draw.
    told: dict[bytes, tuple[bool, bool]] = {}
    for number, late in enumerate(draws.late):
        if late[chosen].tobytes() in told:
            continue
        of_draw, is_met = draws.of(number), list[bool]()
        for year, met in known.items():
            amounts = np.asarray(planner.choices.gives(year, of_draw) @ x)
            is_met.append(_meets(planner, year, amounts, met))
            if not is_met[-1]:
                break
        told[late[chosen].tobytes()] = all(is_met), is_met[0]
    every, first = np.array([told[late[chosen].tobytes()] for late in draws.late]).T
    return every, first


def _meets(planner: Planner, year: int, amounts: Vector, known: dict[bytes, bool]) -> bool:
    """Return whether what is there in a year reaches the target, asked once for each amount."""
    supply, key = planner.supplies[year], amounts.tobytes()
    if key not in known:
        wanted = supply.wanted * (1.0 - REACHED)
        # A cut that says no is a proof, and so is a known solution that says yes: a program is
        # solved only between the two.
        known[key] = not any(cut.at(amounts) < wanted for cut in planner.cuts[year])
        if known[key] and not supply.fits(amounts, wanted):
            value = supply.value(amounts)
            known[key] = value.tonnes >= wanted
            if not known[key]:
                planner.cuts[year].append(value.cut)
    return known[key]


def cases_of(planner: Planner, draws: Draws) -> tuple[list[Case], float]:
    """Return the first year of the target in each draw, and the part of its need that is wanted."""
    year = min(planner.supplies)
    supply, numbers = planner.supplies[year], range(len(draws.late))
    given = [planner.choices.gives(year, draws.of(number)) for number in numbers]
    cases = [Case(supply, gives, number) for number, gives in enumerate(given)]
    return cases, max(aim.part for aim in supply.aims)
