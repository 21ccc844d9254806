"""Programs that start where others ended: as good an answer, in fewer steps."""

from __future__ import annotations

from copy import deepcopy

import numpy as np
import pytest

from supplynet.solve.lp.certificate import certify_linear
from supplynet.solve.lp.engine import LinearEngine, Starts, in_turn_near, nearest
from supplynet.solve.lp.program import LinearProgram
from supplynet.solve.lp.solve import solve_linear
from tests.solve.lp.programs import maximum

SIZE = 40


def program(n: int = SIZE, size: float = 1.0) -> LinearProgram:
    """Return a transport of what n mines have to as many mills, each link a little dearer."""
    numbers = np.arange(n)
    mines, mills = np.kron(np.eye(n), np.ones(n)), np.kron(np.ones(n), np.eye(n))
    worth = 2.0 + np.cos(np.add.outer(numbers, 7 * numbers)).ravel()
    limits = np.concatenate([size * (1.0 + numbers % 3), 1.0 + numbers % 5])
    none = np.zeros(n * n)
    return maximum(worth, np.vstack([mines, mills]), limits, lower=none, upper=none + 9.0)


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


def test_the_same_program_in_other_figures_starts_where_it_ended(starts: Starts) -> None:
    engine, fresh = (LinearEngine(program(size=1.02)) for _ in range(2))
    starts.begin(engine, "most")
    assert steps(engine) < steps(fresh) / 4


# -- programs of the same size


def _engine(n: int = 2, right: float = 4.0) -> LinearEngine:
    rows = [[1.0] * n]
    lp = maximum([3.0, 2.0, 1.0][:n], rows, [right], upper=[3.0, 9.0, 9.0][:n])
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
