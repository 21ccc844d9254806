"""Plants that every route to a nation passes, and those that all routes but one pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplynet.contract.answer import Answer
from supplynet.contract.headline import Lead
from supplynet.contract.query import OfElement, sentence
from supplynet.contract.row import (
    ITS_UNIT,
    Country,
    ElementId,
    NodeId,
    Row,
    StageId,
    Tonnes,
    col,
    rows,
)
from supplynet.questions.declared import question

if TYPE_CHECKING:
    from supplynet.model.case import Case


class Passage(Row):
    """A plant that routes cannot avoid."""

    routes: str = col("Which routes pass it: every, or all but one.", head="Routes")
    id: NodeId = col("Id of the row of the graph.")
    name: str = col("As a reader knows it.", head="Plant")
    stage: StageId = col("Stage of the chain.", head="Stage")
    country: Country = col("ISO 3166 alpha-3 code.", head="Country")
    through: Tonnes = col("That passes it in the largest flow.", "t/yr", head="Passes it")
    slack: Tonnes | None = col(
        "That could be lost elsewhere before it becomes a bottleneck.",
        "t/yr",
        head="Slack",
        none="no limit of its own",
        by="max(0, capacity - value + without)",
    )
    capacity: Tonnes | None = col("That can pass it.", "t/yr")
    without: Tonnes | None = col("That could arrive without it.", "t/yr")


class UnavoidableResult(
    Answer,
    name="unavoidable",
    title="Plants that every route to a nation passes",
    headline=(Lead("unavoidable plants", "n_unavoidable", of="{row.element}"),),
    also=("n_unavoidable",),
    by={"n_unavoidable": "count(passages, routes == 'every')"},
):
    """How many routes share no plant, and the plants that stand in the way of more."""

    element: ElementId = col("Id of the element.")
    value: Tonnes = col("What can arrive per year.", ITS_UNIT)
    unit: str = col("Unit of what arrives.")
    n_routes: int | None = col(
        "The most routes that share no plant; null if a route passes no plant at all."
    )
    passages: tuple[Passage, ...] = rows(
        "Plants on every route; where there are none, on all routes but one"
    )

    @property
    def n_unavoidable(self) -> int:
        """How many plants are on every route."""
        return len(self.unavoidable)

    @property
    def unavoidable(self) -> tuple[Passage, ...]:
        """Plants on every route."""
        return tuple(passage for passage in self.passages if passage.routes == "every")

    @property
    def nearly(self) -> tuple[Passage, ...]:
        """Plants whose loss leaves all routes through one other, where none is on every route."""
        return tuple(passage for passage in self.passages if passage.routes != "every")


@question(
    "unavoidable",
    title="Plants that cannot be avoided: {asked}",
    together="Plants that no route to {target} can avoid",
    metrics={
        "unavoidable": lambda answer: float(answer.n_unavoidable),
        "routes": lambda answer: float("inf" if answer.n_routes is None else answer.n_routes),
    },
    terms=(
        "A route counts as open if anything at all can pass; how much arrives by it is another "
        "question. Slack is what could be lost elsewhere before the plant limits what arrives.",
    ),
)
def unavoidable(case: Case, query: OfElement) -> UnavoidableResult:
    """Which plants does every route to a nation pass?

    Where there are none: the plants whose loss leaves all routes through one other. Nations and
    corridors are no plants: routes may share them.

    Returns
    -------
    UnavoidableResult

    Raises
    ------
    UnknownNameError
        If a selector or element names nothing.
    OptionError
        If an option's value is not allowed.

    Notes
    -----
    Menger (1927), see :mod:`supplynet.solve.flow.paths`.

    Examples
    --------
    >>> import supplynet as sn
    >>> sn.chokepoints.unavoidable(sn.load("tutorial"), to="MLT", element="Dy").n_routes
    1
    """
    from functools import partial

    from supplynet.analysis.flow.evidence import unavoidable_proof

    flow = case.max_flow()
    disjoint = case.disjoint_routes(flow)
    groups = {"every": disjoint.every, "all but one": disjoint.all_but_one}
    names = [plant.id for plant in (*disjoint.every, *disjoint.all_but_one)]
    record = case.of_flow(flow) | {
        "evidence": partial(unavoidable_proof, flow, disjoint.flow, names)
    }
    return case.answer(
        UnavoidableResult,
        **record,
        n_routes=disjoint.n_routes,
        passages=tuple(
            Passage(routes, through=flow.through(plant.id), **case.plant(plant.id) | plant.limits)
            for routes, plants in groups.items()
            for plant in plants
        ),
    )


@sentence(UnavoidableResult)
def say(answer: UnavoidableResult) -> str:
    """Return which plants every route passes, or all routes but one."""
    from supplynet.present.words import count, element_name, link_phrase, target

    question = answer.question
    element = element_name(question.net, answer.element)
    what = f"{element} to {target(question)} on {link_phrase(question)}"
    if answer.n_routes == 0:
        return f"No route of {what} is open."
    if answer.n_routes is None:
        return f"A route of {what} passes no plant at all, so that no plant is unavoidable."
    if answer.unavoidable:
        return (
            f"Every route of {what} passes {count(answer.n_unavoidable, 'plant')}: if one of these "
            "stops, nothing arrives, whatever is done elsewhere."
        )
    if answer.nearly:
        return (
            f"No plant is on every route of {what}, but no more than two routes share no plant. If "
            "one of the plants below stops, all that is left passes through a single other one."
        )
    return (
        f"No plant is on every route of {what}: {answer.n_routes} routes share no plant with each "
        "other, so that it takes the loss of at least as many plants to stop everything."
    )
