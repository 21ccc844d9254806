"""Answeredes of draws worked out by one process or by many, in one order whoever is first."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator
from itertools import chain
from typing import TYPE_CHECKING

from supplynet.analysis.uncertainty.plan import Prepared
from supplynet.analysis.uncertainty.programs import Answered
from supplynet.errors import SolverError

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

    from supplynet.analysis.uncertainty.plan import Plan

# batches that wait for each worker, and how often a pool that broke is started anew
_AHEAD, _AGAIN = 2, 3
#: what a worker has prepared, by the digest of its plan: the last one alone
_prepared: dict[str, Prepared] = {}


def work(digest: str, plan: Plan, number: int) -> Answered:
    """Return a batch of a plan, in whatever process this is.

    What was prepared for the digest of a plan is kept.
    """
    if digest not in _prepared:
        _prepared.clear()
        _prepared[digest] = Prepared(plan)
    return _prepared[digest].batch(number)


def in_order(
    prepared: Prepared,
    numbers: Iterator[int],
    *,
    workers: int = 1,
    executor: Executor | None = None,
) -> Generator[Answered, None, None]:
    """Yield batches in the order of their numbers, worked out here or by others.

    Numbers are taken as workers, processes of this machine or an executor's, become free; a batch
    that nobody waits for any more is dropped. A SolverError if workers died again and again.
    """
    if executor is None and workers <= 1:
        yield from map(prepared.batch, numbers)
        return
    if executor is not None:
        yield from _by(executor, prepared.plan, numbers, workers)
        return
    from concurrent.futures import BrokenExecutor

    from supplynet.solve.processes import Processes

    waiting: deque[int] = deque()
    for attempt in range(_AGAIN + 1):
        left = chain(list(waiting), numbers)  # those that a pool left when it broke come first
        waiting.clear()
        with Processes(workers) as pool:
            try:
                yield from _by(pool, prepared.plan, left, workers, waiting)
                return
            except BrokenExecutor as error:
                if attempt == _AGAIN:
                    raise SolverError(
                        "a worker died again and again",
                        hint="free memory, or use fewer workers",
                    ) from error


def _by(
    executor: Executor,
    plan: Plan,
    numbers: Iterator[int],
    workers: int,
    waiting: deque[int] | None = None,
) -> Iterator[Answered]:
    """Yield batches of an executor in order, a few ahead of what is taken."""
    futures: deque[Future[Answered]] = deque()
    asked = deque[int]() if waiting is None else waiting

    def more() -> None:
        number = next(numbers, None)
        if number is not None:
            asked.append(number)
            futures.append(executor.submit(work, plan.digest, plan, number))

    try:
        for _ in range(_AHEAD * max(workers, 2)):
            more()
        while futures:
            batch = futures[0].result()
            futures.popleft()
            asked.popleft()
            more()
            yield batch
    finally:
        for future in futures:
            future.cancel()
