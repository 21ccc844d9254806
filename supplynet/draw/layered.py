"""A flow from left to right: one column a stage, boxes by country or plant, ribbons by t/yr."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from supplynet.draw.answer import Answer, Drawable, answer_of
from supplynet.draw.grouping import DEFAULT_TOP, gather
from supplynet.draw.inset import FOOT, with_inset
from supplynet.draw.painter import Painter
from supplynet.draw.style import Size, find_size
from supplynet.errors import OptionError
from supplynet.terms import DETAILS, DetailName, one_of

if TYPE_CHECKING:
    from supplynet.draw.scene import Scene
    from supplynet.network.network import SupplyNetwork

#: part of the size of letters from which on names can be read, by level
_READ = dict(zip(DETAILS, (0.85, 0.785), strict=True))
#: boxes of a column that stand alone at the least
_FEWEST = dict(zip(DETAILS, (2, 2), strict=True))

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
    is_brief: bool = False,
) -> Scene:
    """Lay out a flow as a scene; parameters are those of :func:`supplynet.draw.layers`.

    ``is_brief`` leaves out what takes further programs, as :func:`supplynet.draw.answer.answer_of`
    does: for a first picture that another follows.
    """
    chosen = cast(DetailName, one_of(level, DETAILS, "level"))
    one_of(highlight, HIGHLIGHTS, "highlight")
    paper = find_size(size)
    if top is not None and (isinstance(top, bool) or top < 1):
        raise OptionError(f"top must be a whole number from 1 on, not {top!r}")
    answer = answer_of(result, element, is_brief=is_brief)
    if net.name != answer.question.net.name:
        raise OptionError(
            f"the result speaks of the graph {answer.question.net.name}, not of {net.name}",
            hint="pass the network that the result was asked of",
        )
    with_cut = highlight == "cut"
    if not (answer.chains and answer.lost):
        return _legible(answer, chosen, paper, top, with_cut).scene()
    # what would pass if all were open is another state: it lies below what is left
    left = replace(answer, lost=())
    shut = gather(replace(answer, chains=()), level="country", top=1, with_cut=False)
    stages = {group.stage for group in shut.groups.values()}
    main = _legible(left, chosen, paper, top, with_cut, stages=stages, foot=FOOT)
    return with_inset(main, answer, shut)


def _legible(
    answer: Answer,
    level: DetailName,
    paper: Size,
    top: int | None,
    with_cut: bool,
    **words: Any,
) -> Painter:
    """Return the painter of as many boxes a column as were asked, or as can be read."""
    painters = []
    for most in range(DEFAULT_TOP[level] if top is None else top, 0, -1):
        gathered = gather(answer, level=level, top=most, with_cut=with_cut)
        painters.append(Painter(answer, gathered, level, paper, **words))
        is_read = painters[-1].letters >= _READ[level] * paper.label
        if top is not None or is_read or most <= _FEWEST[level]:
            break
    if top is not None or is_read:
        return painters[-1]
    return max(painters, key=lambda one: round(one.letters, 1))  # the first of those as large
