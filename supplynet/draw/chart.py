"""A chart on axes of matplotlib: the words around it, rows and marks of its axes, its legend."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Affine2D, Transform

from supplynet.draw.mpl import Picture, Shown, drawable, fonts, our_settings
from supplynet.draw.sheet import (
    KEY_GAP,
    Entry,
    Frame,
    Words,
    frame,
    key_gap,
    legend_rows,
    swatch,
)
from supplynet.draw.style import FAINT, INK, MUTED, PAPER, Size
from supplynet.draw.words import ELLIPSIS, text_width, wrap
from supplynet.text import plain

#: height of a line of a name of several over the size of its letters, and lines at the most
TIGHT, _MOST_LINES = 1.15, 4
#: points between an axis and its names, and between a mark and the words behind it
PAD, GAP = 6.0, 5.0
#: the same of a text of matplotlib
_LINES = TIGHT / 1.16
#: how a target and central figures are drawn
DASHED = (4.0, 2.5)
#: part of a row that its bars fill, one and several
_ALONE, _SEVERAL = 0.62, 0.84

Look = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """What a row has between two figures: a bar, a whisker, a dot, or an upright line.

    ``kind`` is the function of :class:`Chart` that draws it.
    """

    kind: str
    name: str
    span: tuple[float, float]
    color: str = INK
    look: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a chart: its name and shorter ones, its parts, and the words behind them."""

    names: Sequence[str]
    parts: Sequence[Part] = ()
    text: str = ""
    is_bold: bool = False
    also: Sequence[Row] = ()  #: further bars with words of their own, without names
    order: Any = 0  #: by which the rows that have room are sorted


@dataclass(frozen=True, slots=True)
class Scale:
    """What the rows of a chart are measured by."""

    marks: Sequence[float]
    text: Callable[[float], str]
    title: str = ""
    ends: tuple[float, float] | None = None  #: default: 0 and the last mark
    has_grid: bool = True
    heading: str = ""  #: what the names of rows are


