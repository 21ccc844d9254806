"""Several long pieces of work side by side: how far they are, and giving up what nobody waits for.

The solver leaves Python free while it runs, so that threads share the cores. Each piece solves its
own programs by one thread: what comes out does not depend on how many cores there are.

Every solver asks :func:`require_wanted` before it starts a program, so that an answer of many
programs ends between two of them. Nothing half solved is kept: the programs that were done are
whole, and the next question may use them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from functools import partial
from threading import Event
from typing import TypeVar

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


T = TypeVar("T")
#: label of what comes next, and the part of the whole that is done, 0 to 1
Listener = Callable[[str, float], None]

_LISTENER: ContextVar[Listener | None] = ContextVar("listener", default=None)


@contextmanager
def told_to(listener: Listener) -> Iterator[None]:
    """Tell a function how far the work inside is.

    Examples
    --------
    >>> with told_to(lambda label, part: print(label, part)):
    ...     tell("2025-07", 0.5)
    2025-07 0.5
    """
    before = _LISTENER.set(listener)
    try:
        yield
    finally:
        _LISTENER.reset(before)


def tell(label: str, part: float) -> None:
    """Say what comes next, and which part of the work is done, to whoever wants to know."""
    listener = _LISTENER.get()
    if listener is not None:
        listener(label, part)


@contextmanager
def within(first: float, last: float) -> Iterator[None]:
    """Let what the work inside states of itself count as a stretch of the whole.

    Parameters
    ----------
    first, last : float
        Where the stretch begins and ends, 0 to 1.

    Examples
    --------
    >>> with told_to(lambda label, part: print(label, part)), within(0.5, 1.0):
    ...     tell("2025-07", 0.5)
    2025-07 0.75
    """
    listener = _LISTENER.get()
    if listener is None:
        yield
        return
    with told_to(lambda label, share: listener(label, first + share * (last - first))):
        yield


def in_turn(items: Sequence[T], name: Callable[[T], str]) -> Iterator[T]:
    """Yield what is worked on one after the other, and state of each before its turn.

    Parameters
    ----------
    name : callable
        What is said of an item.

    Examples
    --------
    >>> with told_to(lambda label, part: print(label, part)):
    ...     done = [year for year in in_turn([2024, 2026], str)]
    2024 0.0
    2026 0.5
    """
    for index, entry in enumerate(items):
        tell(name(entry), index / len(items))
        yield entry


def one_by_one(works: Sequence[Callable[[], T]]) -> list[T]:
    """Return what several pieces of work return, done in turn; each reports its part of the whole.

    Examples
    --------
    >>> one_by_one([lambda: 1, lambda: 2])
    [1, 2]
    """
    results = []
    for index, work in enumerate(works):
        with within(index / len(works), (index + 1) / len(works)):
            results.append(work())
    return results


def together(works: Sequence[Callable[[], T]]) -> list[T]:
    """Return what several pieces of work return, done side by side.

    Where one fails, the others end before their next program.

    Examples
    --------
    >>> together([lambda: 1, lambda: 2])
    [1, 2]
    """
    from concurrent.futures import ThreadPoolExecutor

    parts, is_over = [0.0] * len(works), Event()
    listener = _LISTENER.get()

    def told(number: int, label: str, part: float) -> None:
        parts[number] = part
        if listener is not None:
            listener(label, sum(parts) / len(parts))

    def done(index: int) -> T:
        with given_up_when(is_over.is_set), told_to(partial(told, index)):
            return works[index]()

    with ThreadPoolExecutor(min(len(works), os.cpu_count() or 1)) as pool:
        # What holds around, such as who may withdraw the question, holds in every thread.
        jobs = [pool.submit(copy_context().run, done, count) for count in range(len(works))]
        try:
            return [job.result() for job in jobs]
        except BaseException:
            is_over.set()
            raise
