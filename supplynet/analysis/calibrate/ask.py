"""Which flows of a year come nearest to what was observed and published?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
import numpy.typing as npt

from supplynet.analysis.calibrate.observations import as_written, span
from supplynet.analysis.calibrate.program import Band, Limits, matrix_of
from supplynet.analysis.provenance import provenance
from supplynet.analysis.question import Question, ask
from supplynet.analysis.words import CountedWords, known_words, measured_words, takes
from supplynet.errors import InfeasibleError, OptionError
from supplynet.network.demand import CALIBRATION, target_rows
from supplynet.network.scenario.years import measured_year
from supplynet.solve.check import Certificate
from supplynet.solve.lp.relief import smallest_clash
from supplynet.solve.together import in_turn

if TYPE_CHECKING:
    from supplynet.analysis.balance.programs import Run
    from supplynet.analysis.calibrate.lines import TargetLines
    from supplynet.analysis.calibrate.program import Fit
    from supplynet.analysis.calibrate.result import CalibrationResult, YearFit
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Target


@takes(CountedWords)
def calibrate(
    net: SupplyNetwork,
    *,
    year: int | Iterable[int] | None = None,
    every: bool = True,
    time_limit: float | None = None,
    **words: Unpack[CountedWords],
) -> CalibrationResult:
    """Which flows of a year come nearest to what was observed and published?

    A linear program over all links and elements, as in a balance: flows within capacities (at
    the high ends of their ranges), recoveries, recipes and tonnages of links have the least sum
    of absolute deviations from the tonnages of observed links and corridors, from what plants
    made, from what nations asked for, and from the targets that are used for calibration, whose
    tolerances are limits. Targets that are used as a check have no part in it.

    Parameters
    ----------
    net : SupplyNetwork
        With a table ``targets``, or without: then the tables alone are fitted to.
    year : int or iterable of int, optional
        Years of the graph. Default: the base year, and every year that stands for a target.
    every : bool
        Whether all years are fitted where none is asked for, and not the base year alone.
    links : {"observed", "contracted", "planned", "memorandum", "possible"}, optional
        Weakest standing of links that may be used; what is less sure than observed is used no
        more than needed.
    tier : {"operating", "committed", "announced", "possible"}, optional
        Links and plants in one word, in place of both. Default: possible, as the fit itself
        says which links carried.

    Returns
    -------
    CalibrationResult
        Targets against the model, residuals, baseline flows and certificates.

    Raises
    ------
    UnknownNameError
        If a selector of a target or a scenario names nothing.
    OptionError
        If a year lies outside the graph, or one bound holds links that a target distinguishes.
    TableError
        If a target's unit cannot measure what it counts, or a unit value is missing.
    InfeasibleError
        If targets contradict each other or the graph: names the smallest set that clashes.
    InterruptedSolveError
        If the time limit was reached.
    CertificateError
        If the independent check refuses a solution.

    References
    ----------
    Charnes, Cooper, Ferguson (1955), "Optimal estimation of executive compensation by linear
    programming", for least absolute deviations as a linear program.

    Examples
    --------
    >>> import supplynet as sn
    >>> result = calibrate(sn.load("tutorial"))
    >>> result.certificate.ok
    True
    """
    from supplynet.analysis.calibrate.result import CalibrationResult

    known_words(words, calibrate)
    first = net.commodity
    stages = [f"stage:{stage.name}" for stage in net.stages if stage.is_nation]
    if not stages:
        raise OptionError(f"{net.name} has no stage of nations, so that nobody buys")
    questions, fits = [], []
    if year is None:
        year = years_of(net) if every else measured_year(net)
    for model_year in in_turn(_years(year), str):
        # All nations draw, for what was observed is what all of them got.
        asked: dict[str, Any] = measured_words(net, {**words, "year": model_year})
        questions.append(ask(net, to=stages, **asked))
        fits.append(_fit(questions[-1], time_limit))
    question = questions[0]
    source = provenance(question, years=[fit.year for fit in fits], every=every, basis=first.basis)
    every_run = (run for fit in fits for run in fit.run.certificates.values())
    return CalibrationResult(
        question=question,
        years=tuple(fits),
        certificate=Certificate(tuple(check for run in every_run for check in run.checks)),
        provenance=source,
    )


def _years(year: int | Iterable[int]) -> tuple[int, ...]:
    """Return the years that are asked for, in order."""
    years = {year} if isinstance(year, int) else set(year)
    if not years:
        raise OptionError("no year is asked for", hint="leave the year out for all")
    return tuple(sorted(years))


def years_of(net: SupplyNetwork) -> tuple[int, ...]:
    """Return the base year, and every year that stands for a target.

    Examples
    --------
    >>> import supplynet as sn
    >>> years_of(sn.load("rare-earths"))
    (2024, 2025)
    """
    named = {row.model_year for row in target_rows(net) if row.model_year is not None}
    return tuple(sorted(named | {measured_year(net)}))


def _fit(question: Question, time_limit: float | None) -> YearFit:
    """Calibrate one year."""
    from supplynet.analysis.balance.model import model
    from supplynet.analysis.balance.programs import Run
    from supplynet.analysis.balance.scope import scope
    from supplynet.analysis.calibrate.lines import reader, target_lines
    from supplynet.analysis.calibrate.observations import observations
    from supplynet.analysis.calibrate.program import (
        Fit,
        Limits,
        at_high_ends,
        band,
        closed,
        no_waste,
        observed_sides,
        off,
        split_by_targets,
    )
    from supplynet.analysis.calibrate.result import YearFit

    targets = [row for row in target_rows(question.net) if row.model_year == question.year]
    sides = observed_sides(question.net, question.year)
    net, parts = split_by_targets(at_high_ends(question.net), targets, sides)
    given = scope(
        net,
        year=question.year,
        links=question.links,
        plants=question.plants,
        closed=frozenset(),
        elements=net.commodity.elements,
        basis="capacity",
    )
    run = Run(model(given), time_limit)
    read = reader(run.model)
    lines = {target.id: target_lines(read, target) for target in targets}
    fitted = [target for target in targets if target.used_for == CALIBRATION]
    bands = {target.id: band(target, lines[target.id]) for target in fitted}
    limits = Limits(no_waste(run.model), closed(run.model, sides))
    require_no_clash(run, limits, fitted, bands, lines, time_limit)
    observed = observations(run.model)
    fit = Fit(run, observed, limits, list(bands.values()))
    wholes = _wholes(fit, fitted, lines)
    x, deviation = fit.settled(
        [off(target, lines[target.id], wholes[target.id]) for target in fitted]
    )
    return YearFit(question.year, run, x, tuple(targets), lines, observed, deviation, parts)


def _wholes(fit: Fit, fitted: list[Target], lines: Mapping[str, TargetLines]) -> dict[str, float]:
    """Return the whole of each share as it is when only tolerances hold and tables are fitted."""
    if not any(target.kind == "share" for target in fitted):
        return dict.fromkeys((target.id for target in fitted), 1.0)
    x = fit.near("tolerances")
    return {target.id: lines[target.id].whole.at(x) for target in fitted}


def require_no_clash(
    run: Run,
    limits: Limits,
    targets: Sequence[Target],
    bands: Mapping[str, Band],
    lines: Mapping[str, TargetLines],
    time_limit: float | None,
) -> None:
    """Refuse targets whose tolerances cannot hold together within the graph.

    An InfeasibleError names the smallest set that clashes; without any one of it the others can
    hold.
    """
    if not targets:
        return
    n = len(run.model.columns)
    terms, sides = limits.rows
    more = matrix_of(terms, n), sides
    lp = run.model.program(np.zeros(n), maximize=False, more=more, upper=limits.upper)
    groups = [_group(bands[target.id], n) for target in targets]
    clash = smallest_clash(lp, groups, time_limit=time_limit)
    if clash is None:
        return
    clashing = [targets[number] for number in clash.groups]
    told = "; ".join(f"{target.id} ({target.title}) must be {span(target)}" for target in clashing)
    if len(clashing) == 1:
        only = clashing[0]
        part, whole = lines[only.id].part.at(clash.x), lines[only.id].whole.at(clash.x)
        nearest = part / whole if whole else 0.0
        raise InfeasibleError(
            f"target {told}, and within capacities, recoveries and links of "
            f"{run.model.scope.year} it cannot; the nearest is {as_written(only, nearest)}",
            hint="correct the figure or the graph, widen its tolerance, or use it for a check",
        )
    raise InfeasibleError(
        f"{len(clashing)} targets of {run.model.scope.year} cannot hold together, and no smaller "
        f"set of targets clashes: {told}",
        hint="any of them alone can go: correct it, widen its tolerance, or use it for a check",
    )


def _group(band: Band, n: int) -> tuple[object, npt.NDArray[np.float64]]:
    """Rows of a target, each divided by its largest coefficient."""
    terms, sides = band
    scales = np.array([max((abs(weight) for weight in row.values()), default=1.0) for row in terms])
    rows = [
        {column: value / scale for column, value in row.items()}
        for row, scale in zip(terms, scales, strict=True)
    ]
    return matrix_of(rows, n), sides / scales
