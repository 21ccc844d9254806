"""A plan, drawn: what starts when, what coverage costs, and which options no cheap plan misses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from supplynet.draw.charts.plot import (
    TIGHT,
    Drawing,
    is_whole,
    letters_for,
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
from supplynet.draw.scene import Label, Plot, Point, Scene
from supplynet.draw.sheet import LINE, Entry, Frame, Words, frame, words_of
from supplynet.draw.style import ACCENT, FAINT, INK, MUTED, PAPER, SECOND, Size, find_size
from supplynet.draw.words import ELLIPSIS, fit, text_width, wrap
from supplynet.errors import OptionError
from supplynet.questions.plan import PlanResult
from supplynet.terms import one_of
from supplynet.text import million_usd, plain, share

if TYPE_CHECKING:
    from supplynet.network.schema import Option


#: options and plans that a picture has room for
MOST_ROWS, MOST_COLUMNS = 24, 20
#: opacity of years in which money is spent and nothing comes, and of the ends of costs
WAITING, BAND = 0.45, 0.2
#: coverage below which an option adds nothing
LITTLE = 5e-4


def entries_of(what: str) -> list[Entry]:
    """Return what colors mean in a picture of a plan."""
    return {
        "gantt": [
            Entry("money is spent, nothing comes yet", fill=SECOND, opacity=WAITING),
            Entry("what it gives is there", fill=ACCENT, opacity=0.9),
            Entry("first year of the target", stroke=INK, dash=(4.0, 2.5), width=1.2, is_line=True),
        ],
        "curve": [
            Entry("least cost, million USD", stroke=ACCENT, width=2.0, is_line=True),
            Entry("from the low to the high end of costs", fill=ACCENT, opacity=BAND),
        ],
        "matrix": [
            Entry("in the plan, and in every one within 10%", fill=ACCENT, opacity=0.95),
            Entry("in the plan", fill=ACCENT, opacity=0.4),
        ],
        "waterfall": [
            Entry("there with nothing chosen", fill=SECOND, opacity=WAITING),
            Entry("what an option adds to all above it", fill=ACCENT, opacity=0.9),
            Entry("enables a later one", fill=PAPER, stroke=MUTED, width=1.2, is_dot=True),
            Entry("target", stroke=INK, dash=(4.0, 2.5), width=1.2, is_line=True),
        ],
    }[what]


def about(result: PlanResult, what: str, n_rows: int) -> Words:
    """Return the words around a picture of a plan, of whose rows so many are drawn."""
    question = result.question
    without = f" without {question.avoid_name}" if question.avoid else ""
    aim = f"{result.target} from {result.by}" if result.objective == "cost" else f"{result.by}"
    span = f"{result.cost_low:,.0f} to {result.cost_high:,.0f}"
    figures = f"{share(result.coverage)} in the worst year to {result.until}"
    if what == "curve":
        last = result.curve[-1]
        aim = f"what coverage from {result.by} costs"
        span = f"{last.cost_low:,.0f} to {last.cost_high:,.0f}"
        text = f"{share(last.coverage)} for {million_usd(last.cost)} ({span})"
        figures = f"{share(result.curve[0].coverage)} for {result.curve[0].cost:,.0f}; "
        figures += "no plan covers more for its money"
    elif what == "matrix":
        n_must = sum(row.within_10 == "in all" for row in result.options)
        n_none = sum(row.within_10 == "in none" for row in result.options)
        text = f"{n_must} of {result.n_offered} options are in every plan within 10%"
        n_drawn = min(len(result.alternatives), MOST_COLUMNS)
        plans = "one plan of" if n_drawn == 1 else f"{n_drawn} plans from"
        figures = f"{plans} {million_usd(result.cost)}{'' if n_drawn == 1 else ' on'}; "
        drawn = result.alternatives[:MOST_COLUMNS]
        n_full = sum(
            row.within_10 != "in all" and all(row.option in plan.options for plan in drawn)
            for row in result.options
        )
        if n_full:
            text += f", {n_full} more in all {n_drawn} that are drawn"
        figures += f"{n_none} options are in none, those in most are drawn"
    elif what == "waterfall":
        adding = [row for row in result.added if row.added > LITTLE]
        end = next(row for row in result.years if row.year == result.until)
        aim = f"what each option adds in {result.until}"
        text = f"from {share(end.before)} to {share(end.coverage)} for {result.cost:,.0f} "
        text += "million USD"
        figures = f"{len(adding)} of {len(result.added)} options raise coverage when they start"
        if len(adding) < len(result.added):
            figures += "; those marked 'enables' add nothing before a later one that needs them"
        if n_rows < len(result.added):
            figures += f"; the first {n_rows} are drawn"
    else:
        n_chosen = len(result.chosen)
        text = f"{n_chosen} of {result.n_offered} options for {million_usd(result.cost)}"
        text += f" ({span})"
        if n_chosen > n_rows:
            figures += f"; the first {n_rows} of {n_chosen} options are drawn"
    return words_of(
        question.net,
        result.provenance,
        result.by,
        f"{question.to_name}{without}, {aim}:",
        text,
        figures,
        "Potentials, with exclusive access; costs are worth of "
        f"{result.begin}, {share(result.assumed_share)} of them estimates. "
        f"By itself comes what counts on {question.counted}.",
    )


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
    >>> result = sn.plan(net, to="MLT", avoid="ISL", by=2026, target=0.3, tier="committed")
    >>> sorted(shape.id for shape in sn.draw.plan(result).scene.shapes if shape.role == "bar")
    ['money-0', 'tonnes-0']
    """
    if not isinstance(result, PlanResult):
        raise OptionError(f"a picture of a plan needs the result of plan, not {type(result)}")
    panels: dict[str, Callable[[PlanResult, int, Drawing], None]] = {
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
    canvas = Drawing(about(result, what, n_rows), paper, entries)
    record = {
        "gantt": "A bar an option, year by year.",
        "curve": "Coverage against money, a step a plan.",
        "matrix": "A row an option, a column a plan.",
        "waterfall": "A bar an option: what it adds to all above it.",
    }
    panels[what](result, n_rows, canvas)
    return canvas.scene(record[what])


plan = picture(plan_scene)


def _require(result: PlanResult, what: str) -> None:
    """Refuse a picture of what the plan does not hold."""
    contents = {"gantt": result.chosen, "curve": result.curve, "matrix": result.alternatives}
    contents["waterfall"] = result.added
    if result.alternatives and not any(plan.options for plan in result.alternatives):
        contents["matrix"] = ()  # plans of nothing
    hints = {
        "gantt": "what comes by itself reaches the target",
        "curve": "ask for it: curve=0.05",
        "matrix": "ask for them, with a target: alternatives=12",
    }
    if result.alternatives:
        hints["matrix"] = hints["gantt"]
    names = {"gantt": "option", "curve": "curve", "matrix": "other plans", "waterfall": "option"}
    hints["waterfall"] = hints["gantt"]
    if not contents[what]:
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


def _rows(
    canvas: Drawing, names: Sequence[str], what: str, beside: float, span: tuple[float, float]
) -> tuple[Plot, float, float]:
    """Return the field of some rows, the letters of their names and the room for these.

    `beside` is the room behind it over the size of letters.
    """
    size = canvas.size
    letters, room, pitch = _rows_of(names, what, canvas.around, size)
    n = len(names) + (what == "waterfall")  # with nothing chosen
    left, right = size.margin + room, size.width - size.margin - beside * letters
    bottom = canvas.top + n * pitch
    return plot_of_rows(left, canvas.top, right, bottom, n, pitch, *span), letters, room - 10


def _gantt(result: PlanResult, n_rows: int, canvas: Drawing) -> None:
    """A row an option: years in which money is spent before anything comes, then its tonnes."""
    rows, until, beside = result.chosen[:n_rows], result.until + 1, 6.5
    names = [plain(row.name) for row in rows]
    plot, letters, room = _rows(canvas, names, "gantt", beside, (result.begin, until))
    plot = with_years(plot, result.begin, result.until, 0.9 * letters)
    canvas.plots.append(with_names(plot, names, letters, room, canvas.size.least))
    tall = min(0.62 * plot.pitch, 1.5 * letters)
    for index, row in enumerate(rows):
        middle = plot.y(index)
        text = f"{row.cost:,.0f} m USD"
        spans = (
            ("money", row.decided, row.start, SECOND, WAITING, "money is spent"),
            ("tonnes", row.start, until, ACCENT, 0.9, f"{row.capacity:,.0f} {row.unit} in full"),
        )
        for kind, begin, end, fill, opacity, meaning in spans:
            if begin >= end:
                continue
            hover = (row.name, f"{begin} to {end - 1}: {meaning}", text)
            name, span = f"{kind}-{index}", (begin, end)
            canvas.bar(name, span, middle, tall, fill, opacity=opacity, hover=hover)
        cost = fit(text, 0.9 * letters, beside * letters - 6)
        canvas.write(cost, plot.right + 5, middle, 0.9 * letters)
    _upright(canvas, plot.x(result.by))


def _room(names: Sequence[str], around: Frame, letters: float, size: Size) -> float:
    """Return the room for names left of bars: more where rows are too low for two lines of them."""
    pitch = (around.bottom - around.top) / (len(names) + 2)
    if pitch >= 2.2 * LINE * size.least:
        return _ROOM * size.width
    longest = max(text_width(name, letters) for name in names) + 12
    return min(max(_ROOM * size.width, longest), _MOST_ROOM * size.width)


def _upright(canvas: Drawing, x: float) -> None:
    """Draw the target, above all else."""
    bounds = (x, canvas.plot.top), (x, canvas.plot.bottom)
    look: dict[str, Any] = {"role": "asked", "width": 1.2, "layer": "above"}
    canvas.line("target", bounds, INK, dash=(4.0, 2.5), **look)


def _curve(result: PlanResult, _: int, canvas: Drawing) -> None:
    """Money from left to right, coverage upwards: what each step up costs, with both ends.

    What enters at a step stands beside the field, at its height, on nothing.
    """
    size = canvas.size
    letters, names, field = size.row, _names(result), _field(result, size)
    across = ticks(max(row.cost_high for row in result.curve))
    up = [0.0, 0.25, 0.5, 0.75, 1.0]
    plot = Plot(
        size.margin + 4 * size.label,
        canvas.top + 1.8 * size.label,
        field * size.width,
        canvas.bottom - 3.2 * size.label,
        0.0,
        across[-1],
        0.0,
        1.0,
    )
    above, money = plot.top - letters, "money in all, million USD"
    covered = Label("share of demand covered", plot.left, above, letters, MUTED, role="axis")
    plot = with_rows(plot, up, share, letters, title=covered)
    canvas.plots.append(with_columns(plot, across, _million, letters, title=money))
    canvas.write("what enters", plot.right + _NEAR, above, letters, MUTED, role="axis")
    points: list[Point] = []
    steps: list[tuple[list[str], float, float]] = []
    done = 0.0
    for index, row in enumerate(result.curve):
        foot, top = plot.y(done), plot.y(row.coverage)
        entering = ", ".join(names.get(name, name) for name in row.entering) or "nothing"
        text = f"{share(row.coverage)} for {row.cost:,.0f} ({row.cost_low:,.0f} to "
        hover = (f"{text}{row.cost_high:,.0f}) million USD", f"enters: {entering}")
        right, x, y = plot.x(row.cost_high), plot.x(row.cost), (foot + top) / 2
        bounds = row.cost_low, row.cost_high
        look: dict[str, Any] = {"role": "band", "opacity": BAND, "hover": hover}
        canvas.bar(f"band-{index}", bounds, y, foot - top, ACCENT, **look)
        points += [(x, foot), (x, top)]
        if row.entering and foot - top >= 1.1 * LINE * min(letters, size.least):
            steps.append(([names.get(name, name) for name in row.entering], top, foot))
            route, dash = ((right + 2, y), (plot.right + 4, y)), (1.0, 2.5)
            canvas.line(f"to-{index}", route, MUTED, role="grid", width=0.5, dash=dash)
        done = row.coverage
    canvas.line("curve", points, ACCENT)
    canvas.labels += _entering(steps, letters, plot.right + _NEAR, size)


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
    longest = max((text_width(plain(first), letters) for first in firsts), default=0.0)
    rooms = {value: size.width - size.margin - value * size.width - _NEAR for value in _FIELDS}
    return next((figure for figure in _FIELDS if rooms[figure] >= longest), _FIELDS[-1])


def _more(n: int) -> str:
    return f" and {n} more" if n else ""


def _entering(
    steps: Sequence[tuple[list[str], float, float]], letters: float, x: float, size: Size
) -> list[Label]:
    """Name what enters at steps, given by their heights, in letters that leave it whole if any do.

    Words have as many lines as their step is high; options that have no room are counted.
    """
    room = size.width - size.margin - x
    for fraction in _SMALLER:
        small = max(fraction * letters, min(letters, size.least))
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
        text = plain(", ".join(names[:n]) + _more(len(names) - n))
        lines = wrap(text, letters, room, limit=limit)
        if not lines[-1].endswith(ELLIPSIS):
            return lines
    return _counted(names)


def _counted(names: Sequence[str]) -> list[str]:
    return [f"{len(names)} option{'' if len(names) == 1 else 's'}"]


def _matrix(result: PlanResult, _: int, canvas: Drawing) -> None:
    """A row an option, a column a plan, the cheapest first; must-haves stand out."""
    size, around = canvas.size, canvas.around
    plans = result.alternatives[:MOST_COLUMNS]
    n_in = {
        row.option: sum(row.option in entry.options for entry in plans) for row in result.options
    }
    rows = [row for row in result.options if row.within_10 != "in none" and n_in[row.option]]
    rows = sorted(rows, key=lambda row: (row.within_10 != "in all", -n_in[row.option]))
    rows = rows[: rows_read(around.top, around.bottom, size)]
    room, bottom = _ROOM * size.width, around.bottom - 3.4 * _SMALL * size.label
    while True:  # fewer rows, each high enough for its name
        letters = letters_for(around.top, around.bottom, len(rows), size)
        pitch = rows_between(around.top, bottom, len(rows), 4.0 * letters)
        names = [plain(row.name) for row in rows]
        is_read = all(is_whole(name, letters, room - 10, pitch, size.least) for name in names)
        if is_read or len(rows) <= 1:
            break
        rows = rows[:-1]
    left, right = size.margin + room, size.width - size.margin - 4.5 * letters
    n, most = len(rows), 4.0 * letters
    plot = plot_of_rows(left, around.top, right, bottom, n, most, 0.0, len(plans))
    wide = (right - left) / len(plans)
    step = max(1, round(4.0 * letters / wide + 0.499))
    costs: dict[float, float] = {}
    for index in range(0, len(plans), step):
        # a plan that costs as much as the one told before it, as told, needs no figure of its own
        if not costs or _million(plans[index].cost) != _million([*costs.values()][-1]):
            costs[index + 0.5] = plans[index].cost
    small, says = 0.9 * letters, "cost of the plan, million USD"
    bold = [index for index, row in enumerate(rows) if row.within_10 == "in all"]
    plot = with_columns(plot, list(costs), lambda at: _million(costs[at]), small, title=says)
    plot = with_names(plot, names, letters, room - 10, size.least, bold=bold, has_grid=True)
    canvas.plots.append(plot)
    for index, row in enumerate(rows):
        middle, is_must = plot.y(index), index in bold
        canvas.write(row.within_10, right + 5, middle, small, INK if is_must else MUTED)
        for count, alternative in enumerate(plans):
            if row.option in alternative.options:
                hover = (row.name, f"plan {alternative.number}: {million_usd(alternative.cost)}")
                opacity = 0.95 if is_must else 0.4
                span, tall = (count + 0.12, count + 0.88), 0.72 * plot.pitch
                name = f"in-{index}-{count}"
                canvas.bar(name, span, middle, tall, ACCENT, opacity=opacity, hover=hover)


def _waterfall(result: PlanResult, n_rows: int, canvas: Drawing) -> None:
    """A row an option, in the order of the plan: what it adds to all above it, to the last."""
    rows, names = result.added[:n_rows], _row_names(result, "waterfall")[:n_rows]
    last = next(row for row in result.years if row.year == result.until)
    plot, letters, room = _rows(canvas, names, "waterfall", 5.5, (0.0, 1.0))
    last_one = max((n for n, row in enumerate(rows, 1) if row.added > LITTLE), default=0)

    small, marks = 0.9 * letters, [0.0, 0.25, 0.5, 0.75, 1.0]
    says = f"share of demand covered in {result.until}"
    first = "With nothing chosen"
    shown = [first, *map(plain, names)]
    plot = with_columns(plot, marks, share, small, has_grid=True, title=says)
    canvas.plots.append(with_names(plot, shown, letters, room, canvas.size.least))
    bars = [(first, 0.0, last.before)]
    bars += [
        (name, row.coverage - row.added, row.coverage)
        for name, row in zip(names, rows, strict=True)
    ]
    tall = min(0.62 * plot.pitch, 1.5 * letters)
    for index, (name, begin, end) in enumerate(bars):
        middle = plot.y(index)
        low, high = sorted((max(0.0, begin), min(1.0, end)))
        adds = end - begin > LITTLE
        text = f"+{100 * (end - begin):.2g} points" if index else share(end)
        if index and not adds:
            text = "enables" if index < last_one else "no more"
        hover = (name, f"{share(begin)} to {share(end)} in {result.until}")
        fill, opacity = (ACCENT, 0.9) if index else (SECOND, WAITING)
        name, span = f"adds-{index}", (low, high)
        canvas.bar(name, span, middle, tall, fill, opacity=opacity, hover=hover)
        if index:  # from the bar above to this one
            foot, head = middle - plot.pitch + tall / 2, middle - tall / 2
            bounds = (plot.x(begin), foot), (plot.x(begin), head)
            canvas.line(f"on-{index}", bounds, FAINT, role="grid", width=0.8)
        color = INK if adds or not index else MUTED
        canvas.write(text, plot.right + 5, middle, small, color)
        if index and not adds:  # where the coverage stands that it leaves as it is
            look: dict[str, Any] = {"role": "mark", "layer": "below", "fill": PAPER, "width": 1.2}
            x, radius = plot.x(min(1.0, end)), 0.28 * letters
            canvas.dot(f"enables-{index}", x, middle, radius, stroke=MUTED, **look)
    if last.target:
        _upright(canvas, plot.x(last.target))


def _names(result: PlanResult) -> Mapping[str, str]:
    rows = cast("tuple[Option, ...]", result.question.net.rows("options"))
    return {row.id: row.name for row in rows}
