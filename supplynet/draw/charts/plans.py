"""A plan, drawn: what starts when, what coverage costs, and which options no cheap plan misses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, cast

from supplynet.analysis.decisions.result import PlanResult
from supplynet.draw.charts.plan_words import (
    BAND,
    LITTLE,
    MOST_COLUMNS,
    MOST_ROWS,
    WAITING,
    about,
    entries_of,
)
from supplynet.draw.charts.plot import (
    TIGHT,
    bar,
    is_whole,
    letters_for,
    line,
    plot_of_rows,
    rows_between,
    rows_read,
    stacked,
    ticks,
    with_columns,
    with_names,
    with_rows,
    with_years,
)
from supplynet.draw.figure import picture
from supplynet.draw.paths import Point, circle
from supplynet.draw.scene import Label, Plot, Scene, Shape
from supplynet.draw.sheet import LINE, Frame, chart, frame
from supplynet.draw.style import ACCENT, FAINT, INK, MUTED, PAPER, SECOND, Size, find_size
from supplynet.draw.words import ELLIPSIS, fit, text_width, wrap
from supplynet.errors import OptionError
from supplynet.terms import one_of
from supplynet.text import million_usd, plain, share

if TYPE_CHECKING:
    from supplynet.network.schema import Option

#: part of the width that names of options may take
_ROOM, _MOST_ROOM = 0.38, 0.5
#: right ends of the field of a curve over the width, the first that leaves names whole, and room
#: from it to the words beside, points
_FIELDS, _NEAR = (0.48, 0.44, 0.4, 0.36), 10.0
#: letters of words beside a curve over the usual: the first that leave them whole
_SMALLER = (1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7)
#: width below which names take more lines, points
_NARROW = 400.0
#: letters of many rows over the usual
_SMALL = 0.79
_Part = tuple[Plot, list[Shape], list[Label]]


def plan_scene(
    result: PlanResult, *, what: str = "gantt", size: str | Size = "slide", theme: str = "light"
) -> Scene:
    """Draw a plan: what starts when, what coverage costs, or which options no cheap plan misses.

    Parameters
    ----------
    result : PlanResult
    what : {"gantt", "curve", "matrix", "waterfall"}
        Years of money and of tonnes of each option that is chosen; coverage against money with
        the ends of all costs, of a plan with its curve; options against plans of little more
        cost, of a plan with its alternatives; what each option adds in the last year.
    size, theme : str
        As in :func:`supplynet.draw.layers`.

    Returns
    -------
    Picture, or Scene
        A figure by :func:`plan`, what is laid out in it by :func:`plan_scene`.

    Raises
    ------
    OptionError
        If an option's value is not allowed, or the plan does not hold what is to be drawn.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.network.schema import Option
    >>> thrift = Option(
    ...     id="thrift", name="Goods that are done without", kind="substitute", target="MLT",
    ...     product="goods", capacity=100, unit="t goods", capex=5e6, earliest_year=2025, lead=1,
    ...     confidence="estimated", note="Made up",
    ... )
    >>> net = sn.load("tutorial").replace(options=[thrift])
    >>> result = sn.plan(net, to="MLT", avoid="ISL", by=2026, target=0.3, tier="building")
    >>> sorted(shape.id for shape in sn.draw.plan(result).scene.shapes if shape.role == "bar")
    ['money-0', 'tonnes-0']
    """
    if not isinstance(result, PlanResult):
        raise OptionError(f"a picture of a plan needs the result of plan, not {type(result)}")
    panels: dict[str, Callable[[PlanResult, int, Frame, Size], _Part]] = {
        "gantt": _gantt,
        "curve": _curve,
        "matrix": _matrix,
        "waterfall": _waterfall,
    }
    one_of(what, panels, "what")
    _require(result, what)
    paper, entries = find_size(size, theme), entries_of(what)
    n_rows = MOST_ROWS
    names = _row_names(result, what)
    # as many rows as have room for a whole name, which may take a line to say how many there are
    for _ in range(2):
        around = frame(about(result, what, min(n_rows, len(names))), paper, entries)
        n_rows = _named(names[:n_rows], what, around, paper)
    around = frame(about(result, what, n_rows), paper, entries)
    told = {
        "gantt": "A bar an option, year by year.",
        "curve": "Coverage against money, a step a plan.",
        "matrix": "A row an option, a column a plan.",
        "waterfall": "A bar an option: what it adds to all above it.",
    }
    plot, shapes, labels = panels[what](result, n_rows, around, paper)
    return chart(around, told[what], [plot], shapes, labels)


plan = picture(plan_scene)


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


def _row_names(result: PlanResult, what: str) -> list[str]:
    """Return the names of all rows of a picture of a plan."""
    if what == "gantt":
        return [plain(row.name) for row in result.chosen]
    if what == "waterfall":
        starts = {row.option: row.start for row in result.chosen}
        return [f"{starts[row.option]} {plain(row.name)}" for row in result.added]
    return []


def _named(names: Sequence[str], what: str, around: Frame, size: Size) -> int:
    """Return how many rows have room for a whole name each, the first ones first."""
    for n in range(len(names), 1, -1):
        letters, room, pitch = _rows_of(names[:n], what, around, size)
        if all(is_whole(name, letters, room - 10, pitch, size.least) for name in names[:n]):
            return n
    return min(1, len(names))


def _rows_of(
    names: Sequence[str], what: str, around: Frame, size: Size
) -> tuple[float, float, float]:
    """Return the letters of rows, the room for their names and their height, points."""
    more, foot = (1, 3.1) if what == "waterfall" else (0, 2.4)  # with nothing chosen
    n = len(names) + more
    letters = letters_for(around.top, around.bottom, n, size)
    most = (2.6 if size.width > _NARROW else 4.0) * letters
    pitch = rows_between(around.top, around.bottom - foot * letters, n, most)
    return letters, _room(names, around, letters, size), pitch


def _gantt(result: PlanResult, n_rows: int, around: Frame, size: Size) -> _Part:
    """A row an option: years in which money is spent before anything comes, then its tonnes."""
    rows = result.chosen[:n_rows]
    names = [plain(row.name) for row in rows]
    letters, room, pitch = _rows_of(names, "gantt", around, size)
    beside = 6.5 * letters
    left, right, until = size.margin + room, size.width - size.margin - beside, result.until + 1
    plot = plot_of_rows(left, around.top, right, pitch, len(rows), result.begin, until)
    plot = with_years(plot, result.begin, result.until, 0.9 * letters)
    plot = with_names(plot, names, letters, room - 10, size.least)
    shapes: list[Shape] = []
    labels: list[Label] = []
    tall = min(0.62 * pitch, 1.5 * letters)
    for place, row in enumerate(rows):
        middle = plot.y(place)
        told = f"{row.cost:,.0f} m USD"
        spans = (
            ("money", row.decided, row.start, SECOND, WAITING, "money is spent"),
            ("tonnes", row.start, until, ACCENT, 0.9, f"{row.capacity:,.0f} {row.unit} in full"),
        )
        for kind, begin, end, fill, opacity, meaning in spans:
            if begin >= end:
                continue
            hover = (row.name, f"{begin} to {end - 1}: {meaning}", told)
            name, span = f"{kind}-{place}", (begin, end)
            shapes.append(bar(name, plot, span, middle, tall, fill, opacity=opacity, hover=hover))
        cost = fit(told, 0.9 * letters, beside - 6)
        labels.append(Label(cost, plot.right + 5, middle, 0.9 * letters, INK))
    shapes.append(_upright("target", plot, plot.x(result.by)))
    return plot, shapes, labels


def _room(names: Sequence[str], around: Frame, letters: float, size: Size) -> float:
    """Return the room for names left of bars: more where rows are too low for two lines of them."""
    pitch = (around.bottom - around.top) / (len(names) + 2)
    if pitch >= 2.2 * LINE * size.least:
        return _ROOM * size.width
    longest = max(text_width(name, letters) for name in names) + 12
    return min(max(_ROOM * size.width, longest), _MOST_ROOM * size.width)


def _upright(name: str, plot: Plot, x: float) -> Shape:
    ends, dash = ((x, plot.top), (x, plot.bottom)), (4.0, 2.5)
    return line(name, ends, INK, role="asked", width=1.2, dash=dash, layer="above")


def _curve(result: PlanResult, _: int, around: Frame, size: Size) -> _Part:
    """Money from left to right, coverage upwards: what each step up costs, with both ends.

    What enters at a step stands beside the field, at its height, on nothing.
    """
    letters, names, field = size.row, _names(result), _field(result, size)
    across = ticks(max(row.cost_high for row in result.curve))
    up = [0.0, 0.25, 0.5, 0.75, 1.0]
    plot = Plot(
        size.margin + 4 * size.label,
        around.top + 1.8 * size.label,
        field * size.width,
        around.bottom - 3.2 * size.label,
        0.0,
        across[-1],
        0.0,
        1.0,
    )
    above, money = plot.top - letters, "money in all, million USD"
    covered = Label("share of the need covered", plot.left, above, letters, MUTED, role="axis")
    plot = with_rows(plot, up, share, letters, title=covered)
    plot = with_columns(plot, across, _million, letters, title=money)
    labels = [Label("what enters", plot.right + _NEAR, above, letters, MUTED, role="axis")]
    shapes: list[Shape] = []
    points: list[Point] = []
    steps: list[tuple[list[str], float, float]] = []
    done = 0.0
    for place, row in enumerate(result.curve):
        foot, top = plot.y(done), plot.y(row.coverage)
        entering = ", ".join(names.get(name, name) for name in row.entering) or "nothing"
        told = f"{share(row.coverage)} for {row.cost:,.0f} ({row.cost_low:,.0f} to "
        hover = (f"{told}{row.cost_high:,.0f}) million USD", f"enters: {entering}")
        right, x, y = plot.x(row.cost_high), plot.x(row.cost), (foot + top) / 2
        ends = row.cost_low, row.cost_high
        shapes.append(
            bar(
                f"band-{place}",
                plot,
                ends,
                y,
                foot - top,
                ACCENT,
                role="band",
                opacity=BAND,
                hover=hover,
            )
        )
        points += [(x, foot), (x, top)]
        if row.entering and foot - top >= 1.1 * LINE * min(letters, size.least):
            steps.append(([names.get(name, name) for name in row.entering], top, foot))
            way, dash = ((right + 2, y), (plot.right + 4, y)), (1.0, 2.5)
            shapes.append(line(f"to-{place}", way, MUTED, role="grid", width=0.5, dash=dash))
        done = row.coverage
    shapes.append(line("curve", points, ACCENT))
    return plot, shapes, [*labels, *_entering(steps, letters, plot.right + _NEAR, size)]


def _million(cost: float) -> str:
    return f"{cost:,.0f}"


def _field(result: PlanResult, size: Size) -> float:
    """Return the right end of the field of a curve over the width."""
    if size.width <= _NARROW:  # names have several lines there
        return _FIELDS[0]
    letters, names = min(size.row, size.least), _names(result)
    firsts = [
        f"{names.get(row.entering[0], row.entering[0])}{_more(len(row.entering) - 1)}"
        for row in result.curve
        if row.entering
    ]
    longest = max((text_width(plain(told), letters) for told in firsts), default=0.0)
    rooms = {one: size.width - size.margin - one * size.width - _NEAR for one in _FIELDS}
    return next((one for one in _FIELDS if rooms[one] >= longest), _FIELDS[-1])


def _more(n: int) -> str:
    return f" and {n} more" if n else ""


def _entering(
    steps: Sequence[tuple[list[str], float, float]], letters: float, x: float, size: Size
) -> list[Label]:
    """Name what enters at steps, given by their heights, in letters that leave it whole if any do.

    Words have as many lines as their step is high; options that have no room are counted.
    """
    room = size.width - size.margin - x
    for part in _SMALLER:
        small = max(part * letters, min(letters, size.least))
        texts = [
            (_told(names, small, room, max(1, int((foot - top) / (TIGHT * small)))), top, foot)
            for names, top, foot in steps
        ]
        if all(lines != _counted(own) for (lines, *_), (own, *_) in zip(texts, steps, strict=True)):
            break
    return [
        label
        for lines, top, foot in texts
        for label in stacked(lines, x, (top + foot) / 2, small, role="project")
    ]


def _told(names: Sequence[str], letters: float, room: float, limit: int) -> list[str]:
    """Return as many names of what enters as some lines hold whole, and how many more there are."""
    for n in range(len(names), 0, -1):
        told = plain(", ".join(names[:n]) + _more(len(names) - n))
        lines = wrap(told, letters, room, limit=limit)
        if not lines[-1].endswith(ELLIPSIS):
            return lines
    return _counted(names)


def _counted(names: Sequence[str]) -> list[str]:
    return [f"{len(names)} option{'' if len(names) == 1 else 's'}"]


def _matrix(result: PlanResult, _: int, around: Frame, size: Size) -> _Part:
    """A row an option, a column a plan, the cheapest first; must-haves stand out."""
    plans = result.alternatives[:MOST_COLUMNS]
    n_in = {row.option: sum(row.option in one.options for one in plans) for row in result.options}
    rows = [row for row in result.options if row.within_10 != "in none" and n_in[row.option]]
    rows = sorted(rows, key=lambda row: (row.within_10 != "in all", -n_in[row.option]))
    rows = rows[: rows_read(around.top, around.bottom, size)]
    room, bottom = _ROOM * size.width, around.bottom - 3.4 * _SMALL * size.label
    while len(rows) > 1:  # fewer rows, each high enough for its name
        letters = letters_for(around.top, around.bottom, len(rows), size)
        pitch = rows_between(around.top, bottom, len(rows), 4.0 * letters)
        names = [plain(row.name) for row in rows]
        if all(is_whole(name, letters, room - 10, pitch, size.least) for name in names):
            break
        rows = rows[:-1]
    letters = letters_for(around.top, around.bottom, len(rows), size)
    beside = 4.5 * letters
    pitch = rows_between(around.top, bottom, len(rows), 4.0 * letters)
    left, right = size.margin + room, size.width - size.margin - beside
    plot = plot_of_rows(left, around.top, right, pitch, len(rows), 0.0, len(plans))
    wide = (right - left) / len(plans)
    step = max(1, round(4.0 * letters / wide + 0.499))
    costs: dict[float, float] = {}
    for place in range(0, len(plans), step):
        # a plan that costs as much as the one told before it, as told, needs no figure of its own
        if not costs or _million(plans[place].cost) != _million([*costs.values()][-1]):
            costs[place + 0.5] = plans[place].cost
    small, says = 0.9 * letters, "cost of the plan, million USD"
    names = [plain(row.name) for row in rows]
    bold = [place for place, row in enumerate(rows) if row.within_10 == "in all"]
    plot = with_columns(plot, list(costs), lambda at: _million(costs[at]), small, title=says)
    plot = with_names(plot, names, letters, room - 10, size.least, bold=bold, has_grid=True)
    shapes: list[Shape] = []
    labels: list[Label] = []
    for place, row in enumerate(rows):
        middle, is_must = plot.y(place), place in bold
        color = INK if is_must else MUTED
        labels.append(Label(row.within_10, right + 5, middle, 0.9 * letters, color))
        for number, one in enumerate(plans):
            if row.option in one.options:
                hover = (row.name, f"plan {one.number}: {million_usd(one.cost)}")
                opacity = 0.95 if is_must else 0.4
                span, tall = (number + 0.12, number + 0.88), 0.72 * pitch
                name = f"in-{place}-{number}"
                shapes.append(
                    bar(name, plot, span, middle, tall, ACCENT, opacity=opacity, hover=hover)
                )
    return plot, shapes, labels


def _waterfall(result: PlanResult, n_rows: int, around: Frame, size: Size) -> _Part:
    """A row an option, in the order of the plan: what it adds to all above it, to the last."""
    rows, names = result.added[:n_rows], _row_names(result, "waterfall")[:n_rows]
    last = next(row for row in result.years if row.year == result.until)
    letters, room, pitch = _rows_of(names, "waterfall", around, size)
    beside = 5.5 * letters
    last_one = max((n for n, row in enumerate(rows, 1) if row.added > LITTLE), default=0)

    def enables(place: int) -> str:
        return "enables" if place < last_one else "no more"

    left, right = size.margin + room, size.width - size.margin - beside
    plot = plot_of_rows(left, around.top, right, pitch, len(rows) + 1, 0.0, 1.0)
    small, marks = 0.9 * letters, [0.0, 0.25, 0.5, 0.75, 1.0]
    says = f"share of the need covered in {result.until}"
    first = "With nothing chosen"
    shown = [first, *map(plain, names)]
    plot = with_columns(plot, marks, share, small, has_grid=True, title=says)
    plot = with_names(plot, shown, letters, room - 10, size.least)
    shapes: list[Shape] = []
    labels: list[Label] = []
    bars = [(first, 0.0, last.before)]
    bars += [
        (name, row.coverage - row.added, row.coverage)
        for name, row in zip(names, rows, strict=True)
    ]
    tall = min(0.62 * pitch, 1.5 * letters)
    for place, (name, begin, end) in enumerate(bars):
        middle = plot.y(place)
        low, high = sorted((max(0.0, begin), min(1.0, end)))
        adds = end - begin > LITTLE
        told = f"+{100 * (end - begin):.2g} points" if adds else enables(place)
        told = told if place else share(end)
        hover = (name, f"{share(begin)} to {share(end)} in {result.until}")
        fill, opacity = (ACCENT, 0.9) if place else (SECOND, WAITING)
        name, span = f"adds-{place}", (low, high)
        shapes.append(bar(name, plot, span, middle, tall, fill, opacity=opacity, hover=hover))
        if place:  # from the bar above to this one
            foot, head = middle - pitch + tall / 2, middle - tall / 2
            ends = (plot.x(begin), foot), (plot.x(begin), head)
            shapes.append(line(f"on-{place}", ends, FAINT, role="grid", width=0.8))
        color = INK if adds or not place else MUTED
        labels.append(Label(told, right + 5, middle, small, color))
        if place and not adds:  # where the coverage stands that it leaves as it is
            dot = circle(plot.x(min(1.0, end)), middle, 0.28 * letters)
            shapes.append(
                Shape(f"enables-{place}", dot, "mark", fill=PAPER, stroke=MUTED, width=1.2)
            )
    if last.target:
        shapes.append(_upright("target", plot, plot.x(last.target)))
    return plot, shapes, labels


def _names(result: PlanResult) -> Mapping[str, str]:
    rows = cast("tuple[Option, ...]", result.question.net.rows("options"))
    return {row.id: row.name for row in rows}
