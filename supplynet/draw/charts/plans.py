"""A plan, drawn: what starts when, what coverage costs, and which options no cheap plan misses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, cast

from supplynet.analysis.decisions.result import PlanResult
from supplynet.draw.charts.plot import (
    Plot,
    columns_of,
    letters_for,
    line,
    rows_between,
    rows_of,
    rows_read,
    ticks,
)
from supplynet.draw.scene import Label, Point, Scene, Shape, circle, polyline, rectangle
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
from supplynet.draw.style import ACCENT, INK, MUTED, PAPER, SECOND, Size, find_size
from supplynet.draw.words import fit, plain, short, text_width, wrap
from supplynet.errors import OptionError
from supplynet.terms import one_of
from supplynet.text import share

if TYPE_CHECKING:
    from supplynet.network.schema import Option

#: options and plans that a picture has room for
_MOST_ROWS, _MOST_COLUMNS = 24, 20
#: part of the width that names of options may take
_ROOM = 0.38
#: opacity of years in which money is spent and nothing comes, and of the ends of costs
_WAITING, _BAND = 0.45, 0.2
#: coverage below which an option adds nothing
_LITTLE = 5e-4
_Part = tuple[list[Shape], list[Label]]


def plan_scene(result: PlanResult, *, what: str = "gantt", size: str | Size = "slide") -> Scene:
    """Lay out a plan; parameters are those of :func:`supplynet.draw.plan`.

    Raises
    ------
    OptionError
        If the plan does not hold what is to be drawn.
    """
    if not isinstance(result, PlanResult):
        raise OptionError(f"a picture of a plan needs the result of plan, not {type(result)}")
    panels: dict[str, Callable[[PlanResult, Frame, Size], _Part]] = {
        "gantt": _gantt,
        "curve": _curve,
        "matrix": _matrix,
        "waterfall": _waterfall,
    }
    one_of(what, panels, "what")
    _require(result, what)
    paper, words, entries = find_size(size), _words(result, what), _entries(result, what)
    around = frame(words, paper, n_legend=legend_lines(entries, paper))
    shapes, labels = panels[what](result, around, paper)
    return chart(
        words,
        paper,
        entries,
        what={
            "gantt": "A bar an option, year by year.",
            "curve": "Coverage against money, a step a plan.",
            "matrix": "A row an option, a column a plan.",
            "waterfall": "A bar an option: what it adds to all above it.",
        }[what],
        shapes=shapes,
        labels=[*around.labels, *labels],
        bottom=around.bottom,
        digest=result.provenance.digest,
    )


def _require(result: PlanResult, what: str) -> None:
    """Refuse a picture of what the plan does not hold."""
    held = {"gantt": result.chosen, "curve": result.curve, "matrix": result.alternatives}
    held["waterfall"] = result.added
    if result.alternatives and not any(plan.options for plan in result.alternatives):
        held["matrix"] = ()  # plans of nothing
    hints = {
        "gantt": "what comes by itself reaches the target",
        "curve": "ask for it: curve=0.05",
        "matrix": "ask for them, with a target: alternatives=12",
    }
    if result.alternatives:
        hints["matrix"] = hints["gantt"]
    names = {"gantt": "option", "curve": "curve", "matrix": "other plans", "waterfall": "option"}
    hints["waterfall"] = hints["gantt"]
    if not held[what]:
        raise OptionError(f"the plan holds no {names[what]} to draw", hint=hints[what])


def _gantt(result: PlanResult, around: Frame, size: Size) -> _Part:
    """A row an option: years in which money is spent before anything comes, then its tonnes."""
    rows = result.chosen[:_MOST_ROWS]
    letters = letters_for(around.top, around.bottom, len(rows), size)
    room, beside = _ROOM * size.width, 6.5 * letters
    pitch = rows_between(around.top, around.bottom - 2.4 * letters, len(rows), 2.6 * letters)
    plot = Plot(
        size.margin + room,
        around.top,
        size.width - size.margin - beside,
        around.top + len(rows) * pitch,
        result.begin,
        result.until + 1,
        0.0,
        1.0,
    )
    years = list(range(result.begin, result.until + 1))
    step = max(1, round(len(years) * 3.4 * letters / (plot.right - plot.left) + 0.499))
    axis = columns_of(plot, years[::step], lambda year: f"{year:.0f}", 0.9 * letters, has_grid=True)
    shapes, labels = [*axis.shapes], [*axis.labels]
    tall = min(0.62 * pitch, 1.5 * letters)
    for place, row in enumerate(rows):
        middle = plot.top + (place + 0.5) * pitch
        told = f"{row.cost:,.0f} m USD"
        spans = (
            ("money", row.decided, row.start, _WAITING, "money is spent"),
            ("tonnes", row.start, result.until + 1, 0.9, f"{row.capacity:,.0f} {row.unit} in full"),
        )
        for name, begin, end, opacity, meaning in spans:
            if begin >= end:
                continue
            box = rectangle(plot.x(begin), middle - tall / 2, plot.x(end) - plot.x(begin), tall)
            fill = SECOND if name == "money" else ACCENT
            hover = (row.name, f"{begin} to {end - 1}: {meaning}", told)
            shapes.append(
                Shape(f"{name}-{place}", box, "bar", fill=fill, opacity=opacity, hover=hover)
            )
        labels += [
            *_title(plain(row.name), plot.left - 6, middle, letters, room - 10, pitch),
            Label(fit(told, 0.9 * letters, beside - 6), plot.right + 5, middle, 0.9 * letters, INK),
        ]
    shapes.append(_upright("target", plot, plot.x(result.by)))
    return shapes, labels


def _upright(name: str, plot: Plot, x: float) -> Shape:
    path = polyline(((x, plot.top), (x, plot.bottom)))
    return Shape(name, path, "asked", stroke=INK, width=1.2, dash=(4.0, 2.5), layer="above")


def _curve(result: PlanResult, around: Frame, size: Size) -> _Part:
    """Money from left to right, coverage upwards: what each step up costs, with both ends."""
    letters, names = 0.86 * size.label, _names(result)
    across = ticks(max(row.cost_high for row in result.curve))
    up = [0.0, 0.25, 0.5, 0.75, 1.0]
    plot = Plot(
        size.margin + 4 * size.label,
        around.top + size.label,
        size.width - size.margin - 2 * size.label,
        around.bottom - 2.4 * size.label,
        0.0,
        across[-1],
        0.0,
        1.0,
    )
    axis = rows_of(plot, up, share, letters)
    below = columns_of(plot, across, lambda cost: f"{cost:,.0f}", letters, has_grid=False)
    shapes, labels = [*axis.shapes], [*axis.labels, *below.labels]
    points: list[Point] = []
    done = 0.0
    for place, row in enumerate(result.curve):
        foot, top = plot.y(done), plot.y(row.coverage)
        entering = ", ".join(names.get(name, name) for name in row.entering) or "nothing"
        told = f"{share(row.coverage)} for {row.cost:,.0f} ({row.cost_low:,.0f} to "
        hover = (f"{told}{row.cost_high:,.0f}) million USD", f"enters: {entering}")
        left, right, x = plot.x(row.cost_low), plot.x(row.cost_high), plot.x(row.cost)
        box = rectangle(left, top, right - left, foot - top)
        shapes.append(Shape(f"band-{place}", box, "band", fill=ACCENT, opacity=_BAND, hover=hover))
        points += [(x, foot), (x, top)]
        if row.entering and foot - top >= 1.3 * letters:
            labels.append(_entering(plain(entering), x, (foot + top) / 2, letters, plot))
        done = row.coverage
    shapes.append(line("curve", points, ACCENT))
    return shapes, labels


def _entering(text: str, x: float, y: float, letters: float, plot: Plot) -> Label:
    """Name what enters at a step, on the side of the step where there is more room."""
    if plot.right - x >= min(x - plot.left, text_width(text, letters) + 12):
        shown = fit(text, letters, plot.right - x - 6)
        return Label(shown, x + 6, y, letters, INK, has_halo=True, role="project")
    shown = fit(text, letters, x - plot.left - 12)
    return Label(shown, x - 6, y, letters, INK, anchor="right", has_halo=True, role="project")


def _matrix(result: PlanResult, around: Frame, size: Size) -> _Part:
    """A row an option, a column a plan, the cheapest first; must-haves stand out."""
    plans = result.alternatives[:_MOST_COLUMNS]
    n_in = {row.option: sum(row.option in one.options for one in plans) for row in result.options}
    rows = [row for row in result.options if row.within_10 != "in none" and n_in[row.option]]
    rows = sorted(rows, key=lambda row: (row.within_10 != "in all", -n_in[row.option]))
    rows = rows[: rows_read(around.top, around.bottom, size)]
    letters = letters_for(around.top, around.bottom, len(rows), size)
    room, beside = _ROOM * size.width, 4.5 * letters
    pitch = rows_between(around.top, around.bottom - 2.4 * letters, len(rows), 2.2 * letters)
    left, right = size.margin + room, size.width - size.margin - beside
    bottom = around.top + len(rows) * pitch
    plot = Plot(left, around.top, right, bottom, 0.0, len(plans), 0.0, 1.0)
    wide = (right - left) / len(plans)
    step = max(1, round(4.0 * letters / wide + 0.499))
    costs = {place + 0.5: plans[place].cost for place in range(0, len(plans), step)}
    axis = columns_of(plot, list(costs), lambda at: f"{costs[at]:,.0f}", letters, has_grid=False)
    shapes: list[Shape] = []
    labels = [*axis.labels]
    for place, row in enumerate(rows):
        middle = plot.top + (place + 0.5) * pitch
        is_must = row.within_10 == "in all"
        title = _cut(plain(row.name), letters, room - 10, is_bold=is_must)
        labels += [
            Label(title, left - 6, middle, letters, INK, anchor="right", is_bold=is_must),
            Label(row.within_10, right + 5, middle, 0.9 * letters, INK if is_must else MUTED),
        ]
        path = polyline(((left, middle), (right, middle)))
        shapes.append(Shape(f"row-{place}", path, "grid", stroke="faint", width=0.6))
        for number, one in enumerate(plans):
            if row.option in one.options:
                x = plot.x(number) + 0.12 * wide
                box = rectangle(x, middle - 0.36 * pitch, 0.76 * wide, 0.72 * pitch)
                hover = (row.name, f"plan {one.number}: {one.cost:,.0f} million USD")
                fill, opacity = (ACCENT, 0.95) if is_must else (ACCENT, 0.4)
                shapes.append(
                    Shape(
                        f"in-{place}-{number}", box, "bar", fill=fill, opacity=opacity, hover=hover
                    )
                )
    return shapes, labels


def _waterfall(result: PlanResult, around: Frame, size: Size) -> _Part:
    """A row an option, in the order of the plan: what it adds to all above it, to the last."""
    rows = result.added[: _MOST_ROWS - 1]
    last = next(row for row in result.years if row.year == result.until)
    letters = letters_for(around.top, around.bottom, len(rows) + 1, size)
    room, beside = _ROOM * size.width, 5.5 * letters
    starts = {row.option: row.start for row in result.chosen}
    last_one = max((n for n, row in enumerate(rows, 1) if row.added > _LITTLE), default=0)

    def enables(place: int) -> str:
        return "enables" if place < last_one else "no more"

    pitch = rows_between(around.top, around.bottom - 3.4 * letters, len(rows) + 1, 2.4 * letters)
    left, right = size.margin + room, size.width - size.margin - beside
    plot = Plot(left, around.top, right, around.top + (len(rows) + 1) * pitch, 0.0, 1.0, 0.0, 1.0)
    axis = columns_of(plot, [0.0, 0.25, 0.5, 0.75, 1.0], share, 0.9 * letters, has_grid=True)
    shapes, labels = [*axis.shapes], [*axis.labels]
    bars = [("With nothing chosen", 0.0, last.before)]
    bars += [
        (f"{starts[row.option]} {row.name}", row.coverage - row.added, row.coverage) for row in rows
    ]
    tall = min(0.62 * pitch, 1.5 * letters)
    for place, (name, begin, end) in enumerate(bars):
        middle = plot.top + (place + 0.5) * pitch
        low, high = sorted((plot.x(max(0.0, begin)), plot.x(min(1.0, end))))
        adds = end - begin > _LITTLE
        told = f"+{100 * (end - begin):.2g} points" if adds else enables(place)
        told = told if place else share(end)
        hover = (name, f"{share(begin)} to {share(end)} in {result.until}")
        fill, opacity = (ACCENT, 0.9) if place else (SECOND, _WAITING)
        box = rectangle(low, middle - tall / 2, high - low, tall)
        shapes.append(Shape(f"adds-{place}", box, "bar", fill=fill, opacity=opacity, hover=hover))
        if place:  # from the bar above to this one
            foot, head = middle - pitch + tall / 2, middle - tall / 2
            path = polyline(((plot.x(begin), foot), (plot.x(begin), head)))
            shapes.append(Shape(f"on-{place}", path, "grid", stroke="faint", width=0.8))
        labels += [
            *_title(plain(name), left - 6, middle, letters, room - 10, pitch),
            Label(told, right + 5, middle, 0.9 * letters, INK if adds or not place else MUTED),
        ]
        if place and not adds:  # where the coverage stands that it leaves as it is
            dot = circle(plot.x(min(1.0, end)), middle, 0.28 * letters)
            shapes.append(
                Shape(f"enables-{place}", dot, "mark", fill=PAPER, stroke=MUTED, width=1.2)
            )
    if last.target:
        shapes.append(_upright("target", plot, plot.x(last.target)))
    says = f"share of the need covered in {result.until}"
    y = plot.bottom + 2.5 * letters
    labels.append(Label(says, plot.left, y, 0.9 * letters, MUTED, role="axis"))
    return shapes, labels


def _title(
    name: str, x: float, middle: float, letters: float, room: float, pitch: float
) -> list[Label]:
    """The name of an option left of its bar, in two lines where one has no room for it."""
    is_long = text_width(name, letters) > room
    size = min(letters, pitch / (2.2 * LINE)) if is_long else letters
    lines = wrap(name, size, room) if is_long else [name]
    first = middle - (len(lines) - 1) / 2 * LINE * size
    return [
        Label(line, x, first + place * LINE * size, size, INK, anchor="right")
        for place, line in enumerate(lines)
    ]


def _cut(name: str, letters: float, room: float, *, is_bold: bool) -> str:
    """The name of an option in one line: what tells it from its like, at its end, is kept."""
    head, comma, tail = name.rpartition(", ")
    if text_width(name, letters, is_bold=is_bold) <= room or not comma:
        return short(name, letters, room, is_bold=is_bold)
    tail = f", {tail}"
    left = room - text_width(tail, letters, is_bold=is_bold)
    return fit(head, letters, left, is_bold=is_bold) + tail


def _names(result: PlanResult) -> Mapping[str, str]:
    rows = cast("tuple[Option, ...]", result.question.net.rows("options"))
    return {row.id: row.name for row in rows}


def _entries(result: PlanResult, what: str) -> list[Entry]:
    return {
        "gantt": [
            Entry("money is spent, nothing comes yet", fill=SECOND, opacity=_WAITING),
            Entry("what it gives is there", fill=ACCENT, opacity=0.9),
            Entry("first year of the target", stroke=INK, dash=(4.0, 2.5), width=1.2, is_line=True),
        ],
        "curve": [
            Entry("least cost, million USD", stroke=ACCENT, width=2.0, is_line=True),
            Entry("from the low to the high end of costs", fill=ACCENT, opacity=_BAND),
        ],
        "matrix": [
            Entry("in the plan, and in every one within 10%", fill=ACCENT, opacity=0.95),
            Entry("in the plan", fill=ACCENT, opacity=0.4),
            Entry("below: cost of the plan, million USD"),
        ],
        "waterfall": [
            Entry("there with nothing chosen", fill=SECOND, opacity=_WAITING),
            Entry("what an option adds to all above it", fill=ACCENT, opacity=0.9),
            Entry("enables a later one", fill=PAPER, stroke=MUTED, width=1.2, is_dot=True),
            Entry("target", stroke=INK, dash=(4.0, 2.5), width=1.2, is_line=True),
        ],
    }[what]


def _words(result: PlanResult, what: str) -> Words:
    asked, proof = result.question, result.provenance
    without = f" without {asked.avoid_name}" if asked.avoid else ""
    aim = f"{result.target} from {result.by}" if result.objective == "cost" else f"{result.by}"
    ends = f"{result.cost_low:,.0f} to {result.cost_high:,.0f}"
    figures = f"{share(result.coverage)} in the worst year to {result.until}"
    if what == "curve":
        last = result.curve[-1]
        aim = f"what coverage from {result.by} costs"
        ends = f"{last.cost_low:,.0f} to {last.cost_high:,.0f}"
        found = f"{share(last.coverage)} for {last.cost:,.0f} million USD ({ends})"
        figures = f"{share(result.curve[0].coverage)} for {result.curve[0].cost:,.0f}; "
        figures += "no plan covers more for its money"
    elif what == "matrix":
        n_must = sum(row.within_10 == "in all" for row in result.options)
        n_none = sum(row.within_10 == "in none" for row in result.options)
        found = f"{n_must} of {result.n_offered} options are in every plan within 10%"
        n_drawn = min(len(result.alternatives), _MOST_COLUMNS)
        plans = "one plan of" if n_drawn == 1 else f"{n_drawn} plans from"
        figures = f"{plans} {result.cost:,.0f} million USD{'' if n_drawn == 1 else ' on'}; "
        figures += f"{n_none} options are in none, those in most are drawn"
    elif what == "waterfall":
        adding = [row for row in result.added if row.added > _LITTLE]
        end = next(row for row in result.years if row.year == result.until)
        aim = f"what each option adds in {result.until}"
        found = f"from {share(end.before)} to {share(end.coverage)} for {result.cost:,.0f} "
        found += "million USD"
        figures = f"{len(adding)} of {len(result.added)} options raise coverage when they start"
        if len(adding) < len(result.added):
            figures += "; those marked 'enables' add nothing before a later one that needs them"
    else:
        n_chosen = len(result.chosen)
        found = f"{n_chosen} of {result.n_offered} options for {result.cost:,.0f} million USD"
        found += f" ({ends})"
        if n_chosen > _MOST_ROWS:
            figures += f"; the first {_MOST_ROWS} of {n_chosen} options are drawn"
    return Words(
        plain(f"{asked.to_name}{without}, {aim}:"),
        plain(found),
        plain(figures),
        plain(
            "Potentials, as if it alone drew on the network; costs are worth of "
            f"{result.begin}, {share(result.assumed_share)} of them estimates. "
            f"By itself comes what counts on {asked.counted}."
        ),
        source_of(asked.net, proof.digest, proof.versions, mostly=weightiest(asked.net, result.by)),
    )
