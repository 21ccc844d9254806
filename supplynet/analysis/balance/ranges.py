"""What is not settled by an optimum: the least and the most of its figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array  # type: ignore[import-untyped, unused-ignore]

from supplynet.analysis.balance.content import Mixes
from supplynet.analysis.balance.figures import TIDY, Figure, Figures
from supplynet.analysis.balance.nearest import moved
from supplynet.analysis.balance.outcome import SETTLED, Coverage, CoverageRange, Range
from supplynet.analysis.balance.programs import PIN, Pin, Run, pin_rows
from supplynet.analysis.balance.tables import ROUNDING, leading_program
from supplynet.arrays import Floats
from supplynet.errors import InterruptedSolveError, SolverError, UnboundedError
from supplynet.solve.lp.engine import LinearEngine
from supplynet.solve.lp.evidence import keeps
from supplynet.solve.lp.program import LinearProgram, LinearSolution, widened


def with_room_to_buy(
    lp: LinearProgram, pins: Sequence[Pin], at: slice, room: float
) -> LinearProgram:
    """Return a program with a variable more for each pin: how much of its room is used.

    The program keeps what was reached but for `room`, a part of the size of each pin; `at` says
    where its pins stand among the inequalities.
    """
    n_rows, n_pins = lp.b_ub.size, len(pins)
    inputs = np.array([(room + PIN) * pin.size for pin in pins])
    # in units of the largest term of a pin, so that its row is checked as closely as without
    units = np.array([float(np.abs(pin.objective).max(initial=0.0)) or 1.0 for pin in pins])
    limits = np.array(lp.b_ub)
    limits[at] -= inputs
    places = np.arange(n_rows)[at], np.arange(n_pins)
    used = csr_array((-units, places), shape=(n_rows, n_pins))
    return widened(replace(lp, b_ub=limits), n_pins, beside=used, upper=inputs / units)


def bought(
    lp: LinearProgram, at: slice, objective: Floats, solution: LinearSolution
) -> tuple[LinearProgram, LinearSolution]:
    """Return the program in which room costs the duals of the pins, and its solution.

    `lp` is that of :func:`with_room_to_buy`, `solution` the best for the largest objective where
    room costs nothing. All room is used: at these costs less of it would be no better.
    """
    n = solution.x.size
    most = lp.upper[n:]
    costs = -np.maximum(solution.dual_ub[at], 0.0) * lp.a_ub[at][:, n:].sum(axis=0)
    lp = replace(lp, c=np.concatenate([objective, -costs]))
    linear_solution = replace(
        solution,
        x=np.concatenate([solution.x, most]),
        objective=solution.objective - float(costs @ most),
        reduced_costs=np.concatenate([solution.reduced_costs, np.zeros(costs.size)]),
    )
    return lp, linear_solution


# part of what was reached and moved that a range of what is left over may give up, and the share
# of the figure that then counts as settled
_ROOM, _LEFT_SETTLED = 1e-8, 1e-5
# part of the largest amount that moves below which a figure is rounding
_DUST = 1e-6
# Parts that are given up on top, the next where the solver finds no way through with less. Rounding
# decides how much it needs, so that no end may hang on it: what room brings is taken off by its
# price, which holds up to the next vertex, and a room that reaches beyond moves the end.
_WIDER = (1e-9, 1e-8, 1e-7, 1e-6)


class Spans:
    """The ranges of the figures of a solved balance, each worked out when it is asked for."""

    def __init__(self, run: Run, x: Floats) -> None:
        self.run = run
        self.figures = Figures(run.model, x)
        self.known: dict[tuple[str, ...], Range] = {}
        self._ends: dict[str, Ends] = {}

    @property
    def ends(self) -> Ends:
        """The ends of figures that need nothing but what was reached."""
        return self.ends_for("product")

    def ends_for(self, kind: str, further: Mixes | None = None) -> Ends:
        """Return the program that figures of a kind share."""
        # Figures that circles and waste could inflate at will (use, surplus, flows) are ranged over
        # the answers that also move the least; what nations get is ranged over all optimal answers.
        # Each set is one program, kept with its basis.
        name = "tidy" if kind in TIDY else "" if further is None else f"mixes {further.element}"
        if name not in self._ends:
            shown = self.figures.x if kind in TIDY else None
            self._ends[name] = Ends(self.run, shown=shown, further=further)
        return self._ends[name]

    def of(self, kind: str, *key: str, shown: float | None = None) -> Range:
        """Return the range of a figure; two linear programs where it is not known yet.

        `shown` is the figure in the solution shown, where it is no sum over variables.
        """
        if (kind, *key) not in self.known:
            figure = self.figures.of(kind, *key)
            bounds = self.ends_for(kind, figure.mixes)
            if shown is None:
                shown = self.figures.shown(figure)
            name = " ".join((kind, *key))
            low, high = _span(bounds, name, figure, shown)
            self.known[kind, *key] = Range(kind, key, low, shown, high, figure.unit)
        return self.known[kind, *key]


def _span(bounds: Ends, name: str, figure: Figure, shown: float) -> tuple[float, float]:
    """Return the least and the most of a figure; its floor and ceiling need no program."""
    weight = float(np.abs(figure.objective).max(initial=0.0))
    size = _size(figure, shown, bounds.largest)
    if not weight:
        return shown, shown
    objective = figure.objective / weight
    low = high = shown
    # Where the figure stands at its floor or its ceiling already, no program can move it further,
    # and a solve is spared.
    if shown - figure.floor > ROUNDING * size:
        low = min(shown, figure.held(figure.constant + weight * bounds.least(name, objective)))
    if figure.ceiling - shown > ROUNDING * size:
        try:
            most = figure.constant + weight * bounds.most(name, objective)
            high = max(shown, figure.held(most))
        except UnboundedError:
            high = float("inf")
    if low - figure.floor <= ROUNDING * size:
        low = min(shown, figure.floor)
    if figure.ceiling - high <= ROUNDING * size:
        high = max(shown, figure.ceiling)
    if high - low <= (SETTLED if bounds.is_plain else _LEFT_SETTLED) * size:
        return shown, shown  # the rest is rounding of the solver
    return low, high


def _size(figure: Figure, shown: float, largest: float) -> float:
    """Return what a spread of a figure is small against.

    That is its own size, or that of what moves where it is next to nothing: the spread of a
    difference of large sums is rounding of those.
    """
    weight = float(np.abs(figure.objective).max(initial=0.0))
    return max(abs(shown), figure.scale, _DUST * weight * largest)


def rounding_of(
    kind: str, figure: Figure, low: float, shown: float, high: float, largest: float
) -> float:
    """Return by how much what is reported of a figure may be off the ends of its programs.

    Those of a settled figure are reported as one, and an end next to its floor or ceiling as that.
    `largest` is the largest amount that moves in the solution shown.
    """
    share = _LEFT_SETTLED if figure.mixes or kind in TIDY else SETTLED
    return (share if low == high else ROUNDING) * _size(figure, shown, largest)


def ranges(
    ends: Ends, covered: Iterable[Coverage], *, is_together: bool = False
) -> tuple[CoverageRange, ...]:
    """Return the range of what each nation gets in each form over all optimal solutions.

    What was reached is kept within 1e-12 of it; a nation's supply is then minimized and
    maximized. Nothing is solved where all demand is met because serving it came first. With
    `is_together` one program is asked first whether nations that are served in full, or not at
    all, are so in every solution: each end then has no program of its own to prove it.
    """
    rows = list(covered)
    run = ends.run
    # If everybody is served in full, no optimum of a supply objective serves anybody less: every
    # range is a point. Money may leave a nation out although it could be served.
    is_full = leading_program(run) not in ("price", None) and all(
        row.served >= row.demand for row in rows
    )
    figures = Figures(run.model, run.x)
    stated = [(row, figures.of("coverage", row.nation, row.form)) for row in rows if not is_full]
    extreme = [pair for pair in stated if _is_at_end(*pair)] if is_together else []
    settled = {id(row) for row, _ in extreme} if _stay_at_end(ends, extreme) else set()
    spans = []
    for row in rows:
        low = high = max(0.0, row.served)
        if not (is_full or id(row) in settled):
            figure = figures.of("coverage", row.nation, row.form)
            low, high = _span(ends, f"{row.nation} {row.form}", figure, row.served)
        spans.append(CoverageRange(row.nation, row.form, row.demand, low, row.served, high))
    return tuple(spans)


def _is_at_end(row: Coverage, figure: Figure) -> bool:
    """Whether a nation is served in full, or not at all."""
    remainder = min(row.served - figure.floor, figure.ceiling - row.served)
    return remainder <= ROUNDING * row.demand


def _stay_at_end(bounds: Ends, extreme: Sequence[tuple[Coverage, Figure]]) -> bool:
    """Whether what stands at its floor or its ceiling stands there in every optimal solution.

    No part can move by more of its demand than all of them together: one program for all.
    """
    if len(extreme) < 2:
        return False
    moves, before = np.zeros_like(bounds.run.x), 0.0
    for row, figure in extreme:
        is_full = figure.ceiling - row.served <= ROUNDING * row.demand
        route = (-1.0 if is_full else 1.0) / row.demand
        moves, before = moves + route * figure.objective, before + route * row.served
    largest = float(np.abs(moves).max(initial=0.0))
    try:
        most = largest * bounds.most("of all that is full or nothing", moves / largest)
    except UnboundedError:
        return False
    return most - before <= SETTLED


class Ends:
    """The ends of many objectives over the optimal solutions of one run.

    With `shown`, over those that move no more than this solution. With `further`, objectives go
    over its variables too.

    Programs that differ in the objective alone are solved one from the other; one that its check
    refuses is solved anew. What was reached is kept but for a little, as the solver needs room,
    and but for the least more in which it finds a way that passes its check. An end is reported
    without what that room is worth by its dual, and so is never within the true one (the best
    value is concave in the room). For those who check, it is the best of a program in which
    room costs as much.
    """

    def __init__(
        self, run: Run, *, shown: Floats | None = None, further: Mixes | None = None
    ) -> None:
        self.run = run
        self.pins = list(run.pins)
        self.further = further
        self.is_plain = shown is None and further is None
        self.largest = float(np.abs(run.x).max(initial=0.0))
        # programs without an objective in which room is bought, by the room that there is
        self._buying: dict[float, LinearProgram] = {}
        # pins on top of pins leave the solver no room, so that all are a little wider
        self._room = 0.0 if shown is None else _ROOM
        if shown is not None:
            # The tonnes that the shown answer moves become one more pin.
            counted = moved(run.model)
            tonnes = float(counted @ shown)
            self.pins.append(Pin(-counted, -tonnes, tonnes))

    @cached_property
    def engine(self) -> LinearEngine:
        """The program of the run with all that was reached pinned, solved once."""
        engine = LinearEngine(self._program(self._room), time_limit=self.run.time_limit)
        self.run.again("optimal solutions", engine)
        return engine

    @cached_property
    def _for_least(self) -> LinearEngine:
        """The same program again.

        The least of one figure lies nearer to that of the next than to the most of the same one;
        not so where makers may mix.
        """
        lp = replace(self.engine.lp, c=np.zeros_like(self.engine.lp.c))
        engine = LinearEngine(lp, time_limit=self.run.time_limit)
        engine.start_at(self.engine.basis)
        engine.solve()
        return engine

    def most(self, name: str, objective: Floats) -> float:
        """Return the largest value."""
        return self._best(f"most {name}", objective, 1.0)

    def least(self, name: str, objective: Floats) -> float:
        """Return the smallest value."""
        return -self._best(f"least {name}", objective, -1.0)

    def _best(self, name: str, objective: Floats, sign: float) -> float:
        room = self._room
        try:
            engine = self.engine if sign > 0.0 or self.further else self._for_least
            engine.objective(sign * objective)
            solution = self._kept(name, engine)
        except (InterruptedSolveError, UnboundedError):
            raise
        except SolverError:  # the solution shown is feasible, but pins may leave the solver no room
            room, solution = self._wider(name, sign * objective)
        # The room that was given to the pins moves the end of the range outwards. An optimum is
        # concave in its limits, so that what is left after taking off the duals of the pins times
        # their room still bounds the end over the optimal answers, and lies closer to it.
        n_behind = 0 if self.further is None else self.further.most.shape[0]
        end = solution.dual_ub.size - n_behind
        at = slice(end - len(self.pins), end)
        if room not in self._buying:
            self._buying[room] = with_room_to_buy(self._program(room), self.pins, at, room)
        names = bought(self._buying[room], at, sign * objective, solution)
        self.run.further[name] = names
        return names[1].objective

    def _kept(self, name: str, engine: LinearEngine) -> LinearSolution:
        """Return the solution of a program, if its point can be written as a proof."""
        solution = self.run.again(name, engine, is_quick=True)
        if not keeps(engine.lp, solution.x):
            raise SolverError("rounding leaves rows further from their limits than a proof may")
        return solution

    def _wider(self, name: str, objective: Floats) -> tuple[float, LinearSolution]:
        """Return the least further room in which the solver finds a way, and what it finds."""
        for more in _WIDER[:-1]:
            lp = replace(self._program(self._room + more), c=objective)
            engine = LinearEngine(lp, time_limit=self.run.time_limit)
            try:
                return self._room + more, self._kept(name, engine)
            except (InterruptedSolveError, UnboundedError):
                raise
            except SolverError:
                continue
        room = self._room + _WIDER[-1]
        return room, self.run.solve(name, replace(self._program(room), c=objective))

    def _program(self, room: float) -> LinearProgram:
        """Return the program without an objective, what was reached kept but for a part of it."""
        model = self.run.model
        lp = model.program(model.vector({}), maximize=True, more=pin_rows(self.pins, room))
        return lp if self.further is None else self.further.added_to(lp)
