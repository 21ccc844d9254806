"""What is drawn together belongs together: as much gets there as is enough, by a largest flow."""

from __future__ import annotations

import numpy as np
import pytest

from supplynet.solve.flow.maxflow import max_flow
from supplynet.solve.flow.problem import FlowProblem
from supplynet.solve.loss.breakdown import SplitNetwork
from tests.solve.losses import plain_module
from tests.solve.networks import layered_problem


@pytest.mark.parametrize(
    ("seed", "width", "n_arcs", "lost", "node", "least"),
    [
        # nodes of which one half alone is in the part: the number of the other is another node's
        (951824, 2, 26, [22, 18], 7, 3),
        (626132, 4, 14, [35, 2], 9, 2),
    ],
)
def test_what_is_drawn_together_gets_and_sends_enough(
    seed: int,
    width: int,
    n_arcs: int,
    lost: list[int],
    node: int,
    least: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    contraction = plain_module(monkeypatch, "supplynet.solve.loss.contraction")
    problem = layered_problem(seed, 3, width, n_arcs, 0)
    problem = problem.replace(capacity=np.round(problem.capacity / 200))
    part = contraction.Part(
        SplitNetwork(problem, max_flow(problem)), problem.source, is_turned=False
    )
    whole = part.shrink([], np.array(lost), 1)
    ends = int(whole.label[problem.source]), int(whole.label[node])
    small = part.between(whole, ([ends[0]], [ends[1]]), whole.entry.astype(np.int64), least)
    assert small is not None

    n = whole.indptr.size - 1
    room = whole.room.astype(float)
    room[whole.entry] = room[whole.reverse[whole.entry]] = 0.0
    tail = np.repeat(np.arange(n), np.diff(whole.indptr))

    def most(start: int, end: int) -> float:
        return max_flow(FlowProblem(tail, whole.cols, room, n, source=start, sink=end)).value

    n_together = 0
    for own, label in enumerate(small.label[:n].tolist()):
        if label == small.core and own != ends[0]:
            assert most(ends[0], own) >= least
        elif label == small.core + 1 and own != ends[1]:
            assert most(own, ends[1]) >= least
        n_together += label >= small.core
    assert n_together > 2
