"""A part of the residual network with what no small cut divides from its root as one node.

A loss of at most so many units is decided by cuts below so many units. A node that can get at
least as much from the root, over nodes of which the same is true, is never beyond such a cut.
Drawn together with the root these nodes leave a network in which searches are short.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from supplynet.solve.jit import jit
from supplynet.solve.loss.breakdown import SplitNetwork

__all__ = ["Part", "Shrunk", "absorb", "cut_out", "n_behind"]

Ints = NDArray[np.int64]
Places = NDArray[np.int32]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Shrunk:
    """Some nodes of a residual network, some of them drawn together into one, the last."""

    label: Places  #: shape (n,); the number of every engine node here
    core: int  #: the number of what was drawn together
    entry: Places  #: shape (n_lost,); where the entries that may be lost are here; -1 where not
    #: shape (p,); of every node of the part, ascending, where the entry to its twin is here
    inside: Places
    #: indptr, cols, reverse: the pattern of entries
    indptr: Places
    cols: Places
    reverse: Places
    room: Ints  #: residual units of the entries


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """The strongly connected part of a residual network that the source, or the sink, is in."""

    network: SplitNetwork
    root: int  #: the engine node of the source or the sink
    #: whether every entry is read against its direction, so that units come from the sink
    is_turned: bool

    @property
    def is_in(self) -> Flags:
        """Which engine nodes are in it, shape (n,)."""
        component = self.network.component
        is_in: Flags = component == component[self.root]
        return is_in

    def shrink(self, core: Sequence[int], lost: Ints, least: int) -> Shrunk:
        """Draw together some nodes and all that can get enough from them.

        Parameters
        ----------
        core : sequence of int
            Engine nodes to begin with; none leaves the part as it is.
        lost : ndarray of int64
            Entries that may be lost: they add to nothing, so that the core is right whichever is.
        least : int
            What is enough, in units.
        """
        network, layout = self.network, self.network.layout
        is_in, is_core = self.is_in, np.zeros(layout.n, dtype=np.bool_)
        is_core[list(core)] = True
        if core:
            is_shut = np.zeros(layout.cols.size, dtype=np.bool_)
            is_shut[lost] = is_shut[layout.reverse[lost]] = True
            absorb(
                *(layout.indptr, layout.cols, layout.reverse, network.room, self.is_turned, is_in),
                *(is_shut, network.twin, network.inside, least, is_core),
            )
        label = np.cumsum(is_in & ~is_core, dtype=np.int32) - np.int32(1)
        n_outer = int(label[-1]) + 1
        label[is_core] = n_outer
        slot, indptr, cols, reverse, room = cut_out(
            *(layout.indptr, layout.cols, layout.reverse, network.room, self.is_turned),
            *(is_in, label, n_outer + 1),
        )
        inside = slot[network.inside[is_in]]
        return Shrunk(label, n_outer, slot[lost], inside, indptr, cols, reverse, room)

    def between(
        self, whole: Shrunk, ends: tuple[Sequence[int], Sequence[int]], lost: Ints, least: int
    ) -> Shrunk | None:
        """Draw together what gets enough from some nodes, and what can send others enough.

        None where a node does both: then enough can be sent from some to others.

        Parameters
        ----------
        whole : Shrunk
            This part as it is, with any units of its entries.
        ends : tuple of sequence of int
            The nodes, by their numbers in `whole`. What is drawn together with the second ones
            has the number after that of the first.
        lost, least
            As in :meth:`shrink`, places in `whole`.
        """
        nodes = np.flatnonzero(self.is_in)
        n = nodes.size
        pattern = (whole.indptr, whole.cols, whole.reverse, whole.room)
        inside, twin = whole.inside, self.network.twin[nodes]
        has_twin = (twin >= 0) & (inside >= 0)
        twin = np.where(has_twin, whole.label[twin], -1).astype(np.int32)
        is_in, is_shut = np.ones(n, dtype=np.bool_), np.zeros(whole.cols.size, dtype=np.bool_)
        is_shut[lost] = is_shut[whole.reverse[lost]] = True
        cores = np.zeros((2, n), dtype=np.bool_)
        for is_turned, end, is_core in zip((False, True), ends, cores, strict=True):
            is_core[list(end)] = True
            absorb(*pattern, is_turned, is_in, is_shut, twin, inside, least, is_core)
        if cores.all(axis=0).any():
            return None
        label = np.cumsum(~cores.any(axis=0), dtype=np.int32) - np.int32(1)
        n_outer = int(label[-1]) + 1
        label[cores[1]], label[cores[0]] = n_outer + 1, n_outer
        slot, indptr, cols, reverse, room = cut_out(*pattern, False, is_in, label, n_outer + 2)
        return Shrunk(label, n_outer, slot[lost], slot[inside], indptr, cols, reverse, room)


@jit
def absorb(
    indptr: Places,
    cols: Places,
    reverse: Places,
    room: Ints,
    is_turned: bool,
    is_in: Flags,
    is_shut: Flags,
    twin: Places,
    inside: Places,
    least: int,
    is_core: Flags,
) -> None:
    """Add every node of a part that no cut below ``least`` can part from the core."""
    n = is_core.size
    gets = np.zeros(n, np.int64)
    queue = np.empty(n, np.int32)
    low, high = 0, 0
    for node in range(n):
        if is_core[node]:
            queue[high] = node
            high += 1
    while low < high:
        node = queue[low]
        low += 1
        for entry in range(indptr[node], indptr[node + 1]):
            other = cols[entry]
            units = room[reverse[entry]] if is_turned else room[entry]
            if units <= 0 or is_core[other] or is_shut[entry] or not is_in[other]:
                continue
            # no more than the least counts, so that sums of rooms without a bound stay small
            gets[other] = min(least, gets[other] + min(least, units))
            if gets[other] >= least:
                is_core[other] = True
                queue[high] = other
                high += 1
                continue
            half = twin[other]
            if half < 0 or is_core[half] or not is_in[half] or gets[other] + gets[half] < least:
                continue
            # both together get enough: what is left are cuts between the two halves
            across = inside[other]
            if is_shut[across]:
                continue
            to_half = room[reverse[across]] if is_turned else room[across]
            from_half = room[across] if is_turned else room[reverse[across]]
            if gets[other] + min(least, from_half) >= least:
                is_core[other] = True
                queue[high] = other
                high += 1
            if gets[half] + min(least, to_half) >= least:
                is_core[half] = True
                queue[high] = half
                high += 1


@jit
def cut_out(
    indptr: Places,
    cols: Places,
    reverse: Places,
    room: Ints,
    is_turned: bool,
    is_in: Flags,
    label: Places,
    n_labels: int,
) -> tuple[Places, Places, Places, Places, Ints]:
    """Return the entries between nodes of a part that have different labels, arranged anew.

    Returns
    -------
    slot : ndarray of int32, shape (e,)
        The new place of every entry; -1 where it has none.
    indptr, cols, reverse : ndarray of int32
        The new pattern.
    room : ndarray of int64
        Its units, of the type that they had.
    """
    slot = np.full(cols.size, -1, np.int32)
    ends = np.zeros(n_labels + 1, np.int32)
    for node in range(label.size):
        if not is_in[node]:
            continue
        for entry in range(indptr[node], indptr[node + 1]):
            other = cols[entry]
            # one that is full counts as long as flow back over it would open it
            is_open = room[entry] > 0 or room[reverse[entry]] > 0
            if is_open and is_in[other] and label[other] != label[node]:
                slot[entry] = 0
                ends[label[node] + 1] += 1
    for row in range(n_labels):
        ends[row + 1] += ends[row]
    filled = ends[:-1].copy()
    new_cols = np.empty(ends[-1], np.int32)
    new_room = np.empty(ends[-1], room.dtype)
    new_reverse = np.empty(ends[-1], np.int32)
    for node in range(label.size):
        if not is_in[node]:
            continue
        for entry in range(indptr[node], indptr[node + 1]):
            if slot[entry] < 0:
                continue
            place = filled[label[node]]
            filled[label[node]] += 1
            slot[entry] = place
            new_cols[place] = label[cols[entry]]
            new_room[place] = room[reverse[entry]] if is_turned else room[entry]
    for entry in range(cols.size):
        if slot[entry] >= 0:
            new_reverse[slot[entry]] = slot[reverse[entry]]
    return slot, ends, new_cols, new_reverse, new_room


@jit
def n_behind(indptr: Places, cols: Places, reverse: Places, room: Ints, node: int) -> int:
    """Count the nodes from which something can still be sent to a node, itself included."""
    is_seen = np.zeros(indptr.size - 1, np.bool_)
    queue = np.empty(indptr.size - 1, np.int32)
    is_seen[node] = True
    queue[0] = node
    low, high = 0, 1
    while low < high:
        last = queue[low]
        low += 1
        for entry in range(indptr[last], indptr[last + 1]):
            other = cols[entry]
            if not is_seen[other] and room[reverse[entry]] > 0:
                is_seen[other] = True
                queue[high] = other
                high += 1
    return high
