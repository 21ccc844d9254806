"""A ranking of losses as bars: what each costs of the coverage of demand, a panel a lens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from supplynet.analysis.balance.outcome import CONTESTED
from supplynet.analysis.losses import left_out
from supplynet.draw.charts.plot import (
    Drawing,
    is_whole,
    plot_of_rows,
    ticks,
    with_columns,
    with_names,
)
from supplynet.draw.figure import picture
from supplynet.draw.scene import Label, Plot, Scene
from supplynet.draw.sheet import Entry, Frame, Words, words_of
from supplynet.draw.style import ACCENT, INK, MUTED, SECOND, Size, find_size
from supplynet.draw.words import bare, fit, spelled, text_width
from supplynet.errors import OptionError
from supplynet.network.countries import brief_name
from supplynet.network.schema import UNKNOWN
from supplynet.questions.chokepoints import Chokepoint, ChokepointResult
from supplynet.questions.disrupt import Disruption, DisruptionResult
from supplynet.terms import LENSES, LOSSES
from supplynet.text import between, integer, listing, plain, share, tonnes

Ranking = ChokepointResult | DisruptionResult

#: share of demand below which a loss costs none of its coverage
_LEAST = 1e-9
#: nations whose own plants are reported to be left out by name
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Loss:
    """What one loss costs: of demand, or in tonnes where no demand is known.

    Parameters
    ----------
    name, brief : str
        What is lost, and a shorter name of it, if it has one.
    size : float
        Length of the bar.
    text : str
        Behind it.
    hover : str
    tonnes : float
        t/yr that no longer arrive.
    span : tuple of (float, float) or None
        Ends of its length with every figure at its low and at its high end.
    tonnes_span : tuple of (float, float) or None
        The same in t/yr.
    """

    name: str
    brief: str
    size: float
    text: str
    hover: str
    tonnes: float
    span: tuple[float, float] | None = None
    tonnes_span: tuple[float, float] | None = None

    @property
    def reach(self) -> float:
        """How far bar and range reach."""
        return max(self.size, *(self.span or (0.0,)))


@dataclass(frozen=True, slots=True)
class Panel:
    """The losses by one lens.

    Parameters
    ----------
    heading, color : str
    losses : tuple of Loss
    n_others : int
        Losses that are not drawn.
    """

    heading: str
    color: str
    losses: tuple[Loss, ...]
    n_others: int


def points(value: float) -> str:
    """Return percentage points without their unit, which the title of the axis names."""
    return f"{100 * value:.3g}"


def require(results: Sequence[Ranking], *, has_ranges: bool) -> None:
    """Refuse results that do not stand side by side, and ranges of what has none."""
    for result in results:
        if not isinstance(result, ChokepointResult | DisruptionResult):
            raise OptionError(
                "a picture of losses needs the result of chokepoints or disrupt, "
                f"not {type(result)}"
            )
    first, last = results[0], results[-1]
    if type(first) is not type(last):
        raise OptionError("a potential and a contested loss do not stand side by side")
    same = [
        (entry.by, entry.unit, entry.question.year, getattr(entry, "model", ""))
        for entry in results
    ]
    if same[0] != same[-1]:
        raise OptionError(
            "the rankings are not about the same",
            hint="ask both by the same model, for one element and year",
        )

    if has_ranges and not isinstance(first, ChokepointResult):
        raise OptionError(
            "losses of all nations together have no data range",
            hint="those of one nation do: chokepoints",
        )
    if has_ranges and any(need_of(member) and not member.is_up_to_need for member in results):  # type: ignore[union-attr]
        raise OptionError(
            "a data range of coverage needs losses up to demand", hint="ask with count='need'"
        )


def need_of(result: Ranking) -> float:
    """Return what is needed, per year; 0 where that is not known."""
    if isinstance(result, ChokepointResult):
        return result.demand.value
    return result.demand or 0.0


def _whole(result: Ranking) -> float:
    return result.value if isinstance(result, ChokepointResult) else result.served


def _covered(result: Ranking, value: float) -> float:
    """Share of demand that some tonnes cover: what is beyond it covers nothing."""
    need = need_of(result)
    return min(max(value, 0.0), need) / need


def panel_of(result: Ranking, most: int, color: str, *, has_ranges: bool) -> Panel:
    """Return the largest losses of a ranking, with their data ranges where asked for."""
    spans = result.ranges() if has_ranges and isinstance(result, ChokepointResult) else {}
    losses = [loss for row in _rows(result) if (loss := _loss(result, row, spans.get(row.id))).size]
    losses.sort(key=lambda loss: (-loss.size, loss.name))
    by_country = LOSSES[result.by].may_be_several
    heading = f"By {LENSES[result.question.lens].phrase}" if by_country else ""
    if heading and need_of(result):
        heading += f": {share(_covered(result, _whole(result)))} covered"
    return Panel(heading, color, tuple(losses[:most]), len(losses[most:]))


def _own(result: Ranking) -> frozenset[str]:
    """Return the countries that a ranking is of: the loss of its own plants is none of supply."""
    if not (isinstance(result, ChokepointResult) and LOSSES[result.by].is_of_country):
        return frozenset()
    return frozenset(result.question.net.node(target).country for target in result.question.targets)


def _rows(result: Ranking) -> list[Chokepoint | Disruption]:
    """Return the losses that are drawn."""
    own = _own(result)
    return [row for row in result.rows if row.id.partition(":")[0] not in own]


def _loss(
    result: Ranking, row: Chokepoint | Disruption, span: tuple[float, float] | None = None
) -> Loss:
    """Return what a loss costs, with its data range in t/yr if that is known."""
    total, need = _whole(result), need_of(result)
    loss, brief = row.loss, ""
    shown = "Owner unknown" if row.name == UNKNOWN else plain(row.name)
    if LOSSES[result.by].is_of_country and LOSSES[result.by].is_whole and row.name != UNKNOWN:
        brief = plain(brief_name(row.id, result.question.net.commodity.areas))
    piece = f"{share(loss / total)} of what could arrive" if total else ""
    gone = f"{tonnes(loss)} {result.unit} less"
    if span is not None:
        gone += f" (data range {between(*span)})"
    if not need:
        text = f"{tonnes(loss)} ({share(loss / total)})" if total else tonnes(loss)
        return Loss(shown, brief, loss, text, f"{shown}: {gone}, {piece}", loss, span, span)
    before, after = _covered(result, total), _covered(result, total - loss)
    # What is lost above demand costs no coverage, however many tonnes it is.
    lost = before - after if before - after > _LEAST else 0.0
    sentence = points(float(f"{lost:.2g}"))
    text = f"{sentence} point{'' if sentence == '1' else 's'}, {share(after)} left"
    hover = f"{shown}: {share(before)} to {share(after)} covered, {gone}"
    # at either end a loss counts as tonnes of demand as it is, so that all bars have one base
    bounds = None if span is None else (min(span[0] / need, 1.0), min(span[1] / need, 1.0))
    return Loss(shown, brief, lost, text, hover, loss, bounds, span)


def nothing(result: Ranking) -> str:
    """Say that no loss costs anything."""
    if need_of(result) and _whole(result) > 0.0:
        return f"No single loss leaves less than {share(_covered(result, _whole(result)))} covered"
    return "No single loss costs anything"


def about(results: Sequence[Ranking], *, has_ranges: bool = False) -> Words:
    """Return the words around a picture of losses."""
    first = results[0]
    question = first.question
    without = f" without {question.avoid_name}" if question.avoid else ""
    need = need_of(first)
    total, last = tonnes(_whole(first)), tonnes(_whole(results[-1]))
    of_need = f" of the {tonnes(need)} {first.unit} needed" if need else f" {first.unit}"
    if 0 < need < _whole(first):
        of_need = f" {first.unit}, more than the {tonnes(need)} needed"
    if last != total:  # lenses shut different plants
        phrase = LENSES[results[-1].question.lens].phrase
        of_need += f" ({last} if {question.avoid_name} is shut by {phrase})"
    if isinstance(first, ChokepointResult):
        head = f"{question.to_name}{without}, {spelled(first.element)}, {question.year}:"
        how = "by the balance" if first.model == "balance" else "as a maximum flow"
        figures = (
            f"With everything in place at most {total}{of_need}, {how}, for {question.to_name} "
            "with exclusive access"
        )
    else:
        head = f"All nations{without}, {question.year}:"
        figures = f"Contested, {CONTESTED}: {total}{of_need} served with everything in place"
    text = nothing(first)
    match = f"{text[:1].lower()}{text[1:]}"
    ranked = [
        (loss.size, index, row.name, row.loss)
        for index, result in enumerate(results)
        for row in _rows(result)
        if (loss := _loss(result, row)).size
    ]
    own = (
        [question.net.node(target).name for target in sorted(question.targets)]
        if _own(first)
        else []
    )
    notes = [f"Plants in {listing(own)} are not ranked."] if 0 < len(own) <= _NAMED else []
    notes += [] if has_ranges else ["The order is by central figures, without their data range."]
    if ranked:
        _, index, name, lost = min(ranked, key=lambda row: (-row[0], row[1], row[2]))
        worst = results[index]
        top = _whole(worst)
        lens = f", by {LENSES[worst.question.lens].phrase}," if len(results) > 1 else ""
        if need:
            bounds = share(_covered(worst, top)), share(_covered(worst, top - lost))
            match = f"without {name}{lens} coverage falls most, from {bounds[0]} to {bounds[1]}"
        else:
            match = f"most is lost without {name}{lens}, {tonnes(lost)} t"
    return words_of(
        question.net,
        first.provenance,
        question.year,
        head,
        match,
        figures,
        f"Exact loss of each alone, everything else rerouted at best, on {question.counted}. "
        f"{' '.join([left_out(question.net, first.by), *notes])}",
    )


_COLORS = (ACCENT, SECOND)
_RANGE = Entry(
    "data range: every figure at its low and at its high end", stroke=INK, width=1.2, is_line=True
)
#: bars on a canvas that is low, and on one that is at least as tall as a page on its side
_MOST, _MOST_ON_A_PAGE, _PAGE = 10, 14, 595.0
#: width below which panels lie one above the other, points, bars of each there, and what its
#: heading and its axis take, in rows
_NARROW, _MOST_STACKED, _HEAD_ROWS = 400.0, 6, 4
#: points that a bar is long at least, so that the smallest loss is seen
_THINNEST = 0.6


def losses_scene(
    result: Ranking,
    *,
    beside: Ranking | None = None,
    top: int | None = None,
    has_ranges: bool = False,
    size: str | Size = "slide",
    theme: str = "light",
) -> Scene:
    """Draw what losses cost of the coverage as bars, by one lens or side by side by both.

    Parameters
    ----------
    result : ChokepointResult or DisruptionResult
    beside : of the same kind, optional
        By the other lens.
    top : int, optional
        How many are drawn, largest first.
    has_ranges : bool
        Whether each bar has the data range of its loss: everything is solved anew with every
        figure at its low and at its high end. Of the losses of one nation, up to its demand.
    size, theme : str
        As in :func:`layers`.

    Returns
    -------
    Picture, or Scene
        A figure by :func:`losses`, what is laid out in it by :func:`losses_scene`.

    Raises
    ------
    OptionError
        If an option's value is not allowed, or the rankings are not about the same.

    Examples
    --------
    >>> import supplynet as sn
    >>> net = sn.load("tutorial")
    >>> ranked = sn.chokepoints(net, to="MLT", element="Nd", by="country")
    >>> owners = sn.chokepoints(net, to="MLT", element="Nd", by="country", lens="control")
    >>> "bar" in {shape.role for shape in sn.draw.losses(ranked, beside=owners).scene.shapes}
    True
    """
    paper = find_size(size, theme)
    results = [result] if beside is None else [result, beside]
    require(results, has_ranges=has_ranges)
    if top is not None and (isinstance(top, bool) or top < 1):
        raise OptionError(f"top must be a whole number from 1 on, not {top!r}")
    is_stacked = paper.width < _NARROW and beside is not None
    most = top or (_MOST_ON_A_PAGE if paper.height >= _PAGE else _MOST)
    if is_stacked and top is None:
        most = _MOST_STACKED
    panels = [
        panel_of(entry, most, color, has_ranges=has_ranges)
        for entry, color in zip(results, _COLORS, strict=False)
    ]
    others = sum(panel.n_others for panel in panels)
    entries = [_RANGE] if has_ranges else []
    entries += [Entry(f"{integer(others)} more cost less")] if others else []
    canvas = Drawing(about(results, has_ranges=has_ranges), paper, entries)
    fields = _fields(panels, canvas.around, paper)
    every = [loss for panel in panels for loss in panel.losses]
    # One scale for both panels: bars of the two lenses are there to be compared.
    marks = ticks(max((loss.reach for loss in every), default=1.0), 4)
    most_rows = max(len(panel.losses) for panel in panels)
    for index, panel in enumerate(panels):
        n_rows = len(panel.losses) if is_stacked else most_rows
        _draw(canvas, panel, results[index], index, fields[index], marks, every, n_rows)
    if not any(panel.losses for panel in panels):
        text, y = fit(nothing(results[0]), paper.heading, paper.width), canvas.top
        y += (5.0 if panels[0].heading else 3.0) * paper.label
        look: dict[str, Any] = {"anchor": "middle", "is_bold": True, "role": "note"}
        canvas.write(text, paper.width / 2, y, paper.heading, **look)
    names = [loss.name for loss in panels[0].losses]
    return canvas.scene(f"Bars, longest first: {', '.join(names)}.")


losses = picture(losses_scene)


def _fields(
    panels: Sequence[Panel], around: Frame, paper: Size
) -> list[tuple[float, float, float, float]]:
    """Return where panels lie: side by side, or on a narrow canvas one above the other."""
    left, right, gap = paper.margin, paper.width - paper.margin, 1.5 * paper.margin
    if paper.width < _NARROW:
        rows = [len(panel.losses) + _HEAD_ROWS for panel in panels]
        row = (around.bottom - around.top - gap * (len(panels) - 1)) / sum(rows)
        tops = [around.top + sum(rows[:n]) * row + n * gap for n in range(len(panels))]
        return [(left, top, right, top + n * row) for top, n in zip(tops, rows, strict=True)]
    wide = (right - left - gap * (len(panels) - 1)) / len(panels)
    lefts = [left + position * (wide + gap) for position in range(len(panels))]
    return [(value, around.top, value + wide, around.bottom) for value in lefts]


def _draw(
    canvas: Drawing,
    panel: Panel,
    result: Ranking,
    count: int,
    field: tuple[float, float, float, float],
    marks: Sequence[float],
    every: Sequence[Loss],
    n_rows: int,
) -> None:
    """Draw one lens: names, bars, what stands behind them, and the axis with its title."""
    (left, top, right, _), paper = field, canvas.size
    plot, letters, room = _field(panel, field, marks, paper, every, n_rows)
    is_share = need_of(result) > 0.0
    step = 2 if (plot.right - plot.left) / len(marks) < 4.2 * letters else 1
    unit = "coverage lost, points of demand" if is_share else f"{result.unit} lost"
    says = Label(
        fit(unit, letters * 0.9, right - left),
        min(plot.left, right - text_width(unit, letters * 0.9)),
        plot.bottom + 2.5 * letters,
        letters * 0.9,
        MUTED,
        role="axis",
    )
    render = points if is_share else tonnes
    names = [_name(loss, letters, room, plot.pitch, paper) for loss in panel.losses]
    plot = with_columns(plot, marks[::step], render, 0.9 * letters, has_grid=True, title=says)
    plot = with_names(plot, names, letters, room, paper.least)
    if panel.heading:
        heading = fit(panel.heading, paper.heading, right - left, is_bold=True)
        y, look = top + 0.7 * paper.heading, {"is_bold": True, "role": "heading"}
        title = Label(heading, left, y, paper.heading, INK, **look)  # type: ignore[arg-type]
        plot = replace(plot, title=(title,))
    canvas.plots.append(plot)
    tall = min(0.62 * plot.pitch, 2.2 * letters)
    for index, loss in enumerate(panel.losses):
        y = plot.y(index)
        # A loss that is reported must be seen.
        end = max(plot.x(loss.size), plot.left + _THINNEST)
        beyond = max(end, plot.x(loss.reach))
        text = fit(loss.text, letters, right - beyond - 5)
        span, shown = (0.0, loss.size), (loss.tonnes, *(loss.tonnes_span or ()))
        bar = {"least": _THINNEST, "opacity": 0.9, "hover": (loss.hover,), "tonnes": shown}
        canvas.bar(f"bar-{index}-{count}", span, y, tall, panel.color, **bar)  # type: ignore[arg-type]
        if loss.span is not None:
            canvas.whisker(f"span-{index}-{count}", loss.span, y, tall)
        canvas.write(text, beyond + 5, y, letters, has_halo=True)


def _field(
    panel: Panel,
    field: tuple[float, float, float, float],
    marks: Sequence[float],
    paper: Size,
    every: Sequence[Loss],
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
    start, end, most = left + names + 6, right - behind, 6.0 * letters
    plot = plot_of_rows(start, top + head, end, bottom - foot, n_rows, most, 0.0, marks[-1])
    return plot, letters, names


def _name(loss: Loss, letters: float, room: float, pitch: float, paper: Size) -> str:
    """Return the name of a loss, without what stands in brackets or a brief one, if it must be."""
    tries = [loss.name, bare(loss.name), *([loss.brief] if loss.brief else [])]
    fitting = (name for name in tries if is_whole(name, letters, room, pitch, paper.least))
    return next(fitting, tries[-1])
