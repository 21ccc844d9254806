"""Linear programs: right answers, and the right error where there is none."""

import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest
import scipy.sparse as sp

from supplynet.errors import (
    InfeasibleError,
    InterruptedSolveError,
    SolverError,
    SolverInputError,
    UnboundedError,
)
from supplynet.solve.check import Certificate
from supplynet.solve.lp import solve as linear
from supplynet.solve.lp.program import LinearProgram
from supplynet.solve.lp.solve import solve_linear

GOOD = {
    "c": [1.0, 1.0], "a_ub": [[1.0, 2.0]], "b_ub": [4.0], "a_eq": [[1.0, -1.0]], "b_eq": [1.0],
    "lower": [0.0, 0.0], "upper": [9.0, np.inf], "maximize": True,
}  # fmt: skip


def test_a_tolerance_is_the_solvers_own(monkeypatch):
    """The solver is told how far rows and duals may be off, and only where it is asked for."""
    import scipy.optimize

    told = []
    solve = scipy.optimize.linprog

    def spy(*args, **words):
        told.append(words["options"])
        return solve(*args, **words)

    monkeypatch.setattr(scipy.optimize, "linprog", spy)
    close = solve_linear(LinearProgram(**GOOD), tolerance=1e-9)
    assert close.objective == pytest.approx(solve_linear(LinearProgram(**GOOD)).objective)
    names = ("primal_feasibility_tolerance", "dual_feasibility_tolerance")
    assert told == [dict.fromkeys(names, 1e-9), {}]


def test_a_program_solved_by_hand():
    """x = y + 1 and x + 2 y <= 4 meet in x = 2, y = 1."""
    solution = solve_linear(LinearProgram(**GOOD))
    assert solution.x.tolist() == pytest.approx([2.0, 1.0])
    assert solution.objective == pytest.approx(3.0)
    assert solution.dual_ub.tolist() == pytest.approx([2 / 3])
    assert solution.dual_eq.tolist() == pytest.approx([1 / 3])
    assert (solution.status, solution.n_iterations >= 0) == ("optimal", True)


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


@pytest.mark.parametrize("method", ["highs", "highs-ds", "highs-ipm"])
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


def test_contradictory_rows_are_infeasible():
    with pytest.raises(InfeasibleError):
        solve_linear(LinearProgram(**(GOOD | {"b_ub": [-5.0]})))


def test_an_objective_without_limit_is_unbounded():
    with pytest.raises(UnboundedError):
        solve_linear(LinearProgram([1.0], None, None, None, None, [0.0], [np.inf], maximize=True))


@pytest.mark.parametrize(
    ("first", "later", "error"),
    [
        (1, [], InterruptedSolveError),
        (2, [2], InfeasibleError),
        (3, [2], InfeasibleError),
        (4, [2], InfeasibleError),
        (2, [0], UnboundedError),
        (3, [0], UnboundedError),
        (4, [0, 3], UnboundedError),
        (4, [0, 4], SolverError),
        (4, [4], SolverError),
    ],
)
def test_every_way_to_fail_has_its_error(monkeypatch, first, later, error):
    """A free objective tells "unbounded or infeasible" apart, the simplex method an error."""
    # once more without presolve, and once more without scaling unless there is no solution
    tries = {1: 1, 2: 2}.get(first, 3)
    codes = iter([*[first] * tries, *later])
    result = lambda *_, **__: SimpleNamespace(status=next(codes), message="told")  # noqa: E731
    monkeypatch.setattr(linear, "_run", result)
    with pytest.raises(error) as caught:
        solve_linear(LinearProgram(**GOOD))
    assert caught.type is error


def test_a_bounded_program_that_presolve_calls_unbounded_is_solved(monkeypatch):
    run = linear._run

    def misled(*words, presolve=None):
        misjudged = SimpleNamespace(status=3, message="unbounded")
        return misjudged if presolve is None else run(*words, presolve=presolve)

    expected = solve_linear(LinearProgram(**GOOD)).objective
    monkeypatch.setattr(linear, "_run", misled)
    assert solve_linear(LinearProgram(**GOOD)).objective == pytest.approx(expected)


def test_a_bounded_program_that_is_called_unbounded_once_scaled_is_solved_as_it_is(monkeypatch):
    run, given = linear._run, LinearProgram(**GOOD)

    def misled(lp, *words, **options):
        misjudged = SimpleNamespace(status=3, message="unbounded")
        return run(lp, *words, **options) if lp is given else misjudged

    expected = solve_linear(given)
    monkeypatch.setattr(linear, "_run", misled)
    found = solve_linear(given)
    assert found.objective == pytest.approx(expected.objective)
    assert found.dual_ub == pytest.approx(expected.dual_ub)


def test_a_solution_without_scaling_that_is_refused_is_none(monkeypatch):
    run, given = linear._run, LinearProgram(**GOOD)

    def misled(lp, *words, **options):
        misjudged = SimpleNamespace(status=4, message="trouble")
        return run(lp, *words, **options) if lp is given else misjudged

    monkeypatch.setattr(linear, "_run", misled)
    monkeypatch.setattr(linear, "certify_linear", lambda *_: Certificate(()))
    with pytest.raises(SolverError):
        solve_linear(given)


# x = (2, -1, 0, -3) is feasible, and 3 more of both last variables keep every row
CALLED_INFEASIBLE = LinearProgram(
    [3.0, 3.0, -3.0, -3.0], [[0.0, 1.0, -1.0, 1.0], [-1.0, 1.0, 2.0, -2.0]], [-4.0, 10.0],
    None, None, [-1.0, -1.0, 0.0, -3.0], [2.0, 0.0, np.inf, np.inf],
)  # fmt: skip


@pytest.mark.parametrize("method", ["highs", "highs-ds", "highs-ipm"])
def test_unbounded_is_told_where_presolve_says_infeasible(method):
    """HiGHS 1.2 in SciPy calls this program infeasible."""
    with pytest.raises(UnboundedError):
        solve_linear(CALLED_INFEASIBLE, method=method)


def test_a_time_limit_of_nothing_interrupts():
    rng = np.random.default_rng(0)
    lp = LinearProgram(
        rng.uniform(1, 2, 300), rng.uniform(0, 1, (300, 300)), np.full(300, 50.0), None, None,
        np.zeros(300), np.full(300, np.inf), maximize=True,
    )  # fmt: skip
    with pytest.raises(InterruptedSolveError, match="limit"):
        solve_linear(lp, time_limit=1e-9)


def test_importing_the_module_does_not_load_the_optimizers():
    """Loading them takes longer than most answers."""
    code = (
        "import sys, supplynet.solve.lp.solve;"
        "import supplynet.solve.flow.maxflow, supplynet.solve.flow.certificate;"
        "sys.exit('scipy.optimize' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_program_without_variables_has_its_answer():
    """Its rows hold by themselves, or nothing makes them hold."""
    none = np.zeros((2, 0))
    lp = LinearProgram([], none, [0.0, 1.0], none, [0.0, 0.0], [], [])
    solution = solve_linear(lp)
    assert (solution.x.size, solution.objective, solution.status) == (0, 0.0, "optimal")
    for change in ({"b_ub": [0.0, -1.0]}, {"b_eq": [0.0, 1.0]}):
        words = {"b_ub": [0.0, 1.0], "b_eq": [0.0, 0.0], **change}
        wrong = LinearProgram([], none, words["b_ub"], none, words["b_eq"], [], [])
        with pytest.raises(InfeasibleError, match="there is no variable"):
            solve_linear(wrong)
