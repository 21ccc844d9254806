"""How much of a lost flow can be rerouted: local searches over the residual network.

Written for numba, and runs as plain Python without it. A *break* is a place that is lost: the
units that ran over its entry arrive at its start and are missing at its end. Shortest paths from
starts to ends are searched from both sides at once, the side with less to look at first, so that
the cost follows the part of the network that is touched; where the two sides meet, all paths of
that length are used up before the next search (Dinic, 1970, "Algorithm for solution of a problem
of maximum flow in networks with power estimation"). Whether a node was seen is reported by the
number of the search, so that nothing has to be cleared.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from supplynet.arrays import Bools, Ints, Ints32
from supplynet.solve.jit import jit

# Searches after which they are numbered anew, so that twice as many fit 32 bits.
MOST_SEARCHES = 2**30 - 2
# Entries that are remembered one by one where a job changes them: so many and this part of all.
FEW, PART = 64, 8


class Searches(NamedTuple):
    """A residual network and what two growing trees need on it; numba takes it as it is."""

    #: indptr, cols, reverse: the symmetric pattern of entries
    indptr: Ints32
    cols: Ints32
    reverse: Ints32
    left: Ints  #: shape (e,); units that each entry can still carry
    mark: Ints32  #: shape (n,); tree and search that saw a node last
    #: ahead, behind: shape (n,); queues of the tree from the starts and of that from the ends
    ahead: Ints32
    behind: Ints32
    #: parent, level, cursor: shape (n,); of every node in a tree: its entry to or from the parent,
    #: its layer, and the entry that is tried next for another parent
    parent: Ints32
    level: Ints32
    cursor: Ints32
    way: Ints32  #: shape (n,); the nodes that :func:`climb` passes
    waiting: Ints  #: shape (n,); units that have arrived at a start, or are missing at an end
    is_touched: Bools  #: shape (e,)
    touched: Ints32  #: shape (m,); the first m entries that were changed
    state: Ints  #: shape (2,); searches so far, and how many entries were changed


@jit
def reroute_all(
    indptr: Ints32,
    cols: Ints32,
    reverse: Ints32,
    room: Ints,
    first: Ints,
    start: Ints,
    end: Ints,
    entry: Ints,
    flow: Ints,
    own: Ints,
) -> Ints:
    """Find for every job how many units can be rerouted when its breaks are lost at once.

    Parameters
    ----------
    indptr, cols, reverse : ndarray of int32
        The symmetric pattern of entries.
    room : ndarray of int64, shape (e,)
        Residual units of every entry; left as they are.
    first : ndarray of int64, shape (n_jobs + 1,)
        Where the breaks of each job begin.
    start, end, entry, flow, own : ndarray of int64, shape (n_breaks,)
        Of every break: where flow arrives, where it is missing, the entry between them, the
        units that ran there, and the residual units that are lost with it.

    Returns
    -------
    ndarray of int64, shape (n_jobs,)
    """
    on = begun(indptr, cols, reverse, room)
    rerouted = np.zeros(first.size - 1, np.int64)
    for job in range(first.size - 1):
        low, high = first[job], first[job + 1]
        for k in range(low, high):
            # the entry is shut, and its flow is no longer there to be undone from behind
            change(entry[k], own[k], on)
            change(reverse[entry[k]], flow[k], on)
            on.waiting[start[k]] += flow[k]
            on.waiting[end[k]] += flow[k]
        rerouted[job] = reroute(on, start[low:high], end[low:high], flow[low:high])
        for k in range(low, high):
            on.waiting[start[k]] = 0
            on.waiting[end[k]] = 0
        undo(on, room)
    return rerouted


@jit
def reroute(on: Searches, start: Ints, end: Ints, flow: Ints) -> int:
    """Send as much as possible from the starts to the ends, no more than waits at each."""
    limit = flow.sum()
    total = 0
    while total < limit:
        pushed = search(on, start, end)
        if pushed == 0:
            break
        total += pushed
    return total


@jit
def search(on: Searches, start: Ints, end: Ints) -> int:
    """Grow a tree from the starts and one from the ends until they meet; send along.

    Returns the units sent; 0 if one tree could not grow any more, which proves that no more can
    be sent: its nodes are one side of a cut.
    """
    # marks of old searches are smaller than both marks of this one, and so count as unseen
    if on.state[0] == MOST_SEARCHES:
        on.mark[:] = 0
        on.state[0] = 0
    on.state[0] += 1
    is_ahead, is_behind = 2 * on.state[0], 2 * on.state[0] + 1
    a_low, b_low = 0, 0
    a_high, a_work = plant(start, is_ahead, on.ahead, on)
    b_high, b_work = plant(end, is_behind, on.behind, on)
    while a_low < a_high and b_low < b_high:
        # a whole layer at a time, so that they meet by shortest paths first
        if a_work <= b_work:
            pushed, new, a_work = expand(True, is_ahead, is_behind, a_low, a_high, on)
            a_low, a_high = a_high, new
        else:
            pushed, new, b_work = expand(False, is_behind, is_ahead, b_low, b_high, on)
            b_low, b_high = b_high, new
        if pushed > 0:
            return pushed
    return 0


@jit
def plant(roots: Ints, mine: int, queue: Ints32, on: Searches) -> tuple[int, int]:
    """Begin a tree at the nodes where units wait; return how many, and the entries of them."""
    high, work = 0, 0
    for node in roots:
        if on.waiting[node] > 0 and on.mark[node] != mine:
            on.mark[node] = mine
            on.parent[node], on.level[node] = -1, 0
            queue[high] = node
            high += 1
            work += on.indptr[node + 1] - on.indptr[node]
    return high, work


@jit
def expand(
    is_forward: bool, mine: int, theirs: int, low: int, high: int, on: Searches
) -> tuple[int, int, int]:
    """Grow one tree by a layer and send along every path that it closes.

    Returns the units sent, the end of the queue, and the entries of the new layer.
    """
    pushed, work, new = 0, 0, high
    queue = on.ahead if is_forward else on.behind
    indptr, left, mark = on.indptr, on.left, on.mark
    # places that are unsigned need no look whether they count from the end
    to, back = on.cols.view(np.uint32), on.reverse.view(np.uint32)
    for index in range(low, high):
        node = queue[index]
        for row_entry in range(np.uint64(indptr[node]), np.uint64(indptr[node + 1])):
            entry = row_entry if is_forward else np.uint64(back[row_entry])
            if left[entry] <= 0:
                continue
            other = to[row_entry]
            if mark[other] == theirs:
                pushed += augment(
                    int(entry), mine if is_forward else theirs, theirs if is_forward else mine, on
                )
                if mark[node] != mine:  # no route leads to it any more
                    break
            # once something is sent the search ends with this layer, and nothing grows further
            elif mark[other] != mine and pushed == 0:
                mark[other] = mine
                on.parent[other] = entry
                on.level[other] = on.level[node] + 1
                on.cursor[other] = indptr[other]
                queue[new] = other
                new += 1
                work += indptr[other + 1] - indptr[other]
    return pushed, new, work


@jit
def augment(entry: int, is_ahead: int, is_behind: int, on: Searches) -> int:
    """Send what fits along all paths over an entry between the two trees; return it."""
    cols, reverse, left, parent = on.cols, on.reverse, on.left, on.parent
    top, foot = cols[reverse[entry]], cols[entry]
    total = 0
    while left[entry] > 0:
        first = climb(top, True, is_ahead, on)
        last = climb(foot, False, is_behind, on)
        if first < 0 or last < 0:
            break
        # once up both trees for what fits, once more to send it
        amount: int = min(left[entry], on.waiting[first], on.waiting[last])
        node = top
        while node != first:
            amount = min(amount, left[parent[node]])
            node = cols[reverse[parent[node]]]
        node = foot
        while node != last:
            amount = min(amount, left[parent[node]])
            node = cols[parent[node]]
        total += int(amount)  # units may have 32 bits, sums of them not
        on.waiting[first] -= amount
        on.waiting[last] -= amount
        send(entry, amount, on)
        node = top
        while node != first:
            send(parent[node], amount, on)
            node = cols[reverse[parent[node]]]
        node = foot
        while node != last:
            send(parent[node], amount, on)
            node = cols[parent[node]]
    return total


@jit
def climb(node: int, is_forward: bool, mine: int, on: Searches) -> int:
    """Return the root that a node of a tree has an open path to; -1 where it has none.

    Where the entry to a parent is full or the parent has no path, the next node of a row that is
    one level nearer to the roots becomes the parent; a node that finds none leaves the tree.
    """
    cols, reverse, left, mark = on.cols, on.reverse, on.left, on.mark
    parent, level, route = on.parent, on.level, on.way
    steps = 0
    route[0] = node
    while True:
        up = parent[node]
        if up < 0 and on.waiting[node] > 0 and mark[node] == mine:
            return node
        if up >= 0 and mark[node] == mine:
            nearer = cols[reverse[up]] if is_forward else cols[up]
            # the cursor never goes back: what leads nowhere does so until the search ends
            slot, stop = on.cursor[node], on.indptr[node + 1]
            while (left[up] == 0 or mark[nearer] != mine) and slot < stop:
                if level[cols[slot]] == level[node] - 1:
                    nearer = cols[slot]
                    up = reverse[slot] if is_forward else slot
                slot += 1
            on.cursor[node] = slot
            if left[up] > 0 and mark[nearer] == mine:
                parent[node] = up
                steps += 1
                route[steps] = node = nearer
                continue
        # a dead end leaves the tree, and the node below it has to look for another parent
        mark[node] = 0
        if steps == 0:
            return -1
        steps -= 1
        node = route[steps]


@jit
def begun(indptr: Ints32, cols: Ints32, reverse: Ints32, room: Ints) -> Searches:
    """Return what searches over a residual network need, nothing of it used up."""
    n, e = indptr.size - 1, room.size
    return Searches(
        indptr, cols, reverse, room.copy(),
        np.zeros(n, np.int32), np.empty(n, np.int32), np.empty(n, np.int32),
        np.empty(n, np.int32), np.empty(n, np.int32), np.empty(n, np.int32), np.empty(n, np.int32),
        np.zeros(n, np.int64), np.zeros(e, np.bool_), np.empty(min(e, FEW + e // PART), np.int32),
        np.zeros(2, np.int64),
    )  # fmt: skip


@jit
def send(entry: int, amount: int, on: Searches) -> None:
    """Send units over an entry, so that as many can be undone."""
    change(entry, amount, on)
    change(on.reverse[entry], -amount, on)


@jit
def change(entry: int, amount: int, on: Searches) -> None:
    """Take units from an entry and remember that it has to be restored."""
    if not on.is_touched[entry]:
        on.is_touched[entry] = True
        if on.state[1] < on.touched.size:
            on.touched[on.state[1]] = entry
        on.state[1] += 1
    on.left[entry] -= amount


@jit
def undo(on: Searches, room: Ints) -> None:
    """Put back what was changed, and no more: most jobs touch a small part of the network."""
    if on.state[1] > on.touched.size:  # a large part: as well all of it
        on.left[:] = room
        on.is_touched[:] = False
        on.state[1] = 0
    for k in range(on.state[1]):
        entry = on.touched[k]
        on.left[entry] = room[entry]
        on.is_touched[entry] = False
    on.state[1] = 0
