"""What flows tell: figures, routes and cut of a maximum flow, and rows of a balance as well."""

from __future__ import annotations

from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from supplynet.contract.answer import Answer
from supplynet.contract.headline import Lead
from supplynet.contract.json_schema import NUMBER, TEXT, record
from supplynet.contract.row import ITS_UNIT, ElementId, Row, Share, Table, Tonnes, answered, col
from supplynet.terms import CONFIDENCES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from supplynet.analysis.arrays.solving import Solved
    from supplynet.analysis.proofs import Proof
    from supplynet.network.demand import DemandFigure

PRODUCT_UNIT = "t of product/yr"
POTENTIAL = "with exclusive access"


class Bottleneck(Row):
    """A member of a minimum cut."""

    kind: str = col('One of "node", "link", "rule", "intake", "restriction".')
    id: str = col("Node id, ``tail -> head``, rule id, or nation and form.")
    name: str = col("As a reader knows it.")
    stage: str = col("Of the node, or of the link's tail; empty where there is none.")
    country: str = col("Of the node, or of the link's tail; empty where there is none.")
    capacity: Tonnes = col("Lets through.", "t/yr that arrive")
    confidence: str = col("Of the row that sets the capacity.")


class Route(Row):
    """One way from the ground to the nation."""

    nodes: tuple[str, ...] = col("Ids of the nodes in order.")
    tonnes: Tonnes = col("That arrive by it, per year.", ITS_UNIT)
    unit: str = col("Unit of the figures beside it.")
    standing: str = col("Of the weakest link.")
    confidence: str = col("Of the least sure row: capacities of its nodes, and its links.")
    figures: tuple[float, ...] = col(
        "Share of its rows that are sourced, derived, of a digest and estimated.", "share, 0 to 1"
    )
    bottleneck: str = col("What limits it, in words.")
    rules: tuple[str, ...] = col(
        "Ids of the link rules that it uses; empty if every link is named."
    )
    source_ids: tuple[str, ...] = col("Sources of the rows that it uses.")
    confidences: tuple[str, ...] = col(
        "Confidence of each of its rows; of none where named links and rules join the same nodes."
    )


class IdleRestriction(Row):
    """A restriction that changes nothing in an answer."""

    id: str = col("Id of the row of the graph.")
    reason: str = col("Why it binds nothing, in words.")

    def __str__(self) -> str:
        return f"restriction {self.id} binds nothing: {self.reason}"


#: title of the rows that carry a headline
CARRIED_BY = "Rows without which the headline falls most, each by itself"


class Carrier(Row):
    """A plant, link, corridor or option without which less could come."""

    table: str = col("Table that holds its row: nodes, edges, rules or options.")
    id: str = col("Node id, ``tail -> head (form)``, rule or option id.")
    name: str = col("As a reader knows it.")
    standing: str = col("Standing of the link, state of the plant, or kind of the option.")
    confidence: str = col("Of the row whose figure counts: sourced, derived, summary or estimated.")
    sources: tuple[str, ...] = col("Ids of the documents that the row cites.")
    tonnes: float = col(
        "Of the form or element that could still come without it, per year.", "t/yr"
    )
    coverage: Share | None = col(
        "Share of the demand for it that could still be covered without it; None where none is "
        "known."
    )


class DeadEnd(Row):
    """A plant that can be supplied and has no outlet in a tier and year."""

    plant: str = col("Its id.")
    name: str = col("As a reader knows it.")
    stage: str = col("Stage of the chain.")
    country: str = col("ISO 3166 alpha-3 code.")
    tonnes: float = col(
        "t/yr of all elements together that could leave it, at most.",
        ITS_UNIT,
        by=answered("tonnes", "dead_ends", "plant tier"),
    )
    unit: str = col("Unit of the figures beside it.")
    why: str = col("Whether nobody is named to buy from it, or those who are named are shut.")
    tier: str = col("Name of the tier.")
    year: int = col("Calendar year.", by="asked")


class Tier(Row):
    """Potential on the links and plants of a tier."""

    tier: str = col("Name of the tier of links and plants.")
    links: str = col("Weakest standing of the links that count.")
    plants: str = col("Furthest from running that a plant may be that counts.")
    with_all: float = col("Per year with the avoided jurisdiction open.", ITS_UNIT)
    without: float = col("Per year with it shut, plants of unknown owners included.", ITS_UNIT)
    low: float = col("``without`` at the low end of the data.", ITS_UNIT)
    high: float = col(
        "``without`` at the high end of the data, plants of unknown owners open.", ITS_UNIT
    )
    coverage: Share | None = col("Share of the demand that ``without`` could cover.")
    coverage_low: Share | None = col("The same, low figures and a high demand.")
    coverage_high: Share | None = col("The same, high figures and a low demand.")

    @property
    def name(self) -> str:
        """Name of the tier."""
        return self.tier


class Needed(Row):
    """An element and what is needed of it."""

    element: str = col("Id of the element.")
    unit: str = col("Unit of the figures beside it.")
    demand: float = col(
        "Of the element in the products that are asked for; 0 where it is not known.", ITS_UNIT
    )


