"""What surrounds any picture: its message, how to read it, and where its figures come from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from supplynet.draw.scene import Key, Label, Plot, Scene, Shape, circle, polyline, rectangle
from supplynet.draw.style import INK, MUTED, Size
from supplynet.draw.words import fit, lowered, text_width, wrap
from supplynet.network.scenario.years import applied_with_years
from supplynet.network.timeline import capacities_in_force
from supplynet.text import plain

if TYPE_CHECKING:
    from supplynet.analysis.provenance import Provenance
    from supplynet.network.network import SupplyNetwork

#: height of a line over the size of its letters
LINE = 1.25
_SWATCH = 22.0
#: room between a swatch and its words, and between two entries of a legend, points
KEY_GAP, BETWEEN_KEYS = 5.0, 18.0
#: part of the room that lines are made to fit, and that of letters up to a size, points: small ones
#: are wider for their size
_SAFE, _SAFER, _SMALL = 0.95, 0.92, 6.5
#: how much smaller than usual the letters of a title may be
_SMALLER = 0.88
#: width below which words take more lines, points
_NARROW = 400.0
#: part of the height that may be left empty below a chart
_EMPTY = 0.05
#: sources that are named, and lines at the bottom, in which nothing of what figures mean is cut off
_SOURCES, _FOOT_LINES = 1, 11


@dataclass(frozen=True, slots=True)
class Words:
    """The words around a picture.

    Parameters
    ----------
    asked, found : str
        The message in two parts: what was asked, ending in a colon, and what was found.
    figures : str
        The figures in a line, or an empty string.
    meaning : str
        How they are to be read.
    source : str
        Graph, licence, digest, software.
    digest : str
        SHA-256 of the network that was solved.
    """

    asked: str
    found: str
    figures: str
    meaning: str
    source: str
    digest: str = ""

    @property
    def message(self) -> str:
        """The message in a line."""
        return f"{self.asked} {self.found}"


@dataclass(frozen=True, slots=True)
class Frame:
    """Words above and below, and the heights between which the picture may lie."""

    labels: tuple[Label, ...]
    top: float
    bottom: float
    words: Words
    size: Size
    entries: Sequence[Entry] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A swatch of a legend with its words: a shape in a field 22 points wide and 9 tall.

    The shape is a box, a line, or a dot where dots are drawn.
    """

    text: str
    fill: str = ""
    stroke: str = ""
    opacity: float = 1.0
    dash: tuple[float, ...] = ()
    width: float = 1.0
    is_line: bool = False
    is_dot: bool = False


def frame(
    texts: Words, size: Size, entries: Sequence[Entry] = (), *, n_legend: int | None = None
) -> Frame:
    """Return the words around a picture and the room that they leave.

    Parameters
    ----------
    texts : Words
    size : Size
    entries : sequence of Entry
        Of the legend.
    n_legend : int, optional
        Lines to keep free below the picture; default: as many as the legend takes.
    """
    n_legend = legend_lines(entries, size) if n_legend is None else n_legend
    if size.is_bare:
        bottom = size.height - size.margin - n_legend * legend_line(size)
        return Frame((), size.margin, bottom, texts, size, entries)
    room = size.width - 2 * size.margin
    labels: list[Label] = []
    y = size.margin - 4
    letters = size.title
    if text_width(texts.message, letters, is_bold=True) <= room:
        lines = [texts.message]
    else:
        parts = texts.asked, texts.found
        # a few letters too many are set smaller, not in a line of their own
        widest = max(text_width(portion, letters, is_bold=True) for portion in parts)
        if widest * _SMALLER <= room < widest:
            letters *= room / widest
        lines = [
            line for piece in parts for line in wrap(piece, letters, 1.001 * room, is_bold=True)
        ]
    for line in lines:
        y += LINE / 2 * letters
        labels.append(Label(line, size.margin, y, letters, INK, is_bold=True, role="title"))
        y += LINE / 2 * letters
    y += 0.2 * size.title
    letters, limit = size.subtitle, 3 if size.width > _NARROW else 5
    figures = lowered(texts.figures)
    for line in wrap(figures, letters, _safe(letters) * room, limit=limit) if figures else ():
        y += 0.68 * letters
        labels.append(Label(line, size.margin, y, letters, INK, role="subtitle"))
        y += 0.68 * letters
    foot = size.height - max(size.margin / 2, 0.75 * size.small)
    text = f"{lowered(texts.meaning)} {texts.source}".strip()
    lines = wrap(text, size.small, _safe(size.small) * room, limit=_FOOT_LINES)
    for index, line in enumerate(lines):
        at = foot - (len(lines) - 1 - index) * 1.3 * size.small
        shown = fit(line, size.small, room)  # a word without an end, as in a hostile title
        labels.append(Label(shown, size.margin, at, size.small, MUTED, role="footer"))
    foot -= (0.1 + 1.3 * len(lines)) * size.small
    bottom = foot - n_legend * legend_line(size) - 6
    return Frame(tuple(labels), y + 8, bottom, texts, size, entries)


def _safe(letters: float) -> float:
    """Return the part of the room that lines in letters of a size are made to fit."""
    return _SAFE if letters > _SMALL else _SAFER


