"""Programs that start where others ended: as good an answer, in fewer steps."""

from __future__ import annotations

from copy import deepcopy

import numpy as np
import pytest
from scipy.sparse import csr_array, hstack, vstack

from supplynet.solve.lp.certificate import certify_linear
from supplynet.solve.lp.engine import LinearEngine
from supplynet.solve.lp.program import LinearProgram
from supplynet.solve.lp.solve import solve_linear
from supplynet.solve.lp.starts import Starts, front_of, in_turn_near, nearest

SIZE = 40


def program(n: int = SIZE, size: float = 1.0) -> LinearProgram:
    """Return a transport of what n mines have to as many mills, each link a little dearer."""
    numbers = np.arange(n)
    mines, mills = np.kron(np.eye(n), np.ones(n)), np.kron(np.ones(n), np.eye(n))
    worth = 2.0 + np.cos(np.add.outer(numbers, 7 * numbers)).ravel()
    limits = np.concatenate([size * (1.0 + numbers % 3), 1.0 + numbers % 5])
    none = np.zeros(n * n)
    return LinearProgram(
        worth, np.vstack([mines, mills]), limits, None, None, none, none + 9.0, maximize=True
    )


@pytest.fixture(scope="module")
def starts() -> Starts:
    """Where the program ended."""
    kept, engine = Starts(), LinearEngine(program())
    engine.solve()
    kept.keep(engine, "most")
    return kept


def steps(engine: LinearEngine) -> int:
    """Solve, check against a solve from the ground up, and return the steps it took."""
    solution = engine.solve()
    assert certify_linear(engine.lp, solution).ok
    assert solution.objective == pytest.approx(solve_linear(engine.lp).objective)
    return engine.n_iterations


def wider(lp: LinearProgram, gain: float) -> LinearProgram:
    """A program with a further variable, and a row that holds it and the first one together."""
    further = np.zeros((1, lp.c.size + 1))
    further[0, [0, -1]] = 1.0
    return LinearProgram(
        np.append(lp.c, gain),
        vstack([hstack([lp.a_ub, csr_array((lp.b_ub.size, 1))]), csr_array(further)]),
        np.append(lp.b_ub, 99.0),
        None,
        None,
        np.append(lp.lower, 0.0),
        np.append(lp.upper, 9.0),
        maximize=True,
    )


def test_the_same_program_in_other_figures_starts_where_it_ended(starts: Starts) -> None:
    engine, fresh = (LinearEngine(program(size=1.02)) for _ in range(2))
    starts.begin(engine, "most")
    assert steps(engine) < steps(fresh) / 4


def test_a_start_is_given_up_after_as_many_steps_as_were_told() -> None:
    near, first = Starts(most_steps=1), LinearEngine(program())
    first.solve()
    near.keep(first, "most")
    engine, fresh = (LinearEngine(program(size=1.02)) for _ in range(2))
    near.begin(engine, "most")
    assert steps(engine) == steps(fresh)


def test_a_program_that_lacks_the_end_of_another_takes_the_front_of_its_basis() -> None:
    """A further variable and its row are left out: what is the same stays where it ended."""
    most = program()
    n, n_limits = most.c.size, most.b_ub.size
    large = wider(most, 1.0)
    before, after = LinearEngine(large), LinearEngine(most)
    before.solve()
    after.start_at(front_of(before.basis, large, most, n, n_limits))
    assert steps(after) <= 1
    assert steps(after) < steps(LinearEngine(most))


def held(lp: LinearProgram, totals: tuple[float, ...]) -> LinearProgram:
    """A program with equalities: each tells what a further variable is, which gains nothing."""
    n, more = lp.c.size, len(totals)
    return LinearProgram(
        np.append(lp.c, np.zeros(more)),
        hstack([lp.a_ub, csr_array((lp.b_ub.size, more))]),
        lp.b_ub,
        hstack([csr_array((more, n)), csr_array(np.eye(more))]),
        np.array(totals),
        np.append(lp.lower, np.zeros(more)),
        np.append(lp.upper, np.full(more, 9.0)),
        maximize=True,
    )


