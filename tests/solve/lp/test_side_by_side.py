"""Programs in the same arrays: sums and largest terms are those of each program by itself."""

from dataclasses import replace

import numpy as np

from supplynet.solve.lp.side_by_side import side_by_side
from supplynet.solve.lp.solve import solve_linear
from tests.solve.lp.programs import maximum

PROGRAM = maximum([1.0, 1.0], [[2.0, 4.0], [8.0, 0.5]], [4.0, 8.0], upper=9.0)


def test_sums_and_largest_terms_are_those_of_the_matrix() -> None:
    """Entries times what stands at their other end; the most in a column is what rows let be."""
    doubled = replace(PROGRAM, a_ub=PROGRAM.a_ub * 2.0)
    programs = [PROGRAM, doubled]
    rows = side_by_side(programs, [solve_linear(lp) for lp in programs]).ub
    x = np.array([[1.0, 3.0], [1.0, 3.0]])
    assert rows.to_rows(x).tolist() == [[14.0, 9.5], [28.0, 19.0]]
    assert rows.to_columns(x).tolist() == [[26.0, 5.5], [52.0, 11.0]]
    assert rows.most_in_rows(x).tolist() == [[12.0, 8.0], [24.0, 16.0]]
    assert rows.most_in_columns(x).tolist() == [[0.5, 6.0], [0.25, 3.0]]


def test_the_least_is_the_largest_of_the_opposite() -> None:
    """Costs, duals and objectives of a minimum keep their size: those of a maximum with a minus."""
    least = replace(PROGRAM, maximize=False)
    given = side_by_side([PROGRAM, least], [solve_linear(lp) for lp in (PROGRAM, least)])
    assert np.abs(given.c).tolist() == [[1.0, 1.0]] * 2
    assert (given.c[0] == -given.c[1]).all()
