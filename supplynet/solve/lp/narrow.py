"""One linear program under many figures, solved on the few columns that its optima use.

Most columns of a large program are zero in every optimum. A program of the others, with the rows
that these have a part in, is a fraction of its size. Either its duals prove that its optimum is
one of the whole program, for no column left out is worth more than it costs there; or the whole
program is solved from where the part ended, which is near (delayed column generation: Ford and
Fulkerson, 1958, doi:10.1287/mnsc.5.1.97; sifting: Bixby et al., 1992, doi:10.1287/opre.40.5.885).

An optimum uses few columns, but any of them, as ties are broken. Each set of figures is first
solved on a few columns that some optimum of each of some pilots has (`leanest`), from where the
mean of figures ended: it is nearer to most of them than any of them is. Then the other columns are
added, and a few steps taken from there. What comes of it is proved.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array, vstack

from supplynet.arrays import Bools, Floats, Ints
from supplynet.errors import SolverError
from supplynet.solve.check import Certificate, exact
from supplynet.solve.lp.certificate import certify_alike, certify_linear
from supplynet.solve.lp.engine import PRIMAL, LinearEngine
from supplynet.solve.lp.loading import Pattern, loaded, scaling_of
from supplynet.solve.lp.program import Figures, LinearProgram, LinearSolution, entries_of
from supplynet.solve.together import require_wanted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: part of the terms of a reduced cost that it may be off by rounding
_ROUNDED = 2.0**-40
# rounds of taking in what is worth more than it costs, for each program looked at
_ROUNDS = 12
# programs in a row that teach nothing, after which the rest are not looked at: a figure that needs
# more than the part is solved whole, which takes less than to look at many
_IDLE = 12
# solutions that are checked at once: many enough to save time, few enough to stay in the cache
_CHECKED = 64


class Narrow:
    """Some columns of a program, and the rows that these have a part in.

    Parameters
    ----------
    lp : LinearProgram
        The whole program, its columns all from 0 up where they are left out.
    columns : ndarray of int64
        Those that are kept, in order.
    """

    def __init__(self, lp: LinearProgram, columns: Ints) -> None:
        self.lp, self.columns = lp, columns
        matrix = vstack([lp.a_ub, lp.a_eq], format="csr")
        n_ub, row_of = lp.b_ub.size, np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
        is_kept = np.zeros(lp.c.size, dtype=np.bool_)
        is_kept[columns] = True
        is_row = np.zeros(matrix.shape[0], dtype=np.bool_)
        # Rows without a column that is kept hold by themselves or not at all, which the right side
        # alone states.
        is_row[row_of[is_kept[matrix.indices]]] = True
        self.rows_ub = np.flatnonzero(is_row[:n_ub])
        self.rows_eq = np.flatnonzero(is_row[n_ub:])
        self._idle_ub = np.flatnonzero(~is_row[:n_ub])
        self._idle_eq = np.flatnonzero(~is_row[n_ub:])
        self._inside = np.flatnonzero(is_kept[matrix.indices])
        self._data = matrix.data
        # what is left out by column, in rows that are there: the others have no dual
        outside = np.flatnonzero(~is_kept[matrix.indices] & is_row[row_of])
        outside = outside[np.argsort(matrix.indices[outside], kind="stable")]
        self.outside, starts = np.unique(matrix.indices[outside], return_index=True)
        self._outside, self._starts = outside, np.append(starts, outside.size)
        positions = np.cumsum(is_row) - 1
        self._row_outside = positions[row_of[outside]]
        alone = np.setdiff1d(np.flatnonzero(~is_kept), self.outside)
        sign = 1.0 if lp.maximize else -1.0
        #: columns in no row that is there, and worth something all the same
        self.worthy = alone[(sign * lp.c[alone] > 0.0) & (lp.upper[alone] > 0.0)]

    @cached_property
    def _own(self) -> LinearProgram:
        """The part with the program's own figures."""
        lp = self.lp
        return LinearProgram(
            lp.c[self.columns],
            lp.a_ub[self.rows_ub][:, self.columns],
            lp.b_ub[self.rows_ub],
            lp.a_eq[self.rows_eq][:, self.columns],
            lp.b_eq[self.rows_eq],
            lp.lower[self.columns],
            lp.upper[self.columns],
            maximize=lp.maximize,
        )

    @cached_property
    def engine(self) -> LinearEngine:
        """The part in the solver, solved with the program's own figures.

        Raises
        ------
        SolverError
            If it cannot be.
        """
        engine = LinearEngine(self._own)
        engine.solve()
        return engine

    def figures(self, given: Figures) -> Figures:
        """Return what of some figures stands in the part."""
        entries, places = _drawn(given, self._inside)
        sides = given.b_ub[:, self.rows_ub], given.b_eq[:, self.rows_eq]
        return Figures(*sides, entries, places)

    def holds_without(self, figures: Figures) -> Bools:
        """Report which figures leave the rows that are not there to hold by themselves."""
        holds_ub = np.all(figures.b_ub[:, self._idle_ub] >= 0.0, axis=1)
        holds_eq = np.all(figures.b_eq[:, self._idle_eq] == 0.0, axis=1)
        holds: Bools = np.logical_and(holds_ub, holds_eq)
        return holds

    def worth(self, figures: Figures, duals: Floats) -> Floats:
        """Return what a unit of each column left out would add, beyond rounding.

        Parameters
        ----------
        figures : Figures
            Of the whole program.
        duals : ndarray of float64, shape (n, n_rows)
            Of the rows of the part, inequalities first.

        Returns
        -------
        ndarray of float64, shape (n, n_outside)
            0 or less for one that would not help; columns are those of `outside`.
        """
        if not self.outside.size:
            return np.zeros((duals.shape[0], 0))
        costs = self.lp.c[self.outside]
        reduced, size = self._held(duals)
        entries, places = _drawn(figures, self._outside)
        if entries is not None and places.size:
            # columns with an entry that is drawn are added up entry by entry
            columns = np.unique(np.searchsorted(self._starts, places, side="right") - 1)
            lengths = np.diff(self._starts)[columns]
            starts = np.concatenate([[0], np.cumsum(lengths)])[:-1]
            selection = np.arange(lengths.sum()) + np.repeat(
                self._starts[columns] - starts, lengths
            )
            terms = np.repeat(self._data[self._outside[selection]][None, :], duals.shape[0], axis=0)
            terms[:, np.searchsorted(selection, places)] = entries
            terms *= duals[:, self._row_outside[selection]]
            reduced[:, columns] = np.add.reduceat(terms, starts, axis=1)
            size[:, columns] = np.add.reduceat(np.abs(terms), starts, axis=1)
        # The optimum of the part is that of the whole if no column left out is worth more than it
        # costs: the test of column generation, for all draws in one sum.
        reduced, size = costs - reduced, np.abs(costs) + size
        worth: Floats = (reduced if self.lp.maximize else -reduced) - _ROUNDED * size
        return np.where(self.lp.upper[self.outside] > 0.0, worth, 0.0)

    def _held(self, duals: Floats) -> tuple[Floats, Floats]:
        """Return what each column left out takes at some duals with its own entries.

        Also the sum of the sizes of its terms.
        """
        content = self._data[self._outside]
        shape = (self.outside.size, duals.shape[1])
        by_column = csr_array((content, self._row_outside, self._starts), shape=shape)
        return (by_column @ duals.T).T, (abs(by_column) @ np.abs(duals).T).T

    def solve(self, given: Figures) -> list[tuple[LinearSolution, Certificate] | None]:
        """Return the optimum under each of some figures, with its certificate.

        Parameters
        ----------
        given : Figures
            Of the whole program.

        Returns
        -------
        list of (LinearSolution, Certificate) or None
            Solution of the part; None where it is not proved to be one of the whole.
        """
        n, figures = given.b_ub.shape[0], self.figures(given)
        duals = np.zeros((n, self.rows_ub.size + self.rows_eq.size))
        solutions: list[tuple[LinearSolution, Certificate] | None] = [None] * n
        lasting = np.flatnonzero(self.holds_without(given)).tolist()
        for first in range(0, len(lasting), _CHECKED):
            solved = list(self._solved(figures, lasting[first : first + _CHECKED]))
            certificates = certify_alike(
                [program for _, program, _ in solved], [solution for *_, solution in solved]
            )
            for (count, _, solution), certificate in zip(solved, certificates, strict=True):
                if certificate.ok:
                    solutions[count] = (solution, certificate)
                    duals[count] = np.concatenate([solution.dual_ub, solution.dual_eq])
        most = self.worth(given, duals).max(axis=1, initial=0.0)
        proved: list[tuple[LinearSolution, Certificate] | None] = []
        for index, (pair, worth) in enumerate(zip(solutions, most.tolist(), strict=True)):
            if pair is None:
                proved.append(None)
                continue
            total = Certificate((*pair[1].checks, exact("columns-left-out", worth)))
            if not total.ok:  # what is worth a hair more than rounding may pass all the same
                program = given.program(self.lp, index)
                total = certify_linear(program, self.expanded(program, pair[0]))
            proved.append((pair[0], total) if total.ok else None)
        return proved

    def _solved(
        self, figures: Figures, numbers: Sequence[int]
    ) -> Iterator[tuple[int, LinearProgram, LinearSolution]]:
        """Yield the part under some of its figures, where it has a solution, with it."""
        for index in numbers:
            program = figures.program(self._own, index)
            self.engine.figures(program)
            try:
                yield index, program, self.engine.solve()
            except SolverError:  # the whole program may have a solution where its part has none
                continue

    def expanded(self, program: LinearProgram, solution: LinearSolution) -> LinearSolution:
        """Return a solution of the part as one of the whole program.

        Parameters
        ----------
        program : LinearProgram
            The whole one, with the figures that it was solved with.
        solution : LinearSolution
            Of the part.
        """
        x = np.zeros(program.c.size)
        dual_ub, dual_eq = np.zeros(program.b_ub.size), np.zeros(program.b_eq.size)
        x[self.columns] = solution.x
        dual_ub[self.rows_ub], dual_eq[self.rows_eq] = solution.dual_ub, solution.dual_eq
        reduced = program.c - program.a_ub.T @ dual_ub - program.a_eq.T @ dual_eq
        return replace(solution, x=x, dual_ub=dual_ub, dual_eq=dual_eq, reduced_costs=reduced)


