"""What pushing counts on: labels, and how far they move at least."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from supplynet.solve.flow.generate import generate_problem
from tests.solve.losses import plain_module


@pytest.fixture(name="kernel")
def fixture_kernel(monkeypatch):
    """The kernel as plain Python, whether or not numba is installed."""
    monkeypatch.setitem(sys.modules, "numba", None)
    return plain_module(monkeypatch, "supplynet.solve.flow.push_relabel")


def labels(kernel, n, tail, head, end, room=1, shut=-1):
    """Return the label of each node, how many have a way, and by how much labels move."""
    tail, head = np.array(tail, np.int32), np.array(head, np.int32)
    first, _, to, back, place = kernel.arrange(n, tail, head)
    rooms = np.zeros(to.size, np.int64)
    rooms[place] = room
    label, queue = np.empty(n, np.int32), np.empty(n, np.int32)
    n_found, leap = kernel.distances(first, to, back, rooms, end, shut, label, queue)
    return label.tolist(), n_found, leap


def test_labels_between_stages_move_by_two(kernel):
    assert labels(kernel, 4, [0, 0, 1, 2], [1, 2, 3, 3], end=3) == ([2, 1, 1, 0], 4, 2)


def test_labels_move_by_one_where_an_entry_joins_equals(kernel):
    assert labels(kernel, 4, [0, 0, 1, 2, 1], [1, 2, 3, 3, 2], end=3) == ([2, 1, 1, 0], 4, 1)


def test_labels_move_by_one_where_an_entry_leads_away_from_the_end_by_two(kernel):
    assert labels(kernel, 4, [0, 1, 2, 3], [1, 2, 3, 1], end=3) == ([3, 2, 1, 0], 4, 1)


def test_entries_without_room_do_not_count(kernel):
    told = labels(kernel, 4, [0, 0, 1, 2, 1], [1, 2, 3, 3, 2], end=3, room=[1, 1, 1, 1, 0])
    assert told == ([2, 1, 1, 0], 4, 2)


def test_a_node_without_a_way_has_the_largest_label(kernel):
    assert labels(kernel, 4, [0, 1, 1], [1, 2, 3], end=2) == ([2, 1, 0, 4], 3, 2)


def test_nothing_is_labeled_through_a_node_that_is_shut(kernel):
    assert labels(kernel, 3, [0, 1], [1, 2], end=2, shut=1)[:2] == ([3, 3, 0], 1)


@pytest.mark.parametrize(("kind", "leaps"), [("layered", {2}), ("cyclic", {1})])
def test_knowing_how_far_labels_move_changes_no_push(kernel, monkeypatch, kind, leaps):
    """A search for the nearest neighbor that ends early ends at the same neighbor."""
    problem = generate_problem(kind, 600, seed=5)
    first, _, to, back, place = kernel.arrange(
        problem.n_nodes, problem.tail.astype(np.int32), problem.head.astype(np.int32)
    )
    exact, told = kernel.distances, set()

    def push():
        room = np.zeros(to.size, np.int64)
        room[place] = np.minimum(problem.capacity, 1e6).astype(np.int64)
        excess = np.zeros(problem.n_nodes, np.int64)
        excess[problem.source] = 10**9
        kernel.push(first, to, back, room, excess, problem.sink, -1)
        return room.tolist(), excess.tolist()

    def noted(*arguments):
        n_found, leap = exact(*arguments)
        told.add(leap)
        return n_found, leap

    monkeypatch.setattr(kernel, "distances", noted)
    ends_early = push()
    assert told == leaps
    monkeypatch.setattr(kernel, "distances", lambda *arguments: (exact(*arguments)[0], 1))
    assert push() == ends_early


def waiting(kernel, slots, carried, excess):
    """Return a network by `arrange` whose slots carry something and whose nodes hold an excess."""
    tail, head = (np.array(ends, np.int32) for ends in zip(*slots, strict=True))
    first, middle, to, back, place = kernel.arrange(len(excess), tail, head)
    room = np.zeros(to.size, np.int64)
    room[back[place]] = carried
    return (first, middle, to, back), room, np.array(excess, np.int64), place


def test_what_waits_goes_back_along_what_brought_it(kernel):
    slots = [(0, 1), (0, 2), (1, 3), (2, 3), (1, 2)]
    network, room, excess, place = waiting(kernel, slots, [6, 1, 4, 3, 2], [0, 0, 0, 7])
    assert kernel.give_back(*network, room, excess, 0)
    assert excess.tolist() == [0, 0, 0, 0]
    assert room[place].tolist() == [6, 1, 4, 3, 2], "all that flowed has gone back"


def test_what_is_more_than_what_waits_flows_on(kernel):
    network, room, excess, place = waiting(kernel, [(0, 1), (1, 2)], [9, 5], [0, 4, 0])
    assert kernel.give_back(*network, room, excess, 0)
    assert room[place].tolist() == [4, 0]


def test_nodes_wait_in_a_ring(kernel):
    """Each of a chain waits and hands on to one that had its turn: more turns than nodes."""
    slots = [(0, 1), (1, 2), (2, 3)]
    network, room, excess, place = waiting(kernel, slots, [6, 5, 3], [0, 1, 2, 3])
    assert kernel.give_back(*network, room, excess, 0)
    assert excess.tolist() == [0, 0, 0, 0]
    assert room[place].tolist() == [6, 5, 3]


def test_what_is_reached_is_told_of_every_node(kernel):
    tail, head = np.array([0, 1, 3], np.int32), np.array([1, 2, 2], np.int32)
    first, _, to, back, place = kernel.arrange(4, tail, head)
    room = np.zeros(to.size, np.int64)
    room[place] = 1
    seen = [kernel.spread(first, to, back, room, 0, is_forward).tolist() for is_forward in (1, 0)]
    assert seen == [[True, True, True, False], [True, False, False, False]]


def test_what_flows_in_circles_is_left_after_a_while(kernel):
    """An excess of 5 would go round a circle of a thousand units two hundred times."""
    slots = [(2, 1), (0, 1), (1, 2)]
    network, room, excess, place = waiting(kernel, slots, [1000, 5, 1005], [0, 0, 5])
    assert not kernel.give_back(*network, room, excess, 0)
    assert excess.sum() == 5
    first, _, to, back = network
    kernel.push(first, to, back, room, excess, 0, -1)
    assert excess.tolist() == [5, 0, 0]
    carried = room[back[place]]
    assert carried[1] == 0 and carried[0] == carried[2], "no more than the circle flows"
