"""Exposure: which share of a nation's supply touched a jurisdiction, at each stage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, replace
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from supplynet.analysis.exposure.tables import (
    ANY,
    TOGETHER,
    Concentration,
    Holder,
    Passed,
    Range,
    StageExposure,
    shares_between,
)
from supplynet.analysis.undecided import not_decided
from supplynet.analysis.words import Traced, takes
from supplynet.contract.answer import Answer
from supplynet.contract.headline import Lead
from supplynet.contract.json_schema import (
    CERTIFICATES,
    NUMBER,
    QUESTION,
    TEXT,
    TEXTS,
    array_of,
    record,
)
from supplynet.contract.query import option, sentence
from supplynet.contract.row import Share, col, rows
from supplynet.errors import DataError, OptionError
from supplynet.questions.declared import question
from supplynet.terms import MEASURED, RANGES, TRACED, one_of

if TYPE_CHECKING:
    from supplynet.analysis.balance.solved import Allocated, SolvedBalance
    from supplynet.analysis.exposure.study import Asked, Study
    from supplynet.analysis.proofs import Proof
    from supplynet.model.case import Case
    from supplynet.network.schema import Baseline
    from supplynet.solve.check import Certificate

_SELECTOR = "str or iterable of str"


class Query(Traced):
    """Whose plants are looked for, in which part of the supply, and what is worked out."""

    exposed_to: str | Iterable[str] = option(
        "Selector of the jurisdiction whose plants are looked for; nations do not count.",
        default=MISSING,
        kind=_SELECTOR,
        said="--exposed-to WHAT...",
    )
    element: str | Iterable[str] | None = option(
        "Elements that are given; the tonnes of several are also added up, on the graph's basis.",
        default=None,
        kind=_SELECTOR,
        usual="the graph's headline elements",
    )
    form: str | Iterable[str] | None = option(
        "Only what arrives for demand of these forms.",
        default=None,
        kind=_SELECTOR,
        said="--form FORM...",
        example="magnet",
    )
    product: str | Iterable[str] | None = option(
        "Only what arrives for demand of these products.",
        default=None,
        kind=_SELECTOR,
        said="--product ID...",
        example="ID",
    )
    objective: str | None = option(
        "How the balance is shared out, as in ``allocate``; ``least_exposure`` means to the same "
        "jurisdiction.",
        default=None,
        words=TRACED,
        usual="measured for a year whose flows were calibrated, with nothing avoided or assumed; "
        "else fair",
    )
    ranges: str = option(
        "Least and greatest share over all equally good balances: none, of all steps together, or "
        "of each step too, which takes longest.",
        default="none",
        words=RANGES,
        usual="total with --full, in files and for --fail-on of them, else none",
        is_open=False,
        first="none",
        unsaid="total",
        metrics=("least", "greatest"),
    )
    within: float = option(
        "For ranges: part of what is served that a balance may fall short by, below 1.",
        default=0.0,
        kind="float",
        said="--within PART",
        least=0.0,
        largest=1.0,
        is_open=False,
    )


class RangedExposure(StageExposure):
    """The same, with the least and the greatest over all balances that are as good."""

    least: Share | None = col("Least share traced of all these balances; null if not asked for.")
    greatest: Share | None = col("The greatest.")
    is_decided: bool | None = col("Whether they say about the same; null if not asked for.")


class ExposureResult(
    Answer,
    name="exposure",
    title="Which share of a nation's supply touched a jurisdiction",
    headline=(
        Lead(
            "exposure",
            "traced",
            "traced",
            "traced_possibly",
            of="{row.element}",
            table="stages",
            where=lambda result, row: (row.lens, row.stage) == (result.lens, ANY),
        ),
    ),
    also=("meaning", "objective", "basis"),
    frames=("ranged",),
    nested={
        "question": record(
            {
                **QUESTION["properties"],
                "exposed_to": TEXT,
                "elements": TEXTS,
                "products": TEXTS,
                "within": NUMBER,
            }
        ),
        "certificates": CERTIFICATES,
        "unplaced": array_of(record({"plant": TEXT, "element": TEXT, "tonnes": NUMBER})),
    },
    document="supplynet.reports.results_exposure.of_exposure",
):
    """The exposure of a nation's supply in a contested balance.

    Examples
    --------
    >>> import supplynet as sn
    >>> found = sn.trace(sn.load("tutorial"), to="MLT", exposed_to="ISL", element="Nd")
    >>> found.elements, found.lens, all(one.ok for one in found.certificates.values())
    (('Nd',), 'location', True)
    """

    balance: SolvedBalance  #: the balance that it was traced through
    to: str  #: selector as it was asked
    exposed_to: str  #: the same
    lens: str  #: the lens that the answer leads with; `stages` hold both
    elements: tuple[str, ...]
    #: products whose supply is meant, or elements where the graph knows no demand
    products: tuple[str, ...]
    within: float  #: part of what the balance reached that the ranges may give up
    stages: tuple[StageExposure, ...] = rows("Shares by element, lens and stage")
    holders: tuple[Holder, ...] = rows("Countries' parts of the supply by stage")
    plants: tuple[Passed, ...] = rows("Plants that some of the supply passed")
    concentrations: tuple[Concentration, ...] = rows(
        "How few hold what passed a stage", name="concentration"
    )
    ranges: tuple[Range, ...] = rows("Least and greatest shares, as far as they were asked for")
    certificates: Mapping[str, Certificate]  #: of the trace of each element
    asked: Asked
    studies: tuple[Study, ...]

    @property
    def meaning(self) -> str:
        """What the figures count."""
        which = "measured" if self.is_measured else "contested"
        return f"share of a {which} supply, traced by proportional mixing"

    @property
    def objective(self) -> str:
        """By which rule the balance was shared out, or measured."""
        return self.balance.objective

    @property
    def basis(self) -> str:
        """Whether plants count with what they could make or with what they made."""
        return self.balance.basis

    @property
    def ranged(self) -> tuple[RangedExposure, ...]:
        """Shares by element, lens and stage, with their ranges; what was measured is its own."""
        bounds = {
            (row.element, self.lens, row.stage): (row.least, row.greatest, row.is_decided)
            for row in self.ranges
            if not row.is_direct
        }
        if self.is_measured:
            for element in self.elements:
                shares = self.at(element).shares(is_direct=False)
                bounds[element, self.lens, ANY] = (*shares, True)
        none = None, None, None
        return tuple(
            RangedExposure(
                *vars(row).values(), *bounds.get((row.element, row.lens, row.stage), none)
            )
            for row in self.stages
        )

    def proof(self) -> list[Proof]:
        """Return the programs of the balance, and the moves that the trace mixes."""
        from supplynet.analysis.balance.evidence import balance_proof
        from supplynet.analysis.exposure.study import trace_proof

        return [
            balance_proof(self.balance, has_figures=False),
            trace_proof(self.balance.run, self.asked, self.studies),
        ]

    def _nested(self) -> dict[str, Any]:
        names = ("to", "exposed_to", "lens", "elements", "products", "within")
        return {
            "question": {
                **self.question.to_dict(),
                **{name: getattr(self, name) for name in names},
            },
            "certificates": {
                name: certificate.to_dict() for name, certificate in self.certificates.items()
            },
            "unplaced": [
                {"plant": row.source, "element": row.item, "tonnes": row.flow}
                for row in self.unplaced
            ],
        }

    @property
    def unplaced(self) -> tuple[Baseline, ...]:
        """What plants sent nowhere in the flows that were traced; empty for those of a balance."""
        from supplynet.network.demand import unplaced_rows

        rows = unplaced_rows(self.asked.net.rows("baseline")) if self.is_measured else ()
        year = self.question.year
        return tuple(row for row in rows if row.year == year and row.item in self.elements)

    @property
    def is_measured(self) -> bool:
        """Whether calibrated flows were traced, and not the answer of a balance."""
        return self.objective == MEASURED

    def told(self, element: str, *, is_direct: bool = False) -> str:
        """Return a share in words; *not decided* where its range is wide."""
        span = self.range_of(element, is_direct=is_direct)
        if span is not None and not span.is_decided:
            return not_decided(span.least, span.greatest)
        return shares_between(*self.at(element).shares(is_direct=is_direct))

    def range_of(self, element: str, stage: str = ANY, *, is_direct: bool = False) -> Range | None:
        """Return the range of a share; None where it was not asked for."""
        key = element, stage, is_direct
        every = (row for row in self.ranges if (row.element, row.stage, row.is_direct) == key)
        return next(every, None)

    def solve_range(self, element: str, stage: str = ANY, *, is_direct: bool = False) -> Range:
        """Return the range of a share, of each element or all together; solved where it was not.

        Two linear programs, seconds each on a large graph, and up to a minute for all together.

        Raises
        ------
        CertificateError
            If the independent check refuses a solution.
        InterruptedSolveError
            If the time limit was reached.

        Examples
        --------
        >>> import supplynet as sn
        >>> answer = sn.trace(sn.load("tutorial"), to="MLT", exposed_to="FJI")
        >>> answer.ranges, answer.solve_range("together").is_decided
        ((), False)
        """
        from supplynet.analysis.exposure.ranges import range_of

        row = self.at(element, stage)
        if self.is_measured:  # what went is no choice of many
            return Range(element, stage, is_direct, *row.shares(is_direct=is_direct), True)
        return self.range_of(element, stage, is_direct=is_direct) or range_of(
            self.balance.run,
            self.asked,
            [study for study in self.studies if element in (study.element, TOGETHER)],
            row,
            is_direct=is_direct,
            within=self.within,
        )

    def is_decided(self, element: str, stage: str = ANY, *, is_direct: bool = False) -> bool | None:
        """Whether all balances that are as good say about the same; None if that was not asked."""
        span = self.range_of(element, stage, is_direct=is_direct)
        return None if span is None else span.is_decided

    def is_open(self, name: str) -> bool:
        """Whether it stands for all elements together, and one of them is not decided."""
        return name == TOGETHER and False in [self.is_decided(element) for element in self.elements]

    @property
    def names(self) -> tuple[str, ...]:
        """The elements, and all together where there are several."""
        return self.elements if len(self.elements) == 1 else (*self.elements, TOGETHER)

    def at(self, element: str, stage: str = ANY, *, lens: str | None = None) -> StageExposure:
        """Return the exposure of an element at a stage; by default at any stage.

        Raises
        ------
        KeyError
            If there is none.
        """
        key = element, lens or self.lens, stage
        for row in self.stages:
            if (row.element, row.lens, row.stage) == key:
                return row
        raise KeyError(key)

    @property
    def to_name(self) -> str:
        """The nations as a reader knows them."""
        from supplynet.analysis.question import target_name

        return target_name(self.asked.net, self.to)

    @property
    def exposed_names(self) -> tuple[str, ...]:
        """The parts of the jurisdiction as a reader knows them."""
        from supplynet.analysis.question import selector_names

        return selector_names(self.asked.net, self.exposed_to)

    @property
    def exposed_name(self) -> str:
        """The jurisdiction as a reader knows it."""
        return ", ".join(self.exposed_names)


@question(
    "exposure",
    title="",
    together="",
    metrics={
        "direct": attrgetter("direct_possibly"),
        "traced": attrgetter("traced_possibly"),
        "least": attrgetter("least"),
        "greatest": attrgetter("greatest"),
    },
    is_of_all=lambda _query: True,
    judged=lambda answer: {
        row.element: row
        for row in answer.ranged
        if (row.lens, row.stage) == (answer.lens, ANY) and row.element in answer.elements
    },
)
def exposure(case: Case, query: Query) -> ExposureResult:
    """Which share of a nation's supply touched a jurisdiction, at each stage?

    The contested balance is solved first; the nation's supply in it is then traced back through
    every mix to the mines. *Direct* is what customs sees: the last plant abroad. *Traced* is all
    that passed a plant of the jurisdiction at some step. Where routes meet, what goes on holds the
    average of what came (proportional mixing). ``--fail-on`` judges each element over all steps,
    owners that are not known counted in. Of a network of customs records alone the command states
    both ends, as ``trace dependence``.

    Returns
    -------
    ExposureResult

    Raises
    ------
    UnknownNameError
        If a selector, element, form or product names nothing.
    OptionError
        If `to` names no nation that draws, or an option's value is not allowed.
    DataError
        If the network knows only what crossed borders.
    InterruptedSolveError
        If the time limit was reached.
    CertificateError
        If the independent check refuses a solution or a trace.

    Examples
    --------
    >>> import supplynet as sn
    >>> found = exposure(sn.load("tutorial"), to="MLT", exposed_to="FJI", element="Nd")
    >>> row = found.at("Nd")
    >>> round(row.direct, 2), round(row.traced, 2)
    (0.0, 0.23)
    """
    from supplynet.analysis.balance.ask import balance
    from supplynet.analysis.balance.objectives.measured import usual_objective

    net = case.net
    if net.commodity.production == "unknown":
        raise DataError(
            f"{net.name} knows what crossed borders, not what is made: which part had passed a "
            "jurisdiction lies between two ends",
            hint="ask supplynet.dependence_of for both",
        )
    options = query.balanced()
    options.pop("element", None)  # all are followed
    objective = query.objective
    if objective is None:
        is_plain = not any(
            options[name] for name in options.keys() - {"year", "lens", "time_limit"}
        )
        objective = usual_objective(net, query.year) if is_plain else "fair"
    least = query.exposed_to if TRACED[objective].asks_for == "exposed_to" else None
    stated = ("to", "exposed_to", "element", "form", "product", "lens", "within", "ranges")
    return exposure_of(
        balance(net, objective=objective, exposed_to=least, **options),
        **{name: getattr(query, name) for name in stated},
    )


@takes(like=exposure)
def exposure_of(
    balance: Allocated,
    *,
    to: str | Iterable[str],
    exposed_to: str | Iterable[str],
    element: str | Iterable[str] | None = None,
    form: str | Iterable[str] | None = None,
    product: str | Iterable[str] | None = None,
    lens: str | None = None,
    within: float = 0.0,
    ranges: str = "none",
) -> ExposureResult:
    """Which share of a nation's supply in a given balance touched a jurisdiction?

    As :func:`exposure`, for many questions about one balance.

    Parameters
    ----------
    balance : AllocateResult
        Whose supply is traced.
    lens : {"location", "control"}, optional
        Default: that of the balance.

    Returns
    -------
    ExposureResult

    Raises
    ------
    UnknownNameError, OptionError, CertificateError
        As :func:`exposure`.

    Examples
    --------
    >>> import supplynet as sn
    >>> result = sn.allocate(sn.load("tutorial"))
    >>> exposure_of(result, to="MLT", exposed_to="all", element="Nd").at("Nd").traced
    1.0
    """
    from supplynet.analysis.exposure.study import asked_of, followed_elements, study, tables_of
    from supplynet.analysis.question import joined
    from supplynet.solve.check import Certificate
    from supplynet.solve.together import tell

    balance = balance.solved
    lens = balance.question.lens if lens is None else lens
    one_of(ranges, RANGES, "ranges")
    if not 0.0 <= within < 1.0:
        raise OptionError(f"within must be at least 0 and below 1, not {within}")
    query = asked_of(balance, to, exposed_to, form, product, lens)
    elements = followed_elements(balance, element)
    studies = tuple(study(balance.run.model, balance.x, query, name) for name in elements)
    tables = tables_of(query, studies, lens)
    figures: dict[str, Any] = {
        "to": joined(to),
        "exposed_to": joined(exposed_to),
        "lens": lens,
        "products": tuple(sorted(query.products)),
        "within": within,
    }
    source = balance.provenance
    certificates = {traced.element: traced.certificate for traced in studies}
    every = (*balance.certificates.values(), *certificates.values())
    answer = ExposureResult(
        question=balance.question,
        balance=balance,
        elements=elements,
        ranges=(),
        **tables,
        certificate=Certificate(
            tuple(check for certificate in every for check in certificate.checks)
        ),
        certificates=certificates,
        provenance=replace(source, options={**source.options, **figures, "traced": elements}),
        asked=query,
        studies=studies,
        **figures,
    )
    if ranges == "none" or answer.is_measured:
        return answer
    tell("Finding least and greatest", 0.5)
    wanted = [(name, ANY, is_direct) for name in elements for is_direct in (False, True)]
    if ranges == "stages":
        wanted += [(name, stage, False) for name in elements for stage in query.plants]
    solved = tuple(
        answer.solve_range(name, stage, is_direct=is_direct) for name, stage, is_direct in wanted
    )
    return replace(answer, ranges=solved)


@sentence(ExposureResult)
def say(answer: ExposureResult) -> str:
    """Return the shares of each element, and what they are shares of."""
    from supplynet.questions.exposure.words import answers, lead

    texts = [*answers(answer), lead(answer)]
    if not answer.ranges and not answer.is_measured:
        texts.append('Other balances may be as good; ranges="total" states what is settled.')
    return " ".join(texts)
