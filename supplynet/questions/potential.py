"""What a nation could get with exclusive access: the balance with one target."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from supplynet.analysis.flow.rows import (
    BINDING,
    CARRIED_BY,
    DEAD_ENDS,
    DELIVERIES,
    FLOWS,
    PRODUCT_UNIT,
    SURPLUS,
    Binding,
    Carrier,
    DeadEnd,
    Delivery,
    Moved,
    Surplus,
    Use,
)
from supplynet.analysis.potential.elements import (
    BasketPotential,
    ElementPotential,
    FormPotential,
    ProductPotential,
)
from supplynet.contract.answer import Answer
from supplynet.contract.headline import COVERAGE, Headline, Lead
from supplynet.contract.query import OfElements, option, sentence, shared
from supplynet.contract.row import ITS_UNIT, Share, answered, col, rows
from supplynet.questions.declared import question
from supplynet.terms import WORKED_OUT
from supplynet.text import between, listing, share, tonnes

if TYPE_CHECKING:
    import pandas as pd

    from supplynet.analysis.balance.outcome import Step
    from supplynet.analysis.potential.solved import SolvedPotential
    from supplynet.analysis.proofs import Proof
    from supplynet.analysis.question import Coverages, Question
    from supplynet.model.case import Case


_ROUNDING = 1e-9
_FULL = 1.0 - _ROUNDING
#: limits that a summary names, and of which an answer states what one more and one less change
_NAMED, _STEPS = 2, 10
#: what is read off however little is worked out, and with all of it
_COVERAGE = ("need", "served", "products", "forms", "deliveries", "binding", "utilization")
_ALL = (*_COVERAGE, "elements", "baskets", "carried_by")


class Query(OfElements):
    """How much is worked out, and how long that may take."""

    detail: str = option("What is worked out.", default="all", words=WORKED_OUT, is_open=False)
    time_limit: float | None = shared("time_limit", is_open=False)


class PotentialResult(
    Answer,
    name="potential",
    title="What could reach a nation or bloc with exclusive access",
    headline=(replace(COVERAGE, of="{row.form}", table="forms"), Lead("supply", "served")),
    also=("meaning", "unit", "coverage"),
    by={
        "coverage": "served / need",
        "carried_by.coverage": "tonnes / forms[0].need",
        "elements.coverage": "within / need",
        "elements.need": "demand(asked.to, element, asked.year)",
        "elements.most": "within + beyond",
        "elements.served": answered("served", "elements", "element"),
    },
    has_conditions=True,
    document="supplynet.reports.results_potential.of_potential",
):
    """What could reach a nation or bloc with exclusive access: not what it gets among all."""

    need: float = col(
        "What is asked for per year in all; 0 where it is not known.",
        ITS_UNIT,
        by="sum(forms.need)",
    )
    served: float = col("What is served per year in all.", ITS_UNIT)
    products: tuple[ProductPotential, ...] = rows(
        "What could come by product, t of product per year"
    )
    forms: tuple[FormPotential, ...] = rows("What could come by form, t of product per year")
    deliveries: tuple[Delivery, ...] = rows(DELIVERIES.title)
    carried_by: tuple[Carrier, ...] = rows(CARRIED_BY, default=())
    elements: tuple[ElementPotential, ...] = rows("What could come by element", default=())
    baskets: tuple[BasketPotential, ...] = rows("Tonnes of several elements as one", default=())
    binding: tuple[Binding, ...] = rows(BINDING.title)
    surplus: tuple[Surplus, ...] = rows(SURPLUS.title)
    dead_ends: tuple[DeadEnd, ...] = rows(DEAD_ENDS.title)
    moved: tuple[Moved, ...] = rows(FLOWS.title, name="flows")
    utilization: tuple[Use, ...]  #: of plants, links and corridors
    #: limits of which one more brings most by itself, with what that brings
    raised: tuple[Binding, ...] = field(default=(), repr=False)
    #: what one more and one less of the first binding limits change
    steps: tuple[Step, ...] = field(default=(), repr=False)
    #: under conditions that make it another answer
    coverages: Coverages = field(default_factory=dict, repr=False)
    asked_elements: tuple[str, ...]  #: and words that stand for several

    @property
    def meaning(self) -> str:
        """What the figures count."""
        return "potential: with exclusive access"

    @property
    def unit(self) -> str:
        """Unit of needs and of what is served; that of elements where no demand is known."""
        basis = self.question.net.commodity.basis
        return PRODUCT_UNIT if self.need else f"t of {basis}/yr"

    @property
    def coverage(self) -> Share | None:
        """Share of all tonnes of product that are asked for."""
        return self.served / self.need if self.need else None

    @property
    def conditions(self) -> dict[str, Headline]:
        """The headline under each condition that makes it another, by name."""
        from supplynet.analysis.question import headlines

        first = next(iter(self.forms), None)
        return {} if first is None else headlines(self.coverages, first.form, self.headline)

    @property
    def flows(self) -> pd.DataFrame:
        """What moves on each link, as in :attr:`AllocateResult.flows`, largest first."""
        return self.to_frame("flows")

    @cached_property
    def solved(self) -> SolvedPotential:
        """The programs, for pictures and proofs: no data of the answer, and solved anew in copies.

        All figures are worked out before.
        """
        from supplynet.analysis.potential.ask import potential_of

        return potential_of(self.question, element=self.asked_elements)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "solved"}

    def proof(self) -> list[Proof]:
        """Return the programs of what is served, with their solutions and duals."""
        return self.solved.proof(has_elements=bool(self.elements), beside=self)


def _figure(name: str) -> Callable[[Any], float | None]:
    return lambda row: getattr(row, name, None)


@question(
    "potential",
    title="Potential: {asked}",
    together="Potential of {target}",
    metrics={
        **{name: _figure(name) for name in ("coverage", "served")},
        "need": lambda row: row.need or None,
        **{name: _figure(name) for name in ("low", "high", "coverage_low", "coverage_high")},
    },
    is_of_all=lambda _query: True,
    judged=lambda answer: {row.title: row for row in answer.forms} or {"": answer},
)
def potential(case: Case, query: Query) -> PotentialResult:
    """What could a nation or bloc get with exclusive access?

    Coverage of its demand by form and product with the range of the data, tonnes by element, and
    the limits that stop more, with what one more tonne of each would bring. All elements together,
    with every loss, shared capacity and what is cut off: the most tonnes of product in all, then
    the products as evenly as can be. Others buy only where what they buy leaves scrap that comes to
    the target, so that no balance of all buyers brings it more. One word for several elements,
    such as a basket that is sold as one, is reported as one, too.

    Returns
    -------
    PotentialResult
        Coverage by product and form with ranges, tonnes by element, limits and certificate.

    Raises
    ------
    UnknownNameError
        If a selector, element or scenario names nothing.
    OptionError
        If an option's value is not allowed, or the target asks for nothing in this graph.
    UnboundedError
        If nothing limits what a nation without a known demand could take.
    InterruptedSolveError
        If the time limit was reached.
    CertificateError
        If the independent check refuses a solution.

    Examples
    --------
    >>> import supplynet as sn
    >>> answer = potential(sn.load("tutorial"), to="MLT")
    >>> [(row.product, round(row.need), round(row.served)) for row in answer.products]
    [('goods', 1200, 1091)]
    >>> answer.certificate.ok
    True
    """
    from supplynet.analysis.potential.ask import potential_of

    element, seconds = query.element, query.time_limit
    solved = potential_of(case.question, element=element, time_limit=seconds)
    return answer_of(solved, query.detail)


def answer_of(solved: SolvedPotential, detail: str = "all") -> PotentialResult:
    """Return what is reported of solved programs, all worked out."""
    from supplynet.analysis.balance.spread import steps
    from supplynet.analysis.balance.tables import moved_of, surpluses
    from supplynet.analysis.flow.names import dead_ends_of

    run, elements = solved.plan.run, solved.asked_elements
    names = _ALL if detail == "all" else _COVERAGE
    figures: dict[str, Any] = {name: getattr(solved, name) for name in names}
    figures["certificate"] = solved.certificate_so_far
    if detail == "all":
        figures["raised"], figures["coverages"] = solved.raised(_NAMED), solved.coverages
        figures["steps"] = steps(run, solved.binding[:_STEPS])
    answer = PotentialResult(
        question=solved.question,
        provenance=solved.provenance,
        surplus=surpluses(run, solved.x),
        dead_ends=dead_ends_of(solved.question),
        moved=moved_of(run.model, solved.x),
        asked_elements=(*elements, *solved.asked_baskets),
        **figures,
    )
    vars(answer)["solved"] = solved
    return answer


@sentence(PotentialResult)
def say(answer: PotentialResult) -> str:
    """Return the answer in a few sentences, coverage first."""
    from supplynet.analysis.flow.names import dead_end_sentence

    whose = _whose(answer.question)
    limits = "; ".join(
        f"one more {row.unit} at {row.name} would serve {tonnes(row.worth)} t of product more"
        for row in answer.raised
    )
    texts = [
        potential_answer(answer),
        *(basket_sentence(row, whose) for row in answer.baskets),
        *(_element(row, whose) for row in answer.elements),
        limits and f"What stops more: {limits}.",
        dead_end_sentence(answer.dead_ends),
    ]
    return " ".join(filter(None, texts))


def potential_answer(result: PotentialResult | SolvedPotential) -> str:
    """Return the answer in sentences: coverage by form with its data range, then the tonnes."""
    from supplynet.network.demand import is_asked
    from supplynet.present.words import (
        capitalized,
        in_sentence,
        link_phrase,
        scenario_phrase,
        target,
    )

    question = result.question
    without = f" without {question.avoid_name}" if question.avoid else ""
    condition = (
        f"on {link_phrase(question)}, in "
        f"{question.year}{without}"
        f"{scenario_phrase(question.net)}, with exclusive access"
    )
    who = capitalized(target(question))
    if not result.forms:
        unit = f"t of {question.net.commodity.basis}/yr"
        is_idle = is_asked(question.net, question.targets, question.year) is False
        need = "0 in this year" if is_idle else "not known"
        return (
            f"{who} could get {tonnes(result.served)} {unit} of all elements together {condition}. "
            f"{capitalized(_whose(question))} demand is {need}."
        )
    parts = listing(_covered(row, _whose(question)) for row in result.forms)
    amounts = listing(
        f"{tonnes(row.served)} of {tonnes(row.need)} t/yr of {in_sentence(row.title)}"
        for row in result.forms
    )
    return f"{who} could cover {parts} {condition}. That is {amounts}."


def _whose(question: Question) -> str:
    return "their" if question.is_several else "its"


def _covered(row: FormPotential, whose: str) -> str:
    """Coverage of a form with its range, such as "12% (data range 10% to 14%) of its demand"."""
    from supplynet.present.words import in_sentence

    piece = share(row.coverage)
    piece = "all" if row.coverage >= _FULL else "none" if piece == "0%" else piece
    low, high = share(row.coverage_low), share(row.coverage_high)
    spread = f" (data range {low} to {high})" if low != high else ""
    return f"{piece}{spread} of {whose} demand for {in_sentence(row.title)}"


def _element(row: ElementPotential, whose: str) -> str:
    """Return what could come of an element if it alone counted, within demand and beyond."""
    spread = between(row.low, row.high)
    text = f"Of {row.element}, if it alone counted, {tonnes(row.within)} {row.unit}"
    if spread != tonnes(row.within):
        text += f" ({spread})"
    if row.coverage is not None:
        text += f", {share(row.coverage)} of the {tonnes(row.need)} that {whose} products hold"
    if row.beyond > _ROUNDING * max(1.0, row.within):
        is_full = row.coverage is None or row.coverage >= _FULL
        what = "beyond it" if is_full else "more that these products cannot use"
        text += f", and up to {tonnes(row.beyond)} {what}"
    return f"{text}."


def basket_sentence(row: BasketPotential, whose: str = "its") -> str:
    """Return what could come of several elements as one, within demand.

    `whose` is demand: "its" of one target, "their" of several.
    """
    span = between(row.low, row.high)
    spread = f" ({span})" if span != tonnes(row.within) else ""
    return (
        f"Of the {row.basket} ({row.members}) in {whose} products {share(row.coverage)} could come "
        f"if nothing else counted: {tonnes(row.within)}{spread} of {tonnes(row.need)} {row.unit}."
    )
