"""Plants that every route to a nation passes, and those that all routes but one pass."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Unpack

import numpy as np

from supplynet.analysis.arrays.solving import Solved
from supplynet.analysis.flow.evidence import flow_proof
from supplynet.analysis.flow.flow import solve_question
from supplynet.analysis.flow.names import plant_of
from supplynet.analysis.proofs import Proof
from supplynet.analysis.provenance import Provenance, provenance
from supplynet.analysis.question import Question, ask
from supplynet.analysis.words import QuestionWords, known_words, takes
from supplynet.contract.declared import ITS_UNIT, Layout, Table, count, number, text
from supplynet.contract.headline import Lead
from supplynet.contract.result import Result
from supplynet.network.units import one_element
from supplynet.solve.check import Certificate
from supplynet.solve.flow.paths import DisjointRoutes, disjoint_routes, slack
from supplynet.solve.flow.problem import FlowProblem
from supplynet.text import by_size

if TYPE_CHECKING:
    import pandas as pd

    from supplynet.network.network import SupplyNetwork


@dataclass(frozen=True, slots=True)
class Passage:
    """A plant that routes cannot avoid.

    Parameters
    ----------
    id, name, stage, country : str
    through : float
        t/yr that pass it in the largest flow.
    slack : float or None
        t/yr that could be lost elsewhere before it becomes a bottleneck; None where the plant
        has no limit of its own.
    """

    id: str
    name: str
    stage: str
    country: str
    through: float
    slack: float | None


_UNITS = {"through": "t/yr", "slack": "t/yr"}

UNAVOIDABLE_LAYOUT = Layout(
    name="unavoidable",
    title="Plants that every route to a nation passes",
    headline=(Lead("unavoidable plants", of="{row.element}", table="unavoidable"),),
    document="supplynet.reports.results_cuts.of_unavoidable",
    figures=(
        text("element", "Id of the element."),
        number("value", ITS_UNIT, "What can arrive per year."),
        text("unit", "Unit of what arrives."),
        count(
            "n_routes",
            "The most routes that share no plant; null if a route passes no plant at all.",
            optional=True,
        ),
    ),
    tables=(
        Table("unavoidable", "Plants on every route", Passage, units=_UNITS),
        Table(
            "nearly_unavoidable",
            "Plants whose loss leaves all routes through one other",
            Passage,
            units=_UNITS,
            path="nearly",
        ),
    ),
)


@dataclass(frozen=True, eq=False)
class UnavoidableResult(Result):
    """How many routes share no plant, and the plants that stand in the way of more.

    Parameters
    ----------
    question : Question
    element : str
    value : float
        t/yr that can arrive.
    unit : str
    n_routes : int or None
        The most routes that share no plant; None if a route passes no plant at all.
    unavoidable : tuple of Passage
        Plants on every route.
    nearly : tuple of Passage
        Where none is on every route: plants whose loss leaves all routes through one other.
    certificate : Certificate
        Independent check of the flow behind it.
    provenance : Provenance
    evidence : callable or None
        Makes what others need to check the flow.
    """

    LAYOUT = UNAVOIDABLE_LAYOUT

    question: Question
    element: str
    value: float
    unit: str
    n_routes: int | None
    unavoidable: tuple[Passage, ...]
    nearly: tuple[Passage, ...]
    certificate: Certificate = field(repr=False)
    provenance: Provenance
    evidence: Callable[[], Proof] | None = field(default=None, repr=False)

    def summary(self) -> str:
        """Return the answer in a sentence."""
        what = f"of {self.element} to {self.question.to_name} in {self.question.year}"
        if self.n_routes == 0:
            return f"No route {what} is open."
        if self.unavoidable:
            names = ", ".join(passage.name for passage in self.unavoidable)
            return f"Every route {what} passes {names}."
        if self.n_routes is None:
            return f"A route {what} passes no plant at all: none is unavoidable."
        return (
            f"No plant is on every route {what}: {self.n_routes} routes share no plant with each "
            "other."
        )

    def to_frame(self, table: str | None = None) -> pd.DataFrame:
        """Return one row a plant, those of both tables; or a table by name."""
        import pandas as pd

        if table is not None:
            return super().to_frame(table)
        names = list(Passage.__slots__)
        rows = [
            [kind, *(getattr(passage, name) for name in names)]
            for kind, passages in (("every", self.unavoidable), ("all but one", self.nearly))
            for passage in passages
        ]
        return pd.DataFrame(rows, columns=["routes", *names])


@takes(QuestionWords)
def unavoidable(
    net: SupplyNetwork,
    *,
    to: str | Iterable[str],
    element: str | None = None,
    **words: Unpack[QuestionWords],
) -> UnavoidableResult:
    """Which plants does every route to a nation pass?

    Nations and corridors are no plants: routes may share them.

    Parameters
    ----------
    net : SupplyNetwork
    element : str, optional
        An element of the graph, or ``"basket"`` for the whole mix; default: the first of the
        graph's headline elements.

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
    >>> unavoidable(sn.load("tutorial"), to="MLT", element="Dy").n_routes
    1
    """
    known_words(words, unavoidable)
    question = ask(net, to=to, **words)
    wanted = one_element(question.net, element, "unavoidable")
    solved = solve_question(question, wanted)
    graph, nations = solved.graph, frozenset(question.net.nation_ids)
    places = [
        number
        for number, label in enumerate(graph.labels)
        if label in question.net.node_by_id
        and label not in nations
        and label not in question.targets
    ]
    disjoint = _disjoint(solved, places)
    return UnavoidableResult(
        question=question,
        element=wanted,
        value=solved.value,
        unit=graph.unit,
        n_routes=disjoint.n_routes,
        unavoidable=_passages(solved, disjoint.unavoidable.tolist()),
        nearly=_passages(solved, disjoint.nearly_unavoidable.tolist()),
        certificate=solved.certificate,
        evidence=partial(flow_proof, solved),
        provenance=provenance(question, element=wanted),
    )


def _disjoint(solved: Solved, places: list[int]) -> DisjointRoutes:
    """Return routes that share none of some plants, with what plants do for tolls.

    Apart from a plant its tolls may pass beside it, and as one with it they may run on what others
    bring: both leave too many routes, so that the fewer are right.
    """
    graph, problem = solved.graph, solved.problem
    whole = np.arange(problem.n_nodes)
    for place in places:
        whole[graph.vertices_of([graph.labels[place]])] = place
    tolls = np.flatnonzero(whole != np.arange(problem.n_nodes)).tolist()
    apart = disjoint_routes(problem, candidates=places + tolls)
    if not tolls:
        return apart
    ends = problem.n_nodes, problem.source, problem.sink
    tail, head = whole[problem.tail], whole[problem.head]
    merged = FlowProblem(tail, head, problem.capacity, *ends, problem.node_capacity)
    ways = apart, disjoint_routes(merged, candidates=places)
    return min(ways, key=lambda way: np.inf if way.n_routes is None else way.n_routes)


def _passages(solved: Solved, places: list[int]) -> tuple[Passage, ...]:
    """Return plants as a reader knows them, those that carry most first."""
    net, labels = solved.graph.net, solved.graph.labels
    spare = slack(solved.problem, solved.solution, places).tolist()
    rows = []
    for index, left in zip(places, spare, strict=True):
        node = net.node(plant_of(labels[index]))
        rows.append(
            Passage(
                id=node.id,
                name=node.name,
                stage=node.stage,
                country=node.country,
                through=solved.through(node.id),
                slack=left if np.isfinite(left) else None,
            )
        )
    return tuple(sorted(rows, key=lambda passage: (by_size(passage.through), passage.id)))
