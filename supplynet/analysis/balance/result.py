"""What a balance answers: who gets what, what binds, and what is left over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from supplynet.analysis.balance.content import (
    ElementDelivery,
    Recycled,
    Scrapped,
    element_deliveries,
    recycled,
    scrapped,
)
from supplynet.analysis.balance.evidence import balance_proof
from supplynet.analysis.balance.firm import FirmDelivery, Target, firm_deliveries, targets
from supplynet.analysis.balance.money import Money, money_of
from supplynet.analysis.balance.policy import Burden, Headroom, burdens, headroom
from supplynet.analysis.balance.programs import run_of
from supplynet.analysis.balance.ranges import CoverageRange, Range, Spans, ranges
from supplynet.analysis.balance.spread import Spread, at_levels, coverage_of, spread
from supplynet.analysis.balance.steps import Step, steps
from supplynet.analysis.balance.summary import (
    CONTESTED,
    UNDECIDED,
    basis_in_words,
    demands_in_words,
    firm_in_words,
    form_in_words,
    left_over_in_words,
    targets_in_words,
)
from supplynet.analysis.balance.tables import (
    ROUNDING,
    Coverage,
    FormCoverage,
    bindings,
    deliveries,
    idle_restrictions,
    moved_of,
    served_by,
    surpluses,
    uses,
)
from supplynet.analysis.dead_ends import dead_end_sentence, dead_ends_of
from supplynet.analysis.flow.rows import (
    BINDING,
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
from supplynet.analysis.proofs import Proof
from supplynet.analysis.question import OF_CONTENTS, alternatives
from supplynet.contract.answer import Answer
from supplynet.contract.headline import Lead
from supplynet.contract.json_schema import ANYTHING, CERTIFICATES
from supplynet.contract.row import col, rows
from supplynet.network.countries import country_name
from supplynet.network.demand import demand
from supplynet.network.units import BASKET
from supplynet.solve.check import Certificate
from supplynet.terms import TRACED
from supplynet.text import few

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from supplynet.analysis.balance.figures import Figure
    from supplynet.analysis.balance.objectives import Reached
    from supplynet.analysis.balance.programs import Run, Words
    from supplynet.analysis.provenance import Provenance
    from supplynet.analysis.question import Question
    from supplynet.contract.headline import Headline


class BalanceResult(
    Answer,
    name="balance",
    title="Who gets how much when all nations buy at once",
    headline=(Lead("coverage", "coverage", "low", "high", of="{row.form}", table="forms"),),
    also=("meaning", "objective", "basis_reason", "unit", "forms", "headroom", "dead_ends"),
    nested={"money": {"anyOf": [ANYTHING, {"type": "null"}]}, "certificates": CERTIFICATES},
    by={
        "spread.central": "sum(answer.forms.served) if count(answer.forms) > 0 else None",
        "spread.demand": "sum(answer.forms.demand) if count(answer.forms) > 0 else None",
        "ranges.demand": "sum(coverage.demand, nation, form)",
    },
    has_conditions=True,
    document="supplynet.reports.results_balance.of_balance",
):
    """The contested picture: never to be mixed with a potential in one figure."""

    words: Words  #: what was asked beside: objective, basis and more
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
    #: coverage by nation and product under ``fair``; else empty
    levels: Mapping[tuple[str, str], float]
    #: of every program that the answer was solved by; what is asked later has its own
    certificates: Mapping[str, Certificate]
    run: Run  #: the programs, for further questions
    x: npt.NDArray[np.float64]  #: the solution that moves the least tonnes
    money: Money | None  #: costs and scarcity prices

    @property
    def objective(self) -> str:
        """By which rule it is shared out."""
        return self.words.objective

    @property
    def further_certificates(self) -> tuple[Certificate, ...]:
        """Certificates of what was asked up to now beyond the answer: ranges, steps, ends."""
        certificates = self.run.certificates
        return tuple(
            certificate
            for name, certificate in certificates.items()
            if name not in self.certificates
        )

    @property
    def meaning(self) -> str:
        """What the figures count."""
        if TRACED[self.objective].is_measured:
            return "measured: what went in the year"
        return f"contested: {CONTESTED}"

    @property
    def basis_reason(self) -> str:
        """Why plants count as they do."""
        return str(self.provenance.options["basis_reason"])

    @property
    def unit(self) -> str:
        """Unit of what is asked for and served."""
        return PRODUCT_UNIT

    def proof(self) -> list[Proof]:
        """Return the programs of the answer with their solutions and duals."""
        return [balance_proof(self)]

    def _nested(self) -> dict[str, Any]:
        return {
            "money": None if self.money is None else self.money.to_dict(),
            "certificates": {
                name: certificate.to_dict() for name, certificate in self.certificates.items()
            },
        }

    @cached_property
    def dead_ends(self) -> tuple[DeadEnd, ...]:
        """What plants could make and nobody buys; in no figure here."""
        return dead_ends_of(self.question)

    @cached_property
    def forms(self) -> tuple[FormCoverage, ...]:
        """Coverage by form, of all nations together, with both ends of the figures.

        Solved on first use, as :meth:`spread`.
        """
        sums = served_by(self.deliveries, lambda row: row.form)
        spread = self.spread() if sums else None
        bounds = dict.fromkeys(sums, (None, None)) if spread is None else spread.forms
        return tuple(
            FormCoverage(form, need, got, got / need, *bounds[form])
            for form, (need, got) in sums.items()
        )

    @cached_property
    def designs(self) -> Mapping[str, Mapping[str, float]]:
        """Coverage by form of all nations together with contents at both ends, by condition.

        Empty where products have no such ends, and where it is no aim to serve much; solved on
        first use.
        """
        rule = TRACED[self.objective]
        if rule.is_measured or rule.is_money:
            return {}
        record: dict[str, Mapping[str, float]] = {}
        for name, question in alternatives(self.question).items():
            if name in OF_CONTENTS:
                run, reached = run_of(question, self.words)
                levels = at_levels(run, reached.levels)
                record[name] = coverage_of(run, levels, lambda _, form: form)
        return record

    @property
    def conditions(self) -> dict[str, Headline]:
        """The headline under each condition that makes it another, by name."""
        nowhere = dict.fromkeys(self.headline.read_off)
        return {
            name: replace(self.headline, value=value, low=None, high=None, read_off=nowhere)
            for name, covered in self.designs.items()
            if (value := covered.get(self.headline.of)) is not None
        }

    @cached_property
    def flows(self) -> pd.DataFrame:
        """What moves on each link: tail, head, form, kind, what and tonnes, largest first.

        Ends are node ids, or ``rule:<id>`` for a corridor; kind is feed (tonnes of basket),
        element (tonnes on the graph's basis) or product (tonnes of product).
        """
        return self.to_frame("flows")

    @cached_property
    def _spans(self) -> Spans:
        return Spans(self.run, self.x)

    @cached_property
    def _ranges(self) -> tuple[CoverageRange, ...]:
        return ranges(self._spans.ends, self.coverage)

    def find_ranges(self) -> None:
        """Solve what :meth:`ranges` states by as few programs as can be: no proof of each end."""
        vars(self).setdefault("_ranges", ranges(self._spans.ends, self.coverage, is_together=True))

    def range_of(self, kind: str, *key: str) -> Range:
        """Return the least and the most of a figure over all optimal solutions.

        Solved on first use: two linear programs each.

        Parameters
        ----------
        kind : str
            As in `supplynet.analysis.balance.figures.KINDS`.
        *key : str
            What names one of that kind; of kind element, several nations with commas are reported
            together.

        Raises
        ------
        UnknownNameError
            If the balance has no such figure.

        Examples
        --------
        >>> import supplynet as sn
        >>> from supplynet.analysis.balance import balance
        >>> result = balance(sn.load("tutorial"), objective="max_supply")
        >>> found = result.range_of("product", "MLT", "goods")
        >>> round(found.low), round(found.shown), round(found.high)
        (850, 1091, 1091)
        """
        shown = None
        if kind == "element":  # no sum over variables: an average where routes meet
            nations, element = key[0].split(","), key[-1]
            shown = sum(
                row.served
                for row in self.elements
                if row.nation in nations and row.element == element
            )
        return self._spans.of(kind, *key, shown=shown)

    def figure_of(self, kind: str, *key: str) -> Figure:
        """Return which sum over variables a figure is, as :meth:`range_of` names it."""
        return self._spans.figures.of(kind, *key)

    @property
    def has_ranges(self) -> bool:
        """Whether the ranges of what each nation gets were asked for so far."""
        return "_ranges" in vars(self)

    @property
    def known_ranges(self) -> tuple[Range, ...]:
        """The ranges that were asked for one by one so far."""
        return tuple(self._spans.known.values())

    @cached_property
    def _steps(self) -> dict[int, tuple[Step, ...]]:
        return {}

    def steps(self, n: int = 10) -> tuple[Step, ...]:
        """Return what one more and one less of the first `n` binding limits change.

        Solved on first use: two linear programs for each. Nothing under ``fair``, where a limit
        counts in the round in which it first binds.
        """
        if TRACED[self.objective].is_in_rounds:
            return ()
        if n not in self._steps:
            self._steps[n] = steps(self.run, self.binding[:n])
        return self._steps[n]

    def ranges(self) -> tuple[CoverageRange, ...]:
        """Return the least and the most that each nation gets over all optimal solutions.

        Solved on first use: two linear programs for each nation and form that is not settled.
        """
        return self._ranges

    @cached_property
    def _spread(self) -> Spread | None:
        return spread(self.question, self.words, self.run, self.x)

    def spread(self) -> Spread | None:
        """Return what is served in all at the low and the high ends of the figures.

        Solved on first use: the programs of the objective twice more. None under ``price``, where
        what is served in all is no optimum.
        """
        return self._spread

    @cached_property
    def headroom(self) -> tuple[Headroom, ...]:
        """How much capped plants can mine before each cap binds."""
        return headroom(self.run)

    def name_of(self, nation: str) -> str:
        """A nation as a reader knows it."""
        net = self.question.net
        return country_name(net.node(nation).country, net.commodity.areas)

    def summary(self) -> str:
        """Return the answer in a few sentences."""
        return " ".join(self._sentences())

    def _sentences(self) -> Iterator[str]:
        """Yield the sentences of a summary: what was asked, who gets what, the rest."""
        question, rule = self.question, TRACED[self.objective]
        without = f" without {question.avoid_name}" if question.avoid else ""
        kind = "Measured picture" if rule.is_measured else "Contested picture"
        basis = basis_in_words(self.basis, self.basis_reason, self.utilization)
        yield f"{kind} of {question.year}{without}, {CONTESTED}, on {question.counted}, {basis}."
        yield rule.sentence.format(exposed_to=self.provenance.options["exposed_to"]) + "."
        spread = self.spread()
        names = {row.nation: self.name_of(row.nation) for row in self.coverage}
        for form in dict.fromkeys(row.form for row in self.coverage):
            title = question.net.form_by_name[form].title
            rows = [row for row in self.coverage if row.form == form]
            span = "" if spread is None else spread.told(form)
            yield form_in_words(title, rows, span, None if rule.leaves_open else names)
        if self.firm:
            yield firm_in_words(self.firm)
        yield from (
            f"R{str(restriction).removeprefix('r')}." for restriction in self.idle_restrictions
        )
        if self.money is not None:
            yield self.money.summary()
        if self.targets:
            yield targets_in_words(self.targets)
        if rule.leaves_open and any(row.coverage < 1.0 - ROUNDING for row in self.coverage):
            yield UNDECIDED
        yield from filter(None, [dead_end_sentence(self.dead_ends)])
        yield from demands_in_words(self.coverage, self.deliveries)
        if self.left_out:
            left_out = few(self.name_of(nation) for nation in self.left_out)
            yield f"Takes no part, neither giving nor drawing: {left_out}."
        yield from left_over_in_words(self.surplus, self.scrap)


def result_of(
    run: Run,
    question: Question,
    texts: Words,
    x: npt.NDArray[np.float64],
    *,
    provenance: Provenance,
    left_out: frozenset[str],
    reached: Reached,
) -> BalanceResult:
    """Read a result off the solved programs of a balance."""
    model, rule = run.model, TRACED[texts.objective]
    delivered = deliveries(model, x)
    sums = served_by(delivered, lambda row: (row.nation, row.form))
    certificates = dict(run.certificates)
    unit = rule.limit_unit or ("t of product/yr" if model.scope.demand else "t/yr")
    binding = bindings(run, unit)
    return BalanceResult(
        question=question,
        words=texts,
        basis=model.scope.basis,
        deliveries=delivered,
        # in the order of the demand
        coverage=tuple(
            Coverage(
                nation,
                form,
                need,
                got,
                need - got,
                got / need,
                str(demand(question.net, {nation}, BASKET, question.year, form=form)),
            )
            for (nation, form), (need, got) in sums.items()
        ),
        elements=element_deliveries(model, x, delivered),
        utilization=uses(model, x),
        binding=binding,
        surplus=surpluses(run, x),
        scrap=scrapped(model, x),
        recycled=recycled(model, x),
        burdens=burdens(model, x),
        moved=moved_of(model, x),
        idle_restrictions=idle_restrictions(model, x, binding),
        left_out=tuple(nation for nation in question.net.nation_ids if nation in left_out),
        levels=reached.levels,
        certificate=Certificate(
            tuple(c for certificate in certificates.values() for c in certificate.checks)
        ),
        certificates=certificates,
        provenance=provenance,
        run=run,
        x=x,
        money=money_of(run, rule.name, reached.optimum, x) if reached.optimum else None,
        targets=targets(model, x) if rule.is_of_links else (),
        firm=firm_deliveries(model, x) if texts.is_firm else (),
    )
