"""Least regret: the choice whose worst loss over scenarios is least (Savage, 1951).

doi:10.1080/01621459.1951.10500768. For a budget, the regret of a scenario is the coverage that the
best choice for it has for as much money, less that of the choice, in the worst year of each; the
greatest of all scenarios is made as small as can be, and of all choices that do as well the
cheapest is taken. With a target, the choice reaches it in every scenario at least cost, which is
also the least that it can cost more than the best of any one of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from supplynet.analysis.decisions.planner import REACHED, Aimed, Case, Cases, Planner, both
from supplynet.analysis.decisions.rows import Outcome
from supplynet.solve.check import worst

if TYPE_CHECKING:
    from supplynet.analysis.decisions.planner import Bound, Plan
    from supplynet.analysis.decisions.supply import Supply


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
    columns = {name: place for place, name in enumerate(worlds)}
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
    planner: Planner, fixed: Mapping[str, int], part: float | None, time_limit: float | None
) -> tuple[float, float, Bound]:
    """Return coverage and cost of the best choice for one scenario, and what proves it."""
    if part is None:
        plan, covered, bound = planner.most_covered(fixed=fixed, time_limit=time_limit)
        return covered, plan.cost, bound
    plan = planner.least(wanted=planner.wanted(part), fixed=fixed, time_limit=time_limit)
    return _covered(planner, plan), plan.cost, planner.proved(plan.program, plan.cost)


def _greatest(n: int, best: list[float]) -> Aimed:
    """Return the greatest regret as an objective: a column r with best - z <= r for each."""
    eye, one = -np.eye(len(best)), -np.ones((len(best), 1))
    rows = np.hstack([np.zeros((len(best), n)), eye, one])
    pairs = tuple((row, -covered) for row, covered in zip(rows, best, strict=True))
    objective = np.append(np.zeros(n + len(best)), 1.0)
    return Aimed(objective, pairs, np.zeros(len(best) + 1), np.ones(len(best) + 1))
