"""What one state of a live page says: a potential by the balance, or a maximum flow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

from supplynet.analysis.arrays.solving import solve_ahead
from supplynet.analysis.flow.flow import graph_of, potential
from supplynet.analysis.flow.rows import FlowResult
from supplynet.analysis.potential.solved import SolvedPotential
from supplynet.analysis.potential.ways import figures_of
from supplynet.analysis.question import Question
from supplynet.network.demand import demand
from supplynet.network.units import flow_unit
from supplynet.present.words import (
    avoided,
    capitalized,
    element_name,
    in_sentence,
    rests_on,
    target,
    without,
)
from supplynet.reports.live import Fact
from supplynet.reports.results import flow_answer
from supplynet.terms import CONFIDENCES, ENDS
from supplynet.text import between, listing, share, share_range, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.potential.elements import FormPotential
    from supplynet.questions.outlook import OutlookResult

#: figures of a state by name of the fact: the number in full, and as it is written
Figures = Mapping[str, tuple[float | None, str]]
#: forms that the sentence of a state states
_MOST_FORMS = 4


@dataclass(frozen=True, slots=True)
class Asked:
    """The two questions of one year, lens and tier."""

    tier: str
    without: Question
    with_all: Question


@dataclass(frozen=True)
class Told:
    """A result with what a state says of it."""

    result: SolvedPotential | FlowResult
    summary: str
    figures: Figures


def is_planned(question: Question) -> bool:
    """Whether a question has a potential by the balance: nations whose demand is known."""
    net = question.net
    known = {row.nation for row in net.demand_rows}
    return question.targets <= frozenset(net.nation_ids) and not known.isdisjoint(question.targets)


def lead_of(question: Question) -> str:
    """Return what the figures of the live part mean."""
    name = capitalized(question.to_name)
    if is_planned(question):
        return (
            "Live figures mean what those of the answer mean, and start where it does: potentials "
            f"by the balance. {name} has exclusive access, every loss and every plant that "
            "elements share counts, and tonnes count up to demand."
        )
    return (
        "Live figures are maximum flows of one element each: upper bounds, with plants counted as "
        "if they handled this element alone."
    )


class Plans:
    """Potentials by the balance: one plan serves all elements together."""

    def __init__(
        self, question: Question, elements: tuple[str, ...], page: OutlookResult | None
    ) -> None:
        self.question, self.elements = question, elements
        rows = () if page is None else page.rows
        self.known = {
            (row.year, row.tier, row.form): (row.coverage_low, row.coverage_high) for row in rows
        }
        self._ends: dict[tuple[int, str, str, str], tuple[float, float]] = {}
        rows_asked = (row for row in question.net.demand_rows if row.nation in question.targets)
        products = (row.product for row in rows_asked)
        form = question.net.product_by_id[next(products)].form
        self.form, self.title = form, in_sentence(question.net.form_by_name[form].title)

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The figures that every state has."""
        name = avoided(self.question)
        return (
            Fact("coverage", f"Covered of the {self.title} needed"),
            Fact("range", "The same, low to high end of the data"),
            Fact("shut", f"With {name} shut"),
            Fact("open", f"With {name} open"),
            Fact("potential", "Of the element, in all that arrives"),
            Fact("demand", "Of the element, needed"),
            Fact("sourced", "What documents print"),
        )

    def pair(self, asked: Asked, element: str) -> tuple[Told, Told]:
        """Return the states with what is avoided shut, and open."""
        from supplynet.draw.answer import drawn_potential

        shut = drawn_potential(asked.without, self.elements)
        is_open = drawn_potential(asked.with_all, self.elements)
        ends = {name: self._first(found) for name, found in (("shut", shut), ("open", is_open))}
        both: Figures = {name: (part, share(part)) for name, part in ends.items()}
        low, high = self._range(asked, shut)
        ranges = {"shut": share_range(low, high), "open": "not worked out"}

        def told(name: str, found: SolvedPotential) -> Told:
            figures = {
                **both,
                "coverage": both[name],
                "range": (None, ranges[name]),
                **self._figures(found, element),
            }
            return Told(found, self._sentence(found, element), figures)

        return told("shut", shut), told("open", is_open)

    def _figures(self, found: SolvedPotential, element: str) -> Figures:
        question = found.question
        unit = flow_unit(question.net, element)
        carried = _carried(found, element)
        need = demand(question.net, question.targets, element, question.year).value
        known = _known(found, element)
        return {
            "potential": (carried, f"{tonnes(carried)} {unit}"),
            "demand": (need, f"{tonnes(need)} {unit}"),
            "sourced": (known.get("sourced"), rests_on(known)),
        }

    def _range(self, asked: Asked, found: SolvedPotential) -> tuple[float, float]:
        """The ends of the coverage of the first form: those of the answer, where it has them."""
        key = asked.without.year, asked.tier, self.form
        # The same figure as in the answer above on the page, not one that was solved again: two
        # roundings of it side by side would look like an error.
        if asked.without.lens == self.question.lens and key in self.known:
            return self.known[key]
        of_lens = *key, asked.without.lens
        if of_lens not in self._ends:  # all elements have one plan
            figures = replace(found, is_by_form=True).form_figures
            *_, low, high = figures.get(self.form, (0.0, 0.0))
            self._ends[of_lens] = low, high
        return self._ends[of_lens]

    def _first(self, found: SolvedPotential) -> float:
        return next((one.coverage for one in found.central_forms if one.form == self.form), 0.0)

    def _sentence(self, found: SolvedPotential, element: str) -> str:
        question = found.question
        forms = [_form(one) for one in found.central_forms]
        more = len(forms) - _MOST_FORMS
        told = [*forms[:_MOST_FORMS], *([f"{more} more forms"] if more > 0 else [])]
        carried = f"{tonnes(_carried(found, element))} {flow_unit(question.net, element)}"
        return (
            f"{capitalized(target(question))} could cover {listing(told)} that it needs in "
            f"{question.year}{without(question)}, with exclusive access, on {question.counted}. "
            f"What arrives holds {carried} of {element_name(question.net, element)}."
        )