def test_equalities_keep_where_they_ended_and_further_ones_stand_behind_them() -> None:
    """A basis of more or fewer rows than the program has would be none of it."""
    before, lp = held(program(), (0.0, 3.0)), held(program(), (0.0, 3.0, 0.0))
    first, second = LinearEngine(before), LinearEngine(lp)
    steps(first)
    start = front_of(first.basis, before, lp, before.c.size, before.b_ub.size)
    assert len(list(start.row_status)) == lp.b_ub.size + lp.b_eq.size
    second.start_at(start)
    assert steps(second) == 0


def from_front(before: LinearProgram, lp: LinearProgram) -> int:
    """Return the steps of a program that stands in the front of another, from where that ended."""
    ended, engine = LinearEngine(before), LinearEngine(lp)
    steps(ended)
    engine.start_at(front_of(ended.basis, before, lp, lp.c.size, lp.b_ub.size))
    return steps(engine)


def test_a_program_that_lacks_variables_alone_takes_what_is_left_of_the_basis() -> None:
    """One that was basic is left out: fewer are basic than there are rows."""
    most = program()
    further = csr_array((np.full(1, 0.5), ([0], [0])), shape=(most.b_ub.size, 1))
    large = LinearProgram(
        np.append(most.c, 99.0), hstack([most.a_ub, further]), most.b_ub, None, None,
        np.append(most.lower, 0.0), np.append(most.upper, 9.0), maximize=True,
    )  # fmt: skip
    assert from_front(large, most) < steps(LinearEngine(most)) / 4


def test_a_program_that_lacks_limits_alone_takes_what_is_left_of_the_basis() -> None:
    """One that was met is left out: more are basic than there are rows."""
    most = program()
    first = np.zeros((1, most.c.size))
    first[0, 0] = 1.0
    large = LinearProgram(
        most.c, vstack([most.a_ub, csr_array(first)]), np.append(most.b_ub, 0.5), None, None,
        most.lower, most.upper, maximize=True,
    )  # fmt: skip
    assert from_front(large, most) < steps(LinearEngine(most)) / 4


# -- programs of the same size


def _engine(n: int = 2, right: float = 4.0) -> LinearEngine:
    rows = [[1.0] * n]
    lp = LinearProgram(
        [3.0, 2.0, 1.0][:n],
        rows,
        [right],
        None,
        None,
        [0.0] * n,
        [3.0, 9.0, 9.0][:n],
        maximize=True,
    )
    return LinearEngine(lp)


def test_a_program_of_the_same_kind_and_size_starts_where_the_last_one_ended() -> None:
    near, first, second = Starts(), _engine(), _engine(right=5.0)
    assert not near.begin(first, "fair")
    first.solve()
    near.keep(first, "fair")
    assert near.begin(second, "fair")
    assert (second.solve().objective, second.n_iterations) == (13.0, 0)


def test_what_ended_at_no_basis_is_not_kept() -> None:
    near, engine = Starts(), _engine()
    near.keep(engine, "fair")
    assert not near.begin(_engine(), "fair")


@pytest.mark.parametrize(("kind", "n"), [("ends", 2), ("fair", 3)])
def test_other_kinds_and_sizes_start_by_themselves(kind: str, n: int) -> None:
    near, first = Starts(), _engine()
    first.solve()
    near.keep(first, "fair")
    assert not near.begin(_engine(n), kind)


def test_works_in_turn_share_where_programs_ended_and_leave_nothing_behind() -> None:
    first, second = in_turn_near([nearest, nearest])
    assert first is second
    assert nearest() is not first

    def fails() -> Starts:
        raise ValueError(nearest())

    with pytest.raises(ValueError, match="Starts"):
        in_turn_near([fails])
    assert nearest() is not nearest()


def test_a_copy_starts_from_the_ground_up(starts: Starts) -> None:
    """A basis of HiGHS cannot be copied; the answer does not hang on it."""
    engine = LinearEngine(program())
    assert not deepcopy(starts).begin(engine, "most")
    assert starts.begin(engine, "most")
