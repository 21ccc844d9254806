"""How sure an answer is, drawn: the years as a fan, chances, what drives it, ranks that hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from supplynet.analysis.uncertainty.statistics import chance
from supplynet.draw.charts.plot import (
    Drawing,
    is_whole,
    name_beside,
    percent,
    plot_of_rows,
    ticks,
    whole,
    with_columns,
    with_names,
    with_rows,
)
from supplynet.draw.figure import picture
from supplynet.draw.scene import Label, Plot, Point, Scene, Shape, polyline
from supplynet.draw.sheet import Entry, Words, words_of
from supplynet.draw.style import ACCENT, INK, MUTED, SECOND, Size, find_size
from supplynet.draw.words import bare
from supplynet.errors import OptionError
from supplynet.network.tiers import counted
from supplynet.questions.uncertainty import Study, axis_of, value_of, what_of
from supplynet.terms import one_of
from supplynet.text import listing, plain, share, tonnes

if TYPE_CHECKING:
    pass

# quantiles of the two bands of a fan
_BANDS = ((0.05, 0.95), (0.1, 0.9), (0.25, 0.75))


def sure_scene(
    study: Study, *, what: str = "exceedance", size: str | Size = "slide", theme: str = "light"
) -> Scene:
    """Draw how sure an answer is, from a study of draws.

    Parameters
    ----------
    study : Study
    what : {"exceedance", "fan", "tornado", "stability"}
        The chance that the headline reaches a value; its years with bands of the draws; what
        drives it; how often each chokepoint comes first.
    size, theme : str
        As in :func:`layers`.

    Returns
    -------
    Picture, or Scene
        A figure by :func:`sure`, what is laid out in it by :func:`sure_scene`.

    Raises
    ------
    OptionError
        If an option's value is not allowed, or the study does not hold what is to be drawn.

    Examples
    --------
    >>> import supplynet as sn
    >>> study = sn.uncertainty(sn.load("tutorial"), to="MLT", avoid="ISL", draws=256)
    >>> picture = sn.draw.sure(study)
    >>> (axes,) = picture.axes
    >>> axes.get_xlabel()
    'coverage of demand'

    Its axes and legend are changed as those of any figure:

    >>> _ = axes.set_xlim(0.2, 0.6)
    >>> axes.set_xlabel("coverage of Malta's demand").get_text()
    "coverage of Malta's demand"
    >>> [text.get_text() for text in picture.legends[0].get_texts()]
    ['share of the draws', 'central figures']
    """
    if not isinstance(study, Study):
        raise OptionError(f"a picture of how sure needs a study of draws, not {type(study)}")
    panels: dict[str, Callable[[Study, Drawing], None]] = {
        "fan": _fan,
        "exceedance": _exceedance,
        "tornado": _tornado,
        "stability": _stability,
    }
    one_of(what, panels, "what")
    _require(study, what)
    canvas = Drawing(_words(study, what), find_size(size, theme), _entries(study, what))
    panels[what](study, canvas)
    return canvas.scene(f"How sure: {what}.")


sure = picture(sure_scene)


def _require(study: Study, what: str) -> None:
    """Refuse a picture of what the study does not hold."""
    years = sorted({study.figures[column].year for column in _columns(study)})
    if what != "fan" and len(years) > 1:
        raise OptionError(
            f"a picture of {what} shows one year, and the study has {listing(map(str, years))}",
            hint="draw one for each, or the fan, which shows them all",
        )
    lacks = {
        "fan": (
            len(_columns(study)) < 2,
            "a fan is drawn over several years, and the study has one",
            "ask for more: year=[2026, 2028, 2030]",
        ),
        "exceedance": (False, "", ""),
        "tornado": (
            not study.drivers,
            "the study holds no drivers, which tornado draws",
            "draw more, or a figure that moves",
        ),
        "stability": (
            not study.stability,
            "the study holds no chokepoints, which stability draws",
            'ask of="chokepoints"',
        ),
    }
    is_missing, message, hint = lacks[what]
    if is_missing:
        raise OptionError(message, hint=hint)


def _columns(study: Study) -> list[int]:
    """Return the columns of the leading figure, year by year."""
    lead = study.lead
    return [
        index
        for index, row in enumerate(study.figures)
        if (row.scenario, row.figure, row.nation, row.product, row.element, row.subject)
        == (lead.scenario, lead.figure, lead.nation, lead.product, lead.element, lead.subject)
    ]


def _told(study: Study) -> Callable[[float], str]:
    return partial(value_of, study.lead)


def _ticked(study: Study) -> Callable[[float], str]:
    """How the figures of an axis are written: as exact as they are."""
    return percent if study.first.unit == "share" else tonnes


def _field(canvas: Drawing, *, left: float, first: float, last: float, high: float) -> Plot:
    """Return the field of a panel, with room for words on its left."""
    letters, size = canvas.size.label, canvas.size
    start, end = size.margin + left * letters, size.width - size.margin - 4 * letters
    top, bottom = canvas.top + letters, canvas.bottom - 3.2 * letters
    return Plot(start, top, end, bottom, first, last, 0.0, high)


def _fan(study: Study, canvas: Drawing) -> None:
    """The years from left to right, what the draws reach as bands around the middle."""
    render, size = _told(study), canvas.size
    columns = sorted(_columns(study), key=lambda index: study.outputs[index][1].year)
    years = [study.outputs[column][1].year for column in columns]
    values = study.values.reshape(study.n_draws, -1)[:, columns]
    central = [study.figures[position].central for position in columns]
    highest = max(float(np.quantile(values, 0.95, axis=0).max()), *central)
    marks = ticks(highest)
    plot = _field(canvas, left=4, first=years[0], last=years[-1], high=marks[-1])
    plot = with_rows(plot, marks, _ticked(study), size.row)
    canvas.plots.append(with_columns(plot, years, whole, size.row))

    def points(heights: Iterable[float]) -> list[Point]:
        return [(plot.x(y), plot.y(v)) for y, v in zip(years, heights, strict=True)]

    for low, high in _BANDS:
        lower, upper = map(points, np.quantile(values, [low, high], axis=0))
        path = polyline([*upper, *reversed(lower)], is_closed=True)
        canvas.shapes.append(Shape(f"fan-{high}", path, "band", fill=ACCENT, opacity=0.18))
    middle = np.quantile(values, 0.5, axis=0)
    hover = tuple(
        f"{year}: {render(v)} in the middle" for year, v in zip(years, middle, strict=True)
    )
    canvas.line("fan-middle", points(middle), ACCENT, hover=hover)
    canvas.line("fan-central", points(central), INK, width=1.4, dash=(4.0, 2.5))


def _exceedance(study: Study, canvas: Drawing) -> None:
    """The chance that the headline reaches a value, one line a scenario."""
    lead, render = study.outputs[_columns(study)[0]][1], _told(study)
    places = [index for index, (_, pair) in enumerate(study.outputs) if pair == lead]
    flat = study.values.reshape(study.n_draws, -1)
    marks, letters = ticks(float(flat[:, places].max())), canvas.size.row
    plot = _field(canvas, left=4, first=0.0, last=marks[-1], high=1.0)
    y, says = plot.top - 1.1 * letters, "share of the draws that reach it"
    chances = Label(says, plot.left, y, letters, MUTED, role="axis")
    says = plain(axis_of(lead))
    plot = with_columns(plot, marks, _ticked(study), letters, has_grid=True, title=says)
    plot = with_rows(plot, [0.0, 0.25, 0.5, 0.75, 1.0], share, letters, title=chances)
    canvas.plots.append(plot)
    for count, index in enumerate(places):
        ordered = np.sort(flat[:, index])
        above = 1.0 - np.arange(ordered.size) / ordered.size
        # a step each draw; what a reader can distinguish is enough
        step = max(1, ordered.size // 512)
        points = [
            (plot.x(value), plot.y(chance))
            for value, chance in zip(ordered[::step], above[::step], strict=True)
        ]
        row, color = study.figures[index], SECOND if count else ACCENT
        hover = (
            f"{study.outputs[index][0]}: {render(row.p10)} to {render(row.p90)} in 8 of 10 draws",
        )
        begin, end = (plot.left, plot.y(1.0)), (points[-1][0], plot.y(0.0))
        canvas.line(f"chance-{count}", [begin, *points, end], color, hover=hover)
    central = plot.x(study.figures[places[0]].central)
    upright = (central, plot.top), (central, plot.bottom)
    canvas.line("central", upright, MUTED, role="asked", width=1.0, dash=(4.0, 2.5))


def _bars(rows: list[tuple[str, float, str]], canvas: Drawing, high: float) -> None:
    """Bars from the left, a name before and a figure behind each."""
    size, letters = canvas.size, canvas.size.label
    field = _field(canvas, left=32, first=0.0, last=high, high=1.0)
    plot = plot_of_rows(
        field.left, field.top, field.right, field.bottom, len(rows), 3.2 * letters, 0.0, high
    )
    tall, room = plot.pitch, plot.left - size.margin - 8
    names = [plain(name) for name, _, _ in rows]
    names = [
        name if is_whole(name, letters, room, tall, size.least) else bare(name) for name in names
    ]
    canvas.plots.append(with_names(plot, names, letters, room, size.least))
    for index, (name, value, figure) in enumerate(rows):
        y, end = plot.y(index), max(plot.x(value), plot.left + 0.6)
        look: dict[str, Any] = {"least": 0.6, "opacity": 0.9, "hover": (f"{name}: {figure}",)}
        canvas.bar(f"bar-{index}", (0.0, value), y, 0.64 * tall, ACCENT, **look)
        free, x = size.width - size.margin - end - 5, end + 5
        canvas.labels += name_beside(figure, x, y, letters, free, tall, size.least, has_halo=True)


def _tornado(study: Study, canvas: Drawing) -> None:
    """What drives the headline in its first year, the weightiest at the top."""
    render, year = _told(study), study.lead.year
    rows = [
        (
            row.name,
            row.first_share,
            f"{share(row.first_share)}; {render(row.low)} to {render(row.high)}",
        )
        for row in study.drivers
        if row.year == year
    ]
    _bars(rows, canvas, 1.8 * max(row[1] for row in rows))


def _stability(study: Study, canvas: Drawing) -> None:
    """How often each comes first, in the order of the central figures."""
    year, first = study.first.year, study.scenarios[0]
    members = [row for row in study.stability if row.year == year and row.scenario == first]
    rows = [
        (
            _name(study, row.subject),
            row.top_share,
            f"first in {share(row.top_share)}; rank {row.rank_low} to {row.rank_high}",
        )
        for row in members[:10]
    ]
    _bars(rows, canvas, 1.8 * max(0.2, *(row[1] for row in rows)))


def _name(study: Study, subject: str) -> str:
    node = study.question.net.node_by_id.get(subject)
    return subject if node is None else node.name


def _entries(study: Study, what: str) -> list[Entry]:
    names = study.scenarios if len(study.scenarios) > 1 else ("share of the draws",)
    colors = (ACCENT, *[SECOND] * len(names))
    ink = INK if what == "fan" else MUTED
    central = Entry("central figures", stroke=ink, dash=(4.0, 2.5), width=1.2, is_line=True)
    return {
        "fan": [
            Entry("middle of the draws", stroke=ACCENT, width=2.0, is_line=True),
            Entry("half, 8 of 10 and 9 of 10 of the draws", fill=ACCENT, opacity=0.3),
            central,
        ],
        "exceedance": [
            *(
                Entry(name, stroke=color, width=2.0, is_line=True)
                for name, color in zip(names, colors, strict=False)
            ),
            central,
        ],
        "tornado": [Entry("share of the variance, alone; mean at its ends", fill=ACCENT)],
        "stability": [Entry("share of the draws in which its loss costs most", fill=ACCENT)],
    }[what]


def _words(study: Study, what: str) -> Words:
    question = study.question
    by_year = sorted(
        (study.figures[column] for column in _columns(study)),
        key=lambda figure_row: figure_row.year,
    )
    row = by_year[-1] if what == "fan" else study.lead
    net = question.net
    of = what_of(net, row, in_sentence=True) or "all"
    without = f" without {question.avoid_name}" if question.avoid else ""
    if what == "tornado":
        first = next(driver for driver in study.drivers if driver.year == row.year)
        text = f"{bare(first.name)} alone is {share(first.first_share)} of the spread"
    elif what == "stability":
        top = study.stability[0]
        text = f"{_name(study, top.subject)} first in {share(top.top_share)} of the draws"
    else:
        text = "; ".join(study.ranges(row)) or f"{value_of(row, row.p50)} in the middle"
    figures = sum(pair.kind == "figure" for pair in study.inputs)
    causes = sum(entry.kind == "cause" for entry in study.inputs)
    reached, central = "", value_of(row, row.central)
    if row.figure == "coverage":
        position = study.figures.index(row)
        fraction, _ = chance(study.values[:, :, position], row.central)
        reached = f", which {share(fraction)} of the draws reach"
    return words_of(
        net,
        study.provenance,
        row.year,
        f"{study.to_name}{without}, {of}, {row.year}:",
        text,
        f"{study.n_draws:,} draws; {central} with the central figures{reached}",
        f"Drawn as the graph says: {figures} figures between their ends, {causes} causes that "
        "they share, stops of plants, and projects that are late or never come. "
        f"Tier {study.tier}: {counted(question.links, question.plants)}.",
    )
