"""What losses of plants and links cost: exact, proved by solving again, at both ends of data."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from supplynet.analysis.arrays.solving import Asked, Solved, solve, solve_ahead
from supplynet.analysis.flow.attackable import (
    attackable,
    counted_flow,
    groups_in_flow,
    is_up_to_need,
)
from supplynet.analysis.flow.flow import solve_question
from supplynet.analysis.losses import FlowLosses, Key, Left, told
from supplynet.analysis.question import ask
from supplynet.errors import CertificateError, OptionError
from supplynet.network.demand import demand
from supplynet.solve.check import Certificate, require
from supplynet.solve.flow.certificate import certify_flow
from supplynet.solve.flow.maxflow import max_flow_many
from supplynet.solve.loss.losses import Progress, edge_losses, node_losses, set_losses
from supplynet.terms import ENDS, LEVELS

if TYPE_CHECKING:
    from supplynet.analysis.question import Question
    from supplynet.network.network import SupplyNetwork


#: candidates that are solved for in one go, and arcs of all of them: side by side large networks
#: take more memory and no less time
_AT_ONCE, _MOST_ARCS = 16, 400_000
#: arcs times candidates up to which solving for all is quicker than a search
_SMALL = 100_000


def plant_losses(
    base: Solved,
    groups: Mapping[Key, frozenset[str]],
    *,
    top: int | None,
    certify_all: bool,
    tolerance: float,
    named: Callable[[Key], tuple[str, str]],
    progress: Progress | None = None,
) -> FlowLosses:
    """Find what is left without each set of plants.

    `base` is the flow with everything in place. Solved again is without those that cost something,
    or with `certify_all` without every one; a loss that differs by more than `tolerance` of the
    flow is a CertificateError. `top` asks for those among so many largest, `named` states the
    id and the name of a set.
    """
    losses, n_evaluations, hint = _search(base, groups, top, tolerance, progress)
    request = [key for key, loss in losses.items() if loss > 0.0 or certify_all]
    left: list[Left] = []
    certificates: list[Certificate] = []
    at_once = max(1, min(_AT_ONCE, _MOST_ARCS // max(base.problem.n_arcs, 1)))
    for begin in range(0, len(request), at_once):
        now = request[begin : begin + at_once]
        solve_ahead((base.graph, groups[key]) for key in now)
        for key in now:
            without = solve(base.graph, removed=groups[key])
            certificates.append(without.certificate)
            lost = max(0.0, base.value - max(0.0, without.value))
            # The search and the solve share no code: that they agree is the proof of each row.
            if abs(lost - losses[key]) > tolerance * base.value:
                raise CertificateError(
                    f"losing {named(key)[1]} costs {lost!r} when solved again, but was found to "
                    f"cost {losses[key]!r}"
                )
            if losses[key] > 0.0:
                n_nodes = sum(base.through(label) > 0.0 for label in groups[key])
                problem = partial(base.graph.problem, removed=groups[key])
                left.append(Left(named(key), key[1], without.value, n_nodes, problem))
    n_solved = len(certificates)
    return FlowLosses(left, len(groups), n_evaluations, n_solved, hint, certificates)


def _search(
    base: Solved,
    groups: Mapping[Key, frozenset[str]],
    top: int | None,
    tolerance: float,
    progress: Progress | None,
) -> tuple[dict[Key, float], int, str]:
    """Return what it costs to lose each set, how many were looked at, and what is faster.

    On a small network all that carry something are solved for side by side; on a large one the
    losses are searched for from the one flow at hand.
    """
    keys = sorted(groups)
    carrying = _carrying(base, groups)
    if _is_small(base, carrying):
        solve_ahead((base.graph, groups[key]) for key in carrying)
        value = {key: solve(base.graph, removed=groups[key]).value for key in carrying}
        # both flows may be rounded: a difference within that is no loss
        least = tolerance * base.value
        lost = {key: base.value - value[key] for key in carrying}
        loss = {key: lost_here if lost_here > least else 0.0 for key, lost_here in lost.items()}
        return {**dict.fromkeys(keys, 0.0), **loss}, len(carrying), ""
    nodes = [base.graph.vertices_of(groups[key]) for key in keys]
    losses = set_losses(
        # With ties, so that a cut-off at `top` does not depend on the order of the rows.
        base.problem,
        base.solution,
        nodes,
        top=top,
        with_ties=True,
        progress=progress,
    )
    order = zip((keys[index] for index in losses.ids.tolist()), losses.loss.tolist(), strict=True)
    return dict(order), losses.n_evaluations, losses.hint


def solve_losses_ahead(
    net: SupplyNetwork,
    *,
    to: str | Iterable[str],
    elements: Iterable[str],
    kinds: Iterable[tuple[str, str]],
    year: int | None = None,
    links: str | None = None,
    plants: str | None = None,
    tier: str | None = None,
    count: str = "need",
) -> None:
    """Solve the flows behind several rankings in one go, so that chokepoints are quick.

    Words are as in :func:`supplynet.chokepoints`; `kinds` are ``by`` and ``lens`` of each ranking.
    """
    rankings = [
        (counted_flow(question, element, count)[0], question, by)
        for by, lens in kinds
        for question in [
            ask(
                net,
                to=to,
                year=year,
                links=links,
                plants=plants,
                tier=tier,
                lens=lens,
            )
        ]
        for element in elements
    ]
    request: list[Asked] = []
    for base, question, by in rankings:
        groups = groups_in_flow(question, base, by)
        carrying = _carrying(base, groups)
        if _is_small(base, carrying):
            request += ((base.graph, groups[key]) for key in carrying)
    solve_ahead(request)


def _carrying(
    base: Solved, groups: Mapping[tuple[str, str], frozenset[str]]
) -> list[tuple[str, str]]:
    """Return the keys of the sets that carry something."""
    return [key for key in sorted(groups) if not base.carries_nothing(groups[key])]


def _is_small(base: Solved, carrying: list[tuple[str, str]]) -> bool:
    """Whether the flow can be solved for without each of some sets, side by side."""
    return len(carrying) * base.graph.tail.size <= _SMALL


def link_losses(
    question: Question,
    base: Solved,
    *,
    top: int | None,
    certify_all: bool,
    tolerance: float,
    progress: Progress | None = None,
) -> FlowLosses:
    """Find what is left without each link or corridor.

    `base` is the flow with everything in place. Solved again is without those that cost something,
    or with `certify_all` without every one; a loss that differs by more than `tolerance` of the
    flow is a CertificateError. `top` asks for those among so many largest.
    """
    options = attackable(question, base, by="link", budget=0.0)
    if not options.targets:  # no way is left: there is no link to lose
        return FlowLosses([], 0, 0, 0, "", [])
    problem, solution = base.problem, base.solution
    count = np.bincount(
        options.problem.arc_element[options.problem.arc_element >= 0],
        minlength=len(options.targets),
    )
    # Links that are one arc, and corridors that are one hub, are found by the search; a link told
    # in several rows (old and new contract) is lost as a whole, which the search of single arcs
    # cannot see, so that these are solved anew.
    is_alone = (options.problem.arc_element >= 0) & (count[options.problem.arc_element] == 1)
    arcs, hubs = np.flatnonzero(is_alone), np.flatnonzero(options.problem.node_element >= 0)
    lost: dict[int, float] = {}
    n_evaluations, hint = 0, ""
    for places, of, losses in (
        (
            arcs,
            options.problem.arc_element,
            edge_losses(problem, solution, arcs=arcs, top=top, with_ties=True, progress=progress),
        ),
        (
            hubs,
            options.problem.node_element,
            node_losses(problem, solution, nodes=hubs, top=top, with_ties=True, progress=progress),
        ),
    ):
        if places.size:
            lost |= dict(zip(of[losses.ids].tolist(), losses.loss.tolist(), strict=True))
            n_evaluations += losses.n_evaluations
            hint = hint or losses.hint
    several = np.flatnonzero(count > 1).tolist()  # a link told in several rows
    costly = sorted((loss for loss in lost.values() if loss > 0.0), reverse=True)
    # All that tie with the last one shown are proved too, for which of them is shown is decided by
    # id.
    least = costly[top - 1] if top is not None and len(costly) >= top else 0.0
    request = [
        position for position, loss in lost.items() if certify_all or (loss > 0.0 and loss >= least)
    ]
    left: list[Left] = []
    certificates: list[Certificate] = []
    for begin in range(0, len(request + several), _AT_ONCE):
        now = (request + several)[begin : begin + _AT_ONCE]
        cases = [options.problem.without((value,)) for value in now]
        for index, case, again in zip(now, cases, max_flow_many(cases), strict=True):
            certificates.append(certify_flow(case, again))
            require(certificates[-1])
            loss = max(0.0, base.value - again.value)
            if index in lost and abs(loss - lost[index]) > tolerance * base.value:
                raise CertificateError(
                    f"losing {options.targets[index].name} costs {loss!r} when solved again, but "
                    f"was found to cost {lost[index]!r}"
                )
            if lost.get(index, loss) > 0.0:
                target = options.targets[index]
                made = partial(options.problem.without, (index,))
                left.append(Left((target.id, target.name), "", again.value, 0, made))
    n_solved = len(certificates)
    return FlowLosses(left, len(options.targets), n_evaluations, n_solved, hint, certificates)


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

    texts = [name for name, _ in named] if by == "lost" else None
    losses: dict[Key, tuple[float, ...]] = dict.fromkeys(named, ())
    for end in ENDS.values():
        # what little there is meets the highest need, as in every potential by the balance
        opposite = LEVELS[end.name].opposite
        need = demand(question.net, question.targets, element, question.year, need=opposite)
        up_to_need = is_up_to_need(count, need)
        at_end = losses_of(
            question, element, by=by, lost=texts, is_up_to_need=up_to_need, level=end.name
        )
        most = need.value if up_to_need else math.inf
        left = {(group.id, group.stage): value for group, value in at_end.found}
        for key in losses:
            less = min(most, at_end.value) - min(most, left.get(key, at_end.value))
            losses[key] = (*losses[key], max(0.0, less))
    return losses
