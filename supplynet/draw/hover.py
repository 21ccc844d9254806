"""What a reader sees on pointing at a box or ribbon: plants, tonnes, standing, sources."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from supplynet.analysis.question import Question
from supplynet.draw.grouping import Bundle, Group
from supplynet.draw.words import plain
from supplynet.network.timeline import capacities_in_force
from supplynet.text import tonnes as number

if TYPE_CHECKING:
    from supplynet.draw.maps.sites import Site

_MOST = 8


def box_hover(question: Question, group: Group, unit: str) -> tuple[str, ...]:
    """Lines about a box: what passes it, through which plants, what stands at its limit."""
    net = question.net
    stage = net.stages[group.stage]
    lines = [f"{group.title}, {plain(stage.plural)}"]
    if group.flow:
        lines.append(f"{number(group.flow)} {unit} could arrive through it")
    if group.is_estimated:
        lines.append("mostly from plants whose capacity is estimated")
    if group.ghost:
        passes = plain(question.avoid_name)
        lines.append(f"{number(group.ghost)} {unit} of what passes {passes} when nothing is shut")
    members = group.members or group.ghost_members
    lines += listed(
        (
            f"{plain(net.node(one).name)}: {number(value)} t"
            + (" (at its limit)" if one in group.cut else "")
            for one, value in largest(members)
        ),
        len(members),
    )
    steps = capacities_in_force(net, question.year)
    rows = [steps.get(one, net.node(one)) for one, _ in largest(members)]
    return (*lines, *source_lines(question, (one for row in rows for one in row.source_ids)))


def ribbon_hover(
    question: Question, bundle: Bundle, tail: Group | Site, head: Group | Site, unit: str
) -> tuple[str, ...]:
    """Lines about a ribbon: tonnes, forms, standing, rules, plants at its ends."""
    net = question.net
    parts = sorted(bundle.parts.items(), key=lambda item: (-item[1], item[0].tail, item[0].head))
    forms = dict.fromkeys(plain(net.form_by_name[one.form].title) for one, _ in parts if one.form)
    standings = dict.fromkeys(one.standing for one, _ in parts)
    lines = [
        f"{tail.title} to {head.title}: {number(bundle.tonnes)} {unit}",
        "; ".join(", ".join(words) for words in (forms, standings) if words),
    ]
    if bundle.cut:
        lines.append(f"at its limit: {plain(bundle.cut)}")
    lines += listed(
        (
            f"{plain(net.node(one.tail).name)} to {plain(net.node(one.head).name)}: "
            f"{number(value)} t" + (f", assumed by the rule {one.how}" if one.how else "")
            for one, value in parts[:_MOST]
        ),
        len(parts),
    )
    return (*lines, *source_lines(question, (one for part, _ in parts for one in part.source_ids)))


def largest(members: dict[str, float]) -> list[tuple[str, float]]:
    """Return the largest members, as many as one reads."""
    return sorted(members.items(), key=lambda item: (-item[1], item[0]))[:_MOST]


def listed(lines: Iterable[str], count: int) -> list[str]:
    """Return lines, and how many more there are."""
    shown = list(lines)
    return [*shown, f"and {count - len(shown)} more"] if count > len(shown) else shown


def source_lines(question: Question, ids: Iterable[str]) -> list[str]:
    """Return the titles of the first sources."""
    known = question.net.source_by_id
    titles = [plain(known[one].title) for one in dict.fromkeys(ids) if one in known]
    return [f"Source: {title}" for title in titles[:3]]
