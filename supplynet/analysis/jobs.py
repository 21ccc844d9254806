"""Work in numbered batches: done here, by processes or on a cluster, kept in a folder, resumed.

Whenever it is killed, what is whole stays, and the same work goes on from there: a batch is
written under another name and moved into place, and its bytes depend on plan and number alone.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import logging
import time
import zlib
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping
from concurrent.futures import CancelledError, wait
from functools import cached_property
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from supplynet.analysis.provenance import build, versions
from supplynet.errors import DataError, OptionError, SolverError, requires_extra
from supplynet.files import explained, write_bytes
from supplynet.network.schema import TABLES

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

    from supplynet.network.network import SupplyNetwork

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
PLAN, MANIFEST = "plan.json", "manifest.json"
# differences that are reported
_TOLD = 6
# digits of a SHA-256, and how many of them are reported
_SHA256, _DIGITS = 64, 8
# batches that wait for each worker, and how often a pool that broke is started anew
_AHEAD, _AGAIN = 2, 3


class Plan(Generic[T]):
    """What is asked of every batch: small enough to send to a worker, the same for all of them."""

    net: SupplyNetwork

    def asked(self) -> dict[str, Any]:
        """Return what is asked of the graph, in plain types."""
        raise NotImplementedError

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the graph and of all that is asked: the identity of a batch."""
        text = json.dumps([self.net.digest, self.asked()], sort_keys=True, default=str)
        return digest_of(text.encode())

    def prepared(self) -> Prepared[T]:
        """Return the plan ready to be worked on."""
        raise NotImplementedError


class Prepared(Protocol[T_co]):
    """A plan ready to be worked on."""

    @property
    def plan(self) -> Plan[Any]:
        """What it is made of."""

    def batch(self, index: int, /) -> T_co:
        """Return what comes of a batch."""


#: what a worker has prepared, by the digest of its plan: the last one alone
_prepared: dict[str, Prepared[Any]] = {}


def work(digest: str, plan: Plan[T], index: int, asked_by: str) -> T:
    """Return a batch of a plan for whoever has a build, in whatever process this is.

    What was prepared for the digest of a plan is kept. An OptionError if this is another build,
    whose figures could be others.
    """
    if digest not in _prepared:
        if asked_by != build():
            raise OptionError(
                f"a worker has another build of supplynet: {build()}, not {asked_by}",
                hint="install the same version on every host, and start its workers anew",
            )
        _prepared.clear()
        _prepared[digest] = plan.prepared()
    batch: T = _prepared[digest].batch(index)
    return batch


def in_order(
    prepared: Prepared[T],
    numbers: Iterator[int],
    *,
    workers: int = 1,
    executor: Executor | None = None,
) -> Generator[T, None, None]:
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
    plan: Plan[T],
    numbers: Iterator[int],
    workers: int,
    waiting: deque[int] | None = None,
) -> Iterator[T]:
    """Yield batches of an executor in order, a few ahead of what is taken."""
    futures: deque[Future[T]] = deque()
    query, own = deque[int]() if waiting is None else waiting, build()

    def more() -> None:
        index = next(numbers, None)
        if index is not None:
            query.append(index)
            futures.append(executor.submit(work, plan.digest, plan, index, own))

    try:
        for _ in range(_AHEAD * max(workers, 2)):
            more()
        while futures:
            # what is sent to a cluster of Dask while that is lost may wait without end: seconds
            while not futures[0].done():
                wait([futures[0]], 5.0)
                if getattr(getattr(executor, "_client", None), "status", "") == "closed":
                    raise CancelledError
            batch = futures[0].result()
            futures.popleft()
            query.popleft()
            more()
            yield batch
    finally:
        for future in futures:
            future.cancel()


