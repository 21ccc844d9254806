"""How sure a plan is: options that come late or never, drawn many times.

Each draw says of every chosen option whether it comes at all, and by how many years it is late:
lognormal with the median and the P90 of its row, in quarters of a year that have begun. Figures of
the graph stay as they are. Whether a draw reaches the target is settled by what is known where
that is enough: a cut that it misses, or a draw that does no better in anything and reaches it.
Only the others take a linear program.

Least shortfall at risk: the choice whose worst draws miss least of the target.

The conditional value at risk at a level a is the mean of the worst part 1 - a of all draws; with s
the part of demand that a draw misses of the target, it is the least over v of (Rockafellar and
Uryasev, 2000, doi:10.21314/JOR.2000.038)::

    v + 1 / ((1 - a) n) sum_d max(0, s_d - v)

Draws are delays and failures of options; what is missed is that of the first year of the target.
The choice is made by some draws and told by others.

Least regret: the choice whose worst loss over scenarios is least (Savage, 1951).

doi:10.1080/01621459.1951.10500768. For a budget, the regret of a scenario is the coverage that the
best choice for it has for as much money, less that of the choice, in the worst year of each; the
greatest of all scenarios is made as small as can be, and of all choices that do as well the
cheapest is taken. With a target, the choice reaches it in every scenario at least cost, which is
also the least that it can cost more than the best of any one of them.

What the best plan of each draw would have covered more for as much money, had it known the draw.

Coverage is that of the first year of the target and counts up to the target. From below it is
reported by plans that are known: those of other draws. From above by the target itself, and by the
linear relaxation with every cut that is known, which holds for all draws. Where both are the same
the regret of a draw is exact; else an integer program is solved, and its plan is known from then
on. After so many of them, what is left is reported as a span.

What to add to a plan so that it reaches its target often enough, at least cost.

A chance constraint by sample average (Luedtke and Ahmed, 2008, doi:10.1137/070702928): with z the
coverage of a draw and s whether it reaches the part p that is wanted::

    p s_d <= z_d,    sum_d s_d >= k

The k of all draws that decide is raised until draws that did not decide reach the target as often
as is asked.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from supplynet.analysis.decisions.planner import (
    REACHED,
    SAME_COST,
    Aimed,
    Case,
    Cases,
    Planner,
    agreed,
    both,
    nearest_cut,
)
from supplynet.analysis.decisions.rows import Outcome, Surer
from supplynet.analysis.uncertainty.shapes import delay_of
from supplynet.arrays import Floats
from supplynet.errors import InfeasibleError
from supplynet.solve.check import worst
from supplynet.solve.lp.solve import solve_linear

if TYPE_CHECKING:
    from supplynet.analysis.decisions.planner import Bound, Plan
    from supplynet.analysis.decisions.rows import Query
    from supplynet.analysis.decisions.supply import Supply
    from supplynet.solve.lp.program import LinearProgram

#: delays count in quarters of a year that have begun, so that draws can share what is known
_QUARTER = 0.25


def drawn(planner: Planner, n: int, *, seed: int) -> Floats:
    """Return years by which each option comes late in each draw, infinite for never.

    Shape (n_draws, n_options); a seed gives the same, whatever is chosen.
    """
    rng = np.random.default_rng(seed)
    offered = planner.choices.offered
    late = np.zeros((n, len(offered)))
    for index, offer in enumerate(offered):
        # Both are drawn for every option, used or not: another delay of one option leaves the draws
        # of all others as they were.
        fails, u = rng.random(n), rng.random(n)
        if offer.row.delay > 0.0:
            delays = delay_of(u, offer.row.delay, max(offer.row.delay, offer.row.delay_p90))
            # Rounded up, against the plan.
            late[:, index] = np.ceil(delays / _QUARTER) * _QUARTER
        late[fails >= offer.row.chance, index] = math.inf
    return late


def reached(planner: Planner, x: Floats, draws: Floats) -> tuple[Floats, Floats]:
    """Return whether each draw reaches the targets in every year, and in the first."""
    values: dict[int, dict[bytes, bool]] = {year: {} for year in sorted(planner.supplies)}
    selection = np.flatnonzero(x[: draws.shape[1]] > 0.5)
    # Draws that delay only options which are not chosen are the same draw.
    record: dict[bytes, tuple[bool, bool]] = {}
    for late in draws:
        if late[selection].tobytes() in record:
            continue
        is_met = list[bool]()
        for year, met in values.items():
            amounts = np.asarray(planner.choices.gives(year, late) @ x)
            is_met.append(_meets(planner, year, amounts, met))
            if not is_met[-1]:
                break
        record[late[selection].tobytes()] = all(is_met), is_met[0]
    every, first = np.array([record[late[selection].tobytes()] for late in draws]).T
    return every, first


def _meets(planner: Planner, year: int, amounts: Floats, values: dict[bytes, bool]) -> bool:
    """Return whether what is there in a year reaches the target, asked once for each amount."""
    supply, key = planner.supplies[year], amounts.tobytes()
    if key not in values:
        wanted = supply.wanted * (1.0 - REACHED)
        # A cut that says no is a proof, and so is a known solution that says yes: a program is
        # solved only between the two.
        values[key] = not any(cut.at(amounts) < wanted for cut in planner.cuts[year])
        if values[key] and not supply.fits(amounts, wanted):
            value = supply.value(amounts)
            values[key] = value.tonnes >= wanted
            if not values[key]:
                planner.cuts[year].append(value.cut)
    return values[key]


def cases_of(planner: Planner, draws: Floats) -> tuple[list[Case], float]:
    """Return the first year of the target in each draw, and the part of its demand to cover."""
    year = min(planner.supplies)
    supply, gives = planner.supplies[year], planner.choices.gives
    cases = [Case(supply, gives(year, late), index) for index, late in enumerate(draws)]
    return cases, max(aim.part for aim in supply.aims)


def least_at_risk(
    planner: Planner,
    draws: Floats,
    fixed: Mapping[str, int],
    *,
    level: float,
    time_limit: float | None = None,
) -> tuple[Plan, Bound, float]:
    """Return the choice of the least shortfall at risk, what proves it, and that shortfall.

    Of all choices that do as well the cheapest is taken. The planner has a budget; `level` is the
    part of the draws that do not count among the worst, 0 to less than 1.
    """
    cases, share = cases_of(planner, draws)
    program = Cases(planner.choices, cases, fixed, time_limit)
    aimed = _at_risk(planner.choices.n, len(cases), share, level)
    x, first = program.least(aimed, to=REACHED)
    best = float(aimed.objective @ x)
    plan, second, _ = program.cheapest(aimed, best)
    return plan, both(first, second), best


def _at_risk(n: int, n_draws: int, share: float, level: float) -> Aimed:
    """Return the shortfall at risk as an objective.

    Columns behind those of the choice: coverage z of each draw, what it misses beyond v, and v.
    """
    eye, array = -np.eye(n_draws), -np.ones((n_draws, 1))
    rows = np.hstack([np.zeros((n_draws, n)), eye, eye, array])
    tail = np.full(n_draws, 1.0 / ((1.0 - level) * n_draws))
    objective = np.concatenate([np.zeros(n + n_draws), tail, [1.0]])
    upper = np.append(np.full(n_draws, share), np.ones(n_draws + 1))
    return Aimed(objective, tuple((row, -share) for row in rows), np.zeros(upper.size), upper)


def shortfall_at_risk(planner: Planner, x: Floats, draws: Floats, level: float) -> float:
    """Return the mean of what the worst draws miss of the target in its first year."""
    cases, share = cases_of(planner, draws)
    values: dict[bytes, float] = {}
    missed = np.zeros(len(cases))
    for case in cases:
        amounts, supply = np.asarray(case.gives @ x), case.supply
        key = amounts.tobytes()
        if key not in values:
            is_met = supply.fits(amounts, share * supply.need)
            values[key] = 0.0 if is_met else share - supply.value(amounts).tonnes / supply.need
        missed[case.column] = max(0.0, values[key])
    return tail_mean(missed, level)


def tail_mean(missed: Floats, level: float) -> float:
    """Return the mean of the greatest part 1 - level; a draw may count in part.

    Examples
    --------
    >>> tail_mean(np.array([0.0, 0.1, 0.3, 0.2]), 0.5), tail_mean(np.array([0.2, 0.4]), 0.75)
    (0.25, 0.4)
    """
    room = (1.0 - level) * missed.size
    weights = np.clip(room - np.arange(missed.size), 0.0, 1.0)
    return float(np.sort(missed)[::-1] @ weights / room)


Worlds = Mapping[str, Mapping[int, "Supply"]]


def least_regret(
    planner: Planner,
    worlds: Worlds,
    fixed: Mapping[str, int],
    *,
    part: float | None,
    time_limit: float | None = None,
) -> tuple[Plan, Bound, tuple[Outcome, ...]]:
    """Return the choice of least regret over scenarios, what proves it, and what it does in each.

    `worlds` hold, by scenario, the years of the target; `part` is the target in every scenario,
    None for the most of a budget. An InfeasibleError if no choice reaches it in all.
    """
    choices, n_worlds = planner.choices, len(worlds)
    columns = {name: index for index, name in enumerate(worlds)}
    cases = [
        Case(supply, choices.by_year[year], columns[name])
        for name, years in worlds.items()
        for year, supply in years.items()
    ]
    program = Cases(choices, cases, fixed, time_limit)
    best = [_best(Planner(choices, years), fixed, part, time_limit) for years in worlds.values()]
    if part is not None:
        cost = np.concatenate([choices.cost, np.zeros(n_worlds)])
        parts = np.full(n_worlds, part)
        x, bound = program.least(Aimed(cost, (), parts, parts))
        plan = program.plan(x)
    else:
        aimed = _greatest(choices.n, [covered for covered, _, _ in best])
        x, first = program.least(aimed, to=REACHED)
        plan, bound, _ = program.cheapest(aimed, float(aimed.objective @ x))
        bound = both(first, bound)
    checks = worst([bound.certificate, *(proof.certificate for _, _, proof in best)])
    n_programs = bound.n_programs + sum(proof.n_programs for _, _, proof in best)
    outcomes = list[Outcome]()
    for (name, years), (covered, cheapest, _) in zip(worlds.items(), best, strict=True):
        coverage = _covered(Planner(choices, years), plan)
        missed = max(0.0, covered - min(1.0, coverage)) if part is None else 0.0
        overpaid = max(0.0, plan.cost - cheapest) if part is not None else 0.0
        outcomes.append(Outcome(name, coverage, covered, missed, cheapest, overpaid))
    return plan, replace(bound, n_programs=n_programs, certificate=checks), tuple(outcomes)


def _covered(planner: Planner, plan: Plan) -> float:
    """Return what a plan covers in its worst year."""
    values = planner.values(plan.x).items()
    return min(value.tonnes / planner.supplies[year].need for year, value in values)


def _best(
    planner: Planner, fixed: Mapping[str, int], share: float | None, time_limit: float | None
) -> tuple[float, float, Bound]:
    """Return coverage and cost of the best choice for one scenario, and what proves it."""
    if share is None:
        plan, covered, bound = planner.most_covered(fixed=fixed, time_limit=time_limit)
        return covered, plan.cost, bound
    plan = planner.least(wanted=planner.wanted(share), fixed=fixed, time_limit=time_limit)
    return _covered(planner, plan), plan.cost, planner.proved(plan.program, plan.cost)


def _greatest(n: int, best: list[float]) -> Aimed:
    """Return the greatest regret as an objective: a column r with best - z <= r for each."""
    eye, array = -np.eye(len(best)), -np.ones((len(best), 1))
    rows = np.hstack([np.zeros((len(best), n)), eye, array])
    pairs = tuple((row, -covered) for row, covered in zip(rows, best, strict=True))
    objective = np.append(np.zeros(n + len(best)), 1.0)
    return Aimed(objective, pairs, np.zeros(len(best) + 1), np.ones(len(best) + 1))


#: draws whose best plan is looked for by integer programs
SOLVED = 200


def regrets_of(
    planner: Planner, plan: Plan, draws: Floats, fixed: Mapping[str, int], *, most: int = SOLVED
) -> tuple[Floats, Floats]:
    """Return what the best plan for as much money covers more in each draw: least and most.

    At most `most` draws are solved by integer programs.
    """
    hindsight, n_solved = _Hindsight(planner, plan, fixed), 0
    bounds: dict[bytes, tuple[float, float]] = {}  # draws that are alike are asked once
    for late in draws:
        if late.tobytes() in bounds:
            continue
        gives = planner.choices.gives(hindsight.year, late)
        covered = best = bound = hindsight.covered(gives, plan.x)
        if covered < hindsight.part - REACHED:
            best, bound = hindsight.best(gives, covered), hindsight.part
        if bound - best > REACHED:
            bound = max(best, -solve_linear(hindsight.program(gives)).objective)
        if bound - best > REACHED and n_solved < most:
            n_solved += 1
            best = bound = max(best, hindsight.solved(gives))
        bounds[late.tobytes()] = (best - covered, bound - covered)
    low, high = np.array([bounds[late.tobytes()] for late in draws]).T
    return low, high


class _Hindsight:
    """Plans and cuts that are known, of all draws together."""

    def __init__(self, planner: Planner, plan: Plan, fixed: Mapping[str, int]) -> None:
        self.choices, self.plan, self.fixed = planner.choices, plan, fixed
        self.year = min(planner.supplies)
        self.supply, self.cuts = planner.supplies[self.year], list(planner.cuts[self.year])
        self.part, self.known = max(aim.part for aim in self.supply.aims), [plan.x]

    def covered(self, gives: Any, x: Floats) -> float:
        """Return what a plan covers in a draw, at most the target."""
        amounts = np.asarray(gives @ x)
        if self.supply.fits(amounts, self.supply.wanted):
            return self.part
        return min(self.part, self.supply.value(amounts).tonnes / self.supply.need)

    def best(self, gives: Any, least: float) -> float:
        """Return what the best of the known plans covers in a draw, by those that promise most."""
        amounts = np.asarray(gives @ np.array(self.known).T)
        worth = np.array([cut.worth for cut in self.cuts]).reshape(len(self.cuts), len(amounts))
        base = np.array([cut.base for cut in self.cuts])
        lines = base[:, None] + worth @ amounts
        promised = np.minimum(lines.min(axis=0, initial=np.inf) / self.supply.need, self.part)
        best = least
        for position in np.argsort(-promised, kind="stable")[:_ASKED]:
            if promised[position] > best + REACHED:
                best = max(best, self.covered(gives, self.known[position]))
        return best

    def solved(self, gives: Any) -> float:
        """Return what the best plan of a draw covers; it is known from then on."""
        n, need = self.choices.n, self.supply.need

        def misses(x: Floats) -> bool:
            cut = nearest_cut(self.supply, np.asarray(gives @ x[:n]), need * (x[n] - REACHED))
            self.cuts += [cut] if cut else []
            return cut is not None

        is_integer = np.append(self.choices.is_integer, False)
        x, _ = agreed(lambda: self.program(gives), is_integer, misses)
        self.known.append(x[:n])
        return float(x[n])

    def program(self, gives: Any) -> LinearProgram:
        """Return the program of the most covered in a draw: its last column."""
        choices, need = self.choices, self.supply.need
        rows = [choices.share_row(cut, gives, need) for cut in self.cuts]
        rows.append((choices.cost, self.plan.cost * (1.0 + SAME_COST)))
        aim = np.append(np.zeros(choices.n), -1.0)
        return choices.program(aim, rows, fixed=self.fixed, extra=1, extra_upper=self.part)


#: known plans that are asked in a draw
_ASKED = 3


def additions(
    planner: Planner,
    x: Floats,
    deciding: Floats,
    agreeing: Floats,
    chance: float,
    *,
    fixed: Mapping[str, int],
    time_limit: float | None = None,
) -> tuple[Floats, Bound] | None:
    """Return a plan with what to add at least cost; None where nothing that is left is enough.

    The bound is what the two cost at least where they reach the target in as many of the draws that
    decided.

    All of the plan `x` stays. `deciding` draws decide and `agreeing` ones must agree, so that the
    part `chance` of them reaches the target of the first year. The time limit, in seconds, is that
    of each integer program.
    """
    choices, (cases, share) = planner.choices, cases_of(planner, deciding)
    year, n = min(planner.supplies), len(cases)
    cache = {**fixed, **{name: 1 for name, position in choices.place.items() if x[position] > 0.5}}
    program = Cases(choices, cases, cache, time_limit)
    program.know(planner.cuts[year])
    # all that begins in the plan begins in the same year
    begun = -np.eye(choices.n + 2 * n)[np.flatnonzero(x[: choices.n] > 0.5)]
    stays = tuple((row, -1.0) for row in begun)
    needed = math.ceil(chance * n - 1e-9)
    while needed <= n:
        aimed = _often(choices.cost, stays, share, n, needed)
        try:
            values = program.best(aimed)
        except InfeasibleError:
            return None
        with_all = values[: choices.n]
        stated = float(reached(planner.only(year), with_all, agreeing)[1].mean())
        if stated >= chance:
            return with_all, program.proved(aimed, float(choices.cost @ with_all))
        needed += max(1, math.floor((chance - stated) * n))
    return None


def _often(
    cost: Floats, stays: tuple[tuple[Floats, float], ...], share: float, n: int, needed: int
) -> Aimed:
    """Return the cost as an objective where so many draws cover a part.

    Columns behind those of the choice: coverage of each draw, and whether it is enough.
    """
    eye, nothing = np.eye(n), np.zeros((n, cost.size))
    rows = [*stays, *((row, 0.0) for row in np.hstack([nothing, -eye, share * eye]))]
    rows.append((np.append(np.zeros(cost.size + n), -np.ones(n)), -float(needed)))
    upper, is_whole = np.append(np.full(n, share), np.ones(n)), np.arange(2 * n) >= n
    return Aimed(np.append(cost, np.zeros(2 * n)), tuple(rows), np.zeros(2 * n), upper, is_whole)


#: draws by which it is decided what to add: so few that what nothing is cheaper than is proved
_ADDING = 40


def chance_of(
    planner: Planner, query: Query, fixed: Mapping[str, int], plan: Plan
) -> dict[str, Any]:
    """Return how often the plan reaches its target, what is missed, regretted, and what to add."""
    fresh = drawn(planner, query.draws, seed=query.seed)
    every, first = reached(planner, plan.x, fresh)
    (low, high), at_risk = regrets_of(planner, plan, fresh, fixed), None
    if query.risk is not None:
        at_risk = shortfall_at_risk(planner, plan.x, fresh, query.risk)
    record = {
        "n_draws": query.draws,
        "chance_share": float(first.mean()),
        "chance_all_share": float(every.mean()),
        "n_exact": int((high - low <= 2.0 * REACHED).sum()),
        "regret_share": float(low.mean()),
        "regret_high_share": float(high.mean()),
        "risk_share": at_risk,
        "chance_asked_share": query.chance,
    }
    return (
        record
        if first.mean() >= query.chance
        else {**record, **_surer_of(planner, query, fixed, plan, fresh)}
    )


def _surer_of(
    planner: Planner, query: Query, fixed: Mapping[str, int], plan: Plan, fresh: Floats
) -> dict[str, Any]:
    """Return what to add until the first target is reached as often as is asked."""
    choices = planner.choices
    deciding = drawn(planner, min(query.draws, _ADDING), seed=query.seed + 1)
    # Others agree that it is enough, and others again tell the chance: those that have a say are
    # met more often than what is to come.
    agreeing = drawn(planner, query.draws, seed=query.seed + 2)
    options: dict[str, Any] = {"fixed": fixed, "time_limit": query.time_limit}
    results = additions(planner, plan.x, deciding, agreeing, query.chance, **options)
    if results is None:
        return {}
    (with_all, bound), only, rows = results, planner.only(min(planner.supplies)), list[Surer]()
    costs = {
        name: float(choices.cost[choices.column(name, year)])
        for name, year in choices.portfolio(with_all).starts.items()
        if name not in plan.portfolio.ids
    }
    ids = set(plan.portfolio.ids)
    for name in sorted(costs, key=lambda name: (costs[name], name)):
        ids.add(name)
        share = float(reached(only, choices.only(with_all, ids), fresh)[1].mean())
        rows.append(Surer(name, choices.offer(name).row.name, costs[name], share))
    return {
        "surer": tuple(rows),
        "surer_cost": float(choices.cost @ with_all) - plan.cost,
        "surer_bound": max(0.0, bound.value - plan.cost),
        "n_deciding": len(deciding),
    }
