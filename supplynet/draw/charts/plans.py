"""A plan, drawn: what starts when, what coverage costs, and which options no cheap plan misses."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from matplotlib.axes import Axes

from supplynet.draw.chart import (
    DASHED,
    TIGHT,
    Chart,
    chart,
    is_whole,
    rows_read,
    ticks,
    whole,
    widest,
)
from supplynet.draw.mpl import Picture
from supplynet.draw.sheet import Entry, Words, words_of
from supplynet.draw.style import ACCENT, FAINT, INK, MUTED, PAPER, SECOND, Size, find_size
from supplynet.draw.words import ELLIPSIS, wrap
from supplynet.errors import OptionError
from supplynet.questions.plan import PlanResult
from supplynet.terms import one_of
from supplynet.text import million_usd, plain, share

if TYPE_CHECKING:
    from supplynet.analysis.decisions.rows import OptionRange
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
            Entry("first year of the target", stroke=INK, dash=DASHED, width=1.2, is_line=True),
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
            Entry("target", stroke=INK, dash=DASHED, width=1.2, is_line=True),
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


#: part of the width that names of options may take, and where the field of a curve ends
_ROOM, _FIELD = 0.4, 0.42
#: width below which rows are higher, points
_NARROW = 400.0
#: marks of a share
_PARTS = (0.0, 0.25, 0.5, 0.75, 1.0)
_DRAWN = {
    "gantt": "A bar an option, year by year.",
    "curve": "Coverage against money, a step a plan.",
    "matrix": "A row an option, a column a plan.",
    "waterfall": "A bar an option: what it adds to all above it.",
}
#: height of rows, and what lies below them, over the size of letters
_HEIGHTS = {
    "gantt": {"most": 2.6, "foot": 2.4},
    "matrix": {"most": 4.0, "foot": 3.5},
    "waterfall": {"most": 2.6, "foot": 3.5},
}


def plan(
    result: PlanResult, *, what: str = "gantt", size: str | Size = "slide", theme: str = "light"
) -> Picture:
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
    Picture

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
    >>> [*sn.draw.plan(result).shown]
    ['money-0', 'tonnes-0', 'target']
    """
    if not isinstance(result, PlanResult):
        raise OptionError(f"a picture of a plan needs the result of plan, not {type(result)}")
    one_of(what, _DRAWN, "what")
    _require(result, what)
    paper, entries = find_size(size, theme), entries_of(what)
    words = partial(about, result, what)
    if what == "curve":
        with chart(words(0), paper, entries, what=_DRAWN[what]) as picture:
            _curve(result, picture)
        return picture
    names, heights = _row_names(result, what), _HEIGHTS[what]
    if paper.width < _NARROW:  # names have more lines there
        heights = {**heights, "most": 4.0}

    def fits(n: int, letters: float, pitch: float) -> bool:
        room = _ROOM * paper.width - 10
        return all(is_whole(name, letters, room, pitch, paper.least) for name in names[:n])

    n = rows_read(words, paper, entries, min(MOST_ROWS, len(names)), fits, **heights)
    draw = {"gantt": _gantt, "matrix": _matrix, "waterfall": _waterfall}[what]
    first = int(what == "waterfall")  # with nothing chosen
    with chart(words(n - first), paper, entries, what=_DRAWN[what], rows=n, **heights) as picture:
        draw(result, picture, names[:n])
    return picture


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
    if what == "matrix":
        return [plain(row.name) for row in _in_most(result)]
    starts = {row.option: row.start for row in result.chosen}
    names = (plain(f"{starts[row.option]} {row.name}") for row in result.added)
    return ["With nothing chosen", *names]


def _rows(
    picture: Chart,
    names: Sequence[str],
    behind: Sequence[str],
    ends: tuple[float, float],
    bold: Collection[int] = (),
) -> Axes:
    """Return axes of rows, with words beside them and how these look."""
    room = picture.room(names, _ROOM, is_bold=True)
    beside = picture.room(behind, 0.3)
    axes = picture.rows([(name,) for name in names], room, beside, ends=ends, bold=bold)
    for index, text in enumerate(behind):
        picture.beside(axes, text, (ends[1], index), fontsize=picture.small, has_halo=False)
    return axes


