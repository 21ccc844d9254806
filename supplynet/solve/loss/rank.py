"""Ranking what can be lost by what it costs, with as few searches as the question needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from supplynet.errors import MissingExtraError, SolverInputError
from supplynet.solve.flow.units import to_floats
from supplynet.solve.jit import HINT, is_compiled_available
from supplynet.solve.loss.breakdown import Breaks, SplitNetwork

__all__ = ["Engine", "Jobs", "Losses", "Progress", "rank"]

Engine = Literal["auto", "scipy", "fast"]
Progress = Callable[[int, int], None]

# Entries to look at (searches left times entries) from which loading compiled code pays.
FAST_FROM = 20_000_000
# Searches that a top-k usually takes, for each row asked for.
SEARCHES_A_ROW = 4
# What compiled code gets at once where candidates are sets. Between batches Ctrl-C is heard.
BATCHES = 32
# Compiled code and SciPy's engine count in int64.
MOST_UNITS = 2.0**62


@dataclass(frozen=True, slots=True, eq=False)
class Losses:
    """The exact loss of nodes, arcs or sets of nodes, largest first.

    Ties are ordered by what is carried, larger first, then by number.

    Examples
    --------
    >>> from supplynet.solve.loss.losses import node_losses
    >>> from supplynet.solve.flow.maxflow import max_flow
    >>> from supplynet.solve.flow.problem import FlowProblem
    >>> problem = FlowProblem(
    ...     [0, 0, 1, 2, 0], [1, 2, 3, 3, 3], [3.0, 2.0, 3.0, 2.0, 1.0], 4, source=0, sink=3
    ... )
    >>> losses = node_losses(problem, max_flow(problem))
    >>> losses.ids.tolist(), losses.loss.tolist(), losses.remaining.tolist()
    ([1, 2], [3.0, 2.0], [3.0, 4.0])
    """

    ids: NDArray[np.int64]  #: nodes, arcs, or places of sets in the list that was given
    #: by how much the largest flow is smaller without it, in the unit of the capacities
    loss: NDArray[np.float64]
    remaining: NDArray[np.float64]  #: the largest flow without it
    #: what the flow at hand sends over it; for a set the sum over its nodes, but no more than the
    #: whole flow
    carried: NDArray[np.float64]
    units: NDArray[Any]  #: the loss in units of ``1 / scale``, without rounding
    scale: Fraction  #: units in one unit of the capacities, as in the solution
    #: Whether the units are the capacities themselves. If not, these were rounded down to units,
    #: and a loss is off by up to a unit for every arc and node of a minimum cut.
    is_exact: bool
    n_candidates: int  #: how many were ranked
    n_evaluations: int  #: for how many a search was needed
    engine: str  #: what searched
    hint: str = ""  #: what would have been faster; empty where nothing would

    def __post_init__(self) -> None:
        for array in (self.ids, self.loss, self.remaining, self.carried, self.units):
            array.setflags(write=False)


def _is_wide(flow: NDArray[Any]) -> bool:
    """Whether the sum of some flows does not fit; Python's whole numbers may exceed any float."""
    total = flow.sum() if flow.dtype == object else flow.astype(np.float64).sum()
    return bool(total >= MOST_UNITS)


