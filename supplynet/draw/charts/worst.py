"""The interdiction frontier: what still arrives when the worst few are lost."""

from __future__ import annotations

from supplynet.analysis.flow.frontier import Step
from supplynet.analysis.flow.interdict import InterdictionResult
from supplynet.draw.charts.plot import Plot, columns_of, line, rows_of, ticks
from supplynet.draw.scene import Label, Scene, Shape, circle, polyline, rectangle
from supplynet.draw.sheet import LINE, Entry, Words, chart, frame, legend_lines, source_of
from supplynet.draw.style import ACCENT, CUT, FAINT, INK, MUTED, SECOND, Size, find_size
from supplynet.draw.words import fit, plain, wrap
from supplynet.errors import OptionError
from supplynet.text import share, tonnes

_BY = {
    "node": "plants",
    "edge": "links",
    "country": "countries",
    "owner": "owners",
    "country-stage": "stages of countries",
}


def worst_scene(result: InterdictionResult, *, size: str | Size = "slide") -> Scene:
    """Lay out a frontier; parameters are those of :func:`supplynet.draw.worst`."""
    paper = find_size(size)
    if not isinstance(result, InterdictionResult):
        raise OptionError(
            f"a picture of the worst needs the result of interdict, not {type(result)}"
        )
    steps = result.frontier
    if not steps:
        raise OptionError(
            "the result holds no frontier", hint="ask interdict with frontier=True for one"
        )
    need = result.demand.value
    marks = ticks(max(result.whole, min(need, 1.2 * result.whole)))
    entries = _legend(result, need if need <= marks[-1] else 0.0)
    words = _words(result)
    around = frame(words, paper, n_legend=legend_lines(entries, paper))
    letters = paper.label * 0.9
    middle = paper.width * 0.5
    plot = Plot(
        paper.margin + 4.6 * letters,
        around.top + 2.1 * letters,
        middle - 5.5 * letters,
        around.bottom - 3.4 * letters,
        0.0,
        max(1.0, steps[-1].budget),
        0.0,
        marks[-1],
    )
    axis = rows_of(plot, marks, tonnes, letters * 0.9)
    below = columns_of(plot, [one.budget for one in steps], _whole, letters * 0.9, has_grid=False)
    unit = plain(f"{result.unit} that still arrive")
    titles = [
        Label(unit, paper.margin, around.top + 0.4 * letters, letters * 0.9, MUTED, role="axis"),
        Label(
            f"{_BY[result.by]} lost" if _is_counted(result) else "budget",
            (plot.left + plot.right) / 2,
            plot.bottom + 2.4 * letters,
            letters * 0.9,
            MUTED,
            anchor="middle",
            role="axis",
        ),
    ]
    shapes = [*axis.shapes]
    if 0 < need <= marks[-1]:
        y = plot.y(need)
        shapes.append(
            Shape(
                "need",
                polyline(((plot.left, y), (plot.right, y))),
                "need",
                stroke=SECOND,
                width=1.2,
                dash=(5.0, 3.0),
            )
        )
    shapes.append(line("frontier", [(plot.x(s.budget), plot.y(s.value)) for s in steps], ACCENT))
    shapes += _open_ends(plot, steps)
    if _is_beaten(result) and result.ranked:
        x, y = plot.x(result.ranked.budget), plot.y(result.ranked.value)
        shapes.append(
            Shape(
                "ranked",
                circle(x, y, 0.36 * letters),
                "dot",
                fill="paper",
                stroke=SECOND,
                width=1.6,
                layer="above",
                hover=(f"those that rank highest one by one: {tonnes(result.ranked.value)} left",),
            )
        )
    labels = [*around.labels, *axis.labels, *below.labels, *titles]
    for one in steps:
        x, y = plot.x(one.budget), plot.y(one.value)
        shapes.append(
            Shape(
                f"step-{_whole(one.budget)}",
                circle(x, y, 0.36 * letters),
                "dot",
                fill=ACCENT,
                layer="above",
                hover=(_told(result, one),),
            )
        )
        labels.append(
            Label(
                tonnes(one.value),
                x + 0.5 * letters,
                y - 0.95 * letters,
                letters * 0.9,
                INK,
                is_bold=True,
                has_halo=True,
            )
        )
    found, told = _list(
        result, middle, around.top, paper.width - paper.margin, around.bottom, letters
    )
    return chart(
        words,
        paper,
        entries,
        what="A falling line and a list of losses.",
        shapes=(*shapes, *found),
        labels=(*labels, *told),
        bottom=around.bottom,
        digest=result.provenance.digest,
    )


def _legend(result: InterdictionResult, need: float) -> list[Entry]:
    """Explain what is in the picture, and nothing else."""
    steps = result.frontier
    is_proved = all(one.is_proved for one in steps)
    text = "after the worst losses" + (", with proof" if is_proved else " found")
    entries = [Entry(text, stroke=ACCENT, width=2.0, is_line=True)]
    if need > 0:
        dash = (5.0, 3.0)
        entries.append(
            Entry(f"need, {tonnes(need)} t", stroke=SECOND, width=1.2, dash=dash, is_line=True)
        )
    if not is_proved:
        entries.append(Entry("down to what no losses can go below", fill=ACCENT, opacity=0.25))
    if _is_beaten(result):
        text = "after losing those that rank highest one by one"
        entries.append(Entry(text, stroke=SECOND, width=1.6))
    return entries


