"""The pictures of reports: what each shows, laid out only when a writer asks for it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, cast

from supplynet import draw
from supplynet.draw.style import Size
from supplynet.errors import OptionError, UnboundedError
from supplynet.present.document import FigureSlot
from supplynet.present.words import avoided, link_phrase, target, without

if TYPE_CHECKING:
    from supplynet.analysis.flow.bypass import BypassResult
    from supplynet.analysis.flow.rows import FlowResult
    from supplynet.analysis.potential.solved import SolvedPotential
    from supplynet.draw.scene import Scene
    from supplynet.questions.chokepoints import ChokepointResult

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

    question, element = result.question, result.elements[0].element
    with contextlib.suppress(OptionError, UnboundedError):
        return drawn_potential(question, (element,))
    return potential(question, element)


def slot(
    name: str, caption: str, scene: Callable[[str | Size], Scene], narrow: Size = NARROW
) -> FigureSlot:
    """Return the slot of a picture of any size: of a screen, and of a narrow one."""
    return FigureSlot(name, caption, partial(scene, WIDE), partial(scene, narrow))


def _ways(result: SolvedPotential | FlowResult | BypassResult, size: str | Size) -> Scene:
    """The ways of a result from left to right; from top to bottom for a phone."""
    if size == WIDE:
        return draw.layer_scene(result.question.net, result, is_single=True)
    return draw.sankey_scene(cast("SolvedPotential | FlowResult", result), size=size)


def layers(result: BypassResult) -> FigureSlot:
    """The ways of the first element, with what stops more."""
    question, element = result.question, result.elements[0].element
    caption = (
        f"{element} on {link_phrase(question)}: the ways to {target(question)}{without(question)}"
    )
    return slot("layers", caption, lambda size: _ways(drawable(result), size), UPRIGHT)


def flow_layers(result: FlowResult | BypassResult) -> FigureSlot:
    """The ways of the maximum flow of an element, with its minimum cut."""
    from supplynet.analysis.flow.flow import potential  # of no use to a page without flows
    from supplynet.analysis.flow.rows import FlowResult

    question = result.question
    element = result.element if isinstance(result, FlowResult) else result.elements[0].element
    caption = f"{element}: the ways of the maximum flow to {target(question)}{without(question)}"

    def scene(size: str | Size) -> Scene:
        return _ways(result if size == WIDE else potential(question, element), size)

    return slot("layers", caption, scene, UPRIGHT)


def before_after(result: BypassResult) -> FigureSlot:
    """The first element by country and stage, with everything open and without, on one scale."""
    question, element = result.question, result.elements[0].element

    def scene(size: str | Size) -> Scene:
        from supplynet.draw.answer import before_and_after

        before, after = before_and_after(drawable(result), element)
        return draw.sankey_scene(after, against=before, size=size)

    caption = (
        f"{element} by country and stage on {link_phrase(question)}, with everything "
        f"open and without {avoided(question)}"
    )
    return slot("before-after", caption, scene, UPRIGHT_PAIR)


def on_the_map(result: BypassResult) -> FigureSlot:
    """The ways of the first element on a map of the world."""
    question = result.question
    has_places = any(node.lat is not None for node in question.net.node_rows)
    level = "facility" if has_places else "country"
    return slot(
        "map",
        f"{result.elements[0].element} on {link_phrase(question)}, on the map",
        lambda size: draw.map_scene(question.net, drawable(result), level=level, size=size),
    )


def losses(place: ChokepointResult, owner: ChokepointResult) -> FigureSlot:
    """What the loss of a country's stage costs of an element, by place and by owner."""
    caption = f"{place.element}: stages of a country whose loss costs most"
    return slot("losses", caption, lambda entry: draw.losses_scene(place, beside=owner, size=entry))


def years(result: BypassResult) -> FigureSlot:
    """Potential by year, all elements."""
    caption = "Upper bound of each element by year (its maximum flow) as a share of the demand"
    return slot("years", caption, lambda size: draw.years_scene(result, size=size))
