"""The most in all, and of all routes the cheapest: what money programs share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from supplynet.analysis.balance.bill import bill
from supplynet.analysis.balance.objectives import Reached
from supplynet.analysis.balance.objectives.max_supply import serve_most
from supplynet.errors import OptionError, UnboundedError
from supplynet.network.demand import charge_rows
from supplynet.terms import ENDS

if TYPE_CHECKING:
    from supplynet.analysis.balance.programs import Run, Words
    from supplynet.analysis.question import Question
    from supplynet.arrays import Floats
    from supplynet.network.network import SupplyNetwork

#: programs count in thousands of US dollars, which keeps their figures near 1
THOUSAND = 1e-3


def require(net: SupplyNetwork) -> None:
    """Refuse a graph that does not know what things cost."""
    if not charge_rows(net):
        raise OptionError(
            f"objective 'cost' needs to know what things cost, and {net.name} has no charges",
            hint="add a table charges.csv, or ask for another objective",
        )


def solve(run: Run, _question: Question, words: Words) -> Reached:
    """Serve the most, and of all ways to do so take the cheapest.

    Costs are those of processing and moving, with tariffs and taxes, less premiums: the least at
    the low, central and high end of all charges. An UnboundedError if a premium pays for moving
    without end.
    """
    serve_most(run, words.weights)
    charged = bill(run.model)
    best = best_by_level(run, "cost", charged.vector, maximize=False)
    run.pin(-THOUSAND * charged.vector("central"), -best["central"] * THOUSAND)
    return Reached(optimum=best)


def best_by_level(
    run: Run, name: str, dollars: Callable[[str], Floats], *, maximize: bool
) -> dict[str, float]:
    """Return the best value of a sum of money at each end of its figures, the central one last.

    `dollars` gives US dollars of a tonne of each variable, by level; the name is that of the
    programs. An UnboundedError if a premium pays for moving without end.
    """
    solve_program = run.maximize if maximize else run.minimize
    best = {}
    for level in (*ENDS, "central"):
        program = name if level == "central" else f"{name}, {level} figures"
        try:
            best[level] = solve_program(program, THOUSAND * dollars(level)).objective / THOUSAND
        except UnboundedError as error:
            raise UnboundedError(
                "a premium pays for moving without end: nothing limits what earns it",
                hint="give the links that earn it a bound, or lower the premium",
            ) from error
    return best