class TierRow(Tier, Needed):
    """What could arrive of an element on the links and plants of a tier."""


class ViaShare(Row):
    """The part of a bypass that one country can carry, and what it adds."""

    via: str = col("Selector of the country.")
    through: float = col("The most that can arrive having passed it.", "t/yr")
    alone: float = col("Gained when only this country joins the others that are shut.", "t/yr")
    marginal: float = col("Lost when it alone is shut.", "t/yr")
    shapley: float = col("Its average gain over every order of joining.", "t/yr")


class ViaTier(Needed):
    """The most of an element that can arrive on a tier having passed one of some countries."""

    tier: str = col("Name of the tier of links and plants.")
    year: int = col("Calendar year.")
    via: tuple[str, ...] = col("Selectors of the countries.")
    through: float = col("That can arrive per year.", ITS_UNIT)
    coverage: Share | None = col("Share of the demand that ``through`` could cover.")
    coverage_low: Share | None = col("The same, low figures and a high demand.")
    coverage_high: Share | None = col("The same, high figures and a low demand.")


class Delivery(Row):
    """What a nation gets of a product, t of product per year."""

    nation: str = col("Ids; the element where the graph knows no demand.")
    product: str = col("Ids; the element where the graph knows no demand.")
    form: str = col("Form in which the product travels.")
    demand: float = col("inf where the graph knows no demand.", PRODUCT_UNIT)
    served: float = col(unit=PRODUCT_UNIT)
    unmet: float = col(unit=PRODUCT_UNIT, by="demand - served")
    coverage: Share | None = col(
        "Share of the demand that is served; None without a demand.", by="served / demand"
    )


class Limited(Row):
    """A capacity, of whatever kind."""

    kind: str = col("One of node, circuit, link, rule, restriction, cap.")
    id: str = col(
        "Node id, with the group of a circuit; ``tail -> head (form)``; or id of the rule, "
        "restriction or cap."
    )
    name: str


class Use(Limited):
    """How much of a capacity is used."""

    used: float = col("Per year, in the unit.", ITS_UNIT)
    capacity: float = col("Per year, in the unit.", ITS_UNIT)
    unit: str
    share: Share = col("Used over capacity; 0 for a capacity of 0.", by="used / capacity")
    table: str = col(
        "Where a node's figure comes from: nodes, capacities or production; else circuits, edges, "
        "rules, restrictions or caps."
    )


class Constraint(Row):
    """A constraint of the program."""

    family: str = col("Constraint family.")


class Binding(Limited, Constraint):
    """A limit that holds the objective down; one that binds elements one by one is one limit."""

    unit: str = col("Unit of the limit.")
    worth: float = col(
        "The most that one more unit per year of it adds to the objective. Where an optimum is "
        "degenerate this is one of several right figures, and lies between those of a "
        ":class:`supplynet.analysis.balance.outcome.Step`.",
        "worth_unit",
    )
    worth_unit: str = col("Unit of the worth.")
    capacity: float = col("Per year, in the unit.", ITS_UNIT)
    rows: tuple[int, ...] = col("Places among the inequalities.", default=(), by="names")


class Surplus(Row):
    """A separated element that nobody takes."""

    node: str
    name: str
    element: str
    tonnes: float = col("Per year on the graph's basis.", "t/yr")
    reason: str = col("What it is separated along with, where that is clear.")


class Moved(Row):
    """What moves on a link, its contracts together."""

    tail: str = col("Node ids, or ``rule:<id>`` for a corridor.")
    head: str = col("Node ids, or ``rule:<id>`` for a corridor.")
    form: str
    kind: str = col("A basket, a separated element, or a product.")
    what: str = col("Name of the basket by its origin, the element, or the product.")
    tonnes: float = col(
        "Per year: of the basket, of the element on the graph's basis, or of the product.",
        "t/yr of what moves",
    )


DEAD_ENDS = Table("dead_ends", "What plants could make and nobody buys", DeadEnd)
DELIVERIES = Table("deliveries", "What each nation asks for and gets of each product", Delivery)
USES = Table("utilization", "Use of every capacity: plants, links and corridors", Use)
BINDING = Table(
    "binding",
    "Limits that hold the answer down, with the most that one more of each would add",
    Binding,
)
SURPLUS = Table("surplus", "What is separated and nobody takes", Surplus)
FLOWS = Table("flows", "What moves on each link, largest first", Moved, path="moved")


