"""A largest flow by pushing from node to node, downhill: compiled code for large networks.

Written for numba, and runs as plain Python without it. All that could flow waits at the source
and is pushed along entries with room to nodes one step nearer to the sink, from the farthest
node first (Goldberg and Tarjan, 1988, doi:10.1145/48014.61051; order and shortcuts as in
Cherkassky and Goldberg, 1997, doi:10.1007/PL00009180: distances worked out anew now and then, and
nodes above a distance that no node has are given up). What cannot get to the sink is pushed back
to the source in the same way.
"""

from __future__ import annotations

import numpy as np

from supplynet.arrays import Bools, Floats, Ints, Ints32
from supplynet.solve.jit import jit, prefetcher

# The work, in entries looked at, after which distances are worked out anew, over all entries.
PATIENCE = 6
# What a change of distance costs beside the entries that it looks at.
RELABEL_WORK = 12
# Ints32 in arrays that are unsigned need no look whether they count from the end.
ONE = np.uint64(1)
# Memory comes by lines of 64 bytes, and late: nodes of a queue are asked for ahead of their turn.
LINE = np.uint64(64 // 4)
NEAR, FAR = 1, 4
prefetch = prefetcher()


def arrange(n: int, start: Ints32, end: Ints32) -> tuple[Ints32, Ints32, Ints32, Ints32, Ints32]:
    """Sort slots by where they start, each with an entry back.

    Slots leave `start` and enter `end`. Returned are where the entries of every node begin, where
    those begin that lead back along its slots, the node that every entry enters, the entry the
    other way, and the entry of every slot.
    """
    # made by NumPy, which asks for large pages of memory, as compiled code does not
    first, middle = np.zeros(n + 1, np.int32), np.zeros(n, np.int32)
    to, back = np.empty(2 * start.size, np.int32), np.empty(2 * start.size, np.int32)
    slot_of = np.empty(start.size, np.int32)
    _arrange(start, end, first, middle, to, back, slot_of)
    return first, middle, to, back, slot_of


@jit
def _arrange(
    start: Ints32,
    end: Ints32,
    first: Ints32,
    middle: Ints32,
    to: Ints32,
    back: Ints32,
    slot_of: Ints32,
) -> None:
    """Fill the arrays by a counting sort: how many entries a node has, where they begin, which."""
    n = middle.size
    for slot in range(start.size):
        middle[start[slot]] += 1
        first[end[slot] + 1] += 1
    for node in range(n):
        middle[node] += first[node]
        first[node + 1] += middle[node]
    free, free_back = first[:n].copy(), middle.copy()
    for slot in range(start.size):
        tail, head = start[slot], end[slot]
        ahead = free[tail]
        free[tail] = ahead + 1
        behind = free_back[head]
        free_back[head] = behind + 1
        to[ahead], to[behind] = head, tail
        back[ahead], back[behind] = behind, ahead
        slot_of[slot] = ahead


@jit
def put(figures: Ints, place: Ints32, slots: Ints) -> None:
    """Put the figure of every slot on its entry."""
    for slot in range(place.size):
        figures[np.uint64(place[slot])] = slots[slot]


@jit
def carried(slots: Ints, place: Ints32, room: Ints, used: Ints) -> None:
    """Work out what every slot carries: its capacity without the room that its entry has left."""
    for slot in range(place.size):
        used[slot] = slots[slot] - room[np.uint64(place[slot])]


@jit
def _fetch_next(
    first: Ints32, to: Ints32, back: Ints32, queue: Ints32, low: int, high: int
) -> None:
    """Ask for the entries of a node that has its turn soon, and where those of later ones begin."""
    if low + FAR < high:
        prefetch(first, np.uint64(queue[low + FAR]))
        entry = np.uint64(first[queue[low + NEAR]])
        prefetch(to, entry)
        prefetch(to, entry + LINE)
        prefetch(back, entry)


@jit
def spread(
    first: Ints32, to: Ints32, back: Ints32, room: Ints, start: int, is_forward: bool
) -> Bools:
    """Find what can be reached from a node over entries with room, or from where it can be."""
    to, back = to.view(np.uint32), back.view(np.uint32)
    n = first.size - 1
    seen = np.zeros(n, np.bool_)
    queue = np.empty(n, np.int32)
    seen[start] = True
    queue[0] = start
    low, high = 0, 1
    while low < high:
        node = queue[low]
        low += 1
        _fetch_next(first, to, back, queue, low, high)
        for entry in range(np.uint64(first[node]), np.uint64(first[node + 1])):
            other = to[entry]
            if not seen[other] and room[entry if is_forward else back[entry]] > 0:
                seen[other] = True
                queue[high] = other
                high += 1
    return seen


@jit
def distances(
    first: Ints32,
    to: Ints32,
    back: Ints32,
    room: Ints,
    end: int,
    shut: int,
    label: Ints32,
    queue: Ints32,
) -> tuple[int, int]:
    """Label every node by its steps to the end over entries with room; n where there is no way.

    Returned is how many have a way; `queue` begins with them, the nearest first. Then by how much
    the label of a node grows at least when no entry leads down from it: 2 where every entry joins
    an even label and an odd one, as between stages of a supply chain, otherwise 1.
    """
    to, back = to.view(np.uint32), back.view(np.uint32)
    n = first.size - 1
    label[:] = n
    if shut >= 0:
        label[shut] = n + 1  # as if seen
    label[end] = 0
    queue[0] = end
    low, high, leap = 0, 1, 2
    while low < high:
        node = queue[low]
        low += 1
        _fetch_next(first, to, back, queue, low, high)
        steps = label[node] + 1
        for entry in range(np.uint64(first[node]), np.uint64(first[node + 1])):
            other = to[entry]
            if label[other] == n:
                if room[back[entry]] > 0:
                    label[other] = steps
                    queue[high] = other
                    high += 1
            elif (steps - label[other]) & 1 and leap == 2 and room[back[entry]] > 0:
                leap = 1
    if shut >= 0:
        label[shut] = n  # nothing is pushed to it
    return high, leap


@jit
def push(
    first: Ints32, to: Ints32, back: Ints32, room: Ints, excess: Ints, end: int, shut: int
) -> None:
    """Push what waits at nodes to the end, as much as can get there; `shut` lets nothing pass.

    The network is by :func:`arrange`. `room`, what every entry can still carry, and `excess`, what
    waits at every node, change in place; what is left of it has no way to the end. -1 shuts no
    node.
    """
    # One long function on purpose: with its steps in functions of their own or lists in a tuple
    # it takes a tenth to a third longer, for the compiler then keeps less of them in registers.
    n = first.size - 1
    label, queue = np.empty(n, np.int32), np.empty(n, np.int32)
    current = np.empty(n, np.int32)
    # nodes of a distance in a list both ways, and those of them where something waits
    member, after, before = np.empty(n, np.int32), np.empty(n, np.int32), np.empty(n, np.int32)
    waiting, following = np.empty(n, np.int32), np.empty(n, np.int32)
    ahead, behind = to.view(np.uint32), back.view(np.uint32)
    limit = PATIENCE * (to.size + n)
    work = limit + 1
    highest, steps, leap = 0, 0, 1
    while True:
        if work > limit:
            # exact distances lead the pushes; between two times labels are only lower bounds
            n_found, leap = distances(first, to, back, room, end, shut, label, queue)
            member[:] = -1
            waiting[:] = -1
            highest = 0
            for at in range(1, n_found):  # nearest first: the last that waits is the farthest
                node = queue[at]
                steps = label[node]
                current[node] = first[node]
                before[node], after[node] = -1, member[steps]
                if member[steps] >= 0:
                    before[member[steps]] = node
                member[steps] = node
                if excess[node] > 0:
                    following[node] = waiting[steps]
                    waiting[steps] = node
                    highest = steps
            work, steps = 0, highest
        # The farthest first: what nearer nodes hold is then gathered before it is pushed on. All
        # of a distance have their turn before those that moved up from it, for the same reason.
        if waiting[steps] < 0:
            while highest > 0 and waiting[highest] < 0:
                highest -= 1
            if highest == 0:
                return
            steps = highest
        node = waiting[steps]
        turn = following[node]
        waiting[steps] = turn
        if turn >= 0:  # what the next node needs, beside its own figures, comes meanwhile
            entry = np.uint64(current[turn])
            prefetch(room, entry)
            prefetch(ahead, entry)
            prefetch(behind, entry)
            prefetch(excess, np.uint64(turn))
        left = excess[node]
        stop = np.uint64(first[node + 1])
        entry = np.uint64(current[node])
        while entry < stop:
            if room[entry] > 0:
                other = ahead[entry]
                if label[other] == steps - 1:
                    amount = min(left, room[entry])
                    room[entry] -= amount
                    room[behind[entry]] += amount
                    if excess[other] == 0 and other != end:
                        following[other] = waiting[steps - 1]
                        waiting[steps - 1] = other
                    excess[other] += amount
                    left -= amount
                    if left == 0:
                        break
            entry += ONE
        current[node] = entry
        excess[node] = left
        if left == 0:
            continue
        # no entry leads down any more, so that the node moves up to its nearest neighbor
        work += first[node + 1] - first[node] + RELABEL_WORK
        is_alone = member[steps] == node and after[node] < 0
        if after[node] >= 0:
            before[after[node]] = before[node]
        if before[node] >= 0:
            after[before[node]] = after[node]
        else:
            member[steps] = after[node]
        if is_alone:  # no route leads from farther nodes across a distance that no node has
            label[node] = n
            level = steps + 1
            while level < n and member[level] >= 0:
                lifted = member[level]
                while lifted >= 0:
                    label[lifted] = n
                    lifted = after[lifted]
                member[level] = -1
                waiting[level] = -1
                level += 1
            highest = steps
            continue
        nearest = n
        for route in range(np.uint64(first[node]), stop):
            if room[route] > 0 and label[ahead[route]] + 1 < nearest:
                nearest = label[ahead[route]] + 1
                current[node] = route
                if nearest == steps + leap:  # no other neighbor is nearer
                    break
        label[node] = nearest
        if nearest < n:
            before[node], after[node] = -1, member[nearest]
            if member[nearest] >= 0:
                before[member[nearest]] = node
            member[nearest] = node
            following[node] = waiting[nearest]
            waiting[nearest] = node
            highest = max(highest, nearest)


@jit
def give_back(
    first: Ints32,
    middle: Ints32,
    to: Ints32,
    back: Ints32,
    room: Ints,
    excess: Ints,
    source: int,
) -> bool:
    """Return what waits at nodes to the source, along what brought it.

    True if all is back. What flows in circles may take long: after as much work as exact distances
    take, what still waits is left.
    """
    n = middle.size
    ahead, behind = to.view(np.uint32), back.view(np.uint32)
    queue, is_waiting = np.empty(n, np.int32), np.zeros(n, np.bool_)
    n_waiting, turn = 0, 0
    for node in range(n):
        if excess[node] > 0:
            queue[n_waiting] = node
            is_waiting[node] = True
            n_waiting += 1
    work = 0
    while n_waiting > 0 and work <= to.size + n:
        node = queue[turn]
        turn = turn + 1 if turn + 1 < n else 0
        n_waiting -= 1
        is_waiting[node] = False
        left = excess[node]
        entry, stop = np.uint64(middle[node]), np.uint64(first[node + 1])
        while left > 0 and entry < stop:
            if room[entry] > 0:
                other = ahead[entry]
                amount = min(left, room[entry])
                room[entry] -= amount
                room[behind[entry]] += amount
                left -= amount
                if other != source:
                    excess[other] += amount
                    if not is_waiting[other]:
                        last = turn + n_waiting
                        queue[last if last < n else last - n] = other
                        is_waiting[other] = True
                        n_waiting += 1
            entry += ONE
        work += np.int64(entry) - middle[node] + 1
        excess[node] = left
    return n_waiting == 0


@jit
def most_parallel(first: Ints32, to: Ints32, place: Ints32) -> int:
    """Return the largest number of slots from one node to another."""
    is_slot = np.zeros(to.size, np.bool_)
    is_slot[place] = True
    count = np.zeros(first.size - 1, np.int64)
    most = 0
    for node in range(first.size - 1):
        for entry in range(first[node], first[node + 1]):
            if is_slot[entry]:
                count[to[entry]] += 1
                most = max(most, count[to[entry]])
        for entry in range(first[node], first[node + 1]):
            count[to[entry]] = 0
    return most


@jit
def across(
    start: Ints32,
    end: Ints32,
    capacity: Floats,
    ahead: Bools,
    behind: Bools,
) -> float:
    """Return the smaller of the capacities that leave one set of nodes and enter another."""
    out, into = 0.0, 0.0
    for slot in range(start.size):
        if ahead[start[slot]] and not ahead[end[slot]]:
            out += capacity[slot]
        if behind[end[slot]] and not behind[start[slot]]:
            into += capacity[slot]
    return min(out, into)
