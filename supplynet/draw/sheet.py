"""What surrounds any picture: its message, how to read it, and where its figures come from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from supplynet.draw.scene import Label, Shape, polyline, rectangle
from supplynet.draw.style import CUT, INK, MUTED, RIBBONS, Size, tier_class
from supplynet.draw.words import fit, lowered, text_width, wrap
from supplynet.network.scenario.years import applied_with_years
from supplynet.network.timeline import capacities_in_force
from supplynet.text import plain

if TYPE_CHECKING:
    from supplynet.analysis.provenance import Provenance
    from supplynet.analysis.question import Question
    from supplynet.network.network import SupplyNetwork

#: height of a line over the size of its letters
LINE = 1.25
_SWATCH = 22.0
#: room between a swatch and its words, and between two entries of a legend, points
KEY_GAP, _BETWEEN = 5.0, 18.0
#: part of the room that lines are made to fit, and that of letters up to a size, points: small ones
#: are wider for their size
_SAFE, _SAFER, _SMALL = 0.95, 0.92, 6.5
#: how much smaller than usual the letters of a title may be
_SMALLER = 0.88
#: width below which words take more lines, points
_NARROW = 400.0
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


#: draws a swatch with its left end and its middle height at a place
Swatch = Callable[[float, float], Iterable[Shape]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A swatch of a legend with its words: a box, a line, a dot, or what a function draws.

    That draws it with its left end and its middle height at a place, so many points wide.
    """

    text: str
    fill: str = ""
    stroke: str = ""
    opacity: float = 1.0
    dash: tuple[float, ...] = ()
    width: float = 1.0
    is_line: bool = False
    is_dot: bool = False
    draw: Swatch | None = None
    wide: float = 0.0


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
            line
            for piece in parts
            for line in wrap(piece, letters, 1.001 * room, is_bold=True, limit=3)
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


def message(text: str, size: Size, top: float) -> tuple[Label, ...]:
    """Return what stands in place of a flow that is nothing, from a height on."""
    letters = 1.15 * size.label
    lines = wrap(text, letters, 0.8 * (size.width - 2 * size.margin), is_bold=True)
    look: dict[str, Any] = {"anchor": "middle", "is_bold": True, "has_halo": True, "role": "note"}
    return tuple(
        Label(line, size.width / 2, top + (2 + 1.4 * down) * letters, letters, CUT, **look)
        for down, line in enumerate(lines)
    )


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
    question: Question,
    proof: Provenance,
    *texts: str,
    year: int | None = None,
    has_owners: bool = True,
) -> Words:
    """Return the words around a picture, with the source of what was solved.

    Parameters
    ----------
    *texts : str
        As of :class:`Words`: what was asked and found, figures and meaning.
    year : int, optional
        Default: that of the question.
    has_owners : bool
        Whether it is said that countries are those of owners, where they are.
    """
    net = question.net
    mostly = weightiest(net, question.year if year is None else year)
    source = source_of(net, proof.digest, proof.versions, mostly=mostly)
    asked, found, figures, meaning = map(plain, texts)
    if has_owners and question.lens == "control":
        meaning += " Countries are the owners'."
    return Words(asked, found, figures, meaning, source, proof.digest)


def without(question: Question) -> str:
    """Return what a question is asked without, as it stands behind a name; empty for nothing.

    Examples
    --------
    >>> import supplynet as sn
    >>> without(sn.coverage(sn.load("tutorial"), to="MLT", avoid="ISL").question)
    ' without Iceland'
    """
    return f" without {question.avoid_name}" if question.avoid else ""


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


def tier_entries(tiers: Iterable[str]) -> list[Entry]:
    """Return the entries of tiers that are stacked, each with what it adds to the one before."""
    entries: list[Entry] = []
    for tier in tiers:
        look, lead = RIBBONS[tier_class(tier)], "+ " if entries else ""
        entries.append(
            Entry(f"{lead}{tier}", look.fill, look.outline, opacity=look.opacity, width=0.6)
        )
    return entries


def legend_line(size: Size) -> float:
    """Height of a line of a legend."""
    return 1.65 * size.legend


def legend_lines(entries: Sequence[Entry], size: Size) -> int:
    """Return how many lines a legend takes."""
    return len(legend_rows(entries, size))


def swatch(entry: Entry, size: Size) -> float:
    """Return the width of the swatch of an entry, points; 0 for one without."""
    own = _SWATCH * size.legend / 9.35 if entry.fill or entry.stroke else 0.0
    return entry.wide or own


def key_gap(size: Size) -> float:
    """Return the room between two entries of a legend, points."""
    return min(_BETWEEN, 1.3 * size.legend)


def legend_rows(entries: Sequence[Entry], size: Size) -> list[list[Entry]]:
    """Return the entries of a legend line by line, as many as fit into each, none cut."""
    rows: list[list[Entry]] = []
    room = size.width - 2 * size.margin
    x = 0.0
    for entry in entries:
        wide = swatch(entry, size)
        before = wide + KEY_GAP if wide else 0.0
        total = before + text_width(entry.text, size.legend)
        if not rows or x + total > room:
            rows.append([])
            x = 0.0
        rows[-1].append(replace(entry, text=fit(entry.text, size.legend, room - x - before)))
        x += total + key_gap(size)
    return rows


def legend(
    rows: Iterable[Sequence[Entry]], size: Size, y: float
) -> tuple[list[Shape], list[Label]]:
    """Return the swatches and words of the lines of a legend from a height on."""
    letters, shapes, labels = size.legend, list[Shape](), list[Label]()
    for down, row in enumerate(rows):
        x, middle = size.margin, y + (down + 0.5) * legend_line(size)
        for entry in row:
            wide = swatch(entry, size)
            if entry.draw:
                shapes += entry.draw(x, middle)
            elif wide:
                shapes.append(_shape(entry, f"legend-{len(labels)}", (x, middle), wide, letters))
            words = x + (wide + KEY_GAP if wide else 0.0)
            labels.append(Label(entry.text, words, middle, letters, INK, role="legend"))
            x = words + text_width(entry.text, letters) + key_gap(size)
    return shapes, labels


def _shape(entry: Entry, name: str, at: tuple[float, float], wide: float, letters: float) -> Shape:
    (x, y), tall = at, 0.95 * letters
    outline = rectangle(x, y - tall / 2, wide, tall)
    if entry.is_line:
        outline = polyline(((x, y), (x + wide, y)))
    return Shape(
        name,
        outline,
        "legend",
        fill=entry.fill,
        stroke=entry.stroke,
        width=entry.width if entry.stroke else 0.0,
        dash=entry.dash,
        opacity=entry.opacity,
        layer="above",
    )
