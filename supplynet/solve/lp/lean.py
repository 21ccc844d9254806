"""One linear program with many optima under many figures: reduced, and begun where few columns do.

The program is made smaller once (`reduced`). Of what is left an optimum uses few columns, but any
of them, as ties are broken. Each set of figures is first solved on a few columns that some optimum
of each of some pilots has (`leanest`), from where the nearest pilot ended; then on all columns of
the smaller program, a few steps from there. What comes of it is told as a solution of the whole
program, and proved for that.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from supplynet.errors import SolverError
from supplynet.solve.lp.certificate import certify_alike
from supplynet.solve.lp.engine import LinearEngine
from supplynet.solve.lp.narrow import leanest
from supplynet.solve.lp.presolve.reduced import reduced

if TYPE_CHECKING:
    from collections.abc import Iterator

    from supplynet.solve.check import Certificate
    from supplynet.solve.lp.figures import Figures
    from supplynet.solve.lp.narrow import Narrow
    from supplynet.solve.lp.presolve.reduced import Reduced, Smaller
    from supplynet.solve.lp.program import LinearProgram, LinearSolution

__all__ = ["Lean", "lean"]

# figures that are worked on, and solutions that are checked at once: many enough to save time, few
# enough to stay in the cache
_AT_ONCE, _CHECKED = 64, 8


class Lean:
    """A reduced program, and the part of it at which solves begin.

    Parameters
    ----------
    program : Reduced
    part : Narrow
        Of the smaller program.
    """

    def __init__(self, program: Reduced, part: Narrow) -> None:
        self._program, self._part = program, part

    @cached_property
    def _engine(self) -> LinearEngine:
        """The smaller program, to be solved from where its part ends."""
        engine = LinearEngine(self._program.lp, first="simplex", is_near=True, again="primal")
        engine.solve()
        return engine

    def solve(self, given: Figures) -> list[tuple[LinearSolution, Certificate] | None]:
        """Return the optimum under each of some figures, with its certificate.

        Parameters
        ----------
        given : Figures
            Of the whole program.

        Returns
        -------
        list of (LinearSolution, Certificate) or None
            Solution of the whole program; None where none was proved.
        """
        n = given.b_ub.shape[0]
        pairs: list[tuple[LinearSolution, Certificate] | None] = []
        for first in range(0, n, _AT_ONCE):
            pairs += self._solve(given.some(first, min(n, first + _AT_ONCE)))
        return pairs

    def _solve(self, given: Figures) -> list[tuple[LinearSolution, Certificate] | None]:
        smaller = self._program.smaller(given)
        solutions = self._program.restored(smaller, list(self._solutions(smaller)))
        known = {number: one for number, one in enumerate(solutions) if one is not None}
        programs = [given.program(self._program.whole, number) for number in known]
        answers = list(known.values())
        certificates: list[Certificate] = []
        for first in range(0, len(programs), _CHECKED):
            part = slice(first, first + _CHECKED)
            certificates += certify_alike(programs[part], answers[part])
        proved = {
            number: (solution, certificate)
            for (number, solution), certificate in zip(known.items(), certificates, strict=True)
            if certificate.ok
        }
        return [proved.get(number) for number in range(len(solutions))]

    def _solutions(self, smaller: Smaller) -> Iterator[LinearSolution | None]:
        """Yield solutions of the smaller program, None where it has none."""
        for number, holds in enumerate(smaller.holds.tolist()):
            solution = None
            if holds:
                program = smaller.figures.program(self._program.lp, number)
                start = self._part.start(program)
                self._engine.figures(program)
                self._engine.start_at(start)
                try:
                    solution = self._engine.solve()
                except SolverError:  # what this way fails on is solved in others
                    solution = None
            yield solution


def lean(lp: LinearProgram, some: Figures) -> Lean | None:
    """Return a program reduced for all figures like some, and the part to begin at.

    Parameters
    ----------
    lp : LinearProgram
    some : Figures
        What is learned from: the same wherever the program is solved, so that solutions are.

    Returns
    -------
    Lean or None
        None where the program cannot be reduced.

    Raises
    ------
    SolverError
        If the smaller program cannot be solved with one of the figures.

    Examples
    --------
    >>> import numpy as np
    >>> from supplynet.solve.lp.figures import Figures
    >>> from supplynet.solve.lp.program import LinearProgram
    >>> lp = LinearProgram(
    ...     [1.0, 0.0], [[0.0, 1.0]], [4.0], [[1.0, -2.0]], [0.0], [0.0] * 2, [np.inf] * 2, True
    ... )
    >>> given = Figures(np.array([[5.0], [6.0]]), np.zeros((2, 1)), None)
    >>> [solution.objective for solution, _ in lean(lp, given).solve(given)]
    [10.0, 12.0]
    """
    program = reduced(lp, some)
    if program is None:
        return None
    smaller = program.smaller(some)
    pilots = [
        smaller.figures.program(program.lp, number)
        for number, holds in enumerate(smaller.holds.tolist())
        if holds
    ]
    return Lean(program, leanest(program.lp, pilots))
