"""What surrounds the flow on the canvas: message, meaning of the figures, legend, sources."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from supplynet.draw import sheet
from supplynet.draw.answer import Answer
from supplynet.draw.scene import Label, Shape, rectangle
from supplynet.draw.sheet import Entry, Frame, Words, heaviest, source_of
from supplynet.draw.style import CUT, INK, RIBBONS, Size, tonnes
from supplynet.draw.svg import DASH
from supplynet.draw.words import SEVERAL_TOLD, as_drawn, spelled, wrap
from supplynet.network.countries import with_article
from supplynet.network.timeline import capacities_in_force
from supplynet.terms import PLANTS, STANDINGS, TIERS
from supplynet.text import between, plain, share, share_range
from supplynet.text import tonnes as number

if TYPE_CHECKING:
    from supplynet.analysis.question import Question

_SWATCH = 22.0
#: points per t/yr of a scale whose bar has words as long as any
_SMALL_SCALE = 8e-5
#: letters of what stands in place of a flow, over those of labels
MESSAGE = 1.1
#: parts of the swatch of a demand, from the top
_NEED = ("sure", "planned", "faint")
_WIDTHS = {"scale": 5.0, "need": 5.0, "estimate": 0.0, "several": 0.0}


def frame(answer: Answer, size: Size, kinds: Sequence[str] = ()) -> Frame:
    """Return the words around the flow and the room that they leave.

    Parameters
    ----------
    kinds : sequence of str
        What the legend will explain, as in :func:`legend`: it has lines of its own.
    """
    name, text = title(answer)
    figures, meaning = subtitles(answer)
    texts = Words(name, text, figures, meaning, sources(answer))
    # a bar of many tonnes: of long words
    entries = _entries(answer, kinds, _SMALL_SCALE, size)
    return sheet.frame(texts, size, n_legend=max(1, sheet.legend_lines(entries, size)))


def message(answer: Answer, size: Size, around: Frame) -> tuple[Label, ...]:
    """Return what stands in place of a flow that is nothing."""
    room = size.width - 4 * size.margin
    letters = MESSAGE * size.label
    y = around.top + 2.6 * size.heading + letters
    lines = wrap(nothing(answer), letters, room, is_bold=True)
    return tuple(
        Label(
            line,
            size.width / 2,
            y + 1.4 * letters * index,
            letters,
            CUT,
            anchor="middle",
            is_bold=True,
            role="note",
        )
        for index, line in enumerate(lines)
    )


def kinds_of(
    kinds: Iterable[str],
    *,
    is_cut: bool,
    has_need: bool,
    is_estimated: bool,
    has_several: bool = False,
) -> tuple[str, ...]:
    """Return what a legend has to explain, in its order.

    Parameters
    ----------
    kinds : iterable of str
        Of the ribbons that are drawn.
    is_cut, has_need, is_estimated, has_several : bool
        Whether limits, demand, estimates and rows of several plants are reported.
    """
    present = set(kinds)
    names = [kind for kind in RIBBONS if kind in present]
    names += ["scale"] if present else []
    names += ["need"] if has_need else []
    names += ["estimate"] if is_estimated else []
    names += ["several"] if has_several else []
    names += ["cut"] if is_cut else []  # the longest last: those before it share their lines
    return tuple(names)


def legend(
    answer: Answer,
    size: Size,
    around: Frame,
    kinds: Sequence[str],
    scale: float,
) -> tuple[list[Shape], list[Label]]:
    """Explain what is in the picture, and nothing else; `kinds` are those of :func:`kinds_of`."""
    rows = sheet.legend_rows(_entries(answer, kinds, scale, size), size)
    return sheet.legend(rows, size, around.bottom + 4)


def _entries(answer: Answer, kinds: Sequence[str], scale: float, size: Size) -> list[Entry]:
    lead = "weakest link: "
    line = sheet.legend_line(size)
    unit, height = scale_bar(scale, line) if "scale" in kinds else (0.0, 0.0)
    swatch = min(9.0, 0.8 * line)
    options = {
        "scale": (f"= {number(unit)} t a year", height),
        "cut": (cut_legend(answer), swatch),
        "need": (
            "need, filled by tier" + (", hatched beyond" * (answer.value > answer.need.value)),
            swatch,
        ),
        "estimate": ("~ mostly estimates", 0.0),
        "several": (SEVERAL_TOLD, 0.0),
    }
    return [
        _entry(kind, *options[kind], size)
        if kind in options
        else _entry(kind, f"{lead if kind == kinds[0] else ''}{RIBBONS[kind].title}", swatch, size)
        for kind in kinds
    ]


def scale_bar(scale: float, line: float = math.inf) -> tuple[float, float]:
    """Return a round tonnage whose bar stands in a line of some height, and its own, points."""
    wanted = min(16.0, 0.9 * line) / scale
    power = 1e-6
    while power * 10 <= wanted:
        power *= 10
    unit = max(step * power for step in (1, 2, 5) if step * power <= wanted)
    return unit, unit * scale


def _entry(kind: str, text: str, height: float, size: Size) -> Entry:
    """Return an entry with a swatch of a height."""
    wide = _WIDTHS.get(kind, _SWATCH) * min(1.0, size.small / 8.5)
    return Entry(text, draw=lambda x, y: _swatch(kind, x, y - height / 2, wide, height), wide=wide)


def _swatch(kind: str, x: float, y: float, width: float, height: float) -> Iterator[Shape]:
    """Yield a swatch: of a need a bar that is filled in part."""
    parts, style = {"cut": (CUT,), "scale": (INK,), "need": _NEED}.get(kind, ()), RIBBONS.get(kind)
    if style is not None:
        yield Shape(
            f"legend-{kind}",
            rectangle(x, y, width, height),
            "patch",
            style.fill,
            style.outline,
            0.8,
            DASH if style.is_dashed else (),
            style.opacity,
            0.9,
            "above",
        )
    tall = height / max(len(parts), 1)
    for index, fill in enumerate(parts):
        box = rectangle(x, y + index * tall, width, tall)
        yield Shape(f"legend-{kind}-{index}", box, "patch", fill, layer="above")


#: products whose coverage is reported
_FORMS = 1
#: part of a figure that is rounding
_ROUNDING = 1e-6


def title(answer: Answer) -> tuple[str, str]:
    """The message: the question, and what the tier that is drawn could bring of demand."""
    question, need = answer.question, answer.need.value
    value = answer.value if answer.most is None else answer.most
    without = f" without {question.avoid_name}" if question.avoid else ""
    head = f"{question.to_name}{without}, {spelled(answer.element)}, {question.year}"
    counted = _counted(answer.tiers[-1][0])
    if answer.most is None:  # what a plan of all products brings is less than what could come
        of_need = f" of the {tonnes(need)} needed" if need > 0 else ""
        text = f"{number(value) if of_need else tonnes(value)}{of_need} arrive as drawn"
    elif need <= 0:
        text = f"{counted} could bring {tonnes(value) if value else 'nothing'}"
    elif value > need * (1.0 + _ROUNDING):
        if tonnes(answer.value) == tonnes(need):
            text = f"{counted} could bring {tonnes(value)}; the {tonnes(need)} needed are drawn"
            return plain(f"{head}:"), plain(text)
        text = f"{counted} could bring {tonnes(value)}, more than the {tonnes(need)} needed"
    elif value:
        piece = share(min(1.0, value / need))
        text = f"{counted} could cover {piece} of demand, {number(value)} of {tonnes(need)}"
    else:
        text = f"{counted} could bring nothing of the {tonnes(need)} needed"
    drawn = as_drawn(answer.value, value)
    return plain(f"{head}:"), plain(f"{text} ({drawn})" if drawn else text)


def _counted(tier: str) -> str:
    """What a tier counts on at the most, as the subject of a sentence.

    A tier without a name of its own is called by its weakest links.
    """
    if tier in TIERS:
        return TIERS[tier].subject
    links = STANDINGS[tier]
    return links.plural if links.is_firm else f"{links.plural} of {PLANTS['operating'].phrase}"


def subtitles(answer: Answer) -> tuple[str, str]:
    """The tiers with their range, and how the figures are to be read."""
    question = answer.question
    *surer, (drawn, value) = answer.tiers
    # what is drawn is reported above, and with it a surer tier that brings as much
    parts = [
        f"{tonnes(figure)} {tier}" for tier, figure in surer if tonnes(figure) != tonnes(value)
    ]
    if answer.spread is not None:
        spread = f" (data range {between(*answer.spread)} t)" if answer.spread[1] > 0 else ""
        parts.append(f"{tonnes(value)} {drawn}{spread}")
    text = alone_of(question, answer.model == "balance")
    if answer.forms:
        named = list(map(_form, answer.forms[:_FORMS]))
        left = len(answer.forms) - len(named)
        more = f" and {left} more" if left else ""
        text += f", {', '.join(named)}{more}"
    text += f": {', '.join(parts)}" if parts else ""
    meaning = [f"{answer.unit} that arrive"]
    if answer.model == "balance":
        meaning[0] += " in products, after every loss."
    else:
        meaning[0] += ": a maximum flow, one of possibly many."
    if answer.need.value > 0:
        estimated = answer.need.estimated_share
        piece = share(estimated)
        rests = f", {'' if piece == '100%' else f'{piece} of it '}estimated" if estimated else ""
        meaning.append(f"Demand: {answer.need}{rests}.")
    if answer.is_upper_bound:
        meaning.append("Plants count as if they handled this element alone.")
    if question.lens == "control":
        unsure = question.shut.possibly != question.shut.surely
        meaning.append(f"Countries are the owners'{', unknown ones shut' if unsure else ''}.")
    return plain(text), plain(" ".join(meaning))


def alone_of(question: Question, is_plan: bool) -> str:
    """Say of which optimum what is drawn is a part."""
    if is_plan:
        return "Drawn: the plan of most products"
    return f"Potential of {with_article(question.to_name)} with exclusive access"


def _form(row: tuple[str, float, float, float, float]) -> str:
    """Coverage of a form with its data range."""
    title, need, covered, low, high = row
    span = share_range(low, high)
    spread = "" if span == share(covered) else f" (data range {span})"
    return f"{share(covered)}{spread} of {tonnes(need)} {title[:1].lower()}{title[1:]}"


def nothing(answer: Answer) -> str:
    """What a picture without any flow says in its middle."""
    question = answer.question
    without = f" without {question.avoid_name}" if question.avoid else ""
    if answer.most:
        return plain(f"The plan that brings most products brings no {answer.element}")
    return plain(
        f"Nothing arrives: no open way brings {answer.element} to {question.to_name}{without} "
        f"in {question.year} on {question.counted}"
    )


def sources(answer: Answer) -> str:
    """The line at the bottom: graph, licence, the weightiest sources, digest, software.

    A source weighs as many tonnes as arrive by ways on which a link or capacity rests on it.
    """
    proof = answer.provenance
    weights: dict[str, float] = defaultdict(float)
    question = answer.question
    rows = capacities_in_force(question.net, question.year, question.plants)
    for chain in answer.chains:
        cited = {text for segment in chain.segments for text in segment.source_ids}
        for node in chain.nodes:
            cited.update(rows.get(node, answer.question.net.node(node)).source_ids)
        for name in cited:
            weights[name] += chain.tonnes
    titles = heaviest(answer.question.net, weights)
    return source_of(answer.question.net, proof.digest, proof.versions, mostly=titles)


def shut_legend(answer: Answer) -> str:
    """What the grey parts mean, and how much of them is drawn where that is not all."""
    shut = answer.question.shut
    name = answer.question.avoid_name
    if shut.possibly != shut.surely:
        name += " or plants of unknown owners"
    text = f"shut: {tonnes(answer.lost_value)} would pass {name} if all were open"
    drawn = sum(chain.tonnes for chain in answer.lost)
    if drawn < answer.lost_value * (1.0 - _ROUNDING):
        text += f"; {tonnes(drawn)}, as much as is needed, are drawn"
    return plain(text)


def cut_legend(answer: Answer) -> str:
    """What red means: the limits that stop more, by name."""
    if answer.model == "flow":
        return plain(f"at its limit: the minimum cut, together {tonnes(answer.value)}")
    first, *others = answer.limits or ("binding constraint",)
    name = " ".join(re.sub(r"\s*\([^()]*\)", " ", first).split()).replace(" ,", ",")
    more = f" and {len(others)} more" if others else ""
    return plain(f"at its limit: {name}{more}")


def description(answer: Answer, columns: list[str]) -> str:
    """What the picture shows, for readers who cannot see it."""
    tiers, meaning = subtitles(answer)
    chain = ", ".join(columns)
    return plain(
        f"Flow diagram from left to right: {chain}. {tiers}. {meaning} "
        f"{len(answer.chains)} routes carry the flow."
    )
