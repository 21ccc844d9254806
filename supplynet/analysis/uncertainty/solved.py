"""The optima of one program under many draws, each certified."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from supplynet.analysis.uncertainty.draws import drawn
from supplynet.analysis.uncertainty.shapes import points
from supplynet.errors import SolverError
from supplynet.solve.check import require, worst
from supplynet.solve.lp.certificate import certify_linear
from supplynet.solve.lp.engine import LinearEngine
from supplynet.solve.lp.lean import Lean, lean
from supplynet.solve.lp.narrow import Narrow, narrowed
from supplynet.solve.lp.program import are_alike
from supplynet.solve.lp.proved import proved, proved_again

if TYPE_CHECKING:
    from supplynet.analysis.uncertainty.draws import Draws
    from supplynet.analysis.uncertainty.programs import DrawnProgram
    from supplynet.analysis.uncertainty.shapes import Vector
    from supplynet.solve.check import Certificate
    from supplynet.solve.lp.figures import Figures
    from supplynet.solve.lp.program import LinearProgram, LinearSolution

#: draws that the program is narrowed by, and the batch that they are from
_PILOTS, _PILOT_BATCH = 32, 2**31 - 1
# columns from which on no part is looked for that proves itself: it would need nearly all, and the
# program is reduced; and the pilots from whose mean it is begun then
_WIDE, _LEAN = 4000, 32


class Answered(NamedTuple):
    """What is said of some draws, or of a batch of them."""

    values: Vector  #: shape (n_draws, n_outputs)
    certificate: Certificate  #: every check at its worst
    n_programs: int
    number: int = -1  #: of the batch


@dataclass(eq=False)
class Solved:
    """The most of some objectives, draw by draw, each certified.

    Every draw starts from the bases of the central figures, so that what comes of it does not
    depend on the draws before it. What is learned of the program comes from draws of its own, the
    same in every process.
    """

    drawn: DrawnProgram
    objectives: list[Vector]  #: shape (n_columns,)

    def most(self, draws: Draws) -> Answered:
        """Return the most of each objective in some draws."""
        figures = self.drawn.figures(draws)
        columns, certificates = [], []
        with uncollected():
            for place, c in enumerate(self.objectives):
                column = []
                for solution, certificate in self._solutions(place, c, draws, figures):
                    require(certificate)
                    certificates.append(certificate)
                    column.append(solution.objective)
                columns.append(column)
        n_programs = draws.n * len(self.objectives)
        return Answered(np.array(columns).T, worst(certificates), n_programs)

    def _solutions(
        self, place: int, c: Vector, draws: Draws, figures: Figures | None
    ) -> Iterator[tuple[LinearSolution, Certificate]]:
        """Yield the optimum of each draw: of the part if it proves it, else of the whole."""
        if figures is None:
            for draw in range(draws.n):
                yield self._whole(place, replace(self.drawn.built(draws, draw), c=c))
            return
        part = self._parts[place]
        known = part.solve(figures) if part else [None] * draws.n
        for draw, pair in enumerate(known):
            is_looked_at = isinstance(part, Narrow) and draw == draws.n // 2
            if pair is None or is_looked_at:
                program = replace(figures.program(self.drawn.lp, draw), c=c)
                if pair is None:
                    pair = self._whole(place, program)
                elif isinstance(part, Narrow):
                    # one draw of each batch is checked against the whole program, too
                    solution = part.expanded(program, pair[0])
                    pair = solution, worst([pair[1], certify_linear(program, solution)])
            yield pair

    def _whole(self, place: int, program: LinearProgram) -> tuple[LinearSolution, Certificate]:
        """Return the optimum of the whole program of a draw."""
        if not are_alike(program, self.drawn.lp):
            return proved(program)
        engine = self._engines[place]
        engine.figures(program)
        return proved_again(engine)

    @cached_property
    def _learned(self) -> Figures | None:
        """Figures of some draws that no study has, to learn from."""
        inputs = self.drawn.inputs
        at = points(_PILOT_BATCH, len(inputs.rows), seed=0, n=_PILOTS)
        # unchecked: whatever they teach, each draw is proved
        return self.drawn.quick(drawn(inputs, at)) if inputs.rows else None

    def _pilots(self, figures: Figures, c: Vector) -> list[LinearProgram]:
        """Return the program in these draws, with an objective."""
        numbers = range(min(_PILOTS, figures.b_ub.shape[0]))
        return [replace(figures.program(self.drawn.lp, number), c=c) for number in numbers]

    @cached_property
    def _parts(self) -> list[Narrow | Lean | None]:
        """What of the program each objective needs; None where it needs nearly all."""
        return [self._part(c) for c in self.objectives]

    def _part(self, c: Vector) -> Narrow | Lean | None:
        """Return the part that proves itself; a wide program is reduced."""
        if self._learned is None:
            return None
        lp = replace(self.drawn.lp, c=c)
        try:
            if c.size > _WIDE:
                return lean(lp, self._learned.some(0, _LEAN))
            return narrowed(lp, self._pilots(self._learned, c))
        except SolverError:  # what one way fails on is solved in others, see `proved_again`
            return None

    @cached_property
    def _engines(self) -> list[LinearEngine]:
        """The program with each objective, solved at the central figures."""
        return [self._begun(c) for c in self.objectives]

    def _begun(self, c: Vector) -> LinearEngine:
        """Return an engine at the optimum of the central figures."""
        lp = replace(self.drawn.lp, c=c)
        engine = LinearEngine(lp)
        engine.solve()
        return engine


@contextmanager
def uncollected() -> Iterator[None]:
    """Put off the search for cycles to the end of a batch: it took up to a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
