"""One linear program with many optima under many figures, begun where few columns do.

An optimum uses few columns, but any of them, as ties are broken. Each set of figures is first
solved on a few columns that some optimum of each of some pilots has (`leanest`), from where the
mean of figures ended: it is nearer to most of them than any of them is. Then the other columns are
added, and a few steps taken from there. What comes of it is proved.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from supplynet.arrays import Ints
from supplynet.solve.lp.certificate import certify_alike
from supplynet.solve.lp.engine import PRIMAL, LinearEngine
from supplynet.solve.lp.loading import Pattern, loaded, scaling_of
from supplynet.solve.lp.program import LinearSolution
from supplynet.solve.stop import require_wanted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supplynet.solve.check import Certificate
    from supplynet.solve.lp.program import Figures, LinearProgram


# what HiGHS is reported: figures differ a little, so nothing is shifted, which takes steps to undo,
# and nothing scaled once more
_OPTIONS = {
    "solver": "simplex",
    "simplex_strategy": PRIMAL,
    "simplex_scale_strategy": 0,
    "dual_simplex_cost_perturbation_multiplier": 0.0,
    "primal_simplex_bound_perturbation_multiplier": 0.0,
}
# what a new column costs where few are wanted, as part of the largest cost, and what counts as
# nothing, as part of the largest amount
_FEW, _NOTHING = 1e-6, 1e-12

# pilots whose optima tell the columns to begin with
_PILOTS = 8
# solutions that are checked at once: many enough to save time, few enough to stay in the cache
_CHECKED = 8


class Sifted:
    """A program under many figures, solved on some columns, and on all from where that ends.

    Most steps are taken where few columns are looked at (sifting: Bixby et al., 1992,
    doi:10.1287/opre.40.5.885). Each solve starts from one basis, whatever was solved before it.

    Parameters
    ----------
    lp : LinearProgram
    columns : ndarray of int64
        Those at which solves begin.
    """

    def __init__(self, lp: LinearProgram, columns: Ints) -> None:
        self.lp, self.columns = lp, columns
        self._scaling = scaling_of(lp)
        self._pattern = Pattern(lp, self._scaling, columns)
        self._highs = loaded(lp, self._pattern, self._scaling)
        for name, value in _OPTIONS.items():
            self._highs.setOptionValue(name, value)
        self._start: Any = None

    def begin(self, pilot: LinearProgram) -> None:
        """Start every solve from where this program ends on the first columns."""
        self._load(pilot)
        self._run()
        self._start = self._highs.getBasis() if self._is_solved() else None

    def solve(self, program: LinearProgram) -> LinearSolution | None:
        """Return the optimum with other figures; None where this way does not get to it."""
        self._load(program)
        n_steps = self._run()
        self._pattern.widen(self._highs)
        n_steps += self._run()
        return self._solution(program, n_steps) if self._is_solved() else None

    def _load(self, program: LinearProgram) -> None:
        self._pattern.load(self._highs, program, self._scaling)
        if self._start is not None:
            self._highs.setBasis(self._start)

    def _is_solved(self) -> bool:
        import highspy

        return bool(self._highs.getModelStatus() == highspy.HighsModelStatus.kOptimal)

    def _run(self) -> int:
        """Return the steps that HiGHS took."""
        require_wanted()
        self._highs.run()
        return int(self._highs.getInfo().simplex_iteration_count)

    def _solution(self, program: LinearProgram, n_steps: int) -> LinearSolution:
        solution = self._highs.getSolution()
        x, reduced_costs = np.empty((2, program.c.size))
        x[self._pattern.order] = solution.col_value
        reduced_costs[self._pattern.order] = solution.col_dual
        duals, n_ub = np.array(solution.row_dual), program.b_ub.size
        scaled = LinearSolution(x, 0.0, duals[:n_ub], duals[n_ub:], reduced_costs, n_steps)
        return self._scaling.solution(program, scaled)


class Lean:
    """A program that is sifted.

    Parameters
    ----------
    lp : LinearProgram
    sifted : Sifted
        The same, with the columns to begin at.
    """

    def __init__(self, lp: LinearProgram, sifted: Sifted) -> None:
        self._lp, self._sifted = lp, sifted

    def solve(self, figures: Figures) -> list[tuple[LinearSolution, Certificate] | None]:
        """Return the optimum under each of some figures, with its certificate.

        Returns
        -------
        list of (LinearSolution, Certificate) or None
            None where none was proved.
        """
        pairs: list[tuple[LinearSolution, Certificate] | None] = []
        for first in range(0, figures.b_ub.shape[0], _CHECKED):
            numbers = range(first, min(figures.b_ub.shape[0], first + _CHECKED))
            programs = [figures.program(self._lp, index) for index in numbers]
            solutions = [self._sifted.solve(program) for program in programs]
            solved = [count for count, solution in enumerate(solutions) if solution is not None]
            certificates = certify_alike(
                [programs[value] for value in solved],
                [solution for solution in solutions if solution is not None],
            )
            proofs = dict(zip(solved, certificates, strict=True))
            pairs += [
                (solution, proofs[position]) if solution and proofs[position].ok else None
                for position, solution in enumerate(solutions)
            ]
        return pairs


def lean(lp: LinearProgram, figures: Figures) -> Lean:
    """Return a program with the part to begin at under figures like some.

    Parameters
    ----------
    lp : LinearProgram
    figures : Figures
        What is learned from: the same wherever the program is solved, so that solutions are.

    Raises
    ------
    SolverError
        If the program cannot be solved with one of the figures.

    Examples
    --------
    >>> import numpy as np
    >>> from supplynet.solve.lp.program import Figures
    >>> from supplynet.solve.lp.program import LinearProgram
    >>> lp = LinearProgram(
    ...     [1.0, 0.0], [[0.0, 1.0]], [4.0], [[1.0, -2.0]], [0.0], [0.0] * 2, [np.inf] * 2, True
    ... )
    >>> figures = Figures(np.array([[5.0], [6.0]]), np.zeros((2, 1)), None)
    >>> [solution.objective for solution, _ in lean(lp, figures).solve(figures)]
    [10.0, 12.0]
    """
    numbers = np.arange(figures.b_ub.shape[0])
    pilots = [figures.program(lp, index) for index in numbers[:_PILOTS].tolist()]
    if pilots:
        pilots.insert(0, figures.mean(numbers).program(lp, 0))
    return Lean(lp, leanest(lp, pilots))


def leanest(lp: LinearProgram, pilots: Sequence[LinearProgram]) -> Sifted:
    """Return a program begun on columns that have an optimum, or nearly, of each of some like it.

    Where a program has many optima, any of them may use other columns, and together nearly all.
    Here a column that no earlier optimum used has a price, so that few are used in all. They
    prove nothing: they are where the program is best begun.

    Parameters
    ----------
    lp : LinearProgram
        With the objective that is asked for.
    pilots : sequence of LinearProgram
        The same with other figures; solves start from where the first one ends.

    Raises
    ------
    SolverError
        If one of the programs cannot be solved.

    Examples
    --------
    >>> import numpy as np
    >>> from supplynet.solve.lp.program import LinearProgram
    >>> lp = LinearProgram(
    ...     [1.0, 1.0], [[1.0, 1.0]], [4.0], None, None, [0.0] * 2, [3.0, np.inf], maximize=True
    ... )
    >>> leanest(lp, [lp, lp]).columns.tolist()
    [1]
    """
    price = _FEW * float(np.abs(lp.c).max(initial=0.0)) * (-1.0 if lp.maximize else 1.0)
    engine = LinearEngine(lp)
    is_used = lp.lower != 0.0
    for pilot in (lp, *pilots):
        engine.figures(replace(pilot, c=lp.c + price * ~is_used))
        amounts = np.abs(engine.solve().x)
        is_used |= amounts > _NOTHING * amounts.max(initial=0.0)
        engine.go_on()
    if not is_used.any():  # nothing is the best, and no column states where
        is_used[:] = True
    sifted = Sifted(lp, np.flatnonzero(is_used))
    sifted.begin(pilots[0] if pilots else lp)
    return sifted
