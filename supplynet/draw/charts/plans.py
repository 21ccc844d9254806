"""A plan, drawn: what starts when, what coverage costs, and which options no cheap plan misses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from supplynet.draw.chart import DASHED, Part, Row, Scale, row_chart, ticks, whole
from supplynet.draw.mpl import Picture
from supplynet.draw.sheet import Entry, Words, without, words_of
from supplynet.draw.style import ACCENT, FAINT, INK, MUTED, PAPER, SECOND, Size, find_size
from supplynet.errors import OptionError
from supplynet.questions.plan import PlanResult
from supplynet.terms import one_of
from supplynet.text import million_usd, plain, share

if TYPE_CHECKING:
    from supplynet.analysis.decisions.rows import OptionRange
    from supplynet.network.schema import Option


#: options and plans that a picture has room for
MOST_ROWS, MOST_COLUMNS = 24, 20
#: opacity of years in which money is spent and nothing comes
WAITING = 0.45
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
            Entry("least cost, and what enters for it", fill=ACCENT),
            Entry("from the low to the high end of costs", stroke=INK, is_line=True, width=1.2),
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
        if n_rows <= len(result.added):  # with a row of nothing chosen
            figures += f"; the first {n_rows - 1} are drawn"
    else:
        n_chosen = len(result.chosen)
        text = f"{n_chosen} of {result.n_offered} options for {million_usd(result.cost)}"
        text += f" ({span})"
        if n_chosen > n_rows:
            figures += f"; the first {n_rows} of {n_chosen} options are drawn"
    return words_of(
        question,
        result.provenance,
        f"{question.to_name}{without(question)}, {aim}:",
        text,
        figures,
        "Potentials, with exclusive access; costs are worth of "
        f"{result.begin}, {share(result.assumed_share)} of them estimates. "
        f"By itself comes what counts on {question.counted}.",
        year=result.by,
    )


#: parts of the width that names of options, and of all that enter a plan, may take
_ROOM = (0.4, 0.55)
#: width below which rows are higher, points
_NARROW = 400.0
#: marks of a share
_PARTS = (0.0, 0.25, 0.5, 0.75, 1.0)
_DRAWN = {
    "gantt": "A bar an option, year by year.",
    "curve": "A bar a plan: the money that its coverage takes.",
    "matrix": "A row an option, a column a plan.",
    "waterfall": "A bar an option: what it adds to all above it.",
}
#: height of rows, and what lies below them, over the size of letters
_HEIGHTS = {
    "gantt": {"most": 2.6, "foot": 2.4},
    "curve": {"most": 4.0, "foot": 3.5},
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
    words, heights = partial(about, result, what), _HEIGHTS[what]
    if paper.width < _NARROW:  # names have more lines there
        heights = {**heights, "most": 4.0}
    draw = {"gantt": _gantt, "curve": _curve, "matrix": _matrix, "waterfall": _waterfall}[what]
    rows, scale = draw(result)
    looks: dict[str, Any] = {"what": _DRAWN[what], "is_behind": what == "curve", **heights}
    looks["room"] = _ROOM[what == "curve"]
    return row_chart(words, paper, entries, rows, scale, **looks)


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


def _gantt(result: PlanResult) -> tuple[list[Row], Scale]:
    """A row an option: years in which money is spent before anything comes, then its tonnes."""
    until, rows = result.until + 1, []
    for index, row in enumerate(result.chosen[:MOST_ROWS]):
        text, full = f"{row.cost:,.0f} m USD", f"{row.capacity:,.0f} {row.unit} in full"
        spent, there = (row.decided, row.start), (row.start, until)
        parts = []
        for kind, (begin, end), fill, opacity, meaning in (
            ("money", spent, SECOND, WAITING, "money is spent"),
            ("tonnes", there, ACCENT, 0.9, full),
        ):
            if begin < end:
                hover = (row.name, f"{begin} to {end - 1}: {meaning}", text)
                look = {"opacity": opacity, "hover": hover}
                parts.append(Part("bar", f"{kind}-{index}", (begin, end), fill, look))
        rows.append(Row((plain(row.name),), parts, text))
    rows[0] = _aimed(rows[0], result.by)
    scale = Scale(range(result.begin, until), whole, ends=(result.begin, until))
    return rows, scale


def _aimed(row: Row, x: float) -> Row:
    """Add the target, above all else, to the first row."""
    look = {"role": "asked", "width": 1.2, "zorder": 5, "dash": DASHED}
    return replace(row, parts=(*row.parts, Part("upright", "target", (x, x), INK, look)))


def _curve(result: PlanResult) -> tuple[list[Row], Scale]:
    """A row a plan: its coverage and what enters, and the money that it takes with both ends."""
    names, rows = _names(result), []
    for index, row in enumerate(result.curve[:MOST_ROWS]):
        options, covered = [names.get(name, name) for name in row.entering], share(row.coverage)
        span = f"{row.cost_low:,.0f} to {row.cost_high:,.0f}"
        hover = (
            f"{covered} for {row.cost:,.0f} ({span}) million USD",
            f"enters: {', '.join(options) or 'nothing'}",
        )
        look = {"hover": hover, "edge": ACCENT}
        parts = [Part("bar", f"cost-{index}", (0.0, row.cost), ACCENT, look)]
        parts.append(Part("whisker", f"range-{index}", (row.cost_low, row.cost_high)))
        rows.append(Row(_told(covered, options), parts, f"{row.cost:,.0f} ({span})"))
    marks = ticks(max(row.cost_high for row in result.curve))
    heading = "share of demand covered"
    return rows, Scale(marks, _million, "money in all, million USD", heading=heading)


def _million(cost: float) -> str:
    return f"{cost:,.0f}"


def _told(covered: str, names: Sequence[str]) -> list[str]:
    """Return a coverage with all names of what enters, and with fewer and fewer of them."""
    texts = [f"{covered}: {plain(', '.join(names))}"] if names else [covered]
    for n in range(len(names) - 1, 0, -1):
        texts.append(f"{covered}: {plain(', '.join(names[:n]))} and {len(names) - n} more")
    if names:
        texts.append(f"{covered}: {len(names)} option{'' if len(names) == 1 else 's'}")
    return texts


def _in_most(result: PlanResult) -> list[OptionRange]:
    """Return the options that are in plans that are drawn, those in all first."""
    plans = result.alternatives[:MOST_COLUMNS]
    n_in = {
        row.option: sum(row.option in entry.options for entry in plans) for row in result.options
    }
    rows = [row for row in result.options if row.within_10 != "in none" and n_in[row.option]]
    return sorted(rows, key=lambda row: (row.within_10 != "in all", -n_in[row.option]))


def _matrix(result: PlanResult) -> tuple[list[Row], Scale]:
    """A row an option, a column a plan, the cheapest first; must-haves stand out."""
    plans, rows = result.alternatives[:MOST_COLUMNS], []
    for index, row in enumerate(_in_most(result)[:MOST_ROWS]):
        is_must, parts = row.within_10 == "in all", []
        for count, alternative in enumerate(plans):
            if row.option in alternative.options:
                hover = (row.name, f"plan {alternative.number}: {million_usd(alternative.cost)}")
                look = {"hover": hover, "opacity": 0.95 if is_must else 0.4, "tall": 0.72}
                span = (count + 0.12, count + 0.88)
                parts.append(Part("bar", f"in-{index}-{count}", span, ACCENT, look))
        rows.append(Row((plain(row.name),), parts, row.within_10, is_must))
    costs: dict[float, float] = {}
    for index, entry in enumerate(plans):
        # a plan that costs as much as the one before it, as told, needs no figure of its own
        if not costs or _million(entry.cost) != _million([*costs.values()][-1]):
            costs[index + 0.5] = entry.cost
    says, ends = "cost of the plan, million USD", (0.0, float(len(plans)))
    return rows, Scale([*costs], lambda at: _million(costs[at]), says, ends, has_grid=False)


def _waterfall(result: PlanResult) -> tuple[list[Row], Scale]:
    """A row an option, in the order of the plan: what it adds to all above it, to the last."""
    starts = {row.option: row.start for row in result.chosen}
    last = next(row for row in result.years if row.year == result.until)
    last_one = max((n for n, row in enumerate(result.added, 1) if row.added > LITTLE), default=0)
    table = [("With nothing chosen", 0.0, last.before, share(last.before))]
    for index, row in enumerate(result.added[: MOST_ROWS - 1], 1):
        idle = "enables" if index < last_one else "no more"
        text = f"+{100 * row.added:.2g} points" if row.added > LITTLE else idle
        name = plain(f"{starts[row.option]} {row.name}")
        table.append((name, row.coverage - row.added, row.coverage, text))
    rows = []
    for index, (name, begin, end, text) in enumerate(table):
        color, opacity = (ACCENT, 0.9) if index else (SECOND, WAITING)
        low, high = sorted((max(0.0, begin), min(1.0, end)))
        look: dict[str, Any] = {"opacity": opacity, "linewidth": 0.0}
        look["hover"] = (name, f"{share(begin)} to {share(end)} in {result.until}")
        parts = [Part("bar", f"adds-{index}", (low, high), color, look)]
        if index:  # from the bar above to this one
            joint = {"role": "grid", "width": 0.8, "zorder": 0.8, "up": 1}
            parts.append(Part("upright", f"on-{index}", (begin, begin), FAINT, joint))
        if index and end - begin <= LITTLE:  # where the coverage stands that it leaves as it is
            at = (min(1.0, end),) * 2
            parts.append(Part("dot", f"enables-{index}", at, MUTED, {"role": "mark"}))
        rows.append(Row((name,), parts, text))
    if last.target:
        rows[0] = _aimed(rows[0], last.target)
    return rows, Scale(_PARTS, share, f"share of demand covered in {result.until}")


def _names(result: PlanResult) -> Mapping[str, str]:
    rows = cast("tuple[Option, ...]", result.question.net.rows("options"))
    return {row.id: row.name for row in rows}
