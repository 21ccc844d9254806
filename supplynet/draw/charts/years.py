"""Coverage by year: what could arrive without a jurisdiction, as a share of the need."""

from __future__ import annotations

import math

from supplynet.analysis.flow.bypass import BypassResult, ElementBypass
from supplynet.draw.charts.plot import Plot, band, beside, columns_of, line, rows_of, ticks
from supplynet.draw.scene import Label, Scene, Shape, polyline
from supplynet.draw.sheet import Entry, Words, chart, frame, legend_lines, source_of
from supplynet.draw.style import INK, MUTED, RIBBONS, Size, find_size, tier_class
from supplynet.draw.tiers import tiers_in_words
from supplynet.draw.words import fit, plain
from supplynet.errors import OptionError
from supplynet.text import NONE, share, tonnes

#: class of ribbon -> width of the line of a tier, dashes; the surer, the stronger
_LINES: dict[str, tuple[float, tuple[float, ...]]] = {
    "sure": (2.4, ()),
    "planned": (2.0, ()),
    "announced": (1.4, (7.0, 2.5)),
    "plausible": (1.6, (4.0, 2.5)),
}


def years_scene(result: BypassResult, *, size: str | Size = "slide") -> Scene:
    """Lay out coverage by year; parameters are those of :func:`supplynet.draw.years`."""
    paper = find_size(size)
    if not isinstance(result, BypassResult):
        raise OptionError(f"a picture of years needs the result of bypass, not {type(result)}")
    words = _words(result)
    entries = [
        Entry(
            tier.name,
            stroke=color,
            dash=dash,
            width=width,
            is_line=True,
        )
        for tier in result.elements[0].tiers
        for color, width, dash in [_line_of(tier.name)]
    ]
    entries.append(Entry("from the low to the high end of the data", fill="sure", opacity=0.18))
    around = frame(words, paper, n_legend=legend_lines(entries, paper))
    shapes: list[Shape] = []
    labels: list[Label] = [*around.labels]
    n = len(result.elements)
    across = 1 if n == 1 else 2 if n <= 4 else 3
    down = math.ceil(n / across)
    gap = 1.2 * paper.margin
    wide = (paper.width - 2 * paper.margin - gap * (across - 1)) / across
    tall = (around.bottom - around.top - 0.6 * gap * (down - 1)) / down
    for place, one in enumerate(result.elements):
        left = paper.margin + place % across * (wide + gap)
        top = around.top + place // across * (tall + 0.6 * gap)
        found, told = _panel(one, (left, top, left + wide, top + tall), paper)
        shapes += found
        labels += told
    return chart(
        words,
        paper,
        entries,
        what="Lines by year, one panel an element.",
        shapes=shapes,
        labels=labels,
        bottom=around.bottom,
        digest=result.provenance.digest,
    )


def _line_of(tier: str) -> tuple[str, float, tuple[float, ...]]:
    """Return color, width and dashes of the line of a tier."""
    kind = tier_class(tier)
    return RIBBONS[kind].outline, *_LINES[kind]


