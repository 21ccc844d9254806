"""The interdiction frontier: how much of demand is covered when the worst few are lost."""

from __future__ import annotations

from functools import partial

from matplotlib.axes import Axes

from supplynet.analysis.flow.worst_case import Step, WorstCase
from supplynet.analysis.losses import left_out
from supplynet.draw.chart import Chart, chart, ticks
from supplynet.draw.mpl import Picture
from supplynet.draw.sheet import LINE, Entry, Words, words_of
from supplynet.draw.style import ACCENT, MUTED, PAPER, SECOND, Size, find_size
from supplynet.draw.words import spelled, wrap
from supplynet.errors import OptionError
from supplynet.questions.interdict import InterdictionResult
from supplynet.terms import LOSSES
from supplynet.text import plain, share, tonnes

#: share of a coverage that is rounding
_LEAST = 1e-6


#: part of the losses by which the first dot stands off its axis
_APART = 0.03


def worst(result: WorstCase, *, size: str | Size = "slide", theme: str = "light") -> Picture:
    """Draw how much of demand is covered when the worst few are lost, and who they are.

    Parameters
    ----------
    result : InterdictionResult or BalanceInterdictionResult
        With its frontier.
    size, theme : str
        As in :func:`layers`.

    Returns
    -------
    Picture

    Raises
    ------
    OptionError
        If an option's value is not allowed, or the result holds no frontier.

    Examples
    --------
    >>> import supplynet as sn
    >>> found = sn.chokepoints.interdict(sn.load("tutorial"), to="MLT", element="Nd", k=2)
    >>> sn.draw.worst(found).axes[0].get_ylabel()
    'share of demand still covered'
    """
    paper = find_size(size, theme)
    steps = _steps(result)
    is_share = _need(result) > 0.0
    marks, most = ticks(_height(result, result.whole)), max(1.0, steps[-1].budget)
    is_told = any(step.sets and step.sets[0] for step in steps)  # else the line has all the room
    what = "A falling line and a list of losses."
    with chart(_words(result), paper, _legend(result), what=what) as picture:
        across = -_APART * most, most  # the first dot stands off the figures of its axis
        axes = picture.plot(across, (0.0, marks[-1]), above=3.4, end=0.5 if is_told else 1.0)
        says = "share of demand still covered" if is_share else f"{result.unit} that still arrive"
        picture.up(axes, marks, share if is_share else tonnes, plain(says), 2.2)
        lost = f"{LOSSES[result.by].plural} lost" if _is_counted(result) else "budget"
        budgets = [step.budget for step in steps]
        picture.across(axes, budgets, _whole, lost, has_grid=False)
        heights = [_height(result, step.value) for step in steps]
        # a line falls at each loss: there is none between two
        picture.line(axes, "frontier", budgets, heights, ACCENT, drawstyle="steps-post")
        for step in steps:  # from what was found down to what is proved, where they differ
            if not step.is_proved:
                span = _height(result, step.bound), _height(result, step.value)
                name, wide = f"open-{_whole(step.budget)}", 0.06 * most
                picture.bar(
                    axes,
                    name,
                    span,
                    step.budget,
                    ACCENT,
                    tall=wide,
                    is_upright=True,
                    role="range",
                    opacity=0.25,
                )
        _dots(result, picture, axes)
        if is_told:
            _list(result, picture, paper.width / 2)
    return picture


def _steps(result: WorstCase) -> tuple[Step, ...]:
    """Return the steps of the frontier that is drawn."""
    if not isinstance(result, WorstCase):
        raise OptionError(
            f"a picture of the worst needs the result of interdict, not {type(result)}"
        )
    if not result.frontier:
        raise OptionError(
            "the result holds no frontier", hint="ask interdict with frontier=True for one"
        )
    return result.frontier


def _dots(result: WorstCase, picture: Chart, axes: Axes) -> None:
    """Draw each step with its figure, and what a ranking would have cost instead."""
    radius, ranked = 0.36 * picture.letters, result.ranked
    if _is_beaten(result) and ranked:
        hover = (f"those that rank highest one by one: {tonnes(ranked.value)} left",)
        at = ranked.budget, _height(result, ranked.value)
        picture.dot(
            axes, "ranked", *at, radius, PAPER, edge=SECOND, markeredgewidth=1.6, hover=hover
        )
    for step in result.frontier:
        at = step.budget, _height(result, step.value)
        names = " and ".join(plain(target.name) for target in step.sets[0]) if step.sets else ""
        text = f"{names or 'nothing lost'}: {tonnes(step.value)} {result.unit} still arrive"
        picture.dot(axes, f"step-{_whole(step.budget)}", *at, radius, ACCENT, hover=(text,))
        picture.beside(
            axes,
            _figure(result, step.value),
            at,
            right=0.5 * picture.letters,
            down=-0.95 * picture.letters,
            weight="bold",
        )


