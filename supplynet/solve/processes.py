"""Processes that work side by side: begun afresh without the caller's script, or a copy meanwhile.

The second process is a copy of this one, which has at once what was read and prepared here; only
what comes of the work is sent back. Where no copy can be made safely, or it fails, the work is
done here: the answer is the same.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar

from supplynet.solve.together import told_to

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

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


@contextmanager
def beside(work: Callable[[], T]) -> Iterator[Callable[[], T]]:
    """Begin a piece of work, and give a function that waits for what it returns.

    Parameters
    ----------
    work : callable
        What it returns must be picklable, and is best small. It is done here, when it is asked
        for, on other systems than Linux, on one core, beside other threads, and once the solver
        was loaded, whose threads a copy would not have.

    Examples
    --------
    >>> with beside(lambda: sum(range(10))) as answer:
    ...     answer()
    45
    """
    if not _can_be_copied():
        yield work
        return
    from multiprocessing import get_context

    context = get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(work, sender), daemon=True)
    try:
        with warnings.catch_warnings():
            # Python 3.12 warns of threads, those of NumPy among them, which make ready for a copy
            warnings.simplefilter("ignore", DeprecationWarning)
            process.start()
    except OSError:  # no memory, or no more processes, for another one
        receiver.close()
        yield work
        return
    finally:
        sender.close()

    def answer() -> T:
        try:
            sent: T = receiver.recv()
        except EOFError:  # it failed: done here, it says why
            return work()
        return sent

    try:
        yield answer
    finally:
        process.kill()
        process.join()
        receiver.close()


def _can_be_copied() -> bool:
    """Whether a copy of this process can work, on a core of its own."""
    return (
        sys.platform == "linux"
        and len(os.sched_getaffinity(0)) > 1
        and threading.active_count() == 1
        and "highspy" not in sys.modules
    )


def _send(work: Callable[[], Any], sender: Connection) -> None:
    """Do the work and send what comes of it; nothing if it fails."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who asked for the work ends this process
    try:
        with told_to(lambda _label, _part: None):
            sender.send(work())
    except Exception:  # noqa: BLE001  whoever asked does it once more, and sees what is wrong
        sender.close()
