"""Contested supply: who gets how much when all nations buy at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from supplynet.analysis.balance.outcome import (
    CONTESTED,
    Burden,
    Coverage,
    CoverageRange,
    ElementDelivery,
    FirmDelivery,
    FormCoverage,
    Headroom,
    PriceRange,
    Range,
    Recycled,
    Scrapped,
    Step,
    Target,
)
from supplynet.analysis.flow.rows import (
    BINDING,
    DEAD_ENDS,
    DELIVERIES,
    FLOWS,
    PRODUCT_UNIT,
    SURPLUS,
    USES,
    Binding,
    DeadEnd,
    Delivery,
    IdleRestriction,
    Moved,
    Surplus,
    Use,
)
from supplynet.contract.answer import Answer
from supplynet.contract.headline import Lead
from supplynet.contract.json_schema import ANYTHING, CERTIFICATES
from supplynet.contract.query import Balanced, option, page, sentence, shared
from supplynet.contract.row import ElementId, FormId, ProductTonnes, Row, Share, col, rows
from supplynet.questions.declared import question
from supplynet.terms import TRACED

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from supplynet.analysis.balance.money import Money
    from supplynet.analysis.balance.solved import SolvedBalance
    from supplynet.analysis.balance.spread import Spread
    from supplynet.analysis.proofs import Proof
    from supplynet.contract.headline import Headline
    from supplynet.model.case import Case
    from supplynet.present.document import Document
    from supplynet.questions.explain import Explanation
    from supplynet.solve.check import Certificate

__all__ = ["AllocateResult", "allocate"]

#: what is worked out: figures of the balance alone, its first page, or all
DETAILS = ("figures", "page", "all")
#: what is read off however little is worked out
_TABLES = (
    *("basis", "deliveries", "coverage", "elements", "utilization", "binding", "surplus", "scrap"),
    *("recycled", "burdens", "moved", "targets", "firm", "idle_restrictions", "left_out", "money"),
)
#: what takes programs of its own
_FURTHER = "headroom", "dead_ends", "spread", "forms", "designs"
_NO_ENDS: tuple[None, None] = None, None
_NOTHING: dict[str, Any] = {"anyOf": [ANYTHING, {"type": "null"}]}


class Query(Balanced):
    """Of whom it is reported first, and what else is worked out."""

    nation: str | Iterable[str] | None = option(
        "Begin with what these get, show their products and elements, and no rows of others; "
        "--fail-on judges these alone. All nations draw all the same.",
        default=None,
        kind="str or iterable of str",
        said="--to --nation WHO...",
        is_open=False,
    )
    ranges: bool = option(
        "Show the least and most of every figure that is not the same in all equally good "
        "solutions: also of elements, plants, scrap, costs and prices.",
        default=False,
        kind="bool",
        is_open=False,
    )
    explain: str | Iterable[str] | None = option(
        "Say which limits must be raised for these not to go short.",
        default=None,
        kind="str or iterable of str",
        said="--explain WHO...",
        is_open=False,
    )
    detail: str = option(
        "What is worked out: ``figures`` of the balance, its first ``page`` with both ends of the "
        "data, or ``all``, with the least and most of what is not settled.",
        default="page",
        words=DETAILS,
        is_open=False,
        in_command=False,
        first="page",
        unsaid="all",
    )
    near: AllocateResult | None = shared("near", is_open=False, in_command=False)
    time_limit: float | None = shared("time_limit", is_open=False)


class NationRow(Row):
    """What a nation gets in a form, or of an element where no demand is known."""

    nation: str
    form: FormId | None = col("Form in which it travels; null where no demand is known.")
    element: ElementId | None = col("Id of the element where no demand is known; else null.")
    demand: ProductTonnes | None
    served: ProductTonnes
    unmet: ProductTonnes | None
    coverage: Share | None
    low: ProductTonnes | None = col("The least of it over all solutions that are as good.")
    high: ProductTonnes | None = col("The most of it over all solutions that are as good.")
    coverage_low: Share | None = col("Its coverage with all figures low, where the rule states it.")
    coverage_high: Share | None = col("The same with all figures high.")
    coverage_all: Share | None = col("What all nations together cover of the form.")


class AllocateResult(
    Answer,
    name="balance",
    title="Who gets how much when all nations buy at once",
    headline=(Lead("coverage", "coverage", "low", "high", of="{row.form}", table="forms"),),
    also=("meaning", "objective", "basis_reason", "unit", "further_ranges_note"),
    frames=("nations",),
    nested={
        "money": _NOTHING,
        "certificates": CERTIFICATES,
        "spread": _NOTHING,
        "shortage": _NOTHING,
        "further_certificate": _NOTHING,
    },
    by={
        "spread.central": "sum(answer.forms.served) if count(answer.forms) > 0 else None",
        "spread.demand": "sum(answer.forms.demand) if count(answer.forms) > 0 else None",
        "ranges.demand": "sum(coverage.demand, nation, form)",
        "spread.forms.low": "sum(answer.forms.low, form)",
        "spread.forms.high": "sum(answer.forms.high, form)",
        "steps.worth": "sum(binding.worth, kind, id)",
        "price_ranges.price": "sum(money.scarcity.price, nation, product)",
        "money.total_cost": "sum(money.costs.central)",
        "money.cost_by_stage_and_form.*": "sum(money.costs.central, where == itself)",
    },
    has_conditions=True,
):
    """The contested picture: never to be mixed with a potential in one figure."""

    basis: str = col(
        "Whether plants count with what they could make or with what they made: capacity or "
        "production."
    )
    deliveries: tuple[Delivery, ...] = rows(DELIVERIES.title)
    coverage: tuple[Coverage, ...] = rows("Coverage by nation and form")
    elements: tuple[ElementDelivery, ...] = rows("What deliveries hold of each element")
    utilization: tuple[Use, ...] = rows(USES.title)
    binding: tuple[Binding, ...] = rows(BINDING.title)
    surplus: tuple[Surplus, ...] = rows(SURPLUS.title)
    scrap: tuple[Scrapped, ...] = rows("New scrap by plant and element")
    recycled: tuple[Recycled, ...] = rows("Scrap that plants take, by plant and element")
    burdens: tuple[Burden, ...] = rows("What capped plants bring of each burden")
    left_out: tuple[str, ...] = col("Nations that take no part because they are avoided.")
    moved: tuple[Moved, ...] = rows(FLOWS.title, name="flows")
    targets: tuple[Target, ...] = rows(
        "Links with a tonnage that went or is firm, and what they carry"
    )
    firm: tuple[FirmDelivery, ...] = rows("Links that must carry a minimum")
    idle_restrictions: tuple[IdleRestriction, ...] = rows("Restrictions that bind nothing")
    forms: tuple[FormCoverage, ...] = rows(
        "Coverage by form, of all nations together, with both ends of the figures"
    )
    headroom: tuple[Headroom, ...] = rows(
        "How much capped plants can mine before each cap binds", default=()
    )
    dead_ends: tuple[DeadEnd, ...] = rows(f"{DEAD_ENDS.title}; in no figure here", default=())
    ranges: tuple[CoverageRange, ...] = rows(
        "The least and the most that each nation gets over all solutions that are as good",
        default=(),
    )
    price_ranges: tuple[PriceRange, ...] = rows(
        "What a tonne more and a tonne less would be worth", default=()
    )
    steps: tuple[Step, ...] = rows(
        "What one more and one less of the first limits change", default=()
    )
    further_ranges: tuple[Range, ...] = rows(
        "The least and the most of further figures over all solutions that are as good", default=()
    )
    further_certificates: int = col(
        "How many programs were solved beyond those of the answer.", default=0
    )
    certificates: Mapping[str, Certificate]  #: of every program that the answer was solved by
    money: Money | None  #: costs and scarcity prices
    further_certificate: Certificate | None = None  #: each check of the further ones at its worst
    spread: Spread | None = None  #: what is served in all at both ends of the figures
    #: coverage by form with other contents
    designs: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    shortage: Explanation | None = None  #: why nations go short, where it was asked
    shown: tuple[str, ...] = ()  #: nations that are reported of, and no others; empty for all
    baskets: Mapping[str, Sequence[str]] = field(default_factory=dict)  #: told as one for these
    has_ranges: bool = False  #: whether ranges of every figure were asked for
    is_late: bool = False  #: whether what is left over has ranges only where elements are few
    #: the programs, for pictures and further questions: no data of the answer
    solved: SolvedBalance = field(repr=False)

    @property
    def objective(self) -> str:
        """By which rule it is shared out."""
        return self.solved.objective

    @property
    def meaning(self) -> str:
        """What the figures count."""
        if TRACED[self.objective].is_measured:
            return "measured: what went in the year"
        return f"contested: {CONTESTED}"

    @property
    def basis_reason(self) -> str:
        """Why plants count as they do."""
        return self.solved.basis_reason

    @property
    def unit(self) -> str:
        """Unit of what is asked for and served."""
        return PRODUCT_UNIT

    @property
    def further_ranges_note(self) -> str:
        """What figures without a range are."""
        return (
            "figures without a range are those of one optimal solution, and need not be the only "
            "ones"
        )

    def _nested(self) -> dict[str, Any]:
        told = {name: getattr(self, name) for name in ("money", "spread", "further_certificate")}
        shortage = self.shortage
        return {
            **{name: one if one is None else one.to_dict() for name, one in told.items()},
            "certificates": {name: one.to_dict() for name, one in self.certificates.items()},
            "shortage": None if shortage is None else shortage.to_dict(),
        }

    @property
    def conditions(self) -> dict[str, Headline]:
        """The headline under each condition that makes it another, by name."""
        nowhere = dict.fromkeys(self.headline.read_off)
        return {
            name: replace(self.headline, value=value, low=None, high=None, read_off=nowhere)
            for name, covered in self.designs.items()
            if (value := covered.get(self.headline.of)) is not None
        }

    @property
    def nations(self) -> tuple[NationRow, ...]:
        """What each nation that is reported of gets, by form; without a demand, by element.

        Low and high are there where ranges were asked for or the rule leaves open who goes short:
        one answer without its range would be read as the only one.
        """
        spans = {(row.nation, row.form): (row.low, row.high) for row in self.ranges}
        levels = {} if self.spread is None else self.spread.levels
        of_all = {row.form: row.coverage for row in self.forms}
        told = []
        for row in self.coverage:
            low, high = spans.get((row.nation, row.form), _NO_ENDS)
            least, most = levels.get((row.nation, row.form), _NO_ENDS)
            figures = row.demand, row.served, row.unmet, row.coverage
            ends = low, high, least, most, of_all[row.form]
            told.append(NationRow(row.nation, row.form, None, *figures, *ends))
        nothing = None, None, None, None, None
        for got in self.deliveries:
            if got.coverage is None:
                amounts = None, got.served, None, None
                told.append(NationRow(got.nation, None, got.product, *amounts, *nothing))
        return tuple(row for row in told if not self.shown or row.nation in self.shown)

    @property
    def flows(self) -> pd.DataFrame:
        """What moves on each link: tail, head, form, kind, what and tonnes, largest first.

        Ends are node ids, or ``rule:<id>`` for a corridor; kind is feed (tonnes of basket),
        element (tonnes on the graph's basis) or product (tonnes of product).
        """
        return self.to_frame("flows")

    def proof(self) -> list[Proof]:
        """Return the programs of the answer with their solutions and duals."""
        from supplynet.analysis.balance.evidence import balance_proof

        return [balance_proof(self.solved, answer=self)]

    def name_of(self, nation: str) -> str:
        """A nation as a reader knows it."""
        return self.solved.name_of(nation)


def _judged(answer: AllocateResult) -> dict[str, NationRow]:
    return {
        f"{answer.name_of(row.nation)} ({row.form or row.element})": row for row in answer.nations
    }


@question(
    "contested",
    title="",
    together="",
    metrics={name: attrgetter(name) for name in ("served", "coverage", "unmet")},
    is_of_all=lambda _query: True,
    judged=_judged,
)
def allocate(case: Case, query: Query) -> AllocateResult:
    """Who gets how much when all nations buy at once?

    The contested picture, never to be mixed with the potentials of the other commands. --fail-on
    judges every nation.

    Returns
    -------
    AllocateResult
        With deliveries, use of plants, binding limits, surplus, flows and certificates.

    Raises
    ------
    UnknownNameError
        If a selector, element, product or scenario names nothing.
    OptionError
        If an option's value is not allowed or does not go with the objective.
        Also if the graph has no charges for ``cost``, or no prices for ``price``.
    DataError
        If the network knows only what crossed borders.
    UnboundedError
        If nothing limits what a nation without a known demand could take, or what earns a
        premium.
    InterruptedSolveError
        If the time limit was reached.
    CertificateError
        If the independent check refuses a solution.

    Notes
    -----
    One linear program over all links and elements: ore comes as a basket of fixed composition,
    plants lose some of it, capacities hold the whole plant, products need several elements
    together. Demand that cannot be met is reported, and so is what nobody takes. A nation among
    what is avoided takes no part: it does not draw either.

    Examples
    --------
    >>> import supplynet as sn
    >>> result = allocate(sn.load("tutorial"), year=2024)
    >>> [(row.nation, round(row.served), round(row.demand)) for row in result.deliveries]
    [('MLT', 893, 1000), ('ISL', 357, 400)]
    """
    from supplynet.analysis.balance.ask import balance
    from supplynet.network.units import baskets_in
    from supplynet.questions.explain import explanation_of
    from supplynet.solve.together import tell

    solved = balance(case.net, near=query.near, time_limit=query.time_limit, **query.balanced())
    shown = _shown(solved, query.nation)
    shortage = None
    if query.explain:
        tell("Explaining", 1 / 3)
        shortage = explanation_of(solved, query.explain)
    tell("Finding ranges", 2 / 3)
    return allocation_of(
        solved,
        query.detail,
        shortage=shortage,
        shown=shown,
        baskets=baskets_in(case.net, _listed(query.element)) if shown else {},
        has_ranges=query.ranges,
    )


def allocation_of(
    solved: SolvedBalance,
    detail: str = "figures",
    *,
    shown: tuple[str, ...] = (),
    has_ranges: bool = False,
    **words: Any,
) -> AllocateResult:
    """Return the answer of a balance, with as much as `detail` says worked out beyond its figures.

    `words` are those of what is shown.
    """
    from supplynet.analysis.balance.solved import MOST
    from supplynet.analysis.balance.tables import served_by

    is_more = detail != "figures"
    words |= {name: getattr(solved, name) for name in _TABLES}
    if is_more:
        words |= {name: getattr(solved, name) for name in (*_FURTHER, "steps")}
    else:
        sums = served_by(solved.deliveries, lambda row: row.form).items()
        words["forms"] = tuple(
            FormCoverage(form, need, got, got / need, None, None) for form, (need, got) in sums
        )
    money = solved.money
    if has_ranges and money is not None:
        words["price_ranges"] = money.ranges(money.dearest(shown)[: None if shown else MOST])
    if has_ranges or (is_more and solved.is_unsettled):
        is_quick = detail == "page" and not has_ranges
        words["ranges"] = solved.ranges_together if is_quick else solved.ranges
    answer = AllocateResult(
        question=solved.question,
        provenance=solved.provenance,
        certificate=solved.certificate,
        certificates=solved.certificates,
        solved=solved,
        has_ranges=has_ranges,
        is_late=detail == "page",
        shown=shown,
        **words,
    )
    return _whole(answer) if detail == "all" or has_ranges else answer


def _whole(answer: AllocateResult) -> AllocateResult:
    """Return an answer with steps of its limits, and the ranges that its page says.

    Of which figures there are ranges its page says alone: it is laid out with them once.
    """
    from supplynet.questions.contested.page import of_balance
    from supplynet.solve.check import worst

    solved = answer.solved
    answer = replace(answer, steps=solved.steps, is_late=False)
    of_balance(answer)
    further = solved.further_certificates
    return replace(
        answer,
        further_ranges=tuple(solved.spans.known.values()),
        further_certificates=len(further),
        further_certificate=worst(further) if further else None,
    )


def _listed(element: str | Iterable[str] | None) -> str | list[str] | None:
    return element if element is None or isinstance(element, str) else list(element)


def _shown(solved: SolvedBalance, nation: str | Iterable[str] | None) -> tuple[str, ...]:
    """Return the nations that are asked about and draw.

    An OptionError where none draws: no condition would be judged, which would look like a pass.
    """
    from supplynet.analysis.question import joined, target_nodes
    from supplynet.errors import OptionError

    if not nation:
        return ()
    text, net = joined(nation), solved.question.net
    named = target_nodes(net, text) & {row.nation for row in solved.deliveries}
    if not named:
        raise OptionError(f"to {text!r} names no nation that draws in this balance")
    return tuple(one for one in net.nation_ids if one in named)


@sentence(AllocateResult)
def say(answer: AllocateResult) -> str:
    """Return the answer in a few sentences: those that its page begins with."""
    from supplynet.questions.contested.page import words

    return " ".join(words(replace(answer, spread=answer.solved.spread)))


@page(AllocateResult)
def as_document(answers: Sequence[AllocateResult]) -> Document:
    """Return the document of a balance; what a page needs and nobody asked for is worked out."""
    from supplynet.questions.contested.page import of_balance

    (answer,) = answers
    if answer.spread is None and not answer.is_late:
        more = {name: getattr(answer.solved, name) for name in _FURTHER}
        spans = answer.ranges or (answer.solved.ranges if answer.solved.is_unsettled else ())
        answer = replace(answer, ranges=spans, steps=answer.solved.steps, **more)
    return of_balance(answer)