class Chart(Picture):
    """A chart in the frame of its words; lengths are points, from the upper left corner.

    Parameters
    ----------
    words : Words
    size : Size
    entries : sequence of Entry
        Of its legend.
    what : str
        What is drawn, in a sentence.
    rows : int
        How many rows it has: a canvas whose height nobody asked for ends where they do.
    head, foot : float
        What lies above and below the rows, over the size of letters.
    most, pace : float
        Height of a row over the size of its letters: at most, and below which these are smaller.
    """

    def __init__(
        self,
        words: Words,
        size: Size,
        entries: Sequence[Entry] = (),
        *,
        what: str = "",
        rows: int = 0,
        head: float = 0.0,
        foot: float = 3.5,
        most: float = 6.0,
        pace: float = 1.5,
    ) -> None:
        around, self.letters = frame(words, size, entries), size.row
        if rows:
            self.letters, self.pitch, empty = _layout(around, rows, head + foot, most, pace)
            if size.is_free:
                size = replace(size, height=size.height - empty)
                around = frame(words, size, entries)
        description = plain(f"{what} {words.figures} {words.meaning}")
        super().__init__(size, words.message, description, words.digest)
        self.size, self.small = size, max(0.9 * self.letters, min(self.letters, size.least))
        self.top, self.bottom = around.top + head * size.label, around.bottom
        down = Affine2D().scale(1 / 72, -1 / 72).translate(0, size.height / 72)
        self.points = down + self.dpi_scale_trans
        for label in around.labels:
            self.write(
                label.text,
                label.x,
                label.y,
                label.size,
                label.color,
                weight="bold" if label.is_bold else "normal",
                gid=label.role,
            )
        self._legend(entries)

    def _legend(self, entries: Sequence[Entry]) -> None:
        """Add a legend a line: in one its entries would stand in columns, which want more room."""
        size, letters = self.size, self.size.legend
        for down, row in enumerate(legend_rows(entries, size)):
            y = self.bottom + 4 + (down + 0.5) * 1.65 * letters
            wide = swatch(row[0], size)
            self.legend(
                [self._handle(entry) for entry in row],
                [entry.text for entry in row],
                ncols=len(row),
                loc="center left",
                bbox_to_anchor=(size.margin / size.width, 1 - y / size.height),
                frameon=False,
                borderpad=0.0,
                borderaxespad=0.0,
                handlelength=wide / letters,
                handletextpad=KEY_GAP / letters if wide else 0.0,
                columnspacing=key_gap(size) / letters,
                fontsize=letters,
                labelcolor=self.color(INK),
            )

    def _handle(self, entry: Entry) -> Artist:
        fill: Any = (self.color(entry.fill), entry.opacity) if entry.fill else "none"
        edge = self.color(entry.stroke) if entry.stroke else "none"
        line: Look = {"linewidth": entry.width, "linestyle": dashes(entry.dash, entry.width)}
        if entry.is_dot:
            return Line2D(
                [],
                [],
                ls="",
                markerfacecolor=fill,
                marker="o",
                markersize=0.9 * self.size.legend,
                markeredgecolor=edge,
                markeredgewidth=entry.width,
            )
        if entry.is_line or not (entry.fill or entry.stroke):
            return Line2D([], [], color=edge, **line)
        return Patch(facecolor=fill, edgecolor=edge, **line)

    def color(self, name: str) -> str:
        """Return the color of a name in the theme of the chart."""
        return self.theme.color(name)

    def write(
        self, text: str, x: float, y: float, size: float, color: str = INK, **look: Any
    ) -> Text:
        """Write on the paper, with the middle of the line at a height."""
        look = {"va": "center_baseline", "fontsize": size, "transform": self.points, **look}
        return self.text(x, y, text, color=self.color(color), **look)

    def room(self, texts: Sequence[str], most: float, *, is_bold: bool = False) -> float:
        """Return the width of the widest of some texts, at most a part of that of the paper."""
        return min(widest(texts, self.letters, is_bold=is_bold), most * self.size.width)

    def field(self, left: float, top: float, right: float, bottom: float) -> Axes:
        """Add axes between four edges."""
        wide, tall = self.size.width, self.size.height
        edges = left / wide, 1 - bottom / tall, (right - left) / wide, (bottom - top) / tall
        axes = self.add_axes(edges, facecolor="none", axisbelow=True)
        axes.spines[:].set_visible(False)
        axes.tick_params(length=0, labelcolor=self.color(MUTED), labelsize=self.small)
        axes.set(xticks=[], yticks=[])
        return axes

    def plot(
        self,
        across: tuple[float, float],
        up: tuple[float, float],
        *,
        left: float = 4.4,
        above: float = 2.4,
        right: float = 4.0,
        below: float = 3.6,
    ) -> Axes:
        """Add axes of figures at their edges, with room around them over the size of letters."""
        size, letters = self.size, self.letters
        axes = self.field(
            size.margin + left * letters,
            self.top + above * letters,
            size.width - size.margin - right * letters,
            self.bottom - below * letters,
        )
        axes.set(xlim=across, ylim=up)
        return axes

    def rows(
        self,
        names: Sequence[Sequence[str]],
        room: float,
        behind: float,
        *,
        edges: tuple[float, float] | None = None,
        n_rows: int = 0,
        ends: tuple[float, float] = (0.0, 1.0),
        bold: Collection[int] = (),
    ) -> Axes:
        """Add axes of rows, 0 at the top, with names left of them, and room for words behind.

        Parameters
        ----------
        names : sequence of sequence of str
            Of each row, the first that leaves it whole, else the last.
        room, behind : float
            Widths of names, and of the words that stand behind marks.
        edges : tuple of float, optional
            Left edge of the names, and right edge of the words behind.
        n_rows : int
            How many rows the field has room for; default: as many as names.
        ends : tuple of float
            Figures at the left and right edge of the field.
        bold : collection of int
            Rows whose names stand out.
        """
        first, last = edges or (self.size.margin, self.size.width - self.size.margin)
        n = max(n_rows or len(names), 1)
        left, right = first + room + PAD, last - behind - GAP - 2
        axes = self.field(left, self.top, right, self.top + n * self.pitch)
        axes.set(xlim=ends, ylim=(n - 0.5, -0.5))
        box, fitted = (room, self.pitch, self.size.least), []
        for at, tries in enumerate(names):
            texts = [name for name in tries if is_whole(name, self.letters, *box)]
            name = [*texts, tries[-1]][0]
            fitted.append(name_lines(name, self.letters, *box, is_bold=at in bold))
        axes.set_yticks(range(len(names)), [drawable("\n".join(lines)) for lines, _ in fitted])
        axes.tick_params(axis="y", pad=PAD)
        for at, (label, (_, size)) in enumerate(zip(axes.get_yticklabels(), fitted, strict=True)):
            label.set(
                fontsize=size,
                color=self.color(INK),
                weight="bold" if at in bold else "normal",
                linespacing=_LINES,
            )
        return axes

    def across(
        self,
        axes: Axes,
        at: Sequence[float],
        text: Callable[[float], str],
        title: str = "",
        *,
        has_grid: bool = True,
    ) -> None:
        """Mark figures below axes, as many as have room, with lines up through them."""
        wide = widest([text(value) for value in at], self.small) + 0.5 * self.small
        at = _thinned(at, wide, lambda value: self.at(axes, value))
        axes.set_xticks(at, [drawable(text(value)) for value in at])
        axes.tick_params(axis="x", pad=0.65 * self.letters)
        pad = 0.4 * self.letters
        axes.set_xlabel(title, labelpad=pad, color=self.color(MUTED), fontsize=self.small)
        if has_grid:
            self._grid(axes, "x", "left", has_edge=at[0] == axes.get_xlim()[0])

    def up(
        self,
        axes: Axes,
        at: Sequence[float],
        text: Callable[[float], str],
        title: str = "",
        rise: float = 1.1,
    ) -> None:
        """Mark figures left of axes, with lines across them, and say above what they are."""
        tall = axes.get_position().height * self.size.height
        at = _thinned(at, 1.3 * self.small, lambda value: tall * value / axes.get_ylim()[1])
        axes.set_yticks(at, [drawable(text(value)) for value in at])
        axes.tick_params(axis="y", pad=GAP)
        self._head(axes, title, 0.0, rise)
        self._grid(axes, "y", "bottom", has_edge=at[0] == axes.get_ylim()[0])

    def _head(self, axes: Axes, title: str, left: float, rise: float) -> None:
        """Say above axes what their upright axis is of."""
        look: Look = {"ha": "left", "va": "center_baseline", "fontsize": self.small}
        axes.set_ylabel(title, color=self.color(MUTED), rotation=0, **look)
        tall = axes.get_position().height * self.size.height
        axes.yaxis.set_label_coords(left, 1.0 + rise * self.letters / tall)

    def _grid(self, axes: Axes, axis: Any, spine: str, *, has_edge: bool) -> None:
        axes.grid(axis=axis, color=self.color(FAINT), linewidth=0.6, clip_on=False)
        if has_edge:
            axes.spines[spine].set(visible=True, color=self.color(MUTED), linewidth=0.8)

    def at(self, axes: Axes, x: float) -> float:
        """Return where a figure stands from left to right."""
        return float(self.points.inverted().transform(axes.transData.transform((x, 0.0)))[0])

    def across_at(self, there: Transform, x: float) -> float:
        """Return what stands so many points from the left, as data or axes count."""
        return float(there.inverted().transform(self.points.transform((x, 0.0)))[0])

    def put(self, axes: Axes, row: Row, at: float, until: float, *, is_behind: bool) -> None:
        """Draw the parts of a row and the words behind them, or behind the field."""
        members = (row, *row.also)
        most = _SEVERAL / len(members) if row.also else _ALONE
        tall = min(most, 1.7 * self.letters / self.pitch)
        for count, member in enumerate(members):
            y = at + (count - (len(members) - 1) / 2) * tall
            for part in member.parts:
                thick = {"tall": (0.88 if row.also else 1.0) * tall, **part.look}
                getattr(self, part.kind)(axes, part.name, part.span, y, part.color, **thick)
            ends = [part.span[1] for part in member.parts if part.kind != "upright"]
            end = max(ends, default=axes.get_xlim()[0]) if is_behind else axes.get_xlim()[1]
            dots = [part.span[1] for part in member.parts if part.kind == "dot"]
            off = 0.24 * tall * self.pitch * (end in dots)
            letters = min(self.letters, tall * self.pitch) if row.also else self.letters
            look: Look = {}
            if row.is_bold and not row.names[0]:  # a heading, which has the names' room, too
                end = self.across_at(axes.transData, self.size.margin - GAP)
                look = {"weight": "bold"}
            pitch = tall * self.pitch if row.also else self.pitch
            look |= {"fontsize": letters, "right": GAP + off * is_behind, "has_halo": is_behind}
            self.beside(axes, member.text, (end, y), until=until, pitch=pitch, **look)

    def bar(
        self, axes: Axes, name: str, span: tuple[float, float], y: float, fill: str, **look: Any
    ) -> None:
        """Draw a bar from figure to figure, and say what it is."""
        edge = self.color(look.pop("edge", "")) or "none"
        face = self.color(fill), look.pop("opacity", 0.9)
        shown, look = _parted({"role": "bar", "linewidth": 0.6, "edgecolor": edge, **look})
        draw = axes.bar if look.pop("is_upright", False) else axes.barh
        (bar,) = draw(y, span[1] - span[0], look.pop("tall"), span[0], facecolor=face, **look)
        self.tell(bar, name, **shown)

    def whisker(
        self, axes: Axes, name: str, span: tuple[float, float], y: float, color: str, **look: Any
    ) -> None:
        """Draw the data range of a bar: a line with ends."""
        cap = 0.44 * look.pop("tall") * self.pitch
        ends: Look = {"marker": "|", "markersize": cap, "markeredgewidth": 1.2, "zorder": 5}
        self.line(axes, name, span, (y, y), color, **{"width": 1.2, "role": "mark", **ends, **look})

    def upright(
        self, axes: Axes, name: str, span: tuple[float, float], y: float, color: str, **look: Any
    ) -> None:
        """Draw a line through all rows, or from so many rows above on."""
        del look["tall"]
        up = look.pop("up", 0)
        self.line(axes, name, span, (y - up, y) if up else axes.get_ylim(), color, **look)

    def line(self, axes: Axes, name: str, xs: Any, ys: Any, color: str, **look: Any) -> None:
        """Draw a line, and say what it is."""
        shown, look = _parted({"role": "curve", "width": 2.0, "dash": (), **look})
        width = look.pop("width")
        look = {"linestyle": dashes(look.pop("dash"), width), "linewidth": width, **look}
        look |= {"solid_capstyle": "butt", "dash_capstyle": "butt", "clip_on": False}
        (line,) = axes.plot(xs, ys, color=self.color(color), **look)
        self.tell(line, name, **shown)

    def dot(
        self, axes: Axes, name: str, span: tuple[float, float], y: float, color: str, **look: Any
    ) -> None:
        """Draw a hollow dot above bars and lines, and say what it is."""
        wide = 0.48 * look.pop("tall") * self.pitch
        dot: Look = {"marker": "o", "markersize": wide, "markerfacecolor": self.color(PAPER)}
        dot |= {"role": "dot", "zorder": 5, "markeredgewidth": 1.4, "linestyle": ""}
        self.line(axes, name, span[:1], [y], color, **{**dot, **look})

    def beside(
        self,
        axes: Axes,
        text: str,
        at: tuple[float, float],
        *,
        right: float = GAP,
        down: float = 0.0,
        color: str = INK,
        has_halo: bool = True,
        until: float = 0.0,
        pitch: float = 0.0,
        **look: Any,
    ) -> None:
        """Write beside a point of axes, so many points off it; in lines if it ends at an edge."""
        letters = look.pop("fontsize", self.letters)
        if until:
            room = until - self.at(axes, at[0]) - right
            lines, letters = name_lines(text, letters, room, pitch, self.size.least)
            text = "\n".join(lines)
        paper: Look = {"facecolor": (self.color(PAPER), 0.94), "edgecolor": "none", "pad": 0.6}
        va = "center" if "\n" in text else "center_baseline"
        look = {"va": va, "linespacing": _LINES, "zorder": 6, "annotation_clip": False, **look}
        look |= {"fontsize": letters, "color": self.color(color)}
        look["bbox"] = paper if has_halo else None
        axes.annotate(text, at, (right, -down), textcoords="offset points", **look)

    def tell(self, artist: Artist, name: str, **shown: Any) -> None:
        """Keep what a part is, what is said of it on pointing at it, and its tonnes."""
        artist.set_gid(name)
        self.shown[name] = Shown(**shown)

    def finish(self) -> None:
        """Set all words in the letters of the chart, as words: no name is mathematics."""
        files = fonts(self.size.font)
        for text in self.findobj(Text):
            file = files[text.get_fontweight() == "bold"]
            size = text.get_fontsize()
            text.set(fontproperties=FontProperties(fname=file, size=size), parse_math=False)
            text.set(text=drawable(text.get_text(), file))


