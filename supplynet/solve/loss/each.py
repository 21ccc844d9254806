"""What can be sent around every one of many breaks, each lost alone.

What ran over a break can be undone back to the source, so that the source, in whose strongly
connected part of the residual network the break lies, is a start of its search beside the break's
own: whether less than all is rerouted is decided by cuts between both starts and the break's end.
A node that can get enough from the source is on the source's side of every such cut, and most
searches end as soon as they meet one. In the part of the sink the same holds turned around.

Some nodes can pass much on and cannot get as much from the source: searches beyond them would be
long. They are *hubs*: searches take them for starts, too, which can only find too much. What is
found is right if the source can send every hub as much without the break. Where a hub can get less,
a second search tells how much cuts with the hub on the far side let through: all that the source
can send the hub is sent first, and what can be sent on top, to it or to the break's end, counts.
What can be rerouted is the least of the first search and these.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from supplynet.solve.loss.breakdown import Breaks, SplitNetwork
from supplynet.solve.loss.contraction import Part, Shrunk, n_behind
from supplynet.solve.loss.search import reroute_all, reroute_between, saturate
from supplynet.solve.stop import require_wanted
from supplynet.solve.together import together

__all__ = ["reroute_each"]

Ints = NDArray[np.int64]
_Work = Callable[[], None]
_Ends = tuple[Sequence[int], Sequence[int]]

# Breaks that share a core carry about as much: the largest up to so many times the smallest.
# Between batches Ctrl-C is heard.
BATCHES, ALIKE = 32, 1.5
# Breaks from which hubs, and batches, are worth it; how many of the busiest nodes are tried.
HUBS_FROM, N_TRIED = 128, 24
# A hub is kept if it decides about all but this part of the breaks, or if as large a part of the
# network lies behind it.
SMALL_PART = 0.02
# Searches times entries from which threads share the work.
SHARED_FROM = 200_000_000


@dataclass(frozen=True, slots=True, eq=False)
class _Hub:
    """A node that passes on what the source sends it."""

    node: int
    units: int  # that the source can send it
    # breaks without which it may get too little, and the units that it gets without each
    places: Ints
    least: Ints


def reroute_each(network: SplitNetwork, breaks: Breaks, progress: Callable[[int], None]) -> Ints:
    """Return the units that can be sent around each break when it alone is lost.

    Parameters
    ----------
    network : SplitNetwork
        With a largest flow.
    breaks : Breaks
        Each with its start and end in one strongly connected part.
    progress : callable
        Gets how many are done, now and then, from any thread.

    Returns
    -------
    ndarray of int64, shape (b,)
    """
    layout, problem = network.layout, network.problem
    part_of = network.component[breaks.start]
    n_breaks = breaks.flow.size
    n_threads = (os.cpu_count() or 1) if n_breaks * layout.cols.size >= SHARED_FROM else 1
    done, lock = [0], Lock()

    def tell(n: int) -> None:
        with lock:
            done[0] += n
            progress(done[0])

    sides = [
        _Side(breaks, np.flatnonzero(part_of == network.component[part.root]), part, tell)
        for part in (Part(network, problem.source, False), Part(network, problem.sink, True))
    ]
    rest = np.delete(np.arange(n_breaks), np.concatenate([side.places for side in sides]))
    few = breaks.take(rest)
    del breaks, part_of
    network.forget_slots()
    layout = network.layout
    for step in (_Side.to_find_hubs, _Side.to_search, _Side.to_check):
        _share([work for side in sides for work in step(side)], n_threads)
    rerouted = np.empty(n_breaks, dtype=np.int64)
    for side in sides:
        rerouted[side.places] = side.sent
    if rest.size:
        rerouted[rest] = reroute_all(
            *(layout.indptr, layout.cols, layout.reverse, network.inner_room),
            np.arange(rest.size + 1),
            *(few.start, few.end, few.entry, few.flow, few.own),
        )
        tell(rest.size)
    return rerouted


class _Side:
    """The breaks in the part of the source, or in that of the sink, and what is known of them."""

    def __init__(
        self, breaks: Breaks, places: Ints, part: Part, tell: Callable[[int], None]
    ) -> None:
        self.places, self.part, self.tell, self.lock = places, part, tell, Lock()
        room, reverse = part.network.room, part.network.layout.reverse
        own = breaks.take(places)
        back = reverse[own.entry].astype(np.int64)
        #: Where parallel and opposite arcs share an entry, nobody can tell what a hub is sent over
        #: which: their searches do without hubs.
        self.is_whole = (room[own.entry] == own.own) & (room[back] == own.flow)
        if part.is_turned:
            own = Breaks(own.end, own.start, back, own.flow, own.own)
        self.breaks = own
        #: what can be sent around each; as long as a hub is in question no less than that
        self.sent: Ints = own.flow.astype(np.int64)
        self.hubs: list[_Hub] = []

    def to_find_hubs(self) -> list[_Work]:
        return [self._find_hubs] if self.places.size >= HUBS_FROM else []

    def to_search(self) -> list[_Work]:
        nodes = [self.part.root, *(hub.node for hub in self.hubs)]
        works: list[_Work] = []
        for is_chosen, core in ((self.is_whole, nodes), (~self.is_whole, nodes[:1])):
            for batch in _batches(np.flatnonzero(is_chosen), self.sent):
                works.append(partial(self._search, core, batch))
        return works

    def to_check(self) -> list[_Work]:
        # A cut with two hubs on the far side is seen by the check of the first, so that in that of
        # the second the first is a start: what many breaks doubt comes last, with most starts.
        hubs = sorted(self.hubs, key=lambda hub: hub.places.size)
        nodes = [self.part.root, *(hub.node for hub in hubs)]
        return [partial(self._check, nodes[: k + 1], hub) for k, hub in enumerate(hubs)]

    def _find_hubs(self) -> None:
        """Choose some of the busiest nodes, and find out what the source can send them."""
        order = np.argsort(-self.sent, kind="stable")
        whole = self.part.shrink([], self.breaks.entry, 1)
        pattern = (whole.indptr, whole.cols, whole.reverse)
        back = whole.reverse[whole.entry]
        most, known = 4 * int(self.sent.max()), set()
        busiest = self.breaks.end[order[:N_TRIED]]
        for end in busiest[busiest != self.part.root].tolist():
            root, node = int(whole.label[self.part.root]), int(whole.label[end])
            units, left = saturate(*pattern, whole.room, root, node, most)
            least = np.where(self.is_whole, units - (left[back] - self.breaks.flow), most)
            behind = n_behind(*pattern, left, node)
            # Nodes with one minimum cut are one as far as the source is concerned.
            is_known = units < most and (units, behind) in known
            doubtful = np.flatnonzero(least < self.sent)
            is_large = behind >= SMALL_PART * (whole.indptr.size - 1)
            if not is_known and (is_large or doubtful.size <= SMALL_PART * self.sent.size):
                self.hubs.append(_Hub(end, units, doubtful, least[doubtful]))
                known.add((units, behind))

    def _search(self, nodes: Sequence[int], places: Ints) -> None:
        """Find what can be sent to the ends of some breaks from their starts and some nodes."""
        few, asked = self.breaks.take(places), self.sent[places]
        small = _read_back(self.part.shrink(nodes, few.entry, int(asked.max())))
        apart = np.flatnonzero(small.label[few.end] != small.core)
        some = few.take(apart)
        ends = small.label[some.start], small.label[some.end]
        given = (*ends, small.entry[apart], some.flow, some.own)
        asked[apart] = _search_back(small, given, (small.core, -1), asked[apart])
        self.sent[places] = asked
        self.tell(places.size)

    def _check(self, nodes: Sequence[int], hub: _Hub) -> None:
        """Take back what a hub was given too much, with some nodes as starts."""
        missing = self.sent[hub.places] - hub.least
        doubtful = np.flatnonzero(missing > 0)
        if not doubtful.size:
            return
        whole = self.part.shrink([], self.breaks.entry, 1)
        near, node = whole.label[list(nodes)].tolist(), int(whole.label[hub.node])
        pattern = (whole.indptr, whole.cols, whole.reverse)
        left = saturate(*pattern, whole.room, near[0], node, hub.units)[1]
        whole = replace(whole, room=left)
        for chosen in _batches(doubtful, missing):
            require_wanted()
            batch = hub.places[chosen]
            sent = self._send_past(whole, (near, [node]), batch, missing[chosen])
            with self.lock:  # other hubs are checked meanwhile
                self.sent[batch] = np.minimum(self.sent[batch], hub.least[chosen] + sent)

    def _send_past(self, whole: Shrunk, ends: _Ends, places: Ints, most: Ints) -> Ints:
        """Find what can still be sent to a hub or the end of each of some breaks."""
        few, entry = self.breaks.take(places), whole.entry[places].astype(np.int64)
        flow = whole.room[whole.reverse[entry]].astype(np.int64)
        own = whole.room[entry].astype(np.int64)
        small = self.part.between(whole, ends, entry, int(most.max()))
        if small is None:
            return most
        small = _read_back(small)
        start, end = small.label[whole.label[few.start]], small.label[whole.label[few.end]]
        first, second = small.core, small.core + 1
        # enough can be sent from what is drawn together with the hub, and to the source's
        apart = np.flatnonzero((start != end) & (start != second) & (end != first))
        sent = most.copy()
        given = (start[apart], end[apart], small.entry[apart], flow[apart], own[apart])
        sent[apart] = _search_back(small, given, (first, second), sent[apart])
        return sent


def _read_back(small: Shrunk) -> Shrunk:
    """Return a part with every entry read against its direction."""
    return replace(small, room=small.room[small.reverse])


def _search_back(
    small: Shrunk, given: Sequence[NDArray[Any]], also: tuple[int, int], most: Ints
) -> Ints:
    """Find what can be sent, in a part that is read back.

    Trees grow mostly from the ends of breaks, for so much leaves what is drawn together, and of
    what comes into a node the units then stand side by side in memory.
    """
    start, end, entry, flow, own = (values.astype(np.int64) for values in given)
    pattern = (small.indptr, small.cols, small.reverse, small.room)
    back = small.reverse[entry].astype(np.int64)
    return reroute_between(*pattern, end, start, back, flow, own, also[::-1], most)


def _batches(places: Ints, asked: Ints) -> Iterator[Ints]:
    """Give out breaks, together those of which about as much is asked; few all at once."""
    if places.size < HUBS_FROM:
        if places.size:
            yield places
        return
    places = places[np.argsort(-asked[places], kind="stable")]
    most = max(1, places.size // BATCHES)
    falling = -asked[places].astype(np.float64)
    begin = 0
    while begin < places.size:
        n_alike = np.searchsorted(falling[begin : begin + most], falling[begin] / ALIKE)
        end = begin + max(1, int(n_alike))
        yield places[begin:end]
        begin = end


def _share(works: Sequence[_Work], n_threads: int) -> None:
    """Do all pieces of work, in some order, by so many threads."""
    waiting, lock = iter(works), Lock()

    def work() -> None:
        while True:
            with lock:
                piece = next(waiting, None)
            if piece is None:
                return
            require_wanted()
            piece()

    if min(n_threads, len(works)) > 1:
        together([work] * min(n_threads, len(works)))
    else:
        work()
