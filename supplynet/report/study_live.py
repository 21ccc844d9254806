"""The live part of a study: the same question for other elements, years, tiers and owners.

All its figures are potentials. What nations get when all draw at once is never among them.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from supplynet.analysis.arrays.solving import solve_ahead
from supplynet.analysis.flow.flow import FlowResult, graph_of, potential
from supplynet.analysis.flow.tiers import floors_of
from supplynet.analysis.question import Question, ask
from supplynet.errors import UsageError
from supplynet.network.countries import country_name
from supplynet.network.tiers import Floors
from supplynet.report.live import Axis, Choice, Fact, Live, State
from supplynet.report.results import flow_answer
from supplynet.report.words import avoided, capitalized, element_name, tier_title
from supplynet.terms import LENSES
from supplynet.text import share, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.flow.bypass import BypassResult
    from supplynet.draw.scene import Scene
    from supplynet.network.network import SupplyNetwork

#: years that can be called up; pictures of all years would make the page too large
MOST_YEARS = 4
#: countries of a column that stand alone, and share of the flow below which ways are left out: a
#: page holds hundreds of these pictures
_TOP, _LEAST = 6, 0.03


_Views = Mapping[str, tuple[str, Callable[[FlowResult], "Scene"]]]


def _views(result: BypassResult) -> _Views:
    """Title and picture by name of a view; all maps have one ground."""
    from supplynet.draw.maps.figure import map_scene, world_of
    from supplynet.draw.maps.regions import AUTO
    from supplynet.draw.streams.scene import sankey_scene

    net = result.question.net
    world = AUTO
    with contextlib.suppress(UsageError):
        world = world_of(result)

    def sankey(flow: FlowResult) -> Scene:
        return sankey_scene(flow, top=_TOP)

    def on_the_map(flow: FlowResult) -> Scene:
        return map_scene(net, flow, region=world, level="country", least=_LEAST, is_series=True)

    return {
        "sankey": ("Tonnes by country and stage", sankey),
        "map": ("The same on the map", on_the_map),
    }


@dataclass(frozen=True)
class _Asked:
    """The two questions of one year, lens and floor."""

    without: Question
    with_all: Question


def live_of(result: BypassResult) -> Live:
    """Work out every state of a study.

    Parameters
    ----------
    result : BypassResult
    """
    question = result.question
    elements = [one.element for one in result.elements]
    years = _years(question)
    lenses: dict[str, Question] = {
        lens: found for lens in LENSES if (found := _with_lens(question, lens))
    }
    floors = floors_of(question)
    axes = (
        Axis("element", "Element", _choices(elements, lambda one: element_name(question.net, one))),
        Axis("year", "Year", _choices(map(str, years), str)),
        Axis("tier", "Counted on", _choices(floors, tier_title)),
        Axis("lens", "A country's plants by", _choices(lenses, lambda name: LENSES[name].pronoun)),
        Axis(
            "avoid",
            capitalized(avoided(question)),
            (Choice("shut", "shut"), Choice("open", "open")),
        ),
    )
    start = (0, years.index(question.year), 0, list(lenses).index(question.lens), 0)
    views = _views(result)
    states: dict[tuple[int, ...], State] = {}
    for y, year in enumerate(years):
        for k, counted in enumerate(floors.values()):
            for o, one in enumerate(lenses.values()):
                asked = _asked(one, year, counted)
                _solve_ahead(asked, elements)
                for e, element in enumerate(elements):
                    shut, is_open = _pair(asked, element, views)
                    states[e, y, k, o, 0] = shut
                    states[e, y, k, o, 1] = is_open
    # a view that a state cannot be drawn in, such as a map of places unknown, is none
    drawn = [name for name in views if all(name in state.pictures for state in states.values())]
    shown = tuple(Choice(name, views[name][0]) for name in drawn)
    return Live(axes, start, _facts(question), shown, states, tuple(_names(question.net)))


def _choices(ids: Iterable[str], title: Callable[[str], str]) -> tuple[Choice, ...]:
    return tuple(Choice(one, title(one)) for one in ids)


def _years(question: Question) -> list[int]:
    """The asked year, both ends of the graph, years of a given demand, and some between."""
    net = question.net
    first, last = net.commodity.first_year, net.commodity.last_year
    chosen = {first, question.year, last}
    given = {row.year for row in net.demand_rows if row.nation in question.targets}
    for year in sorted(given):
        if first < year < last and len(chosen) < MOST_YEARS:
            chosen.add(year)
    while len(chosen) < min(MOST_YEARS, last - first + 1):
        before, after = max(pairwise(sorted(chosen)), key=lambda gap: gap[1] - gap[0])
        chosen.add((before + after) // 2)
    return sorted(chosen)


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


def _asked(question: Question, year: int, counted: Floors) -> _Asked:
    without = replace(question, year=year, links=counted.links, plants=counted.plants)
    with_all = ask(
        question.net,
        to=question.to,
        year=year,
        links=counted.links,
        plants=counted.plants,
        lens=question.lens,
    )
    return _Asked(without, with_all)


def _solve_ahead(asked: _Asked, elements: Iterable[str]) -> None:
    """Solve all flows of one year, lens and floor in one go."""
    solve_ahead(
        (graph, frozenset())
        for element in elements
        for graph in (
            graph_of(asked.without, element),
            graph_of(asked.without, element, level="low"),
            graph_of(asked.without, element, level="high", closed=asked.without.shut.surely),
            graph_of(asked.with_all, element),
            graph_of(asked.with_all, element, level="low"),
            graph_of(asked.with_all, element, level="high"),
        )
    )


def _pair(asked: _Asked, element: str, views: _Views) -> tuple[State, State]:
    """The states of one element with what is avoided shut, and open."""
    shut, is_open = potential(asked.without, element), potential(asked.with_all, element)
    return _state(shut, shut, is_open, views), _state(is_open, shut, is_open, views)


def _state(flow: FlowResult, shut: FlowResult, is_open: FlowResult, views: _Views) -> State:
    figures: dict[str, tuple[float | None, str]] = {
        "potential": (flow.value, f"{tonnes(flow.value)} {flow.unit}"),
        "range": (None, _between(flow)),
        "coverage": (flow.coverage, share(flow.coverage)),
        "demand": _demand(flow),
        "shut": (shut.value, f"{tonnes(shut.value)} {flow.unit}"),
        "open": (is_open.value, f"{tonnes(is_open.value)} {flow.unit}"),
        "estimated": _estimated(flow),
    }
    pictures = {}
    for name, (_, draw) in views.items():
        with contextlib.suppress(UsageError):
            pictures[name] = draw(flow)
    return State(flow_answer(flow), figures, pictures)


def _between(flow: FlowResult) -> str:
    low, high = tonnes(flow.low), tonnes(flow.high)
    return f"{low} {flow.unit}" if low == high else f"{low} to {high} {flow.unit}"


def _demand(flow: FlowResult) -> tuple[float | None, str]:
    if flow.demand.how == "none":
        return None, "not known"
    return flow.demand.value, f"{tonnes(flow.demand.value)} {flow.unit}"


def _estimated(flow: FlowResult) -> tuple[float | None, str]:
    if not flow.value:
        return None, "nothing arrives"
    found = flow.confidence["estimated"]
    return found, f"{share(found)} of the tonnes"


def _facts(question: Question) -> tuple[Fact, ...]:
    name = avoided(question)
    return (
        Fact("potential", "At most could arrive"),
        Fact("range", "From low to high ends"),
        Fact("coverage", "Demand covered"),
        Fact("demand", "Demand"),
        Fact("shut", f"With {name} shut"),
        Fact("open", f"With {name} open"),
        Fact("estimated", "An estimate on the way"),
    )


def _names(net: SupplyNetwork) -> Iterator[str]:
    for node in net.node_rows:
        yield node.name
        yield country_name(node.country, net.commodity.areas)
