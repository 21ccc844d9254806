"""What is said around a flow, and of a box or ribbon when a reader points at it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from typing import TYPE_CHECKING

from supplynet.analysis.question import Question
from supplynet.draw.answer import Answer, Bundle
from supplynet.draw.sheet import Words, heaviest, source_of, without
from supplynet.draw.style import tonnes
from supplynet.draw.words import as_drawn, bare, plant_name, spelled
from supplynet.network.countries import with_article
from supplynet.network.timeline import capacities_in_force
from supplynet.terms import PLANTS, STANDINGS, TIERS
from supplynet.text import between, plain, share, share_range
from supplynet.text import tonnes as number

if TYPE_CHECKING:
    from supplynet.draw.streams.ledger import Stop


def words(answer: Answer) -> Words:
    """Return the words around a flow."""
    (name, text), (figures, meaning) = title(answer), subtitles(answer)
    return Words(name, text, figures, meaning, sources(answer), answer.provenance.digest)


def scale_bar(scale: float, line: float = math.inf) -> tuple[float, float]:
    """Return a round tonnage whose bar stands in a line of some height, and its own, points."""
    wanted = min(16.0, 0.9 * line) / scale
    power = 1e-6
    while power * 10 <= wanted:
        power *= 10
    unit = max(step * power for step in (1, 2, 5) if step * power <= wanted)
    return unit, unit * scale


#: products whose coverage is reported
_FORMS = 1
#: part of a figure that is rounding
_ROUNDING = 1e-6


def title(answer: Answer) -> tuple[str, str]:
    """The message: the question, and what the tier that is drawn could bring of demand."""
    question, need = answer.question, answer.need.value
    value = answer.value if answer.most is None else answer.most
    head = f"{question.to_name}{without(question)}, {spelled(answer.element)}, {question.year}"
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
    is_plan = answer.model == "balance"
    text = alone_of(question, is_plan)
    if answer.forms:
        named = list(map(_form, answer.forms[:_FORMS]))
        left = len(answer.forms) - len(named)
        more = f" and {left} more" if left else ""
        text += f", {', '.join(named)}{more}"
    text += f": {', '.join(parts)}" if parts else ""
    how = " in products, after every loss" if is_plan else ": a maximum flow, one of possibly many"
    meaning = [f"{answer.unit} that arrive{how}."]
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
    if answer.most:
        return plain(f"The plan that brings most products brings no {answer.element}")
    return plain(
        f"Nothing arrives: no open way brings {answer.element} to {question.to_name}"
        f"{without(question)} in {question.year} on {question.counted}"
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
    more = f" and {len(others)} more" if others else ""
    return plain(f"at its limit: {bare(first)}{more}")


#: lines of a tip at the most
MOST_LINES = 6


def box_hover(question: Question, stop: Stop, unit: str) -> tuple[str, ...]:
    """Lines about a box: what passes it, through which plants, what stands at its limit."""
    stage = plain(question.net.stages[stop.stage].plural)
    lines = [f"{stop.title}, {stage}: {number(stop.through)} {unit}"]
    if stop.need:
        lines.append(f"needs {number(stop.need)} {unit}")
    if stop.is_estimated:
        lines.append("mostly from plants whose capacity is estimated")
    return with_members(question, lines, stop.members, stop.cut)


def with_members(
    question: Question,
    lines: Iterable[str],
    members: Mapping[str, float],
    cut: Container[str] = (),
    *,
    foot: Iterable[str] = (),
    is_told: bool = True,
) -> tuple[str, ...]:
    """Return lines with those of the largest members, if they are reported, and their sources."""
    net, shown = question.net, largest(members)
    steps = capacities_in_force(net, question.year, question.plants)
    rows = [steps.get(text, net.node(text)) for text, _ in shown]
    record = (
        f"{plant_name(net.node(entry))}: {number(value)} t"
        + (" (at its limit)" if entry in cut else "")
        for entry, value in (shown if is_told else ())
    )
    sources = source_line(question, (member for row in rows for member in row.source_ids))
    return listed(lines, record, len(members) if is_told else 0, [*foot, *sources])


def ribbon_hover(
    question: Question, bundle: Bundle, tail: str, head: str, unit: str
) -> tuple[str, ...]:
    """Lines about a ribbon between boxes: tonnes, forms, standing, rules, plants at its ends."""
    net = question.net
    parts = sorted(bundle.parts.items(), key=lambda pair: (-pair[1], pair[0].tail, pair[0].head))
    forms = dict.fromkeys(
        plain(net.form_by_name[segment.form].title) for segment, _ in parts if segment.form
    )
    standings = dict.fromkeys(entry.standing for entry, _ in parts)
    lines = [
        f"{tail} to {head}: {number(bundle.tonnes)} {unit}",
        *filter(None, ["; ".join(", ".join(names) for names in (forms, standings) if names)]),
    ]
    if bundle.cut:
        lines.append(f"at its limit: {plain(bundle.cut)}")
    return listed(
        lines,
        (
            f"{plain(net.node(member.tail).name)} to {plain(net.node(member.head).name)}: "
            f"{number(value)} t" + (f", assumed by the rule {member.how}" if member.how else "")
            for member, value in parts[:MOST_LINES]
        ),
        len(parts),
        source_line(question, (name for portion, _ in parts for name in portion.source_ids)),
    )


def largest(members: Mapping[str, float]) -> list[tuple[str, float]]:
    """Return the largest members, as many as one reads."""
    return sorted(members.items(), key=lambda entry: (-entry[1], entry[0]))[:MOST_LINES]


def listed(
    head: Iterable[str], parts: Iterable[str], count: int, foot: Iterable[str] = ()
) -> tuple[str, ...]:
    """Return at most six lines: a tip that is longer hides what it speaks of.

    Parameters
    ----------
    head : iterable of str
        What is said first.
    parts : iterable of str
        Lines about parts, of which as many are shown as there is room for.
    count : int
        How many parts there are.
    foot : iterable of str
        What is said last.

    Examples
    --------
    >>> listed(["Fiji"], ["a", "b", "c", "d", "e"], 9, ["Source: s"])
    ('Fiji', 'a', 'b', 'c', 'and 6 more', 'Source: s')
    """
    last = tuple(foot)
    first = tuple(head)[: MOST_LINES - len(last)]
    room = MOST_LINES - len(first) - len(last)
    shown = tuple(parts)[:room]
    if count > len(shown) and room:
        shown = (*shown[: room - 1], f"and {count - min(len(shown), room - 1)} more")
    return (*first, *shown, *last)


def source_line(question: Question, ids: Iterable[str]) -> list[str]:
    """Return the title of the first source and how many others there are; none for none."""
    sources = question.net.source_by_id
    titles = [plain(sources[fromkey].title) for fromkey in dict.fromkeys(ids) if fromkey in sources]
    more = f" and {len(titles) - 1} more" if len(titles) > 1 else ""
    return [f"Source: {titles[0]}{more}"] if titles else []