class Folder(Generic[T]):
    """Where batches are kept, a file each, and a manifest when all are done.

    Parameters
    ----------
    path : pathlib.Path
        Made where it is not there.
    asked : Plan
        What is worked on there.
    packed : callable
        Returns the text of a batch.
    unpacked : callable
        Returns the batch of a number from text; a ValueError or KeyError if it is none.
    beside : mapping of str to bytes
        Further files, by name.
    ending : str, default "csv.gz"
        Of the files of batches.

    Raises
    ------
    DataError
        If it holds other work: of another graph, question or version.
    OutputError
        If it cannot be written.
    """

    def __init__(
        self,
        path: Path,
        asked: Plan[T],
        packed: Callable[[T], str],
        unpacked: Callable[[int, str], T],
        beside: Mapping[str, bytes] = MappingProxyType({}),
        ending: str = "csv.gz",
    ) -> None:
        self.path, self._packed, self._unpacked, self._beside = path, packed, unpacked, beside
        self._ending = ending
        with explained(path):
            path.mkdir(parents=True, exist_ok=True)
        plan, record = path / PLAN, _record_of(asked)
        if plan.exists():
            _require_same(path, json.loads(plan.read_text("utf-8")), record)
        else:
            # one that was killed before its plan was written has at most the files beside it
            names = (file.name for file in path.iterdir() if not file.match(".*.tmp"))
            if set(names) - set(beside):
                raise DataError(
                    f"{path}: holds files that are of no study",
                    hint="name a folder of its own, or one that is not there",
                )
            for name, content in beside.items():
                write_bytes(path / name, content)
            write_bytes(plan, _json(record))

    def holds(self, index: int) -> bool:
        """Whether a batch was worked out before."""
        return self._file(index).exists()

    def batch(self, index: int) -> T:
        """Return a batch that was worked out before."""
        path = self._file(index)
        try:
            return self._unpacked(index, gzip.decompress(path.read_bytes()).decode("utf-8"))
        except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError) as error:
            raise DataError(
                f"{path}: is no batch of this study: {error}",
                hint="take the file away and run again",
            ) from error

    def keep(self, index: int, batch: T) -> None:
        """Write a batch: whole, or not at all."""
        write_bytes(self._file(index), gzipped(self._packed(batch)))

    def finish(self, n_batches: int, **counts: int) -> None:
        """Write the manifest: every file with its SHA-256, and drop what the study did not need."""
        for stale in self.path.glob(".*.tmp"):
            stale.unlink(missing_ok=True)
        for path in sorted(self.path.glob("batch-*.gz")):
            if int(path.name[6:12]) >= n_batches:
                path.unlink()
        names = [PLAN, *self._beside, *(self._file(index).name for index in range(n_batches))]
        digests = {name: digest_of((self.path / name).read_bytes()) for name in names}
        record = {**counts, "batches": n_batches, "files": digests}
        write_bytes(self.path / MANIFEST, _json(record))

    def _file(self, index: int) -> Path:
        return self.path / f"batch-{index:06d}.{self._ending}"


def _record_of(plan: Plan[Any]) -> dict[str, Any]:
    """Return what makes work the same: graph, table by table, what is asked, and versions."""
    net = plan.net
    tables = {
        name: digest_of("\n".join(row.model_dump_json() for row in net.rows(name)).encode())
        for name in TABLES
        if net.rows(name)
    }
    return {
        "format": 1,
        "digest": plan.digest,
        "graph": net.name,
        "metadata": digest_of(net.metadata.model_dump_json().encode()),
        "tables": tables,
        **plan.asked(),
        "versions": versions(),
        "build": build(),
    }


def _require_same(path: Path, entries: Mapping[str, Any], record: Mapping[str, Any]) -> None:
    """Refuse to go on with a study that is another, and say in what."""
    flat = [
        dict(_flat("", entry)) for entry in (entries, json.loads(json.dumps(record, default=str)))
    ]
    names = [name for name in dict.fromkeys((*flat[0], *flat[1])) if name != "digest"]
    differ = [name for name in names if flat[0].get(name) != flat[1].get(name)]
    if differ:
        lines = [
            f"{name}: {_brief(flat[0].get(name))} there, {_brief(flat[1].get(name))} now"
            for name in differ[:_TOLD]
        ]
        if len(differ) > _TOLD:
            lines.append(f"and {len(differ) - _TOLD} more")
        raise DataError(
            f"{path}: holds another study\n  " + "\n  ".join(lines),
            hint="name another folder, or take this one away"
            + "; one of fewer than 256 samples takes no more" * ("batch" in differ),
        )


