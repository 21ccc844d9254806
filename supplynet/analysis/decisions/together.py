"""What a set of options is worth, and how nations that plan together share the cost fairly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, cast

import numpy as np

from supplynet.analysis.decisions.offers import chain
from supplynet.analysis.decisions.result import NationCost, SetWorth
from supplynet.analysis.flow.contribution import contributions
from supplynet.errors import InfeasibleError, OptionError
from supplynet.network.selector import select

if TYPE_CHECKING:
    from supplynet.analysis.decisions.offers import Offer
    from supplynet.analysis.decisions.planner import Plan, Planner
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Option


def worths_of(
    net: SupplyNetwork,
    planner: Planner,
    plan: Plan,
    fixed: Mapping[str, int],
    names: Iterable[str],
    time_limit: float | None,
) -> tuple[SetWorth, ...]:
    """Return what the plan would cost more without each set of options.

    The next best plan reaches the same target in the same years and takes none of the set.
    """
    rows = []
    for name in names:
        ids = tuple(offer.id for offer in named(net, planner.choices.offered, name))
        needed = [one for one in ids if fixed.get(one) == 1]
        if needed:
            raise OptionError(f"{needed[0]} is included, so that nothing goes without it")
        try:
            without = planner.least(
                fixed={**fixed, **dict.fromkeys(ids, 0)}, time_limit=time_limit
            ).cost
        except InfeasibleError:
            without = np.inf
        rows.append(SetWorth(name, ids, without, max(0.0, without - plan.cost)))
    return tuple(rows)


def named(net: SupplyNetwork, offered: Sequence[Offer], name: str) -> tuple[Offer, ...]:
    """Return the options of a set: those of the ids, else those of which a plant is selected.

    Raises
    ------
    UnknownNameError
        If it is neither.
    OptionError
        If none of the set can be chosen.
    """
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
    nations: Sequence[str], cost: float, cost_of: Callable[[frozenset[str]], float]
) -> tuple[NationCost, ...]:
    """Return the fair part of each nation in the cost of a plan that they make together.

    Parameters
    ----------
    nations : sequence of str
    cost : float
        Of the plan of all.
    cost_of : callable
        Cost of the cheapest plan of some of them; asked once for every team but all and none.

    Notes
    -----
    Shapley (1953), doi:10.1515/9781400881970-018.
    """
    teams: dict[frozenset[str], float] = {frozenset(): 0.0, frozenset(nations): cost}

    def worth(team: frozenset[str]) -> float:
        if team not in teams:
            teams[team] = cost_of(team)
        return teams[team]

    parts = contributions(nations, worth)
    return tuple(
        NationCost(nation, part.alone, part.marginal, part.shapley, part.alone - part.shapley)
        for nation, part in parts.items()
    )
