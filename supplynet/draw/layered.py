"""A flow from left to right: one column a stage, boxes by country or plant, ribbons by t/yr."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from supplynet.analysis.flow.rows import FlowResult
from supplynet.analysis.potential.solved import SolvedPotential
from supplynet.draw import frame
from supplynet.draw.answer import Answer, Drawable, answer_of, before_and_after, plan_of
from supplynet.draw.figure import picture
from supplynet.draw.grouping import DEFAULT_TOP, gather
from supplynet.draw.marked import marked, marks_of
from supplynet.draw.painter import Painter
from supplynet.draw.scene import Label
from supplynet.draw.sheet import legend_line
from supplynet.draw.streams.scene import NARROW, sankey_scene
from supplynet.draw.style import INK, Size, find_size, print_size
from supplynet.draw.words import ELLIPSIS, fit
from supplynet.errors import OptionError
from supplynet.terms import DETAILS, DetailName, one_of

if TYPE_CHECKING:
    from supplynet.draw.marked import Markable
    from supplynet.draw.scene import Scene
    from supplynet.network.network import SupplyNetwork

#: part of the least letters from which on names can be read: all but what is rounded
_READ = 1.0 - 1e-9
#: boxes of a column that stand alone at the least
_FEWEST = 1
#: part of the height of the flow that is kept for what is told of all that is shut
_TOLD = 0.12

#: widths at which plants are tried where a picture is too narrow for them
_WIDTHS = ("120mm", "140mm", "160mm", "183mm")

HIGHLIGHTS = ("cut", "none")


def layer_scene(
    net: SupplyNetwork,
    result: Drawable,
    *,
    level: str = "country",
    highlight: str = "cut",
    element: str | None = None,
    top: int | None = None,
    mark: Markable | None = None,
    is_single: bool = False,
    size: str | Size = "slide",
    theme: str = "light",
    is_brief: bool = False,
) -> Scene:
    """Draw what could arrive from the ground to the nation: a column a stage, widths by t/yr.

    Where something is shut, it is drawn twice by country: with everything open and without, one
    below the other on one scale, as :func:`sankey` draws it. A single picture, also that of plants,
    has what could arrive in blue, the surer the weakest link of its way the darker; limits that
    stop more are red. The bar beside the nation is its need, filled as far as each tier covers it.

    Parameters
    ----------
    net : SupplyNetwork
        The network that the result was asked of.
    result : PotentialResult, BypassResult, ElementBypass or FlowResult
        By the balance, or a maximum flow.
    level : {"country", "facility"}
        Whether a box is a country at a stage or a single plant.
    highlight : {"cut", "none"}
        Whether limits that stop more are told apart.
    element : str, optional
        Of a result about several; default: its first.
    top : int, optional
        Boxes of a column that stand alone at the most, largest first; the others make one box.
        As many as can be read do.
    mark : InterdictionResult, FortifyResult or UnavoidableResult, optional
        Plants to frame in a single picture: the worst to lose, what to protect, or those on every
        route.
    is_single : bool
        Whether what is left is drawn alone, where something is shut.
    size : {"slide", "column", "page"} or Size
        13.33 x 7.5 inches, the text column of an A4 sheet, an A4 sheet on its side, or a size of
        :func:`supplynet.draw.print_size`.
    theme : {"light", "dark"}
    is_brief : bool
        Whether what takes further programs is left out, as :func:`supplynet.draw.answer.answer_of`
        does: for a first picture that another follows.

    Returns
    -------
    Picture, or Scene
        A :class:`matplotlib.figure.Figure` that a notebook shows as SVG, by :func:`layers`; what
        is laid out in it, by :func:`layer_scene`. It is not registered with pyplot;
        :func:`supplynet.draw.save` and :func:`supplynet.draw.render` write it the same every time.

    Raises
    ------
    OptionError
        If an option's value is not allowed, or the result holds no such element.

    Examples
    --------
    >>> import supplynet as sn
    >>> net = sn.load("tutorial")
    >>> alone = sn.coverage(net, to="MLT")
    >>> sn.draw.layers(net, alone, element="Nd").get_size_inches().round(2).tolist()
    [13.33, 7.5]
    """
    chosen = cast(DetailName, one_of(level, DETAILS, "level"))
    one_of(highlight, HIGHLIGHTS, "highlight")
    result = plan_of(result)
    paper = find_size(size, theme)
    if mark is not None:  # the line about what is marked comes on top
        paper = replace(paper, height=paper.height - legend_line(paper))
    if top is not None and (isinstance(top, bool) or top < 1):
        raise OptionError(f"top must be a whole number from 1 on, not {top!r}")
    if net.name != result.question.net.name:
        raise OptionError(
            f"the result speaks of the graph {result.question.net.name}, not of {net.name}",
            hint="pass the network that the result was asked of",
        )
    if result.question.avoid and chosen == "country" and not is_single and mark is None:
        before, after = before_and_after(result, element)
        named = element if isinstance(after, SolvedPotential) else None
        return sankey_scene(
            after,
            against=before,
            element=named,
            top=top,
            size=paper,
            theme=theme,
            is_brief=is_brief,
        )
    answer = answer_of(result, element, is_brief=is_brief)
    with_cut = highlight == "cut"
    scene = _scene(answer, chosen, paper, top, with_cut)
    if paper.width < NARROW and chosen == "facility" and not _is_read(scene, paper):
        wide = [
            one
            for one in _WIDTHS
            if _is_read(_scene(answer, chosen, print_size(one), top, with_cut), print_size(one))
        ]
        raise OptionError(
            "names of plants have no room on a picture as narrow as this",
            hint=f"draw it at least {wide[0] if wide else 'as wide as a page'} wide, or by country",
        )
    is_cut = any(ELLIPSIS in one.text for one in scene.labels if one.role == "box")
    is_turned = paper.width < NARROW and is_cut and chosen == "country"
    if is_turned and isinstance(result, SolvedPotential | FlowResult):
        # stages are rows where columns are too many for their names
        named = answer.element if isinstance(result, SolvedPotential) else None
        scene = sankey_scene(result, element=named, size=paper, theme=theme, is_brief=is_brief)
    return scene if mark is None else marked(scene, marks_of(mark), size=paper)


layers = picture(layer_scene, "layers")


def _is_read(scene: Scene, paper: Size) -> bool:
    """Whether no name of a box is cut off, or too small to read."""
    names = [one for one in scene.labels if one.role == "box"]
    return not any(
        ELLIPSIS in one.text or one.size < _READ * min(paper.least, paper.label) for one in names
    )


def _scene(
    answer: Answer, chosen: DetailName, paper: Size, top: int | None, with_cut: bool
) -> Scene:
    """Return what is left as columns, with a line on what is shut below it."""
    if not answer.lost:
        return _legible(answer, chosen, paper, top, with_cut).scene()
    main = _legible(replace(answer, lost=()), chosen, paper, top, with_cut, foot=_TOLD)
    scene = main.scene()
    y, room = main.bottom + 0.75 * legend_line(paper), paper.width - 2 * paper.margin
    told = fit(frame.shut_legend(answer), paper.legend, room)
    label = Label(told, paper.margin, y, paper.legend, INK, role="legend")
    return replace(scene, labels=(*scene.labels, label))


def _legible(
    answer: Answer,
    level: DetailName,
    paper: Size,
    top: int | None,
    with_cut: bool,
    **words: Any,
) -> Painter:
    """Return the painter of as many boxes a column as can be read, at most as were asked."""
    painters = []
    # more than lines that can be read fit on the canvas need not be tried
    lines = max(_FEWEST, int(paper.height / paper.least))
    for most in range(min(DEFAULT_TOP[level] if top is None else top, lines), 0, -1):
        gathered = gather(answer, level=level, top=most, with_cut=with_cut)
        painters.append(Painter(answer, gathered, level, paper, **words))
        is_read = painters[-1].letters >= _READ * paper.least
        if is_read or most <= _FEWEST:
            break
    if is_read:
        return painters[-1]
    return max(painters, key=lambda one: round(one.letters, 1))  # the first of those as large