def narrowed(lp: LinearProgram, pilots: Sequence[LinearProgram]) -> Narrow | None:
    """Return the part of a program that holds the optima of some programs like it.

    Columns that are used in an optimum of one of them are kept, and taken in as long as others
    are worth more than they cost. So it depends on these programs alone, and not on what is
    solved later.

    Parameters
    ----------
    lp : LinearProgram
        With the objective that is asked for.
    pilots : sequence of LinearProgram
        The same with other figures.

    Returns
    -------
    Narrow or None
        None where so many columns are used that the whole program is as quickly solved.

    Raises
    ------
    SolverError
        If one of the programs cannot be solved.

    Examples
    --------
    >>> import numpy as np
    >>> lp = LinearProgram(
    ...     [1.0, 1.0, 1.0], [[1.0, 2.0, 2.0], [0.0, 0.0, 1.0]], [4.0, 1.0], None, None,
    ...     [0.0] * 3, [np.inf] * 3, maximize=True,
    ... )
    >>> narrowed(lp, [lp]).columns.tolist()
    [0]
    """
    engine = LinearEngine(lp)
    is_used = (lp.lower != 0.0) | (engine.solve().x != 0.0)
    narrow: Narrow | None = None
    n_idle = 0
    for pilot in pilots:
        own = Figures(pilot.b_ub[None, :], pilot.b_eq[None, :], entries_of(pilot)[None, :])
        n_idle += 1
        for _ in range(_ROUNDS):
            narrow = narrow or Narrow(lp, np.flatnonzero(is_used))
            lacking = _lacking(narrow, own)
            if lacking is not None and not lacking.size:
                break
            if n_idle:  # what the whole program uses is nearly all that is lacking
                n_idle = 0
                engine.figures(pilot)
                is_used, narrow = is_used | (engine.solve().x != 0.0), None
            if lacking is not None:
                is_used[lacking], narrow = True, None
        # A part of more than half saves less than its checks cost.
        if 2 * is_used.sum() > lp.c.size:
            return None
        if n_idle == _IDLE:
            break
    return narrow