def _is_beaten(result: InterdictionResult) -> bool:
    """Whether losing those at the top of a ranking would be less bad than the worst."""
    ranked = result.ranked
    return ranked is not None and ranked.value > result.value + 1e-9 * result.whole


def _whole(value: float) -> str:
    return f"{value:g}"


def _is_counted(result: InterdictionResult) -> bool:
    return all(one.cost == 1.0 for step in result.frontier for some in step.sets for one in some)


def _open_ends(plot: Plot, steps: tuple[Step, ...]) -> list[Shape]:
    """Bars from what was found down to what is proved, where they differ."""
    found = []
    for one in steps:
        if not one.is_proved:
            x, y = plot.x(one.budget), plot.y(one.value)
            found.append(
                Shape(
                    f"open-{_whole(one.budget)}",
                    rectangle(x - 4, y, 8, plot.y(one.bound) - y),
                    "range",
                    fill=ACCENT,
                    opacity=0.25,
                )
            )
    return found


def _told(result: InterdictionResult, one: Step) -> str:
    names = " and ".join(plain(target.name) for target in one.sets[0]) if one.sets else ""
    return f"{names or 'nothing lost'}: {tonnes(one.value)} {result.unit} still arrive"


def _list(
    result: InterdictionResult, left: float, top: float, right: float, bottom: float, letters: float
) -> tuple[list[Shape], list[Label]]:
    """Name the worst losses of each budget, with what they cost."""
    shapes: list[Shape] = []
    labels: list[Label] = []
    step = LINE * letters
    steps = [one for one in result.frontier if one.sets and one.sets[0]]
    y = top + 0.5 * step
    figures = left + 2.2 * letters
    names = figures + 9.5 * letters
    for x, text, anchor in (
        (left, "", "left"),
        (names - letters, "lost", "right"),
        (names, "worst losses", "left"),
    ):
        if text:
            labels.append(
                Label(text, x, y, letters * 0.9, MUTED, anchor=anchor, role="list")  # type: ignore[arg-type]
            )
    y += 1.3 * step
    before: set[str] = set()
    for place, one in enumerate(steps):
        members = [target.name for target in one.sets[0]]
        is_more = before and before < set(members)
        shown = [name for name in members if name not in before] if is_more else members
        text = ("and " if is_more else "") + " and ".join(plain(name) for name in shown)
        others = len(one.sets) - 1
        if others:
            text += f" (or {others}{'' if one.is_complete else ' or more'} as bad)"
        # the last may take all the room that is left
        limit = 2 if place < len(steps) - 1 else max(2, int((bottom - y) / step))
        lines = wrap(text, letters, right - names, limit=limit)
        if y + step * len(lines) > bottom and place < len(steps):
            labels.append(
                Label(f"and {len(steps) - place} more", names, y, letters, MUTED, role="list")
            )
            break
        gone = result.whole - one.value
        labels.append(Label(_whole(one.budget), left, y, letters, INK, is_bold=True, role="list"))
        figure = f"{tonnes(gone)} t ({share(gone / result.whole if result.whole else 0.0)})"
        figure = fit(figure, letters, names - letters - figures)
        labels.append(Label(figure, names - letters, y, letters, CUT, anchor="right", role="list"))
        for number, words in enumerate(lines):
            labels.append(Label(words, names, y + number * step, letters, INK, role="list"))
        y += step * len(lines) + 0.35 * step
        shapes.append(
            Shape(
                f"rule-{place}",
                polyline(((left, y - 0.65 * step), (right, y - 0.65 * step))),
                "grid",
                stroke=FAINT,
                width=0.5,
            )
        )
        before = set(members)
    return shapes, labels


def _words(result: InterdictionResult) -> Words:
    asked = result.question
    without = f" without {asked.avoid_name}" if asked.avoid else ""
    last = result.frontier[-1]
    # more may be allowed than it takes
    n = min(int(last.budget), len(last.sets[0]) if last.sets else 0)
    lost = f"{n} {_BY[result.by]}" if n and _is_counted(result) else "the budget"
    gone = result.whole - last.value
    part = share(gone / result.whole) if result.whole else "0%"
    proved = "with proof" if all(one.is_proved for one in result.frontier) else "best found so far"
    proof = result.provenance
    covered = ""
    if result.demand.value:
        need = result.demand.value
        covered = f"; that covers {share(min(1.0, last.value / need))} of the need"
    return Words(
        plain(f"{asked.to_name}{without}, {result.element}, {asked.year}:"),
        plain(f"the worst {lost} to lose cost {part} of what could arrive"),
        plain(
            f"Potential if {asked.to_name} had the network to itself: {tonnes(result.whole)} "
            f"{result.unit} with everything in place, {tonnes(last.value)} after{covered}"
        ),
        plain(
            f"Worst case {proved}, everything else rerouted at best, on {asked.counted}."
            + (" Countries are the owners'." if asked.lens == "control" else "")
        ),
        source_of(asked.net, proof.digest, proof.versions),
    )
