"""What a reader sees on pointing at a box or ribbon: plants, tonnes, standing, sources."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import TYPE_CHECKING

from supplynet.analysis.question import Question
from supplynet.draw.answer import Bundle
from supplynet.draw.words import plant_name
from supplynet.network.timeline import capacities_in_force
from supplynet.text import plain
from supplynet.text import tonnes as number

if TYPE_CHECKING:
    from supplynet.draw.streams.ledger import Stop

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
