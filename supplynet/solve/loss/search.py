"""How much of a lost flow can be rerouted: local searches over the residual network.

Written for numba, and runs as plain Python without it. A *break* is a place that is lost: the
units that ran over its entry arrive at its start and are missing at its end. Shortest paths from
starts to ends are searched from both sides at once, the side with less to look at first, so that
the cost follows the part of the network that is touched; where the two sides meet, all paths of
that length are used up before the next search (Dinic, 1970, "Algorithm for solution of a problem
of maximum flow in networks with power estimation"). Whether a node was seen is told by the number
of the search, so that nothing has to be cleared.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from supplynet.solve.jit import jit

__all__ = ["augment", "change", "climb", "expand", "reroute", "reroute_all", "search", "trees"]

Ints = NDArray[np.int64]
Places = NDArray[np.int32]

# Searches after which they are numbered anew, so that twice as many fit 32 bits.
MOST_SEARCHES = 2**30 - 2


@jit
def reroute_all(
    indptr: Places,
    cols: Places,
    reverse: Places,
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
    n = indptr.size - 1
    left = room.copy()
    mark, ahead, behind, parent, level, cursor, way = trees(n)
    waiting = np.zeros(n, np.int64)
    is_touched, touched = np.zeros(room.size, np.bool_), np.empty(room.size, np.int32)
    state = np.zeros(2, np.int64)  # searches so far, touched entries
    rerouted = np.zeros(first.size - 1, np.int64)
    for job in range(first.size - 1):
        low, high = first[job], first[job + 1]
        state[1] = 0
        for k in range(low, high):
            # the entry is shut, and its flow is no longer there to be undone from behind
            change(entry[k], own[k], left, is_touched, touched, state)
            change(reverse[entry[k]], flow[k], left, is_touched, touched, state)
            waiting[start[k]] += flow[k]
            waiting[end[k]] += flow[k]
        rerouted[job] = reroute(
            indptr, cols, reverse, left, mark, ahead, behind, parent, level, cursor, way, waiting,
            is_touched, touched, state, start[low:high], end[low:high], flow[low:high],
        )  # fmt: skip
        for k in range(low, high):
            waiting[start[k]] = 0
            waiting[end[k]] = 0
        # only what the job changed is put back: most jobs touch a small part of the network
        for k in range(state[1]):
            left[touched[k]] = room[touched[k]]
            is_touched[touched[k]] = False
    return rerouted


@jit
def reroute(
    indptr: Places,
    cols: Places,
    reverse: Places,
    left: Ints,
    mark: Places,
    ahead: Places,
    behind: Places,
    parent: Places,
    level: Places,
    cursor: Places,
    way: Places,
    waiting: Ints,
    is_touched: NDArray[np.bool_],
    touched: Places,
    state: Ints,
    start: Ints,
    end: Ints,
    flow: Ints,
) -> int:
    """Send as much as possible from the starts to the ends, no more than waits at each."""
    limit = flow.sum()
    total = 0
    while total < limit:
        pushed = search(
            indptr, cols, reverse, left, mark, ahead, behind, parent, level, cursor, way, waiting,
            is_touched, touched, state, start, end,
        )  # fmt: skip
        if pushed == 0:
            break
        total += pushed
    return total


@jit
def search(
    indptr: Places,
    cols: Places,
    reverse: Places,
    left: Ints,
    mark: Places,
    ahead: Places,
    behind: Places,
    parent: Places,
    level: Places,
    cursor: Places,
    way: Places,
    waiting: Ints,
    is_touched: NDArray[np.bool_],
    touched: Places,
    state: Ints,
    start: Ints,
    end: Ints,
) -> int:
    """Grow a tree from the starts and one from the ends until they meet; send along.

    Returns the units sent; 0 if one tree could not grow any more, which proves that no more can
    be sent: its nodes are one side of a cut.
    """
    # marks of old searches are smaller than both marks of this one, and so count as unseen
    if state[0] == MOST_SEARCHES:
        mark[:] = 0
        state[0] = 0
    state[0] += 1
    is_ahead, is_behind = 2 * state[0], 2 * state[0] + 1
    a_low, a_high, a_work = 0, 0, 0
    for node in start:
        if waiting[node] > 0 and mark[node] != is_ahead:
            mark[node] = is_ahead
            parent[node], level[node] = -1, 0
            ahead[a_high] = node
            a_high += 1
            a_work += indptr[node + 1] - indptr[node]
    b_low, b_high, b_work = 0, 0, 0
    for node in end:
        if waiting[node] > 0 and mark[node] != is_behind:
            mark[node] = is_behind
            parent[node], level[node] = -1, 0
            behind[b_high] = node
            b_high += 1
            b_work += indptr[node + 1] - indptr[node]
    while a_low < a_high and b_low < b_high:
        # a whole layer at a time, so that they meet by shortest paths first
        if a_work <= b_work:
            pushed, new, a_work = expand(
                True, is_ahead, is_behind, a_low, a_high, ahead, indptr, cols, reverse, left,
                mark, parent, level, cursor, way, waiting, is_touched, touched, state,
            )  # fmt: skip
            a_low, a_high = a_high, new
        else:
            pushed, new, b_work = expand(
                False, is_behind, is_ahead, b_low, b_high, behind, indptr, cols, reverse, left,
                mark, parent, level, cursor, way, waiting, is_touched, touched, state,
            )  # fmt: skip
            b_low, b_high = b_high, new
        if pushed > 0:
            return pushed
    return 0


@jit
def expand(
    is_forward: bool,
    mine: int,
    theirs: int,
    low: int,
    high: int,
    queue: Places,
    indptr: Places,
    cols: Places,
    reverse: Places,
    left: Ints,
    mark: Places,
    parent: Places,
    level: Places,
    cursor: Places,
    way: Places,
    waiting: Ints,
    is_touched: NDArray[np.bool_],
    touched: Places,
    state: Ints,
) -> tuple[int, int, int]:
    """Grow one tree by a layer and send along every path that it closes.

    Returns the units sent, the end of the queue, and the entries of the new layer.
    """
    pushed, work, new = 0, 0, high
    # places that are unsigned need no look whether they count from the end
    to, back = cols.view(np.uint32), reverse.view(np.uint32)
    for index in range(low, high):
        node = queue[index]
        for row_entry in range(np.uint64(indptr[node]), np.uint64(indptr[node + 1])):
            entry = row_entry if is_forward else np.uint64(back[row_entry])
            if left[entry] <= 0:
                continue
            other = to[row_entry]
            if mark[other] == theirs:
                pushed += augment(
                    int(entry), mine if is_forward else theirs, theirs if is_forward else mine,
                    indptr, cols, reverse, left, mark, parent, level, cursor, way, waiting,
                    is_touched, touched, state,
                )  # fmt: skip
                if mark[node] != mine:  # no way leads to it any more
                    break
            # once something is sent the search ends with this layer, and nothing grows further
            elif mark[other] != mine and pushed == 0:
                mark[other] = mine
                parent[other] = entry
                level[other] = level[node] + 1
                cursor[other] = indptr[other]
                queue[new] = other
                new += 1
                work += indptr[other + 1] - indptr[other]
    return pushed, new, work


@jit
def augment(
    entry: int,
    is_ahead: int,
    is_behind: int,
    indptr: Places,
    cols: Places,
    reverse: Places,
    left: Ints,
    mark: Places,
    parent: Places,
    level: Places,
    cursor: Places,
    way: Places,
    waiting: Ints,
    is_touched: NDArray[np.bool_],
    touched: Places,
    state: Ints,
) -> int:
    """Send what fits along all paths over an entry between the two trees; return it."""
    top, foot = cols[reverse[entry]], cols[entry]
    total = 0
    while left[entry] > 0:
        first = climb(
            top, True, is_ahead, indptr, cols, reverse, left, mark, parent, level, cursor, way,
            waiting,
        )  # fmt: skip
        last = climb(
            foot, False, is_behind, indptr, cols, reverse, left, mark, parent, level, cursor, way,
            waiting,
        )  # fmt: skip
        if first < 0 or last < 0:
            break
        # once up both trees for what fits, once more to send it
        amount: int = min(left[entry], waiting[first], waiting[last])
        node = top
        while node != first:
            amount = min(amount, left[parent[node]])
            node = cols[reverse[parent[node]]]
        node = foot
        while node != last:
            amount = min(amount, left[parent[node]])
            node = cols[parent[node]]
        total += amount
        waiting[first] -= amount
        waiting[last] -= amount
        change(entry, amount, left, is_touched, touched, state)
        change(reverse[entry], -amount, left, is_touched, touched, state)
        node = top
        while node != first:
            change(parent[node], amount, left, is_touched, touched, state)
            change(reverse[parent[node]], -amount, left, is_touched, touched, state)
            node = cols[reverse[parent[node]]]
        node = foot
        while node != last:
            change(parent[node], amount, left, is_touched, touched, state)
            change(reverse[parent[node]], -amount, left, is_touched, touched, state)
            node = cols[parent[node]]
    return total


@jit
def climb(
    node: int,
    is_forward: bool,
    mine: int,
    indptr: Places,
    cols: Places,
    reverse: Places,
    left: Ints,
    mark: Places,
    parent: Places,
    level: Places,
    cursor: Places,
    way: Places,
    waiting: Ints,
) -> int:
    """Return the root that a node of a tree has an open path to; -1 where it has none.

    Where the entry to a parent is full or the parent has no path, the next node of a row that is
    one level nearer to the roots becomes the parent; a node that finds none leaves the tree.
    """
    steps = 0
    way[0] = node
    while True:
        up = parent[node]
        if up < 0 and waiting[node] > 0 and mark[node] == mine:
            return node
        if up >= 0 and mark[node] == mine:
            nearer = cols[reverse[up]] if is_forward else cols[up]
            # the cursor never goes back: what leads nowhere does so until the search ends
            slot, stop = cursor[node], indptr[node + 1]
            while (left[up] == 0 or mark[nearer] != mine) and slot < stop:
                if level[cols[slot]] == level[node] - 1:
                    nearer = cols[slot]
                    up = reverse[slot] if is_forward else slot
                slot += 1
            cursor[node] = slot
            if left[up] > 0 and mark[nearer] == mine:
                parent[node] = up
                steps += 1
                way[steps] = node = nearer
                continue
        # a dead end leaves the tree, and the node below it has to look for another parent
        mark[node] = 0
        if steps == 0:
            return -1
        steps -= 1
        node = way[steps]


@jit
def trees(n: int) -> tuple[Places, Places, Places, Places, Places, Places, Places]:
    """Return what two growing trees need: marks, a queue each, and of every node more."""
    return (
        np.zeros(n, np.int32), np.empty(n, np.int32), np.empty(n, np.int32),
        np.empty(n, np.int32), np.empty(n, np.int32), np.empty(n, np.int32), np.empty(n, np.int32),
    )  # fmt: skip


@jit
def change(
    entry: int, amount: int, left: Ints, is_touched: NDArray[np.bool_], touched: Places, state: Ints
) -> None:
    """Take units from an entry and remember that it has to be restored."""
    if not is_touched[entry]:
        is_touched[entry] = True
        touched[state[1]] = entry
        state[1] += 1
    left[entry] -= amount