def _layout(
    around: Frame, rows: int, beside: float, most: float, pace: float
) -> tuple[float, float, float]:
    """Return the size of letters of rows, their height, and what they leave empty."""
    size = around.size
    room = around.bottom - around.top - beside * size.label
    letters = size.letters(room / (pace * rows))
    pitch = min(room / rows, most * letters)
    return letters, pitch, room - rows * pitch


@contextmanager
def chart(*args: Any, **words: Any) -> Iterator[Chart]:
    """Draw a :class:`Chart` in our settings, whatever the caller or the machine has set."""
    with our_settings():
        picture = Chart(*args, **words)
        yield picture
        picture.finish()


def row_chart(
    words: Words | Callable[[int], Words],
    size: Size,
    entries: Sequence[Entry],
    rows: Sequence[Row],
    scale: Scale,
    *,
    what: str,
    room: float = 0.4,
    behind: float = 0.3,
    is_behind: bool = True,
    most: float = 6.0,
    pace: float = 1.5,
    foot: float = 3.5,
) -> Chart:
    """Draw rows of bars, whiskers and dots with their names, and words behind them.

    Parameters
    ----------
    words : Words or callable
        Around the chart; of so many rows, where those that cannot be read are left out.
    room, behind : float
        Parts of the width that names, and words behind rows, may take.
    is_behind : bool
        Whether words stand behind the parts of their row, and not at the right edge.
    most, pace, foot : float
        As in :class:`Chart`.
    """
    head = 1.6 * bool(scale.heading)
    layout: dict[str, float] = {"head": head, "foot": foot, "most": most, "pace": pace}
    if callable(words):
        n = _n_read(words, size, entries, rows, (room, behind), head + foot, most)
        rows, words = sorted(rows[:n], key=lambda row: row.order), words(n)
    with chart(words, size, entries, what=what, rows=len(rows), **layout) as picture:
        wide = picture.room([row.names[0] for row in rows], room, is_bold=True)
        texts = [member.text for row in rows for member in (row, *row.also) if row.names[0]]
        beside = picture.room(texts, behind)
        bold = [at for at, row in enumerate(rows) if row.is_bold]
        ends = scale.ends or (0.0, scale.marks[-1])
        axes = picture.rows([row.names for row in rows], wide, beside, ends=ends, bold=bold)
        picture.across(axes, scale.marks, scale.text, scale.title, has_grid=scale.has_grid)
        picture._head(axes, scale.heading, picture.across_at(axes.transAxes, size.margin), 0.8)
        for at, row in enumerate(rows):
            picture.put(axes, row, at, size.width - size.margin, is_behind=is_behind)
    return picture


