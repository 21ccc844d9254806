"""What went in a year: the flows that a calibration wrote down, as a balance."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from supplynet.errors import OptionError

if TYPE_CHECKING:
    from supplynet.analysis.balance.programs import Run, Words
    from supplynet.analysis.question import Question
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Baseline


def measured_years(net: SupplyNetwork) -> tuple[int, ...]:
    """Return the years of which the table baseline holds flows.

    Examples
    --------
    >>> import supplynet as sn
    >>> measured_years(sn.load("tutorial"))
    ()
    """
    rows = cast("tuple[Baseline, ...]", net.rows("baseline"))
    return tuple(sorted({row.year for row in rows if row.what == "flow"}))


def run_of_year(question: Question, words: Words) -> Run:
    """Return the model that flows were calibrated on, with nothing asked of it.

    Capacities are at their high ends, and corridors are distinguished as targets do. The flows
    nearest to the table are those of the table, but for its rounding. An OptionError if the year
    was not calibrated, or something is avoided or assumed.
    """
    from supplynet.analysis.balance.model import model
    from supplynet.analysis.balance.programs import Run
    from supplynet.analysis.balance.scope import scope
    from supplynet.analysis.calibrate.program import at_high_ends, observed_sides, split_by_targets
    from supplynet.network.demand import target_rows

    years = measured_years(question.net)
    if question.year not in years:
        told = f"it holds {', '.join(map(str, years))}" if years else "it holds none"
        raise OptionError(
            f"the table baseline of {question.net.name} holds no flows of {question.year}; {told}",
            hint="supplynet graph calibrate GRAPH -o baseline.csv writes them; or ask for another "
            "objective",
        )
    if question.avoid or question.net.applied:
        raise OptionError(
            "what was measured is no what-if: nothing can be avoided or assumed",
            hint="leave out avoid and scenario, or ask for another objective",
        )
    year = question.year
    targets = [row for row in target_rows(question.net) if row.model_year == year]
    net, _ = split_by_targets(
        at_high_ends(question.net), targets, observed_sides(question.net, year)
    )
    given = scope(
        net,
        year=year,
        links=question.links,
        plants=question.plants,
        closed=frozenset(),
        elements=words.elements,
        basis="capacity",
    )
    return Run(model(given), words.time_limit)
