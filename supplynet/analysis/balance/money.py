"""What a balance costs and is worth: by charge, in all, and by the tonne that is scarce."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from supplynet.analysis.balance.bill import Line, Worth, bill, worths
from supplynet.analysis.balance.objectives.cost import THOUSAND
from supplynet.analysis.balance.outcome import PriceRange
from supplynet.analysis.balance.tables import ROUNDING
from supplynet.arrays import Floats
from supplynet.errors import InfeasibleError
from supplynet.network.countries import country_name
from supplynet.terms import LEVELS, TRACED
from supplynet.text import by_size, dollars

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from supplynet.analysis.balance.programs import Run
    from supplynet.analysis.balance.rows import Label

#: step of a price range, tonnes, and the part of a demand that it never exceeds
STEP, STEP_SHARE = 1.0, 0.01


@dataclass(frozen=True, slots=True)
class ScarcityPrice:
    """What a tonne of a product more in a nation's hands would be worth, US dollars."""

    nation: str
    product: str
    #: Rise of the objective for a tonne that arrives free: under ``price`` of worth less cost,
    #: under ``cost`` what is saved with as much served. Where an optimum is degenerate this is one
    #: of several right figures.
    price: float


@dataclass(frozen=True, slots=True)
class ElementPrice:
    """What a tonne of an element more at a plant or in a nation would be worth, US dollars."""

    node: str  #: id of the plant or nation
    form: str  #: form in which a nation gets it; empty for a plant, which holds it
    element: str
    #: for a tonne on the graph's basis; one of several where the optimum is degenerate
    price: float


def scarcity_prices(run: Run, program: str) -> tuple[ScarcityPrice, ...]:
    """Return the scarcity price of every demand, off the duals of a program in money.

    Where nothing of a demand is served, every price from what a served tonne counts for up to
    what it would cost to bring one is a right dual; the first is what a tonne more is worth.
    """
    lp, solution = run.programs[program]
    sign = 1.0 if lp.maximize else -1.0
    counts = lp.c
    # In the cheapest plan what is served counts through the pinned supply alone: its dual turns
    # tonnes into money.
    if not lp.maximize:  # a served tonne counts in the pinned supply, which is the last row
        counts = lp.a_ub[[-1]].toarray()[0] * float(solution.dual_ub[-1])
    prices = []
    for row, label in _deliveries(run):
        column = run.model.columns.at("served", label[1], label[2])
        value = sign * float(solution.dual_ub[row])
        # Where nothing is served the dual may stand anywhere above what a tonne would bring: the
        # least of the possible prices is reported.
        if solution.x[column] <= ROUNDING * run.model.scope.demand[label[1], label[2]]:
            value = min(value, float(counts[column]))
        prices.append(ScarcityPrice(label[1], label[2], _dollars(value)))
    return tuple(prices)


def element_prices(run: Run, program: str, x: Floats) -> tuple[ElementPrice, ...]:
    """Return the scarcity price of every element at plants and in nations, the dearest first.

    Only where the balance `x` brings some of it: elsewhere no price is settled.
    """
    lp, solution = run.programs[program]
    sign = 1.0 if lp.maximize else -1.0
    rows = []
    least = ROUNDING * float(np.max(x, initial=0.0))
    for is_equality, family, duals in (
        (True, "element_balance", -sign * solution.dual_eq),  # in = out: a tonne in is on the left
        (False, "intake", sign * solution.dual_ub),
    ):
        matrix, _ = run.model.stacked(is_equality)
        route = 1.0 if is_equality else -1.0  # arrivals stand with this sign
        # Only elements that arrive somewhere have a price there: the dual of an empty balance is
        # any number that keeps others away.
        arriving = route * matrix.multiply(route * matrix > 0.0) @ np.maximum(0.0, x)
        for row_number, (name, label) in enumerate(run.model.labels(is_equality)):
            if name == family and arriving[row_number] > least:
                node, form = (label[1], "") if is_equality else (label[1], label[2])
                rows.append(ElementPrice(node, form, label[-1], _dollars(float(duals[row_number]))))
    return tuple(
        sorted(rows, key=lambda row: (by_size(row.price), row.node, row.form, row.element))
    )


