"""A flow from left to right: one column a stage, boxes by country or plant, ribbons by t/yr."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias, cast

from supplynet.analysis.flow.rows import FlowResult
from supplynet.analysis.potential.solved import SolvedPotential
from supplynet.draw import frame
from supplynet.draw.answer import (
    Answer,
    Drawable,
    answer_of,
    before_and_after,
    bloc_of,
    plan_of,
)
from supplynet.draw.figure import picture
from supplynet.draw.scene import Box, Label, Scene, Shape, rectangle
from supplynet.draw.sheet import Entry, Words, legend_line, message
from supplynet.draw.streams.ledger import Gatherer, Ledger, node_tonnes
from supplynet.draw.streams.scene import NARROW, lying, sankey_scene
from supplynet.draw.style import CUT, INK, MARK, RIBBONS, Size, find_size, print_size
from supplynet.draw.svg import DASH
from supplynet.draw.words import ELLIPSIS
from supplynet.errors import OptionError
from supplynet.terms import DETAILS, DetailName, one_of
from supplynet.text import plain
from supplynet.text import tonnes as number

if TYPE_CHECKING:
    from supplynet.analysis.flow.worst_case import Target
    from supplynet.network.network import SupplyNetwork
    from supplynet.questions.fortify import FortifyResult
    from supplynet.questions.interdict import InterdictionResult
    from supplynet.questions.unavoidable import Passage, UnavoidableResult

    Markable: TypeAlias = InterdictionResult | FortifyResult | UnavoidableResult

#: room between a box and its frame, and its stroke, points
_GAP, _STROKE = 2.2, 1.8


@dataclass(frozen=True, slots=True)
class Marks:
    """What is marked, and why."""

    nodes: frozenset[str]
    text: str  #: for the legend


def marks_of(result: Markable) -> Marks:
    """Return what a result about plants has to mark.

    Raises
    ------
    OptionError
        If the result is of another kind, or not about plants.
    """
    from supplynet.questions.fortify import FortifyResult
    from supplynet.questions.interdict import InterdictionResult
    from supplynet.questions.unavoidable import UnavoidableResult

    if isinstance(result, UnavoidableResult):
        passages = result.unavoidable or result.nearly
        which = "On every route" if result.unavoidable else "On all routes but one"
        return _marks(passages, which, "No plant is on every route")
    if not isinstance(result, InterdictionResult | FortifyResult):
        raise OptionError(
            f"a {type(result).__name__} marks no plants",
            hint="pass what interdict, fortify or unavoidable found",
        )
    if result.by != "node":
        raise OptionError(
            f"what is lost by {result.by} is no plant that can be marked",
            hint='ask by="node"',
        )
    if isinstance(result, FortifyResult):
        return _marks(result.protected, "To protect", "No protection helps")
    return _marks(result.removed, f"Worst {len(result.removed)} to lose", "No loss costs anything")


def _marks(plants: Sequence[Passage | Target], title: str, nothing: str) -> Marks:
    if not plants:
        return Marks(frozenset(), nothing)
    text = " and ".join(plant.name.split(" (")[0] for plant in plants)
    return Marks(frozenset(plant.id for plant in plants), f"{title}: {text}")


class Tiered:
    """What could arrive, alone: how sure each way is, what stops more, and what is needed."""

    headings: Sequence[str] = ("",)

    def __init__(self, answer: Answer, level: DetailName, marks: Marks | None) -> None:
        self.answer, self.level, self.marks = answer, level, marks
        self.question, self.unit = answer.question, answer.unit
        self.digest = answer.provenance.digest
        self.together = bloc_of(answer.question)

    def in_brief(self) -> Tiered:
        """It takes no programs."""
        return self

    def ledgers(self, top: int) -> list[Ledger]:
        """The ways, with so many boxes of a stage alone."""
        nodes, name = node_tonnes(self.answer.chains), self.question.to_name
        gatherer = Gatherer(
            self.question, [nodes], top, together=self.together, name=name, level=self.level
        )
        return [gatherer.of_chains(self.answer, nodes)]

    def words(self, _ledgers: Sequence[Ledger]) -> Words:
        """What is said around it."""
        return frame.words(self.answer)

    def entries(self, ledgers: Sequence[Ledger], scale: float, size: Size) -> list[Entry]:
        """Weakest links, a bar of some tonnes, demand, limits, and what is shut."""
        (ledger,), answer = ledgers, self.answer
        present = {bundle.kind for bundle in ledger.bundles}
        entries: list[Entry] = []
        for kind in (kind for kind in RIBBONS if kind in present):
            style, lead = RIBBONS[kind], "" if entries else "weakest link: "
            dash = DASH if style.is_dashed else ()
            text = f"{lead}{style.title}"
            entries.append(Entry(text, style.fill, style.outline, style.opacity, dash, 0.8))
        if entries:
            unit, tall = frame.scale_bar(scale, legend_line(size))

            def bar(x: float, y: float) -> Iterable[Shape]:
                path = rectangle(x, y - tall / 2, 5.0, tall)
                yield Shape("legend-scale", path, "patch", INK, layer="above")

            entries.append(Entry(f"= {number(unit)} t a year", draw=bar, wide=5.0))
        if answer.chains and answer.need.value > 0.0:
            more = ", hatched beyond" * (answer.value > answer.need.value)
            text = f"need, filled by tier{more}"
            entries.append(Entry(text, RIBBONS["sure"].fill, INK, width=0.8))
        stops = ledger.stops.values()
        if any(bundle.cut for bundle in ledger.bundles) or any(stop.cut for stop in stops):
            entries.append(Entry(frame.cut_legend(answer), CUT))
        if answer.lost:
            entries.append(Entry(frame.shut_legend(answer)))
        if self.marks:
            stroke = MARK if self.marks.nodes else ""
            entries.append(Entry(plain(self.marks.text), stroke=stroke, width=_STROKE))
        return entries


def _framed(box: Box) -> Shape:
    height = max(box.height, 1.0)
    path = rectangle(box.x - _GAP, box.y - _GAP, box.width + 2 * _GAP, height + 2 * _GAP)
    return Shape(f"mark-{box.id}", path, "mark", stroke=MARK, width=_STROKE, layer="above")


#: part of the least letters from which on names can be read: all but what is rounded
_READ = 1.0 - 1e-9
#: widths at which plants are tried where a picture is too narrow for them
_WIDTHS = ("120mm", "140mm", "160mm", "183mm")


def layer_scene(
    net: SupplyNetwork,
    result: Drawable,
    *,
    level: str = "country",
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
    stop more are red. The bar beside the nation is its demand, filled as far as each tier covers
    it.

    Parameters
    ----------
    net : SupplyNetwork
        The network that the result was asked of.
    result : PotentialResult, BypassResult, ElementBypass or FlowResult
        By the balance, or a maximum flow.
    level : {"country", "facility"}
        Whether a box is a country at a stage or a single plant.
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
    selection = cast(DetailName, one_of(level, DETAILS, "level"))
    result, paper = plan_of(result), find_size(size, theme)
    if top is not None and (isinstance(top, bool) or top < 1):
        raise OptionError(f"top must be a whole number from 1 on, not {top!r}")
    if net.name != result.question.net.name:
        raise OptionError(
            f"the result speaks of the graph {result.question.net.name}, not of {net.name}",
            hint="pass the network that the result was asked of",
        )
    if result.question.avoid and selection == "country" and not is_single and mark is None:
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
    marks = None if mark is None else marks_of(mark)
    drawn = Tiered(answer, selection, marks)
    scene = _scene(drawn, top, paper)
    if paper.width >= NARROW or _is_read(scene, paper):
        return scene
    if selection == "facility":
        wide = [
            name
            for name in _WIDTHS
            if _is_read(_scene(drawn, top, print_size(name)), print_size(name))
        ]
        raise OptionError(
            "names of plants have no room on a picture as narrow as this",
            hint=f"draw it at least {wide[0] if wide else 'as wide as a page'} wide, or by country",
        )
    if mark is None and isinstance(result, SolvedPotential | FlowResult):
        # stages are rows where columns are too many for their names
        named = answer.element if isinstance(result, SolvedPotential) else None
        return sankey_scene(result, element=named, size=paper, theme=theme, is_brief=is_brief)
    return scene


layers = picture(layer_scene, "layers")


def _is_read(scene: Scene, paper: Size) -> bool:
    """Whether no name of a box is cut off or left out, or too small to read."""
    names = [label for label in scene.labels if label.role == "box"]
    if any(label.text.startswith("no room for") for label in scene.labels):
        return False
    return not any(
        ELLIPSIS in name.text or name.size < _READ * min(paper.least, paper.label) for name in names
    )


def _scene(drawn: Tiered, top: int | None, paper: Size) -> Scene:
    """Return what is left as columns, with frames around what is marked."""
    painter = lying(drawn, "size", top, paper)
    scene, nodes = painter.scene(), drawn.marks.nodes if drawn.marks else frozenset()
    frames = [_framed(box) for box in scene.boxes if nodes & set(box.members)]
    note: Sequence[Label] = ()
    if not drawn.answer.chains:
        note = message(frame.nothing(drawn.answer), paper, painter.frame.top + 2 * paper.heading)
    text = f" {plain(drawn.marks.text)}." if drawn.marks else ""
    return replace(
        scene,
        description=f"{scene.description}{text}",
        labels=(*scene.labels, *note),
        shapes=(*scene.shapes, *frames),
    )
