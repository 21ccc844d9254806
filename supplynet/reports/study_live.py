"""The live part of a study: the same question for other elements, years, tiers and owners.

It speaks of what the answer speaks of: potentials by the balance, and maximum flows only where
what is supplied is no nation with a demand. What nations get when all buy at once is never in it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from typing import TYPE_CHECKING

from supplynet.analysis.arrays.solving import solve_ahead
from supplynet.analysis.flow.flow import graph_of, potential
from supplynet.analysis.flow.rows import FlowResult
from supplynet.analysis.potential.solved import SolvedPotential
from supplynet.analysis.potential.ways import figures_of
from supplynet.analysis.question import Question, ask
from supplynet.errors import UsageError
from supplynet.network.demand import demand
from supplynet.network.tiers import TIERS, Floors
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
from supplynet.questions.flow import say as flow_answer
from supplynet.reports.live import Axis, Choice, Fact, Live, State, View
from supplynet.reports.parts import UPRIGHT
from supplynet.terms import CONFIDENCES, ENDS, LENSES, USUAL_TIERS
from supplynet.text import between, listing, share, share_range, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.flow.bypass import BypassResult
    from supplynet.draw.answer import Drawable
    from supplynet.draw.scene import Scene
    from supplynet.questions.outlook import OutlookResult


#: years that can be called up; pictures of all years would make the page too large
MOST_YEARS = 4
#: countries of a column that stand alone, and share of the flow below which ways are left out: a
#: page holds hundreds of these pictures
_TOP, _LEAST = 6, 0.03

#: countries of a row that stand alone on a screen held upright
_TOP_UPRIGHT = 4

_Views = Mapping[View, Callable[["Drawable", str], "Scene"]]


def _views(result: BypassResult) -> _Views:
    """What draws each view; all maps have one ground."""
    from supplynet.draw.maps.painter import map_scene, world_of
    from supplynet.draw.maps.regions import AUTO
    from supplynet.draw.streams.scene import sankey_scene

    net = result.question.net
    world = AUTO
    with contextlib.suppress(UsageError):
        world = world_of(result)

    def sankey(found: Drawable, element: str) -> Scene:
        return sankey_scene(found, element=element, top=_TOP, is_brief=True)  # type: ignore[arg-type]

    def upright(results: Drawable, element: str) -> Scene:
        options = {"element": element, "top": _TOP_UPRIGHT, "size": UPRIGHT, "is_brief": True}
        return sankey_scene(results, **options)  # type: ignore[arg-type]

    def on_the_map(match: Drawable, element: str) -> Scene:
        return map_scene(
            net, match, region=world, level="country", element=element, least=_LEAST, is_series=True
        )

    return {
        View("sankey", "Tonnes by country and stage", "wide"): sankey,
        View("upright", "Tonnes by country and stage", "narrow"): upright,
        View("map", "The same on the map"): on_the_map,
    }


def live_of(result: BypassResult, page: OutlookResult | None = None) -> Live:
    """Work out every state of a study; the years of `page`, the answer above, can be called up."""
    question = result.question
    elements = tuple(bypass.element for bypass in result.elements)
    years = (
        _years(question)
        if page is None
        else sorted({question.year, *(row.year for row in page.rows)})
    )
    lenses: dict[str, Question] = {
        lens: results for lens in LENSES if (results := _with_lens(question, lens))
    }
    floors = {
        **{name: TIERS[name] for name in USUAL_TIERS},
        question.tier: Floors(question.links, question.plants),
    }
    axes = (
        Axis(
            "element", "Element", _choices(elements, lambda text: element_name(question.net, text))
        ),
        Axis("year", "Year", _choices(map(str, years), str)),
        Axis("tier", "Counted on", _choices(floors, capitalized)),
        Axis("lens", "A country's plants by", _choices(lenses, lambda name: LENSES[name].pronoun)),
        Axis(
            "avoid",
            capitalized(avoided(question)),
            (Choice("shut", "shut"), Choice("open", "open")),
        ),
    )
    start = (
        0,
        years.index(question.year),
        list(floors).index(question.tier),
        list(lenses).index(question.lens),
        0,
    )
    views = _views(result)
    # ranges of the answer above are reported where the question is the same
    is_by_balance = is_planned(question)
    teller = Plans(question, elements, page) if is_by_balance else Flows(question, elements)
    states: dict[tuple[int, ...], State] = {}
    for y, year in enumerate(years):
        for k, (tier, counted) in enumerate(floors.items()):
            for o, entry in enumerate(lenses.values()):
                query = _asked(entry, year, tier, counted)
                for e, element in enumerate(elements):
                    for a, state in enumerate(_pair(teller, query, element, views)):
                        states[e, y, k, o, a] = state
    # a view that a state cannot be drawn in, such as a map of places unknown, is none
    shown = tuple(
        view for view in views if all(view.id in state.pictures for state in states.values())
    )
    return Live(axes, start, teller.facts, shown, states)


def _choices(ids: Iterable[str], title: Callable[[str], str]) -> tuple[Choice, ...]:
    return tuple(Choice(name, title(name)) for name in ids)


def _years(question: Question) -> list[int]:
    """The asked year, both ends of the graph, years of a given demand, and some between."""
    net = question.net
    first, last = net.commodity.first_year, net.commodity.last_year
    indices = {first, question.year, last}
    inputs = {row.year for row in net.demand_rows if row.nation in question.targets}
    for year in sorted(inputs):
        if first < year < last and len(indices) < MOST_YEARS:
            indices.add(year)
    while len(indices) < min(MOST_YEARS, last - first + 1):
        before, after = max(pairwise(sorted(indices)), key=lambda gap: gap[1] - gap[0])
        indices.add((before + after) // 2)
    return sorted(indices)


def _with_lens(question: Question, lens: str) -> Question | None:
    """The question under a lens; None where it cannot be asked so."""
    if lens == question.lens:
        return question
    try:
        return ask(
            question.net,
            to=question.to,
            avoid=question.avoid,
            year=question.year,
            links=question.links,
            plants=question.plants,
            lens=lens,
        )
    except UsageError:
        return None


def _asked(question: Question, year: int, tier: str, counted: Floors) -> Asked:
    without = replace(question, year=year, links=counted.links, plants=counted.plants)
    with_all = ask(
        question.net,
        to=question.to,
        year=year,
        links=counted.links,
        plants=counted.plants,
        lens=question.lens,
    )
    return Asked(tier, without, with_all)


def _pair(teller: Plans | Flows, query: Asked, element: str, views: _Views) -> Iterator[State]:
    """The states of one element with what is avoided shut, and open."""
    for explanation in teller.pair(query, element):
        pictures = {}
        for view, draw in views.items():
            with contextlib.suppress(UsageError):
                pictures[view.id] = draw(explanation.result, element)
        yield State(explanation.summary, explanation.figures, pictures)


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
    names = {row.nation for row in net.demand_rows}
    return question.targets <= frozenset(net.nation_ids) and not names.isdisjoint(question.targets)


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

    def pair(self, query: Asked, element: str) -> tuple[Told, Told]:
        """Return the states with what is avoided shut, and open."""
        from supplynet.draw.answer import drawn_potential

        shut = drawn_potential(query.without, self.elements)
        is_open = drawn_potential(query.with_all, self.elements)
        bounds = {
            name: self._first(solved_potential)
            for name, solved_potential in (("shut", shut), ("open", is_open))
        }
        both: Figures = {name: (end, share(end)) for name, end in bounds.items()}
        low, high = self._range(query, shut)
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
        values = _known(found, element)
        return {
            "potential": (carried, f"{tonnes(carried)} {unit}"),
            "demand": (need, f"{tonnes(need)} {unit}"),
            "sourced": (values.get("sourced"), rests_on(values)),
        }

    def _range(self, query: Asked, solved_potential: SolvedPotential) -> tuple[float, float]:
        """The ends of the coverage of the first form: those of the answer, where it has them."""
        key = query.without.year, query.tier, self.form
        # The same figure as in the answer above on the page, not one that was solved again: two
        # roundings of it side by side would look like an error.
        if query.without.lens == self.question.lens and key in self.known:
            return self.known[key]
        of_lens = *key, query.without.lens
        if of_lens not in self._ends:  # all elements have one plan
            figures = replace(solved_potential, is_by_form=True).form_figures
            *_, low, high = figures.get(self.form, (0.0, 0.0))
            self._ends[of_lens] = low, high
        return self._ends[of_lens]

    def _first(self, solved_potential: SolvedPotential) -> float:
        return next(
            (
                central_form.coverage
                for central_form in solved_potential.central_forms
                if central_form.form == self.form
            ),
            0.0,
        )

    def _sentence(self, solved_potential: SolvedPotential, element: str) -> str:
        question = solved_potential.question
        forms = [
            f"{share(central_form.coverage)} of the {tonnes(central_form.need)} t of "
            f"{in_sentence(central_form.title)}"
            for central_form in solved_potential.central_forms
        ]
        more = len(forms) - _MOST_FORMS
        texts = [*forms[:_MOST_FORMS], *([f"{more} more forms"] if more > 0 else [])]
        carried = (
            f"{tonnes(_carried(solved_potential, element))} {flow_unit(question.net, element)}"
        )
        return (
            f"{capitalized(target(question))} could cover {listing(texts)} that it needs in "
            f"{question.year}{without(question)}, with exclusive access, on {question.counted}. "
            f"What arrives holds {carried} of {element_name(question.net, element)}."
        )


def _carried(solved_potential: SolvedPotential, element: str) -> float:
    """Return t/yr of an element in what arrives, as pictures draw it."""
    return sum(path.tonnes for path in solved_potential.paths(element))


def _known(solved_potential: SolvedPotential, element: str) -> dict[str, float]:
    """Return how well the figures on the ways of an element are known; empty where none arrives."""
    scope, paths = solved_potential.plan.model.scope, solved_potential.paths(element)
    total = sum(path.tonnes for path in paths)
    parts = [figures_of(scope, path.nodes, chain.from_iterable(path.links)) for path in paths]
    shares = (
        sum(path.tonnes * piece for path, piece in zip(paths, column, strict=True)) / total
        for column in zip(*parts, strict=True)
    )
    return dict(zip(CONFIDENCES, shares, strict=False)) if total else {}


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

    def pair(self, query: Asked, element: str) -> tuple[Told, Told]:
        """Return the states with what is avoided shut, and open."""
        # All elements of a year, lens and tier are solved in one batch, when the first of them is
        # asked for.
        if query is not self._ahead:
            _solve_ahead(query, self.elements)
            self._ahead = query
        shut, is_open = potential(query.without, element), potential(query.with_all, element)
        both: Figures = {
            name: (flow.value, f"{tonnes(flow.value)} {flow.unit}")
            for name, flow in (("shut", shut), ("open", is_open))
        }
        return (
            Told(shut, flow_answer(shut), {**both, **_flow_figures(shut)}),
            Told(is_open, flow_answer(is_open), {**both, **_flow_figures(is_open)}),
        )


def _solve_ahead(query: Asked, elements: Iterable[str]) -> None:
    """Solve all flows of one year, lens and tier in one go."""
    low, high = (end.name for end in ENDS.values())
    solve_ahead(
        (graph, frozenset())
        for element in elements
        for graph in (
            graph_of(query.without, element),
            graph_of(query.without, element, level=low),
            graph_of(query.without, element, level=high, closed=query.without.shut.surely),
            graph_of(query.with_all, element),
            graph_of(query.with_all, element, level=low),
            graph_of(query.with_all, element, level=high),
        )
    )


def _flow_figures(flow: FlowResult) -> Figures:
    values = flow.figures if flow.value else {}
    is_known = flow.demand.how != "none"
    need = f"{tonnes(flow.demand.value)} {flow.unit}"
    return {
        "potential": (flow.value, f"{tonnes(flow.value)} {flow.unit}"),
        "range": (None, f"{between(flow.low, flow.high)} {flow.unit}"),
        "coverage": (flow.coverage, share(flow.coverage)),
        "demand": (flow.demand.value, need) if is_known else (None, "not known"),
        "sourced": (values.get("sourced"), rests_on(values)),
    }