def _dollars(dual: float) -> float:
    """A dual in US dollars; negative ones are rounding, as a tonne may be thrown away."""
    return max(0.0, dual / THOUSAND)


def _deliveries(run: Run) -> list[tuple[int, Label]]:
    """Place among the inequalities and label of every delivery."""
    return [
        (row, label)
        for row, (family, label) in enumerate(run.model.labels(False))
        if family == "delivery"
    ]


def price_range(run: Run, program: str, price: ScarcityPrice) -> PriceRange:
    """Return what a tonne more, and a tonne less, of a product in a nation would be worth.

    The program is solved again with a step up and one down of what arrives; the step is a
    tonne, or a hundredth of the demand if that is less. Between the two figures lies every
    shadow price that a degenerate optimum allows.
    """
    lp, solution = run.programs[program]
    sign = 1.0 if lp.maximize else -1.0
    key = price.nation, price.product
    row = next(column for column, label in _deliveries(run) if label[1:] == key)
    # Prices are slopes of a curve with corners. A step of a tonne either way shows whether the
    # shown price holds for more than the last gram; it stays small beside the demand itself.
    step = min(STEP, STEP_SHARE * run.model.scope.demand[key])
    served = float(solution.x[run.model.columns.at("served", *key)])
    bounds = []
    for route in (1.0, -1.0) if served > step else (1.0,):
        limits = np.array(lp.b_ub)
        limits[row] += route * step
        name = f"{program}, {route:+g} step of {key[1]} in {key[0]}"
        try:
            moved = run.solve(name, replace(lp, b_ub=limits))
            bounds.append(_dollars(sign * route * (moved.objective - solution.objective) / step))
        except InfeasibleError:
            bounds.append(float("inf"))
    return PriceRange(*key, min(bounds[0], price.price), price.price, max(bounds[-1], price.price))


#: two prices that lie within this share of each other are one
_SAME = 1e-6


@dataclass(frozen=True, slots=True)
class Cost:
    """What one charge comes to in the balance shown, US dollars per year."""

    charge: str  #: id of the row
    kind: str  #: one of "processing", "freight", "tariff", "tax", "premium"
    reason: str  #: what is charged, in words
    where: str  #: stage of the plants for processing, else form of what moves
    #: low, central, high: at the ends of the figures, with the same flows; below 0 for a premium
    low: float
    central: float
    high: float
    confidence: str