def _gantt(result: PlanResult, picture: Chart, names: Sequence[str]) -> None:
    """A row an option: years in which money is spent before anything comes, then its tonnes."""
    until, rows = result.until + 1, result.chosen[: len(names)]
    costs = [f"{row.cost:,.0f} m USD" for row in rows]
    axes = _rows(picture, names, costs, (result.begin, until))
    picture.across(axes, range(result.begin, until), whole)
    for index, (row, text) in enumerate(zip(rows, costs, strict=True)):
        full = f"{row.capacity:,.0f} {row.unit} in full"
        for kind, begin, end, fill, opacity, meaning in (
            ("money", row.decided, row.start, SECOND, WAITING, "money is spent"),
            ("tonnes", row.start, until, ACCENT, 0.9, full),
        ):
            if begin < end:
                hover = (row.name, f"{begin} to {end - 1}: {meaning}", text)
                picture.bar(
                    axes, f"{kind}-{index}", (begin, end), index, fill, opacity=opacity, hover=hover
                )
    _upright(picture, axes, result.by)


def _upright(picture: Chart, axes: Axes, x: float) -> None:
    """Draw the target, above all else."""
    picture.line(
        axes, "target", (x, x), axes.get_ylim(), INK, role="asked", width=1.2, zorder=5, dash=DASHED
    )


def _curve(result: PlanResult, picture: Chart) -> None:
    """Money from left to right, coverage upwards: what each step up costs, with both ends.

    What enters at a step stands beside the field, at its height, on nothing.
    """
    names, letters = _names(result), picture.letters
    marks, done = ticks(max(row.cost_high for row in result.curve)), 0.0
    axes = picture.plot((0.0, marks[-1]), (0.0, 1.0), above=2.0, right=0.0, below=3.2, end=_FIELD)
    says = "share of demand covered"
    picture.up(axes, _PARTS, share, says)
    picture.across(axes, marks, _million, "money in all, million USD", has_grid=False)
    tall, last = axes.get_position().height * picture.height, marks[-1]
    room = picture.width - picture.size.margin - picture.at(axes, last) - 10
    look: dict[str, Any] = {"right": 10.0, "has_halo": False}
    if picture.at(axes, last) - picture.at(axes, 0.0) > widest([says], picture.small):
        picture.beside(
            axes,
            "what enters",
            (last, 1.0),
            **look,
            down=-1.1 * letters,
            color=MUTED,
            fontsize=picture.small,
        )
    costs, heights, small = [0.0], [0.0], min(letters, picture.size.least)
    for index, row in enumerate(result.curve):
        options = [names.get(name, name) for name in row.entering]
        text = f"{share(row.coverage)} for {row.cost:,.0f} ({row.cost_low:,.0f} to "
        hover = (
            f"{text}{row.cost_high:,.0f}) million USD",
            f"enters: {', '.join(options) or 'nothing'}",
        )
        rise, y = row.coverage - done, (row.coverage + done) / 2
        span, name = (row.cost_low, row.cost_high), f"band-{index}"
        if rise:
            picture.bar(
                axes,
                name,
                span,
                y,
                ACCENT,
                hover=hover,
                role="band",
                opacity=BAND,
                linewidth=0.0,
                tall=rise,
            )
        costs += [row.cost, row.cost]
        heights += [done, row.coverage]
        limit = int(rise * tall / (TIGHT * small))
        if row.entering and limit:
            lines = "\n".join(_told(options, small, room, limit))
            picture.beside(axes, lines, (last, y), fontsize=small, gid="project", **look)
            picture.line(
                axes,
                f"to-{index}",
                (row.cost_high, last),
                (y, y),
                MUTED,
                role="grid",
                width=0.5,
                dash=(1.0, 2.5),
            )
        done = row.coverage
    picture.line(axes, "curve", costs[1:], heights[1:], ACCENT)


def _million(cost: float) -> str:
    return f"{cost:,.0f}"


def _told(names: Sequence[str], letters: float, room: float, limit: int) -> list[str]:
    """Return as many names of what enters as some lines hold whole, and how many more there are."""
    for n in range(len(names), 0, -1):
        more = f" and {len(names) - n} more" if n < len(names) else ""
        text = plain(", ".join(names[:n]) + more)
        lines = wrap(text, letters, room, limit=limit)
        if not lines[-1].endswith(ELLIPSIS):
            return lines
    return [f"{len(names)} option{'' if len(names) == 1 else 's'}"]


