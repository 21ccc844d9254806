"""A ranking of losses as bars, by where plants stand and by who owns them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from supplynet.analysis.balance.disrupt import DisruptionResult
from supplynet.analysis.balance.summary import CONTESTED
from supplynet.analysis.flow.chokepoints import ChokepointResult
from supplynet.draw.charts.plot import Plot, columns_of, rows_between, ticks
from supplynet.draw.scene import Label, Scene, Shape, rectangle
from supplynet.draw.sheet import LINE, Entry, Words, chart, frame, legend_lines, source_of
from supplynet.draw.style import ACCENT, INK, SECOND, Size, find_size
from supplynet.draw.words import ELLIPSIS, fit, plain, short, text_width, wrap
from supplynet.errors import OptionError
from supplynet.terms import LENSES
from supplynet.text import integer, share, tonnes

Ranking = ChokepointResult | DisruptionResult

#: bars on a canvas that is low, and on one that is at least as tall as a page on its side
_MOST, _MOST_ON_A_PAGE, _PAGE = 10, 14, 595.0


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    losses: tuple[float, ...]


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
    first = results[0]
    most = top or (_MOST_ON_A_PAGE if paper.height >= _PAGE else _MOST)
    rows = _rows(results)
    words = _words(results, rows)
    entries = [Entry(f"{first.unit} that no longer arrive")]
    if beside is not None or first.by not in ("node", "edge", "pair"):
        entries += [
            Entry(_lens(one), fill=(ACCENT, SECOND)[number], opacity=0.9)
            for number, one in enumerate(results)
        ]
    if len(rows) > most:
        entries.append(Entry(f"{integer(len(rows) - most)} more cost less"))
    around = frame(words, paper, n_legend=legend_lines(entries, paper))
    shown = rows[:most]
    letters = min(
        paper.label, (around.bottom - around.top - 2.4 * paper.label) / (max(len(shown), 1) * 1.5)
    )
    widest = max((text_width(row.name, letters) for row in shown), default=0.0)
    left = paper.margin + 6 + min(max(widest, 8 * letters), 0.3 * paper.width)
    whole = max(_whole(one) for one in results)
    marks = ticks(max([loss for row in shown for loss in row.losses], default=whole or 1.0))
    top_of, n_rows = around.top + 0.4 * letters, len(shown)
    pitch = rows_between(top_of, around.bottom - 2.2 * letters, n_rows, 4.2 * letters)
    plot = Plot(
        left,
        top_of,
        paper.width - paper.margin - 9 * letters,
        top_of + max(n_rows, 1) * pitch,
        0.0,
        marks[-1],
        0.0,
        1.0,
    )
    axis = columns_of(plot, marks, tonnes, letters * 0.9, has_grid=True)
    shapes: list[Shape] = [*axis.shapes]
    labels: list[Label] = [*around.labels, *axis.labels]
    tall = min(0.72 * pitch / len(results), 1.35 * letters)
    for place, row in enumerate(shown):
        middle = plot.top + (place + 0.5) * pitch
        room = left - paper.margin - 6
        name = short(row.name, letters, room)
        lines = [name] if not name.endswith(ELLIPSIS) else wrap(row.name, letters, room)
        for down, text in enumerate(lines):
            y = middle + (down - (len(lines) - 1) / 2) * LINE * letters
            labels.append(Label(text, left - 6, y, letters, INK, anchor="right"))
        for number, (one, loss) in enumerate(zip(results, row.losses, strict=True)):
            y = middle + (number - len(results) / 2) * tall
            shapes.append(
                Shape(
                    f"bar-{place}-{number}",
                    rectangle(left, y, max(plot.x(loss) - left, 0.6 if loss else 0.0), tall * 0.9),
                    "bar",
                    fill=(ACCENT, SECOND)[number],
                    opacity=0.9,
                    hover=(f"{row.name}, {_lens(one)}: {tonnes(loss)} {one.unit} less",),
                )
            )
        labels.append(_figure(results, row, plot, middle, letters, paper.width - 4))
    if not shown:
        labels.append(
            Label(
                fit("No single loss costs anything", paper.heading, paper.width),
                paper.width / 2,
                (plot.top + plot.bottom) / 2,
                paper.heading,
                INK,
                anchor="middle",
                is_bold=True,
                role="note",
            )
        )
    return chart(
        words,
        paper,
        entries,
        what=f"Bars, longest first: {', '.join(row.name for row in shown)}.",
        shapes=shapes,
        labels=labels,
        bottom=around.bottom,
        digest=result.provenance.digest,
    )


def _require(results: Sequence[Ranking]) -> None:
    for one in results:
        if not isinstance(one, ChokepointResult | DisruptionResult):
            raise OptionError(
                f"a picture of losses needs the result of chokepoints or disrupt, not {type(one)}"
            )
    first, last = results[0], results[-1]
    if type(first) is not type(last):
        raise OptionError("a potential and a contested loss do not stand side by side")
    if (first.by, first.unit, first.question.year) != (last.by, last.unit, last.question.year):
        raise OptionError(
            "the rankings are not about the same",
            hint="ask both by the same, for one element and year",
        )


def _lens(result: Ranking) -> str:
    return f"by {LENSES[result.question.lens].pronoun}"


def _whole(result: Ranking) -> float:
    return result.value if isinstance(result, ChokepointResult) else result.served


def _rows(results: Sequence[Ranking]) -> list[_Row]:
    """Join the rankings by what is lost; what one of them does not name costs nothing there."""
    names: dict[tuple[str, str], str] = {}
    sums: dict[tuple[str, str], list[float]] = {}
    for place, one in enumerate(results):
        for row in one.rows:
            key = (row.id, row.stage)
            names.setdefault(key, plain(row.name))
            sums.setdefault(key, [0.0] * len(results))[place] = row.loss
    ranked = sorted(sums, key=lambda key: (-max(sums[key]), -sum(sums[key]), key))
    return [_Row(names[key], tuple(sums[key])) for key in ranked]


def _figure(
    results: Sequence[Ranking], row: _Row, plot: Plot, y: float, letters: float, end: float
) -> Label:
    """The largest loss of a row in percent and tonnes, behind its longer bar."""
    number = max(range(len(results)), key=lambda place: row.losses[place])
    loss = row.losses[number]
    whole = _whole(results[number])
    text = f"{tonnes(loss)} ({share(loss / whole)})" if whole else tonnes(loss)
    x = plot.x(loss) + 5
    return Label(fit(text, letters, end - x), x, y, letters, INK, has_halo=True)


def _words(results: Sequence[Ranking], rows: Sequence[_Row]) -> Words:
    first = results[0]
    asked = first.question
    proof = first.provenance
    without = f" without {asked.avoid_name}" if asked.avoid else ""
    whole = tonnes(_whole(first))
    if isinstance(first, ChokepointResult):
        head = f"{asked.to_name}{without}, {first.element}, {asked.year}:"
        figures = (
            f"Potential if {asked.to_name} had the network to itself: {whole} {first.unit} with "
            "everything in place"
        )
    else:
        head = f"All nations{without}, {asked.year}:"
        figures = f"Contested, {CONTESTED}: {whole} {first.unit} served with everything in place"
    found = "no single loss costs anything"
    if rows:
        number = max(range(len(results)), key=lambda place: rows[0].losses[place])
        top = _whole(results[number])
        part = share(rows[0].losses[number] / top) if top else "0%"
        found = f"most is lost without {rows[0].name}, {part}"
        if len(results) > 1:
            found += f" {_lens(results[number])}"
    return Words(
        plain(head),
        plain(found),
        plain(figures),
        plain(f"Exact loss of each alone, everything else rerouted at best, on {asked.counted}."),
        source_of(asked.net, proof.digest, proof.versions),
    )