def _lacking(narrow: Narrow, own: Figures) -> Ints | None:
    """Return the columns that a part lacks under some figures; None where it has no solution."""
    if narrow.worthy.size:
        worthy: Ints = narrow.worthy
        return worthy
    narrow.engine.figures(narrow.figures(own).program(narrow._own, 0))
    try:
        solution = narrow.engine.solve()
    except SolverError:
        return None
    worth = narrow.worth(own, np.concatenate([solution.dual_ub, solution.dual_eq])[None, :])
    lacking: Ints = narrow.outside[worth[0] > 0.0]
    return lacking


def _drawn(figures: Figures, selection: Ints) -> tuple[Floats | None, Ints]:
    """Return the entries among some that are drawn, and their places among these.

    Parameters
    ----------
    figures : Figures
        Of the whole program.
    selection : ndarray of int64
        Ints of entries in it.
    """
    if figures.entries is None or not selection.size:
        return None, np.zeros(0, dtype=np.int64)
    if figures.places is None:
        return figures.entries[:, selection], np.arange(selection.size)
    order = np.argsort(selection)
    at = np.searchsorted(selection, figures.places, sorter=order)
    at = order[np.minimum(at, selection.size - 1)]
    is_there = selection[at] == figures.places
    places = at[is_there]
    ascending = np.argsort(places)
    return figures.entries[:, np.flatnonzero(is_there)[ascending]], places[ascending]


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
_CHECKED_AT_ONCE = 8


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
        for first in range(0, figures.b_ub.shape[0], _CHECKED_AT_ONCE):
            numbers = range(first, min(figures.b_ub.shape[0], first + _CHECKED_AT_ONCE))
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
