"""Where programs of much the same kind ended: the next one starts there.

Periods in which shocks are of another depth, and the other ends of the figures, mostly have the
same variables and rows. A start changes how long a solve takes and which of several best solutions
comes, never whether it is one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TypeVar

from supplynet.solve.together import one_by_one

if TYPE_CHECKING:
    from supplynet.solve.lp.engine import LinearEngine

T = TypeVar("T")
# steps after which the method of inner points is faster
_MOST_STEPS = 3000


class Near:
    """By kind and size of a program the basis at which the last such one ended.

    Examples
    --------
    >>> from supplynet.solve.lp.engine import LinearEngine
    >>> from supplynet.solve.lp.program import LinearProgram
    >>> near, steps = Near(), []
    >>> for size in (4.0, 5.0):
    ...     lp = LinearProgram(
    ...         [3.0, 2.0], [[1.0, 1.0]], [size], None, None, [0.0, 0.0], [3.0, 9.0], maximize=True
    ...     )
    ...     engine = LinearEngine(lp, first="simplex")
    ...     is_near = near.begin("most", engine)
    ...     steps.append((is_near, engine.solve().objective, engine.n_iterations == 0))
    ...     near.keep("most", engine)
    >>> steps[1]
    (True, 13.0, True)
    """

    def __init__(self) -> None:
        self._bases: dict[tuple[object, ...], Any] = {}

    def begin(self, kind: str, engine: LinearEngine) -> bool:
        """Start the next solve of an engine where the last program of its kind and size ended.

        Parameters
        ----------
        kind : str
        engine : LinearEngine

        Returns
        -------
        bool
            Whether there was one.
        """
        basis = self._bases.get(_key(kind, engine))
        if basis is not None:
            engine.start_at(basis, _MOST_STEPS)
        return basis is not None

    def keep(self, kind: str, engine: LinearEngine) -> None:
        """Keep where the last solve of an engine ended.

        Parameters
        ----------
        kind : str
        engine : LinearEngine
        """
        self._bases[_key(kind, engine)] = engine.basis


def _key(kind: str, engine: LinearEngine) -> tuple[object, ...]:
    lp = engine.lp
    return kind, lp.c.size, lp.b_ub.size, lp.b_eq.size


_SHARED: ContextVar[Near | None] = ContextVar("near", default=None)


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
    before = _SHARED.set(Near())
    try:
        return one_by_one(works)
    finally:
        _SHARED.reset(before)


def nearest() -> Near:
    """Return where programs ended: of those done in turn, outside of that nothing."""
    shared = _SHARED.get()
    return Near() if shared is None else shared
