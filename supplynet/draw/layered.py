"""A flow from left to right: one column a stage, boxes by country or plant, ribbons by t/yr."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from supplynet.analysis.flow.rows import FlowResult
from supplynet.analysis.potential.solved import SolvedPotential
from supplynet.draw import frame
from supplynet.draw.answer import Answer, Drawable, answer_of, before_and_after, plan_of
from supplynet.draw.arrangement import APART, Arrangement
from supplynet.draw.figure import picture
from supplynet.draw.grouping import DEFAULT_TOP, gather
from supplynet.draw.hover import ribbon_hover
from supplynet.draw.labels import box_labels, need_labels
from supplynet.draw.place import Layout, course, ports
from supplynet.draw.scene import Box, Label, Ribbon, Scene, Shape, hatching, rectangle
from supplynet.draw.sheet import LINE, legend_line
from supplynet.draw.streams.scene import NARROW, sankey_scene
from supplynet.draw.style import (
    INK,
    MARK,
    MUTED,
    RIBBONS,
    Size,
    country_colors,
    find_size,
    print_size,
    tier_class,
    tonnes,
)
from supplynet.draw.words import ELLIPSIS, fit, lines_of, text_width
from supplynet.errors import OptionError
from supplynet.terms import DETAILS, DetailName, one_of
from supplynet.text import plain

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


#: width of the bar for what is needed
_BAR = 4.0


class Painter(Arrangement):
    """Puts one scene together."""

    def ribbons(self, layout: Layout) -> tuple[Ribbon, ...]:
        """Return all ribbons in drawing order."""
        heights = ports(self.ways, layout)
        ribbons = []
        used: dict[str, float] = defaultdict(float)
        columns = range(self.columns.last + 1)
        at, zones = [*map(self.x, columns)], [self.zones.get(column, 0.0) for column in columns]
        for route in sorted(self.ways, key=lambda entry: entry.id):
            bundle = route.bundle
            width, middles = bundle.tonnes * layout.scale, list[float]()
            for gap in route.gaps:  # side by side in what is kept free for all between two boxes
                middles.append(layout.places[gap].top + used[gap] + width / 2)
                used[gap] += width
            bounds = self.columns.of[bundle.tail], self.columns.of[bundle.head]
            points = course(route, heights, bounds, middles, at=at, box=self.size.box, zones=zones)
            ribbons.append(
                Ribbon(
                    id=route.id,
                    tail=bundle.tail,
                    head=bundle.head,
                    tonnes=bundle.tonnes,
                    kind=bundle.kind,
                    is_cut=bool(bundle.cut),
                    width=width,
                    points=points,
                    is_loop=route.step == 0,
                    hover=ribbon_hover(
                        self.question,
                        bundle,
                        self.gathered.groups[bundle.tail],
                        self.gathered.groups[bundle.head],
                        self.answer.unit,
                    ),
                )
            )
        # the least sure lie at the back, wide ones below narrow ones
        order = {kind: -index for index, kind in enumerate(RIBBONS)}
        ribbons.sort(
            key=lambda ribbon: (ribbon.is_cut, order[ribbon.kind], -ribbon.width, ribbon.id)
        )
        return tuple(ribbons)

    def _need_length(self, box: Box, scale: float) -> float:
        """Length of the bar for what a target needs."""
        return self._need(self.gathered.groups[box.id]) * scale

    def _need_bar(self, box: Box, scale: float) -> Iterator[Shape]:
        """What a target needs as a bar, filled by what each tier covers, the surest first."""
        length = max(self._need_length(box, scale), 0.8)
        if not self._need_length(box, scale):
            return
        x = box.x + box.width + 2.0
        need = self.answer.need.value
        done = 0.0
        for name, value in self.answer.tiers:
            covered = min(value, need)
            if covered > done:
                yield Shape(
                    f"{box.id}:{name}",
                    rectangle(x, box.y + done * scale, _BAR, (covered - done) * scale),
                    "tier",
                    fill=RIBBONS[tier_class(name)].fill,
                    opacity=RIBBONS[tier_class(name)].opacity,
                    layer="above",
                    hover=(f"{name}: {tonnes(value)} of the {tonnes(need)} needed",),
                )
                done = covered
        yield Shape(
            f"{box.id}:need",
            rectangle(x, box.y, _BAR, length),
            "need",
            stroke=INK,
            width=0.8,
            layer="above",
            hover=(f"needed: {tonnes(need)}",),
        )
        beyond = self.answer.value - need
        if beyond * scale > 0.8:
            yield Shape(
                f"{box.id}:surplus",
                hatching(x, box.y + length, _BAR, beyond * scale),
                "surplus",
                stroke=MUTED,
                width=0.6,
                layer="above",
                hover=(f"beyond demand: {tonnes(beyond)}",),
            )

    def labels(self, boxes: Iterable[Box], scale: float) -> list[Label]:
        """Return the words of all boxes."""
        labels: list[Label] = []
        for box in boxes:
            side, room = self._room(box.column)
            own = box_labels(box, size=self.letters, room=room, side=side)
            need = self._need(self.gathered.groups[box.id])
            if need:
                bar = self._need_length(box, scale)
                own = need_labels(
                    box,
                    need,
                    bar,
                    own,
                    size=self.letters,
                    room=room,
                    is_estimated=self._is_guessed(),
                )
            labels += own
        return labels

    def _headings(self) -> list[Label]:
        """Names of stages: the first ends with its boxes, as its words do, others begin there."""
        spans, size = self.columns.spans, self.size.heading
        edges = [self.x(first) for _, first, _ in spans]
        edges.append(self.size.width - self.size.margin + APART)
        rooms = [after - before - APART for before, after in pairwise(edges)]
        if len(spans) > 1:
            rooms[0] = edges[0] + self.size.box - self.size.margin
        names = [plain(self.net.stages[stage].plural) for stage, *_ in spans]
        is_crowded = self._is_crowded()
        results: list[list[str]] = []
        letters = size
        for name, room in zip(names, rooms, strict=True):
            lines, fitting = lines_of(name, size, room, is_bold=True)
            if not is_crowded:  # room was kept for one line
                lines = [name]
                fitting = min(size, size * room / text_width(name, size, is_bold=True))
            results.append(lines)
            letters = min(letters, fitting)
        return [
            Label(
                text,
                x if index or len(spans) == 1 else x + self.size.box,
                self.head - (len(lines) - 1 - down) * LINE * letters,
                letters,
                INK,
                anchor="left" if index or len(spans) == 1 else "right",
                is_bold=True,
                role="heading",
            )
            for index, (x, lines) in enumerate(zip(edges, results, strict=False))
            for down, text in enumerate(lines)
        ]

    def boxes(self, layout: Layout) -> tuple[Box, ...]:
        """Return all boxes in their places."""
        colors = country_colors(self.net)
        return tuple(
            self._box(group, layout.places[group.key], layout.scale, colors)
            for group in self.gathered.groups.values()
        )

    def scene(self) -> Scene:
        """Return the finished scene."""
        layout = self.layout()
        boxes = self.boxes(layout)
        ribbons = self.ribbons(layout)
        labels = [*self.frame.labels, *self._headings(), *self.labels(boxes, layout.scale)]
        if not self.answer.chains:
            labels.extend(frame.message(self.answer, self.size, self.frame))
        swatches, words = frame.legend(self.answer, self.size, self.frame, self.kinds, layout.scale)
        stages = [plain(self.net.stages[stage].plural) for stage, *_ in self.columns.spans]
        return Scene(
            width=self.size.width,
            height=self.size.height,
            title=" ".join(frame.title(self.answer)),
            description=frame.description(self.answer, stages),
            ribbons=ribbons,
            boxes=boxes,
            labels=(*labels, *words),
            scale=layout.scale,
            shapes=(
                *(shape for box in boxes for shape in self._need_bar(box, layout.scale)),
                *swatches,
            ),
            digest=self.answer.provenance.digest,
            theme=self.size.theme,
        )


if TYPE_CHECKING:
    from supplynet.questions.fortify import FortifyResult
    from supplynet.questions.interdict import InterdictionResult
    from supplynet.questions.unavoidable import UnavoidableResult

    Markable: TypeAlias = InterdictionResult | FortifyResult | UnavoidableResult

_GAP, _STROKE, _SWATCH = 2.2, 1.8, 8.0


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
        which = "on every route" if result.unavoidable else "on all routes but one"
        names = [(passage.id, passage.name) for passage in passages]
        return _marks(names, f"{which[0].upper()}{which[1:]}", "No plant is on every route")
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
        names = [(entry.id, entry.name) for entry in result.protected]
        return _marks(names, "To protect", "No protection helps")
    names = [(target.id, target.name) for target in result.removed]
    return _marks(names, f"Worst {len(names)} to lose", "No loss costs anything")


def _marks(names: list[tuple[str, str]], title: str, nothing: str) -> Marks:
    if not names:
        return Marks(frozenset(), nothing)
    text = " and ".join(name.split(" (")[0] for _, name in names)
    return Marks(frozenset(node for node, _ in names), f"{title}: {text}")


def marked(scene: Scene, marks: Marks, *, size: str | Size = "slide") -> Scene:
    """Return a scene with a frame around the boxes that hold marked plants, and a line about it.

    The canvas grows by that line.

    Parameters
    ----------
    size : str
        As the scene was made for.
    """
    paper = find_size(size)
    frames = [_frame(box) for box in scene.boxes if marks.nodes & set(box.members)]
    letters = paper.legend
    # a line of its own above the source, which stays whole
    down = legend_line(paper)
    feet = [entry.y for entry in scene.labels if entry.role == "footer"]
    foot = min(feet, default=scene.height + (down - paper.margin) / 2)
    x = paper.margin
    swatch: tuple[Shape, ...] = ()
    if marks.nodes:
        outline = rectangle(x, foot - _SWATCH / 2, _SWATCH, _SWATCH)
        swatch = (Shape("mark-legend", outline, "mark", stroke=MARK, width=_STROKE, layer="above"),)
        x += _SWATCH + 5
    text = fit(plain(marks.text), letters, scene.width - paper.margin - x)
    labels = [
        replace(member, y=member.y + down) if member.role == "footer" else member
        for member in scene.labels
    ]
    label = Label(text, x, foot, letters, MARK, role="legend")
    return replace(
        scene,
        height=scene.height + down,
        description=f"{scene.description} {plain(marks.text)}.",
        labels=(*labels, label),
        shapes=(*scene.shapes, *frames, *swatch),
    )


def _frame(box: Box) -> Shape:
    height = max(box.height, 1.0)
    path = rectangle(box.x - _GAP, box.y - _GAP, box.width + 2 * _GAP, height + 2 * _GAP)
    return Shape(f"mark-{box.id}", path, "mark", stroke=MARK, width=_STROKE, layer="above")


#: part of the least letters from which on names can be read: all but what is rounded
_READ = 1.0 - 1e-9
#: boxes of a column that stand alone at the least
_FEWEST = 1
#: part of the height of the flow that is kept for what is reported of all that is shut
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
    highlight : {"cut", "none"}
        Whether limits that stop more are distinguished.
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
    with_cut = highlight == "cut"
    scene = _scene(answer, selection, paper, top, with_cut)
    if paper.width < NARROW and selection == "facility" and not _is_read(scene, paper):
        wide = [
            name
            for name in _WIDTHS
            if _is_read(
                _scene(answer, selection, print_size(name), top, with_cut), print_size(name)
            )
        ]
        raise OptionError(
            "names of plants have no room on a picture as narrow as this",
            hint=f"draw it at least {wide[0] if wide else 'as wide as a page'} wide, or by country",
        )
    is_cut = any(ELLIPSIS in label.text for label in scene.labels if label.role == "box")
    is_turned = paper.width < NARROW and is_cut and selection == "country"
    if is_turned and isinstance(result, SolvedPotential | FlowResult):
        # stages are rows where columns are too many for their names
        named = answer.element if isinstance(result, SolvedPotential) else None
        scene = sankey_scene(result, element=named, size=paper, theme=theme, is_brief=is_brief)
    return scene if mark is None else marked(scene, marks_of(mark), size=paper)


layers = picture(layer_scene, "layers")


def _is_read(scene: Scene, paper: Size) -> bool:
    """Whether no name of a box is cut off, or too small to read."""
    names = [label for label in scene.labels if label.role == "box"]
    return not any(
        ELLIPSIS in name.text or name.size < _READ * min(paper.least, paper.label) for name in names
    )


def _scene(
    answer: Answer, selection: DetailName, paper: Size, top: int | None, with_cut: bool
) -> Scene:
    """Return what is left as columns, with a line on what is shut below it."""
    if not answer.lost:
        return _legible(answer, selection, paper, top, with_cut).scene()
    main = _legible(replace(answer, lost=()), selection, paper, top, with_cut, foot=_TOLD)
    scene = main.scene()
    y, room = main.bottom + 0.75 * legend_line(paper), paper.width - 2 * paper.margin
    text = fit(frame.shut_legend(answer), paper.legend, room)
    label = Label(text, paper.margin, y, paper.legend, INK, role="legend")
    return replace(scene, labels=(*scene.labels, label))


def _legible(
    answer: Answer,
    level: DetailName,
    paper: Size,
    top: int | None,
    with_cut: bool,
    **options: Any,
) -> Painter:
    """Return the painter of as many boxes a column as can be read, at most as were asked."""
    painters = []
    # more than lines that can be read fit on the canvas need not be tried
    lines = max(_FEWEST, int(paper.height / paper.least))
    for most in range(min(DEFAULT_TOP[level] if top is None else top, lines), 0, -1):
        gathered = gather(answer, level=level, top=most, with_cut=with_cut)
        painters.append(Painter(answer, gathered, level, paper, **options))
        is_read = painters[-1].letters >= _READ * paper.least
        if is_read or most <= _FEWEST:
            break
    if is_read:
        return painters[-1]
    return max(
        painters, key=lambda painter: round(painter.letters, 1)
    )  # the first of those as large
