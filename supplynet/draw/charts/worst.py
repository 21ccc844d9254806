"""The interdiction frontier: how much of demand is covered when the worst few are lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from supplynet.analysis.flow.worst_case import Step, WorstCase
from supplynet.analysis.losses import left_out
from supplynet.draw.chart import Part, Row, Scale, row_chart, ticks
from supplynet.draw.mpl import Picture
from supplynet.draw.sheet import Entry, Words, without, words_of
from supplynet.draw.style import ACCENT, PAPER, SECOND, Size, find_size
from supplynet.draw.words import bare, spelled
from supplynet.errors import OptionError
from supplynet.questions.interdict import InterdictionResult
from supplynet.terms import LOSSES
from supplynet.text import plain, share, tonnes

#: share of a coverage that is rounding
_LEAST = 1e-6


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
    >>> sn.draw.worst(found).axes[0].get_xlabel()
    'share of demand still covered'
    """
    paper = find_size(size, theme)
    _require(result)
    is_share, rows = _need(result) > 0.0, list(map(partial(_row, result), _told(result)))
    says = "share of demand still covered" if is_share else f"{result.unit} that still arrive"
    ranked = result.ranked
    if _is_beaten(result) and ranked:
        hover = (f"those that rank highest one by one: {tonnes(ranked.value)} left",)
        at = (_height(result, ranked.value),) * 2
        rows[-1] = replace(
            rows[-1], parts=(*rows[-1].parts, Part("dot", "ranked", at, SECOND, {"hover": hover}))
        )
    lost = f"{LOSSES[result.by].plural} lost" if _is_counted(result) else "budget"
    marks = ticks(_height(result, result.whole))
    scale = Scale(marks, share if is_share else tonnes, plain(says), heading=lost)
    looks: dict[str, Any] = {"what": "A bar for each number of losses.", "room": 0.5, "most": 5.0}
    return row_chart(_words(result), paper, _legend(result), rows, scale, **looks)


def _require(result: WorstCase) -> None:
    """Refuse what has no frontier."""
    if not isinstance(result, WorstCase):
        raise OptionError(
            f"a picture of the worst needs the result of interdict, not {type(result)}"
        )
    if not result.frontier:
        raise OptionError(
            "the result holds no frontier", hint="ask interdict with frontier=True for one"
        )


def _told(result: WorstCase) -> Iterator[tuple[Step, list[str]]]:
    """Yield each step with its names: who is lost, or who is lost besides those above it."""
    before: set[str] = set()
    for step in result.frontier:
        members = [target.name for target in step.sets[0]] if step.sets else []
        is_more = before and before < set(members)
        shown = [name for name in members if name not in before] if is_more else members
        before = set(members)
        budget, others = _whole(step.budget), max(len(step.sets) - 1, 0)
        lead = f"{budget}: {'and ' * bool(is_more)}"
        more = f" (or {others}{'' if step.is_complete else ' or more'} as bad)" if others else ""
        names = [plain(name) for name in shown] or ["nothing lost"]
        tries = (names, list(map(bare, names)))
        texts = [f"{lead}{' and '.join(some)}{more}" for some in tries]
        yield step, [*texts, f"{lead}{bare(names[0])} and {len(names) - 1} more"]


def _row(result: WorstCase, told: tuple[Step, list[str]]) -> Row:
    """Return a step: what is left, and from there down to what is proved where that is less."""
    step, names = told
    end, least = (_height(result, value) for value in (step.value, step.bound))
    text = f"{tonnes(step.value)} {result.unit} still arrive"
    name, look = _whole(step.budget), {"hover": (f"{names[0]}: {text}",)}
    parts = [Part("bar", f"step-{name}", (0.0, end), ACCENT, look)]
    if not step.is_proved:
        open_ = {"role": "range", "hatch": "//", "opacity": 0.0, "edge": PAPER}
        parts.append(Part("bar", f"open-{name}", (least, end), PAPER, open_))
    figure = f"{tonnes(step.value)} t"
    if _need(result):
        figure = f"{share(end)}, {figure}"
    return Row(names, parts, figure)


def _need(result: WorstCase) -> float:
    """Return what is needed, per year; 0 where that is not known."""
    if isinstance(result, InterdictionResult):
        return result.demand.value
    return float(getattr(result, "demand", None) or 0.0)


def _height(result: WorstCase, value: float) -> float:
    """Return the share of demand that is covered, or what arrives where none is known."""
    need = _need(result)
    return min(max(value, 0.0), need) / need if need else value


def _legend(result: WorstCase) -> list[Entry]:
    """Explain what is in the picture, and nothing else."""
    is_proved = all(step.is_proved for step in result.frontier)
    text = "after the worst losses" + (", with proof" if is_proved else " found")
    entries = [Entry(text, fill=ACCENT)]
    if not is_proved:
        entries.append(Entry("down to what no losses can go below", fill=PAPER, stroke=ACCENT))
    if _is_beaten(result):
        text = "after losing those that rank highest one by one"
        entries.append(Entry(text, fill=PAPER, stroke=SECOND, width=1.4, is_dot=True))
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


def _words(result: WorstCase) -> Words:
    question = result.question
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
        question,
        result.provenance,
        f"{question.to_name}{without(question)}, {what}{question.year}:",
        text,
        f"Potential of {question.to_name} with exclusive access ({how}): "
        f"{tonnes(result.whole)} {result.unit}{of_need} with everything in place, "
        f"{tonnes(last.value)} after",
        f"Worst case {proved}, everything else rerouted at best, on {question.counted}."
        f" {left_out(question.net, result.by)}",
    )