_ROUTED = "sum(routes.tonnes)"
#: in place of "{}": tonnes of routes that count
_OF_ROUTED = f"sum({{}}) / {_ROUTED} if {_ROUTED} > 0 else 0"
HEADLINE = (
    Lead("coverage", "coverage", "coverage_low", "coverage_high", of="{row.element}"),
    Lead("maximum flow", "value", "low", "high", of="{row.element}"),
)
ALSO = (
    "meaning",
    "coverage",
    "coverage_low",
    "coverage_high",
    "confidence_shares=confidence",
    "figure_shares=figures",
    "routes",
    "cut",
    "idle_restrictions",
)
#: what the tables say of a demand
ASKED_FOR = "demand(asked.to, element, asked.year)"
#: routes of which several are one, whose rows are not listed
_MERGED = "count(routes, confidences == [])"
#: shares of the rows behind each route
OF_ROUTES = {
    f"routes.figures.{n}": f"count(confidences, confidences == '{name}') / count(confidences) "
    "if count(confidences) > 0 else open"
    for n, name in enumerate(CONFIDENCES)
}
BY = {
    **OF_ROUTES,
    "coverage": "min(1, value / demand.value)",
    "demand.value": ASKED_FOR,
    "demand.estimated_share": "demand(asked.to, element, asked.year, 'estimated_share')",
    **{
        f"confidence_shares.{name}": _OF_ROUTED.format(f"routes.tonnes, confidence == '{name}'")
        for name in CONFIDENCES
    },
    **{
        f"figure_shares.{name}": f"open if {_MERGED} > 0 else "
        + _OF_ROUTED.format(f"routes.tonnes * routes.figures[{n}]")
        for n, name in enumerate(CONFIDENCES)
    },
}
NESTED = {"demand": record({"value": NUMBER, "how": TEXT, "estimated_share": NUMBER})}


class FlowResult(
    Answer,
    name="flow",
    title="How much of an element could reach a target",
    headline=HEADLINE,
    also=ALSO,
    by=BY,
    nested=NESTED,
    document="supplynet.reports.results_flow.of_flow",
):
    """How much of an element could reach a target: a potential, not a forecast."""

    element: ElementId = col("Id of the element.")
    value: Tonnes = col("What arrives per year, plants of unknown owners shut.", ITS_UNIT)
    low: Tonnes = col("The same with every figure at its low end.", ITS_UNIT)
    high: Tonnes = col("The same with every figure at its high end.", ITS_UNIT)
    value_if_unknown_open: Tonnes = col("The value with unknown owners' plants open.", ITS_UNIT)
    unit: str = col("Unit of what arrives.")
    is_upper_bound: bool = col("Whether a balance may bring less.")
    demand: DemandFigure  #: what the target needs of the element
    #: share of the demand that could be covered at both ends of the data; None without a demand
    coverage_range: tuple[float, float] | None
    solved: Solved = field(repr=False)  #: arrays, for other analyses

    @property
    def coverage(self) -> Share | None:
        """Share of the demand that could be covered."""
        if not self.demand.value:
            return None
        return min(1.0, self.value / self.demand.value)

    @property
    def coverage_low(self) -> Share | None:
        """The same, low figures and the high demand."""
        return None if self.coverage_range is None else self.coverage_range[0]

    @property
    def coverage_high(self) -> Share | None:
        """The same, high figures and the low demand."""
        return None if self.coverage_range is None else self.coverage_range[1]

    @property
    def meaning(self) -> str:
        """What the figures count."""
        return f"potential: {POTENTIAL}"

    def proof(self) -> list[Proof]:
        """Return the flow, its ends and the one with unknown owners' plants, each with its cut."""
        from supplynet.analysis.flow.answer_evidence import answer_proof

        return [answer_proof(self)]

    def _nested(self) -> dict[str, Any]:
        need = self.demand
        facts = {"value": need.value, "how": str(need), "estimated_share": need.estimated_share}
        return {"demand": facts}

    @cached_property
    def routes(self) -> Sequence[Route]:
        """The flow as routes, the largest first."""
        from supplynet.analysis.flow.flow import Routes

        return Routes(self.solved)

    @cached_property
    def cut(self) -> tuple[Bottleneck, ...]:
        """Members of the minimum cut nearest to the ground, largest first."""
        from supplynet.analysis.flow.flow import bottlenecks

        return bottlenecks(self.solved)

    @cached_property
    def idle_restrictions(self) -> tuple[IdleRestriction, ...]:
        """Restrictions that bind nothing.

        With the reason; solved on first use.
        """
        from supplynet.analysis.flow.names import idle_in_flow

        return idle_in_flow(self.question, self.element, self.value)

    @property
    def confidence(self) -> dict[str, float]:
        """Of the tonnes, by confidence of the least sure row on each route."""
        shares: tuple[dict[str, float], ...] = cast("Any", self.routes).shares
        return shares[0]

    @property
    def figures(self) -> dict[str, float]:
        """Of the figures behind the routes, by confidence."""
        shares: tuple[dict[str, float], ...] = cast("Any", self.routes).shares
        return shares[1]

    @property
    def need(self) -> float | None:
        """What the target needs; None where it is not known."""
        return None if self.demand.how == "none" else self.demand.value

    def to_frame(self, table: str | None = None) -> pd.DataFrame:
        """Return the routes as a DataFrame, a column a stage; or a table by name."""
        if table is not None:
            return super().to_frame(table)
        from supplynet.analysis.flow.flow import routes_frame

        return routes_frame(self.question.net, self.routes)
