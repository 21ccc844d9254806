"""What losses cost with every figure at its low and at its high end."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from supplynet.analysis.arrays.solving import solve, solve_ahead
from supplynet.analysis.flow.attackable import counted_flow, groups_in_flow, is_up_to_need
from supplynet.analysis.flow.flow import solve_question
from supplynet.analysis.losses import Key, told
from supplynet.errors import OptionError
from supplynet.network.demand import demand
from supplynet.terms import ENDS, LEVELS

if TYPE_CHECKING:
    from supplynet.analysis.question import Question

#: what is lost by end of the data
Ends = Mapping[Key, tuple[float, ...]]


def losses_at_ends(
    question: Question, element: str, named: Sequence[Key], *, by: str, model: str, count: str
) -> Ends:
    """Return what the loss of some things costs at the low and at the high end of all figures.

    `named` are id and stage of each, as `Chokepoint` names them; further words are as in
    :func:`supplynet.chokepoints`, and of selectors `by` is ``"lost"``. By name come t/yr less at
    the low and at the high end, 0 for what is not there. Links one by one are an OptionError.
    """
    if by == "link":
        raise OptionError(
            "losses of links have no data range", hint="by node, country, owner or bloc they do"
        )
    if model == "balance":
        return _by_balance(question, element, named, by=by, count=count)
    base, need = counted_flow(question, element, count)
    lost = [name for name, _ in named] if by == "lost" else None
    groups = groups_in_flow(question, base, by, lost)
    plants = {(told(question.net, by, key)[0], key[1]): group for key, group in groups.items()}
    losses: dict[Key, tuple[float, ...]] = dict.fromkeys(named, ())
    for end in ENDS.values():
        graph = solve_question(
            question,
            element,
            level=end.name,
            need=end.name,
            is_up_to_need=is_up_to_need(count, need),
        ).graph
        solve_ahead((graph, plants[key]) for key in named)
        value = solve(graph).value
        for key in named:
            less = value - solve(graph, removed=plants[key]).value
            losses[key] = (*losses[key], max(0.0, less))
    return losses


def _by_balance(
    question: Question, element: str, named: Iterable[Key], *, by: str, count: str
) -> Ends:
    from supplynet.analysis.potential.losses import losses_of

    words = [name for name, _ in named] if by == "lost" else None
    losses: dict[Key, tuple[float, ...]] = dict.fromkeys(named, ())
    for end in ENDS.values():
        # what little there is meets the highest need, as in every potential by the balance
        opposite = LEVELS[end.name].opposite
        need = demand(question.net, question.targets, element, question.year, need=opposite)
        up_to_need = is_up_to_need(count, need)
        at_end = losses_of(
            question, element, by=by, lost=words, is_up_to_need=up_to_need, level=end.name
        )
        most = need.value if up_to_need else math.inf
        left = {(group.id, group.stage): value for group, value in at_end.found}
        for key in losses:
            less = min(most, at_end.value) - min(most, left.get(key, at_end.value))
            losses[key] = (*losses[key], max(0.0, less))
    return losses
