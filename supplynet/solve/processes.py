"""Processes that work side by side and begin afresh, without the script that asks for them."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from types import ModuleType
from typing import Any, TypeVar

T = TypeVar("T")


class Processes(ProcessPoolExecutor):
    """An executor whose processes begin afresh and never run the script of the caller.

    A copy of a process can hang in the threads of the solver, so that processes begin anew. Python
    then runs the caller's script in each of them, once more from its first line, unless all of it
    is guarded by ``if __name__ == "__main__":``. What is sent here is of this package and of data
    alone, and needs no script.

    Parameters
    ----------
    workers : int
        Processes at the most; each is started when it is first needed. Ctrl-C ends them without a
        word, for the caller has heard of it, too.

    Examples
    --------
    >>> with Processes(1) as pool:
    ...     pool.submit(abs, -3).result()
    3
    """

    def __init__(self, workers: int) -> None:
        super().__init__(
            workers,
            mp_context=get_context("spawn"),
            initializer=signal.signal,
            initargs=(signal.SIGINT, signal.SIG_DFL),
        )

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Send a piece of work to a process, which is started where none is free."""
        with _without_script():
            return super().submit(fn, *args, **kwargs)


@contextmanager
def _without_script() -> Iterator[None]:
    """Let processes that begin meanwhile find no script to run."""
    script = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script
