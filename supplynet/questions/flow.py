"""How much of an element could reach a nation: the maximum flow, and what stops more."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from supplynet.analysis.flow.rows import FlowResult
from supplynet.contract.query import OfElement, shared
from supplynet.errors import OptionError
from supplynet.questions.declared import question

if TYPE_CHECKING:
    from supplynet.model.case import Case

__all__ = ["FlowResult", "flow"]

_FIGURES = ("value", "coverage", "low", "high", "coverage_low", "coverage_high")


class Query(OfElement):
    """By which program it is answered."""

    model: str = shared("model", is_open=False)


@question(
    "flow",
    title="{asked}",
    together="What could reach {target}",
    metrics={**{name: attrgetter(name) for name in _FIGURES}, "demand": attrgetter("need")},
    has_row=True,
    instead=lambda query: "potential" if query.model == "balance" else "",
)
def flow(case: Case, query: Query) -> FlowResult:
    """How much of an element could reach a nation with exclusive access?

    Value, range, demand, coverage and certificate of a maximum flow: the bound of what could
    arrive. With the model balance it is the potential of all elements together.

    Returns
    -------
    FlowResult
        With range, demand coverage, routes, minimum cut and certificate.

    Raises
    ------
    UnknownNameError
        If a selector, element or scenario names nothing.
    OptionError
        If an option's value is not allowed.
    UnboundedError
        If nothing limits the flow.

    Notes
    -----
    Maximum flow equals minimum cut (Ford and Fulkerson, 1956). Capacities are in tonnes that
    arrive, see :mod:`supplynet.analysis.arrays.flowgraph`.

    Examples
    --------
    >>> import supplynet as sn
    >>> flow = sn.flow(sn.load("tutorial"), to="MLT", element="Nd")
    >>> flow.certificate.ok
    True
    """
    if query.model == "balance":
        raise OptionError("a maximum flow is of one element", hint="coverage counts the balance")
    return case.coverage()
