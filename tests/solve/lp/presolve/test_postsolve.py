"""Steps that are taken back: the sums that they add up."""

from __future__ import annotations

import numpy as np
import pytest

from supplynet.solve.lp.presolve.postsolve import Lines

NONE = np.zeros(0, dtype=np.int64)


def test_each_line_adds_up_its_own_terms_and_one_of_nothing_is_0() -> None:
    amounts = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    values = np.array([[10.0, 100.0], [0.5, 0.25]])
    lines = Lines(
        [(np.array([0, 2]), np.array([0, 1])), (NONE, NONE), (np.array([1]), np.array([0]))]
    )
    expected = [[10.0 + 2.5, 200.0 + 1.5], [0.0, 0.0], [30.0, 400.0]]
    assert lines.total(values, amounts) == pytest.approx(np.array(expected))


def test_lines_of_nothing_at_all_are_0() -> None:
    total = Lines([(NONE, NONE), (NONE, NONE)]).total(np.ones((1, 3)), np.ones((1, 3)))
    assert total.tolist() == [[0.0] * 3] * 2