def _need(result: WorstCase) -> float:
    """Return what is needed, per year; 0 where that is not known."""
    if isinstance(result, InterdictionResult):
        return result.demand.value
    return float(getattr(result, "demand", None) or 0.0)


def _height(result: WorstCase, value: float) -> float:
    """Return the share of demand that is covered, or what arrives where none is known."""
    need = _need(result)
    return min(max(value, 0.0), need) / need if need else value


def _figure(result: WorstCase, value: float) -> str:
    return share(_height(result, value)) if _need(result) else tonnes(value)


def _legend(result: WorstCase) -> list[Entry]:
    """Explain what is in the picture, and nothing else."""
    is_proved = all(step.is_proved for step in result.frontier)
    text = "after the worst losses" + (", with proof" if is_proved else " found")
    entries = [Entry(text, stroke=ACCENT, width=2.0, is_line=True)]
    if not is_proved:
        entries.append(Entry("down to what no losses can go below", fill=ACCENT, opacity=0.25))
    if _is_beaten(result):
        text = "after losing those that rank highest one by one"
        entries.append(Entry(text, stroke=SECOND, width=1.6, is_dot=True))
    return entries


def _is_beaten(result: WorstCase) -> bool:
    """Whether losing those at the top of a ranking would be less bad than the worst."""
    ranked = result.ranked
    return ranked is not None and ranked.value > result.value + 1e-9 * result.whole


def _whole(value: float) -> str:
    return f"{value:g}"


def _is_counted(result: WorstCase) -> bool:
    return all(
        target.cost == 1.0
        for step in result.frontier
        for targets in step.sets
        for target in targets
    )


def _list(result: WorstCase, picture: Chart, left: float) -> None:
    """Name the worst losses of each budget, with what they cost."""
    letters, bottom = picture.letters, picture.bottom
    step, names = LINE * letters, left + 11.7 * letters
    room = picture.width - picture.size.margin - names
    write = partial(picture.write, size=letters, gid="list", va="top", linespacing=1.05)
    y, before = picture.top + 0.6 * step, set[str]()
    write("left", names - letters, y, color=MUTED, ha="right")
    write("worst losses", names, y, color=MUTED)
    y += 1.4 * step
    steps = [member for member in result.frontier if member.sets and member.sets[0]]
    for index, entry in enumerate(steps):
        members = [target.name for target in entry.sets[0]]
        is_more = before and before < set(members)
        shown = [name for name in members if name not in before] if is_more else members
        text = ("and " if is_more else "") + " and ".join(plain(name) for name in shown)
        others = len(entry.sets) - 1
        if others:
            text += f" (or {others}{'' if entry.is_complete else ' or more'} as bad)"
        # the last may take all the room that is left
        limit = 4 if index < len(steps) - 1 else max(4, int((bottom - y) / step))
        lines = wrap(text, letters, room, limit=limit)
        if y + step * len(lines) > bottom:
            write(f"and {len(steps) - index} more", names, y, color=MUTED)
            break
        write(_whole(entry.budget), left, y, weight="bold")
        write(f"{tonnes(entry.value)} t", names - letters, y, ha="right")
        write("\n".join(lines), names, y)
        y += step * (len(lines) + 0.35)
        before = set(members)


def _words(result: WorstCase) -> Words:
    question = result.question
    without = f" without {question.avoid_name}" if question.avoid else ""
    last = result.frontier[-1]
    # more may be allowed than it takes
    n = min(int(last.budget), len(last.sets[0]) if last.sets else 0)
    kind = LOSSES[result.by]
    few = kind.singular if n == 1 else f"{n} {kind.plural}"
    lost = few if n and _is_counted(result) else "the budget"
    proved = (
        "with proof" if all(step.is_proved for step in result.frontier) else "best found so far"
    )
    before, after = (_height(result, value) for value in (result.whole, last.value))
    need = _need(result)
    if need and after >= before * (1.0 - _LEAST):
        least = _whole(last.budget)
        text = f"no loss of {least} leaves less than {share(before)} of demand covered"
    elif need:
        text = f"the worst {lost} to lose cut coverage from {share(before)} to {share(after)}"
    else:
        gone = share((before - after) / before) if before else "0%"
        text = f"the worst {lost} to lose cost {gone} of what could arrive"
    element = result.element if isinstance(result, InterdictionResult) else ""
    what = f"{spelled(element)}, " if element else "all products, "
    of_need = f" of the {tonnes(need)} needed" if need else ""
    how = "maximum flow" if element else "by the balance"
    return words_of(
        question.net,
        result.provenance,
        question.year,
        f"{question.to_name}{without}, {what}{question.year}:",
        text,
        f"Potential of {question.to_name} with exclusive access ({how}): "
        f"{tonnes(result.whole)} {result.unit}{of_need} with everything in place, "
        f"{tonnes(last.value)} after",
        f"Worst case {proved}, everything else rerouted at best, on {question.counted}."
        + (" Countries are the owners'." if question.lens == "control" else "")
        + f" {left_out(question.net, result.by)}",
    )
