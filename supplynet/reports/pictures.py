"""The pictures of reports: what each shows, laid out only when a writer asks for it."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from supplynet.draw.style import Size
from supplynet.errors import OptionError, UnboundedError
from supplynet.present.document import FigureSlot
from supplynet.present.words import avoided, link_phrase, target, without

if TYPE_CHECKING:
    from supplynet.analysis.flow.bypass import BypassResult
    from supplynet.analysis.flow.rows import FlowResult
    from supplynet.analysis.potential.solved import SolvedPotential
    from supplynet.draw.scene import Scene
    from supplynet.reports.study import ElementLosses

#: sizes of a picture on a screen, and of a chart or map on a phone held upright
WIDE = "slide"
#: about a point a pixel there, so that no letter is below 12 pixels
NARROW = Size(336, 580, 14, 12, 12, 12, 12, margin=6, box=8, least=12)
#: the same for a picture of many stages, which run from top to bottom, and for two of them
UPRIGHT = replace(NARROW, height=860, margin=8, box=9, is_upright=True)
UPRIGHT_PAIR = replace(UPRIGHT, height=1420)


def drawable(result: BypassResult) -> SolvedPotential | FlowResult:
    """Return the potential by the balance of the first element, as pictures show it.

    What is no nation, or asks for nothing, has none: there the maximum flow is drawn.
    """
    from supplynet.analysis.flow.flow import potential
    from supplynet.draw.answer import drawn_potential

    asked, element = result.question, result.elements[0].element
    with contextlib.suppress(OptionError, UnboundedError):
        return drawn_potential(asked, (element,))
    return potential(asked, element)


def layers(result: BypassResult) -> FigureSlot:
    """The ways of the first element, with what stops more."""

    def scene() -> Scene:
        from supplynet.draw.layered import layer_scene

        return layer_scene(result.question.net, drawable(result), is_single=True)

    asked = result.question
    caption = (
        f"{result.elements[0].element} on {link_phrase(asked)}: the ways to "
        f"{target(asked)}{without(asked)}"
    )
    return FigureSlot("layers", caption, scene, lambda: _upright(drawable(result)))


def _upright(result: SolvedPotential | FlowResult) -> Scene:
    """The ways of a result from top to bottom, for a phone."""
    from supplynet.draw.streams.scene import sankey_scene

    return sankey_scene(result, size=UPRIGHT)


def flow_layers(result: FlowResult | BypassResult) -> FigureSlot:
    """The ways of the maximum flow of an element, with its minimum cut."""
    from supplynet.analysis.flow.rows import FlowResult  # of no use to a page without flows

    def scene() -> Scene:
        from supplynet.draw.layered import layer_scene

        return layer_scene(result.question.net, result, is_single=True)

    asked = result.question
    element = result.element if isinstance(result, FlowResult) else result.elements[0].element
    caption = f"{element}: the ways of the maximum flow to {target(asked)}{without(asked)}"

    def narrow() -> Scene:
        from supplynet.analysis.flow.flow import potential

        return _upright(potential(asked, element))

    return FigureSlot("layers", caption, scene, narrow)


def before_after(result: BypassResult) -> FigureSlot:
    """The first element by country and stage, with everything open and without, on one scale."""
    asked = result.question
    element = result.elements[0].element

    def scene(size: str | Size = WIDE) -> Scene:
        from supplynet.draw.answer import before_and_after
        from supplynet.draw.streams.scene import sankey_scene

        before, after = before_and_after(drawable(result), element)
        return sankey_scene(after, against=before, size=size)

    caption = (
        f"{element} by country and stage on {link_phrase(asked)}, with everything "
        f"open and without {avoided(asked)}"
    )
    return FigureSlot("before-after", caption, scene, partial(scene, UPRIGHT_PAIR))


def on_the_map(result: BypassResult) -> FigureSlot:
    """The ways of the first element on a map of the world."""
    asked = result.question

    def scene(size: str | Size = WIDE) -> Scene:
        from supplynet.draw.maps.figure import map_scene

        has_places = any(node.lat is not None for node in asked.net.node_rows)
        level = "facility" if has_places else "country"
        return map_scene(asked.net, drawable(result), level=level, size=size)

    caption = f"{result.elements[0].element} on {link_phrase(asked)}, on the map"
    return FigureSlot("map", caption, scene, partial(scene, NARROW))


def losses(found: Sequence[ElementLosses]) -> tuple[FigureSlot, ...]:
    """What the loss of a country's stage costs, for the first element that has any."""
    ranked = next((one for one in found if one.by_place.rows), None)
    if ranked is None:
        return ()
    by_place, by_owner = ranked.by_place, ranked.by_owner

    def scene(size: str | Size = WIDE) -> Scene:
        from supplynet.draw.charts.losses import losses_scene

        return losses_scene(by_place, beside=by_owner, size=size)

    caption = f"{by_place.element}: stages of a country whose loss costs most"
    return (FigureSlot("losses", caption, scene, partial(scene, NARROW)),)


def years(result: BypassResult) -> FigureSlot:
    """Potential by year, all elements."""

    def scene(size: str | Size = WIDE) -> Scene:
        from supplynet.draw.charts.years import years_scene

        return years_scene(result, size=size)

    return FigureSlot(
        "years",
        "Upper bound of each element by year (its maximum flow) as a share of the demand",
        scene,
        partial(scene, NARROW),
    )
