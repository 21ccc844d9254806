"""A ranking of losses as bars: what each costs of the coverage of demand, a panel a lens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from supplynet.analysis.balance.outcome import CONTESTED
from supplynet.analysis.losses import left_out
from supplynet.draw.chart import Chart, chart, ticks
from supplynet.draw.mpl import Picture
from supplynet.draw.sheet import Entry, Words, frame, words_of
from supplynet.draw.style import ACCENT, INK, SECOND, Size, find_size
from supplynet.draw.words import bare, spelled
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
#: width below which panels lie one above the other, points, and the most and least bars of each
_NARROW, _MOST_STACKED, _LEAST_STACKED = 400.0, 6, 3
#: above and below the bars of a panel, over the size of letters
_HEAD, _FOOT = 2.0, 3.6


def losses(
    result: Ranking,
    *,
    beside: Ranking | None = None,
    top: int | None = None,
    has_ranges: bool = False,
    size: str | Size = "slide",
    theme: str = "light",
) -> Picture:
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
    Picture

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
    >>> [axes.get_title("left") for axes in sn.draw.losses(ranked, beside=owners).axes]
    ['By where plants stand: 100% covered', 'By who owns plants: 100% covered']
    """
    paper = find_size(size, theme)
    results = [result] if beside is None else [result, beside]
    require(results, has_ranges=has_ranges)
    if top is not None and (isinstance(top, bool) or top < 1):
        raise OptionError(f"top must be a whole number from 1 on, not {top!r}")
    is_stacked = paper.width < _NARROW and beside is not None
    most = top or (_MOST_ON_A_PAGE if paper.height >= _PAGE else _MOST)
    texts = about(results, has_ranges=has_ranges)
    if is_stacked and top is None:  # as many as have room between heads, axes and a legend
        around = frame(texts, paper)
        lines = (around.bottom - around.top) / (1.2 * paper.row) - 2 * (_HEAD + _FOOT) - 1
        most = max(_LEAST_STACKED, min(_MOST_STACKED, int(lines / 2)))
    panels = [
        panel_of(entry, most, color, has_ranges=has_ranges)
        for entry, color in zip(results, _COLORS, strict=False)
    ]
    others = sum(panel.n_others for panel in panels)
    entries = [_RANGE] if has_ranges else []
    entries += [Entry(f"{integer(others)} more cost less")] if others else []
    rows = [max(1, len(panel.losses)) for panel in panels]
    head = _HEAD * paper.heading / paper.label if panels[0].heading else 0.0
    foot = len(panels) * (head + _FOOT) - head if is_stacked else _FOOT
    n_rows = sum(rows) if is_stacked else max(rows)
    what = f"Bars, longest first: {', '.join(loss.name for loss in panels[0].losses)}."
    with chart(texts, paper, entries, what=what, rows=n_rows, head=head, foot=foot) as picture:
        # One scale for both panels: bars of the two lenses are there to be compared.
        every = [loss for panel in panels for loss in panel.losses]
        marks = ticks(max((loss.reach for loss in every), default=1.0), 4)
        across = 1 if is_stacked else len(panels)
        wide = (paper.width + paper.margin) / across - 2 * paper.margin
        part = (0.44 if is_stacked else 0.36) * wide / paper.width
        room = picture.room([loss.name for loss in every], part)
        behind = picture.room([loss.text for loss in every], 0.4 * wide / paper.width)
        for index, panel in enumerate(panels):
            left = paper.margin + (0 if is_stacked else index * (wide + paper.margin))
            edges = left, left + wide
            down = index * (rows[0] * picture.pitch + (head + _FOOT) * paper.label)
            names = [
                (loss.name, bare(loss.name), loss.brief or bare(loss.name)) for loss in panel.losses
            ]
            axes = picture.rows(
                names,
                room,
                behind,
                edges=edges,
                top=picture.top + (down if is_stacked else 0.0),
                n_rows=rows[index] if is_stacked else n_rows,
                ends=(0.0, marks[-1]),
            )
            _draw(picture, axes, panel, results[index], index, marks, edges)
        if not every:
            text, y = nothing(results[0]), picture.top + 3.0 * paper.label
            picture.write(
                text, paper.width / 2, y, paper.heading, ha="center", weight="bold", gid="note"
            )
    return picture


def _draw(
    picture: Chart,
    axes: Axes,
    panel: Panel,
    result: Ranking,
    count: int,
    marks: list[float],
    edges: tuple[float, float],
) -> None:
    """Draw one lens: bars, what stands behind them, and the axis with its title."""
    is_share = need_of(result) > 0.0
    unit = "coverage lost, points of demand" if is_share else f"{result.unit} lost"
    picture.across(axes, marks, points if is_share else tonnes, unit)
    if panel.heading:
        picture.title_of(axes, panel.heading, edges[0])
    for index, loss in enumerate(panel.losses):
        hover, shown = (loss.hover,), (loss.tonnes, *(loss.tonnes_span or ()))
        picture.bar(
            axes,
            f"bar-{index}-{count}",
            (0.0, loss.size),
            index,
            panel.color,
            hover=hover,
            tonnes=shown,
            edge=panel.color,
        )
        if loss.span is not None:
            picture.whisker(axes, f"span-{index}-{count}", loss.span, index)
        picture.beside(axes, loss.text, (loss.reach, index), until=edges[1])
