"""Giving up a question that nobody waits for any more.

Every solver asks :func:`require_wanted` before it starts a program, so that an answer of many
programs ends between two of them. Nothing half solved is kept: the programs that were done are
whole, and the next question may use them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from supplynet.errors import InterruptedSolveError

_IS_UNWANTED: ContextVar[Callable[[], bool] | None] = ContextVar("is_unwanted", default=None)


@contextmanager
def given_up_when(is_unwanted: Callable[[], bool]) -> Iterator[None]:
    """Give up what is solved inside as soon as a function says that it is not wanted.

    It holds for the thread, or the task, that enters it, beside what holds around it.

    Parameters
    ----------
    is_unwanted : callable
        Asked before every program; must be quick.

    Examples
    --------
    >>> with given_up_when(lambda: True):
    ...     require_wanted()
    Traceback (most recent call last):
    supplynet.errors.InterruptedSolveError: the question was withdrawn before it was answered
    """
    around = _IS_UNWANTED.get()
    before = _IS_UNWANTED.set(is_unwanted if around is None else lambda: is_unwanted() or around())
    try:
        yield
    finally:
        _IS_UNWANTED.reset(before)


def require_wanted() -> None:
    """End the question at hand if nobody waits for it.

    Raises
    ------
    InterruptedSolveError
        If it was given up.
    """
    is_unwanted = _IS_UNWANTED.get()
    if is_unwanted is not None and is_unwanted():
        raise InterruptedSolveError("the question was withdrawn before it was answered")
