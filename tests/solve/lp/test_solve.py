"""Linear programs: right answers, and the right error where there is none."""

from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp

import supplynet
from supplynet.errors import (
    InfeasibleError,
    SolverInputError,
    UnboundedError,
)
from supplynet.solve.lp.engine import LinearEngine
from supplynet.solve.lp.program import LinearProgram
from supplynet.solve.lp.solve import solve_linear

GOOD = {
    "c": [1.0, 1.0], "a_ub": [[1.0, 2.0]], "b_ub": [4.0], "a_eq": [[1.0, -1.0]], "b_eq": [1.0],
    "lower": [0.0, 0.0], "upper": [9.0, np.inf], "maximize": True,
}  # fmt: skip


def test_a_tolerance_is_the_solvers_own(monkeypatch):
    """The solver is reported how far rows and duals may be off, and only where it is asked for."""
    told = []
    tighten = LinearEngine.tighten

    def spy(self, tolerance):
        told.append(tolerance)
        tighten(self, tolerance)

    monkeypatch.setattr(LinearEngine, "tighten", spy)
    close = solve_linear(LinearProgram(**GOOD), tolerance=1e-9)
    assert close.objective == pytest.approx(solve_linear(LinearProgram(**GOOD)).objective)
    assert told == [1e-9]


def test_a_program_solved_by_hand():
    """x = y + 1 and x + 2 y <= 4 meet in x = 2, y = 1."""
    solution = solve_linear(LinearProgram(**GOOD))
    assert solution.x.tolist() == pytest.approx([2.0, 1.0])
    assert solution.objective == pytest.approx(3.0)
    assert solution.dual_ub.tolist() == pytest.approx([2 / 3])
    assert solution.dual_eq.tolist() == pytest.approx([1 / 3])
    assert solution.n_iterations >= 0


@pytest.mark.parametrize("maximize", [False, True])
def test_duals_are_what_a_unit_more_on_the_right_side_changes(maximize):
    sign = 1.0 if maximize else -1.0
    program = {
        "c": [sign * 3.0, sign * 2.0],
        "a_ub": [[1.0, 1.0]], "b_ub": [4.0], "a_eq": None, "b_eq": None,
        "lower": [0.0, 0.0], "upper": [3.0, 9.0], "maximize": maximize,
    }  # fmt: skip
    before = solve_linear(LinearProgram(**program))
    after = solve_linear(LinearProgram(**(program | {"b_ub": [5.0]})))
    wider = solve_linear(LinearProgram(**(program | {"upper": [3.5, 9.0]})))
    assert after.objective - before.objective == pytest.approx(before.dual_ub[0])
    gain = wider.objective - before.objective
    assert gain == pytest.approx(0.5 * before.reduced_costs[0])


@pytest.mark.parametrize("method", ["simplex", "ipm"])
def test_sparse_matrices_and_all_methods(method):
    lp = LinearProgram(**(GOOD | {"a_ub": sp.csr_array(np.array([[1.0, 2.0]]))}))
    assert solve_linear(lp, time_limit=60.0, method=method).objective == pytest.approx(3.0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"c": [[1.0]]}, "c must be one-dimensional"),
        ({"c": [1.0, np.inf]}, r"c\[1\] is inf"),
        ({"b_ub": [np.nan]}, r"b_ub\[0\] is nan"),
        ({"lower": [0.0, np.nan]}, r"lower\[1\] is nan"),
        ({"upper": [1.0]}, "upper has 1 entries for 2 variables"),
        ({"a_ub": [[1.0]]}, r"a_ub has shape \(1, 1\)"),
        ({"a_eq": None}, r"a_eq has shape \(0, 2\)"),
        ({"a_eq": [[1.0, np.nan]]}, "a_eq holds numbers that are not finite"),
    ],
)
def test_arrays_that_are_no_program_are_refused(change, message):
    with pytest.raises(SolverInputError, match=message):
        LinearProgram(**(GOOD | change))


# x = (2, -1, 0, -3) is feasible, and 3 more of both last variables keep every row
CALLED_INFEASIBLE = LinearProgram(
    [3.0, 3.0, -3.0, -3.0], [[0.0, 1.0, -1.0, 1.0], [-1.0, 1.0, 2.0, -2.0]], [-4.0, 10.0],
    None, None, [-1.0, -1.0, 0.0, -3.0], [2.0, 0.0, np.inf, np.inf],
)  # fmt: skip


@pytest.mark.parametrize("method", ["simplex", "ipm"])
def test_unbounded_is_told_where_presolve_says_infeasible(method):
    """HiGHS 1.2 in SciPy calls this program infeasible."""
    with pytest.raises(UnboundedError):
        solve_linear(CALLED_INFEASIBLE, method=method)


def test_every_program_goes_through_one_door():
    """What the solver is reported, and what its failures mean, is decided in one room."""
    package = Path(supplynet.__file__).parent
    texts = {path.relative_to(package): path.read_text("utf-8") for path in package.rglob("*.py")}
    regression = "from scipy.optimize import isotonic_regression\n"  # of drawing; no program
    others = {path: text.replace(regression, "") for path, text in texts.items()}
    assert [str(path) for path, text in others.items() if "scipy.optimize" in text] == []
    calling = {path.parent.as_posix() for path, text in texts.items() if "import highspy" in text}
    assert calling == {"solve/lp"}


def test_a_program_without_variables_has_its_answer():
    """Its rows hold by themselves, or nothing makes them hold."""
    none = np.zeros((2, 0))
    lp = LinearProgram([], none, [0.0, 1.0], none, [0.0, 0.0], [], [])
    solution = solve_linear(lp)
    assert (solution.x.size, solution.objective) == (0, 0.0)
    for change in ({"b_ub": [0.0, -1.0]}, {"b_eq": [0.0, 1.0]}):
        words = {"b_ub": [0.0, 1.0], "b_eq": [0.0, 0.0], **change}
        wrong = LinearProgram([], none, words["b_ub"], none, words["b_eq"], [], [])
        with pytest.raises(InfeasibleError, match="there is no variable"):
            solve_linear(wrong)