def _n_read(
    words: Callable[[int], Words],
    size: Size,
    entries: Sequence[Entry],
    rows: Sequence[Row],
    parts: tuple[float, float],
    beside: float,
    most: float,
) -> int:
    """Return how many of some rows have room for their words, the first ones first."""
    room, behind = (part * size.width for part in parts)
    for n in range(len(rows), 1, -1):
        letters, pitch, _ = _layout(frame(words(n), size, entries), n, beside, most, 1.5)
        if pitch >= TIGHT * letters and all(
            is_whole(row.names[-1], letters, room - 10, pitch, size.least)
            and is_whole(row.text, letters, behind, pitch, size.least)
            for row in rows[:n]
        ):
            return n
    return 1


def _parted(look: Look) -> tuple[Look, Look]:
    """Return what is kept of a part, and how it looks."""
    kept: Look = {key: look.pop(key) for key in ("role", "hover", "tonnes") if key in look}
    return kept, look


def _thinned(at: Sequence[float], wide: float, place: Callable[[float], float]) -> list[float]:
    """Return as many marks as have room if each takes so much, with the last if it can be."""
    tries = []
    for step in range(1, max(len(at), 2)):
        marks = [*at[:1]]
        for value in at[::step]:
            if place(value) - place(marks[-1]) >= wide:
                marks.append(value)
        tries.append(marks)
    return max(tries, key=lambda marks: len(marks) + (marks[-1] == at[-1]))


