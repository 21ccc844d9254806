"""What is asked of every draw: potentials, what all get at once, flows, or any analysis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from supplynet.analysis.balance.model import model
from supplynet.analysis.balance.programs import out_of_play
from supplynet.analysis.balance.scope import scope
from supplynet.analysis.balance.solve import supply
from supplynet.analysis.potential.ask import require_drawing
from supplynet.analysis.potential.network import model_of
from supplynet.analysis.uncertainty.programs import DrawnProgram, figures_of, needs
from supplynet.analysis.uncertainty.solved import Answered, Solved
from supplynet.solve.check import require
from supplynet.solve.lp.proved import proved
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


class Measure(Protocol):
    """Something that is asked of every draw."""

    @property
    def outputs(self) -> tuple[Output, ...]:
        """The figures that it gives."""

    def of(self, draws: Draws) -> Answered:
        """Return them for some draws."""

    def takes(self) -> tuple[Sequence[str], Sequence[int], Sequence[int]]:
        """Return plants and nations, rows of links and rows of corridors that it counts."""

    def ends(self) -> Mapping[Output, tuple[float, float]]:
        """Return the figures with all of the graph at their low and their high end, where known."""


@dataclass(frozen=True, eq=False)
class Potential:
    """How much of each form a nation or bloc could cover if it alone drew, year by year.

    Each form is counted by itself: the most that could come in it, as ``alone`` of
    :class:`supplynet.analysis.potential.elements.FormPotential`.
    """

    question: Question
    level: LevelName = "central"  #: end of all figures of the graph
    _programs: list[Solved] = field(init=False, default_factory=list, repr=False)

    @cached_property
    def model(self) -> Model:
        """The balance in which the target draws alone."""
        require_drawing(self.question)
        return model_of(self.question, level=self.level)

    @cached_property
    def forms(self) -> dict[str, list[tuple[str, str]]]:
        """The claims of the target by form; all under an empty name where no need is known."""
        net = self.question.net
        forms: dict[str, list[tuple[str, str]]] = {}
        for claim in self.model.scope.claims:
            forms.setdefault(net.product_by_id[claim[1]].form, []).append(claim)
        return forms or {"": []}

    @property
    def outputs(self) -> tuple[Output, ...]:
        """Coverage and tonnes of each form."""
        to, year = self.question.to, self.question.year
        figures = (("coverage", "share"), ("served", "t of product/yr"))
        kinds = figures if self.model.scope.claims else figures[1:]
        return tuple(
            Output(kind, to, form, "", "", year, unit)
            for form in self.forms
            for kind, unit in kinds
        )

    def takes(self) -> tuple[Sequence[str], Sequence[int], Sequence[int]]:
        """Return plants and nations, rows of links and rows of corridors that count."""
        return figures_of(self.model)

    def of(self, draws: Draws) -> Answered:
        """Return coverage and tonnes of each form in some draws."""
        if not self._programs:
            objectives = [self._objective(claims) for claims in self.forms.values()]
            self._programs.append(Solved(DrawnProgram(self.model, draws.inputs), objectives))
        answer = self._programs[0].most(draws)
        asked = needs(self.model, draws)
        columns: list[Vector] = []
        for claims, served in zip(self.forms.values(), answer.values.T, strict=True):
            if claims:
                need = np.sum([asked[claim] for claim in claims], axis=0)
                columns.append(np.divide(served, need, out=np.ones_like(need), where=need > 0.0))
            columns.append(served)
        return answer._replace(values=np.stack(columns, axis=1))

    def ends(self) -> Mapping[Output, tuple[float, float]]:
        """Return coverage and tonnes of each form at the low and the high end of the data."""
        return _at_ends(self)

    def _objective(self, claims: list[tuple[str, str]]) -> Vector:
        if not claims:
            return supply(self.model)
        at = self.model.columns.at
        return self.model.vector({at("served", *claim): 1.0 for claim in claims})

    def figures(self) -> dict[Output, float]:
        """Return coverage and tonnes of each form without any draw."""
        needs = self.model.scope.claims
        values: list[float] = []
        for claims in self.forms.values():
            need = sum(needs[claim] for claim in claims)
            served = _most(self.model, self._objective(claims))
            values += [served / need, served] if claims else [served]
        return dict(zip(self.outputs, values, strict=True))


@dataclass(frozen=True, eq=False)
class Together:
    """How much of all needs could be met when all nations draw at once: the most in all.

    As a balance with ``objective="max_supply"`` and ``firm=False``. Who gets how much of it is not
    decided by it, and not told.
    """

    question: Question  #: whom it asks for does not count
    level: LevelName = "central"  #: end of all figures of the graph
    _programs: list[Solved] = field(init=False, default_factory=list, repr=False)

    @cached_property
    def model(self) -> Model:
        """The balance in which all draw."""
        asked = self.question
        shut = asked.closed(self.level)
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

    @property
    def outputs(self) -> tuple[Output, ...]:
        """Coverage of all needs, and tonnes."""
        of = ("", "", "", "", self.question.year)
        return (Output("coverage", *of, "share"), Output("served", *of, "t of product/yr"))

    def takes(self) -> tuple[Sequence[str], Sequence[int], Sequence[int]]:
        """Return plants and nations, rows of links and rows of corridors that count."""
        return figures_of(self.model)

    def of(self, draws: Draws) -> Answered:
        """Return coverage and tonnes of all nations together in some draws."""
        if not self._programs:
            drawn = DrawnProgram(self.model, draws.inputs)
            self._programs.append(Solved(drawn, [supply(self.model)]))
        answer = self._programs[0].most(draws)
        need = np.sum(list(needs(self.model, draws).values()), axis=0)
        served = answer.values[:, 0]
        coverage = np.divide(served, need, out=np.ones_like(need), where=need > 0.0)
        return answer._replace(values=np.stack([coverage, served], axis=1))

    def ends(self) -> Mapping[Output, tuple[float, float]]:
        """Return coverage and tonnes at the low and the high end of the data."""
        return _at_ends(self)

    def figures(self) -> dict[Output, float]:
        """Return coverage and tonnes of all nations together without any draw."""
        served = _most(self.model, supply(self.model))
        need = sum(self.model.scope.claims.values())
        return dict(zip(self.outputs, (served / need, served), strict=True))


def _most(model: Model, objective: Vector) -> float:
    """Return the most of an objective, proved."""
    solution, certificate = proved(model.program(objective, maximize=True))
    require(certificate)
    return solution.objective


def _at_ends(measure: Potential | Together) -> dict[Output, tuple[float, float]]:
    """Return the least and the most of each figure at the low, central and high figures."""
    told = [replace(measure, level=level).figures() for level in LEVEL_NAMES]
    ends: dict[Output, tuple[float, float]] = {}
    for output in measure.outputs:
        # a form that is not asked for at an end has no figure there
        values = [figures[output] for figures in told if output in figures]
        ends[output] = min(values), max(values)
    return ends


def outputs_of(measures: Sequence[Measure]) -> tuple[Output, ...]:
    """Return the figures of some measures, one after the other."""
    return tuple(output for measure in measures for output in measure.outputs)
