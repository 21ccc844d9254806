"""A plan as paths: the tonnes of an element that arrive, from the ground to the nation.

A plan has moves, not paths. What of each move ends up in what the nation is served follows from
proportional mixing, as in exposure: nothing of that is lost or left over, so that it falls into
paths whose tonnes add up to what is served. Scrap that goes back leads in circles, which no path
holds.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from supplynet.analysis.arrays.skeleton import Arc
from supplynet.analysis.balance.model import Model
from supplynet.analysis.exposure.moves import Moves, moves_of
from supplynet.analysis.exposure.streams import bound_for
from supplynet.analysis.exposure.study import used_share, without_excess
from supplynet.analysis.exposure.trace import flow_of
from supplynet.text import by_size

#: share of what arrives below which a move carries rounding
_DUST = 1e-9


@dataclass(frozen=True, slots=True)
class PlanPath:
    """One path of a plan."""

    nodes: tuple[str, ...]  #: ids of the plants in order, the nation last
    #: what leads from each of them to the next: a link, or the arcs of a corridor
    links: tuple[tuple[Arc, ...], ...]
    tonnes: float  #: t/yr of the element that arrive by it


def plan_paths(
    model: Model, x: npt.NDArray[np.float64], element: str, nations: frozenset[str]
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
    needed = without_excess(model, x)
    moves = moves_of(model, element, needed)
    if not moves.pots:
        return ()
    flow = flow_of(moves, needed)
    left = np.maximum(0.0, bound_for(flow, nations, used_share(model, moves, needed)))
    is_end = moves.where(lambda pot: pot.kind == "supply" and pot.label in nations)
    whole = float(left[is_end[moves.head]].sum())
    left[left <= _DUST * whole] = 0.0
    out: dict[int, list[int]] = defaultdict(list)
    for move in np.flatnonzero(left).tolist():
        out[int(moves.tail[move])].append(move)
    starts = [pot for pot in out if moves.pots[pot].kind == "ground"]
    by_way: dict[tuple[tuple[str, ...], tuple[tuple[Arc, ...], ...]], float] = defaultdict(float)
    for start in starts:
        for used, tonnes in _walks(moves, left, out, start, is_end, _DUST * whole):
            nodes, links = _told(model, moves, used)
            by_way[nodes, links] += tonnes
    paths = [PlanPath(nodes, links, tonnes) for (nodes, links), tonnes in by_way.items()]
    return tuple(sorted(paths, key=lambda path: (by_size(path.tonnes), path.nodes)))


def _walks(
    moves: Moves,
    left: npt.NDArray[np.float64],
    out: dict[int, list[int]],
    start: int,
    is_end: npt.NDArray[np.bool_],
    least: float,
) -> list[tuple[list[int], float]]:
    """Take walks out of what is left, the widest move first, until none leads from a start."""
    walks: list[tuple[list[int], float]] = []
    while True:
        used: list[int] = []
        passed = {start: 0}
        at = start
        while not is_end[at]:
            move = max(out.get(at, ()), key=lambda arc_number: left[arc_number], default=-1)
            if move < 0 or left[move] <= least:
                break
            used.append(move)
            at = int(moves.head[move])
            if at in passed:  # a circle of scrap: nothing arrives by it
                circle = used[passed[at] :]
                left[circle] -= left[circle].min()
                del used[passed[at] :]
                passed = {pot: number for pot, number in passed.items() if number <= passed[at]}
                continue
            passed[at] = len(used)
        if not used:
            return walks
        tonnes = float(left[used].min())
        # Each walk empties at least one move, so that there are no more walks than moves.
        left[used] -= tonnes
        if is_end[at]:
            walks.append((used, tonnes))


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
