"""Random supply networks of any size, as arrays: for tests, benchmarks and trying things out.

Both kinds have what real networks have and makes them hard: degrees by a power law, so that a
few plants see much of the trade, skewed capacities, limits on plants as well as on links, and
for the cyclic kind loops of recycling and trade between plants of one stage.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, fields

import numpy as np

from supplynet.arrays import Floats, Ints
from supplynet.errors import SolverInputError
from supplynet.limits import MEMORY_BYTES
from supplynet.solve.flow.problem import FlowProblem

KINDS = ("layered", "cyclic")
STAGES = 5
FEWEST_EDGES, MOST_EDGES = 20, MEMORY_BYTES // 200  # what is drawn takes 200 bytes a link

MEAN_DEGREE = 8
RANK_EXPONENT = 0.6  # weight of the k-th plant of a stage in a new link: k ** -0.6
SPREAD = 1.0  # standard deviation of the logarithm of capacities
LINK_MEDIAN = 100.0  # t/yr
BACK_SHARE, SIDE_SHARE = 0.1, 0.1  # cyclic: links to the stage before, and within a stage


@dataclass(frozen=True, slots=True, eq=False)
class GeneratedNetwork:
    """Plants in stages, the links between them, and what each can carry."""

    #: shape (n,); the stage of every plant, 0 (where material comes from) to 4 (where it is used)
    stage: Ints
    #: shape (n,); the most that a plant handles, whole t/yr; inf in the last stage
    node_capacity: Floats
    #: tail, head: shape (m,); the plants that every link leaves and enters, ascending, no pair
    #: twice
    tail: Ints
    head: Ints
    capacity: Floats  #: shape (m,); the most that a link carries, whole t/yr

    def to_npz(self) -> bytes:
        """Return the arrays as a file, each by its name."""
        buffer = io.BytesIO()
        np.savez_compressed(
            buffer, **{entry.name: getattr(self, entry.name) for entry in fields(self)}
        )
        return buffer.getvalue()

    def problem(self) -> FlowProblem:
        """Return the flow from all plants of the first stage to all of the last.

        The plants keep their numbers; the source and the sink come after them.
        """
        n = self.stage.size
        first = np.flatnonzero(self.stage == 0)
        last = np.flatnonzero(self.stage == STAGES - 1)
        return FlowProblem(
            tail=np.concatenate([self.tail, np.full(first.size, n), last]),
            head=np.concatenate([self.head, first, np.full(last.size, n + 1)]),
            capacity=np.concatenate([self.capacity, np.full(first.size + last.size, np.inf)]),
            n_nodes=n + 2,
            source=n,
            sink=n + 1,
            node_capacity=np.concatenate([self.node_capacity, [np.inf, np.inf]]),
        )


def generate_arrays(kind: str, n_edges: int, *, seed: int) -> GeneratedNetwork:
    """Draw a random supply network.

    Links go from each stage to the next only (layered), or also back and within stages (cyclic).
    The network has about as many as asked, 20 or more; every plant has a link in and a link
    out where its stage allows it, and the same seed gives the same network.

    Examples
    --------
    >>> drawn = generate_arrays("layered", 1000, seed=7)
    >>> bool((drawn.stage[drawn.head] == drawn.stage[drawn.tail] + 1).all())
    True
    """
    _require(kind, n_edges, seed)
    rng = np.random.default_rng(seed)
    width = max(2, n_edges // (MEAN_DEGREE * (STAGES - 1)))
    gap = rng.integers(0, STAGES - 1, n_edges)
    tail = gap * width + _by_rank(rng, width, n_edges)
    head = (gap + 1) * width + _by_rank(rng, width, n_edges)
    if kind == "cyclic":
        tail, head = _turned(rng, gap, width, tail, head)
    chain_tail, chain_head = _chains(rng, width)
    n = STAGES * width
    pairs = np.unique(np.concatenate([chain_tail, tail]) * n + np.concatenate([chain_head, head]))
    tail, head = np.divmod(pairs, n)
    tail, head = tail[tail != head], head[tail != head]
    stage = np.repeat(np.arange(STAGES), width)
    capacity = _whole(LINK_MEDIAN * np.exp(SPREAD * rng.standard_normal(tail.size)))
    into = np.bincount(head, weights=capacity, minlength=n)
    out = np.bincount(tail, weights=capacity, minlength=n)
    links = np.where(stage == 0, out, np.minimum(into, out))
    node_capacity = _whole(links * rng.uniform(0.3, 1.2, n))
    node_capacity[stage == STAGES - 1] = np.inf
    return GeneratedNetwork(stage, node_capacity, tail, head, capacity)


def generate_problem(kind: str, n_edges: int, *, seed: int) -> FlowProblem:
    """Draw a random supply network as a maximum flow problem.

    It goes from all plants of the first stage to all of the last, with whole capacities.

    Examples
    --------
    >>> problem = generate_problem("cyclic", 1000, seed=7)
    >>> problem.source, problem.sink == problem.n_nodes - 1
    (155, True)
    """
    return generate_arrays(kind, n_edges, seed=seed).problem()


def _require(kind: str, n_edges: int, seed: int) -> None:
    """Refuse what cannot be drawn."""
    if kind not in KINDS:
        raise SolverInputError(f"a network is {' or '.join(KINDS)}, not {kind!r}")
    if not FEWEST_EDGES <= n_edges <= MOST_EDGES:
        raise SolverInputError(
            f"a network has {FEWEST_EDGES} to {MOST_EDGES:,} edges, not {n_edges:,}"
        )
    if seed < 0:
        raise SolverInputError(f"a seed is at least 0, not {seed}")


def _by_rank(rng: np.random.Generator, width: int, size: int) -> Ints:
    """Draw plants of a stage, the first far more often than the last: a power law."""
    weight = np.cumsum(np.arange(1, width + 1) ** -RANK_EXPONENT)
    drawn: Ints = np.searchsorted(weight, rng.random(size) * weight[-1])
    return drawn


def _turned(
    rng: np.random.Generator,
    gap: Ints,
    width: int,
    tail: Ints,
    head: Ints,
) -> tuple[Ints, Ints]:
    """Turn some links back to the stage before, and bend some to a plant of the same stage."""
    draw = rng.random(gap.size)
    # users send scrap back, but nothing flows into mines
    is_back = (draw < BACK_SHARE) & (gap > 0)
    is_side = (draw >= BACK_SHARE) & (draw < BACK_SHARE + SIDE_SHARE) & (gap > 0)
    beside = np.where(is_side, tail % width + gap * width, tail)
    within = np.where(is_side, head - width, head)
    return np.where(is_back, head, beside), np.where(is_back, tail, within)


def _chains(rng: np.random.Generator, width: int) -> tuple[Ints, Ints]:
    """Link each plant to one of the next stage, no two to the same."""
    orders = [layer * width + rng.permutation(width) for layer in range(STAGES)]
    return np.concatenate(orders[:-1]), np.concatenate(orders[1:])


def _whole(values: Floats) -> Floats:
    """Round to whole numbers, at least 1."""
    return np.maximum(np.rint(values), 1.0)
