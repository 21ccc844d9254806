"""A flow from left to right: one column a stage, boxes by country or plant, ribbons by t/yr."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from supplynet.draw.answer import Drawable, answer_of
from supplynet.draw.grouping import gather
from supplynet.draw.inset import FOOT, with_inset
from supplynet.draw.painter import Painter
from supplynet.draw.style import Size, find_size
from supplynet.errors import OptionError
from supplynet.terms import DETAILS, DetailName, one_of

if TYPE_CHECKING:
    from supplynet.draw.scene import Scene
    from supplynet.network.network import SupplyNetwork

HIGHLIGHTS = ("cut", "none")


def layer_scene(
    net: SupplyNetwork,
    result: Drawable,
    *,
    level: str = "country",
    highlight: str = "cut",
    element: str | None = None,
    top: int | None = None,
    size: str | Size = "slide",
) -> Scene:
    """Lay out a flow as a scene; parameters are those of :func:`supplynet.draw.layers`."""
    chosen = cast(DetailName, one_of(level, DETAILS, "level"))
    one_of(highlight, HIGHLIGHTS, "highlight")
    paper = find_size(size)
    if top is not None and (isinstance(top, bool) or top < 1):
        raise OptionError(f"top must be a whole number from 1 on, not {top!r}")
    answer = answer_of(result, element)
    if net.name != answer.question.net.name:
        raise OptionError(
            f"the result speaks of the graph {answer.question.net.name}, not of {net.name}",
            hint="pass the network that the result was asked of",
        )
    with_cut = highlight == "cut"
    if not (answer.chains and answer.lost):
        gathered = gather(answer, level=chosen, top=top, with_cut=with_cut)
        return Painter(answer, gathered, chosen, paper).scene()
    # what would pass if all were open is another state: it lies below what is left
    left = replace(answer, lost=())
    gathered = gather(left, level=chosen, top=top, with_cut=with_cut)
    shut = gather(replace(answer, chains=()), level="country", top=1, with_cut=False)
    stages = {group.stage for group in shut.groups.values()}
    main = Painter(left, gathered, chosen, paper, stages=stages, foot=FOOT)
    return with_inset(main, answer, shut)