def _in_most(result: PlanResult) -> list[OptionRange]:
    """Return the options that are in plans that are drawn, those in all first."""
    plans = result.alternatives[:MOST_COLUMNS]
    n_in = {
        row.option: sum(row.option in entry.options for entry in plans) for row in result.options
    }
    rows = [row for row in result.options if row.within_10 != "in none" and n_in[row.option]]
    return sorted(rows, key=lambda row: (row.within_10 != "in all", -n_in[row.option]))


def _matrix(result: PlanResult, picture: Chart, names: Sequence[str]) -> None:
    """A row an option, a column a plan, the cheapest first; must-haves stand out."""
    plans, rows = result.alternatives[:MOST_COLUMNS], _in_most(result)[: len(names)]
    must = [index for index, row in enumerate(rows) if row.within_10 == "in all"]
    axes = _rows(picture, names, [row.within_10 for row in rows], (0.0, len(plans)), must)
    costs: dict[float, float] = {}
    for index, entry in enumerate(plans):
        # a plan that costs as much as the one before it, as told, needs no figure of its own
        if not costs or _million(entry.cost) != _million([*costs.values()][-1]):
            costs[index + 0.5] = entry.cost
    says = "cost of the plan, million USD"
    picture.across(axes, [*costs], lambda at: _million(costs[at]), says, has_grid=False)
    axes.grid(axis="y", color=picture.color(FAINT), linewidth=0.6)
    for index, row in enumerate(rows):
        for count, alternative in enumerate(plans):
            if row.option in alternative.options:
                hover = (row.name, f"plan {alternative.number}: {million_usd(alternative.cost)}")
                name, span = f"in-{index}-{count}", (count + 0.12, count + 0.88)
                picture.bar(
                    axes,
                    name,
                    span,
                    index,
                    ACCENT,
                    hover=hover,
                    opacity=0.95 if index in must else 0.4,
                    tall=0.72,
                )


def _waterfall(result: PlanResult, picture: Chart, names: Sequence[str]) -> None:
    """A row an option, in the order of the plan: what it adds to all above it, to the last."""
    rows = result.added[: len(names) - 1]
    last = next(row for row in result.years if row.year == result.until)
    last_one = max((n for n, row in enumerate(rows, 1) if row.added > LITTLE), default=0)
    spans = [(0.0, last.before), *((row.coverage - row.added, row.coverage) for row in rows)]
    texts = [share(last.before)]
    for index, row in enumerate(rows, 1):
        idle = "enables" if index < last_one else "no more"
        texts.append(f"+{100 * row.added:.2g} points" if row.added > LITTLE else idle)
    axes = _rows(picture, names, texts, (0.0, 1.0))
    picture.across(axes, _PARTS, share, f"share of demand covered in {result.until}")
    for index, (name, (begin, end)) in enumerate(zip(names, spans, strict=True)):
        hover = (name, f"{share(begin)} to {share(end)} in {result.until}")
        fill, opacity = (ACCENT, 0.9) if index else (SECOND, WAITING)
        low, high = sorted((max(0.0, begin), min(1.0, end)))
        picture.bar(
            axes,
            f"adds-{index}",
            (low, high),
            index,
            fill,
            opacity=opacity,
            linewidth=0.0,
            hover=hover,
        )
        if index:  # from the bar above to this one
            ys, look = (index - 1, index), {"role": "grid", "width": 0.8, "zorder": 0.8}
            picture.line(axes, f"on-{index}", (begin, begin), ys, FAINT, **look)
        if index and end - begin <= LITTLE:  # where the coverage stands that it leaves as it is
            radius = 0.28 * picture.letters
            picture.dot(
                axes,
                f"enables-{index}",
                min(1.0, end),
                index,
                radius,
                PAPER,
                edge=MUTED,
                markeredgewidth=1.2,
                role="mark",
            )
    if last.target:
        _upright(picture, axes, last.target)


def _names(result: PlanResult) -> Mapping[str, str]:
    rows = cast("tuple[Option, ...]", result.question.net.rows("options"))
    return {row.id: row.name for row in rows}
