"""What is worth its cost is served: the most of worth less costs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from supplynet.analysis.balance.bill import Bill, Worth, bill, worths
from supplynet.analysis.balance.objectives import Reached
from supplynet.analysis.balance.objectives.cost import THOUSAND, best_by_level
from supplynet.errors import OptionError
from supplynet.network.demand import price_rows
from supplynet.terms import LEVELS

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.balance.programs import Run, Words
    from supplynet.analysis.question import Question
    from supplynet.arrays import Floats
    from supplynet.network.network import SupplyNetwork


def require(net: SupplyNetwork) -> None:
    """Refuse a graph that does not know what buyers pay."""
    if not any(row.kind != "factor" for row in price_rows(net)):
        raise OptionError(
            f"objective 'price' needs to know what buyers pay, and {net.name} has no prices",
            hint="add a table prices.csv, or ask for another objective",
        )


def solve(run: Run, _question: Question, _words: Words) -> Reached:
    """Serve what is worth its cost: the most of worth less costs; demand may go unmet.

    The low end has prices at their low and charges at their high end; the high end is the other way
    round. An UnboundedError if a premium pays for moving without end.
    """
    dollars = partial(gain, run.model, bill(run.model), worths(run.model))
    best = best_by_level(run, "price", dollars, maximize=True)
    run.pin(THOUSAND * dollars("central"), best["central"] * THOUSAND)
    return Reached(optimum=best)


def gain(model: Model, charged: Bill, paid: tuple[Worth, ...], level: str = "central") -> Floats:
    """Return worth less cost of a tonne of each variable, US dollars."""
    vector = -charged.vector(LEVELS[level].opposite)  # the least favorable ends together
    for worth in paid:
        vector[model.columns.at("served", worth.nation, worth.product)] += getattr(worth, level)
    return vector
