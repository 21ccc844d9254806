"""How sure an answer is, drawn: the years as a fan, chances, what drives it, ranks that hold."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from supplynet.analysis.uncertainty.statistics import chance
from supplynet.draw.chart import (
    DASHED,
    Chart,
    Part,
    Row,
    Scale,
    chart,
    percent,
    row_chart,
    ticks,
    whole,
)
from supplynet.draw.mpl import Picture
from supplynet.draw.sheet import Entry, Words, without, words_of
from supplynet.draw.style import ACCENT, INK, MUTED, SECOND, Size, find_size
from supplynet.draw.words import bare
from supplynet.errors import OptionError
from supplynet.network.tiers import counted
from supplynet.questions.uncertainty import Study, axis_of, value_of, what_of
from supplynet.terms import STUDY_PICTURES, one_of
from supplynet.text import listing, plain, share, tonnes

# quantiles of the two bands of a fan
_BANDS = ((0.05, 0.95), (0.1, 0.9), (0.25, 0.75))


def sure(
    study: Study, *, what: str = "exceedance", size: str | Size = "slide", theme: str = "light"
) -> Picture:
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
    Picture

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
    one_of(what, STUDY_PICTURES, "what")
    _require(study, what)
    paper, words, entries = find_size(size, theme), _words(study, what), _entries(study, what)
    about = f"How sure: {what}."
    if what in _ROWS:
        rows = _ROWS[what](study)
        scale = Scale([max(row.parts[0].span[1] for row in rows) or 1.0], lambda _: "")
        return row_chart(words, paper, entries, rows, scale, what=about, most=3.2, foot=1.0)
    with chart(words, paper, entries, what=about) as picture:
        {"fan": _fan, "exceedance": _exceedance}[what](study, picture)
    return picture


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


def _fan(study: Study, picture: Chart) -> None:
    """The years from left to right, what the draws reach as bands around the middle."""
    render = _told(study)
    columns = sorted(_columns(study), key=lambda index: study.outputs[index][1].year)
    years = [study.outputs[column][1].year for column in columns]
    values = study.values.reshape(study.n_draws, -1)[:, columns]
    central = [study.figures[position].central for position in columns]
    marks = ticks(max(float(np.quantile(values, 0.95, axis=0).max()), *central))
    axes = picture.plot((years[0], years[-1]), (0.0, marks[-1]), above=1.0, below=2.0)
    picture.up(axes, marks, _ticked(study))
    picture.across(axes, years, whole, has_grid=False)
    for low, high in _BANDS:
        ends, color = np.quantile(values, [low, high], axis=0), picture.color(ACCENT)
        band = axes.fill_between(years, *ends, facecolor=(color, 0.18), linewidth=0)
        picture.tell(band, f"fan-{high}", role="band")
    middle = np.quantile(values, 0.5, axis=0)
    hover = tuple(
        f"{year}: {render(v)} in the middle" for year, v in zip(years, middle, strict=True)
    )
    picture.line(axes, "fan-middle", years, middle, ACCENT, hover=hover)
    picture.line(axes, "fan-central", years, central, INK, width=1.4, dash=DASHED)


def _exceedance(study: Study, picture: Chart) -> None:
    """The chance that the headline reaches a value, one line a scenario."""
    lead, render = study.outputs[_columns(study)[0]][1], _told(study)
    places = [index for index, (_, pair) in enumerate(study.outputs) if pair == lead]
    flat = study.values.reshape(study.n_draws, -1)
    marks = ticks(float(flat[:, places].max()))
    axes = picture.plot((0.0, marks[-1]), (0.0, 1.0))
    picture.across(axes, marks, _ticked(study), plain(axis_of(lead)))
    picture.up(axes, [0.0, 0.25, 0.5, 0.75, 1.0], share, "share of the draws that reach it")
    for count, index in enumerate(places):
        ordered = np.sort(flat[:, index])
        row, color = study.figures[index], SECOND if count else ACCENT
        low, high = render(row.p10), render(row.p90)
        hover = (f"{study.outputs[index][0]}: {low} to {high} in 8 of 10 draws",)
        # a step each draw; what a reader can distinguish is enough
        some = ordered[:: max(1, ordered.size // 512)]
        reached = 1.0 - np.searchsorted(ordered, some) / ordered.size
        points = [0.0, *some, some[-1]], [1.0, *reached, 0.0]
        picture.line(axes, f"chance-{count}", *points, color, hover=hover)
    central = study.figures[places[0]].central
    picture.line(
        axes, "central", (central, central), (0.0, 1.0), MUTED, role="asked", width=1.0, dash=DASHED
    )


def _row(at: int, name: str, value: float, figure: str) -> Row:
    """A bar from the left, a name before and a figure behind it."""
    look = {"edge": ACCENT, "hover": (f"{name}: {figure}",)}
    bar = Part("bar", f"bar-{at}", (0.0, value), ACCENT, look)
    return Row((plain(name), bare(plain(name))), [bar], figure)


def _tornado(study: Study) -> list[Row]:
    """What drives the headline in its first year, the weightiest at the top."""
    render, rows = _told(study), [row for row in study.drivers if row.year == study.lead.year]
    ends = [f"{share(row.first_share)}; {render(row.low)} to {render(row.high)}" for row in rows]
    return [_row(at, row.name, row.first_share, ends[at]) for at, row in enumerate(rows)]


def _stability(study: Study) -> list[Row]:
    """How often each comes first, in the order of the central figures."""
    year, first = study.first.year, study.scenarios[0]
    rows = [row for row in study.stability if row.year == year and row.scenario == first][:10]
    texts = [
        f"first in {share(row.top_share)}; rank {row.rank_low} to {row.rank_high}" for row in rows
    ]
    return [
        _row(at, _name(study, row.subject), row.top_share, texts[at]) for at, row in enumerate(rows)
    ]


#: pictures of rows
_ROWS = {"tornado": _tornado, "stability": _stability}


def _name(study: Study, subject: str) -> str:
    node = study.question.net.node_by_id.get(subject)
    return subject if node is None else node.name


def _entries(study: Study, what: str) -> list[Entry]:
    names = study.scenarios if len(study.scenarios) > 1 else ("share of the draws",)
    colors = (ACCENT, *[SECOND] * len(names))
    ink = INK if what == "fan" else MUTED
    central = Entry("central figures", stroke=ink, dash=DASHED, width=1.2, is_line=True)
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
        question,
        study.provenance,
        f"{study.to_name}{without(question)}, {of}, {row.year}:",
        text,
        f"{study.n_draws:,} draws; {central} with the central figures{reached}",
        f"Drawn as the graph says: {figures} figures between their ends, {causes} causes that "
        "they share, stops of plants, and projects that are late or never come. "
        f"Tier {study.tier}: {counted(question.links, question.plants)}.",
        year=row.year,
    )