def _carried(found: SolvedPotential, element: str) -> float:
    """Return t/yr of an element in what arrives, as pictures draw it."""
    return sum(path.tonnes for path in found.paths(element))


def _known(found: SolvedPotential, element: str) -> dict[str, float]:
    """Return how well the figures on the ways of an element are known; empty where none arrives."""
    scope, paths = found.plan.model.scope, found.paths(element)
    whole = sum(path.tonnes for path in paths)
    parts = [figures_of(scope, path.nodes, chain.from_iterable(path.links)) for path in paths]
    shares = (
        sum(path.tonnes * part for path, part in zip(paths, column, strict=True)) / whole
        for column in zip(*parts, strict=True)
    )
    return dict(zip(CONFIDENCES, shares, strict=False)) if whole else {}


def _form(row: FormPotential) -> str:
    return f"{share(row.coverage)} of the {tonnes(row.need)} t of {in_sentence(row.title)}"


class Flows:
    """Maximum flows of one element each, where nobody's demand is known."""

    def __init__(self, question: Question, elements: tuple[str, ...]) -> None:
        self.question, self.elements = question, elements
        self._ahead: Asked | None = None

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The figures that every state has."""
        name = avoided(self.question)
        return (
            Fact("potential", "At most could arrive"),
            Fact("range", "From low to high ends"),
            Fact("coverage", "Demand covered"),
            Fact("demand", "Demand"),
            Fact("shut", f"With {name} shut"),
            Fact("open", f"With {name} open"),
            Fact("sourced", "What documents print"),
        )

    def pair(self, asked: Asked, element: str) -> tuple[Told, Told]:
        """Return the states with what is avoided shut, and open."""
        # All elements of a year, lens and tier are solved in one batch, when the first of them is
        # asked for.
        if asked is not self._ahead:
            _solve_ahead(asked, self.elements)
            self._ahead = asked
        shut, is_open = potential(asked.without, element), potential(asked.with_all, element)
        both: Figures = {
            name: (flow.value, f"{tonnes(flow.value)} {flow.unit}")
            for name, flow in (("shut", shut), ("open", is_open))
        }
        return (
            Told(shut, flow_answer(shut), {**both, **_flow_figures(shut)}),
            Told(is_open, flow_answer(is_open), {**both, **_flow_figures(is_open)}),
        )


def _solve_ahead(asked: Asked, elements: Iterable[str]) -> None:
    """Solve all flows of one year, lens and tier in one go."""
    low, high = (end.name for end in ENDS.values())
    solve_ahead(
        (graph, frozenset())
        for element in elements
        for graph in (
            graph_of(asked.without, element),
            graph_of(asked.without, element, level=low),
            graph_of(asked.without, element, level=high, closed=asked.without.shut.surely),
            graph_of(asked.with_all, element),
            graph_of(asked.with_all, element, level=low),
            graph_of(asked.with_all, element, level=high),
        )
    )


def _flow_figures(flow: FlowResult) -> Figures:
    known = flow.figures if flow.value else {}
    is_known = flow.demand.how != "none"
    need = f"{tonnes(flow.demand.value)} {flow.unit}"
    return {
        "potential": (flow.value, f"{tonnes(flow.value)} {flow.unit}"),
        "range": (None, f"{between(flow.low, flow.high)} {flow.unit}"),
        "coverage": (flow.coverage, share(flow.coverage)),
        "demand": (flow.demand.value, need) if is_known else (None, "not known"),
        "sourced": (known.get("sourced"), rests_on(known)),
    }
