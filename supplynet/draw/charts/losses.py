"""A ranking of losses as bars: what each costs of the coverage of the need, a panel a lens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from supplynet.analysis.balance.disrupt import DisruptionResult
from supplynet.analysis.balance.summary import CONTESTED
from supplynet.analysis.flow.attackable import left_out
from supplynet.analysis.flow.chokepoints import ChokepointResult
from supplynet.draw.charts.plot import Plot, columns_of, rows_between, ticks
from supplynet.draw.scene import Label, Scene, Shape, rectangle
from supplynet.draw.sheet import (
    LINE,
    Entry,
    Frame,
    Words,
    chart,
    frame,
    legend_lines,
    source_of,
    weightiest,
)
from supplynet.draw.style import ACCENT, INK, MUTED, SECOND, Size, find_size
from supplynet.draw.words import ELLIPSIS, fit, plain, short, spelled, text_width, wrap
from supplynet.errors import OptionError
from supplynet.network.schema import UNKNOWN
from supplynet.terms import LENSES, LOSSES
from supplynet.text import integer, share, tonnes

Ranking = ChokepointResult | DisruptionResult

_COLORS = (ACCENT, SECOND)
#: bars on a canvas that is low, and on one that is at least as tall as a page on its side
_MOST, _MOST_ON_A_PAGE, _PAGE = 10, 14, 595.0
#: width below which panels lie one above the other, points, bars of each there, and what its
#: heading and its axis take, in rows
_NARROW, _MOST_STACKED, _HEAD_ROWS = 400.0, 6, 4
#: share of the need below which a loss costs none of its coverage
_LEAST = 1e-9
#: points that a bar is long at least, so that the smallest loss is seen
_THINNEST = 0.6


@dataclass(frozen=True, slots=True)
class _Loss:
    """What one loss costs: of the need, or in tonnes where no need is known.

    Parameters
    ----------
    name : str
    size : float
        Length of the bar.
    text : str
        Behind it.
    hover : str
    """

    name: str
    size: float
    text: str
    hover: str


@dataclass(frozen=True, slots=True)
class _Panel:
    """The losses by one lens.

    Parameters
    ----------
    heading, color : str
    losses : tuple of _Loss
    n_others : int
        Losses that are not drawn.
    """

    heading: str
    color: str
    losses: tuple[_Loss, ...]
    n_others: int


def losses_scene(
    result: Ranking,
    *,
    beside: Ranking | None = None,
    top: int | None = None,
    size: str | Size = "slide",
) -> Scene:
    """Lay out a ranking; parameters are those of :func:`supplynet.draw.losses`."""
    paper = find_size(size)
    results = [result] if beside is None else [result, beside]
    _require(results)
    if top is not None and (isinstance(top, bool) or top < 1):
        raise OptionError(f"top must be a whole number from 1 on, not {top!r}")
    is_stacked = paper.width < _NARROW and beside is not None
    most = top or (_MOST_ON_A_PAGE if paper.height >= _PAGE else _MOST)
    if is_stacked and top is None:
        most = _MOST_STACKED
    panels = [_panel(one, most, _COLORS[place]) for place, one in enumerate(results)]
    words = _words(results)
    others = sum(panel.n_others for panel in panels)
    entries = [Entry(f"{integer(others)} more cost less")] if others else []
    around = frame(words, paper, n_legend=legend_lines(entries, paper) if entries else 0)
    shapes: list[Shape] = []
    labels: list[Label] = [*around.labels]
    fields = _fields(panels, around, paper)
    every = [loss for panel in panels for loss in panel.losses]
    # One scale for both panels: bars of the two lenses are there to be compared.
    marks = ticks(max((loss.size for loss in every), default=1.0), 4)
    most_rows = max(len(panel.losses) for panel in panels)
    for place, panel in enumerate(panels):
        n_rows = len(panel.losses) if is_stacked else most_rows
        drawn, told = _drawn(
            panel, results[place], place, fields[place], marks, paper, every, n_rows
        )
        shapes += drawn
        labels += told
    if not any(panel.losses for panel in panels):
        labels.append(
            Label(
                fit(_nothing(results[0]), paper.heading, paper.width),
                paper.width / 2,
                around.top + (5.0 if panels[0].heading else 3.0) * paper.label,
                paper.heading,
                INK,
                anchor="middle",
                is_bold=True,
                role="note",
            )
        )
    names = [loss.name for loss in panels[0].losses]
    return chart(
        words,
        paper,
        entries,
        what=f"Bars, longest first: {', '.join(names)}.",
        shapes=shapes,
        labels=labels,
        bottom=around.bottom,
        digest=result.provenance.digest,
    )


def _fields(
    panels: Sequence[_Panel], around: Frame, paper: Size
) -> list[tuple[float, float, float, float]]:
    """Return where panels lie: side by side, or on a narrow canvas one above the other."""
    left, right, gap = paper.margin, paper.width - paper.margin, 1.5 * paper.margin
    if paper.width < _NARROW:
        rows = [len(panel.losses) + _HEAD_ROWS for panel in panels]
        row = (around.bottom - around.top - gap * (len(panels) - 1)) / sum(rows)
        tops = [around.top + sum(rows[:n]) * row + n * gap for n in range(len(panels))]
        return [(left, top, right, top + n * row) for top, n in zip(tops, rows, strict=True)]
    wide = (right - left - gap * (len(panels) - 1)) / len(panels)
    lefts = [left + place * (wide + gap) for place in range(len(panels))]
    return [(one, around.top, one + wide, around.bottom) for one in lefts]


def _drawn(
    panel: _Panel,
    result: Ranking,
    number: int,
    field: tuple[float, float, float, float],
    marks: Sequence[float],
    paper: Size,
    every: Sequence[_Loss],
    n_rows: int,
) -> tuple[list[Shape], list[Label]]:
    """Draw one lens: names, bars, what stands behind them, and the axis with its title."""
    left, top, right, _ = field
    plot, letters, names = _field(panel, field, marks, paper, every, n_rows)
    is_share = _need(result) > 0.0
    step = 2 if (plot.right - plot.left) / len(marks) < 4.2 * letters else 1
    axis = columns_of(
        plot, marks[::step], _points if is_share else tonnes, letters * 0.9, has_grid=True
    )
    labels = [*axis.labels]
    if panel.heading:
        y = top + 0.7 * paper.heading
        heading = fit(panel.heading, paper.heading, right - left, is_bold=True)
        labels.append(Label(heading, left, y, paper.heading, INK, is_bold=True, role="heading"))
    unit = "coverage lost, points of the need" if is_share else f"{result.unit} lost"
    labels.append(
        Label(
            fit(unit, letters * 0.9, right - left),
            min(plot.left, right - text_width(unit, letters * 0.9)),
            plot.bottom + 2.5 * letters,
            letters * 0.9,
            MUTED,
            role="axis",
        )
    )
    shapes: list[Shape] = [*axis.shapes]
    pitch = (plot.bottom - plot.top) / max(n_rows, 1)
    tall = min(0.62 * pitch, 2.2 * letters)
    for place, loss in enumerate(panel.losses):
        y = plot.top + (place + 0.5) * pitch
        # A loss that is told must be seen.
        end = max(plot.x(loss.size), plot.left + _THINNEST)
        text = fit(loss.text, letters, right - end - 5)
        shapes.append(
            Shape(
                f"bar-{place}-{number}",
                rectangle(plot.left, y - tall / 2, end - plot.left, tall),
                "bar",
                fill=panel.color,
                opacity=0.9,
                hover=(loss.hover,),
            )
        )
        labels += _name(loss, plot, y, letters, names)
        labels.append(Label(text, end + 5, y, letters, INK, has_halo=True))
    return shapes, labels


def _field(
    panel: _Panel,
    field: tuple[float, float, float, float],
    marks: Sequence[float],
    paper: Size,
    every: Sequence[_Loss],
    n_rows: int,
) -> tuple[Plot, float, float]:
    """Return where bars of a panel lie, the size of letters, and the room for names."""
    left, top, right, bottom = field
    head = 1.9 * paper.heading if panel.heading else 0.0
    foot = 3.6 * paper.label
    letters = paper.letters((bottom - top - head - foot) / (max(n_rows, 1) * 1.5))
    widest = max((text_width(loss.name, letters) for loss in every), default=0.0)
    names = min(max(widest, 6 * letters), 0.36 * (right - left))
    behind = max((text_width(loss.text, letters) for loss in every), default=0.0)
    behind = min(behind, 0.4 * (right - left)) + 8
    pitch = rows_between(top + head, bottom - foot, n_rows, 6.0 * letters)
    plot = Plot(
        left + names + 6,
        top + head,
        right - behind,
        top + head + max(n_rows, 1) * pitch,
        0.0,
        marks[-1],
        0.0,
        1.0,
    )
    return plot, letters, names


def _name(loss: _Loss, plot: Plot, middle: float, letters: float, room: float) -> list[Label]:
    """Write what is lost beside its bar, in lines where one does not hold it."""
    name = short(loss.name, letters, room)
    lines = [name] if not name.endswith(ELLIPSIS) else wrap(loss.name, letters, room)
    labels = []
    for down, text in enumerate(lines):
        y = middle + (down - (len(lines) - 1) / 2) * LINE * letters
        labels.append(Label(text, plot.left - 6, y, letters, INK, anchor="right"))
    return labels


def _points(value: float) -> str:
    """Return percentage points without their unit, which the title of the axis names."""
    return f"{100 * value:.3g}"


# -- figures -------------------------------------------------------------------------------


def _require(results: Sequence[Ranking]) -> None:
    for one in results:
        if not isinstance(one, ChokepointResult | DisruptionResult):
            raise OptionError(
                f"a picture of losses needs the result of chokepoints or disrupt, not {type(one)}"
            )
    first, last = results[0], results[-1]
    if type(first) is not type(last):
        raise OptionError("a potential and a contested loss do not stand side by side")
    same = [(one.by, one.unit, one.question.year, getattr(one, "model", "")) for one in results]
    if same[0] != same[-1]:
        raise OptionError(
            "the rankings are not about the same",
            hint="ask both by the same model, for one element and year",
        )


def _need(result: Ranking) -> float:
    """Return what is needed, per year; 0 where that is not known."""
    if isinstance(result, ChokepointResult):
        return result.demand.value
    return result.demand or 0.0


def _whole(result: Ranking) -> float:
    return result.value if isinstance(result, ChokepointResult) else result.served


def _covered(result: Ranking, value: float) -> float:
    """Share of the need that some tonnes cover: what is beyond it covers nothing."""
    need = _need(result)
    return min(max(value, 0.0), need) / need


def _panel(result: Ranking, most: int, color: str) -> _Panel:
    losses = [loss for row in result.rows if (loss := _loss(result, row.name, row.loss)).size]
    losses.sort(key=lambda loss: (-loss.size, loss.name))
    by_country = LOSSES[result.by].may_be_several
    heading = f"By {LENSES[result.question.lens].phrase}" if by_country else ""
    if heading and _need(result):
        heading += f": {share(_covered(result, _whole(result)))} covered"
    return _Panel(heading, color, tuple(losses[:most]), len(losses[most:]))


def _loss(result: Ranking, name: str, loss: float) -> _Loss:
    whole = _whole(result)
    shown = "Owner unknown" if name == UNKNOWN else plain(name)
    part = f"{share(loss / whole)} of what could arrive" if whole else ""
    gone = f"{tonnes(loss)} {result.unit} less"
    if not _need(result):
        text = f"{tonnes(loss)} ({share(loss / whole)})" if whole else tonnes(loss)
        return _Loss(shown, loss, text, f"{shown}: {gone}, {part}")
    before, after = _covered(result, whole), _covered(result, whole - loss)
    # What is lost above the need costs no coverage, however many tonnes it is.
    lost = before - after if before - after > _LEAST else 0.0
    points = _points(float(f"{lost:.2g}"))
    text = f"{points} point{'' if points == '1' else 's'}, {share(after)} left"
    return _Loss(shown, lost, text, f"{shown}: {share(before)} to {share(after)} covered, {gone}")


def _nothing(result: Ranking) -> str:
    if _need(result) and _whole(result) > 0.0:
        return f"No single loss leaves less than {share(_covered(result, _whole(result)))} covered"
    return "No single loss costs anything"


def _words(results: Sequence[Ranking]) -> Words:
    first = results[0]
    asked = first.question
    proof = first.provenance
    without = f" without {asked.avoid_name}" if asked.avoid else ""
    need = _need(first)
    whole, last = tonnes(_whole(first)), tonnes(_whole(results[-1]))
    of_need = f" of the {tonnes(need)} {first.unit} needed" if need else f" {first.unit}"
    if last != whole:  # lenses shut different plants
        phrase = LENSES[results[-1].question.lens].phrase
        of_need += f" ({last} if {asked.avoid_name} is shut by {phrase})"
    if isinstance(first, ChokepointResult):
        head = f"{asked.to_name}{without}, {spelled(first.element)}, {asked.year}:"
        how = "by the balance" if first.model == "balance" else "as a maximum flow"
        figures = (
            f"With everything in place at most {whole}{of_need}, {how}, if {asked.to_name} alone "
            "drew on the network"
        )
    else:
        head = f"All nations{without}, {asked.year}:"
        figures = f"Contested, {CONTESTED}: {whole}{of_need} served with everything in place"
    nothing = _nothing(first)
    found = f"{nothing[:1].lower()}{nothing[1:]}"
    ranked = [
        (loss.size, place, row.name, row.loss)
        for place, one in enumerate(results)
        for row in one.rows
        if (loss := _loss(one, row.name, row.loss)).size
    ]
    if ranked:
        _, place, name, lost = min(ranked, key=lambda row: (-row[0], row[1], row[2]))
        worst = results[place]
        top = _whole(worst)
        lens = f", by {LENSES[worst.question.lens].phrase}," if len(results) > 1 else ""
        if need:
            ends = share(_covered(worst, top)), share(_covered(worst, top - lost))
            found = f"without {name}{lens} coverage falls most, from {ends[0]} to {ends[1]}"
        else:
            found = f"most is lost without {name}{lens}, {tonnes(lost)} t"
    return Words(
        plain(head),
        plain(found),
        plain(figures),
        plain(
            f"Exact loss of each alone, everything else rerouted at best, on {asked.counted}. "
            f"{left_out(asked.net, first.by)}"
        ),
        source_of(
            asked.net, proof.digest, proof.versions, mostly=weightiest(asked.net, asked.year)
        ),
    )
