"""What a plan carries so that others can check it: its years, its cost, and a bound of that."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from supplynet.analysis.proofs import Programs, Proof, figure
from supplynet.solve.lp.solve import proved
from supplynet.terms import ENDS

if TYPE_CHECKING:
    from supplynet.analysis.decisions.case import PlanCase
    from supplynet.analysis.decisions.planner import Plan
    from supplynet.analysis.decisions.supply import Value
    from supplynet.solve.lp.program import LinearProgram, LinearSolution

#: names of the ends of figures
LOW_HIGH = tuple(end.name for end in ENDS.values())


def _of_need(need: float, value: Value) -> tuple[LinearProgram, LinearSolution]:
    """Return what is brought as a share of the need: needs differ between the ends of the data."""
    return replace(value.program, c=value.program.c / need), replace(
        value.solution,
        objective=value.solution.objective / need,
        dual_ub=value.solution.dual_ub / need,
        dual_eq=value.solution.dual_eq / need,
    )


def plan_proof(
    case: PlanCase, plan: Plan, proved_years: Callable[[], Mapping[str, tuple[float, Value]]]
) -> Proof:
    """Return what a plan brings in each year, what it costs, and what it costs in parts at least.

    `proved_years` gives need and what is brought by ``"{year} {end of the data}"``, and before
    anything is chosen.
    """
    programs, choices, figures = Programs(), case.planner.choices, list[Proof]()
    years = proved_years()
    for name, (need, value) in years.items():
        lp, solution = _of_need(need, value)
        programs.add(name, lp, [], solution=solution)
    for year in dict.fromkeys(int(name.split()[0]) for name in years):
        of_year = {"where": {"year": year}}
        ends = [f"{year} {end}" for end in ("central", *LOW_HIGH)]
        need = years[ends[0]][0]
        figures += [
            figure("years", "served", ends[0], times=need, **of_year),
            figure("years", "coverage", ends[0], **of_year),
            figure("years", "before", f"{year} before", **of_year),
        ]
        if years.keys() >= set(ends):
            figures += [
                figure("years", "coverage_low", *ends, end="min", **of_year),
                figure("years", "coverage_high", *ends, end="max", **of_year),
            ]
    fixed = choices.program(choices.cost)
    costs = {"cost": choices.cost, **dict(zip(LOW_HIGH, choices.cost_ends, strict=True))}
    costs |= {f"spent {year}": choices.spent(year) for year in case.horizon.years}
    for name, cost in costs.items():
        programs.add(name, replace(fixed, c=cost), [], x=plan.x)
    figures += [
        figure("", "cost", "cost"),
        figure("", "cost_low", "low", "high", end="min"),
        figure("", "cost_high", "low", "high", end="max"),
        figure("years", "spent", "spent {year}"),
    ]
    for option, start in plan.portfolio.starts.items():
        column, where = choices.column(choices.place[option], start), {"where": {"option": option}}
        weights = {key: float(costs[key][column]) for key in ("cost", *LOW_HIGH)}
        weights["start"] = float(start)
        for name, weight in weights.items():
            one = np.zeros(choices.n)
            one[column] = weight
            programs.add(f"{name} of {option}", replace(fixed, c=one), [], x=plan.x)
        figures += [
            figure("chosen", "start", f"start of {option}", **where),
            figure("chosen", "cost", f"cost of {option}", **where),
            *(
                figure("chosen", f"cost_{end}", *ends, **where, end=fold)
                for end, fold in zip(LOW_HIGH, ("min", "max"), strict=True)
                for ends in [[f"{end} of {option}" for end in LOW_HIGH]]
            ),
        ]
    parts = proved(plan.program)[0]
    programs.add("cheapest in parts", plan.program, [], solution=parts)
    return programs.proof(
        figures,
        "whether rows say what the tables do, and that no plan of whole options costs less: "
        f"in parts none is better than {parts.objective:g}",
        "limits, what options add, and all that was asked beside the plan",
    )
