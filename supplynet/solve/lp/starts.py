"""Where linear programs ended, by name: one that differs little from another starts there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TypeVar

from supplynet.solve.together import one_by_one

if TYPE_CHECKING:
    from supplynet.solve.lp.engine import LinearEngine


T = TypeVar("T")


class Starts:
    """Bases at which programs ended, for the same programs in other figures.

    A program starts where the last one of its name and size ended. A start changes how long a solve
    takes and which of several best solutions comes, never whether it is one: that is for the
    certificate to say.

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

    def __init__(self) -> None:
        self._ends: dict[tuple[str, int, int, int], Any] = {}

    def __getstate__(self) -> dict[str, Any]:
        """Return no ends: a basis of HiGHS cannot be copied."""
        return {"_ends": {}}

    def begin(self, engine: LinearEngine, name: str) -> bool:
        """Start the next solve where the program of a name ended; return whether there was one."""
        end = self._ends.get(_key(engine, name))
        if end is not None:
            engine.start_at(end)
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
