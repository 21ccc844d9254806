"""How much of an element could reach a nation: the maximum flow, and what stops more."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from supplynet.analysis.flow.rows import FlowResult
from supplynet.contract.query import OfElement, sentence, shared
from supplynet.errors import OptionError
from supplynet.questions.declared import question
from supplynet.text import between, share, share_range

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


@sentence(FlowResult)
def say(flow: FlowResult) -> str:
    """Return the answer of a maximum flow in sentences: tonnes, range, demand, coverage."""
    from supplynet.present.words import (
        amount,
        capitalized,
        demand_phrase,
        element_name,
        link_phrase,
        scenario_phrase,
        target,
        without,
    )

    question = flow.question
    name = element_name(question.net, flow.element)
    most = f"at most {amount(flow.value, flow.unit)}" if flow.value else f"no {name}"
    text = (
        f"{capitalized(link_phrase(question))} could bring {target(question)} {most} in "
        f"{question.year}{without(question)}{scenario_phrase(question.net)}"
    )
    if flow.low != flow.high:
        text += f" (data range {between(flow.low, flow.high)})"
    if flow.coverage is None:
        known = "not known" if flow.demand.how == "none" else "0"
        text += f". The demand is {known}."
    else:
        whose = "Their" if question.is_several else "Its"
        text += (
            f". {whose} demand is {demand_phrase(flow.demand, flow.unit)}; this covers "
            f"{share(flow.coverage)}{_ends(flow)}."
        )
    opened = amount(flow.value_if_unknown_open, flow.unit)
    if opened != amount(flow.value, flow.unit):
        text += f" Plants of unknown owners are shut here; with them open the figure is {opened}."
    return text


def _ends(flow: FlowResult) -> str:
    """Return how far the data moves a coverage, in brackets; nothing where it does not."""
    if flow.coverage_range is None or flow.coverage_range[0] == flow.coverage_range[1]:
        return ""
    return f" (data range {share_range(*flow.coverage_range)})"
