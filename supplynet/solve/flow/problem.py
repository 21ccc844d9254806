"""The maximum flow problem and its solution, as plain arrays."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from supplynet.arrays import Bools, Floats, Ints
from supplynet.errors import SolverInputError

LARGEST_CAPACITY = 1e300
"""The largest finite capacity: with it, no sum of capacities overflows a float."""


@dataclass(frozen=True, slots=True, eq=False)
class FlowProblem:
    """A network of limited arcs and nodes: how much can flow from source to sink.

    Parallel arcs, antiparallel arcs, self loops, zero and infinite capacities are
    all legal. A self loop never carries flow. Arrays are copied and made read-only,
    unless they are so already.

    Raises
    ------
    SolverInputError
        If the arrays do not describe such a problem.

    Examples
    --------
    >>> problem = FlowProblem([0, 1], [1, 2], [3.0, 2.0], n_nodes=3, source=0, sink=2)
    >>> problem.n_arcs
    2
    """

    #: tail, head: shape (m,); the node every arc leaves and the node it enters
    tail: Ints
    head: Ints
    #: shape (m,). The most that an arc carries, at least 0; ``inf`` for no limit. In any unit, the
    #: same for every capacity.
    capacity: Floats
    n_nodes: int  #: Number of nodes; nodes are 0 ... n_nodes - 1.
    #: source, sink: where the flow starts and where it ends
    source: int
    sink: int
    #: shape (n_nodes,). The most that passes through a node: its total outflow for the source, its
    #: total inflow for every other node. ``inf`` for no limit.
    node_capacity: Floats | None = None
    _memo: dict[str, Any] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        n_nodes = _as_count(self.n_nodes, "n_nodes")
        _store(self, "n_nodes", n_nodes)
        for name in ("source", "sink"):
            _store(self, name, _as_node(getattr(self, name), name, n_nodes))
        if self.source == self.sink:
            raise SolverInputError(f"source and sink are the same node, {self.source}")
        for name in ("tail", "head"):
            _store(self, name, _as_nodes(getattr(self, name), name, n_nodes))
        _store(self, "capacity", _as_capacities(self.capacity, "capacity"))
        if not self.tail.size == self.head.size == self.capacity.size:
            raise SolverInputError(
                "tail, head and capacity must have one entry for each arc, but have "
                f"{self.tail.size}, {self.head.size} and {self.capacity.size}"
            )
        if self.node_capacity is not None:
            _store(self, "node_capacity", _as_capacities(self.node_capacity, "node_capacity"))
            if self.node_capacity.size != n_nodes:
                raise SolverInputError(
                    f"node_capacity has {self.node_capacity.size} entries for {n_nodes} nodes"
                )

    @property
    def n_arcs(self) -> int:
        """Number of arcs."""
        return int(self.tail.size)

    def replace(
        self, *, capacity: ArrayLike | None = None, node_capacity: ArrayLike | None = None
    ) -> FlowProblem:
        """Return the same network with other capacities.

        What solvers learned about the arcs' arrangement is kept, so that solving the result is
        faster than solving a problem made from new arrays. What is not given stays; to take every
        limit of the nodes away give ``inf`` for all.

        Examples
        --------
        >>> problem = FlowProblem([0], [1], [3.0], n_nodes=2, source=0, sink=1)
        >>> problem.replace(capacity=[4.0]).capacity.tolist()
        [4.0]
        """
        new = FlowProblem(
            self.tail,
            self.head,
            self.capacity if capacity is None else capacity,  # type: ignore[arg-type]
            self.n_nodes,
            self.source,
            self.sink,
            self.node_capacity if node_capacity is None else node_capacity,  # type: ignore[arg-type]
        )
        _store(new, "_memo", self._memo)
        return new


@dataclass(frozen=True, slots=True, eq=False)
class FlowSolution:
    """A largest flow, a smallest cut and what is proved about their value.

    The flow is held twice: as floats, and as whole numbers of a small unit. On the
    whole numbers it is conserved at every node without rounding.

    Examples
    --------
    >>> from supplynet.solve.flow.maxflow import max_flow
    >>> problem = FlowProblem([0, 0], [1, 1], [0.1, 0.2], n_nodes=2, source=0, sink=1)
    >>> solution = max_flow(problem)
    >>> solution.value, solution.units.tolist(), solution.scale
    (0.3, [1, 2], Fraction(10, 1))
    """

    value: float  #: the flow from source to sink, in the unit of the capacities
    #: shape (m,); the flow on every arc: ``units / scale``, each correctly rounded
    flow: Floats
    #: shape (n_nodes, 2). Whether a node's in-half and its out-half lie on the source side of the
    #: minimum cut nearest to the source. Without a node capacity they are equal.
    source_side: Bools
    #: lower, upper: The true optimum for the capacities as given lies between them. Both equal
    #: `value` where it is exact.
    lower: float
    upper: float
    #: Whether `value` is the optimum itself, correctly rounded once. With method ``"decimal"`` the
    #: capacities are read as the decimals they are written as (0.1 is one tenth), otherwise as
    #: binary floats.
    is_exact: bool
    #: ``"decimal"``: units of a power of ten. ``"binary"``: units of a power of two, capacities
    #: rounded down to them. ``"exact"``: units of a power of two that divides every capacity.
    method: str
    scale: Fraction  #: units in one unit of the capacities
    units: NDArray[Any]  #: shape (m,); the flow on every arc in units of ``1 / scale``
    value_units: int  #: the flow from source to sink in units of ``1 / scale``

    def __post_init__(self) -> None:
        for array in (self.flow, self.source_side, self.units):
            array.setflags(write=False)


def _store(instance: object, name: str, value: object) -> None:
    """Set an attribute of a frozen dataclass while it is made."""
    object.__setattr__(instance, name, value)


def _as_count(value: object, name: str) -> int:
    """Return a positive whole number or say what is wrong with it."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
        raise SolverInputError(f"{name} must be a positive whole number, not {value!r}")
    return int(value)