class Jobs:
    """Candidates, the breaks that the loss of each is, and what is known of them.

    Candidates ascend; breaks are those of the first candidate, then those of the second, and so on,
    and `first` is where those of each begin.
    """

    def __init__(
        self,
        network: SplitNetwork,
        ids: NDArray[np.int64],
        breaks: Breaks,
        first: NDArray[np.int64],
    ) -> None:
        self.network, self.ids, self.breaks, self.first = network, ids, breaks, first
        self.is_wide = _is_wide(breaks.flow)
        sizes = np.diff(first)
        carried = np.zeros(ids.size, dtype=object if self.is_wide else breaks.flow.dtype)
        np.add.at(carried, np.repeat(np.arange(ids.size), sizes), breaks.flow)
        #: no loss is more than this
        self.bound: NDArray[Any] = np.minimum(carried, network.solution.value_units)
        self.is_single = bool((sizes <= 1).all())
        #: what is lost, in units; -1 where a search has to tell
        self.units: NDArray[Any] = np.where(self.bound > 0, -1, 0).astype(carried.dtype)
        alone = np.flatnonzero((sizes == 1) & (self.bound > 0))
        severed = alone[network.are_severed(breaks.take(first[alone]))]
        self.units[severed] = self.bound[severed]

    def of(self, places: NDArray[np.int64]) -> tuple[Breaks, NDArray[np.int64]]:
        """Return the breaks of some candidates and where those of each begin."""
        sizes = self.first[places + 1] - self.first[places]
        begin = np.concatenate([[0], np.cumsum(sizes)])
        inside = np.arange(begin[-1]) - np.repeat(begin[:-1], sizes)
        return self.breaks.take(np.repeat(self.first[places], sizes) + inside), begin

    def search(self, places: NDArray[np.int64], engine: str) -> None:
        """Find what the loss of some candidates costs."""
        breaks, first = self.of(places)
        if engine == "fast":
            rerouted = _by_kernel(self.network, breaks, first, self.is_single)
        else:
            rerouted = np.array(
                [
                    _by_scipy(self.network, breaks.take(np.arange(low, high)))
                    for low, high in zip(first, first[1:], strict=False)
                ],
                dtype=self.units.dtype,
            )
        carried = np.zeros(places.size, dtype=self.units.dtype)
        np.add.at(carried, np.repeat(np.arange(places.size), np.diff(first)), breaks.flow)
        self.units[places] = carried - rerouted

    def search_each(self, places: NDArray[np.int64], progress: Progress | None) -> None:
        """Find what the loss of many candidates of one break each costs, by compiled code."""
        from supplynet.solve.loss.each import reroute_each

        def tell(done: int) -> None:
            _tell(progress, done, places.size)

        # breaks are given away, so that they need not stay beside what is made of them
        rerouted = reroute_each(self.network, self.of(places)[0], tell)
        self.units[places] = self.breaks.flow[self.first[places]] - rerouted


def rank(
    jobs: Jobs, top: int | None, with_ties: bool, engine: Engine, progress: Progress | None
) -> Losses:
    """Search in the order of what is carried until the answer is certain.

    Words are as in :func:`supplynet.solve.loss.losses.node_losses`.
    """
    if top is not None and top < 1:
        raise SolverInputError(f"top must be at least 1, not {top}")
    pending = np.flatnonzero(jobs.units < 0)
    pending = pending[np.argsort(-jobs.bound[pending], kind="stable")]
    chosen, hint = _choose(engine, jobs, pending.size, top)
    n_evaluations = 0
    if top is None and chosen == "fast" and jobs.is_single:
        jobs.search_each(pending, progress)
        n_evaluations = pending.size
    elif top is None:
        for now in _batches(pending, chosen):
            jobs.search(now, chosen)
            n_evaluations += now.size
            _tell(progress, n_evaluations, pending.size)
    else:
        step = 2 * top if chosen == "fast" else 1
        for now in _until_certain(jobs, pending, top, with_ties, step):
            jobs.search(now, chosen)
            n_evaluations += now.size
            _tell(progress, n_evaluations, pending.size)
    return _table(jobs, top, with_ties, n_evaluations, chosen, hint)


def _tell(progress: Progress | None, done: int, of: int) -> None:
    if progress is not None:
        progress(done, of)


def _batches(pending: NDArray[np.int64], engine: str) -> Iterator[NDArray[np.int64]]:
    """Give out all candidates, to compiled code many at once."""
    if engine != "fast":
        yield from pending[:, None]
    elif pending.size:
        yield from np.array_split(pending, min(BATCHES, pending.size))


