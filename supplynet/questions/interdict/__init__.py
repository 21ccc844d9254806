"""The worst case: which losses within a budget cost a nation most, with proof."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from supplynet.analysis.flow.rows import ASKED_FOR
from supplynet.analysis.flow.worst_case import ALSO, BY, LOST_OF_DEMAND, NESTED, WorstCase
from supplynet.contract.headline import Lead
from supplynet.contract.query import OfElement, option, page, sentence, shared
from supplynet.contract.row import ElementId, Share, Tonnes, col
from supplynet.errors import OptionError
from supplynet.questions.declared import question
from supplynet.terms import ATTACKS

if TYPE_CHECKING:
    from supplynet.model.case import Case
    from supplynet.network.demand import DemandFigure
    from supplynet.present.document import Document


class Attack(OfElement):
    """What may be lost as one, and how long is searched."""

    by: str = option("What is lost as one.", default="node", words=ATTACKS)
    protect: str | Iterable[str] | None = option(
        "Selector of nodes that cannot be lost anyway, nor a link at one of them.",
        default=None,
        kind="str or iterable of str",
        said="--protect WHAT...",
        is_open=False,
    )
    model: str = shared("model")
    count: str = shared("count")
    weights: Mapping[str, float] | None = shared("weights", in_command=False, is_open=False)
    basis: str = shared("basis", in_command=False, is_open=False)
    time_limit: float | None = option(
        "Seconds for the search, which then shows the best so far and what is proved of it.",
        default=None,
        kind="seconds",
        is_open=False,
    )

    def of_model(self) -> dict[str, Any]:
        """Return the options that a balance takes alone; refuse those of the other model."""
        if self.model != "balance":
            if self.weights is not None or self.basis != "capacity":
                raise OptionError("weights and basis go with model='balance'")
            return {}
        if self.count != "need":
            raise OptionError("count='all' goes with model='flow': a balance serves demands")
        return {"weights": self.weights, "basis": self.basis}


class Query(Attack):
    """How much may be lost together."""

    k: int | None = option(
        "How many may be lost, where all costs are 1.",
        default=None,
        kind="int",
        usual="2, unless a budget is given",
        said="-k --k N",
        least=0,
        most=5,
    )
    budget: float | None = option(
        "What the losses may cost together, with costs of their own.",
        default=None,
        kind="float",
        said="--budget NUMBER",
        is_open=False,
    )
    cost: Mapping[str, float] | None = option(
        "What the loss of one costs, by id; 1 for those that are not named.",
        default=None,
        kind="mapping of str to float",
        said="--cost ID=NUMBER...",
        is_open=False,
    )
    frontier: bool = option(
        "Whether to find the worst case for the smaller budgets too, and what a ranking finds.",
        default=True,
        kind="bool",
        in_command=False,
        is_open=False,
    )


class InterdictionResult(
    WorstCase,
    name="interdiction",
    title="The worst losses within a budget",
    headline=(Lead("worst loss", "loss_share", of="{row.element}"),),
    also=(*ALSO, "need"),
    by=BY | {"demand_share": LOST_OF_DEMAND.format("whole", "value", "need"), "need": ASKED_FOR},
    frames=("budgets",),
    nested=NESTED,
):
    """The worst losses within a budget: a potential, like every flow."""

    element: ElementId = col("Id of the element.")
    count: str = col("Whether only tonnes up to demand count, or all.", default="need")
    n_nodes: int = col("Parts of the search that were looked at.", by="names")
    demand: DemandFigure

    @property
    def need(self) -> Tonnes | None:
        """Demand of the target; null where none is known."""
        return self.demand.value or None

    @property
    def is_up_to_need(self) -> bool:
        """Whether what counts ends at the demand of the target."""
        return self.count == "need" and self.demand.value > 0.0

    @property
    def demand_share(self) -> Share | None:
        """Part of the demand that is no longer covered; null without a demand."""
        need = self.demand.value
        return (min(self.whole, need) - min(self.value, need)) / need if need else None


@question(
    "interdict",
    title="The worst losses",
    together="The worst losses for {target}",
    metrics=("loss_share", "loss", "value", "bound", "demand_share"),
    is_of_all=lambda query: query.model == "balance",
)
def interdict(case: Case, query: Query) -> InterdictionResult:
    """Which losses, few at a time, cost a nation most?

    The worst set, proved; it is not the top of a ranking: two plants that replace each other rank
    low one by one and are the worst together. The answer is exact for the network at hand, with the
    yields and richest feeds of the whole network, as in chokepoints. With the model balance demand
    served counts, and as target all means all nations together.

    Returns
    -------
    InterdictionResult
        Also where the time limit or Ctrl-C ended the search: then `status` says so, and `bound`
        what is proved. With the model balance a BalanceInterdictionResult.

    Raises
    ------
    UnknownNameError
        If a selector, element or cost names nothing.
    OptionError
        If an option's value is not allowed.

    Notes
    -----
    Maximum-flow interdiction (Wood, 1993), by branch and bound, see
    :mod:`supplynet.solve.interdiction.tree`.

    Examples
    --------
    >>> import supplynet as sn
    >>> worst = sn.chokepoints.interdict(sn.load("tutorial"), to="MLT", element="Nd", k=2)
    >>> [one.id for one in worst.removed], round(worst.value), worst.gap
    (['mine-big', 'mine-small'], 0, 0.0)
    """
    from supplynet.analysis.flow.worst_case import budget_of
    from supplynet.analysis.question import joined
    from supplynet.model.interdiction import worst

    if query.model == "balance":
        return cast("InterdictionResult", _in_balance(case, query))
    query.of_model()
    cost, budget = dict(query.cost or {}), budget_of(query.k, query.budget, query.cost)
    record: dict[str, Any] = {"by": query.by, "count": query.count, "budget": budget}
    figures = worst(
        case.question,
        case.element,
        **record,
        cost=cost,
        protect=query.protect,
        frontier=query.frontier,
        time_limit=query.time_limit,
    )
    protect = None if query.protect is None else joined(query.protect)
    options = {**record, "cost": cost, "protect": protect}
    return case.answer(InterdictionResult, options=options, **record, **figures)


def _in_balance(case: Case, query: Query) -> Any:
    """Return the worst case in the balance, of all elements together."""
    from supplynet.analysis.balance.worst import interdict_balance

    options = query.asked()
    return interdict_balance(
        case.net,
        **query.of_model(),
        **{**options, "to": None if options["to"] == "all" else options["to"]},
        element=query.element,
        k=query.k,
        budget=query.budget,
        by=query.by,
        cost=query.cost,
        protect=query.protect,
        frontier=query.frontier,
        time_limit=query.time_limit,
    )


@sentence(InterdictionResult)
def say(answer: InterdictionResult) -> str:
    """Return what is lost at worst, and how that is proved."""
    from supplynet.questions.interdict.page import costly, proved

    return f"{costly(answer)} {proved(answer)}"


@page(InterdictionResult)
def as_document(answers: Sequence[InterdictionResult]) -> Document:
    """Return the document of the worst cases of several elements."""
    from supplynet.questions.interdict.page import of_interdict

    return of_interdict(*answers)
