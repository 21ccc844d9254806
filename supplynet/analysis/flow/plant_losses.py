"""What the loss of plants, alone or several at once, costs: exact, and proved by solving again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from supplynet.analysis.arrays.solving import Asked, Solved, solve, solve_ahead
from supplynet.analysis.flow.attackable import counted_flow, groups_in_flow
from supplynet.analysis.losses import FlowLosses, Key, Left
from supplynet.analysis.question import ask
from supplynet.errors import CertificateError
from supplynet.solve.loss.losses import Progress, set_losses

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.solve.check import Certificate

__all__ = ["plant_losses", "solve_losses_ahead"]

#: candidates that are solved for in one go
_AT_ONCE = 16
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
    flow is a CertificateError. `top` asks for those among so many largest, `named` tells the
    id and the name of a set.
    """
    losses, n_evaluations, hint = _search(base, groups, top, tolerance, progress)
    asked = [key for key, loss in losses.items() if loss > 0.0 or certify_all]
    left: list[Left] = []
    certificates: list[Certificate] = []
    for begin in range(0, len(asked), _AT_ONCE):
        now = asked[begin : begin + _AT_ONCE]
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
                left.append(Left(named(key), key[1], without.value, n_nodes))
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
    order = zip((keys[number] for number in losses.ids.tolist()), losses.loss.tolist(), strict=True)
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
    asked: list[Asked] = []
    for base, question, by in rankings:
        groups = groups_in_flow(question, base, by)
        carrying = _carrying(base, groups)
        if _is_small(base, carrying):
            asked += ((base.graph, groups[key]) for key in carrying)
    solve_ahead(asked)


def _carrying(
    base: Solved, groups: Mapping[tuple[str, str], frozenset[str]]
) -> list[tuple[str, str]]:
    """Return the keys of the sets that carry something."""
    return [key for key in sorted(groups) if not base.carries_nothing(groups[key])]


def _is_small(base: Solved, carrying: list[tuple[str, str]]) -> bool:
    """Whether the flow can be solved for without each of some sets, side by side."""
    return len(carrying) * base.graph.tail.size <= _SMALL
