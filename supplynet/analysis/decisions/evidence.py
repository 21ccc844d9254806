"""What a plan carries so that others can check it: what it brings, what it costs, what it rests on.

That no plan of whole options costs less is proved by a tree that is not reported.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from math import isclose
from typing import TYPE_CHECKING, Any

import numpy as np

from supplynet.analysis.balance.evidence import renamed
from supplynet.analysis.decisions.told import carrier_rows, limit_rows
from supplynet.analysis.proofs import Programs, Proof, figure, plain
from supplynet.solve.lp.solve import proved
from supplynet.terms import ENDS

if TYPE_CHECKING:
    from supplynet.analysis.decisions.supply import Supply, Value
    from supplynet.analysis.decisions.told import Told
    from supplynet.solve.lp.program import LinearProgram, LinearSolution

#: names of the ends of figures
LOW_HIGH = tuple(end.name for end in ENDS.values())
#: which of several values is the low one, and which the high one
_FOLDS = dict(zip(LOW_HIGH, ("min", "max"), strict=True))
# part of a figure by which what is read off a program may differ from it
_READ = 1e-7
# parts of demand that are rounding: of what comes, and of what is lost without an option
_ROUNDING, _HOLDS = 1e-9, 1e-6


def plan_proof(told: Told) -> Proof:
    """Return what a plan brings in each year, what it costs, and in parts at least."""
    programs, choices, figures = Programs(), told.choices, list[Proof]()
    plan, years, duals = told.plan, _proved(told), dict[str, Any]()
    for name, (supply, need, value) in years.items():
        lp, solution = _of_need(need, value)
        duals[name] = programs.add(name, lp, _asked(supply, value), solution=solution)
    for year in dict.fromkeys(int(name.split()[0]) for name in years):
        of_year = {"where": {"year": year}}
        bounds = [f"{year} {end}" for end in ("central", *LOW_HIGH)]
        supply, need, value = years[bounds[0]]
        asked = sum(x for x, name in zip(value.x, _asked(supply, value), strict=False) if name)
        of = bounds[:1] * isclose(asked, need, rel_tol=_READ)  # all but where some is drawn
        figures += [
            figure("years", "need", *of, sum=["target"], **of_year),
            figure("years", "served", bounds[0], times=need, **of_year),
            figure("years", "coverage", bounds[0], **of_year),
            figure("years", "before", f"{year} before", **of_year),
        ]
        if years.keys() >= set(bounds):
            figures += [
                figure("years", f"coverage_{end}", *bounds, end=fold, **of_year)
                for end, fold in _FOLDS.items()
            ]
    fixed = choices.program(choices.cost)
    costs = {"cost": choices.cost, **dict(zip(LOW_HIGH, choices.cost_ends, strict=True))}
    spent = {f"spent {year}": choices.spent(year) for year in told.horizon.years}
    for name, cost in {**costs, **spent}.items():
        programs.add(name, replace(fixed, c=cost), [], x=plan.x)
    for option, start in plan.portfolio.starts.items():
        column = choices.column(option, start)
        own = {name: float(cost[column]) for name, cost in costs.items()} | {"start": float(start)}
        for name, weight in own.items():
            each = np.zeros(choices.n)
            each[column] = weight
            programs.add(f"{name} of {option}", replace(fixed, c=each), [], x=plan.x)
    figures += [
        figure("", "cost", "cost"),
        figure("years", "spent", "spent {year}"),
        figure("chosen", "start", "start of {option}"),
        figure("chosen", "cost", "cost of {option}"),
    ]
    for table, each_of in (("", ""), ("chosen", " of {option}")):
        names = [f"{end}{each_of}" for end in LOW_HIGH]
        for end, fold in _FOLDS.items():
            figures.append(figure(table, f"cost_{end}", *names, end=fold))
    figures += [*_of_options(told, programs), *_carriers(told, programs), *_limits(told, duals)]
    parts = proved(plan.program)[0]
    programs.add("cheapest in parts", plan.program, [], solution=parts)
    return programs.proof(
        figures,
        "whether rows say what the tables do, and that no plan of whole options costs less: "
        f"in parts none is better than {parts.objective:g}",
        "all that was asked beside the plan",
    )


def _proved(told: Told) -> dict[str, tuple[Supply, float, Value]]:
    """Return what proves the years: need and what is brought, by year and name."""
    record = {"central": told.plan.x, "before": np.zeros(told.choices.n)}
    supplies = {**told.early, **told.planner.supplies}
    ends = {name: (supplies[int(name.split()[0])], *pair) for name, pair in told.ends.items()}
    return ends | {
        f"{year} {name}": (supply, supply.need, supply.value(told.choices.by_year[year] @ x))
        for name, x in record.items()
        for year, supply in supplies.items()
        if supply.need > 0.0
    }


def _of_need(need: float, value: Value) -> tuple[LinearProgram, LinearSolution]:
    """Return what is brought as a share of demand: needs differ between the ends of the data."""
    return replace(value.program, c=value.program.c / need), replace(
        value.solution,
        objective=value.solution.objective / need,
        dual_ub=value.solution.dual_ub / need,
        dual_eq=value.solution.dual_eq / need,
    )


def _asked(supply: Supply, value: Value) -> list[str]:
    """Return names of the variables of a program: what of the target is served, and what not."""
    aims = {(aim.nation, product) for aim in supply.aims for product in aim.products}
    names = renamed(supply.model, lambda *claim: "target" if claim in aims else None)
    return ["target" if name else "" for name in names] + [""] * (value.x.size - len(names))


def _of_options(told: Told, programs: Programs) -> Iterator[Proof]:
    """Yield what is lost without each option, and what each adds to those before it."""
    ids, until = told.plan.portfolio.ids, told.horizon.until

    def brings(name: str, year: int, some: Collection[str]) -> str:
        """Add what some options of the plan bring in a year; return its name as figures have it."""
        supply, x = told.planner.supplies[year], told.choices.only(told.plan.x, some)
        lp, solution = _of_need(supply.need, supply.value(told.choices.by_year[year] @ x))
        programs.add(name, lp, [], solution=solution)
        return plain(name)

    for option, year in told.worst.items():
        without = brings(f"{year} without {option}", year, ids - {option})
        of, at = (without, f"{year} central"), {"option": option}
        yield figure("chosen", "lost", *of, where=at, end="change", room=_HOLDS)
    if not (rows := told.stated.get("added", ())):
        return
    names = [brings("nothing added", until, ())]
    for n, row in enumerate(rows, 1):
        names.append(brings(f"{row.option} added", until, [one.option for one in rows[:n]]))
        at = {"option": row.option}
        yield figure("added", "coverage", names[-1], where=at)
        yield figure("added", "added", *names[-2:], where=at, end="change")


def _carriers(told: Told, programs: Programs) -> Iterator[Proof]:
    """Yield what comes in the last year without each row or option that carries it."""
    rows, year = told.stated.get("carried_by", ()), told.horizon.until
    if not rows:
        return
    supply, of_year = told.planner.supplies[year], told.choices.by_year[year]
    whole, ids = supply.value(of_year @ told.plan.x), told.plan.portfolio.ids
    columns = {named[:2]: places for named, _, _, places in carrier_rows(told.question.net, supply)}
    for row in rows:
        name, at = f"without {row.table} {row.id}", {"table": row.table, "id": row.id}
        if row.table == "options":
            left = supply.value(of_year @ told.choices.only(told.plan.x, ids - {row.id}))
            programs.add(name, left.program, [], solution=left.solution)
        else:
            upper = whole.program.upper.copy()
            upper[columns[row.table, row.id]] = 0.0
            lp = replace(whole.program, upper=upper)
            programs.add(name, lp, [], solution=proved(lp)[0])
        yield figure("carried_by", "tonnes", plain(name), where=at, room=_ROUNDING * supply.need)


def _limits(told: Told, duals: dict[str, Any]) -> Iterator[Proof]:
    """Yield what the limits in the first year of the target are, and what one more is worth."""
    year = told.horizon.by
    supply, name = told.planner.supplies[year], f"{year} central"
    value, vector = supply.value(told.choices.by_year[year] @ told.plan.x), duals.get(name)
    for limit, lines in limit_rows(supply, value):
        at = {"kind": limit.kind, "id": limit.id}
        yield figure("limits", "capacity", name, where=at, line=lines[:1], is_limit=True)
        is_read = vector is not None and isclose(
            supply.need * vector[lines].sum(), limit.worth, rel_tol=_READ
        )
        options = {"where": at, "line": lines, "is_dual": True, "times": supply.need}
        yield figure("limits", "worth", *[name] * is_read, **options)
