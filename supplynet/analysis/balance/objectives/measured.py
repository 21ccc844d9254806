"""What went in a year: the flows that a calibration wrote down, as a balance."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from supplynet.errors import OptionError
from supplynet.network.scenario.years import measured_year
from supplynet.terms import MEASURED

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


def usual_objective(net: SupplyNetwork, year: int | None = None) -> str:
    """Return by which balance supply is traced where nothing is said or changed.

    Examples
    --------
    >>> import supplynet as sn
    >>> net = sn.load("rare-earths")
    >>> usual_objective(net, 2024), usual_objective(net, 2030)
    ('measured', 'fair')
    """
    is_of_year = (year or measured_year(net)) in measured_years(net)
    return MEASURED if is_of_year and not net.applied else "fair"


def run_of_year(question: Question, texts: Words) -> Run:
    """Return the model that flows were calibrated on, with nothing asked of it.

    Capacities are at their high ends, and corridors are distinguished as targets do. The flows
    nearest to the table are those of the table, but for its rounding. An OptionError if the year
    was not calibrated, or something is avoided or assumed.
    """
    from supplynet.analysis.balance.programs import Run
    from supplynet.analysis.calibrate.fit import prepared

    years = measured_years(question.net)
    if question.year not in years:
        text = f"it holds {', '.join(map(str, years))}" if years else "it holds none"
        raise OptionError(
            f"the table baseline of {question.net.name} holds no flows of {question.year}; {text}",
            hint="supplynet graph calibrate GRAPH -o baseline.csv writes them; or ask for another "
            "objective",
        )
    if question.avoid or question.net.applied:
        raise OptionError(
            "what was measured is no what-if: nothing can be avoided or assumed",
            hint="leave out avoid and scenario, or ask for another objective",
        )
    return Run(prepared(question, texts.elements).model, texts.time_limit)
