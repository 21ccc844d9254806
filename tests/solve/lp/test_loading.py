"""A program in HiGHS is the one that was handed over, and is solved by one thread."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from supplynet.solve.lp.loading import Pattern, loaded, scaling_of
from supplynet.solve.lp.program import LinearProgram

LP = LinearProgram(
    [3.0, 2.0, 1.0], [[1.0, 4.0, 0.0]], [4.0], [[0.0, 5.0, 6.0]], [7.0], [0.0, 1.0, 0.0],
    [3.0, 9.0, 8.0], maximize=True,
)  # fmt: skip


def entries_of(model: Any) -> np.ndarray:
    """The matrix of a program in HiGHS."""
    entries = np.zeros((model.num_row_, model.num_col_))
    for column in range(model.num_col_):
        a, b = model.a_matrix_.start_[column : column + 2]
        entries[list(model.a_matrix_.index_[a:b]), column] = model.a_matrix_.value_[a:b]
    return entries


@pytest.mark.parametrize("is_scaled", [False, True])
def test_it_is_the_program_that_was_handed_over(is_scaled: bool) -> None:
    scaling = scaling_of(LP) if is_scaled else None
    lp = scaling.program(LP) if scaling is not None else LP
    model = loaded(LP, scaling=scaling).getLp()
    assert entries_of(model).tolist() == [*lp.a_ub.toarray().tolist(), *lp.a_eq.toarray().tolist()]
    assert list(model.col_cost_) == lp.c.tolist()
    assert list(model.row_lower_) == [-np.inf, *lp.b_eq]
    assert list(model.row_upper_) == [*lp.b_ub, *lp.b_eq]
    assert (list(model.col_lower_), list(model.col_upper_)) == (
        lp.lower.tolist(),
        lp.upper.tolist(),
    )


def test_the_other_columns_come_behind_the_first() -> None:
    pattern = Pattern(LP, None, np.array([1]))
    highs = loaded(LP, pattern)
    assert entries_of(highs.getLp()).tolist() == [[4.0], [5.0]]
    pattern.widen(highs)
    assert pattern.order.tolist() == [1, 0, 2]
    assert entries_of(highs.getLp()).tolist() == [[4.0, 1.0, 0.0], [5.0, 0.0, 6.0]]
    assert list(highs.getLp().col_cost_) == [2.0, 3.0, 1.0]
    assert list(highs.getLp().col_upper_) == [9.0, 3.0, 8.0]


def test_it_is_solved_by_one_thread() -> None:
    """So that the same program has the same solution."""
    assert loaded(LP).getOptionValue("threads")[1] == 1