def _brief(value: Any) -> str:
    """Return a value as it is reported; of a digest its first digits."""
    text = "nothing" if value is None else str(value)
    return text[:_DIGITS] if len(text) == _SHA256 else text


def _flat(prefix: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield what stands in nested mappings, by path."""
    if isinstance(value, dict):
        for name, entry in value.items():
            yield from _flat(f"{prefix} {name}".strip(), entry)
    else:
        yield prefix, value


def gzipped(text: str) -> bytes:
    """Return text compressed, without a time, so that the same text gives the same bytes."""
    return gzip.compress(text.encode("utf-8"), mtime=0)


def _json(record: Mapping[str, Any]) -> bytes:
    return (json.dumps(record, indent=2, sort_keys=True, default=str) + "\n").encode()


def digest_of(content: bytes) -> str:
    """Return the SHA-256 of some bytes, in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def batches(
    prepared: Prepared[T],
    n_batches: int,
    folder: Folder[T] | None,
    workers: int,
    executor: Executor | None,
) -> Iterator[T]:
    """Yield batches in order: those that a folder holds, and the others as they are worked out."""
    members = [folder is not None and folder.holds(count) for count in range(n_batches)]
    missing = (position for position, is_held in enumerate(members) if not is_held)
    worked = in_order(prepared, missing, workers=workers, executor=executor)
    try:
        for index, is_held in enumerate(members):
            if folder is not None and is_held:
                yield folder.batch(index)
                continue
            batch = next(worked)
            if folder is not None:
                folder.keep(index, batch)
            yield batch
    finally:
        worked.close()


@contextlib.contextmanager
def workers_of(
    executor: Executor | str | None, folder: Folder[Any] | None
) -> Iterator[Executor | None]:
    """Give who works instead: of a text the workers of the Dask cluster at that address.

    When the work is interrupted it says how to go on: whole batches are in the folder already. A
    SolverError if those who work went away.
    """
    kept = "With a folder the same command would go on from there."
    if folder is not None:
        kept = f"What is done is kept in {folder.path}; the same command goes on from there."
    with contextlib.ExitStack() as stack:
        if not isinstance(executor, str):
            others = executor
        else:
            with requires_extra("dask", "a cluster"):
                from distributed import Client
            # what it loses is said once, as an error of the work
            for name in ("distributed.client", "tornado.application"):
                logging.getLogger(name).setLevel(logging.CRITICAL)
            try:
                client = Client(executor)  # type: ignore[no-untyped-call]
            except (OSError, ValueError) as error:
                raise OptionError(
                    f"no cluster answers at {executor!r}: {error}",
                    hint="give the address that its scheduler prints, such as tcp://127.0.0.1:8786",
                ) from error
            others = stack.enter_context(client).get_executor()
        try:
            yield others
        except KeyboardInterrupt as stop:
            stop.add_note(kept)
            raise
        except Exception as error:
            # a scheduler that is gone cancels what waits for it; Dask has further classes
            is_dask = type(error).__module__.startswith("distributed.")
            if not (is_dask or isinstance(error, CancelledError)):
                raise
            raise SolverError(
                f"those who worked went away ({type(error).__name__})",
                hint=kept,
            ) from error


def timed(what: str) -> Callable[[int, int], None]:
    """Return what reports how much is done, and how long the others take."""
    from supplynet.solve.together import tell

    begun = time.monotonic()

    def step(done: int, total: int) -> None:
        left = (time.monotonic() - begun) / done * (total - done)
        tell(f"{done:,} of {total:,} {what}, {left:,.0f} s left at the most", done / total)

    return step
