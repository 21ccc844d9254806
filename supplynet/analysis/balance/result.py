"""What a balance answers: who gets what, what holds it down, and what is left over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from supplynet.analysis.balance.burdens import Burden, Headroom, burdens, headroom
from supplynet.analysis.balance.content import ElementDelivery, element_deliveries
from supplynet.analysis.balance.money import Money, money_of
from supplynet.analysis.balance.observed import Target, targets
from supplynet.analysis.balance.ranges import CoverageRange, ranges, worth_in_words
from supplynet.analysis.balance.scrap import Recycled, Scrapped, recycled, scrapped
from supplynet.analysis.balance.tables import (
    ROUNDING,
    Binding,
    Delivery,
    Surplus,
    Use,
    bindings,
    deliveries,
    flow_records,
    surpluses,
    uses,
)
from supplynet.analysis.notebook import Shown
from supplynet.analysis.numbers import integer, share, tonnes
from supplynet.model.countries import country_name
from supplynet.model.demand import demand
from supplynet.model.units import BASKET
from supplynet.solve.check import Certificate

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from supplynet.analysis.balance.solve import Claim, Run
    from supplynet.analysis.provenance import Provenance
    from supplynet.analysis.question import Question

CONTESTED = "when all nations draw on the network at once"
_OBJECTIVES = {
    "max_supply": "The most is served in all",
    "fair": "The worst covered is served as well as can be, then the next worst",
    "priority": "Nations are served in order of priority",
    "least_exposure": "The most is served in all, with as little as can be handled by {exposed_to}",
    "observed": "The most is served in all, as close as can be to observed and contracted links",
    "cost": "The most is served in all, as cheaply as can be",
    "price": "What is worth its cost is served",
}


@dataclass(frozen=True)
class Coverage:
    """A nation's demand in one form, and how much of it is served, t of product per year.

    `how` tells on which years the demand rests.
    """

    nation: str
    form: str
    demand: float
    served: float
    unmet: float
    coverage: float
    how: str


@dataclass(frozen=True)
class BalanceResult(Shown):
    """The contested picture: never to be mixed with a potential in one figure.

    Parameters
    ----------
    question : Question
        Its target is every nation.
    objective : str
    basis : {"capacity", "production"}
        Whether plants count with what they could make or with what they made; the options of
        the provenance say why.
    deliveries : tuple of Delivery
        By nation and product.
    elements : tuple of ElementDelivery
        By nation and element.
    utilization : tuple of Use
        Of every capacity: plants, links and corridors.
    binding : tuple of Binding
        Limits with a shadow price.
    surplus : tuple of Surplus
    scrap : tuple of Scrapped
        New scrap by plant and element: arisen, returned and lost.
    recycled : tuple of Recycled
        Scrap that plants take by plant and element, and what comes out of it.
    left_out : tuple of str
        Nations that take no part because they are avoided.
    levels : mapping of (str, str) to float
        Coverage by nation and form under ``fair``; else empty.
    certificates : mapping of str to Certificate
        Of every program that was solved, by name.
    provenance : Provenance
    run : Run
        The programs, for further questions.
    x : ndarray of float64
        The solution that moves the least tonnes.
    money : Money or None
        Costs and scarcity prices under ``cost`` and ``price``.
    targets : tuple of Target
        Links with a firm tonnage and what they carry, under ``observed``.
    """

    question: Question
    objective: str
    basis: str
    deliveries: tuple[Delivery, ...]
    elements: tuple[ElementDelivery, ...]
    utilization: tuple[Use, ...] = field(repr=False)
    binding: tuple[Binding, ...] = field(repr=False)
    surplus: tuple[Surplus, ...] = field(repr=False)
    scrap: tuple[Scrapped, ...] = field(repr=False)
    recycled: tuple[Recycled, ...] = field(repr=False)
    left_out: tuple[str, ...]
    levels: Mapping[tuple[str, str], float] = field(repr=False)
    certificates: Mapping[str, Certificate] = field(repr=False)
    provenance: Provenance
    run: Run = field(repr=False)
    x: npt.NDArray[np.float64] = field(repr=False)
    money: Money | None = field(default=None, repr=False)
    targets: tuple[Target, ...] = field(default=(), repr=False)

    @property
    def certificate(self) -> Certificate:
        """All checks of all programs together."""
        return Certificate(tuple(c for one in self.certificates.values() for c in one.checks))

    @cached_property
    def coverage(self) -> tuple[Coverage, ...]:
        """Demand and what is served of it by nation and form, in the order of the demand."""
        sums: dict[Claim, list[float]] = {}
        for row in self.deliveries:
            if row.coverage is not None:
                total = sums.setdefault((row.nation, row.form), [0.0, 0.0])
                total[0] += row.demand
                total[1] += row.served
        return tuple(
            Coverage(*claim, need, got, need - got, got / need, self._years_of(*claim))
            for claim, (need, got) in sums.items()
        )

    def _years_of(self, nation: str, form: str) -> str:
        """On which years a nation's demand in a form rests."""
        asked = self.question
        return str(demand(asked.net, {nation}, BASKET, asked.year, form=form))

    @cached_property
    def flows(self) -> pd.DataFrame:
        """What moves on each link: tail, head, form, kind, what and tonnes, largest first.

        Ends are node ids, or ``rule:<id>`` for a corridor; kind is feed (tonnes of basket),
        element (tonnes on the graph's basis) or product (tonnes of product).
        """
        import pandas as pd

        columns = ["tail", "head", "form", "kind", "what", "tonnes"]
        return pd.DataFrame(flow_records(self.run.model, self.x), columns=columns)

    @cached_property
    def _ranges(self) -> tuple[CoverageRange, ...]:
        return ranges(self.run, self.coverage)

    def ranges(self) -> tuple[CoverageRange, ...]:
        """Return the least and the most that each nation gets over all optimal solutions.

        Solved on first use: two linear programs for each nation and form that is not settled.
        """
        return self._ranges

    @cached_property
    def burdens(self) -> tuple[Burden, ...]:
        """What capped plants bring of each burden, at every end of the intensities."""
        return burdens(self.run.model, self.x)

    @cached_property
    def headroom(self) -> tuple[Headroom, ...]:
        """How much capped plants can mine before each cap binds; solved on first use."""
        return headroom(self.run)

    def worth(self, n: int = 3) -> tuple[str, ...]:
        """Return what one more tonne of the first `n` binding limits would serve, in words."""
        return tuple(worth_in_words(self.run, row) for row in self.binding[:n])

    def name_of(self, nation: str) -> str:
        """A nation as a reader knows it."""
        net = self.question.net
        return country_name(net.node(nation).country, net.commodity.areas)

    def summary(self) -> str:
        """Return the answer in a few sentences."""
        asked = self.question
        net = asked.net
        without = f" without {asked.avoid_name}" if asked.avoid else ""
        lines = [
            f"Contested picture of {asked.year}{without}, {CONTESTED}, on links up to "
            f"{asked.links}, {self._basis_in_words()}."
        ]
        exposed = self.provenance.options["exposed_to"]
        lines.append(_OBJECTIVES[self.objective].format(exposed_to=exposed) + ".")
        for form in dict.fromkeys(row.form for row in self.coverage):
            lines.append(self._form_in_words(form, net.form_by_name[form].title))
        if self.money is not None:
            lines.append(self.money.summary())
        if self.targets:
            lines.append(self._targets_in_words())
        if self.objective in ("max_supply", "least_exposure", "observed", "cost") and any(
            row.coverage < 1.0 - ROUNDING for row in self.coverage
        ):
            lines.append(
                "Who goes short is one of several splits that may serve as much; "
                "ranges() tells what is settled."
            )
        n_guessed = sum(not row.how.startswith("given") for row in self.coverage)
        if n_guessed:
            lines.append(
                f"{integer(n_guessed)} of {integer(len(self.coverage))} demands rest on other "
                "years than the one asked for."
            )
        if not self.coverage:
            got = sum(row.served for row in self.deliveries)
            lines.append(f"No demand is known; the nations together take {tonnes(got)} t/yr.")
        if self.left_out:
            names = ", ".join(self.name_of(one) for one in self.left_out)
            lines.append(f"Takes no part, neither giving nor drawing: {names}.")
        if self.surplus:
            sums: dict[str, float] = {}
            for row in self.surplus:
                sums[row.element] = sums.get(row.element, 0.0) + row.tonnes
            first = sorted(sums, key=lambda one: (-sums[one], one))[:3]
            parts = ", ".join(f"{tonnes(sums[one])} t of {one}" for one in first)
            lines.append(f"Separated and taken by nobody: {parts} per year.")
        if self.scrap:
            arisen = sum(row.arisen for row in self.scrap)
            back = sum(row.returned for row in self.scrap)
            lines.append(
                f"New scrap holds {tonnes(arisen)} t/yr, of which {share(back / arisen)} goes "
                "back to plants that use it."
            )
        return " ".join(lines)

    def _basis_in_words(self) -> str:
        """Whether plants count with what they could make or with what they made."""
        reason = self.provenance.options["basis_reason"]
        if self.basis == "capacity":
            return f"plants counted by capacity ({reason})"
        nodes = [row for row in self.utilization if row.kind == "node"]
        n_made = sum(row.table == "production" for row in nodes)
        return (
            f"{integer(n_made)} of {integer(len(nodes))} plants counted by what they made, "
            f"the others by capacity ({reason})"
        )

    def _targets_in_words(self) -> str:
        """How close it comes to the links with a firm tonnage."""
        n_full = sum(row.missing <= ROUNDING * row.tonnage for row in self.targets)
        first = self.targets[0]
        text = (
            f"{integer(n_full)} of {integer(len(self.targets))} observed or contracted links with "
            "a tonnage carry it in full"
        )
        if n_full == len(self.targets):
            return f"{text}."
        missing = f"{tonnes(first.missing)} {first.unit}"
        return f"{text}; the most is missing from {first.name}: {missing}."

    def _form_in_words(self, form: str, title: str) -> str:
        """One form's deliveries in a sentence: all, and the short ones by name."""
        rows = [row for row in self.coverage if row.form == form]
        need, got = sum(row.demand for row in rows), sum(row.served for row in rows)
        text = f"{title}: {tonnes(got)} of {tonnes(need)} t/yr ({share(got / need)})"
        short = sorted(
            (row for row in rows if row.coverage < 1.0 - ROUNDING), key=lambda row: row.coverage
        )
        if not short:
            return f"{text}, every nation in full."
        names = ", ".join(f"{self.name_of(row.nation)} {share(row.coverage)}" for row in short)
        return f"{text}; {integer(len(short))} of {integer(len(rows))} nations go short: {names}."

    def to_frame(self) -> pd.DataFrame:
        """Return the deliveries as a DataFrame."""
        import pandas as pd

        columns = list(Delivery.__slots__)
        return pd.DataFrame([asdict(row) for row in self.deliveries], columns=columns)

    def to_dict(self) -> dict[str, Any]:
        """Return the answer with its proof, for JSON."""
        return {
            "question": self.question.to_dict(),
            "meaning": f"contested: {CONTESTED}",
            "objective": self.objective,
            "basis": self.basis,
            "basis_reason": self.provenance.options["basis_reason"],
            "unit": "t of product/yr",
            "coverage": [asdict(row) for row in self.coverage],
            "deliveries": [asdict(row) for row in self.deliveries],
            "elements": [asdict(row) for row in self.elements],
            "utilization": [asdict(row) for row in self.utilization],
            "binding": [asdict(row) for row in self.binding],
            "surplus": [asdict(row) for row in self.surplus],
            "scrap": [asdict(row) for row in self.scrap],
            "recycled": [asdict(row) for row in self.recycled],
            "burdens": [asdict(row) for row in self.burdens],
            "headroom": [asdict(row) for row in self.headroom] if self.burdens else [],
            "left_out": list(self.left_out),
            "flows": flow_records(self.run.model, self.x),
            "money": None if self.money is None else self.money.to_dict(),
            "targets": [asdict(row) for row in self.targets],
            "certificates": {name: one.to_dict() for name, one in self.certificates.items()},
            "provenance": self.provenance.to_dict(),
        }


