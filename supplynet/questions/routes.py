"""Routes: by which named mines and plants elements reach a nation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from supplynet.analysis.flow.rows import OF_ROUTES, Route
from supplynet.contract.answer import Answer
from supplynet.contract.headline import Lead
from supplynet.contract.query import OfElements, option
from supplynet.contract.row import col, rows
from supplynet.questions.declared import question
from supplynet.text import integer, tonnes

if TYPE_CHECKING:
    import pandas as pd

    from supplynet.model.case import Case


class Query(OfElements):
    """What routes are to pass."""

    via: str | Iterable[str] | None = option(
        "Keep only routes that pass this on their way.",
        default=None,
        kind="str or iterable of str",
        said="--via WHAT...",
        is_open=False,
    )


class ElementRoute(Route):
    """A route of one of several elements."""

    element: str = col("Id of the element.")


class RoutesResult(
    Answer,
    name="routes",
    title="By which named mines and plants elements reach a nation",
    headline=(Lead("largest route", "tonnes", of="{row.element}", table="routes", is_zero=True),),
    also=("n_routes",),
    by=OF_ROUTES,
    document="supplynet.reports.results_flow.of_routes",
):
    """The routes of a maximum flow of each element: one way of many to bring as much."""

    via: str = col("What every route passes; empty for anything.")
    routes: tuple[ElementRoute, ...] = rows("The routes of each element, the largest first")
    elements: tuple[str, ...]  #: that were asked for

    @property
    def n_routes(self) -> int:
        """How many routes are reported."""
        return len(self.routes)

    def of(self, element: str) -> tuple[ElementRoute, ...]:
        """Return the routes of one element."""
        return tuple(route for route in self.routes if route.element == element)

    def summary(self) -> str:
        """Return how many routes there are, and the largest of each element."""
        query = self.question
        texts = [
            f"{name} {tonnes(own[0].tonnes)} {own[0].unit} over "
            f"{' > '.join(query.net.node(node_id).name for node_id in own[0].nodes)}"
            for name in self.elements
            if (own := self.of(name))
        ]
        if not texts:
            return f"No route to {query.to_name} is open in {query.year}."
        n_all = integer(len(self.routes))
        return (
            f"{n_all} routes to {query.to_name} in {query.year}; the largest: {'; '.join(texts)}."
        )

    def to_frame(self, table: str | None = None) -> pd.DataFrame:
        """Return a row a route with a column a stage; or the declared table by name."""
        if table is not None:
            return super().to_frame(table)
        import pandas as pd

        from supplynet.analysis.flow.flow import routes_frame

        frames = []
        for name in self.elements:
            frame = routes_frame(self.question.net, self.of(name))
            frame.insert(0, "element", name)
            frames.append(frame)
        selection = [frame for frame in frames if len(frame)] or frames[:1]
        return pd.concat(selection, ignore_index=True)


@question(
    "routes",
    title="{asked}",
    together="Routes to {target}",
    metrics={
        "value": lambda own: sum(route.tonnes for route in own),
        "routes": lambda own: float(len(own)),
    },
    is_of_all=lambda _query: True,
    judged=lambda answer: {name: answer.of(name) for name in answer.elements},
)
def routes(case: Case, query: Query) -> RoutesResult:
    """By which mines and plants does it come?

    The routes of a maximum flow, one of possibly many, with standing, confidence and
    bottleneck.

    Returns
    -------
    RoutesResult
        Routes of each element, largest first: the nodes passed, t/yr that arrive, standing of the
        weakest link, confidence of the least sure row, bottleneck and rules used. Its frame has a
        column a stage.

    Raises
    ------
    UnknownNameError
        If a selector or element names nothing.

    Examples
    --------
    >>> import supplynet as sn
    >>> ways = sn.flow.routes(sn.load("tutorial"), to="MLT", element="Nd")
    >>> ways.routes[0].nodes[-1], "bottleneck" in ways.to_frame().columns
    ('MLT', True)
    """
    from functools import partial

    from supplynet.analysis.flow.evidence import routes_proof
    from supplynet.analysis.flow.flow import Routes, solve_question
    from supplynet.analysis.provenance import provenance
    from supplynet.analysis.question import joined
    from supplynet.network.selector import select_some
    from supplynet.solve.check import worst

    options, via, through = case.question, "", None
    if query.via is not None:
        via = joined(query.via)
        through = select_some(options.net, via, lens=options.lens, what="via").surely
    flows = {name: solve_question(options, name) for name in case.elements}
    element_routes = tuple(
        ElementRoute(**vars(route), element=name)
        for name, flow in flows.items()
        for route in Routes(flow)
        if through is None or through.intersection(route.nodes[:-1])
    )
    of = {route.element for route in element_routes}
    return RoutesResult(
        question=options,
        elements=tuple(flows),
        routes=element_routes,
        via=via,
        certificate=worst(flow.certificate for flow in flows.values()),
        provenance=provenance(options, element=list(flows), via=via or None),
        evidence=partial(routes_proof, flows, of, is_all=through is None),
    )
