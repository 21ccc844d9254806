"""Random networks for the solver's tests: by seed, and by hypothesis."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from supplynet.solve.flow.problem import FlowProblem

KINDS = ("whole", "decimal", "float", "magnitudes", "extreme", "large", "steps")


def random_capacities(rng, kind, size):
    """Capacities of one kind, with some zeros and infinities among them."""
    values = {
        "whole": lambda: rng.integers(0, 10, size).astype(float),
        "decimal": lambda: np.round(rng.uniform(0, 9, size), int(rng.integers(1, 9))),
        "float": lambda: rng.uniform(0, 9, size),
        "magnitudes": lambda: 10 ** rng.uniform(-12, 12, size),
        "extreme": lambda: 10 ** rng.uniform(-300, 299, size),
        "large": lambda: rng.integers(0, 2**45, size).astype(float),
        "steps": lambda: 3 * (1 + rng.integers(-3, 4, size) * 2.0**-22),
    }[kind]()
    values[rng.random(size) < 0.1] = 0.0
    values[rng.random(size) < 0.08] = np.inf
    return values


def random_problem(rng, kind=None, most_nodes=7, most_arcs=24):
    """A small network with every irregularity that is legal."""
    kind = kind or KINDS[rng.integers(len(KINDS))]
    n = int(rng.integers(2, most_nodes + 1))
    m = int(rng.integers(0, most_arcs + 1))
    capacity = random_capacities(rng, kind, m)
    limits = random_capacities(rng, kind, n) if rng.random() < 0.4 else None
    if limits is not None:
        limits[rng.random(n) < 0.5] = np.inf
    source, sink = rng.choice(n, 2, replace=False)
    tail, head = rng.integers(0, n, m), rng.integers(0, n, m)
    return FlowProblem(tail, head, capacity, n, int(source), int(sink), limits)


def layered_problem(seed, n_layers=6, width=40, n_arcs=2000, decimals=None):
    """A supply chain: source, layers of equal width, sink."""
    rng = np.random.default_rng(seed)
    layer = rng.integers(0, n_layers - 1, n_arcs)
    tail = 2 + layer * width + rng.integers(0, width, n_arcs)
    head = 2 + (layer + 1) * width + rng.integers(0, width, n_arcs)
    first, last = 2 + np.arange(width), 2 + (n_layers - 1) * width + np.arange(width)
    tail = np.concatenate([np.zeros(width, int), tail, last])
    head = np.concatenate([first, head, np.ones(width, int)])
    capacity = rng.uniform(0, 1000, tail.size)
    if decimals is not None:
        capacity = np.round(capacity, decimals)
    return FlowProblem(tail, head, capacity, 2 + n_layers * width, 0, 1)


_capacity = st.one_of(
    st.integers(0, 20).map(float),
    st.integers(0, 10**6).map(lambda k: k / 1000),
    st.floats(0, 1e300, allow_subnormal=True),
    st.floats(0, 10),
    st.sampled_from([0.0, np.inf, 3e9, 2.0**30, 2.0**31, 2.0**31 - 1, 0.1, 0.2, 5e-324]),
)


@st.composite
def problems(draw, capacity=_capacity):
    """Any legal small problem."""
    n = draw(st.integers(2, 6))
    node = st.integers(0, n - 1)
    arcs = draw(st.lists(st.tuples(node, node, capacity), max_size=14))
    tail, head, values = zip(*arcs, strict=True) if arcs else ([], [], [])
    source = draw(node)
    sink = draw(node.filter(lambda v: v != source))
    limits = draw(st.none() | st.lists(capacity, min_size=n, max_size=n))
    return FlowProblem(list(tail), list(head), list(values), n, source, sink, limits)
