"""Objectives that count money: the cheapest way to serve the most, and what is worth its cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from supplynet.analysis.balance.bill import Bill, Worth, bill, worths
from supplynet.analysis.balance.solve import Run, max_supply
from supplynet.errors import OptionError, UnboundedError
from supplynet.network.money import charge_rows, price_rows
from supplynet.terms import ENDS, LEVELS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from supplynet.analysis.balance.model import Model
    from supplynet.network.network import SupplyNetwork

#: programs count in thousands of US dollars, which keeps their figures near 1
THOUSAND = 1e-3


def require_money(net: SupplyNetwork, objective: str) -> None:
    """Refuse an objective for which the graph has no figures.

    Raises
    ------
    OptionError
        If ``cost`` is asked of a graph without charges, or ``price`` without prices.
    """
    if objective == "cost" and not charge_rows(net):
        raise OptionError(
            f"objective 'cost' needs to know what things cost, and {net.name} has no charges",
            hint="add a table charges.csv, or ask for another objective",
        )
    if objective == "price" and not any(row.kind != "factor" for row in price_rows(net)):
        raise OptionError(
            f"objective 'price' needs to know what buyers pay, and {net.name} has no prices",
            hint="add a table prices.csv, or ask for another objective",
        )


def cost(run: Run, weights: Mapping[str, float]) -> dict[str, float]:
    """Serve the most, and of all ways to do so take the cheapest.

    Costs are those of processing and moving, with tariffs and taxes, less premiums.

    Returns
    -------
    dict of str to float
        Least cost at the low, central and high end of all charges, US dollars per year.

    Raises
    ------
    UnboundedError
        If a premium pays for moving without end.
    """
    max_supply(run, weights)
    charged = bill(run.model)
    best = {}
    for level in (*ENDS, "central"):
        name = "cost" if level == "central" else f"cost, {level} figures"
        objective = THOUSAND * charged.vector(level)
        best[level] = _bounded(run, name, objective, maximize=False) / THOUSAND
    run.pin(-objective, -best["central"] * THOUSAND)
    return best


def price(run: Run) -> dict[str, float]:
    """Serve what is worth its cost: the most of worth less costs; demand may go unmet.

    Returns
    -------
    dict of str to float
        Worth less cost, US dollars per year: ``low`` with prices at their low and charges at
        their high end, ``central``, and ``high`` the other way round.

    Raises
    ------
    UnboundedError
        If a premium pays for moving without end.
    """
    charged, paid = bill(run.model), worths(run.model)
    best = {}
    for level in (*ENDS, "central"):
        name = "price" if level == "central" else f"price, {level} figures"
        objective = THOUSAND * gain(run.model, charged, paid, level)
        best[level] = _bounded(run, name, objective, maximize=True) / THOUSAND
    run.pin(objective, best["central"] * THOUSAND)
    return best


def gain(
    model: Model, charged: Bill, paid: tuple[Worth, ...], level: str = "central"
) -> npt.NDArray[np.float64]:
    """Return worth less cost of a tonne of each variable, US dollars."""
    vector = -charged.vector(LEVELS[level].opposite)  # the least favorable ends together
    for worth in paid:
        vector[model.columns.at("served", worth.nation, worth.product)] += getattr(worth, level)
    return vector


def _bounded(run: Run, name: str, objective: npt.NDArray[np.float64], *, maximize: bool) -> float:
    """Solve for the best value of a sum of money."""
    try:
        solve = run.maximize if maximize else run.minimize
        return solve(name, objective).objective
    except UnboundedError as error:
        raise UnboundedError(
            "a premium pays for moving without end: nothing limits what earns it",
            hint="give the links that earn it a bound, or lower the premium",
        ) from error
