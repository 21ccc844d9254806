"""Where linear programs ended, by name: one that differs little from another starts there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TypeVar

from supplynet.solve.together import one_by_one

if TYPE_CHECKING:
    from supplynet.solve.lp.engine import LinearEngine
    from supplynet.solve.lp.program import LinearProgram

__all__ = ["Starts", "front_of", "in_turn_near", "nearest"]

T = TypeVar("T")

#: steps after which a start is given up as too far, and the program solved from the ground up
_MOST_STEPS = 3000


class Starts:
    """Bases at which programs ended, for the same programs in other figures.

    A program starts where the last one of its name and size ended. A start changes how long a solve
    takes and which of several best solutions comes, never whether it is one: that is for the
    certificate to say.

    Parameters
    ----------
    most_steps : int, optional
        Steps after which a start is given up as too far.

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
    ...     _ = starts.begin(engine, "most")
    ...     objective = engine.solve().objective
    ...     starts.keep(engine, "most")
    ...     steps.append((objective, engine.n_iterations == 0))
    >>> steps[1]
    (13.0, True)
    """

    def __init__(self, most_steps: int = _MOST_STEPS) -> None:
        self._ends: dict[tuple[str, int, int, int], Any] = {}
        self._most_steps = most_steps

    def __getstate__(self) -> dict[str, Any]:
        """Return no ends: a basis of HiGHS cannot be copied."""
        return {**vars(self), "_ends": {}}

    def begin(self, engine: LinearEngine, name: str) -> bool:
        """Start the next solve where the program of a name ended; return whether there was one."""
        end = self._ends.get(_key(engine, name))
        if end is not None:
            engine.start_at(end, self._most_steps)
        return end is not None

    def keep(self, engine: LinearEngine, name: str) -> None:
        """Keep the basis at which the last solve of a program ended, in place of that of before."""
        if engine.basis.valid:
            self._ends[_key(engine, name)] = engine.basis


def _key(engine: LinearEngine, name: str) -> tuple[str, int, int, int]:
    lp = engine.lp
    return name, lp.c.size, lp.b_ub.size, lp.b_eq.size


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
