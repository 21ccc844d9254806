"""The core that no small cut divides, drawn together into one node.

A loss of at most so many units is decided by cuts below so many units. Nodes between which at
least as much can be sent directly, both ways, are never apart in such a cut. Drawn together to
one node they leave a network in which the searches are short.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from supplynet.solve.jit import jit
from supplynet.solve.loss.breakdown import Breaks, SplitNetwork
from supplynet.solve.loss.search import begun, reroute, undo

__all__ = ["Shrunk", "absorb", "gather", "shrink"]

# Breaks from which the core is worth looking for: of the few with the largest losses there is
# hardly one, and to find that out takes longer than the searches that it would shorten.
CORE_FROM = 128


@dataclass(frozen=True, slots=True, eq=False)
class Shrunk:
    """A residual network with its core as one node, the last."""

    label: NDArray[np.int32]  #: shape (n,); the number of every engine node here
    #: shape (n_breaks,); the place of every break's entry here; -1 for those within the core
    entry: NDArray[np.int64]
    #: indptr, cols, reverse: the pattern of entries
    indptr: NDArray[np.int32]
    cols: NDArray[np.int32]
    reverse: NDArray[np.int32]
    room: NDArray[np.int64]  #: residual units of the entries


def shrink(network: SplitNetwork, breaks: Breaks) -> Shrunk:
    """Draw together what no cut that decides about these breaks can divide.

    Each break is lost alone; the core is right for every one of them. Those whose start and end are
    both in it have all their flow rerouted.
    """
    layout = network.layout
    is_core = _core(network, breaks)
    # nodes outside the core keep their order, and the core becomes the last node
    label = np.cumsum(~is_core).astype(np.int32) - 1
    n_outer = int(label[-1]) + 1
    label[is_core] = n_outer
    kept = _kept(network, is_core)
    counts = np.bincount(label[layout.rows[kept]], minlength=n_outer + 1)
    room = network.inner_room[kept]
    slot_of = np.full(layout.rows.size, -1, dtype=np.int32)
    slot_of[kept] = np.arange(kept.size, dtype=np.int32)
    return Shrunk(
        label=label,
        entry=slot_of[breaks.entry].astype(np.int64),
        indptr=np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
        cols=label[layout.cols[kept]],
        reverse=slot_of[layout.reverse[kept]],
        room=room,
    )


def _kept(network: SplitNetwork, is_core: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Return the entries that matter and lie outside the core, those that leave it last."""
    layout = network.layout
    is_open = network.inner_room > 0
    # one that is full counts as long as flow back over it would open it
    is_kept = is_open | is_open[layout.reverse]
    is_from_core = is_core[layout.rows]
    is_kept &= ~(is_from_core & is_core[layout.cols])
    return np.concatenate(
        [
            np.flatnonzero(is_kept & ~is_from_core).astype(np.int32),
            np.flatnonzero(is_kept & is_from_core).astype(np.int32),
        ]
    )


def _core(network: SplitNetwork, breaks: Breaks) -> NDArray[np.bool_]:
    """Find a large set of engine nodes that no cut below the largest flow of the breaks divides."""
    layout, reverse, least = network.layout, network.layout.reverse, int(breaks.flow.max())
    # what may be lost joins nothing: the core must hold whichever of the breaks is lost
    lasting = network.inner_room
    lasting[breaks.entry] = 0
    lasting[reverse[breaks.entry]] = 0
    is_core = np.zeros(layout.n, dtype=np.bool_)
    if breaks.entry.size < CORE_FROM:
        is_core[network.busiest[:1]] = True
        return is_core
    is_core[gather(layout.indptr, layout.cols, reverse, lasting, least, network.busiest)] = True
    absorb(
        layout.indptr, layout.cols, reverse, lasting, least, network.twin, network.inside, is_core
    )
    return is_core


@jit
def gather(
    indptr: NDArray[np.int32],
    cols: NDArray[np.int32],
    reverse: NDArray[np.int32],
    room: NDArray[np.int64],
    least: int,
    nodes: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return the first node and those that can exchange ``least`` units with it both ways."""
    on = begun(indptr, cols, reverse, room)
    limit = np.full(1, least, np.int64)
    gathered = nodes.copy()
    n_found = 1
    for k in range(1, nodes.size):
        exchanged = least
        # from anywhere in the core: no small cut divides it, so that it counts as one node
        for is_back in range(2):
            core, other = gathered[:n_found], nodes[k : k + 1]
            start, end = (other, core) if is_back == 1 else (core, other)
            on.waiting[core] = least
            on.waiting[other] = least
            exchanged = min(exchanged, reroute(on, start, end, limit))
            undo(on, room)
            on.waiting[core] = 0
            on.waiting[other] = 0
        if exchanged >= least:
            gathered[n_found] = nodes[k]
            n_found += 1
    return gathered[:n_found]


@jit
def absorb(
    indptr: NDArray[np.int32],
    cols: NDArray[np.int32],
    reverse: NDArray[np.int32],
    room: NDArray[np.int64],
    least: int,
    twin: NDArray[np.int32],
    inside: NDArray[np.int32],
    is_core: NDArray[np.bool_],
) -> None:
    """Add every node, or pair of halves, that no cut below ``least`` can part from the core."""
    n = is_core.size
    to_core, from_core = np.zeros(n, np.int64), np.zeros(n, np.int64)
    queue = np.empty(n, np.int32)
    high = 0
    for node in range(n):
        if is_core[node]:
            queue[high] = node
            high += 1
    low = 0
    while low < high:
        node = queue[low]
        low += 1
        for entry in range(indptr[node], indptr[node + 1]):
            column = cols[entry]
            if is_core[column]:
                continue
            # no more than the least counts, so that sums of rooms without a bound stay small
            from_core[column] = min(least, from_core[column] + room[entry])
            to_core[column] = min(least, to_core[column] + room[reverse[entry]])
            if min(from_core[column], to_core[column]) >= least:
                is_core[column] = True
                queue[high] = column
                high += 1
                continue
            partner = twin[column]
            if partner < 0 or is_core[partner]:
                continue
            across, back = room[inside[column]], room[reverse[inside[column]]]
            # every way in which a cut could part one half or both from the core
            least_cut = min(
                from_core[column] + from_core[partner],
                to_core[column] + to_core[partner],
                from_core[column] + back,
                from_core[partner] + across,
                to_core[column] + across,
                to_core[partner] + back,
            )
            if least_cut >= least:
                is_core[column] = is_core[partner] = True
                queue[high], queue[high + 1] = column, partner
                high += 2
