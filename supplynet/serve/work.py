"""One thread that answers, and questions that are given up when nobody waits any more."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from supplynet.errors import LimitError
from supplynet.solve.stop import given_up_when, require_wanted

__all__ = ["Workbench"]

_Answer = TypeVar("_Answer")
#: questions that may wait at once; more are refused, so that memory stays bounded
MOST_WAITING = 64
#: seconds between two looks whether somebody still waits
_LOOK = 0.05


class Workbench:
    """Answers questions one after the other.

    What a network has looked up, and the solvers that are kept warm, belong to one thread: so the
    questions of many users never meet inside one program.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="supplynet")
        self._waiting = 0

    async def answer(
        self, solve: Callable[[], _Answer], is_gone: Callable[[], Awaitable[bool]]
    ) -> _Answer:
        """Return what a function answers; give it up when whoever asked is gone.

        `solve` runs in the thread, `is_gone` states whether nobody waits for the answer any more. A
        LimitError if too many questions wait already, an InterruptedSolveError if it was given up.
        """
        if self._waiting >= MOST_WAITING:
            raise LimitError(
                f"{MOST_WAITING} questions wait already, the most that are taken at once",
                hint="ask again in a moment",
            )
        is_unwanted = threading.Event()

        def answered() -> _Answer:
            with given_up_when(is_unwanted.is_set):
                require_wanted()
                return solve()

        self._waiting += 1
        try:
            future = asyncio.get_running_loop().run_in_executor(self._thread, answered)
            # The thread cannot be stopped from outside; it asks between two programs whether
            # somebody still waits.
            while not (await asyncio.wait({future}, timeout=_LOOK))[0]:
                if await is_gone():
                    is_unwanted.set()
            return future.result()
        finally:
            is_unwanted.set()
            self._waiting -= 1

    def close(self) -> None:
        """Wait for the question at hand, and take no more."""
        self._thread.shutdown(wait=True, cancel_futures=True)
