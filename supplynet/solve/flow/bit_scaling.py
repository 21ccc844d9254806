"""A maximum flow in large whole numbers by a few runs of an engine for small ones.

SciPy's engine counts in int32 and overflows without a word. Each pass therefore shows
it the leading bits of what is left of the capacities, adds the flow it finds and
continues with the bits below: capacity scaling (Ahuja, Magnanti and Orlin, *Network
Flows*, 1993, section 7.3), about 29 bits at a time, with Dinic's algorithm inside.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array  # type: ignore[import-untyped, unused-ignore]
from scipy.sparse.csgraph import maximum_flow  # type: ignore[import-untyped, unused-ignore]

from supplynet.errors import SolverError
from supplynet.solve.flow.layout import Pattern
from supplynet.solve.flow.residual import reachable

__all__ = ["run_passes"]

# The engine adds the capacities of two opposite entries: 2 * 2**29 fits int32.
PASS_BITS = 29


def run_passes(
    layout: Pattern, capacity: NDArray[Any], bound: int
) -> tuple[NDArray[Any], NDArray[np.bool_], int]:
    """Send as much as possible from the layout's source to its sink.

    Parameters
    ----------
    layout : Pattern
        The pattern of entries.
    capacity : ndarray of int64 or of Python int, shape (e,)
        Whole capacities of the entries.
    bound : int
        A number that the flow certainly does not exceed.

    Returns
    -------
    net : ndarray, shape (e,)
        Net flow of every entry, negative against its direction.
    side : ndarray of bool, shape (n,)
        The source side of the minimum cut nearest to the source.
    n_passes : int
        Runs of the engine.

    Raises
    ------
    SolverError
        If this version of SciPy does not keep the pattern of entries.

    Examples
    --------
    >>> from supplynet.solve.flow.layout import layout_of
    >>> from supplynet.solve.flow.problem import FlowProblem
    >>> layout = layout_of(FlowProblem([0], [1], [3e9], n_nodes=2, source=0, sink=1))
    >>> net, side, n_passes = run_passes(layout, np.array([3 * 10**9, 0]), 3 * 10**9)
    >>> net.tolist(), side.tolist()
    ([3000000000, -3000000000], [True, False])
    """
    residual = capacity.copy()
    n_passes, shift, side = 0, 1, np.zeros(layout.n, dtype=np.bool_)
    while bound > 0:
        shift = max(0, bound.bit_length() - PASS_BITS)
        # No more than bound >> shift can flow in this pass, so an entry clipped to one
        # more is never full and the cut below is not made of clipped entries.
        room = np.minimum(residual >> shift, (bound >> shift) + 1).astype(np.int32)
        pushed = _engine(layout, room)
        residual -= pushed.astype(residual.dtype) << shift
        n_passes += 1
        side = reachable(layout, room > pushed, layout.source)
        # Whatever the shifted-out bits still allow must cross this cut.
        crosses = side[layout.rows] & ~side[layout.cols]
        bound = int(residual[crosses].sum())
    if shift > 0:
        side = reachable(layout, residual > 0, layout.source)
    return capacity - residual, side, n_passes


def _engine(layout: Pattern, room: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the net flow of every entry for int32 capacities."""
    graph = csr_array((room, layout.cols, layout.indptr), shape=(layout.n, layout.n))
    flow = maximum_flow(graph, layout.source, layout.sink).flow
    if flow.data.size != room.size or not np.array_equal(flow.indices, layout.cols):
        raise SolverError("this version of SciPy returns flows in an unknown pattern")
    pushed: NDArray[np.int32] = flow.data
    return pushed
