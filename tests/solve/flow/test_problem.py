"""A problem is either legal, copied and frozen, or refused with a readable reason."""

import numpy as np
import pytest

from supplynet.errors import SolverInputError
from supplynet.solve.flow.problem import LARGEST_CAPACITY, FlowProblem

GOOD = {
    "tail": [0, 1],
    "head": [1, 2],
    "capacity": [1.0, 2.0],
    "n_nodes": 3,
    "source": 0,
    "sink": 2,
    "node_capacity": None,
}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"tail": [0]}, "one entry for each arc, but have 1, 2 and 2"),
        ({"capacity": [1.0]}, "one entry for each arc"),
        ({"tail": [0, 3]}, r"tail\[1\] is node 3, outside 0 ... 2"),
        ({"head": [-1, 2]}, r"head\[0\] is node -1"),
        ({"head": [1.0, 2.0]}, "head must hold whole numbers"),
        ({"head": [[1, 2]]}, "head must be one-dimensional"),
        ({"capacity": [1.0, np.nan]}, r"capacity\[1\] is nan"),
        ({"capacity": [-1.0, 1.0]}, r"capacity\[0\] is -1"),
        ({"capacity": [1.0, 1e301]}, r"(?s)capacity\[1\] is 1e\+301.*Write inf"),
        ({"capacity": ["a", 1.0]}, "capacity must hold numbers"),
        ({"capacity": [[1.0, 2.0]]}, "capacity must be one-dimensional"),
        ({"n_nodes": 0}, "n_nodes must be a positive whole number, not 0"),
        ({"n_nodes": 3.0}, "n_nodes must be a positive whole number"),
        ({"n_nodes": True}, "n_nodes must be a positive whole number"),
        ({"source": 3}, r"source is node 3, outside 0 ... 2$"),
        ({"sink": -1}, "sink is node -1, outside"),
        ({"sink": "2"}, "sink must be a node number, not '2'"),
        ({"source": True}, "source must be a node number"),
        ({"sink": 0}, "source and sink are the same node, 0"),
        (
            {"tail": [0, 0], "head": [0, 0], "n_nodes": 1, "sink": 0},
            "source and sink are the same node, 0",
        ),
        ({"node_capacity": [1.0]}, "node_capacity has 1 entries for 3 nodes"),
        ({"node_capacity": [1.0, -2.0, 1.0]}, r"node_capacity\[1\] is -2"),
    ],
)
def test_what_is_not_a_problem_is_refused_with_the_reason(change, message):
    with pytest.raises(SolverInputError, match=message):
        FlowProblem(**(GOOD | change))


def test_legal_irregularities_are_accepted():
    problem = FlowProblem(
        [0, 0, 1, 1], [1, 1, 0, 1], [0.0, np.inf, LARGEST_CAPACITY, 5e-324], 2, 0, 1, [1.0, np.inf]
    )
    assert problem.n_arcs == 4


def test_numpy_integers_are_node_numbers():
    problem = FlowProblem(**(GOOD | {"n_nodes": np.int32(3), "source": np.int64(1)}))
    assert (type(problem.n_nodes), type(problem.source)) == (int, int)


def test_arrays_are_copies_that_nobody_can_change():
    """Certificates are about the problem as given, so it must not change afterwards."""
    capacity = np.array([1.0, 2.0])
    problem = FlowProblem(**(GOOD | {"capacity": capacity}))
    capacity[0] = 9.0
    assert problem.capacity[0] == 1.0
    for array in (problem.tail, problem.head, problem.capacity):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_replace_changes_only_what_is_named():
    problem = FlowProblem(**GOOD)
    other = problem.replace(node_capacity=[1.0, 1.0, 1.0])
    assert other.capacity.tolist() == [1.0, 2.0]
    assert other.replace(capacity=[3.0, 3.0]).node_capacity.tolist() == [1.0, 1.0, 1.0]
    assert problem.node_capacity is None
    with pytest.raises(SolverInputError, match="one entry for each arc"):
        problem.replace(capacity=[1.0])


def test_arrays_that_nobody_can_change_are_shared():
    """Problems that differ in a few capacities do not hold the network twice."""
    problem = FlowProblem(**GOOD)
    other = problem.replace(node_capacity=[1.0, 1.0, 1.0])
    assert other.tail is problem.tail
    assert other.head is problem.head
    assert other.capacity is problem.capacity
    view = np.array([1.0, 2.0])[:]
    view.setflags(write=False)  # its owner could still change it
    assert FlowProblem(**(GOOD | {"capacity": view})).capacity is not view