def _until_certain(
    jobs: Jobs, pending: NDArray[np.int64], top: int, with_ties: bool, step: int
) -> Iterator[NDArray[np.int64]]:
    """Give out candidates as long as one could still be among the first ``top``."""
    best = sorted(_key(jobs, job) for job in _best_known(jobs, top))
    while pending.size:
        now = pending[:step]
        if len(best) == top:
            last = best[-1]
            # what a candidate would be at best: all that it carries is lost
            hopes = [(-jobs.bound[job], -jobs.bound[job], jobs.ids[job]) for job in now]
            n_open = sum(hope[0] <= last[0] if with_ties else hope < last for hope in hopes)
            if n_open == 0:
                return
            now = now[:n_open]
        yield now
        pending = pending[now.size :]
        best = sorted([*best, *(_key(jobs, job) for job in now)])[:top]


def _best_known(jobs: Jobs, top: int) -> NDArray[np.int64]:
    """Return the first ``top`` candidates whose loss is known without a search."""
    known = np.flatnonzero(jobs.units >= 0)
    return known[np.argsort(-jobs.units[known], kind="stable")][:top]


def _key(jobs: Jobs, place: np.int64) -> tuple[int, int, int]:
    """What candidates are ordered by."""
    return -int(jobs.units[place]), -int(jobs.bound[place]), int(jobs.ids[place])


def _choose(engine: str, jobs: Jobs, n_pending: int, top: int | None) -> tuple[str, str]:
    """Return the engine to use, and a hint at a faster one."""
    if engine not in {"auto", "scipy", "fast"}:
        raise SolverInputError(f"engine must be auto, scipy or fast, not {engine!r}")
    if engine == "fast" and not is_compiled_available():
        raise MissingExtraError("compiled code is not installed", hint=HINT)
    if engine == "scipy" or jobs.is_wide or jobs.network.room.dtype == object:
        return "scipy", ""
    n_searches = n_pending if top is None else min(n_pending, SEARCHES_A_ROW * top)
    if engine == "fast" or n_searches * jobs.network.room.size >= FAST_FROM:
        return ("fast", "") if is_compiled_available() else ("scipy", HINT)
    return "scipy", ""


def _by_scipy(network: SplitNetwork, breaks: Breaks) -> int:
    """Return the units that can be sent around the breaks of one candidate."""
    return network.reroute_one(breaks) if breaks.flow.size == 1 else network.reroute_many(breaks)


def _by_kernel(
    network: SplitNetwork, breaks: Breaks, first: NDArray[np.int64], is_single: bool
) -> NDArray[np.int64]:
    """Return the units that can be sent around the breaks of each of many candidates."""
    from supplynet.solve.loss.search import reroute_all

    layout = network.layout
    return reroute_all(
        *(layout.indptr, layout.cols, layout.reverse),
        # of a single break no way around leaves the strongly connected part
        network.inner_room if is_single else network.room,
        *(first, breaks.start, breaks.end, breaks.entry, breaks.flow, breaks.own),
    )


def _table(
    jobs: Jobs, top: int | None, with_ties: bool, n_evaluations: int, engine: str, hint: str
) -> Losses:
    """Put the ranking together."""
    solution = jobs.network.solution
    known = np.flatnonzero(jobs.units >= 0)
    order = known[np.lexsort((jobs.ids[known], -jobs.bound[known], -jobs.units[known]))]
    if top is not None and top < order.size:
        last = jobs.units[order[top - 1]]
        n_kept = int((jobs.units[order] >= last).sum()) if with_ties else top
        order = order[:n_kept]
    units, scale = jobs.units[order], solution.scale
    return Losses(
        ids=jobs.ids[order],
        loss=to_floats(units, scale),
        remaining=to_floats(solution.value_units - units, scale),
        carried=to_floats(jobs.bound[order], scale),
        units=units,
        scale=scale,
        is_exact=solution.is_exact and solution.method != "binary",
        n_candidates=int(jobs.ids.size),
        n_evaluations=n_evaluations,
        engine=engine,
        hint=hint,
    )
