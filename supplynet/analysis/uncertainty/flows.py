"""Maximum flows of one question under many draws: one graph and one certified flow a draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from supplynet.analysis.arrays import contents
from supplynet.analysis.arrays.skeleton import like, skeleton
from supplynet.analysis.flow.flow import bottlenecks, solve_question
from supplynet.analysis.uncertainty.measures import Output
from supplynet.analysis.uncertainty.solved import Answered
from supplynet.network.demand import demand
from supplynet.network.uncertain import rows_in
from supplynet.network.units import one_element
from supplynet.solve.check import worst

if TYPE_CHECKING:
    from supplynet.analysis.arrays.solving import Solved
    from supplynet.analysis.question import Question
    from supplynet.analysis.uncertainty.draws import Draws


@dataclass(frozen=True, eq=False)
class Flow:
    """How much of an element could reach a nation, and what then stops more.

    Parameters
    ----------
    question : Question
    element : str or None
        None for the first of the graph's headline elements.
    """

    question: Question
    element: str | None = field(default=None)

    @cached_property
    def _element(self) -> str:
        return one_element(self.question.net, self.element, "max_flow")

    @cached_property
    def _central(self) -> Solved:
        return solve_question(self.question, self._element)

    def _need(self, question: Question) -> float:
        return demand(question.net, question.targets, self._element, question.year).value

    @cached_property
    def _members(self) -> list[str]:
        """What stops more with the central figures."""
        return [member.id for member in bottlenecks(self._central)]

    @property
    def outputs(self) -> tuple[Output, ...]:
        """Coverage where a need is known, the flow, and how often each member stops more."""
        asked = self.question
        of = (asked.to, "", self._element)
        flow = Output("flow", *of, "", asked.year, self._central.graph.unit)
        cut = (Output("in the cut", *of, id_, asked.year, "share") for id_ in self._members)
        if not self._need(asked):
            return (flow, *cut)
        return (Output("coverage", *of, "", asked.year, "share"), flow, *cut)

    def takes(self) -> tuple[Sequence[str], Sequence[int], Sequence[int]]:
        """Return plants and nations, rows of links and rows of corridors that count."""
        asked = self.question
        frame = skeleton(
            asked.net,
            year=asked.year,
            links=asked.links,
            plants=asked.plants,
            closed=asked.shut.possibly,
        )
        return list(frame.nodes), *rows_in(asked.net, (arc.link for arc in frame.arcs))

    def of(self, draws: Draws) -> Answered:
        """Return every figure in some draws."""
        asked, has_need = self.question, bool(self._need(self.question))
        rows, certificates = [], []
        for draw in range(draws.n):
            question = replace(asked, net=draws.network(draw))
            # a draw changes neither what is there nor what products hold
            contents.like(question.net, asked.net)
            like(
                question.net,
                asked.net,
                year=asked.year,
                links=asked.links,
                plants=asked.plants,
                closed=asked.shut.possibly,
            )
            solved = solve_question(question, self._element)
            certificates.append(solved.certificate)
            cut = {member.id for member in bottlenecks(solved)}
            row = [solved.value, *(float(id_ in cut) for id_ in self._members)]
            if has_need:
                need = self._need(question)
                row.insert(0, min(1.0, solved.value / need) if need else 0.0)
            rows.append(row)
        return Answered(np.array(rows), worst(certificates), 0, draws.n)
