"""What a set of options is worth, and how nations that plan together share the cost fairly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, cast

import numpy as np

from supplynet.analysis.decisions.offers import chain
from supplynet.analysis.decisions.planner import Bound
from supplynet.analysis.decisions.rows import NationCost, SetWorth
from supplynet.analysis.flow.bypass import contributions
from supplynet.errors import InfeasibleError, OptionError
from supplynet.network.selector import select

if TYPE_CHECKING:
    from supplynet.analysis.decisions.case import Solution
    from supplynet.analysis.decisions.offers import Offer
    from supplynet.analysis.decisions.planner import Plan, Planner
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Option
    from supplynet.solve.check import Certificate


def worths_of(
    net: SupplyNetwork,
    planner: Planner,
    plan: Plan,
    fixed: Mapping[str, int],
    names: Iterable[str],
    time_limit: float | None,
) -> tuple[tuple[SetWorth, ...], list[Certificate]]:
    """Return what the plan would cost more without each set of options, and what proves it.

    The next best plan reaches the same target in the same years and takes none of the set. An
    option of a set that is included whatever it costs is an OptionError.
    """
    rows, checks = [], []
    for name in names:
        ids = tuple(offer.id for offer in named(net, planner.choices.offered, name))
        needed = [one for one in ids if fixed.get(one) == 1]
        if needed:
            raise OptionError(f"{needed[0]} is included, so that nothing goes without it")
        cost, bound = _without(planner, {**fixed, **dict.fromkeys(ids, 0)}, time_limit)
        checks.append(bound.certificate)
        rows.append(SetWorth(name, cost, bound.value, max(0.0, cost - plan.cost), ids))
    return tuple(rows), checks


def _without(
    planner: Planner, fixed: Mapping[str, int], time_limit: float | None
) -> tuple[float, Bound]:
    """Return the least cost with some options left out, infinite for none, and what proves it."""
    try:
        plan = planner.least(fixed=fixed, time_limit=time_limit)
    except InfeasibleError:
        # a tree in which no branch holds anything proves a bound beyond the cost of everything
        rows = planner.rows(planner.wanted())
        program = planner.choices.program(planner.choices.cost, rows, fixed=fixed)
        beyond = planner.proved(program, float(np.abs(planner.choices.cost).sum()) + 1.0)
        return np.inf, Bound(np.inf, beyond.n_programs, beyond.certificate)
    return plan.cost, planner.proved(plan.program, plan.cost)


def named(net: SupplyNetwork, offered: Sequence[Offer], name: str) -> tuple[Offer, ...]:
    """Return the options of a set: those of the ids, else those of which a plant is selected."""
    ids = [text.strip() for text in name.split(",")]
    known = cast("tuple[Option, ...]", net.rows("options"))
    if set(ids) <= {row.id for row in known}:
        chosen = tuple(offer for offer in offered if offer.id in ids)
    else:
        nodes = select(net, name).surely
        chosen = tuple(
            offer for offer in offered if offer.row.nodes and nodes & set(chain(net, offer.row))
        )
    if not chosen:
        raise OptionError(f"no option that can be chosen is of {name}")
    return chosen


def nations_of(
    nations: Sequence[str], cost: float, solve: Callable[[frozenset[str]], Solution]
) -> tuple[tuple[NationCost, ...], list[Certificate]]:
    """Return the fair part of each nation in the cost of a plan that they make together.

    `cost` is that of the plan of all; `solve` gives the cheapest plan of some of them and is asked
    once for every team but all and none. Certificates are of the plan of every team.

    Notes
    -----
    Shapley (1953), doi:10.1515/9781400881970-018.
    """
    teams: dict[frozenset[str], float] = {frozenset(): 0.0, frozenset(nations): cost}
    checks: list[Certificate] = []

    def worth(team: frozenset[str]) -> float:
        if team not in teams:
            solution = solve(team)
            teams[team] = solution.plan.cost
            checks.append(solution.bound.certificate)
        return teams[team]

    parts = contributions(nations, worth)
    rows = tuple(
        NationCost(nation, part.alone, part.marginal, part.shapley, part.alone - part.shapley)
        for nation, part in parts.items()
    )
    return rows, checks
