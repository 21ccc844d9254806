"""The interdiction frontier: how much of demand is covered when the worst few are lost."""

from __future__ import annotations

from functools import partial
from typing import Any

from supplynet.analysis.flow.worst_case import Step, WorstCase
from supplynet.analysis.losses import left_out
from supplynet.draw.charts.plot import Drawing, ticks, with_columns, with_rows
from supplynet.draw.figure import picture
from supplynet.draw.scene import Label, Plot, Point, Scene, Shape, rectangle
from supplynet.draw.sheet import LINE, Entry, Words, words_of
from supplynet.draw.style import ACCENT, FAINT, MUTED, PAPER, SECOND, Size, find_size
from supplynet.draw.words import fit, spelled, wrap
from supplynet.errors import OptionError
from supplynet.questions.interdict import InterdictionResult
from supplynet.terms import LOSSES
from supplynet.text import plain, share, tonnes

#: share of a coverage that is rounding
_LEAST = 1e-6


#: part of the losses by which the first dot stands off its axis
_APART = 0.03


def worst_scene(result: WorstCase, *, size: str | Size = "slide", theme: str = "light") -> Scene:
    """Draw how much of demand is covered when the worst few are lost, and who they are.

    Parameters
    ----------
    result : InterdictionResult or BalanceInterdictionResult
        With its frontier.
    size, theme : str
        As in :func:`layers`.

    Returns
    -------
    Picture, or Scene
        A figure by :func:`worst`, what is laid out in it by :func:`worst_scene`.

    Raises
    ------
    OptionError
        If an option's value is not allowed, or the result holds no frontier.

    Examples
    --------
    >>> import supplynet as sn
    >>> found = sn.chokepoints.interdict(sn.load("tutorial"), to="MLT", element="Nd", k=2)
    >>> sum(shape.role == "dot" for shape in sn.draw.worst(found).scene.shapes) >= 3
    True
    """
    paper = find_size(size, theme)
    steps = _steps(result)
    is_share = _need(result) > 0.0
    marks = ticks(_height(result, result.whole))
    canvas = Drawing(_words(result), paper, _legend(result))
    letters = paper.row
    is_told = any(
        member.sets and member.sets[0] for member in steps
    )  # else the line has all the room
    middle = paper.width * (0.5 if is_told else 1.0)
    plot = Plot(
        paper.margin + 4.6 * letters,
        canvas.top + 2.7 * letters,
        middle - 5.5 * letters,
        canvas.bottom - 3.4 * letters,
        -_APART * max(1.0, steps[-1].budget),  # the first dot stands off the figures of its axis
        max(1.0, steps[-1].budget),
        0.0,
        marks[-1],
    )
    small = letters * 0.9
    says = plain(
        "share of demand still covered" if is_share else f"{result.unit} that still arrive"
    )
    above = Label(says, paper.margin, canvas.top + 0.4 * letters, small, MUTED, role="axis")
    plot = with_rows(plot, marks, share if is_share else tonnes, small, title=above)
    lost = f"{LOSSES[result.by].plural} lost" if _is_counted(result) else "budget"
    plot = with_columns(plot, [candidate.budget for candidate in steps], _whole, small, title=lost)
    canvas.plots.append(plot)
    points: list[Point] = []  # a line falls at each loss: there is none between two
    for step in steps:
        x, y = plot.x(step.budget), plot.y(_height(result, step.value))
        points += [*((x, points[-1][1]) for _ in points[-1:]), (x, y)]
    canvas.line("frontier", points, ACCENT)
    for entry in steps:  # from what was found down to what is proved, where they differ
        if not entry.is_proved:
            x, y = plot.x(entry.budget), plot.y(_height(result, entry.value))
            box = rectangle(x - 4, y, 8, plot.y(_height(result, entry.bound)) - y)
            name = f"open-{_whole(entry.budget)}"
            canvas.shapes.append(Shape(name, box, "range", fill=ACCENT, opacity=0.25))
    _dots(result, canvas, letters)
    if is_told:
        _list(result, canvas, middle, letters)
    return canvas.scene("A falling line and a list of losses.")


worst = picture(worst_scene)


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


def _dots(result: WorstCase, canvas: Drawing, letters: float) -> None:
    """Draw each step with its figure, and what a ranking would have cost instead."""
    plot, radius = canvas.plot, 0.36 * letters
    if _is_beaten(result) and result.ranked:
        x, y = plot.x(result.ranked.budget), plot.y(_height(result, result.ranked.value))
        hover = (f"those that rank highest one by one: {tonnes(result.ranked.value)} left",)
        look: dict[str, Any] = {"fill": PAPER, "stroke": SECOND, "width": 1.6, "hover": hover}
        canvas.dot("ranked", x, y, radius, **look)
    for step in result.frontier:
        x, y = plot.x(step.budget), plot.y(_height(result, step.value))
        names = " and ".join(plain(target.name) for target in step.sets[0]) if step.sets else ""
        text = f"{names or 'nothing lost'}: {tonnes(step.value)} {result.unit} still arrive"
        canvas.dot(f"step-{_whole(step.budget)}", x, y, radius, fill=ACCENT, hover=(text,))
        x, y, look = x + 0.5 * letters, y - 0.95 * letters, {"is_bold": True, "has_halo": True}
        canvas.write(_figure(result, step.value), x, y, letters * 0.9, **look)


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


def _list(result: WorstCase, canvas: Drawing, left: float, letters: float) -> None:
    """Name the worst losses of each budget, with what they cost."""
    right, bottom = canvas.size.width - canvas.size.margin, canvas.bottom
    write, step = partial(canvas.write, role="list"), LINE * letters
    steps = [member for member in result.frontier if member.sets and member.sets[0]]
    y = canvas.top + 0.5 * step
    figures = left + 2.2 * letters
    names = figures + 9.5 * letters
    write("left", names - letters, y, letters * 0.9, MUTED, anchor="right")
    write("worst losses", names, y, letters * 0.9, MUTED)
    y += 1.3 * step
    before: set[str] = set()
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
        lines = wrap(text, letters, right - names, limit=limit)
        if y + step * len(lines) > bottom and index < len(steps):
            write(f"and {len(steps) - index} more", names, y, letters, MUTED)
            break
        write(_whole(entry.budget), left, y, letters, is_bold=True)
        figure = fit(f"{tonnes(entry.value)} t", letters, names - letters - figures)
        write(figure, names - letters, y, letters, anchor="right")
        for count, words in enumerate(lines):
            write(words, names, y + count * step, letters)
        y += step * len(lines) + 0.35 * step
        rule = (left, y - 0.65 * step), (right, y - 0.65 * step)
        canvas.line(f"rule-{index}", rule, FAINT, role="grid", width=0.5)
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
