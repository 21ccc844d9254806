"""A program in other units becomes the same numbers, and its solution comes back in its own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplynet.errors import InfeasibleError, SolverError, UnboundedError
from supplynet.solve.lp.certificate import certify_linear
from supplynet.solve.lp.engine import LinearEngine
from supplynet.solve.lp.loading import scaling_of
from supplynet.solve.lp.program import LinearProgram, LinearSolution
from supplynet.solve.lp.solve import solve_linear
from tests.solve.lp.programs import minimum
from tests.solve.lp.test_engine import random_program

powers = st.integers(-40, 40).map(lambda power: 2.0**power)


def in_units(lp: LinearProgram, rows: np.ndarray, columns: np.ndarray) -> LinearProgram:
    """The same program with its rows and variables counted in other units."""
    n_ub = lp.b_ub.size
    return replace(
        lp,
        c=lp.c * columns,
        a_ub=lp.a_ub.multiply(rows[:n_ub, None]).multiply(columns).tocsr(),
        a_eq=lp.a_eq.multiply(rows[n_ub:, None]).multiply(columns).tocsr(),
        b_ub=lp.b_ub * rows[:n_ub],
        b_eq=lp.b_eq * rows[n_ub:],
        lower=lp.lower / columns,
        upper=lp.upper / columns,
    )


def in_own_units(
    lp: LinearProgram, rows: np.ndarray, columns: np.ndarray, solution: LinearSolution
) -> LinearSolution:
    """A solution of a program in other units as one of the program itself."""
    n_ub = lp.b_ub.size
    return replace(
        solution,
        x=solution.x * columns,
        dual_ub=solution.dual_ub * rows[:n_ub],
        dual_eq=solution.dual_eq * rows[n_ub:],
        reduced_costs=solution.reduced_costs / columns,
    )


@given(st.integers(0, 2**32), powers)
def test_law_tonnes_and_grams_are_the_same_numbers(seed: int, size: float) -> None:
    """Right sides and bounds times a power of two: the scaled program does not change."""
    lp = random_program(seed)
    other = replace(
        lp, b_ub=lp.b_ub * size, b_eq=lp.b_eq * size, lower=lp.lower * size, upper=lp.upper * size
    )
    one, two = (scaling_of(each).program(each) for each in (lp, other))
    for name in ("c", "b_ub", "b_eq", "lower", "upper"):
        assert np.array_equal(getattr(one, name), getattr(two, name))


def require_the_same_optimum(seed: int, rows: np.ndarray, columns: np.ndarray) -> None:
    """Solve a program in its own and in other units; the answer is certified in its own.

    A certificate measures what is off by the largest limit wherever it stands: by its own words it
    is one of a program in which amounts can be compared.
    """
    lp = random_program(seed)
    other = in_units(lp, rows, columns)
    try:
        before = solve_linear(lp)
    except SolverError as error:
        for solve in (solve_linear, lambda lp: LinearEngine(lp).solve()):
            with pytest.raises(SolverError) as caught:
                solve(other)
            assert caught.type is type(error)
        return
    for after in (solve_linear(other), LinearEngine(other).solve()):
        assert after.objective == pytest.approx(before.objective, rel=1e-7, abs=1e-7)
        certificate = certify_linear(lp, in_own_units(lp, rows, columns, after))
        assert certificate.ok, str(certificate)


@given(st.integers(0, 2**32), st.data())
def test_law_the_optimum_is_the_same_in_any_units(seed: int, data: st.DataObject) -> None:
    lp = random_program(seed)
    n_rows = lp.b_ub.size + lp.b_eq.size
    rows = np.array(data.draw(st.lists(powers, min_size=n_rows, max_size=n_rows)))
    columns = np.array(data.draw(st.lists(powers, min_size=lp.c.size, max_size=lp.c.size)))
    require_the_same_optimum(seed, rows.reshape(n_rows), columns)


@pytest.mark.parametrize(
    ("seed", "rows", "columns"),
    [
        # unbounded; its own figures are so large that HiGHS refuses them
        (3505645818, [2.0**26, 1.0], [1.0, 1.0, 1.0, 1.0, 1.0, 2.0**23]),
        (36, [2.0**10, 1.0], [1.0, 1.0, 2.0**40, 1.0]),
        # unbounded; in its own figures the cost of what has no end is below what HiGHS tells from 0
        (1840914184, [], [1.0, 2.0**-33, 2.0**-11]),
    ],
)
def test_programs_without_an_end_are_so_in_any_units(
    seed: int, rows: list[float], columns: list[float]
) -> None:
    require_the_same_optimum(seed, np.array(rows), np.array(columns))
    with pytest.raises(UnboundedError):
        solve_linear(random_program(seed))


@pytest.mark.parametrize(
    ("seed", "rows", "columns", "kind"),
    [
        (414063464, [2.0**-12, 1.0], [2.0**-13, 2.0**30], InfeasibleError),
        (3015752149, [2.0**-24, 0.25], [2.0**-40, 2.0**30, 8.0], None),
    ],
)
def test_parts_that_nothing_joins_have_units_of_their_own(
    seed: int, rows: list[float], columns: list[float], kind: type[SolverError] | None
) -> None:
    """What is missing in the one part was below what the solver tells from 0."""
    require_the_same_optimum(seed, np.array(rows), np.array(columns))
    if kind is not None:
        with pytest.raises(kind):
            solve_linear(random_program(seed))


@pytest.mark.parametrize("unit", [2.0**-100, 1.0, 2.0**100])
def test_no_part_has_amounts_of_nearly_nothing(unit: float) -> None:
    """Two limits on a variable each, the second a part of 2^60 of the first, in any unit."""
    sides = unit * np.array([5.0, 5.0 * 2.0**-60])
    lp = minimum([1.0, 1.0], np.eye(2), sides)
    scaled = scaling_of(lp).program(lp)
    assert (scaled.b_ub >= 1.0).all()
    assert (np.abs(scaled.a_ub.data) == 1.0).all()


@pytest.mark.parametrize(
    ("sides", "mean", "most"),
    [
        ([2.0**60, 2.0**62], 10.0, 11.0),  # the digits before the point, in powers of two
        ([2.0**3, 2.0**3, 2.0**3, 2.0**43], -7.0, 23.0),  # the largest would be at 40
    ],
)
def test_figures_are_of_a_middling_size(sides: list[float], mean: float, most: float) -> None:
    n = len(sides)
    rows = np.ones((n, n))
    lp = minimum(np.ones(n), rows, sides)
    scaled = np.log2(scaling_of(lp).program(lp).b_ub)
    assert scaled.mean() == pytest.approx(mean)
    assert scaled.max() == pytest.approx(most)


def test_scaling_loses_no_digit() -> None:
    """All factors are powers of two: there and back again is where it was."""
    lp = random_program(7)
    scaling = scaling_of(lp)
    for factors in (scaling.row_ub, scaling.row_eq, scaling.column, scaling.size, scaling.cost):
        assert (np.frexp(factors)[0] == 0.5).all()
    there = scaling.amounts(lp.upper)
    assert np.array_equal(there * scaling.column * scaling.size, lp.upper)


def test_a_variable_in_no_row_keeps_its_bounds_in_any_unit() -> None:
    """Counted in units of 69 billion it lies between 1e-11 and 4e-11, which is not 0."""
    lp = LinearProgram([1.0, 1.0], [[1.0, 0.0]], [5.0], None, None, [2.0, 1.0], [4.0, 3.0])
    other = in_units(lp, np.ones(1), np.array([1.0, 2.0**36]))
    solution = solve_linear(other)
    assert solution.objective == pytest.approx(3.0, rel=1e-12)
    assert solution.x[1] * 2.0**36 == pytest.approx(1.0, rel=1e-12)
