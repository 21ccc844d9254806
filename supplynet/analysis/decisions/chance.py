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

from supplynet.analysis.decisions.cases import Aimed, Case, Cases
from supplynet.analysis.decisions.planner import REACHED, SAME_COST, Planner
from supplynet.analysis.uncertainty.shapes import delay_of

if TYPE_CHECKING:
    from supplynet.analysis.decisions.planner import Plan
    from supplynet.analysis.decisions.supply import Supply
    from supplynet.network.schema import Option

Vector = NDArray[np.float64]

#: delays count in quarters of a year that have begun, so that draws can share what is known
_QUARTER = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """Years by which each option comes late in each draw; infinite for never.

    Parameters
    ----------
    ids : tuple of str
    late : ndarray of float, shape (n_draws, n_options)
    """

    ids: tuple[str, ...]
    late: Vector

    def of(self, number: int) -> Mapping[str, float]:
        """Return one draw, by option."""
        return dict(zip(self.ids, self.late[number].tolist(), strict=True))


def drawn(planner: Planner, n: int, *, seed: int) -> Draws:
    """Draw delays and failures of all options.

    Parameters
    ----------
    planner : Planner
    n : int
    seed : int
        The same seed gives the same draws, whatever is chosen.
    """
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
    """Return whether each draw reaches the targets in every year, and in the first.

    Parameters
    ----------
    planner : Planner
    x : ndarray of float
        Columns of what is chosen.
    draws : Draws
    """
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


def surer(
    planner: Planner, x: Vector, draws: Draws, chance: float
) -> list[tuple[str, float, float]]:
    """Return what to add, one by one, until the first target is reached so often.

    Each time the option is added that raises the chance most for its money; it is a good way and
    not proved to be the cheapest.

    Parameters
    ----------
    planner : Planner
    x : ndarray of float
        Columns of the plan.
    draws : Draws
    chance : float
        Of the first year of the target.

    Returns
    -------
    list of (str, float, float)
        Option, what it costs in millions of USD, and the chance with it and all before it.
    """
    choices, year = planner.choices, min(planner.supplies)
    only = Planner(choices, {year: planner.supplies[year]})
    only.cuts = {year: planner.cuts[year]}
    now, added = np.array(x), list[tuple[str, float, float]]()
    current = float(reached(only, now, draws)[1].mean())
    while current < chance:
        best = (0.0, 0.0, 0.0, "", now)
        for number, offer in enumerate(choices.offered):
            starts = [start for start in offer.starts if start <= year]
            if now[number] > 0.5 or not starts or not _fits(planner, now, offer.row):
                continue
            more = np.array(now)
            place = choices.column(number, starts[0])
            more[[number, place]] = 1.0
            share = float(reached(only, more, draws)[1].mean())
            cost = float(choices.cost[place])
            # Greedy: the most certainty for a dollar. It need not be the cheapest way to the
            # chance, and is told as what to add first.
            found = (share - current) / max(cost, 1e-3), share, cost, offer.id, more
            best = max(best, found, key=lambda entry: entry[0])
        if not best[3]:
            break
        _, current, cost, name, now = best
        added.append((name, cost, current))
    return added


def regret_of(
    planner: Planner, plan: Plan, draws: Draws, fixed: Mapping[str, int], n: int
) -> Vector:
    """Return what the best plan for as much money covers more in each of the first draws.

    The best plan of a draw knows its delays and failures; coverage is that of the first year of
    the target, and counts up to the target.

    Parameters
    ----------
    planner : Planner
    plan : Plan
    draws : Draws
    fixed : mapping of str to int
    n : int
        Draws that are told; each takes integer programs of its own.

    Returns
    -------
    ndarray of float, shape (n,)
        Share of the need.
    """
    choices, year = planner.choices, min(planner.supplies)
    supply = planner.supplies[year]
    part = max(aim.part for aim in supply.aims)
    objective = np.append(np.zeros(choices.n), -1.0)
    row = (np.append(choices.cost, 0.0), plan.cost * (1.0 + SAME_COST))
    aimed = Aimed(objective, (row,), np.zeros(1), np.array([part]))
    regrets = np.zeros(n)
    for number in range(n):
        gives = choices.gives(year, draws.of(number))
        amounts = np.asarray(gives @ plan.x)
        if supply.fits(amounts, supply.wanted):
            continue
        covered = supply.value(amounts).tonnes / supply.need
        if covered < part * (1.0 - REACHED):
            program = Cases(choices, [Case(supply, gives, 0)], fixed)
            regrets[number] = max(0.0, -float(objective @ program.best(aimed)) - covered)
    return regrets


def _fits(planner: Planner, x: Vector, row: Option) -> bool:
    """Return whether an option may be added to what is chosen."""
    place = planner.choices.place
    chosen = {name for name, number in place.items() if x[number] > 0.5}
    forbidden = {
        name
        for offer in planner.choices.offered
        if offer.id in chosen
        for name in offer.row.excludes
    }
    needed = set(row.requires) & place.keys()
    return needed <= chosen and not chosen & set(row.excludes) and row.id not in forbidden
