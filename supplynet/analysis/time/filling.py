"""Plants that fill or run down within a year, month by month, the mean of each year kept.

A table tells the mean of a year. Within it a capacity goes straight, by the slope s of the three
means around it, limited so that no month lies beyond the means of the years before and after::

    s = min(|c[y+1] - c[y-1]| / 2, 2 |c[y+1] - c[y]|, 2 |c[y] - c[y-1]|), with their sign, or 0
    c(month m of y) = c[y] + s ((m - 1/2) / 12 - 1/2)

It is the monotonized central slope of van Leer (1977), which keeps means and makes no new highs. A
plant that grows fast starts from nothing; one that is the same in the year before or after is
steady.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from supplynet.network.scenario.scenario import Scenario
from supplynet.network.timeline import capacities_in_force, runs
from supplynet.network.units import tonnage

if TYPE_CHECKING:
    from supplynet.analysis.time.horizon import Period
    from supplynet.analysis.time.states import Asked
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Node
    from supplynet.terms import LevelName

#: part of a year's mean by which a period must differ from it to count
_LEAST = 1e-9


def gradually(asked: Asked, period: Period) -> Asked:
    """Return the words of a question with the capacities of a period in place of its year's.

    Scenarios that hold throughout are applied first: what they set fills too. A whole year, or one
    in which no plant changes, keeps the words as they are.
    """
    question = asked.question(period.year)
    net = question.net
    factors = factors_of(net, period, question.plants, asked.level)
    if not factors:
        return asked
    changes = [
        {"verb": "scale", "nodes": f"node:{plant}", "factor": factor}
        for plant, factor in factors.items()
    ]
    filled = Scenario.from_dict({"change": changes}, name=f"capacities of {period.label}")
    return replace(asked, net=net.with_scenario(filled), scenario=())


def factors_of(
    net: SupplyNetwork, period: Period, plants: str, level: LevelName = "central"
) -> dict[str, float]:
    """Return what the capacity of a plant is in a period, as a part of its year's.

    Plants that are steady in the year are left out; expansions count as far as `plants` do.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.analysis.time.horizon import Period
    >>> from supplynet.network.months import Month
    >>> factors_of(sn.load("tutorial"), Period(Month(2024, 1), 12), "operating")
    {}
    """
    first = period.begin.month
    middle = (first - 1 + period.n_months / 2.0) / 12.0 - 0.5
    factors = {}
    for node in net.node_rows:
        means = [_mean(net, node, period.year + step, plants, level) for step in (-1, 0, 1)]
        if None in means or not means[1]:
            continue
        before, mean, after = (float(value or 0.0) for value in means)
        change = slope(before, mean, after) * middle
        if abs(change) > _LEAST * mean:
            factors[node.id] = 1.0 + change / mean
    return factors


def slope(before: float, mean: float, after: float) -> float:
    """Return by how much a capacity grows within a year, of the means of three years.

    Examples
    --------
    >>> slope(0.0, 10.0, 50.0), slope(20.0, 30.0, 40.0), slope(0.0, 10.0, 10.0)
    (20.0, 10.0, 0.0)
    """
    back, forth = mean - before, after - mean
    if back * forth <= 0.0:
        return 0.0
    least = min(abs(after - before) / 2.0, 2.0 * abs(forth), 2.0 * abs(back))
    return float(np.copysign(least, back))


def _mean(net: SupplyNetwork, node: Node, year: int, plants: str, level: LevelName) -> float | None:
    """Return the capacity of a plant in a year, 0 where it does not run; None for no limit."""
    if not runs(node, year):
        return 0.0
    step = capacities_in_force(net, year, plants).get(node.id)
    return tonnage(net, node if step is None else step, "capacity", level)
