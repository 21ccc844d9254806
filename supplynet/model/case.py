"""A case: a checked question about an element of a network, and what is solved of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from supplynet.analysis.flow.attackable import plants_in
from supplynet.analysis.flow.evidence import flow_proof
from supplynet.analysis.flow.flow import potential, solve_question
from supplynet.analysis.provenance import provenance
from supplynet.analysis.question import Question, ask
from supplynet.model.disjoint import Disjoint, disjoint
from supplynet.model.ranking import Ranking, in_balance, in_flow
from supplynet.network.units import elements_of, one_element

if TYPE_CHECKING:
    from supplynet.analysis.arrays.solving import Solved
    from supplynet.analysis.flow.rows import FlowResult
    from supplynet.contract.answer import Answer
    from supplynet.contract.query import Counted
    from supplynet.network.network import SupplyNetwork

A = TypeVar("A", bound="Answer")
_NONE: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Case:
    """A question about a network, checked when it is first looked at."""

    net: SupplyNetwork  #: as it was given, before scenarios
    query: Counted
    function: str  #: what was called

    @cached_property
    def question(self) -> Question:
        """The checked question.

        An UnknownNameError where a word names nothing, an OptionError where one is not allowed.
        """
        return ask(self.net, **self.query.asked())

    @cached_property
    def element(self) -> str:
        """The element that is asked about; an OptionError where several are."""
        asked = getattr(self.query, "element", None)
        return one_element(self.question.net, asked, self.function)

    @property
    def elements(self) -> list[str]:
        """The elements that are asked about, by default those that a report leads with."""
        return elements_of(self.question.net, getattr(self.query, "element", None))

    @classmethod
    def about(cls, question: Question, element: str, query: Counted, function: str) -> Case:
        """Return the case of a question that is checked already."""
        case = cls(question.net, query, function)
        vars(case).update(question=question, element=element)
        return case

    def max_flow(self) -> Solved:
        """Return the certified maximum flow."""
        return solve_question(self.question, self.element)

    def coverage(self) -> FlowResult:
        """Return the maximum flow with its range, and what it covers of the demand."""
        return potential(self.question, self.element)

    def disjoint_routes(self, flow: Solved) -> Disjoint:
        """Return how many routes of a flow share no plant, and the plants in the way of more."""
        return disjoint(flow, plants_in(self.question, flow))

    def plant(self, node_id: str) -> dict[str, str]:
        """Return what every row about a plant tells of it."""
        node = self.question.net.node(node_id)
        return {"id": node.id, "name": node.name, "stage": node.stage, "country": node.country}

    def losses(self, model: str, **words: Any) -> Ranking:
        """Return what is left without each plant, link, country or owner.

        Keywords are those of :func:`supplynet.model.ranking.in_flow`.
        """
        if model == "balance":
            taken = {name: words[name] for name in ("by", "lost", "count")}
            return in_balance(self.question, self.element, **taken)
        return in_flow(self.question, self.element, **words)

    def seen(self, lens: str) -> Case:
        """Return the same case with countries by where plants stand, or by who owns them."""
        seen = replace(self.question, lens=lens)
        return Case.about(seen, self.element, self.query, self.function)

    def of_flow(self, flow: Solved) -> dict[str, Any]:
        """Return what every answer that rests on a flow tells of it."""
        return {
            "value": flow.value,
            "unit": flow.graph.unit,
            "certificate": flow.certificate,
            "evidence": partial(flow_proof, flow),
        }

    def answer(self, kind: type[A], *, options: Mapping[str, Any] = _NONE, **figures: Any) -> A:
        """Return an answer about the element; `options` are told with where it comes from."""
        told = provenance(self.question, element=self.element, **options)
        figures |= {"element": self.element}
        return kind(question=self.question, provenance=told, **figures)
