"""Where linear programs ended, by name: one that differs little from another starts there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from supplynet.solve.lp.engine import LinearEngine
from supplynet.solve.lp.program import are_alike
from supplynet.solve.together import one_by_one

if TYPE_CHECKING:
    from supplynet.solve.lp.program import LinearProgram

__all__ = ["Engines", "Starts", "front_of", "in_turn_near", "nearest"]

T = TypeVar("T")

#: share of the variables and rows that two programs must have in common
_LEAST_SHARED = 0.9
#: steps after which a start from another program is given up as too far: from one of the same
#: names, and from one of the same size, where the method of inner points is faster from then on
_MOST_STEPS, _MOST_STEPS_OF_SIZE = 300, 3000


class _End(NamedTuple):
    """Where a program ended.

    Parameters
    ----------
    columns, rows : tuple of str
        Names of its variables and rows.
    basis : HighsBasis
    """

    columns: tuple[str, ...]
    rows: tuple[str, ...]
    basis: Any


class Starts:
    """Bases at which programs ended, for the same programs in other figures.

    A program whose variables and rows have the names of one of before starts at its basis. From one
    that is told to be near, with a few others, what is left of its basis is taken, which the solver
    completes. A start
    changes how long a solve takes and which of several best solutions comes, never whether it is
    one: that is for the certificate to say.

    Parameters
    ----------
    most_steps : int, optional
        Steps after which a start from a program of the same names is given up as too far.

    Examples
    --------
    >>> from supplynet.solve.lp.engine import LinearEngine
    >>> from supplynet.solve.lp.program import LinearProgram
    >>> starts, steps = Starts(), []
    >>> for size in (4.0, 5.0):
    ...     lp = LinearProgram(
    ...         [3.0, 2.0], [[1.0, 1.0]], [size], None, None, [0.0, 0.0], [3.0, 9.0], maximize=True
    ...     )
    ...     engine = LinearEngine(lp)
    ...     _ = starts.begin(engine, "most", ("ore", "metal"), ("mill",))
    ...     objective = engine.solve().objective
    ...     starts.keep(engine, "most", ("ore", "metal"), ("mill",))
    ...     steps.append((objective, engine.n_iterations == 0))
    >>> steps[1]
    (13.0, True)
    """

    def __init__(self, most_steps: int = _MOST_STEPS) -> None:
        self._ends: dict[object, _End] = {}
        self._most_steps = most_steps

    def __getstate__(self) -> dict[str, dict[object, _End]]:
        """Return no ends: a basis of HiGHS cannot be copied."""
        return {"_ends": {}}

    def begin(
        self,
        engine: LinearEngine,
        name: str,
        columns: Sequence[str] | None = None,
        rows: Sequence[str] = (),
        *,
        near: str = "",
    ) -> bool:
        """Start the next solve where the program of a name ended, if it was the same one.

        Return whether there was one.

        Parameters
        ----------
        engine : LinearEngine
        name : str
        columns, rows : sequence of str, optional
            Names of the variables and rows of its program, rows of inequalities first. Without any
            a program is the same where it has as many of both.
        near : str, optional
            Name of a program of which nearly all variables and rows stand in this one: taken where
            that of the name had other ones.
        """
        end = self._ends.get(_key(engine, name, columns))
        if end is not None and (end.columns, end.rows) == (tuple(columns or ()), tuple(rows)):
            most = _MOST_STEPS_OF_SIZE if columns is None else self._most_steps
            engine.start_at(end.basis, most)
            return True
        end = self._ends.get(near)
        if end is None or columns is None:
            return False
        shared = _shared(end.columns, columns), _shared(end.rows, rows)
        if min(shared) < _LEAST_SHARED:
            return False
        engine.start_at(_rest(end, columns, rows), _MOST_STEPS)
        return True

    def keep(
        self,
        engine: LinearEngine,
        name: str,
        columns: Sequence[str] | None = None,
        rows: Sequence[str] = (),
    ) -> None:
        """Keep the basis at which the last solve of a program ended, in place of that of before.

        Parameters are those of `begin`, with the name of the program.
        """
        end = _End(tuple(columns or ()), tuple(rows), engine.basis)
        self._ends[_key(engine, name, columns)] = end


def _key(engine: LinearEngine, name: str, columns: Sequence[str] | None) -> object:
    """Return what the end of a program is kept by: its name, and its size where that is all."""
    lp = engine.lp
    return name if columns is not None else (name, lp.c.size, lp.b_ub.size, lp.b_eq.size)


_SHARED: ContextVar[Starts | None] = ContextVar("starts", default=None)


def in_turn_near(works: Sequence[Callable[[], T]]) -> list[T]:
    """Return what pieces of work return, done in turn: horizons start where those before ended.

    Parameters
    ----------
    works : sequence of callable

    Examples
    --------
    >>> first, second = in_turn_near([nearest, nearest])
    >>> first is second, nearest() is nearest()
    (True, False)
    """
    before = _SHARED.set(Starts())
    try:
        return one_by_one(works)
    finally:
        _SHARED.reset(before)


def nearest() -> Starts:
    """Return where programs ended: of those done in turn, outside of that nothing."""
    shared = _SHARED.get()
    return Starts() if shared is None else shared


class Engines:
    """Programs that follow each other, by name: one goes on where the one before it ended.

    One whose entries stand in the same places as those of the last of its name, such as the same at
    other ends of the data, takes over its engine. Which optimum comes hangs on the programs before
    it, in their order, and on nothing else.

    Examples
    --------
    >>> from supplynet.solve.lp.program import LinearProgram
    >>> engines, steps = Engines(), []
    >>> for size in (4.0, 5.0):
    ...     lp = LinearProgram(
    ...         [3.0, 2.0], [[1.0, 1.0]], [size], None, None, [0.0, 0.0], [3.0, 9.0], maximize=True
    ...     )
    ...     engine = engines.engine("most", lp)
    ...     steps.append((engine.solve().objective, engine.n_iterations == 0))
    >>> steps[1]
    (13.0, True)
    """

    def __init__(self) -> None:
        self._by_name: dict[str, LinearEngine] = {}

    def engine(
        self, name: str, lp: LinearProgram, *, time_limit: float | None = None
    ) -> LinearEngine:
        """Return an engine that holds a program, that of the last of its name where it fits."""
        engine = self._by_name.get(name)
        if engine is not None and engine.lp is lp:
            return engine  # as it ended: handed over anew, it would start where the first one did
        if engine is not None and are_alike(engine.lp, lp):
            engine.figures(lp)
            return engine
        engine = LinearEngine(lp, time_limit=time_limit)
        self._by_name[name] = engine
        return engine

    def begin(self, engine: LinearEngine, near: str) -> None:
        """Start a solve where the program of a name ended, to which it adds variables and rows.

        Parameters
        ----------
        engine : LinearEngine
            Its variables and inequalities are those of the other program and some behind them.
        near : str
            Nothing is done where there was none of the name.
        """
        before = self._by_name.get(near)
        if before is not None and before.basis.valid:
            engine.start_at(_widened(before, engine.lp))

    def forget(self) -> None:
        """Let go of all engines, where nothing follows: each holds a program."""
        self._by_name.clear()


def _widened(before: LinearEngine, lp: LinearProgram) -> Any:
    """Return the basis of a program that stands in the front of a wider one, as one of that."""
    size = before.lp.c.size, before.lp.b_ub.size
    return front_of(before.basis, before.lp, lp, *size)


def front_of(
    ended: Any, before: LinearProgram, lp: LinearProgram, n_columns: int, n_limits: int
) -> Any:
    """Return the basis of a program as one of another that begins as it does.

    Further variables are at their lower bound, and further rows have slack.

    Parameters
    ----------
    ended : HighsBasis
        Where the program of before ended.
    before, lp : LinearProgram
        The other one has the same equalities first.
    n_columns, n_limits : int
        How many of the first variables and inequalities are the same.
    """
    import highspy

    status, basis = highspy.HighsBasisStatus, highspy.HighsBasis()
    columns, rows = list(ended.col_status)[:n_columns], list(ended.row_status)
    further = lp.c.size - n_columns, lp.b_ub.size - n_limits
    basis.col_status = [*columns, *[status.kLower] * further[0]]
    basis.row_status = [
        *rows[:n_limits],
        *[status.kBasic] * further[1],
        *rows[before.b_ub.size :],
        *[status.kBasic] * (lp.b_eq.size - before.b_eq.size),
    ]
    # where some of it is left out, not as many are basic as there are rows: HiGHS completes it
    basis.alien = n_columns < before.c.size or n_limits < before.b_ub.size
    basis.valid = True
    return basis


def _shared(before: Sequence[str], now: Sequence[str]) -> float:
    """Return the share of names that two programs have in common, 0 to 1."""
    return len(set(before).intersection(now)) / max(len(before), len(now), 1)


def _rest(end: _End, columns: Sequence[str], rows: Sequence[str]) -> Any:
    """Return a basis with what is the same in another program: the rest is as at the start."""
    import highspy

    status = highspy.HighsBasisStatus
    of_column = dict(zip(end.columns, end.basis.col_status, strict=True))
    of_row = dict(zip(end.rows, end.basis.row_status, strict=True))
    basis = highspy.HighsBasis()
    basis.col_status = [of_column.get(name, status.kLower) for name in columns]
    basis.row_status = [of_row.get(name, status.kBasic) for name in rows]
    # not as many are basic as there are rows: HiGHS completes what is told to be another's
    basis.alien = basis.valid = True
    return basis
