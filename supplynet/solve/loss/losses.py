"""What the loss of each node, arc or set of them costs a largest flow, exactly.

One largest flow answers for all: of the units that ran over what is lost, those that cannot be
sent around it in the residual network are lost, and no others (see
:mod:`supplynet.solve.loss.breakdown`). What carries nothing costs nothing, what no route leads
around costs all it carries, and no loss is more than what is carried, so that the largest losses
are known after a few searches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from supplynet.arrays import Floats, Ints
from supplynet.errors import MissingExtraError, SolverInputError
from supplynet.solve.flow.problem import FlowProblem, FlowSolution
from supplynet.solve.flow.units import to_floats
from supplynet.solve.jit import HINT, is_compiled_available
from supplynet.solve.loss.breakdown import Breaks, SplitNetwork
from supplynet.solve.together import require_wanted

Engine = Literal["auto", "scipy", "fast"]
Progress = Callable[[int, int], None]

# Entries to look at (searches left times entries) from which loading compiled code pays.
FAST_FROM = 20_000_000
# Searches that a top-k usually takes, for each row asked for.
SEARCHES_A_ROW = 4
# Parts in which compiled code gets a full table. Between them Ctrl-C is heard.
BATCHES = 32
# Compiled code and SciPy's engine count in int64.
MOST_UNITS = 2.0**62


@dataclass(frozen=True, slots=True, eq=False)
class Losses:
    """The exact loss of nodes, arcs or sets of nodes, largest first.

    Ties are ordered by what is carried, larger first, then by number.

    Examples
    --------
    >>> from supplynet.solve.flow.maxflow import max_flow
    >>> from supplynet.solve.flow.problem import FlowProblem
    >>> problem = FlowProblem(
    ...     [0, 0, 1, 2, 0], [1, 2, 3, 3, 3], [3.0, 2.0, 3.0, 2.0, 1.0], 4, source=0, sink=3
    ... )
    >>> losses = node_losses(problem, max_flow(problem))
    >>> losses.ids.tolist(), losses.loss.tolist(), losses.remaining.tolist()
    ([1, 2], [3.0, 2.0], [3.0, 4.0])
    """

    ids: Ints  #: nodes, arcs, or places of sets in the list that was given
    #: by how much the largest flow is smaller without it, in the unit of the capacities
    loss: Floats
    remaining: Floats  #: the largest flow without it
    #: what the flow at hand sends over it; for a set the sum over its nodes, but no more than the
    #: whole flow
    carried: Floats
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


class _Jobs:
    """Candidates, the breaks that the loss of each is, and what is known of them.

    Candidates ascend; breaks are those of the first candidate, then those of the second, and so on,
    and `first` is where those of each begin.
    """

    def __init__(
        self,
        network: SplitNetwork,
        ids: Ints,
        breaks: Breaks,
        first: Ints,
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

    def of(self, places: Ints) -> tuple[Breaks, Ints]:
        """Return the breaks of some candidates and where those of each begin."""
        sizes = self.first[places + 1] - self.first[places]
        begin = np.concatenate([[0], np.cumsum(sizes)])
        inside = np.arange(begin[-1]) - np.repeat(begin[:-1], sizes)
        return self.breaks.take(np.repeat(self.first[places], sizes) + inside), begin

    def search(self, places: Ints, engine: str) -> None:
        """Find what the loss of some candidates costs."""
        network = self.network
        breaks, first = self.of(places)
        rerouted: NDArray[Any]
        if engine == "fast":
            from supplynet.solve.loss.search import reroute_all

            layout = network.layout
            # of a single break no way around leaves the strongly connected part
            room = network.inner_room if self.is_single else network.room
            pattern = layout.indptr, layout.cols, layout.reverse, room
            bounds = breaks.start, breaks.end, breaks.entry, breaks.flow, breaks.own
            rerouted = reroute_all(*pattern, first, *bounds)
        else:
            rerouted = np.zeros(places.size, dtype=self.units.dtype)
            for index, (low, high) in enumerate(zip(first, first[1:], strict=False)):
                lost = breaks.take(np.arange(low, high))
                reroute = network.reroute_one if lost.flow.size == 1 else network.reroute_many
                rerouted[index] = reroute(lost)
        carried = np.zeros(places.size, dtype=self.units.dtype)
        np.add.at(carried, np.repeat(np.arange(places.size), np.diff(first)), breaks.flow)
        self.units[places] = carried - rerouted


def _rank(
    jobs: _Jobs, top: int | None, with_ties: bool, engine: Engine, progress: Progress | None
) -> Losses:
    """Search in the order of what is carried until the answer is certain."""
    if top is not None and top < 1:
        raise SolverInputError(f"top must be at least 1, not {top}")
    pending = np.flatnonzero(jobs.units < 0)
    pending = pending[np.argsort(-jobs.bound[pending], kind="stable")]
    name, hint = _choose(engine, jobs, pending.size, top)
    n_evaluations = 0
    if top is None:
        work = _batches(pending, name)
    else:
        work = _until_certain(jobs, pending, top, with_ties, 2 * top if name == "fast" else 1)
    for now in work:
        require_wanted()
        jobs.search(now, name)
        n_evaluations += now.size
        if progress is not None:
            progress(n_evaluations, pending.size)
    return _table(jobs, top, with_ties, n_evaluations, name, hint)


def _batches(pending: Ints, engine: str) -> Iterator[Ints]:
    """Give out all candidates, to compiled code many at once."""
    if engine != "fast":
        yield from pending[:, None]
    elif pending.size:
        yield from np.array_split(pending, min(BATCHES, pending.size))


def _until_certain(
    jobs: _Jobs, pending: Ints, top: int, with_ties: bool, step: int
) -> Iterator[Ints]:
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


def _best_known(jobs: _Jobs, top: int) -> Ints:
    """Return the first ``top`` candidates whose loss is known without a search."""
    names = np.flatnonzero(jobs.units >= 0)
    return names[np.argsort(-jobs.units[names], kind="stable")][:top]


def _key(jobs: _Jobs, position: np.int64) -> tuple[int, int, int]:
    """What candidates are ordered by."""
    return -int(jobs.units[position]), -int(jobs.bound[position]), int(jobs.ids[position])


def _choose(engine: str, jobs: _Jobs, n_pending: int, top: int | None) -> tuple[str, str]:
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


def _table(
    jobs: _Jobs, top: int | None, with_ties: bool, n_evaluations: int, engine: str, hint: str
) -> Losses:
    """Put the ranking together."""
    solution = jobs.network.solution
    names = np.flatnonzero(jobs.units >= 0)
    order = names[np.lexsort((jobs.ids[names], -jobs.bound[names], -jobs.units[names]))]
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


def node_losses(
    problem: FlowProblem,
    solution: FlowSolution,
    *,
    nodes: ArrayLike | None = None,
    top: int | None = None,
    with_ties: bool = False,
    engine: Engine = "auto",
    progress: Progress | None = None,
) -> Losses:
    """Rank nodes by what their loss costs.

    Candidates are by default all nodes but source and sink. With `top` so many of the largest
    losses are found only, which takes far fewer searches, and `with_ties` every other whose loss
    equals the last. ``"fast"`` is compiled code and demands the extra of that name; ``"auto"``
    takes it where it is installed and the work is long enough to be worth loading it. `progress`
    gets the candidates done and all, now and then.

    Examples
    --------
    >>> from supplynet.solve.flow.maxflow import max_flow
    >>> problem = FlowProblem([0, 1, 0], [1, 2, 2], [2.0, 2.0, 1.0], 3, source=0, sink=2)
    >>> node_losses(problem, max_flow(problem)).loss.tolist()
    [2.0]
    """
    bounds = [problem.source, problem.sink]
    if nodes is None:
        selection = np.delete(np.arange(problem.n_nodes), bounds)
    else:
        selection = _numbers(nodes, problem.n_nodes, "node")
        if np.isin(selection, bounds).any():
            raise SolverInputError("the loss of the source or the sink is no question: all is lost")
    network = SplitNetwork(problem, solution)
    jobs = _Jobs(network, selection, network.of_nodes(selection), np.arange(selection.size + 1))
    return _rank(jobs, top, with_ties, engine, progress)


def edge_losses(
    problem: FlowProblem,
    solution: FlowSolution,
    *,
    arcs: ArrayLike | None = None,
    top: int | None = None,
    with_ties: bool = False,
    engine: Engine = "auto",
    progress: Progress | None = None,
) -> Losses:
    """Rank arcs by what their loss costs; of parallel arcs one at a time is lost.

    Words are as in :func:`node_losses`; candidates are by default all arcs.

    Examples
    --------
    >>> from supplynet.solve.flow.maxflow import max_flow
    >>> problem = FlowProblem([0, 0], [1, 1], [2.0, 5.0], n_nodes=2, source=0, sink=1)
    >>> losses = edge_losses(problem, max_flow(problem))
    >>> losses.ids.tolist(), losses.loss.tolist()
    ([1, 0], [5.0, 2.0])
    """
    selection = np.arange(problem.n_arcs)
    if arcs is not None:
        selection = _numbers(arcs, problem.n_arcs, "arc")
    network = SplitNetwork(problem, solution)
    carries = np.flatnonzero(solution.units[selection] > 0)
    first = np.searchsorted(carries, np.arange(selection.size + 1))
    jobs = _Jobs(network, selection, network.of_arcs(selection[carries]), first)
    return _rank(jobs, top, with_ties, engine, progress)


def set_losses(
    problem: FlowProblem,
    solution: FlowSolution,
    sets: Sequence[ArrayLike],
    *,
    top: int | None = None,
    with_ties: bool = False,
    engine: Engine = "auto",
    progress: Progress | None = None,
) -> Losses:
    """Rank sets of nodes by what it costs to lose all nodes of a set at once.

    Words are as in :func:`node_losses`; sets may overlap, and `ids` are places in `sets`.

    Examples
    --------
    >>> from supplynet.solve.flow.maxflow import max_flow
    >>> problem = FlowProblem(
    ...     [0, 0, 1, 2], [1, 2, 3, 3], [3.0, 2.0, 3.0, 2.0], 4, source=0, sink=3
    ... )
    >>> set_losses(problem, max_flow(problem), [[1, 2], [2]]).loss.tolist()
    [5.0, 2.0]
    """
    members = [_numbers(nodes, problem.n_nodes, "node") for nodes in sets]
    together = np.concatenate([np.empty(0, dtype=np.int64), *members])
    if np.isin(together, [problem.source, problem.sink]).any():
        raise SolverInputError("the loss of the source or the sink is no question: all is lost")
    network = SplitNetwork(problem, solution)
    first = np.cumsum([0, *(nodes.size for nodes in members)])
    jobs = _Jobs(network, np.arange(len(members)), network.of_nodes(together), first)
    return _rank(jobs, top, with_ties, engine, progress)


def _numbers(values: ArrayLike, n: int, what: str) -> Ints:
    """Return distinct numbers of nodes or arcs, ascending, or say which does not exist."""
    array = np.unique(np.asarray(values))
    if array.size == 0:
        return np.empty(0, dtype=np.int64)
    if array.dtype.kind not in "iu":
        raise SolverInputError(f"{what}s must be whole numbers, not {array.dtype}")
    bad = array[(array < 0) | (array >= n)]
    if bad.size:
        raise SolverInputError(f"there is no {what} {bad[0]}: they are 0 ... {n - 1}")
    return array.astype(np.int64)
