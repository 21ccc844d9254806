"""A solved balance: its programs, and what is read off them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from supplynet.analysis.balance.content import element_deliveries, recycled, scrapped
from supplynet.analysis.balance.money import Money, money_of
from supplynet.analysis.balance.outcome import (
    Burden,
    Coverage,
    CoverageRange,
    ElementDelivery,
    FirmDelivery,
    FormCoverage,
    Headroom,
    Range,
    Recycled,
    Scrapped,
    Step,
    Target,
)
from supplynet.analysis.balance.policy import burdens, firm_deliveries, headroom, targets
from supplynet.analysis.balance.programs import out_of_play, run_of
from supplynet.analysis.balance.ranges import Spans, ranges
from supplynet.analysis.balance.spread import Spread, at_levels, coverage_of, spread, steps
from supplynet.analysis.balance.tables import (
    bindings,
    deliveries,
    idle_restrictions,
    moved_of,
    served_by,
    surpluses,
    uses,
)
from supplynet.analysis.flow.names import dead_ends_of
from supplynet.analysis.question import OF_CONTENTS, alternatives
from supplynet.network.countries import country_name
from supplynet.network.demand import demand
from supplynet.network.units import BASKET
from supplynet.solve.check import Certificate
from supplynet.terms import TRACED

if TYPE_CHECKING:
    from supplynet.analysis.balance.objectives import Reached
    from supplynet.analysis.balance.programs import Run, Words
    from supplynet.analysis.flow.rows import (
        Binding,
        DeadEnd,
        Delivery,
        IdleRestriction,
        Moved,
        Surplus,
        Use,
    )
    from supplynet.analysis.provenance import Provenance
    from supplynet.analysis.question import Question
    from supplynet.arrays import Floats


#: limits of which it is reported what one more and one less change
MOST = 10
# from here on a coverage is full; the solver's rounding is smaller
_FULL = 1.0 - 1e-9


class Allocated(Protocol):
    """What has a solved balance: itself, or the answer that is read off it."""

    @property
    def solved(self) -> SolvedBalance:
        """The programs."""


@dataclass(frozen=True, repr=False, eq=False)
class SolvedBalance:
    """The programs of a balance; what is read off is worked out on first use.

    Answers, pictures and other questions are made of it.
    """

    question: Question
    words: Words  #: what was asked beside: objective, basis and more
    provenance: Provenance
    run: Run
    x: Floats  #: the solution that moves the least tonnes
    reached: Reached
    #: of every program that it was solved by; what is asked later has its own
    certificates: Mapping[str, Certificate]

    @property
    def solved(self) -> SolvedBalance:
        """Itself: answers have one, too."""
        return self

    @property
    def objective(self) -> str:
        """By which rule it is shared out."""
        return self.words.objective

    @property
    def basis(self) -> str:
        """Whether plants count with what they could make or with what they made."""
        return self.run.model.scope.basis

    @property
    def basis_reason(self) -> str:
        """Why plants count as they do."""
        return str(self.provenance.options["basis_reason"])

    @property
    def levels(self) -> Mapping[tuple[str, str], float]:
        """Coverage by nation and product under ``fair``; else empty."""
        return self.reached.levels

    @cached_property
    def certificate(self) -> Certificate:
        """All checks of the programs that it was solved by."""
        return Certificate(tuple(c for one in self.certificates.values() for c in one.checks))

    @property
    def further_certificates(self) -> tuple[Certificate, ...]:
        """Certificates of what was asked beyond it up to now: ranges, steps, ends."""
        known = self.run.certificates
        return tuple(known[name] for name in known if name not in self.certificates)

    # -- who gets what ---------------------------------------------------------------------

    @cached_property
    def deliveries(self) -> tuple[Delivery, ...]:
        """What each nation gets of each product."""
        return deliveries(self.run.model, self.x)

    @cached_property
    def coverage(self) -> tuple[Coverage, ...]:
        """What each nation gets in each form, in the order of the demand."""
        net, year = self.question.net, self.question.year
        return tuple(
            Coverage(
                *(nation, form, need, got, need - got, got / need),
                str(demand(net, {nation}, BASKET, year, form=form)),
            )
            for (nation, form), (need, got) in served_by(
                self.deliveries, lambda row: (row.nation, row.form)
            ).items()
        )

    @cached_property
    def elements(self) -> tuple[ElementDelivery, ...]:
        """What deliveries hold of each element."""
        return element_deliveries(self.run.model, self.x, self.deliveries)

    @cached_property
    def firm(self) -> tuple[FirmDelivery, ...]:
        """Links that must carry a minimum."""
        return firm_deliveries(self.run.model, self.x) if self.words.is_firm else ()

    @cached_property
    def left_out(self) -> tuple[str, ...]:
        """Nations that take no part because they are avoided."""
        avoided = out_of_play(self.question)
        return tuple(nation for nation in self.question.net.nation_ids if nation in avoided)

    # -- what plants and links do ----------------------------------------------------------

    @cached_property
    def utilization(self) -> tuple[Use, ...]:
        """The use of every capacity."""
        return uses(self.run.model, self.x)

    @cached_property
    def binding(self) -> tuple[Binding, ...]:
        """Limits with a shadow price."""
        unit = "t of product/yr" if self.run.model.scope.demand else "t/yr"
        return bindings(self.run, TRACED[self.objective].limit_unit or unit)

    @cached_property
    def surplus(self) -> tuple[Surplus, ...]:
        """What is separated and taken by nobody."""
        return surpluses(self.run, self.x)

    @cached_property
    def scrap(self) -> tuple[Scrapped, ...]:
        """New scrap by plant and element."""
        return scrapped(self.run.model, self.x)

    @cached_property
    def recycled(self) -> tuple[Recycled, ...]:
        """Scrap that plants take."""
        return recycled(self.run.model, self.x)

    @cached_property
    def burdens(self) -> tuple[Burden, ...]:
        """What capped plants bring of each burden."""
        return burdens(self.run.model, self.x)

    @cached_property
    def moved(self) -> tuple[Moved, ...]:
        """What moves on each link."""
        return moved_of(self.run.model, self.x)

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        """Links with a tonnage that went or is firm, where the rule looks at them."""
        is_of_links = TRACED[self.objective].is_of_links
        return targets(self.run.model, self.x) if is_of_links else ()

    @cached_property
    def idle_restrictions(self) -> tuple[IdleRestriction, ...]:
        """Restrictions that bind nothing."""
        return idle_restrictions(self.run.model, self.x, self.binding)

    @cached_property
    def money(self) -> Money | None:
        """Costs and scarcity prices; None where the rule knows no money."""
        optimum = self.reached.optimum
        return money_of(self.run, self.objective, optimum, self.x) if optimum else None

    @cached_property
    def headroom(self) -> tuple[Headroom, ...]:
        """How much capped plants can mine before each cap binds."""
        return headroom(self.run)

    @cached_property
    def dead_ends(self) -> tuple[DeadEnd, ...]:
        """What plants could make and nobody buys; in no figure here."""
        return dead_ends_of(self.question)

    # -- how far it is settled -------------------------------------------------------------

    @property
    def is_unsettled(self) -> bool:
        """Whether the rule leaves open who goes short."""
        is_short = any(row.coverage < _FULL for row in self.coverage)
        return is_short and TRACED[self.objective].leaves_open

    @cached_property
    def spans(self) -> Spans:
        """The ranges of figures, each solved when it is asked for."""
        return Spans(self.run, self.x)

    @cached_property
    def ranges(self) -> tuple[CoverageRange, ...]:
        """The least and the most that each nation gets over all optimal solutions."""
        return ranges(self.spans.ends, self.coverage)

    @cached_property
    def ranges_together(self) -> tuple[CoverageRange, ...]:
        """The same by as few programs as can be: no proof of each end."""
        return ranges(self.spans.ends, self.coverage, is_together=True)

    def range_of(self, kind: str, *key: str) -> Range:
        """Return the least and the most of a figure over all optimal solutions.

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
        >>> result = sn.allocate(sn.load("tutorial"), objective="max_supply")
        >>> span = result.solved.range_of("product", "MLT", "goods")
        >>> round(span.low), round(span.shown), round(span.high)
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
        return self.spans.of(kind, *key, shown=shown)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """What one more and one less of the first limits change.

        Nothing under ``fair``, where a limit counts in the round in which it first binds.
        """
        if TRACED[self.objective].is_in_rounds:
            return ()
        return steps(self.run, self.binding[:MOST])

    @cached_property
    def spread(self) -> Spread | None:
        """What is served in all at the low and the high ends of the figures.

        None under ``price``, where what is served in all is no optimum.
        """
        return spread(self.question, self.words, self.run, self.x)

    @cached_property
    def forms(self) -> tuple[FormCoverage, ...]:
        """Coverage by form, of all nations together, with both ends of the figures."""
        sums = served_by(self.deliveries, lambda row: row.form)
        spread = self.spread if sums else None
        ends = dict.fromkeys(sums, (None, None)) if spread is None else spread.forms
        return tuple(
            FormCoverage(form, need, got, got / need, *ends[form])
            for form, (need, got) in sums.items()
        )

    @cached_property
    def designs(self) -> Mapping[str, Mapping[str, float]]:
        """Coverage by form of all nations together with contents at both ends, by condition.

        Empty where products have no such ends, and where it is no aim to serve much.
        """
        return {
            name: coverage_of(run, at_levels(run, reached.levels), lambda _, form: form)
            for name, (run, reached) in self._of_contents.items()
        }

    @cached_property
    def _of_contents(self) -> Mapping[str, tuple[Run, Reached]]:
        rule = TRACED[self.objective]
        if rule.is_measured or rule.is_money:
            return {}
        questions = alternatives(self.question)
        return {
            name: run_of(question, self.words)
            for name, question in questions.items()
            if name in OF_CONTENTS
        }

    @property
    def known_designs(self) -> Mapping[str, Run]:
        """The programs of :attr:`designs` by condition."""
        return {name: run for name, (run, _) in self._of_contents.items()}

    def name_of(self, nation: str) -> str:
        """A nation as a reader knows it."""
        net = self.question.net
        return country_name(net.node(nation).country, net.commodity.areas)