def _panel(
    one: ElementBypass, field: tuple[float, float, float, float], size: Size
) -> tuple[list[Shape], list[Label]]:
    """Draw one element: bands, lines, and the words at their ends."""
    left, top, right, bottom = field
    letters = size.label * 0.86
    rows = one.years
    span = [row["year"] for row in rows]
    is_share = all(row["demand"] > 0 for row in rows)
    tiers = [tier.name for tier in one.tiers]
    most = 1.0 if is_share else max(row[name] for row in rows for name in tiers)
    marks = [0.0, 0.25, 0.5, 0.75, 1.0] if is_share else ticks(most)
    room = 11.2 * letters
    plot = Plot(
        left + 3.4 * letters,
        top + 2.1 * size.heading,
        right - room,
        bottom - 1.9 * letters,
        span[0],
        span[-1],
        0.0,
        marks[-1],
    )
    axis = rows_of(plot, marks, share if is_share else tonnes, letters * 0.86)
    step = max(1, math.ceil(len(span) / max(2.0, (plot.right - plot.left) / (4.2 * letters))))
    below = columns_of(
        plot, span[::step], lambda year: f"{year:.0f}", letters * 0.86, has_grid=False
    )
    shapes = [*axis.shapes]
    asked = plot.x(one.question.year)
    shapes.append(
        Shape(
            f"{one.element}-asked",
            polyline(((asked, plot.top), (asked, plot.bottom))),
            "asked",
            stroke=MUTED,
            width=0.6,
            dash=(1.5, 2.0),
        )
    )
    ends: list[tuple[str, float]] = []
    for name in reversed(tiers):
        color, width, dash = _line_of(name)
        needs = [row["demand"] if is_share else 1.0 for row in rows]
        values = [row[name] / need for row, need in zip(rows, needs, strict=True)]
        lows, highs = (
            [row[name][end] / need for row, need in zip(one.year_ranges, needs, strict=True)]
            for end in (0, 1)
        )
        shapes.append(
            band(
                f"{one.element}-{name}-band",
                [(plot.x(year), plot.y(value)) for year, value in zip(span, highs, strict=True)],
                [(plot.x(year), plot.y(value)) for year, value in zip(span, lows, strict=True)],
                color,
            )
        )
        told = tuple(
            f"{year}: {tonnes(row[name])} {one.unit}"
            + (f", {share(min(1.0, value))} of the need" if is_share else "")
            for year, row, value in zip(span, rows, values, strict=True)
        )
        points = [(plot.x(year), plot.y(value)) for year, value in zip(span, values, strict=True)]
        hover = (f"{one.element}, {name}", *told)
        shapes.append(
            line(f"{one.element}-{name}", points, color, width=width, dash=dash, hover=hover)
        )
        last = min(1.0, values[-1]) if is_share else rows[-1][name]
        figure = share(last) if is_share else f"{tonnes(last)} t"
        ends.append((f"{figure} {name}", plot.y(values[-1])))
    words = beside(
        ends,
        plot.right + 5,
        room - 5,
        letters,
        top=plot.top - letters,
        bottom=plot.bottom + 0.2 * letters,  # above the figure of the last year
    )
    need = rows[-1]["demand"]
    note_text = f"{tonnes(need)} {one.unit} needed in {span[-1]}" if need else one.unit
    y = top + 0.7 * size.heading
    heading = Label(one.element, left, y, size.heading, INK, is_bold=True, role="heading")
    after = left + (1.2 + 0.72 * len(one.element)) * size.heading
    note = Label(fit(note_text, letters, right - after), after, y, letters, MUTED, role="heading")
    return shapes, [*axis.labels, *below.labels, heading, note, *words]


def _words(result: BypassResult) -> Words:
    asked = result.question
    first = result.elements[0]
    span = [row["year"] for row in first.years]
    surest = first.tiers[0].name
    last = [(one.element, one.years[-1]) for one in result.elements]
    is_known = any(row["demand"] for _, row in last)
    if is_known:
        what, measured = "coverage of its need", ", as a share of its need"
        parts = [
            f"{name} {share(min(1.0, row[surest] / row['demand'])) if row['demand'] else NONE}"
            for name, row in last
        ]
    else:  # no part of what is not known
        what, measured = "what could arrive", "; its need is not known"
        parts = [f"{name} {tonnes(row[surest])} t" for name, row in last]
    proof = result.provenance
    return Words(
        plain(f"{asked.to_name} without {asked.avoid_name}, {what} to {span[-1]}:"),
        plain(f"{', '.join(parts)}, {surest}"),
        plain(f"Potential if {asked.to_name} had the network to itself{measured}"),
        plain(
            f"{tiers_in_words(first.tiers)} "
            + ("Needs between given years are interpolated. " if is_known else "")
            + "Plants count as if they handled this element alone."
            + (" Countries are the owners'." if asked.lens == "control" else "")
        ),
        source_of(asked.net, proof.digest, proof.versions),
    )
