"""What is asked of every draw as one program: what a nation could get alone, or all at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from supplynet.analysis.balance.model import model
from supplynet.analysis.balance.programs import out_of_play, supply
from supplynet.analysis.balance.scope import scope
from supplynet.analysis.potential.ask import require_drawing
from supplynet.analysis.potential.network import model_of
from supplynet.analysis.uncertainty.programs import (
    Answered,
    DrawnProgram,
    Solved,
    figures_of,
    needs,
)
from supplynet.solve.check import require
from supplynet.solve.lp.solve import proved
from supplynet.terms import LEVEL_NAMES

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.question import Question
    from supplynet.analysis.uncertainty.draws import Draws
    from supplynet.analysis.uncertainty.shapes import Vector
    from supplynet.terms import LevelName


class Output(NamedTuple):
    """A figure that every draw has."""

    figure: str  #: what it is: coverage, served or flow
    #: nation, product, element: of what; empty where all are meant
    nation: str
    product: str
    element: str
    subject: str  #: plant, country or index that it is about; empty for none
    year: int
    unit: str


@dataclass(frozen=True, eq=False)
class Served:
    """How much of each form a nation or bloc could cover with exclusive access, or all if all do.

    Each form is counted by itself: the most that could come in it, as ``alone`` of
    :class:`supplynet.analysis.potential.elements.FormPotential`. Of all nations it is the most in
    all, as a balance with ``objective="max_supply"`` and ``firm=False``: who gets how much of it is
    not decided by it, and not reported.
    """

    question: Question
    is_of_all: bool = False  #: whether all nations draw: whom the question asks for does not count
    level: LevelName = "central"  #: end of all figures of the graph

    @cached_property
    def model(self) -> Model:
        """The balance in which the target draws alone, or all do."""
        asked = self.question
        if not self.is_of_all:
            require_drawing(asked)
            return model_of(asked, level=self.level)
        shut = asked.shut.surely if self.level == "high" else asked.shut.possibly
        return model(
            scope(
                asked.net,
                year=asked.year,
                links=asked.links,
                plants=asked.plants,
                closed=shut | out_of_play(asked),
                elements=asked.net.commodity.elements,
                basis="capacity",
                level=self.level,
            )
        )

    @cached_property
    def forms(self) -> dict[str, list[tuple[str, str]]]:
        """The claims by form; all under an empty name of all nations, or where none is known."""
        known: dict[str, list[tuple[str, str]]] = {}
        for claim in self.model.scope.claims:
            form = "" if self.is_of_all else self.question.net.product_by_id[claim[1]].form
            known.setdefault(form, []).append(claim)
        return known or {"": []}

    @property
    def outputs(self) -> tuple[Output, ...]:
        """Coverage and tonnes of each form."""
        to, year = "" if self.is_of_all else self.question.to, self.question.year
        figures = (("coverage", "share"), ("served", "t of product/yr"))
        return tuple(
            Output(kind, to, form, "", "", year, unit)
            for form, claims in self.forms.items()
            for kind, unit in (figures if claims else figures[1:])
        )

    def takes(self) -> tuple[Sequence[str], Sequence[int], Sequence[int]]:
        """Return plants and nations, rows of links and rows of corridors that count."""
        return figures_of(self.model)

    def of(self, draws: Draws) -> Answered:
        """Return coverage and tonnes of each form in some draws."""
        objectives = [self._objective(claims) for claims in self.forms.values()]
        known = Solved(DrawnProgram(self.model, draws.inputs), objectives)
        answer: Answered = vars(self).setdefault("_solved", known).most(draws)
        asked = needs(self.model, draws)
        columns: list[Vector] = []
        for claims, served in zip(self.forms.values(), answer.values.T, strict=True):
            if claims:
                need = np.sum([asked[claim] for claim in claims], axis=0)
                columns.append(np.divide(served, need, out=np.ones_like(need), where=need > 0.0))
            columns.append(served)
        return answer._replace(values=np.stack(columns, axis=1))

    def _objective(self, claims: list[tuple[str, str]]) -> Vector:
        if self.is_of_all or not claims:
            return supply(self.model)
        at = self.model.columns.at
        return self.model.vector({at("served", *claim): 1.0 for claim in claims})

    def figures(self) -> dict[Output, float]:
        """Return coverage and tonnes of each form without any draw."""
        values: list[float] = []
        for claims in self.forms.values():
            program = self.model.program(self._objective(claims), maximize=True)
            solution, certificate = proved(program)
            require(certificate)
            if claims:
                need = sum(self.model.scope.claims[claim] for claim in claims)
                values.append(solution.objective / need)
            values.append(solution.objective)
        return dict(zip(self.outputs, values, strict=True))

    def ends(self) -> Mapping[Output, tuple[float, float]]:
        """Return the least and the most of each figure at the low, central and high figures."""
        told = [replace(self, level=level).figures() for level in LEVEL_NAMES]
        # a form that is not asked for at an end has no figure there
        values = {
            output: [figures[output] for figures in told if output in figures]
            for output in self.outputs
        }
        return {output: (min(ends), max(ends)) for output, ends in values.items()}