def _as_node(value: object, name: str, n_nodes: int) -> int:
    """Return the number of one node or say what is wrong with it."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise SolverInputError(f"{name} must be a node number, not {value!r}")
    if not 0 <= value < n_nodes:
        raise SolverInputError(f"{name} is node {value}, outside 0 ... {n_nodes - 1}")
    return int(value)


def _as_nodes(values: ArrayLike, name: str, n_nodes: int) -> Ints:
    """Return a read-only copy of an array of node numbers."""
    array = np.asarray(values)
    if array.ndim != 1:
        raise SolverInputError(f"{name} must be one-dimensional, not of shape {array.shape}")
    if array.size and array.dtype.kind not in "iu":
        raise SolverInputError(f"{name} must hold whole numbers, not {array.dtype}")
    if array.size and not (array.min() >= 0 and array.max() < n_nodes):
        bad = np.flatnonzero((array < 0) | (array >= n_nodes))
        raise SolverInputError(
            f"{name}[{bad[0]}] is node {array[bad[0]]}, outside 0 ... {n_nodes - 1}"
        )
    if array.dtype == np.int64 and _is_frozen(array):
        return array
    copy = array.astype(np.int64)
    copy.setflags(write=False)
    return copy


def _as_capacities(values: ArrayLike, name: str) -> Floats:
    """Return a read-only copy of an array of capacities."""
    try:
        is_kept = isinstance(values, np.ndarray) and _is_frozen(values)
        copy = (np.asarray if is_kept else np.array)(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise SolverInputError(f"{name} must hold numbers: {error}") from error
    if copy.ndim != 1:
        raise SolverInputError(f"{name} must be one-dimensional, not of shape {copy.shape}")
    is_fine = copy.size == 0 or (copy.min() >= 0 and copy.max() <= LARGEST_CAPACITY)
    bad = np.empty(0, dtype=np.int64) if is_fine else _bad_capacities(copy)
    if bad.size:
        raise SolverInputError(
            f"{name}[{bad[0]}] is {copy[bad[0]]}; a capacity is between 0 and "
            f"{LARGEST_CAPACITY:g}, or inf",
            hint="Write inf where nothing limits the flow.",
        )
    copy.setflags(write=False)
    return copy


def _is_frozen(array: NDArray[Any]) -> bool:
    """Tell whether an array is its own and read-only, as those of another problem are."""
    return bool(array.flags.owndata and not array.flags.writeable)


def _bad_capacities(values: Floats) -> Ints:
    """Return the places of what is no capacity."""
    return np.flatnonzero(~(values >= 0) | ((values > LARGEST_CAPACITY) & (values < np.inf)))