def dashes(dash: Sequence[float], width: float) -> Any:
    """Return dashes of so many points as matplotlib counts them, in widths of the line."""
    return (0, tuple(length / width for length in dash)) if dash else "solid"


def widest(texts: Sequence[str], letters: float, *, is_bold: bool = False) -> float:
    """Return the width of the widest of some texts, points."""
    return max((text_width(text, letters, is_bold=is_bold) for text in texts), default=0.0)


def fitting(texts: Iterable[str], letters: float, room: float) -> str:
    """Return the first of some texts that has room; nothing where none has."""
    return next((text for text in texts if text_width(text, letters) <= room), "")


def name_lines(
    name: str, letters: float, room: float, pitch: float, least: float, *, is_bold: bool = False
) -> tuple[list[str], float]:
    """Return the name of a row in as many lines as leave it whole, and the size of its letters.

    Parameters
    ----------
    name : str
    letters : float
        Size that is wished for, points.
    room, pitch : float
        Width of the lines and height of the row, points.
    least : float
        Size below which no letter can be read: lines that would need smaller ones are not made.
    is_bold : bool

    Examples
    --------
    >>> name_lines("Metal of toll makers", 14.0, 90.0, 34.0, 12.0)
    (['Metal of toll', 'makers'], 14.0)
    """
    size, lines = letters, [name]
    for limit in range(1, _MOST_LINES + 1):
        high = pitch / (limit * TIGHT)
        if limit > 1 and high < min(letters, least):
            break
        size = min(letters, max(high, least))
        lines = wrap(name, size, room, is_bold=is_bold, limit=limit)
        if not lines[-1].endswith(ELLIPSIS):
            break
    return lines, size


def is_whole(name: str, letters: float, room: float, pitch: float, least: float) -> bool:
    """Return whether the name of a row has room, in bold letters too."""
    lines, _ = name_lines(name, letters, room, pitch, least, is_bold=True)
    return not lines[-1].endswith(ELLIPSIS)


def percent(value: float) -> str:
    """Return the figure of a tick as exact as it is.

    Examples
    --------
    >>> percent(0.0075), percent(0.25)
    ('0.75%', '25%')
    """
    return f"{100 * value:.4g}%"


def whole(value: float) -> str:
    """Return a figure without its decimals, as a year is written."""
    return f"{value:.0f}"


def ticks(high: float, most: int = 5) -> list[float]:
    """Return round figures from 0 to the first at or above a figure.

    Examples
    --------
    >>> ticks(870)
    [0.0, 200.0, 400.0, 600.0, 800.0, 1000.0]
    """
    steps = MaxNLocator(most, steps=[1, 2, 2.5, 5, 10])
    return [tick for tick in map(float, steps.tick_values(0.0, high or 1.0)) if tick >= 0]
