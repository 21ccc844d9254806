"""Calibrate: the flows of a year that come nearest to what was observed and published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from supplynet.analysis.calibrate.rows import BaselineRow, FitRow
from supplynet.contract.answer import Answer
from supplynet.contract.headline import Lead
from supplynet.contract.json_schema import ANYTHING, CERTIFICATES, NUMBER, array_of, mapping_of
from supplynet.contract.query import Floors, option, page, sentence, shared
from supplynet.contract.row import col, rows
from supplynet.errors import OptionError
from supplynet.questions.declared import question

if TYPE_CHECKING:
    from supplynet.analysis.calibrate.fit import YearFit
    from supplynet.analysis.calibrate.rows import Observation
    from supplynet.analysis.question import Question
    from supplynet.model.case import Case
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import UnitValue
    from supplynet.present.document import Document
    from supplynet.solve.check import Certificate


class Query(Floors):
    """Which years are fitted, and on which links and plants."""

    year: int | Iterable[int] | None = option(
        "Year of the graph.",
        default=None,
        kind="int or iterable of int",
        usual="the base year, and every year that stands for a published figure; on the first page "
        "of the command the base year alone",
        said="--model-year --year YEAR...",
        is_apart=True,
    )
    tier: str | None = shared(
        "tier",
        usual="possible, as the fit itself says which links carried: what is less sure than "
        "observed is used no more than needed",
        is_open=False,
    )
    every: bool = option(
        "Whether all years are fitted where none is asked for, and not the base year alone.",
        default=True,
        kind="bool",
        is_open=False,
        in_command=False,
        first=lambda texts: bool(texts.get("year")),
    )
    time_limit: float | None = shared("time_limit", is_open=False)


class CalibrationResult(
    Answer,
    name="calibration",
    title="Published figures against the flows that come closest to the tables",
    headline=(Lead("figures outside their tolerance", "n_outside"),),
    also=("n_outside",),
    by={
        "n_outside": "count(targets, is_within == False)",
        "unit_values.year": "names",
        **{
            f"unit_values.{name}": f"cell('unit_values', '{name}', series, source, target, year)"
            for name in ("worth", "worth_low", "worth_high")
        },
    },
    nested={
        "unit_values": array_of(ANYTHING),
        "deviation": {
            **mapping_of(NUMBER),
            "description": "Least sum of deviations, in tolerances, by year.",
        },
        "certificates": CERTIFICATES,
    },
):
    """Published figures against the model, residuals of the tables, and the flows of each year."""

    years: tuple[int, ...] = col("Years that were fitted.", by="asked")
    #: rows of the table unit_values that turned weight to value
    unit_values: tuple[UnitValue, ...]
    deviation: Mapping[str, float]
    certificates: Mapping[str, Certificate]  #: by year and program
    baseline: tuple[BaselineRow, ...] = rows(
        "Observed figures with their residuals, and every flow: the table baseline"
    )
    targets: tuple[FitRow, ...] = rows("Every target of the years against the model")
    #: figures of the tables that were fitted to, by year
    observed: Mapping[int, tuple[Observation, ...]]
    #: tonnes that mines and scrap yards send on, by year and headline element
    mined: Mapping[tuple[int, str], float]

    @property
    def n_outside(self) -> int:
        """Published figures that the model misses by more than is accepted."""
        return sum(not row.is_within for row in self.targets)

    @property
    def fitted(self) -> tuple[FitRow, ...]:
        """Targets that flows were fitted to."""
        return tuple(row for row in self.targets if row.used_for == "calibration")

    @property
    def held_out(self) -> tuple[FitRow, ...]:
        """Targets that had no part in the fit."""
        return tuple(row for row in self.targets if row.used_for != "calibration")

    @property
    def independent(self) -> tuple[FitRow, ...]:
        """Held-out targets that do not follow from rows of the graph: the test of it."""
        return tuple(row for row in self.held_out if not row.shares_inputs)

    @property
    def restated(self) -> tuple[FitRow, ...]:
        """Held-out targets that rows of the graph were worked out from, or the other way round."""
        return tuple(row for row in self.held_out if row.shares_inputs)

    @property
    def residuals(self) -> tuple[Observation, ...]:
        """Figures of the tables with what flows in their place, of all years."""
        return tuple(seen for year in self.observed.values() for seen in year)

    def _nested(self) -> dict[str, Any]:
        certificates = {
            name: certificate.to_dict() for name, certificate in self.certificates.items()
        }
        values = [row.model_dump(mode="json") for row in self.unit_values]
        return {
            "unit_values": values,
            "deviation": self.deviation,
            "certificates": certificates,
        }


@question(
    "calibrate",
    title="",
    together="",
    metrics={
        "outside": lambda answer: answer.n_outside,
        "held_out_outside": lambda answer: sum(not row.is_within for row in answer.held_out),
        "deviation": lambda answer: sum(answer.deviation.values()),
    },
    judged=lambda answer: {"": answer},
)
def calibrate(case: Case, query: Query) -> CalibrationResult:
    """Which flows of a year come nearest to what was observed and published?

    Flows of a year that come nearest to links, output, demand and the figures of targets.csv that
    are used for calibration; those used as a check are only compared. As CSV it is the table
    baseline of the graph: flows and residuals.

    A linear program over all links and elements, as in a balance: flows within capacities (at
    the high ends of their ranges), recoveries, recipes and tonnages of links have the least sum
    of absolute deviations from the tonnages of observed links and corridors, from what plants
    made, from what nations asked for, and from the targets, whose tolerances are limits. Without
    a table ``targets`` the tables alone are fitted to.

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
    >>> result = sn.graph.calibrate(sn.load("tutorial"))
    >>> result.certificate.ok
    True
    """
    from supplynet.analysis.calibrate.fit import baseline_rows, calibration_proof
    from supplynet.analysis.calibrate.lines import production_fit, target_fit
    from supplynet.analysis.provenance import provenance
    from supplynet.network.demand import target_rows
    from supplynet.questions.calibrate.page import mined_of
    from supplynet.solve.check import Certificate

    options, fits = _fits(case.net, query)
    net, years = options.net, [fit.year for fit in fits]
    by_target = {name: fit for fit in fits for name in fit.lines}
    targets = tuple(
        production_fit(net, row)
        if row.model_year is None
        else target_fit(row, by_target[row.id].lines[row.id], by_target[row.id].x)
        for row in target_rows(net)
        if row.model_year is None or row.id in by_target
    )
    values = cast("tuple[UnitValue, ...]", net.rows("unit_values"))
    used = {id(row) for fit in fits for lines in fit.lines.values() for row in lines.used}
    baseline = tuple(row for fit in fits for row in baseline_rows(fit))
    return CalibrationResult(
        question=options,
        years=tuple(years),
        unit_values=tuple(row for row in values if id(row) in used),
        deviation={str(fit.year): fit.deviation for fit in fits},
        certificates={
            f"{fit.year} {name}": certificate
            for fit in fits
            for name, certificate in fit.run.certificates.items()
        },
        baseline=baseline,
        targets=targets,
        observed={fit.year: fit.observed for fit in fits},
        mined={
            (fit.year, element): mined_of(fit.run, element)
            for fit in fits
            for element in net.commodity.headline
        },
        certificate=Certificate(tuple(check for fit in fits for check in fit.certificate.checks)),
        provenance=provenance(options, years=years, every=query.every, basis=net.commodity.basis),
        evidence=partial(calibration_proof, fits, targets, baseline),
    )


def _fits(net: SupplyNetwork, query: Query) -> tuple[Question, list[YearFit]]:
    """Return the question of the first year that is asked for, and the flows of each."""
    from supplynet.analysis.calibrate.fit import fitted
    from supplynet.analysis.question import ask
    from supplynet.analysis.words import measured_words
    from supplynet.network.scenario.years import measured_year
    from supplynet.solve.together import in_turn

    year, stages = query.year, [f"stage:{stage.name}" for stage in net.stages if stage.is_nation]
    if not stages:
        raise OptionError(f"{net.name} has no stage of nations, so that nobody buys")
    if year is None:
        year = years_of(net) if query.every else measured_year(net)
    selection = sorted({year} if isinstance(year, int) else set(year))
    if not selection:
        raise OptionError("no year is asked for", hint="leave the year out for all")
    questions, fits = [], []
    for model_year in in_turn(selection, str):
        # All nations draw, for what was observed is what all of them got.
        options: dict[str, Any] = measured_words(net, {**query.asked(), "year": model_year})
        questions.append(ask(net, to=stages, **options))
        fits.append(fitted(questions[-1], query.time_limit))
    return questions[0], fits


def years_of(net: SupplyNetwork) -> tuple[int, ...]:
    """Return the base year, and every year that stands for a target.

    Examples
    --------
    >>> import supplynet as sn
    >>> years_of(sn.load("rare-earths"))
    (2024, 2025)
    """
    from supplynet.network.demand import target_rows
    from supplynet.network.scenario.years import measured_year

    named = {row.model_year for row in target_rows(net) if row.model_year is not None}
    return tuple(sorted(named | {measured_year(net)}))


@sentence(CalibrationResult)
def say(result: CalibrationResult) -> str:
    """Return how many figures come out, as the page begins."""
    from supplynet.questions.calibrate.page import answer

    return answer(result)


@page(CalibrationResult)
def as_document(answers: Sequence[CalibrationResult]) -> Document:
    """Return the document of a calibration."""
    from supplynet.questions.calibrate.page import of_calibration

    return of_calibration(answers[0])