@dataclass(frozen=True, repr=False)
class Money:
    """What a balance costs and is worth, US dollars per year and for a tonne."""

    program: str  #: one of "cost", "price"
    #: best value at the low, central and high figures, each with its own flows: the least cost, or
    #: the most of worth less cost
    optimum: Mapping[str, float]
    #: charges that come to anything, the largest first; one row a stage or form
    costs: tuple[Cost, ...]
    #: what a delivered tonne is worth; empty under ``cost``
    worths: tuple[Worth, ...]
    scarcity: tuple[ScarcityPrice, ...]  #: by nation and product
    #: by plant or nation and element, where the balance brings some
    elements: tuple[ElementPrice, ...]
    run: Run

    @property
    def total(self) -> float:
        """All costs of the balance shown, US dollars per year."""
        return sum(row.central for row in self.costs)

    def summary(self) -> str:
        """Return costs, and the range over all figures, in a sentence or two."""
        bounds = [self.optimum[level] for level in LEVELS]
        spread = f"{dollars(min(bounds))} to {dollars(max(bounds))}"
        text = f"It costs {dollars(self.total)} a year"
        if self.program == "cost":
            return f"{text}; with all charges at their low or high end {spread}."
        return (
            f"What is served is worth {dollars(bounds[1] + self.total)} a year. {text}, which "
            f"leaves {dollars(bounds[1])}; {spread} with prices and charges at their ends."
        )

    @cached_property
    def by_place(self) -> dict[str, float]:
        """Costs by stage, for processing, and by form, for what moves, US dollars per year."""
        sums: dict[str, float] = {}
        for row in self.costs:
            sums[row.where] = sums.get(row.where, 0.0) + row.central
        return sums

    def ranges(self, prices: Iterable[ScarcityPrice]) -> tuple[PriceRange, ...]:
        """Solve what a tonne more and a tonne less would be worth: two programs for each price."""
        return tuple(price_range(self.run, self.program, one) for one in prices)

    def dearest(self, nations: Collection[str] = ()) -> list[ScarcityPrice]:
        """Return the scarcity prices, of some nations or of all, the dearest first."""
        chosen = (row for row in self.scarcity if not nations or row.nation in nations)
        return sorted(chosen, key=lambda row: (by_size(row.price), row.nation, row.product))

    def words(self, n: int = 3) -> tuple[str, ...]:
        """Return the `n` dearest scarcity prices in sentences, with their units."""
        net = self.run.model.scope.net
        paid = {(row.nation, row.product): row for row in self.worths}
        texts = []
        for row in self.dearest()[:n]:
            country = country_name(net.node(row.nation).country, net.commodity.areas)
            text = (
                f"a tonne more of {net.product_by_id[row.product].name} in {country} would "
                f"{'be worth' if self.worths else 'save'} {dollars(row.price)}"
            )
            worth = paid.get((row.nation, row.product))
            if worth is not None and row.price >= worth.central * (1.0 - _SAME):
                text += ", which is all that it counts for there"
            elif worth is not None:
                text += f"; it counts for {dollars(worth.central)} there"
            texts.append(text)
        return tuple(texts)

    def to_dict(self) -> dict[str, Any]:
        """Everything, for JSON."""
        return {
            "currency": "USD",
            "meaning": "least cost of serving the most"
            if self.program == "cost"
            else "worth of what is served less its cost",
            "optimum": dict(self.optimum),
            "total_cost": self.total,
            "cost_by_stage_and_form": self.by_place,
            "costs": [asdict(row) for row in self.costs],
            "worth": [asdict(row) for row in self.worths],
            "scarcity_note": "USD for a tonne more; one of several where the optimum is degenerate",
            "scarcity": [asdict(row) for row in self.scarcity],
            "element_scarcity": [asdict(row) for row in self.elements],
        }


def money_of(run: Run, program: str, optimum: Mapping[str, float], x: Floats) -> Money:
    """Read costs and scarcity prices off the solved programs of a balance."""
    rows = [row for line in bill(run.model).lines for row in _costs(line, x)]
    least = ROUNDING * sum(abs(row.central) for row in rows)
    rows = [row for row in rows if max(abs(row.low), abs(row.high)) > least]
    return Money(
        program=program,
        optimum={level: optimum[level] for level in LEVELS},
        costs=tuple(
            sorted(rows, key=lambda row: (by_size(abs(row.central)), row.charge, row.where))
        ),
        worths=worths(run.model) if TRACED[program].is_worth else (),
        scarcity=scarcity_prices(run, program),
        elements=element_prices(run, program, x),
        run=run,
    )


def _costs(line: Line, x: Floats) -> list[Cost]:
    """What a charge comes to, apart for each stage or form that it is on."""
    charge = line.charge
    paid = line.dollars * np.maximum(0.0, x[line.places])
    where = np.array(line.where)
    costs = []
    for label in dict.fromkeys(line.where):
        low, central, high = paid[:, where == label].sum(axis=1).tolist()
        costs.append(
            Cost(
                charge.id, charge.kind, charge.reason, label, low, central, high, charge.confidence
            )
        )
    return costs