def result_of(
    run: Run,
    question: Question,
    x: npt.NDArray[np.float64],
    levels: Mapping[tuple[str, str], float],
    left_out: frozenset[str],
    objective: str,
    provenance: Provenance,
    optimum: Mapping[str, float],
) -> BalanceResult:
    """Read a result off the solved programs of a balance.

    `optimum` holds the best values of an objective in money, by level of prices.
    """
    model = run.model
    rows = deliveries(model, x)
    unit = "t of product/yr" if model.scope.demand else "t/yr"
    if objective == "fair":
        unit = "of the demand of those worst covered"
    if objective == "price":
        unit = "thousand USD/yr"
    return BalanceResult(
        question=question,
        objective=objective,
        basis=model.scope.basis,
        deliveries=rows,
        elements=element_deliveries(model, x, rows),
        utilization=uses(model, x),
        binding=bindings(run, unit),
        surplus=surpluses(run, x),
        scrap=scrapped(model, x),
        recycled=recycled(model, x),
        left_out=tuple(one for one in question.net.nation_ids if one in left_out),
        levels=levels,
        certificates=dict(run.certificates),
        provenance=provenance,
        run=run,
        x=x,
        money=money_of(run, objective, optimum, x) if optimum else None,
        targets=targets(model, x) if objective == "observed" else (),
    )