def source_of(
    net: SupplyNetwork, digest: str, versions: Mapping[str, str], *, mostly: Sequence[str] = ()
) -> str:
    """The line at the bottom: graph, licence, attribution, digest, software.

    ``mostly`` are the titles of the weightiest sources, where they are known.
    """
    head = net.metadata
    parts = [f"Data: {head.title} {head.version}"]
    if head.licenses:
        parts.append(", ".join(head.licenses))
    if head.attribution:  # the documents that it may point to are named below
        parts.append(head.attribution.partition(";")[0])
    if net.applied:
        parts.append(f"scenarios: {', '.join(applied_with_years(net))}")
    parts.append(f"network {digest[:12]}")
    parts.append(f"supplynet {versions.get('supplynet', '')}".rstrip())
    if mostly:
        parts.append(f"mostly after {'; '.join(mostly)}")
    return plain(" · ".join(parts))


def words_of(
    net: SupplyNetwork,
    proof: Provenance,
    year: int,
    name: str,
    text: str,
    figures: str,
    meaning: str,
) -> Words:
    """Return the words around a picture, with the source of what was solved for a year."""
    source = source_of(net, proof.digest, proof.versions, mostly=weightiest(net, year))
    return Words(plain(name), plain(text), plain(figures), plain(meaning), source, proof.digest)


def weightiest(net: SupplyNetwork, year: int) -> list[str]:
    """Return the titles of the sources behind most of what plants can carry in a year.

    A source weighs what the plants that cite it are of the capacity of their stage.
    """
    steps = capacities_in_force(net, year)
    rows = [(node.stage, steps.get(node.id, node)) for node in net.node_rows]
    totals: dict[str, float] = defaultdict(float)
    for stage, row in rows:
        totals[stage] += row.capacity or 0.0
    weights: dict[str, float] = defaultdict(float)
    for stage, row in rows:
        for source in row.source_ids:
            weights[source] += (row.capacity or 0.0) / (totals[stage] or 1.0)
    return heaviest(net, weights)


def heaviest(net: SupplyNetwork, weights: Mapping[str, float]) -> list[str]:
    """Return the titles of the sources that weigh most, those of one document once."""
    sources = net.source_by_id
    ranked = sorted(
        (weight for weight in weights if weight in sources), key=lambda name: (-weights[name], name)
    )
    return list(dict.fromkeys(sources[text].title for text in ranked))[:_SOURCES]


def legend_line(size: Size) -> float:
    """Height of a line of a legend."""
    return 1.65 * size.legend


def legend_lines(entries: Sequence[Entry], size: Size) -> int:
    """Return how many lines a legend takes."""
    return len({key.label.y for key in legend(entries, size, 0.0)})


def legend(entries: Sequence[Entry], size: Size, y: float) -> tuple[Key, ...]:
    """Set the entries of a legend in lines from a height on, as many as fit into each."""
    letters = size.legend
    keys: list[Key] = []
    x, right = size.margin, size.width - size.margin
    y += legend_line(size) / 2
    tall = 0.95 * letters
    for index, entry in enumerate(entries):
        wide = (_SWATCH * size.legend / 9.35) if entry.fill or entry.stroke else 0.0
        before = wide + KEY_GAP if wide else 0.0
        total = before + text_width(entry.text, letters)
        if x > size.margin and x + total > right:
            x, y = size.margin, y + legend_line(size)
        swatch = None
        if wide:
            outline = rectangle(x, y - tall / 2, wide, tall)
            if entry.is_line:
                outline = polyline(((x, y), (x + wide, y)))
            if entry.is_dot:
                outline = circle(x + wide / 2, y, 0.48 * tall)
            swatch = Shape(
                f"legend-{index}",
                outline,
                "legend",
                fill=entry.fill,
                stroke=entry.stroke,
                width=entry.width if entry.stroke else 0.0,
                dash=entry.dash,
                opacity=entry.opacity,
                layer="above",
            )
        shown = fit(entry.text, letters, right - x - before)
        keys.append(Key(x, swatch, Label(shown, x + before, y, letters, INK, role="legend")))
        x += total + BETWEEN_KEYS
    return tuple(keys)


def chart(
    around: Frame,
    what: str,
    plots: Sequence[Plot],
    shapes: Sequence[Shape],
    labels: Sequence[Label] = (),
) -> Scene:
    """Return a chart in its frame, with its legend below it.

    Where it ends before its frame does, so does a canvas whose height nobody asked for.

    Parameters
    ----------
    around : Frame
        Its words describe the chart to those who cannot see it.
    what : str
        What is drawn, in a sentence.
    plots : sequence of Plot
        Fields, with their axes.
    shapes : sequence of Shape
    labels : sequence of Label
        All but those of frame and axes.
    """
    texts, size, bottom = around.words, around.size, around.bottom
    shapes = [*(member for plot in plots for member in plot.shapes), *shapes]
    labels = [*around.labels, *labels, *(candidate for plot in plots for candidate in plot.labels)]
    bounds = [y for shape in shapes for _, points in shape.path for _, y in points]
    bounds += [label.y + LINE / 2 * label.size for label in labels if label.role != "footer"]
    empty = bottom - max(bounds, default=bottom) - size.small
    up = empty if size.is_free and empty > _EMPTY * size.height else 0.0
    labels = [
        replace(entry, y=entry.y - up) if entry.role == "footer" else entry for entry in labels
    ]
    keys = legend(around.entries, size, bottom - up + 4)
    return Scene(
        width=size.width,
        height=size.height - up,
        title=texts.message,
        description=plain(f"{what} {texts.figures} {texts.meaning}"),
        labels=(*labels, *(key.label for key in keys)),
        shapes=(*shapes, *(key.swatch for key in keys if key.swatch is not None)),
        digest=texts.digest,
        plots=tuple(plots),
        legend=keys,
        theme=size.theme,
    )
