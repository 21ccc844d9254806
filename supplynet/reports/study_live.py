"""The live part of a study: the same question for other elements, years, tiers and owners.

It speaks of what the answer speaks of: potentials by the balance, and maximum flows only where
what is supplied is no nation with a demand. What nations get when all buy at once is never in it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from supplynet.analysis.question import Question, ask
from supplynet.errors import UsageError
from supplynet.network.countries import country_name
from supplynet.network.tiers import TIERS, Floors
from supplynet.present.words import avoided, capitalized, element_name
from supplynet.reports.live import Axis, Choice, Live, State, View
from supplynet.reports.live_states import Asked, Flows, Plans, is_planned
from supplynet.reports.pictures import UPRIGHT
from supplynet.terms import LENSES, USUAL_TIERS

if TYPE_CHECKING:
    from supplynet.analysis.flow.bypass import BypassResult
    from supplynet.draw.answer import Drawable
    from supplynet.draw.scene import Scene
    from supplynet.network.network import SupplyNetwork
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
    from supplynet.draw.maps.figure import map_scene, world_of
    from supplynet.draw.maps.regions import AUTO
    from supplynet.draw.streams.scene import sankey_scene

    net = result.question.net
    world = AUTO
    with contextlib.suppress(UsageError):
        world = world_of(result)

    def sankey(found: Drawable, element: str) -> Scene:
        return sankey_scene(found, element=element, top=_TOP, is_brief=True)  # type: ignore[arg-type]

    def upright(found: Drawable, element: str) -> Scene:
        words = {"element": element, "top": _TOP_UPRIGHT, "size": UPRIGHT, "is_brief": True}
        return sankey_scene(found, **words)  # type: ignore[arg-type]

    def on_the_map(found: Drawable, element: str) -> Scene:
        return map_scene(
            net, found, region=world, level="country", element=element, least=_LEAST, is_series=True
        )

    return {
        View("sankey", "Tonnes by country and stage", "wide"): sankey,
        View("upright", "Tonnes by country and stage", "narrow"): upright,
        View("map", "The same on the map"): on_the_map,
    }


def live_of(result: BypassResult, page: OutlookResult | None = None) -> Live:
    """Work out every state of a study; the years of `page`, the answer above, can be called up."""
    question = result.question
    elements = tuple(one.element for one in result.elements)
    years = _years(question) if page is None else _years_of(page, question.year)
    lenses: dict[str, Question] = {
        lens: found for lens in LENSES if (found := _with_lens(question, lens))
    }
    floors = _floors(question)
    axes = (
        Axis("element", "Element", _choices(elements, lambda one: element_name(question.net, one))),
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
            for o, one in enumerate(lenses.values()):
                asked = _asked(one, year, tier, counted)
                for e, element in enumerate(elements):
                    for a, state in enumerate(_pair(teller, asked, element, views)):
                        states[e, y, k, o, a] = state
    # a view that a state cannot be drawn in, such as a map of places unknown, is none
    shown = tuple(
        one for one in views if all(one.id in state.pictures for state in states.values())
    )
    return Live(axes, start, teller.facts, shown, states, tuple(_names(question.net)))


def _choices(ids: Iterable[str], title: Callable[[str], str]) -> tuple[Choice, ...]:
    return tuple(Choice(one, title(one)) for one in ids)


def _floors(question: Question) -> dict[str, Floors]:
    """The tiers that an answer sets side by side, and the asked one where it is another."""
    return {
        **{name: TIERS[name] for name in USUAL_TIERS},
        question.tier: Floors(question.links, question.plants),
    }


def _years_of(page: OutlookResult, asked: int) -> list[int]:
    """The years of the answer, and the one that the study is about."""
    return sorted({asked, *(row.year for row in page.rows)})


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


def _pair(teller: Plans | Flows, asked: Asked, element: str, views: _Views) -> Iterator[State]:
    """The states of one element with what is avoided shut, and open."""
    for told in teller.pair(asked, element):
        pictures = {}
        for one, draw in views.items():
            with contextlib.suppress(UsageError):
                pictures[one.id] = draw(told.result, element)
        yield State(told.summary, told.figures, pictures)


def _names(net: SupplyNetwork) -> Iterator[str]:
    for node in net.node_rows:
        yield node.name
        yield country_name(node.country, net.commodity.areas)
