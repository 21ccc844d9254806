"""The widest ways on which a potential arrives, from the ground to the nation.

A plan has moves, not ways: what comes to a plant by several links leaves it mixed. A way carries
the part that it would have if all that is mixed leaves in the same proportions, as exposure does.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from supplynet.analysis.arrays.skeleton import Arc
from supplynet.analysis.balance.model import Model
from supplynet.analysis.exposure.moves import GONE, Moves, moves_of
from supplynet.analysis.exposure.streams import bound_for
from supplynet.analysis.exposure.study import followed, used_share
from supplynet.analysis.exposure.trace import flow_of
from supplynet.arrays import Floats
from supplynet.network.schema import Rule
from supplynet.network.timeline import capacities_in_force
from supplynet.terms import CONFIDENCES, STANDINGS
from supplynet.text import by_size

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from supplynet.analysis.balance.scope import Scope

#: ways that carry less than this part of what arrives are not looked for
_DUST = 1e-4
#: steps of the search: a network may have more ways than anybody could read
_MOST_STEPS = 20_000


@dataclass(frozen=True, slots=True)
class Way:
    """One way of an element from the ground to a nation."""

    nodes: tuple[str, ...]  #: ids of the plants in order, the nation last
    tonnes: float  #: t/yr of the element that arrive by it
    standing: str  #: of its weakest link
    rules: tuple[str, ...]  #: ids of the assumed corridors that it uses
    #: share of its capacities and links that are sourced, derived, of a digest and estimated
    figures: tuple[float, ...]
    source_ids: tuple[str, ...]  #: sources of these, one for each row that names it


def ways(model: Model, x: Floats, element: str, *, most: int = 3) -> list[Way]:
    """Return the widest ways of an element in a solution of a balance, widest first.

    Examples
    --------
    >>> import supplynet as sn
    >>> found = sn.coverage(sn.load("tutorial"), to="MLT").solved
    >>> [way.nodes[-1] for way in ways(found.plan.model, found.x, "Nd", most=1)]
    ['MLT']
    """
    flow = flow_of(moves_of(model, element, x), x)
    moves, arriving = flow.moves, flow.arriving
    into: dict[int, list[int]] = defaultdict(list)
    for move in np.flatnonzero(arriving > 0.0).tolist():
        # Losses and scrap on its way back are no way to the nation.
        if moves.pots[moves.head[move]] != GONE and not _is_scrap(model, moves, move):
            into[int(moves.head[move])].append(move)
    total = {pot: float(arriving[is_into].sum()) for pot, is_into in into.items()}
    drawing = model.scope.drawing
    bounds = [
        pot
        for pot in into
        if moves.pots[pot].kind == "supply" and (not drawing or moves.pots[pot].label in drawing)
    ]
    complete = sum(total[pot] for pot in bounds)
    if complete <= 0.0:
        return []
    # a search from the nation back to the ground, the widest part first
    queue: list[tuple[float, tuple[int, ...], tuple[int, ...]]]
    queue = [(-total[pot], (pot,), ()) for pot in bounds]
    heapq.heapify(queue)
    by_nodes: dict[tuple[str, ...], tuple[float, tuple[int, ...]]] = {}
    for _ in range(_MOST_STEPS):
        if not queue or len(by_nodes) >= most:
            break
        weight, pots, used = heapq.heappop(queue)
        if moves.pots[pots[0]].kind == "ground":
            nodes = _nodes(model, moves, pots)
            tonnes, selection = by_nodes.get(nodes, (0.0, used))
            by_nodes[nodes] = tonnes - weight, selection
            continue
        for move in into.get(pots[0], ()):
            tail = int(moves.tail[move])
            # Best first: what goes on from a pot is mixed, so that a way carries the product of the
            # parts along it. Parts only shrink, and the first way that reaches the ground is the
            # widest.
            share = weight * float(arriving[move]) / total[pots[0]]
            # Circles of scrap would be walked for ever.
            if tail not in pots and -share >= _DUST * complete:
                heapq.heappush(queue, (share, (tail, *pots), (move, *used)))
    ranked = sorted(by_nodes.items(), key=lambda route: (by_size(route[1][0]), route[0]))
    return [_way(model, moves, nodes, *others) for nodes, others in ranked]


def _arc(model: Model, moves: Moves, move: int) -> Arc | None:
    """Return the arc that a move goes along; None for what happens inside a plant."""
    kind, key = model.columns.keys[int(moves.column[move])]
    return (
        model.scope.frame.arcs[int(str(key[0]))] if kind in ("feed", "element", "product") else None
    )


def _is_scrap(model: Model, moves: Moves, move: int) -> bool:
    arc = _arc(model, moves, move)
    return arc is not None and arc.is_scrap


def _nodes(model: Model, moves: Moves, pots: tuple[int, ...]) -> tuple[str, ...]:
    """Return the plants that pots lie at, one after the other, corridors left out."""
    labels = [moves.pots[pot].label for pot in pots]
    return tuple(dict.fromkeys(label for label in labels if label in model.scope.frame.nodes))


def _way(
    model: Model, moves: Moves, nodes: tuple[str, ...], tonnes: float, used: tuple[int, ...]
) -> Way:
    arcs = [arc for move in used if (arc := _arc(model, moves, move)) is not None]
    return Way(
        nodes,
        tonnes,
        STANDINGS.names[max((arc.rank for arc in arcs), default=0)],
        tuple(dict.fromkeys(arc.link.id for arc in arcs if isinstance(arc.link, Rule))),
        figures_of(model.scope, nodes, arcs),
        _sources(model.scope, nodes, arcs),
    )


def _sources(scope: Scope, nodes: Iterable[str], arcs: Iterable[Arc]) -> tuple[str, ...]:
    """Return the sources of the plants and links of a way, as often as rows name them."""
    steps = capacities_in_force(scope.net, scope.year, scope.frame.plants)
    rows = [*(steps.get(label, scope.net.node_by_id[label]) for label in nodes)]
    links = [arc.link for arc in arcs]
    return tuple(source for row in (*rows, *links) for source in row.source_ids)


def figures_of(scope: Scope, nodes: Iterable[str], arcs: Iterable[Arc]) -> tuple[float, ...]:
    """Return the share of the capacities and links of a way that is of each confidence."""
    steps = capacities_in_force(scope.net, scope.year, scope.frame.plants)
    rows = [steps.get(node, scope.net.node_by_id[node]) for node in nodes]
    sure: list[str] = [row.confidence for row in rows if row.capacity is not None]
    sure += [arc.link.confidence for arc in arcs]
    return tuple(sure.count(name) / max(len(sure), 1) for name in CONFIDENCES)


def mean_over(routes: Sequence[Way], parts: Sequence[float]) -> float:
    """Return the mean of some parts of ways, weighted by what they carry; 0 of none."""
    total = sum(route.tonnes for route in routes)
    if not total:
        return 0.0
    return sum(path.tonnes * share for path, share in zip(routes, parts, strict=True)) / total


def confidence_of(routes: Sequence[Way]) -> dict[str, float]:
    """Return how well the capacities and links of ways are known: shares by confidence, by tonnes.

    Empty where nothing arrives.

    Examples
    --------
    >>> way = Way(("a", "b"), 2.0, "observed", (), (0.5, 0.0, 0.0, 0.5), ())
    >>> confidence_of([way])["sourced"]
    0.5
    """
    parts = zip(*(route.figures for route in routes), strict=True)
    shares = zip(CONFIDENCES, parts, strict=False)
    return {name: mean_over(routes, portion) for name, portion in shares}


#: share of what arrives below which a move carries rounding
_LEAST = 1e-9


@dataclass(frozen=True, slots=True)
class PlanPath:
    """One path of a plan."""

    nodes: tuple[str, ...]  #: ids of the plants in order, the nation last
    #: what leads from each of them to the next: a link, or the arcs of a corridor
    links: tuple[tuple[Arc, ...], ...]
    tonnes: float  #: t/yr of the element that arrive by it


def plan_paths(
    model: Model, x: Floats, element: str, nations: frozenset[str]
) -> tuple[PlanPath, ...]:
    """Return what of an element some nations are served in a plan as paths, widest first.

    Examples
    --------
    >>> import supplynet as sn
    >>> found = sn.coverage(sn.load("tutorial"), to="MLT").solved
    >>> paths = plan_paths(found.plan.model, found.x, "Nd", frozenset({"MLT"}))
    >>> round(sum(path.tonnes for path in paths)), {path.nodes[-1] for path in paths}
    (109, {'MLT'})
    """
    # What nobody is served with is taken out first: paths are those of what arrives and is used.
    flow = followed(model, x, element)
    moves = flow.moves
    if not moves.pots:
        return ()
    left = np.maximum(0.0, bound_for(flow, nations, used_share(model, moves, x)))
    is_end = moves.where(lambda pot: pot.kind == "supply" and pot.label in nations)
    total = float(left[is_end[moves.head]].sum())
    left[left <= _LEAST * total] = 0.0
    out: dict[int, list[int]] = defaultdict(list)
    tails, heads = moves.tail.tolist(), moves.head.tolist()
    for move in np.flatnonzero(left).tolist():
        out[tails[move]].append(move)
    starts = [pot for pot in out if moves.pots[pot].kind == "ground"]
    by_way: dict[tuple[tuple[str, ...], tuple[tuple[Arc, ...], ...]], float] = defaultdict(float)
    rest, ends = left.tolist(), is_end.tolist()
    for start in starts:
        for used, tonnes in _walks(heads, rest, out, start, ends, _LEAST * total):
            nodes, links = _told(model, moves, used)
            by_way[nodes, links] += tonnes
    paths = [PlanPath(nodes, links, tonnes) for (nodes, links), tonnes in by_way.items()]
    return tuple(sorted(paths, key=lambda path: (by_size(path.tonnes), path.nodes)))


def _walks(
    heads: Sequence[int],
    left: list[float],
    out: dict[int, list[int]],
    start: int,
    is_end: Sequence[bool],
    least: float,
) -> list[tuple[list[int], float]]:
    """Take walks out of what is left, the widest move first, until none leads from a start."""
    walks: list[tuple[list[int], float]] = []
    while True:
        used: list[int] = []
        passed = {start: 0}
        at = start
        while not is_end[at]:
            move = max(out.get(at, ()), key=left.__getitem__, default=-1)
            if move < 0 or left[move] <= least:
                break
            used.append(move)
            at = heads[move]
            if at in passed:  # a circle of scrap: nothing arrives by it
                circle = used[passed[at] :]
                _take(left, circle, min(left[each] for each in circle))
                del used[passed[at] :]
                passed = {pot: index for pot, index in passed.items() if index <= passed[at]}
                continue
            passed[at] = len(used)
        if not used:
            return walks
        tonnes = min(left[each] for each in used)
        # Each walk empties at least one move, so that there are no more walks than moves.
        _take(left, used, tonnes)
        if is_end[at]:
            walks.append((used, tonnes))


def _take(left: list[float], used: Iterable[int], tonnes: float) -> None:
    """Take tonnes off what is left of some moves."""
    for move in used:
        left[move] -= tonnes


def _told(
    model: Model, moves: Moves, used: list[int]
) -> tuple[tuple[str, ...], tuple[tuple[Arc, ...], ...]]:
    """Return the plants that a walk passes, each once, and the links between them."""
    frame = model.scope.frame
    nodes: list[str] = [moves.pots[int(moves.tail[used[0]])].label]
    links: list[tuple[Arc, ...]] = []
    pending: list[Arc] = []
    for move in used:
        kind, key = model.columns.keys[int(moves.column[move])]
        if kind in ("feed", "element", "product"):
            pending.append(frame.arcs[int(str(key[0]))])
        label = moves.pots[int(moves.head[move])].label
        if label == nodes[-1] or label not in frame.nodes:
            continue
        if label in nodes:  # scrap that came back to a plant by another pot
            at = nodes.index(label)
            del nodes[at + 1 :], links[at:]
        else:
            nodes.append(label)
            links.append(tuple(pending))
        pending = []
    return tuple(nodes), tuple(links)
